"""Results: handed in, accepted, or returned once with everything that is wrong with them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import Organisation
from contracts import errors
from contracts.events import ContractCompleted, DeliverableReturned, MilestoneAccepted
from contracts.models import Contract, Deliverable, Milestone, Side
from contracts.rules.milestones import rework_days
from contracts.services.parties import locked, must_be, stream
from core import clock, files, outbox, rulesets, workdays
from core.audit import SYSTEM, By, record
from marketplace import services as marketplace
from payments.services import budgets

DEFECT_LENGTH = 300


@transaction.atomic
def deliver(*, milestone_id: int, upload: "UploadedFile[Any]", note: str, by: By) -> Deliverable:
    """Hand in a milestone's result. The file stays private; its SHA-256 is recorded and shown to both.

    Raises contract.not_in_service, milestone.done, deliverable.waiting, file.empty, file.too_large, file.type.
    """
    milestone, contract = _milestone(milestone_id)
    must_be(contract, Side.SUPPLIER, by)
    _may_deliver(contract, milestone)
    now, rules = clock.now(), rulesets.by_ref(contract.rules_ref)
    deliverable = Deliverable.objects.create(
        milestone=milestone,
        file=files.store(upload),
        note=note.strip()[:300],
        submitted_at=now,
        submitted_by_id=by.user_id,
        answer_by=workdays.Limit.of(rules["answer"]).end(now, workdays.load()),
    )
    facts = {"milestone": milestone.position, "sha256": deliverable.file.sha256}
    record(stream=stream(contract), action="delivered", by=by, data=facts)
    return deliverable


@transaction.atomic
def accept(*, deliverable_id: int, by: By) -> Deliverable:
    """The buyer takes the result. A second click changes nothing.

    Raises deliverable.decided when it was returned, contract.not_in_service when the contract was ended.
    """
    deliverable, contract = _deliverable(deliverable_id)
    must_be(contract, Side.BUYER, by)
    if deliverable.accepted_at is None:
        if contract.terminated_at:
            raise errors.NOT_IN_SERVICE()
        _accept(deliverable, contract, by, silently=False)
    return deliverable


@transaction.atomic
def take_silence_as_acceptance(deliverable_id: int) -> bool:
    """An enterprise that did not answer in time has accepted; a department has to answer. Says whether it did."""
    deliverable, contract = _deliverable(deliverable_id)
    open_ = deliverable.accepted_at is None and deliverable.returned_at is None
    if not open_ or not may_be_silent(contract) or clock.now() < deliverable.answer_by:
        return False
    _accept(deliverable, contract, SYSTEM, silently=True)
    return True


def may_be_silent(contract: Contract) -> bool:
    return contract.buyer.kind != Organisation.Kind.DEPARTMENT


@transaction.atomic
def return_(*, deliverable_id: int, defects: Sequence[str], by: By) -> Deliverable:
    """Send a result back, once per milestone, with the whole list of defects.

    Raises deliverable.decided, .returned_before, .defects, .defects_too_many.
    """
    deliverable, contract = _deliverable(deliverable_id)
    must_be(contract, Side.BUYER, by)
    if deliverable.accepted_at or deliverable.returned_at:
        raise errors.DELIVERABLE_DECIDED()
    if deliverable.milestone.deliverables.filter(returned_at__isnull=False).exists():
        raise errors.RETURNED_BEFORE()
    deliverable.defects = _listed(contract, defects)
    deliverable.returned_at = clock.now()
    deliverable.rework_by = _rework_by(contract, deliverable.milestone)
    deliverable.save()
    facts = {"milestone": deliverable.milestone.position, "defects": deliverable.defects}
    record(stream=stream(contract), action="returned", by=by, data=facts)
    outbox.emit(DeliverableReturned(deliverable.pk, contract.pk))
    return deliverable


def _milestone(milestone_id: int) -> tuple[Milestone, Contract]:
    contract = locked(Milestone.objects.values_list("contract_id", flat=True).get(pk=milestone_id))
    return Milestone.objects.get(pk=milestone_id), contract


def _deliverable(deliverable_id: int) -> tuple[Deliverable, Contract]:
    _, contract = _milestone(Deliverable.objects.values_list("milestone_id", flat=True).get(pk=deliverable_id))
    return Deliverable.objects.select_related("milestone", "file").get(pk=deliverable_id), contract


def _may_deliver(contract: Contract, milestone: Milestone) -> None:
    if not contract.signed_at or contract.completed_at or contract.terminated_at:
        raise errors.NOT_IN_SERVICE()
    if milestone.accepted_at:
        raise errors.MILESTONE_DONE()
    if milestone.deliverables.filter(accepted_at=None, returned_at=None).exists():
        raise errors.DELIVERABLE_WAITING()


def _listed(contract: Contract, defects: Sequence[str]) -> list[str]:
    most = rulesets.by_ref(contract.rules_ref)["defects_most"]
    listed = [line.strip() for line in defects if line.strip()]
    if not listed:
        raise errors.DEFECTS_MISSING()
    if len(listed) > most or any(len(line) > DEFECT_LENGTH for line in listed):
        raise errors.DEFECTS_TOO_MANY(most=most)
    return listed


def _rework_by(contract: Contract, milestone: Milestone) -> datetime:
    rules = rulesets.by_ref(contract.rules_ref)
    days = rework_days(milestone.days, share=rules["rework_share"], least=rules["rework_least"])
    return workdays.load().deadline(clock.now(), days)


def _accept(deliverable: Deliverable, contract: Contract, by: By, *, silently: bool) -> None:
    if deliverable.returned_at:
        raise errors.DELIVERABLE_DECIDED()
    now, milestone = clock.now(), deliverable.milestone
    deliverable.accepted_at, deliverable.accepted_silently = now, silently
    deliverable.save()
    milestone.accepted_at = now
    milestone.save()
    late = days_late(milestone, deliverable.submitted_at)
    facts = {"milestone": milestone.position, "silently": silently, "days_late": late}
    record(stream=stream(contract), action="accepted", by=by, data=facts)
    _owe(contract, milestone, by)
    outbox.emit(MilestoneAccepted(milestone.pk, contract.pk, days_late=late))
    if not contract.milestones.filter(accepted_at=None).exists():
        _complete(contract, now)


def _owe(contract: Contract, milestone: Milestone, by: By) -> None:
    """A department now has to pay for the milestone, from what its budget holds for it."""
    need = contract.award.need
    if need.budget_line_id:
        budgets.make_payable(
            reference=f"need:{need.pk}",
            part=f"milestone:{milestone.pk}",
            amount=milestone.amount,
            title=f"{need.title} · {milestone.title}",
            page=f"/contracts/{contract.pk}/",
            by=by,
        )


def days_late(milestone: Milestone, submitted_at: datetime) -> int:
    """Working days from the end of the limit (or of the rework given) to the submission; 0 when in time."""
    limits = [milestone.due_at, *milestone.deliverables.values_list("rework_by", flat=True)]
    last = max(limit for limit in limits if limit) - timedelta(microseconds=1)
    return workdays.load().between(last, submitted_at)


def _complete(contract: Contract, now: datetime) -> None:
    contract.completed_at = now
    contract.save()
    record(stream=stream(contract), action="completed", by=SYSTEM)
    marketplace.mark_completed(need_id=contract.award.need_id)
    outbox.emit(ContractCompleted(contract.pk, contract.award.need_id))
