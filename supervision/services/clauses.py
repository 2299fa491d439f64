"""Clauses somebody finds unclear or impossible: whoever published them mends or removes them, or says why they stay.

A report belongs to a complaint about a clause. That one goes its own way beside it: its regulator decides, and sees
what the publisher did.
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.errors import NOT_YOURS
from core import clock, rulesets
from core.audit import By, record
from core.numbering import next_number
from supervision.errors import clauses as errors
from supervision.models import ClauseAnswer, ClauseReport, Complaint
from supervision.selectors import clauses as seen
from supervision.services.notices import tell
from supervision.services.process import enough

PREFIX, LEAST = "TK", 4


def report(complaint: Complaint, clause: str) -> ClauseReport:
    """Tell the publisher which words are meant; call in the transaction that files the complaint.

    Who complained and why stays with the complaint. Raises clause.quote.
    """
    if len(clause.strip()) < LEAST:
        raise errors.QUOTE(least=LEAST)
    row = ClauseReport.objects.create(
        complaint=complaint,
        number=next_number(PREFIX),
        clause=clause.strip()[:1000],
        rules_ref=rulesets.current("clauses").ref,
    )
    sentence = _("有人认为“{title}”的一个条款不清楚或做不到（{number}），请在 {until} 前修改、删除或说明。")
    values = {"number": row.number, "title": complaint.title, "until": f"{seen.due(row):%Y-%m-%d}"}
    tell(organisation_id=complaint.subject_id, sentence=sentence, path=row.answer_path, values=values)
    return row


@transaction.atomic
def answer(*, number: str, outcome: str, reasons: str, by: By, new_text: str = "") -> ClauseAnswer:
    """By the publisher: fixed with a new text, removed, or kept with reasons for the regulator to judge.

    Raises clause.answered, clause.over, clause.new_text, process.words, access.not_yours.
    """
    row = ClauseReport.objects.select_for_update(of=("self",)).select_related("complaint").get(number=number)
    if by.user_id is None or by.org_id is None or by.org_id != row.complaint.subject_id:
        raise NOT_YOURS()
    if ClauseAnswer.objects.filter(report=row).exists():
        raise errors.ANSWERED()
    if seen.over_at(row) is not None:
        raise errors.OVER()
    fixed, text = outcome == ClauseAnswer.Outcome.FIXED, new_text.strip()[:1000]
    if fixed and text in ("", row.clause):
        raise errors.NEW_TEXT()
    made = ClauseAnswer.objects.create(
        report=row,
        outcome=ClauseAnswer.Outcome(outcome),
        new_text=text if fixed else "",
        reasons=enough(reasons)[:2000],
        by_user_id=by.user_id,
        by_org_id=by.org_id,
        at=clock.now(),
    )
    record(stream=f"clause:{row.pk}", action=outcome, by=by, data={"number": row.number})
    return made
