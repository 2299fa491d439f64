"""What breaks around a room and a committer: the layer, the database, a slow way to the log. Nobody is left without
an answer, and both live on."""

import asyncio
import json
from datetime import timedelta
from functools import partial

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.db import connection
from redis.exceptions import ConnectionError as RedisGoneError

from agencies import services as agencies
from bidding import broadcast, committer, consumers, holding, log, room
from bidding.models import Competition, LogEvent, LogHead
from bidding.rules.auction import Offer
from bidding.threads import committing, in_thread, reading
from core import clock
from core.audit import SYSTEM
from core.money import Money
from tests.bidding import world
from tests.bidding.sockets import connected

pytestmark = pytest.mark.django_db(transaction=True)

build = partial(in_thread, world.competition)
board_of = partial(in_thread, log.board)


def offer(entry, amount, ref="11111111"):
    return Offer(entry.pseudonym, Money.of(amount).amount, ref)


async def gone(*_args, **_kwargs):
    raise RedisGoneError("connection refused")


@pytest.fixture
def layer_gone(monkeypatch):
    """A layer that refuses everything, as Redis does when it is down. Its errors are no OSErrors."""
    for verb in ("group_send", "group_add", "group_discard", "receive"):
        monkeypatch.setattr(get_channel_layer(), verb, gone)


async def test_without_the_layer_bidding_goes_on(layer_gone):
    place = await build()
    async with connected(place, place.agencies[0].pk) as bidder, connected(place) as watcher:
        assert (await bidder.bid("48000.00"))["type"] == "receipt"
        assert (await watcher.frame("events"))["best"]["amount"] == "48000.00"
        assert (await bidder.bid("47000.00"))["type"] == "receipt"


async def test_without_the_layer_a_room_reads_what_others_append(layer_gone, monkeypatch):
    monkeypatch.setattr(room, "TICK", 0.05)
    place = await build()
    async with connected(place) as watcher:
        await watcher.frame("hello")
        bid = await in_thread(
            committer.place_all,
            competition_id=place.pk,
            offers=[(offer(place.entries[0], "48000.00"), clock.now())],
        )
        assert bid[0]["amount"] == "48000.00"
        assert (await watcher.frame("events"))["best"]["amount"] == "48000.00"


async def test_a_layer_that_hangs_keeps_no_bid_waiting(monkeypatch):
    async def hang(*_args):
        await asyncio.sleep(60)

    monkeypatch.setattr(get_channel_layer(), "group_send", hang)
    monkeypatch.setattr(broadcast, "PATIENCE", 0.2)
    place = await build()
    async with connected(place, place.agencies[0].pk) as bidder:
        assert (await bidder.bid("48000.00"))["type"] == "receipt"
        assert (await bidder.bid("47000.00"))["type"] == "receipt"
        await asyncio.sleep(0.5)


async def test_rooms_are_looked_after_whatever_one_of_them_does(monkeypatch):
    monkeypatch.setattr(room, "TICK", 0.05)
    place = await build()
    real, calls = room.Room.count, []

    def once_broken(self):
        calls.append(self)
        if len(calls) == 1:
            raise KeyError("a fault nobody thought of")
        real(self)

    monkeypatch.setattr(room.Room, "count", once_broken)
    async with connected(place) as watcher:
        assert (await watcher.frame("watchers"))["count"] == 1


async def test_a_room_let_go_before_its_watcher_came_in_is_opened_again():
    place = await build()
    rooms = room.rooms()
    first = await rooms.room(place.pk)
    await rooms._compare()
    async with connected(place) as watcher:
        await watcher.frame("hello")
        assert rooms._rooms[place.pk] is not first
        assert len(rooms._rooms[place.pk].watchers) == 1


async def test_any_fault_of_a_batch_is_answered_and_the_next_is_taken(monkeypatch):
    place = await build()
    real, faults = committer.commit, [KeyError("another"), KeyError("a fault nobody thought of")]

    def faulty(*args):
        if faults:
            raise faults.pop()
        return real(*args)

    monkeypatch.setattr(committer, "commit", faulty)
    async with connected(place, place.agencies[0].pk) as bidder:
        codes = [(await bidder.bid("48000.00", "11111111")).get("code") for _ in range(3)]
    assert codes == ["bid.busy", "bid.busy", None]


async def test_a_bidder_who_cannot_be_told_keeps_no_other_waiting():
    place = await build()

    def deaf(_answer):
        raise RuntimeError

    committer.submit(place.pk, offer(place.entries[0], "48000.00"), deaf)
    receipt = await committer.place_bid(
        competition_id=place.pk, offer=offer(place.entries[1], "47000.00"), received_at=clock.now()
    )
    assert receipt["amount"] == "47000.00"


async def test_a_queue_that_is_too_long_says_so(monkeypatch):
    monkeypatch.setattr(committer, "LONGEST_QUEUE", 2)
    place, answers = await build(), []
    for number in range(4):
        committer.submit(place.pk, offer(place.entries[0], f"{48000 - 500 * number}", f"{number:08d}"), answers.append)
    assert [answer.code for answer in answers] == ["bid.busy", "bid.busy"]
    while len(answers) < 4:
        await asyncio.sleep(0.01)
    assert len((await board_of(place.pk)).bids) == 2


async def test_late_bids_that_wait_for_other_servers_are_part_of_the_queue(monkeypatch):
    """Else somebody who sends them by the thousand has all of them decided again, three times a second."""

    async def held(_holder, _competition_id):
        return True

    monkeypatch.setattr(holding.Holder, "held_elsewhere", held)
    monkeypatch.setattr(committer, "LONGEST_QUEUE", 2)
    place, answers = await build(), []
    late = place.competition.ends_at + timedelta(seconds=1)
    for number in range(5):
        committer.submit(place.pk, offer(place.entries[0], "48000.00", f"{number:08d}"), answers.append, late)
        await asyncio.sleep(0.2)
    assert [answer.code for answer in answers] == ["bid.busy"] * 3
    monkeypatch.undo()
    while len(answers) < 5:
        await asyncio.sleep(0.01)
    assert [answer.code for answer in answers[3:]] == ["bid.late"] * 2


async def test_a_bid_counts_by_the_moment_its_frame_came_in(monkeypatch):
    """The look at the session, like any queue, may take until after the end."""
    monkeypatch.setattr(consumers, "BELIEVED", 0)
    place = await build()
    moments = iter([place.competition.ends_at - timedelta(seconds=1)])
    monkeypatch.setattr(consumers.clock, "now", lambda: next(moments, place.competition.ends_at + timedelta(seconds=1)))
    async with connected(place, place.agencies[0].pk) as bidder:
        moments = iter([place.competition.ends_at - timedelta(seconds=1)])
        assert (await bidder.bid("48000.00"))["type"] == "receipt"


async def test_a_restriction_is_felt_by_those_who_are_in_already(monkeypatch):
    monkeypatch.setattr(consumers, "BELIEVED", 0)
    place = await build()
    now = clock.now()
    async with connected(place, place.agencies[0].pk) as bidder:
        await in_thread(
            agencies.restrict, agency_id=place.agencies[0].pk, kind="suspended", starts_at=now,
            ends_at=now + timedelta(days=90), ground="提供虚假报告", source="/x/", by=SYSTEM,
        )  # fmt: skip
        assert (await bidder.bid("48000.00"))["code"] == "entry.restricted"
    assert (await board_of(place.pk)).bids == []


@pytest.mark.parametrize("change", ["password", "membership"])
async def test_who_lost_the_right_to_act_bids_no_more(monkeypatch, change):
    monkeypatch.setattr(consumers, "BELIEVED", 0)
    place = await build()

    def lose():
        membership = place.agencies[0].organisation.memberships.get()
        if change == "membership":
            membership.delete()
        else:
            membership.user.set_password("another long password")
            membership.user.save()

    async with connected(place, place.agencies[0].pk) as bidder:
        await in_thread(lose)
        await bidder.command(type="bid", ref="11111111", amount="48000.00")
        assert await bidder.closed_with() == 4401
    assert (await board_of(place.pk)).bids == []


def hang_up():
    """As a restart does to every connection of rooms and committers, in use or in the pool."""
    held = [wrapper.connection for pool in (committing, reading) for wrapper in pool.connections if wrapper.connection]
    pids = [held.info.backend_pid for held in (*held, *connection.pool._pool)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) AS pid WHERE pid <> pg_backend_pid()", [pids]
        )


async def test_after_a_restart_of_the_database_the_next_bid_is_taken():
    place = await build()
    async with connected(place, place.agencies[0].pk) as bidder:
        assert (await bidder.bid("48000.00"))["type"] == "receipt"
        await sync_to_async(hang_up)()
        assert (await bidder.bid("47000.00"))["type"] == "receipt"
        await bidder.command(type="replay", **{"from": 1})
        while (frame := await bidder.frame("events"))["from"] != 1:
            pass
        assert frame["to"] == (await board_of(place.pk)).seq


async def test_who_asks_for_too_much_at_once_gets_a_new_picture(monkeypatch):
    monkeypatch.setattr(consumers, "LONGEST_REPLAY", 3)
    place = await build()
    async with connected(place) as watcher:
        first = await watcher.frame("hello")
        await watcher.command(type="replay", **{"from": 1})
        assert (await watcher.frame("hello"))["snapshot"] == first["snapshot"]
        await watcher.command(type="replay", **{"from": 3})
        assert (await watcher.frame("events"))["from"] == 3
        await watcher.command(type="replay", **{"from": 2**60})
        assert (await watcher.frame("events"))["events"] == []


async def test_a_replay_read_while_bids_come_ends_with_the_present(monkeypatch):
    place = await build()
    async with connected(place, place.agencies[0].pk):
        opened, real = await room.rooms().room(place.pk), room._read

        def slow(competition_id, after):
            records = real(competition_id, after)
            offers = [(offer(place.entries[1], "48000.00"), clock.now())]
            if after == 0:
                batch = committer.commit(competition_id, None, [committer.Pending(*offers[0], print)])
                broadcast.announce(competition_id, batch.records[-1].seq)
                loop.call_soon_threadsafe(opened.deliver, batch.records)
            return records

        loop = asyncio.get_running_loop()
        monkeypatch.setattr(room, "_read", slow)
        frame = json.loads(await opened.replay(1))
    assert [event["seq"] for event in frame["events"]] == list(range(1, frame["to"] + 1))
    assert frame["to"] == (await board_of(place.pk)).seq


async def test_a_replay_has_no_hole_however_much_comes_while_it_is_read(monkeypatch):
    """More than the room keeps in memory. A client that is given a hole applies it and shows a wrong ladder."""
    place, count = await build(), 100
    async with connected(place, place.agencies[0].pk):
        opened, real, loop = await room.rooms().room(place.pk), room._read, asyncio.get_running_loop()
        bids = [offer(place.entries[1], f"{48000 - 250 * number}.00", f"many-{number:04d}") for number in range(count)]
        waiting = [committer.Pending(bid, clock.now(), print) for bid in bids]

        def slow(competition_id, after):
            records = real(competition_id, after)
            if waiting:
                batch = committer.commit(competition_id, None, [waiting.pop(0) for _ in range(len(waiting))])
                loop.call_soon_threadsafe(opened.deliver, batch.records)
            return records

        monkeypatch.setattr(room, "_read", slow)
        frame = json.loads(await opened.replay(2))
    assert [event["seq"] for event in frame["events"]] == list(range(2, frame["to"] + 1))
    assert frame["to"] == (await board_of(place.pk)).seq == 4 + count


async def test_a_replay_of_what_the_log_has_lost_ends(monkeypatch):
    place = await build()
    async with connected(place) as watcher:
        await watcher.frame("hello")
        opened = await room.rooms().room(place.pk)
        opened.board.seq += 100
        monkeypatch.setattr(room.Rooms, "_compare", gone)
        await asyncio.wait_for(opened.replay(2), 5)
        assert await watcher.closed_with() == consumers.TOO_SLOW


async def test_frames_of_a_socket_that_the_server_has_ended_break_nothing(caplog):
    """What is no UTF-8 ends the connection at once, while frames from before it still wait to be read."""
    place = await build()
    async with connected(place) as watcher:
        await watcher.frame("hello")
        opened = await room.rooms().room(place.pk)

        async def ended(_message):
            raise RuntimeError("Unexpected ASGI message 'websocket.send', after sending 'websocket.close'.")

        consumer = next(iter(opened.watchers))._give_up.__self__
        consumer.base_send = ended
        for _ in range(consumers.INVALID_ALLOWED + 1):
            await watcher.text("rubbish")
        await watcher.wait(5)
    assert [record for record in caplog.records if record.name == "market.bidding"] == []


async def test_a_room_that_has_shown_what_the_log_lost_begins_again_from_the_log():
    """As after a standby took over that had not got the last record."""
    place = await build()
    async with connected(place) as watcher:
        await watcher.frame("hello")
        astray = await room.rooms().room(place.pk)
        lost = log.append(astray.board, [log.event("extended", clock.now(), ends_at="2026-01-01T00:00:00.000000Z")])
        astray._recent.extend(lost)
        bids = [(offer(place.entries[0], "48000.00"), clock.now()), (offer(place.entries[1], "47000.00"), clock.now())]
        await in_thread(committer.place_all, competition_id=place.pk, offers=bids)
        assert await watcher.closed_with() == consumers.TOO_SLOW
    async with connected(place) as again:
        snapshot = (await again.frame("hello"))["snapshot"]
    assert (snapshot["seq"], snapshot["best"]["amount"]) == (6, "47000.00")


def lose_the_last(place):
    """As a standby that took over without the last record: the application itself cannot."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE bidding_logevent DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE bidding_loghead DISABLE TRIGGER USER")
        last = LogEvent.objects.filter(competition_id=place.pk).order_by("-seq").first()
        before = LogEvent.objects.get(competition_id=place.pk, seq=last.seq - 1)
        LogHead.objects.filter(competition_id=place.pk, last_seq=last.seq).delete()
        last.delete()
        Competition.objects.filter(pk=place.pk).update(last_seq=before.seq, head_hash=before.hash)
        cursor.execute("ALTER TABLE bidding_logevent ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE bidding_loghead ENABLE TRIGGER USER")


@pytest.mark.parametrize("elsewhere", [(), ("47500.00",), ("47500.00", "47250.00")])
async def test_after_a_failover_that_lost_a_bid_the_next_follows_the_log_and_not_what_was_known(elsewhere):
    """Another process may have gone on from there: the log is shorter, as long as before, or longer."""
    place = await build()
    first, second = place.entries[:2]
    placed = partial(committer.place_bid, competition_id=place.pk)
    await placed(offer=offer(first, "48000.00", "lost-0001"), received_at=clock.now())
    await in_thread(lose_the_last, place)
    for number, amount in enumerate(elsewhere):
        bids = [(offer(first, amount, f"other-{number:04d}"), clock.now())]
        await in_thread(committer.place_all, competition_id=place.pk, offers=bids)
    receipt = await placed(offer=offer(second, "47000.00"), received_at=clock.now())
    board = await board_of(place.pk)  # raises when a record does not follow the one before it
    assert [str(bid.amount) for bid in board.bids] == [*elsewhere, "47000.00"]
    assert receipt["seq"] == board.seq


@pytest.mark.parametrize("elsewhere", [(), ("47500.00",)])
async def test_a_room_that_shows_what_the_log_lost_notices_without_waiting_for_a_bid(elsewhere):
    place = await build()
    async with connected(place, place.agencies[0].pk) as bidder:
        assert (await bidder.bid("48000.00"))["type"] == "receipt"
        await in_thread(lose_the_last, place)
        for amount in elsewhere:
            bids = [(offer(place.entries[1], amount), clock.now())]
            await in_thread(partial(committer.place_all, competition_id=place.pk, offers=bids))
        assert await bidder.closed_with() == consumers.TOO_SLOW
    async with connected(place) as again:
        snapshot = (await again.frame("hello"))["snapshot"]
    assert [row["amount"] for row in snapshot["ladder"]] == list(elsewhere)
