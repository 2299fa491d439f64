"""Escrow, as plain numbers: where it stands, what a fee is, how long to wait before asking the provider again. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

FEN = Decimal("0.01")
ZERO = Decimal("0.00")


class State(StrEnum):
    UNPAID = "unpaid"
    PAYING = "paying"
    HELD = "held"
    FROZEN = "frozen"
    MOVING = "moving"
    SETTLED = "settled"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Facts:
    """Amounts in yuan. `due`: decided for the agency or back to the buyer, not yet done by the provider."""

    funded: bool = False
    cancelled: bool = False
    paying: bool = False
    stopped: bool = False
    held: Decimal = ZERO
    frozen: Decimal = ZERO
    due: Decimal = ZERO


def state(facts: Facts) -> State:
    """Where an escrow stands."""
    if facts.cancelled:
        return State.CANCELLED
    if not facts.funded:
        return State.PAYING if facts.paying else State.UNPAID
    if facts.stopped and facts.held + facts.frozen > 0:
        return State.FROZEN
    if facts.held + facts.frozen > 0:
        return State.HELD
    return State.MOVING if facts.due > 0 else State.SETTLED


def fee_of(amount: Decimal, share: Decimal) -> Decimal:
    """The platform's share of what is released, rounded half-even to fen."""
    return (amount * share).quantize(FEN, ROUND_HALF_EVEN)


def spread(amount: Decimal, lefts: Sequence[Decimal]) -> list[Decimal]:
    """An amount over parts in their order, each filled before the next. Raises ValueError when it does not fit."""
    rest, shares = amount, []
    for left in lefts:
        share = min(left, rest)
        shares.append(share)
        rest -= share
    if rest:
        raise ValueError("more than the parts can take")
    return shares


def pause(attempts: int, first: timedelta, longest: timedelta) -> timedelta:
    """How long to wait after so many failed attempts: doubled each time, never longer than the longest.

    >>> [pause(n, timedelta(seconds=30), timedelta(hours=1)).seconds for n in (1, 2, 3, 8, 40)]
    [30, 60, 120, 3600, 3600]
    """
    doubled: timedelta = first * (1 << min(max(attempts - 1, 0), 30))
    return min(doubled, longest)


def take(amount: Decimal, pots: Sequence[Decimal]) -> tuple[list[Decimal], Decimal]:
    """An amount out of pots in their order, and what none of them could give."""
    taken, rest = [], amount
    for pot in pots:
        share = min(max(pot, ZERO), rest)
        taken.append(share)
        rest -= share
    return taken, rest
