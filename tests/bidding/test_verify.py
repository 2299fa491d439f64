"""A published record can be checked by anyone, and whatever is changed in it is found and named."""

import copy
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from bidding import committer, keys, selectors, services
from bidding.rules.record import GENESIS, canonical, digest, head_message, merkle
from bidding.verify import verify
from core import clock
from marketplace.models import Method
from tests.bidding import world
from tests.bidding.test_competition import bid

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
CHECKS = ["form", "chain", "heads", "rules", "bids", "floors", "course", "identities", "draw", "awards"]


@pytest.fixture
def record():
    place = world.competition(now=NOW)
    bid(place, place.entries[0], "48000.00")
    bid(place, place.entries[1], "45000.00", place.competition.ends_at - timedelta(seconds=30))
    with clock.at(NOW + timedelta(hours=3)):
        services.finalise(competition_id=place.pk)
    return json.loads(json.dumps(selectors.record_file(place.pk)))


def fault(record, **kwargs):
    last = verify(record, **kwargs)[-1]
    return last.fault and f"{last.code}: {last.fault}"


def changed(body, **values):
    return canonical({**json.loads(body), **values})


def test_an_honest_record_passes_every_check(record):
    assert [(finding.code, finding.fault) for finding in verify(record)] == [(code, "") for code in CHECKS]


def test_a_draw_passes_too():
    place = world.competition(bidders=4, method=Method.RANDOM_DRAW, now=NOW)
    with clock.at(NOW + timedelta(hours=3)):
        services.finalise(competition_id=place.pk)
    assert not fault(selectors.record_file(place.pk))


@pytest.mark.parametrize("index", range(9))
def test_any_changed_byte_is_found(record, index):
    body = record["records"][index]
    for at in range(0, len(body), 7):
        broken = copy.deepcopy(record)
        broken["records"][index] = body[:at] + chr(ord(body[at]) ^ 1) + body[at + 1 :]
        assert fault(broken), (index, at)


def test_a_dropped_record_is_named(record):
    del record["records"][4]
    assert "record 5" in fault(record)


def test_two_swapped_records_are_named(record):
    records = record["records"]
    records[4], records[5] = records[5], records[4]
    assert "record 5" in fault(record)


def test_a_record_added_at_the_end_is_not_signed(record):
    last = record["records"][-1]
    record["records"].append(changed(last, seq=len(record["records"]) + 1, prev="00" * 32))
    assert fault(record)


def test_a_record_cut_off_at_the_end_is_found(record):
    record["records"].pop()
    assert "heads" in fault(record)


def test_a_false_signature_is_found(record):
    signature = record["heads"][2]["signature"]
    record["heads"][2]["signature"] = ("0" if signature[0] != "0" else "1") + signature[1:]
    assert "false" in fault(record)


def test_a_key_of_ones_own_is_not_trusted(record):
    assert "unknown key" in fault(record, trusted={keys.identify(b"1" * 32): b"1".hex() * 32})


def test_the_command_says_what_it_checked(record, tmp_path):
    path = tmp_path / "record.json"
    path.write_text(json.dumps(record))
    command = [sys.executable, "-m", "bidding.verify", str(path)]
    honest = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (honest.returncode, honest.stdout.count("ok")) == (0, len(CHECKS))
    record["records"][5] = record["records"][5].replace("45000.00", "44000.00")
    path.write_text(json.dumps(record))
    forged = subprocess.run(command, capture_output=True, text=True, check=False)
    assert forged.returncode == 1
    assert "FAILED" in forged.stdout


def checked(*arguments):
    command = [sys.executable, "-m", "bidding.verify", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_receipt_can_be_checked_alone(tmp_path):
    place = world.competition(now=NOW)
    bid(place, place.entries[0], "48000.00")
    answer = committer.stored_receipt(place.pk, selectors.competition(place.pk).last_seq)
    about = {"format": "open-market-receipt", "version": 1, "competition": place.pk}
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps({**about, **answer}))
    honest = checked(path, "--key", f"{keys.key_id()}={keys.public()}")
    assert (honest.returncode, honest.stdout.count("ok")) == (0, 3), honest.stdout + honest.stderr
    assert "unknown key" in checked(path).stdout
    path.write_text(json.dumps({**about, **answer, "amount": "47000.00"}))
    assert checked(path, "--key", f"{keys.key_id()}={keys.public()}").returncode == 1


@pytest.mark.parametrize("key", ["", "abc", f"{'0' * 16}", f"{'0' * 16}={'0' * 63}"])
def test_what_is_no_key_is_said_to_be_none(tmp_path, key):
    said = checked(tmp_path / "none.json", "--key", key)
    assert said.returncode == 2
    assert "is not ID=HEX" in said.stderr
    assert "Traceback" not in said.stderr


@pytest.mark.parametrize("text", ["[" * 200_000, '{"a":' * 200_000, "[" * 900 + "]" * 900])
def test_what_is_nested_too_deep_is_no_record_and_no_crash(tmp_path, record, text):
    record["records"][3] = text
    assert fault(record).startswith("form: ")
    path = tmp_path / "deep.json"
    path.write_text(text)
    said = checked(path)
    assert said.returncode == 1
    assert "FAILED" in said.stdout
    assert "Traceback" not in said.stderr


def resigned(record, bodies):
    """A record whose operator rewrites it and signs it anew: only the rules can tell."""
    previous, written = GENESIS, []
    for number, body in enumerate(bodies, 1):
        written.append(changed(body, seq=number, prev=previous))
        previous = digest(written[-1])
    root, _ = merkle([digest(body) for body in written])
    message = head_message(record["competition"], 1, len(written), root)
    head = {"first_seq": 1, "last_seq": len(written), "root": root, "key_id": keys.key_id()}
    return {**record, "records": written, "heads": [head | {"signature": keys.sign(message)}]}


def kinds(record):
    return [json.loads(body)["kind"] for body in record["records"]]


def rewritten(record, kind, **values):
    index = len(kinds(record)) - 1 - kinds(record)[::-1].index(kind)
    bodies = list(record["records"])
    bodies[index] = changed(bodies[index], **values)
    return resigned(record, bodies)


def test_signing_anew_without_change_still_passes(record):
    assert not fault(resigned(record, record["records"]))


@pytest.mark.parametrize(
    ("kind", "values", "check"),
    [
        ("bid", {"amount": "47900.00"}, "bids"),
        ("bid", {"at": "2026-03-02T09:00:00.000000Z"}, "bids"),
        ("extended", {"ends_at": "2026-03-02T09:00:00.000000Z"}, "bids"),
        ("awarded", {"amount": "44999.00"}, "awards"),
        ("awarded", {"rank": 2}, "awards"),
    ],
)
def test_even_the_platform_cannot_rewrite_what_the_rules_decide(record, kind, values, check):
    assert fault(rewritten(record, kind, **values)).startswith(check)


def test_an_award_to_another_than_the_best_is_named(record):
    loser = next(json.loads(body)["by"] for body in record["records"] if json.loads(body)["kind"] == "bid")
    assert "the rules award" in fault(rewritten(record, "awarded", by=loser))


def test_a_suppressed_extension_is_found(record):
    bodies = [body for body in record["records"] if json.loads(body)["kind"] != "extended"]
    assert "extension" in fault(resigned(record, bodies))


def test_a_false_name_is_found(record):
    names = json.loads(next(body for body in record["records"] if '"revealed"' in body))["names"]
    by = next(iter(names))
    names[by]["name"] = "廊坊市张冠李戴咨询有限公司"
    assert "does not open" in fault(rewritten(record, "revealed", names=names))
