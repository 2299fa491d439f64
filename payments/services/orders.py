"""Payment orders: one person makes them, another one checks them. What was sent back or rejected is made again."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.errors import NOT_YOURS
from core import audit, clock
from core.audit import By
from core.numbering import next_number
from payments import errors
from payments.models import Payable, PayeeAccount, PaymentOrder
from payments.rules import budget as rules
from payments.rules import treasury

PREFIX = "ZF"


@dataclass(frozen=True)
class PayTo:
    """The receiving account."""

    holder: str
    bank: str
    number: str

    def tidied(self) -> "PayTo":
        """Raises order.account or account.number."""
        tidy = PayTo(self.holder.strip()[:120], self.bank.strip()[:120], treasury.tidy_number(self.number))
        if not (treasury.plain(tidy.holder) and treasury.plain(tidy.bank)):
            raise errors.ACCOUNT_MISSING()
        if not treasury.valid_number(tidy.number):
            raise errors.ACCOUNT_NUMBER()
        return tidy


@transaction.atomic
def keep_account(*, organisation_id: int, to: PayTo, by: By) -> PayeeAccount:
    """Where an organisation wants to be paid from now on. Raises order.account, account.number."""
    if by.org_id != organisation_id:
        raise NOT_YOURS()
    to = to.tidied()
    row, _new = PayeeAccount.objects.update_or_create(
        organisation_id=organisation_id,
        defaults={"holder": to.holder, "bank": to.bank, "number": to.number, "changed_at": clock.now()},
    )
    audit.record(
        stream=f"organisation:{organisation_id}", action="account_changed", by=by, data={"ending": to.number[-4:]}
    )
    return row


@transaction.atomic
def make(*, payable_id: int, to: PayTo, purpose: str, by: By) -> PaymentOrder:
    """Order the payment of an accepted result. Raises access.not_yours, order.exists, order.account, account.number."""
    payable = Payable.objects.select_for_update(no_key=True).get(pk=payable_id)
    maker = _person(payable.department_id, by)
    if payable.paid_at or payable.orders.filter(withdrawn_at=None).exists():
        raise errors.ORDER_EXISTS()
    to = to.tidied()
    order = PaymentOrder.objects.create(
        number=next_number(PREFIX),
        payable=payable,
        department_id=payable.department_id,
        amount=payable.amount,
        holder=to.holder,
        bank=to.bank,
        account_number=to.number,
        purpose=_purpose(purpose, payable),
        made_at=clock.now(),
        made_by_id=maker,
    )
    _record(order, "made", by, amount=str(order.amount.amount), payable=payable.reference)
    return order


@transaction.atomic
def check(*, order_id: int, by: By) -> PaymentOrder:
    """The second person agrees. Raises access.not_yours, order.moved, order.same_person."""
    order = _lock(order_id, by, {rules.TO_CHECK})
    if order.made_by_id == by.user_id:
        raise errors.SAME_PERSON()
    order.checked_at, order.checked_by_id = clock.now(), by.user_id
    order.save()
    _record(order, "checked", by)
    return order


@transaction.atomic
def send_back(*, order_id: int, reason: str, by: By) -> PaymentOrder:
    """The second person does not agree, and says why. Raises order.reason, order.moved, order.same_person."""
    order = _lock(order_id, by, {rules.TO_CHECK})
    if order.made_by_id == by.user_id:
        raise errors.SAME_PERSON()
    order.sent_back_at, order.reason = clock.now(), _reason(reason)
    order.save()
    _record(order, "sent_back", by, reason=order.reason)
    return order


@transaction.atomic
def correct(*, order_id: int, to: PayTo, purpose: str, by: By) -> PaymentOrder:
    """Make an order again that is not checked yet, was sent back, or came back from the treasury.

    Whoever corrects it is its maker from now on; somebody else checks it. Raises order.moved, order.account.
    """
    order, to = _lock(order_id, by, rules.MENDABLE), to.tidied()
    order.holder, order.bank, order.account_number = to.holder, to.bank, to.number
    order.purpose = _purpose(purpose, order.payable)
    order.made_by_id, order.made_at = _person(order.department_id, by), clock.now()
    order.checked_at = order.checked_by = order.sent_back_at = order.rejected_at = None
    order.reason = ""
    order.save()
    _record(order, "corrected", by)
    return order


@transaction.atomic
def withdraw(*, order_id: int, reason: str, by: By) -> PaymentOrder:
    """Give an order up that is not with the treasury; what is owed stays owed. Raises order.reason, order.moved."""
    order = _lock(order_id, by, {*rules.MENDABLE, rules.CHECKED})
    order.withdrawn_at, order.reason = clock.now(), _reason(reason)
    order.save()
    _record(order, "withdrawn", by, reason=order.reason)
    return order


def _lock(order_id: int, by: By, states: Collection[str]) -> PaymentOrder:
    """The order under its lock, in one of these states and of the actor's department."""
    rows = PaymentOrder.objects.select_for_update(no_key=True, of=("self",)).select_related("payable")
    order = rows.get(pk=order_id)
    _person(order.department_id, by)
    if order.state not in states:
        raise errors.ORDER_MOVED()
    return order


def _person(department_id: int, by: By) -> int:
    if by.org_id != department_id or by.user_id is None:
        raise NOT_YOURS()
    return by.user_id


def _purpose(text: str, payable: Payable) -> str:
    text = text.strip()[:120] or payable.title[:120]
    return text if treasury.plain(text) else payable.title[:120]


def _reason(text: str) -> str:
    if not text.strip():
        raise errors.REASON_MISSING()
    return text.strip()[:300]


def _record(order: PaymentOrder, action: str, by: By, reason: str = "", **data: Any) -> None:
    audit.record(stream=f"order:{order.pk}", action=action, by=by, reason=reason, data={"number": order.number, **data})
