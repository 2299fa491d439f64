"""Sealed floors at work: what every transaction that holds a competition's lock does with them."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from bidding import floors, log
from bidding.log import event
from bidding.models import Entry
from bidding.rules import outcome, proxy
from bidding.rules.auction import Refused, Repeated
from bidding.rules.board import Board
from bidding.rules.proxy import RESTRICTED, Deposit, Seal
from bidding.rules.record import Event, Record
from bidding.services.appending import keep, locked_board
from bidding.services.entries import barred
from core import chance, clock

logger = logging.getLogger("market.bidding")


class Book:
    """The floors of one competition while its lock is held. Where there are none it reads nothing and does nothing.

    What it returns is sealed and folded into the board already; the caller writes it and, with `store`, the seals.
    """

    __slots__ = ("_board", "_closed", "_fresh", "_legible", "_seals")

    def __init__(self, board: Board) -> None:
        self._board, self._fresh = board, 0
        self._seals: list[Seal] | None = None
        self._legible: list[Seal] | None = None
        self._closed: floors.FloorKeyError | None = None

    @property
    def seals(self) -> list[Seal]:
        """Raises FloorKeyError."""
        return self.open()

    def open(self) -> list[Seal]:
        """One look at the seals, also when they do not open. Raises FloorKeyError, each time it is asked for then."""
        if self._closed is not None:
            raise self._closed
        if self._seals is None:
            self._seals = self._read()
        return self._seals

    def _read(self) -> list[Seal]:
        try:
            return floors.read(self._board.competition) if self._board.seals else []
        except floors.FloorKeyError as closed:
            logger.exception("floors of competition %s do not open", self._board.competition)
            self._closed = closed
            raise

    def made(self, deposit: Deposit) -> int | None:
        """The seal that this deposit has led to already, found also where others do not open. One look, as with `open`:
        who may not bid any more could ask hundreds of times.
        """
        seals = self._seals
        if seals is None:
            seals = self._legible = floors.legible(self._board.competition) if self._legible is None else self._legible
        return next((seal.seq for seal in seals if (seal.by, seal.ref) == (deposit.by, deposit.ref)), None)

    def start(self, now: datetime) -> list[Record]:
        """What the floors do that were sealed before the start, once it has come."""
        board = self._board
        if not board.seals or board.begun or board.closed_at or now < board.fixed.starts_at or outcome.too_few(board):
            return []
        return self.answer(board.fixed.starts_at)

    def answer(self, at: datetime) -> list[Record]:
        """The automatic bids after something that happened at this moment."""
        records: list[Record] = []
        while self._board.seals and (events := self._due(at)):
            out = self._barred(events)
            if out is None:
                return records + log.append(self._board, events)
            records.append(self._seal(out, RESTRICTED, "", events[0].at))
        return records

    def _due(self, at: datetime) -> list[Event]:
        return proxy.answers(self._board, proxy.in_force(self._board, self.seals), at)

    def _barred(self, events: Sequence[Event]) -> str | None:
        """Somebody whom a restriction keeps from bidding now, by hand or by a floor."""
        names = {bid.data["by"] for bid in events if bid.kind == "bid"}
        entries = Entry.objects.filter(competition_id=self._board.competition, pseudonym__in=names)
        now = clock.now()
        return next((entry.pseudonym for entry in entries.order_by("pk") if barred(entry.agency_id, now)), None)

    def deposit(self, deposit: Deposit, at: datetime) -> Record | Refused | Repeated:
        """Raises FloorKeyError before anything is done, also where there is no key to seal with."""
        floors.known()
        decided = proxy.decide(self._board, deposit, at, self.seals)
        return self._seal(deposit.by, decided, deposit.ref, at) if isinstance(decided, str) else decided

    def _seal(self, by: str, held: str, ref: str, at: datetime) -> Record:
        salt, seals = chance.token(), self.seals
        [record] = log.append(
            self._board, [event("floor_sealed", at, commitment=proxy.commitment(by, proxy.cover(held, salt)))]
        )
        seals.append(Seal(record.seq, by, held, salt, ref))
        self._fresh += 1
        return record

    def opening(self, record: Record) -> dict[str, str] | None:
        """What the receipt of a new seal says to its owner; None for a bid."""
        if record.event.kind != "floor_sealed":
            return None
        return next(seal for seal in self.seals if seal.seq == record.seq).opening()

    def store(self) -> None:
        if self._fresh:
            floors.write(self._board.competition, self.seals[-self._fresh :])
            self._fresh = 0


@transaction.atomic
def begin(*, competition_id: int) -> bool:
    """Let the floors act that were sealed before the start, once it has come. Whoever looks may do it."""
    board, now = locked_board(competition_id), clock.now()
    if board.closed_at or board.failed or outcome.too_few(board) or now >= board.end:
        return False
    return started(board, Book(board), now)


def started(board: Board, book: Book, now: datetime) -> bool:
    """The same for who holds the lock already. Says whether anything happened."""
    records = book.start(now)
    if records:
        keep(board, records)
        book.store()
    return bool(records)
