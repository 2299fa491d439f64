"""Until when: what an event of a procedure said, moved by what has moved it since. The one place that says so.

What a service enforces, what a page shows and what a card is about are read here. A procedure's event names its step
by "case:7:2": the second event of case 7.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

from core import workdays
from core.steps import lapsed
from core.workdays import Limit, WorkCalendar
from supervision.models import ClockStop, MovedEnd, Share
from supervision.rules.process import Term

GOES_ON = "continued"  # an event that says the end of a running step anew


class Row(Protocol):
    """An event as its table keeps it."""

    seq: int
    kind: str
    at: datetime
    until: datetime | None


Event = TypeVar("Event", bound=Row)


@dataclass(frozen=True)
class Moved:
    until: datetime
    at: datetime


class Ends:
    """The ends that were moved, of the steps asked about, read once."""

    def __init__(self, references: Iterable[str]) -> None:
        rows = MovedEnd.objects.filter(reference__in=list(references)).order_by("pk")
        self._found = {(row.kind, row.reference): Moved(row.until, row.at) for row in rows}

    def of(self, kind: str, reference: str) -> Moved | None:
        return self._found.get((kind, reference))

    def until(self, kind: str, reference: str, told: datetime) -> datetime:
        """When a step ends that was told to end at a moment."""
        moved = self.of(kind, reference)
        return moved.until if moved else told


def reference(name: str, pk: int, seq: int) -> str:
    return f"{name}:{pk}:{seq}"


def of(name: str, events: Mapping[int, Sequence[Row]]) -> Ends:
    """Of procedures with their events: pk -> events."""
    return Ends(reference(name, pk, row.seq) for pk, rows in events.items() for row in rows)


def untils(
    name: str, pk: int, rows: Sequence[Row], terms: Mapping[str, Term], known: Ends | None = None
) -> dict[int, datetime | None]:
    """Place of an event -> the end it stands for now."""
    ends = known or of(name, {pk: rows})
    found = {row.seq: row.until for row in rows}
    for row in rows:
        term = terms.get(row.kind)
        moved = ends.of(term.step, reference(name, pk, row.seq)) if term else None
        if moved:
            found[_carrier(row, rows, moved.at)] = moved.until
    return found


def _carrier(row: Row, rows: Sequence[Row], at: datetime) -> int:
    """The event whose end was moved: the one that began the step, or the last that said its end anew before."""
    later = [one.seq for one in rows if one.kind == GOES_ON and one.seq > row.seq and one.at <= at]
    return later[-1] if later else row.seq


@dataclass(frozen=True)
class Turn:
    """A step as a procedure has it: begun by which event, from when to when, and when it was over."""

    term: Term
    seq: int
    start: datetime
    due: datetime
    closed: datetime | None


@dataclass(frozen=True)
class Look:
    """What looking at many procedures of one kind needs, read once."""

    name: str
    known: Ends
    calendar: WorkCalendar
    now: datetime

    @classmethod
    def at(cls, name: str, events: Mapping[int, Sequence[Row]], now: datetime) -> "Look":
        return cls(name, of(name, events), workdays.load(), now)

    def turn(self, term: Term, row: Row, until: datetime, closed: datetime | None) -> Turn:
        """A right that nobody used is over at its end; a duty stays open until it is done."""
        return Turn(term, row.seq, row.at, until, lapsed(closed, until, self.now) if term.right else closed)

    def after_silence(self, term: Term, limit: Limit, pk: int, notice: Turn, closed: datetime | None) -> Turn | None:
        """The decision that is due from the end of a defence on which nobody made."""
        if self.now < notice.due or (closed is not None and closed < notice.due):
            return None
        due = limit.end(notice.due, self.calendar)
        due = self.known.until(term.step, reference(self.name, pk, notice.seq), due)
        return Turn(term, notice.seq, notice.due, due, closed)


def as_they_stand(name: str, pk: int, rows: Iterable[Event], terms: Mapping[str, Term]) -> list[Event]:
    """Events for a page, each with the end it stands for now."""
    events = list(rows)
    found = untils(name, pk, events, terms)
    for event in events:
        event.until = found[event.seq]
    return events


def standing(kind: str, reference: str) -> bool:
    """Does the clock of a step stand still now?"""
    stops = ClockStop.objects.filter(step__kind=kind, step__reference=reference)
    return stops.filter(confirmed_at__isnull=False, ends_at=None).exists()


def with_receipts(rows: QuerySet[Share]) -> QuerySet[Share]:
    """`receive_by`: until when each share is to be received."""
    name = Concat(Value("share:"), Cast(OuterRef("pk"), CharField()))
    moved = MovedEnd.objects.filter(kind="listing.receive", reference=name).order_by("-pk").values("until")[:1]
    return rows.annotate(receive_by=Coalesce(Subquery(moved), F("due_at")))
