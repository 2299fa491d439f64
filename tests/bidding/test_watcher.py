"""A watcher takes frames without waiting, keeps their order, and is given up when it does not read."""

import asyncio
import time
from collections import deque

from bidding.gallery import Gallery
from bidding.watcher import HEAVIEST_BACKLOG, LARGEST_BACKLOG, Watcher


class Socket:
    """The sending side of a server: writes at once while it is writable, else waits before it writes anything."""

    def __init__(self):
        self.writable = asyncio.Event()
        self.writable.set()
        self.written = deque()

    async def send(self, message):
        await self.writable.wait()
        self.written.append(message["text"])


async def settle():
    for _ in range(5):
        await asyncio.sleep(0)


def watcher(socket, lost):
    return Watcher(socket.send, "watcher", lambda: lost.append(1))


async def test_a_ready_socket_gets_its_frame_before_push_returns():
    socket = Socket()
    watcher(socket, []).push("one")
    assert list(socket.written) == ["one"]


async def test_frames_for_a_socket_that_does_not_read_wait_in_order():
    socket = Socket()
    socket.writable.clear()
    one = watcher(socket, [])
    for text in ("one", "two", "three"):
        one.push(text)
    await settle()
    assert not socket.written
    socket.writable.set()
    await settle()
    one.push("four")
    assert list(socket.written) == ["one", "two", "three", "four"]


async def test_one_that_falls_too_far_behind_is_given_up():
    socket, lost = Socket(), []
    socket.writable.clear()
    one = watcher(socket, lost)
    for number in range(LARGEST_BACKLOG + 2):
        one.push(str(number))
    assert lost == [1]
    await settle()


async def test_what_was_not_shown_when_the_last_one_left_is_in_no_later_frame():
    """Frames are numbered back from the end of the log: what does not reach up to it has no place in them."""
    shown = []
    gallery = Gallery(lambda records: shown.append(list(records)) or "")
    gallery.watchers.add(watcher(Socket(), []))
    gallery._rested_at = time.monotonic() + 0.05
    gallery.tell([43])
    gallery.watchers.clear()
    gallery.tell([44])
    gallery.watchers.add(watcher(Socket(), []))
    gallery.tell([45])
    await asyncio.sleep(0.2)
    assert shown == [[45]]


async def test_a_socket_that_has_gone_away_is_no_fault():
    class Gone(Socket):
        async def send(self, _message):
            raise OSError

    watcher(Gone(), []).push("one")


async def test_a_full_server_never_writes_half_a_frame_twice():
    """What the single step leans on: abandoned before anything was written."""
    socket = Socket()
    socket.writable.clear()
    one = watcher(socket, [])
    one.push("one")
    socket.writable.set()
    await settle()
    assert list(socket.written) == ["one"]


async def test_one_with_too_much_to_read_is_given_up_however_few_the_frames():
    socket, lost = Socket(), []
    socket.writable.clear()
    one = watcher(socket, lost)
    one.push("x" * 2 * HEAVIEST_BACKLOG)  # alone it may be long: a picture must be able to leave
    assert not lost
    one.push("y")
    assert lost == [1]
    await settle()


async def test_what_was_read_weighs_nothing_any_more():
    socket, lost = Socket(), []
    one = watcher(socket, lost)
    for _ in range(5):
        socket.writable.clear()
        one.push("x" * (HEAVIEST_BACKLOG - 10))
        socket.writable.set()
        await one.caught_up()
    assert not lost
    assert len(socket.written) == 5
