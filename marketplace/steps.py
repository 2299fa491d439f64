"""What must be done by when about needs: answer questions, choose where one chooses oneself."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, Q
from django.db.models.functions import Least

from core import clock
from core.steps import Step, lapsed
from marketplace.models import RUNNING, Method, Need, Question
from marketplace.selectors.questions import AnswerClock


def open_steps(since: datetime) -> Iterator[Step]:
    """Open now, or ended after `since`."""
    yield from _answers(since)
    yield from _choices(since)


def _answers(since: datetime) -> Iterator[Step]:
    """Who asked is not told: not even the clock knows."""
    over = Least(F("answered_at"), F("need__cancelled_at"), F("need__failed_at"))
    rows = Question.objects.annotate(over=over).filter(Q(over=None) | Q(over__gt=since)).select_related("need")
    answer_by = AnswerClock()
    for row in rows.defer("asked_by").order_by("pk"):
        yield Step(
            kind="need.answer",
            reference=f"question:{row.pk}",
            owner_org=row.need.buyer_id,
            title=row.need.title,
            path=f"/needs/{row.need_id}/#questions",
            started_at=row.asked_at,
            due_at=answer_by.of(row),
            limit=answer_by.stored(row.asked_at),
            closed_at=row.over,
        )


def _choices(since: datetime) -> Iterator[Step]:
    """Who chooses freely need not choose: the close ends the step. It was announced, so it stands as it was."""
    over = Least(F("selected_at"), F("cancelled_at"), F("failed_at"))
    rows = Need.objects.annotate(over=over).filter(method=Method.DIRECT, published_at__isnull=False)
    now = clock.now()
    for row in rows.filter(RUNNING | Q(over__gt=since)).order_by("pk"):
        if row.published_at and row.entry_closes_at:
            yield Step(
                kind="need.choose",
                reference=f"need:{row.pk}",
                owner_org=row.buyer_id,
                title=row.title,
                path=f"/needs/{row.pk}/choose/",
                started_at=row.published_at,
                due_at=row.entry_closes_at,
                closed_at=lapsed(row.over, row.entry_closes_at, now),
                right=True,
            )


def move_answer(reference: str, due_at: datetime) -> bool:
    """Give a question that waits for its answer another end; says whether it did."""
    waiting = Question.objects.filter(pk=int(reference.removeprefix("question:")), answered_at=None)
    return bool(waiting.update(answer_by=due_at))
