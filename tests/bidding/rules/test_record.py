"""A record has one written form, a place in the chain, and a proof."""

import hashlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.rules.record import GENESIS, Event, RecordError, canonical, climb, merkle, seal, unseal

AT = datetime(2026, 3, 2, 1, 2, 3, 456, tzinfo=UTC)
BID = Event("bid", AT, {"by": "K7", "amount": "48500.00", "ref": "11111111"})


def test_the_written_form_is_exactly_this():
    assert seal(7, 3, GENESIS, BID).body == (
        '{"amount":"48500.00","at":"2026-03-02T01:02:03.000456Z","by":"K7","competition":7,"kind":"bid",'
        f'"prev":"{GENESIS}","ref":"11111111","seq":3,"v":1}}'
    )


def test_the_hash_is_sha256_of_the_written_form():
    record = seal(7, 3, GENESIS, BID)
    assert record.hash == hashlib.sha256(record.body.encode()).hexdigest()


def test_reading_back_gives_the_same_record():
    record = seal(7, 3, GENESIS, BID)
    assert unseal(record.body) == record


@pytest.mark.parametrize("data", [{"by": "K7"}, {**BID.data, "price": "1"}])
def test_an_event_with_other_fields_than_its_kind_is_not_written(data):
    with pytest.raises(RecordError):
        seal(7, 3, GENESIS, Event("bid", AT, data))


@pytest.mark.parametrize("body", ["", "[]", "null", "{}", '{"v":1}', "not json", '{"v":1,"kind":"nothing"}'])
def test_a_body_of_another_shape_is_not_read(body):
    with pytest.raises(RecordError):
        unseal(body)


hashes = st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), min_size=1, max_size=70)


@given(hashes)
def test_every_path_leads_to_the_root(batch):
    root, paths = merkle(batch)
    assert all(climb(value, path) == root for value, path in zip(batch, paths, strict=True))


@given(hashes, st.data())
def test_no_path_serves_another_hash(batch, data):
    root, paths = merkle(batch)
    index = data.draw(st.integers(0, len(batch) - 1))
    other = hashlib.sha256(bytes.fromhex(batch[index])).hexdigest()
    assert climb(other, paths[index]) != root


def test_the_root_is_that_of_rfc_6962():
    """MTH of two and three leaves, computed here by the definition."""
    a, b, c = (bytes([value]) * 32 for value in (1, 2, 3))
    leaf = [hashlib.sha256(b"\0" + value).digest() for value in (a, b, c)]
    pair = hashlib.sha256(b"\1" + leaf[0] + leaf[1]).digest()
    assert merkle([a.hex(), b.hex()])[0] == pair.hex()
    assert merkle([a.hex(), b.hex(), c.hex()])[0] == hashlib.sha256(b"\1" + pair + leaf[2]).hexdigest()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.dictionaries(st.text(), inner, max_size=4)
)


@given(json_values)
def test_the_canonical_form_is_stable(value):
    assert canonical(json.loads(canonical(value))) == canonical(value)
