"""Who may still bid is looked up beside the bids: nobody waits for it, and who may not is told without asking."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest
from django.test import Client, override_settings

from accounts.claims import Claim, upheld
from agencies import services as agencies
from bidding import consumers, room
from bidding.threads import in_thread
from core import clock
from core.audit import SYSTEM
from tests.accounts import people
from tests.bidding import world
from tests.bidding.sockets import _member, connected, session_of

pytestmark = pytest.mark.django_db(transaction=True)

build = partial(in_thread, world.competition)


@pytest.fixture(autouse=True)
def _looked_up_often(monkeypatch):
    monkeypatch.setattr(room, "TICK", 0.02)
    monkeypatch.setattr(room, "LOOK_UP_EVERY", 1)


def lose(place, how, session):
    membership = place.agencies[0].organisation.memberships.get()
    match how:
        case "signed out":
            session.delete()
        case "membership":
            membership.delete()
        case "password":
            membership.user.set_password("another long password")
            membership.user.save()
        case "disabled":
            membership.user.is_active = False
            membership.user.save()
        case "withdrawn":
            place.entries[0].withdrawn_at = clock.now()
            place.entries[0].save()


@pytest.mark.parametrize("how", ["signed out", "membership", "password", "disabled", "withdrawn"])
async def test_who_lost_the_right_to_act_is_shown_out_without_having_asked(how):
    place = await build()
    async with connected(place, place.agencies[0].pk) as bidder, connected(place, place.agencies[1].pk) as other:
        await in_thread(lose, place, how, bidder.session)
        assert (await bidder.frame("bye"))["code"] == "session.ended"
        assert await bidder.closed_with() == 4401
        assert (await other.bid("48000.00"))["type"] == "receipt"


async def test_a_restriction_refuses_bids_and_leaves_the_room_open():
    place = await build()
    now = clock.now()
    async with connected(place, place.agencies[0].pk) as bidder:
        await in_thread(
            agencies.restrict, agency_id=place.agencies[0].pk, kind="suspended", starts_at=now,
            ends_at=now + timedelta(days=90), ground="提供虚假报告", source="/x/", by=SYSTEM,
        )  # fmt: skip
        assert (await bidder.bid("48000.00"))["code"] == "entry.restricted"
        await bidder.command(type="ping", t=1)
        assert (await bidder.frame("pong"))["t"] == 1


async def test_what_stood_before_a_restriction_keeps_its_receipt_whichever_way_it_is_asked_for_again():
    """The answer was lost on its way, and then the restriction came: refused it would count as not counted."""
    place = await build()
    ours, now = place.agencies[0].pk, clock.now()
    async with connected(place, ours) as bidder:
        receipt = await bidder.bid("48000.00", "answer-lost-0001")
        await bidder.command(type="floor", ref="answer-lost-0002", amount="46000.00")
        sealed = await bidder.frame("receipt")
        await in_thread(
            agencies.restrict, agency_id=ours, kind="suspended", starts_at=now,
            ends_at=now + timedelta(days=90), ground="提供虚假报告", source="/x/", by=SYSTEM,
        )  # fmt: skip
        await asyncio.sleep(0.2)
        assert await bidder.bid("48000.00", "answer-lost-0001") == receipt
        await bidder.command(type="floor", ref="answer-lost-0002", amount="46000.00")
        assert await bidder.frame("receipt", "refused") == sealed
        assert (await bidder.bid("47000.00", "fresh-00000001"))["code"] == "entry.restricted"
    again = await in_thread(posted, place, ours, "answer-lost-0001")
    assert (again["type"], again["seq"]) == ("receipt", receipt["seq"])
    assert (await in_thread(posted, place, ours, "fresh-00000002"))["code"] == "entry.restricted"


def posted(place, organisation_id, ref):
    visitor = Client(headers={"Accept": "application/json"})
    visitor.force_login(_member(organisation_id))
    return visitor.post(f"/competitions/{place.pk}/bid/", {"amount": "48000.00", "ref": ref}).json()


async def test_no_bid_waits_for_the_look_at_its_session(monkeypatch):
    async def never(_seats):
        raise AssertionError("a bid looked for itself")

    monkeypatch.setattr(consumers, "look_up", never)
    monkeypatch.setattr(consumers, "BELIEVED", 10)
    place = await build()
    async with connected(place, place.agencies[0].pk) as bidder:
        (seat,) = (await room.rooms().room(place.pk)).seats.values()
        seat.judged_at -= 60
        while seat.age() > 10:
            await asyncio.sleep(0.01)
        assert (await bidder.bid("48000.00"))["type"] == "receipt"


async def test_a_seat_is_given_up_with_its_socket():
    place = await build()
    async with connected(place, place.agencies[0].pk):
        opened = await room.rooms().room(place.pk)
        assert len(opened.seats) == 1
    assert not opened.seats


@pytest.mark.django_db
def test_a_claim_holds_for_the_organisation_it_names_and_through_a_change_of_the_secret():
    user = people.user("ann@example.com")
    organisation = people.organisation("enterprise", 31, user)
    session = session_of(user)
    claim = Claim(session.session_key, organisation.pk)
    stranger = Claim(session.session_key, organisation.pk + 1)
    assert upheld({claim, stranger, Claim("none", organisation.pk)}) == {claim}
    with override_settings(SECRET_KEY="fresh", SECRET_KEY_FALLBACKS=["another"]):
        assert upheld({claim}) == frozenset()
