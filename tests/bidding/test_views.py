"""The competition's pages, each with who may and who may not."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import Membership, User
from bidding import log, selectors, services
from bidding.allowance import allowances
from bidding.models import Award, Entry
from bidding.rules.auction import Offer, decide
from bidding.rules.record import digest
from core import clock
from core.audit import By
from core.money import Money
from marketplace.models import Method
from tests.accounts import people
from tests.bidding import world

pytestmark = pytest.mark.django_db(transaction=True)
JSON = {"HTTP_ACCEPT": "application/json"}


def signed_in(organisation_id):
    client = Client()
    client.force_login(Membership.objects.filter(organisation_id=organisation_id).first().user)
    return client


def bidder(place, index=0):
    return signed_in(place.agencies[index].pk)


def outsider():
    client = Client()
    client.force_login(User.objects.filter(email="nora@example.com").first() or people.user("nora@example.com"))
    return client


def room(place, rest=""):
    return f"/competitions/{place.pk}/{rest}"


def logged(place, entry, amount):
    with transaction.atomic():
        log.lock(place.pk)
        board = log.board(place.pk)
        decision = decide(board, Offer(entry.pseudonym, Money.of(amount).amount, f"ref-{board.seq:08d}"), clock.now())
        log.write(board, log.append(board, decision.events))


def finish(place):
    with clock.at(datetime.now(UTC) + timedelta(hours=3)):
        services.finalise(competition_id=place.pk)


def config(answer):
    found = re.search(r'<script id="room-config" type="application/json">(.*?)</script>', answer.content.decode())
    return json.loads(found[1])


@pytest.mark.parametrize("method", [Method.LIVE_AUCTION, Method.RANDOM_DRAW])
@pytest.mark.parametrize("running", [True, False])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_anyone_sees_the_room_and_nobody_is_named(method, running, language):
    place = world.competition(method=method, running=running)
    answer = Client().get(room(place), HTTP_ACCEPT_LANGUAGE=language)
    assert answer.status_code == 200
    assert not any(row.organisation.name in answer.content.decode() for row in place.agencies)
    assert config(answer)["role"] == "watcher"
    assert 'data-el="bid-form"' not in answer.content.decode()


def test_the_owner_sees_no_names_and_no_field_either():
    place = world.competition()
    answer = signed_in(place.buyer.pk).get(room(place))
    text = answer.content.decode()
    assert config(answer)["role"] == "owner"
    assert 'data-el="bid-form"' not in text
    assert not any(row.organisation.name in text for row in place.agencies)


def test_a_bidder_sees_the_field_and_their_own_pseudonym():
    place = world.competition()
    answer = bidder(place).get(room(place))
    assert config(answer)["you"] == {"pseudonym": place.entries[0].pseudonym}
    assert 'data-el="bid-form"' in answer.content.decode()


def test_no_page_carries_inline_script_or_style():
    place = world.competition()
    text = bidder(place).get(room(place)).content.decode()
    assert not re.search(r"\sstyle=|\son[a-z]+=", text)
    assert all("src=" in tag or "application/json" in tag for tag in re.findall(r"<script[^>]*>", text))


def test_a_competition_that_does_not_exist_is_not_found():
    for rest in ("", "snapshot/", "result/", "replay/", "record/"):
        assert Client().get(f"/competitions/999999/{rest}").status_code == 404


def test_an_agency_enters_with_one_click_and_may_leave_again():
    place = world.competition(running=False)
    newcomer = world.agency(50)
    client = signed_in(newcomer.pk)
    assert 'action="/competitions' in client.get(room(place)).content.decode()
    assert client.post(room(place, "enter/")).status_code == 302
    entry = Entry.objects.get(competition_id=place.pk, agency=newcomer)
    assert config(client.get(room(place)))["you"] == {"pseudonym": entry.pseudonym}
    assert client.post(room(place, "withdraw/")).status_code == 302
    assert selectors.entry_of(place.pk, newcomer.pk) is None


def test_an_agency_that_may_not_enter_is_told_every_reason():
    place = world.competition(running=False)
    stranger = people.agency(60)
    text = signed_in(stranger.pk).get(room(place)).content.decode()
    assert "现在不能报名" in text
    assert place.need.item.name_zh in text


def test_outsiders_cannot_enter_withdraw_or_bid():
    place = world.competition(running=False)
    for verb in ("enter/", "withdraw/"):
        assert Client().post(room(place, verb)).headers["Location"].startswith("/account/login/")
        assert signed_in(place.buyer.pk).post(room(place, verb)).status_code == 403
        assert outsider().post(room(place, verb)).status_code == 403
        assert Client().get(room(place, verb)).status_code == 405
    bid = {"amount": "48000", "ref": "ref-outsider-1"}
    assert Client().post(room(place, "bid/"), bid, **JSON).json()["code"] == "session.ended"
    assert signed_in(place.buyer.pk).post(room(place, "bid/"), bid, **JSON).json()["code"] == "bid.not_entered"
    assert signed_in(world.agency(70).pk).post(room(place, "bid/"), bid, **JSON).json()["code"] == "bid.not_entered"


def test_a_bid_over_http_gets_the_socket_s_receipt_and_counts_once():
    place = world.competition()
    client, bid = bidder(place), {"amount": "48,000.00", "ref": "ref-http-0001"}
    first = client.post(room(place, "bid/"), bid, **JSON)
    again = client.post(room(place, "bid/"), bid, **JSON)
    assert first.status_code == 200
    assert first.json() == again.json()
    assert first.json()["ref"] == bid["ref"]
    assert len(selectors.snapshot(place.pk)["ladder"]) == 1


@pytest.mark.parametrize("way", ["bid/", "floor/"])
@pytest.mark.parametrize("now", ["another bidder", "nobody here"])
def test_a_form_of_one_bidder_is_not_taken_for_whoever_is_signed_in_now(way, now):
    """Nor is it refused as if it could be known that no earlier copy of it counted."""
    place = world.competition()
    pseudonym = place.entries[0].pseudonym
    page = bidder(place).get(room(place)).content.decode()
    assert page.count(f'<input type="hidden" name="by" value="{pseudonym}">') == 2
    client = bidder(place, 1) if now == "another bidder" else signed_in(world.agency(70).pk)
    form = {"amount": "48000.00", "ref": "ref-http-0001", "by": pseudonym}
    assert client.post(room(place, way), form, **JSON).json()["code"] == "session.ended"
    assert selectors.snapshot(place.pk)["seq"] == 4
    assert bidder(place).post(room(place, way), form, **JSON).json()["type"] == "receipt"


@pytest.mark.parametrize("way", ["bid/", "floor/"])
def test_who_asks_too_fast_by_socket_is_told_so_over_http_and_keeps_the_reference(way):
    place = world.competition()
    client, asked = bidder(place), {"amount": "48000", "ref": "ref-too-fast-1"}
    allowances.of_bidder(place.pk, place.entries[0].pseudonym)._left = -100
    answer = client.post(room(place, way), asked, **JSON)
    assert (answer.status_code, answer.json()["code"]) == (429, "frame.too_fast")
    assert "ref-too-fast-1" in client.post(room(place, way), asked).content.decode()
    assert log.board(place.pk).seq == 4


def test_the_plain_form_answers_with_a_page():
    place = world.competition()
    client = bidder(place)
    answer = client.post(room(place, "bid/"), {"amount": "48000", "ref": "ref-form-00001"}, follow=True)
    assert "48,000.00 已计入" in answer.content.decode()


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("1e5", "amount.format"), ("NaN", "amount.format"), ("-5", "amount.format"), ("４８０００", "amount.format"),
        ("1.234", "amount.decimals"), ("9" * 40, "amount.too_large"), ("0.00", "amount.zero"),
        ("", "amount.format"), ("50000.01", "bid.above_ceiling"),
    ],
)  # fmt: skip
def test_a_refused_bid_keeps_what_was_typed_beside_its_reason(amount, code):
    place = world.competition()
    client, bid = bidder(place), {"amount": amount, "ref": "ref-refused-1"}
    assert client.post(room(place, "bid/"), bid, **JSON).json()["code"] == code
    answer = client.post(room(place, "bid/"), bid)
    assert answer.status_code in (409, 422)
    assert 'aria-invalid="true"' in answer.content.decode()
    assert f'value="{amount[:40]}"' in answer.content.decode()


@pytest.mark.parametrize("ref", ["", "short", "x" * 41, "ref mit leer", "ref-中文-0001"])
def test_a_bid_without_a_usable_reference_is_refused(ref):
    place = world.competition()
    answer = bidder(place).post(room(place, "bid/"), {"amount": "48000", "ref": ref}, **JSON)
    assert answer.json()["code"] == "bid.ref"


def test_a_draw_takes_no_bids():
    place = world.competition(method=Method.RANDOM_DRAW, running=False)
    answer = bidder(place).post(room(place, "bid/"), {"amount": "48000", "ref": "ref-draw-0001"}, **JSON)
    assert answer.json()["code"] == "bid.not_live"


def test_the_snapshot_is_the_socket_s_picture():
    place = world.competition()
    logged(place, place.entries[0], "48000.00")
    answer = bidder(place).get(room(place, "snapshot/")).json()
    assert answer["snapshot"] == selectors.snapshot(place.pk)
    assert (answer["type"], answer["role"]) == ("hello", "bidder")


@pytest.mark.parametrize("rest", ["record/", "replay/"])
def test_who_has_the_record_already_is_told_so_until_something_is_added(rest, monkeypatch):
    place = world.competition()
    logged(place, place.entries[0], "48000.00")
    with clock.at(place.competition.ends_at + timedelta(hours=1)):
        services.finalise(competition_id=place.pk)
    first = Client().get(room(place, rest))
    known = {"HTTP_IF_NONE_MATCH": first.headers["ETag"]}
    assert (first.status_code, first.headers["Cache-Control"]) == (200, "no-cache")
    monkeypatch.setattr(selectors, "record_file", None)
    monkeypatch.setattr(selectors, "public_events", None)
    assert Client().get(room(place, rest), **known).status_code == 304
    monkeypatch.undo()
    award = selectors.standing_award(place.need.pk)
    services.decline_award(award_id=award.pk, reason="", by=By(None, award.agency_id))
    again = Client().get(room(place, rest), **known)
    assert (again.status_code, again.headers["ETag"] == first.headers["ETag"]) == (200, False)


@pytest.mark.parametrize("rest", ["record/", "replay/", "result/"])
def test_record_replay_and_result_are_sealed_until_the_close(rest):
    place = world.competition()
    logged(place, place.entries[0], "48000.00")
    for client in (Client(), bidder(place), signed_in(place.buyer.pk)):
        assert client.get(room(place, rest), **JSON).json()["code"] == "record.sealed"
    finish(place)
    assert Client().get(room(place, rest)).status_code == 200


def test_after_the_close_the_room_names_the_winner_and_offers_the_record():
    place = world.competition()
    logged(place, place.entries[1], "48000.00")
    finish(place)
    text = Client().get(room(place)).content.decode()
    assert place.agencies[1].organisation.name in text
    assert f"/awards/{Award.objects.get().pk}/" in text
    record = Client().get(room(place, "record/")).json()
    assert [json.loads(body)["seq"] for body in record["records"]] == list(range(1, len(record["records"]) + 1))
    kinds = [event["kind"] for event in Client().get(room(place, "replay/")).json()["events"]]
    assert kinds[-3:] == ["closed", "revealed", "awarded"]


def test_a_failed_competition_says_why():
    place = world.competition()
    finish(place)
    assert "无人报价" in Client().get(room(place)).content.decode()
    assert "nobody quoted" in Client().get(room(place), HTTP_ACCEPT_LANGUAGE="en").content.decode()


def test_a_draw_shows_its_proof():
    place = world.competition(method=Method.RANDOM_DRAW)
    commitment = log.board(place.pk).fixed.draw_commitment
    assert commitment in Client().get(room(place)).content.decode()
    finish(place)
    text = Client().get(room(place)).content.decode()
    assert commitment in text
    assert place.reload().draw_secret in text


def test_my_receipt_can_be_had_again_and_nobody_else_s():
    place = world.competition()
    logged(place, place.entries[0], "48000.00")
    bid = selectors.snapshot(place.pk)["ladder"][0]
    address = room(place, f"receipts/{bid['seq']}/")
    receipt = bidder(place).get(address).json()
    assert receipt["hash"] == digest(list(log.read(place.pk))[bid["seq"] - 1].body)
    assert bidder(place, 1).get(address).status_code == 404
    assert bidder(place).get(room(place, "receipts/1/")).status_code == 404
    assert signed_in(place.buyer.pk).get(address).status_code == 403
    assert Client().get(address).status_code == 302
