"""Rule-set parameters survive the table, keep their types, and refuse what does not fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.charts import bars, shares
from core.parameters import BadValue, Row, diff, flatten, parse, rebuild
from portal.rules import announced_days

KEYS = st.text("abcdefghij_", min_size=1, max_size=8)
LEAVES = st.integers(0, 10**6) | st.booleans() | st.text(max_size=10) | st.lists(st.integers(), max_size=3)
TREES = st.dictionaries(KEYS, st.recursive(LEAVES, lambda inner: st.dictionaries(KEYS, inner, max_size=3)), max_size=5)


@given(TREES)
def test_a_table_becomes_the_same_parameters_again(parameters):
    assert rebuild(flatten(parameters)) == parameters
    assert diff(parameters, parameters) == []


@given(TREES)
def test_what_is_shown_is_accepted_unchanged(parameters):
    for row in flatten(parameters):
        if row.text == row.text.strip():
            assert parse(row, row.text) == row.value


@pytest.mark.parametrize(
    ("path", "value", "typed", "expected"),
    [
        ("seconds", 180, "240", 240),
        ("share", "0.005", "0.01", "0.01"),
        ("limit.unit", "days", "hours", "hours"),
        ("weight", 0.5, "0.25", 0.25),
        ("on", True, "false", False),
        ("minutes", [10, 20], "[10, 30]", [10, 30]),
    ],
)
def test_a_new_value_keeps_its_type(path, value, typed, expected):
    assert parse(Row(path, value), typed) == expected


@pytest.mark.parametrize(
    ("path", "value", "typed", "kind"),
    [
        ("seconds", 180, "-1", "whole"),
        ("seconds", 180, "1e3", "whole"),
        ("seconds", 180, "１２", "whole"),
        ("share", "0.005", "NaN", "number"),
        ("limit.unit", "days", "weeks", "unit"),
        ("minutes", [10], '{"a": 1}', "list"),
        ("minutes", [10], "[10", "list"),
        ("name", "a", "", "text"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(path, value, typed, kind):
    with pytest.raises(BadValue) as caught:
        parse(Row(path, value), typed)
    assert caught.value.kind == kind


def test_a_diff_names_what_changed_came_and_went():
    changes = diff({"a": 1, "b": {"n": 2}}, {"b": {"n": 3}, "c": "x"})
    assert [(c.path, c.before, c.after) for c in changes] == [("a", "1", None), ("b.n", "2", "3"), ("c", None, "x")]


def test_announced_days_are_read_in_both_languages():
    lines = announced_days.read("2027-02-06 休 春节\n\n2027/2/20 on\n2027.10.1 off 国庆节", 2027)
    assert [(str(line.date), line.is_working, line.name) for line in lines] == [
        ("2027-02-06", False, "春节"),
        ("2027-02-20", True, ""),
        ("2027-10-01", False, "国庆节"),
    ]


@pytest.mark.parametrize(
    ("text", "number", "kind"),
    [
        ("2027-02-06 春节", 1, "form"),
        ("\n2027-02-30 休", 2, "date"),
        ("2026-12-31 休", 1, "year"),
        ("2027-01-01 休\n2027-01-01 班", 2, "twice"),
    ],
)
def test_the_first_wrong_line_is_named(text, number, kind):
    with pytest.raises(announced_days.BadLine) as caught:
        announced_days.read(text, 2027)
    assert (caught.value.number, caught.value.kind) == (number, kind)


def test_bars_stay_inside_their_box_and_nothing_draws_nothing():
    assert bars([]) == []
    assert bars([(0.0, 0.0)]) == []
    drawn = bars([(10.0, 5.0), (20.0, 20.0)], width=100, height=50)
    assert [bar.height for bar in drawn] == [25.0, 50.0]
    assert [bar.inner_height for bar in drawn] == [12.5, 50.0]
    assert shares([0, 2, 4]) == [0.0, 50.0, 100.0]
