"""Something mine to do, wherever it comes from: a need's story, money, or a step of supervision."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from contracts.models import Milestone
from payments.selectors.chores import Chore, chores, paid_references
from portal import words
from portal.rules.turns import Turn
from portal.selectors import held
from portal.selectors.stories import Story
from portal.selectors.worklist import steps_of
from supervision.kinds import label

ANSWERS = ("defend", "reply", "complete", "fix", "answer")


@dataclass(frozen=True)
class Task:
    """`what` is a key of portal.words.TASKS; `about` names the matter, `subject` a part of it."""

    what: str
    about: str
    url: str
    due: datetime | None
    late: bool = False
    number: str = ""
    subject: str = ""
    said: str = ""

    @property
    def label(self) -> str:
        return self.said or str(words.TASKS[self.what])


def tasks_for(found: Iterable[Story], now: datetime, *who: str) -> list[Task]:
    """What these sides have to do on these needs, the earliest deadline first."""
    return by_due((_of_turn(story, turn, now) for story in found for turn in story.turns_of(*who)), now)


def by_due(found: Iterable[Task], now: datetime) -> list[Task]:
    """The earliest deadline first; what has none comes last."""
    return sorted(found, key=lambda task: (task.due is None, task.due or now))


def money_tasks(org_id: int, now: datetime) -> list[Task]:
    """Escrows to pay, offers to answer, transfers to confirm."""
    return [_of_chore(chore, now) for chore in chores(org_id)]


def supervision_tasks(org_id: int, now: datetime) -> list[Task]:
    """What supervision waits for: defences, answers, papers to complete, receipts."""
    return [
        Task("", row.title, row.path, row.due_at, row.due_at < now, said=label(row.kind)) for row in steps_of(org_id)
    ]


def answer_tasks(org_id: int, now: datetime, *, agency: bool) -> list[Task]:
    """What an organisation may still answer in a case, a complaint, an inspection, about itself."""
    found = held.everything(org_id, now).urgent if agency else held.answers(org_id, now)
    return [
        Task("", row.title, row.may_path, row.until, number=row.note, said=row.may_words)
        for row in found
        if row.may in ANSWERS
    ]


def unpaid_tasks(found: Iterable[Story]) -> list[Task]:
    """Signed contracts of an enterprise with milestones that nobody has paid or promised to pay."""
    running = [story for story in found if _runs(story)]
    parts = {_reference(one) for story in running for one in _milestones(story)}
    paid = paid_references(parts) if parts else set()
    owed = [story for story in running if any(_reference(one) not in paid for one in _milestones(story))]
    return [
        Task("arrange_payment", story.need.title, f"/contracts/{story.contract.pk}/#money", None)
        for story in owed
        if story.contract
    ]


def _of_turn(story: Story, turn: Turn, now: datetime) -> Task:
    late = turn.due is not None and turn.due < now
    return Task(turn.what, story.need.title, turn.url, turn.due, late, story.need.number or "", turn.subject)


def _of_chore(chore: Chore, now: datetime) -> Task:
    late = chore.due is not None and chore.due < now
    return Task(chore.what, chore.title, chore.path, chore.due, late, chore.number)


def _runs(story: Story) -> bool:
    contract = story.contract
    return contract is not None and bool(contract.signed_at) and not (contract.completed_at or contract.terminated_at)


def _milestones(story: Story) -> list[Milestone]:
    return list(story.contract.milestones.all()) if story.contract else []


def _reference(milestone: Milestone) -> str:
    return f"milestone:{milestone.pk}"
