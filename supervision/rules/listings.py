"""The way onto the platform's own list and off it again: candidate, notice, hearing, listed, delisted.

`follow` takes a listing one event further or says why not; `fold` is the whole of it. There is no other way in.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from supervision.rules.process import Happening, Term, Who, Wrong, after


class State(StrEnum):
    CANDIDATE = "candidate"
    NOTICED = "noticed"
    HEARD = "heard"
    LISTED = "listed"
    STAYED = "stayed"
    DELISTED = "delisted"
    DROPPED = "dropped"
    CORRECTED = "corrected"


OUTCOMES = frozenset({"upheld", "revoked"})


@dataclass(frozen=True)
class Entry:
    """A listing as its events have made it. `ends`: when its term is over; `left`: what a stay interrupted."""

    state: State
    last: datetime
    proposer: Who
    defence_until: datetime | None = None
    heard: bool = False
    decider: Who | None = None
    listed_at: datetime | None = None
    ends: datetime | None = None
    left: timedelta = timedelta()
    review_until: datetime | None = None
    reviewed: bool = False
    why: str = ""

    def ready(self, at: datetime) -> bool:
        """Was the agency heard, or did it let the time for it pass?"""
        return self.heard or (self.defence_until is not None and at >= self.defence_until)


@dataclass(frozen=True)
class Terms:
    """How long a ground of one severity may keep an agency listed, and the points; None where a version names none."""

    fewest: int
    most: int
    points: Decimal | None


def terms(parameters: Mapping[str, Any], severity: str) -> Terms:
    """Bounds by severity; versions from before there were any know one bound for all."""
    stored = parameters.get("terms", {}).get(severity)
    if stored is None:
        return Terms(1, int(parameters["most_months"]), None)
    fewest, most = stored["months"]
    return Terms(int(fewest), int(most), Decimal(stored["points"]))


def fold(happenings: Iterable[Happening]) -> Entry:
    """All events from the first. Raises Wrong, and ValueError when there are none."""
    entry: Entry | None = None
    for one in happenings:
        entry = follow(entry, one)
    if entry is None:
        raise ValueError("a listing without events")
    return entry


def follow(entry: Entry | None, one: Happening) -> Entry:
    """The listing after one more event. Raises Wrong with the reason's code."""
    if entry is None:
        if one.kind != "proposed":
            raise Wrong("order")
        if one.by.user is None or one.by.kind != "regulator":
            raise Wrong("authority")
        return Entry(State.CANDIDATE, one.at, one.by)
    after(entry.last, one)
    if entry.state not in MAY.get(one.kind, frozenset()):
        raise Wrong("order")
    return replace(STEPS[one.kind](entry, one), last=one.at)


def _noticed(entry: Entry, one: Happening) -> Entry:
    _officer(one)
    if one.until is None or one.until <= one.at:
        raise Wrong("defence")
    return replace(entry, state=State.NOTICED, defence_until=one.until, heard=False)


def _heard(entry: Entry, one: Happening) -> Entry:  # noqa: ARG001 - every step is asked the same way
    return replace(entry, state=State.HEARD, heard=True)


def _dropped(entry: Entry, one: Happening) -> Entry:
    _officer(one)
    return replace(entry, state=State.DROPPED)


def _listed(entry: Entry, one: Happening) -> Entry:
    """Approved by a second officer, after the agency was heard or had the time, and never without an end."""
    _officer(one)
    if one.by.is_person(entry.proposer):
        raise Wrong("second")
    if not entry.ready(one.at):
        raise Wrong("unheard")
    ends = _moment(one.data.get("ends_at"))
    if ends is None or ends <= one.at:
        raise Wrong("term")
    if one.until is None or one.until <= one.at:
        raise Wrong("review")
    return replace(entry, state=State.LISTED, decider=one.by, listed_at=one.at, ends=ends, review_until=one.until)


def _review_asked(entry: Entry, one: Happening) -> Entry:
    if entry.reviewed:
        raise Wrong("reviewed")
    if entry.review_until is None or one.at > entry.review_until:
        raise Wrong("late")
    left = entry.ends - one.at if entry.ends else timedelta()
    return replace(entry, state=State.STAYED, reviewed=True, left=max(left, timedelta()), ends=None)


def _review_decided(entry: Entry, one: Happening) -> Entry:
    _officer(one)
    if one.by.is_person(entry.decider) or one.by.is_person(entry.proposer):
        raise Wrong("same_officer")
    outcome = one.data.get("outcome")
    if outcome not in OUTCOMES:
        raise Wrong("outcome")
    if outcome == "revoked" or not entry.left:
        return replace(entry, state=State.DELISTED, why="revoked" if outcome == "revoked" else "term")
    return replace(entry, state=State.LISTED, ends=one.at + entry.left, left=timedelta())


def _ended(entry: Entry, one: Happening) -> Entry:
    if entry.ends is None or one.at < entry.ends:
        raise Wrong("early")
    return replace(entry, state=State.DELISTED, why="term")


def _repaired(entry: Entry, one: Happening) -> Entry:
    left = entry.ends - one.at if entry.ends else timedelta()
    return replace(entry, state=State.DELISTED, why="repair", left=max(left, timedelta()), ends=None)


def _restored(entry: Entry, one: Happening) -> Entry:
    """A broken promise of repair: back on the list for what was left of the term."""
    if entry.why != "repair" or not entry.left:
        raise Wrong("order")
    return replace(entry, state=State.LISTED, why="", ends=one.at + entry.left, left=timedelta())


def _corrected(entry: Entry, one: Happening) -> Entry:
    """It should never have been listed: off at once, with a note that stays."""
    _officer(one)
    return replace(entry, state=State.CORRECTED, why="wrong")


def _fallen(entry: Entry, one: Happening) -> Entry:  # noqa: ARG001 - every step is asked the same way
    """The decision of the case did not stand, so the listing has no ground any more."""
    if entry.listed_at is None:
        return replace(entry, state=State.DROPPED)
    return replace(entry, state=State.DELISTED, why="fallen", ends=None, left=timedelta())


def _officer(one: Happening) -> None:
    """Decisions are a regulator's, in person."""
    if one.by.user is None or one.by.kind != "regulator":
        raise Wrong("authority")


def _moment(stored: object) -> datetime | None:
    return datetime.fromisoformat(stored) if isinstance(stored, str) else None


def months_after(start: date, months: int) -> date:
    """The same day so many months later, or the month's last day where there is no such day."""
    years, month = divmod(start.month - 1 + months, 12)
    first = date(start.year + years, month + 1, 1)
    following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return min(first + timedelta(days=start.day - 1), following - timedelta(days=1))


TERMS: Mapping[str, Term] = {
    "proposed": Term("listing.notify", "notify"),
    "noticed": Term("listing.defence", "defence", right=True),
    "defended": Term("listing.decide", "decide"),
    "waived": Term("listing.decide", "decide"),
    "listed": Term("listing.ask_review", "review_file", right=True),
    "review_asked": Term("listing.review_decide", "review_decide"),
}
SILENCE = Term("listing.decide", "decide")  # begun by the end of a defence nobody made
WAITING = frozenset({State.CANDIDATE, State.NOTICED, State.HEARD})
MAY: Mapping[str, frozenset[State]] = {
    "noticed": frozenset({State.CANDIDATE}),
    "defended": frozenset({State.NOTICED, State.HEARD}),
    "waived": frozenset({State.NOTICED}),
    "dropped": WAITING,
    "listed": frozenset({State.NOTICED, State.HEARD}),
    "review_asked": frozenset({State.LISTED}),
    "review_decided": frozenset({State.STAYED}),
    "ended": frozenset({State.LISTED}),
    "repaired": frozenset({State.LISTED}),
    "restored": frozenset({State.DELISTED}),
    "corrected": frozenset({State.LISTED, State.STAYED, State.DELISTED}),
    "fallen": WAITING | {State.LISTED, State.STAYED},
}
STEPS: Mapping[str, Callable[[Entry, Happening], Entry]] = {
    "noticed": _noticed,
    "defended": _heard,
    "waived": _heard,
    "dropped": _dropped,
    "listed": _listed,
    "review_asked": _review_asked,
    "review_decided": _review_decided,
    "ended": _ended,
    "repaired": _repaired,
    "restored": _restored,
    "corrected": _corrected,
    "fallen": _fallen,
}
