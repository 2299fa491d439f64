"""Boards for those who only look: kept between requests, so that a page does not fold the whole log again.

A kept board is a beginning of the log as it was committed. What is kept is never trusted further than that: the record
it ends with is read again with whatever came after it, and when that record is not the one it ends with (the database
was put back, or a test began anew) the log is folded from the start. Inside a transaction nothing is kept, because
what was appended there may be rolled back.
"""

from collections import OrderedDict
from copy import copy
from dataclasses import fields
from threading import Lock

from django.db import connection

from bidding import log
from bidding.rules.board import Board

MOST = 200  # boards kept in a process

_kept: OrderedDict[int, Board] = OrderedDict()
_lock = Lock()


def board(competition_id: int) -> Board:
    """The state of a competition as the log has it now. Shared with other threads: to be read, never folded into."""
    known = _kept.get(competition_id)
    seen = _brought_forward(known) if known else None
    if seen is None:
        seen = log.board(competition_id)
    if not connection.in_atomic_block:
        _keep(seen)
    return seen


def _brought_forward(known: Board) -> Board | None:
    """The known board, or a copy with what came after it; None when the log does not go on from there."""
    if not known.seq:
        return None
    records = list(log.read(known.competition, known.seq - 1))
    if not records or records[0].hash != known.head:
        return None
    fresh = records[1:]
    return _copy(known).fold_all(fresh) if fresh else known


def _copy(known: Board) -> Board:
    """With lists and tables of its own; what is in them never changes."""
    board = copy(known)
    for field in fields(board):
        value = getattr(board, field.name)
        if isinstance(value, list | dict | set):
            setattr(board, field.name, value.copy())
    return board


def _keep(seen: Board) -> None:
    with _lock:
        _kept[seen.competition] = seen
        _kept.move_to_end(seen.competition)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
