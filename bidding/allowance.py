"""How fast frames may come."""

import time

FRAMES_PER_SECOND = 200
BURST = 400


class Allowance:
    """A token bucket: a burst at once, then so many a second."""

    __slots__ = ("_at", "_left")

    def __init__(self) -> None:
        self._left, self._at = float(BURST), time.monotonic()

    def take(self, cost: int = 1) -> bool:
        now = time.monotonic()
        self._left = min(BURST, self._left + (now - self._at) * FRAMES_PER_SECOND)
        self._at = now
        if self._left < cost:
            return False
        self._left -= cost
        return True
