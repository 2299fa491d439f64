"""Holding a need while a complaint about it is looked into, and letting it go on."""

from datetime import datetime, timedelta

from django.db import transaction

from core import audit, clock
from core.audit import SYSTEM, By
from core.outbox import emit
from marketplace import errors
from marketplace.events import NeedResumed
from marketplace.models import Need, Notice, Suspension
from marketplace.services.publication import announce

LONGEST = timedelta(days=30)


@transaction.atomic
def suspend(*, need_id: int, until: datetime, reason: str, source: str, by: By) -> Suspension:
    """Hold a need: nobody enters, nothing is awarded or signed. `until` is cut to 30 days from now.

    Raises need.not_suspendable for a draft or a need that is over, need.suspended when it is held already.
    """
    need = Need.objects.select_for_update(no_key=True).get(pk=need_id)
    if need.published_at is None or need.contracted_at or need.failed_at or need.cancelled_at:
        raise errors.NOT_SUSPENDABLE()
    if Suspension.objects.filter(need=need, lifted_at=None).exists():
        raise errors.SUSPENDED()
    now = clock.now()
    row = Suspension.objects.create(
        need=need, starts_at=now, ends_at=min(until, now + LONGEST), reason=reason[:300], source=source
    )
    audit.record(stream=f"need:{need_id}", action="suspended", by=by, reason=reason, data={"source": source})
    announce(need_id=need_id, kind=Notice.Kind.SUSPENDED, reason=row.reason)
    return row


@transaction.atomic
def resume(*, need_id: int, reason: str, by: By = SYSTEM) -> bool:
    """Let a need go on; says whether it was held. Clocks of an award that waited move by as long as it was held."""
    row = Suspension.objects.select_for_update().filter(need_id=need_id, lifted_at=None).first()
    if row is None:
        return False
    row.lifted_at = clock.now()
    row.save(update_fields=["lifted_at"])
    audit.record(stream=f"need:{need_id}", action="resumed", by=by, reason=reason, data={"source": row.source})
    announce(need_id=need_id, kind=Notice.Kind.RESUMED, reason=reason[:300])
    emit(NeedResumed(need_id, row.pk, int((row.lifted_at - row.starts_at).total_seconds())))
    return True
