"""When a step's cards come, and how its end moves. Pure: a calendar is anything that knows working days.

A clock is a function of its dates and stops: looking at it often or seldom, late or after a restart, gives the same
cards with the same moments. Yellow comes at a share of the limit or when so many working days are left, whichever is
first; red when the end has passed and the step is not done. Stopped time earns nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")
DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
WORKING_DAYS = "working_days"
YELLOW, RED = "yellow", "red"


class Calendar(Protocol):
    def is_working(self, day: date) -> bool: ...


class Counting(Calendar, Protocol):
    def deadline(self, start: datetime, days: int) -> datetime: ...
    def between(self, start: datetime, end: datetime) -> int: ...


@dataclass(frozen=True)
class Stop:
    """Time that does not count; `ends_at` None while it goes on."""

    starts_at: datetime
    ends_at: datetime | None = None


@dataclass(frozen=True)
class Clock:
    """`yellow_at` and `due_at` as they stand, stops that have ended included."""

    yellow_at: datetime
    due_at: datetime
    closed_at: datetime | None = None
    stops: Sequence[Stop] = ()


@dataclass(frozen=True)
class Earned:
    """The moments the cards were earned; red never without yellow."""

    yellow_at: datetime | None = None
    red_at: datetime | None = None


def earned(clock: Clock, now: datetime) -> Earned:
    """What a clock has earned by now. What is done at the very end is done in time."""
    until = min(now, clock.closed_at) if clock.closed_at else now
    yellow = _running(clock.stops, clock.yellow_at)
    red = _running(clock.stops, clock.due_at)
    if red is not None and until > red:
        return Earned(min(yellow, red) if yellow else red, red)
    return Earned(yellow) if yellow is not None and until > yellow else Earned()


def _running(stops: Iterable[Stop], moment: datetime) -> datetime | None:
    """The moment, or the end of the stop it falls into; None while that stop goes on."""
    for stop in sorted(stops, key=lambda one: one.starts_at):
        if stop.starts_at <= moment and (stop.ends_at is None or moment < stop.ends_at):
            if stop.ends_at is None:
                return None
            moment = stop.ends_at
    return moment


def yellow_at(
    started_at: datetime, due_at: datetime, days: int | None, calendar: Calendar, *, share: float, days_left: int
) -> datetime:
    """When the warning comes. `days`: the limit in working days, None when it is counted otherwise.

    Of n >= 2 working days it comes at the end of a day: when share * n of them are over, or `days_left` are left.
    Shorter limits, and those not counted in working days, warn at that share of the time itself.
    """
    if due_at <= started_at:
        return due_at
    if days is not None and days >= 2:
        left = max(days_left, days - int(share * days))
        moment = days_before(due_at, left, calendar)
        if moment > started_at:
            return moment
    return started_at + (due_at - started_at) * share


def days_before(due_at: datetime, days: int, calendar: Calendar) -> datetime:
    """The end of the working day after which `days` working days are left until an end."""
    day = (due_at - TICK).astimezone(LOCAL).date()
    while days > 0:
        days -= calendar.is_working(day)
        day -= DAY
    while not calendar.is_working(day):
        day -= DAY
    return _end_of(day)


def shifted(due_at: datetime, stop: Stop, calendar: Calendar, *, working_days: bool) -> datetime:
    """The end after a stop: later by the working days whose end fell into it, or by the time itself."""
    if stop.ends_at is None:
        return due_at
    if not working_days:
        return due_at + (stop.ends_at - stop.starts_at)
    return days_after(due_at, _days_lost(stop.starts_at, stop.ends_at, calendar), calendar)


def _days_lost(start: datetime, end: datetime, calendar: Calendar) -> int:
    day, last, lost = start.astimezone(LOCAL).date(), end.astimezone(LOCAL).date(), 0
    while day < last:
        lost += calendar.is_working(day)
        day += DAY
    return lost


def days_after(due_at: datetime, days: int, calendar: Calendar) -> datetime:
    """The end of the `days`-th working day after the day an end falls on."""
    if days <= 0:
        return due_at
    day = (due_at - TICK).astimezone(LOCAL).date()
    while days > 0:
        day += DAY
        days -= calendar.is_working(day)
    return _end_of(day)


def recounted(start: datetime, due_at: datetime, stops: Sequence[Stop], before: Counting, after: Counting) -> datetime:
    """An end in working days under another calendar: so many days after the start as it had, whoever gave them.

    Stops are counted by the new calendar too, so that what is left of the limit itself is as long as it was.
    """
    ended = [stop for stop in stops if stop.ends_at]
    lost = sum(_days_lost(stop.starts_at, stop.ends_at, before) for stop in ended if stop.ends_at)
    own = max(before.between(start, due_at - TICK) - lost, 0)
    was, now = before.deadline(start, own), after.deadline(start, own)
    for stop in ended:
        was = shifted(was, stop, before, working_days=True)
        now = shifted(now, stop, after, working_days=True)
    return now + (due_at - was)


def vanished(due_at: datetime, last_seen: datetime, now: datetime) -> datetime:
    """When a step ended that its room no longer tells of: in doubt in time."""
    return now if due_at < last_seen else min(now, due_at)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + DAY, time(), LOCAL)
