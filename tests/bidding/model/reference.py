"""The auction as one would explain it to a bidder, in thirty lines. Shares nothing with bidding.rules: what the two
agree on was said twice.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

FEN = Decimal("0.01")


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
    bids: list[tuple[str, str, Decimal]] = field(default_factory=list)  # who, reference, amount; in order
    over: bool = False
    cancelled: bool = False
    seen: set[str] = field(default_factory=set)  # every pseudonym there ever was

    @property
    def limit(self) -> Decimal:
        """The highest amount that would be taken now; below one fen nothing is."""
        return self.bids[-1][2] - self.step if self.bids else self.ceiling

    def taken(self, by: str, ref: str) -> Decimal | None:
        """The amount under which this reference was taken before."""
        return next((amount for who, key, amount in self.bids if (who, key) == (by, ref)), None)

    def bid(self, by: str, ref: str, amount: Decimal, at: datetime) -> str:
        """Why not, or "" for a receipt."""
        if self.taken(by, ref) is not None:
            return ""
        fault = self._fault(by, amount, at)
        if not fault:
            self.bids.append((by, ref, amount))
            if self.end - at <= self.soft:
                self.end = max(self.end, min(at + self.extension, self.hard_end))
        return fault

    def _fault(self, by: str, amount: Decimal, at: datetime) -> str:
        if self.over:
            return "bid.closed"
        if by not in self.entrants:
            return "bid.not_entered"
        if not self.starts_at <= at < self.end:
            return "bid.early" if at < self.starts_at else "bid.late"
        if self.limit < FEN:
            return "bid.bottom"
        return "" if amount <= self.limit else "bid.step" if self.bids else "bid.above_ceiling"

    def ranking(self) -> list[str]:
        """Each bidder once, the lowest first: whoever bid last is lowest."""
        return list(dict.fromkeys(by for by, _ref, _amount in reversed(self.bids)))
