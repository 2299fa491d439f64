from django.db import migrations, models

from core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("ratings", "0002_credit_append_only")]
    operations = [
        migrations.CreateModel(
            name="MarketScale",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True)),
                ("mean", models.DecimalField(decimal_places=6, max_digits=8)),
                ("variance", models.DecimalField(decimal_places=6, max_digits=8)),
                ("marks", models.PositiveIntegerField(help_text="how many revealed ratings of agencies there were")),
            ],
        ),
        append_only("ratings_marketscale"),
    ]
