"""A year passes: many lives, each a generator that says when it goes on, lived in the order of time."""

import heapq
import logging
from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from itertools import count

from core import clock, jobs
from ratings.tasks import reveal_due_ratings

log = logging.getLogger("market.demo")
Life = Generator[datetime, None, None]  # yields the moment at which it wants to go on
WEEK = timedelta(days=7)


class Timeline:
    """Lives that wait, the next one first. What lies after the end never happens."""

    def __init__(self, end: datetime) -> None:
        self._end = end
        self._order = count()
        self._waiting: list[tuple[datetime, int, Life]] = []

    def add(self, start: datetime, life: Life) -> None:
        heapq.heappush(self._waiting, (start, next(self._order), life))

    def run(self, told: Callable[[datetime], None] = lambda _moment: None) -> None:
        """Live until the end: each step at its own moment, with the jobs it causes. `told` hears of every moment."""
        while self._waiting and self._waiting[0][0] <= self._end:
            moment, _, life = heapq.heappop(self._waiting)
            told(moment)
            with clock.at(moment):
                wish = next(life, None)
                jobs.drain()
            if wish is not None:
                self.add(max(wish, moment), life)


def weeks(start: datetime, end: datetime) -> Life:
    """What the clock does once in a while: windows close, points expire."""
    moment = start
    while moment < end:
        yield moment
        reveal_due_ratings()
        moment += WEEK


def guarded(life: Life) -> Life:
    """What goes wrong ends one life, not the year: the demo starts with less rather than not at all, and says so."""
    try:
        yield from life
    except Exception:
        log.exception("a life of the demo ended early")
