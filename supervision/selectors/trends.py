"""How much came to the regulators, month by month."""

from collections import Counter
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth

from core.workdays import LOCAL
from supervision.models import Card, Case, Complaint, FlagHit


def months(since: datetime) -> list[tuple[date, Counter[str]]]:
    """Complaints filed, flags found, red cards raised and cases opened since a moment, by the first of their month."""
    found: dict[date, Counter[str]] = {}
    for kind, (rows, moment) in _sources().items():
        counted = rows.filter(**{f"{moment}__gte": since}).annotate(month=TruncMonth(moment, tzinfo=LOCAL)).order_by()
        for month, n in counted.values_list("month").annotate(n=Count("pk")):
            found.setdefault(month.date(), Counter())[kind] = n
    return sorted(found.items())


def _sources() -> "dict[str, tuple[QuerySet[Any], str]]":
    return {
        "complaint": (Complaint.objects.all(), "filed_at"),
        "flag": (FlagHit.objects.all(), "found_at"),
        "card": (Card.objects.filter(colour=Card.Colour.RED), "raised_at"),
        "case": (Case.objects.all(), "opened_at"),
    }
