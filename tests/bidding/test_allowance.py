"""Who shares an allowance with whom, and that none is remembered longer than it matters."""

import pytest

from bidding import allowance
from bidding.allowance import BURST, CROWD, PERSON, Allowance, Allowances


@pytest.fixture
def moment(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(allowance.time, "monotonic", lambda: now[0])
    return now


def taken(one, most=10 * BURST * CROWD):
    return next(number for number in range(most) if not one.take())


def test_all_that_a_bidder_does_in_a_competition_shares_one(moment):
    known = Allowances()
    assert taken(known.of_bidder(1, "K7")) == BURST
    assert taken(known.of_bidder(1, "K7")) == 0
    assert taken(known.of_bidder(2, "K7")) == taken(known.of_bidder(1, "M2")) == BURST


def test_all_sockets_of_one_person_share_one(moment):
    known = Allowances()
    assert taken(known.of_visitor(f"{PERSON}7")) == BURST
    assert taken(known.of_visitor(f"{PERSON}7")) == 0


def test_strangers_from_one_address_have_one_each_and_a_larger_one_together(moment):
    known = Allowances()
    each = [taken(known.of_visitor("203.0.113.7")) for _ in range(2 * CROWD)]
    assert each == [BURST] * CROWD + [0] * CROWD
    assert taken(known.of_visitor("203.0.113.8")) == taken(known.of_visitor("")) == BURST


def test_one_fills_up_again_and_is_forgotten_when_it_is_full(moment, monkeypatch):
    monkeypatch.setattr(allowance, "REMEMBERED", 2)
    known = Allowances()
    first = known.of_bidder(1, "K7")
    assert taken(first) == BURST
    known.of_bidder(1, "M2")
    known.of_bidder(1, "P3")
    assert known.of_bidder(1, "K7") is first
    moment[0] += 2
    known.of_bidder(1, "Q4")
    known.of_bidder(1, "R5")
    assert known.of_bidder(1, "K7") is not first
    assert taken(Allowance()) == taken(first) == BURST
