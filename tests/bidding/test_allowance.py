"""Who shares an allowance with whom, and that none is remembered longer than it matters."""

import weakref

import pytest

from bidding import allowance
from bidding.allowance import BURST, CROWD, PERSON, Allowances


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
    assert taken(known.of_bidder(1, "K7")) == BURST
    known.of_bidder(1, "M2")
    known.of_bidder(1, "P3")
    assert taken(known.of_bidder(1, "K7")) == 0
    moment[0] += 2
    first = weakref.ref(known.of_bidder(1, "K7"))
    known.of_bidder(1, "Q4")
    assert first() is None
    assert taken(known.of_bidder(1, "K7")) == BURST


def test_one_that_an_idle_socket_holds_is_not_forgotten(moment, monkeypatch):
    """Its bidder would have another one beside it by HTTP."""
    monkeypatch.setattr(allowance, "REMEMBERED", 1)
    known = Allowances()
    socket, stranger = known.of_bidder(1, "K7"), known.of_visitor("203.0.113.7")
    for number in range(20):
        known.of_bidder(2, f"Q{number}")
    assert known.of_bidder(1, "K7") is socket
    assert taken(stranger) + sum(taken(known.of_visitor("203.0.113.7")) for _ in range(2 * CROWD)) == CROWD * BURST


def test_looking_for_what_can_be_forgotten_grows_rarer_the_more_is_held(moment, monkeypatch):
    monkeypatch.setattr(allowance, "REMEMBERED", 2)
    known, looks, real = Allowances(), [], Allowances._forget
    monkeypatch.setattr(Allowances, "_forget", lambda self: looks.append(real(self)))
    held = [known.of_bidder(1, f"K{number}") for number in range(1000)]
    assert len({id(one) for one in held}) == 1000
    assert len(looks) < 12
