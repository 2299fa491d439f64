"""Exposure: everything published about broken rules in one list, whoever broke them.

Four sources, each with a page of its own: decisions in force or past, red cards of public bodies, listings (the
platform's and the authority's apart), and inspections that found something.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case as When
from django.db.models import CharField, F, QuerySet, Value
from django.db.models import When as Is
from django.db.models.functions import Cast, TruncMonth
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core.workdays import LOCAL
from supervision.kinds import label
from supervision.models import Card, Case, ImportedEntry, Inspection, Listing

PUBLIC_BODIES = (Organisation.Kind.DEPARTMENT, Organisation.Kind.REGULATOR, Organisation.Kind.OPERATOR)
KINDS: dict[str, Promise] = {
    "decision": _("处理决定"),
    "card": _("红牌"),
    "listing": _("平台黑名单"),
    "imported": _("失信名单（主管部门）"),
    "inspection": _("抽查不合格"),
}


@dataclass(frozen=True)
class Filters:
    """Empty means all. `region`: the reach of a region, such as "1310"."""

    kind: str = ""
    q: str = ""
    region: str = ""
    year: int | None = None


@dataclass(frozen=True)
class Entry:
    """One line: when, who, what was published, and where it stands."""

    kind: str
    at: datetime
    name: str
    detail: str
    path: str

    @property
    def label(self) -> Promise:
        return KINDS[self.kind]


def rows(filters: Filters) -> "QuerySet[Any, Any]":
    """The newest first: (kind, at, name, detail, key), one query whatever is asked for."""
    parts = [_cut(part, filters) for kind, part in _parts().items() if filters.kind in ("", kind)]
    first, *others = parts
    return first.union(*others, all=True).order_by("-at", "sort", "key") if others else first.order_by("-at", "key")


def entries(found: Iterable[Sequence[Any]]) -> list[Entry]:
    """Rows as a page shows them, in the reader's language."""
    return [_entry(*row) for row in found]


def months(filters: Filters, since: datetime) -> list[tuple[date, Counter[str]]]:
    """How much was published each month, by kind, the oldest month first."""
    found: dict[date, Counter[str]] = {}
    for kind, part in _parts().items():
        if filters.kind not in ("", kind):
            continue
        counted = _cut(part, filters).filter(at__gte=since).annotate(month=TruncMonth("at", tzinfo=LOCAL))
        for moment in counted.values_list("month", flat=True):
            found.setdefault(moment.date(), Counter())[kind] += 1
    return sorted(found.items())


def counts(filters: Filters) -> dict[str, int]:
    """By kind, whatever kind is chosen: what the tabs say."""
    return {kind: _cut(part, filters).count() for kind, part in _parts().items()}


def _parts() -> "dict[str, QuerySet[Any, Any]]":
    return {
        "decision": _row(
            Case.objects.exclude(published_at=None).exclude(measure="").exclude(state=Case.Stage.REVOKED),
            "decision", at="published_at", who="subject", detail=F("measure"), key=F("number"),
        ),
        "card": _row(
            Card.objects.filter(colour=Card.Colour.RED, step__owner__kind__in=PUBLIC_BODIES),
            "card", at="raised_at", who="step__owner", detail=F("step__kind"), key=Cast("step__owner", CharField()),
        ),
        "listing": _row(
            Listing.objects.exclude(listed_at=None),
            "listing", at="listed_at", who="subject", detail=F("state"), key=F("number"),
        ),
        "imported": _row(
            ImportedEntry.objects.filter(agency__isnull=False),
            "imported", at="first_seen__settled_at", who="agency__organisation",
            detail=When(Is(gone_at=None, then=Value("listed")), default=Value("delisted"), output_field=CharField()),
            key=Cast("pk", CharField()),
        ),
        "inspection": _row(
            Inspection.objects.exclude(published_at=None).exclude(outcome=Inspection.Result.OK),
            "inspection", at="published_at", who="subject", detail=F("outcome"), key=F("number"),
        ),
    }  # fmt: skip


def _row(source: Any, kind: str, *, at: str, who: str, detail: Any, key: Any) -> "QuerySet[Any, Any]":
    """Every source in the same columns, so that they can be one list."""
    rows = source.order_by().annotate(sort=Value(kind, CharField()), at=F(at), named=F(f"{who}__name"))
    rows = rows.annotate(detail=detail, key=key, area=F(f"{who}__region__code"))
    same: QuerySet[Any, Any] = rows.values_list("sort", "at", "named", "detail", "key")
    return same


def _cut(part: "QuerySet[Any, Any]", filters: Filters) -> "QuerySet[Any, Any]":
    part = part.filter(named__icontains=filters.q) if filters.q else part
    part = part.filter(area__startswith=filters.region) if filters.region else part
    return part.filter(at__year=filters.year) if filters.year else part


def _entry(kind: str, at: datetime, name: str, detail: str, key: str) -> Entry:
    return Entry(kind, at, name, _detail(kind, detail), _path(kind, key))


def _detail(kind: str, detail: str) -> str:
    if kind == "decision":
        return str(Case.Measure(detail).label)
    if kind == "card":
        return label(detail)
    if kind == "inspection":
        return str(Inspection.Result(detail).label)
    return str(Listing.Stage(detail).label)


def _path(kind: str, key: str) -> str:
    return {
        "decision": f"/decisions/{key}/",
        "card": f"/promises/{key}/",
        "listing": f"/blacklist/{key}/",
        "imported": f"/blacklist/imported/{key}/",
        "inspection": f"/inspections/{key}/",
    }[kind]
