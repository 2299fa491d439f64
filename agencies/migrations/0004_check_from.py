"""Since when what an agency entered waits for its check: the limit for it runs from then."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agencies", "0003_restrictions_kept")]
    operations = [
        migrations.AddField(
            "agency",
            "check_from",
            models.DateTimeField(help_text="since when it waits for the check; empty: since it entered", null=True),
        ),
    ]
