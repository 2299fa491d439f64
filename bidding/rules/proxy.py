"""Sealed floors: the platform bids for a bidder down to an amount that nobody sees (docs/verification.md).

A floor answers whenever its bidder does not lead. Of floors that meet, the lower one wins one step below the other's
last stand; of equal ones the earlier. That outcome is worked out at once, however many steps lie between, so a record
holds each floor's last stand and not hundreds of bids; decision 0008 says why not step by step.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from bidding.rules.auction import Refused, Repeated, new_end, standing_fault, turnout_fault
from bidding.rules.board import Board
from bidding.rules.record import Event, stamp
from bidding.rules.terms import FEN

TAKEN_BACK, RESTRICTED = "taken_back", "restricted"  # what a seal holds in place of an amount when it ends a floor
MOST_SEALS = 50  # of one bidder in one competition; taking back is always possible
Automatic = tuple[str, Decimal]  # who bids how much


@dataclass(frozen=True, slots=True, order=True)
class Floor:
    """A floor in force. Ordered as they meet: the lower first, of equal ones the one sealed earlier."""

    amount: Decimal = field(repr=False)
    seq: int
    by: str = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Deposit:
    """What a bidder asks for: a floor of this amount in place of any other; None takes back the one in force."""

    by: str
    amount: Decimal | None = field(repr=False)
    ref: str


@dataclass(frozen=True, slots=True)
class Seal:
    """One seal with what it holds: an amount, or why the floor ended. `ref` is the bidder's own key for it."""

    seq: int
    by: str = field(repr=False)
    held: str = field(repr=False)
    salt: str = field(repr=False)
    ref: str = field(default="", repr=False)

    @property
    def amount(self) -> Decimal | None:
        return None if self.held in (TAKEN_BACK, RESTRICTED) else Decimal(self.held)

    def opening(self) -> dict[str, str]:
        """What its owner keeps: with it the commitment in the record can be made again."""
        return {"by": self.by, "amount": self.held, "salt": self.salt}


def cover(held: str, salt: str) -> str:
    """What hides the amount of a seal whose bidder is known."""
    return hashlib.sha256(f"{held}|{salt}".encode()).hexdigest()


def commitment(by: str, covered: str) -> str:
    """What the record shows of a seal."""
    return hashlib.sha256(f"{by}|{covered}".encode()).hexdigest()


def in_force(board: Board, seals: Sequence[Seal]) -> dict[str, Floor]:
    """Each entrant's newest seal, where it holds an amount."""
    newest = {seal.by: seal for seal in seals if seal.by in board.entrants}
    return {by: Floor(seal.amount, seal.seq, by) for by, seal in newest.items() if seal.amount is not None}


def decide(board: Board, deposit: Deposit, at: datetime, seals: Sequence[Seal]) -> str | Refused | Repeated:
    """What the new seal is to hold; or why there is none, or which one is this one already."""
    mine = [seal for seal in seals if seal.by == deposit.by]
    for seal in mine:
        if seal.ref == deposit.ref:
            return Repeated(seal.seq)
    if code := standing_fault(board, deposit.by, at) or turnout_fault(board, at):
        return Refused(code)
    held = mine[-1].amount if mine else None
    if deposit.amount is None:
        return Refused("floor.none") if held is None else TAKEN_BACK
    if deposit.amount == held:
        return Repeated(mine[-1].seq)
    return Refused(code) if (code := _fault(board, deposit.amount, len(mine))) else str(deposit.amount)


def _fault(board: Board, amount: Decimal, seals: int) -> str:
    if amount > board.fixed.ceiling:
        return "floor.above_ceiling"
    if amount > (board.next_max or 0):
        return "floor.passed"
    return "floor.too_many" if seals >= MOST_SEALS else ""


def answers(board: Board, floors: Mapping[str, Floor], at: datetime) -> list[Event]:
    """The automatic bids that are due now, with the extension that the first of them causes."""
    at = max(at, board.fixed.starts_at)
    events = [
        Event("bid", at, {"by": by, "amount": str(amount), "ref": "", "auto": True})
        for by, amount in automatic(board, floors)
    ]
    if events and (end := new_end(board, at)):
        events.insert(1, Event("extended", at, {"ends_at": stamp(end)}))
    return events


def automatic(board: Board, floors: Mapping[str, Floor]) -> list[Automatic]:
    """Who bids how much, in order. Without a floor that can and should, nobody."""
    leader, limit, step = board.best.by if board.best else "", board.next_max or Decimal(0), board.fixed.step
    challenge: list[Automatic] = []
    while True:
        others = sorted(floor for floor in floors.values() if floor.by != leader and floor.amount <= limit)
        if not others or limit < FEN:
            return challenge
        own = [floor for by, floor in floors.items() if by == leader and floor.amount <= limit - step]
        if not own or own[0] < others[0]:
            return challenge + _meeting(sorted(others + own), limit, step)
        leader = others[0].by
        challenge.append((leader, limit))
        limit -= step


def _meeting(floors: Sequence[Floor], limit: Decimal, step: Decimal) -> list[Automatic]:
    """Floors in order, the leader's among them only when it is the first: last stands, highest first."""
    first, *rest = floors
    if not rest or first.amount > limit - step:
        return [(first.by, limit)]
    stand = max(rest[0].amount, first.amount + step)
    bids = [(first.by, stand - step)]
    for floor in rest:
        stand = max(floor.amount, bids[-1][1] + step)
        if stand > limit:
            break
        bids.append((floor.by, stand))
    return bids[::-1]


def passed(board: Board, amount: Decimal) -> bool:
    """Could this floor not bid any more, whoever leads?"""
    return amount > (board.next_max or 0)


def acted(board: Board, seals: Sequence[Seal]) -> set[int]:
    """The seals that were in force when bidding began, or came later."""
    begun = board.begun or board.seq + 1
    before = in_force(board, [seal for seal in seals if seal.seq < begun])
    return {floor.seq for floor in before.values()} | {seal.seq for seal in seals if seal.seq >= begun}


def opening(board: Board, seals: Sequence[Seal], at: datetime) -> list[Event]:
    """What the record says of all seals when bidding is over."""
    if not seals:
        return []
    could_act = acted(board, seals)
    return [Event("floors_opened", at, {"floors": [_opened(board, seal, could_act) for seal in seals]})]


def _opened(board: Board, seal: Seal, could_act: Collection[int]) -> dict[str, object]:
    whose: dict[str, object] = {"seq": seal.seq, "by": seal.by, "cover": cover(seal.held, seal.salt)}
    if seal.amount is None or (seal.seq in could_act and passed(board, seal.amount)):
        return whose | {"amount": seal.held, "salt": seal.salt}
    return whose
