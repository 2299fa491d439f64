"""What every verb does at its end: write sealed events and tell the rooms once the transaction is through."""

from collections.abc import Sequence
from functools import partial

from django.db import transaction

from bidding import broadcast, keyring, log
from bidding.rules.board import Board
from bidding.rules.record import Event, Record


def locked_board(competition_id: int) -> Board:
    """The board under the competition's row lock. Call inside a transaction."""
    log.lock(competition_id)
    return log.board(competition_id)


def append(board: Board, events: Sequence[Event]) -> list[Record]:
    """Append events to the log and announce them after commit."""
    records = log.append(board, events)
    keep(board, records)
    return records


def keep(board: Board, records: Sequence[Record]) -> None:
    """Write records that are sealed and folded already."""
    log.write(board, records)
    keyring.note()
    transaction.on_commit(partial(broadcast.announce, board.competition, records[-1].seq), robust=True)
