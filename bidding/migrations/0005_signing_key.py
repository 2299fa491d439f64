from django.db import migrations, models

from core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("bidding", "0004_sealed_floors")]
    operations = [
        migrations.CreateModel(
            name="SigningKey",
            fields=[
                ("key_id", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("public", models.CharField(help_text="raw Ed25519 public key, hex", max_length=64)),
                ("first_used_at", models.DateTimeField()),
            ],
        ),
        append_only("bidding_signingkey"),
    ]
