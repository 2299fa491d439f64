"""A seal that does not open: its competition stands still and says why, nothing is lost, and all others go on."""

from functools import partial

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from bidding import committer, floors, log, services
from bidding.rules.proxy import Deposit
from bidding.threads import in_thread
from core import clock
from core.money import Money
from portal.selectors import health
from tests.bidding import world
from tests.bidding.sockets import connected

pytestmark = pytest.mark.django_db(transaction=True)

build = partial(in_thread, world.competition)
board_of = partial(in_thread, log.board)
LOST, FOUND = "lost" * 10, "found" * 10


def sealed(place, amount="46000.00"):
    deposit = Deposit(place.entries[0].pseudonym, Money.of(amount).amount, "sealed-0001")
    return committer.place_all(competition_id=place.pk, offers=[(deposit, clock.now())])


@pytest.fixture
def place(settings):
    """A running competition with a floor whose key is gone."""
    settings.FLOOR_KEY = LOST
    made = world.competition()
    sealed(made)
    settings.FLOOR_KEY = FOUND
    return made


@pytest.fixture
def moment(monkeypatch):
    """Each test's process has just begun, and this is its clock."""
    now = [1000.0]
    monkeypatch.setattr(health, "_seals", health.SealsSeen(lambda: now[0]))
    return now


def ready():
    answer = Client().get("/readyz")
    return answer.status_code, answer.json()["checks"]["floors"], answer.json()["unreadable_floors"]


async def test_bidders_are_told_and_with_the_key_it_goes_on(place, settings):
    async with connected(place, place.agencies[0].pk) as owner, connected(place, place.agencies[1].pk) as other:
        assert (await other.bid("48000.00", "refused-0001"))["code"] == "floor.unreadable"
        await owner.command(type="my_floor")
        assert (await owner.frame("refused", "my_floor"))["code"] == "floor.unreadable"
        assert (await board_of(place.pk)).bids[1:] == []
        settings.PAST_FLOOR_KEYS = [LOST]
        assert (await other.bid("48000.00", "refused-0001"))["type"] == "receipt"
        await owner.command(type="my_floor")
        assert (await owner.frame("refused", "my_floor"))["floor"]["amount"] == "46000.00"
    assert [str(bid.amount) for bid in (await board_of(place.pk)).bids] == ["50000.00", "48000.00", "47750.00"]


def test_its_room_can_be_watched_and_it_can_be_cancelled(place):
    assert Client().get(f"/competitions/{place.pk}/").status_code == 200
    services.cancel_competition(need_id=place.need.pk)
    assert log.board(place.pk).failed == "cancelled"


def test_readiness_says_that_a_key_is_missing(place, settings, moment):
    assert ready() == (503, False, [place.pk])
    settings.PAST_FLOOR_KEYS = [LOST]
    moment[0] += health.LOOK_KEPT
    assert ready() == (200, True, [])


def test_however_often_readiness_is_asked_for_seals_are_opened_every_twenty_seconds_only(place, monkeypatch, moment):
    looks, real = [], floors.unreadable
    monkeypatch.setattr(floors, "unreadable", lambda: looks.append(moment[0]) or real())
    for _ in range(6):
        assert ready() == (503, False, [place.pk])
        moment[0] += 9
    assert looks == [1000, 1027]


def test_a_look_that_failed_is_not_kept(place, monkeypatch, moment):
    faults, real = [DatabaseError("away")], floors.unreadable

    def look():
        if faults:
            raise faults.pop()
        return real()

    monkeypatch.setattr(floors, "unreadable", look)
    assert health.unreadable_floors() == []
    assert health.unreadable_floors() == [place.pk]


def test_readiness_names_a_competition_with_a_damaged_seal_and_does_not_close_the_platform(place, settings, moment):
    settings.PAST_FLOOR_KEYS = [LOST]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE bidding_sealedfloor DISABLE TRIGGER USER")
        cursor.execute("UPDATE bidding_sealedfloor SET sealed = decode('00', 'hex')")
        cursor.execute("ALTER TABLE bidding_sealedfloor ENABLE TRIGGER USER")
    assert ready() == (200, True, [place.pk])
