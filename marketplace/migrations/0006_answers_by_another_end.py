"""A question's end that a stop or an announced calendar has moved is kept with the question."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0005_suspensions_by_source")]
    operations = [
        migrations.AddField(
            "question",
            "answer_by",
            models.DateTimeField(help_text="another end than its limit gives, by a stop or a calendar", null=True),
        ),
    ]
