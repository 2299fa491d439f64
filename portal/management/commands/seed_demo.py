"""manage.py seed_demo: the people of the demo and their year of history, once, in the demo only."""

import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from core import clock
from core.models import Job
from core.workdays import LOCAL
from portal.demo import escrow, history
from portal.selectors import people


class Command(BaseCommand):
    help = "Fill an empty demo database with invented organisations and a year of history."
    _month = ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-history", action="store_true", help="people and short limits only")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo's people exist only in the demo, and this is not one.")
        cache.delete(people.KEY)
        if history.complete():
            self.stdout.write("The demo is seeded already.")
            return
        began = time.monotonic()
        with _unhurried_disk():
            self._fill(history_too=not options["no_history"])
        if broken := Job.objects.exclude(last_error="").first():
            raise CommandError(f"The job {broken.task} {broken.kwargs} failed:\n{broken.last_error}")
        self.stdout.write(f"Seeded in {time.monotonic() - began:.1f} s.")

    def _fill(self, *, history_too: bool) -> None:
        """Begin the demo, or end a seed that was interrupted: what it had made stays, with a shorter history."""
        if history_too and not people.demo_people():
            history.make(clock.now(), self._tell_month)
            escrow.scenes()
        history.people_only()

    def _tell_month(self, moment: datetime) -> None:
        month = f"{moment.astimezone(LOCAL):%Y-%m}"
        if month != self._month:
            self._month = month
            self.stdout.write(f"  {month}")
            self.stdout.flush()


@contextmanager
def _unhurried_disk() -> Iterator[None]:
    """Thousands of small commits that may be lost together: a crash here only shortens the history."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        yield
        cursor.execute("RESET synchronous_commit")
