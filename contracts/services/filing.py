"""A department files a signed contract with its regulator and notes the number here."""

from datetime import datetime

from django.db import transaction

from contracts import errors
from contracts.models import Contract, Filing, Side
from contracts.services.parties import locked, must_be, stream
from core import clock, rulesets, workdays
from core.audit import By, record
from core.workdays import Limit

NUMBER_LENGTH = 60


@transaction.atomic
def file_contract(*, contract_id: int, number: str, by: By) -> Filing:
    """Note the number a contract was filed under, once.

    Raises access.not_yours, filing.department, contract.not_running before the signature, filing.number, filing.done.
    """
    contract = locked(contract_id)
    must_be(contract, Side.BUYER, by)
    if not must_be_filed(contract):
        raise errors.FILING_DEPARTMENT()
    if contract.signed_at is None:
        raise errors.NOT_RUNNING()
    if not number.strip() or len(number.strip()) > NUMBER_LENGTH:
        raise errors.FILING_NUMBER()
    if Filing.objects.filter(contract=contract).exists():
        raise errors.FILED()
    filing = Filing.objects.create(contract=contract, number=number.strip(), filed_at=clock.now())
    record(stream=stream(contract), action="filed", by=by, data={"number": filing.number})
    return filing


def must_be_filed(contract: Contract) -> bool:
    return contract.buyer.kind == "department"


def file_by(contract: Contract, signed_at: datetime) -> datetime | None:
    """Until when what is signed now is to be filed; None for who files nothing."""
    if not must_be_filed(contract):
        return None
    return Limit.of(rulesets.current("changes", signed_at)["file"]).end(signed_at, workdays.load())
