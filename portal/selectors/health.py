"""Is the platform able to serve: database, migrations, jobs, clocks. Read by /readyz and by the operator's desk."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min, Q

from bidding import floors
from core import skew
from core.models import Job

STUCK_AFTER = timedelta(minutes=5)


@dataclass(frozen=True)
class JobHealth:
    """How the job rows stand; `oldest` is the due time of the job that waits longest."""

    waiting: int
    dead: int
    oldest: datetime | None
    stuck: bool


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
    """Competitions that cannot go on because a seal does not open. A warning: all others can."""
    try:
        return floors.unreadable()
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
