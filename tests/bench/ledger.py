"""Transfers per second through payments.ledger beside pgbench's for the same inserts, and what a balance costs as an
account grows from a thousand to a million entries (it must not cost more).
"""

import re
import statistics
import subprocess
import tempfile
import threading
import time
from decimal import Decimal
from pathlib import Path

from tests.bench import market
from tests.bench.report import percentile, publish

SECONDS = 5
CLIENTS = 4
ACCOUNTS = 64
SIZES = (1_000, 10_000, 100_000, 1_000_000)
LOOKS = 200

# What one transfer writes, as plain SQL: two accounts held in order, the transfer, its two entries.
PLAIN = r"""
\set one random(1, {half})
\set other random(1, {half})
\set fen random(1, 100000)
BEGIN;
SELECT id FROM payments_account WHERE id IN ({first} + :one, {first} + {half} + :other) ORDER BY id FOR NO KEY UPDATE;
INSERT INTO payments_transfer (key, digest, at, cause, reference, rules_ref, note)
  VALUES (gen_random_uuid()::text, repeat('a', 64), clock_timestamp(), 'bench', 'bench:1', '', '')
  RETURNING id AS moved, at AS moment \gset
INSERT INTO payments_entry (transfer_id, account_id, at, amount)
  VALUES (:moved, {first} + :one, ':moment', :fen / 100.0),
         (:moved, {first} + {half} + :other, ':moment', -:fen / 100.0);
END;
"""


def accounts(first_reference: str, count: int = ACCOUNTS):
    """Neighbouring accounts that may go either way."""
    from payments import ledger

    return [ledger.account("provider_cash", None, f"{first_reference}:{number}") for number in range(count)]


def pgbench(programs: Path, first: int, clients: int) -> float:
    """Transfers per second of pgbench, the same triggers and constraints included."""
    from django.conf import settings

    script = Path(tempfile.mkdtemp()) / "transfer.sql"
    script.write_text(PLAIN.format(first=first - 1, half=ACCOUNTS // 2))
    found = settings.DATABASES["default"]
    host = found["OPTIONS"].get("host") or found["HOST"]
    command = [programs / "pgbench", "-n", "-c", str(clients), "-j", "2", "-T", str(SECONDS), "-f", script, "-h", host,
               "-U", "postgres", "--max-tries=100", found["NAME"]]  # fmt: skip
    out = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True).stdout
    return float(re.search(r"tps = ([\d.]+)", out)[1])


class Posting:
    """Clients that post one transfer after the other, each in a transaction of its own."""

    def __init__(self, pots) -> None:
        self.pots = pots
        self.posted = [0] * CLIENTS

    def run(self, clients: int) -> float:
        """Transfers per second."""
        self.posted, over = [0] * clients, time.monotonic() + SECONDS
        workers = [threading.Thread(target=self._post, args=[number, over]) for number in range(clients)]
        began = time.monotonic()
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        return sum(self.posted) / (time.monotonic() - began)

    def _post(self, number: int, over: float) -> None:
        import random
        import uuid

        from django.db import connection

        from core.audit import SYSTEM
        from payments import ledger

        chance, half = random.Random(number), ACCOUNTS // 2
        while time.monotonic() < over:
            one, other = self.pots[chance.randrange(half)], self.pots[half + chance.randrange(half)]
            amount = Decimal(chance.randint(1, 100_000)) / 100
            ledger.post(key=uuid.uuid4().hex, cause="bench", reference="bench:1",
                        lines=[(one, amount), (other, -amount)], by=SYSTEM)  # fmt: skip
            self.posted[number] += 1
        connection.close()


def grow(pots, have: int, size: int) -> None:
    """Add entries to both accounts until each has `size`, with the triggers asleep: a million takes long."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            """
            INSERT INTO payments_transfer (key, digest, at, cause, reference, rules_ref, note)
            SELECT 'grow:' || n, '', timestamptz '2020-01-01' + n * interval '1 minute', 'bench', 'bench:2', '', ''
            FROM generate_series(%(from)s, %(to)s) n
            """,
            {"from": have + 1, "to": size},
        )
        for sign, pot in zip((1, -1), pots, strict=True):
            cursor.execute(
                """
                INSERT INTO payments_entry (transfer_id, account_id, seq, at, amount, debits, balance)
                SELECT t.id, %(pot)s, n, t.at, %(sign)s, greatest(%(sign)s, 0) * n, %(sign)s * n
                FROM (SELECT id, at, substr(key, 6)::bigint AS n FROM payments_transfer WHERE key LIKE 'grow:%%') t
                WHERE n BETWEEN %(from)s AND %(to)s
                """,
                {"pot": pot.pk, "sign": sign, "from": have + 1, "to": size},
            )
            cursor.execute(
                "UPDATE payments_account SET balance = %s, debits = %s, entries = %s, last_at = (SELECT max(at) FROM"
                " payments_transfer WHERE key LIKE 'grow:%%') WHERE id = %s",
                [sign * size, max(sign, 0) * size, size, pot.pk],
            )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE payments_entry; ANALYZE payments_transfer; ANALYZE payments_account")


def cost(pot, size: int) -> tuple[float, float]:
    """Milliseconds of the balance now and of one at a random moment: the median of many looks."""
    import random
    from datetime import UTC, datetime, timedelta

    from payments import ledger

    chance, start = random.Random(size), datetime(2020, 1, 1, tzinfo=UTC)
    now, then = [], []
    for _ in range(LOOKS):
        moment = start + timedelta(minutes=chance.randint(1, size))
        now.append(_timed(lambda: ledger.balance(pot)))
        then.append(_timed(lambda moment=moment: ledger.balance(pot, moment)))
    assert ledger.balance(pot) == size
    assert ledger.balance(pot, start + timedelta(minutes=size / 2)) == size // 2
    return statistics.median(now), percentile(then, 0.5)


def _timed(look) -> float:
    began = time.perf_counter()
    look()
    return (time.perf_counter() - began) * 1000


def main() -> None:
    with market.database() as programs:
        figures, rows = {}, []
        pots = accounts("bench")
        for clients in (1, CLIENTS):
            theirs = pgbench(programs, pots[0].pk, clients)
            ours = Posting(pots).run(clients)
            figures |= {f"pgbench_{clients}": theirs, f"ledger_{clients}": ours, f"share_{clients}": ours / theirs}
            rows += [
                (f"pgbench, {clients} clients, transfers/s", f"{theirs:,.0f}"),
                (f"ledger, {clients} clients, transfers/s", f"{ours:,.0f}"),
            ]
        growing, have = accounts("grow", 2), 0
        for size in SIZES:
            grow(growing, have, size)
            have = size
            now, then = cost(growing[0], size)
            figures |= {f"balance_now_ms_{size}": now, f"balance_then_ms_{size}": then}
            rows.append((f"balance of {size:,} entries, now / any moment, ms", f"{now:.2f} / {then:.2f}"))
        from django.db import connection

        connection.close()
        connection.close_pool()
    publish("ledger", figures, rows)


if __name__ == "__main__":
    main()
