"""Database connections: what ends one whose other side is gone, and what the pool does when no new one can be made for
a while.
"""

import contextlib
from typing import Any

from psycopg_pool import ConnectionPool, PoolTimeout

# A machine that is cut off says nothing: who waits for its answer finds out in ten seconds, and not in two hours.
LINK: dict[str, Any] = {
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
# What a stopped process had locked, or one that is cut off, the database lets go. Bidding's own threads ask for less.
IDLE_MS = 60_000


def lasting(given: dict[str, Any]) -> dict[str, Any]:
    """Options of a connection; what the address says itself counts."""
    own = f"-c idle_in_transaction_session_timeout={IDLE_MS} {given.get('options', '')}"
    return LINK | given | {"options": own.strip()}


def ask_again(pool: ConnectionPool[Any]) -> None:
    """Begin again when the pool has given up and somebody still waits: it would not do so before the next request, and
    whoever waits alone would wait in vain, though the database may be back. Used as the pool's `reconnect_failed`.
    """
    if pool.get_stats().get("requests_waiting"):
        with contextlib.suppress(PoolTimeout):  # who asks makes the pool grow, and stays no longer
            pool.putconn(pool.getconn(timeout=0.01))
