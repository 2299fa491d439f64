"""When a bid reached the server over HTTP: the moment its last byte was read, before anything else is done with it.

Between that moment and the queue of bids stand middleware, threads and the database. Meanwhile nobody may close the
competition, and the bid counts by this moment. Not by that of its first byte: whoever sends the amount later has seen
what others bid.
"""

import re
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from typing import Any

from bidding.holding import IDS, holder
from bidding.room import rooms
from core import clock

App = Callable[[dict[str, Any], Any, Any], Awaitable[None]]
ASKS = re.compile(r"/competitions/(\d{1,18})/(?:bid|floor)/", re.ASCII)


class Arrivals:
    """Stands before the pages. What it finds out is in the scope, as "arrived_at"."""

    def __init__(self, pages: App) -> None:
        self._pages = pages

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        asks = ASKS.fullmatch(scope["path"]) if scope["method"] == "POST" else None
        if asks is None or int(asks[1]) >= IDS:
            await self._pages(scope, receive, send)
            return
        scope, competition_id = dict(scope), int(asks[1])
        with ExitStack() as owed:

            async def read() -> dict[str, Any]:
                message: dict[str, Any] = await receive()
                if message["type"] == "http.request" and not message.get("more_body") and "arrived_at" not in scope:
                    scope["arrived_at"] = clock.now()
                    owed.enter_context(holder().owing(competition_id, scope["arrived_at"]))
                    rooms().look_after()
                return message

            async def answer(message: dict[str, Any]) -> None:
                owed.close()
                await send(message)

            await self._pages(scope, read, answer)
