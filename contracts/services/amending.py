"""Changes to a signed contract: one side proposes, the other agrees or returns. Agreed, they are a new version.

Money follows: a department's commitment moves with the price, an enterprise pays the new amounts of what nobody has
paid or promised to pay yet. What is paid for keeps its amount.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction

from contracts import errors
from contracts.models import Amendment, AmendmentAnswer, Contract, Milestone, Side
from contracts.rules import amendments as rules
from contracts.rules.milestones import Fault
from contracts.services import money
from contracts.services.parties import locked, must_be, stream
from contracts.services.signing import announce_change, paper_of
from core import clock, rulesets, workdays
from core.audit import By, record
from core.errors import REGISTRY, Refusal
from core.money import Money
from core.workdays import LOCAL
from payments.services import budgets

Outcome = AmendmentAnswer.Outcome
Proposed = tuple[int, str, Money, date]
ONE_DAY = timedelta(days=1)


@transaction.atomic
def propose_amendment(
    *,
    contract_id: int,
    side: str,
    reason: str,
    terms: str,
    stages: Sequence[Proposed],
    by: By,
    version: int | None = None,
) -> Amendment:
    """Propose another version: terms, and every milestone (its number, title, amount, last day).

    `version` is the one the writer had read. Raises access.not_yours, contract.not_changeable, contract.version,
    amendment.waiting, .nothing, contract.reason, contract.terms and the codes of rules.amendments.
    """
    contract = _changeable(contract_id, side, by)
    if version is not None and version != contract.version:
        raise errors.VERSION_MOVED(version=contract.version)
    if waiting(contract):
        raise errors.AMENDMENT_WAITING()
    if not reason.strip():
        raise errors.REASON_MISSING()
    if not terms.strip():
        raise errors.TERMS_EMPTY()
    limits, at = rulesets.current("changes"), clock.now()
    wanted = [rules.Stage(one, title.strip(), amount.amount, due) for one, title, amount, due in stages]
    now = standing(contract)
    _check_proposal(contract, terms.strip(), (now, wanted), Decimal(limits["price_share"]))
    amendment = Amendment.objects.create(
        contract=contract,
        version=contract.version + 1,
        proposed_by=side,
        proposed_at=at,
        answer_by=workdays.Limit.of(limits["amend_answer"]).end(at, workdays.load()),
        reason=reason.strip()[:500],
        amount=Money(rules.total(wanted)),
        terms=terms.strip(),
        stages=[_written(new) | {"before": _written(old)} for old, new in zip(now, wanted, strict=True)],
        replaces=contract.paper,
        rules_ref=limits.ref,
    )
    record(stream=stream(contract), action="amendment_proposed", by=by, reason=amendment.reason, data={"side": side})
    return amendment


@transaction.atomic
def agree_amendment(*, amendment_id: int, by: By) -> Contract:
    """The other side agrees: the contract goes on in its new version, the one before is kept.

    Raises access.not_yours, amendment.answered, contract.not_changeable, what has become impossible meanwhile (codes of
    rules.amendments), and where a department's line does not hold the new price budget.short, budget.year_over, or
    amendment.money when the agency agrees.
    """
    amendment, contract = _answerable(amendment_id, by, proposer=False)
    now = standing(contract)
    wanted = proposed(amendment, now)
    price = _price(contract, Decimal(rulesets.by_ref(amendment.rules_ref)["price_share"]))
    _refuse(
        rules.stages_fault(now, wanted)
        or rules.ahead_fault(now, wanted, **_reach(contract))
        or rules.price_fault(amendment.amount.amount, price)
    )
    _answer(amendment, Outcome.AGREED, by)
    _change_commitment(amendment, contract, by)
    milestones = _move(contract, wanted)
    contract.version, contract.terms, contract.amount = amendment.version, amendment.terms, amendment.amount
    contract.paper = paper_of(contract, milestones)
    contract.save(update_fields=["version", "terms", "amount", "paper"])
    record(
        stream=stream(contract), action="amended", by=by, reason=amendment.reason, data={"version": contract.version}
    )
    announce_change(contract, milestones)
    return contract


@transaction.atomic
def return_amendment(*, amendment_id: int, reason: str, by: By) -> AmendmentAnswer:
    """The other side does not agree, and says why. Raises access.not_yours, amendment.answered, contract.reason."""
    amendment, _contract = _answerable(amendment_id, by, proposer=False)
    if not reason.strip():
        raise errors.REASON_MISSING()
    return _answer(amendment, Outcome.RETURNED, by, reason.strip()[:300])


@transaction.atomic
def withdraw_amendment(*, amendment_id: int, by: By) -> AmendmentAnswer:
    """Whoever proposed it takes it back. Raises access.not_yours, amendment.answered."""
    amendment, _contract = _answerable(amendment_id, by, proposer=True)
    return _answer(amendment, Outcome.WITHDRAWN, by)


def waiting(contract: Contract) -> Amendment | None:
    """The proposal that waits for an answer. An ended contract waits for none."""
    if contract.completed_at or contract.terminated_at:
        return None
    return next((one for one in contract.amendments.all() if not hasattr(one, "answer")), None)


def standing(contract: Contract) -> list[rules.Standing]:
    """The milestones as a change meets them."""
    paid = {} if contract.award.need.budget_line_id else {one.reference: one for one in money.standing(contract).parts}
    found = []
    for row in contract.milestones.prefetch_related("deliverables"):
        results, told = list(row.deliverables.all()), paid.get(money.reference(row))
        found.append(
            rules.Standing(
                milestone=row.pk,
                title=row.title,
                amount=row.amount.amount,
                due=last_day(row),
                handed_in=row.accepted_at is not None or any(one.returned_at is None for one in results),
                returned=any(one.returned_at for one in results),
                bound=told is not None and not told.open,
            )
        )
    return found


def proposed(amendment: Amendment, now: Sequence[rules.Standing]) -> list[rules.Stage]:
    """The stages as proposed. A last day the proposal left alone is the one that stands now."""
    stands = {one.milestone: one.due for one in now}
    wanted = []
    for row in amendment.stages:
        due = date.fromisoformat(row["due"])
        if row["due"] == row["before"]["due"]:
            due = stands.get(row["milestone"], due)
        wanted.append(rules.Stage(row["milestone"], row["title"], Decimal(row["amount"]), due))
    return wanted


def last_day(milestone: Milestone) -> date:
    """The day a milestone's limit ends with."""
    if milestone.due_at is None:
        raise ValueError(f"milestone {milestone.pk} is not signed")
    return (milestone.due_at - timedelta(microseconds=1)).astimezone(LOCAL).date()


def _changeable(contract_id: int, side: str, by: By) -> Contract:
    contract = locked(contract_id)
    must_be(contract, side, by)
    if contract.signed_at is None or contract.completed_at or contract.terminated_at:
        raise errors.NOT_CHANGEABLE()
    return contract


def _answerable(amendment_id: int, by: By, *, proposer: bool) -> tuple[Amendment, Contract]:
    amendment = Amendment.objects.get(pk=amendment_id)
    own = Side(amendment.proposed_by)
    side = own if proposer else next(one for one in Side if one != own)
    contract = _changeable(amendment.contract_id, side, by)
    if AmendmentAnswer.objects.filter(amendment=amendment).exists():
        raise errors.AMENDMENT_ANSWERED()
    return amendment, contract


def _check_proposal(
    contract: Contract, terms: str, stages: tuple[list[rules.Standing], list[rules.Stage]], share: Decimal
) -> None:
    now, wanted = stages
    _refuse(
        rules.stages_fault(now, wanted)
        or rules.days_fault(now, wanted, **_reach(contract))
        or rules.price_fault(rules.total(wanted), _price(contract, share))
    )
    same = [(one.title, one.amount, one.due) for one in now] == [(one.title, one.amount, one.due) for one in wanted]
    if same and terms == contract.terms:
        raise errors.AMENDMENT_NOTHING()


def _reach(contract: Contract) -> dict[str, date]:
    """Between which days a new last day may lie."""
    days_most = rulesets.by_ref(contract.rules_ref)["milestone_days_most"]
    last = workdays.load().deadline(clock.now(), days_most) - ONE_DAY
    return {"today": clock.now().astimezone(LOCAL).date(), "last": last.astimezone(LOCAL).date()}


def _change_commitment(amendment: Amendment, contract: Contract, by: By) -> None:
    """A department's money follows the price. What its line holds is not told to the agency."""
    need = contract.award.need
    if amendment.amount == contract.amount or not need.budget_line_id:
        return
    try:
        budgets.change(reference=f"need:{need.pk}", amount=amendment.amount, mark=str(amendment.pk), by=by)
    except Refusal as refusal:
        if by.org_id == contract.buyer_id:
            raise
        raise errors.AMENDMENT_MONEY() from refusal


def _price(contract: Contract, share: Decimal) -> rules.Price:
    ceiling = contract.award.need.ceiling
    return rules.Price(contract.award.amount.amount, share, ceiling.amount if ceiling else None)


def _refuse(wrong: Fault | None) -> None:
    if wrong:
        raise REGISTRY[wrong.code](**wrong.values)


def _written(stage: rules.Stage) -> dict[str, object]:
    return {
        "milestone": stage.milestone,
        "title": stage.title,
        "amount": str(stage.amount),
        "due": stage.due.isoformat(),
    }


def _answer(amendment: Amendment, outcome: AmendmentAnswer.Outcome, by: By, reason: str = "") -> AmendmentAnswer:
    contract = amendment.contract
    side = contract.side_of(by.org_id) or amendment.proposed_by
    answer = AmendmentAnswer.objects.create(
        amendment=amendment, outcome=outcome, side=side, reason=reason, at=clock.now()
    )
    if outcome != Outcome.AGREED:
        action = f"amendment_{outcome.value}"
        record(stream=stream(contract), action=action, by=by, reason=reason, data={"side": side})
    return answer


def _move(contract: Contract, wanted: Sequence[rules.Stage]) -> list[Milestone]:
    """The milestones as agreed. Whose last day stays keeps its end to the second."""
    calendar, moved = workdays.load(), []
    milestones = list(contract.milestones.all())
    for row, new in zip(milestones, wanted, strict=True):
        row.title, row.amount = new.title, Money(new.amount)
        if new.due != last_day(row) and contract.signed_at:
            row.due_at = _end_of(new.due)
            row.days = calendar.between(contract.signed_at, row.due_at - timedelta(microseconds=1))
            moved.append(row)
    Milestone.objects.bulk_update(milestones, ["title", "amount"])
    Milestone.objects.bulk_update(moved, ["due_at", "days"])
    return milestones


def _end_of(day: date) -> datetime:
    return datetime.combine(day + ONE_DAY, time(), LOCAL)
