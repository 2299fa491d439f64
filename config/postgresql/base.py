"""The backend's only part that differs: how a connection comes out of the pool."""

from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg_pool import ConnectionPool

TRIES = 3


class DatabaseWrapper(base.DatabaseWrapper):
    """A pooled connection is tried before it is handed out, and one that is dead takes all others out of the pool.

    The pool's own check would try them one after the other and wait twice as long after each: with five dead ones, as
    a restart of the database leaves them, longer than anybody waits for a page. So CONN_HEALTH_CHECKS is off.
    """

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        for _try in range(TRIES):
            link = super().get_new_connection(conn_params)
            if not self.pool or _answers(link):
                return link
            self.pool.putconn(link)
            self.pool.drain()
        return super().get_new_connection(conn_params)


def _answers(link: "psycopg.Connection[Any]") -> bool:
    try:
        ConnectionPool.check_connection(link)
    except psycopg.Error:
        return False
    return True
