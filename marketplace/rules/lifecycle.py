"""The state of a need, derived from its dates; nothing stores it.

draft -> published -> competing -> selected -> awarded -> in_service -> completed -> closed, and out of the way
failed or cancelled. A need chosen directly has no competition: it stays published until someone is chosen.
"""

from dataclasses import dataclass
from datetime import datetime

DRAFT, PUBLISHED, COMPETING, SELECTED, AWARDED = "draft", "published", "competing", "selected", "awarded"
IN_SERVICE, COMPLETED, CLOSED, FAILED, CANCELLED = "in_service", "completed", "closed", "failed", "cancelled"
STATES = (DRAFT, PUBLISHED, COMPETING, SELECTED, AWARDED, IN_SERVICE, COMPLETED, CLOSED, FAILED, CANCELLED)
# Each date and the state it brings, the latest first: the first that is set decides.
_BY_DATE = (
    ("cancelled_at", CANCELLED),
    ("failed_at", FAILED),
    ("closed_at", CLOSED),
    ("completed_at", COMPLETED),
    ("contracted_at", IN_SERVICE),
    ("awarded_at", AWARDED),
    ("selected_at", SELECTED),
)


@dataclass(frozen=True)
class NeedDates:
    """Aware moments, or None for what has not happened."""

    published_at: datetime | None = None
    entry_closes_at: datetime | None = None
    selected_at: datetime | None = None
    awarded_at: datetime | None = None
    contracted_at: datetime | None = None
    completed_at: datetime | None = None
    closed_at: datetime | None = None
    failed_at: datetime | None = None
    cancelled_at: datetime | None = None
    direct: bool = False


@dataclass(frozen=True)
class Stage:
    """A step of the way: name, "done" | "now" | "todo" | "failed", and when it happened or is due."""

    name: str
    state: str
    at: datetime | None


def need_state(dates: NeedDates, now: datetime) -> str:
    """One of STATES."""
    for date, state in _BY_DATE:
        if getattr(dates, date):
            return state
    if dates.published_at is None:
        return DRAFT
    return COMPETING if entry_closed(dates, now) and not dates.direct else PUBLISHED


def entry_closed(dates: NeedDates, now: datetime) -> bool:
    return dates.entry_closes_at is not None and now >= dates.entry_closes_at


def stages(dates: NeedDates, now: datetime) -> list[Stage]:
    """The whole way of a need as a track: notice, competition, award, contract, delivery, rating."""
    ends = (
        ("notice", dates.selected_at if dates.direct else _past(dates.entry_closes_at, now)),
        ("competition", dates.selected_at),
        ("award", dates.awarded_at),
        ("contract", dates.contracted_at),
        ("delivery", dates.completed_at),
        ("rating", dates.closed_at),
    )
    reached = _reached([end for _, end in ends])
    ended = dates.failed_at or dates.cancelled_at
    if dates.published_at is None:
        current = Stage("", "todo", None)
    elif ended:
        current = Stage("", "failed", ended)
    else:
        current = Stage("", "now", None if reached else dates.entry_closes_at)
    return [_stage(name, end, place - reached, current) for place, (name, end) in enumerate(ends)]


def _past(moment: datetime | None, now: datetime) -> datetime | None:
    return moment if moment and moment <= now else None


def _reached(ends: list[datetime | None]) -> int:
    """Place of the step that is going on: the one after the last that ended."""
    return max((place + 1 for place, end in enumerate(ends) if end), default=0)


def _stage(name: str, end: datetime | None, distance: int, current: Stage) -> Stage:
    """`distance` from the step that is going on: behind it done, ahead of it to do."""
    if distance < 0:
        return Stage(name, "done", end)
    return Stage(name, current.state, current.at) if distance == 0 else Stage(name, "todo", None)


# What must have happened before a date may be set. Nothing may be set on a need that failed or was cancelled.
NEEDS_FIRST = {
    "selected_at": "published_at",
    "awarded_at": "selected_at",
    "contracted_at": "awarded_at",
    "completed_at": "contracted_at",
    "closed_at": "completed_at",
    "failed_at": "published_at",
    "cancelled_at": "published_at",
}
# What must not have happened yet.
TOO_LATE_AFTER = {"failed_at": "completed_at", "cancelled_at": "selected_at"}


def may_set(dates: NeedDates, date: str) -> bool:
    """May this date be set now? Each step needs the one before it; an ended need takes nothing more."""
    if dates.failed_at or dates.cancelled_at:
        return False
    late = TOO_LATE_AFTER.get(date)
    return getattr(dates, NEEDS_FIRST[date]) is not None and not (late and getattr(dates, late))
