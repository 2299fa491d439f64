"""Credit recomputation from a thousand to a million events, in a market of many files and in one file that grows.

full         every tally made anew from all rows (`tally_all`), beside the limit: PostgreSQL adding up the points of
             the same rows and nothing else
incremental  one row more through `record_credit`, beside the limit: the same row and the agency's figure as two plain
             statements in one transaction. It must not cost more in a long file than in a short one
page         the public credit page of a file of some fifty rows, now and as of a day, through all of Django, beside the
             limit: reading the rows of that file and nothing else. It must not cost more in a large market
by the rule  the pure rule reading all rows of one file, as the page of that file does: grows with the file,
             so it is not asked about a file of a million, where row by row is compared with all in one

Before anything is printed, tallies are compared with the pure rule. What it is at is told meanwhile: a statement that
the database lists as INSERT is more often the tallies being made than rows.
"""

import gc
import os
import random
import statistics
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from tests.bench import market
from tests.bench.report import percentile, publish

SIZES = (1_000, 10_000, 100_000, 1_000_000)
ROWS_A_FILE = 50
ROUNDS = 3
WRITES = 200
READS = 50
COMPARED = 100
TOLD_AT = 100_000
READ_TO = 100_000

GROW = """
INSERT INTO ratings_creditevent (agency_id, kind, points, summary, source, source_key, legal_basis, happened_at,
  published_at, expires_at, rules_ref)
SELECT %(first)s + n %% %(files)s,
  (ARRAY['milestone_on_time', 'milestone_late', 'award_won', 'rating_received'])[1 + n %% 4],
  (ARRAY[0.50, -1.00, 0, 0.50])[1 + n %% 4], '{}', '/', %(name)s || n, '', at, at,
  at + (ARRAY[183, 365, 1095])[1 + n %% 3] * interval '1 day', 'credit@1'
FROM (SELECT n, %(now)s::timestamptz - (n::bigint * 7919 %% 1500) * interval '1 day' - interval '1 hour' AS at
      FROM generate_series(%(from)s, %(to)s) n) rows
"""
# Every hundredth row is taken back.
CORRECT = """
INSERT INTO ratings_creditevent (agency_id, kind, points, summary, source, source_key, legal_basis, happened_at,
  published_at, expires_at, rules_ref, corrects_id)
SELECT agency_id, 'correction', 0, '{}', '/', 'correction:' || id, '', happened_at + interval '30 minutes',
  happened_at + interval '30 minutes', NULL, 'credit@1', id
FROM ratings_creditevent e WHERE id %% 100 = 0 AND corrects_id IS NULL AND id > %(after)s
"""
LIMIT = "SELECT agency_id, sum(points) FROM ratings_creditevent WHERE expires_at > %s GROUP BY agency_id"
PLAIN_ROW = """
INSERT INTO ratings_creditevent (agency_id, kind, points, summary, source, source_key, legal_basis, happened_at,
  published_at, expires_at, rules_ref) VALUES (%s, 'milestone_late', -1, '{}', '/', %s, '', %s, %s, %s, 'credit@1')
"""
ROWS = "SELECT * FROM ratings_creditevent WHERE agency_id = %s"
PLAIN_FIGURE = "UPDATE agencies_agency SET score = 99, scored_at = %s WHERE organisation_id = %s"


def files(count: int) -> int:
    """So many agencies with nothing in their files; returns the number of the first."""
    from accounts.models import Organisation, Region
    from agencies.models import Agency
    from core import clock

    now, region = clock.now(), Region.objects.get(pk="131000")
    rows = [
        Organisation(kind="agency", name=f"机构{n}", credit_code=f"{n:018d}", region=region, contact_name="甲",
                     contact_phone="0316-2051234", registered_at=now) for n in range(count)
    ]  # fmt: skip
    made = Organisation.objects.bulk_create(rows, batch_size=5_000)
    Agency.objects.bulk_create(
        [Agency(organisation=row, commitment_version="1", committed_at=now) for row in made], batch_size=5_000
    )
    return made[0].pk


def grow(first: int, count: int, have: int, size: int, name: str) -> None:
    """Rows until there are `size`, every hundredth taken back on top; the triggers sleep meanwhile."""
    from django.db import connection, transaction

    print(f"  … {size:,} rows in {count:,} files", file=sys.stderr, flush=True)
    values = {"first": first, "files": count, "from": have + 1, "to": size, "name": name, "now": datetime.now(UTC)}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SELECT coalesce(max(id), 0) FROM ratings_creditevent")
        (after,) = cursor.fetchone()
        cursor.execute(GROW, values)
        cursor.execute(CORRECT, {"after": after})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE ratings_creditevent")


def empty() -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM ratings_tally")
        cursor.execute("ALTER TABLE ratings_creditevent DISABLE TRIGGER ratings_creditevent_append_only")
        cursor.execute("TRUNCATE ratings_creditevent CASCADE")
        cursor.execute("ALTER TABLE ratings_creditevent ENABLE TRIGGER ratings_creditevent_append_only")


def adding_up() -> float:
    """Seconds PostgreSQL takes to add up the points: the best of a few rounds."""
    from django.db import connection

    return min(_timed(lambda: _fetch(connection, LIMIT, [datetime.now(UTC)])) for _ in range(ROUNDS))


def full() -> float:
    """Seconds every tally takes: the best of as many rounds."""
    from ratings.services.tally import tally_all

    return min(_timed(tally_all) for _ in range(ROUNDS))


def incremental(agencies, name: str) -> list[float]:
    """Milliseconds of each of many rows through `record_credit`, one transaction each."""
    from ratings.services import record_credit

    def write(number: int) -> None:
        record_credit(agency_id=agencies(number), kind="milestone_late", source="/", source_key=f"{name}:{number}",
                      summary={"need": "环评", "milestone": "报告", "days": 1})  # fmt: skip

    return [_timed(lambda number=number: write(number)) * 1000 for number in range(WRITES)]


def plain(agencies, name: str) -> list[float]:
    """Milliseconds of the same row and figure as plain statements, one transaction each."""
    from django.db import connection, transaction

    def write(number: int) -> None:
        now = datetime.now(UTC)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(PLAIN_ROW, [agencies(number), f"{name}:{number}", now, now, now + timedelta(days=183)])
            cursor.execute(PLAIN_FIGURE, [now, agencies(number)])

    return [_timed(lambda number=number: write(number)) * 1000 for number in range(WRITES)]


def by_the_rule(agency_id: int) -> tuple[float, Decimal]:
    """Seconds of the pure rule over all rows of one file, reading them included, and the total."""
    from core import clock, rulesets
    from ratings.models import CreditEvent
    from ratings.rules.points import parameters
    from ratings.rules.score import score

    began = time.perf_counter()
    rows = CreditEvent.objects.filter(agency_id=agency_id).iterator(chunk_size=5_000)
    found = score((row.happening for row in rows), parameters(rulesets.current("credit").parameters), clock.now())
    return time.perf_counter() - began, found.total


def compare(agency_ids) -> None:
    """Do the kept tallies say what the rule says of the rows?"""
    for agency_id in agency_ids:
        _agree(agency_id, by_the_rule(agency_id)[1])


def _agree(agency_id: int, expected: Decimal) -> None:
    found = _kept(agency_id)
    assert found == expected, f"agency {agency_id}: tally {found}, expected {expected}"


def _kept(agency_id: int) -> Decimal:
    from core import rulesets
    from ratings.models import Tally
    from ratings.rules import tally as tallies
    from ratings.rules.points import parameters
    from ratings.services.tally import _plain

    rules = parameters(rulesets.current("credit").parameters)
    return tallies.total(_plain(Tally.objects.get(pk=agency_id)), rules).total


def reading(agency_ids) -> list[float]:
    """Milliseconds of reading all rows of a file, for each of these files."""
    from django.db import connection

    return [_timed(lambda pk=pk: _fetch(connection, ROWS, [pk])) * 1000 for pk in agency_ids]


def pages(agency_ids, day: str = "") -> tuple[list[float], list[float]]:
    """Milliseconds each page took by the wall, and of those the computing of this process."""
    from django.conf import settings
    from django.test import Client, override_settings

    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # nothing was collected for hashes
    query, wall, computing = {"as_of": day} if day else {}, [], []
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}), as_served():
        client = Client(headers={"host": "localhost"})
        for agency_id in (agency_ids[0], *agency_ids):
            busy, began = time.process_time(), time.perf_counter()
            assert client.get(f"/agencies/{agency_id}/credit/", query).status_code == 200
            wall.append((time.perf_counter() - began) * 1000)
            computing.append((time.process_time() - busy) * 1000)
    return wall[1:], computing[1:]  # the first one reads the templates


@contextmanager
def as_served():
    """Full collections wait, as they do in a server while pages are asked for (`config.pauses`)."""
    from config.pauses import NEVER

    before = gc.get_threshold()
    gc.set_threshold(*before[:2], NEVER)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _timed(act) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _fetch(connection, sql: str, values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.fetchall()


def of_a_market(figures, rows) -> None:
    """Many files of some fifty rows each."""
    chance, have = random.Random(7), 0
    first = files(SIZES[-1] // ROWS_A_FILE)
    for size in SIZES:
        used = max(1, size // ROWS_A_FILE)
        if have:
            empty()
        grow(first, used, 0, size, "market:")
        have = size
        pick = [first + chance.randrange(used) for _ in range(WRITES)]
        rows.append((f"{size:>9,} events in {used:,} files", ""))
        in_full(size, pick, figures, rows)
        row_by_row(size, pick, figures, rows)
        read(size, pick[:READS], figures, rows)
        if size == TOLD_AT:
            of_everybody(first, used, figures, rows)


def in_full(size: int, pick, figures, rows) -> None:
    limit, ours = adding_up(), full()
    compare(pick[:COMPARED])
    figures |= {f"full_s_{size}": ours, f"sum_s_{size}": limit, f"full_share_{size}": ours / limit}
    rows += [
        ("          full, s (events/s)", f"{ours:.3f} ({size / ours:,.0f})"),
        ("          limit: adding up the points only, s", f"{limit:.3f}"),
    ]


def row_by_row(size: int, pick, figures, rows) -> None:
    theirs = plain(pick.__getitem__, f"plain {size}")
    full()  # what was written past the service is in
    written = incremental(pick.__getitem__, f"row {size}")
    compare(pick[:COMPARED])
    figures |= {f"row_ms_{size}": statistics.median(written), f"row_p99_ms_{size}": percentile(written, 0.99),
                f"plain_ms_{size}": statistics.median(theirs)}  # fmt: skip
    rows += [
        ("          one row more, ms, median / p99", _both(written)),
        ("          limit: plain row and figure, ms, median / p99", _both(theirs)),
    ]


def read(size: int, pick, figures, rows) -> None:
    day = f"{datetime.now(UTC) - timedelta(days=100):%Y-%m-%d}"
    limit, (now, now_busy), (past, past_busy) = reading(pick), pages(pick), pages(pick, day)
    figures |= {f"page_p95_ms_{size}": percentile(now, 0.95), f"page_computing_ms_{size}": statistics.median(now_busy),
                f"page_as_of_p95_ms_{size}": percentile(past, 0.95),
                f"page_rows_p95_ms_{size}": percentile(limit, 0.95)}  # fmt: skip
    rows += [
        ("          page, ms, median / p95 (computing, median; target p95 50)", _page(now, now_busy)),
        ("          page as of a day, ms, the same", _page(past, past_busy)),
        ("          limit: that file's rows only, ms, median / p95", _both(limit, 0.95)),
    ]


def of_everybody(first: int, count: int, figures, rows) -> None:
    """Telling standings, as on a day when the rules change."""
    from agencies.models import Agency
    from ratings.services import rescore_all

    Agency.objects.filter(pk__in=range(first, first + count)).update(score_rules="credit@0")
    seconds = _timed(rescore_all)
    told = Agency.objects.filter(score_rules="credit@1").count()
    assert told == count, (told, count)
    figures |= {"everybody_s": seconds, "everybody": told}
    label = f"          new rules: {told:,} standings told, each with its audit line, s (ms each)"
    rows.append((label, f"{seconds:.1f} ({seconds / told * 1000:.1f})"))


def of_one_file(figures, rows) -> None:
    """One agency whose file grows: what a row more costs must stay, what reading the file costs grows with it."""
    from ratings.services import rescore

    empty()
    first, have = files_again(), 0
    for size in SIZES:
        grow(first, 1, have, size, "one:")
        have = size
        full()
        rescore(agency_id=first)
        written = incremental(lambda _number: first, f"one {size}")
        figures[f"file_row_ms_{size}"] = statistics.median(written)
        rows.append((f"one file of {size:>9,} rows: one row more, ms, median / p99", _both(written)))
        if size <= READ_TO:
            seconds, total = by_the_rule(first)
            figures[f"file_rule_s_{size}"] = seconds
            rows.append(("          by the rule over all its rows, s", f"{seconds:.2f}"))
        else:
            total = _kept(first)
            full()
        _agree(first, total)


def files_again() -> int:
    from agencies.models import Agency

    return Agency.objects.order_by("pk").values_list("pk", flat=True)[0]


def _both(values, share: float = 0.99) -> str:
    return f"{statistics.median(values):.2f} / {percentile(values, share):.2f}"


def _page(wall, computing) -> str:
    return f"{_both(wall, 0.95)} ({statistics.median(computing):.2f})"


def main() -> None:
    with market.database():
        from config import shipping

        shipping.ship()
        figures: dict[str, float] = {}
        rows: list[tuple[str, str]] = []
        of_a_market(figures, rows)
        of_one_file(figures, rows)
        rows.append(
            (f"load of the machine's {os.cpu_count()} cores, this process included", f"{os.getloadavg()[2]:.1f}")
        )
        from django.db import connection

        connection.close()
        connection.close_pool()
    publish("credit", figures, rows)


if __name__ == "__main__":
    main()
