"""Jobs: rows written with the change that causes them, executed by Celery or by this process's runner threads.

A job runs inside one transaction together with its own "done" mark, so what it writes to the database happens
once; anything it does outside may happen again. Tasks are Celery `@shared_task` functions with JSON arguments.
"""

import logging
import threading
import traceback
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from celery import current_app, shared_task
from django.conf import settings
from django.db import close_old_connections, connection, transaction

from core import clock
from core.models import Job

log = logging.getLogger("market.jobs")
MAX_ATTEMPTS = 8
_wake = threading.Event()


def enqueue(task: str, *, run_at: datetime | None = None, key: str | None = None, **kwargs: Any) -> None:
    """Write a job row; with a `key` that exists already nothing is written."""
    row = Job(task=task, kwargs=kwargs, run_at=run_at or clock.now(), key=key)
    if key is None:
        row.save(force_insert=True)
    else:
        Job.objects.bulk_create([row], ignore_conflicts=True)
    if run_at is None:
        # Robust: what caused the job is done, whether the broker can be reached or not; the sweep picks the row up.
        transaction.on_commit(_notify if key else lambda: _dispatch(row.pk), robust=True)


def _notify() -> None:
    _wake.set()


def _dispatch(job_id: int) -> None:
    _wake.set()
    if settings.CELERY_BROKER_URL:
        run_job.apply_async([job_id], retry=False, ignore_result=True)


def execute(job_id: int) -> bool:
    """Run one due job if nobody else is running it; says whether it ran. Failures are kept and tried again later."""
    try:
        with transaction.atomic():
            job = Job.objects.select_for_update(skip_locked=True).filter(pk=job_id, state=Job.State.WAITING).first()
            if job is None:
                return False
            current_app.tasks[job.task].run(**job.kwargs)
            Job.objects.filter(pk=job_id).update(state=Job.State.DONE, done_at=clock.now(), attempts=job.attempts + 1)
    except Exception:  # noqa: BLE001 - the edge of the process: any fault becomes a row and a later try
        _failed(job_id, traceback.format_exc(limit=8))
    return True


@transaction.atomic
def _failed(job_id: int, error: str) -> None:
    """Note the failure, unless somebody else took the job up or finished it in the meantime."""
    job = Job.objects.select_for_update(skip_locked=True).filter(pk=job_id, state=Job.State.WAITING).first()
    if job is None:
        return
    job.attempts += 1
    job.last_error = error
    job.run_at = clock.now() + timedelta(seconds=2**job.attempts)
    if job.attempts >= MAX_ATTEMPTS:
        job.state = Job.State.DEAD
    job.save()
    log.warning("job %s %s failed, attempt %s: %s", job_id, job.task, job.attempts, error.splitlines()[-1])


def due(limit: int = 50) -> list[int]:
    """Ids of jobs that may run now, oldest first."""
    waiting = Job.objects.filter(state=Job.State.WAITING, run_at__lte=clock.now())
    return list(waiting.order_by("run_at", "pk").values_list("pk", flat=True)[:limit])


def drain() -> int:
    """Run everything that is due, here and now, until nothing is; returns how many ran. For seeds and tests."""
    count = 0
    while batch := due():
        ran = sum(execute(job_id) for job_id in batch)
        if not ran:
            break
        count += ran
    return count


@shared_task(name="core.run_job")
def run_job(job_id: int) -> None:
    execute(job_id)


@shared_task(name="core.sweep_jobs")
def sweep_jobs() -> None:
    """Pick up what a crash or a missing broker left behind."""
    for job_id in due():
        execute(job_id)


class Runners:
    """Runner threads and the clock of the embedded default; production uses Celery worker and beat instead."""

    def __init__(self, count: int, schedule: Mapping[str, float]) -> None:
        self._stop = threading.Event()
        self._schedule = schedule
        # Daemons: a process that dies without calling stop() must not hang on them; their work is transactional.
        self._threads = [threading.Thread(target=self._run, name=f"job-runner-{i}", daemon=True) for i in range(count)]
        self._threads.append(threading.Thread(target=self._tick, name="job-clock", daemon=True))

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let running jobs finish, then return."""
        self._stop.set()
        _wake.set()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            _wake.wait(timeout=1.0)
            _wake.clear()
            _guarded(drain)
        connection.close()

    def _tick(self) -> None:
        next_at = dict.fromkeys(self._schedule, clock.now())
        while not self._stop.wait(0.25):
            for name, every in self._schedule.items():
                if clock.now() >= next_at[name]:
                    next_at[name] = clock.now() + timedelta(seconds=every)
                    _guarded(current_app.tasks[name].run)
        connection.close()


def _guarded(work: Any) -> None:
    """Run work of a thread that must outlive any fault, such as a database that restarts."""
    try:
        close_old_connections()
        work()
    except Exception:
        log.exception("job thread")
