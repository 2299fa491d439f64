"""Reading invoices and receipts."""

from django.db.models import Q, QuerySet

from payments.models import MoneyPaper


def paper(pk: int) -> MoneyPaper:
    """One with its parties and its PDF. Raises MoneyPaper.DoesNotExist."""
    return _whole().get(pk=pk)


def papers(organisation_id: int | None, kind: str = "") -> "QuerySet[MoneyPaper]":
    """What an organisation pays or is paid with (None: everybody), newest first; `kind`: only these."""
    rows = _whole()
    if organisation_id is not None:
        rows = rows.filter(Q(payer_id=organisation_id) | Q(payee_id=organisation_id))
    return rows.filter(kind=kind) if kind in MoneyPaper.Kind.values else rows


def of_transfer(transfer_id: int) -> MoneyPaper | None:
    """The receipt of a transfer, if it has one."""
    return _whole().filter(transfer=transfer_id).first()


def invoices_for(references: list[str]) -> dict[str, MoneyPaper]:
    """The invoices of these references ("milestone:7"), by reference."""
    rows = _whole().filter(kind=MoneyPaper.Kind.INVOICE, reference__in=references)
    return {row.reference: row for row in rows}


def _whole() -> "QuerySet[MoneyPaper]":
    return MoneyPaper.objects.select_related("paper", "payer", "payee")
