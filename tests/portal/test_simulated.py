"""The simulated market's pace: bounded, human, and the same however often one looks."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from portal.rules import simulated

AMOUNTS = st.decimals("1000", "900000", places=2)


def test_a_day_holds_about_a_hundred_auctions_at_most():
    busy, calm = simulated.rhythm(0), simulated.rhythm(simulated.BUSY_DAY)
    assert simulated.BUSY_DAY + timedelta(days=1) / calm.every <= 110
    # The next begins before the last ends.
    assert all(timedelta(minutes=one.minutes) > one.every for one in (busy, calm))


@given(AMOUNTS, st.integers(0, 10**6))
def test_an_agency_never_goes_below_its_floor(next_max, seed):
    lowest = simulated.floor(Decimal("500000"), seed)
    amount = simulated.offer(next_max, Decimal("250"), lowest, seed)
    if next_max < lowest:
        assert amount is None
    else:
        assert lowest - 1 <= amount <= next_max


@given(st.integers(1, 120), st.integers(0, 10**6))
def test_bidders_think_like_people(minutes, seed):
    pause = simulated.pause(timedelta(minutes=minutes), seed)
    assert timedelta(seconds=2) <= pause <= timedelta(seconds=72)
    assert pause == simulated.pause(timedelta(minutes=minutes), seed)


def test_now_and_then_an_agency_seals_its_floor():
    sealed = [simulated.seals(competition, 7) for competition in range(1000)]
    assert 60 < sum(sealed) < 140
    assert sealed == [simulated.seals(competition, 7) for competition in range(1000)]


def test_agencies_come_one_by_one():
    due = [simulated.entrants_due(timedelta(seconds=age), 7) for age in (0, 7, 14, 21, 3600)]
    assert due == [1, 2, 3, 4, 4]
