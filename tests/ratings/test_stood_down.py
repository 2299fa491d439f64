"""Taking one's service away when one's turn has come costs what declining costs; other reasons cost nothing."""

from datetime import timedelta
from decimal import Decimal

import pytest

from agencies import selectors as agencies_selectors
from agencies import services as agencies
from core import clock, jobs, rulesets
from core.audit import By
from marketplace.models import ServiceItem
from ratings.models import CreditEvent
from tests.bidding import world
from tests.bidding.test_competition import NOW, bid, closed

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    """A competition the second agency would win."""
    place = world.competition(now=NOW)
    bid(place, place.entries[0], "48000.00")
    bid(place, place.entries[1], "45000.00")
    return place


def withdraw(place, agency):
    service = agencies_selectors.services(agency.pk).get(item_code=place.need.item.code)
    agencies.withdraw_service(service_id=service.pk, agency=agency, by=By())


def over(place):
    closed(place)
    with clock.at(NOW + timedelta(hours=3)):
        jobs.drain()
    return list(CreditEvent.objects.filter(kind="stood_down").values_list("agency_id", "points"))


def test_withdrawing_the_service_costs_what_declining_costs(place):
    withdraw(place, place.agencies[1])
    declining = Decimal(rulesets.current("credit")["events"]["award_declined"]["points"])
    assert over(place) == [(place.agencies[1].pk, declining)]
    assert CreditEvent.objects.get(kind="stood_down").source == f"/needs/{place.need.pk}/"


def test_nothing_is_taken_from_whose_turn_never_came(place):
    withdraw(place, place.agencies[0])
    assert over(place) == []


def test_a_restriction_is_not_its_own_doing(place):
    agencies.restrict(
        agency_id=place.agencies[1].pk, kind="suspended", starts_at=NOW, ends_at=NOW + timedelta(days=90),
        ground="提供虚假报告", source="/x/", by=By(),
    )  # fmt: skip
    withdraw(place, place.agencies[1])
    assert over(place) == []


def test_a_licence_that_is_missing_is_not_held_against_it(place):
    ServiceItem.objects.filter(pk=place.need.item_id).update(licence_kind="测绘资质")
    assert over(place) == []
