"""A steady rate of bids before an audience: how long a bidder waits for its receipt, and the last watcher for the news.

What a bid took is measured where the bytes arrive at the load generator, which says how late it was itself.
"""

import asyncio
import gc
import itertools
import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import uvloop

from tests.bench import wire
from tests.bench.report import percentile

RATE = 50  # bids a second
FEN = Decimal("0.01")
SPAN = re.compile(rb'"from":(\d+),"to":(\d+)')


def run(work):
    """Run a load generator: on the quickest loop, and without stopping to look through what was made before."""
    gc.collect()
    gc.freeze()
    return uvloop.run(work)


@dataclass
class Measured:
    """Seconds. `shown` is when the last watcher heard of a bid; `late` how late the generator sent it."""

    receipts: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)

    def ms(self, what: str, share: float) -> float:
        return percentile(getattr(self, what), share) * 1000

    def shown_as(self, what: str) -> str:
        """p50 / p99 in milliseconds."""
        return f"{self.ms(what, 0.5):.1f} / {self.ms(what, 0.99):.1f}"


async def next_price(place) -> Decimal:
    from bidding import log
    from bidding.threads import in_thread

    return (await in_thread(log.board, place.pk)).next_max


def falling(price: Decimal):
    while True:
        yield price
        price -= FEN


class Steady:
    """Bidders and watchers of one competition."""

    def __init__(self, port: int, place, cookies: Sequence[str]) -> None:
        self.port, self.place, self.cookies = port, place, cookies
        self.path = f"/ws/competitions/{place.pk}/"
        self.sent: dict[str, float] = {}
        self.began: dict[int, float] = {}  # seq -> when its bid was sent
        self.heard: dict[int, float] = {}  # seq -> when the last watcher heard of it
        self.now = Measured()

    async def open(self, watchers: int) -> None:
        self.watchers = await wire.connect_many(self.port, self.path, self._heard, watchers)
        self.bidders = [await wire.connect(self.port, self.path, self._answered, one) for one in self.cookies]
        self.amounts = falling(await next_price(self.place))
        for bidder in self.bidders[:8]:  # the first bids of a server open its connections
            self._bid(bidder)
            await asyncio.sleep(0.2)
        await asyncio.sleep(2)

    def close(self) -> None:
        for one in (*self.watchers, *self.bidders):
            one.close()

    async def measure(self, seconds: float) -> Measured:
        """Raises RuntimeError when a bid got no receipt."""
        self.sent.clear()
        self.began.clear()
        self.now = Measured()
        began, count = time.monotonic(), int(seconds * RATE)
        turns = itertools.cycle(self.bidders)
        for number in range(count):
            due = began + number / RATE
            await asyncio.sleep(max(0, due - time.monotonic()))
            self.now.late.append(time.monotonic() - due)
            self._bid(next(turns))
        await asyncio.sleep(1)
        if len(self.now.receipts) != count:
            raise RuntimeError(f"{count - len(self.now.receipts)} bids without a receipt")
        self.now.shown = [self.heard[seq] - at for seq, at in self.began.items() if seq in self.heard]
        return self.now

    def _bid(self, bidder: wire.Wire) -> None:
        ref = wire.token()
        self.sent[ref] = time.monotonic()
        bidder.send(b'{"type":"bid","ref":"%s","amount":"%s"}' % (ref.encode(), str(next(self.amounts)).encode()))

    def _answered(self, payload: bytes) -> None:
        if payload[9:16] == b"receipt":
            now, frame = time.monotonic(), json.loads(payload)
            at = self.sent.pop(frame["ref"])
            self.began[frame["seq"]] = at
            self.now.receipts.append(now - at)

    def _heard(self, payload: bytes) -> None:
        if payload.startswith(b'{"type":"events"'):
            now, span = time.monotonic(), SPAN.search(payload, 0, 60)
            for seq in range(int(span[1]), int(span[2]) + 1):
                self.heard[seq] = now
