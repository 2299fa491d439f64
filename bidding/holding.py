"""Bids on their way hold up the close, in whichever process they wait.

A bid counts by the moment it reached a server, so nobody may close a competition while any server still has bids from
before its end. Every process says so with a shared advisory lock on the competition, taken when the end is near and
given back when the end has passed and none of its bids is from before it. Whoever closes takes the same lock
exclusively, or comes again later. A process that dies loses its lock with its connection; its bids were never
acknowledged.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from django.db import Error, connection

from bidding.threads import holding
from core import clock

log = logging.getLogger("market.bidding")
NEAR = timedelta(seconds=5)  # how long before the end the lock is taken
LONGEST = timedelta(minutes=1)  # a process that hangs longer than this after the end keeps nobody from closing
SPACE = 0x62696473  # the advisory locks of this purpose; the second key is the competition
IDS = 2**31
T = TypeVar("T")


class Holder:
    """What one event loop holds. Bids are written down from the moment they reached it until they are answered."""

    def __init__(self) -> None:
        self._bids: dict[int, dict[object, datetime]] = {}
        self._ends: dict[int, datetime] = {}
        self._held: set[int] = set()
        self._session = 0
        self._one = asyncio.Lock()
        self._taking: asyncio.Task[None] | None = None

    def came(self, competition_id: int, bid: object, received_at: datetime) -> None:
        self._bids.setdefault(competition_id, {})[bid] = received_at

    def answered(self, competition_id: int, bid: object) -> None:
        waiting = self._bids.get(competition_id, {})
        waiting.pop(bid, None)
        if not waiting:
            self._bids.pop(competition_id, None)

    @contextlib.contextmanager
    def owing(self, competition_id: int, received_at: datetime) -> Iterator[None]:
        """Something came that may be a bid, and whoever finds out has to wait for something: nobody closes before it
        is handed in, or turns out to be none.
        """
        token = object()
        self.came(competition_id, token, received_at)
        self.take_soon(competition_id)
        try:
            yield
        finally:
            self.answered(competition_id, token)

    def take_soon(self, competition_id: int) -> None:
        """Hold what is owed, beside everything else, if it could be closed by now. One question to the database,
        however many come.
        """
        if self.unsafe(competition_id, clock.now()) and (self._taking is None or self._taking.done()):
            self._taking = asyncio.get_running_loop().create_task(self._take_owed())

    async def _take_owed(self) -> None:
        tried = set[int]()
        with contextlib.suppress(Error):  # without a database nobody can close either
            async with self._one:
                while fresh := self._bids.keys() - self._held - tried:
                    tried |= fresh
                    await self._take(fresh)

    async def _learn(self, competition_ids: Iterable[int]) -> None:
        """Ask the database for ends that are not known here, or that all bids here came after: where no room is open
        nobody says that a bid in another process has moved one. One question for all of them.
        """
        doubtful = sorted(key for key in competition_ids if not self.owes(key))
        if doubtful:
            for key, end in await self._ask(_ends, doubtful):
                self.ends(key, end)

    def ends(self, competition_id: int, end: datetime) -> None:
        """What is known about the end. It only ever moves away."""
        self._ends[competition_id] = max(end, self._ends.get(competition_id, end))

    def unsafe(self, competition_id: int, now: datetime) -> bool:
        """Could the competition be closed before a bid that came just now is in the log?"""
        end = self._ends.get(competition_id)
        return competition_id not in self._held and (end is None or now >= end - NEAR)

    async def hold(self, competition_id: int) -> None:
        """Hold this one from now on, if a bid from before its end waits here. Raises the database's errors."""
        async with self._one:
            if competition_id not in self._held:
                await self._take({competition_id})

    async def _take(self, competition_ids: set[int]) -> None:
        await self._learn(competition_ids)
        if owed := {key for key in competition_ids if self.owes(key)}:
            await self._exchange(owed, set())

    async def review(self, rooms: Iterable[int], now: datetime) -> None:
        """Hold what must be held now, and nothing else. `rooms` are the competitions that may still get bids here.
        Raises the database's errors; what was held is lost then, and taken again by the next review.
        """
        async with self._one:
            await self._learn(self._bids)
            wanted = {key for key in rooms if self._near(key, now)} | {key for key in self._bids if self.owes(key)}
            self._ends = {key: end for key, end in self._ends.items() if key in wanted or now < end + LONGEST}
            if wanted or self._held:
                await self._exchange(wanted - self._held, self._held - wanted)

    def _near(self, competition_id: int, now: datetime) -> bool:
        end = self._ends.get(competition_id)
        return end is not None and end - NEAR <= now < end

    def owes(self, competition_id: int) -> bool:
        """Has a bid from before the end, as it is known here, not been answered yet? Bids that came later wait for
        nothing, and what has no end is no competition.
        """
        end = self._ends.get(competition_id)
        return end is not None and any(at < end for at in self._bids.get(competition_id, {}).values())

    async def held_elsewhere(self, competition_id: int) -> bool:
        """Does another process hold it? Raises the database's errors."""
        async with self._one:
            return await self._ask(_held_elsewhere, competition_id)

    async def _exchange(self, take: set[int], give: set[int]) -> None:
        """Also a look whether the session that holds the locks still lives."""
        session, taken = await self._ask(_exchange, sorted(take), sorted(give))
        if session != self._session:
            self._held.clear()
        self._session = session
        self._held = (self._held | taken) - give

    async def _ask(self, what: Callable[..., T], *args: Any) -> T:
        """Something of the session that holds the locks. When that fails, they are lost with it."""
        try:
            return await holding.run(_or_hang_up, what, *args)
        except BaseException:
            self._held.clear()
            raise


def _or_hang_up(what: Callable[..., T], *args: Any) -> T:
    try:
        return what(*args)
    except Error:
        connection.close()
        raise


def _ends(competition_ids: list[int]) -> list[tuple[int, datetime]]:
    """The ends as they stand, of those that are competitions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, ends_at FROM bidding_competition WHERE id = ANY(%s)", [competition_ids])
        return list(cursor.fetchall())


def _exchange(take: list[int], give: list[int]) -> tuple[int, set[int]]:
    """Take some locks and give others back; says in which session, and which were taken. One that is refused belongs
    to somebody who is closing at this moment.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_shared(%s, id) FROM unnest(%s::int[]) AS id", [SPACE, _keys(give)])
        cursor.execute(
            "SELECT id, pg_try_advisory_lock_shared(%s, (id %% %s)::int) FROM unnest(%s::bigint[]) AS id",
            [SPACE, IDS, take],
        )
        taken = {key for key, got in cursor.fetchall() if got}
        return connection.connection.info.backend_pid, taken


def _held_elsewhere(competition_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid = %s AND objid = %s AND objsubid = 2 AND mode = 'ShareLock' LIMIT 1",
            [SPACE, competition_id % IDS],
        )
        return cursor.fetchone() is not None


def _keys(competition_ids: list[int]) -> list[int]:
    return [key % IDS for key in competition_ids]


def nobody_holds(competition_id: int) -> bool:
    """For whoever closes, inside its transaction: does no process have bids from before the end? Until the transaction
    ends none will say so any more.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [SPACE, competition_id % IDS])
        return bool(cursor.fetchone()[0])


_homes: WeakKeyDictionary[asyncio.AbstractEventLoop, Holder] = WeakKeyDictionary()


def holder() -> Holder:
    """The holder of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _homes:
        _homes[loop] = Holder()
    return _homes[loop]
