"""Each source holds a need by itself: what one has suspended, another does not let go on."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0004_suspensions")]

    operations = [
        migrations.RemoveConstraint(model_name="suspension", name="suspended_once"),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.UniqueConstraint(
                fields=["need", "source"], condition=Q(lifted_at=None), name="suspended_once_by_source"
            ),
        ),
    ]
