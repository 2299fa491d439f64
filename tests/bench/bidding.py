"""Accepted bids per second: the engine alone, end to end over WebSocket, and pgbench doing the same transaction."""

import asyncio
import itertools
import json
import re
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

from tests.bench import market, steady, wire
from tests.bench.report import percentile, publish
from tests.bench.steady import falling, next_price

SECONDS = 8
STEADY_SECONDS = 20
IN_FLIGHT_ENGINE = 512
IN_FLIGHT_PER_BIDDER = 4
WATCHERS = 500
PORT = 8971

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
    rates: dict[int, float] = {}
    for clients in (1, 2, 4, 8, 16):
        out = _pgbench(programs, pk, "-c", str(clients), "-j", "2", "-T", "4")
        rates[clients] = float(re.search(r"tps = ([\d.]+)", out)[1])
    return rates


def _pgbench(programs: Path, pk: int, *options: str) -> str:
    """What it prints."""
    from django.conf import settings

    script = Path(tempfile.mkdtemp()) / "one_bid.sql"
    script.write_text(ONE_BID.format(pk=pk))
    found = settings.DATABASES["default"]
    host = found["OPTIONS"].get("host") or found["HOST"]
    command = [programs / "pgbench", "-n", "-M", "prepared", *options, "-f", script, "-h", host, "-U", "postgres"]
    done = subprocess.run([*map(str, command), found["NAME"]], capture_output=True, text=True, check=True)
    return done.stdout


def pgbench_p99(programs: Path, pk: int) -> float:
    """Milliseconds that 99 of 100 such transactions stay under when they come 50 a second, one after another."""
    folder = Path(tempfile.mkdtemp())
    _pgbench(programs, pk, "-c", "1", "-R", "50", "-T", "8", "-l", f"--log-prefix={folder / 'at'}")
    lines = [line.split() for path in folder.glob("at*") for line in path.read_text().splitlines()]
    return percentile([int(line[2]) / 1000 for line in lines], 0.99)


async def engine(place) -> float:
    """Accepted bids per second through committer, rules and log, with many bids waiting."""
    from bidding import committer
    from bidding.rules.auction import Offer
    from config.lifespan import SWITCH

    sys.setswitchinterval(SWITCH)  # as in a server
    amounts = falling(await next_price(place))
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
    run = Run(await next_price(place), keep_going=True)
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


async def receipts(place, cookies) -> steady.Measured:
    """Receipt times at 50 bids a second while 500 watch."""
    scene = steady.Steady(PORT, place, cookies)
    await scene.open(WATCHERS)
    measured = await scene.measure(STEADY_SECONDS)
    scene.close()
    return measured


def main() -> None:
    with market.database() as programs:
        place = market.hot_competition()
        cookies = market.cookies(place)
        quiet = market.another(place)
        rival = market.another(place, bidders=0)
        from bidding import threads

        print("pgbench …", flush=True)
        rates, bare = pgbench(programs, rival.pk), pgbench_p99(programs, rival.pk)
        print("engine …", flush=True)
        rate = asyncio.run(engine(place))
        threads.close_all()
        with market.server(PORT):
            print("end to end …", flush=True)
            e2e, run = steady.run(end_to_end(place, cookies))
            threads.close_all()
            print("receipts …", flush=True)
            calm = steady.run(receipts(quiet, cookies))
            threads.close_all()
    tps = max(rates.values())
    p50, p99 = calm.ms("receipts", 0.5), calm.ms("receipts", 0.99)
    figures = {
        "engine_bids_per_s": rate, "pgbench_tps": tps, "engine_ratio": rate / tps, "e2e_bids_per_s": e2e,
        "e2e_ratio": e2e / tps, "receipt_p50_ms": p50, "receipt_p99_ms": p99,
        "pgbench_p99_ms": bare, "shown_p99_ms": calm.ms("shown", 0.99),
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
            ("the same transaction by pgbench at 50 a second, p99, ms", f"{bare:.1f}"),
            (
                "last of the 500 hears of a bid, p50 / p99, ms",
                calm.shown_as("shown"),
            ),
            ("load generator late, p99, ms", f"{calm.ms('late', 0.99):.1f}"),
        ],
    )


if __name__ == "__main__":
    main()
