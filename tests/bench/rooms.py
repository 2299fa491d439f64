"""Eight hundred live competitions at once with five bidders each, every one of the 4,000 bidding now and then."""

import asyncio
import json
import random
import time
from dataclasses import dataclass, field
from decimal import Decimal

from tests.bench import market, steady, wire
from tests.bench.report import percentile, publish

PORT = 8976
ROOMS, BIDDERS = 800, 5
RATE = 200  # bids a second over all: each bidder every twenty seconds
SECONDS = 20


@dataclass
class Place:
    """One competition and how far its price has fallen."""

    pk: int
    price: Decimal
    bidders: list[wire.Wire] = field(default_factory=list)


class Market:
    def __init__(self) -> None:
        self.sent: dict[str, float] = {}
        self.times: list[float] = []
        self.late: list[float] = []
        self.refused = 0
        self.receipts: dict[int, int] = {}  # by competition; compared with the log afterwards

    def heard(self, pk: int, payload: bytes) -> None:
        kind = payload[9:16]
        if kind == b"receipt":
            frame = json.loads(payload)
            self.times.append(time.monotonic() - self.sent.pop(frame["ref"]))
            self.receipts[pk] = self.receipts.get(pk, 0) + 1
        elif kind == b"refused":
            self.sent.pop(json.loads(payload)["ref"], None)
            self.refused += 1

    def bid(self, place: Place, number: int) -> None:
        ref = wire.token()
        self.sent[ref] = time.monotonic()
        frame = b'{"type":"bid","ref":"%s","amount":"%s"}' % (ref.encode(), str(place.price).encode())
        place.price -= Decimal("0.01")
        place.bidders[number % BIDDERS].send(frame)


async def drive(places: list[Place], cookies) -> tuple[Market, float]:
    """Everybody in, then bids at a steady rate over rooms in random order; the seconds it took to let them in."""
    crowd, began = Market(), time.monotonic()

    async def enter(place: Place) -> None:
        def heard(payload: bytes) -> None:
            crowd.heard(place.pk, payload)

        path = f"/ws/competitions/{place.pk}/"
        place.bidders = [await wire.connect(PORT, path, heard, cookie) for cookie in cookies[place.pk]]

    for start in range(0, ROOMS, 8):
        await asyncio.gather(*map(enter, places[start : start + 8]))
    entered = time.monotonic() - began
    await asyncio.sleep(5)
    order = random.Random(7)
    began = time.monotonic()
    for number in range(RATE * SECONDS):
        due = began + number / RATE
        await asyncio.sleep(max(0, due - time.monotonic()))
        crowd.late.append(time.monotonic() - due)
        crowd.bid(order.choice(places), number)
    await asyncio.sleep(3)
    for place in places:
        for one in place.bidders:
            one.close()
    return crowd, entered


def lost(places: list[Place], crowd: Market) -> int:
    """Receipts without a bid in the log."""
    from bidding import log

    return sum(max(0, crowd.receipts.get(place.pk, 0) - len(log.board(place.pk).bids)) for place in places)


def main() -> None:
    with market.database():
        print("competitions …", flush=True)
        first = market.hot_competition()
        cookies, own = {}, market.cookies(first)
        for turn in range(0, len(own), BIDDERS):
            like = market.another(first, bidders=BIDDERS, turn=turn)
            these = market.copies(like, ROOMS * BIDDERS // len(own))
            cookies |= dict.fromkeys(these, own[turn : turn + BIDDERS])
        places = [Place(pk, Decimal(market.CEILING)) for pk in cookies]
        with market.server(PORT):
            print("everybody in …", flush=True)
            crowd, entered = steady.run(drive(places, cookies))
        gone = lost(places, crowd)
    unanswered = len(crowd.sent)
    p50, p99 = percentile(crowd.times, 0.5) * 1000, percentile(crowd.times, 0.99) * 1000
    publish(
        "rooms",
        {
            "receipt_p50_ms": p50, "receipt_p99_ms": p99, "lost": gone, "unanswered": unanswered,
            "refused": crowd.refused, "entered_per_s": ROOMS * BIDDERS / entered,
        },
        [
            (f"{ROOMS} competitions x {BIDDERS} bidders, bids/s over all", f"{RATE}"),
            ("bidders let in, per second", f"{ROOMS * BIDDERS / entered:,.0f}"),
            ("receipt p50, ms", f"{p50:.1f}"),
            ("receipt p99, ms  (target 250)", f"{p99:.1f}"),
            ("receipts without a bid in the log  (target 0)", f"{gone}"),
            ("bids without an answer  (target 0)", f"{unanswered}"),
            ("bids refused as overtaken", f"{crowd.refused}"),
            ("load generator late, p99, ms", f"{percentile(crowd.late, 0.99) * 1000:.1f}"),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    main()
