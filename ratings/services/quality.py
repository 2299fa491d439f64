"""A result sent back for its quality: the agency answers, then a regulator without a part in it confirms or drops it.

Only what was confirmed stands in the file, once for a contract however many approvals it was used in.
"""

from collections.abc import Collection

from django.db import transaction

from accounts import selectors as accounts
from accounts.errors import NOT_YOURS
from accounts.models import Organisation
from core import clock, locks, outbox
from core.audit import By, record
from core.models import StoredFile
from ratings import errors, selectors
from ratings.events import QualityDecided
from ratings.models import ApprovalUse, QualityAnswer, QualityVerdict
from ratings.services.credit import record_credit

LEAST = 10


@transaction.atomic
def answer_report(*, use_id: int, text: str, by: By, evidence: StoredFile | None = None) -> QualityAnswer:
    """The agency answers a report of bad quality, once and in time.

    Raises access.not_yours, quality.decided, .answered, .over, appeal.grounds_short.
    """
    use = _locked(use_id)
    if by.user_id is None or by.org_id is None or by.org_id != use.contract.supplier_id or use.heard_by is None:
        raise NOT_YOURS()
    if QualityVerdict.objects.filter(use=use).exists():
        raise errors.QUALITY_DECIDED()
    if QualityAnswer.objects.filter(use=use).exists():
        raise errors.QUALITY_ANSWERED()
    if clock.now() >= use.heard_by:
        raise errors.QUALITY_OVER()
    if len(text.strip()) < LEAST:
        raise errors.GROUNDS_SHORT(least=LEAST)
    row = QualityAnswer.objects.create(
        use=use,
        text=text.strip()[:2000],
        evidence=evidence,
        by_user_id=by.user_id,
        by_org_id=by.org_id,
        at=clock.now(),
    )
    record(stream=f"contract:{use.contract_id}", action="quality_answered", by=by, data={"use": use.pk})
    return row


@transaction.atomic
def decide_report(
    *, use_id: int, confirmed: bool, reasons: str, by: By, related: Collection[int] = ()
) -> QualityVerdict:
    """A regulator who neither reported nor belongs to a side confirms or drops, with reasons, after the hearing.

    `related`: organisations the person is tied to by declaration. Raises access.not_yours, quality.involved,
    .decided, .not_heard, appeal.reasons_short, approval.reported.
    """
    use = _locked(use_id)
    if by.user_id is None or by.org_id is None or accounts.organisation(by.org_id).kind != Organisation.Kind.REGULATOR:
        raise NOT_YOURS()
    if use.heard_by is None:
        raise errors.QUALITY_DECIDED()
    if by.user_id == use.by_user_id or selectors.tied(by, selectors.parties_of(use), related):
        raise errors.QUALITY_INVOLVED()
    if QualityVerdict.objects.filter(use=use).exists():
        raise errors.QUALITY_DECIDED()
    if clock.now() < use.heard_by and not QualityAnswer.objects.filter(use=use).exists():
        raise errors.QUALITY_NOT_HEARD()
    if len(reasons.strip()) < LEAST:
        raise errors.REASONS_SHORT(least=LEAST)
    if confirmed and selectors.standing_reports(use.contract_id).exclude(pk=use.pk).exists():
        raise errors.USE_REPORTED()
    verdict = QualityVerdict.objects.create(
        use=use,
        contract_id=use.contract_id,
        confirmed=confirmed,
        reasons=reasons.strip()[:2000],
        by_user_id=by.user_id,
        by_org_id=by.org_id,
        decided_at=clock.now(),
    )
    _decided(verdict, by)
    return verdict


def _decided(verdict: QualityVerdict, by: By) -> None:
    use, facts = verdict.use, {"use": verdict.use_id, "confirmed": verdict.confirmed}
    record(stream=f"contract:{use.contract_id}", action="quality_decided", by=by, reason=verdict.reasons, data=facts)
    if verdict.confirmed:
        record_credit(
            agency_id=use.contract.supplier_id,
            kind="quality_rejected",
            source=use.get_absolute_url(),
            source_key=f"quality_rejected:contract:{use.contract_id}",
            summary={"need": use.contract.award.need.title, "approval": use.approval_number, "reason": use.reasons},
            legal_basis=use.legal_basis,
            by=by,
        )
    outbox.emit(QualityDecided(use.pk, verdict.confirmed))


def _locked(use_id: int) -> ApprovalUse:
    """The use, held against others who speak about the same contract."""
    use = ApprovalUse.objects.select_for_update(of=("self",)).select_related("contract__award__need").get(pk=use_id)
    locks.alone(f"quality:{use.contract_id}")
    return use
