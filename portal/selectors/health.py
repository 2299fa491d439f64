"""Is the platform able to serve: database, migrations, jobs, clocks. Read by /readyz and by the operator's desk."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min, Q

from bidding import floors
from core import skew
from core.models import Job

STUCK_AFTER = timedelta(minutes=5)
LOOK_KEPT = 20.0  # seconds that a look at the seals is believed


@dataclass(frozen=True)
class JobHealth:
    """How the job rows stand; `oldest` is the due time of the job that waits longest."""

    waiting: int
    dead: int
    oldest: datetime | None
    stuck: bool


class SealsSeen:
    """Competitions with a seal that does not open, as each process has found them lately: a look opens hundreds of
    seals, and anybody may ask as often as he likes. One look at a time.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now, self._looking = now, Lock()
        self._found: list[int] = []
        self._until = float("-inf")

    def unreadable(self) -> list[int]:
        """Raises the database's errors; then the next who asks looks again."""
        with self._looking:
            if self._now() >= self._until:
                self._found = floors.unreadable()
                self._until = self._now() + LOOK_KEPT
            return self._found


_seals = SealsSeen()


def database() -> bool:
    """Does the database answer?"""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def database_version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0]).split()[0]


def migrated() -> bool:
    """Is every migration of the code applied?"""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def jobs(now: datetime) -> JobHealth:
    """Jobs are stuck when one that was due has waited longer than five minutes."""
    due = Q(state=Job.State.WAITING, run_at__lte=now)
    row = Job.objects.exclude(state=Job.State.DONE).aggregate(
        waiting=Count("pk", filter=Q(state=Job.State.WAITING)),
        dead=Count("pk", filter=Q(state=Job.State.DEAD)),
        oldest=Min("run_at", filter=due),
    )
    stuck = row["oldest"] is not None and now - row["oldest"] > STUCK_AFTER
    return JobHealth(row["waiting"], row["dead"], row["oldest"], stuck)


def dead_jobs(limit: int = 10) -> list[Job]:
    return list(Job.objects.filter(state=Job.State.DEAD).order_by("-run_at")[:limit])


def checks(now: datetime) -> dict[str, bool]:
    """Named checks of readiness; all true means ready. A dead database spares the others."""
    if not database():
        return {"database": False, "migrations": False, "jobs": False, "floors": False}
    if not migrated():
        return {"database": True, "migrations": False, "jobs": False, "floors": False}
    return {"database": True, "migrations": True, "jobs": not jobs(now).stuck, "floors": not floors.missing_keys()}


def unreadable_floors() -> list[int]:
    """Competitions that cannot go on because a seal does not open, as of a moment ago. A warning: all others can."""
    try:
        return _seals.unreadable()
    except DatabaseError:
        return []


def clock_lines() -> dict[str, float | int | bool | None]:
    """How far the clocks of the processes may be apart; empty without a database. A warning, not a reason to close."""
    try:
        found = skew.clocks()
    except DatabaseError:
        return {}
    return {
        "processes": found.processes,
        "bound_ms": milliseconds(found.bound),
        "limit_ms": milliseconds(skew.limit()),
        "within": not found.apart,
    }


def milliseconds(span: timedelta | None) -> float | None:
    return None if span is None else round(span / timedelta(milliseconds=1), 1)
