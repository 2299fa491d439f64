"""Accepted bids per second: the engine alone, end to end over WebSocket, and pgbench doing the same transaction."""

import asyncio
import itertools
import json
import re
import subprocess
import tempfile
import time
from decimal import Decimal
from pathlib import Path

from tests.bench import market, wire
from tests.bench.report import percentile, publish

SECONDS = 8
IN_FLIGHT_ENGINE = 512
IN_FLIGHT_PER_BIDDER = 4
WATCHERS = 500
PORT = 8971
FEN = Decimal("0.01")

# One bid as a transaction of its own: lock the row, append the record and its head, move the row's head.
ONE_BID = """
BEGIN;
SELECT last_seq FROM bidding_competition WHERE id = {pk} FOR UPDATE \\gset
INSERT INTO bidding_logevent (competition_id, seq, body, hash, key)
  VALUES ({pk}, :last_seq + 1, repeat('x', 230), repeat('a', 64), 'K7:' || (:last_seq + 1));
INSERT INTO bidding_loghead (competition_id, first_seq, last_seq, root, key_id, signature)
  VALUES ({pk}, :last_seq + 1, :last_seq + 1, repeat('a', 64), repeat('b', 16), repeat('c', 128));
UPDATE bidding_competition SET last_seq = :last_seq + 1, head_hash = repeat('a', 64), best_amount = 1.00,
  bid_count = bid_count + 1 WHERE id = {pk};
END;
"""


def pgbench(programs: Path, pk: int) -> dict[int, float]:
    """Transactions per second of pgbench by number of clients, on the row of competition `pk`."""
    from django.conf import settings

    script = Path(tempfile.mkdtemp()) / "one_bid.sql"
    script.write_text(ONE_BID.format(pk=pk))
    found = settings.DATABASES["default"]
    host = found["OPTIONS"].get("host") or found["HOST"]
    rates = {}
    for clients in (1, 2, 4, 8, 16):
        command = [programs / "pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", "4",
                   "-f", script, "-h", host, "-U", "postgres", found["NAME"]]  # fmt: skip
        out = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True).stdout
        rates[clients] = float(re.search(r"tps = ([\d.]+)", out)[1])
    return rates


async def engine(place) -> float:
    """Accepted bids per second through committer, rules and log, with many bids waiting."""
    from bidding import committer
    from bidding.rules.auction import Offer

    amounts = falling(await start_price(place))
    names = itertools.cycle([entry.pseudonym for entry in place.entries])
    accepted, refused, done = 0, 0, asyncio.Event()
    ends = time.monotonic() + SECONDS

    def tell(answer) -> None:
        nonlocal accepted, refused
        if isinstance(answer, dict):
            accepted += 1
        else:
            refused += 1
        if time.monotonic() < ends:
            submit()
        else:
            done.set()

    def submit() -> None:
        committer.submit(place.pk, Offer(next(names), next(amounts), wire.token()), tell)

    began = time.monotonic()
    for _ in range(IN_FLIGHT_ENGINE):
        submit()
    await done.wait()
    spent = time.monotonic() - began
    await asyncio.sleep(0.5)
    if refused:
        raise RuntimeError(f"{refused} bids refused")
    return accepted / spent


async def start_price(place) -> Decimal:
    from bidding import log
    from bidding.threads import in_thread

    return (await in_thread(log.board, place.pk)).next_max


def falling(price: Decimal):
    while True:
        yield price
        price -= FEN


class Bidder:
    """One browser: a few bids in flight, each answered by a receipt or a refusal."""

    def __init__(self, run: "Run") -> None:
        self.run = run
        self.sent: dict[str, float] = {}

    def heard(self, payload: bytes) -> None:
        kind = payload[9:16]
        if kind not in (b"receipt", b"refused"):
            return
        self.run.answered(self, json.loads(payload))

    def bid(self) -> None:
        ref = wire.token()
        amount = next(self.run.amounts)
        self.sent[ref] = time.monotonic()
        self.wire.send(b'{"type":"bid","ref":"%s","amount":"%s"}' % (ref.encode(), str(amount).encode()))


class Run:
    """A measured stretch of bidding."""

    def __init__(self, price: Decimal, keep_going: bool) -> None:
        self.amounts = falling(price)
        self.keep_going = keep_going
        self.times: list[float] = []
        self.accepted = 0
        self.refused: dict[str, int] = {}

    def answered(self, bidder: Bidder, frame: dict) -> None:
        self.times.append(time.monotonic() - bidder.sent.pop(frame["ref"]))
        if frame["type"] == "receipt":
            self.accepted += 1
        else:
            self.refused[frame["code"]] = self.refused.get(frame["code"], 0) + 1
        if self.keep_going:
            bidder.bid()


async def bidders(place, cookies, run: Run) -> list[Bidder]:
    crowd = [Bidder(run) for _ in cookies]
    for bidder, cookie in zip(crowd, cookies, strict=True):
        bidder.wire = await wire.connect(PORT, f"/ws/competitions/{place.pk}/", bidder.heard, cookie)
    return crowd


async def end_to_end(place, cookies) -> tuple[float, Run]:
    """Accepted bids per second with a few bids in flight per bidder."""
    run = Run(await start_price(place), keep_going=True)
    crowd = await bidders(place, cookies, run)
    for _ in range(IN_FLIGHT_PER_BIDDER):
        for bidder in crowd:
            bidder.bid()
    await asyncio.sleep(1)
    before, began = run.accepted, time.monotonic()
    await asyncio.sleep(SECONDS)
    rate = (run.accepted - before) / (time.monotonic() - began)
    run.keep_going = False
    await asyncio.sleep(1)
    for bidder in crowd:
        bidder.wire.close()
    return rate, run


async def receipts(place, cookies) -> Run:
    """Receipt times at 50 bids a second while 500 watch."""
    seen = [0]

    def count(_payload: bytes) -> None:
        seen[0] += 1

    crowd_watching = [await wire.connect(PORT, f"/ws/competitions/{place.pk}/", count) for _ in range(WATCHERS)]
    run = Run(await start_price(place), keep_going=False)
    crowd = await bidders(place, cookies, run)
    for bidder in crowd[:8]:  # the first bids of a server open its connections
        bidder.bid()
        await asyncio.sleep(0.2)
    run.times.clear()
    began = time.monotonic()
    for number in range(50 * SECONDS):
        await asyncio.sleep(max(0, began + number / 50 - time.monotonic()))
        crowd[number % len(crowd)].bid()
    await asyncio.sleep(2)
    for one in [*crowd_watching, *(bidder.wire for bidder in crowd)]:
        one.close()
    if len(run.times) != 50 * SECONDS:
        raise RuntimeError(f"{50 * SECONDS - len(run.times)} bids without an answer")
    return run


def main() -> None:
    with market.database() as programs:
        place = market.hot_competition()
        cookies = market.cookies(place)
        quiet = market.another(place)
        rival = market.another(place, bidders=0)
        from bidding import threads

        print("pgbench …", flush=True)
        rates = pgbench(programs, rival.pk)
        print("engine …", flush=True)
        rate = asyncio.run(engine(place))
        threads.close_all()
        with market.server(PORT):
            print("end to end …", flush=True)
            e2e, run = asyncio.run(end_to_end(place, cookies))
            threads.close_all()
            print("receipts …", flush=True)
            calm = asyncio.run(receipts(quiet, cookies))
            threads.close_all()
    tps = max(rates.values())
    p50, p99 = percentile(calm.times, 0.5) * 1000, percentile(calm.times, 0.99) * 1000
    figures = {
        "engine_bids_per_s": rate, "pgbench_tps": tps, "engine_ratio": rate / tps, "e2e_bids_per_s": e2e,
        "e2e_ratio": e2e / tps, "receipt_p50_ms": p50, "receipt_p99_ms": p99,
    }  # fmt: skip
    publish(
        "bidding",
        figures,
        [
            *((f"pgbench, {clients} clients, bids/s", f"{value:,.0f}") for clients, value in rates.items()),
            ("engine, bids/s", f"{rate:,.0f}"),
            ("engine / best pgbench  (target 4)", f"{rate / tps:.2f}"),
            (f"end to end, 50 bidders x {IN_FLIGHT_PER_BIDDER}, bids/s", f"{e2e:,.0f}"),
            ("end to end / best pgbench  (target 1.5)", f"{e2e / tps:.2f}"),
            ("refused as overtaken", f"{sum(run.refused.values()):,}"),
            ("receipt p50, 50 bids/s, 500 watchers, ms", f"{p50:.1f}"),
            ("receipt p99, 50 bids/s, 500 watchers, ms  (target 25)", f"{p99:.1f}"),
        ],
    )


if __name__ == "__main__":
    main()
