"""A server process, as far as bidding sees one: an event loop in a thread of its own, with its committer, its room and
its clock.
"""

import asyncio
import json
import threading
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from functools import partial

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore

from bidding import committer
from bidding.room import rooms
from tests.bidding.picture import Picture
from tests.bidding.sockets import Client

PATIENCE = 20
skew: ContextVar[timedelta] = ContextVar("skew", default=timedelta())


class Process:
    def __init__(self, name, ahead):
        self.name, self.skew = name, ahead
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name=f"process-{name}", daemon=True)
        self._thread.start()

    def __repr__(self):
        return self.name

    @contextmanager
    def clock(self):
        """Inside, it is the time that this process believes."""
        token = skew.set(self.skew)
        try:
            yield
        finally:
            skew.reset(token)

    def begin(self, work):
        """Start a coroutine here; its future."""
        with self.clock():
            return asyncio.run_coroutine_threadsafe(work, self.loop)

    def run(self, work):
        return self.begin(work).result(PATIENCE)

    def bids(self, competition_id, offers):
        """Hand in bids, each with the moment it came, in one go; their answers in the same order."""
        return self.run(self.hand_in(competition_id, offers))

    async def hand_in(self, competition_id, offers):
        answers = [self.loop.create_future() for _ in offers]
        for (offer, at), answer in zip(offers, answers, strict=True):
            committer.submit(competition_id, offer, partial(_answer, answer), at)
        return await asyncio.wait_for(asyncio.gather(*answers), PATIENCE)

    def watch(self, competition_id):
        return self.run(self._watch(competition_id))

    async def _watch(self, competition_id):
        client = Client(f"/ws/competitions/{competition_id}/", AnonymousUser(), SessionStore())
        assert await client.connect() is None
        return Onlooker(client, competition_id)

    def end(self):
        asyncio.run_coroutine_threadsafe(self._cancel(), self.loop).result(PATIENCE)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(PATIENCE)
        self.loop.close()

    async def _cancel(self):
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _answer(future, value):
    if not future.done():
        future.set_result(value)


class Onlooker:
    """A browser in the room of one process, with the picture it makes of it."""

    def __init__(self, client, competition_id):
        self._client, self._competition, self.picture = client, competition_id, Picture()

    async def catch_up(self, seq):
        """Read frames until the picture stands at `seq`; the room may have to look into the log first."""
        await (await rooms().room(self._competition)).heal()
        while self.picture.seq < seq:
            frame = json.loads((await self._client.receive_output(PATIENCE))["text"])
            if start := self.picture.take(frame):
                await self._client.command(type="replay", **{"from": start})
        return self.picture.timeless()

    async def leave(self):
        await self._client.disconnect()
