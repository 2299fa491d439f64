"""The log in the database: lock a competition, read what is new, append, sign. Nothing else writes these tables.

Whoever appends holds the row lock of the competition until the transaction ends: that lock is the one order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

from bidding import keys
from bidding.models import Competition, LogEvent
from bidding.rules.board import Board
from bidding.rules.record import Event, Record, head_message, merkle, seal, unseal

PAGE = 2000  # records


class LockKeptError(OperationalError):
    """Somebody else keeps a competition's row lock for longer than it is waited for. Nothing has been done."""


@dataclass(frozen=True, slots=True)
class Head:
    """A signed batch: Merkle root over the hashes of its records, and each record's path to it."""

    first: int
    last: int
    root: str
    paths: Sequence[Sequence[str]]
    key_id: str
    signature: str


def lock(competition_id: int) -> tuple[int, str]:
    """Take the competition's row lock until the transaction ends; returns where the log ends: seq and hash.

    Raises Competition.DoesNotExist or LockKeptError.
    """
    try:
        row = _row_for_update(competition_id)
    except OperationalError as fault:
        if isinstance(fault.__cause__, LockNotAvailable):
            raise LockKeptError(f"somebody keeps the lock of competition {competition_id}") from fault
        raise
    if row is None:
        raise Competition.DoesNotExist(competition_id)
    return int(row[0]), str(row[1])


def _row_for_update(competition_id: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_seq, head_hash FROM bidding_competition WHERE id = %s FOR UPDATE", [competition_id])
        return cursor.fetchone()


def read(competition_id: int, after: int = 0) -> Iterator[Record]:
    """Records with seq > after, in order. A short stretch, which is the rule, takes one way to the database."""
    rows = LogEvent.objects.filter(competition_id=competition_id).order_by("seq").values_list("body", flat=True)
    while page := list(rows.filter(seq__gt=after)[:PAGE]):
        for record in map(unseal, page):
            yield record
            after = record.seq
        if len(page) < PAGE:
            return


def board(competition_id: int) -> Board:
    """The state of a competition, folded from its whole log."""
    return Board(competition_id).fold_all(read(competition_id))


def append(state: Board, events: Sequence[Event]) -> list[Record]:
    """Seal events after the board's head, fold them into it and return the records. Writes nothing yet."""
    records = []
    for event in events:
        record = seal(state.competition, state.seq + 1, state.head, event)
        state.fold(record)
        records.append(record)
    return records


# One statement: each more would be one more way to the database and back while the row is locked. The records come in
# as lines of three texts, in which nothing has to be escaped: neither a body nor a hash or a key holds a line's end.
_WRITE = r"""
WITH head AS (
  INSERT INTO bidding_loghead (competition_id, first_seq, last_seq, root, key_id, signature)
  VALUES (%s, %s, %s, %s, %s, %s)
), events AS (
  INSERT INTO bidding_logevent (competition_id, seq, body, hash, key)
  SELECT %s, %s + nr, body, hash, nullif(key, '')
  FROM ROWS FROM (string_to_table(%s, E'\n'), string_to_table(%s, E'\n'), string_to_table(%s, E'\n'))
    WITH ORDINALITY AS line(body, hash, key, nr)
)
UPDATE bidding_competition SET last_seq = %s, head_hash = %s, ends_at = %s, closed_at = %s,
  best_amount = %s, bid_count = %s, entrant_count = %s WHERE id = %s
"""


def write(state: Board, records: Sequence[Record]) -> Head:
    """Store sealed records, sign them as one batch and move the competition's head. The caller holds the lock."""
    hashes = [record.hash for record in records]
    root, paths = merkle(hashes)
    first, last = records[0].seq, records[-1].seq
    signature = keys.sign(head_message(state.competition, first, last, root))
    best = state.best.amount if state.best else None
    columns = [record.body for record in records], hashes, [_key(record) for record in records]
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            [
                *(state.competition, first, last, root, keys.key_id(), signature, state.competition, first - 1),
                *map("\n".join, columns),
                *(last, state.head, state.end, state.closed_at, best, len(state.bids), len(state.entrants)),
                state.competition,
            ],
        )
    return Head(first, last, root, paths, keys.key_id(), signature)


def _key(record: Record) -> str:
    """Bids only. An automatic one has no reference; a point is in none, so its place in the log can stand for it."""
    event = record.event
    return f"{event.data['by']}:{event.data['ref'] or f'.{record.seq}'}" if event.kind == "bid" else ""


def event(kind: str, at: datetime, **data: object) -> Event:
    return Event(kind, at, data)
