"""The double's shelf in the database, over a connection of its own: what "Stripe" did stays done when we roll back."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection

from payments.stripe_double.shelf import Shelf, Thing

TURN = 7153420  # any number: whoever holds it works at the shelf
READ = "SELECT data FROM payments_doublerecord WHERE name = %s"
READ_ALL = "SELECT data FROM payments_doublerecord WHERE kind = %s ORDER BY id"
WRITE = """
INSERT INTO payments_doublerecord (name, kind, data) VALUES (%s, %s, %s)
ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, data = excluded.data
"""


class _Rows:
    def __init__(self, cursor: psycopg.Cursor[Any]) -> None:
        self._cursor = cursor

    def get(self, name: str) -> Thing | None:
        row = self._cursor.execute(READ, [name]).fetchone()
        return dict(row[0]) if row else None

    def put(self, thing: Thing) -> None:
        self._cursor.execute(WRITE, [thing["id"], thing["object"], json.dumps(thing, ensure_ascii=False)])

    def all(self, kind: str) -> list[Thing]:
        return [dict(data) for (data,) in self._cursor.execute(READ_ALL, [kind]).fetchall()]


class Database:
    """For the demo: it survives a restart together with the books."""

    @contextmanager
    def session(self) -> Iterator[Shelf]:
        settings = connection.get_connection_params()
        wanted = {name: settings[name] for name in ("dbname", "user", "password", "host", "port") if settings.get(name)}
        with psycopg.connect(**wanted) as own, own.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
            yield _Rows(cursor)
