"""What is published so that anyone can verify: keys, rule sets, and the page that checks records in the browser."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from bidding import keyring, keys, selectors, services
from bidding.models.log import SigningKey
from bidding.rules.record import canonical, digest
from bidding.verify import verify
from core import clock, rulesets
from portal import proofs
from portal.selectors import papers as shelf
from tests.bidding import world
from tests.bidding.test_competition import bid
from tests.repository.files import BASE

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
MODULES = BASE / "static" / "js" / "verify"
PAST = "aa" * 32


@pytest.fixture
def closed(monkeypatch):
    """A closed competition, in a process that has not signed anything yet."""
    monkeypatch.setattr(keyring, "_noted", set())
    place = world.competition(now=NOW)
    bid(place, place.entries[0], "48000.00")
    with clock.at(NOW + timedelta(hours=3)):
        services.finalise(competition_id=place.pk)
    return place


def config(answer):
    found = re.search(r'<script id="verify-config" type="application/json">(.*?)</script>', answer.content.decode())
    return json.loads(found.group(1))


def test_the_published_keys_say_since_when_they_sign(client, closed):
    answer = client.get("/verify/keys.json")
    (key,) = answer.json()["keys"]
    assert key == {
        "id": keys.key_id(),
        "algorithm": "Ed25519",
        "public_key": keys.public(),
        "current": True,
        "from": "2026-02-27T01:59:00.000000Z",
        "until": None,
    }
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_keys_used_before_stay_published_until_the_next_one_took_over(client, closed, settings):
    before = NOW - timedelta(days=400)
    SigningKey.objects.create(key_id=keys.identify(bytes.fromhex(PAST)), public=PAST, first_used_at=before)
    settings.PAST_SIGNING_KEYS = ["bb" * 32, PAST]
    current, past, listed = client.get("/verify/keys.json").json()["keys"]
    assert (current["id"], current["current"]) == (keys.key_id(), True)
    assert (past["public_key"], past["until"]) == (PAST, current["from"])
    assert (listed["public_key"], listed["from"], listed["until"]) == ("bb" * 32, None, None)
    assert keyring.trusted().keys() == selectors.record_file(closed.pk)["keys"].keys()
    page = client.get("/verify/").content.decode()
    assert PAST in page
    assert "曾用" in page


def test_a_key_that_has_not_signed_yet_is_published_without_dates(client):
    (key,) = client.get("/verify/keys.json").json()["keys"]
    assert (key["id"], key["current"], key["from"]) == (keys.key_id(), True, None)


def test_a_record_verifies_with_what_is_published_alone(client, closed):
    record = client.get(f"/competitions/{closed.pk}/record/").json()
    published = {key["id"]: key["public_key"] for key in client.get("/verify/keys.json").json()["keys"]}
    rules = client.get("/rules/{}@{}.json".format(*record["rules"]["ref"].split("@"))).json()
    assert not verify(
        {**record, "keys": {}, "rules": {part: rules[part] for part in ("ref", "parameters")}}, published
    )[-1].fault


def test_a_published_rule_set_shows_its_digest_and_parameters(client):
    rules = rulesets.current("bidding")
    page = client.get(f"/rules/{rules.ref}/").content.decode()
    assert digest(canonical(rules.parameters)) in page
    assert "soft_close_seconds" in page
    assert client.get(f"/rules/{rules.ref}.json").json()["digest"] == digest(canonical(rules.parameters))
    assert client.get("/rules/bidding@999/").status_code == 404


def test_whatever_leads_to_a_competition_leads_to_its_record(client, closed, monkeypatch):
    wanted = f"/verify/?competition={closed.pk}#records"
    for typed in (
        str(closed.pk),
        f"http://localhost/competitions/{closed.pk}/",
        f"http://localhost/verify/?competition={closed.pk}",
    ):
        assert client.get("/verify/", {"number": typed}).headers["Location"] == wanted
    monkeypatch.setattr(shelf, "NUMBER", re.compile(r"XQ-[0-9]+-[0-9]+"))  # needs of tests have short numbers
    assert client.get("/verify/", {"number": closed.need.number.lower()}).headers["Location"] == wanted
    assert config(client.get(f"/verify/?competition={closed.pk}"))["record"] == f"/competitions/{closed.pk}/record/"


def test_a_record_that_is_not_public_yet_is_not_asked_for(client):
    running = world.competition()
    answer = client.get(f"/verify/?competition={running.pk}")
    assert "这场竞争还没有结束" in answer.content.decode()
    assert config(answer)["record"] is None
    for unknown in ("987654", "x", "\0", "9" * 30):
        answer = client.get("/verify/", {"competition": unknown})
        assert "没有这场竞争" in answer.content.decode()


def test_the_need_and_the_closed_room_lead_straight_to_the_check(client, closed):
    for page in (f"/needs/{closed.need.pk}/", f"/competitions/{closed.pk}/"):
        assert f"/verify/?competition={closed.pk}#records" in client.get(page).content.decode()


def test_the_replay_knows_when_the_auction_would_have_ended_at_first(client):
    place = world.competition(now=NOW)
    bid(place, place.entries[0], "48000.00", place.competition.ends_at - timedelta(seconds=5))
    with clock.at(NOW + timedelta(hours=3)):
        services.finalise(competition_id=place.pk)
    log = client.get(f"/competitions/{place.pk}/replay/").json()
    assert log["ends_at"] == "2026-03-02T02:29:00.000000Z"
    assert place.reload().ends_at > datetime.fromisoformat(log["ends_at"])


def test_the_page_shows_the_checks_that_both_verifiers_make():
    shown = [code for code, *_rest in proofs.CHECKS]
    listed = re.search(r"export const CHECKS = \{ (.*?) \}", (MODULES / "record.js").read_text())
    assert listed
    assert shown == listed.group(1).split(", ") == [finding.code for finding in verify(_honest())]


def _honest():
    return json.loads((BASE / "tests" / "vectors" / "auction.json").read_text(encoding="utf-8"))


def test_every_fault_the_modules_name_has_words_and_the_other_way_round():
    source = "".join(path.read_text() for path in MODULES.glob("*.js"))
    words = {key.removeprefix("fault.") for key in proofs.FAULTS}
    assert set(re.findall(r'Broken\("(\w+)"', source)) - words == set()
    assert {word for word in words if f'"{word}"' not in source} == set()
    found = {key.removeprefix("found.") for key in proofs.FOUND}
    assert set(re.findall(r'\{ code: "([\w.]+)"', source)) - found == set()
    assert {f"why.{word}" for word in re.findall(r'return "(\w+)";', (MODULES / "board.js").read_text())} <= set(
        proofs.WHY
    )
