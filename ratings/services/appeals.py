"""Appeals against a rating, objections to a row or a yearly grade: filed by whom it is about, decided by others.

Until the decision the rating or row counts as before and carries a mark. One that is upheld is taken out by a
correcting row, a grade is computed anew; nothing is ever deleted.
"""

from collections.abc import Collection

from django.db import transaction

from accounts import selectors as accounts
from accounts.actor import SUPERVISORS
from accounts.errors import NOT_YOURS
from core import clock, numbering, outbox, rulesets, workdays
from core.audit import By, record
from core.models import StoredFile
from core.rulesets import Rules
from ratings import errors, selectors
from ratings.events import AppealDecided, AppealFiled
from ratings.models import Appeal, AppealDecision, AppealStatement, CreditEvent, GradeLine, GradeList, Rating
from ratings.rules.appeals import DECIDED_IN_CASES, OTHERWISE
from ratings.services.credit import correct
from ratings.services.grades import anew
from ratings.services.rating import appeal_until

LEAST = 10


@transaction.atomic
def appeal(*, rating_id: int, grounds: str, by: By, evidence: StoredFile | None = None) -> Appeal:
    """The rated side appeals against a revealed rating, once and in time.

    Raises access.not_yours, appeal.over, appeal.twice, appeal.grounds_short.
    """
    rating = Rating.objects.select_for_update(of=("self",)).select_related("window").get(pk=rating_id)
    if by.org_id != rating.ratee_id or rating.window.revealed_at is None:
        raise NOT_YOURS()
    if clock.now() >= appeal_until(rating):
        raise errors.APPEAL_OVER(limit=rulesets.current("appeals")["file"]["n"])
    if Appeal.objects.filter(rating=rating).exists():
        raise errors.APPEAL_TWICE()
    return _file(Appeal(rating=rating), grounds, by, evidence, rulesets.current("appeals"), heard=False)


@transaction.atomic
def object_to(*, event_id: int, grounds: str, by: By, evidence: StoredFile | None = None) -> Appeal:
    """The agency objects to a row of its file, once. The mark shows at once.

    Raises access.not_yours, objection.elsewhere, objection.ended, appeal.twice, appeal.grounds_short.
    """
    event = CreditEvent.objects.select_for_update().get(pk=event_id)
    if by.org_id != event.agency_id:
        raise NOT_YOURS()
    if event.kind in DECIDED_IN_CASES:
        raise errors.OBJECT_IN_CASE()
    if event.kind in OTHERWISE:
        raise errors.OBJECT_ELSEWHERE()
    if event.corrections.exists():
        raise errors.OBJECT_ENDED()
    if Appeal.objects.filter(event=event).exists():
        raise errors.APPEAL_TWICE()
    rules = rulesets.current("appeals")
    return _file(Appeal(event=event), grounds, by, evidence, rules, heard=event.told_by_id is None)


@transaction.atomic
def object_to_grade(*, line_id: int, grounds: str, by: By, evidence: StoredFile | None = None) -> Appeal:
    """The agency objects to its line of a yearly list, once, while the list is in its publicity.

    Raises access.not_yours, grade.not_public, grade.objections_over, appeal.twice, appeal.grounds_short.
    """
    line = GradeLine.objects.get(pk=line_id)
    if by.org_id != line.agency_id:
        raise NOT_YOURS()
    row = GradeList.objects.select_for_update().get(pk=line.list_id)
    if row.objections_until is None:
        raise errors.GRADE_NOT_PUBLIC()
    if Appeal.objects.filter(line=line).exists():
        raise errors.APPEAL_TWICE()
    if line.replaces_id or clock.now() >= row.objections_until:
        raise errors.GRADE_OBJECTIONS_OVER()
    return _file(Appeal(line=line), grounds, by, evidence, rulesets.by_ref(row.rules_ref), heard=True)


def _file(row: Appeal, grounds: str, by: By, evidence: StoredFile | None, rules: Rules, *, heard: bool) -> Appeal:
    """`heard`: nobody else is to be heard, so it may be decided at once."""
    if by.user_id is None or by.org_id is None:
        raise NOT_YOURS()
    if len(grounds.strip()) < LEAST:
        raise errors.GROUNDS_SHORT(least=LEAST)
    calendar, now = workdays.load(), clock.now()
    row.number = numbering.next_number("SS" if row.rating_id else "YY")
    row.grounds, row.evidence = grounds.strip()[:2000], evidence
    row.by_user_id, row.by_org_id, row.filed_at, row.rules_ref = by.user_id, by.org_id, now, rules.ref
    row.heard_by = now if heard else workdays.Limit.of(rules["statement"]).end(now, calendar)
    row.decide_by = max(row.heard_by, workdays.Limit.of(rules["decide"]).end(now, calendar))
    row.save(force_insert=True)
    about = {"rating": row.rating_id, "event": row.event_id, "line": row.line_id}
    record(stream=f"appeal:{row.pk}", action="filed", by=by, data={"about": about, "rules": rules.ref})
    outbox.emit(AppealFiled(row.pk))
    return row


@transaction.atomic
def state_on_appeal(*, appeal_id: int, text: str, by: By) -> AppealStatement:
    """The other side is heard, once and before the decision.

    Raises access.not_yours, appeal.decided, appeal.stated, appeal.grounds_short.
    """
    row = _locked(appeal_id)
    if by.user_id is None or by.org_id is None or by.org_id != selectors.other_side(row):
        raise NOT_YOURS()
    if AppealDecision.objects.filter(appeal=row).exists():
        raise errors.APPEAL_DECIDED()
    if AppealStatement.objects.filter(appeal=row).exists():
        raise errors.APPEAL_STATED()
    if len(text.strip()) < LEAST:
        raise errors.GROUNDS_SHORT(least=LEAST)
    statement = AppealStatement.objects.create(
        appeal=row, text=text.strip()[:2000], by_user_id=by.user_id, by_org_id=by.org_id, at=clock.now()
    )
    record(stream=f"appeal:{row.pk}", action="answered", by=by)
    return statement


@transaction.atomic
def decide_appeal(
    *, appeal_id: int, upheld: bool, reasons: str, by: By, related: Collection[int] = ()
) -> AppealDecision:
    """A supervisor who has nothing to do with either side decides, with public reasons.

    `related`: organisations the decider is tied to by declaration. An upheld appeal takes the rating or row out by a
    correcting row, and has a yearly grade computed anew. Raises access.not_yours, appeal.involved, appeal.decided,
    appeal.not_heard, appeal.reasons_short, grade.unchanged.
    """
    row = _locked(appeal_id)
    if by.user_id is None or by.org_id is None or accounts.organisation(by.org_id).kind not in SUPERVISORS:
        raise NOT_YOURS()
    if selectors.involved(row, by, related):
        raise errors.APPEAL_INVOLVED()
    if AppealDecision.objects.filter(appeal=row).exists():
        raise errors.APPEAL_DECIDED()
    if clock.now() < row.heard_by and not AppealStatement.objects.filter(appeal=row).exists():
        raise errors.APPEAL_NOT_HEARD()
    if len(reasons.strip()) < LEAST:
        raise errors.REASONS_SHORT(least=LEAST)
    fresh = _graded_anew(row) if upheld else None
    decision = AppealDecision.objects.create(
        appeal=row,
        upheld=upheld,
        reasons=reasons.strip()[:2000],
        by_user_id=by.user_id,
        by_org_id=by.org_id,
        decided_at=clock.now(),
        correction=_taken_out(row, by) if upheld else None,
    )
    if fresh:
        fresh.save(force_insert=True)
    record(stream=f"appeal:{row.pk}", action="decided", by=by, reason=decision.reasons, data={"upheld": upheld})
    outbox.emit(AppealDecided(row.pk, upheld))
    return decision


def _taken_out(row: Appeal, by: By) -> CreditEvent | None:
    """The correcting row; None where the rating left none, such as one of a buyer."""
    event_id = row.event_id or selectors.event_of_rating(row.rating_id)
    if event_id is None:
        return None
    reason = f"申诉成立（{row.number}）" if row.rating_id else f"异议成立（{row.number}）"
    return correct(event_id=event_id, reason=reason, source=row.get_absolute_url(), by=by)


def _graded_anew(row: Appeal) -> GradeLine | None:
    """The line that takes the place of one objected to; None where the objection is to something else."""
    if row.line is None:
        return None
    fresh = anew(row.line, clock.now())
    # Without its only row an agency is new again, also when that row carried no points.
    if (fresh.lines_hash, fresh.grade) == (row.line.lines_hash, row.line.grade):
        raise errors.GRADE_UNCHANGED()
    return fresh


def _locked(appeal_id: int) -> Appeal:
    rows = Appeal.objects.select_for_update(of=("self",)).select_related("rating", "event", "line__list")
    return rows.get(pk=appeal_id)
