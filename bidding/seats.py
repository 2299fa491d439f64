"""Bidders' sockets, and whether those who opened them may still bid: looked up for all of them together every few
seconds, so that no bid has to wait for it and nobody is overtaken meanwhile.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from accounts.claims import Claim, upheld
from agencies import selectors as agencies
from bidding import errors, selectors
from bidding.services.entries import BARRING
from bidding.threads import in_thread
from core import clock

MANY = 500  # looked up at once


class Verdict(Enum):
    GOOD = "good"
    BARRED = "barred"  # a restriction of the agency is in force
    ENDED = "ended"  # signed out, another password, no member any more, entry withdrawn


@dataclass(eq=False, slots=True)
class Seat:
    """One socket of a bidder; `ended` is called once, in the event loop, when it may not act any more."""

    entry_id: int
    claim: Claim
    ended: Callable[[], None]
    verdict: Verdict = Verdict.GOOD
    judged_at: float = field(default_factory=time.monotonic)

    def settle(self, verdict: Verdict) -> None:
        self.verdict, self.judged_at = verdict, time.monotonic()
        if verdict is Verdict.ENDED:
            self.ended()

    def age(self) -> float:
        """Seconds since it was last looked up."""
        return time.monotonic() - self.judged_at

    def refuse_barred(self) -> None:
        """Raises entry.restricted."""
        if self.verdict is Verdict.BARRED:
            raise errors.ENTRY_RESTRICTED()


async def look_up(seats: Sequence[Seat]) -> None:
    """Settle what becomes of each seat. Raises database errors; then they stay as they were."""
    for start in range(0, len(seats), MANY):
        some = seats[start : start + MANY]
        for seat, verdict in zip(some, await in_thread(judge, some), strict=True):
            seat.settle(verdict)


def judge(seats: Sequence[Seat]) -> list[Verdict]:
    good = upheld({seat.claim for seat in seats})
    standing = selectors.standing_entries([seat.entry_id for seat in seats])
    barred = agencies.restricted({seat.claim.organisation_id for seat in seats}, BARRING, clock.now())
    return [
        _verdict(seat, barred) if seat.claim in good and seat.entry_id in standing else Verdict.ENDED for seat in seats
    ]


def _verdict(seat: Seat, barred: frozenset[int]) -> Verdict:
    return Verdict.BARRED if seat.claim.organisation_id in barred else Verdict.GOOD
