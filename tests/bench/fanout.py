"""Frames per second to 500 watchers: one room handing out a ready frame, beside a Channels group as in the tutorial.

The same server process, the same frames, the same client process for both.
"""

import asyncio
import json
import time

from tests.bench import market, steady, wire
from tests.bench.report import median, percentile, publish

PORT = 8972
WATCHERS = 500
FLOOD = 120  # frames sent as fast as the server can
PATIENCE = 10  # seconds without any frame before the rest counts as lost
SINGLE = 40  # frames sent one by one, to see the slowest watcher


class Audience:
    """500 connections that count frames and remember when the last one got each."""

    def __init__(self) -> None:
        self.count = 0
        self.first = self.last = 0.0
        self.slowest: dict[int, float] = {}

    def heard(self, payload: bytes) -> None:
        if not payload.startswith(b'{"type":"events","n"'):
            return
        now = time.monotonic()
        self.count += 1
        self.last = now
        number, sent = payload[21:60].split(b',"sent":', 1)
        late = now - float(sent.split(b",", 1)[0])
        self.slowest[int(number)] = max(self.slowest.get(int(number), 0), late)


async def measure(how: str, path: str, competition: int) -> tuple[float, list[float]]:
    """Frames per second delivered in a flood, and for each single frame the slowest watcher's delay."""
    audience = Audience()
    watchers = [await wire.connect(PORT, path, audience.heard) for _ in range(WATCHERS)]
    done = asyncio.Event()
    driver = await wire.connect(PORT, "/ws/drive/", lambda _payload: done.set())
    await asyncio.sleep(2)

    async def order(frames: int, gap: float) -> float:
        done.clear()
        audience.count, audience.slowest = 0, {}
        began = time.monotonic()
        driver.send(json.dumps({"how": how, "competition": competition, "frames": frames, "gap": gap}).encode())
        await done.wait()
        while audience.count < frames * WATCHERS and time.monotonic() - max(audience.last, began) < PATIENCE:
            await asyncio.sleep(0.05)
        if audience.count != frames * WATCHERS:
            raise RuntimeError(f"{how}: {audience.count} of {frames * WATCHERS} frames arrived")
        return audience.count / (audience.last - began)

    await order(5, 0.1)
    rate = await order(FLOOD if how == "room" else FLOOD // 4, 0)
    await order(SINGLE, 0.25)
    delays = list(audience.slowest.values())
    for one in [*watchers, driver]:
        one.close()
    await asyncio.sleep(1)
    return rate, delays


def main() -> None:
    with market.database():
        place = market.hot_competition(bidders=1)
        with market.server(PORT):
            tutorial, _ = steady.run(measure("tutorial", "/ws/tutorial/", place.pk))
            room, delays = steady.run(measure("room", f"/ws/competitions/{place.pk}/", place.pk))
    slowest = percentile(delays, 0.99) * 1000
    publish(
        "fanout",
        {
            "frames_per_s": room,
            "tutorial_frames_per_s": tutorial,
            "ratio": room / tutorial,
            "slowest_ms": slowest,
        },
        [
            ("room, frames/s to 500 watchers", f"{room:,.0f}"),
            ("tutorial-style Channels group, frames/s", f"{tutorial:,.0f}"),
            ("room / tutorial  (target 12)", f"{room / tutorial:.1f}"),
            ("slowest of 500 watchers, median over frames, ms", f"{median(delays) * 1000:.1f}"),
            ("slowest of 500 watchers, p99 over frames, ms  (target 66)", f"{slowest:.1f}"),
        ],
    )


if __name__ == "__main__":
    main()
