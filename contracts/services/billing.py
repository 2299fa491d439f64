"""The agency asks for an accepted milestone to be paid. The paper itself is issued by the payments room."""

from django.db import transaction

from contracts import errors
from contracts.models import Milestone, Side
from contracts.services.parties import locked, must_be
from core.audit import By
from payments.models import MoneyPaper
from payments.services import papers


@transaction.atomic
def invoice(*, milestone_id: int, tax: str, by: By) -> MoneyPaper:
    """Issue the invoice of an accepted milestone, once. `tax`: the tax office's invoice number, or "".

    Raises access.not_yours, milestone.not_accepted, invoice.tax_number, invoice.exists.
    """
    milestone = Milestone.objects.get(pk=milestone_id)
    contract = locked(milestone.contract_id)
    must_be(contract, Side.SUPPLIER, by)
    if milestone.accepted_at is None:
        raise errors.MILESTONE_NOT_ACCEPTED()
    about = papers.About(
        payer=contract.buyer,
        payee=contract.supplier.organisation,
        reference=f"milestone:{milestone.pk}",
        title=f"{contract.award.need.title}：{milestone.title}",
        page=f"/contracts/{contract.pk}/",
    )
    return papers.invoice(about=about, amount=milestone.amount, tax=tax, by=by)
