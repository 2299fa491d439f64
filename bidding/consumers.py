"""The socket of a room: says who is there, subscribes, passes commands on. No rule and no query of its own.

Frames are read one after another, so a client that sends too fast is slowed down by its own socket: each frame
over the limit is refused and waited for, and the server stops reading from that connection meanwhile.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs

import orjson
from channels.consumer import AsyncConsumer

from bidding import committer, errors, frames, log
from bidding.access import Visitor, still_signed_in, visitor
from bidding.models import Competition
from bidding.room import Room, rooms
from bidding.rules.auction import Offer
from bidding.rules.board import Board
from bidding.threads import in_thread
from bidding.watcher import Watcher
from core import clock
from core.errors import Refusal
from core.money import Money

LARGEST_FRAME = 2048
FRAMES_PER_SECOND = 200
BURST = 400
REPLAY_COST = 40
SESSION_CHECK_EVERY = 5.0
INVALID_ALLOWED = 20
REF = re.compile(r"[A-Za-z0-9-]{8,40}", re.ASCII)
SESSION_ENDED, NOT_FOUND, BAD_FRAMES, TOO_SLOW, OLD_PROTOCOL = 4401, 4404, 4400, 4408, 4409


class Allowance:
    """A token bucket: a burst at once, then so many a second."""

    __slots__ = ("_at", "_left")

    def __init__(self) -> None:
        self._left, self._at = float(BURST), time.monotonic()

    def take(self, cost: int = 1) -> bool:
        now = time.monotonic()
        self._left = min(BURST, self._left + (now - self._at) * FRAMES_PER_SECOND)
        self._at = now
        if self._left < cost:
            return False
        self._left -= cost
        return True


class RoomConsumer(AsyncConsumer):
    """One connection. The room owns the channel layer, so this consumer only waits for its own socket."""

    room: Room
    watcher: Watcher
    visitor: Visitor

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scope, self.base_send = scope, send
        self.competition_id = int(scope["url_route"]["kwargs"]["pk"])
        await receive()
        if not await self._enter():
            return
        try:
            while (message := await receive())["type"] == "websocket.receive":
                if not await self._take(message):
                    break
        finally:
            self.room.leave(self.watcher)

    async def _enter(self) -> bool:
        """Accept, find out who it is and join the room."""
        try:
            self.visitor = await in_thread(visitor, self.scope, self.competition_id)
            self.room = await rooms().room(self.competition_id)
        except Competition.DoesNotExist:
            await self.base_send({"type": "websocket.close", "code": NOT_FOUND})
            return False
        await self.base_send({"type": "websocket.accept"})
        if not self._current_protocol():
            await self._bye(errors.PROTOCOL_OLD(), OLD_PROTOCOL)
            return False
        self._allowance, self._invalid, self._checked = Allowance(), 0, time.monotonic()
        loop = asyncio.get_running_loop()
        self.watcher = Watcher(self.base_send, self.visitor.role, lambda: self._given_up(loop))
        self.room.join(self.watcher, self.visitor.pseudonym)
        return True

    def _current_protocol(self) -> bool:
        asked = parse_qs(self.scope["query_string"].decode("ascii", "replace")).get("protocol", [""])[0]
        return asked in ("", str(frames.PROTOCOL))

    def _given_up(self, loop: asyncio.AbstractEventLoop) -> None:
        """The room dropped this socket for not reading."""
        self.room.leave(self.watcher)
        self._closing = loop.create_task(self.base_send({"type": "websocket.close", "code": TOO_SLOW}))

    async def _take(self, message: dict[str, Any]) -> bool:
        """Handle one frame; False ends the connection."""
        if not self._allowance.take():
            self.watcher.push(frames.refused(errors.FRAME_TOO_FAST()))
            await asyncio.sleep(0.05)
            return True
        try:
            command = _parse(message.get("text"))
            await _COMMANDS[command["type"]](self, command)
        except Refusal as refusal:
            return await self._refuse_frame(refusal)
        except SessionOverError:
            await self._bye(errors.SESSION_ENDED(), SESSION_ENDED)
            return False
        return True

    async def _refuse_frame(self, refusal: Refusal) -> bool:
        self._invalid += 1
        if self._invalid > INVALID_ALLOWED:
            await self._bye(refusal, BAD_FRAMES)
            return False
        self.watcher.push(frames.refused(refusal))
        return True

    async def _bye(self, refusal: Refusal, code: int) -> None:
        await self.base_send({"type": "websocket.send", "text": frames.bye(refusal)})
        await self.base_send({"type": "websocket.close", "code": code})

    async def bid(self, command: dict[str, Any]) -> None:
        ref = command.get("ref")
        if not isinstance(ref, str) or not REF.fullmatch(ref):
            raise errors.BID_REF()
        await self._check_session()
        try:
            self.place(ref, _amount(command.get("amount")))
        except Refusal as refusal:
            self._answer(ref, refusal)

    def place(self, ref: str, amount: Decimal) -> None:
        if self.visitor.pseudonym is None:
            raise errors.BID_NOT_ENTERED()
        if self.room.board.fixed.method != "live_auction":
            raise errors.BID_NOT_LIVE()
        offer = Offer(self.visitor.pseudonym, amount, ref)
        committer.submit(self.competition_id, offer, lambda answer: self._answer(ref, answer))

    def _answer(self, ref: str, answer: committer.Answer) -> None:
        if isinstance(answer, Refusal):
            self.watcher.push(frames.refused(answer, ref, self.room.board.next_max))
        else:
            self.watcher.push(frames.receipt(answer))

    async def _check_session(self) -> None:
        """A bid needs a session that still lives; looked up every few seconds, not for every bid."""
        if time.monotonic() - self._checked < SESSION_CHECK_EVERY:
            return
        if not await in_thread(still_signed_in, self.scope):
            raise SessionOverError
        self._checked = time.monotonic()

    async def replay(self, command: dict[str, Any]) -> None:
        """Send what came after a number; the client folds it into its picture."""
        start = command.get("from")
        if not isinstance(start, int) or isinstance(start, bool) or start < 1:
            raise errors.FRAME_INVALID()
        if not self._allowance.take(REPLAY_COST):
            raise errors.FRAME_TOO_FAST()
        self.watcher.push(await in_thread(_replay, self.competition_id, start))

    async def ping(self, command: dict[str, Any]) -> None:
        echo = command.get("t")
        self.watcher.push(frames.pong(echo if isinstance(echo, int | float) else None, clock.now()))


class SessionOverError(Exception):
    """The session behind a socket has ended."""


Command = Callable[[RoomConsumer, dict[str, Any]], Awaitable[None]]
_COMMANDS: dict[str, Command] = {"bid": RoomConsumer.bid, "replay": RoomConsumer.replay, "ping": RoomConsumer.ping}


def _parse(text: str | None) -> dict[str, Any]:
    """A command of a known type. Raises frame.invalid or frame.too_large."""
    if text is None:
        raise errors.FRAME_INVALID()
    if len(text) > LARGEST_FRAME:
        raise errors.FRAME_TOO_LARGE()
    try:
        command = orjson.loads(text)
    except orjson.JSONDecodeError as broken:
        raise errors.FRAME_INVALID() from broken
    kind = command.get("type") if isinstance(command, dict) else None
    if not isinstance(kind, str) or kind not in _COMMANDS:
        raise errors.FRAME_INVALID()
    return dict(command)


def _amount(value: Any) -> Decimal:
    """Amounts travel as text, never as JSON numbers."""
    return Money.parse(value if isinstance(value, str) else "").amount


def _replay(competition_id: int, start: int) -> str:
    records = list(log.read(competition_id))
    board = Board(competition_id).fold_all(records)
    return frames.events_frame(records[start - 1 :], board, clock.now())
