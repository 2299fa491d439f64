"""Reading questions. Who asked leaves this module only after the award, and to the asker."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import rulesets, workdays
from core.workdays import Limit
from marketplace.models import Need, Question


@dataclass(frozen=True)
class AskedQuestion:
    """`asker` is empty until the award; `mine`: the reader's own organisation asked; `due_at` while unanswered."""

    pk: int
    text: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None
    due_at: datetime | None
    asker: str
    mine: bool


def questions(need_id: int, reader_org_id: int | None = None) -> list[AskedQuestion]:
    """The questions of a need as a reader may see them, the oldest first."""
    rows = Question.objects.filter(need_id=need_id).select_related("need", "asked_by").order_by("asked_at", "pk")
    answer_by = AnswerClock() if rows else None
    return [_shown(row, answer_by, reader_org_id) for row in rows]


def _shown(row: Question, answer_by: "AnswerClock | None", reader: int | None) -> AskedQuestion:
    waiting = row.answered_at is None and answer_by is not None
    return AskedQuestion(
        pk=row.pk,
        text=row.text,
        asked_at=row.asked_at,
        answer=row.answer,
        answered_at=row.answered_at,
        due_at=answer_by.of(row) if waiting and answer_by else None,
        asker=row.asked_by.name if revealed(row.need) else "",
        mine=reader is not None and reader == row.asked_by_id,
    )


def revealed(need: Need) -> bool:
    """From the award on names may be shown; a need that ended without one keeps them."""
    return need.awarded_at is not None


def waiting_for(org_id: int) -> list[Question]:
    """Unanswered questions of a buyer's running needs, the oldest first. The asker is not loaded."""
    return list(
        Question.objects.filter(need__buyer_id=org_id, answered_at=None, need__cancelled_at=None, need__failed_at=None)
        .select_related("need")
        .defer("asked_by")
        .order_by("asked_at")
    )


class AnswerClock:
    """Until when a question is to be answered: by the rules in force when it was asked."""

    def __init__(self) -> None:
        self.calendar = workdays.load()
        versions = rulesets.history("marketplace")
        self._limits: list[tuple[datetime, Mapping[str, Any]]] = [(v.since, v.rules["answer_limit"]) for v in versions]

    def stored(self, asked_at: datetime) -> Mapping[str, Any]:
        """The limit as the rule set has it: {"n", "unit"}."""
        for since, limit in self._limits:
            if since <= asked_at:
                return limit
        return self._limits[-1][1]

    def of(self, question: Question) -> datetime:
        """The end as it stands: moved, or by its limit."""
        return question.answer_by or self.due(question.asked_at)

    def due(self, asked_at: datetime) -> datetime:
        return Limit.of(self.stored(asked_at)).end(asked_at, self.calendar)
