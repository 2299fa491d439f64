"""The state machines, all of them and from every state: nothing anybody tries leads around the law.

Random walks prove little about states they seldom reach. Here everybody tries everything, early and late, from every
state there is, until nothing new is found.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from supervision.rules import cases, complaints, listings, repairs
from supervision.rules.process import SYSTEM, Happening, Who, Wrong

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LIMIT = timedelta(days=5)
SOON, LATE = timedelta(hours=1), timedelta(days=20)
ONE, TWO, THREE = (Who(n, 90 + n, "regulator") for n in (1, 2, 3))
CLERK, AGENCY = Who(4, 94, "operator"), Who(5, 95, "agency")
PEOPLE = (ONE, TWO, THREE, CLERK, AGENCY, SYSTEM)
HEAVY, LIGHT = {"measure": "suspension", "days": 30}, {"measure": "warning", "days": 30}


@dataclass(frozen=True)
class Machine:
    """`said`: what an event of a kind may say; `seen`: of a matter, what the rules may ask for beside its times."""

    rules: Any
    first: Happening
    said: Callable[[str, datetime], Iterator[dict[str, Any]]]
    seen: Callable[[Any], Any]


@dataclass(frozen=True)
class Taken:
    """One event the rules let happen; `past`: all before it, the first in front."""

    past: tuple[Happening, ...]
    before: Any
    one: Happening
    after: Any

    @property
    def edge(self) -> tuple[str, str, str]:
        return self.before.state.value, self.one.kind, self.after.state.value

    def last(self, *kinds: str) -> Happening | None:
        return next((each for each in reversed(self.past) if each.kind in kinds), None)


def tries(machine: Machine, matter: Any) -> Iterator[Happening]:
    for kind in machine.rules.MAY:
        for wait in (-SOON, SOON, LATE):
            at = matter.last + wait
            for said in machine.said(kind, at):
                for until in (None, at + LIMIT):
                    yield from (Happening(kind, at, by, until, said) for by in PEOPLE)


def explore(machine: Machine) -> list[Taken]:
    start = machine.rules.follow(None, machine.first)
    known, waiting, taken = {machine.seen(start)}, deque([((machine.first,), start)]), []
    while waiting:
        past, matter = waiting.popleft()
        for one in tries(machine, matter):
            try:
                after = machine.rules.follow(matter, one)
            except Wrong:
                continue
            taken.append(Taken(past, matter, one, after))
            mark = machine.seen(after)
            if mark not in known:
                known.add(mark)
                waiting.append(((*past, one), after))
    return taken


def said_in_cases(kind, _at):
    if kind == "review_decided":
        yield from ({"outcome": one, **LIGHT} for one in (*cases.OUTCOMES, "other"))
    elif kind in ("noticed", "proposed", "decided"):
        yield from (HEAVY, LIGHT, {"measure": "fine", "days": 30})
    else:
        yield {}


def seen_in_cases(matter):
    late = matter.review_until is not None and matter.last > matter.review_until
    times = {"last": None, "defence_until": None, "review_until": None, "started": None, "ends": None, "served": None}
    marks = matter.ready(matter.last + LATE), late, matter.ends is None, bool(matter.remaining)
    return replace(matter, **times, published_at=matter.published_at and START), marks


def said_in_listings(kind, at):
    if kind == "review_decided":
        yield from ({"outcome": one} for one in (*listings.OUTCOMES, "other"))
    elif kind == "listed":
        yield from ({"ends_at": None}, {"ends_at": (at - SOON).isoformat()}, {"ends_at": (at + LATE).isoformat()})
    else:
        yield {}


def seen_in_listings(entry):
    late = entry.review_until is not None and entry.last > entry.review_until
    times = {"last": None, "defence_until": None, "review_until": None, "ends": None, "left": None}
    marks = entry.ready(entry.last + LATE), late, entry.ends is None, bool(entry.left)
    return replace(entry, **times, listed_at=entry.listed_at and START), marks


def said_in_complaints(kind, at):
    if kind in ("decided", "review_decided"):
        yield from ({"outcome": one} for one in (*complaints.OUTCOMES, "kept", "reopened", "other"))
    elif kind == "notified":
        yield {"reply_until": at + LIMIT}
    elif kind == "pause_agreed":
        yield from ({"pause_until": at + LIMIT}, {})
    else:
        yield {"office": TWO.org}


def seen_in_complaints(matter):
    late = matter.until is not None and matter.last > matter.until
    marks = late, matter.heard(matter.last), matter.until is None
    times = {
        "last": None,
        "until": None,
        "reply_until": None,
        "paused_at": None,
        "pause_until": None,
        "paused_for": None,
    }
    beside = {"suspended": False, "case_opened": False, "complainant_case": False, "malicious": False, "offices": (),
              "officer": None, "asked_missing": False}  # fmt: skip
    return replace(matter, **times, **beside), marks


def said_of_nothing(_kind, _at):
    yield {}


MACHINES = {
    "cases": Machine(cases, Happening("opened", START, ONE), said_in_cases, seen_in_cases),
    "listings": Machine(listings, Happening("proposed", START, ONE), said_in_listings, seen_in_listings),
    "repairs": Machine(
        repairs, Happening("applied", START, AGENCY), said_of_nothing, lambda matter: replace(matter, last=None)
    ),
    "complaints": Machine(
        complaints, Happening("filed", START, SYSTEM, START + LIMIT, {"office": ONE.org}), said_in_complaints,
        seen_in_complaints,
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def found():
    return {name: explore(machine) for name, machine in MACHINES.items()}


@pytest.mark.parametrize("name", MACHINES)
def test_every_state_is_reached_and_nothing_is_ever_backdated(found, name):
    reached = {taken.after.state for taken in found[name]} | {taken.before.state for taken in found[name]}
    assert reached == set(MACHINES[name].rules.State)
    assert all(taken.one.at >= taken.past[-1].at for taken in found[name])
    assert {taken.one.kind for taken in found[name]} == set(MACHINES[name].rules.MAY)


def test_no_case_is_decided_around_notice_and_defence_nor_by_who_reported_it(found):
    for taken in found["cases"]:
        notice, one = taken.last("noticed"), taken.one
        if one.kind in ("proposed", "decided"):
            spoke = taken.last("defended", "waived", "noticed")
            assert notice
            assert spoke is not notice or one.at >= notice.until
            wanted = cases.Sanction(one.data["measure"], one.data["days"])
            assert wanted.within(cases.Sanction(notice.data["measure"], notice.data["days"]))
        if one.kind in ("proposed", "sent_back", "decided", "review_decided", "dropped"):
            assert one.by.user not in (None, taken.past[0].by.user)
        if taken.after.state == cases.State.IN_FORCE:
            assert taken.last("published") or one.kind == "published"
            assert taken.after.ends
            assert taken.after.ends > one.at or one.kind != "enforced"
        else:
            assert taken.after.ends is None, "felt outside its time"


def test_two_decide_what_is_felt_and_somebody_else_reviews(found):
    for taken in found["cases"]:
        if taken.one.kind == "decided" and taken.one.data["measure"] in cases.BY_TWO:
            proposal = taken.last("proposed")
            assert proposal.by.user != taken.one.by.user
            assert "regulator" in (proposal.by.kind, taken.one.by.kind)
        if taken.one.kind == "review_decided":
            decided = taken.last("decided")
            assert taken.one.by.user not in {decided.by.user, taken.past[0].by.user}
            assert taken.after.decided.within(taken.before.decided)


@pytest.mark.parametrize("name", ["cases", "listings"])
def test_a_review_is_asked_for_once_and_is_not_felt_until_it_is_decided(found, name):
    for taken in found[name]:
        if taken.one.kind == "review_asked":
            assert taken.last("review_asked") is None
            assert taken.after.ends is None


def test_nobody_is_listed_around_notice_and_hearing_without_a_second_person_and_an_end(found):
    for taken in found["listings"]:
        one, notice = taken.one, taken.last("noticed")
        if taken.after.state == listings.State.LISTED:
            assert taken.after.ends
            assert taken.last("listed") or one.kind == "listed"
        else:
            assert taken.after.ends is None or taken.after.state in OVER, "felt outside its time"
        if one.kind == "listed":
            spoke = taken.last("defended", "waived", "noticed")
            assert notice
            assert spoke is not notice or one.at >= notice.until
            assert one.by.kind == "regulator"
            assert one.by.user != taken.past[0].by.user
            assert taken.after.ends > one.at
        if one.kind == "review_decided":
            assert one.by.user not in {taken.past[0].by.user, taken.last("listed").by.user}


OVER = (listings.State.DELISTED, listings.State.CORRECTED)  # `ends` says when its term was over


def test_a_repair_is_granted_after_its_papers_were_complete_and_revoked_by_somebody_else(found):
    for taken in found["repairs"]:
        if taken.one.kind in ("granted", "refused"):
            assert taken.past[-1].kind == "accepted"
            assert taken.one.by.kind == "regulator"
        if taken.one.kind == "broken":
            assert taken.one.by.user != taken.last("granted").by.user
        if taken.one.kind == "missing":
            assert taken.last("missing") is None


def test_no_complaint_is_upheld_unheard_nor_reviewed_by_who_decided_nor_paused_without_an_end(found):
    for taken in found["complaints"]:
        one = taken.one
        if one.kind in ("decided", "review_decided") and one.data["outcome"] in complaints.HELD:
            asked = taken.last("notified")
            assert taken.last("replied") or one.at >= asked.data["reply_until"]
        if one.kind == "review_decided":
            assert one.by.user != taken.last("decided", "rejected").by.user
        if one.kind == "pause_agreed":
            assert taken.after.pause_until > one.at
            assert one.by.user != taken.last("pause_asked").by.user
        if one.kind in ("rejected", "transferred", "decided", "review_decided", "malicious"):
            assert one.by.user is not None
