"""Python's full collections, at moments when nobody bids.

With thousands of sockets open a full collection stops a server for 400 ms. Python makes one whenever enough was
allocated, which is when most is going on. Here they are made when no bid has come for a moment, as often as Python
would think of it, and under lasting load every few minutes all the same.
"""

import asyncio
import gc
import time

from bidding.committer import quiet

NEVER = 2**31 - 1
DUE = 10  # collections of the middle generation since the last full one: Python's own measure
MINUTE, LONGEST = 60.0, 300.0


class Pauses:
    """Runs in a server's event loop from start to stop."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None
        self._last = time.monotonic()
        self._before = gc.get_threshold()

    def start(self) -> None:
        gc.set_threshold(*self._before[:2], NEVER)
        self._task = asyncio.get_running_loop().create_task(self._run())

    def stop(self) -> None:
        gc.set_threshold(*self._before)
        if self._task is not None:
            self._task.cancel()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(1)
            if self.due(time.monotonic() - self._last):
                gc.collect()
                self._last = time.monotonic()

    def due(self, since: float) -> bool:
        """`since` are the seconds since the last one."""
        if gc.get_count()[2] < DUE:
            return False
        return since >= LONGEST or (since >= MINUTE and quiet())
