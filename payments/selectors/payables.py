"""Reading what departments owe: what is to be paid, its orders, batches and cards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count, F, Q, QuerySet

from core import workdays
from core.money import Money
from payments.models import BatchLine, Payable, PayeeAccount, PaymentCard, PaymentOrder, TreasuryBatch
from payments.rules import budget as rules

YEAR = timedelta(days=365)
STANDING = Q(withdrawn_at=None)
# The states of orders as the database sees them; the same as rules.budget.order_state.
IN_STATE = {
    rules.TO_CHECK: STANDING & Q(checked_at=None, sent_back_at=None, rejected_at=None, paid_at=None),
    rules.SENT_BACK: STANDING & Q(sent_back_at__isnull=False, checked_at=None, rejected_at=None, paid_at=None),
    rules.REJECTED: STANDING & Q(rejected_at__isnull=False, waiting=False, paid_at=None),
    rules.CHECKED: STANDING & Q(checked_at__isnull=False, waiting=False, rejected_at=None, paid_at=None),
    rules.SENT: STANDING & Q(waiting=True, paid_at=None),
    rules.PAID_OUT: STANDING & Q(paid_at__isnull=False),
    rules.WITHDRAWN: Q(withdrawn_at__isnull=False),
}


def payable(payable_id: int) -> Payable:
    """Raises Payable.DoesNotExist."""
    return _payables().get(pk=payable_id)


def _payables() -> QuerySet[Payable]:
    path = "commitment__reservation__line__fiscal_year"
    return Payable.objects.select_related(path, "commitment__payee", "department", "card")


def late(now: datetime) -> QuerySet[Payable]:
    """Everything departments owe past its limit, the oldest first."""
    return _payables().filter(paid_at=None, due_at__lt=now)


def to_order(department_id: int) -> QuerySet[Payable]:
    """What is owed and has no order yet, the first due first."""
    standing = PaymentOrder.objects.filter(STANDING).values("payable")
    return _payables().filter(department=department_id, paid_at=None).exclude(pk__in=standing)


def orders_of(department_id: int, state: str = "") -> QuerySet[PaymentOrder]:
    rows = _orders().filter(department=department_id)
    return rows.filter(IN_STATE[state]) if state in IN_STATE else rows


def counts(department_id: int) -> dict[str, int]:
    """Orders by state, and how many results have none yet under "to_order"."""
    rows = PaymentOrder.objects.filter(department=department_id).order_by()
    found = rows.aggregate(**{state: Count("pk", filter=condition) for state, condition in IN_STATE.items()})
    return {"to_order": to_order(department_id).count(), **found}


def order(order_id: int) -> PaymentOrder:
    """Raises PaymentOrder.DoesNotExist."""
    return _orders().get(pk=order_id)


def _orders() -> QuerySet[PaymentOrder]:
    path = "payable__commitment__reservation__line__fiscal_year"
    return PaymentOrder.objects.select_related(path, "payable__commitment__payee", "made_by", "checked_by")


def batch_lines(order: PaymentOrder) -> QuerySet[BatchLine]:
    return order.batch_lines.select_related("batch").order_by("pk")


def batches_of(department_id: int) -> QuerySet[TreasuryBatch]:
    rows = TreasuryBatch.objects.filter(department=department_id).select_related("made_by")
    waiting, rejected = Q(lines__result=""), Q(lines__result=BatchLine.Result.REJECTED)
    return rows.annotate(waiting=Count("lines", filter=waiting), rejected=Count("lines", filter=rejected))


def batch(batch_id: int) -> TreasuryBatch:
    """Raises TreasuryBatch.DoesNotExist."""
    return TreasuryBatch.objects.select_related("department", "made_by").get(pk=batch_id)


def account_of(organisation_id: int | None) -> PayeeAccount | None:
    return PayeeAccount.objects.filter(organisation=organisation_id).first()


def receivables(agency_id: int) -> QuerySet[Payable]:
    """What departments owe or have paid to an agency, open ones first."""
    rows = _payables().filter(commitment__payee=agency_id)
    return rows.order_by(F("paid_at").desc(nulls_first=True), "due_at")


def of_parts(references: Iterable[str]) -> dict[str, Payable]:
    """Payables by what they are for ("milestone:7")."""
    return {row.reference: row for row in _payables().filter(reference__in=list(references))}


@dataclass(frozen=True)
class Punctuality:
    """How a department paid over the last year. `days`: median working days from acceptance to payment."""

    paid: int
    in_time: int
    amount: Money
    days: float | None
    open: int
    late_open: int

    @property
    def share(self) -> int | None:
        """Percent of payments made in time."""
        return round(self.in_time * 100 / self.paid) if self.paid else None


def punctuality(department_id: int, now: datetime) -> Punctuality:
    rows = Payable.objects.filter(department=department_id)
    paid = list(rows.filter(paid_at__gt=now - YEAR).order_by("paid_at"))
    open_ = rows.filter(paid_at=None)
    calendar = workdays.load()
    days = [calendar.between(row.since, row.paid_at) for row in paid if row.paid_at]
    return Punctuality(
        paid=len(paid),
        in_time=sum(1 for row in paid if row.paid_at and row.paid_at <= row.due_at),
        amount=sum((row.amount for row in paid), Money.of(0)),
        days=median(days) if days else None,
        open=open_.count(),
        late_open=open_.filter(due_at__lt=now).count(),
    )


def cards_of(department_id: int) -> QuerySet[PaymentCard]:
    """A department's cards, open ones first, the newest first."""
    rows = PaymentCard.objects.filter(department=department_id).select_related("payable__commitment__reservation")
    return rows.order_by(F("closed_at").desc(nulls_first=True), "-yellow_at")
