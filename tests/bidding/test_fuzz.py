"""Frames of all kinds into a running room: nothing in the server's log, nothing wrong in the room's.

The full form is `bin/fuzz` (100,000 frames into a process of its own); this is the same with fewer.
"""

import asyncio
import contextlib
import json
import logging
from random import Random
from unittest.mock import patch

import pytest

from bidding import consumers
from tests.bench import market as bench
from tests.bidding import world
from tests.fuzz import oracle
from tests.fuzz.aftermath import wrongs
from tests.fuzz.frames import Frames
from tests.fuzz.run import HARMLESS
from tests.fuzz.visitors import HIDDEN, Market, fuzz

pytestmark = pytest.mark.slow


@pytest.fixture
def place(transactional_db):
    """Made before the market lives: its clock would close a running competition that nobody has entered yet."""
    with patch.object(world, "need", world.need):  # the hot competition puts one of its own in its place
        return bench.hot_competition(bidders=6)


@pytest.fixture
def market(place, live_market):
    names = [agency.organisation.name for agency in place.agencies]
    return Market(int(live_market.url.rsplit(":", 1)[1]), place.pk, bench.cookies(place), names)


def said(caplog):
    lines = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    return [line for line in lines if not HARMLESS.fullmatch(line)]


def test_no_frame_breaks_a_room(market, caplog):
    picture = asyncio.run(fuzz(market, frames=2500, seed=20261122, crowd=12))
    assert said(caplog) == []  # before the close, which comes hours early here and says so
    assert wrongs(market, picture) == []
    assert market.tally["frames"] >= 2500
    assert market.tally["receipt"] > 10
    assert {"closed 4400", "closed 4409", "frame.invalid", "frame.too_large", "amount.format"} <= set(market.tally)


def lacks_its_mark(frame):
    """A ping without its `t`: the corner that the control's fault is in."""
    with contextlib.suppress(ValueError, RecursionError):
        command = json.loads(frame)
        return isinstance(command, dict) and command.get("type") == "ping" and "t" not in command
    return False


def test_bent_frames_reach_the_corner_of_the_control():
    """Some of any thousand do, so the full form, a hundred thousand, meets it again and again."""
    frames = Frames(Random(1))
    met = [lacks_its_mark(frames.frame({"next_max": "48000.00", "seq": 9})) for _ in range(6000)]
    assert min(sum(met[start : start + 1000]) for start in range(0, 6000, 1000)) > 0


def test_the_fuzzer_notices_a_frame_that_breaks_the_room(market, caplog, monkeypatch):
    """The control: a fault in a corner that only a bent frame reaches. Whether six hundred frames bend one that way is
    chance, so every vandal begins with it, and chance goes on from there.
    """
    made = Frames.frame

    def bent_at_first(frames, room):
        if frames in begun:
            return made(frames, room)
        begun.add(frames)
        frames.straight_on = False
        return json.dumps({"type": "ping"})

    async def fragile(consumer, command):
        await consumers.RoomConsumer.ping(consumer, {"t": command["t"]})

    begun = set()
    monkeypatch.setattr(Frames, "frame", bent_at_first)
    monkeypatch.setitem(consumers._COMMANDS, "ping", fragile)
    picture = asyncio.run(fuzz(market, frames=600, seed=1, crowd=6))
    assert said(caplog) + wrongs(market, picture) != []


def test_a_floor_in_any_frame_but_its_owner_s_answers_is_noticed():
    frame = json.dumps({"type": "my_floor", "floor": {"amount": HIDDEN, "seq": 9}})
    for text, own, noticed in ((frame, HIDDEN, False), (frame, "", True),
                               (json.dumps({"type": "events", "x": HIDDEN, "to": 0}), HIDDEN, True)):  # fmt: skip
        market = Market(0, 1, [], [HIDDEN])
        market.judge(text, own)
        assert bool(market.faults) == noticed


def test_the_protocol_lists_what_a_room_may_answer():
    codes, closes = oracle.documented()
    assert {"bid.step", "bid.above_ceiling", "amount.decimals", "frame.too_fast", "protocol.old"} <= codes
    assert {4400, 4401, 4408, 4409, 4429} <= closes
