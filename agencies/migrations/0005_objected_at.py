"""The mark that an objection to what an agency published is being examined."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agencies", "0004_check_from")]
    operations = [
        migrations.AddField(
            "agency",
            "objected_at",
            models.DateTimeField(help_text="since when an objection is examined; it blocks nothing", null=True),
        ),
    ]
