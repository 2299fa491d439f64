"""Boards for tests of the pure rules."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bidding.rules.board import Board
from bidding.rules.record import Event, seal
from bidding.rules.terms import Terms

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
END = START + timedelta(minutes=30)


def terms(**changes) -> Terms:
    fixed = {
        "method": "live_auction",
        "ceiling": Decimal("50000.00"),
        "step": Decimal("250.00"),
        "starts_at": START,
        "ends_at": END,
        "hard_ends_at": END + timedelta(minutes=60),
        "soft_close": timedelta(minutes=3),
        "extension": timedelta(minutes=3),
        "min_entrants": 1,
        "rules": "bidding@1",
    }
    return Terms(**{**fixed, **changes})


def add(board: Board, *events: Event) -> Board:
    for event in events:
        board.fold(seal(board.competition, board.seq + 1, board.head, event))
    return board


def opened(*entrants: str, **changes) -> Board:
    """An opened competition with these pseudonyms entered."""
    before = START - timedelta(days=3)
    board = add(Board(1), Event("opened", before, {"need": "XQ-2026-000001", "terms": terms(**changes).as_json()}))
    return add(board, *(Event("entered", before, {"by": name, "commitment": "00" * 32}) for name in entrants))
