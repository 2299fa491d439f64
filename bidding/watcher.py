"""One socket in a room, seen from the sending side."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

Send = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]
LARGEST_BACKLOG = 256  # frames
HEAVIEST_BACKLOG = 2**20  # characters; a frame alone may have more


class Watcher:
    """Takes frames without ever waiting. A socket that is ready gets its frame at once, with no task in between;
    one that is not keeps a backlog and catches up in a task of its own; one too far behind is given up.
    """

    __slots__ = ("_backlog", "_catching_up", "_give_up", "_send", "_weight", "role")

    def __init__(self, send: Send, role: str, give_up: Callable[[], None]) -> None:
        self._send = send
        self._give_up = give_up
        self._backlog: deque[str] = deque()
        self._weight = 0  # characters in the backlog
        self._catching_up: asyncio.Task[None] | None = None
        self.role = role

    def push(self, text: str) -> None:
        if self._catching_up is not None:
            self._queue(text)
        elif not self._sent_at_once(text):
            self._wait(text)
            self._catching_up = asyncio.get_running_loop().create_task(self._catch_up())

    def _sent_at_once(self, text: str) -> bool:
        """Run the server's send for one step. It ends in that step unless the socket's buffer is full, and then it
        waits before it has written anything, so it can be abandoned and the frame queued.
        """
        step = self._send({"type": "websocket.send", "text": text})
        try:
            step.send(None)
        except StopIteration:
            return True
        except (OSError, RuntimeError):  # the socket went away in this moment; its consumer will hear of it
            return True
        step.close()
        return False

    def _queue(self, text: str) -> None:
        if len(self._backlog) >= LARGEST_BACKLOG or (self._backlog and self._weight + len(text) > HEAVIEST_BACKLOG):
            self.drop()
        else:
            self._wait(text)

    def _wait(self, text: str) -> None:
        self._backlog.append(text)
        self._weight += len(text)

    async def caught_up(self) -> None:
        """Until what was pushed so far has left, or the socket is given up."""
        if self._catching_up is not None:
            await asyncio.wait([self._catching_up])

    async def _catch_up(self) -> None:
        try:
            while self._backlog:
                await self._send({"type": "websocket.send", "text": self._backlog[0]})
                self._weight -= len(self._backlog.popleft())
            self._catching_up = None
        except (OSError, RuntimeError):
            self._forget()

    def drop(self) -> None:
        """Give this socket up; who sits behind it connects again."""
        self.stop()
        self._give_up()

    def stop(self) -> None:
        """The socket is closing: forget what it has not read."""
        self._forget()
        if self._catching_up is not None:
            self._catching_up.cancel()

    def _forget(self) -> None:
        self._backlog.clear()
        self._weight = 0
