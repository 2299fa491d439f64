"""The live reverse auction decides by price, time and entry, and by nothing else."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.rules.auction import Accepted, Offer, Refused, Repeated, decide
from bidding.rules.board import ChainError
from bidding.rules.record import Event, seal, stamp, unstamp
from tests.bidding.boards import END, START, add, opened

EARLY = START + timedelta(minutes=1)


def offer(by="K7", amount="50000.00", ref="11111111"):
    return Offer(by, Decimal(amount), ref)


def place(board, bid, at=EARLY):
    decision = decide(board, bid, at)
    assert isinstance(decision, Accepted), decision
    return add(board, *decision.events)


def test_the_first_bid_may_equal_the_ceiling():
    board = place(opened("K7"), offer())
    assert (board.best.by, board.best.amount, board.next_max) == ("K7", Decimal("50000.00"), Decimal("49750.00"))


@pytest.mark.parametrize(
    ("bid", "at", "code"),
    [
        (offer(amount="50000.01"), EARLY, "bid.above_ceiling"),
        (offer(by="Z9"), EARLY, "bid.not_entered"),
        (offer(), START - timedelta(microseconds=1), "bid.early"),
        (offer(), END, "bid.late"),
        (offer(), END + timedelta(days=1), "bid.late"),
    ],
)
def test_a_bid_outside_the_terms_is_refused(bid, at, code):
    assert decide(opened("K7"), bid, at) == Refused(code)


def test_each_bid_must_go_below_the_best_by_the_whole_step():
    board = place(opened("K7", "M2"), offer(amount="40000.00"))
    assert decide(board, offer("M2", "39750.01"), EARLY) == Refused("bid.step")
    assert place(board, offer("M2", "39750.00")).best.by == "M2"


def test_the_leader_may_go_lower_still():
    board = place(opened("K7"), offer(amount="40000.00"))
    assert place(board, offer(amount="30000.00", ref="22222222")).best.amount == Decimal("30000.00")


def test_a_price_that_cannot_fall_by_a_step_is_the_bottom():
    board = place(opened("K7", "M2"), offer(amount="250.00"))
    assert decide(board, offer("M2", "0.01"), EARLY) == Refused("bid.bottom")


def test_the_same_reference_is_answered_with_the_first_record_even_after_the_close():
    board = place(opened("K7"), offer())
    assert decide(board, offer(amount="1.00"), END + timedelta(hours=1)) == Repeated(board.best.seq)


def test_two_bidders_may_use_the_same_reference():
    board = place(opened("K7", "M2"), offer(amount="40000.00"))
    assert place(board, offer("M2", "39000.00")).best.by == "M2"


def test_one_who_withdrew_bids_no_more():
    board = add(opened("K7"), Event("withdrawn", START - timedelta(hours=1), {"by": "K7"}))
    assert decide(board, offer(), EARLY) == Refused("bid.not_entered")


@pytest.mark.parametrize(
    ("before_end", "moved_to"),
    [
        (timedelta(minutes=3, microseconds=1), None),
        (timedelta(minutes=3), None),  # the window opens, but three minutes from here is the end itself
        (timedelta(minutes=2), END + timedelta(minutes=1)),
        (timedelta(microseconds=1), END + timedelta(minutes=3) - timedelta(microseconds=1)),
    ],
)
def test_a_bid_in_the_last_minutes_moves_the_end(before_end, moved_to):
    decision = decide(opened("K7"), offer(), END - before_end)
    moved = [event.data["ends_at"] for event in decision.events if event.kind == "extended"]
    assert moved == ([stamp(moved_to)] if moved_to else [])


def test_the_hard_end_is_never_passed():
    board = opened("K7", hard_ends_at=END + timedelta(seconds=90))
    board = place(board, offer(amount="40000.00"), END - timedelta(seconds=1))
    assert board.end == END + timedelta(seconds=90)
    board = place(board, offer(amount="39000.00", ref="22222222"), board.end - timedelta(seconds=1))
    assert board.end == END + timedelta(seconds=90)


def test_a_record_of_another_branch_is_not_folded():
    """Two logs that parted have the same numbers; only the chain tells them apart."""
    one, two = opened("K7"), opened("M2")
    before = one.seq, one.head, one.best
    event = Event("bid", EARLY, {"by": "M2", "amount": "1.00", "ref": "11111111"})
    with pytest.raises(ChainError, match="does not follow"):
        one.fold(seal(1, two.seq + 1, two.head, event))
    assert (one.seq, one.head, one.best) == before


amounts = st.integers(1, 5_100_000).map(lambda fen: Decimal(fen) / 100)
moments = st.integers(-600, 6000).map(lambda seconds: START + timedelta(seconds=seconds))
offers = st.builds(Offer, st.sampled_from(["K7", "M2", "Z9"]), amounts, st.sampled_from(["a" * 8, "b" * 8, "c" * 8]))


@given(st.lists(st.tuples(offers, moments), max_size=60))
def test_whatever_comes_prices_only_fall_and_ends_only_grow(tries):
    board = opened("K7", "M2")
    for bid, at in tries:
        best, end = board.best, board.end
        decision = decide(board, bid, at)
        if not isinstance(decision, Accepted):
            continue
        add(board, *decision.events)
        assert board.best.amount == bid.amount <= (best.amount - board.fixed.step if best else board.fixed.ceiling)
        assert end <= board.end <= board.fixed.hard_ends_at
        assert START <= at < end
        assert all(unstamp(event.data["ends_at"]) == board.end for event in decision.events if event.kind == "extended")
