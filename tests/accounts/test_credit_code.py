"""The credit code rule of GB 32100-2015: what it accepts, what it refuses, and with which fault."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from accounts.rules.credit_code import ALPHABET, check_character, fault, normalise

LETTERS = st.sampled_from(ALPHABET)
DIVISIONS = st.text("0123456789", min_size=6, max_size=6)
bodies = st.builds(
    lambda first, second, division, rest: first + second + division + rest,
    LETTERS,
    LETTERS,
    DIVISIONS,
    st.text(LETTERS, min_size=9, max_size=9),
)


# Codes that the organisations themselves publish.
@pytest.mark.parametrize(
    "published",
    [
        "91110000802100433B",  # 百度在线网络技术（北京）有限公司
        "91330100799655058B",  # 阿里巴巴（中国）网络技术有限公司
        "9144030071526726XG",  # 深圳市腾讯计算机系统有限公司
        "91440300708461136T",  # 腾讯科技（深圳）有限公司
        "914403001922038216",  # 华为技术有限公司
        "12100000400000624D",  # 北京大学
    ],
)
def test_published_codes_are_valid(published):
    assert fault(published) is None


@given(bodies)
def test_every_body_has_exactly_one_check_character(body):
    assert [char for char in ALPHABET if fault(body + char) is None] == [check_character(body)]


@pytest.mark.parametrize("start", ["N2", "Y1", "A1", "5G", "9N"])
def test_letters_are_allowed_in_the_first_two_places(start):
    body = f"{start}131000MA0ABCDE1"
    assert fault(body + check_character(body)) is None


@given(bodies, st.integers(0, 17), LETTERS)
def test_one_wrong_character_is_always_noticed(body, place, other):
    code = body + check_character(body)
    wrong = code[:place] + other + code[place + 1 :]
    assert (fault(wrong) is None) == (wrong == code)


@given(bodies, st.integers(0, 15))
def test_two_swapped_neighbours_are_always_noticed(body, place):
    code = body + check_character(body)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert (fault(swapped) is None) == (swapped == code)


@given(bodies.filter(lambda body: body[:2].isdigit()))
def test_an_independent_implementation_agrees_where_the_first_places_are_digits(body):
    assert uscc.calc_check_digit(body) == check_character(body)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", "length"), ("9" * 17, "length"), ("9" * 19, "length"), ("9" * 5000, "length"),
        ("91131000MA0000001!", "characters"), ("91131000MI0000001X", "characters"),
        ("九1131000MA0000001X", "characters"),
        ("9113A000MA00000010", "division"), ("91131000MA00000010", "check"), ("91131000MA000000²0", "characters"),
    ],
)  # fmt: skip
def test_each_fault_has_its_name(typed, expected):
    assert fault(typed) == expected


@pytest.mark.parametrize(
    "typed",
    [
        " 9113-1000 MA00 0000 1X ",
        "91131000ma0000001x",
        "９１１３１０００ＭＡ０００００01Ｘ",
        "91131000\u3000MA0000001X\n",
    ],
)
def test_what_people_copy_along_is_taken_off(typed):
    assert normalise(typed) == "91131000MA0000001X"


@given(st.text())
def test_any_text_gets_an_answer(typed):
    assert fault(normalise(typed)) in {None, "length", "characters", "division", "check"}
