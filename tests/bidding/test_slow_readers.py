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
from tests.bench import wire
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


async def silent(port, place):
    """A reader that asks for the room and never reads a byte of it."""
    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    door.setblocking(False)
    await asyncio.get_running_loop().sock_connect(door, ("127.0.0.1", port))
    hello = (
        f"GET /ws/competitions/{place.pk}/ HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    await asyncio.get_running_loop().sock_sendall(door, hello.encode())
    return door


async def until(condition):
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.02)


async def dripping(door):
    """One byte every now and then."""
    while True:
        await asyncio.sleep(0.05)
        with contextlib.suppress(BlockingIOError, ConnectionError):
            door.recv(1)


@pytest.mark.parametrize("reads", ["nothing", "one byte now and then"])
async def test_who_does_not_read_keeps_nobody_waiting_and_is_let_go(reads):
    place, heard = await build(), []
    async with serving() as (port, server):
        stalled = [await silent(port, place) for _ in range(5)]
        drips = [asyncio.create_task(dripping(door)) for door in stalled if reads != "nothing"]
        reader = await wire.connect(port, f"/ws/competitions/{place.pk}/", heard.append)
        opened = await room.rooms().room(place.pk)
        await until(lambda: len(opened.watchers) == 6)
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
