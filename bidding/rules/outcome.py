"""What a closed competition leads to: the ranking, the winner, or the reason there is none."""

from decimal import Decimal

from bidding.rules import draw
from bidding.rules.board import Board, Standing

TOO_FEW = "too_few_entrants"
NO_BID = "no_bid"
NONE_LEFT = "none_left"
NO_MONEY = "no_money_left"


def too_few(board: Board) -> bool:
    """Fewer entrants than the terms demand: the competition fails when entry closes."""
    return len(board.entrants) < board.fixed.min_entrants


def auction_ranking(board: Board) -> list[Standing]:
    """Each bidder's lowest bid, lowest first. Two bids never tie: a bid must be lower than all before it."""
    return sorted((bid for by, bid in board.lowest.items() if by in board.entrants), key=lambda bid: bid.amount)


def draw_ranking(board: Board) -> list[tuple[str, Decimal]]:
    """The order of drawing: one is drawn, then again from those left, with the same secret and head and the turn."""
    left = sorted(board.entrants)
    order: list[tuple[str, Decimal]] = []
    while left:
        pick = draw.drawn(board.draw_secret, board.closing_head, left, turn=len(order))
        order.append((pick, board.fixed.ceiling))
        left.remove(pick)
    return order


def ranking(board: Board) -> list[tuple[str, Decimal]]:
    """Who would be awarded first, second, ... and at what amount."""
    if board.draw_secret:
        return draw_ranking(board)
    return [(bid.by, bid.amount) for bid in auction_ranking(board)]


def next_best(board: Board) -> tuple[str, Decimal] | None:
    """The first in the ranking who has not been awarded before and may be."""
    tried = {award.by for award in board.awards} | board.excluded
    return next(((by, amount) for by, amount in ranking(board) if by not in tried), None)
