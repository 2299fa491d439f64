"""The close waits for bids that came in time, in whichever process they wait. `finalise` in a thread is what another
process, a worker or a job does."""

import asyncio
import threading
import time
from datetime import timedelta
from functools import partial

import pytest
from django.db import OperationalError, connection

from bidding import committer, holding, log, room, services
from bidding.rules.auction import Offer
from bidding.services import closing
from bidding.threads import holding as session
from bidding.threads import in_thread
from core import clock
from core.money import Money
from tests.bidding import world
from tests.bidding.sockets import connected

pytestmark = pytest.mark.django_db(transaction=True)

build = partial(in_thread, world.competition)
board_of = partial(in_thread, log.board)


@pytest.fixture(autouse=True)
def _settled(monkeypatch):
    """Every connection of a test is young."""
    monkeypatch.setattr(closing, "SETTLED", 0)


def offer(entry, amount, ref="11111111"):
    return Offer(entry.pseudonym, Money.of(amount).amount, ref)


async def finalised(place, after=timedelta(seconds=3)):
    with clock.at(place.competition.ends_at + after):
        return await in_thread(services.finalise, competition_id=place.pk)


class Slow:
    """A committer whose transactions do not begin before they are let."""

    def __init__(self, monkeypatch):
        self.begun, self.let, real = threading.Event(), threading.Event(), committer.commit

        def commit(*args):
            self.begun.set()
            assert self.let.wait(10)
            return real(*args)

        monkeypatch.setattr(committer, "commit", commit)


async def submitted(place, entry, amount, at):
    """A bid that is in the queue; its answer is awaited later."""
    placed = committer.place_bid(competition_id=place.pk, offer=offer(entry, amount), received_at=at)
    return asyncio.create_task(placed)


async def begun(slow):
    while not slow.begun.is_set():
        await asyncio.sleep(0.01)


async def test_a_bid_that_came_in_time_counts_however_long_the_queue(monkeypatch):
    slow, place = Slow(monkeypatch), await build()
    last = place.competition.ends_at - timedelta(milliseconds=1)
    with clock.at(last):
        waiting = await submitted(place, place.entries[0], "48000.00", last)
        await begun(slow)
    assert await finalised(place) is False
    assert await finalised(place, timedelta(seconds=50)) is False
    slow.let.set()
    assert (await waiting)["amount"] == "48000.00"
    place.competition.ends_at = (await board_of(place.pk)).end
    await holding.holder().review([], clock.now())
    assert await finalised(place) is True
    assert (await board_of(place.pk)).awards[0].amount == Money.of("48000.00").amount


async def test_bids_that_came_after_the_end_hold_up_nobody(monkeypatch):
    """However many of them somebody sends."""
    slow, place = Slow(monkeypatch), await build()
    late = place.competition.ends_at + timedelta(milliseconds=1)
    with clock.at(late):
        waiting = await submitted(place, place.entries[0], "48000.00", late)
        await begun(slow)
    assert await finalised(place) is True
    slow.let.set()
    with pytest.raises(committer.Refusal) as refused:
        await waiting
    assert refused.value.code == "bid.closed"


async def test_a_server_that_hangs_keeps_a_competition_open_for_a_minute_only(monkeypatch):
    slow, place = Slow(monkeypatch), await build()
    last = place.competition.ends_at - timedelta(seconds=1)
    with clock.at(last):
        waiting = await submitted(place, place.entries[0], "48000.00", last)
        await begun(slow)
    assert await finalised(place, timedelta(seconds=61)) is True
    slow.let.set()
    with pytest.raises(committer.Refusal) as refused:
        await waiting
    assert refused.value.code == "bid.closed"


async def test_a_room_holds_its_competition_when_the_end_is_near_and_no_longer(monkeypatch):
    monkeypatch.setattr(room, "TICK", 0.02)
    place = await build()
    end = place.competition.ends_at
    moment = [end - timedelta(seconds=6)]
    monkeypatch.setattr(room.clock, "now", lambda: moment[0])
    held = []
    async with connected(place):
        for seconds in (-6, -4, -1, 1, 3):
            moment[0] = end + timedelta(seconds=seconds)
            await asyncio.sleep(0.3)
            held.append(place.pk in holding.holder()._held)
    assert held == [False, True, True, False, False]


async def test_what_a_lost_session_held_is_held_again():
    place = await build()
    holder, now = holding.holder(), place.competition.ends_at - timedelta(seconds=1)
    holder.ends(place.pk, place.competition.ends_at)
    await holder.review([place.pk], now)

    def free():
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            found = holding.nobody_holds(place.pk)
            cursor.execute("ROLLBACK")
        return found

    def hang_up():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 2000)", [holder._session])

    assert not await in_thread(free)
    await in_thread(hang_up)
    assert await in_thread(free)
    with pytest.raises(OperationalError):
        await holder.review([place.pk], now)
    await holder.review([place.pk], now)
    assert not await in_thread(free)


async def test_bids_wait_for_a_database_that_is_away(monkeypatch):
    place, real, faults = await build(), committer._commit, [OperationalError("away")] * 5

    def away(*args):
        if faults:
            raise faults.pop()
        return real(*args)

    monkeypatch.setattr(committer, "_commit", away)
    placed = await committer.place_bid(
        competition_id=place.pk, offer=offer(place.entries[0], "48000.00"), received_at=clock.now()
    )
    assert placed["amount"] == "48000.00"


async def test_bids_do_not_wait_forever(monkeypatch):
    monkeypatch.setattr(committer, "PATIENCE", 0.3)
    place, began = await build(), time.monotonic()

    def away(*_args):
        raise OperationalError("away")

    monkeypatch.setattr(committer, "_commit", away)
    with pytest.raises(committer.Refusal) as refused:
        await committer.place_bid(
            competition_id=place.pk, offer=offer(place.entries[0], "48000.00"), received_at=clock.now()
        )
    assert refused.value.code == "bid.busy"
    assert time.monotonic() - began < 2


async def test_nobody_is_told_that_a_bid_is_late_while_its_first_copy_may_still_count():
    """A bidder whose server hangs sends the bid again to another, after the end."""
    place = await build()
    end, copy = place.competition.ends_at, offer(place.entries[0], "48000.00")

    def hold_elsewhere(*, give):
        with connection.cursor() as cursor:
            verb = "unlock_shared" if give else "lock_shared"
            cursor.execute(f"SELECT pg_advisory_{verb}(%s, %s)", [holding.SPACE, place.pk])

    await session.run(hold_elsewhere, give=False)
    await in_thread(hold_elsewhere, give=False)
    late = asyncio.create_task(
        committer.place_bid(competition_id=place.pk, offer=copy, received_at=end + timedelta(seconds=1))
    )
    await asyncio.sleep(0.5)
    assert not late.done()
    first = [(copy, end - timedelta(seconds=1))]
    counted = await in_thread(committer.place_all, competition_id=place.pk, offers=first)
    assert (await late)["seq"] == counted[0]["seq"]


async def test_a_first_copy_that_came_into_the_log_after_the_repetition_was_decided_keeps_its_receipt(monkeypatch):
    """Its server gives the lock back before it is asked who holds one."""
    place = await build()
    end, copy, counted = place.competition.ends_at, offer(place.entries[0], "48000.00"), []

    async def held_elsewhere(_holder, _competition_id):
        if not counted:
            first = [(copy, end - timedelta(seconds=1))]
            counted.extend(await in_thread(committer.place_all, competition_id=place.pk, offers=first))
        return False

    monkeypatch.setattr(holding.Holder, "held_elsewhere", held_elsewhere)
    late = await committer.place_bid(competition_id=place.pk, offer=copy, received_at=end + timedelta(seconds=1))
    assert late["seq"] == counted[0]["seq"]


async def test_a_late_bid_is_told_so_at_once_when_no_other_server_counts():
    place = await build()
    with pytest.raises(committer.Refusal) as refused:
        await committer.place_bid(
            competition_id=place.pk, offer=offer(place.entries[0], "48000.00"), received_at=place.competition.ends_at
        )
    assert refused.value.code == "bid.late"
    assert committer.committer(place.pk)._last == set()
