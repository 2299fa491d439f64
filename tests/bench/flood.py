"""One bidder sends ten thousand frames a second: what the others wait for their receipts, beside a calm stretch."""

import asyncio
import multiprocessing
import time

import uvloop

from tests.bench import load, market, steady
from tests.bench.report import publish

PORT = 8974
WATCHERS = 100
FRAMES = 10_000  # a second
SECONDS = 10
TOO_HIGH = b'{"type":"bid","ref":"flood-0001","amount":"9999999999.99"}'  # goes all the way to the rules


def flooder(path: str, cookie: str, until: float, sent) -> None:
    """In a process of its own, so that it slows the server, not the load generator."""
    sent.value = uvloop.run(load.flood(PORT, path, cookie, load.Stream(TOO_HIGH, FRAMES, until)))


async def compare(place, cookies, sent):
    """The last bidder floods, the others bid."""
    scene = steady.Steady(PORT, place, cookies[:-1])
    await scene.open(WATCHERS)
    calm = await scene.measure(SECONDS)
    until = time.monotonic() + SECONDS + 1.5
    process = multiprocessing.get_context("spawn").Process(target=flooder, args=(scene.path, cookies[-1], until, sent))
    process.start()
    await asyncio.sleep(1)
    flooded = await scene.measure(SECONDS - 1)
    await asyncio.to_thread(process.join)
    scene.close()
    return calm, flooded


def main() -> None:
    with market.database():
        place = market.hot_competition()
        cookies = market.cookies(place)
        sent = multiprocessing.get_context("spawn").Value("q", 0)
        with market.server(PORT):
            calm, flooded = steady.run(compare(place, cookies, sent))
    before, during = calm.ms("receipts", 0.99), flooded.ms("receipts", 0.99)
    publish(
        "flood",
        {"calm_p99_ms": before, "flood_p99_ms": during, "ratio": during / before, "frames": sent.value},
        [
            ("receipt p50 / p99 of the others before, ms", calm.shown_as("receipts")),
            ("receipt p50 / p99 of the others during, ms", flooded.shown_as("receipts")),
            ("during / before  (target 2)", f"{during / before:.2f}"),
            ("frames the flooder got rid of", f"{sent.value:,}"),
            ("load generator late, p99, ms", f"{max(calm.ms('late', 0.99), flooded.ms('late', 0.99)):.1f}"),
        ],
    )


if __name__ == "__main__":
    main()
