"""A process that hangs while it holds a competition's lock: stopped, or cut off from the database, before its commit.
Bids wait for it a few seconds, not until somebody's network gives up.
"""

import asyncio
import statistics
import threading
import time
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, transaction
from psycopg import connect

from bidding import committer, log, tasks, threads
from bidding.rules.auction import Offer
from bidding.services import closing
from bidding.threads import in_thread, in_turn
from core import clock
from core.money import Money
from tests.bidding import world

pytestmark = pytest.mark.django_db(transaction=True)

build = partial(in_thread, world.competition)
board_of = partial(in_thread, log.board)


@pytest.fixture(autouse=True)
def _short(monkeypatch):
    monkeypatch.setattr(threads, "LOCK_MS", 200)
    monkeypatch.setattr(threads, "BRIEF_MS", 400)
    monkeypatch.setattr(threads, "IDLE_MS", 600)


def placed(place, number, amount, ref=""):
    offer = Offer(place.entries[number].pseudonym, Money.of(amount).amount, ref or f"locked-{number:04d}")
    return committer.place_bid(competition_id=place.pk, offer=offer, received_at=clock.now())


def stranger():
    """A session of its own, without our timeouts: as of somebody at the database's own console."""
    return connect(**{key: connection.get_connection_params()[key] for key in ("dbname", "user", "host")})


def lock(link, place):
    link.execute("SELECT FROM bidding_competition WHERE id = %s FOR UPDATE", [place.pk])


async def test_bids_wait_for_a_lock_no_longer_than_for_a_database_that_is_away(monkeypatch):
    monkeypatch.setattr(committer, "PATIENCE", 0.5)
    place, began = await build(), time.monotonic()
    link = await asyncio.to_thread(stranger)
    with link:
        lock(link, place)
        with pytest.raises(committer.Refusal) as refused:
            await placed(place, 0, "48000.00")
        assert refused.value.code == "bid.busy"
        assert time.monotonic() - began < 5
    link.close()
    assert (await placed(place, 0, "48000.00"))["amount"] == "48000.00"


async def test_a_lock_that_is_given_back_in_time_costs_no_bid():
    place = await build()
    link = await asyncio.to_thread(stranger)
    lock(link, place)
    waiting = asyncio.create_task(placed(place, 0, "48000.00"))
    await asyncio.sleep(1)
    assert not waiting.done()
    link.close()
    assert (await waiting)["amount"] == "48000.00"


@pytest.fixture
def kept(monkeypatch):
    """Twice as many competitions as there are threads, and somebody who keeps the locks of all; and one more."""
    places = [world.competition()]
    places += [world.another(places[0]) for _ in range(8)]
    link = stranger()
    for place in places[1:]:
        lock(link, place)
    yield places
    link.close()


async def test_bids_of_others_do_not_wait_with_those_whose_lock_is_kept(kept):
    free, *rest = kept
    waiting = [asyncio.create_task(placed(place, 0, "48000.00")) for place in rest]
    await asyncio.sleep(2)
    took = []
    for number in range(10):
        began = time.monotonic()
        await placed(free, number % 3, f"{48000 - 500 * number}.00", f"free-{number:06d}")
        took.append(time.monotonic() - began)
        await asyncio.sleep(0.05)
    assert statistics.median(took) < 1, took
    assert not any(task.done() for task in waiting)
    for task in waiting:
        task.cancel()


async def test_what_is_read_does_not_wait_for_competitions_that_cannot_begin_or_close(kept):
    closing = [asyncio.create_task(in_turn(begun, place.pk)) for place in kept[1:]]
    await asyncio.sleep(0.1)
    assert (await board_of(kept[0].pk)).bids == []
    assert not any(task.done() for task in closing)
    for fault in await asyncio.gather(*closing, return_exceptions=True):
        assert isinstance(fault, log.LockKeptError)


async def test_nobody_is_sent_away_for_a_lock_that_was_only_asked_for_in_passing(monkeypatch):
    monkeypatch.setattr(threads, "BRIEF_MS", 50)
    monkeypatch.setattr(threads, "LOCK_MS", 10_000)
    monkeypatch.setattr(committer, "PATIENCE", -1)
    place = await build()
    link = await asyncio.to_thread(stranger)
    lock(link, place)
    waiting = asyncio.create_task(placed(place, 0, "48000.00"))
    await asyncio.sleep(0.5)
    link.close()
    assert (await waiting)["amount"] == "48000.00"


def test_what_cannot_be_closed_holds_up_no_other(kept, monkeypatch):
    monkeypatch.setattr(closing, "SETTLED", 0)
    monkeypatch.setattr(tasks, "LOCK_MS", 100)
    free, end = kept[0], max(place.competition.ends_at for place in kept)
    monkeypatch.setattr(tasks.selectors, "due", lambda _now: [place.pk for place in (*kept[1:], free)])
    with clock.at(end + timedelta(seconds=3)):
        tasks.close_due_competitions.run()
    assert free.reload().closed_at
    assert not any(place.reload().closed_at for place in kept[1:])


@transaction.atomic
def begun(competition_id):
    log.lock(competition_id)


async def test_bids_whose_lock_was_kept_all_count_and_the_next_ones_are_as_quick_as_ever(monkeypatch):
    place = await build()
    link = await asyncio.to_thread(stranger)
    lock(link, place)
    first = [asyncio.create_task(placed(place, n, f"{48000 - 500 * n}.00", f"kept-{n:06d}")) for n in range(3)]
    await asyncio.sleep(1)
    assert not any(task.done() for task in first)
    link.close()
    assert [(await task)["seq"] for task in first] == [5, 6, 7]
    crews, real = [], threads.DatabaseThreads.run

    async def run(self, work, *args, **kwargs):
        if work is committer.commit:
            crews.append(self)
        return await real(self, work, *args, **kwargs)

    monkeypatch.setattr(threads.DatabaseThreads, "run", run)
    await placed(place, 0, "40000.00", "next-000001")
    assert crews == [threads.committing]


async def test_a_process_that_hangs_before_its_commit_loses_the_lock_and_both_bids_count(monkeypatch):
    place, real, stopped, go_on = await build(), log.write, threading.Event(), threading.Event()

    def hang_once(board, records):
        if not stopped.is_set():
            stopped.set()
            assert go_on.wait(10)
        return real(board, records)

    monkeypatch.setattr(log, "write", hang_once)
    first = asyncio.create_task(placed(place, 0, "48000.00"))
    while not stopped.is_set():
        await asyncio.sleep(0.01)
    second = Offer(place.entries[1].pseudonym, Money.of("47000.00").amount, "another-process")
    receipt = (await in_thread(committer.place_all, competition_id=place.pk, offers=[(second, clock.now())]))[0]
    assert receipt["amount"] == "47000.00"
    go_on.set()
    with pytest.raises(committer.Refusal) as refused:  # decided again, after the other
        await first
    assert refused.value.code == "bid.step"
    assert [str(bid.amount) for bid in (await board_of(place.pk)).bids] == ["47000.00"]


def test_all_connections_end_when_the_other_side_is_gone(db):
    with connection.cursor() as cursor:
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone() == ("1min",)
    assert connection.get_connection_params()["tcp_user_timeout"] == 10_000
