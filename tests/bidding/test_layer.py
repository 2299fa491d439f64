"""A channel layer that loses, doubles, delays and reorders notes, and one that dies: no picture is ever wrong."""

import asyncio
import json
import random
import signal
from contextlib import AsyncExitStack
from functools import partial

import pytest
from channels.layers import channel_layers, get_channel_layer

from bidding import committer, frames, log, room, selectors
from bidding.rules.auction import Offer
from bidding.rules.board import Board
from bidding.rules.record import unstamp
from bidding.threads import in_thread
from core import clock
from core.money import Money
from tests.bidding import world
from tests.bidding.sockets import connected
from tests.chaos.picture import STATE, Picture, differences
from tests.chaos.stage import Redis

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.alone]

BIDS = 90
FALL_BACK = 2.0  # seconds until a watcher sees from the log what no note told it of
TOLERANCE = 0.5  # of this measurement: the way of a frame, on a machine that does other things as well


class Onlooker:
    """Follows a room by the book and remembers every state it was in."""

    def __init__(self, client):
        self.client, self.picture, self.states, self.replays = client, None, [], 0
        self.task = asyncio.create_task(self._follow())

    async def _follow(self):
        while True:
            message = await self.client.output_queue.get()
            frame = json.loads(message["text"])
            if frame["type"] == "hello":
                self.picture = Picture(frame["snapshot"])
            elif frame["type"] == "events":
                replay, differs = self.picture.receive(frame)
                assert not differs
                if replay:
                    self.replays += 1
                    await self.client.command(type="replay", **{"from": replay})
            if self.picture:
                self.states.append({key: self.picture.shown[key] for key in ("seq", *STATE)})


def offer(entry, number):
    return Offer(entry.pseudonym, Money.of(f"{50000 - 250 * number}").amount, f"{number:08d}")


async def bid_elsewhere(place, entry, number):
    """As another process commits: this one hears of it by a note, if at all."""
    await in_thread(committer.place_all, competition_id=place.pk, offers=[(offer(entry, number), clock.now())])


async def bid_here(place, entry, number):
    await committer.place_bid(competition_id=place.pk, offer=offer(entry, number), received_at=clock.now())


def truth(competition_id):
    """What the state was at each number of the log, from the log alone."""
    board, states = Board(competition_id), {}
    for record in log.read(competition_id):
        board.fold(record)
        states[board.seq] = frames._state(board, clock.now()) | {"seq": board.seq}
    return states


async def until(true, seconds=20):
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("seed", [1, 2])
async def test_whatever_a_layer_does_to_notes_every_picture_is_true_at_every_moment(settings, seed):
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "tests.chaos.lossy.LossyLayer"}}
    layer, rng = get_channel_layer(), random.Random(seed)
    layer.harm, layer.latest, layer.rng = 0.8, 0.4, rng
    place = await in_thread(world.competition)
    async with AsyncExitStack() as sockets:
        crowd = [
            Onlooker(await sockets.enter_async_context(connected(place, agency and agency.pk)))
            for agency in (*place.agencies, None, None)
        ]
        for number in range(1, BIDS + 1):
            bid = rng.choice((bid_here, bid_elsewhere, bid_elsewhere))
            await bid(place, rng.choice(place.entries), number)
            if rng.random() < 0.3:
                await asyncio.sleep(rng.uniform(0, 0.05))
        last = len(await in_thread(truth, place.pk))
        await until(lambda: all(one.picture and one.picture.seq == last for one in crowd))
        fresh = await in_thread(selectors.snapshot, place.pk)
        assert [differences(one.picture, fresh) for one in crowd] == [[]] * len(crowd)
        states = await in_thread(truth, place.pk)
        assert [state for one in crowd for state in one.states if state != states[state["seq"]]] == []
        for one in crowd:
            one.task.cancel()
    assert min(layer.counts[what] for what in ("lost", "doubled", "late")) > 0


@pytest.fixture
def redis(tmp_path, settings):
    server = Redis(tmp_path)
    server.start()
    backend = {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": [server.url]}}
    settings.CHANNEL_LAYERS = {"default": backend}
    yield server
    server.stop()


async def test_watchers_live_from_the_log_while_redis_is_gone_and_from_notes_when_it_is_back(redis, monkeypatch):
    place = await in_thread(world.competition)
    async with connected(place) as watcher, connected(place, place.agencies[0].pk) as bidder:
        await watcher.frame("hello")

        async def seen(number):
            frame = await watcher.frame("events")
            waited = (clock.now() - unstamp(frame["events"][-1]["at"])).total_seconds()
            assert waited <= FALL_BACK + TOLERANCE
            return frame["best"]["amount"] == str(offer(place.entries[0], number).amount)

        await bid_elsewhere(place, place.entries[0], 1)
        assert await seen(1)
        redis.send(signal.SIGKILL)
        await bid_elsewhere(place, place.entries[1], 2)  # nobody here has noticed yet
        assert await seen(2)
        await until(lambda: room.rooms()._deaf)
        await bid_elsewhere(place, place.entries[1], 3)
        assert await seen(3)
        assert (await bidder.bid("48000.00"))["type"] == "receipt"
        assert await seen(8)
        await asyncio.to_thread(redis.start)
        await until(lambda: not room.rooms()._deaf)
        monkeypatch.setattr(room.Rooms, "_compare", partial(asyncio.sleep, 0))
        await bid_elsewhere(place, place.entries[0], 9)
        assert await seen(9)
    await channel_layers["default"].close_pools()


async def test_a_layer_that_hangs_keeps_no_room_from_the_log(redis):
    place = await in_thread(world.competition)
    async with connected(place) as watcher:
        await watcher.frame("hello")
        redis.send(signal.SIGSTOP)
        for number in (1, 2, 3):
            await bid_elsewhere(place, place.entries[0], number)
            frame = await watcher.frame("events")
            assert frame["best"]["seq"] == 4 + number
            assert (clock.now() - unstamp(frame["events"][-1]["at"])).total_seconds() <= FALL_BACK + TOLERANCE
        async with connected(place) as another:
            assert (await another.frame("hello"))["snapshot"]["seq"] == 7
        redis.send(signal.SIGCONT)
    await channel_layers["default"].close_pools()
