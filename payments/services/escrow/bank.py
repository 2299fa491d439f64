"""The other way for enterprises: the buyer sends money from bank to bank and shows the slip, the agency says it came.

The platform never holds it; the books note it for both.
"""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.errors import NOT_YOURS
from accounts.models import Organisation
from core import audit, clock, files
from core.audit import By
from core.money import Money
from payments import errors, ledger
from payments.models import BankPayment, Side
from payments.services.escrow.opening import free_for_payment

SLIPS = files.IMAGES | {"application/pdf"}


@transaction.atomic
def report(
    *,
    group: str,
    reference: str,
    title: str,
    page: str,
    buyer_id: int,
    supplier_id: int,
    amount: Money,
    slip: "UploadedFile[Any]",
    note: str,
    by: By,
) -> BankPayment:
    """The buyer says a part was paid by bank, with the slip.

    Raises access.not_yours, escrow.enterprise, .taken, file.empty, .too_large, .type.
    """
    if by.org_id != buyer_id:
        raise NOT_YOURS()
    if Organisation.objects.get(pk=buyer_id).kind != Organisation.Kind.ENTERPRISE:
        raise errors.ESCROW_ENTERPRISE()
    free_for_payment(reference, title)
    payment = BankPayment.objects.create(
        group=group,
        reference=reference,
        title=title[:200],
        page=page,
        buyer_id=buyer_id,
        supplier_id=supplier_id,
        amount=amount,
        slip=files.store(slip, accept=SLIPS),
        note=note.strip()[:200],
        sent_at=clock.now(),
        sent_by_id=by.user_id,
    )
    _record(payment, "sent", by)
    return payment


@transaction.atomic
def confirm(*, payment_id: int, by: By) -> BankPayment:
    """The agency has the money. Again changes nothing. Raises access.not_yours, bank.answered."""
    payment = _supplier(payment_id, by)
    if payment.confirmed_at:
        return payment
    if payment.refused_at:
        raise errors.BANK_ANSWERED()
    payment.confirmed_at = clock.now()
    payment.save()
    mark, amount = f"bank:{payment.pk}", payment.amount.amount
    sent = ledger.account("bank_sent", payment.buyer_id, payment.group)
    received = ledger.account("bank_received", payment.supplier_id, payment.group)
    ledger.post(
        key=mark,
        cause="bank.confirmed",
        reference=payment.reference,
        lines=[(sent, amount), (received, -amount)],
        by=by,
    )
    _record(payment, "confirmed", by)
    return payment


@transaction.atomic
def refuse(*, payment_id: int, reason: str, by: By) -> BankPayment:
    """The money did not come; the buyer may show another slip or pay otherwise. Raises access.not_yours, bank.answered,
    escrow.reason.
    """
    payment = _supplier(payment_id, by)
    if payment.confirmed_at or payment.refused_at:
        raise errors.BANK_ANSWERED()
    if not reason.strip():
        raise errors.ESCROW_REASON()
    payment.refused_at, payment.refusal = clock.now(), reason.strip()[:300]
    payment.save()
    _record(payment, "refused", by, payment.refusal)
    return payment


def _supplier(payment_id: int, by: By) -> BankPayment:
    payment = BankPayment.objects.select_for_update().get(pk=payment_id)
    if payment.side_of(by.org_id) != Side.SUPPLIER:
        raise NOT_YOURS()
    return payment


def _record(payment: BankPayment, action: str, by: By, reason: str = "") -> None:
    data = {"amount": str(payment.amount.amount), "for": payment.reference, "sha256": payment.slip.sha256}
    audit.record(stream=f"bank_payment:{payment.pk}", action=action, by=by, reason=reason, data=data)
