"""Bids on their way into the log: one queue per competition and process, one transaction for all that wait.

While a transaction runs the next bids gather; the next transaction takes them all. A bid alone waits for nobody.
A bid is acknowledged only after its transaction has committed.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from django.db import Error, InterfaceError, InternalError, OperationalError, connection, transaction

from bidding import broadcast, errors, floors, log, selectors
from bidding.holding import holder
from bidding.log import Head
from bidding.models import LogEvent, LogHead
from bidding.room import rooms
from bidding.rules.auction import Accepted, Offer, Refused, Repeated, decide, turnout_fault
from bidding.rules.board import Board, ChainError
from bidding.rules.proxy import Deposit
from bidding.rules.record import Record, merkle, stamp, unseal
from bidding.services.entries import BARRING
from bidding.services.floors import Book
from bidding.threads import committing, waiting
from core import clock
from core.errors import Refusal

logger = logging.getLogger("market.bidding")
LARGEST_BATCH = 256
KEPT_SECONDS = 60
QUIET_SECONDS = 2
LONGEST_QUEUE = 10_000  # what can be committed well within the time that a close waits
PATIENCE = 15.0  # seconds that bids wait for a database that is away
PAUSE = 0.1  # between two attempts to reach it
AWAY = (OperationalError, InterfaceError, InternalError)  # the last: our own transaction took too long
ASK_AGAIN = 0.3  # seconds until bids that came late are decided again while other processes still count


Asked = Offer | Deposit  # a bid, or a floor to bid for
Answer = dict[str, Any] | Refusal  # a receipt, or why not


@dataclass(frozen=True, slots=True, eq=False)
class Pending:
    """A bid or a floor that waits: what it is, when it reached the server, and whom to tell."""

    offer: Asked
    received_at: datetime
    tell: Callable[[Answer], None]


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction did: the board after it, its records, and an answer for each pending bid."""

    board: Board
    records: Sequence[Record]
    answers: Sequence[Answer]


class Committer:
    """The queue of one competition. Lives in one event loop; the transaction runs in a thread."""

    def __init__(self, competition_id: int) -> None:
        self.competition_id = competition_id
        self._waiting: list[Pending] = []
        self._late: list[Pending] = []
        self._last = set[Pending]()  # came late, and are decided for the last time
        self._running: asyncio.Task[None] | None = None
        self._board: Board | None = None
        self._kept = False  # did somebody else keep the lock the last time?
        self.used = time.monotonic()

    @property
    def idle(self) -> bool:
        return not self._waiting and not self._late and self._running is None

    def submit(self, pending: Pending) -> None:
        """Hand in a bid. It is told its receipt, or a refusal; bid.busy means: not counted, try again."""
        if len(self._waiting) + len(self._late) >= LONGEST_QUEUE:
            self._tell(pending, errors.BUSY())
            return
        holder().came(self.competition_id, pending, pending.received_at)
        self._waiting.append(pending)
        self._go_on()

    def _go_on(self) -> None:
        if self._running is None:
            self._running = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        """Until nobody waits. When a batch goes wrong its bidders are told, and the next one has its turn."""
        try:
            while self._waiting:
                bids, self._waiting = self._waiting[:LARGEST_BATCH], self._waiting[LARGEST_BATCH:]
                board, self._board = self._board, None  # a board that was in a transaction which failed is not true
                try:
                    await self._hold()
                    batch = await self._commit(board, bids)
                except Exception:
                    logger.exception("batch of competition %s not committed", self.competition_id)
                    for bid in bids:
                        self._tell(bid, errors.BUSY())
                else:
                    await self._spread(bids, batch)
        finally:
            self._running = None
            self.used = time.monotonic()

    async def _hold(self) -> None:
        """Near the end nobody may close while bids wait here. Without a database nobody can close either."""
        if holder().unsafe(self.competition_id, clock.now()):
            with contextlib.suppress(Error):
                await holder().hold(self.competition_id)

    async def _commit(self, board: Board | None, bids: Sequence[Pending]) -> Batch:
        """When the database is away, or somebody else keeps the lock, bids wait for it: those that did reach the log
        are recognised by their references. For a lock they wait apart, and other competitions do not wait with them.

        Raises the database's error when it stays away.
        """
        patience = time.monotonic() + PATIENCE
        while True:
            try:
                batch = await (waiting if self._kept else committing).run(commit, self.competition_id, board, bids)
            except log.LockKeptError:
                if self._kept and time.monotonic() > patience:
                    raise
                self._kept = True
            except AWAY:
                if time.monotonic() > patience:
                    raise
                board = None
                await asyncio.sleep(PAUSE)
            else:
                self._kept = False
                return batch

    async def _spread(self, bids: Sequence[Pending], batch: Batch) -> None:
        """After commit: receipts to the bidders, frames to this process's room, a note to the others."""
        self._board = batch.board
        holder().ends(self.competition_id, batch.board.end)
        answered = list(zip(bids, batch.answers, strict=True))
        late = [bid for bid, answer in answered if isinstance(answer, Refusal) and answer.kind is errors.BID_LATE]
        for bid, answer in answered:
            if bid not in late:
                self._tell(bid, answer)
        if batch.records:
            self._show(batch.records)
        if late:
            await self._answer_late(late)

    def _show(self, records: Sequence[Record]) -> None:
        """What is committed is committed: a room that stumbles must not stop the queue; it reads the log later."""
        try:
            rooms().deliver(self.competition_id, records)
        except Exception:
            logger.exception("room of competition %s not told", self.competition_id)
        broadcast.tell(self.competition_id, records[-1].seq)

    async def _answer_late(self, late: Sequence[Pending]) -> None:
        """What comes late may be the repetition of a bid that came in time and still waits, here or in another process.
        Nobody is told that such a bid does not count while others may, nor before it was decided once more after that:
        the last of them may have come into the log since it was decided.
        """
        if await self._others_count():
            self._last.difference_update(late)
            self._late += late
            asyncio.get_running_loop().call_later(ASK_AGAIN, self._ask_again)
            return
        sure = self._last.intersection(late)
        for bid in late:
            if bid in sure:
                self._tell(bid, errors.BID_LATE())
            else:
                self._last.add(bid)
                self._waiting.append(bid)

    async def _others_count(self) -> bool:
        """May bids from before the end still come into the log?"""
        if holder().owes(self.competition_id):
            return True
        try:
            return await holder().held_elsewhere(self.competition_id)
        except Error:
            return True

    def _ask_again(self) -> None:
        if self._late:
            self._waiting += self._late
            self._late = []
            self._go_on()

    def _tell(self, bid: Pending, answer: Answer) -> None:
        """A bidder who cannot be told must not keep the others from being told."""
        holder().answered(self.competition_id, bid)
        self._last.discard(bid)
        try:
            bid.tell(answer)
        except Exception:
            logger.exception("answer to a bid not delivered")


def commit(competition_id: int, board: Board | None, bids: Sequence[Pending]) -> Batch:
    """Decide on all waiting bids in one transaction, in the order they came. Runs in a committer thread.

    Raises the database's errors; after LockKeptError the board is as it was, after any other it is not to be used.
    """
    try:
        return _commit(competition_id, board, bids)
    except log.LockKeptError:
        raise
    except AWAY:
        if not connection.in_atomic_block:
            connection.close()
        raise


def _commit(competition_id: int, board: Board | None, bids: Sequence[Pending]) -> Batch:
    with transaction.atomic():
        board = _locked(competition_id, board)
        records, book = list[Record](), Book(board)
        barred = selectors.barred_since(competition_id, BARRING, clock.now())
        decisions = [
            errors.ENTRY_RESTRICTED()
            if _too_late(board, pending, barred, book)
            else _decide(board, pending, records, book)
            for pending in bids
        ]
        head = log.write(board, records) if records else None
        book.store()
    return Batch(board, records, [_reply(competition_id, decision, head, book) for decision in decisions])


def _locked(competition_id: int, known: Board | None) -> Board:
    """The board at the log's end, which stays there until the transaction ends. After a failover that lost commits the
    log may tell another story under the numbers known here; then it is read from the start.
    """
    seq, head = log.lock(competition_id)
    if known is not None and known.seq <= seq:
        with contextlib.suppress(ChainError):
            known.fold_all(log.read(competition_id, known.seq) if known.seq < seq else ())
            if known.head == head:
                return known
    return log.board(competition_id)


def _too_late(board: Board, pending: Pending, barred: Mapping[str, datetime], book: Book) -> bool:
    """Did it reach the server when its bidder might bid no more? What stands already keeps its receipt."""
    asked = pending.offer
    if asked.by not in barred or pending.received_at < barred[asked.by]:
        return False
    return not _counted(board, asked, book)


def _decide(board: Board, pending: Pending, records: list[Record], book: Book) -> Record | Refusal | Repeated:
    """Decide on one bid or floor and fold what it causes into the board; its own record is returned.

    A seal that does not open refuses those only whose decision needs it, and keeps nobody from a receipt.
    """
    asked, at = pending.offer, pending.received_at
    try:
        decision = _decision(board, asked, at, records, book)
    except floors.FloorKeyError:
        return _counted(board, asked, book) or errors.FLOOR_UNREADABLE()
    if isinstance(decision, Refused):
        return errors.BID_REFUSALS[decision.code](next_max=_shown(board.next_max), ceiling=board.fixed.ceiling)
    if isinstance(decision, Repeated):
        return decision
    caused = log.append(board, decision.events) if isinstance(decision, Accepted) else [decision]
    records.extend(caused)
    if board.seals and board.begun:
        records.extend(book.answer(at))
    return caused[0]


def _decision(
    board: Board, asked: Asked, at: datetime, records: list[Record], book: Book
) -> Record | Accepted | Refused | Repeated:
    """Raises FloorKeyError, with nothing folded, where the decision or what follows needs a seal that does not open."""
    if board.seals:
        records.extend(book.start(at))
    if not isinstance(asked, Offer):
        return book.deposit(asked, at)
    decision = decide(board, asked, at)
    if isinstance(decision, Accepted):
        if code := turnout_fault(board, at):
            return Refused(code)
        book.open()
    return decision


def _counted(board: Board, asked: Asked, book: Book) -> Repeated | None:
    """Does it stand in the log already? What else could be decided now does not matter then."""
    seq = board.receipts.get(f"{asked.by}:{asked.ref}") if isinstance(asked, Offer) else book.made(asked)
    return Repeated(seq) if seq else None


def _shown(amount: Decimal | None) -> str:
    return f"{amount:,.2f}" if amount is not None else "–"


def _reply(competition_id: int, decision: Record | Refusal | Repeated, head: Head | None, book: Book) -> Any:
    if isinstance(decision, Refusal):
        return decision
    if isinstance(decision, Repeated):
        return stored_receipt(competition_id, decision.seq)
    if head is None:
        raise ChainError("an accepted bid without a head")
    return receipt(decision, head, book.opening(decision))


def receipt(record: Record, head: Head, opening: dict[str, str] | None = None) -> dict[str, Any]:
    """What the bidder keeps: the record as it was hashed, and all that leads from its hash to the signature; of a
    floor, what its seal holds.
    """
    data = record.event.data
    return {
        **({"opening": opening} if opening else {"ref": data["ref"], "amount": data["amount"]}),
        "seq": record.seq,
        "at": stamp(record.event.at),
        "body": record.body,
        "hash": record.hash,
        "first": head.first,
        "last": head.last,
        "root": head.root,
        "path": list(head.paths[record.seq - head.first]),
        "key_id": head.key_id,
        "signature": head.signature,
    }


def stored_receipt(competition_id: int, seq: int) -> dict[str, Any]:
    """The receipt of a bid or a floor that is in the log already, made again from the log."""
    row = LogHead.objects.filter(competition_id=competition_id, last_seq__gte=seq).order_by("last_seq")[:1].get()
    rows = LogEvent.objects.filter(competition_id=competition_id, seq__range=(row.first_seq, row.last_seq))
    batch = list(rows.order_by("seq").values_list("hash", flat=True))
    body = LogEvent.objects.values_list("body", flat=True).get(competition_id=competition_id, seq=seq)
    root, paths = merkle(batch)
    head, record = Head(row.first_seq, row.last_seq, root, paths, row.key_id, row.signature), unseal(body)
    seal = floors.seal(competition_id, seq) if record.event.kind == "floor_sealed" else None
    return receipt(record, head, seal.opening() if seal else None)


_homes: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[int, Committer]] = WeakKeyDictionary()


def committer(competition_id: int) -> Committer:
    """This loop's committer of a competition. A new one makes those go that have had nothing to do for a minute."""
    committers = _homes.setdefault(asyncio.get_running_loop(), {})
    found = committers.get(competition_id)
    if found is None:
        now = time.monotonic()
        for key in [key for key, other in committers.items() if other.idle and now - other.used > KEPT_SECONDS]:
            del committers[key]
        found = committers[competition_id] = Committer(competition_id)
    return found


def quiet() -> bool:
    """Has no bid come in this loop for a moment?"""
    now = time.monotonic()
    committers = _homes.get(asyncio.get_running_loop(), {}).values()
    return all(one.idle and now - one.used > QUIET_SECONDS for one in committers)


def submit(
    competition_id: int, offer: Asked, tell: Callable[[Answer], None], received_at: datetime | None = None
) -> None:
    """The one way a bid or a floor takes, from a socket or a form. It counts by the moment it reached the server
    (default now).
    """
    committer(competition_id).submit(Pending(offer, received_at or clock.now(), tell))


def place_all(*, competition_id: int, offers: Sequence[tuple[Asked, datetime]]) -> list[Answer]:
    """Bids of those without an event loop, each with the moment it counts by: same rules, same log, one transaction."""
    batch = _insist(competition_id, [Pending(offer, at, _nobody) for offer, at in offers])
    if batch.records:
        transaction.on_commit(partial(broadcast.announce, competition_id, batch.records[-1].seq), robust=True)
    return list(batch.answers)


def _insist(competition_id: int, bids: Sequence[Pending]) -> Batch:
    """With the patience of a committer, where the transaction is nobody else's."""
    patience = time.monotonic() + PATIENCE
    while True:
        try:
            return commit(competition_id, None, bids)
        except AWAY:
            if connection.in_atomic_block or time.monotonic() > patience:
                raise
        time.sleep(PAUSE)


def _nobody(_answer: Answer) -> None:
    """Whoever placed bids together reads the answers together."""


async def place_bid(*, competition_id: int, offer: Asked, received_at: datetime) -> dict[str, Any]:
    """Submit a bid or a floor and wait for its receipt. Raises Refusal."""
    answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
    submit(competition_id, offer, lambda value: None if answer.done() else answer.set_result(value), received_at)
    result = await answer
    if isinstance(result, Refusal):
        raise result
    return result
