"""The escrow's row is the single point of order; everything else of it is touched only behind this lock."""

from accounts.errors import NOT_YOURS
from core import audit
from core.audit import By
from payments import errors
from payments.models import Escrow, Side


def locked(escrow_id: int) -> Escrow:
    """The escrow, locked until the transaction ends. Raises Escrow.DoesNotExist."""
    rows = Escrow.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("buyer", "supplier").get(pk=escrow_id)


def must_be(escrow: Escrow, by: By, *sides: Side) -> Side:
    """The side `by` acts for. Raises access.not_yours unless it is one of these."""
    side = escrow.side_of(by.org_id)
    if side is None or side not in sides:
        raise NOT_YOURS()
    return side


def at_bank(escrow: Escrow) -> bool:
    """Has the payer's bank taken the money back for now?"""
    return escrow.charge_disputes.filter(closed_at=None).exists()


def stopped(escrow: Escrow) -> bool:
    return escrow.disputed_at is not None or at_bank(escrow)


def must_move(escrow: Escrow) -> None:
    """Raises escrow.unpaid, .at_bank or .frozen when its money may not move."""
    if escrow.funded_at is None:
        raise errors.ESCROW_UNPAID()
    if at_bank(escrow):
        raise errors.ESCROW_AT_BANK()
    if escrow.disputed_at is not None:
        raise errors.ESCROW_FROZEN()


def record(escrow: Escrow, action: str, by: By, *, reason: str = "", **data: str) -> None:
    audit.record(stream=escrow.reference, action=action, by=by, reason=reason, data=data)
