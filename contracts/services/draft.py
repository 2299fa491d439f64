"""The draft: either side changes it, the other confirms or sends it back. A change takes back every confirmation."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from bidding.models import Award
from contracts import errors
from contracts.models import Contract, Milestone, Side
from contracts.rules.milestones import Fault, Plan, fault
from contracts.services.barring import must_be_free
from contracts.services.parties import locked, must_be, stream
from contracts.services.signing import sign_if_ready
from core import clock, rulesets
from core.audit import By, record
from core.errors import REGISTRY, Refusal
from core.money import Money

Proposed = tuple[str, Money, int]
OTHER = {Side.BUYER: Side.SUPPLIER, Side.SUPPLIER: Side.BUYER}


@transaction.atomic
def draft(
    *,
    contract_id: int,
    terms: str,
    milestones: Sequence[Proposed],
    side: str,
    by: By,
    version: int | None = None,
) -> Contract:
    """Propose a new version: terms and milestones (title, amount, working days from signing).

    `version` is the one the writer had read; a newer one raises contract.version. Also raises contract.signed,
    contract.terms, contract.milestones_count, .milestones_sum, .milestone_title, .milestone_days.
    """
    contract = _open_draft(contract_id, side, by, version)
    _check(contract, terms, milestones)
    contract.terms = terms.strip()
    contract.version += 1
    contract.drafted_by, contract.drafted_at = side, clock.now()
    contract.sent_back_by = contract.sent_back_reason = ""
    contract.buyer_confirmed_at = contract.supplier_confirmed_at = None
    contract.save()
    _replace(contract, milestones)
    record(stream=stream(contract), action="drafted", by=by, data={"version": contract.version, "side": side})
    return contract


@transaction.atomic
def confirm(*, contract_id: int, side: str, by: By, version: int | None = None) -> Contract:
    """Agree to the version as it stands; when both have and publicity is over, the contract is signed.

    Confirming again changes nothing. Raises contract.version, contract.signed or contract.restricted.
    """
    contract = locked(contract_id)
    must_be(contract, side, by)
    if _confirmed_at(contract, side) and version in (None, contract.version):
        return contract
    contract = _open_draft(contract_id, side, by, version)
    must_be_free(contract, side)
    plan = [(m.title, m.amount, m.days) for m in contract.milestones.all()]
    _check(contract, contract.terms, plan)
    setattr(contract, f"{side}_confirmed_at", clock.now())
    contract.save()
    record(stream=stream(contract), action="confirmed", by=by, data={"version": contract.version, "side": side})
    sign_if_ready(contract.pk)
    contract.refresh_from_db()
    return contract


@transaction.atomic
def send_back(*, contract_id: int, side: str, reason: str, by: By) -> Contract:
    """Ask the side that confirmed for another version.

    Raises contract.reason, contract.nothing_to_send_back or contract.signed.
    """
    contract = _open_draft(contract_id, side, by, None)
    if not reason.strip():
        raise errors.REASON_MISSING()
    if not _confirmed_at(contract, OTHER[Side(side)]):
        raise errors.NOTHING_TO_SEND_BACK()
    contract.buyer_confirmed_at = contract.supplier_confirmed_at = None
    contract.sent_back_by, contract.sent_back_reason = side, reason.strip()[:300]
    contract.save()
    record(stream=stream(contract), action="sent_back", by=by, reason=reason.strip(), data={"side": side})
    return contract


def _open_draft(contract_id: int, side: str, by: By, version: int | None) -> Contract:
    contract = locked(contract_id)
    must_be(contract, side, by)
    if contract.signed_at or contract.terminated_at or contract.award.outcome in Award.OVER:
        raise errors.ALREADY_SIGNED()
    if version is not None and version != contract.version:
        raise errors.VERSION_MOVED(version=contract.version)
    return contract


def _confirmed_at(contract: Contract, side: str) -> datetime | None:
    return contract.buyer_confirmed_at if side == Side.BUYER else contract.supplier_confirmed_at


def _check(contract: Contract, terms: str, milestones: Sequence[Proposed]) -> None:
    if not terms.strip():
        raise errors.TERMS_EMPTY()
    rules = rulesets.by_ref(contract.rules_ref)
    wrong = fault(
        [Plan(title, amount.amount, days) for title, amount, days in milestones],
        amount=contract.amount.amount,
        most=rules["milestones_most"],
        days_most=rules["milestone_days_most"],
    )
    if wrong:
        raise _refusal(wrong)


def _refusal(wrong: Fault) -> Refusal:
    return REGISTRY[wrong.code](**wrong.values)


def _replace(contract: Contract, milestones: Sequence[Proposed]) -> None:
    contract.milestones.all().delete()
    Milestone.objects.bulk_create(
        Milestone(contract=contract, position=position, title=title.strip()[:120], amount=amount, days=days)
        for position, (title, amount, days) in enumerate(milestones, start=1)
    )
