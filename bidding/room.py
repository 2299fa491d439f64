"""Rooms: the watchers of one competition in this process. A room joins the layer's group once, keeps a board of its
own from the log, serialises each frame once and hands it, ready, to every socket.

The log is the truth and a note only says "look": whatever is missing is read from the log, and every second and a half
each room's number is compared with the database, so lost notes or a lost layer show for two seconds at the most.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Coroutine, Sequence
from datetime import timedelta
from typing import Any
from weakref import WeakKeyDictionary

import orjson
from channels.layers import get_channel_layer
from django.db import Error

from bidding import broadcast, frames, log
from bidding.gallery import Gallery
from bidding.holding import holder
from bidding.models import Competition
from bidding.rules.board import Board, ChainError
from bidding.rules.record import Record
from bidding.seats import Seat, look_up
from bidding.services import begin, finalise
from bidding.threads import in_thread, in_turn
from bidding.watcher import Watcher
from core import clock, rulesets

logger = logging.getLogger("market.bidding")
TICK = 0.5
HEAL_EVERY = 3  # ticks; every one while the layer is known to be gone
LOOK_UP_EVERY = 8  # ticks
FRONT_SEATS = 4  # sockets of one bidder that hear first
PAUSE = 2.0  # before closing is tried again


class Room:
    def __init__(self, competition_id: int, board: Board, title: str, grace: timedelta) -> None:
        self.competition_id = competition_id
        self.board = board
        self.watchers: set[Watcher] = set()
        self._front: dict[Watcher, str] = {}  # bidders, by pseudonym: told at once, before all others
        self._gallery = Gallery(lambda records: frames.events_frame(records, self.board, clock.now()))
        self.seats: dict[Watcher, Seat] = {}
        self.beginning = self.closing = self.astray = False
        self.begun = 0  # seals for which the start has been looked after
        self._title, self._grace = title, grace
        self._picture: tuple[int, str, bytes] = (-1, "", b"")
        self._healing = asyncio.Lock()
        self._told = 0
        self._recent: deque[Record] = deque(maxlen=64)  # bridges what comes while a replay is being read
        self._replayed: tuple[int, int, str] = (-1, -1, "")

    def join(self, watcher: Watcher, pseudonym: str | None) -> None:
        """Add a watcher and greet it with the whole picture; nothing can come between the two."""
        if watcher not in self.watchers:
            self.watchers.add(watcher)
            self._seat(watcher, pseudonym)
        now = clock.now()
        greeting = frames.hello(
            self._snapshot(), role=watcher.role, pseudonym=pseudonym, watchers=len(self.watchers), now=now
        )
        watcher.push(greeting)

    def _seat(self, watcher: Watcher, pseudonym: str | None) -> None:
        """Who bids sits in front, with a few sockets: by opening hundreds nobody comes between bidders."""
        if pseudonym is not None and list(self._front.values()).count(pseudonym) < FRONT_SEATS:
            self._front[watcher] = pseudonym
        else:
            self._gallery.watchers.add(watcher)

    def leave(self, watcher: Watcher) -> None:
        self.watchers.discard(watcher)
        self._front.pop(watcher, None)
        self.seats.pop(watcher, None)
        self._gallery.watchers.discard(watcher)
        watcher.stop()

    def _snapshot(self) -> bytes:
        now = clock.now()
        state = self.board.state(now)
        if self._picture[:2] != (self.board.seq, state):
            self._picture = (self.board.seq, state, orjson.dumps(frames.snapshot(self.board, self._title, now)))
        return self._picture[2]

    async def replay(self, start: int) -> str:
        """The frame with everything from `start` (at most one beyond the present) until now. Everybody who asks from
        the same place at the same seq gets the same one.
        """
        if self._replayed[:2] != (start, self.board.seq):
            records = await self._stretch(start)
            self._replayed = (start, self.board.seq, frames.events_frame(records, self.board, clock.now()))
        return self._replayed[2]

    async def _stretch(self, start: int) -> list[Record]:
        """All records from `start` to the present, without a hole: what came while they were read is added from memory
        or, when that was more than memory keeps, read as well.
        """
        records: list[Record] = []
        while True:
            before, shown = records[-1].seq if records else start - 1, self.board.seq
            records += await in_thread(_read, self.competition_id, before)
            self.deliver(records)
            last = records[-1].seq if records else before
            recent = [record for record in self._recent if record.seq > last]
            if recent and recent[0].seq == last + 1:
                records, last = records + recent, recent[-1].seq
            if last >= self.board.seq or self.astray:
                return records
            if last == before < shown:
                self._go_astray(ChainError(f"the log ends with {last}, {shown} was shown"))

    def deliver(self, records: Sequence[Record]) -> bool:
        """Take in records and show them to everybody. False when some before them are missing here."""
        fresh = [record for record in records if record.seq > self.board.seq]
        if not fresh:
            return True
        if fresh[0].seq != self.board.seq + 1:
            return False
        try:
            self.board.fold_all(fresh)
        except ChainError as broken:
            self._go_astray(broken)
            return True
        self._recent.extend(fresh)
        if self._front:
            self._show_front(frames.events_frame(fresh, self.board, clock.now()))
        self._gallery.tell(fresh)
        return True

    def show(self, frame: str) -> None:
        self._show_front(frame)
        self._gallery.show(frame)

    def _show_front(self, frame: str) -> None:
        for watcher in list(self._front):
            watcher.push(frame)

    def count(self) -> None:
        """Tell how many watch, when it changed."""
        if len(self.watchers) != self._told:
            self._told = len(self.watchers)
            self.show(frames.watchers(self._told))

    async def heal(self) -> None:
        """Read what the log has and this room has not."""
        async with self._healing:
            self.deliver(await in_thread(_read, self.competition_id, self.board.seq))

    def _go_astray(self, broken: ChainError) -> None:
        """The log is not the one this room has shown: a database that was restored, or a standby that took over, has
        lost what was there. The log is the truth: everybody connects again and is greeted from it.
        """
        if not self.astray:
            logger.error("room %s has shown what the log does not hold: %s", self.competition_id, broken)
        self.astray = True
        for watcher in list(self.watchers):
            watcher.drop()

    def check(self, shown: tuple[int, str], end: tuple[int, str]) -> None:
        """Compare what was shown, seq and hash, with the end of the log as it was found later: it may have gone on."""
        if end[0] < shown[0] or (end[0] == shown[0] and end[1] != shown[1]):
            self._go_astray(ChainError(f"the log ends with {end[0]}, {shown[0]} was shown"))

    def over(self) -> bool:
        """Has the time of the competition passed without its being closed?"""
        now = clock.now()
        return self.board.state(now) == "closing" and now >= self.board.end + self._grace

    def waits(self) -> bool:
        """Has the start come for floors that were sealed before it, and did nobody look yet?"""
        board = self.board
        return self.begun < len(board.seals) and not board.begun and board.state(clock.now()) == "open"

    async def begin(self) -> None:
        """Let them act; once for what is sealed, even when it leads to no bid."""
        seals = len(self.board.seals)
        await in_turn(_begin, self.competition_id)
        self.begun = seals
        await self.heal()

    async def close(self) -> None:
        await in_turn(_finalise, self.competition_id)
        await self.heal()


class Rooms:
    """All rooms of this process and the tasks that look after them. Their work outlives any fault of the database,
    the layer or a single room: it is written down and tried again.
    """

    def __init__(self) -> None:
        self._rooms: dict[int, Room] = {}
        self._opening: dict[int, asyncio.Task[None]] = {}
        self._channel = ""
        self._listening: asyncio.Task[None] | None = None
        self._ticking: asyncio.Task[None] | None = None
        self._errands: set[asyncio.Task[Any]] = set()
        self._looking_up: asyncio.Task[Any] | None = None
        self._deaf = False  # the layer is gone, or has forgotten who listens

    async def room(self, competition_id: int) -> Room:
        """The room of a competition, opened when it is not. Raises Competition.DoesNotExist.

        An empty room is let go at any time, so whoever gets one joins it before waiting for anything else.
        """
        if competition_id in self._rooms and self._rooms[competition_id].astray:
            del self._rooms[competition_id]
        while competition_id not in self._rooms:
            if competition_id not in self._opening:
                self._opening[competition_id] = asyncio.get_running_loop().create_task(self._open(competition_id))
            await asyncio.shield(self._opening[competition_id])
        return self._rooms[competition_id]

    async def _open(self, competition_id: int) -> None:
        try:
            await self._settle_in()
            self.look_after()
            if self._deaf:
                self._join(competition_id)
            else:
                await self._subscribe(competition_id)
            self._rooms[competition_id] = Room(competition_id, *await in_thread(_load, competition_id))
        finally:
            del self._opening[competition_id]

    async def _settle_in(self) -> None:
        if self._listening is None:
            broadcast.at_home()
            self._channel = await get_channel_layer().new_channel("rooms")
            self._listening = asyncio.get_running_loop().create_task(self._listen())

    def look_after(self) -> None:
        """Begin to look after what goes on here, though no room may be open: bids also come without one."""
        if self._ticking is None:
            self._ticking = asyncio.get_running_loop().create_task(self._tick())

    def deliver(self, competition_id: int, records: Sequence[Record]) -> None:
        """Records that this process has just committed."""
        room = self._rooms.get(competition_id)
        if room is not None and not room.deliver(records):
            self._send_out(_guarded("a room that missed records", room.heal()))

    def _send_out(self, errand: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run something beside; the set keeps it from being collected before it is done."""
        task = asyncio.get_running_loop().create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)
        return task

    async def _listen(self) -> None:
        """Notes from the layer: a room that is behind reads the log. A layer that was gone may have forgotten us."""
        while True:
            if not await _guarded("listening to the layer", self._hear()):
                self._deaf = True
                await asyncio.sleep(TICK)
                self._deaf = not await self._join_all()

    async def _join_all(self) -> bool:
        for competition_id in list(self._rooms):
            if not await self._subscribe(competition_id):
                return False
        return True

    async def _hear(self) -> None:
        note = await get_channel_layer().receive(self._channel)
        room = self._rooms.get(note["competition"])
        if room is not None and note["seq"] > room.board.seq:
            await room.heal()

    async def _tick(self) -> None:
        beat = 0
        while True:
            await asyncio.sleep(TICK)
            beat += 1
            if beat % LOOK_UP_EVERY == 0 and (self._looking_up is None or self._looking_up.done()):
                seats = [seat for room in self._rooms.values() for seat in room.seats.values()]
                self._looking_up = self._send_out(_guarded("looking up who may still bid", look_up(seats)))
            if beat % HEAL_EVERY == 0 or self._deaf:
                await _guarded("comparing rooms with the log", self._compare())
            await _guarded("holding the competitions that end", self._hold())
            for room in list(self._rooms.values()):
                await _guarded("looking after a room", self._look_at(room))

    async def _hold(self) -> None:
        """Nobody may close a competition that still gets bids here."""
        going_on = [key for key, room in self._rooms.items() if room.board.closed_at is None]
        for key in going_on:
            holder().ends(key, self._rooms[key].board.end)
        await holder().review(going_on, clock.now())

    async def _look_at(self, room: Room) -> None:
        room.count()
        if room.waits() and not room.beginning:
            room.beginning = True
            self._send_out(self._begin(room))
        if not room.closing and room.over():
            room.closing = True
            self._send_out(self._close(room))

    async def _begin(self, room: Room) -> None:
        """Tried again until it went well: then it is true that somebody looked."""
        if not await _guarded("floors at the start", room.begin()):
            await asyncio.sleep(PAUSE)
        room.beginning = False

    async def _close(self, room: Room) -> None:
        """Beside the tick, so that a hundred rooms that end together, or one that cannot, keep no other waiting."""
        if not await _guarded(f"closing competition {room.competition_id}", room.close()):
            await asyncio.sleep(PAUSE)
        room.closing = False

    async def _compare(self) -> None:
        """Let empty rooms go; heal those the log is ahead of; join groups again in case the layer forgot."""
        for key in [key for key, room in self._rooms.items() if not room.watchers]:
            del self._rooms[key]
            self._send_out(self._unsubscribe(key))
        shown = {key: (room.board.seq, room.board.head) for key, room in self._rooms.items()}
        behind = []
        for key, seq, head in await in_thread(_reaches, list(shown)):
            room = self._rooms.get(key)
            if room is not None:
                room.check(shown[key], (seq, head))
                if seq > room.board.seq:
                    behind.append(room)
        await asyncio.gather(*(self._catch_up(room) for room in behind))

    async def _catch_up(self, room: Room) -> None:
        await _guarded("a room that is behind", room.heal())
        if not self._deaf:
            self._join(room.competition_id)

    def _join(self, competition_id: int) -> None:
        """Beside everything else: a layer that hangs must not keep rooms from the log."""
        self._send_out(self._subscribe(competition_id))

    async def _subscribe(self, competition_id: int) -> bool:
        add = get_channel_layer().group_add(broadcast.group(competition_id), self._channel)
        return await _guarded("joining a group", asyncio.wait_for(add, broadcast.PATIENCE))

    async def _unsubscribe(self, competition_id: int) -> None:
        if competition_id in self._rooms or competition_id in self._opening:  # opened again meanwhile
            return
        discard = get_channel_layer().group_discard(broadcast.group(competition_id), self._channel)
        await _guarded("leaving a group", asyncio.wait_for(discard, broadcast.PATIENCE))


_failing: set[str] = set()


async def _guarded(what: str, work: Awaitable[Any]) -> bool:
    """Do something that may fail without anybody to tell; says whether it went well. While the layer or the database is
    away the same things fail every moment: that is written down once, and once when it is over.
    """
    try:
        await work
    except (*broadcast.FAULTS, Error) as fault:
        if what not in _failing:
            logger.warning("%s: %s", what, fault)
        _failing.add(what)
    except Exception:
        logger.exception(what)
    else:
        if what in _failing:
            _failing.discard(what)
            logger.warning("%s: works again", what)
        return True
    return False


_homes: WeakKeyDictionary[asyncio.AbstractEventLoop, Rooms] = WeakKeyDictionary()


def rooms() -> Rooms:
    """The rooms of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _homes:
        _homes[loop] = Rooms()
    return _homes[loop]


def _load(competition_id: int) -> tuple[Board, str, timedelta]:
    competition = Competition.objects.select_related("need").get(pk=competition_id)
    grace = timedelta(seconds=rulesets.by_ref(competition.rules_ref)["closing_grace_seconds"])
    return log.board(competition_id), competition.need.title, grace


def _read(competition_id: int, after: int) -> list[Record]:
    return list(log.read(competition_id, after))


def _reaches(competition_ids: list[int]) -> list[tuple[int, int, str]]:
    return list(Competition.objects.filter(pk__in=competition_ids).values_list("pk", "last_seq", "head_hash"))


def _begin(competition_id: int) -> None:
    begin(competition_id=competition_id)


def _finalise(competition_id: int) -> None:
    finalise(competition_id=competition_id)
