"""A stop of a clock has its longest time and, where the rules want it, a document. Stops that stand already end at the
latest as if they had been asked for today.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

BOUND = """
UPDATE supervision_clockstop SET latest_end = greatest(starts_at, now()) + interval '30 days'
 WHERE ends_at IS NULL AND refused_at IS NULL AND ground <> 'room'
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0015_nobody_pauses_their_own_clock"), ("core", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="clockstop",
            name="evidence",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.storedfile"
            ),
        ),
        migrations.AddField(
            model_name="clockstop",
            name="latest_end",
            field=models.DateTimeField(help_text="it ends by itself then; null: ordered by the room", null=True),
        ),
        migrations.AddField(
            model_name="clockstop",
            name="rules_ref",
            field=models.CharField(
                blank=True, default="", help_text="the rules that say how long it may be", max_length=40
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(BOUND, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="clockstop",
            constraint=models.CheckConstraint(
                condition=Q(latest_end=None)
                | (Q(latest_end__gt=F("starts_at")) & (Q(ends_at=None) | Q(ends_at__lte=F("latest_end")))),
                name="stop_ends_in_time",
            ),
        ),
    ]
