"""What departments do with a listing they were told of: a receipt, measures with basis and end, their lifting."""

from datetime import datetime

from django.db import transaction

from core import audit, clock
from core.audit import By
from supervision.errors import lists as errors
from supervision.models import JointMeasure, Receipt, Share


@transaction.atomic
def receive(*, share_id: int, by: By) -> Receipt:
    """The department has it. Raises Share.DoesNotExist for everybody else, share.done the second time."""
    share, user = _own(share_id, by)
    row, new = Receipt.objects.get_or_create(share=share, defaults={"at": clock.now(), "by_user_id": user})
    if not new:
        raise errors.SHARE_DONE()
    audit.record(stream=f"listing:{share.listing_id}", action="received", by=by, data={"share": share.pk})
    return row


@transaction.atomic
def report_measure(*, share_id: int, text: str, legal_basis: str, until: datetime, by: By) -> JointMeasure:
    """What the department does about it. Raises share.unread, share.end, listing.blank."""
    share, user = _own(share_id, by)
    if not Receipt.objects.filter(share=share).exists():
        raise errors.SHARE_UNREAD()
    now = clock.now()
    if until <= now:
        raise errors.MEASURE_END()
    row = JointMeasure.objects.create(
        share=share,
        text=text.strip()[:300],
        legal_basis=legal_basis.strip()[:300],
        at=now,
        until=until,
        by_user_id=user,
    )
    audit.record(stream=f"listing:{share.listing_id}", action="measure_reported", by=by, data={"measure": row.pk})
    return row


@transaction.atomic
def lift_measure(*, measure_id: int, reason: str, by: By) -> JointMeasure:
    """The department ended its measure: another row that names it. Raises share.lifted."""
    row = JointMeasure.objects.select_related("share").get(pk=measure_id, lifts=None)
    _, user = _own(row.share_id, by)
    if JointMeasure.objects.filter(lifts=row).exists():
        raise errors.MEASURE_LIFTED()
    ended = JointMeasure.objects.create(
        share=row.share, lifts=row, text=reason.strip()[:300], legal_basis=row.legal_basis, at=clock.now(),
        by_user_id=user,
    )  # fmt: skip
    audit.record(stream=f"listing:{row.share.listing_id}", action="measure_lifted", by=by, data={"measure": row.pk})
    return ended


def _own(share_id: int, by: By) -> tuple[Share, int]:
    """The department's share and the person who acts for it."""
    if by.org_id is None or by.user_id is None:
        raise Share.DoesNotExist(share_id)
    return Share.objects.select_for_update().get(pk=share_id, department_id=by.org_id), by.user_id
