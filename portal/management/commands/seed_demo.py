"""manage.py seed_demo: the people of the demo and their year of history, once, in the demo only."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from core import clock
from core.models import Job
from portal.demo import history
from portal.selectors import people


class Command(BaseCommand):
    help = "Fill an empty demo database with invented organisations and a year of history."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-history", action="store_true", help="people and short limits only")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo's people exist only in the demo, and this is not one.")
        cache.delete(people.KEY)
        if people.demo_people():
            self.stdout.write("The demo people are here already.")
            return
        began = time.monotonic()
        with transaction.atomic():
            self._fill(history_too=not options["no_history"])
        self.stdout.write(f"Seeded in {time.monotonic() - began:.1f} s.")

    def _fill(self, *, history_too: bool) -> None:
        """All or nothing: a seed that stopped half-way would never be finished."""
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")
        if history_too:
            history.make(clock.now())
        else:
            history.people_only()
        if broken := Job.objects.exclude(last_error="").first():
            raise CommandError(f"The job {broken.task} {broken.kwargs} failed:\n{broken.last_error}")
