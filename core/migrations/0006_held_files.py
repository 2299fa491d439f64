"""Files of forms that came back are kept for a day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0005_shipped_versions")]
    operations = [
        migrations.CreateModel(
            "HeldFile",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "place",
                    models.CharField(help_text="where the browser that sent it finds it", max_length=64, unique=True),
                ),
                (
                    "browser",
                    models.CharField(db_index=True, help_text="fingerprint of the browser's own cookie", max_length=64),
                ),
                ("size", models.PositiveBigIntegerField(help_text="bytes")),
                ("content", models.FileField(upload_to="held")),
                ("held_at", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
