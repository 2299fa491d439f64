"""Readers and writers that behave badly, as real ones do."""

import asyncio
import contextlib
import ctypes
import socket
import struct
import time
from dataclasses import dataclass

from tests.bench import wire

ATTACH_FILTER = 26  # SO_ATTACH_FILTER


async def silent(port: int, path: str) -> socket.socket:
    """A connection that asks for a room and then reads nothing."""
    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    door.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(door, ("127.0.0.1", port))
    await loop.sock_sendall(door, wire.request(path, f"127.0.0.1:{port}"))
    return door


def vanish(door: socket.socket) -> None:
    """From now on this end answers nothing, not even that it has gone: what a pulled cable leaves behind.

    A filter throws away whatever arrives, before the system could acknowledge it.
    """
    nothing = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))  # one instruction: keep 0 bytes
    door.setsockopt(socket.SOL_SOCKET, ATTACH_FILTER, struct.pack("HL", 1, ctypes.addressof(nothing)))


async def drip(door: socket.socket, pause: float = 1.0) -> None:
    """Read one byte, pause, and so on."""
    while True:
        await asyncio.sleep(pause)
        with contextlib.suppress(BlockingIOError, ConnectionError):
            door.recv(1)


@dataclass(frozen=True)
class Stream:
    """The same frame, so many times a second, until a moment."""

    frame: bytes
    rate: int
    until: float


async def flood(port: int, path: str, cookie: str, stream: Stream) -> int:
    """Send a frame so many times a second, from however many connections it takes; says how many were accepted by
    the system. The server stops reading and shows such a client out, which then comes again.
    """
    portion = stream.rate // 100
    sent, made = 0, wire.masked(stream.frame) * portion
    while time.monotonic() < stream.until:
        with contextlib.suppress(ConnectionError, OSError):
            one = await wire.connect(port, path, lambda _text: None, cookie)
            began, before = time.monotonic(), sent
            while time.monotonic() < stream.until and not one.lost:
                if one.backlog() < len(made) * 10:
                    one.raw(made)
                    sent += portion
                due = began + (sent - before) / stream.rate
                await asyncio.sleep(max(0.01, due - time.monotonic()))
            one.close()
    return sent
