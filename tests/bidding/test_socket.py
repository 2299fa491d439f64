"""The room over its socket: pictures, bids, receipts, refusals."""

import asyncio
import hashlib
import json
from datetime import timedelta
from functools import partial

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError

from accounts.models import User
from bidding import keys, log, room, selectors, services
from bidding.allowance import PERSON, allowances, counted
from bidding.rules.record import climb, head_message
from bidding.threads import in_thread
from core import clock
from tests.bidding import world
from tests.bidding.sockets import Client, connected

pytestmark = pytest.mark.django_db(transaction=True)

build = partial(in_thread, world.competition)
board_of = partial(in_thread, log.board)
picture_of = partial(in_thread, selectors.snapshot)


async def test_everyone_is_greeted_with_the_whole_picture():
    place = await build()
    async with connected(place) as watcher:
        hello = await watcher.frame("hello")
    assert (hello["role"], hello["you"], hello["protocol"]) == ("watcher", None, 1)
    assert hello["snapshot"] == await picture_of(place.pk)


async def test_a_bidder_learns_its_pseudonym_and_the_buyer_its_role():
    place = await build()
    async with connected(place, place.agencies[0].pk) as bidder, connected(place, place.buyer.pk) as owner:
        assert (await bidder.frame("hello"))["you"] == {"pseudonym": place.entries[0].pseudonym}
        assert (await owner.frame("hello"))["role"] == "owner"


async def test_a_bid_is_receipted_and_seen_by_all():
    place = await build()
    async with connected(place, place.agencies[0].pk) as bidder, connected(place) as watcher:
        await watcher.frame("hello")
        receipt = await bidder.bid("48,000.00")
        seen = await watcher.frame("events")
    assert receipt["type"] == "receipt"
    assert seen["events"][0] | {"at": ""} == {
        "seq": receipt["seq"], "at": "", "kind": "bid", "by": place.entries[0].pseudonym, "amount": "48000.00",
    }  # fmt: skip
    assert (seen["next_max"], seen["best"]["amount"]) == ("47750.00", "48000.00")


def prove(place, receipt):
    """With nothing but the receipt and the platform's key."""
    assert hashlib.sha256(receipt["body"].encode()).hexdigest() == receipt["hash"]
    assert json.loads(receipt["body"])["amount"] == receipt["amount"]
    assert climb(receipt["hash"], receipt["path"]) == receipt["root"]
    message = head_message(place.pk, receipt["first"], receipt["last"], receipt["root"])
    keys.signing_key().public_key().verify(bytes.fromhex(receipt["signature"]), message.encode())


async def test_a_receipt_proves_itself():
    place = await build()
    async with connected(place, place.agencies[0].pk) as bidder:
        receipt = await bidder.bid("48000.00")
    prove(place, receipt)
    assert (await board_of(place.pk)).best.seq == receipt["seq"]


async def test_the_same_reference_gets_the_same_receipt_and_counts_once():
    place = await build()
    async with connected(place, place.agencies[0].pk) as first, connected(place, place.agencies[0].pk) as second:
        ref = "11111111-2222"
        one, two = await first.bid("48000.00", ref), await second.bid("47000.00", ref)
    assert one == two
    assert len((await board_of(place.pk)).bids) == 1


async def test_two_browsers_of_one_agency_see_the_same_room():
    place = await build()
    async with connected(place, place.agencies[0].pk) as first, connected(place, place.agencies[0].pk) as second:
        assert (await first.bid("48000.00"))["type"] == "receipt"
        assert (await second.frame("events"))["best"]["by"] == place.entries[0].pseudonym
        assert (await second.bid("48000.00"))["code"] == "bid.step"


async def test_snapshot_plus_events_is_a_fresh_snapshot():
    place = await build()
    async with connected(place) as watcher, connected(place, place.agencies[0].pk) as bidder:
        picture = (await watcher.frame("hello"))["snapshot"]
        for amount in ("48000.00", "47000.00", "46000.00"):
            await bidder.bid(amount)
        while picture["seq"] < 7:
            frame = await watcher.frame("events")
            assert frame["from"] == picture["seq"] + 1
            bids = [event for event in frame["events"] if event["kind"] == "bid"]
            rungs = [{key: event[key] for key in ("seq", "at", "by", "amount")} for event in bids]
            picture["ladder"] += rungs
            picture["lowest"] = rungs[-1:]  # one bidder
            picture |= {key: frame[key] for key in ("state", "best", "next_max", "ends_at", "bidders", "head")}
            picture["seq"] = frame["to"]
    assert picture == await picture_of(place.pk)


async def test_replay_gives_what_came_after():
    place = await build()
    async with connected(place, place.agencies[0].pk) as bidder:
        await bidder.bid("48000.00")
        await bidder.command(type="replay", **{"from": 2})
        while (frame := await bidder.frame("events"))["from"] != 2:
            pass
    assert [event["kind"] for event in frame["events"]] == ["entered", "entered", "entered", "bid"]


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("50000.01", "bid.above_ceiling"), ("1e4", "amount.format"), ("NaN", "amount.format"),
        ("-1", "amount.format"), ("+1", "amount.format"), ("１００", "amount.format"), ("1.234", "amount.decimals"),
        ("9" * 1500, "amount.too_large"), (48000, "amount.format"), (None, "amount.format"), ("0", "amount.zero"),
        ({"a": 1}, "amount.format"), ("", "amount.format"),
    ],
)  # fmt: skip
async def test_a_bad_amount_gets_its_code_in_both_languages_and_the_room_lives_on(amount, code):
    place = await build()
    async with connected(place, place.agencies[0].pk) as bidder:
        refused = await bidder.bid(amount, "11111111")
        assert (refused["code"], refused["ref"]) == (code, "11111111")
        assert all(refused["texts"][language]["way_out"] for language in ("zh-hans", "en"))
        assert (await bidder.bid("48000.00"))["type"] == "receipt"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("not json", "frame.invalid"), ("[]", "frame.invalid"), ("null", "frame.invalid"), ('"bid"', "frame.invalid"),
        ('{"type":"award"}', "frame.invalid"), ('{"type":["bid"]}', "frame.invalid"), ("{}", "frame.invalid"),
        ('{"type":"replay","from":"1"}', "frame.invalid"), ('{"type":"replay","from":true}', "frame.invalid"),
        ('{"type":"bid","ref":"x","amount":"1.00"}', "bid.ref"), ('{"type":"bid","amount":"1.00"}', "bid.ref"),
        (json.dumps({"type": "ping", "t": "x" * 3000}), "frame.too_large"), ("[" * 2000, "frame.invalid"),
    ],
)  # fmt: skip
async def test_a_bad_frame_gets_its_code_and_the_room_lives_on(text, code):
    place = await build()
    async with connected(place, place.agencies[0].pk) as bidder:
        await bidder.text(text)
        assert (await bidder.frame("refused"))["code"] == code
        assert (await bidder.bid("48000.00"))["type"] == "receipt"


async def test_bytes_are_not_frames():
    place = await build()
    async with connected(place) as watcher:
        await watcher.bytes(b"\x00\x01")
        assert (await watcher.frame("refused"))["code"] == "frame.invalid"


async def test_a_client_that_sends_nothing_but_rubbish_is_shown_out():
    place = await build()
    async with connected(place) as watcher:
        for _ in range(30):
            await watcher.text("rubbish")
        assert await watcher.closed_with() == 4400


async def test_too_fast_is_refused_and_others_are_served():
    place = await build()
    async with connected(place) as flooder, connected(place, place.agencies[0].pk) as bidder:
        for number in range(420):
            await flooder.command(type="ping", t=number)
        assert (await flooder.frame("refused"))["code"] == "frame.too_fast"
        assert (await bidder.bid("48000.00"))["type"] == "receipt"


async def test_a_bid_that_came_too_fast_is_told_by_its_reference():
    place = await build()
    async with connected(place, place.agencies[0].pk) as bidder:
        allowances.of_bidder(place.pk, place.entries[0].pseudonym)._left = -100
        refused = await bidder.bid("48000.00", "11111111")
        assert (refused["code"], refused["ref"]) == ("frame.too_fast", "11111111")
        for text in ("rubbish", '{"type":"bid","ref":"x"}', '{"type":"bid","ref":5}'):
            await bidder.text(text)
            assert (await bidder.frame("refused"))["ref"] is None
    assert (await board_of(place.pk)).bids == []


async def test_asking_for_replays_too_often_is_no_fault_of_the_frame():
    place = await build()
    async with connected(place) as watcher:
        for _ in range(40):
            await watcher.command(type="replay", **{"from": 1})
        codes = set()
        while codes != {None, "frame.too_fast"}:
            codes.add((await watcher.frame("events", "refused", "bye")).get("code"))
            assert codes <= {None, "frame.too_fast"}


@pytest.mark.parametrize("path", ["/ws/", "/ws/competitions/x/", "/ws/competitions/1", "/", "/ws/competitions/-1/"])
async def test_any_other_address_is_refused_before_it_opens(path):
    assert await Client(path, AnonymousUser(), SessionStore()).connect() == 4404


@pytest.mark.parametrize("pk", [0, 2**31, 2**63, 10**30])
async def test_numbers_no_competition_can_have_have_no_room(pk):
    assert await Client(f"/ws/competitions/{pk}/", AnonymousUser(), SessionStore()).connect() == 4404


async def test_strangers_from_one_address_are_told_when_they_are_too_many(settings):
    settings.SOCKETS_PER_ADDRESS = 2
    place = await build()
    office = "203.0.113.7"
    async with connected(place, address=office), connected(place, address=office) as second:
        async with connected(place, address=office) as third:
            assert (await third.frame("bye"))["code"] == "socket.too_many"
            assert await third.closed_with() == 4429
        async with (
            connected(place, address="203.0.113.8") as other,
            connected(place, place.agencies[0].pk, address=office) as bidder,
        ):
            assert (await other.frame("hello"))["role"] == "watcher"
            assert (await bidder.frame("hello"))["role"] == "bidder"
        await second.disconnect()
        async with connected(place, address=office) as again:
            assert (await again.frame("hello"))["role"] == "watcher"


async def test_one_person_may_have_so_many_sockets_whoever_it_acts_for(settings):
    settings.SOCKETS_PER_ADDRESS = 2
    place = await build()
    async with connected(place, place.buyer.pk), connected(place, place.buyer.pk) as second:
        async with connected(place, place.buyer.pk) as third:
            assert (await third.frame("bye"))["code"] == "socket.too_many"
        await second.disconnect()
        async with connected(place, place.buyer.pk) as again:
            assert (await again.frame("hello"))["role"] == "owner"


async def test_what_was_used_up_stays_so_when_a_socket_is_opened_anew():
    place = await build()
    for _ in range(2):
        async with connected(place, place.buyer.pk) as owner:
            for number in range(300):
                await owner.command(type="ping", t=number)
            codes = {(await owner.frame("pong", "refused")).get("code") for _ in range(300)}
    assert codes == {None, "frame.too_fast"}


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("203.0.113.7", "203.0.113.7"), ("::ffff:203.0.113.7", "203.0.113.7"), ("127.0.0.1", ""), ("::1", ""),
        ("2001:db8::1", "2001:0db8:0000:0000"), ("2001:db8::ffff:2", "2001:0db8:0000:0000"), ("", ""), ("unix:", ""),
    ],
)  # fmt: skip
def test_what_counts_as_one_address(host, key):
    assert counted({"client": (host, 1), "user": AnonymousUser()}) == key
    assert counted({"client": None, "user": AnonymousUser()}) == ""
    assert counted({"client": (host, 1), "user": User(pk=7)}) == f"{PERSON}7"


@pytest.mark.parametrize("frame", [{"type": "ping", "t": 1}, {"type": "replay", "from": 1}, {"type": "my_floor"}])
async def test_a_flood_without_end_is_shown_out(monkeypatch, frame):
    monkeypatch.setattr("bidding.consumers.TOO_FAST_ALLOWED", 3)
    monkeypatch.setattr("bidding.allowance.FRAMES_PER_SECOND", 1)
    place = await build()
    async with connected(place) as flooder:
        for _ in range(500):
            await flooder.command(**frame)
        assert await flooder.closed_with() == 4429


async def test_a_room_that_cannot_be_opened_after_the_handshake_is_to_be_tried_again(monkeypatch):
    place = await build()
    real, calls = room.Rooms.room, []

    async def away_the_second_time(self, competition_id):
        calls.append(competition_id)
        if len(calls) == 2:
            raise DatabaseError("away")
        return await real(self, competition_id)

    monkeypatch.setattr(room.Rooms, "room", away_the_second_time)
    async with connected(place) as watcher:
        assert await watcher.closed_with() == 1013


@pytest.mark.parametrize("who", ["watcher", "owner", "outsider"])
async def test_only_entrants_bid(who):
    place = await build()
    outsider = await in_thread(world.agency, 77)
    organisation = {"watcher": None, "owner": place.buyer.pk, "outsider": outsider.pk}[who]
    async with connected(place, organisation) as client:
        assert (await client.bid("48000.00"))["code"] == "bid.not_entered"
    assert (await board_of(place.pk)).bids == []


async def test_an_ended_session_bids_no_more(monkeypatch):
    monkeypatch.setattr("bidding.consumers.BELIEVED", 0)
    place = await build()
    async with connected(place, place.agencies[0].pk) as bidder:
        await in_thread(bidder.session.delete)
        await bidder.command(type="bid", ref="11111111", amount="48000.00")
        assert (await bidder.frame("bye"))["code"] == "session.ended"
        assert await bidder.closed_with() == 4401
    assert (await board_of(place.pk)).bids == []


async def test_an_unknown_competition_has_no_room():
    place = await build()
    place.competition.pk += 999
    async with connected(place) as client:
        assert client.code == 4404


async def test_an_old_client_is_told_so():
    place = await build()
    async with connected(place, query="?protocol=0") as client:
        assert (await client.frame("bye"))["code"] == "protocol.old"
        assert await client.closed_with() == 4409


async def test_what_others_append_reaches_the_room():
    place = await build()
    async with connected(place) as watcher:
        await watcher.frame("hello")
        with clock.at(place.competition.ends_at + timedelta(minutes=5)):
            await in_thread(services.finalise, competition_id=place.pk)
        kinds = [event["kind"] for event in (await watcher.frame("events"))["events"]]
    assert kinds == ["closed", "failed"]


async def test_after_the_close_a_bid_is_told_so():
    place = await build()
    with clock.at(place.competition.ends_at + timedelta(minutes=5)):
        await in_thread(services.finalise, competition_id=place.pk)
    async with connected(place, place.agencies[0].pk) as bidder:
        assert (await bidder.bid("48000.00"))["code"] == "bid.closed"


async def test_bids_that_come_together_share_a_transaction_and_keep_one_order():
    place = await build(bidders=5)
    clients = [connected(place, row.pk) for row in place.agencies]
    opened = [await client.__aenter__() for client in clients]
    amounts = [f"{48000 - 250 * number}.00" for number in range(40)]
    jobs = [opened[number % 5].command(type="bid", ref=f"{number:08d}", amount=a) for number, a in enumerate(amounts)]
    await asyncio.gather(*jobs)
    answers = [await opened[number % 5].frame("receipt", "refused") for number in range(40)]
    for client in clients:
        await client.__aexit__(None, None, None)
    board = await board_of(place.pk)
    receipts = [answer for answer in answers if answer["type"] == "receipt"]
    for receipt in receipts:
        prove(place, receipt)
    assert {answer["seq"] for answer in receipts} == {bid.seq for bid in board.bids}
    assert [bid.amount for bid in board.bids] == sorted((bid.amount for bid in board.bids), reverse=True)


async def test_a_batch_that_fails_is_not_acknowledged_and_the_next_one_is(monkeypatch):
    place = await build()

    def broken(*_args):
        raise DatabaseError("gone")  # as when the disk is full

    async with connected(place, place.agencies[0].pk) as bidder:
        with monkeypatch.context() as patch:
            patch.setattr(log, "write", broken)
            assert (await bidder.bid("48000.00", "11111111"))["code"] == "bid.busy"
        assert (await bidder.bid("48000.00", "11111111"))["type"] == "receipt"
    assert len((await board_of(place.pk)).bids) == 1
