"""A card or a rating becomes a case once."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("supervision", "0019_moved_ends")]
    operations = [
        migrations.AddConstraint(
            "case",
            models.UniqueConstraint(
                fields=["origin_reference"],
                condition=Q(origin_reference__startswith="card:") | Q(origin_reference__startswith="rating:"),
                name="one_case_per_card_or_rating",
            ),
        ),
    ]
