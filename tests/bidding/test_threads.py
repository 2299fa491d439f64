"""Threads for the event loop keep a connection each, and none outlives them."""

import asyncio
import threading

import pytest
from django.db import connection

from bidding.threads import DatabaseThreads

pytestmark = pytest.mark.django_db(transaction=True)


def asked():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return connection.connection


async def test_connections_end_with_their_threads():
    threads = DatabaseThreads("tested", 2)
    link = await threads.run(asked)
    assert not link.closed
    await asyncio.to_thread(threads.close)
    assert link.closed


async def test_whoever_asks_while_threads_end_gets_new_ones_that_end_too():
    """A room reads on while its server stops: what it opened then was left to the garbage collector."""
    threads = DatabaseThreads("tested", 1)
    begun, let = threading.Event(), threading.Event()

    def busy():
        begun.set()
        assert let.wait(10)
        return asked()

    first = asyncio.create_task(threads.run(busy))
    assert await asyncio.to_thread(begun.wait, 10)
    closing = asyncio.create_task(asyncio.to_thread(threads.close))
    await asyncio.sleep(0.1)
    later = await threads.run(asked)
    let.set()
    await closing
    assert (await first).closed
    assert not later.closed
    again = await threads.run(asked)
    await asyncio.to_thread(threads.close)
    assert later.closed
    assert again.closed
