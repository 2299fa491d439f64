"""Money leaves escrow: to the agency when work is accepted or the buyer says so, back when the agency says so.

The decision and the debt it makes are one transaction; the provider is asked afterwards (calls.py).
"""

from decimal import Decimal

from django.db import transaction

from core import clock
from core.audit import By
from core.models import AuditEntry
from core.money import Money
from payments import errors, gateway
from payments.models import Escrow, EscrowPart, ProviderCall, Side
from payments.rules.escrow import fee_of, spread
from payments.services.escrow import calls, opening, pots
from payments.services.escrow.locking import locked, must_be, must_move, record, stopped

Kind = ProviderCall.Kind
WORK_OVER = "work_over"  # in its story: the work ended before it was done


@transaction.atomic
def part_accepted(*, reference: str, by: By) -> None:
    """The work of a part is accepted, by word or by silence: what is left of its share goes to the agency, now or as
    soon as it is there and nobody disputes it. Nothing is escrowed for it: nothing happens.
    """
    part = EscrowPart.objects.filter(reference=reference, active=True).first()
    if part is None:
        return
    escrow = locked(part.escrow_id)
    if part.accepted_at is None:
        EscrowPart.objects.filter(pk=part.pk, accepted_at=None).update(accepted_at=clock.now())
        record(escrow, "part_accepted", by, part=reference)
    release_accepted(escrow, by)


def release_accepted(escrow: Escrow, by: By) -> None:
    """Send what is accepted, as far as it is held. The caller holds the escrow's row."""
    if escrow.funded_at is None or stopped(escrow):
        return
    free = pots.held(escrow)
    for part in escrow.parts.select_for_update().exclude(accepted_at=None):
        amount = min(part.left, free)
        if amount:
            _release(escrow, part, amount, by)
            free -= amount


@transaction.atomic
def release_early(*, part_id: int, amount: Money, by: By) -> None:
    """The buyer lets a share go before the work is accepted, as a whole or in part.

    Raises access.not_yours, escrow.unpaid, .frozen, .at_bank, .short.
    """
    escrow = locked(EscrowPart.objects.values_list("escrow_id", flat=True).get(pk=part_id))
    must_be(escrow, by, Side.BUYER)
    must_move(escrow)
    part = escrow.parts.select_for_update().get(pk=part_id)
    _enough(amount, min(part.left, pots.held(escrow)))
    _release(escrow, part, amount, by)


@transaction.atomic
def give_back(*, escrow_id: int, amount: Money, reason: str, by: By) -> None:
    """The agency returns money to the buyer.

    Raises access.not_yours, escrow.reason, .unpaid, .frozen, .at_bank, .short.
    """
    escrow = locked(escrow_id)
    must_be(escrow, by, Side.SUPPLIER)
    must_move(escrow)
    if not reason.strip():
        raise errors.ESCROW_REASON()
    _enough(amount, pots.held(escrow))
    refund(escrow, amount, by, reason=reason.strip())


@transaction.atomic
def work_over(*, group: str, reason: str, by: By) -> None:
    """The work of these parts ends before it is done: what is accepted stays the agency's, the rest goes back.

    An escrow nobody has paid yet is given up, unless all of it is owed. One that is stopped stays with whoever
    stopped it; when it goes on, its rest goes back then (go_on). Told again, nothing changes.
    """
    for escrow_id in Escrow.objects.filter(group=group, cancelled_at=None).order_by("pk").values_list("pk", flat=True):
        escrow = locked(escrow_id)
        if escrow.funded_at is None:
            if escrow.parts.filter(accepted_at=None).exists():
                opening.give_up(escrow, by)
            continue
        if _over(escrow) is None:
            record(escrow, WORK_OVER, by, reason=reason)
        if not stopped(escrow):
            _return_rest(escrow, by, reason)


def go_on(escrow: Escrow, by: By) -> None:
    """Nothing stops the escrow any more: what was accepted meanwhile is sent, and the rest of work that ended goes
    back. The caller holds the escrow's row.
    """
    release_accepted(escrow, by)
    over = _over(escrow)
    if over and not stopped(escrow):
        _return_rest(escrow, by, over.reason)


def _over(escrow: Escrow) -> AuditEntry | None:
    """The line that says that the work ended before it was done."""
    return AuditEntry.objects.filter(stream=escrow.reference, action=WORK_OVER).first()


def _return_rest(escrow: Escrow, by: By, reason: str) -> None:
    owed = [part.left for part in escrow.parts.exclude(accepted_at=None)]
    rest = pots.held(escrow).amount - sum((left.amount for left in owed), Decimal(0))
    if rest > 0:
        refund(escrow, Money(rest), by, reason=reason)


def settle(escrow: Escrow, to_supplier: Money, to_buyer: Money, by: By, reason: str) -> None:
    """Carry out how a dispute ends. The caller holds the escrow's row, and its money is held again."""
    parts = list(escrow.parts.select_for_update())
    shares = spread(to_supplier.amount, [part.left.amount for part in parts])
    for part, share in zip(parts, shares, strict=True):
        if share:
            _release(escrow, part, Money(share), by)
    if to_buyer:
        refund(escrow, to_buyer, by, reason=reason)


def refund(escrow: Escrow, amount: Money, by: By, *, reason: str, charge_id: str = "") -> None:
    """Owe the buyer money that was held, and have it sent back. The caller holds the escrow's row."""
    call = _refund_call(escrow, amount, by, charge_id or escrow.charge_id)
    own, value = pots.Pots(escrow), amount.amount
    pots.move(escrow, f"call:{call.key}", "refund", [(own.held, value), (own.refund_due, -value)], by=by, note=reason)
    record(escrow, "refund_decided", by, reason=reason, amount=str(value))


def send_back_surplus(escrow: Escrow, amount: Money, by: By, charge_id: str) -> None:
    """Paid twice: the second payment, already owed to the buyer, goes back where it came from."""
    _refund_call(escrow, amount, by, charge_id)
    record(escrow, "surplus_returned", by, amount=str(amount.amount), charge=charge_id)


def _refund_call(escrow: Escrow, amount: Money, by: By, charge_id: str) -> ProviderCall:
    params = {
        "charge": charge_id,
        "amount": gateway.fen(amount.amount),
        "metadata": {**calls.market(), "escrow": escrow.number},
    }
    return calls.write(kind=Kind.REFUND, params=params, escrow=escrow, amount=amount, by=by)


def _release(escrow: Escrow, part: EscrowPart, amount: Money, by: By) -> None:
    fee = Money(fee_of(amount.amount, escrow.fee_share))
    net = amount - fee
    params = {
        "amount": gateway.fen(net.amount),
        "currency": gateway.CURRENCY,
        "source_transaction": escrow.charge_id,
        "transfer_group": escrow.number,
        "metadata": {**calls.market(), "escrow": escrow.number, "part": part.reference},
    }
    call = calls.write(kind=Kind.TRANSFER, params=params, escrow=escrow, amount=net, fee=fee, by=by)
    own = pots.Pots(escrow)
    lines = [
        (own.held, amount.amount),
        (own.agency_due, -net.amount),
        (pots.earnings(), -fee.amount),
    ]
    pots.move(escrow, f"call:{call.key}", "released", lines, by=by, note=part.title)
    part.released += amount
    part.save()
    record(escrow, "released", by, amount=str(amount.amount), fee=str(fee.amount), part=part.reference)


def _enough(amount: Money, free: Money) -> None:
    if amount > free:
        raise errors.ESCROW_SHORT(free=free, wanted=amount)
