"""The only file that sends on the channel layer. A note says how far a competition's log reaches; rooms read the rest.

Notes may be lost, doubled or late: a room compares the number with its own and heals from the log. So nobody waits for
a note to be sent, and a layer that is gone or hangs costs nothing but the note.
"""

import asyncio
import contextlib
import logging
from typing import Any
from weakref import WeakKeyDictionary

from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer
from redis.exceptions import RedisError

log = logging.getLogger("market.bidding")
FAULTS = (OSError, RedisError)  # what a layer that is not there raises; Redis's own errors are no OSErrors
PATIENCE = 2.0


class Post:
    """Outgoing notes of one event loop, sent one after another. Of several about one competition the last is enough."""

    def __init__(self) -> None:
        self._due: dict[int, int] = {}
        self._sending: asyncio.Task[None] | None = None
        self._gone = False

    def put(self, competition_id: int, seq: int) -> None:
        self._due[competition_id] = max(seq, self._due.get(competition_id, 0))
        if self._sending is None:
            self._sending = asyncio.get_running_loop().create_task(self._send_all())

    async def _send_all(self) -> None:
        try:
            while self._due:
                self._note_health(await send(*self._due.popitem()))
        finally:
            self._sending = None

    def _note_health(self, fault: Exception | None) -> None:
        """Say once that the layer is gone and once that it is back, not once for every note."""
        if fault and not self._gone:
            log.warning("the channel layer takes no notes, rooms live from the log: %s", fault)
        if self._gone and not fault:
            log.warning("the channel layer takes notes again")
        self._gone = fault is not None


_posts: WeakKeyDictionary[asyncio.AbstractEventLoop, Post] = WeakKeyDictionary()


def group(competition_id: int) -> str:
    return f"competition.{competition_id}"


def at_home() -> Post:
    """The post of the running loop. Rooms call it: here the layer lives, and the in-memory one is not thread-safe."""
    loop = asyncio.get_running_loop()
    if loop not in _posts:
        _posts[loop] = Post()
    return _posts[loop]


def tell(competition_id: int, seq: int) -> None:
    """Tell the other processes' rooms how far the log reaches; this one's has it. Waits for nothing, never raises.

    A layer in memory has no other processes, and its every note goes through all groups, one for each open room.
    """
    if type(get_channel_layer()) is not InMemoryChannelLayer:
        at_home().put(competition_id, seq)


def announce(competition_id: int, seq: int) -> None:
    """The same from a thread without an event loop. Called after commit; never raises."""
    home = next(((loop, post) for loop, post in list(_posts.items()) if loop.is_running()), None)
    if home is not None:
        with contextlib.suppress(RuntimeError):  # the loop closed in this moment, and its rooms with it
            home[0].call_soon_threadsafe(home[1].put, competition_id, seq)
    elif not isinstance(get_channel_layer(), InMemoryChannelLayer):
        async_to_sync(send)(competition_id, seq)


async def send(competition_id: int, seq: int) -> Exception | None:
    """Pass a note on; returns what went wrong. Rooms look for themselves every two seconds."""
    note: dict[str, Any] = {"type": "log.reaches", "competition": competition_id, "seq": seq}
    try:
        async with asyncio.timeout(PATIENCE):
            await get_channel_layer().group_send(group(competition_id), note)
    except FAULTS as fault:
        return fault
    return None
