"""A bid counts by the moment it reached the server, whatever stands between that moment and the queue of bids; and
meanwhile nobody closes. `finalised` is what another process does.
"""

import asyncio
import json
import threading
from datetime import timedelta
from functools import partial
from urllib.parse import urlencode

import pytest

from accounts.middleware import ACTING
from bidding import committer, consumers, holding, log, room, services, views
from bidding.rules.auction import Offer
from bidding.seats import look_up
from bidding.services import closing
from bidding.threads import in_thread
from config.arrivals import Arrivals
from config.asgi import application
from config.websocket import Arrived
from core import clock
from core.money import Money
from tests.bidding import world
from tests.bidding.sockets import _member, connected, session_of

pytestmark = pytest.mark.django_db(transaction=True)

build = partial(in_thread, world.competition)
board_of = partial(in_thread, log.board)
INSTANT, TOKEN = timedelta(milliseconds=1), "a" * 32
AMOUNT = Money.of("48000.00").amount


@pytest.fixture(autouse=True)
def _settled(monkeypatch):
    """Every connection of a test is young."""
    monkeypatch.setattr(closing, "SETTLED", 0)


async def finalised(place, after=timedelta(seconds=3)):
    with clock.at(place.competition.ends_at + after):
        return await in_thread(services.finalise, competition_id=place.pk)


async def closes_with(place):
    """Nothing keeps it open any more; who is awarded."""
    place.competition.ends_at = (await board_of(place.pk)).end
    await holding.holder().review([], clock.now())
    assert await finalised(place) is True
    return [award.amount for award in (await board_of(place.pk)).awards]


class Post:
    """A bid by HTTP, as a server hands it to the application."""

    def __init__(self, place, session, *chunks):
        headers = {
            "cookie": f"sessionid={session.session_key}; csrftoken={TOKEN}",
            "content-type": "application/x-www-form-urlencoded",
            "host": "localhost",
            "accept": "application/json",
        }
        self.scope = {
            "type": "http", "method": "POST", "path": f"/competitions/{place.pk}/bid/", "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 5000), "server": ("localhost", 80), "scheme": "http", "http_version": "1.1",
        }  # fmt: skip
        self.chunks, self.sent = asyncio.Queue(), []
        for number, chunk in enumerate(chunks, 1):
            self.come(chunk, more=number < len(chunks))

    def come(self, chunk, *, more):
        self.chunks.put_nowait({"type": "http.request", "body": chunk, "more_body": more})

    async def send(self, message):
        self.sent.append(message)

    @property
    def answer(self):
        return json.loads(b"".join(message.get("body", b"") for message in self.sent))

    def to(self, app):
        return asyncio.create_task(app(self.scope, self.chunks.get, self.send))


def form(ref="by-http-0001"):
    return urlencode({"amount": "48000.00", "ref": ref, "csrfmiddlewaretoken": TOKEN}).encode()


def signed_in(place):
    session = session_of(_member(place.agencies[0].pk))
    session[ACTING] = place.agencies[0].pk
    session.save()
    return session


async def kept_waiting(place, monkeypatch):
    """A form that came in time and whose thread does not go on before it is let."""
    begun, let, real = threading.Event(), threading.Event(), views._bidder

    def busy(*args):
        begun.set()
        assert let.wait(20)
        return real(*args)

    monkeypatch.setattr(views, "_bidder", busy)
    post = Post(place, await in_thread(signed_in, place), form())
    with clock.at(place.competition.ends_at - INSTANT):
        answering = post.to(application)
        while not begun.is_set() and not answering.done():
            await asyncio.sleep(0.01)
    return post, answering, let


async def test_a_bid_by_http_counts_though_threads_are_busy_until_after_the_end(monkeypatch):
    place = await build()
    post, answering, let = await kept_waiting(place, monkeypatch)
    assert not answering.done(), post.answer
    assert await finalised(place) is False
    let.set()
    with clock.at(place.competition.ends_at + timedelta(seconds=4)):
        await answering
    assert post.answer["amount"] == "48000.00"
    assert await closes_with(place) == [AMOUNT]


async def test_a_repetition_by_socket_waits_for_the_form_that_came_in_time(monkeypatch):
    """The socket is back just after the end, and the bid that was posted meanwhile still waits for a thread."""
    place = await build()
    post, answering, let = await kept_waiting(place, monkeypatch)
    again = Offer(place.entries[0].pseudonym, AMOUNT, "by-http-0001")
    late = place.competition.ends_at + timedelta(seconds=1)
    repeated = asyncio.create_task(committer.place_bid(competition_id=place.pk, offer=again, received_at=late))
    await asyncio.sleep(0.5)
    assert not repeated.done()
    let.set()
    await answering
    assert (await repeated)["seq"] == post.answer["seq"]


async def test_a_bid_by_http_counts_though_only_another_process_knows_that_the_end_has_moved(monkeypatch):
    """No room is open here: the end is as old as the last bid that came this way."""
    place = await build()
    begun, let, real = threading.Event(), threading.Event(), views._bidder

    def busy(*args):
        begun.set()
        assert let.wait(20)
        return real(*args)

    monkeypatch.setattr(views, "_bidder", busy)
    holding.holder().ends(place.pk, place.competition.ends_at)
    last = place.competition.ends_at - timedelta(seconds=1)
    elsewhere = [(Offer(place.entries[1].pseudonym, Money.of("49000.00").amount, "elsewhere-0001"), last)]
    await in_thread(committer.place_all, competition_id=place.pk, offers=elsewhere)
    place.competition.ends_at = (await board_of(place.pk)).end
    post = Post(place, await in_thread(signed_in, place), form())
    with clock.at(place.competition.ends_at - INSTANT):
        answering = post.to(application)
        while not begun.is_set() and not answering.done():
            await asyncio.sleep(0.01)
    assert await finalised(place) is False
    await holding.holder().review([], place.competition.ends_at + timedelta(seconds=1))
    assert await finalised(place) is False
    let.set()
    with clock.at(place.competition.ends_at + timedelta(seconds=4)):
        await answering
    assert post.answer["amount"] == "48000.00"
    assert await closes_with(place) == [AMOUNT]


async def test_what_asks_for_no_competition_holds_nothing():
    place, let = await build(), asyncio.Event()

    async def pages(_scope, receive, _send):
        await receive()
        await let.wait()

    session = await in_thread(signed_in, place)
    place.competition.pk += 1000
    asking = Post(place, session, form()).to(Arrivals(pages))
    while not holding.holder()._bids:
        await asyncio.sleep(0.01)
    await holding.holder()._taking
    await holding.holder().review([], clock.now())
    assert holding.holder()._held == set()
    let.set()
    await asking


async def test_a_bid_by_http_comes_with_its_last_byte(monkeypatch):
    """Not with its first: the amount could be sent after the end, when all others are known."""
    place, seen = await build(), []

    async def pages(scope, receive, send):
        while (await receive())["more_body"]:
            assert "arrived_at" not in scope
        seen.append(scope["arrived_at"])
        assert place.pk in holding.holder()._bids
        await send({"type": "http.response.start"})
        assert place.pk not in holding.holder()._bids

    post, end = Post(place, await in_thread(signed_in, place)), place.competition.ends_at
    moments = [end - INSTANT]
    monkeypatch.setattr(clock, "now", lambda: moments[0])
    answering = post.to(Arrivals(pages))
    post.come(b"amount=480", more=True)
    await asyncio.sleep(0.1)
    moments[0] = end + INSTANT
    post.come(b"00.00", more=False)
    await answering
    assert seen == [end + INSTANT]


async def test_what_fails_before_it_is_a_bid_keeps_nothing_open():
    place = await build()

    async def pages(_scope, receive, _send):
        await receive()
        raise KeyError

    with pytest.raises(KeyError):
        await Post(place, await in_thread(signed_in, place), b"").to(Arrivals(pages))
    assert holding.holder()._bids == {}


async def test_a_bid_by_socket_counts_though_its_session_is_looked_up_until_after_the_end(monkeypatch):
    place, let = await build(), asyncio.Event()

    async def slow(seats):
        await let.wait()
        await look_up(seats)

    monkeypatch.setattr(consumers, "BELIEVED", 0)
    monkeypatch.setattr(consumers, "look_up", slow)
    async with connected(place, place.agencies[0].pk) as bidder:
        stamped = {"arrived_at": place.competition.ends_at - INSTANT}
        text = json.dumps({"type": "bid", "ref": "by-socket-0001", "amount": "48000.00"})
        with clock.at(place.competition.ends_at - INSTANT):
            holding.holder().ends(place.pk, place.competition.ends_at)
        await bidder.send_input({"type": "websocket.receive", "text": text, **stamped})
        await asyncio.sleep(0.1)
        await holding.holder().review([place.pk], place.competition.ends_at)
        assert await finalised(place) is False
        let.set()
        assert (await bidder.frame("receipt", "refused"))["type"] == "receipt"
    assert await closes_with(place) == [AMOUNT]


async def test_frames_are_stamped_when_they_are_read():
    queue = Arrived()
    with clock.at(clock.now() - timedelta(hours=1)):
        before = clock.now()
        queue.put_nowait({"type": "websocket.receive", "text": "{}"})
    assert (await queue.get())["arrived_at"] - before < timedelta(minutes=1)


async def test_a_bid_waits_for_no_replay_before_it_and_replays_go_out_one_at_a_time(monkeypatch):
    place, let, real = await build(), threading.Event(), room._read

    def slow(*args):
        assert let.wait(20)
        return real(*args)

    monkeypatch.setattr(room, "_read", slow)
    monkeypatch.setattr(room, "TICK", 60)
    async with connected(place, place.agencies[0].pk) as bidder:
        await bidder.command(type="replay", **{"from": 2})
        assert (await bidder.bid("48000.00"))["type"] == "receipt"
        await bidder.command(type="replay", **{"from": 2})  # the one under way is for both
        await bidder.command(type="replay", **{"from": 1})
        assert (await bidder.frame("refused"))["code"] == "frame.too_fast"
        let.set()
        while (frame := await bidder.frame("events"))["from"] != 2:
            pass
        assert frame["to"] == (await board_of(place.pk)).seq
        await bidder.command(type="replay", **{"from": 1})
        while (await bidder.frame("events"))["from"] != 1:
            pass
