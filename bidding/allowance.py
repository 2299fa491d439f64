"""How fast may be asked, and how many sockets may be open: by bidder, by person, by address."""

import time
from collections import Counter
from typing import Any
from weakref import WeakValueDictionary

from django.conf import settings

from core import addresses

PERSON = "user "
FRAMES_PER_SECOND = 200
BURST = 400
CROWD = 10  # times as much for an address, behind which may be many
REMEMBERED = 1000  # allowances at least, before those that are full again are forgotten


class Allowance:
    """A token bucket: a burst at once, then so many a second. What it takes, the one above must give too."""

    __slots__ = ("__weakref__", "_above", "_at", "_left", "_times")

    def __init__(self, times: int = 1, above: "Allowance | None" = None) -> None:
        self._times, self._above = times, above
        self._left, self._at = float(BURST * times), time.monotonic()

    def take(self, cost: int = 1) -> bool:
        self._fill()
        if self._left < cost or (self._above is not None and not self._above.take(cost)):
            return False
        self._left -= cost
        return True

    def _fill(self) -> None:
        now = time.monotonic()
        self._left = min(BURST * self._times, self._left + (now - self._at) * FRAMES_PER_SECOND * self._times)
        self._at = now

    @property
    def full(self) -> bool:
        """As good as a new one."""
        self._fill()
        return self._left >= BURST * self._times


class Allowances:
    """What is shared: by all that one bidder does in a competition, whichever way; by all sockets of one person; by all
    of one address. Who comes again soon finds what was left.
    """

    def __init__(self) -> None:
        self._known: dict[object, Allowance] = {}
        self._many = REMEMBERED

    def of_bidder(self, competition_id: int, pseudonym: str) -> Allowance:
        return self._shared((competition_id, pseudonym), 1)

    def of_visitor(self, key: str) -> Allowance:
        """Of a socket that only watches; `key` as from `counted`."""
        if key.startswith(PERSON):
            return self._shared(key, 1)
        return Allowance(above=self._shared(key, CROWD) if key else None)

    def _shared(self, key: object, times: int) -> Allowance:
        if key not in self._known and len(self._known) >= self._many:
            self._forget()
        return self._known.setdefault(key, Allowance(times))

    def _forget(self) -> None:
        """All that are as good as new and that no socket holds: one that came back to it would have two."""
        living = WeakValueDictionary(self._known)
        self._known = {key: one for key, one in self._known.items() if not one.full}
        self._known = dict(living)
        self._many = max(REMEMBERED, 2 * len(self._known))


class Sockets:
    """Open sockets, counted by person or, of people who are not signed in, by address. Whoever is behind a proxy that
    does not say for whom it asks comes from this machine, and strangers from this machine are not counted.
    """

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    def take(self, key: str) -> bool:
        """One more of this person or from this address; False when it has as many as it may."""
        if key and self._open[key] >= settings.SOCKETS_PER_ADDRESS:
            return False
        self._open[key] += 1
        return True

    def leave(self, key: str) -> None:
        self._open[key] -= 1
        if not self._open[key]:
            del self._open[key]


sockets = Sockets()
allowances = Allowances()


def counted(scope: dict[str, Any]) -> str:
    """What a socket is counted by, or "" when it is not: its user, or its address."""
    if scope["user"].is_authenticated:
        return f"{PERSON}{scope['user'].pk}"
    return addresses.counted((scope.get("client") or ("",))[0])
