"""Locking a contract and checking that who acts is the party they say they are."""

from django.db import connection

from accounts.errors import NOT_YOURS
from contracts.models import Contract, Side
from core.audit import By


def locked(contract_id: int) -> Contract:
    """The contract's row, locked until the transaction ends: the single point of order of this room."""
    contracts = Contract.objects.select_for_update(of=("self",))
    return contracts.select_related("award__need", "buyer", "supplier__organisation").get(pk=contract_id)


def alone_with(award_id: int) -> None:
    """Everybody else who decides about this award waits until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"award-answer:{award_id}"])


def must_be(contract: Contract, side: str, by: By) -> None:
    """Raises access.not_yours unless `by` acts for that side."""
    if contract.side_of(by.org_id) != Side(side):
        raise NOT_YOURS()


def stream(contract: Contract) -> str:
    return f"contract:{contract.pk}"
