"""Who waits for a connection alone gets one when the database is back, though the pool gave up meanwhile; and who
comes first after a restart does not wait for every connection that died in it.
"""

import threading
import time
from contextlib import closing

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg_pool import ConnectionPool, PoolTimeout

from config.pool import ask_again

FAILS = 3  # the pool gives up after two


@pytest.fixture
def late():
    """A database that refuses at first; the pool's connections come from here."""
    tries = []

    class Late(psycopg.Connection):
        @classmethod
        def connect(cls, *args, **kwargs):
            tries.append(1)
            if len(tries) <= FAILS:
                raise psycopg.OperationalError("not yet")
            return super().connect(*args, **kwargs)

    return Late


def pool(late, **options):
    row = settings.DATABASES["default"]
    where = {"host": row["HOST"] or row["OPTIONS"].get("host"), "dbname": "postgres", "user": row["USER"]}
    return ConnectionPool(
        kwargs={name: value for name, value in where.items() if value},
        connection_class=late, min_size=0, max_size=1, reconnect_timeout=0.2, open=True, **options,
    )  # fmt: skip


def test_who_waits_is_served_when_the_database_is_back(late):
    with closing(pool(late, reconnect_failed=ask_again)) as made, made.connection(timeout=30) as link:
        assert link.execute("SELECT 1").fetchone() == (1,)


def test_the_pool_by_itself_would_not_try_again(late):
    with closing(pool(late)) as made, pytest.raises(PoolTimeout):
        made.getconn(timeout=5)


def test_the_product_s_pool_does():
    assert settings.DATABASES["default"]["OPTIONS"]["pool"]["reconnect_failed"] is ask_again


def visit(meanwhile=lambda: None):
    """As a request does, in a thread of its own: take the thread's connection, use it, give it back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        meanwhile()
    connection.close()


def together(count, meanwhile):
    visitors = [threading.Thread(target=visit, args=[meanwhile]) for _ in range(count)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()


@pytest.mark.django_db(transaction=True)
def test_after_a_restart_the_first_visitor_is_served_though_many_connections_died():
    connection.ensure_connection()  # one of its own: not one of those that the visitors give back
    together(8, threading.Barrier(8).wait)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        assert len(cursor.fetchall()) >= 8
    began = time.monotonic()
    together(1, lambda: None)
    assert time.monotonic() - began < 3
