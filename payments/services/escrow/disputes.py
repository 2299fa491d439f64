"""When the parties disagree: either stops the money, one proposes how to end it, the other agrees; or a regulator
decides. While it is stopped, the books hold it where nothing can be taken from.
"""

from django.db import transaction

from core import clock
from core.audit import By
from core.money import Money
from payments import errors
from payments.models import Escrow, Settlement, Side
from payments.services.escrow import moving, pots
from payments.services.escrow.locking import at_bank, locked, must_be, must_move, record, stopped

BOTH = (Side.BUYER, Side.SUPPLIER)


@transaction.atomic
def stop(*, escrow_id: int, reason: str, by: By) -> Escrow:
    """Freeze what is held. Raises access.not_yours, escrow.reason, .unpaid, .frozen, .at_bank, .short."""
    escrow = locked(escrow_id)
    side = must_be(escrow, by, *BOTH)
    must_move(escrow)
    if not reason.strip():
        raise errors.ESCROW_REASON()
    if not pots.held(escrow):
        raise errors.ESCROW_SHORT(free=Money.of(0), wanted=Money.of("0.01"))
    escrow.disputed_at, escrow.disputed_by, escrow.dispute_reason = clock.now(), side, reason.strip()[:500]
    escrow.save()
    pots.freeze(escrow, _mark(escrow), by)
    record(escrow, "stopped", by, reason=escrow.dispute_reason, side=side)
    return escrow


@transaction.atomic
def resume(*, escrow_id: int, by: By) -> Escrow:
    """Who stopped it lets it go on; what was accepted meanwhile is released, the rest of work that ended goes back.

    Raises access.not_yours, escrow.not_frozen.
    """
    escrow = locked(escrow_id)
    side = must_be(escrow, by, *BOTH)
    if escrow.disputed_at is None:
        raise errors.ESCROW_NOT_FROZEN()
    must_be(escrow, by, Side(escrow.disputed_by))
    escrow.settlements.filter(answered_at=None).update(answered_at=clock.now(), accepted=False)
    _let_go(escrow, by)
    record(escrow, "resumed", by, side=side)
    moving.go_on(escrow, by)
    return escrow


@transaction.atomic
def propose(*, escrow_id: int, to_supplier: Money, reason: str, by: By) -> Settlement:
    """Propose how to end it: so much for the agency, the rest back to the buyer.

    Raises access.not_yours, escrow.not_frozen, .reason, .short, settlement.open.
    """
    escrow = locked(escrow_id)
    side = must_be(escrow, by, *BOTH)
    if escrow.settlements.filter(answered_at=None).exists():
        raise errors.SETTLEMENT_OPEN()
    settlement = _settlement(escrow, to_supplier, reason, side)
    record(escrow, "settlement_proposed", by, reason=settlement.reason, to_supplier=str(to_supplier.amount))
    return settlement


@transaction.atomic
def answer(*, settlement_id: int, accepted: bool, by: By) -> Settlement:
    """The other side says yes, and it is carried out; or no. Who proposed may take it back.

    Raises access.not_yours, settlement.answered, .own, escrow.at_bank.
    """
    escrow = locked(Settlement.objects.values_list("escrow_id", flat=True).get(pk=settlement_id))
    side = must_be(escrow, by, *BOTH)
    settlement = escrow.settlements.select_for_update().get(pk=settlement_id)
    if settlement.answered_at:
        raise errors.SETTLEMENT_ANSWERED()
    if accepted and settlement.proposed_by == side:
        raise errors.SETTLEMENT_OWN()
    settlement.answered_at, settlement.accepted = clock.now(), accepted
    settlement.save()
    record(escrow, "settlement_accepted" if accepted else "settlement_declined", by, side=side)
    if accepted:
        _carry_out(escrow, settlement, by)
    return settlement


@transaction.atomic
def decide(*, escrow_id: int, to_supplier: Money, reason: str, by: By) -> Settlement:
    """A regulator ends a dispute the parties could not. The caller has checked who decides.

    Raises escrow.not_frozen, .reason, .short, .at_bank.
    """
    escrow = locked(escrow_id)
    now = clock.now()
    settlement = _settlement(escrow, to_supplier, reason, None, answered=True)
    escrow.settlements.filter(answered_at=None).update(answered_at=now, accepted=False)
    record(escrow, "settlement_decided", by, reason=settlement.reason, to_supplier=str(to_supplier.amount))
    _carry_out(escrow, settlement, by)
    return settlement


def _settlement(
    escrow: Escrow, to_supplier: Money, reason: str, side: Side | None, *, answered: bool = False
) -> Settlement:
    if escrow.disputed_at is None:
        raise errors.ESCROW_NOT_FROZEN()
    if not reason.strip():
        raise errors.ESCROW_REASON()
    free, now = pots.frozen(escrow), clock.now()
    if to_supplier > free:
        raise errors.ESCROW_SHORT(free=free, wanted=to_supplier)
    return Settlement.objects.create(
        escrow=escrow,
        proposed_by=side or "",
        to_supplier=to_supplier,
        to_buyer=free - to_supplier,
        reason=reason.strip()[:500],
        at=now,
        answered_at=now if answered else None,
        accepted=True if answered else None,
    )


def _carry_out(escrow: Escrow, settlement: Settlement, by: By) -> None:
    if at_bank(escrow):
        raise errors.ESCROW_AT_BANK()
    _let_go(escrow, by)
    moving.settle(escrow, settlement.to_supplier, settlement.to_buyer, by, settlement.reason)


def _let_go(escrow: Escrow, by: By) -> None:
    mark = _mark(escrow)
    escrow.disputed_at, escrow.disputed_by, escrow.dispute_reason = None, "", ""
    escrow.save()
    if not stopped(escrow):
        pots.thaw(escrow, mark, by)


def _mark(escrow: Escrow) -> str:
    """Names this dispute in the keys of its transfers."""
    return f"{escrow.disputed_at:%Y%m%d%H%M%S%f}" if escrow.disputed_at else ""
