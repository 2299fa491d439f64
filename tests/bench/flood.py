"""Somebody sends ten thousand frames a second, a bidder bids or a watcher wishes for replays: what the others wait for
their receipts, beside a calm stretch.
"""

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
FRAMES_OF = {
    "bids": b'{"type":"bid","ref":"flood-0001","amount":"9999999999.99"}',  # go all the way to the rules
    "replays": b'{"type":"replay","from":1}',  # of the whole log
}


def flooder(path: str, cookie: str, stream: load.Stream, sent) -> None:
    """In a process of its own, so that it slows the server, not the load generator."""
    sent.value += uvloop.run(load.flood(PORT, path, cookie, stream))


async def compare(place, cookies, sent):
    """The last bidder floods with bids, then a stranger with replays; the others bid."""
    scene = steady.Steady(PORT, place, cookies[:-1])
    await scene.open(WATCHERS)
    calm, flooded = await scene.measure(SECONDS), {}
    for kind, cookie in (("bids", cookies[-1]), ("replays", "")):
        stream = load.Stream(FRAMES_OF[kind], FRAMES, time.monotonic() + SECONDS + 1.5)
        work = (scene.path, cookie, stream, sent)
        process = multiprocessing.get_context("spawn").Process(target=flooder, args=work)
        process.start()
        await asyncio.sleep(1)
        flooded[kind] = await scene.measure(SECONDS - 1)
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
    before, during = calm.ms("receipts", 0.99), flooded["bids"].ms("receipts", 0.99)
    replays = flooded["replays"].ms("receipts", 0.99)
    publish(
        "flood",
        {"calm_p99_ms": before, "flood_p99_ms": during, "ratio": during / before, "frames": sent.value}
        | {"replays_p99_ms": replays, "replays_ratio": replays / before},
        [
            ("receipt p50 / p99 of the others before, ms", calm.shown_as("receipts")),
            ("… while a bidder floods with bids, ms", flooded["bids"].shown_as("receipts")),
            ("… while a watcher floods with replays, ms", flooded["replays"].shown_as("receipts")),
            ("during / before  (target 2)", f"{during / before:.2f}, {replays / before:.2f}"),
            ("frames the flooders got rid of", f"{sent.value:,}"),
            ("load generator late, p99, ms", f"{max(one.ms('late', 0.99) for one in (calm, *flooded.values())):.1f}"),
        ],
    )


if __name__ == "__main__":
    main()
