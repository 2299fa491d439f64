"""Ratings say no more than they can: newcomers are neutral, habits are taken out, doubt is shown."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from core import clock, jobs, rulesets
from ratings import selectors, services, tasks
from ratings.models import MarketScale
from ratings.rules.statistics import Habit, Mark, Parameters, Scale, estimate, scale, severity
from tests.contracts.world import completed
from tests.ratings.test_pages import page
from tests.ratings.test_rating import rate

PARAMETERS = Parameters(Decimal(5), Decimal(10), Decimal("1.645"), 50, Scale(Decimal("4.00"), Decimal("0.50"), 0))
MARKET = Scale(Decimal("4.20"), Decimal("0.36"), 400)
marks_ = st.decimals(1, 5, places=1)
habits = st.none() | st.builds(Habit, st.integers(1, 500), marks_)


def mark(value, habit=None, key=1):
    return Mark(key, Decimal(value), habit)


def test_the_worked_example_of_the_handbook():
    """docs/credit.md: one buyer who always gives five, one who is strict, one who never rated before."""
    generous, strict = Habit(30, Decimal("4.90")), Habit(10, Decimal("3.20"))
    result = estimate([mark("5.0", generous), mark("3.6", strict), mark("4.4")], MARKET, PARAMETERS)
    assert [one.habit for one in result.marks] == [Decimal("0.53"), Decimal("-0.50"), Decimal("0.00")]
    assert [one.counted for one in result.marks] == [Decimal("4.48"), Decimal("4.10"), Decimal("4.40")]
    assert (result.plain, result.value) == (Decimal("4.33"), Decimal("4.25"))
    assert (result.low, result.high) == (Decimal("3.90"), Decimal("4.60"))


def test_without_ratings_an_agency_stands_at_the_market_and_the_doubt_is_wide():
    result = estimate([], MARKET, PARAMETERS)
    assert result.value == MARKET.mean
    assert result.plain is None
    assert result.high - result.low > Decimal("0.8")


def test_a_single_five_does_not_make_the_best():
    lucky = estimate([mark("5.0")], MARKET, PARAMETERS)
    proven = estimate([mark("4.8")] * 40, MARKET, PARAMETERS)
    assert lucky.value < proven.value
    assert lucky.high - lucky.low > proven.high - proven.low


def test_a_new_market_uses_the_neutral_scale_until_it_can_be_measured():
    few = Scale(Decimal("1.50"), Decimal("0.10"), 49)
    assert scale(few, PARAMETERS) == PARAMETERS.scale == scale(None, PARAMETERS)
    assert scale(MARKET, PARAMETERS) == MARKET


@given(st.lists(st.tuples(marks_, habits), max_size=60))
def test_the_estimate_stays_inside_its_interval_and_the_scale(given_marks):
    result = estimate([Mark(i, value, habit) for i, (value, habit) in enumerate(given_marks)], MARKET, PARAMETERS)
    assert 1 <= result.low <= result.value <= result.high <= 5


@given(st.lists(marks_, min_size=1, max_size=30), marks_)
def test_one_more_good_mark_never_lowers_the_estimate(values, extra):
    before = estimate([Mark(i, value, None) for i, value in enumerate(values)], MARKET, PARAMETERS).value
    better = max(extra, Decimal("5.0"))
    after = estimate([Mark(i, value, None) for i, value in enumerate([*values, better])], MARKET, PARAMETERS).value
    assert after >= before


@given(habits)
def test_a_habit_is_pulled_towards_nothing_and_never_past_what_was_seen(habit):
    found = severity(habit, MARKET, PARAMETERS)
    seen = habit.mean - MARKET.mean if habit else Decimal(0)
    assert abs(found) <= abs(seen)
    assert found * seen >= 0


@pytest.mark.django_db
def test_a_raters_habit_is_read_from_what_it_gave_to_others():
    first, one = completed()
    second, two = completed()
    for w, contract, stars in ((first, one, 5), (second, two, 3)):
        rate(w, contract, "buyer", stars=stars)
        rate(w, contract, "supplier")
    jobs.drain()
    opinion = selectors.credit_file(first.agency.pk, clock.now()).opinion
    assert list(opinion.habits.values()) == [None]
    assert opinion.estimate.plain == Decimal("5.00")
    assert opinion.estimate.value == Decimal("4.17")  # (5 x 4.00 + 5.00) / 6
    assert opinion.rules.ref.startswith("statistics@")


@pytest.mark.django_db
def test_a_day_that_is_over_is_measured_once_and_never_changed():
    w, contract = completed()
    rate(w, contract, "buyer", stars=4)
    rate(w, contract, "supplier")
    tasks.measure_market.run()
    assert not MarketScale.objects.exists()
    with clock.at(clock.now() + timedelta(days=2)):
        tasks.measure_market.run()
        assert services.measure_market() == 0
    row = MarketScale.objects.get()
    assert (row.mean, row.variance, row.marks) == (Decimal("4.000000"), Decimal(0), 1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        MarketScale.objects.update(mean=1)


@pytest.mark.django_db
def test_the_opinion_of_an_earlier_day_does_not_change_with_what_came_later():
    w, contract = completed()
    rate(w, contract, "buyer", stars=4)
    rate(w, contract, "supplier")
    then = clock.now()
    before = selectors.credit_file(w.agency.pk, then).opinion.estimate
    other, another = completed()
    with clock.at(then + timedelta(days=3)):
        rate(other, another, "buyer", stars=1)
        rate(other, another, "supplier")
        tasks.measure_market.run()
        assert selectors.credit_file(w.agency.pk, then).opinion.estimate == before


@pytest.mark.django_db
def test_the_page_shows_the_figure_its_doubt_and_the_way_there(client):
    w, contract = completed()
    path = f"/agencies/{w.agency.pk}/credit/"
    assert "这个数是怎样算出来的" not in page(client, path)
    rate(w, contract, "buyer", stars=5)
    rate(w, contract, "supplier")
    shown = page(client, path)
    assert "九成把握在" in shown
    assert w.buyer.name in shown
    assert rulesets.current("statistics").ref in shown
