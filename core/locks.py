"""One at a time: a lock with a name, held until the transaction ends."""

from django.db import connection


def alone(name: str) -> None:
    """Wait until nobody else in the platform holds this name. Call inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
