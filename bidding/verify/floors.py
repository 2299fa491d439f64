"""Sealed floors: the openings fit their seals, and the automatic bids are exactly those that the floors make."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bidding.rules import proxy
from bidding.rules.board import Board
from bidding.rules.proxy import RESTRICTED, Seal
from bidding.rules.record import Event, Record
from bidding.verify.finding import BrokenError

UNKNOWN = "0.00"  # what an amount that stayed sealed counts as: lower than all others


def floors(records: Sequence[Record]) -> None:
    """Without openings (nothing was sealed, or the competition ended before its time) there is nothing to work out."""
    opened = _openings(records)
    if opened is None:
        _none_unsealed(records)
        return
    walk = _Walk(opened)
    for record in records:
        walk.take(record)


def _openings(records: Sequence[Record]) -> Mapping[int, Mapping[str, Any]] | None:
    """What was opened of each seal, by its number; every seal has its row, and every row fits."""
    sealed = [record for record in records if record.event.kind == "floor_sealed"]
    found = [record for record in records if record.event.kind == "floors_opened"]
    due = any(record.event.data.get("reason") == "time" for record in records) and bool(sealed)
    if len(found) != due:
        raise BrokenError(f"{len(found)} openings of floors where {int(due)} belongs")
    if not found:
        return None
    if records[found[0].seq - 2].event.kind != "closed":
        raise BrokenError(f"record {found[0].seq} does not open the floors right after the close")
    rows = found[0].event.data["floors"]
    if [row["seq"] for row in rows] != [record.seq for record in sealed]:
        raise BrokenError(f"record {found[0].seq} does not name every seal")
    for row, record in zip(rows, sealed, strict=True):
        _fits(row, record)
    return {row["seq"]: row for row in rows}


def _fits(row: Mapping[str, Any], record: Record) -> None:
    if proxy.commitment(row["by"], row["cover"]) != record.event.data["commitment"]:
        raise BrokenError(f"whose floor record {record.seq} seals does not open its commitment")
    if ("amount" in row) != ("salt" in row):
        raise BrokenError(f"the floor of record {record.seq} is opened by half")
    if "amount" in row and proxy.cover(row["amount"], row["salt"]) != row["cover"]:
        raise BrokenError(f"the amount of record {record.seq} does not open its cover")


def _none_unsealed(records: Sequence[Record]) -> None:
    """Automatic bids that cannot be worked out still need a seal before them."""
    for record in records:
        if record.event.kind == "floor_sealed":
            return
        if "auto" in record.event.data:
            raise BrokenError(f"bid {record.seq} is automatic, but nobody had sealed a floor")


class _Walk:
    """Through the record once more, with what is known of the floors; `_owed` are automatic bids that must come now."""

    def __init__(self, opened: Mapping[int, Mapping[str, Any]]) -> None:
        self._opened = opened
        self._board = Board(0)
        self._seals: list[Seal] = []
        self._owed: list[Event] = []
        self._cause: datetime | None = None  # of what has just happened, while its own extension may still come

    def take(self, record: Record) -> None:
        self._work_out(record.event)
        automatic = bool(self._owed)
        if automatic:
            self._is_owed(record)
        elif "auto" in record.event.data:
            raise BrokenError(f"bid {record.seq} is automatic, but no floor makes it")
        if record.event.kind == "closed":
            self._openings_are_right()
        self._board.fold(record)
        if record.event.kind == "floor_sealed":
            self._sealed(record, automatic)
        elif record.event.kind == "bid" and not automatic:
            self._cause = record.event.at

    def _work_out(self, event: Event) -> None:
        """What the floors do before this event."""
        if self._cause is not None and event.kind != "extended":
            self._owe(self._cause)
            self._cause = None
        elif not self._board.begun and self._begins(event):
            self._owe(self._board.fixed.starts_at)

    def _begins(self, event: Event) -> bool:
        if event.kind == "floor_sealed":
            return event.at >= self._board.fixed.starts_at
        return event.kind == "bid" or (event.kind == "closed" and event.data["reason"] == "time")

    def _owe(self, at: datetime) -> None:
        self._owed = proxy.answers(self._board, proxy.in_force(self._board, self._seals), at)

    def _is_owed(self, record: Record) -> None:
        """The next automatic bid; or the end of a floor that a restriction keeps from making one."""
        if record.event == self._owed[0]:
            self._owed = self._owed[1:]
            return
        row = self._opened.get(record.seq, {})
        bidders = {event.data["by"] for event in self._owed if event.kind == "bid"}
        if row.get("amount") != RESTRICTED or row["by"] not in bidders or record.event.at != self._owed[0].at:
            raise BrokenError(f"record {record.seq} stands where the floors make {self._owed[0].data.get('by')} bid")

    def _sealed(self, record: Record, automatic: bool) -> None:  # noqa: FBT001 - whether it came among automatic bids
        row = self._opened[record.seq]
        if row["by"] not in self._board.entrants:
            raise BrokenError(f"record {record.seq} seals a floor of {row['by']}, who has not entered")
        if not automatic and row.get("amount") == RESTRICTED:
            raise BrokenError(f"record {record.seq} ends a floor that was not about to bid")
        self._seals.append(Seal(record.seq, row["by"], row.get("amount", UNKNOWN), ""))
        if automatic:
            self._owe(self._owed[0].at)
        elif self._board.begun:
            self._cause = max(record.event.at, self._board.fixed.starts_at)

    def _openings_are_right(self) -> None:
        """Opened is only what was in force while there was bidding and can bid no more."""
        could_act = proxy.acted(self._board, self._seals)
        for seal in self._seals:
            amount = seal.amount if "amount" in self._opened[seal.seq] else None
            if amount is not None and not (seal.seq in could_act and proxy.passed(self._board, amount)):
                raise BrokenError(f"the floor of record {seal.seq} is opened although it was not passed")
