"""Fifty among five hundred watchers do not read: some nothing at all, some a byte a second, some have vanished. What it
costs the bidders and the other watchers, beside the same stretch with five hundred who read.
"""

import asyncio

from tests.bench import load, market, steady
from tests.bench.report import publish

PORT = 8973
WATCHERS, STALLED = 500, 50
SECONDS = 10


async def compare(place, cookies):
    scene = steady.Steady(PORT, place, cookies)
    await scene.open(WATCHERS)
    calm = await scene.measure(SECONDS)
    for one in scene.watchers[:STALLED]:
        one.close()
    doors = [await load.silent(PORT, scene.path) for _ in range(STALLED)]
    await asyncio.sleep(1)
    for door in doors[:10]:
        load.vanish(door)
    drips = [asyncio.create_task(load.drip(door)) for door in doors[10:25]]
    stalled = await scene.measure(SECONDS)
    for drip in drips:
        drip.cancel()
    scene.close()
    for door in doors:
        door.close()
    return calm, stalled


def main() -> None:
    with market.database():
        place = market.hot_competition()
        cookies = market.cookies(place)
        with market.server(PORT):
            calm, stalled = steady.run(compare(place, cookies))
    figures = {
        f"{name}_{what}_p99_ms": found.ms(what, 0.99)
        for name, found in (("calm", calm), ("stalled", stalled))
        for what in ("receipts", "shown")
    }
    publish(
        "stalled",
        figures | {"ratio": stalled.ms("receipts", 0.99) / calm.ms("receipts", 0.99)},
        [
            (
                "receipt p50 / p99, all 500 read, ms",
                calm.shown_as("receipts"),
            ),
            (f"receipt p50 / p99, {STALLED} do not, ms  (target: no more)", stalled.shown_as("receipts")),
            ("last reader hears of a bid, p99, all read, ms", f"{calm.ms('shown', 0.99):.1f}"),
            (f"last reader hears of a bid, p99, {STALLED} do not, ms", f"{stalled.ms('shown', 0.99):.1f}"),
            ("load generator late, p99, ms", f"{max(calm.ms('late', 0.99), stalled.ms('late', 0.99)):.1f}"),
        ],
    )


if __name__ == "__main__":
    main()
