"""The sockets that only watch. They are told in slices, so that no bid waits for hundreds of them, and what happens
while they are told reaches them together in the next frame.

Telling a socket costs the machine some ten microseconds whatever the frame holds. With 500 watchers and fifty bids a
second one frame per bid would fill half of the loop's time; so the gallery rests after each round in proportion to
what the round cost, and takes a third of the loop's time at the most. A small audience costs nothing and never waits.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from bidding.rules.record import Record
from bidding.watcher import Watcher

SLICE = 32  # sockets told before the loop has its turn: about half a millisecond
REST = 2  # times what a round cost, before records are shown again


class Gallery:
    """`compose` makes the frame of records that have not been shown yet, with the state after the last of them."""

    def __init__(self, compose: Callable[[Sequence[Record]], str]) -> None:
        self.watchers: set[Watcher] = set()
        self._compose = compose
        self._frames: deque[str] = deque()
        self._unshown: list[Record] = []
        self._frame = ""
        self._round: Iterator[Watcher] = iter(())
        self._turn: asyncio.Handle | None = None  # of the next slice or round; None when there is nothing to tell
        self._cost = self._rested_at = 0.0

    def tell(self, records: Sequence[Record]) -> None:
        """Records that follow each other, and those told before; who comes later has them in its picture."""
        if not self.watchers:
            self._unshown.clear()
            return
        self._unshown.extend(records)
        self._wake()

    def show(self, frame: str) -> None:
        """A frame of its own, in turn with the others."""
        if self.watchers:
            self._frames.append(frame)
            self._wake()

    def _wake(self) -> None:
        if self._turn is None:
            self._begin()

    def _begin(self) -> None:
        """The next round, now or when the gallery has rested."""
        self._turn, now = None, time.monotonic()
        if self._frames:
            self._frame = self._frames.popleft()
        elif not self._unshown:
            return
        elif now < self._rested_at:
            self._turn = asyncio.get_running_loop().call_later(self._rested_at - now, self._begin)
            return
        else:
            records, self._unshown = self._unshown, []
            self._frame = self._compose(records)
        self._cost, self._round = 0.0, iter(list(self.watchers))
        self._slice()

    def _slice(self) -> None:
        """Some sockets of a round; then whoever else waits for the loop, then the next ones or the next round."""
        self._turn, began = None, time.monotonic()
        some = list(islice(self._round, SLICE))
        for watcher in some:
            if watcher in self.watchers:
                watcher.push(self._frame)
        now = time.monotonic()
        self._cost += now - began
        if len(some) < SLICE:
            self._rested_at = now + REST * self._cost
        following = self._slice if len(some) == SLICE else self._begin
        self._turn = asyncio.get_running_loop().call_soon(following)
