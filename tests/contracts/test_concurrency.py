"""Two people press at the same moment: one contract, one signature, one acceptance."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from contracts import services
from contracts.models import Contract
from core import clock
from core.errors import Refusal
from core.models import Job
from tests.contracts.world import delivered, drafted, signed, world

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls, at=None):
    """Run the calls in threads that start together; returns their results or refusals."""
    barrier = Barrier(len(calls))

    def run(call):
        barrier.wait()
        try:
            with clock.at(at or clock.now()):
                return call()
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_two_clicks_at_once_draw_up_one_contract():
    w = world()
    answers = at_once(*[lambda: services.confirm_award(award_id=w.award.pk, by=w.as_agency)] * 4)
    assert Contract.objects.count() == 1
    assert {answer.pk for answer in answers} == {Contract.objects.get().pk}


def test_confirming_and_declining_at_once_ends_in_one_answer():
    w = world()
    at_once(
        lambda: services.confirm_award(award_id=w.award.pk, by=w.as_agency),
        lambda: services.decline_award(award_id=w.award.pk, reason="改主意", by=w.as_agency),
    )
    w.award.refresh_from_db()
    assert Contract.objects.exists() == (w.award.outcome == "confirmed")


def test_both_sides_confirming_at_once_sign_once():
    w, contract = drafted()
    at_once(
        lambda: services.confirm(contract_id=contract.pk, side="buyer", by=w.as_buyer),
        lambda: services.confirm(contract_id=contract.pk, side="supplier", by=w.as_agency),
        at=w.award.publicity_ends_at,
    )
    contract.refresh_from_db()
    assert contract.signed_at
    assert Job.objects.filter(task="ratings.contract_signed").count() == 1


def test_a_change_and_a_confirmation_at_once_never_sign_what_was_not_read():
    w, contract = drafted()
    plan = [("报批稿", contract.amount, 30)]
    at_once(
        lambda: services.draft(
            contract_id=contract.pk, terms="新条款", milestones=plan, side="buyer", by=w.as_buyer, version=1
        ),
        lambda: services.confirm(contract_id=contract.pk, side="supplier", by=w.as_agency, version=1),
    )
    contract.refresh_from_db()
    assert contract.version == 2
    assert contract.supplier_confirmed_at is None


def test_accepting_twice_at_once_is_told_once():
    w, contract = signed()
    deliverable = delivered(w, contract)
    at_once(*[lambda: services.accept(deliverable_id=deliverable.pk, by=w.as_buyer)] * 3)
    assert Job.objects.filter(task="ratings.milestone_accepted").count() == 1
    assert Job.objects.filter(task="ratings.contract_completed").count() == 1
