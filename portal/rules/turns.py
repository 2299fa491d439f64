"""Whose turn it is on a need: what is to be done now, by whom, and by when. Pure: plain facts in, turns out.

The words for each `what` live in portal.words; a turn says only which of them it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

BUYER, SUPPLIER, BIDDERS, PLATFORM = "buyer", "supplier", "bidders", "platform"
SIDES = (BUYER, SUPPLIER)
ANCHORS = {"answer_change": "changes", "answer_ending": "ending"}


@dataclass(frozen=True)
class MilestoneFacts:
    """A milestone of a signed contract; `answer_by` is set while a result waits for the buyer's answer."""

    title: str
    due_at: datetime | None
    accepted: bool
    answer_by: datetime | None = None
    rework_by: datetime | None = None


@dataclass(frozen=True)
class NeedFacts:
    """What the turns follow from. `confirmed` and `rated` hold the sides that did.

    `asked`: who has to answer the other side about a contract, what, and by when.
    """

    need: int
    state: str
    direct: bool = False
    entry_closes_at: datetime | None = None
    open_questions: int = 0
    question_due: datetime | None = None
    competition: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    award: int | None = None
    confirm_by: datetime | None = None
    contract: int | None = None
    drafted: bool = False
    sign_by: datetime | None = None
    confirmed: frozenset[str] = frozenset()
    milestones: Sequence[MilestoneFacts] = ()
    asked: Sequence[tuple[str, str, datetime]] = ()
    rating_ends_at: datetime | None = None
    rated: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Turn:
    """`what` is a key of portal.words.TASKS; `subject` names the milestone, if it is about one."""

    who: str
    what: str
    due: datetime | None
    url: str
    subject: str = ""
    step: str = ""


def turns(facts: NeedFacts) -> list[Turn]:
    """Everything that is somebody's to do now, in no order. Ended needs ask for nothing."""
    return list(_BY_STATE.get(facts.state, _nothing)(facts))


def by_due(found: Iterable[Turn]) -> list[Turn]:
    """Earliest first; what has no deadline last."""
    return sorted(found, key=lambda turn: (turn.due is None, turn.due.timestamp() if turn.due else 0.0))


def _nothing(_facts: NeedFacts) -> Iterator[Turn]:
    return iter(())


def _draft(facts: NeedFacts) -> Iterator[Turn]:
    yield Turn(BUYER, "finish_draft", None, f"/needs/{facts.need}/edit/check/", step="notice")


def _published(facts: NeedFacts) -> Iterator[Turn]:
    yield from _questions(facts)
    if facts.direct:
        yield Turn(BUYER, "choose", facts.entry_closes_at, f"/needs/{facts.need}/choose/", step="notice")
    else:
        yield Turn(BIDDERS, "enter", facts.entry_closes_at, f"/needs/{facts.need}/", step="notice")


def _questions(facts: NeedFacts) -> Iterator[Turn]:
    if facts.open_questions:
        yield Turn(BUYER, "answer", facts.question_due, f"/needs/{facts.need}/#questions", step="questions")


def _competing(facts: NeedFacts) -> Iterator[Turn]:
    if facts.competition:
        yield Turn(BIDDERS, "bid", facts.ends_at, f"/competitions/{facts.competition}/", step="competition")


def _selected(facts: NeedFacts) -> Iterator[Turn]:
    if facts.award:
        yield Turn(SUPPLIER, "confirm_award", facts.confirm_by, f"/awards/{facts.award}/", step="award")


def _awarded(facts: NeedFacts) -> Iterator[Turn]:
    if facts.contract is None:
        return
    url = f"/contracts/{facts.contract}/"
    for side in SIDES:
        if not facts.drafted:
            yield Turn(side, "draft_contract", facts.sign_by, url, step="contract")
        elif side not in facts.confirmed:
            yield Turn(side, "confirm_contract", facts.sign_by, url, step="contract")
    if facts.confirmed.issuperset(SIDES):
        yield Turn(PLATFORM, "publicity", None, url, step="contract")


def _in_service(facts: NeedFacts) -> Iterator[Turn]:
    url = f"/contracts/{facts.contract}/"
    for side, what, due in facts.asked:
        yield Turn(side, what, due, f"{url}#{ANCHORS[what]}", step="delivery")
    for milestone in facts.milestones:
        if milestone.accepted:
            continue
        if milestone.answer_by:
            yield Turn(BUYER, "accept", milestone.answer_by, url, milestone.title, "delivery")
        else:
            what = "rework" if milestone.rework_by else "deliver"
            yield Turn(SUPPLIER, what, milestone.rework_by or milestone.due_at, url, milestone.title, "delivery")


def _completed(facts: NeedFacts) -> Iterator[Turn]:
    for side in SIDES:
        if side not in facts.rated and facts.contract:
            yield Turn(side, "rate", facts.rating_ends_at, f"/contracts/{facts.contract}/rate/", step="rating")


def _failed(facts: NeedFacts) -> Iterator[Turn]:
    yield Turn(BUYER, "relist", None, f"/needs/{facts.need}/", step="competition")


_BY_STATE = {
    "draft": _draft,
    "published": _published,
    "competing": _competing,
    "selected": _selected,
    "awarded": _awarded,
    "in_service": _in_service,
    "completed": _completed,
    "failed": _failed,
}
