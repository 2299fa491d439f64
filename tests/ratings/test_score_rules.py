"""A score adds up, does not depend on the order of the post, and can be recomputed as of any day."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.rules.score import Happening, Parameters, Why, score

START = datetime(2025, 1, 1, tzinfo=UTC)
PARAMETERS = Parameters(
    start=Decimal("100.00"),
    addition_cap=Decimal("10.00"),
    grades=(("A", Decimal(90)), ("B", Decimal(80)), ("C", Decimal(70)), ("D", Decimal(0))),
    proving=frozenset({"contract_completed"}),
)
points = st.decimals(-40, 5, places=2, allow_nan=False, allow_infinity=False)
moments = st.integers(0, 1200).map(lambda days: START + timedelta(days=days))


@st.composite
def happenings(draw):
    events = []
    for i in range(draw(st.integers(0, 25))):
        at = draw(moments)
        until = draw(st.none() | st.integers(1, 900).map(lambda days, at=at: at + timedelta(days=days)))
        corrects = draw(st.sampled_from([""] * 6 + [e.key for e in events])) if events else ""
        events.append(Happening(f"e{i}", draw(st.sampled_from(["a", "b"])), draw(points), at, until, corrects))
    return events


@given(happenings(), moments)
def test_the_lines_add_up_to_the_total_exactly(events, as_of):
    result = score(events, PARAMETERS, as_of)
    assert sum((line.counted for line in result.lines), Decimal(0)) == result.total
    assert result.lines[-1].running == result.total
    assert result.total >= 0


@given(happenings(), moments, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(events, as_of, random):
    shuffled = random.sample(events, len(events))
    assert score(events, PARAMETERS, as_of) == score(shuffled, PARAMETERS, as_of)


@given(happenings(), moments)
def test_what_expired_has_no_effect(events, as_of):
    alive = [e for e in events if e.expires_at is None or e.expires_at > as_of or e.corrects]
    expired = {e.key for e in events} - {e.key for e in alive}
    kept = [e for e in alive if e.corrects not in expired] if expired else alive
    if len(kept) == len(alive):
        assert score(events, PARAMETERS, as_of).total == score(alive, PARAMETERS, as_of).total


@given(happenings(), moments)
def test_recomputing_as_of_a_day_equals_the_score_of_that_day(events, as_of):
    known_then = [event for event in events if event.happened_at <= as_of]
    assert score(events, PARAMETERS, as_of) == score(known_then, PARAMETERS, as_of)


@given(happenings(), moments)
def test_additions_never_exceed_the_cap_of_their_year(events, as_of):
    by_year = {}
    when = {e.key: e.happened_at for e in events}
    for line in score(events, PARAMETERS, as_of).lines:
        if line.key and line.counted > 0:
            year = (when[line.key] + timedelta(hours=8)).year
            by_year[year] = by_year.get(year, 0) + line.counted
    assert all(total <= PARAMETERS.addition_cap for total in by_year.values())


@given(happenings(), moments)
def test_every_event_known_by_then_has_a_line(events, as_of):
    result = score(events, PARAMETERS, as_of)
    assert {line.key for line in result.lines if line.key} == {e.key for e in events if e.happened_at <= as_of}


def one(value, *, days=0, key="x", kind="a", until=None, corrects=""):
    at = START + timedelta(days=days)
    return Happening(key, kind, Decimal(value), at, until and START + timedelta(days=until), corrects)


def whys(events, days):
    return [line.why for line in score(events, PARAMETERS, START + timedelta(days=days)).lines[1:]]


def test_a_newcomer_has_the_start_and_no_grade():
    result = score([one("0", kind="award_won")], PARAMETERS, START)
    assert (result.total, result.grade, result.newcomer) == (Decimal(100), "", True)


def test_completing_a_first_contract_ends_being_new():
    result = score([one("0", kind="contract_completed")], PARAMETERS, START)
    assert (result.grade, result.newcomer) == ("A", False)


@pytest.mark.parametrize(
    ("lost", "grade"),
    [("-10", "A"), ("-10.01", "B"), ("-20", "B"), ("-20.01", "C"), ("-30", "C"), ("-30.01", "D"), ("-200", "D")],
)
def test_grades_begin_at_their_least_total(lost, grade):
    assert score([one(lost)], PARAMETERS, START).grade == grade


def test_the_eleventh_point_of_a_year_is_capped_and_says_so():
    events = [one("6", key="a"), one("6", key="b", days=1), one("6", key="c", days=2), one("6", key="d", days=400)]
    result = score(events, PARAMETERS, START + timedelta(days=400))
    assert [line.counted for line in result.lines[1:]] == [6, 4, 0, 6]
    assert [line.why for line in result.lines[1:]] == [Why.COUNTED, Why.CAPPED, Why.CAPPED, Why.COUNTED]


def test_an_event_counts_until_the_moment_it_expires():
    events = [one("-5", until=10)]
    assert whys(events, 9) == [Why.COUNTED]
    assert whys(events, 10) == [Why.EXPIRED]


def test_a_correction_takes_an_event_back_from_its_own_day_on():
    events = [one("-8", key="wrong"), one("0", key="right", days=5, corrects="wrong")]
    assert whys(events, 4) == [Why.COUNTED]
    assert whys(events, 5) == [Why.CORRECTED, Why.NEUTRAL]


def test_a_total_below_zero_is_lifted_in_a_line_of_its_own():
    result = score([one("-140")], PARAMETERS, START)
    assert (result.total, result.lines[-1].why, result.lines[-1].counted) == (0, Why.FLOOR, 40)
