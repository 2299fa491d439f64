"""The way of a repair: applied, complete or one notice of what is missing, reviewed, granted or refused; and broken."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from supervision.rules.process import Happening, Term, Who, Wrong, after


class State(StrEnum):
    APPLIED = "applied"
    INCOMPLETE = "incomplete"
    COMPLETE = "complete"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    BROKEN = "broken"


OPEN = frozenset({State.APPLIED, State.INCOMPLETE, State.COMPLETE})


@dataclass(frozen=True)
class Application:
    """A repair as its events have made it. `reporters`: who brought the matter up and may not decide on it."""

    state: State
    last: datetime
    asked: bool = False
    decider: Who | None = None


@dataclass(frozen=True)
class Eligibility:
    """What decides whether a repair may be asked for; every moment of the past that matters."""

    published_at: datetime
    publicity_ends: datetime
    broken_until: datetime | None
    ours: bool


def hindrance(facts: Eligibility, at: datetime) -> str:
    """Why no repair may be asked for now: "authority", "publicity", "broken"; or ""."""
    if not facts.ours:
        return "authority"
    if facts.broken_until is not None and at < facts.broken_until:
        return "broken"
    return "publicity" if at < facts.publicity_ends else ""


def fold(happenings: Iterable[Happening]) -> Application:
    """All events from the first. Raises Wrong, and ValueError when there are none."""
    application: Application | None = None
    for one in happenings:
        application = follow(application, one)
    if application is None:
        raise ValueError("a repair without events")
    return application


def follow(application: Application | None, one: Happening) -> Application:
    """The application after one more event. Raises Wrong with the reason's code."""
    if application is None:
        if one.kind != "applied" or one.by.kind != "agency":
            raise Wrong("order")
        return Application(State.APPLIED, one.at)
    after(application.last, one)
    if application.state not in MAY.get(one.kind, frozenset()):
        raise Wrong("order")
    return replace(STEPS[one.kind](application, one), last=one.at)


def _missing(application: Application, one: Happening) -> Application:
    """What is missing is said once and whole."""
    _officer(one)
    if application.asked:
        raise Wrong("asked_once")
    return replace(application, state=State.INCOMPLETE, asked=True)


def _supplemented(application: Application, one: Happening) -> Application:  # noqa: ARG001 - as all steps
    return replace(application, state=State.APPLIED)


def _accepted(application: Application, one: Happening) -> Application:
    _officer(one)
    return replace(application, state=State.COMPLETE)


def _granted(application: Application, one: Happening) -> Application:
    _officer(one)
    return replace(application, state=State.GRANTED, decider=one.by)


def _refused(application: Application, one: Happening) -> Application:
    _officer(one)
    return replace(application, state=State.REFUSED, decider=one.by)


def _withdrawn(application: Application, one: Happening) -> Application:  # noqa: ARG001 - as all steps
    return replace(application, state=State.WITHDRAWN)


def _broken(application: Application, one: Happening) -> Application:
    """Somebody else than who granted it finds that the promise was not kept."""
    _officer(one)
    if one.by.is_person(application.decider):
        raise Wrong("same_officer")
    return replace(application, state=State.BROKEN)


def _officer(one: Happening) -> None:
    if one.by.user is None or one.by.kind != "regulator":
        raise Wrong("authority")


TERMS: Mapping[str, Term] = {
    "applied": Term("repair.check", "check"),
    "supplemented": Term("repair.check", "check"),
    "missing": Term("repair.supplement", "supplement"),
    "accepted": Term("repair.review", "review"),
}
MAY: Mapping[str, frozenset[State]] = {
    "missing": frozenset({State.APPLIED}),
    "supplemented": frozenset({State.INCOMPLETE}),
    "accepted": frozenset({State.APPLIED}),
    "granted": frozenset({State.COMPLETE}),
    "refused": frozenset({State.COMPLETE}),
    "withdrawn": OPEN,
    "broken": frozenset({State.GRANTED}),
}
STEPS: Mapping[str, Callable[[Application, Happening], Application]] = {
    "missing": _missing,
    "supplemented": _supplemented,
    "accepted": _accepted,
    "granted": _granted,
    "refused": _refused,
    "withdrawn": _withdrawn,
    "broken": _broken,
}
