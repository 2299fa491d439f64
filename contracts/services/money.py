"""How an enterprise pays for a contract: all of it or a milestone, through escrow or from bank to bank."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from contracts import errors
from contracts.models import Contract, Milestone, Side
from contracts.services.parties import locked, must_be
from core.audit import By
from payments.models import BankPayment, Escrow
from payments.selectors import escrow as money
from payments.services.escrow import bank, opening


def group(contract: Contract) -> str:
    return f"contract:{contract.pk}"


def reference(milestone: Milestone) -> str:
    return f"milestone:{milestone.pk}"


def standing(contract: Contract) -> money.GroupMoney:
    """What each milestone's money has come to."""
    parts = [(reference(one), f"{one.position}. {one.title}", one.amount) for one in contract.milestones.all()]
    return money.of_group(group(contract), parts)


@transaction.atomic
def fund(*, contract_id: int, milestone_id: int | None, by: By) -> Escrow:
    """Open an escrow for a milestone, or for everything not paid for yet.

    Raises access.not_yours, contract.not_payable, contract.paid and what payments refuses.
    """
    contract, payable = _payable(contract_id, milestone_id, by)
    open_ = {one.reference for one in standing(contract).open_parts}
    chosen = [one for one in payable if reference(one) in open_]
    if not chosen:
        raise errors.NOTHING_TO_PAY()
    return opening.open_escrow(
        group=group(contract),
        title=contract.award.need.title,
        page=f"/contracts/{contract.pk}/",
        buyer_id=contract.buyer_id,
        supplier_id=contract.supplier_id,
        parts=[
            opening.Part(reference(one), f"{one.position}. {one.title}", one.amount, accepted=bool(one.accepted_at))
            for one in chosen
        ],
        by=by,
    )


@transaction.atomic
def report_transfer(*, milestone_id: int, slip: "UploadedFile[Any]", note: str, by: By) -> BankPayment:
    """A milestone was paid from bank to bank. Raises as `fund`, and file.empty, .too_large, .type."""
    contract_id = Milestone.objects.values_list("contract_id", flat=True).get(pk=milestone_id)
    contract, (milestone,) = _payable(contract_id, milestone_id, by)
    return bank.report(
        group=group(contract),
        reference=reference(milestone),
        title=f"{contract.award.need.title}：{milestone.title}",
        page=f"/contracts/{contract.pk}/",
        buyer_id=contract.buyer_id,
        supplier_id=contract.supplier_id,
        amount=milestone.amount,
        slip=slip,
        note=note,
        by=by,
    )


def owed(contract: Contract, milestone: Milestone) -> bool:
    """May this be paid? Of a contract that was ended, what was accepted before."""
    return contract.signed_at is not None and (contract.terminated_at is None or milestone.accepted_at is not None)


def _payable(contract_id: int, milestone_id: int | None, by: By) -> tuple[Contract, list[Milestone]]:
    """The contract, locked, and which of the milestones asked for (None: all) may be paid; at least one."""
    contract = locked(contract_id)
    must_be(contract, Side.BUYER, by)
    asked = [one for one in contract.milestones.all() if milestone_id in (None, one.pk)]
    payable = [one for one in asked if owed(contract, one)]
    if asked and not payable:
        raise errors.NOT_PAYABLE()
    return contract, payable
