"""Amounts are read strictly and split exactly."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Refusal
from core.money import Money


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("48500", "48500.00"), ("48,500.00", "48500.00"), (" 0.01 ", "0.01"), ("9,999,999,999.99", "9999999999.99")],
)
def test_an_amount_is_read_as_typed(typed, amount):
    assert Money.parse(typed).amount == Decimal(amount)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "amount.format"), ("1e5", "amount.format"), ("NaN", "amount.format"), ("Infinity", "amount.format"),
        ("+5", "amount.format"), ("-5", "amount.format"), ("５００", "amount.format"), ("1,00", "amount.format"),
        ("0x10", "amount.format"), ("1.", "amount.format"), (".5", "amount.format"), ("1.234", "amount.decimals"),
        ("12345678901", "amount.too_large"), ("9" * 5000, "amount.too_large"), ("0", "amount.zero"),
        ("0.00", "amount.zero"), ("٣٤", "amount.format"), ("1\n", "amount.format"),
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_its_code(typed, code):
    with pytest.raises(Refusal) as refusal:
        Money.parse(typed)
    assert refusal.value.code == code


@given(st.integers(1, 10**12), st.lists(st.integers(1, 1000), min_size=1, max_size=12))
def test_a_split_adds_up_to_the_fen(fen, weights):
    whole = Money(Decimal(fen) / 100)
    parts = whole.split(weights)
    assert sum((part.amount for part in parts), Decimal(0)) == whole.amount
