"""Rooms: the watchers of one competition in this process. A room joins the layer's group once, keeps a board of its
own from the log, serialises each frame once and hands it, ready, to every socket.

The log is the truth and a note only says "look": whatever is missing is read from the log, and every two seconds
each room's number is compared with the database, so lost notes or a lost layer show for two seconds at the most.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from weakref import WeakKeyDictionary

import orjson
from channels.layers import get_channel_layer
from django.db import DatabaseError

from bidding import broadcast, frames, log
from bidding.models import Competition
from bidding.rules.board import Board
from bidding.rules.record import Record
from bidding.services import finalise
from bidding.threads import in_thread
from bidding.watcher import Watcher
from core import clock, rulesets

logger = logging.getLogger("market.bidding")
TICK = 0.5
HEAL_EVERY = 4  # ticks


class Room:
    def __init__(self, competition_id: int, board: Board, title: str, grace: timedelta) -> None:
        self.competition_id = competition_id
        self.board = board
        self.watchers: set[Watcher] = set()
        self._title, self._grace = title, grace
        self._picture: tuple[int, str, bytes] = (-1, "", b"")
        self._healing = asyncio.Lock()
        self._told = 0

    def join(self, watcher: Watcher, pseudonym: str | None) -> None:
        """Add a watcher and greet it with the whole picture; nothing can come between the two."""
        self.watchers.add(watcher)
        now = clock.now()
        greeting = frames.hello(
            self._snapshot(), role=watcher.role, pseudonym=pseudonym, watchers=len(self.watchers), now=now
        )
        watcher.push(greeting)

    def leave(self, watcher: Watcher) -> None:
        self.watchers.discard(watcher)
        watcher.stop()

    def _snapshot(self) -> bytes:
        now = clock.now()
        state = self.board.state(now)
        if self._picture[:2] != (self.board.seq, state):
            self._picture = (self.board.seq, state, orjson.dumps(frames.snapshot(self.board, self._title, now)))
        return self._picture[2]

    def deliver(self, records: Sequence[Record]) -> bool:
        """Take in records and show them to everybody. False when some before them are missing here."""
        fresh = [record for record in records if record.seq > self.board.seq]
        if not fresh:
            return True
        if fresh[0].seq != self.board.seq + 1:
            return False
        self.board.fold_all(fresh)
        self.show(frames.events_frame(fresh, self.board, clock.now()))
        return True

    def show(self, frame: str) -> None:
        for watcher in list(self.watchers):
            watcher.push(frame)

    async def heal(self) -> None:
        """Read what the log has and this room has not."""
        async with self._healing:
            self.deliver(await in_thread(_read, self.competition_id, self.board.seq))

    async def tick(self) -> None:
        """Tell how many watch, and close the competition when its time is over."""
        if len(self.watchers) != self._told:
            self._told = len(self.watchers)
            self.show(frames.watchers(self._told))
        now = clock.now()
        if self.board.state(now) == "closing" and now >= self.board.end + self._grace:
            await in_thread(_finalise, self.competition_id)
            await self.heal()


class Rooms:
    """All rooms of this process and the one task that looks after them."""

    def __init__(self) -> None:
        self._rooms: dict[int, Room] = {}
        self._opening: dict[int, asyncio.Task[Room]] = {}
        self._channel = ""
        self._tasks: list[asyncio.Task[None]] = []

    async def room(self, competition_id: int) -> Room:
        """The room of a competition, opened when it is not. Raises Competition.DoesNotExist."""
        if competition_id in self._rooms:
            return self._rooms[competition_id]
        if competition_id not in self._opening:
            self._opening[competition_id] = asyncio.get_running_loop().create_task(self._open(competition_id))
        try:
            return await asyncio.shield(self._opening[competition_id])
        finally:
            self._opening.pop(competition_id, None)

    async def _open(self, competition_id: int) -> Room:
        await self._look_after()
        await self._subscribe(competition_id)
        room = Room(competition_id, *await in_thread(_load, competition_id))
        self._rooms[competition_id] = room
        return room

    async def _look_after(self) -> None:
        if self._tasks:
            return
        broadcast.at_home()
        loop = asyncio.get_running_loop()
        self._channel = await get_channel_layer().new_channel("rooms")
        self._tasks = [loop.create_task(self._listen()), loop.create_task(self._tick())]

    async def _subscribe(self, competition_id: int) -> None:
        try:
            await get_channel_layer().group_add(broadcast.group(competition_id), self._channel)
        except OSError as fault:
            logger.warning("layer gone, room %s lives from the log: %s", competition_id, fault)

    def leave(self, room: Room, watcher: Watcher) -> None:
        room.leave(watcher)

    def deliver(self, competition_id: int, records: Sequence[Record]) -> None:
        """Records that this process has just committed."""
        room = self._rooms.get(competition_id)
        if room is not None and not room.deliver(records):
            asyncio.get_running_loop().create_task(room.heal())

    async def _listen(self) -> None:
        """Notes from the layer: a room that is behind reads the log."""
        while True:
            try:
                note = await get_channel_layer().receive(self._channel)
                room = self._rooms.get(note["competition"])
                if room is not None and note["seq"] > room.board.seq:
                    await room.heal()
            except (OSError, DatabaseError) as fault:
                logger.warning("listening to the layer: %s", fault)
                await asyncio.sleep(1)

    async def _tick(self) -> None:
        beat = 0
        while True:
            await asyncio.sleep(TICK)
            beat += 1
            try:
                if beat % HEAL_EVERY == 0:
                    await self._compare()
                for room in list(self._rooms.values()):
                    await room.tick()
            except (OSError, DatabaseError) as fault:
                logger.warning("looking after rooms: %s", fault)

    async def _compare(self) -> None:
        """Let empty rooms go; heal those the log is ahead of; join groups again in case the layer forgot."""
        for key in [key for key, room in self._rooms.items() if not room.watchers]:
            del self._rooms[key]
            await self._unsubscribe(key)
        for competition_id, seq in await in_thread(_reaches, list(self._rooms)):
            room = self._rooms.get(competition_id)
            if room is not None and seq > room.board.seq:
                await room.heal()
                await self._subscribe(competition_id)

    async def _unsubscribe(self, competition_id: int) -> None:
        try:
            await get_channel_layer().group_discard(broadcast.group(competition_id), self._channel)
        except OSError as fault:
            logger.warning("layer gone: %s", fault)


_homes: WeakKeyDictionary[asyncio.AbstractEventLoop, Rooms] = WeakKeyDictionary()


def rooms() -> Rooms:
    """The rooms of the running event loop."""
    return _homes.setdefault(asyncio.get_running_loop(), Rooms())


def _load(competition_id: int) -> tuple[Board, str, timedelta]:
    competition = Competition.objects.select_related("need").get(pk=competition_id)
    grace = timedelta(seconds=rulesets.by_ref(competition.rules_ref)["closing_grace_seconds"])
    return log.board(competition_id), competition.need.title, grace


def _read(competition_id: int, after: int) -> list[Record]:
    return list(log.read(competition_id, after))


def _reaches(competition_ids: list[int]) -> list[tuple[int, int]]:
    return list(Competition.objects.filter(pk__in=competition_ids).values_list("pk", "last_seq"))


def _finalise(competition_id: int) -> None:
    finalise(competition_id=competition_id)
