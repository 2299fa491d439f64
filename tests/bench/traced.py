"""The server under measurement with a stopwatch at every hand-over of a bid; what it found goes to $MARKET_TRACE."""

import asyncio
import gc
import json
import os
import sys
import time
from collections import defaultdict
from pathlib import Path

import uvicorn

from tests.bench import server  # isort: skip  (models must be loaded first)

from django.db.backends.postgresql.base import DatabaseWrapper

from bidding import committer, consumers, gallery, log, room, seats, threads

spent = defaultdict(list)


def timed(name, owner, verb):
    """Note how long every call takes."""
    plain = getattr(owner, verb)

    def watched(*args, **kwargs):
        began = time.perf_counter()
        try:
            return plain(*args, **kwargs)
        finally:
            spent[name].append(time.perf_counter() - began)

    setattr(owner, verb, watched)


def stop_watch():
    timed("in thread: the whole transaction", committer, "commit")
    timed("in thread: lock the row", log, "lock")
    timed("in thread: seal, sign, write", log, "write")
    timed("in thread: COMMIT and fsync", DatabaseWrapper, "_commit")
    timed("in loop: receipt to the socket", consumers.RoomConsumer, "_answer")
    timed("in loop: frame to the bidders", room.Room, "_show_front")
    timed("in loop: a slice of the gallery", gallery.Gallery, "_slice")
    timed("beside: who may still bid", seats, "judge")
    _queues()
    _collections()


def _queues():
    """From the frame's arrival to the start of its transaction, and from its end back to the loop."""
    plain_run, plain_commit = threads.DatabaseThreads.run, committer.commit

    async def run(self, work, *args, **kwargs):
        if self is not threads.committing:
            return await plain_run(self, work, *args, **kwargs)
        asked, ended = time.perf_counter(), []

        def inside(*inner, **named):
            spent["hand-over: loop to thread"].append(time.perf_counter() - asked)
            try:
                return work(*inner, **named)
            finally:
                ended.append(time.perf_counter())

        try:
            return await plain_run(self, inside, *args, **kwargs)
        finally:
            spent["hand-over: thread to loop"].append(time.perf_counter() - ended[0])

    def commit(competition_id, board, bids):
        now = committer.clock.now()
        for bid in bids:
            spent["from arrival to the thread"].append((now - bid.received_at).total_seconds())
        return plain_commit(competition_id, board, bids)

    threads.DatabaseThreads.run, committer.commit = run, commit


def _collections():
    began = [0.0]

    def collected(phase, info):
        if phase == "start":
            began[0] = time.perf_counter()
        else:
            spent[f"pause: collection, generation {info['generation']}"].append(time.perf_counter() - began[0])

    gc.callbacks.append(collected)


async def lag():
    """How late the loop is."""
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.005)
        spent["lag of the loop"].append(time.perf_counter() - began - 0.005)


def tell():
    Path(os.environ["MARKET_TRACE"]).write_text(json.dumps(spent))


class Traced:
    def __init__(self, app):
        self.app, self.task = app, None

    async def __call__(self, scope, receive, send):
        if scope["type"] == "websocket" and self.task is None:
            self.task = asyncio.create_task(lag())
        await self.app(scope, receive, send)
        if scope["type"] == "lifespan":
            tell()


if __name__ == "__main__":
    stop_watch()
    uvicorn.run(Traced(server.application), port=int(sys.argv[1]), **server.OPTIONS)
