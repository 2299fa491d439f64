"""Threads that talk to the database for the event loop, each with a connection of its own that it keeps.

The connections are no part of the pool: when the database comes back after a fault, the pool waits longer and longer
between its attempts, and bids must not.

Nor may bids wait for a process that was stopped, or cut off, between taking a competition's lock and its commit: the
database ends its session, and who waits for a lock hears of it and asks again.

Who waits does not keep others waiting: committers give a lock that is kept a moment only, and what belongs to such a
competition goes on in threads of its own, as what opens and closes competitions does.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from django.db import close_old_connections, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

LOCK_MS = 2000  # a lock is waited for so long at a time
BRIEF_MS = 200  # and so long by those for whom others wait
IDLE_MS = 5000  # a transaction in which nothing is said for so long is ended by the database
P = ParamSpec("P")
T = TypeVar("T")


class DatabaseThreads:
    """A few threads, made at first use. The caller's context (clock, language) goes along."""

    def __init__(self, name: str, count: int, *, brief: bool = False, **options: Any) -> None:
        self._name, self._count, self._brief, self._options = name, count, brief, options
        self._changing = Lock()
        self._crew: _Crew | None = None

    async def run(self, work: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        call = partial(copy_context().run, work, *args, **kwargs)
        with self._changing:
            self._crew = self._crew or _Crew(self._name, self._count, self._link)
            begun = self._crew.pool.submit(call)
        return await asyncio.wrap_future(begun)

    def _link(self) -> BaseDatabaseWrapper:
        return _connection_to_keep(BRIEF_MS if self._brief else LOCK_MS, self._options)

    @property
    def connections(self) -> list[BaseDatabaseWrapper]:
        """What its threads hold now."""
        return self._crew.connections if self._crew else []

    def close(self) -> None:
        """Let running work finish, end the threads and close their connections; who asks meanwhile gets new ones."""
        with self._changing:
            crew, self._crew = self._crew, None
        if crew:
            crew.dismiss()


class _Crew:
    """Threads and their connections, which end together."""

    def __init__(self, name: str, count: int, link: Callable[[], BaseDatabaseWrapper]) -> None:
        self._link = link
        self.connections: list[BaseDatabaseWrapper] = []
        self.pool = ThreadPoolExecutor(count, name, initializer=self._remember)

    def _remember(self) -> None:
        """Runs once in each thread: its connection is this thread's, and whoever dismisses the crew may close it."""
        connections[connection.alias] = mine = self._link()
        mine.inc_thread_sharing()
        self.connections.append(mine)

    def dismiss(self) -> None:
        self.pool.shutdown()
        for mine in self.connections:
            mine.close()


def _connection_to_keep(lock_ms: int, more: dict[str, Any]) -> BaseDatabaseWrapper:
    """Like the default connection, outside the pool. It is tried before it is used by those who ask for that."""
    wanted = connection.settings_dict
    options = {key: value for key, value in wanted["OPTIONS"].items() if key != "pool"} | more
    patience = f"-c lock_timeout={lock_ms} -c idle_in_transaction_session_timeout={IDLE_MS}"
    options["options"] = f"{options.get('options', '')} {patience}".strip()
    return type(connections[connection.alias])(
        {**wanted, "OPTIONS": options, "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}, connection.alias
    )


# Committers say the same few statements all day: the database reads and plans them once, half of what a bid costs it.
committing = DatabaseThreads("committer", 4, brief=True, server_side_binding=True, prepare_threshold=3)
# Their work goes on here while somebody keeps the lock of its competition.
waiting = DatabaseThreads("waiter", 4, server_side_binding=True, prepare_threshold=3)
turning = DatabaseThreads("turner", 4)  # competitions that begin or close, which takes their lock
reading = DatabaseThreads("room", 4)
holding = DatabaseThreads("holder", 1)


async def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a read on a connection that is known to be alive. What waits for a competition's lock goes elsewhere."""
    return await reading.run(_alive, work, *args, **kwargs)


async def in_turn(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The same for a verb that begins or closes a competition."""
    return await turning.run(_alive, work, *args, **kwargs)


def _alive(work: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    close_old_connections()
    return work(*args, **kwargs)


def close_all() -> None:
    for threads in (committing, waiting, turning, reading, holding):
        threads.close()
