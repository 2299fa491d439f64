"""A seal that does not open: its competition stands still and says why, nothing is lost, and all others go on."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from agencies import services as agencies
from bidding import committer, floors, log, services
from bidding.rules.auction import Offer
from bidding.rules.proxy import Deposit
from bidding.threads import in_thread
from core import clock
from core.audit import SYSTEM
from core.money import Money
from portal.selectors import health
from tests.bidding import world
from tests.bidding.sockets import _member, connected

pytestmark = pytest.mark.django_db(transaction=True)

build = partial(in_thread, world.competition)
board_of = partial(in_thread, log.board)
LOST, FOUND = "lost" * 10, "found" * 10


def bid(place, index, amount, ref="by-hand-0001"):
    return Offer(place.entries[index].pseudonym, Money.of(amount).amount, ref)


def deposit(place, index, amount, ref="sealed-0001"):
    return Deposit(place.entries[index].pseudonym, Money.of(amount).amount, ref)


def place_all(place, *asked):
    return committer.place_all(competition_id=place.pk, offers=[(one, clock.now()) for one in asked])


def signed_in(agency_id):
    visitor = Client()
    visitor.force_login(_member(agency_id))
    return visitor


@pytest.fixture
def place(settings):
    """A running competition with a floor whose key is gone."""
    settings.FLOOR_KEY = LOST
    made = world.competition()
    place_all(made, deposit(made, 0, "46000.00"))
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


def test_each_of_a_batch_is_judged_alone(place, settings):
    """Who repeats what stands has the receipt again, whoever needs no floor is told as always."""
    settings.PAST_FLOOR_KEYS = [LOST]
    asked = [bid(place, 1, "48000.00", "first-0001"), deposit(place, 2, "40000.00", "floor-0001")]
    counted = [answer["seq"] for answer in place_all(place, *asked)]
    settings.PAST_FLOOR_KEYS = []
    before = log.board(place.pk).seq
    fresh = [bid(place, 1, "20000.00", "fresh-0001"), deposit(place, 2, "19000.00", "fresh-0002")]
    high = bid(place, 0, "49000.00", "high-0001")
    answers = place_all(place, asked[0], fresh[0], asked[1], high, fresh[1], asked[0])
    assert [answer["seq"] for answer in answers[:3:2]] == counted
    assert answers[5]["seq"] == counted[0]
    assert [answers[number].code for number in (1, 3, 4)] == ["floor.unreadable", "bid.step", "floor.unreadable"]
    assert log.board(place.pk).seq == before
    settings.PAST_FLOOR_KEYS = [LOST]
    assert all("seq" in answer for answer in place_all(place, *fresh))


def test_a_key_that_is_none_refuses_the_floor_alone(settings):
    made = world.competition()
    settings.FLOOR_KEY = "short"
    refused, counted = place_all(made, deposit(made, 0, "46000.00"), bid(made, 1, "48000.00"))
    assert (refused.code, counted["amount"]) == ("floor.unreadable", "48000.00")


def test_seals_are_looked_at_once_for_a_batch(place, monkeypatch):
    looks, real = [], floors.read
    monkeypatch.setattr(floors, "read", lambda pk: looks.append(pk) or real(pk))
    asked = [bid(place, 1, f"{48000 - 500 * number}.00", f"many-{number:04d}") for number in range(50)]
    answers = place_all(place, *asked)
    assert {answer.code for answer in answers} == {"floor.unreadable"}
    assert looks == [place.pk]


def test_who_is_restricted_makes_nobody_look_at_all_seals_again_and_again(place, settings, monkeypatch):
    settings.PAST_FLOOR_KEYS = [LOST]
    looks, real, now = [], floors.legible, clock.now()
    monkeypatch.setattr(floors, "legible", lambda pk: looks.append(pk) or real(pk))
    agencies.restrict(
        agency_id=place.agencies[1].pk, kind="suspended", starts_at=now - timedelta(seconds=1),
        ends_at=now + timedelta(days=90), ground="提供虚假报告", source="/x/", by=SYSTEM,
    )  # fmt: skip
    answers = place_all(place, *[deposit(place, 1, "40000.00", f"many-{number:04d}") for number in range(50)])
    assert {answer.code for answer in answers} == {"entry.restricted"}
    assert looks == [place.pk]


def test_by_http_a_bid_that_could_not_be_decided_keeps_its_reference(place):
    """The form is sent again as it stands, and counts once."""
    visitor = signed_in(place.agencies[1].pk)
    form = {"amount": "48000.00", "ref": "kept-00000001"}
    page = visitor.post(f"/competitions/{place.pk}/bid/", form)
    assert page.status_code == 503
    assert 'value="kept-00000001"' in page.content.decode()
    page = visitor.post(f"/competitions/{place.pk}/floor/", {"amount": "47000.00", "ref": "kept-00000002"})
    assert 'value="kept-00000002"' in page.content.decode()


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
