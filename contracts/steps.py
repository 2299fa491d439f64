"""What must be done by when about contracts: agree on them, deliver, mend, answer."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import F, Min, Q
from django.db.models.functions import Greatest, Least

from contracts.models import Amendment, Contract, Deliverable, Milestone, Side, Termination
from contracts.rules.milestones import rework_days
from contracts.services.delivery import may_be_silent
from core import clock, rulesets
from core.rulesets import Versions
from core.steps import Step, lapsed

OPEN_CONTRACT = Q(signed_at=None, terminated_at=None)
ALIVE = Q(milestone__contract__terminated_at=None)


def open_steps(since: datetime) -> Iterator[Step]:
    """Open now, or ended after `since`."""
    versions = Versions()
    yield from _agreements(since, versions)
    yield from _deliveries(since)
    yield from _reworks(since, versions)
    yield from _answers(since, versions)
    yield from _changes(since, versions)
    yield from _endings(since, versions)
    yield from _filings(since)


def _agreements(since: datetime, versions: Versions) -> Iterator[Step]:
    """Each side has to confirm; a new draft opens its step again."""
    last = Greatest(F("buyer_confirmed_at"), F("supplier_confirmed_at"), F("terminated_at"))
    rows = Contract.objects.annotate(last=last).filter(OPEN_CONTRACT | Q(last__gt=since))
    for row in rows.select_related("award__need").order_by("pk"):
        sides = (
            (Side.BUYER, row.buyer_id, row.supplier_id, row.buyer_confirmed_at),
            (Side.SUPPLIER, row.supplier_id, row.buyer_id, row.supplier_confirmed_at),
        )
        for side, owner, other, confirmed_at in sides:
            yield Step(
                kind="contract.sign",
                reference=f"contract:{row.pk}:{side.value}",
                owner_org=owner,
                title=row.award.need.title,
                path=f"/contracts/{row.pk}/",
                started_at=row.created_at,
                due_at=row.sign_by,
                limit=versions[row.rules_ref]["sign"],
                closed_at=confirmed_at or row.terminated_at,
                respondent=other,
            )


def _deliveries(since: datetime) -> Iterator[Step]:
    over = Least(Min("deliverables__submitted_at"), F("contract__terminated_at"))
    rows = Milestone.objects.filter(contract__signed_at__isnull=False, due_at__isnull=False).annotate(over=over)
    rows = rows.filter(Q(over=None) | Q(over__gt=since)).select_related("contract__award__need")
    for row in rows.order_by("pk"):
        if row.due_at and row.contract.signed_at:
            yield Step(
                kind="contract.deliver",
                reference=f"milestone:{row.pk}",
                owner_org=row.contract.supplier_id,
                title=f"{row.contract.award.need.title} · {row.title}"[:200],
                path=f"/contracts/{row.contract_id}/",
                started_at=row.contract.signed_at,
                due_at=row.due_at,
                limit={"n": row.days, "unit": "working_days"},
                closed_at=row.over,
                respondent=row.contract.buyer_id,
            )


def _reworks(since: datetime, versions: Versions) -> Iterator[Step]:
    later = Q(milestone__deliverables__submitted_at__gte=F("returned_at"))
    later &= ~Q(milestone__deliverables=F("pk"))
    again = Min("milestone__deliverables__submitted_at", filter=later)
    rows = Deliverable.objects.filter(returned_at__isnull=False, rework_by__isnull=False)
    rows = rows.annotate(over=Least(again, F("milestone__contract__terminated_at")))
    for row in rows.filter(Q(over=None) | Q(over__gt=since)).select_related("milestone__contract__award__need"):
        contract, rules = row.milestone.contract, versions[row.milestone.contract.rules_ref]
        days = rework_days(row.milestone.days, share=rules["rework_share"], least=rules["rework_least"])
        if row.returned_at and row.rework_by:
            yield Step(
                kind="contract.rework",
                reference=f"deliverable:{row.pk}",
                owner_org=contract.supplier_id,
                title=f"{contract.award.need.title} · {row.milestone.title}"[:200],
                path=f"/contracts/{contract.pk}/",
                started_at=row.returned_at,
                due_at=row.rework_by,
                limit={"n": days, "unit": "working_days"},
                closed_at=row.over,
                respondent=contract.buyer_id,
            )


def _answers(since: datetime, versions: Versions) -> Iterator[Step]:
    """Silence of an enterprise is an answer, at the limit; a department has to give one."""
    over = Least(F("accepted_at"), F("returned_at"), F("milestone__contract__terminated_at"))
    rows = Deliverable.objects.annotate(over=over).filter(Q(over=None) | Q(over__gt=since))
    rows = rows.select_related("milestone__contract__award__need", "milestone__contract__buyer").order_by("pk")
    now = clock.now()
    for row in rows:
        contract = row.milestone.contract
        silent = may_be_silent(contract)
        yield Step(
            kind="contract.accept",
            reference=f"deliverable:{row.pk}",
            owner_org=contract.buyer_id,
            title=f"{contract.award.need.title} · {row.milestone.title}"[:200],
            path=f"/contracts/{contract.pk}/",
            started_at=row.submitted_at,
            due_at=row.answer_by,
            limit=versions[contract.rules_ref]["answer"],
            closed_at=lapsed(row.over, row.answer_by, now) if silent else row.over,
            respondent=contract.supplier_id,
        )


def _changes(since: datetime, versions: Versions) -> Iterator[Step]:
    """The other side agrees to a proposed change or returns it. The end of the contract ends that too."""
    over = Least(F("answer__at"), F("contract__completed_at"), F("contract__terminated_at"))
    rows = Amendment.objects.annotate(over=over).filter(Q(over=None) | Q(over__gt=since))
    for row in rows.select_related("contract__award__need").order_by("pk"):
        limit = versions[row.rules_ref]["amend_answer"]
        yield _asked("contract.amend", f"amendment:{row.pk}", row, limit, row.over)


def _endings(since: datetime, versions: Versions) -> Iterator[Step]:
    """The other side is heard about a proposed end. Its silence is an answer, at the limit."""
    over = Least(F("answer__at"), F("contract__completed_at"), F("contract__terminated_at"))
    rows = Termination.objects.annotate(over=over).filter(Q(over=None) | Q(over__gt=since))
    now = clock.now()
    for row in rows.select_related("contract__award__need").order_by("pk"):
        limit, ended = versions[row.rules_ref]["terminate_answer"], lapsed(row.over, row.answer_by, now)
        yield replace(_asked("contract.terminate", f"termination:{row.pk}", row, limit, ended), right=True)


def _asked(
    kind: str, reference: str, row: Amendment | Termination, limit: Mapping[str, Any], closed_at: datetime | None
) -> Step:
    """One side has to answer what the other proposed."""
    contract, by_buyer = row.contract, row.proposed_by == Side.BUYER
    return Step(
        kind=kind,
        reference=reference,
        owner_org=contract.supplier_id if by_buyer else contract.buyer_id,
        title=contract.award.need.title,
        path=f"/contracts/{contract.pk}/",
        started_at=row.proposed_at,
        due_at=row.answer_by,
        limit=limit,
        closed_at=closed_at,
        respondent=contract.buyer_id if by_buyer else contract.supplier_id,
    )


def _filings(since: datetime) -> Iterator[Step]:
    """A department files what it has signed."""
    rules = rulesets.history("changes")
    over = Least(F("filing__filed_at"), F("terminated_at"))
    rows = Contract.objects.filter(file_by__isnull=False).annotate(over=over)
    for row in rows.filter(Q(over=None) | Q(over__gt=since)).select_related("award__need").order_by("pk"):
        if row.signed_at and row.file_by:
            yield Step(
                kind="contract.file",
                reference=f"contract:{row.pk}",
                owner_org=row.buyer_id,
                title=row.award.need.title,
                path=f"/contracts/{row.pk}/",
                started_at=row.signed_at,
                due_at=row.file_by,
                limit=next(one.rules for one in rules if one.since <= row.signed_at)["file"],
                closed_at=row.over,
            )
