"""Clocks: every process that decides by time compares its own with the database's, again and again, and writes down how
far they are apart. What two processes may disagree by is then known, not hoped for.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import close_old_connections, connection

from core import clock
from core.models import ClockReading

log = logging.getLogger("market.clock")
EVERY = 20.0  # seconds
SAMPLES = 5
FRESH = timedelta(minutes=2)  # a reading older than this is of a process that is gone
KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Reading:
    """The process' clock minus the database's, wrong by at most `error`; read at a moment of the database."""

    at: datetime
    ahead: timedelta
    error: timedelta


@dataclass(frozen=True)
class Clocks:
    """`bound` is what the clocks of any two of the processes differ by at the most; None when none has been read."""

    processes: int
    bound: timedelta | None

    @property
    def apart(self) -> bool:
        """Do they differ by more than they may?"""
        return self.bound is not None and self.bound > limit()


def limit() -> timedelta:
    return timedelta(milliseconds=settings.CLOCK_LIMIT_MS)


def measure() -> Reading:
    """Ask the database for its time a few times; the quickest answer says it most exactly."""
    return min((_sample() for _ in range(SAMPLES)), key=lambda reading: reading.error)


def _sample() -> Reading:
    before, begun = clock.now(), time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs = cursor.fetchone()[0]
    half = timedelta(seconds=time.monotonic() - begun) / 2
    return Reading(theirs, before + half - theirs, half)


def write_down(process: str) -> Reading:
    """Measure and keep the latest reading of this process; those of processes long gone go."""
    reading = measure()
    ClockReading.objects.update_or_create(
        process=process, defaults={"read_at": reading.at, "ahead": reading.ahead, "error": reading.error}
    )
    ClockReading.objects.filter(read_at__lt=reading.at - KEPT).delete()
    return reading


def bound(readings: Sequence[Reading]) -> timedelta | None:
    """What any two clocks differ by at the most: from the earliest that one may show to the latest that another may.

    Example: one is 3 ms ahead, give or take 1; another 2 ms behind, give or take 1: at most 7 ms.
    """
    if not readings:
        return None
    latest = max(reading.ahead + reading.error for reading in readings)
    return latest - min(reading.ahead - reading.error for reading in readings)


def clocks() -> Clocks:
    """What the fresh readings of all processes say, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT read_at, ahead, error FROM core_clockreading"
            " WHERE read_at > clock_timestamp() - make_interval(secs => %s)",
            [FRESH.total_seconds()],
        )
        readings = [Reading(*row) for row in cursor.fetchall()]
    return Clocks(len(readings), bound(readings))


class Watch:
    """A thread that reads the clock as long as the process lives, and says so when it differs too much."""

    def __init__(self, role: str) -> None:
        self.process = f"{role} {socket.gethostname()}:{os.getpid()}"
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clock-watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends at once, or when the look that is under way is done."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            self._look()
            if self._stop.wait(EVERY):
                connection.close()
                return

    def _look(self) -> None:
        """A database that is away is told of elsewhere; the next look may find it."""
        try:
            close_old_connections()
            write_down(self.process)
            found = clocks()
        except Exception:
            log.exception("clock of %s not read", self.process)
            return
        if found.apart:
            log.warning("clocks of %s processes may differ by %s, more than %s", found.processes, found.bound, limit())
