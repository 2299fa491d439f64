"""An agency restricted before it was bound: its award goes to the next, a contract it had not confirmed ends.

What both are bound to already is protected: a contract the agency had confirmed is signed and carried out.
"""

from django.db import transaction

from bidding import services as competition
from contracts import errors
from contracts.models import Contract, Side
from contracts.services.parties import alone_with, locked, stream
from core import clock
from core.audit import SYSTEM, record


def must_be_free(contract: Contract, side: str) -> None:
    """A restricted agency binds itself to nothing new. Raises contract.restricted."""
    if side == Side.SUPPLIER and competition.barred(contract.supplier_id, clock.now()):
        raise errors.SUPPLIER_RESTRICTED()


@transaction.atomic
def pass_over(award_id: int) -> bool:
    """Ask the next in the ranking in place of a restricted winner that is not bound yet; says whether it did."""
    alone_with(award_id)
    found = Contract.objects.filter(award_id=award_id).values_list("pk", flat=True).first()
    contract = locked(found) if found else None
    if contract and (contract.supplier_confirmed_at or contract.terminated_at):
        return False
    if contract:
        contract.terminated_at = clock.now()
        contract.save(update_fields=["terminated_at"])
        record(stream=stream(contract), action="barred", by=SYSTEM)
    competition.pass_over(award_id=award_id)
    return True
