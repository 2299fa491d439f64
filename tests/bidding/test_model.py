"""Rules, committers and the close against a plain auction, step by step; and the controls: with a committer that is
broken on purpose the same machine fails, each time.

`--hypothesis-profile=long` walks a thousand examples instead of some.
"""

import re
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from unittest.mock import patch

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from bidding import broadcast, committer, log, room
from bidding.rules.auction import Accepted
from bidding.services import closing
from core import clock
from tests.bidding import world
from tests.bidding.model.faults import Trouble
from tests.bidding.model.machine import NOT_WRITTEN, Bidding, ModelTime
from tests.bidding.model.process import Process
from tests.chaos.broken import careless

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LONG = settings.get_current_profile_name() == "long"


async def nothing(*_args):
    """A layer that loses every note."""


def never(_room):
    """Rooms look after nothing by themselves: here every look is a step of its own."""
    return False


@pytest.fixture
def bidding():
    """The machine with its stage: two processes half a second apart, no notes between them, small batches."""
    place = world.competition(bidders=4, running=False, now=NOW)
    moment = ModelTime()
    moment.now = NOW
    with ExitStack() as stage:
        for owner, name, value in (
            (clock, "now", moment.read), (broadcast, "send", nothing), (room, "TICK", 0.02),
            (room.Room, "over", never), (room.Room, "waits", never), (committer, "LARGEST_BATCH", 3),
            (committer, "PAUSE", 0), (committer, "ASK_AGAIN", 0.01),
        ):  # fmt: skip
            stage.enter_context(patch.object(owner, name, value))
        trouble = stage.enter_context(Trouble().installed())
        processes = {"A": Process("A", timedelta()), "B": Process("B", timedelta(seconds=0.5))}
        for process in processes.values():
            stage.callback(process.end)
        lent = {"place": place, "processes": processes, "trouble": trouble, "time": moment, "failures": []}
        yield type("Staged", (Bidding,), lent)


def walk(machine, examples, steps, **given):
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    chosen = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=checks, **given
    )
    run_state_machine_as_test(machine, settings=chosen)


def test_whatever_happens_the_log_says_what_a_plain_auction_says(bidding):
    walk(bidding, 1000 if LONG else 25, 40 if LONG else 25)


# Controls: each breaks one thing a committer or a close must do. The machine that does not notice is worth nothing.


def acknowledged_before_the_commit():
    real = committer._commit

    def eager(competition_id, board, bids):
        with transaction.atomic():
            batch = real(competition_id, board, bids)
            for bid, answer in zip(bids, batch.answers, strict=True):
                future = bid.tell.args[0]
                future.get_loop().call_soon_threadsafe(partial(bid.tell, answer))
        return batch

    return patch.object(committer, "_commit", eager)


def without_the_lock():
    def unlocked(competition_id):
        with connection.cursor() as cursor:
            cursor.execute("SELECT last_seq, head_hash FROM bidding_competition WHERE id = %s", [competition_id])
            return cursor.fetchone()

    return patch.object(log, "lock", unlocked)


@contextmanager
def without_any_order():
    """Takes no lock, and whose number it is the database does not mind either."""
    with without_the_lock(), patch.object(log, "_WRITE", careless(log._WRITE)):
        yield


def by_what_it_remembers():
    """Does not look at what another process has appended."""
    real = committer._locked
    return patch.object(committer, "_locked", lambda key, known: known or real(key, known))


def deciding(change):
    """A committer whose decisions are changed."""
    real = committer.decide
    return patch.object(committer, "decide", lambda board, offer, at: change(real, board, offer, at))


def by_the_time_of_the_queue(real, board, offer, _at):
    return real(board, offer, clock.now())


def without_references(real, board, offer, at):
    board.receipts.clear()
    return real(board, offer, at)


def without_extensions(real, board, offer, at):
    decision = real(board, offer, at)
    return Accepted(decision.events[:1]) if isinstance(decision, Accepted) else decision


def a_fen_too_high(real, board, offer, at):
    decision = real(board, offer, at)
    if getattr(decision, "code", "") == "bid.step" and offer.amount <= board.next_max + 1:
        return Accepted([log.event("bid", at, by=offer.by, amount=str(offer.amount), ref=offer.ref)])
    return decision


# What is broken, how, and by what it must be found out: any other failure says that the control is broken itself.
BROKEN = {
    "it acknowledges before the commit": (
        acknowledged_before_the_commit,
        "told a receipt instead of bid.busy|acknowledged and not in the log|the log holds other bids",
    ),
    "it takes no lock": (without_the_lock, "log_gapless_order|told bid.busy instead of"),
    "it takes no lock and numbers collide unseen": (
        without_any_order, "closed although|acknowledged and not in the log|the log holds other bids|two receipts"
    ),
    "it decides by what it remembers": (by_what_it_remembers, "told .* instead of"),
    "it counts by the time of the queue": (
        partial(deciding, by_the_time_of_the_queue), f"told bid.late instead of a receipt|{NOT_WRITTEN}"
    ),
    "it forgets references": (partial(deciding, without_references), "told bid.* instead of a receipt|two receipts"),
    "it never extends": (partial(deciding, without_extensions), "closed although a bid moved|the log ends|instead of"),
    "it takes a fen too much": (partial(deciding, a_fen_too_high), "told a receipt instead of bid.step|other bids"),
    "the close does not wait for the end": (
        lambda: patch.object(closing, "_grace", lambda _competition: timedelta(minutes=-10)), "closed"
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_committer_is_caught(bidding, fault):
    generated = {"phases": [Phase.generate], "report_multiple_bugs": False, "database": None, "derandomize": True}
    broken, expected = BROKEN[fault]
    with broken():
        takes_an_honest_bid(bidding)
        with suppress(Exception):  # also what Hypothesis says when an example fails only sometimes
            walk(bidding, 200, 25, **generated)
    assert bidding.failures, "not caught"
    assert re.search(expected, bidding.failures[0])


def takes_an_honest_bid(bidding):
    """A committer that takes nothing would be caught, but not by what is broken on purpose."""
    machine = bidding()
    machine.open(2, 30, 1)
    [receipt] = machine.processes["A"].bids(machine.pk, machine.sure(machine.time.now))
    machine.leave()
    assert receipt["amount"] == str(machine.auction.ceiling)
