import django.db.models.deletion
from django.db import migrations, models

from core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("bidding", "0003_log_append_only")]

    operations = [
        migrations.CreateModel(
            name="SealedFloor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField()),
                ("key_id", models.CharField(help_text="which FLOOR_KEY opens it", max_length=16)),
                ("nonce", models.BinaryField(max_length=12)),
                ("sealed", models.BinaryField(help_text="ChaCha20-Poly1305; every row is equally long")),
                (
                    "competition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bidding.competition"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="sealedfloor",
            constraint=models.UniqueConstraint(fields=("competition", "seq"), name="floor_seal_once"),
        ),
        append_only("bidding_sealedfloor"),
    ]
