"""Who wins, who follows, and how a draw is checked."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest

from bidding.rules import draw, outcome
from bidding.rules.board import Board, ChainError
from bidding.rules.record import Event, seal
from bidding.rules.terms import step_for
from tests.bidding.boards import END, START, add, opened

SECRET = "5e" * 32


def bid(by, amount, ref):
    return Event("bid", START + timedelta(minutes=1), {"by": by, "amount": amount, "ref": ref})


def test_bidders_rank_by_their_lowest_bid():
    board = add(
        opened("K7", "M2", "P3"),
        bid("K7", "50000.00", "1" * 8), bid("M2", "45000.00", "2" * 8), bid("K7", "40000.00", "3" * 8),
    )  # fmt: skip
    assert outcome.ranking(board) == [("K7", Decimal("40000.00")), ("M2", Decimal("45000.00"))]


def test_after_a_decline_the_next_in_the_ranking_follows_until_none_is_left():
    board = add(opened("K7", "M2"), bid("M2", "45000.00", "2" * 8), bid("K7", "40000.00", "3" * 8))
    for rank, expected in enumerate(["K7", "M2"], 1):
        by, amount = outcome.next_best(board)
        assert by == expected
        add(board, Event("awarded", END, {"by": by, "amount": str(amount), "rank": rank}))
    assert outcome.next_best(board) is None


@pytest.mark.parametrize(("entrants", "few"), [(["K7", "M2"], True), (["K7", "M2", "P3"], False)])
def test_too_few_entrants_fail_a_departments_competition(entrants, few):
    assert outcome.too_few(opened(*entrants, min_entrants=3)) is few


def drawn_board():
    board = opened("K7", "M2", "P3", method="random_draw", draw_commitment=draw.commitment(SECRET))
    add(board, Event("closed", END, {"reason": "time"}))
    winner = draw.drawn(SECRET, board.closing_head, board.entrants)
    return add(board, Event("draw", END, {"secret": SECRET, "entrants": sorted(board.entrants), "winner": winner}))


def test_anyone_can_draw_again_from_what_is_published():
    board = drawn_board()
    assert draw.commitment(board.draw_secret) == board.fixed.draw_commitment
    order = [by for by, _ in outcome.ranking(board)]
    assert order[0] == draw.drawn(SECRET, board.closing_head, ["P3", "M2", "K7"])
    assert sorted(order) == ["K7", "M2", "P3"]


def test_every_entrant_is_drawn_about_equally_often():
    names = ["K7", "M2", "P3", "Q4"]
    drawn = [draw.drawn(SECRET, f"{i:064x}", names) for i in range(4000)]
    assert all(900 < drawn.count(name) < 1100 for name in names)


def test_a_record_out_of_order_does_not_fit():
    board = opened("K7")
    with pytest.raises(ChainError):
        board.fold(seal(1, board.seq + 2, board.head, bid("K7", "1.00", "1" * 8)))


def test_a_board_that_was_never_opened_has_no_terms():
    with pytest.raises(ChainError):
        _ = Board(1).fixed


@pytest.mark.parametrize(
    ("ceiling", "step"), [("48500.00", "250.00"), ("1000000.00", "5000.00"), ("30.00", "30.00"), ("9000.00", "50.00")]
)
def test_the_step_is_a_rounded_share_of_the_ceiling(ceiling, step):
    assert step_for(Decimal(ceiling), share=Decimal("0.005"), rounding=Decimal(50)) == Decimal(step)


def test_every_order_of_drawing_can_come_and_none_is_favoured():
    """One number for all turns would let only half of the orders of four come."""
    came = Counter()
    for number in range(2400):
        board = opened("A2", "B3", "C4", "D5", method="random_draw")
        board.draw_secret, board.closing_head = SECRET, f"{number:064x}"
        came[tuple(by for by, _ in outcome.draw_ranking(board))] += 1
    assert len(came) == 24
    assert max(came.values()) < 150
