"""Where a bid's time goes: a stopwatch at every hand-over while 50 bids a second come and 500 watch."""

import json
import os
import tempfile
from pathlib import Path

from tests.bench import market, steady
from tests.bench.report import percentile, publish

PORT = 8977
WATCHERS = 500
SECONDS = 10


async def measure(place, cookies) -> steady.Measured:
    scene = steady.Steady(PORT, place, cookies)
    await scene.open(WATCHERS)
    measured = await scene.measure(SECONDS)
    scene.close()
    return measured


def main() -> None:
    trace = Path(tempfile.mkdtemp()) / "trace.json"
    os.environ["MARKET_TRACE"] = str(trace)
    with market.database():
        place = market.hot_competition()
        cookies = market.cookies(place)
        with market.server(PORT, "tests.bench.traced"):
            measured = steady.run(measure(place, cookies))
    spent = json.loads(trace.read_text())
    rows = [("receipt, p50 / p99, ms", measured.shown_as("receipts"))]
    for name, times in sorted(spent.items()):
        ms = [time * 1000 for time in times]
        shares = f"{percentile(ms, 0.5):.2f} / {percentile(ms, 0.99):.2f} / {max(ms):.1f}"
        rows.append((f"{name}, {len(ms):,} x, p50 / p99 / max, ms", shares))
    publish(
        "way",
        {"receipt_p50_ms": measured.ms("receipts", 0.5), "receipt_p99_ms": measured.ms("receipts", 0.99)},
        rows,
    )


if __name__ == "__main__":
    main()
