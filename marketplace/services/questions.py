"""Questions before entry closes: asked by agencies, answered to all. Who asked stays hidden until the award.

A question has an audit stream of its own, so that the need's stream never tells who asked.
"""

from django.db import transaction

from accounts.errors import NOT_YOURS
from core import audit, clock, rulesets
from core.audit import By
from core.outbox import emit
from marketplace import errors, selectors
from marketplace.events import QuestionAnswered, QuestionAsked
from marketplace.models import Need, Question
from marketplace.rules.lifecycle import PUBLISHED

SHORTEST, LONGEST, LONGEST_ANSWER = 5, 1000, 2000


@transaction.atomic
def ask(*, need_id: int, organisation_id: int, text: str, by: By) -> Question:
    """Ask about a published need. Raises question.agency, .closed, .empty, .waiting or .many."""
    text = text.strip()
    if not SHORTEST <= len(text) <= LONGEST:
        raise errors.QUESTION_EMPTY()
    if not selectors.is_agency(organisation_id):
        raise errors.NOT_AN_AGENCY()
    need = Need.objects.select_for_update(no_key=True).get(pk=need_id)
    if selectors.state_of(need) != PUBLISHED:
        raise errors.QUESTIONS_CLOSED()
    _refuse_flood(need, organisation_id)
    question = Question.objects.create(need=need, asked_by_id=organisation_id, text=text, asked_at=clock.now())
    audit.record(stream=f"question:{question.pk}", action="asked", by=by, data={"need": need.pk})
    emit(QuestionAsked(question.pk))
    return question


def _refuse_flood(need: Need, organisation_id: int) -> None:
    rules = rulesets.current("marketplace")
    asked = Question.objects.filter(need=need, asked_by_id=organisation_id)
    if asked.filter(answered_at=None).count() >= rules["open_questions_per_agency"]:
        raise errors.QUESTIONS_WAITING(n=rules["open_questions_per_agency"])
    if asked.count() >= rules["questions_per_agency"]:
        raise errors.QUESTIONS_MANY(n=rules["questions_per_agency"])


@transaction.atomic
def answer(*, question_id: int, text: str, by: By) -> Question:
    """Answer a question to everybody; once. Raises access.not_yours, answer.empty, answer.already."""
    text = text.strip()
    question = Question.objects.select_for_update(no_key=True, of=("self",)).select_related("need").get(pk=question_id)
    if question.need.buyer_id != by.org_id:
        raise NOT_YOURS()
    if not 1 <= len(text) <= LONGEST_ANSWER:
        raise errors.ANSWER_EMPTY()
    if question.answered_at:
        raise errors.ALREADY_ANSWERED()
    question.answer, question.answered_at = text, clock.now()
    question.save(update_fields=["answer", "answered_at"])
    audit.record(stream=f"question:{question.pk}", action="answered", by=by)
    emit(QuestionAnswered(question.pk))
    return question
