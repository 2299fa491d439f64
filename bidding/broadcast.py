"""The only file that sends on the channel layer. A note says how far a competition's log reaches; rooms read the rest.

Notes may be lost, doubled or late: a room compares the number with its own and heals from the log.
"""

import asyncio
import logging
from typing import Any
from weakref import WeakSet

from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer

log = logging.getLogger("market.bidding")
_homes: WeakSet[asyncio.AbstractEventLoop] = WeakSet()


def group(competition_id: int) -> str:
    return f"competition.{competition_id}"


def at_home() -> None:
    """Called by rooms: the running loop is where the layer lives; the in-memory layer is not thread-safe."""
    _homes.add(asyncio.get_running_loop())


def announce(competition_id: int, seq: int) -> None:
    """Tell every room how far the log reaches. Called after commit, outside any event loop; never raises."""
    loop = next((loop for loop in _homes if loop.is_running()), None)
    if loop is not None:
        asyncio.run_coroutine_threadsafe(send(competition_id, seq), loop)
    elif not isinstance(get_channel_layer(), InMemoryChannelLayer):
        async_to_sync(send)(competition_id, seq)


async def send(competition_id: int, seq: int) -> None:
    """Pass a note on. Rooms look for themselves every two seconds, so a failure is only written down."""
    note: dict[str, Any] = {"type": "log.reaches", "competition": competition_id, "seq": seq}
    try:
        await get_channel_layer().group_send(group(competition_id), note)
    except OSError as fault:
        log.warning("note for competition %s not sent: %s", competition_id, fault)
