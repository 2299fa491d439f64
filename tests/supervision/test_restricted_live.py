"""The written rule for a restricted agency in a live room (docs/supervision.md), played through the open socket."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from bidding import log, selectors, services
from bidding.threads import in_thread
from core import clock
from tests.bidding import world
from tests.bidding.sockets import connected
from tests.supervision.hearing import hearing

pytestmark = pytest.mark.django_db(transaction=True)

build = partial(in_thread, world.competition)


def suspended(agency):
    """The whole case, decided by two and published now."""
    case = hearing(agency, datetime.now(UTC) - timedelta(hours=5)).published()
    assert case.state == "in_force"


def records(place, kind):
    return [record.event.data for record in log.read(place.pk) if record.event.kind == kind]


def finish(place):
    with clock.at(datetime.now(UTC) + timedelta(hours=3)):
        services.finalise(competition_id=place.pk)


async def test_a_suspension_is_felt_in_the_open_room_at_once_and_at_the_award():
    place = await build()
    ours, other = place.agencies[:2]
    async with connected(place, ours.pk) as bidder, connected(place, other.pk) as rival:
        assert (await rival.bid("49500.00"))["type"] == "receipt"
        assert (await bidder.bid("48000.00"))["type"] == "receipt"
        await in_thread(suspended, ours)
        assert (await bidder.bid("47000.00"))["code"] == "entry.restricted"
        assert (await rival.bid("47500.00"))["type"] == "receipt", "everybody else goes on"
    bids = await in_thread(records, place, "bid")
    assert [bid["amount"] for bid in bids] == ["49500.00", "48000.00", "47500.00"], "what stood in the log stays"
    await in_thread(finish, place)
    award = await in_thread(selectors.standing_award, place.need.pk)
    assert award.agency_id == other.pk


async def test_the_best_bid_of_a_suspended_agency_is_passed_over_with_a_record():
    place = await build()
    ours, other = place.agencies[:2]
    async with connected(place, ours.pk) as bidder, connected(place, other.pk) as rival:
        assert (await rival.bid("49500.00"))["type"] == "receipt"
        assert (await bidder.bid("48000.00"))["type"] == "receipt"
    await in_thread(suspended, ours)
    await in_thread(finish, place)
    award = await in_thread(selectors.standing_award, place.need.pk)
    assert award.agency_id == other.pk
    assert [row["reason"] for row in await in_thread(records, place, "excluded")] == ["restricted"]
