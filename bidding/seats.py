"""Bidders' sockets, and whether those who opened them may still act: looked up for all of them together every few
seconds, so that no bid has to wait for it and nobody is overtaken meanwhile.

Whether a restriction keeps their agency from bidding is no matter of seats: the committer asks that under the lock,
where what stands in the log already keeps its receipt.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from accounts.claims import Claim, upheld
from bidding import selectors
from bidding.threads import in_thread

MANY = 500  # looked up at once


@dataclass(eq=False, slots=True)
class Seat:
    """One socket of a bidder; `ended` is called once, in the event loop, when it may not act any more."""

    entry_id: int
    claim: Claim
    ended: Callable[[], None]
    over: bool = False  # signed out, another password, no member any more, entry withdrawn
    judged_at: float = field(default_factory=time.monotonic)

    def settle(self, *, over: bool) -> None:
        self.over, self.judged_at = over, time.monotonic()
        if over:
            self.ended()

    def age(self) -> float:
        """Seconds since it was last looked up."""
        return time.monotonic() - self.judged_at


async def look_up(seats: Sequence[Seat]) -> None:
    """Settle what becomes of each seat. Raises database errors; then they stay as they were."""
    for start in range(0, len(seats), MANY):
        some = seats[start : start + MANY]
        for seat, over in zip(some, await in_thread(judge, some), strict=True):
            seat.settle(over=over)


def judge(seats: Sequence[Seat]) -> list[bool]:
    """Which of them are over."""
    good = upheld({seat.claim for seat in seats})
    standing = selectors.standing_entries([seat.entry_id for seat in seats])
    return [seat.claim not in good or seat.entry_id not in standing for seat in seats]
