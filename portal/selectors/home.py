"""The front page: what is live, what starts soon, today's numbers, the latest awards. No query per row."""

from dataclasses import dataclass
from datetime import datetime, time

from django.core.cache import cache
from django.db.models import Count, F, Q, QuerySet, Sum

from agencies.selectors import Filters, directory
from bidding import selectors as bidding
from bidding.models import Award, Competition
from core.money import Money
from core.workdays import LOCAL
from marketplace.models import Need
from marketplace.selectors import NeedFilters, in_state, search
from portal.selectors.sums import plain

NUMBERS, SECONDS = "portal.home.numbers", 20
SHOWN = 6


@dataclass(frozen=True)
class LiveCard:
    """A competition as strangers may see it. `best` and `fallen` are None until there is a bid, or in a draw."""

    competition: Competition
    best: Money | None
    fallen: float | None

    @property
    def need(self) -> Need:
        return self.competition.need


@dataclass(frozen=True)
class Numbers:
    """Today's figures and what the market saved this year."""

    live: int
    open_needs: int
    published_today: int
    awarded_today: int
    saved_this_year: Money
    saved_share: float
    agencies: int


def live(now: datetime, limit: int = SHOWN) -> list[LiveCard]:
    """Running competitions, the next to end first."""
    return [_card(row) for row in _standing(bidding.live(now))[:limit]]


def soon(now: datetime, limit: int = SHOWN) -> list[Competition]:
    """Open for entry: the next to start first."""
    return list(_standing(bidding.upcoming(now))[:limit])


def _standing(rows: QuerySet[Competition]) -> QuerySet[Competition]:
    return rows.filter(need__failed_at=None, need__cancelled_at=None)


def _card(row: Competition) -> LiveCard:
    best: Money | None = row.best_amount if row.method == "live_auction" else None
    ceiling = row.need.ceiling
    if best is None or not ceiling:
        return LiveCard(row, best, None)
    return LiveCard(row, best, float((ceiling.amount - best.amount) / ceiling.amount))


def latest_awards(limit: int = SHOWN) -> list[Award]:
    return list(bidding.awards().exclude(outcome__in=Award.OVER)[:limit])


def numbers(now: datetime) -> Numbers:
    """Today's figures, at most twenty seconds old."""
    found: Numbers | None = cache.get(NUMBERS)
    if found is None:
        found = _count(now)
        cache.set(NUMBERS, found, SECONDS)
    return found


def _count(now: datetime) -> Numbers:
    local = now.astimezone(LOCAL)
    midnight = datetime.combine(local.date(), time(), LOCAL)
    year = datetime(local.year, 1, 1, tzinfo=LOCAL)
    needs = search(NeedFilters()).aggregate(
        open=Count("pk", filter=in_state("open", now)), today=Count("pk", filter=Q(published_at__gte=midnight))
    )
    awards = (
        bidding.awards()
        .exclude(outcome__in=Award.OVER)
        .filter(decided_at__gte=year)
        .aggregate(
            today=Count("pk", filter=Q(decided_at__gte=midnight)),
            ceiling=Sum(F("need__ceiling")),
            amount=Sum("amount"),
        )
    )
    ceiling, amount = plain(awards["ceiling"]), plain(awards["amount"])
    return Numbers(
        live=_standing(bidding.live(now)).count(),
        open_needs=needs["open"],
        published_today=needs["today"],
        awarded_today=awards["today"],
        saved_this_year=Money(ceiling - amount),
        saved_share=float((ceiling - amount) / ceiling) if ceiling else 0.0,
        agencies=directory(Filters()).count(),
    )
