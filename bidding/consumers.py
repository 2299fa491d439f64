"""The socket of a room: says who is there, subscribes, passes commands on. No rule and no query of its own.

Frames are read one after another, so a client that sends too fast is slowed down by its own socket: each frame
over the limit is refused and waited for, and the server stops reading from that connection meanwhile.
"""

import asyncio
import contextlib
import logging
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs

import orjson
from channels.consumer import AsyncConsumer
from django.db import Error

from accounts.claims import Claim
from bidding import committer, errors, floors, frames
from bidding.access import Visitor, visitor
from bidding.allowance import allowances, counted, sockets
from bidding.holding import holder
from bidding.models import Competition
from bidding.room import Room, rooms
from bidding.rules.auction import Offer
from bidding.rules.proxy import Deposit
from bidding.seats import Seat, look_up
from bidding.threads import in_thread
from bidding.watcher import Watcher
from core import clock
from core.errors import Refusal
from core.money import Money

logger = logging.getLogger("market.bidding")
LARGEST_FRAME = 2048
REPLAY_COST = 40
MY_FLOOR_COST = 10
LONGEST_REPLAY = 1000  # as many as the ladder of a picture
BELIEVED = 15.0  # seconds a seat that could not be looked up may still bid
INVALID_ALLOWED = 20
TOO_FAST_ALLOWED = 200  # ten seconds of nothing but frames over the allowance
REF = re.compile(r"[A-Za-z0-9-]{8,40}", re.ASCII)
SESSION_ENDED, NOT_FOUND, BAD_FRAMES, TOO_SLOW, OLD_PROTOCOL, TOO_FAST = 4401, 4404, 4400, 4408, 4409, 4429
TRY_AGAIN = 1013


class RoomConsumer(AsyncConsumer):
    """One connection. The room owns the channel layer, so this consumer only waits for its own socket."""

    room: Room
    watcher: Watcher
    visitor: Visitor
    seat: Seat  # of a bidder

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scope, self.base_send = scope, send
        self.competition_id = int(scope["url_route"]["kwargs"]["pk"])
        await receive()
        self._counted = counted(scope)
        if not sockets.take(self._counted):
            await self._say({"type": "websocket.accept"})
            await self._bye(errors.SOCKETS_TOO_MANY(), TOO_FAST)
            return
        try:
            await self._visit(receive)
        finally:
            sockets.leave(self._counted)

    async def _visit(self, receive: Any) -> None:
        if not await self._enter():
            return
        try:
            while (message := await receive())["type"] == "websocket.receive":
                if self._lost or not await self._take(message):
                    break
        finally:
            for errand in (self._replaying, *self._telling):
                if errand is not None:
                    errand.cancel()
            self.room.leave(self.watcher)

    async def _enter(self) -> bool:
        """Find out who it is, accept and join the room."""
        try:
            self.visitor = await in_thread(visitor, self.scope, self.competition_id)
            await rooms().room(self.competition_id)
        except Competition.DoesNotExist:
            return await self._close(NOT_FOUND)
        except Error as fault:
            logger.warning("room %s cannot be opened now: %s", self.competition_id, fault)
            return await self._close(TRY_AGAIN)
        await self._say({"type": "websocket.accept"})
        if not self._current_protocol():
            await self._bye(errors.PROTOCOL_OLD(), OLD_PROTOCOL)
            return False
        try:
            return await self._join()
        except Error as fault:  # the room was let go meanwhile, and cannot be opened again
            logger.warning("room %s cannot be opened now: %s", self.competition_id, fault)
            return await self._close(TRY_AGAIN)

    async def _join(self) -> bool:
        self._invalid, self._too_fast, self._lost = 0, 0, False
        self._replaying: asyncio.Task[None] | None = None
        self._replayed_from = 0
        self._telling, self._in_turn = set[asyncio.Task[None]](), asyncio.Lock()
        self.watcher = Watcher(self.base_send, self.visitor.role, self._given_up)
        self.room = await rooms().room(self.competition_id)
        self.room.join(self.watcher, self.visitor.pseudonym)
        if self.visitor.entry is not None:
            claim = Claim(self.scope["session"].session_key, self.visitor.entry.agency_id)
            self.seat = Seat(self.visitor.entry.pk, claim, self._session_over)
            self.room.seats[self.watcher] = self.seat
        name = self.visitor.pseudonym
        self._allowance = (
            allowances.of_visitor(self._counted) if name is None else allowances.of_bidder(self.competition_id, name)
        )
        return True

    async def _close(self, code: int) -> bool:
        await self._say({"type": "websocket.close", "code": code})
        return False

    def _current_protocol(self) -> bool:
        asked = parse_qs(self.scope["query_string"].decode("ascii", "replace")).get("protocol", [""])[0]
        return asked in ("", str(frames.PROTOCOL))

    def _given_up(self) -> None:
        """The room dropped this socket for not reading. Nothing it sends counts any more: it could not be answered."""
        if not self._lost:
            self._lost = True
            self.room.leave(self.watcher)
            self._closing = asyncio.get_running_loop().create_task(self._close_slow())

    def _session_over(self) -> None:
        """The session ended while the socket was open: it is told so and nothing more it sends counts."""
        if not self._lost:
            self._lost = True
            self._closing = asyncio.get_running_loop().create_task(self._bye(errors.SESSION_ENDED(), SESSION_ENDED))

    async def _close_slow(self) -> None:
        """Waits until the socket takes it, or is gone."""
        await self._close(TOO_SLOW)

    async def _take(self, message: dict[str, Any]) -> bool:
        """Handle one frame; False ends the connection. What it asks for counts by this moment."""
        self._received_at = message.get("arrived_at") or clock.now()  # the first from config.websocket
        if not self._allowance.take():
            return await self._slow_down(_ref_in(message.get("text")))
        try:
            command = _parse(message.get("text"))
            return await _COMMANDS[command["type"]](self, command) is not False
        except Refusal as refusal:
            return await self._refuse_frame(refusal)
        except SessionOverError:
            await self._closing
            return False
        except Error as fault:
            logger.warning("a frame in room %s could not be handled: %s", self.competition_id, fault)
            self.watcher.push(frames.refused(errors.BUSY(), _ref(command)))
        return True

    async def _slow_down(self, ref: str | None = None) -> bool:
        """Not processed, and nothing more is read from this socket for a moment. Who goes on and on is shown out."""
        self._too_fast += 1
        if self._too_fast > TOO_FAST_ALLOWED:
            await self._bye(errors.FRAME_TOO_FAST(), TOO_FAST)
            return False
        self.watcher.push(frames.refused(errors.FRAME_TOO_FAST(), ref))
        await asyncio.sleep(0.05)
        return True

    async def _refuse_frame(self, refusal: Refusal) -> bool:
        self._invalid += 1
        if self._invalid > INVALID_ALLOWED:
            await self._bye(refusal, BAD_FRAMES)
            return False
        self.watcher.push(frames.refused(refusal))
        return True

    async def _bye(self, refusal: Refusal, code: int) -> None:
        await self._say({"type": "websocket.send", "text": frames.bye(refusal)})
        await self._say({"type": "websocket.close", "code": code})

    async def _say(self, message: dict[str, Any]) -> None:
        """Tell the socket, unless it is gone: the server may have ended it while frames of it still waited here."""
        with contextlib.suppress(OSError, RuntimeError):
            await self.base_send(message)

    async def bid(self, command: dict[str, Any]) -> None:
        ref = _ref(command)
        if ref is None:
            raise errors.BID_REF()
        try:
            await self._place(ref, Offer, _amount(command.get("amount")))
        except Refusal as refusal:
            self._answer(ref, refusal)

    async def floor(self, command: dict[str, Any]) -> None:
        """Deposit a floor in place of any other; without an amount take back the one in force."""
        ref, amount = _ref(command), command.get("amount", "")
        if ref is None:
            raise errors.BID_REF()
        try:
            await self._place(ref, Deposit, None if amount is None else _amount(amount))
        except Refusal as refusal:
            self._answer(ref, refusal)

    async def my_floor(self, _command: dict[str, Any]) -> bool | None:
        """What nobody else is told: the floor of this socket's own bidder."""
        if not self._allowance.take(MY_FLOOR_COST):
            return await self._slow_down()
        if self.visitor.pseudonym is None or not self.room.board.seals:
            self.watcher.push(frames.my_floor(None))
        else:
            telling = asyncio.get_running_loop().create_task(self._tell_own(self.visitor.pseudonym))
            self._telling.add(telling)
            telling.add_done_callback(self._telling.discard)
        return None

    async def _tell_own(self, pseudonym: str) -> None:
        """Beside the frames that follow: a bid does not wait until a floor has been read. Answers come in turn."""
        try:
            async with self._in_turn:
                own = await in_thread(floors.own, self.competition_id, pseudonym)
        except floors.FloorKeyError:
            self.watcher.push(frames.refused(errors.FLOOR_UNREADABLE()))
        except Error as fault:
            logger.warning("a floor in room %s could not be read: %s", self.competition_id, fault)
            self.watcher.push(frames.refused(errors.BUSY()))
        else:
            self.watcher.push(frames.my_floor(own))

    async def _place(self, ref: str, kind: Callable[[str, Any, str], committer.Asked], amount: Decimal | None) -> None:
        """A bid needs a session that still lives. The room looks that up beside the bids; only where it could not for
        long is it done when the bid is there.
        """
        if self.visitor.pseudonym is None:
            raise errors.BID_NOT_ENTERED()
        if self.room.board.fixed.method != "live_auction":
            raise errors.BID_NOT_LIVE()
        asked, received_at = kind(self.visitor.pseudonym, amount, ref), self._received_at
        if self.seat.age() >= BELIEVED:
            with holder().owing(self.competition_id, received_at):
                await look_up([self.seat])
                self._hand_in(asked, ref, received_at)
        else:
            self._hand_in(asked, ref, received_at)

    def _hand_in(self, asked: committer.Asked, ref: str, received_at: datetime) -> None:
        if self.seat.over:
            raise SessionOverError
        committer.submit(self.competition_id, asked, lambda answer: self._answer(ref, answer), received_at)

    def _answer(self, ref: str, answer: committer.Answer) -> None:
        if isinstance(answer, Refusal):
            self.watcher.push(frames.refused(answer, ref, self.room.board.next_max))
        else:
            self.watcher.push(frames.receipt(answer, ref))

    async def replay(self, command: dict[str, Any]) -> bool | None:
        """Send what came after a number; the client folds it into its picture. Who asks for very much gets a new
        picture instead.
        """
        start = command.get("from")
        if not isinstance(start, int) or isinstance(start, bool) or start < 1:
            raise errors.FRAME_INVALID()
        if not self._allowance.take(REPLAY_COST):
            return await self._slow_down()
        if self._replaying is not None and not self._replaying.done():
            if start < self._replayed_from:
                self.watcher.push(frames.refused(errors.FRAME_TOO_FAST()))
        elif self.room.board.seq - start >= LONGEST_REPLAY:
            self.room.join(self.watcher, self.visitor.pseudonym)
        else:
            self._replayed_from = start
            self._replaying = asyncio.get_running_loop().create_task(self._replay(start))
        return None

    async def _replay(self, start: int) -> None:
        """Beside the frames that follow: a bid does not wait until a replay has been read. One at a time, until it has
        left: they are long, and whoever does not read them gets no more.
        """
        try:
            self.watcher.push(await self.room.replay(min(start, self.room.board.seq + 1)))
        except Error as fault:
            logger.warning("a replay in room %s could not be read: %s", self.competition_id, fault)
            self.watcher.push(frames.refused(errors.BUSY()))
        await self.watcher.caught_up()

    async def ping(self, command: dict[str, Any]) -> None:
        echo = command.get("t")
        self.watcher.push(frames.pong(echo if isinstance(echo, int | float) else None, clock.now()))


class SessionOverError(Exception):
    """The session behind a socket has ended."""


Command = Callable[[RoomConsumer, dict[str, Any]], Awaitable[bool | None]]  # False ends the connection
_COMMANDS: dict[str, Command] = {
    "bid": RoomConsumer.bid,
    "floor": RoomConsumer.floor,
    "my_floor": RoomConsumer.my_floor,
    "replay": RoomConsumer.replay,
    "ping": RoomConsumer.ping,
}


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


def _ref(command: dict[str, Any]) -> str | None:
    ref = command.get("ref")
    return ref if isinstance(ref, str) and REF.fullmatch(ref) else None


def _ref_in(text: str | None) -> str | None:
    """The reference of a frame that is refused unread, so that its sender knows which bid to send again."""
    try:
        return _ref(_parse(text))
    except Refusal:
        return None


def _amount(value: Any) -> Decimal:
    """Amounts travel as text, never as JSON numbers."""
    return Money.parse(value if isinstance(value, str) else "").amount
