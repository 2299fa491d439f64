"""A restriction before the winner is bound: it takes nothing on, and its need goes to the next in the ranking."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from agencies import services as agencies
from bidding import selectors
from bidding import services as competition
from bidding.models import Award
from contracts import services, tasks
from contracts.models import Contract
from contracts.services import barring, signing
from core import clock
from core.audit import By
from payments.models import Commitment
from payments.selectors import budget
from payments.services import lines
from ratings.models import CreditEvent
from tests.bidding import world as auction
from tests.bidding.test_competition import NOW, bid, closed
from tests.contracts.test_award import refused
from tests.contracts.world import drafted, signed, world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    with clock.at(NOW):
        yield


def restrict(agency_id, kind="suspended"):
    return agencies.restrict(
        agency_id=agency_id, kind=kind, starts_at=clock.now(), ends_at=clock.now() + timedelta(days=90),
        ground="出具虚假报告", source="/decisions/1/",
    )  # fmt: skip


def won(kind="department"):
    """A competition of three that is decided, and its award."""
    place = auction.competition(bidders=3, kind=kind, now=NOW)
    for entry, amount in zip(place.entries, ("50000.00", "49000.00", "48000.00"), strict=True):
        bid(place, entry, amount)
    closed(place)
    return place, selectors.standing_award(place.need.pk)


def confirmed(award):
    return services.confirm_award(award_id=award.pk, by=By(None, award.agency_id))


def stages(need):
    return {name: amount.amount for name, amount in budget.line(need.budget_line_id).standing.stages.items() if amount}


@pytest.mark.parametrize("kind", ["suspended", "restricted", "removed"])
def test_a_restricted_winner_confirms_nothing(kind):
    w = world()
    restrict(w.agency.pk, kind)
    refused("award.restricted", services.confirm_award, award_id=w.award.pk, by=w.as_agency)
    assert not Contract.objects.exists()


def test_a_warning_keeps_nobody_from_confirming():
    w = world()
    restrict(w.agency.pk, "warned")
    assert services.confirm_award(award_id=w.award.pk, by=w.as_agency)


def test_the_database_lets_no_restricted_winner_confirm():
    w = world()
    restrict(w.agency.pk)
    with pytest.raises(DatabaseError, match="restricted"), transaction.atomic():
        Award.objects.filter(pk=w.award.pk).update(outcome="confirmed", outcome_at=clock.now())


def test_the_next_in_the_ranking_is_awarded_and_nothing_is_held_against_the_first():
    place, award = won()
    restrict(award.agency_id)
    tasks.watch_deadlines.run()
    tasks.watch_deadlines.run()
    award.refresh_from_db()
    assert award.outcome == Award.Outcome.BARRED
    following = selectors.standing_award(place.need.pk)
    assert (following.rank, following.amount.amount) == (2, Decimal("49000.00"))
    assert not CreditEvent.objects.filter(kind__in=["award_declined", "award_silent"]).exists()
    assert stages(place.need)["reserved"] == Decimal("50000.00")


def test_a_restriction_that_was_lifted_in_time_changes_nothing():
    _place, award = won()
    row = restrict(award.agency_id)
    agencies.lift(restriction_id=row.pk, reason="复核期间停止执行", source="/decisions/1/")
    tasks.watch_deadlines.run()
    award.refresh_from_db()
    assert award.outcome == Award.Outcome.PENDING


def test_a_contract_not_confirmed_yet_is_refused_and_the_next_gets_need_and_money():
    place, award = won()
    contract = confirmed(award)
    restrict(award.agency_id)
    by = By(None, award.agency_id)
    refused("contract.restricted", services.confirm, contract_id=contract.pk, side="supplier", by=by)
    tasks.watch_deadlines.run()
    contract.refresh_from_db()
    assert contract.terminated_at
    place.need.refresh_from_db()
    assert place.need.awarded_at is None
    assert stages(place.need) == {"free": Decimal("9950000.00"), "reserved": Decimal("50000.00")}
    following = selectors.standing_award(place.need.pk)
    assert confirmed(following).pk != contract.pk
    assert stages(place.need) == {"free": Decimal("9951000.00"), "committed": Decimal("49000.00")}
    assert Commitment.objects.get().payee_id == following.agency_id


def test_when_both_fall_away_after_confirming_the_third_still_finds_its_money():
    place, award = won()
    for _turn in range(2):
        confirmed(award)
        restrict(award.agency_id)
        tasks.watch_deadlines.run()
        award = selectors.standing_award(place.need.pk)
    confirmed(award)
    assert stages(place.need)["committed"] == Decimal("50000.00")


def test_a_need_whose_money_is_gone_fails_and_frees_what_it_held():
    place, award = won()
    confirmed(award)
    line = place.need.budget_line
    lines.adjust(line_id=line.pk, amount=budget.line(line.pk).standing.stages["free"], adds=False,
                 document="廊财预〔2026〕9号", reason="压减", by=By(None, line.department_id))  # fmt: skip
    restrict(award.agency_id)
    tasks.watch_deadlines.run()
    place.need.refresh_from_db()
    assert (place.need.failed_at is not None, place.need.end_reason) == (True, "no_money_left")
    assert stages(place.need) == {"free": Decimal("48000.00")}
    assert selectors.standing_award(place.need.pk) is None


def test_after_the_last_the_need_fails_as_after_declining():
    place, award = won()
    for left in (2, 1, 0):
        restrict(award.agency_id)
        tasks.watch_deadlines.run()
        award = selectors.standing_award(place.need.pk)
        assert (award is not None) == bool(left)
    place.need.refresh_from_db()
    assert place.need.end_reason == "none_left"


def test_a_contract_the_agency_had_confirmed_is_signed_in_spite_of_a_restriction():
    w, contract = drafted()
    services.confirm(contract_id=contract.pk, side="supplier", by=w.as_agency)
    restrict(w.agency.pk)
    tasks.watch_deadlines.run()
    services.confirm(contract_id=contract.pk, side="buyer", by=w.as_buyer)
    with clock.at(w.award.publicity_ends_at):
        tasks.watch_deadlines.run()
    contract.refresh_from_db()
    assert contract.signed_at
    assert contract.terminated_at is None


def test_a_contract_left_behind_by_an_award_that_went_on_is_neither_changed_nor_signed():
    _place, award = won()
    contract = confirmed(award)
    by = {"supplier": By(None, award.agency_id), "buyer": By(None, contract.buyer_id)}
    services.confirm(contract_id=contract.pk, side="supplier", by=by["supplier"])
    restrict(award.agency_id)
    competition.pass_over(award_id=award.pk)
    refused("contract.signed", services.confirm, contract_id=contract.pk, side="buyer", by=by["buyer"])
    Contract.objects.filter(pk=contract.pk).update(buyer_confirmed_at=clock.now())
    with clock.at(award.publicity_ends_at):
        assert not signing.sign_if_ready(contract.pk)


def test_passing_an_award_on_waits_for_whoever_is_answering_it():
    _place, award = won()
    restrict(award.agency_id)
    with CaptureQueriesContext(connection) as queries:
        barring.pass_over(award.pk)
    asked = [one["sql"] for one in queries.captured_queries]
    alone = next(place for place, sql in enumerate(asked) if f"award-answer:{award.pk}" in sql)
    assert alone < next(place for place, sql in enumerate(asked) if "contracts_contract" in sql)


def test_a_signed_contract_goes_on():
    w, contract = signed()
    with clock.at(contract.signed_at + timedelta(hours=1)):
        restrict(w.agency.pk)
        tasks.watch_deadlines.run()
    contract.refresh_from_db()
    assert contract.terminated_at is None


def test_the_award_s_page_says_why_it_went_on(client):
    _place, award = won()
    restrict(award.agency_id)
    tasks.watch_deadlines.run()
    page = client.get(f"/awards/{award.pk}/").content.decode()
    assert "受到限制" in page
    assert "第 2 名" in page
