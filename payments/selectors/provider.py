"""Reading dealings with the provider: what waits, what is stuck, when it last told us something, if books agree."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from core import clock
from payments import gateway
from payments.models import Funding, PayoutAccount, ProviderCall, ProviderEvent, Reconciliation

SETTLING = timedelta(minutes=1)
RECENT = timedelta(days=2)


def funding(funding_id: int) -> Funding:
    return Funding.objects.get(pk=funding_id)


def overdue_fundings(now: datetime) -> list[int]:
    """Payment pages whose time is over without word of payment or end."""
    rows = Funding.objects.filter(state=Funding.State.OPEN, expires_at__lt=now - SETTLING)
    return list(rows.order_by("expires_at").values_list("pk", flat=True)[:20])


def unknown_fees(now: datetime) -> list[int]:
    """Payments whose cost is not in the books yet."""
    rows = Funding.objects.filter(paid_at__lt=now - SETTLING, fee_known=False)
    return list(rows.order_by("paid_at").values_list("pk", flat=True)[:20])


@dataclass(frozen=True)
class Health:
    """How dealings with the provider stand, for every money page."""

    available: bool
    demo: bool
    last_event: ProviderEvent | None
    last_reconciliation: Reconciliation | None
    waiting_calls: int
    stuck: int
    trouble: ProviderCall | None

    @property
    def well(self) -> bool:
        books = self.last_reconciliation is None or self.last_reconciliation.state == Reconciliation.State.AGREES
        return books and not self.stuck and self.trouble is None


def health() -> Health:
    calls = ProviderCall.objects
    stuck = calls.filter(state=ProviderCall.State.STUCK).count()
    stuck += ProviderEvent.objects.filter(state=ProviderEvent.State.STUCK).count()
    failing = calls.filter(state=ProviderCall.State.WAITING).exclude(trouble="")
    return Health(
        available=gateway.available(),
        demo=gateway.available() and not gateway.real(),
        last_event=ProviderEvent.objects.first(),
        last_reconciliation=Reconciliation.objects.first(),
        waiting_calls=calls.filter(state=ProviderCall.State.WAITING).count(),
        stuck=stuck,
        trouble=failing.order_by("-tried_at").first(),
    )


def events(state: str = "") -> QuerySet[ProviderEvent]:
    """Stored events, newest first."""
    rows = ProviderEvent.objects.all()
    return rows.filter(state=state) if state else rows


def open_calls() -> QuerySet[ProviderCall]:
    """Calls that are not over: stuck ones first, then by their next attempt."""
    over = (ProviderCall.State.DONE, ProviderCall.State.REFUSED)
    return ProviderCall.objects.exclude(state__in=over).select_related("escrow", "organisation").order_by("next_at")


def reconciliations() -> QuerySet[Reconciliation]:
    return Reconciliation.objects.prefetch_related("differences")


def payout_account(organisation_id: int | None) -> PayoutAccount | None:
    return PayoutAccount.objects.filter(organisation_id=organisation_id or 0).first()


def stale(row: Reconciliation | None) -> bool:
    """Has nobody compared the books for two days?"""
    return row is None or row.until < clock.now() - RECENT


def event(event_pk: int) -> ProviderEvent | None:
    return ProviderEvent.objects.filter(pk=event_pk).first()


def waiting_for(organisation_id: int | None) -> list[ProviderCall]:
    """What could be paid to an agency if its account were ready."""
    rows = ProviderCall.objects.filter(state=ProviderCall.State.BLOCKED, escrow__supplier_id=organisation_id or 0)
    return list(rows.select_related("escrow").order_by("pk"))
