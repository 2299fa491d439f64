"""The divisions shipped with the platform (GB/T 2260): all provinces, the cities and counties served first."""

import csv
from pathlib import Path

from django.db import transaction

from accounts.models import Region

SOURCE = Path(__file__).parent / "data" / "regions.csv"


@transaction.atomic
def ship() -> int:
    """Load or refresh the shipped regions; returns how many are new. Parents stand above their children."""
    before = Region.objects.count()
    with SOURCE.open(encoding="utf-8", newline="") as source:
        rows = [Region(**{**row, "parent_id": row["parent_id"] or None}) for row in csv.DictReader(source)]
    Region.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"], update_fields=["name", "name_en", "parent"]
    )
    return Region.objects.count() - before
