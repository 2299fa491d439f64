"""Holding a need while a complaint about it is looked into, and letting it go on when nothing holds it any more."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from core import audit, clock, rulesets
from core.audit import SYSTEM, By
from core.outbox import emit
from marketplace import errors
from marketplace.events import NeedResumed, SuspensionOver
from marketplace.models import Need, Notice, Suspension
from marketplace.rules import suspension as rules
from marketplace.services.publication import announce


@transaction.atomic
def suspend(*, need_id: int, until: datetime, reason: str, source: str, by: By) -> Suspension:
    """Hold a need: nobody enters, nothing is awarded or signed. `until` is cut to what the rules leave to its source
    and to the need.

    Raises need.not_suspendable for a draft or a need that is over, need.suspended when the source holds it already,
    need.suspended_enough when all of its time is used up.
    """
    need = _locked(need_id)
    if need.published_at is None or need.contracted_at or need.failed_at or need.cancelled_at:
        raise errors.NOT_SUSPENDABLE()
    if need.suspensions.filter(source=source, lifted_at=None).exists():
        raise errors.SUSPENDED()
    now = clock.now()
    ends_at = min(until, _latest_end(need, source, now))
    if ends_at <= now:
        raise errors.SUSPENDED_ENOUGH()
    row = Suspension.objects.create(need=need, starts_at=now, ends_at=ends_at, reason=reason[:300], source=source)
    audit.record(stream=f"need:{need_id}", action="suspended", by=by, reason=reason, data={"source": source})
    announce(need_id=need_id, kind=Notice.Kind.SUSPENDED, reason=row.reason)
    return row


def _locked(need_id: int) -> Need:
    """The need's row is the one order in which it is held and goes on."""
    return Need.objects.select_for_update(no_key=True).get(pk=need_id)


def _latest_end(need: Need, source: str, now: datetime) -> datetime:
    """Thirty days for one source, however often it begins; and all together no longer than the need may bear."""
    limits, rows = rulesets.current("suspension"), list(need.suspensions.all())
    own = _counted(row for row in rows if row.source == source)
    of_source = rules.latest_end(own, now, timedelta(days=limits["days_per_source"]))
    return min(of_source, rules.latest_end(_counted(rows), now, timedelta(days=limits["days_per_need"])))


def _counted(rows: Iterable[Suspension]) -> list[rules.Span]:
    """A term that is over counts to its end, however late that was noted."""
    return [rules.Span(row.starts_at, min(row.lifted_at or row.ends_at, row.ends_at)) for row in rows]


@transaction.atomic
def resume(*, need_id: int, source: str, reason: str, by: By = SYSTEM) -> bool:
    """Lift what one source has suspended; says whether there was anything. The need goes on when nothing else holds
    it; then clocks of an award that waited move by as long as it was held without a break.
    """
    need = _locked(need_id)
    row = need.suspensions.filter(source=source, lifted_at=None).first()
    if row is None:
        return False
    row.lifted_at = clock.now()
    row.save(update_fields=["lifted_at"])
    audit.record(stream=f"need:{need_id}", action="suspension_over", by=by, reason=reason, data={"source": source})
    emit(SuspensionOver(need_id, source))
    if not need.suspensions.filter(lifted_at=None).exists():
        _go_on(need, row, row.lifted_at, reason, by)
    return True


def _go_on(need: Need, last: Suspension, now: datetime, reason: str, by: By) -> None:
    lifted = [rules.Span(row.starts_at, row.lifted_at) for row in need.suspensions.all() if row.lifted_at]
    held = now - rules.held_since(lifted, now)
    audit.record(stream=f"need:{need.pk}", action="resumed", by=by, reason=reason, data={"source": last.source})
    announce(need_id=need.pk, kind=Notice.Kind.RESUMED, reason=reason[:300])
    emit(NeedResumed(need.pk, last.pk, int(held.total_seconds())))
