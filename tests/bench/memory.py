"""What a watcher costs the server in memory, beside a connection of the Channels tutorial's consumer."""

import asyncio
from pathlib import Path

from tests.bench import market, steady, wire
from tests.bench.report import publish

PORT = 8975
MANY = 1000


def resident(pid: int) -> float:
    """KB of memory of a process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return float(next(line for line in lines if line.startswith("VmRSS")).split()[1])


async def cost(pid: int, path: str) -> float:
    """KB a connection, once some have been opened and closed before."""
    warm = await wire.connect_many(PORT, path, lambda _text: None, MANY // 5)
    await asyncio.sleep(1)
    before = resident(pid)
    crowd = await wire.connect_many(PORT, path, lambda _text: None, MANY)
    await asyncio.sleep(2)
    each = (resident(pid) - before) / MANY
    for one in (*warm, *crowd):
        one.close()
    await asyncio.sleep(2)
    return each


def main() -> None:
    with market.database():
        place = market.hot_competition(bidders=1)
        with market.server(PORT) as pid:  # each kind in a process of its own: what one gave back, the next would get
            empty = resident(pid)
            watcher = steady.run(cost(pid, f"/ws/competitions/{place.pk}/"))
        with market.server(PORT) as pid:
            tutorial = steady.run(cost(pid, "/ws/tutorial/"))
    publish(
        "memory",
        {"server_mb": empty / 1024, "watcher_kb": watcher, "tutorial_kb": tutorial},
        [
            ("server before anyone came, MB", f"{empty / 1024:.0f}"),
            (f"each of {MANY} watchers, KB", f"{watcher:.1f}"),
            ("each connection of the tutorial's consumer, KB", f"{tutorial:.1f}"),
        ],
    )


if __name__ == "__main__":
    main()
