"""The live reverse auction: is this bid accepted, and does it move the end?

A bid counts by the moment it reached the server (`at`), not by when the queue let it through. In the last
`soft_close` of the time it moves the end to `at + extension`, never beyond the hard end, never back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from bidding.rules.board import Board
from bidding.rules.record import Event, stamp


@dataclass(frozen=True, slots=True)
class Offer:
    """A bid before it is one: pseudonym, amount with two places, the bidder's own reference."""

    by: str
    amount: Decimal
    ref: str


class Accepted(NamedTuple):
    events: Sequence[Event]


class Refused(NamedTuple):
    """`code` is one of bidding.errors."""

    code: str


class Repeated(NamedTuple):
    """This reference was accepted before, as record `seq`."""

    seq: int


def decide(board: Board, offer: Offer, at: datetime) -> Accepted | Refused | Repeated:
    if seq := board.receipts.get(f"{offer.by}:{offer.ref}"):
        return Repeated(seq)
    if code := _fault(board, offer, at):
        return Refused(code)
    bid = Event("bid", at, {"by": offer.by, "amount": str(offer.amount), "ref": offer.ref})
    end = new_end(board, at)
    if end is None:
        return Accepted([bid])
    return Accepted([bid, Event("extended", at, {"ends_at": stamp(end)})])


def _fault(board: Board, offer: Offer, at: datetime) -> str:
    if code := standing_fault(board, offer.by, at):
        return code
    if at < board.fixed.starts_at:
        return "bid.early"
    return _price_fault(board, offer.amount)


def standing_fault(board: Board, by: str, at: datetime) -> str:
    """What keeps a bidder from doing anything at all in this competition at this moment."""
    if board.closed_at is not None or board.failed:
        return "bid.closed"
    if by not in board.entrants:
        return "bid.not_entered"
    return "bid.late" if at >= board.end else ""


def turnout_fault(board: Board, at: datetime) -> str:
    """Once entry is over with fewer than the terms demand nothing can come of it but the failure, so nothing is taken.

    No part of `decide`, with which records are verified: older ones may hold such bids, and they change nothing.
    """
    few = at >= board.fixed.starts_at and len(board.entrants) < board.fixed.min_entrants
    return "bid.too_few" if few else ""


def _price_fault(board: Board, amount: Decimal) -> str:
    limit = board.next_max
    if limit is None:
        return "bid.bottom"
    if amount <= limit:
        return ""
    return "bid.step" if board.bids else "bid.above_ceiling"


def new_end(board: Board, at: datetime) -> datetime | None:
    """The end this bid moves the auction to, or None when it stays."""
    if board.end - at > board.fixed.soft_close:
        return None
    end = min(at + board.fixed.extension, board.fixed.hard_ends_at)
    return end if end > board.end else None
