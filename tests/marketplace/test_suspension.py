"""A need that is held: nobody enters, nothing is awarded, answered or signed; it goes on by itself."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from bidding import services as bidding
from bidding import tasks as bidding_tasks
from bidding.models import Award
from contracts import tasks as contracts_tasks
from core import clock, jobs
from core.audit import SYSTEM
from core.errors import Refusal
from marketplace import selectors, tasks
from marketplace import services as marketplace
from marketplace.models import Notice, Suspension
from tests.bidding import world
from tests.bidding.test_competition import NOW, bid
from tests.contracts.conftest import everybody  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
REASON = "投诉可能影响结果"


def held(place, *, days=30, at=NOW, source="order:1"):
    with clock.at(at):
        return marketplace.suspend(
            need_id=place.need.pk, until=at + timedelta(days=days), reason=REASON, source=source, by=SYSTEM
        )


def let_go(place, *, source="order:1", reason="处理完毕"):
    return marketplace.resume(need_id=place.need.pk, source=source, reason=reason)


def code_of(work, **kwargs):
    with pytest.raises(Refusal) as caught:
        work(**kwargs)
    return caught.value.code


def test_nobody_enters_a_held_need_and_everybody_reads_why():
    place = world.competition(now=NOW)
    before = NOW - timedelta(hours=3)
    held(place, at=before)
    with clock.at(before + timedelta(minutes=1)):
        reasons = bidding.eligibility(competition_id=place.pk, agency_id=place.agencies[0].pk)
    assert "need.suspended" in [reason.code for reason in reasons]
    assert Notice.objects.filter(need=place.need, kind="suspended").exists()


def test_the_award_waits_until_the_need_goes_on():
    place = world.competition(now=NOW)
    bid(place, place.entries[0], "49000.00")
    held(place)
    with clock.at(NOW + timedelta(hours=4)):
        assert not bidding.finalise(competition_id=place.pk)
        assert let_go(place, reason="投诉不属实")
        assert not let_go(place, reason="再说一次")
        assert bidding.finalise(competition_id=place.pk)
    assert Award.objects.filter(need=place.need).exists()


def test_a_suspension_ends_by_itself_and_never_lasts_longer_than_thirty_days():
    place = world.competition(now=NOW)
    row = held(place, days=90)
    assert row.ends_at - row.starts_at == timedelta(days=30)
    with clock.at(row.ends_at):
        assert selectors.suspension(place.need.pk) is None
        tasks.advance_needs.run()
    row.refresh_from_db()
    assert row.lifted_at == row.ends_at
    with pytest.raises(IntegrityError), transaction.atomic():
        Suspension.objects.create(need=place.need, starts_at=NOW, ends_at=NOW + timedelta(days=31), reason="x")


def test_an_award_that_waited_gets_its_time_back_once():
    place = world.competition(now=NOW)
    bid(place, place.entries[0], "49000.00")
    with clock.at(NOW + timedelta(hours=4)):
        bidding.finalise(competition_id=place.pk)
    award = Award.objects.get(need=place.need)
    row = held(place, at=NOW + timedelta(hours=5))
    assert code_of(bidding.confirm_award, award_id=award.pk, by=SYSTEM) == "need.suspended"
    assert code_of(bidding.decline_award, award_id=award.pk, reason="", by=SYSTEM) == "need.suspended"
    with clock.at(NOW + timedelta(hours=7)):
        let_go(place)
        jobs.drain()
        bidding_tasks.need_resumed.run(place.need.pk, row.pk, 7200)
    confirm_by = award.confirm_by
    award.refresh_from_db()
    assert award.confirm_by - confirm_by == timedelta(hours=2)


def test_an_award_whose_time_is_on_its_way_back_is_not_declined_by_silence():
    """The need goes on at once; what gives its award the time back comes a moment later."""
    place = world.competition(now=NOW)
    bid(place, place.entries[0], "49000.00")
    with clock.at(NOW + timedelta(hours=4)):
        bidding.finalise(competition_id=place.pk)
    award = Award.objects.get(need=place.need)
    held(place, at=award.confirm_by - timedelta(hours=2))
    listed = {"award_id": award.pk, "confirm_by": award.confirm_by}
    with clock.at(award.confirm_by + timedelta(days=9)):
        assert code_of(bidding.take_silence, **listed) == "need.suspended"
        let_go(place)
        contracts_tasks.watch_deadlines.run()
        assert code_of(bidding.take_silence, **listed) == "award.time_left"
        jobs.drain()
        assert code_of(bidding.take_silence, **listed) == "award.time_left"
        contracts_tasks.watch_deadlines.run()
    award.refresh_from_db()
    assert award.outcome == Award.Outcome.PENDING
    with clock.at(award.confirm_by):
        assert code_of(bidding.take_silence, **listed) == "award.time_left"
    with clock.at(award.confirm_by + timedelta(days=9)):
        contracts_tasks.watch_deadlines.run()
    award.refresh_from_db()
    assert award.outcome == Award.Outcome.DECLINED


def test_a_source_holds_a_need_once_and_what_is_over_cannot_be_held():
    place = world.competition(now=NOW)
    held(place)
    again = {"need_id": place.need.pk, "until": NOW + timedelta(days=1), "reason": REASON, "by": SYSTEM}
    again["source"] = "order:1"
    assert code_of(marketplace.suspend, **again) == "need.suspended"
    let_go(place)
    place.need.refresh_from_db()
    place.need.cancelled_at = NOW
    place.need.save(update_fields=["cancelled_at"])
    assert code_of(marketplace.suspend, **again) == "need.not_suspendable"


def test_what_one_source_suspended_another_does_not_let_go_on():
    place = world.competition(now=NOW)
    first, second = held(place), held(place, at=NOW + timedelta(days=2), source="order:2")
    with clock.at(NOW + timedelta(days=3)):
        assert let_go(place)
        assert selectors.suspension(place.need.pk) == second
        assert not Notice.objects.filter(need=place.need, kind="resumed").exists()
        assert not let_go(place)
        assert let_go(place, source="order:2")
        assert not selectors.held(place.need.pk)
    assert Notice.objects.filter(need=place.need, kind="resumed").count() == 1
    first.refresh_from_db()
    assert first.lifted_at == NOW + timedelta(days=3)


def test_an_award_gets_overlapping_suspensions_back_as_the_one_wait_they_were():
    place = world.competition(now=NOW)
    bid(place, place.entries[0], "49000.00")
    with clock.at(NOW + timedelta(hours=4)):
        bidding.finalise(competition_id=place.pk)
    award = Award.objects.get(need=place.need)
    held(place, at=NOW + timedelta(hours=5))
    held(place, at=NOW + timedelta(hours=6), source="order:2")
    with clock.at(NOW + timedelta(hours=7)):
        let_go(place)
    with clock.at(NOW + timedelta(hours=9)):
        let_go(place, source="order:2")
        jobs.drain()
    confirm_by = award.confirm_by
    award.refresh_from_db()
    assert award.confirm_by - confirm_by == timedelta(hours=4)


def test_suspending_again_and_again_adds_up_and_ends_at_thirty_days():
    place = world.competition(now=NOW)
    held(place)
    with clock.at(NOW + timedelta(days=20)):
        let_go(place)
    row = held(place, at=NOW + timedelta(days=40))
    assert row.ends_at == NOW + timedelta(days=50)
    with clock.at(row.ends_at):
        tasks.advance_needs.run()
        again = {"until": row.ends_at + timedelta(days=9), "reason": REASON, "source": "order:1", "by": SYSTEM}
        assert code_of(marketplace.suspend, need_id=place.need.pk, **again) == "need.suspended_enough"


def test_one_complaint_after_the_other_does_not_hold_a_need_for_ever():
    place = world.competition(now=NOW)
    held(place)
    held(place, at=NOW + timedelta(days=10), source="order:2")
    third = held(place, at=NOW + timedelta(days=39), source="order:3")
    assert third.ends_at == NOW + timedelta(days=60)
    with clock.at(NOW + timedelta(days=60)):
        tasks.advance_needs.run()
        assert not selectors.held(place.need.pk)
        again = {"until": NOW + timedelta(days=70), "reason": REASON, "source": "order:4", "by": SYSTEM}
        assert code_of(marketplace.suspend, need_id=place.need.pk, **again) == "need.suspended_enough"


def test_the_database_keeps_one_suspension_for_one_source():
    place = world.competition(now=NOW)
    row = held(place)
    with pytest.raises(IntegrityError), transaction.atomic():
        Suspension.objects.create(need=place.need, starts_at=NOW, ends_at=row.ends_at, reason=REASON, source=row.source)
