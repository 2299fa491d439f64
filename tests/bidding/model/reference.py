"""The auction as one would explain it to a bidder. Shares nothing with bidding.rules: what the two agree on was said
twice.

What sealed floors bid is not worked out here (tests/bidding/rules does, against a price that falls fen by fen). It is
read from the log and held to what a bidder is promised: nobody is bid below its floor, nor against itself, nor more
than once in a row; and when the bidding rests, nobody who could still go along has been left out.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

FEN = Decimal("0.01")


class Unknown:
    """No look into the log: automatic bids are not foreseen."""

    def after(self, _by, _ref):
        return []

    def at_the_start(self):
        return []

    sees = False


@dataclass
class Auction:
    ceiling: Decimal
    step: Decimal
    starts_at: datetime
    end: datetime
    hard_end: datetime
    soft: timedelta
    extension: timedelta
    entrants: set[str] = field(default_factory=set)
    bids: list[tuple[str, str, Decimal]] = field(default_factory=list)  # who, reference ("" automatic), amount
    floors: dict[str, Decimal] = field(default_factory=dict)
    sealed: dict[tuple[str, str], Decimal | None] = field(default_factory=dict)  # who, reference -> what it holds
    begun: bool = False
    over: bool = False
    cancelled: bool = False
    seen: set[str] = field(default_factory=set)  # every pseudonym there ever was
    view: object = field(default_factory=Unknown)

    @property
    def limit(self) -> Decimal:
        """The highest amount that would be taken now; below one fen nothing is."""
        return self.bids[-1][2] - self.step if self.bids else self.ceiling

    def taken(self, by: str, ref: str) -> Decimal | None:
        """The amount under which this reference was taken before."""
        return next((amount for who, key, amount in self.bids if (who, key) == (by, ref)), None)

    def bid(self, by: str, ref: str, amount: Decimal, at: datetime) -> str:
        """Why not, or "" for a receipt."""
        self.start(at)
        if self.taken(by, ref) is not None:
            return ""
        fault = self._standing_fault(by, at) or self._fault(amount, at)
        if not fault:
            self.begun = True
            self._take(by, ref, amount, at)
            self._answered(by, ref, at)
        return fault

    def floor(self, by: str, ref: str, amount: Decimal | None, at: datetime) -> str:
        """The same for a floor, or for taking it back."""
        self.start(at)
        if (by, ref) in self.sealed:
            return ""
        fault, held = self._standing_fault(by, at), self.floors.get(by)
        if not fault and amount is not None and amount == held:
            return ""
        fault = fault or self._floor_fault(held, amount)
        if not fault:
            self.sealed[by, ref] = amount
            self.floors.pop(by, None)
            if amount is not None:
                self.floors[by] = amount
            self.begun = self.begun or at >= self.starts_at
            if self.begun:
                self._answered(by, ref, at)
        return fault

    def starts_with(self, at: datetime) -> bool:
        """Does whatever comes at this moment let the floors act that were sealed before the start?"""
        return not self.begun and not self.over and bool(self.floors) and at >= self.starts_at

    def start(self, at: datetime) -> None:
        """Floors from before the start act with it, whoever notices first."""
        if self.starts_with(at):
            self._automatic(self.view.at_the_start(), self.starts_at)
            self.begun = bool(self.bids)

    def _answered(self, by: str, ref: str, at: datetime) -> None:
        self._automatic(self.view.after(by, ref), max(at, self.starts_at))

    def _automatic(self, answers: list[tuple[str, Decimal]], at: datetime) -> None:
        for by, amount in answers:
            assert amount >= self.floors.get(by, amount + 1), f"{by} is bid below its floor, or has none"
            assert amount <= self.limit, "an automatic bid above what is taken"
            assert not self.bids or self.bids[-1][0] != by, f"{by} is bid against itself"
            self._take(by, "", amount, at)
        leader = self.bids[-1][0] if self.bids else ""
        if self.view.sees and self.limit >= FEN:
            left = [by for by, least in self.floors.items() if by in self.entrants and by != leader]
            assert all(self.floors[by] > self.limit for by in left), "a floor that could still bid was left out"

    def _take(self, by: str, ref: str, amount: Decimal, at: datetime) -> None:
        self.bids.append((by, ref, amount))
        if self.end - at <= self.soft:
            self.end = max(self.end, min(at + self.extension, self.hard_end))

    def _standing_fault(self, by: str, at: datetime) -> str:
        if self.over:
            return "bid.closed"
        if by not in self.entrants:
            return "bid.not_entered"
        return "bid.late" if at >= self.end else ""

    def _fault(self, amount: Decimal, at: datetime) -> str:
        if at < self.starts_at:
            return "bid.early"
        if self.limit < FEN:
            return "bid.bottom"
        return "" if amount <= self.limit else "bid.step" if self.bids else "bid.above_ceiling"

    def _floor_fault(self, held: Decimal | None, amount: Decimal | None) -> str:
        if amount is None:
            return "" if held is not None else "floor.none"
        if amount > self.ceiling:
            return "floor.above_ceiling"
        return "floor.passed" if self.limit < FEN or amount > self.limit else ""

    def ranking(self) -> list[str]:
        """Each bidder once, the lowest first: whoever bid last is lowest."""
        return list(dict.fromkeys(by for by, _ref, _amount in reversed(self.bids)))
