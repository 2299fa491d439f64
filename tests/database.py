"""The database between tests: what every market ships with is always there, everything else is gone.

Our append-only tables refuse TRUNCATE and DELETE, so a transactional test cannot end with Django's flush. Instead a
copy of all tables is kept in a schema of its own when the database is made, and put back after such a test with
triggers and foreign keys asleep.
"""

from django.db import connection, transaction
from django.test import TransactionTestCase

COPY = "pristine"
SKIPPED = "django_migrations"


def keep_copy() -> None:
    """Remember what the tables hold now."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {COPY} CASCADE; CREATE SCHEMA {COPY}")
        for table in _tables("public"):
            cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')
            if cursor.fetchone():
                cursor.execute(f'CREATE TABLE {COPY}."{table}" AS TABLE public."{table}"')


def restore() -> None:
    """Make the tables hold what they held when the copy was made."""
    kept = set(_tables(COPY))
    script = "SET LOCAL session_replication_role = replica; SET LOCAL lock_timeout = '20s';"
    for table in _tables("public"):
        script += f'DELETE FROM public."{table}";'
        if table in kept:
            columns = _columns(table)
            script += f'INSERT INTO public."{table}" ({columns}) SELECT {columns} FROM {COPY}."{table}";'
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(script)


def hang_up() -> None:
    """End every other session, so that the database can be dropped: server threads keep theirs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def install() -> None:
    """Let transactional tests end with `restore` instead of Django's flush."""
    TransactionTestCase._fixture_teardown = lambda _self: restore()


def _tables(schema: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename <> %s ORDER BY 1", [schema, SKIPPED]
        )
        return [row[0] for row in cursor.fetchall()]


def _columns(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(column_name) FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
        return ", ".join(row[0] for row in cursor.fetchall())
