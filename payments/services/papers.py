"""Issuing papers about money: an invoice for accepted work, a receipt for every payment that arrived.

A receipt follows from its transfer: `payments.ledger` enqueues one job for each movement that calls for one
(rules/receipts.py), in the transaction that moves the money.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import override

from accounts.models import Organisation
from core import audit, clock, papers
from core.audit import By
from core.money import Money
from payments import errors
from payments.models import BankPayment, Escrow, MoneyPaper, Payable, Transfer
from payments.rules.capitals import capitals
from payments.rules.receipts import RECEIPTS, tax_number

Kind = MoneyPaper.Kind
PREFIXES = {True: "QK", False: "SJ"}  # 请款单, 收据


@dataclass(frozen=True)
class About:
    """Who pays whom for what, and where to read about it."""

    payer: Organisation
    payee: Organisation
    reference: str
    title: str
    page: str


@transaction.atomic
def invoice(*, about: About, amount: Money, tax: str, by: By) -> MoneyPaper:
    """The payee asks for accepted work to be paid, once per reference. The caller has checked that it was accepted.

    `tax`: the number of the tax office's invoice, or "". Raises invoice.tax_number, invoice.exists.
    """
    number = tax_number(tax)
    if number is None:
        raise errors.TAX_NUMBER()
    try:
        with transaction.atomic():
            return _issue(Kind.INVOICE, about, amount, by, tax=number)
    except IntegrityError as exists:
        raise errors.INVOICE_EXISTS() from exists


@transaction.atomic
def receipt(*, transfer_id: int) -> MoneyPaper | None:
    """The receipt of a transfer, issued as of its moment; the first one when there is one. None: it calls for none."""
    moved = Transfer.objects.select_for_update(of=("self",), no_key=True).get(pk=transfer_id)
    first = MoneyPaper.objects.filter(transfer=moved).first()
    if first or moved.cause not in RECEIPTS:
        return first
    about = _about(moved)
    if about is None:
        return None
    amount = Money(sum((entry.amount for entry in moved.entries.all() if entry.amount > 0), Decimal(0)))
    with clock.at(moved.at):
        return _issue(Kind(RECEIPTS[moved.cause]), about, amount, By(moved.by_user_id, moved.by_org_id), moved=moved)


def _about(moved: Transfer) -> About | None:
    kind = RECEIPTS[moved.cause]
    if kind == Kind.TREASURY:
        return _treasury(moved)
    return _bank(moved) if kind == Kind.BANK else _escrow(moved, kind)


def _treasury(moved: Transfer) -> About | None:
    rows = Payable.objects.select_related("department", "commitment__payee")
    row = rows.filter(reference=moved.reference).first()
    return About(row.department, row.commitment.payee, row.reference, row.title, row.page) if row else None


def _bank(moved: Transfer) -> About | None:
    rows = BankPayment.objects.select_related("buyer", "supplier")
    row = rows.filter(reference=moved.reference, confirmed_at__isnull=False).first()
    return About(row.buyer, row.supplier, row.reference, row.title, row.page) if row else None


def _escrow(moved: Transfer, kind: str) -> About | None:
    """Money into escrow and out of it is between the same two; what goes back goes the other way."""
    number = moved.reference.removeprefix("escrow:")
    rows = Escrow.objects.select_related("buyer", "supplier")
    row = rows.filter(pk=int(number)).first() if number.isdigit() else None
    if row is None:
        return None
    payer, payee = (row.supplier, row.buyer) if kind == Kind.REFUNDED else (row.buyer, row.supplier)
    return About(payer, payee, row.reference, row.title, row.get_absolute_url())


def _issue(
    kind: Kind, about: About, amount: Money, by: By, *, tax: str = "", moved: Transfer | None = None
) -> MoneyPaper:
    row = MoneyPaper(
        kind=kind,
        payer=about.payer,
        payee=about.payee,
        reference=about.reference,
        title=about.title[:200],
        page=about.page,
        amount=amount,
        tax_number=tax,
        transfer=moved,
        issued_at=clock.now(),
        issued_by_id=by.user_id,
    )
    row.paper = papers.issue(
        prefix=PREFIXES[row.is_invoice],
        kind="money",
        title=_title(kind),
        page="/money/papers/",
        data=_data(row),
        public=False,
    )
    row.save(force_insert=True)
    _lead_home(row)
    audit.record(
        stream=about.reference, action=f"{kind}_paper", by=by, data={"number": row.paper.number, "amount": str(amount)}
    )
    return row


def _title(kind: Kind) -> str:
    with override(papers.LANGUAGE):
        return str(kind.label)


def _lead_home(row: MoneyPaper) -> None:
    """Its QR code leads to its own page, whose address is known only now."""
    row.paper.page = row.get_absolute_url()
    row.paper.save(update_fields=["page"])


def _data(row: MoneyPaper) -> dict[str, object]:
    return {
        "kind": str(row.kind),
        "payer": row.payer.name,
        "payer_code": row.payer.credit_code,
        "payee": row.payee.name,
        "payee_code": row.payee.credit_code,
        "for": row.title,
        "amount": str(row.amount.amount),
        "capitals": capitals(row.amount.amount),
        "tax_number": row.tax_number,
        "voucher": row.transfer_id or "",
    }
