"""Sealed floors over the socket and by a plain form: their owner knows of them, and nobody else sees one."""

import json
import logging
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import OperationalError
from django.test import Client

from bidding import committer, floors, log, services
from bidding import room as live
from bidding.rules.proxy import Deposit
from bidding.threads import in_thread
from core import clock
from tests.bidding import world
from tests.bidding.sockets import connected
from tests.bidding.test_views import JSON, bidder, config, room, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
build = partial(in_thread, world.competition)
board_of = partial(in_thread, log.board)
AMOUNT = "41234.56"


async def deposit(client, amount, ref="floor-over-a-socket"):
    await client.command(type="floor", ref=ref, amount=amount)
    return await client.frame("receipt", "refused")


async def mine(client):
    await client.command(type="my_floor")
    return (await client.frame("my_floor"))["floor"]


async def test_a_floor_is_receipted_and_its_owner_told_of_it():
    place = await build()
    async with connected(place, place.agencies[0].pk) as one, connected(place, place.agencies[0].pk) as other:
        receipt = await deposit(one, "41,234.56")
        assert receipt["ref"] == "floor-over-a-socket"
        assert receipt["opening"]["amount"] == AMOUNT
        assert AMOUNT not in receipt["body"]
        assert await mine(other) == {"amount": AMOUNT, "seq": receipt["seq"]}
        taken = await deposit(other, None, "taken-back-again")
        assert taken["opening"]["amount"] == "taken_back"
        assert await mine(one) is None


async def test_everybody_sees_what_a_floor_bids_and_nobody_the_floor():
    place = await build()
    heard = []
    async with (
        connected(place, place.agencies[0].pk) as owner,
        connected(place, place.agencies[1].pk) as rival,
        connected(place, place.buyer.pk) as buyer,
        connected(place) as watcher,
    ):
        await deposit(owner, AMOUNT)
        assert (await rival.bid("48000.00"))["type"] == "receipt"
        for client in (rival, buyer, watcher):
            await client.command(type="my_floor")
            await client.command(type="replay", **{"from": 1})
            while True:
                text = (await client.receive_output(5))["text"]
                heard.append(text)
                if '"from":1,' in text:
                    break
        frame = json.loads(heard[-1])
    assert AMOUNT not in "".join(heard)
    sealed, first, by_hand, answer = [event for event in frame["events"] if event["kind"] in ("floor_sealed", "bid")]
    assert sealed.keys() == {"seq", "at", "kind"}
    pseudonyms = place.entries[0].pseudonym, place.entries[1].pseudonym
    assert (first["by"], first["amount"], first["auto"]) == (pseudonyms[0], "50000.00", True)
    assert (by_hand["by"], "auto" in by_hand) == (pseudonyms[1], False)
    assert (answer["by"], answer["amount"], answer["auto"]) == (pseudonyms[0], "47750.00", True)


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"ref": "short"}, "bid.ref"),
        ({"ref": "a-good-reference", "amount": "-5"}, "amount.format"),
        ({"ref": "a-good-reference", "amount": 46000}, "amount.format"),
        ({"ref": "a-good-reference"}, "amount.format"),
        ({"ref": "a-good-reference", "amount": None}, "floor.none"),
        ({"ref": "a-good-reference", "amount": "60000"}, "floor.above_ceiling"),
    ],
)
async def test_what_is_no_floor_is_refused_in_words(frame, code):
    place = await build()
    async with connected(place, place.agencies[0].pk) as bidder:
        await bidder.command(type="floor", **frame)
        assert (await bidder.frame("refused", "receipt"))["code"] == code


async def test_only_who_entered_may_seal():
    place = await build()
    async with connected(place, place.buyer.pk) as owner, connected(place) as watcher:
        for client in (owner, watcher):
            assert (await deposit(client, "46000"))["code"] == "bid.not_entered"
            assert await mine(client) is None


def sealed_before_the_start(place):
    entry, before = place.entries[0], place.competition.starts_at - timedelta(minutes=5)
    asked = Deposit(entry.pseudonym, Decimal("46000.00"), "long-before-the-start")
    with clock.at(before):
        committer.place_all(competition_id=place.pk, offers=[(asked, before)])


async def test_an_open_room_lets_floors_act_when_the_start_has_come():
    place = await build()
    await in_thread(sealed_before_the_start, place)
    async with connected(place) as watcher:
        while (frame := await watcher.frame("hello", "events")).get("best") is None:
            pass
    assert frame["events"][0]["at"] == f"{place.competition.starts_at:%Y-%m-%dT%H:%M:%S.%fZ}"
    assert (frame["best"]["by"], frame["best"]["amount"]) == (place.entries[0].pseudonym, "50000.00")


async def test_the_start_is_looked_after_again_when_it_could_not_be_at_once(monkeypatch):
    place, real, faults = await build(), live._begin, [OperationalError("away")] * 2

    def away(competition_id):
        if faults:
            raise faults.pop()
        real(competition_id)

    monkeypatch.setattr(live, "_begin", away)
    monkeypatch.setattr(live, "PAUSE", 0.1)
    monkeypatch.setattr(live, "TICK", 0.1)
    await in_thread(sealed_before_the_start, place)
    async with connected(place) as watcher:
        while (frame := await watcher.frame("hello", "events")).get("best") is None:
            pass
    assert (frame["best"]["amount"], faults) == ("50000.00", [])


def test_a_plain_form_seals_and_takes_back():
    place = world.competition()
    client = bidder(place)
    answer = client.post(room(place, "floor/"), {"amount": "46000", "ref": "by-a-plain-form"}, follow=True)
    assert "底价 46,000.00 已密封" in answer.content.decode()
    assert config(answer)["floor"]["amount"] == "46000.00"
    answer = client.post(room(place, "floor/"), {"take_back": "1", "amount": "", "ref": "and-back-again"}, follow=True)
    assert "底价已撤回" in answer.content.decode()
    assert config(answer)["floor"] is None


def test_a_refused_floor_keeps_what_was_typed_beside_its_field():
    place = world.competition()
    answer = bidder(place).post(room(place, "floor/"), {"amount": "60,000", "ref": "by-a-plain-form"})
    assert answer.status_code == 422
    page = answer.content.decode()
    field = page[page.index('id="floor-field"') :]
    assert 'value="60,000"' in field[:400]
    assert "底价高于最高限价" in field
    assert 'value="60,000"' not in page[: page.index('id="floor-field"')]


def test_a_script_without_a_socket_gets_its_receipt():
    place = world.competition()
    asked = {"amount": "46000", "ref": "over-plain-http"}
    receipt = bidder(place).post(room(place, "floor/"), asked, **JSON).json()
    assert (receipt["type"], receipt["ref"], receipt["opening"]["amount"]) == ("receipt", "over-plain-http", "46000.00")
    again = bidder(place).get(room(place, f"receipts/{receipt['seq']}/")).json()
    assert again["opening"] == receipt["opening"]
    for other in (bidder(place, 1), signed_in(place.buyer.pk)):
        assert other.get(room(place, f"receipts/{receipt['seq']}/")).status_code in (403, 404)


def test_the_receipt_of_an_automatic_bid_is_its_bidder_s():
    place = world.competition()
    bidder(place).post(room(place, "floor/"), {"amount": "46000", "ref": "over-plain-http"}, **JSON)
    [bid] = log.board(place.pk).bids
    assert bidder(place).get(room(place, f"receipts/{bid.seq}/")).json()["amount"] == "50000.00"
    assert bidder(place, 1).get(room(place, f"receipts/{bid.seq}/")).status_code == 404


def test_no_page_of_others_holds_a_floor():
    place = world.competition()
    bidder(place).post(room(place, "floor/"), {"amount": AMOUNT, "ref": "over-plain-http"}, **JSON)
    bidder(place, 1).post(room(place, "bid/"), {"amount": "48000", "ref": "over-plain-http"}, **JSON)
    salt = floors.own(place.pk, place.entries[0].pseudonym).salt
    for client in (bidder(place, 1), signed_in(place.buyer.pk), Client()):
        for page in ("", "snapshot/"):
            text = client.get(room(place, page)).content.decode()
            assert not [secret for secret in (AMOUNT, "41,234.56", salt) if secret in text]
    assert bidder(place).get(room(place, "snapshot/")).json()["floor"]["amount"] == AMOUNT
    with clock.at(datetime.now(UTC) + timedelta(hours=3)):
        services.finalise(competition_id=place.pk)
    for client in (bidder(place, 1), signed_in(place.buyer.pk), Client()):  # it was never reached
        for page in ("", "snapshot/", "replay/", "record/", "result/"):
            text = client.get(room(place, page)).content.decode()
            assert not [secret for secret in (AMOUNT, "41,234.56", salt) if secret in text]


def test_a_fault_while_sealing_writes_no_amount_down(monkeypatch, caplog):
    def broken(*_args):
        raise RuntimeError("the disk is full")

    place = world.competition()
    monkeypatch.setattr(floors, "write", broken)
    with caplog.at_level(logging.DEBUG):
        answer = bidder(place).post(room(place, "floor/"), {"amount": AMOUNT, "ref": "over-plain-http"}, **JSON)
    assert answer.json()["code"] == "bid.busy"
    assert "the disk is full" in caplog.text
    assert AMOUNT not in caplog.text
    assert log.board(place.pk).seals == {}
