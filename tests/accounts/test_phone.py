"""Telephone numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.phone import normalise, valid


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13800138000", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("0316-2051234", "03162051234"),
        ("（0316）2051234转8001", "03162051234-8001"),
        ("0316-2051234-8001", "03162051234-8001"),
        ("010 6888 1234", "01068881234"),
        ("400-810-8888", "4008108888"),
        ("+1 415 555 2671", "+14155552671"),
        ("+852 2810 2770", "+85228102770"),
    ],
)
def test_a_number_is_understood_as_written(typed, kept):
    assert normalise(typed) == kept
    assert valid(kept)


@pytest.mark.parametrize(
    "typed", ["", "12345", "2051234", "12800138000", "138001380001", "电话", "1" * 4000, "+86", "0316-205123a", "<b>"]
)
def test_what_cannot_be_dialled_is_refused(typed):
    assert not valid(normalise(typed))


@given(st.text())
def test_normalising_twice_changes_nothing_more(typed):
    once = normalise(typed)
    assert valid(once) <= (normalise(once) == once)
