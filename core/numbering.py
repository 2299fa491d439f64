"""Numbers people can read out: "ZX-2026-000123". Gapless per series because the series row is locked."""

from django.db import connection

from core import clock
from core.workdays import LOCAL


def next_number(prefix: str) -> str:
    """The next number of a prefix in the current year; call inside the transaction that uses it."""
    series = f"{prefix}-{clock.now().astimezone(LOCAL).year}"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_numberseries (series, last) VALUES (%s, 1) "
            "ON CONFLICT (series) DO UPDATE SET last = core_numberseries.last + 1 RETURNING last",
            [series],
        )
        (last,) = cursor.fetchone()
    return f"{series}-{last:06d}"
