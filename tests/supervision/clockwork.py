"""A room of the tests' own, whose steps are whatever a test says, and people to own them."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from core import clock
from core.steps import Step
from core.workdays import LOCAL, Limit, load
from supervision import sources
from supervision.models import Step as Row
from supervision.services import clocks
from supervision.sources import Source, always
from tests.accounts import people
from tests.site.city import PDF

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=LOCAL)  # a plain week follows, and another
WEEK = {"n": 5, "unit": "working_days"}


class Room:
    """`steps`: what it tells. `moves`: the ends it was given. A room with `keeps` moves its own ends."""

    def __init__(self, *, keeps=False):
        self.steps: dict[str, Step] = {}
        self.moves = []
        self.keeps = keeps

    def add(self, owner, *, reference="thing:1", start=MONDAY, limit=WEEK, due=None, **more):
        due = due or Limit.of(limit).end(start, load())
        self.steps[reference] = Step(
            kind="room.act", reference=reference, owner_org=owner, title="一件事", path="/needs/1/",
            started_at=start, due_at=due, limit=limit, **more,
        )  # fmt: skip
        return self.steps[reference]

    def change(self, reference="thing:1", **to):
        self.steps[reference] = replace(self.steps[reference], **to)

    def close(self, at, reference="thing:1"):
        self.change(reference, closed_at=at)

    def read(self):
        return list(self.steps.values())

    def move(self, reference, due):
        self.moves.append((reference, due))
        self.change(reference, due_at=due)
        return True


@contextmanager
def watched(room):
    """The clock follows this room only."""
    before = list(sources.SOURCES)
    sources.SOURCES[:] = [Source("room", always(room.read), {"room.act": room.move} if room.keeps else {})]
    try:
        yield room
    finally:
        sources.SOURCES[:] = before


def look(at):
    with clock.at(at):
        return clocks.watch()


def row(reference="thing:1"):
    return Row.objects.get(reference=reference)


def colours(reference="thing:1"):
    return {card.colour: card.raised_at for card in row(reference).cards.all()}


def department(number=9700, name="廊坊市生态环境局"):
    """An organisation of that kind and its owner."""
    user = people.user(f"dora{number}@example.com")
    return people.organisation("department", number, user, name=name), user


def days(count, hours=0):
    return timedelta(days=count, hours=hours)


def order():
    """The document a supervisor's stop rests on."""
    return SimpleUploadedFile("暂停决定.pdf", PDF, "application/pdf")


def pretend(rows, **columns):
    """Make steps what the database lets no step become, for tests of how they read."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        rows.update(**columns)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
