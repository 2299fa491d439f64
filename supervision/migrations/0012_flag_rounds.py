"""A judged matter comes again as a round of its own; keys name who, no longer the oldest need of the window."""

from itertools import groupby
from typing import Any

from django.db import migrations, models

DRIFTED = ("splitting", "repeated_supplier", "seldom_wins", "mutual_praise", "praise_burst")


def name_who(apps: Any, _editor: Any) -> None:
    """Hits that were one matter under several keys become its rounds, in the order in which they were found."""
    hits = apps.get_model("supervision", "FlagHit").objects
    rows = sorted(hits.filter(rule__in=DRIFTED), key=lambda row: (row.rule, _who(row.key), row.found_at, row.pk))
    for (_rule, who), same in groupby(rows, key=lambda row: (row.rule, _who(row.key))):
        for place, row in enumerate(same, 1):
            hits.filter(pk=row.pk).update(key=who, round=place)


def _who(key: str) -> str:
    return key.rpartition(":")[0]


class Migration(migrations.Migration):
    dependencies = [("supervision", "0011_listing_grounds")]
    operations = [
        migrations.AddField("flaghit", "round", models.PositiveSmallIntegerField(default=1)),
        migrations.RemoveConstraint("flaghit", "flag_once"),
        migrations.AddConstraint("flaghit", models.UniqueConstraint(fields=["rule", "key", "round"], name="flag_once")),
        migrations.RunPython(name_who, migrations.RunPython.noop),
    ]
