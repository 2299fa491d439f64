"""How fast frames may come, and how many sockets of strangers from one address."""

import time
from collections import Counter
from ipaddress import IPv6Address, ip_address
from typing import Any

from django.conf import settings

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


class Strangers:
    """Sockets of people who are not signed in, counted by address. Whoever is behind a proxy that does not say for whom
    it asks comes from this machine, and nothing from this machine is counted.
    """

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    def take(self, address: str) -> bool:
        """One more from this address; False when it has as many as it may."""
        if address and self._open[address] >= settings.SOCKETS_PER_ADDRESS:
            return False
        self._open[address] += 1
        return True

    def leave(self, address: str) -> None:
        self._open[address] -= 1
        if not self._open[address]:
            del self._open[address]


strangers = Strangers()


def stranger(scope: dict[str, Any]) -> str:
    """The address a socket is counted by, or "" when it is not. An IPv6 network, handed out whole, counts as one."""
    host = (scope.get("client") or ("",))[0]
    if scope["user"].is_authenticated:
        return ""
    try:
        address = ip_address(host)
    except ValueError:  # a Unix socket: whoever listens there is a proxy
        return ""
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    if address.is_loopback:
        return ""
    return str(address) if address.version == 4 else address.exploded[:19]
