"""The credit score: events and parameters in, a total with a line for every event out. Pure, Decimal only.

total = start + points of every event that counts on that day. An event counts from when it happened until it
expires, unless a correction has taken it back or a repair has ended it. A correction may take back a repair: then
the row counts again. Additions count up to a cap per calendar year, oldest first.
The total never falls below zero: what was below is given back in a line of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")
ZERO = Decimal("0.00")
REPAIR = "repair"


class Why(StrEnum):
    """Why a line counts what it counts."""

    START = "start"
    COUNTED = "counted"
    NEUTRAL = "neutral"
    CAPPED = "capped"
    EXPIRED = "expired"
    CORRECTED = "corrected"
    REPAIRED = "repaired"
    FLOOR = "floor"


@dataclass(frozen=True)
class Happening:
    """One credit event. `points` signed; `corrects` is the key of the event this one takes back or repairs."""

    key: str
    kind: str
    points: Decimal
    happened_at: datetime
    expires_at: datetime | None = None
    corrects: str = ""

    @property
    def order(self) -> tuple[datetime, str]:
        return self.happened_at, self.key


@dataclass(frozen=True)
class Parameters:
    """`grades`: (grade, least total), best first. `proving`: kinds of events that end being new."""

    start: Decimal
    addition_cap: Decimal
    grades: Sequence[tuple[str, Decimal]]
    proving: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Line:
    """One row of the explanation: what was on the event, what of it counts, and why."""

    key: str
    points: Decimal
    counted: Decimal
    running: Decimal
    why: Why

    @property
    def counts(self) -> bool:
        return self.why not in (Why.EXPIRED, Why.CORRECTED, Why.REPAIRED)


@dataclass(frozen=True)
class Score:
    """`grade` is "" for newcomers, who are neither praised nor blamed. The lines' `counted` add up to `total`."""

    total: Decimal
    grade: str
    newcomer: bool
    lines: tuple[Line, ...]

    @property
    def counting(self) -> list[Line]:
        """The start, what counts, and the floor: these add up to the total."""
        return [line for line in self.lines if not line.key or (line.counts and line.points)]


def score(events: Iterable[Happening], parameters: Parameters, as_of: datetime) -> Score:
    """The score as it stood at `as_of`: only what had happened by then, only what still counted then."""
    known = sorted((event for event in events if event.happened_at <= as_of), key=lambda event: event.order)
    ended = taken_back(known)
    counts = _counts(known, parameters, ended, as_of)
    lines = _lines(known, counts, parameters.start)
    total = lines[-1].running
    newcomer = not any(proves(event, parameters) and ended.get(event.key) != Why.CORRECTED for event in known)
    return Score(total, "" if newcomer else grade(total, parameters), newcomer, lines)


def put_right(known: Sequence[Happening], later: Iterable[Happening], as_of: datetime) -> list[Happening]:
    """The rows of a day that is over, with those of them taken out that were found wrong later.

    A correction reaches back to that day. A repair does not, and neither does the end of one: that is news of its own
    day, and the row was right.
    """
    repairs = {event.key for event in known if event.kind == REPAIR}
    wrong = {event.key for event in known} - repairs
    found = (event for event in later if event.corrects in wrong and event.kind != REPAIR)
    return [*known, *(replace(event, happened_at=as_of) for event in found)]


def taken_back(known: Sequence[Happening]) -> dict[str, Why]:
    """Keys of events that no longer count, and whether a correction or a repair ended them. `known` in order."""
    ended: dict[str, Why] = {}
    for event in reversed(known):
        if event.corrects and event.key not in ended and ended.get(event.corrects) != Why.CORRECTED:
            ended[event.corrects] = Why.REPAIRED if event.kind == REPAIR else Why.CORRECTED
    return ended


def _counts(
    known: Sequence[Happening], parameters: Parameters, ended: dict[str, Why], as_of: datetime
) -> list[tuple[Decimal, Why]]:
    added: dict[int, Decimal] = {}
    counts = []
    for event in known:
        if event.key in ended:
            counts.append((ZERO, ended[event.key]))
        elif event.expires_at is not None and event.expires_at <= as_of:
            counts.append((ZERO, Why.EXPIRED))
        elif event.points <= 0:
            counts.append((event.points, Why.COUNTED if event.points else Why.NEUTRAL))
        else:
            counts.append(_addition(event, added, parameters.addition_cap))
    return counts


def _addition(event: Happening, added: dict[int, Decimal], cap: Decimal) -> tuple[Decimal, Why]:
    """What is left of the year's cap, at most the event's points. `added` keeps what the year has used."""
    year = event.happened_at.astimezone(LOCAL).year
    room = cap - added.get(year, ZERO)
    counted = min(event.points, room)
    added[year] = added.get(year, ZERO) + counted
    return counted, Why.COUNTED if counted == event.points else Why.CAPPED


def _lines(known: Sequence[Happening], counts: Sequence[tuple[Decimal, Why]], start: Decimal) -> tuple[Line, ...]:
    running = start
    lines = [Line("", start, start, start, Why.START)]
    for event, (counted, why) in zip(known, counts, strict=True):
        running += counted
        lines.append(Line(event.key, event.points, counted, running, why))
    if running < 0:
        lines.append(Line("", ZERO, -running, ZERO, Why.FLOOR))
    return tuple(lines)


def proves(event: Happening, parameters: Parameters) -> bool:
    return event.points != 0 or event.kind in parameters.proving


def grade(total: Decimal, parameters: Parameters) -> str:
    return next((name for name, least in parameters.grades if total >= least), parameters.grades[-1][0])
