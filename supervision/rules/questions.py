"""A question to the platform: whoever was asked first answers for it, the asker says whether it is answered, and once
it may go up the line. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from supervision.rules.process import Happening, Term, Who, Wrong, after


class State(StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"
    ESCALATED = "escalated"
    CLOSED = "closed"


# The limits that events start, and what may happen in which state.
TERMS = {"asked": Term("question.answer", "answer"), "unsatisfied": Term("question.escalated", "escalated")}
MAY: dict[str, tuple[State, ...]] = {
    "passed": (State.ASKED, State.ESCALATED),
    "answered": (State.ASKED,),
    "satisfied": (State.ANSWERED,),
    "unsatisfied": (State.ANSWERED,),
    "answered_again": (State.ESCALATED,),
}
NEXT = {
    "answered": State.ANSWERED,
    "satisfied": State.CLOSED,
    "unsatisfied": State.ESCALATED,
    "answered_again": State.CLOSED,
}


@dataclass(frozen=True)
class Matter:
    """Where a question stands. `officer`: who has it now; `until`: when what runs is over; `answerer`: of the first."""

    state: State
    last: datetime
    officer: int
    until: datetime | None
    answerer: Who | None = None
    passes: int = 0


def fold(past: Sequence[Happening]) -> Matter:
    """Where the events lead to; the first is "asked"."""
    first, *rest = past
    matter = Matter(State.ASKED, first.at, first.data["officer"], first.until)
    for one in rest:
        matter = _step(matter, one)
    return matter


def follow(matter: Matter, one: Happening, *, passes_most: int) -> Matter:
    """Where one more event leads to. Raises Wrong("order"), ("backdated"), ("late"), ("passed"), ("same_officer")."""
    after(matter.last, one)
    if matter.state not in MAY[one.kind]:
        raise Wrong("order")
    if one.kind in ("satisfied", "unsatisfied") and over(matter, one.at):
        raise Wrong("late")
    if one.kind == "passed" and matter.passes >= passes_most:
        raise Wrong("passed")
    if one.kind == "answered_again" and one.by.is_person(matter.answerer):
        raise Wrong("same_officer")
    return _step(matter, one)


def over(matter: Matter, now: datetime) -> bool:
    """Closed: by what was said, or because the asker said nothing in the time for it."""
    silent = matter.state == State.ANSWERED and matter.until is not None and now >= matter.until
    return matter.state == State.CLOSED or silent


def _step(matter: Matter, one: Happening) -> Matter:
    if one.kind == "passed":
        return replace(matter, last=one.at, officer=one.data["officer"], passes=matter.passes + 1)
    answerer = one.by if one.kind == "answered" else matter.answerer
    officer = one.data.get("officer", matter.officer)
    return replace(matter, state=NEXT[one.kind], last=one.at, until=one.until, answerer=answerer, officer=officer)


def fewest(waiting: Sequence[tuple[int, int]]) -> int | None:
    """Of (person, questions they have): who has the fewest; None without anybody."""
    return min(waiting, key=lambda one: (one[1], one[0]))[0] if waiting else None
