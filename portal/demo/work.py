"""What follows a simulated award: the market's agencies and buyers do their part of contracts, slowly, never the
other side's. Only what was decided under the demo's short limits moves; the history stays as it was made.
"""

from datetime import datetime, timedelta
from functools import partial

from bidding import selectors as bidding
from bidding.models import Award
from contracts import selectors as contracts
from contracts import services as deals
from contracts.models import Contract, Milestone
from contracts.rules.lifecycle import Step
from contracts.services import amending, money, terminating
from contracts.services.filing import must_be_filed
from core import clock, rulesets
from portal.demo import escrow, wares
from portal.demo.lives import filing_number
from portal.demo.market import tried
from portal.demo.organisations import Member
from portal.demo.pictures import result
from portal.demo.players import Players, players
from portal.rules import simulated
from ratings import selectors as ratings
from ratings import services as rating
from ratings.texts import DIMENSIONS

SOON, LATER, LATEST = timedelta(seconds=30), timedelta(seconds=90), timedelta(minutes=3)
AT_ONCE = 12
UNHURRIED = "contracts@1"  # what the history was made under


def step() -> None:
    cast, now = players(), clock.now()
    if not cast.everyone:
        return
    for award in _waiting_awards(now):
        if winner := cast.own(award.agency_id):
            tried(partial(deals.confirm_award, award_id=award.pk, by=winner.by))
    for contract in _recent_contracts(now):
        tried(partial(_move, cast, contract, now))


def _waiting_awards(now: datetime) -> list[Award]:
    rules = rulesets.current("bidding").ref
    rows = bidding.awards().filter(outcome=Award.Outcome.PENDING, rules_ref=rules, decided_at__lt=now - SOON)
    return list(rows[:AT_ONCE])


def _recent_contracts(now: datetime) -> list[Contract]:
    """Some of those not yet rated by both; in any order, so that none that waits for a visitor holds up the others."""
    since = now - timedelta(hours=6)
    rows = contracts.every().exclude(rules_ref=UNHURRIED).filter(created_at__gt=since)
    unfinished = rows.filter(award__need__closed_at=None, terminated_at=None).order_by("?")
    return list(unfinished[:AT_ONCE])


def _move(cast: Players, contract: Contract, now: datetime) -> None:
    buyer, supplier = cast.own(contract.buyer_id), cast.own(contract.supplier_id)
    if contract.signed_at is None:
        _agree(contract, buyer, supplier, now)
    elif contract.completed_at is None:
        _file(contract, buyer)
        _answer(contract, buyer, supplier, now)
        for milestone in contract.milestones.all():
            if milestone.accepted_at is None:
                _deliver(contract, milestone, buyer, supplier, now)
                return
    else:
        _rate(contract, buyer, supplier, now)


def _file(contract: Contract, buyer: Member | None) -> None:
    if buyer and must_be_filed(contract) and not hasattr(contract, "filing"):
        deals.file_contract(contract_id=contract.pk, number=filing_number(contract), by=buyer.by)


def _answer(contract: Contract, buyer: Member | None, supplier: Member | None, now: datetime) -> None:
    """A simulated side goes along with what a visitor proposes about a running contract."""
    change, end = amending.waiting(contract), terminating.waiting(contract)
    if change and now - change.proposed_at > SOON and (asked := supplier if change.proposed_by == "buyer" else buyer):
        deals.agree_amendment(amendment_id=change.pk, by=asked.by)
    if end and now - end.proposed_at > SOON and (asked := supplier if end.proposed_by == "buyer" else buyer):
        deals.agree_termination(termination_id=end.pk, by=asked.by)


def _agree(contract: Contract, buyer: Member | None, supplier: Member | None, now: datetime) -> None:
    """The buyer goes first; a simulated supplier waits a while for a visitor's own draft."""
    age = now - (contract.drafted_at or contract.created_at)
    if buyer and not contract.buyer_confirmed_at and age > SOON:
        deals.confirm(contract_id=contract.pk, side="buyer", by=buyer.by)
    elif supplier and not contract.supplier_confirmed_at and (contract.buyer_confirmed_at or age > LATEST):
        deals.confirm(contract_id=contract.pk, side="supplier", by=supplier.by)


def _deliver(
    contract: Contract, milestone: Milestone, buyer: Member | None, supplier: Member | None, now: datetime
) -> None:
    if buyer and escrow.pays_by_escrow(contract) and money.standing(contract).open_parts:
        escrow.pay(contract, buyer.by)
    waiting = contracts.waiting_deliverable(milestone)
    if waiting and buyer and now - waiting.submitted_at > SOON:
        deals.accept(deliverable_id=waiting.pk, by=buyer.by)
    if waiting or supplier is None:
        return
    returned = [one.returned_at for one in milestone.deliverables.all() if one.returned_at]
    accepted = [one.accepted_at for one in contract.milestones.all() if one.accepted_at]
    since = max([moment for moment in (contract.signed_at, *returned, *accepted) if moment])
    if now - since > LATER:
        note = "已按问题清单修改。" if contracts.step(milestone) == Step.REWORK else "请查收。"
        deals.deliver(milestone_id=milestone.pk, upload=result(milestone.title), note=note, by=supplier.by)


def _rate(contract: Contract, buyer: Member | None, supplier: Member | None, now: datetime) -> None:
    window = ratings.window_of(contract.pk)
    if window is None or window.revealed_at or now - window.opened_at < SOON:
        return
    for side, member, words in (("buyer", buyer, wares.PRAISE), ("supplier", supplier, wares.OF_BUYERS)):
        if member is None or ratings.has_rated(window, side):
            continue
        scores = {name: 4 + round(simulated.luck(contract.pk, side, name)) for name in DIMENSIONS}
        text = words[contract.pk % len(words)]
        rating.rate(contract_id=contract.pk, side=side, scores=scores, text=text, by=member.by)
