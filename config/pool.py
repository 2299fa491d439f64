"""What the pool of database connections does when a new connection cannot be made for a while."""

import contextlib
from typing import Any

from psycopg_pool import ConnectionPool, PoolTimeout


def ask_again(pool: ConnectionPool[Any]) -> None:
    """Begin again when the pool has given up and somebody still waits: it would not do so before the next request, and
    whoever waits alone would wait in vain, though the database may be back. Used as the pool's `reconnect_failed`.
    """
    if pool.get_stats().get("requests_waiting"):
        with contextlib.suppress(PoolTimeout):  # who asks makes the pool grow, and stays no longer
            pool.putconn(pool.getconn(timeout=0.01))
