"""After the award: the winner confirms, and a contract is drawn up; or declines, and the next one is asked."""

from datetime import datetime

from django.db import transaction
from django.template.loader import render_to_string

from bidding import selectors as bidding
from bidding import services as competition
from bidding.errors import AWARD_TIME_LEFT
from bidding.models import Award
from contracts import selectors
from contracts.errors import DECLINE_REASON, NO_AWARD_OF_YOURS
from contracts.events import AwardConfirmed
from contracts.models import Contract, Milestone
from contracts.services.parties import alone_with, stream
from core import clock, outbox, rulesets, workdays
from core.audit import By, record
from core.money import Money
from core.numbering import next_number

DEFAULT_DAYS = 20


@transaction.atomic
def confirm_award(*, award_id: int, by: By) -> Contract:
    """The winner takes the work on: the contract exists as a first draft. A second click finds the same contract.

    Raises award.not_yours or award.settled.
    """
    award = _alone(award_id, by)
    existing = Contract.objects.filter(award=award).first()
    if existing:
        return existing
    now = clock.now()
    competition.confirm_award(award_id=award_id, by=by)
    contract = _draw_up(award, now)
    outbox.emit(AwardConfirmed(award.pk, award.need_id, late=now > award.confirm_by))
    record(stream=stream(contract), action="drawn_up", by=by, data={"number": contract.number, "award": award.pk})
    return contract


@transaction.atomic
def decline_award(*, award_id: int, reason: str, by: By) -> None:
    """The winner gives the award up, with a reason that is published. Raises award.not_yours, .settled, .reason."""
    _alone(award_id, by)
    if not reason.strip():
        raise DECLINE_REASON()
    competition.decline_award(award_id=award_id, reason=reason.strip(), by=by)


@transaction.atomic
def take_silence_as_decline(award_id: int) -> None:
    """Nobody answered in time, as the award stands now and not when the clock made its list; the next-ranked agency is
    asked. Raises award.time_left, award.settled or need.suspended.
    """
    alone_with(award_id)
    confirm_by = selectors.silent_awards(clock.now()).get(award_id)
    if confirm_by is None:
        raise AWARD_TIME_LEFT()
    competition.take_silence(award_id=award_id, confirm_by=confirm_by)


def _alone(award_id: int, by: By) -> Award:
    """The award, with everybody else who decides about it kept waiting until this transaction ends."""
    alone_with(award_id)
    award = bidding.award(award_id)
    if by.org_id != award.agency_id:
        raise NO_AWARD_OF_YOURS()
    return award


def _draw_up(award: Award, now: datetime) -> Contract:
    rules = rulesets.current("contracts")
    number = next_number("HT")
    contract = Contract.objects.create(
        award=award,
        number=number,
        buyer=award.need.buyer,
        supplier=award.agency,
        amount=award.amount,
        terms=default_terms(award),
        created_at=now,
        sign_by=workdays.Limit.of(rules["sign"]).end(now, workdays.load()),
        rules_ref=rules.ref,
    )
    days = award.need.delivery_days or DEFAULT_DAYS
    Milestone.objects.create(contract=contract, position=1, title="提交全部服务成果", amount=award.amount, days=days)
    return contract


def default_terms(award: Award) -> str:
    """The platform's own text, filled with what is already decided. Either side may change it."""
    need = award.need
    values = {
        "need": need,
        "buyer": need.buyer,
        "supplier": award.agency.organisation,
        "amount": _plain(award.amount),
        "days": need.delivery_days or DEFAULT_DAYS,
    }
    return render_to_string("contracts/terms.txt", values).strip()


def _plain(amount: Money) -> str:
    return f"{amount} 元"
