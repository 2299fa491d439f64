"""Full collections wait until nobody bids, but not for ever."""

import asyncio
import gc

import pytest

from config import pauses
from config.pauses import LONGEST, MINUTE, Pauses


@pytest.mark.parametrize(
    ("allocated", "quiet", "since", "due"),
    [
        (True, True, MINUTE, True),
        (True, True, MINUTE - 1, False),
        (True, False, MINUTE, False),
        (True, False, LONGEST, True),
        (False, True, LONGEST, False),
    ],
)
def test_when_a_collection_is_due(monkeypatch, allocated, quiet, since, due):
    monkeypatch.setattr(pauses, "quiet", lambda: quiet)
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, pauses.DUE if allocated else 0))
    assert Pauses().due(since) is due


async def test_python_gets_its_own_measure_back():
    before, one = gc.get_threshold(), Pauses()
    one.start()
    assert gc.get_threshold() == (*before[:2], pauses.NEVER)
    await asyncio.sleep(0)
    one.stop()
    assert gc.get_threshold() == before
