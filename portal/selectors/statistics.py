"""What the market achieved, over all needs published in a scope: savings, days, bidders, failures.

Only finished steps count: nothing of a running competition shows here, not even how many entered. The number of
queries is constant; a scope is remembered for a few minutes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db.models import Aggregate, Count, Expression, F, FloatField, Q, QuerySet, Sum
from django.db.models.functions import Extract, TruncMonth

from bidding.models import Award
from bidding.selectors import awards
from core.money import Money
from core.workdays import LOCAL
from marketplace.models import Need
from marketplace.rules import lifecycle
from marketplace.selectors import NeedFilters, in_state, search
from marketplace.selectors import categories as marketplace_categories
from portal.selectors.sums import plain

SECONDS = 180
STEPS = (
    ("notice", "published_at", "selected_at"),
    ("award", "selected_at", "awarded_at"),
    ("contract", "awarded_at", "contracted_at"),
    ("delivery", "contracted_at", "completed_at"),
    ("rating", "completed_at", "closed_at"),
)
CROWDS = (("0", 0, 0), ("1", 1, 1), ("2", 2, 2), ("3–5", 3, 5), ("6–10", 6, 10), ("11+", 11, 10**6))
ZERO = Decimal("0.00")


class Median(Aggregate):
    """The middle value, by interpolation (PostgreSQL's percentile_cont)."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True)
class Scope:
    """Which needs count; empty fields mean all. `buyer` is a kind of organisation."""

    year: int | None = None
    category: str = ""
    buyer: str = ""
    region: str = ""

    @property
    def key(self) -> str:
        return f"portal.statistics.{self.year}.{self.category}.{self.buyer}.{self.region}"

    def of(self, prefix: str = "") -> Q:
        """The condition on needs, reached from another table by `prefix`."""
        terms: dict[str, Any] = {"published_at__isnull": False}
        if self.year:
            terms["published_at__gte"] = datetime(self.year, 1, 1, tzinfo=LOCAL)
            terms["published_at__lt"] = datetime(self.year + 1, 1, 1, tzinfo=LOCAL)
        if self.category:
            terms["item__category_code"] = self.category
        if self.buyer:
            terms["buyer_kind"] = self.buyer
        if self.region:
            terms["region"] = self.region
        return Q(**{f"{prefix}{name}": value for name, value in terms.items()})


@dataclass(frozen=True)
class Savings:
    """Awards against ceilings, in yuan."""

    awards: int
    ceiling: Decimal
    amount: Decimal

    @property
    def saved(self) -> Decimal:
        return self.ceiling - self.amount

    @property
    def saved_money(self) -> Money:
        return Money(self.saved)

    @property
    def amount_money(self) -> Money:
        return Money(self.amount)

    @property
    def ceiling_money(self) -> Money:
        return Money(self.ceiling)

    @property
    def share(self) -> float:
        """Saved part of the ceiling, 0 to 1."""
        return float(self.saved / self.ceiling) if self.ceiling else 0.0


@dataclass(frozen=True)
class GroupLine:
    """A line of the tables by item category and by department."""

    label_zh: str
    label_en: str
    needs: int
    failed: int
    savings: Savings
    days: float | None


@dataclass(frozen=True)
class Statistics:
    total: int
    states: Mapping[str, int]
    savings: Savings
    months: Sequence[tuple[datetime, Savings]]
    steps: Sequence[tuple[str, float | None, int]]
    median_bidders: float | None
    crowds: Sequence[tuple[str, int]]
    decided: int
    failures: Sequence[tuple[str, int]]
    categories: Sequence[GroupLine]
    departments: Sequence[GroupLine]

    @property
    def failed_share(self) -> float:
        """Failed needs among those that came to an end, 0 to 1."""
        ended = self.decided_needs
        return self.states[lifecycle.FAILED] / ended if ended else 0.0

    @property
    def decided_needs(self) -> int:
        waiting = self.states[lifecycle.PUBLISHED] + self.states[lifecycle.COMPETING]
        return self.total - waiting - self.states[lifecycle.CANCELLED]

    @property
    def days_to_award(self) -> float | None:
        return next(days for step, days, _count in self.steps if step == "to_award")


def statistics(scope: Scope, now: datetime) -> Statistics:
    """The figures of a scope, at most three minutes old."""
    found: Statistics | None = cache.get(scope.key)
    if found is None:
        found = compute(scope, now)
        cache.set(scope.key, found, SECONDS)
    return found


def compute(scope: Scope, now: datetime) -> Statistics:
    needs = _needs(scope)
    months = _months(scope)
    crowds, median, decided = _crowds(scope)
    states = _states(needs, now)
    return Statistics(
        total=sum(states.values()),
        states=states,
        savings=_total([savings for _month, savings in months]),
        months=months[-12:],
        steps=_steps(needs),
        median_bidders=median,
        crowds=crowds,
        decided=decided,
        failures=_failures(needs),
        categories=_groups(scope, "item__category_zh", "item__category_en"),
        departments=_groups(Scope(scope.year, scope.category, "department", scope.region), "buyer__name", "buyer__name")
        if scope.buyer in ("", "department")
        else [],
    )


def _needs(scope: Scope) -> QuerySet[Need]:
    return search(NeedFilters()).filter(scope.of()).order_by()


def _awards(scope: Scope) -> QuerySet[Award]:
    return awards().exclude(outcome__in=Award.OVER).filter(scope.of("need__")).order_by()


def years() -> list[int]:
    """Years in which anything was published, newest first."""
    return [day.year for day in search(NeedFilters()).datetimes("published_at", "year", order="DESC", tzinfo=LOCAL)]


def categories() -> list[tuple[str, str, str]]:
    """Code, Chinese and English name of each category of the catalogue."""
    return [(item.category_code, item.category_zh, item.category_en) for item in marketplace_categories()]


def regions_in_use() -> list[tuple[str, str, str]]:
    """Code, Chinese and English name of the regions needs were published for."""
    rows = search(NeedFilters()).order_by("region_id")
    return list(rows.values_list("region_id", "region__name", "region__name_en").distinct())


def _states(needs: QuerySet[Need], now: datetime) -> dict[str, int]:
    """How many needs stand in each state."""
    states = [state for state in lifecycle.STATES if state != lifecycle.DRAFT]
    return needs.aggregate(**{state: Count("pk", filter=in_state(state, now)) for state in states})


def _months(scope: Scope) -> list[tuple[datetime, Savings]]:
    rows = (
        _awards(scope)
        .annotate(month=TruncMonth("decided_at", tzinfo=LOCAL))
        .values("month")
        .annotate(awards=Count("pk"), ceilings=Sum("need__ceiling"), amounts=Sum("amount"))
        .order_by("month")
    )
    return [(row["month"], Savings(row["awards"], plain(row["ceilings"]), plain(row["amounts"]))) for row in rows]


def _total(parts: Sequence[Savings]) -> Savings:
    return Savings(
        sum(part.awards for part in parts),
        sum((part.ceiling for part in parts), ZERO),
        sum((part.amount for part in parts), ZERO),
    )


def _days(start: str, end: str) -> Expression:
    return Extract(F(end) - F(start), "epoch") / 86400.0


def _steps(needs: QuerySet[Need]) -> list[tuple[str, float | None, int]]:
    """Median days of each step and how many needs it is taken from."""
    spans = [*STEPS, ("to_award", "published_at", "awarded_at")]
    wanted: dict[str, Any] = {}
    for name, start, end in spans:
        wanted[f"{name}_days"] = Median(_days(start, end))
        wanted[f"{name}_count"] = Count("pk", filter=Q(**{f"{end}__isnull": False}))
    found = needs.aggregate(**wanted)
    return [(name, found[f"{name}_days"], found[f"{name}_count"]) for name, _start, _end in spans]


def _crowds(scope: Scope) -> tuple[list[tuple[str, int]], float | None, int]:
    closed = _needs(scope).filter(competition__closed_at__isnull=False).annotate(crowd=F("competition__entrant_count"))
    wanted: dict[str, Any] = {"median": Median("crowd"), "decided": Count("pk")}
    for index, (_label, low, high) in enumerate(CROWDS):
        wanted[f"crowd_{index}"] = Count("pk", filter=Q(crowd__gte=low, crowd__lte=high))
    found = closed.aggregate(**wanted)
    crowds = [(label, found[f"crowd_{index}"]) for index, (label, _low, _high) in enumerate(CROWDS)]
    return crowds, found["median"], found["decided"]


def _failures(needs: QuerySet[Need]) -> list[tuple[str, int]]:
    rows = needs.filter(failed_at__isnull=False).values("end_reason").annotate(count=Count("pk"))
    return [(row["end_reason"], row["count"]) for row in rows.order_by("-count", "end_reason")[:10]]


def _groups(scope: Scope, label_zh: str, label_en: str) -> list[GroupLine]:
    needs = _needs(scope).values(label_zh, label_en)
    counts = needs.annotate(
        needs=Count("pk"),
        failed=Count("pk", filter=Q(failed_at__isnull=False)),
        days=Median(_days("published_at", "awarded_at")),
    )
    money = _group_money(scope, label_zh)
    return [
        GroupLine(
            row[label_zh], row[label_en], row["needs"], row["failed"], money.get(row[label_zh], _total([])), row["days"]
        )
        for row in counts.order_by("-needs", label_zh)[:30]
    ]


def _group_money(scope: Scope, label: str) -> dict[str, Savings]:
    rows = _awards(scope).values(f"need__{label}")
    sums = rows.annotate(awards=Count("pk"), ceilings=Sum("need__ceiling"), amounts=Sum("amount")).order_by()
    return {
        row[f"need__{label}"]: Savings(row["awards"], plain(row["ceilings"]), plain(row["amounts"])) for row in sums
    }
