"""The winner answers an award: once, in person, in time."""

from datetime import timedelta

import pytest

from bidding.models import Award
from contracts import services, tasks
from contracts.models import Contract
from core import clock
from core.audit import By
from core.errors import Refusal
from core.models import Job
from tests.contracts.world import drafted, world

pytestmark = pytest.mark.django_db


def refused(code, call, **kwargs):
    with pytest.raises(Refusal) as refusal:
        call(**kwargs)
    assert refusal.value.code == code
    assert refusal.value.sentence
    assert refusal.value.way_out


def news(task):
    return Job.objects.filter(task=task)


def test_confirming_draws_up_a_contract_for_the_awarded_amount():
    w, contract = drafted()
    milestone = contract.milestones.get()
    assert contract.number.startswith("HT-")
    assert (contract.amount, milestone.amount, milestone.days) == (w.award.amount, w.award.amount, 20)
    assert w.need.title in contract.terms
    assert "48,500.00 元" in contract.terms
    assert contract.sign_by > contract.created_at
    assert contract.rules_ref.startswith("contracts@")
    w.award.refresh_from_db()
    assert w.award.outcome == Award.Outcome.CONFIRMED


def test_a_second_click_finds_the_same_contract():
    w, contract = drafted()
    assert services.confirm_award(award_id=w.award.pk, by=w.as_agency) == contract
    assert news("ratings.award_confirmed").count() == 1


def test_nobody_else_answers_for_the_winner():
    w = world()
    for by in (w.as_buyer, By(None, None), By(1, 999999)):
        refused("award.not_yours", services.confirm_award, award_id=w.award.pk, by=by)
        refused("award.not_yours", services.decline_award, award_id=w.award.pk, reason="x", by=by)


def test_declining_needs_a_reason_and_is_final():
    w = world()
    refused("award.reason", services.decline_award, award_id=w.award.pk, reason="  ", by=w.as_agency)
    services.decline_award(award_id=w.award.pk, reason="人员已排满", by=w.as_agency)
    w.award.refresh_from_db()
    assert (w.award.outcome, w.award.outcome_reason) == (Award.Outcome.DECLINED, "人员已排满")
    refused("award.settled", services.confirm_award, award_id=w.award.pk, by=w.as_agency)
    refused("award.settled", services.decline_award, award_id=w.award.pk, reason="y", by=w.as_agency)


def test_silence_declines_after_the_limit_and_not_before():
    w = world()
    with clock.at(w.award.confirm_by - timedelta(seconds=1)):
        tasks.watch_deadlines.run()
    w.award.refresh_from_db()
    assert w.award.outcome == Award.Outcome.PENDING
    with clock.at(w.award.confirm_by + timedelta(seconds=1)):
        tasks.watch_deadlines.run()
        tasks.watch_deadlines.run()
    w.award.refresh_from_db()
    assert w.award.outcome == Award.Outcome.DECLINED
    assert news("ratings.award_declined").get().kwargs["silent"] is True


def test_confirming_after_the_limit_but_before_the_clock_looked_is_late():
    w = world()
    with clock.at(w.award.confirm_by + timedelta(seconds=1)):
        services.confirm_award(award_id=w.award.pk, by=w.as_agency)
    assert news("ratings.award_confirmed").get().kwargs["late"] is True
    assert Contract.objects.count() == 1
