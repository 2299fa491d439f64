"""A bidder's browser as docs/realtime.md wants it: keeps each bid until it is answered, connects again, sends again.

Misbehaves as networks do: drops its connection in the middle, sends frames twice. Some of what it asks for it posts
as a form, and now and then it deposits a floor.
"""

import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from tests.bench.wire import Wire
from tests.chaos.picture import Picture

SILENCE = 9.0
PATIENCES = (1.0, 2.0, 4.0)  # seconds until an unanswered bid is taken elsewhere; doubled each time it did not help
LONGEST_PATIENCE = 30.0
AGAIN = ("bid.busy", "frame.too_fast")  # not settled: the same bid is to be sent again
STEP = Decimal("0.01")
FLOORS = 3  # of one bidder
TOKEN = "a" * 32  # against forged forms: a cookie and a field that agree
NEVER = -1  # the connection of what was posted
UNANSWERED = (OSError, ValueError, HTTPException)  # also what is no JSON


class Line(Wire):
    """A connection of a watcher, which knows when it is gone."""

    def __init__(self, watcher, port, path):
        host = f"127.0.0.1:{port}"
        super().__init__(path, host, watcher.cookie, watcher.text)
        self.gone = asyncio.Event()
        watcher.line = self

    def connection_lost(self, fault):
        super().connection_lost(fault)
        self.gone.set()

    def abort(self):
        if transport := getattr(self, "_transport", None):
            transport.abort()


async def dial(watcher, port, path):
    line = Line(watcher, port, path)
    try:
        async with asyncio.timeout(3 * watcher.patience):
            await asyncio.get_running_loop().create_connection(lambda: line, "127.0.0.1", port)
            await line.open
    except BaseException:
        line.abort()
        raise
    return line


@dataclass
class Bid:
    ref: str
    amount: str
    first_sent: float = 0.0
    last_sent: float = 0.0
    kind: str = "bid"  # or "floor"
    line: int = 0  # the connection it was first sent on
    copies: int = 0


class Watcher:
    """Follows a room through any number of connections."""

    def __init__(self, crowd, rng, cookie=""):
        self.crowd, self.rng, self.cookie = crowd, rng, cookie
        self.picture = None
        self.line = self.greeted = self.worker = None
        self.connections = self.replays = self.diverged = 0
        self.heard, self.failed = 0.0, Counter()
        self.patience = rng.choice(PATIENCES)
        self.faults = []

    async def live(self):
        """Until the crowd goes home."""
        pause = 0.05
        while not self.crowd.finished.is_set():
            self.worker, self.heard = self.rng.choice(self.crowd.workers), time.time()
            try:
                line = await dial(self, self.worker.port, self.crowd.path)
            except (OSError, TimeoutError) as fault:
                if isinstance(fault, TimeoutError):
                    self.be_patient()
                self.failed[
                    type(fault).__name__ if isinstance(fault, OSError) and fault.errno else str(fault) or "no answer"
                ] += 1
                await asyncio.sleep(pause * self.rng.uniform(0.5, 1.5))
                pause = min(pause * 2, 0.5)
                continue
            pause = 0.05
            self.connections += 1
            try:
                await self._talk(line)
            finally:
                line.abort()
            await asyncio.sleep(self.rng.uniform(0.02, 0.2))

    def be_patient(self):
        """A server that is slow does not get faster by being asked again."""
        self.patience = min(2 * self.patience, LONGEST_PATIENCE)

    async def _talk(self, line):
        while not (line.gone.is_set() or self.crowd.finished.is_set()):
            if not self.act(line) or time.time() - self.heard > SILENCE:
                return
            await asyncio.sleep(self.rng.uniform(0.05, 0.4))

    def act(self, line):
        """What it does now and then; False drops the connection."""
        if time.time() - self.heard > 1:
            self.say(line, type="ping", t=1)
        return True

    def say(self, line, **frame):
        line.send(json.dumps(frame).encode())

    def text(self, payload):
        self.heard = time.time()
        frame = json.loads(payload)
        getattr(self, f"on_{frame['type']}", lambda _frame: None)(frame)

    def on_hello(self, frame):
        self.picture = Picture(frame["snapshot"])
        self.greeted = self.line

    @property
    def in_room(self):
        """Has a connection that was greeted and, as far as one knows, lives."""
        return self.line is not None and self.greeted is self.line and not self.line.gone.is_set()

    def on_events(self, frame):
        if self.picture is None:
            return
        before = self.picture.seq
        replay, differs = self.picture.receive(frame)
        if replay:
            self.replays += 1
            self.say(self.line, type="replay", **{"from": replay})
        if differs:
            self.diverged += 1
            self.faults.append(f"at {frame['to']} its picture has another head than the frame")
        self.crowd.saw(self, before, frame)


class Bidder(Watcher):
    def __init__(self, crowd, rng, cookie, name):
        super().__init__(crowd, rng, cookie)
        self.name = name
        self.open = {}
        self.receipts = {}
        self.sealed = {}  # receipts of floors
        self.refusals = {}
        self.posts = set()
        self.posted = 0
        self.refused_codes = []
        self.sent = self.again = 0
        self.next_bid = 0.0

    def act(self, line):
        super().act(line)
        now = time.time()
        if self.picture is None:
            return True
        if any(now - bid.last_sent > self.patience for bid in self.open.values()):
            self.be_patient()
            return False  # whoever should answer does not: try elsewhere
        if now >= self.next_bid and len(self.open) < 2 and self.crowd.bidding() and self.picture.shown["next_max"]:
            self.next_bid = now + self.rng.expovariate(1 / self.crowd.pause)
            self._bid(line)
            return self.rng.random() > 0.03  # some lose their connection just after
        return True

    def _bid(self, line):
        top = Decimal(self.picture.shown["next_max"])
        kind = "floor" if len(self.sealed) < FLOORS and self.rng.random() < 0.05 else "bid"
        steps = (50, 500, 2000) if kind == "floor" else (0, 0, 1, 10, 100, 500)
        amount = max(STEP, top - STEP * self.rng.choice(steps))
        bid = Bid(f"{self.rng.getrandbits(128):032x}", str(amount), kind=kind)
        bid.line, bid.first_sent = self.connections, time.time()
        self.open[bid.ref] = bid
        self.sent += 1
        if self.rng.random() < 0.1:
            self._post(bid)
            return
        self._send(line, bid)
        if self.rng.random() < 0.05:  # a network that doubles
            self._send(line, bid)

    def _send(self, line, bid):
        bid.last_sent = time.time()
        bid.copies += 1
        self.say(line, type=bid.kind, ref=bid.ref, amount=bid.amount)

    def _post(self, bid):
        """By HTTP, to whichever worker. What gets no answer there is sent again by socket, like everything."""
        bid.line, bid.last_sent = NEVER, time.time()
        bid.copies += 1
        self.posted += 1
        post = asyncio.get_running_loop().create_task(self._posting(bid, self.rng.choice(self.crowd.workers).port))
        self.posts.add(post)
        post.add_done_callback(self.posts.discard)

    async def _posting(self, bid, port):
        address = f"http://127.0.0.1:{port}/competitions/{self.crowd.pk}/{bid.kind}/"
        fields = {"amount": bid.amount, "ref": bid.ref, "csrfmiddlewaretoken": TOKEN}
        headers = {"Cookie": f"{self.cookie}; csrftoken={TOKEN}", "Accept": "application/json"}
        request = Request(address, urlencode(fields).encode(), headers)
        try:
            answer = await asyncio.to_thread(_answer, request)
        except UNANSWERED:
            return
        if answer.get("type") in ("receipt", "refused"):
            getattr(self, f"on_{answer['type']}")({**answer, "ref": bid.ref})

    def on_hello(self, frame):
        super().on_hello(frame)
        if frame["you"] != {"pseudonym": self.name}:
            self.faults.append(f"greeted as {frame['you']}, not as {self.name}")
        for bid in self.open.values():
            self.again += 1
            self._send(self.line, bid)

    def on_receipt(self, frame):
        ref = frame["ref"]
        known = (self.sealed if "opening" in frame else self.receipts).setdefault(ref, frame)
        if known["seq"] != frame["seq"] or known["hash"] != frame["hash"]:
            self.faults.append(f"bid {ref} has two receipts: {known['seq']} and {frame['seq']}")
        if ref in self.refusals:
            self.faults.append(f"bid {ref} was refused as {self.refusals[ref][0]} and then acknowledged")
        if self.open.pop(ref, None):
            self.crowd.acknowledged(frame)

    def on_refused(self, frame):
        self.refused_codes.append(frame["code"])
        bid = self.open.get(frame["ref"])
        if bid is None:
            return
        if frame["code"] in AGAIN:
            asyncio.get_running_loop().call_later(0.1, self._once_more, bid)
            return
        del self.open[bid.ref]
        self.refusals[bid.ref] = (frame["code"], bid, self.connections, time.time())

    def _once_more(self, bid):
        if bid.ref in self.open and self.in_room:
            self.again += 1
            self._send(self.line, bid)


def _answer(request):
    try:
        with urlopen(request, timeout=LONGEST_PATIENCE) as answer:
            return json.load(answer)
    except HTTPError as refused:
        return json.load(refused)
