"""Cards and promises as they are read: whose steps were kept, whose were not, month by month and kind by kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncMonth

from accounts.models import Organisation
from core import clock
from core.models import Job
from core.workdays import LOCAL
from supervision.kinds import label
from supervision.models import Card, ClockStop, Step

PUBLIC_BODIES = (Organisation.Kind.DEPARTMENT, Organisation.Kind.REGULATOR, Organisation.Kind.OPERATOR)
YEAR = timedelta(days=365)
OPEN, CLOSED, OVERDUE = "open", "closed", "overdue"
STATES = (OPEN, OVERDUE, CLOSED)
NONE = "none"
RECOUNT = "supervision.recount"  # the job of a step whose end could not be counted anew with the others
COLOURS = (*Card.Colour.values, NONE)


@dataclass(frozen=True)
class Tally:
    """What became of steps: done in time, red, still running in time, and red and still open."""

    kept: int
    broken: int
    running: int
    overdue: int

    @property
    def share(self) -> int | None:
        """Percent kept of what was decided, rounded down: 100 only when nothing was broken."""
        decided = self.kept + self.broken
        return self.kept * 100 // decided if decided else None


@dataclass(frozen=True)
class Standing:
    organisation: Organisation
    tally: Tally


@dataclass(frozen=True)
class Month:
    month: date
    kept: int
    broken: int


@dataclass(frozen=True)
class OfKind:
    kind: str
    tally: Tally

    @property
    def label(self) -> str:
        return label(self.kind)


@dataclass(frozen=True)
class Filters:
    """What the cards page may be narrowed by; empty means all."""

    owner: str = ""
    kind: str = ""
    colour: str = ""
    state: str = ""
    q: str = ""


def of(organisation_id: int) -> QuerySet[Card]:
    """Every card of an organisation, the newest first."""
    return Card.objects.filter(step__owner=organisation_id).select_related("step__owner").order_by("-raised_at", "-pk")


def by_department(since: datetime | None = None) -> list[Standing]:
    """The public bodies that had promises to keep since a moment (default: a year ago), most overdue first."""
    rows = _promises().values("owner").annotate(**_counts(since or clock.now() - YEAR)).order_by()
    bodies = Organisation.objects.in_bulk([row["owner"] for row in rows])
    found = [Standing(bodies[row["owner"]], _tally(row)) for row in rows]
    found = [one for one in found if one.tally != Tally(0, 0, 0, 0)]
    return sorted(found, key=lambda one: (-one.tally.overdue, -one.tally.broken, one.organisation.name))


def total(standings: Sequence[Standing]) -> Tally:
    tallies = [one.tally for one in standings]
    return Tally(
        sum(one.kept for one in tallies),
        sum(one.broken for one in tallies),
        sum(one.running for one in tallies),
        sum(one.overdue for one in tallies),
    )


def by_kind(organisation_id: int | None, since: datetime) -> list[OfKind]:
    rows = _promises(organisation_id).values("kind").annotate(**_counts(since)).order_by("kind")
    return [OfKind(row["kind"], _tally(row)) for row in rows]


def _promises(organisation_id: int | None = None) -> Any:
    """Steps a public body has to take; what one may leave undone is no promise."""
    rows = with_colours(Step.objects.filter(owner__kind__in=PUBLIC_BODIES, right=False))
    return rows.filter(owner=organisation_id) if organisation_id else rows


def with_colours(rows: QuerySet[Step]) -> Any:
    """A query set of steps with `yellow` and `red`: when the step earned them, or None."""
    cards = Card.objects.filter(step=OuterRef("pk"))
    return rows.annotate(
        yellow=Subquery(cards.filter(colour=Card.Colour.YELLOW).values("raised_at")[:1]),
        red=Subquery(cards.filter(colour=Card.Colour.RED).values("raised_at")[:1]),
    )


def _counts(since: datetime) -> dict[str, Count]:
    return {
        "kept": Count("pk", filter=Q(closed_at__gte=since, red=None)),
        "broken": Count("pk", filter=Q(red__gte=since)),
        "running": Count("pk", filter=Q(closed_at=None, red=None)),
        "overdue": Count("pk", filter=Q(closed_at=None, red__isnull=False)),
    }


def _tally(row: Mapping[str, Any]) -> Tally:
    return Tally(row["kept"], row["broken"], row["running"], row["overdue"])


def months(organisation_id: int | None, now: datetime, count: int = 12) -> list[Month]:
    """Kept by the month they were done in, broken by the month they turned red in; the current month last."""
    first = _months_back(now.astimezone(LOCAL).date().replace(day=1), count - 1)
    since = datetime(first.year, first.month, 1, tzinfo=LOCAL)
    rows = _promises(organisation_id)
    kept = _per_month(rows.filter(red=None, closed_at__gte=since), "closed_at")
    broken = _per_month(rows.filter(red__gte=since), "red")
    names = [_months_back(now.astimezone(LOCAL).date().replace(day=1), back) for back in range(count - 1, -1, -1)]
    return [Month(name, kept.get(name, 0), broken.get(name, 0)) for name in names]


def _per_month(rows: Any, moment: str) -> dict[date, int]:
    found = rows.annotate(month=TruncMonth(moment, tzinfo=LOCAL)).values("month").order_by()
    return {row["month"].date(): row["n"] for row in found.annotate(n=Count("pk"))}


def _months_back(first: date, back: int) -> date:
    month = first.year * 12 + first.month - 1 - back
    return date(month // 12, month % 12 + 1, 1)


def broken(organisation_id: int) -> Any:
    """The red steps of a public body, newest first, with their excuses."""
    rows = _promises(organisation_id).filter(red__isnull=False).prefetch_related("excuses")
    return rows.order_by("-red", "-pk")


def board(filters: Filters) -> Any:
    """Every step the filters leave, what is due first in front; `stopped`: its clock stands still now."""
    standing = ClockStop.objects.filter(step=OuterRef("pk"), confirmed_at__isnull=False, ends_at=None)
    rows = with_colours(Step.objects.select_related("owner")).annotate(stopped=Exists(standing))
    if filters.owner:
        rows = rows.filter(owner=filters.owner)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.q:
        rows = rows.filter(Q(title__icontains=filters.q) | Q(owner__name__icontains=filters.q))
    return rows.filter(_in_colour(filters.colour), _in_state(filters.state)).order_by(
        F("closed_at").desc(nulls_first=True), "due_at", "pk"
    )


def not_recounted() -> list[Step]:
    """Open steps whose end could not be counted anew when a calendar came; the clock tries again."""
    waiting = Job.objects.filter(task=RECOUNT).exclude(state=Job.State.DONE).values_list("kwargs__step_id", flat=True)
    return list(Step.objects.filter(pk__in=list(waiting), closed_at=None).select_related("owner"))


def _in_colour(colour: str) -> Q:
    if colour == Card.Colour.RED:
        return Q(red__isnull=False)
    if colour == Card.Colour.YELLOW:
        return Q(yellow__isnull=False, red=None)
    return Q(yellow=None, red=None) if colour == NONE else Q()


def _in_state(state: str) -> Q:
    if state == OPEN:
        return Q(closed_at=None)
    if state == OVERDUE:
        return Q(closed_at=None, red__isnull=False)
    return Q(closed_at__isnull=False) if state == CLOSED else Q()


def kinds_in_use() -> list[tuple[str, str]]:
    found = Step.objects.order_by("kind").values_list("kind", flat=True).distinct()
    return [(kind, label(kind)) for kind in found]


def owners_in_use() -> QuerySet[Organisation]:
    """Who has had a step, public bodies only: companies are found by name."""
    owned = Step.objects.filter(owner=OuterRef("pk"))
    return Organisation.objects.filter(Exists(owned), kind__in=PUBLIC_BODIES).order_by("name")


def step(pk: int) -> Any:
    """A step with its colours and all that happened to it. Raises Step.DoesNotExist."""
    rows = with_colours(Step.objects.select_related("owner", "respondent"))
    related = "cards", "due_changes", "escalations__organisation", "excuses__by_user", "stops__asked_by"
    return rows.prefetch_related(*related, "stops__confirmed_by", "stops__asked_for").get(pk=pk)


def body(pk: int) -> Organisation:
    """A public body. Raises Organisation.DoesNotExist."""
    return Organisation.objects.select_related("region__parent").get(pk=pk, kind__in=PUBLIC_BODIES)
