"""Questions to the platform: asked by anyone, answered by whoever was asked first, once more by somebody in charge.

Every verb appends one event; whether it may happen now is for rules.questions to say. Passing a question on moves it to
somebody else's desk, never the duty: the clock stays with the office that was asked first.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import selectors as accounts
from accounts.errors import NOT_YOURS
from core import clock, rulesets, workdays
from core.audit import By, record
from core.numbering import next_number
from core.workdays import Limit
from supervision import ends
from supervision.errors import questions as errors
from supervision.models import Question, QuestionEvent
from supervision.rules import questions as rules
from supervision.rules.process import Happening, Wrong
from supervision.selectors import questions as seen
from supervision.selectors.offices import handlers, heads, owners
from supervision.services.complaints import hashed, new_secret
from supervision.services.notices import tell
from supervision.services.process import enough, who

PREFIX = "WD"


@dataclass(frozen=True)
class Receipt:
    """What the asker keeps: the secret is shown once and stored nowhere."""

    question: Question
    secret: str


@transaction.atomic
def ask(*, office_id: int, title: str, text: str, public: bool) -> Receipt:
    """Ask an office. Nobody's name or account is kept. Raises question.office, process.words."""
    officer = _first_officer(office_id)
    now, secret, limits = clock.now(), new_secret(), rulesets.current("questions")
    question = Question.objects.create(
        number=next_number(PREFIX),
        secret_hash=hashed(secret),
        title=enough(title, 4)[:120],
        text=enough(text)[:2000],
        public=public,
        office_id=office_id,
        first_asked_id=officer,
        officer_id=officer,
        asked_at=now,
        rules_ref=limits.ref,
    )
    _append(question, "asked", By(), until=_limit(question, "answer", now), data={"officer": officer})
    _tell(question, office_id, officer, _("有人提问 {number}：{title}，由您首问负责。"))
    return Receipt(question, secret)


def follow_up(*, number: str, secret: str) -> Question:
    """The question whose receipt somebody holds. Raises question.follow_up, whatever was wrong."""
    found = Question.objects.filter(number=number.strip().upper()).first()
    known = found.secret_hash if found else hashed("")
    if not hmac.compare_digest(known, hashed(secret)) or found is None:
        raise errors.FOLLOW_UP()
    return found


# The asker: whoever holds the receipt. The edge has checked that before it calls.


@transaction.atomic
def satisfied(*, question_id: int) -> Question:
    question = _held(question_id)
    _append(question, "satisfied", By())
    return question


@transaction.atomic
def unsatisfied(*, question_id: int, reasons: str) -> Question:
    """Up the line, once: somebody in charge of the office that was asked answers again. Raises question.late."""
    question = _held(question_id)
    office, officer = _in_charge(question)
    until = _limit(question, "escalated", clock.now())
    _append(
        question, "unsatisfied", By(), until=until, text=enough(reasons, 5), data={"officer": officer, "office": office}
    )
    _tell(question, office, officer, _("提问人对 {number} 的答复不满意，请再次答复：{title}"), urgent=True)
    return question


# Officers.


@transaction.atomic
def answer(*, question_id: int, text: str, by: By) -> Question:
    """By anybody of the office that was asked, or whom it was passed on to. Raises access.not_yours."""
    question = _for_officers(question_id, by)
    _append(question, "answered", by, until=_limit(question, "satisfied", clock.now()), text=enough(text))
    return question


@transaction.atomic
def answer_again(*, question_id: int, text: str, by: By) -> Question:
    """By somebody in charge, never who answered first. Raises question.head, question.same_officer."""
    question = _for_officers(question_id, by)
    if not seen.is_over(question) and not may_answer_again(question, by):
        raise errors.NOT_HEAD()
    _append(question, "answered_again", by, text=enough(text))
    return question


@transaction.atomic
def pass_on(*, question_id: int, reasons: str, by: By, user_id: int | None = None, office_id: int = 0) -> Question:
    """To a colleague (`user_id`), or to another office. Who was asked first stays on the question, and the clock with
    the office that was asked. Raises question.taker, question.passed.
    """
    question = _for_officers(question_id, by)
    taker = user_id if user_id is not None else _first_officer(office_id)
    office = (by.org_id or 0) if user_id is not None else office_id
    fit = accounts.members(office).filter(user_id=taker).exists()
    if not fit or taker == question.officer_id:
        raise errors.TAKER()
    _append(question, "passed", by, text=enough(reasons), data={"officer": taker, "office": office})
    _tell(question, office, taker, _("提问 {number} 已转给您办理：{title}"))
    return question


def _first_officer(office_id: int) -> int:
    """A named handler of the office, else an owner: whoever has the fewest questions. Raises question.office."""
    if not seen.offices().filter(pk=office_id).exists():
        raise errors.OFFICE()
    named = [user for user in handlers(office_id) if user is not None] or owners(office_id)
    found = rules.fewest([(user, seen.waiting_with(user)) for user in named])
    if found is None:
        raise errors.OFFICE()
    return found


def _in_charge(question: Question) -> tuple[int, int]:
    """Office and person up the line: a head of the office that was asked, else an owner, but never who answered.
    Where it has nobody else, somebody in charge of the platform, then of a regulator. Raises question.head.
    """
    answerer = rules.fold(happenings(question)).answerer
    for office in seen.line(question.office_id):
        several = heads(office) or owners(office)
        others = [(user, seen.waiting_with(user)) for user in several if answerer is None or user != answerer.user]
        found = rules.fewest(others)
        if found is not None:
            return office, found
    raise errors.NOT_HEAD()


def may_answer_again(question: Question, by: By) -> bool:
    """Somebody in charge of the office the question went up to."""
    raised = question.events.filter(kind="unsatisfied").first()
    office = raised.data["office"] if raised else None
    return office is not None and by.org_id == office and by.user_id in (heads(office) | owners(office))


def _limit(question: Question, name: str, start: datetime) -> datetime:
    return Limit.of(rulesets.by_ref(question.rules_ref)[name]).end(start, workdays.load())


def _held(question_id: int) -> Question:
    return Question.objects.select_for_update().get(pk=question_id)


def _for_officers(question_id: int, by: By) -> Question:
    """For people of the office that was asked, and for whom it was passed on to. Raises access.not_yours."""
    question = _held(question_id)
    if not seen.concerns(question, by):
        raise NOT_YOURS()
    return question


def happenings(question: Question) -> list[Happening]:
    rows = list(question.events.order_by("seq"))
    until = ends.untils("question", question.pk, rows, rules.TERMS)
    return [
        Happening(row.kind, row.at, who(By(row.by_user_id, row.by_org_id)), until[row.seq], row.data) for row in rows
    ]


def _append(
    question: Question,
    kind: str,
    by: By,
    *,
    until: datetime | None = None,
    text: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """The only way an event comes into a question. Raises the refusal of what rules.questions forbids."""
    past, one = happenings(question), Happening(kind, clock.now(), who(by), until, dict(data or {}))
    most = rulesets.by_ref(question.rules_ref)["passes_most"]
    try:
        matter = rules.follow(rules.fold(past), one, passes_most=most) if past else rules.fold([one])
    except Wrong as wrong:
        raise errors.refusal(wrong.code) from None
    QuestionEvent.objects.create(
        question=question,
        seq=len(past) + 1,
        kind=kind,
        at=one.at,
        until=until,
        text=text,
        data=one.data,
        by_user_id=by.user_id,
        by_org_id=by.org_id,
    )
    question.state, question.officer_id, question.due_at = matter.state.value, matter.officer, matter.until
    question.save(update_fields=["state", "officer", "due_at"])
    record(stream=f"question:{question.pk}", action=kind, by=by, data=dict(one.data))


def _tell(question: Question, office_id: int, user_id: int, sentence: Any, *, urgent: bool = False) -> None:
    values = {"number": question.number, "title": question.title}
    tell(
        organisation_id=office_id,
        user_id=user_id,
        sentence=sentence,
        path=question.desk_path,
        urgent=urgent,
        values=values,
    )
