"""The way of a complaint: filed, completed once, accepted or not, the other side heard, decided with reasons, reviewed.

`follow` takes a complaint one event further or says why not; `fold` is the whole of it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from supervision.rules.process import Happening, Term, Who, Wrong, after


class State(StrEnum):
    FILED = "filed"
    INCOMPLETE = "incomplete"
    REJECTED = "rejected"
    TRANSFERRED = "transferred"
    ACCEPTED = "accepted"
    INVESTIGATING = "investigating"
    PAUSED = "paused"
    DECIDED = "decided"
    REVIEW = "review"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


RUNNING = frozenset({State.ACCEPTED, State.INVESTIGATING, State.PAUSED})
OUTCOMES = frozenset({"upheld", "partly", "dismissed"})
HELD = OUTCOMES - {"dismissed"}
# From which event on the time to decide runs, by the rule set's "decide_from".
DECIDES_FROM: Mapping[str, frozenset[str]] = {
    "acceptance": frozenset({"accepted"}),
    "filing": frozenset({"filed", "completed", "review_decided"}),
}


@dataclass(frozen=True)
class Matter:
    """A complaint as its events have made it."""

    state: State
    last: datetime
    until: datetime | None  # of the step that runs now
    asked_missing: bool = False
    reply_until: datetime | None = None
    replied: bool = False
    suspended: bool = False
    pause_asked: Who | None = None
    paused_at: datetime | None = None
    pause_until: datetime | None = None
    paused_for: timedelta = timedelta()  # by all pauses that have ended
    decider: Who | None = None
    outcome: str = ""
    reviewed: bool = False
    malicious: bool = False
    case_opened: bool = False
    complainant_case: bool = False
    offices: tuple[int, ...] = ()  # regulators that answered for it, the present one last
    officer: Who | None = None
    facts: tuple[str, ...] = ()  # of an objection: which of the published facts

    @property
    def office(self) -> int | None:
        return self.offices[-1] if self.offices else None

    def heard(self, at: datetime) -> bool:
        """Has the other side replied, or let the time for it pass?"""
        return self.replied or (self.reply_until is not None and at >= self.reply_until)


def fold(happenings: Iterable[Happening]) -> Matter:
    """All events from the first. Raises Wrong, and ValueError when there are none."""
    matter: Matter | None = None
    for one in happenings:
        matter = follow(matter, one)
    if matter is None:
        raise ValueError("a complaint without events")
    return matter


class Dated(Protocol):
    """An event, as the rules or a table have it."""

    @property
    def kind(self) -> str: ...
    @property
    def at(self) -> datetime: ...


def decides_from(events: Iterable[Dated], begins: str) -> datetime | None:
    """The moment the time to decide runs from, after these events; `begins`: a key of DECIDES_FROM."""
    found = [one.at for one in events if one.kind in DECIDES_FROM[begins]]
    return found[-1] if found else None


def follow(matter: Matter | None, one: Happening) -> Matter:
    """The complaint after one more event. Raises Wrong with the reason's code."""
    if matter is None:
        if one.kind != "filed":
            raise Wrong("order")
        office, facts = one.data.get("office"), tuple(one.data.get("facts", ()))
        offices = (office,) if isinstance(office, int) else ()
        return Matter(State.FILED, one.at, one.until, offices=offices, facts=facts)
    after(matter.last, one)
    if matter.state not in MAY.get(one.kind, frozenset()):
        raise Wrong("order")
    return replace(STEPS[one.kind](matter, one), last=one.at)


def _missing_asked(matter: Matter, one: Happening) -> Matter:
    if matter.asked_missing:
        raise Wrong("once")
    return replace(matter, state=State.INCOMPLETE, until=one.until, asked_missing=True)


def _completed(matter: Matter, one: Happening) -> Matter:
    return replace(matter, state=State.FILED, until=one.until)


def _lapsed(matter: Matter, one: Happening) -> Matter:
    if matter.until is None or one.at < matter.until:
        raise Wrong("early")
    return replace(matter, state=State.WITHDRAWN, until=None)


def _passed(matter: Matter, one: Happening) -> Matter:
    """By whoever answers for it, to a body that did not have it yet."""
    _a_person(one)
    office = one.data.get("office")
    if matter.office not in (None, one.by.org):
        raise Wrong("office")
    if not isinstance(office, int) or office in matter.offices or office == one.by.org:
        raise Wrong("passed")
    return replace(matter, until=one.until, offices=(*matter.offices, office), officer=None)


def _taken(matter: Matter, one: Happening) -> Matter:
    _a_person(one)
    if matter.office not in (None, one.by.org):
        raise Wrong("office")
    if one.by.is_person(matter.officer):
        raise Wrong("taken")
    return replace(matter, offices=_with(matter, one.by), officer=one.by)


def _with(matter: Matter, by: Who) -> tuple[int, ...]:
    """Whoever does the office's work answers for it from then on."""
    return matter.offices if by.org in (None, matter.office) else (*matter.offices, by.org)


def _accepted(matter: Matter, one: Happening) -> Matter:
    same = matter.officer is not None and matter.officer.org == one.by.org
    officer = matter.officer if same else one.by
    return replace(matter, state=State.ACCEPTED, until=one.until, offices=_with(matter, one.by), officer=officer)


def _refused(matter: Matter, one: Happening) -> Matter:
    _a_person(one)
    return replace(matter, state=State(one.kind), until=one.until, decider=one.by)


def _notified(matter: Matter, one: Happening) -> Matter:
    reply_until = one.data.get("reply_until")
    if not isinstance(reply_until, datetime) or reply_until <= one.at:
        raise Wrong("reply")
    return replace(matter, state=State.INVESTIGATING, until=one.until, reply_until=reply_until)


def _replied(matter: Matter, _one: Happening) -> Matter:
    return replace(matter, replied=True)


def _suspended(matter: Matter, _one: Happening) -> Matter:
    if matter.suspended:
        raise Wrong("suspended")
    return replace(matter, suspended=True)


def _resumed(matter: Matter, _one: Happening) -> Matter:
    if not matter.suspended:
        raise Wrong("order")
    return replace(matter, suspended=False)


def _pause_asked(matter: Matter, one: Happening) -> Matter:
    _a_person(one)
    if matter.pause_asked:
        raise Wrong("pause_asked")
    return replace(matter, pause_asked=one.by)


def _pause_agreed(matter: Matter, one: Happening) -> Matter:
    """Nobody stops their own clock: another person, and of a regulator."""
    _a_person(one)
    if matter.pause_asked is None:
        raise Wrong("order")
    if one.by.is_person(matter.pause_asked) or one.by.kind != "regulator":
        raise Wrong("pause_second")
    until = one.data.get("pause_until")
    if not isinstance(until, datetime) or until <= one.at:
        raise Wrong("pause_end")
    return replace(matter, state=State.PAUSED, paused_at=one.at, pause_until=until, pause_asked=None)


def _pause_refused(matter: Matter, one: Happening) -> Matter:
    """By whoever asked, too: nothing comes of it."""
    _a_person(one)
    if matter.pause_asked is None:
        raise Wrong("order")
    return replace(matter, pause_asked=None)


def _paused(matter: Matter, one: Happening) -> Matter:
    """As it was before a second person had to agree; such complaints are read as they were handled."""
    return replace(matter, state=State.PAUSED, paused_at=one.at, pause_until=None)


def _continued(matter: Matter, one: Happening) -> Matter:
    """The time of an expert's opinion does not count: the limit moves by as long as it took, or was to take at most."""
    limit = matter.pause_until or one.data.get("pause_until")
    took = min(one.at, limit or one.at) - (matter.paused_at or one.at)
    if one.until and matter.until and one.until < matter.until:
        raise Wrong("pause_end")
    return replace(
        matter,
        state=State.INVESTIGATING,
        # Events from before ends were counted in working days say none.
        until=one.until or (matter.until + took if matter.until else None),
        paused_at=None,
        pause_until=None,
        paused_for=matter.paused_for + took,
    )


def _decided(matter: Matter, one: Happening) -> Matter:
    _a_person(one)
    outcome = one.data.get("outcome")
    if outcome not in OUTCOMES:
        raise Wrong("outcome")
    if outcome != "dismissed" and not matter.heard(one.at):
        raise Wrong("unheard")
    return replace(matter, state=State.DECIDED, until=one.until, decider=one.by, outcome=str(outcome))


def _withdrawn(matter: Matter, _one: Happening) -> Matter:
    return replace(matter, state=State.WITHDRAWN, until=None)


def _review_asked(matter: Matter, one: Happening) -> Matter:
    if matter.until is None or one.at > matter.until:
        raise Wrong("late")
    return replace(matter, state=State.REVIEW, until=one.until, reviewed=True)


def _review_decided(matter: Matter, one: Happening) -> Matter:
    """Another officer; what was refused may be taken up again, what was decided gets its final outcome."""
    _a_person(one)
    if one.by.is_person(matter.decider):
        raise Wrong("same_officer")
    outcome = one.data.get("outcome")
    if outcome == "reopened" and not matter.outcome:
        return replace(matter, state=State.ACCEPTED, until=one.until, decider=None)
    if outcome == "kept":
        return replace(matter, state=State.CLOSED, until=None)
    if outcome not in OUTCOMES or not matter.outcome or outcome == matter.outcome:
        raise Wrong("outcome")
    if outcome != "dismissed" and not matter.heard(one.at):
        raise Wrong("unheard")
    return replace(matter, state=State.CLOSED, until=None, outcome=str(outcome))


def _malicious(matter: Matter, one: Happening) -> Matter:
    _a_person(one)
    if matter.outcome != "dismissed" or matter.malicious:
        raise Wrong("malicious")
    return replace(matter, malicious=True)


def _case_opened(matter: Matter, _one: Happening) -> Matter:
    """One complaint, one case: nobody answers twice for the same."""
    if matter.case_opened:
        raise Wrong("case_open")
    return replace(matter, case_opened=True)


def _complainant_case(matter: Matter, one: Happening) -> Matter:
    """On whoever complained knowingly wrong, once, and not before nobody can ask for a review any more."""
    _a_person(one)
    if not matter.malicious or matter.outcome != "dismissed":
        raise Wrong("malicious")
    if matter.complainant_case:
        raise Wrong("case_open")
    if matter.state == State.DECIDED and matter.until is not None and one.at <= matter.until:
        raise Wrong("early")
    return replace(matter, complainant_case=True)


def _mended(matter: Matter, one: Happening) -> Matter:
    """The agency says what it has corrected after an objection to it held."""
    _a_person(one)
    if matter.outcome not in HELD:
        raise Wrong("outcome")
    return matter


def _noted(matter: Matter, _one: Happening) -> Matter:
    return matter


def _a_person(one: Happening) -> None:
    if one.by.user is None:
        raise Wrong("nobody")


def _only(state: State) -> frozenset[State]:
    return frozenset({state})


DECIDE = "complaint.decide"
TERMS: Mapping[str, Term] = {
    "filed": Term("complaint.accept", "accept"),
    "missing_asked": Term("complaint.complete", "complete", right=True),
    "completed": Term("complaint.accept", "accept"),
    "passed": Term("complaint.accept", "accept"),
    "accepted": Term("complaint.notify", "notify"),
    "notified": Term(DECIDE, "decide"),
    "decided": Term("complaint.ask_review", "review_ask", right=True),
    "review_asked": Term("complaint.review", "review_decide"),
    "review_decided": Term("complaint.notify", "notify"),  # of a rejected one that is taken up after all
}
REPLY = Term("complaint.reply", "reply", right=True)  # begun by "notified", beside the decision
MAY: Mapping[str, frozenset[State]] = {
    "missing_asked": _only(State.FILED),
    "completed": _only(State.INCOMPLETE),
    "lapsed": _only(State.INCOMPLETE),
    "passed": _only(State.FILED),
    "taken": frozenset({State.FILED, State.INCOMPLETE, *RUNNING}),
    "accepted": _only(State.FILED),
    "rejected": _only(State.FILED),
    "transferred": _only(State.FILED),
    "notified": _only(State.ACCEPTED),
    "replied": frozenset({State.INVESTIGATING, State.PAUSED}),
    "suspended": RUNNING,
    "resumed": frozenset(State),
    "pause_asked": _only(State.INVESTIGATING),
    "pause_agreed": _only(State.INVESTIGATING),
    "pause_refused": _only(State.INVESTIGATING),
    "paused": _only(State.INVESTIGATING),
    "continued": _only(State.PAUSED),
    "evidence": frozenset({State.FILED, State.INCOMPLETE, *RUNNING}),
    "decided": _only(State.INVESTIGATING),
    "withdrawn": frozenset({State.FILED, State.INCOMPLETE, *RUNNING}),
    "review_asked": frozenset({State.DECIDED, State.REJECTED}),
    "review_decided": _only(State.REVIEW),
    "malicious": frozenset({State.DECIDED, State.CLOSED}),
    "complainant_case": frozenset({State.DECIDED, State.CLOSED}),
    "mended": frozenset({State.DECIDED, State.REVIEW, State.CLOSED}),
    "case_opened": frozenset({State.INVESTIGATING, State.PAUSED, State.DECIDED, State.REVIEW, State.CLOSED}),
}
STEPS: Mapping[str, Callable[[Matter, Happening], Matter]] = {
    "missing_asked": _missing_asked,
    "completed": _completed,
    "lapsed": _lapsed,
    "passed": _passed,
    "taken": _taken,
    "accepted": _accepted,
    "rejected": _refused,
    "transferred": _refused,
    "notified": _notified,
    "replied": _replied,
    "suspended": _suspended,
    "resumed": _resumed,
    "pause_asked": _pause_asked,
    "pause_agreed": _pause_agreed,
    "pause_refused": _pause_refused,
    "paused": _paused,
    "continued": _continued,
    "evidence": _noted,
    "decided": _decided,
    "withdrawn": _withdrawn,
    "review_asked": _review_asked,
    "review_decided": _review_decided,
    "malicious": _malicious,
    "case_opened": _case_opened,
    "complainant_case": _complainant_case,
    "mended": _mended,
}
