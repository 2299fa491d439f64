"""What each kind of organisation finds on its desk. On top always: what is mine to do, and by when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from agencies import selectors as agencies
from agencies.facts import AgencyFacts
from agencies.models import Agency, Restriction
from bidding import selectors as bidding
from bidding.models import Award, Competition
from marketplace import selectors as marketplace
from marketplace.models import Need
from marketplace.selectors import NeedFilters
from payments.rules import budget as rules
from payments.selectors import budget, payables
from payments.selectors.budget import LineStanding, Standing
from payments.services.lines import this_year
from portal.rules.turns import BUYER, SUPPLIER
from portal.selectors.stories import Story, stories, with_stories
from portal.selectors.tasks import Task, answer_tasks, by_due, money_tasks, supervision_tasks, tasks_for, unpaid_tasks
from ratings.models import Rating

ACTIVE = Q(closed_at=None, failed_at=None, cancelled_at=None)
MOST, ENDED_SHOWN, MATCHES = 100, 12, 20
COLUMNS = (
    ("draft", ("draft",)),
    ("published", ("published",)),
    ("competing", ("competing",)),
    ("selected", ("selected", "awarded")),
    ("in_service", ("in_service",)),
    ("completed", ("completed",)),
)
LOW_STARS = 2
LOW_RATING_DAYS = timedelta(days=60)


@dataclass(frozen=True)
class Purse:
    """A department's money: this year's lines, and what its finance office has to do."""

    lines: Sequence[LineStanding]
    total: Standing
    to_order: int
    to_check: int
    to_send: int
    to_mend: int


@dataclass(frozen=True)
class BuyerDesk:
    tasks: Sequence[Task]
    columns: Sequence[tuple[str, Sequence[Story]]]
    ended: Sequence[Story]
    total: int
    purse: Purse | None


@dataclass(frozen=True)
class AgencyDesk:
    tasks: Sequence[Task]
    entries: Sequence[Story]
    contracts: Sequence[Story]
    matches: Sequence[Need]
    facts: AgencyFacts
    agency: Agency
    missing: Sequence[str]


@dataclass(frozen=True)
class RegulatorDesk:
    live: Sequence[Competition]
    low_ratings: Sequence[Rating]
    restrictions: Sequence[Restriction]


def buyer_desk(org_id: int, now: datetime, *, department: bool) -> BuyerDesk:
    """A buyer's needs as a board; at most a hundred active ones, and the last that ended. A department's money too."""
    mine = with_stories(marketplace.needs_of(org_id)).prefetch_related("copies")
    active = stories(mine.filter(ACTIVE)[:MOST], now)
    ended = stories(mine.exclude(ACTIVE)[:ENDED_SHOWN], now)
    columns = [(key, [story for story in active if story.state in states]) for key, states in COLUMNS]
    fresh_failures = [story for story in ended if story.state == "failed" and not story.need.copies.all()]
    tasks = tasks_for([*active, *fresh_failures], now, BUYER) + supervision_tasks(org_id, now)
    tasks += answer_tasks(org_id, now, agency=False)
    if not department:
        tasks += [*money_tasks(org_id, now), *unpaid_tasks(active)]
    total = marketplace.needs_of(org_id).count()
    return BuyerDesk(by_due(tasks, now), columns, ended, total, purse(org_id) if department else None)


def purse(org_id: int) -> Purse:
    lines, counts = budget.lines_of(org_id, this_year()), payables.counts(org_id)
    return Purse(
        lines=lines,
        total=budget.total(lines),
        to_order=counts["to_order"],
        to_check=counts[rules.TO_CHECK],
        to_send=counts[rules.CHECKED],
        to_mend=counts[rules.REJECTED] + counts[rules.SENT_BACK],
    )


def agency_desk(agency_id: int, now: datetime) -> AgencyDesk:
    facts = agencies.facts(agency_id, now)
    entered = Q(competition__entries__agency=agency_id, competition__entries__withdrawn_at=None)
    entries = stories(_active().filter(entered, selected_at=None).order_by("entry_closes_at")[:MOST], now)
    won = Q(awards__agency=agency_id) & ~Q(awards__outcome__in=Award.OVER)
    contracts = stories(_active().filter(won).order_by("-selected_at")[:MOST], now)
    running = [story for story in entries if story.state == "competing" and story.need.method == "live_auction"]
    tasks = [
        *tasks_for(contracts, now, SUPPLIER),
        *tasks_for(running, now, "bidders"),
        *money_tasks(agency_id, now),
        *answer_tasks(agency_id, now, agency=True),
    ]
    return AgencyDesk(
        tasks=sorted(tasks, key=_urgency),
        entries=entries,
        contracts=contracts,
        matches=list(_matches(facts)[:MATCHES]),
        facts=facts,
        agency=agencies.get(agency_id),
        missing=_missing(facts, agencies.get(agency_id)),
    )


def _active() -> QuerySet[Need]:
    return with_stories(marketplace.search(NeedFilters()).filter(ACTIVE))


def _urgency(task: Task) -> tuple[bool, bool, float]:
    """An award waiting for confirmation comes first, then by deadline."""
    return (task.what != "confirm_award", task.due is None, task.due.timestamp() if task.due else 0.0)


def _matches(facts: AgencyFacts) -> QuerySet[Need]:
    """Needs open for entry whose item the agency offers and which it has not entered."""
    entered = bidding.entries_of_agency(facts.agency_id).values("competition")
    rows = marketplace.open_needs(item_codes=facts.item_codes).exclude(buyer=facts.agency_id)
    return rows.exclude(method="direct").exclude(competition__in=entered)


def _missing(facts: AgencyFacts, agency: Agency) -> list[str]:
    """What the profile still lacks; keys of portal.words.PROFILE."""
    lacks = {
        "services": not facts.item_codes,
        "qualifications": not facts.licence_kinds,
        "practitioners": not facts.practitioners,
        "introduction": not agency.introduction,
    }
    return [name for name, lacking in lacks.items() if lacking]


def regulator_desk(now: datetime) -> RegulatorDesk:
    """What exists to supervise beside the worklist."""
    low = Rating.objects.filter(_low(), window__revealed_at__gte=now - LOW_RATING_DAYS)
    in_force = Restriction.objects.filter(starts_at__lte=now, ends_at__gt=now)
    return RegulatorDesk(
        live=list(bidding.live(now)[:MATCHES]),
        low_ratings=list(
            low.select_related("ratee", "rater", "window__contract__award__need").order_by("-window__revealed_at")[
                :MATCHES
            ]
        ),
        restrictions=list(in_force.select_related("agency__organisation").order_by("ends_at")[:MATCHES]),
    )


def _low() -> Q:
    """Any of the five dimensions at two stars or fewer."""
    low = Q()
    for dimension in ("quality", "timeliness", "attitude", "fees", "compliance"):
        low |= Q(**{f"{dimension}__lte": LOW_STARS})
    return low
