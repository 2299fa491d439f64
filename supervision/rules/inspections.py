"""How an inspection goes: its stages, what may follow what, and what a set of findings allows to conclude."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum


class Stage(StrEnum):
    DRAWN = "drawn"
    NOTICED = "noticed"
    CONCLUDED = "concluded"
    FIXING = "fixing"
    REPORTED = "reported"
    CLOSED = "closed"


class Outcome(StrEnum):
    OK = "ok"
    FIX = "fix"
    CASE = "case"


class Verdict(StrEnum):
    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    NONE = "none"


# (stage, what happens) -> stage; where a pair is missing the step is refused.
STEPS: Mapping[tuple[Stage, str], Stage] = {
    (Stage.DRAWN, "notify"): Stage.NOTICED,
    (Stage.NOTICED, "conclude"): Stage.CONCLUDED,
    (Stage.CONCLUDED, "publish"): Stage.CLOSED,
    (Stage.CONCLUDED, "publish_fix"): Stage.FIXING,
    (Stage.FIXING, "report"): Stage.REPORTED,
    (Stage.FIXING, "follow"): Stage.CLOSED,
    (Stage.REPORTED, "follow"): Stage.CLOSED,
}


def round_window(year: int, place: int, per_year: int) -> tuple[date, date]:
    """The part of a year in which the n-th of so many rounds is to be drawn: its first day, and the day after it."""
    first, days = date(year, 1, 1), (date(year + 1, 1, 1) - date(year, 1, 1)).days
    return first + timedelta(days=days * (place - 1) // per_year), first + timedelta(days=days * place // per_year)


def round_due(year: int, place: int, per_year: int, published: date | None) -> tuple[date, date]:
    """The same for a plan as it was published: a part of the year that was over by then ends with the next one."""
    first, after = round_window(year, place, per_year)
    for later in range(place + 1, per_year + 1):
        if published is None or after > published:
            break
        _first, after = round_window(year, later, per_year)
    return first, after


def after(stage: Stage, step: str) -> Stage | None:
    """The stage a step leads to, or None where it may not be taken."""
    return STEPS.get((stage, step))


def publishing(outcome: Outcome) -> str:
    """How a result is published: one that asks for mending starts a limit, others end the matter."""
    return "publish_fix" if outcome == Outcome.FIX else "publish"


def open_points(points: int, marked: Mapping[int, Verdict]) -> list[int]:
    """Points of the standard nobody has marked yet."""
    return [point for point in range(points) if point not in marked]


def fits(outcome: Outcome, verdicts: Iterable[Verdict]) -> bool:
    """A clean result has no failed point, any other has one at least."""
    return (Verdict.FAIL in set(verdicts)) != (outcome == Outcome.OK)
