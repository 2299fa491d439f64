"""Reading ratings and credit files. A rating whose window is not revealed exists for nobody but its writer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from agencies.models import Agency
from contracts.models import Side
from core import rulesets
from core.rulesets import Rules
from core.workdays import LOCAL
from ratings.models import Appeal, ApprovalUse, CreditEvent, MarketScale, Rating, RatingWindow, Tally
from ratings.rules import statistics
from ratings.rules.appeals import DECIDED_IN_CASES, OTHERWISE
from ratings.rules.points import average, parameters
from ratings.rules.score import Line, Score, score
from ratings.selectors.approvals import uses_of_agency
from ratings.texts import DIMENSIONS, LABELS, WHY, label, sentence

TOLD_LATER = timedelta(hours=1)


@dataclass(frozen=True)
class Row:
    """One line of the explanation; `event` is None for the start and the floor."""

    event: CreditEvent | None
    line: Line

    @property
    def title(self) -> str:
        return label(self.event.kind) if self.event else str(WHY[self.line.why])

    @property
    def sentence(self) -> str:
        return sentence(self.event.kind, self.event.summary) if self.event else ""

    @property
    def why(self) -> str:
        return str(WHY[self.line.why])

    @property
    def objection(self) -> Appeal | None:
        """The objection to this row, open or decided."""
        return getattr(self.event, "objection", None) if self.event else None

    @property
    def may_object(self) -> bool:
        """May the agency object to this row here? Not to what is over, marked already or decided elsewhere."""
        if self.event is None or not self.counts or self.objection:
            return False
        return self.event.kind not in DECIDED_IN_CASES | OTHERWISE

    @property
    def told_later(self) -> bool:
        """Was it published noticeably later than it happened? Most rows are written at once."""
        return self.event is not None and self.event.published - self.event.happened_at >= TOLD_LATER

    @property
    def counts(self) -> bool:
        return self.line.counts


@dataclass(frozen=True)
class Dimension:
    """One dimension over time: stars oldest first, with the time each became readable."""

    name: str
    label: str
    points: tuple[tuple[datetime, int], ...]
    mean: Decimal | None


@dataclass(frozen=True)
class Opinion:
    """What the ratings of an agency honestly say, with all that is needed to compute it again."""

    estimate: statistics.Estimate
    market: statistics.Scale
    parameters: statistics.Parameters
    habits: dict[int, statistics.Habit | None]
    rules: Rules


@dataclass(frozen=True)
class CreditFile:
    """Everything the page shows, as of a moment."""

    score: Score
    rows: tuple[Row, ...]
    ratings: tuple[Rating, ...]
    dimensions: tuple[Dimension, ...]
    opinion: Opinion
    missed: int
    withdrawn: tuple[Rating, ...]
    uses: tuple[ApprovalUse, ...]
    rules: Rules
    as_of: datetime

    @property
    def counting(self) -> list[Row]:
        """The start, what counts now, and the floor: these add up to the total."""
        return [row for row in self.rows if row.event is None or (row.counts and row.line.points)]

    @property
    def ended(self) -> list[Row]:
        """What carried points once and no longer counts, newest first."""
        return [row for row in reversed(self.rows) if row.event and row.line.points and not row.counts]

    @property
    def timeline(self) -> list[Row]:
        """Events only, newest first."""
        return [row for row in reversed(self.rows) if row.event]


def credit_file(agency_id: int, as_of: datetime) -> CreditFile:
    """An agency's file as it stood at a moment, under the rules in force then."""
    events = list(known(as_of).filter(agency_id=agency_id).select_related("objection__decision", "told_by"))
    rules = rulesets.current("credit", as_of)
    result = score([event.happening for event in events], parameters(rules.parameters), as_of)
    by_key = {event.key: event for event in events}
    received, withdrawn = _ratings(agency_id, as_of)
    return CreditFile(
        score=result,
        rows=tuple(Row(by_key.get(line.key), line) for line in result.lines),
        ratings=received,
        dimensions=tuple(_dimension(name, received) for name in DIMENSIONS),
        opinion=opinion(agency_id, received, as_of),
        missed=sum(1 for event in events if event.kind == "rating_missed"),
        withdrawn=withdrawn,
        uses=tuple(uses_of_agency(agency_id, as_of)),
        rules=rules,
        as_of=as_of,
    )


def known(as_of: datetime) -> QuerySet[CreditEvent]:
    """What anybody could read then: a row that was written later about an earlier day does not change that day."""
    rows = CreditEvent.objects.filter(happened_at__lte=as_of)
    return rows.filter(Q(published_at=None) | Q(published_at__lte=as_of))


def event(pk: int) -> CreditEvent:
    """Raises CreditEvent.DoesNotExist."""
    return CreditEvent.objects.select_related("agency__organisation", "told_by").get(pk=pk)


def _ratings(agency_id: int, as_of: datetime) -> tuple[tuple[Rating, ...], tuple[Rating, ...]]:
    """Revealed ratings about an agency that count at a moment, and those an appeal had taken out; newest first."""
    rows = Rating.objects.filter(ratee_id=agency_id, window__revealed_at__lte=as_of, side=Side.BUYER)
    rows = rows.select_related("window__contract__award__need", "rater", "appeal__decision")
    known = list(rows.annotate(is_out=_withdrawn(as_of)).order_by("-window__revealed_at", "-pk"))
    return tuple(one for one in known if not one.is_out), tuple(one for one in known if one.is_out)


def _withdrawn(as_of: datetime) -> Q:
    return Q(appeal__decision__upheld=True, appeal__decision__decided_at__lte=as_of)


def _dimension(name: str, newest_first: Sequence[Rating]) -> Dimension:
    points = tuple((rating.window.revealed_at or rating.submitted_at, getattr(rating, name)) for rating in newest_first)
    mean = average([stars for _, stars in points]) if points else None
    return Dimension(name, str(LABELS[Side.BUYER][name]), tuple(reversed(points)), mean)


def opinion(agency_id: int, received: Sequence[Rating], as_of: datetime) -> Opinion:
    """The ratings of an agency, seen against the market and against their raters' habits as of that moment."""
    rules = rulesets.current("statistics", as_of)
    parameters = statistics.Parameters.of(rules.parameters)
    market = statistics.scale(_measured(as_of), parameters)
    by_rater = _habits(agency_id, {rating.rater_id for rating in received}, as_of)
    habits = {rating.pk: by_rater.get(rating.rater_id) for rating in received}
    marks = [statistics.Mark(rating.pk, average_of(rating), habits[rating.pk]) for rating in received]
    return Opinion(statistics.estimate(marks, market, parameters), market, parameters, habits, rules)


def _measured(as_of: datetime) -> statistics.Scale | None:
    """The scale of the last day that was over then."""
    row = MarketScale.objects.filter(day__lt=as_of.astimezone(LOCAL).date()).order_by("-day").first()
    return statistics.Scale(row.mean, row.variance, row.marks) if row else None


def _habits(agency_id: int, raters: set[int], as_of: datetime) -> dict[int, statistics.Habit]:
    """How these raters rated everybody else."""
    others = Rating.objects.filter(rater_id__in=raters, side=Side.BUYER, window__revealed_at__lte=as_of)
    others = others.exclude(_withdrawn(as_of))
    stars = sum((F(name) for name in DIMENSIONS[1:]), F(DIMENSIONS[0]))
    rows = others.exclude(ratee_id=agency_id).values_list("rater_id").annotate(marks=Count("pk"), total=Sum(stars))
    return {rater: statistics.Habit(marks, Decimal(total) / (len(DIMENSIONS) * marks)) for rater, marks, total in rows}


def window(window_id: int) -> RatingWindow:
    return RatingWindow.objects.get(pk=window_id)


def window_of(contract_id: int) -> RatingWindow | None:
    return RatingWindow.objects.filter(contract_id=contract_id).first()


def own_rating(window: RatingWindow, side: str) -> Rating | None:
    """What a side wrote itself: the only thing it may read before the reveal."""
    return Rating.objects.filter(window=window, side=side).select_related("window").first()


def has_rated(window: RatingWindow, side: str) -> bool:
    """That a side has rated may be known early, what it wrote may not."""
    return Rating.objects.filter(window=window, side=side).exists()


def revealed(window: RatingWindow) -> list[Rating]:
    """Both sides' ratings once the window is revealed, else nothing."""
    if window.revealed_at is None:
        return []
    rows = Rating.objects.filter(window=window).select_related("rater", "window", "appeal__decision")
    return list(rows.order_by("side"))


def buyers_rating(window_id: int) -> Rating | None:
    rows = Rating.objects.filter(window_id=window_id, side=Side.BUYER, window__revealed_at__isnull=False)
    return rows.first()


def rating(rating_id: int) -> Rating:
    """A revealed rating. Raises Rating.DoesNotExist, also while it is sealed."""
    return Rating.objects.select_related("window__contract").get(pk=rating_id, window__revealed_at__isnull=False)


def average_of(rating: Rating) -> Decimal:
    return average([getattr(rating, name) for name in DIMENSIONS])


def open_windows_of(org_id: int) -> QuerySet[RatingWindow]:
    """Windows in which an organisation may still rate."""
    party = Q(contract__buyer_id=org_id) | Q(contract__supplier_id=org_id)
    rows = RatingWindow.objects.filter(party, revealed_at=None).exclude(ratings__rater_id=org_id)
    return rows.select_related("contract__award__need", "contract__buyer", "contract__supplier__organisation")


def windows_over(now: datetime) -> list[int]:
    return list(RatingWindow.objects.filter(revealed_at=None, ends_at__lte=now).values_list("pk", flat=True))


def stale_scores(now: datetime) -> list[int]:
    """Agencies of whose rows one has expired since they were added up, and those never added up."""
    due = set(Tally.objects.filter(next_expiry__lte=now).values_list("pk", flat=True))
    tallies = Tally.objects.filter(agency=OuterRef("pk"))
    due |= set(Agency.objects.exclude(scored_at=None).exclude(Exists(tallies)).values_list("pk", flat=True))
    return sorted(due)


def scored_by_others(now: datetime) -> bool:
    """Is there a score made under rules that are no longer the ones in force?"""
    ref = rulesets.current("credit", now).ref
    return Agency.objects.exclude(scored_at=None).exclude(score_rules=ref).exists()


@dataclass(frozen=True)
class Pair:
    """The ratings of one contract, both revealed: means of the five dimensions, buyer's and, if it rated, agency's."""

    need: int
    buyer: int
    agency: int
    given: Decimal
    returned: Decimal | None
    at: datetime


def both_ways(since: datetime) -> list[Pair]:
    """Every contract its buyer rated, revealed since then, oldest first."""
    rows = Rating.objects.filter(window__revealed_at__gte=since).order_by("window__revealed_at", "window_id")
    rows = rows.select_related("window__contract__award")
    by_window: dict[int, dict[str, Rating]] = {}
    for row in rows:
        by_window.setdefault(row.window_id, {})[row.side] = row
    return [_pair(sides) for sides in by_window.values() if Side.BUYER in sides]


def _pair(sides: dict[str, Rating]) -> Pair:
    given, returned = sides[Side.BUYER], sides.get(Side.SUPPLIER)
    return Pair(
        need=given.window.contract.award.need_id,
        buyer=given.rater_id,
        agency=given.ratee_id,
        given=average_of(given),
        returned=average_of(returned) if returned else None,
        at=given.window.revealed_at or given.submitted_at,
    )
