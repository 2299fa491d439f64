"""The way of a case: notice, defence, decision, publication, review with stay, in force, ended.

`follow` takes a case one event further or says why not; `fold` is the whole of it. There is no other way in.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from supervision.rules.process import Happening, Term, Who, Wrong, after


class State(StrEnum):
    OPEN = "open"
    NOTICED = "noticed"
    HEARD = "heard"
    PROPOSED = "proposed"
    DECIDED = "decided"
    IN_FORCE = "in_force"
    STAYED = "stayed"
    LIFTED = "lifted"
    ENDED = "ended"
    DROPPED = "dropped"
    REVOKED = "revoked"


WEIGHT = {"reminder": 1, "warning": 2, "suspension": 3, "removal": 4}
BY_TWO = frozenset({"suspension", "removal"})  # need a proposer and a second person who decides
OUTCOMES = frozenset({"upheld", "changed", "revoked"})


@dataclass(frozen=True)
class Sanction:
    """A measure and how long it lasts."""

    kind: str
    days: int

    def within(self, other: "Sanction") -> bool:
        """Not heavier than another: a lighter kind, or the same kind no longer."""
        lighter = WEIGHT[self.kind] < WEIGHT[other.kind]
        return lighter or (self.kind == other.kind and self.days <= other.days)


@dataclass(frozen=True)
class Matter:
    """A case as its events have made it."""

    state: State
    last: datetime
    reporter: Who
    noticed: Sanction | None = None
    defence_until: datetime | None = None
    heard: bool = False
    proposer: Who | None = None
    proposed: Sanction | None = None
    decider: Who | None = None
    decided: Sanction | None = None
    published_at: datetime | None = None
    review_until: datetime | None = None
    reviewed: bool = False
    lifted: bool = False  # by a repair whose promise was kept so far
    started: datetime | None = None
    ends: datetime | None = None
    served: timedelta = timedelta()

    def ready(self, at: datetime) -> bool:
        """Has the respondent been heard, or let the time for it pass?"""
        return self.heard or (self.defence_until is not None and at >= self.defence_until)

    @property
    def remaining(self) -> timedelta:
        """What is left of the decided term."""
        return max(timedelta(days=self.decided.days) - self.served, timedelta()) if self.decided else timedelta()


def fold(happenings: Iterable[Happening]) -> Matter:
    """All events from the first. Raises Wrong, and ValueError when there are none."""
    matter: Matter | None = None
    for one in happenings:
        matter = follow(matter, one)
    if matter is None:
        raise ValueError("a case without events")
    return matter


def defence(kinds: Iterable[str]) -> str:
    """How the respondent used the right to be heard: "defended", "waived", or "" when nothing came in time."""
    told = [kind for kind in kinds if kind in ("noticed", "defended", "waived")]
    if "defended" in told:
        return "defended"
    return "waived" if told[-1:] == ["waived"] else ""


def follow(matter: Matter | None, one: Happening) -> Matter:
    """The case after one more event. Raises Wrong with the reason's code."""
    if matter is None:
        if one.kind != "opened":
            raise Wrong("order")
        return Matter(State.OPEN, one.at, one.by)
    after(matter.last, one)
    allowed = MAY.get(one.kind, frozenset())
    if matter.state not in allowed:
        raise Wrong("order")
    return replace(STEPS[one.kind](matter, one), last=one.at)


def _noticed(matter: Matter, one: Happening) -> Matter:
    if one.until is None or one.until <= one.at:
        raise Wrong("defence")
    return replace(
        matter, state=State.NOTICED, noticed=_sanction(one), defence_until=one.until, heard=False, proposer=None
    )


def _heard(matter: Matter, _one: Happening) -> Matter:
    return replace(matter, state=State.HEARD, heard=True)


def _dropped(matter: Matter, one: Happening) -> Matter:
    _not(one, matter.reporter, "reporter")
    return replace(matter, state=State.DROPPED)


def _proposed(matter: Matter, one: Happening) -> Matter:
    _not(one, matter.reporter, "reporter")
    wanted = _fit(matter, one)
    return replace(matter, state=State.PROPOSED, proposer=one.by, proposed=wanted)


def _sent_back(matter: Matter, one: Happening) -> Matter:
    _not(one, matter.reporter, "reporter")
    _not(one, matter.proposer, "second")
    return replace(matter, state=State.HEARD, proposer=None, proposed=None)


def _decided(matter: Matter, one: Happening) -> Matter:
    _not(one, matter.reporter, "reporter")
    _not(one, matter.proposer, "second")
    wanted = _fit(matter, one)
    if wanted.kind in BY_TWO:
        if matter.proposer is None or matter.proposed is None or not wanted.within(matter.proposed):
            raise Wrong("second")
        if "regulator" not in (matter.proposer.kind, one.by.kind):
            raise Wrong("panel")
    return replace(matter, state=State.DECIDED, decider=one.by, decided=wanted)


def _published(matter: Matter, one: Happening) -> Matter:
    if matter.published_at is not None:
        raise Wrong("published")
    if one.until is None or one.until <= one.at:
        raise Wrong("review")
    return replace(matter, published_at=one.at, review_until=one.until)


def _enforced(matter: Matter, one: Happening) -> Matter:
    """Only what was published is put in force, and never longer than what is left of the term."""
    if matter.published_at is None:
        raise Wrong("unpublished")
    if one.until is None or one.until <= one.at or one.until > one.at + matter.remaining:
        raise Wrong("term")
    return replace(matter, state=State.IN_FORCE, started=one.at, ends=one.until)


def _review_asked(matter: Matter, one: Happening) -> Matter:
    if matter.reviewed:
        raise Wrong("reviewed")
    if matter.review_until is None or one.at > matter.review_until:
        raise Wrong("late")
    return replace(_interrupted(matter, one.at), state=State.STAYED, reviewed=True)


def _review_decided(matter: Matter, one: Happening) -> Matter:
    for who in (matter.decider, matter.proposer, matter.reporter):
        _not(one, who, "same_officer")
    outcome = one.data.get("outcome")
    if outcome not in OUTCOMES or matter.decided is None:
        raise Wrong("outcome")
    if outcome == "revoked":
        return replace(matter, state=State.REVOKED)
    decided = matter.decided
    if outcome == "changed":
        decided = _sanction(one)
        if not decided.within(matter.decided) or decided == matter.decided:
            raise Wrong("heavier")
    changed = replace(matter, decided=decided)
    if not changed.remaining:
        return replace(changed, state=State.ENDED)
    return replace(changed, state=State.LIFTED if matter.lifted else State.DECIDED)


def _ended(matter: Matter, one: Happening) -> Matter:
    if matter.ends is None or one.at < matter.ends:
        raise Wrong("early")
    return replace(_interrupted(matter, one.at), state=State.ENDED)


def _lifted(matter: Matter, one: Happening) -> Matter:
    return replace(_interrupted(matter, one.at), state=State.LIFTED, lifted=True)


def _restored(matter: Matter, _one: Happening) -> Matter:
    return replace(matter, state=State.DECIDED if matter.remaining else State.ENDED, lifted=False)


def _corrected(matter: Matter, _one: Happening) -> Matter:
    """A correction says more; it changes nothing that was said."""
    if matter.published_at is None:
        raise Wrong("unpublished")
    return matter


def _interrupted(matter: Matter, at: datetime) -> Matter:
    """The time served counts, whatever ends or stays the measure."""
    if matter.started is None or matter.ends is None:
        return matter
    return replace(matter, served=matter.served + (min(at, matter.ends) - matter.started), started=None, ends=None)


def _sanction(one: Happening) -> Sanction:
    kind, days = one.data.get("measure"), one.data.get("days")
    if kind not in WEIGHT or not isinstance(days, int) or days < 1:
        raise Wrong("term")
    return Sanction(kind, days)


def _fit(matter: Matter, one: Happening) -> Sanction:
    """What may be decided: the respondent was heard or had the time, and nothing heavier than was announced."""
    if matter.noticed is None or not matter.ready(one.at):
        raise Wrong("unheard")
    wanted = _sanction(one)
    if not wanted.within(matter.noticed):
        raise Wrong("heavier")
    return wanted


def _not(one: Happening, who: Who | None, code: str) -> None:
    """Decisions are a person's, and not this one's."""
    if one.by.user is None:
        raise Wrong("nobody")
    if one.by.is_person(who):
        raise Wrong(code)


TERMS: Mapping[str, Term] = {
    "opened": Term("case.notice", "notice"),
    "noticed": Term("case.defence", "defence", right=True),
    "defended": Term("case.decide", "decide"),
    "waived": Term("case.decide", "decide"),
    "proposed": Term("case.second", "decide"),
    "sent_back": Term("case.decide", "decide"),
    "decided": Term("case.publish", "publish"),
    "published": Term("case.ask_review", "review_ask", right=True),
    "review_asked": Term("case.review", "review_decide"),
}
SILENCE = Term("case.decide", "decide")  # begun by the end of a defence nobody made
MAY: Mapping[str, frozenset[State]] = {
    "noticed": frozenset({State.OPEN, State.NOTICED, State.HEARD}),
    "defended": frozenset({State.NOTICED, State.HEARD}),
    "waived": frozenset({State.NOTICED}),
    "dropped": frozenset({State.OPEN, State.NOTICED, State.HEARD, State.PROPOSED}),
    "proposed": frozenset({State.NOTICED, State.HEARD}),
    "sent_back": frozenset({State.PROPOSED}),
    "decided": frozenset({State.NOTICED, State.HEARD, State.PROPOSED}),
    "published": frozenset({State.DECIDED}),
    "enforced": frozenset({State.DECIDED}),
    "review_asked": frozenset({State.IN_FORCE, State.ENDED, State.LIFTED}),
    "review_decided": frozenset({State.STAYED}),
    "ended": frozenset({State.IN_FORCE}),
    "lifted": frozenset({State.IN_FORCE}),
    "restored": frozenset({State.LIFTED}),
    "corrected": frozenset(State),
}
STEPS: Mapping[str, Callable[[Matter, Happening], Matter]] = {
    "noticed": _noticed,
    "defended": _heard,
    "waived": _heard,
    "dropped": _dropped,
    "proposed": _proposed,
    "sent_back": _sent_back,
    "decided": _decided,
    "published": _published,
    "enforced": _enforced,
    "review_asked": _review_asked,
    "review_decided": _review_decided,
    "ended": _ended,
    "lifted": _lifted,
    "restored": _restored,
    "corrected": _corrected,
}
