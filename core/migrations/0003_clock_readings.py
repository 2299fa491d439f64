from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0002_audit_append_only")]
    operations = [
        migrations.CreateModel(
            name="ClockReading",
            fields=[
                (
                    "process",
                    models.CharField(
                        help_text="what it is, host and process number",
                        max_length=120,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("read_at", models.DateTimeField(help_text="by the database's clock")),
                ("ahead", models.DurationField(help_text="the process' clock minus the database's")),
                ("error", models.DurationField(help_text="how far that may be off: half of the time that asking took")),
            ],
        ),
    ]
