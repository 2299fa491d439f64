"""Readers that do not read, over real connections: nobody is kept waiting, and nothing is kept for them for long."""

import asyncio
import contextlib
import json
import socket
from functools import partial

import pytest
import uvicorn

from bidding import room
from bidding.threads import in_thread
from tests.bench import load, wire
from tests.bidding import world

pytestmark = pytest.mark.django_db(transaction=True)

build = partial(in_thread, world.competition)
FRAME = json.dumps({"type": "events", "filler": "x" * 60_000})
FRAMES = 150  # 9 MB for each reader: more than the system keeps for a connection
PATIENCE = 10


@contextlib.asynccontextmanager
async def serving(**options):
    """The market on a port of its own in this loop, which finds out in three seconds who does not answer."""
    config = uvicorn.Config(
        "config.asgi:application", ws="config.websocket:Bounded", ws_per_message_deflate=False, lifespan="off",
        log_level="warning", ws_ping_interval=2, ws_ping_timeout=1, **options,
    )  # fmt: skip
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as door:
        task = asyncio.create_task(server.serve(sockets=[door]))
        async with asyncio.timeout(PATIENCE):
            while not server.started:
                await asyncio.sleep(0.01)
        yield door.getsockname()[1], server
        server.should_exit = True
        await task


async def until(condition):
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("reads", ["nothing", "one byte now and then", "nothing, it has vanished"])
async def test_who_does_not_read_keeps_nobody_waiting_and_is_let_go(reads):
    place, heard = await build(), []
    async with serving() as (port, server):
        stalled = [await load.silent(port, f"/ws/competitions/{place.pk}/") for _ in range(5)]
        drips = [asyncio.create_task(load.drip(door, 0.05)) for door in stalled if reads == "one byte now and then"]
        reader = await wire.connect(port, f"/ws/competitions/{place.pk}/", heard.append)
        opened = await room.rooms().room(place.pk)
        await until(lambda: len(opened.watchers) == 6)
        for door in stalled if "vanished" in reads else ():
            load.vanish(door)
        for _ in range(FRAMES):
            opened.show(FRAME)
        await until(lambda: sum(b"filler" in text for text in heard) == FRAMES)
        await until(lambda: len(opened.watchers) == len(server.server_state.connections) == 1)
        for one in (*drips, *stalled, reader):
            one.cancel() if isinstance(one, asyncio.Task) else one.close()
        await until(lambda: not opened.watchers)


async def test_a_flood_is_read_in_small_portions():
    """What one client sends at once is not taken in at once, so that the others have their turn in between."""
    place, heard = await build(), []
    async with serving() as (port, _server):
        flooder = await wire.connect(port, f"/ws/competitions/{place.pk}/", lambda _text: None)
        reader = await wire.connect(port, f"/ws/competitions/{place.pk}/", heard.append)
        for number in range(20_000):
            flooder.send(b'{"type":"ping","t":%d}' % number)
        async with asyncio.timeout(2):
            reader.send(b'{"type":"ping","t":"mine"}')
            while not any(b'"pong"' in text for text in heard):
                await asyncio.sleep(0.01)
        flooder.close()
        reader.close()
