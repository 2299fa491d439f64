"""Eight connections post at random while connections are cut: the short form of tests/payments/fire.py.

And controls: the same examination catches what is lost, doubled or bent.
"""

import random
import threading
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection

from core.audit import SYSTEM
from payments import ledger
from tests.payments import fire

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def run(seed, each):
    """Every worker a thread with its own connection; a connection is cut every few milliseconds. The answers."""
    world, answers, over = fire.World(), {}, threading.Event()

    def one(worker):
        fire.work(world, seed, worker, range(each), lambda number, said: answers.__setitem__((worker, number), said))

    workers = [threading.Thread(target=one, args=[worker]) for worker in range(fire.CONNECTIONS)]
    cutter = threading.Thread(target=cut, args=[random.Random(seed), over, own_backend()])
    for thread in (*workers, cutter):
        thread.start()
    for thread in workers:
        thread.join()
    over.set()
    cutter.join()
    return world, answers


def own_backend():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def cut(chance, over, spared):
    while not over.wait(chance.uniform(0.02, 0.2)):
        try:
            for pid in fire.backends(chance, spared)[:1]:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        except DatabaseError:
            connection.close()
    connection.close()


def test_books_stay_balanced_whole_and_never_overdrawn():
    world, answers = run(seed=20261122, each=60)
    said = fire.check(world, 20261122, answers)
    assert sum(said.values()) == 60 * fire.CONNECTIONS
    assert said[fire.POSTED] > 100
    assert said[fire.REFUSED] > 10


def test_the_examination_notices_a_lost_or_doubled_transfer():
    world, answers = run(seed=7, each=10)
    posted = next(place for place, said in answers.items() if said == fire.POSTED)
    with pytest.raises(AssertionError, match="lost or uncalled for"):
        fire.check(world, 7, {place: said for place, said in answers.items() if place != posted})
    lines = [(world.pots[0], -Decimal("1.00")), (world.source, Decimal("1.00"))]
    ledger.post(key="somebody:else", cause="fire", reference="x", lines=lines, by=SYSTEM)
    with pytest.raises(AssertionError):
        fire.check(world, 7, answers)
