"""Whatever is changed in a record is found and named, by the platform's verifier and by the browser's alike."""

import copy
import json
import random
import shutil
import subprocess
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bidding.verify import verify, verify_receipt
from tests.bidding import vectors
from tests.bidding.stories import (
    KEY_ID,
    PUBLIC,
    SEALS,
    STORIES,
    File,
    any_floors,
    auction,
    bid_seqs,
    floor_receipt,
    floors,
    receipt,
)
from tests.bidding.tampering import RECEIPT_TAMPERS, TAMPERS, applied, changed, resigned
from tests.repository.files import BASE

HONEST = {name: story().file() for name, story in STORIES.items()}
TRUSTED = {KEY_ID: PUBLIC}
RECEIPTS = [receipt(auction(), seq) for seq in bid_seqs(HONEST["auction"])]
NODE = shutil.which("node")


def verdict(file: Any) -> str:
    """The check that fails; "" when all hold."""
    last = verify(file)[-1]
    return last.fault and last.code


def test_the_stored_vectors_are_what_the_rules_make():
    stored = {path.name: path.read_text(encoding="utf-8") for path in vectors.FOLDER.glob("*.json")}
    assert stored == {name: vectors.text(content) for name, content in vectors.contents().items()}, (
        "run `python -m tests.bidding.vectors`"
    )


@pytest.mark.parametrize("name", STORIES)
def test_an_honest_record_passes(name):
    assert [finding.fault for finding in verify(HONEST[name], TRUSTED)] == [""] * 10


@pytest.mark.parametrize("name", TAMPERS)
def test_a_broken_record_is_named(name):
    story, check, change = TAMPERS[name]
    assert verdict(applied(HONEST[story], change)) == check


@pytest.mark.parametrize("name", RECEIPT_TAMPERS)
def test_a_broken_receipt_is_named(name):
    check, change = RECEIPT_TAMPERS[name]
    last = verify_receipt(applied(RECEIPTS[2], change), trusted=TRUSTED)[-1]
    assert (last.code, bool(last.fault)) == (check, True)


@pytest.mark.parametrize("number", range(len(RECEIPTS)))
def test_a_receipt_is_found_in_the_record(number):
    findings = verify_receipt(RECEIPTS[number], HONEST["auction"], TRUSTED)
    assert [(finding.code, finding.fault) for finding in findings][-1] == ("kept", "")


@pytest.mark.parametrize(("seq", "by", "held"), SEALS)
def test_the_receipt_of_a_floor_opens_its_seal_and_no_other(seq, by, held):
    mine = floor_receipt(floors(), seq, by, held)
    assert not verify_receipt(mine, HONEST["floors"], TRUSTED)[-1].fault
    other = mine | {"opening": mine["opening"] | {"amount": "40000.00"}}
    assert "what the receipt opens" in verify_receipt(other, HONEST["floors"], TRUSTED)[-1].fault


def test_a_receipt_tells_of_a_record_that_was_signed_anew_after_the_bid():
    forged = resigned(
        HONEST["auction"], [body.replace("45500.00", "45000.00") for body in HONEST["auction"]["records"]]
    )
    assert verdict(forged) == ""
    assert "changed after the bid" in verify_receipt(RECEIPTS[-1], forged, TRUSTED)[-1].fault


@pytest.mark.parametrize("seed", range(40))
def test_whatever_floors_do_the_record_of_it_passes(seed):
    assert verdict(any_floors(random.Random(seed)).file()) == ""


@st.composite
def one_changed_byte(draw: st.DrawFn) -> tuple[str, bytes]:
    """A published file in which one byte is another; only the white space between JSON's parts is spared."""
    name = draw(st.sampled_from(sorted(HONEST)))
    whole = json.dumps(HONEST[name], ensure_ascii=False, separators=(",", ":")).encode()
    at = draw(st.integers(0, len(whole) - 1))
    other = draw(st.integers(0, 255).filter(lambda byte: byte != whole[at]))
    return name, whole[:at] + bytes([other]) + whole[at + 1 :]


@given(one_changed_byte())
@settings(max_examples=400, deadline=None)
def test_any_changed_byte_of_the_file_is_found(case):
    name, whole = case
    try:
        file = json.loads(whole.decode())
    except ValueError:
        return  # not even a file any more
    if file != HONEST[name]:
        assert verify(file)[-1].fault


def scrambled(draws: random.Random) -> File:
    """A record with one to three things moved, dropped, doubled or altered; sometimes signed anew by the platform."""
    name = draws.choice([*sorted(HONEST), "any floors", "any floors"])
    file = any_floors(draws).file() if name == "any floors" else copy.deepcopy(HONEST[name])
    if draws.random() < 0.1:
        return file
    for _ in range(draws.choice((1, 1, 1, 2, 3))):
        draws.choice((_moved, _dropped, _doubled, _altered, _altered, _altered, _terms, _mangled))(file, draws)
    return _resigned(file) if draws.random() < 0.7 else file


def _resigned(file: File) -> File:
    try:
        return resigned(file, file["records"])
    except (ValueError, AttributeError, IndexError):
        return file


def _moved(file: File, draws: random.Random) -> None:
    rows = file[draws.choice(("records", "records", "heads"))]
    if rows:
        rows.insert(draws.randrange(len(rows)), rows.pop(draws.randrange(len(rows))))


def _dropped(file: File, draws: random.Random) -> None:
    rows = file[draws.choice(("records", "records", "heads"))]
    if rows:
        rows.pop(draws.randrange(len(rows)))


def _doubled(file: File, draws: random.Random) -> None:
    rows = file[draws.choice(("records", "records", "heads"))]
    if rows:
        rows.insert(draws.randrange(len(rows) + 1), draws.choice(rows))


def _mangled(file: File, draws: random.Random) -> None:
    index = draws.randrange(len(file["records"]))
    body = file["records"][index]
    at = draws.randrange(len(body))
    file["records"][index] = body[:at] + draws.choice('0179afx"{}, é\ud842') + body[at + 1 :]


def _terms(file: File, draws: random.Random) -> None:
    """One of the terms is another; a change of the rules is the same from their side."""
    try:
        terms = json.loads(file["records"][0])["terms"]
        name = draws.choice(sorted(terms))
        value = draws.choice(
            ["250.00", "50.00", 60, 180, 1, 3, "2026-03-05T02:30:00.000000Z", "random_draw", "ab" * 32]
        )
        file["records"][0] = changed(file["records"][0], terms={**terms, name: value})
    except (ValueError, KeyError, TypeError):
        return


def _altered(file: File, draws: random.Random) -> None:
    """A field takes the value another record has, or a near or absurd one."""
    index = draws.randrange(len(file["records"]))
    try:
        fields = [json.loads(body) for body in file["records"]]
        field = draws.choice(sorted(fields[index].keys() - {"seq", "prev"}))
        pool = [other[field] for other in fields if field in other]
        value = draws.choice(
            [*pool, None, "", 1.5, -1, True, [], {}, "0.01", "49999.99", 2**53, 10**400, fields[index]]
        )
        file["records"][index] = changed(file["records"][index], **{field: value})
    except (ValueError, AttributeError):
        return  # mangled before


@pytest.mark.skipif(not NODE, reason="node is not installed")
def test_the_browsers_verifier_says_the_same_of_whatever_is_thrown_at_both(tmp_path):
    draws = random.Random(20261122)
    files: list[File] = [scrambled(draws) for _ in range(500)]
    path = tmp_path / "files.json"
    path.write_text(json.dumps(files), encoding="utf-8")
    told = subprocess.run(
        [NODE, BASE / "tests" / "js" / "verdicts.js", path], capture_output=True, text=True, check=True
    )
    here, there = [verdict(file) for file in files], json.loads(told.stdout)
    differing = [(mine, theirs, verify(file)[-1].fault) for mine, theirs, file in zip(here, there, files, strict=True)
                 if mine != theirs]  # fmt: skip
    assert not differing
    assert len({*here}) == len(verify(HONEST["auction"])) + 1, (
        f"every check has failed at least once, and some hold: {sorted({*here})}"
    )
