"""Amounts in Chinese capitals: the worked examples of 支付结算办法 附一, and that what is written can be read back."""

import json
import re
from decimal import Decimal

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from config.paths import BASE
from payments.rules.capitals import DIGITS, capitals
from payments.rules.receipts import tax_number

EXAMPLES = {
    "1409.50": "壹仟肆佰零玖元伍角",
    "6007.14": "陆仟零柒元壹角肆分",
    "1680.32": "壹仟陆佰捌拾元零叁角贰分",
    "107000.53": "壹拾万柒仟元零伍角叁分",
    "16409.02": "壹万陆仟肆佰零玖元零贰分",
    "325.04": "叁佰贰拾伍元零肆分",
    "0.00": "零元整",
    "0.05": "伍分",
    "0.50": "伍角",
    "10.00": "壹拾元整",
    "48500.00": "肆万捌仟伍佰元整",
    "100000000.00": "壹亿元整",
    "100000001.00": "壹亿零壹元整",
    "100101000.00": "壹亿零壹拾万壹仟元整",
    "9999999999.99": "玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
    "1000000000.10": "壹拾亿元零壹角",
}
UNITS = {"拾": 10, "佰": 100, "仟": 1000}


@pytest.mark.parametrize(("amount", "said"), EXAMPLES.items())
def test_worked_examples(amount, said):
    assert capitals(Decimal(amount)) == said


def read(said):
    """The amount a reader takes from it."""
    yuan, _, rest = said.rpartition("元") if "元" in said else ("", "", said)
    total = section = digit = 0
    for char in yuan:
        if char in DIGITS:
            digit = DIGITS.index(char)
        elif char in UNITS:
            section, digit = section + digit * UNITS[char], 0
        else:
            total, section, digit = total + (section + digit) * {"万": 10**4, "亿": 10**8}[char], 0, 0
    parts = {unit: DIGITS.index(found[1]) for unit in "角分" if (found := re.search(f"(.){unit}", rest))}
    return Decimal(total + section + digit) + Decimal(parts.get("角", 0)) / 10 + Decimal(parts.get("分", 0)) / 100


AMOUNTS = st.decimals(min_value=0, max_value=Decimal("999999999999.99"), places=2)


@given(AMOUNTS)
def test_what_is_written_can_be_read_back(amount):
    said = capitals(amount)
    assert read(said) == amount
    assert "零零" not in said
    assert said.endswith(("整", "角", "分"))


@pytest.mark.parametrize("amount", ["-1", "0.001", "1000000000000"])
def test_other_amounts_are_a_fault(amount):
    with pytest.raises(ValueError, match="amounts from 0"):
        capitals(Decimal(amount))


def test_papers_that_write_capitals_themselves_write_the_same(tmp_path):
    layout = (BASE / "templates" / "papers" / "_layout.typ").read_text()
    (tmp_path / "_layout.typ").write_text(layout)
    amounts = [amount for amount in EXAMPLES if amount != "0.00"]
    listed = ", ".join(f'"{amount}"' for amount in amounts)
    (tmp_path / "check.typ").write_text(f'#import "_layout.typ": *\n#metadata(({listed},).map(capital)) <said>')
    found = typst.query(str(tmp_path / "check.typ"), "<said>", field="value", one=True)
    assert json.loads(found) == [EXAMPLES[amount] for amount in amounts]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("", ""),
        (" 2513 2000 0001 2345 6789 ", "25132000000123456789"),
        ("12345678", "12345678"),
        ("12", None),
        ("x" * 20, None),
    ],
)
def test_numbers_of_tax_invoices(typed, number):
    assert tax_number(typed) == number
