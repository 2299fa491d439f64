"""The state a competition's events add up to. `board.fold(record)` takes one more; nothing else changes a board."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from bidding.rules.record import GENESIS, Event, Record, unstamp
from bidding.rules.terms import FEN, Terms


class ChainError(ValueError):
    """A record that does not follow the one before it."""


class Standing(NamedTuple):
    """An accepted bid: who (pseudonym), how much, and its place in the log."""

    by: str
    amount: Decimal
    seq: int
    at: datetime
    auto: bool = False  # made by a sealed floor


@dataclass(slots=True)
class Board:
    competition: int
    seq: int = 0
    head: str = GENESIS
    terms: Terms | None = None
    ends_at: datetime | None = None
    entrants: dict[str, str] = field(default_factory=dict)  # pseudonym -> commitment, withdrawn ones gone
    pseudonyms: set[str] = field(default_factory=set)  # every one ever given; none is given twice
    bids: list[Standing] = field(default_factory=list)
    lowest: dict[str, Standing] = field(default_factory=dict)  # each bidder's last bid, which is its lowest
    receipts: dict[str, int] = field(default_factory=dict)  # "pseudonym:ref" -> seq
    seals: dict[int, str] = field(default_factory=dict)  # seq -> commitment of a floor; whose and what stays covered
    begun: int = 0  # the record with which bidding began: from there floors act at once, not only at the start
    floors: list[dict[str, Any]] = field(default_factory=list)  # what was opened of the seals, after the close
    names: dict[str, dict[str, str]] = field(default_factory=dict)  # known only after the close
    excluded: set[str] = field(default_factory=set)  # may not be awarded: no longer fit to serve the need
    awards: list[Standing] = field(default_factory=list)
    closed_at: datetime | None = None
    closing_head: str = ""  # the head when entry and bidding were over; the draw is made from it
    draw_secret: str = ""
    failed: str = ""

    @property
    def fixed(self) -> Terms:
        """The terms of an opened competition."""
        if self.terms is None:
            raise ChainError("the competition has not been opened")
        return self.terms

    @property
    def end(self) -> datetime:
        """The end as it stands now."""
        return self.ends_at or self.fixed.ends_at

    @property
    def best(self) -> Standing | None:
        """Every accepted bid is lower than all before it, so the last one leads."""
        return self.bids[-1] if self.bids else None

    @property
    def next_max(self) -> Decimal | None:
        """The highest amount that would be accepted now; None when the price cannot fall further."""
        if not self.bids:
            return self.fixed.ceiling
        room = self.bids[-1].amount - self.fixed.step
        return room if room >= FEN else None

    def state(self, now: datetime) -> str:
        """scheduled, open, closing (end reached, last bids being counted), closed or failed."""
        if self.failed:
            return "failed"
        if self.closed_at is not None:
            return "closed"
        if now < self.fixed.starts_at:
            return "scheduled"
        return "open" if now < self.end else "closing"

    def fold(self, record: Record) -> None:
        """Take in the next record. Raises ChainError when it is not the next one."""
        if record.seq != self.seq + 1:
            raise ChainError(f"expected {self.seq + 1}, got {record.seq}")
        if record.prev != self.head:
            raise ChainError(f"record {record.seq} does not follow the {self.seq} known here")
        _FOLDS[record.event.kind](self, record.event, record.seq)
        self.seq, self.head = record.seq, record.hash

    def fold_all(self, records: Iterable[Record]) -> "Board":
        for record in records:
            self.fold(record)
        return self


def _opened(board: Board, event: Event, _seq: int) -> None:
    board.terms = Terms.from_json(event.data["terms"])
    board.ends_at = board.terms.ends_at


def _entered(board: Board, event: Event, _seq: int) -> None:
    board.entrants[event.data["by"]] = event.data["commitment"]
    board.pseudonyms.add(event.data["by"])


def _withdrawn(board: Board, event: Event, _seq: int) -> None:
    board.entrants.pop(event.data["by"], None)


def _bid(board: Board, event: Event, seq: int) -> None:
    by, auto = event.data["by"], "auto" in event.data
    standing = board.lowest[by] = Standing(by, Decimal(event.data["amount"]), seq, event.at, auto)
    board.bids.append(standing)
    board.begun = board.begun or seq
    if not auto:
        board.receipts[f"{by}:{event.data['ref']}"] = seq


def _extended(board: Board, event: Event, _seq: int) -> None:
    board.ends_at = unstamp(event.data["ends_at"])


def _floor_sealed(board: Board, event: Event, seq: int) -> None:
    board.seals[seq] = event.data["commitment"]
    if event.at >= board.fixed.starts_at:
        board.begun = board.begun or seq


def _closed(board: Board, event: Event, _seq: int) -> None:
    board.closed_at, board.closing_head = event.at, board.head


def _floors_opened(board: Board, event: Event, _seq: int) -> None:
    board.floors = list(event.data["floors"])


def _draw(board: Board, event: Event, _seq: int) -> None:
    board.draw_secret = event.data["secret"]


def _revealed(board: Board, event: Event, _seq: int) -> None:
    board.names = dict(event.data["names"])


def _excluded(board: Board, event: Event, _seq: int) -> None:
    board.excluded.add(event.data["by"])


def _awarded(board: Board, event: Event, seq: int) -> None:
    board.awards.append(Standing(event.data["by"], Decimal(event.data["amount"]), seq, event.at))
    board.failed = ""


def _failed(board: Board, event: Event, _seq: int) -> None:
    board.failed = event.data["reason"]


_FOLDS = {
    "opened": _opened,
    "entered": _entered,
    "withdrawn": _withdrawn,
    "bid": _bid,
    "extended": _extended,
    "floor_sealed": _floor_sealed,
    "closed": _closed,
    "floors_opened": _floors_opened,
    "draw": _draw,
    "revealed": _revealed,
    "excluded": _excluded,
    "awarded": _awarded,
    "failed": _failed,
}
