"""Ending a signed contract before its work is done: one side proposes, the other is heard.

What was accepted stays owed. The rest of a department's commitment is free again, the rest of an enterprise's escrow
goes back. Who is liable is what the two said, kept as it was said; the platform decides nothing about it.
"""

from django.db import transaction

from contracts import errors
from contracts.models import Contract, Deliverable, Liable, Side, Termination, TerminationAnswer
from contracts.services.money import group, reference
from contracts.services.parties import locked, must_be, stream
from contracts.services.signing import announce_end
from core import clock, rulesets, workdays
from core.audit import SYSTEM, By, record
from marketplace import services as marketplace
from payments.services.escrow import moving

Outcome = TerminationAnswer.Outcome
FAILURE = "terminated"  # why the need came to nothing: a code of marketplace.wording.FAILURES


@transaction.atomic
def propose_termination(*, contract_id: int, side: str, reason: str, liable: str, by: By) -> Termination:
    """Propose to end a running contract, and say who is liable in one's own view.

    Raises access.not_yours, contract.not_running, contract.reason, termination.waiting, ValueError for who is no side.
    """
    contract = locked(contract_id)
    must_be(contract, side, by)
    _must_run(contract)
    if not reason.strip():
        raise errors.REASON_MISSING()
    if waiting(contract):
        raise errors.TERMINATION_WAITING()
    limits, now = rulesets.current("changes"), clock.now()
    proposal = Termination.objects.create(
        contract=contract,
        proposed_by=side,
        proposed_at=now,
        answer_by=workdays.Limit.of(limits["terminate_answer"]).end(now, workdays.load()),
        reason=reason.strip()[:500],
        liable=Liable(liable),
        rules_ref=limits.ref,
    )
    facts = {"side": side, "liable": liable}
    record(stream=stream(contract), action="termination_proposed", by=by, reason=proposal.reason, data=facts)
    return proposal


@transaction.atomic
def agree_termination(*, termination_id: int, by: By) -> Contract:
    """The other side agrees, also to who is liable: the contract ends now.

    Raises access.not_yours, termination.answered, contract.not_running, termination.result_waits.
    """
    proposal, contract = _answerable(termination_id, by, proposer=False)
    if _result_waits(contract):
        raise errors.TERMINATION_RESULT_WAITS()
    _answer(proposal, Outcome.AGREED, by, liable=proposal.liable)
    return _end(contract, proposal, by)


@transaction.atomic
def dispute_termination(*, termination_id: int, reason: str, liable: str, by: By) -> TerminationAnswer:
    """The other side does not agree: both views stand side by side, the contract goes on, a complaint is open to both.

    Raises access.not_yours, termination.answered, contract.not_running, contract.reason.
    """
    proposal, _contract = _answerable(termination_id, by, proposer=False)
    if not reason.strip():
        raise errors.REASON_MISSING()
    return _answer(proposal, Outcome.DISPUTED, by, reason=reason.strip()[:500], liable=Liable(liable))


@transaction.atomic
def withdraw_termination(*, termination_id: int, by: By) -> TerminationAnswer:
    """Whoever proposed it takes it back. Raises access.not_yours, termination.answered, contract.not_running."""
    proposal, _contract = _answerable(termination_id, by, proposer=True)
    return _answer(proposal, Outcome.WITHDRAWN, by)


@transaction.atomic
def take_silence_as_agreement(termination_id: int) -> bool:
    """The other side was heard and said nothing in time: the contract ends. A result that waits is answered first."""
    proposal = Termination.objects.get(pk=termination_id)
    contract = locked(proposal.contract_id)
    answered = TerminationAnswer.objects.filter(termination=proposal).exists()
    over = contract.completed_at or contract.terminated_at
    if answered or over or clock.now() < proposal.answer_by or _result_waits(contract):
        return False
    _answer(proposal, Outcome.SILENT, SYSTEM)
    _end(contract, proposal, SYSTEM)
    return True


def waiting(contract: Contract) -> Termination | None:
    """The proposal that waits for an answer."""
    if contract.completed_at or contract.terminated_at:
        return None
    return next((one for one in contract.terminations.all() if not hasattr(one, "answer")), None)


def _must_run(contract: Contract) -> None:
    if contract.signed_at is None or contract.completed_at or contract.terminated_at:
        raise errors.NOT_RUNNING()


def _result_waits(contract: Contract) -> bool:
    open_ = Deliverable.objects.filter(milestone__contract=contract, accepted_at=None, returned_at=None)
    return open_.exists()


def _answerable(termination_id: int, by: By, *, proposer: bool) -> tuple[Termination, Contract]:
    proposal = Termination.objects.get(pk=termination_id)
    own = Side(proposal.proposed_by)
    side = own if proposer else next(one for one in Side if one != own)
    contract = locked(proposal.contract_id)
    must_be(contract, side, by)
    if TerminationAnswer.objects.filter(termination=proposal).exists():
        raise errors.TERMINATION_ANSWERED()
    _must_run(contract)
    return proposal, contract


def _answer(
    proposal: Termination, outcome: Outcome, by: By, *, reason: str = "", liable: str = ""
) -> TerminationAnswer:
    contract = proposal.contract
    side = contract.side_of(by.org_id) or ""
    answer = TerminationAnswer.objects.create(
        termination=proposal, outcome=outcome, side=side, reason=reason, liable=liable, at=clock.now()
    )
    facts = {"side": side, "liable": liable}
    record(stream=stream(contract), action=f"termination_{outcome.value}", by=by, reason=reason, data=facts)
    return answer


def _end(contract: Contract, proposal: Termination, by: By) -> Contract:
    contract.terminated_at = clock.now()
    contract.save(update_fields=["terminated_at"])
    record(stream=stream(contract), action="terminated", by=by, reason=proposal.reason)
    announce_end(contract)
    marketplace.mark_failed(need_id=contract.award.need_id, reason=FAILURE)
    _tell_escrow(contract, proposal, by)
    return contract


def _tell_escrow(contract: Contract, proposal: Termination, by: By) -> None:
    for milestone in contract.milestones.exclude(accepted_at=None):
        moving.part_accepted(reference=reference(milestone), by=by)  # its news may still be on the way
    moving.work_over(group=group(contract), reason=proposal.reason, by=by)


@transaction.atomic
def tell_escrow_again(contract_id: int) -> None:
    """Say of a contract that ended what its escrow should have heard; where it has, nothing changes."""
    contract = locked(contract_id)
    ended = contract.terminations.filter(answer__outcome__in=[Outcome.AGREED, Outcome.SILENT]).first()
    if contract.terminated_at and ended:
        _tell_escrow(contract, ended, SYSTEM)
