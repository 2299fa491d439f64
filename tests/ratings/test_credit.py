"""Every row of a credit file has one cause, never changes, and adds up to the score the directory shows."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from agencies import selectors as agencies
from contracts import services as contracts
from contracts import tasks as contract_tasks
from contracts.models import Milestone
from core import clock, jobs
from core.audit import SYSTEM
from core.models import Job
from ratings import selectors, services, tasks
from ratings.models import CreditEvent
from tests.contracts.world import completed, delivered, result, signed, world
from tests.ratings.test_rating import rate

pytestmark = pytest.mark.django_db


def kinds(agency_id):
    return list(CreditEvent.objects.filter(agency_id=agency_id).order_by("pk").values_list("kind", flat=True))


def points(agency_id, kind):
    return CreditEvent.objects.get(agency_id=agency_id, kind=kind).points


def test_a_contract_done_in_time_leaves_its_rows_and_a_grade():
    w, _contract = completed()
    expected = ["award_won", "contract_signed", "milestone_on_time", "contract_completed"]
    assert kinds(w.agency.pk) == expected
    agency = agencies.get(w.agency.pk)
    assert (agency.score, agency.grade) == (Decimal("100.50"), "A")
    assert agency.score_rules.startswith("credit@")


def test_news_told_twice_is_written_once():
    _w, _contract = completed()
    before = CreditEvent.objects.count()
    for job in Job.objects.filter(task__startswith="ratings."):
        Job.objects.filter(pk=job.pk).update(state="waiting", run_at=clock.now())
    jobs.drain()
    assert CreditEvent.objects.count() == before


def test_an_agency_that_only_won_is_still_new():
    w = world()
    jobs.drain()
    file = selectors.credit_file(w.agency.pk, clock.now())
    assert file.score.newcomer
    assert agencies.get(w.agency.pk).score is None


def test_declining_costs_less_than_silence():
    declined, silent = world(), world()
    contracts.decline_award(award_id=declined.award.pk, reason="排满", by=declined.as_agency)
    with clock.at(silent.award.confirm_by + timedelta(seconds=1)):
        contract_tasks.watch_deadlines.run()
        jobs.drain()
    assert points(silent.agency.pk, "award_silent") < points(declined.agency.pk, "award_declined") < 0


def test_confirming_late_is_noted():
    w = world()
    with clock.at(w.award.confirm_by + timedelta(seconds=1)):
        contracts.confirm_award(award_id=w.award.pk, by=w.as_agency)
        jobs.drain()
    assert points(w.agency.pk, "confirmed_late") == Decimal("-2.00")


def test_a_late_result_costs_a_point_for_each_working_day_up_to_ten():
    w, contract = signed(days=1)
    milestone = Milestone.objects.get(contract=contract)
    with clock.at(contract.signed_at + timedelta(days=60)):
        deliverable = contracts.deliver(milestone_id=milestone.pk, upload=result(), note="", by=w.as_agency)
        contracts.accept(deliverable_id=deliverable.pk, by=w.as_buyer)
        jobs.drain()
    assert points(w.agency.pk, "milestone_late") == Decimal("-10.00")


def test_a_first_return_is_only_noted():
    w, contract = signed()
    contracts.return_(deliverable_id=delivered(w, contract).pk, defects=["缺页"], by=w.as_buyer)
    with clock.at(contract.signed_at + timedelta(hours=2)):
        jobs.drain()
    assert points(w.agency.pk, "deliverable_returned") == 0


@pytest.mark.parametrize(("stars", "value"), [(5, "0.50"), (4, "0"), (3, "0"), (2, "-1.00"), (1, "-3.00")])
def test_a_revealed_rating_moves_the_score_by_its_step(stars, value):
    w, contract = completed()
    rate(w, contract, "buyer", stars=stars)
    rate(w, contract, "supplier")
    jobs.drain()
    assert points(w.agency.pk, "rating_received") == Decimal(value)


def test_the_file_as_of_an_earlier_day_is_the_file_of_that_day():
    w, contract = completed()
    moment = clock.now() - timedelta(seconds=1)
    then = selectors.credit_file(w.agency.pk, moment).score
    rate(w, contract, "buyer", stars=1)
    rate(w, contract, "supplier")
    jobs.drain()
    assert selectors.credit_file(w.agency.pk, moment).score == then
    assert selectors.credit_file(w.agency.pk, clock.now()).score.total == then.total - 3


def test_what_is_shown_as_counting_adds_up_to_the_total():
    w, contract = completed()
    rate(w, contract, "buyer", stars=1)
    rate(w, contract, "supplier")
    jobs.drain()
    for later in (0, 100, 400, 1200):
        file = selectors.credit_file(w.agency.pk, clock.now() + timedelta(days=later))
        assert sum(row.line.counted for row in file.counting) == file.score.total


def test_a_score_is_made_anew_when_points_expire():
    w, contract = completed()
    rate(w, contract, "buyer", stars=1)
    rate(w, contract, "supplier")
    jobs.drain()
    assert agencies.get(w.agency.pk).score == Decimal("97.50")
    with clock.at(clock.now() + timedelta(days=200)):
        tasks.reveal_due_ratings.run()
    assert agencies.get(w.agency.pk).score == Decimal("100.50")


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_a_row(change):
    completed()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        CreditEvent.objects.update(points=0) if change == "update" else CreditEvent.objects.all().delete()


def test_a_correction_is_a_row_that_names_what_it_takes_back():
    w, _contract = completed()
    wrong = CreditEvent.objects.get(kind="milestone_on_time")
    call = {"event_id": wrong.pk, "reason": "重复登记", "source": "/needs/1/", "by": SYSTEM}
    assert services.correct(**call) == services.correct(**call)
    assert agencies.get(w.agency.pk).score == Decimal("100.00")
