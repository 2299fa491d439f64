"""What the log of a competition shows, read once: which automatic bids follow what."""

from decimal import Decimal

from bidding import floors, log
from bidding.rules.board import Board
from bidding.rules.record import stamp


class View:
    sees = True

    def __init__(self, competition):
        self.records = list(log.read(competition))
        self.board = Board(competition).fold_all(self.records)
        self.seals = floors.read(competition)

    def after(self, by, ref):
        """The automatic bids that follow a bid, or a seal, of this bidder under this reference."""
        sealed = {seal.seq for seal in self.seals if (seal.by, seal.ref) == (by, ref)}
        cause = next((record.seq for record in self.records if record.seq in sealed or _is(record, by, ref)), None)
        return [] if cause is None else self._following(cause)

    def at_the_start(self):
        """Those before the first bid made by hand, if they say that they are from the start."""
        first = next((record for record in self.records if record.event.kind == "bid"), None)
        opening = first is not None and "auto" in first.event.data and self._opens(first)
        return self._following(first.seq - 1) if opening else []

    def _opens(self, record):
        """A seal handed in after the start causes automatic bids too; those of the start have its moment."""
        return stamp(record.event.at) == stamp(self.board.fixed.starts_at)

    def _following(self, seq):
        found = []
        for record in self.records[seq:]:
            data = record.event.data
            if record.event.kind == "bid" and "auto" in data:
                found.append((data["by"], Decimal(data["amount"])))
            elif record.event.kind != "extended":
                break
        return found

    def in_force(self):
        newest = {seal.by: seal.amount for seal in self.seals}
        return {by: amount for by, amount in newest.items() if amount is not None}


def _is(record, by, ref):
    data = record.event.data
    return record.event.kind == "bid" and "auto" not in data and (data["by"], data["ref"]) == (by, ref)
