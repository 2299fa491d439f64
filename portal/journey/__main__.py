"""bin/journey [--money] --url URL: play the walk against a demo server; ends non-zero at the first wrong thing."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence

import httpx
from websockets.exceptions import WebSocketException

from portal.journey.browser import Wrong
from portal.journey.escrow import entrust
from portal.journey.joining import join
from portal.journey.needing import need
from portal.journey.rooms import compete
from portal.journey.treasury import spend
from portal.journey.walk import Walk
from portal.journey.working import work

PARTS = (join, need, compete, work)
MONEY = (join, spend, entrust)


def play(walk: Walk, parts: Sequence[Callable[[Walk], None]] = PARTS) -> None:
    """Every part in order. Raises Wrong at the first thing that is not as it should be."""
    for part in parts:
        part(walk)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/journey", description=__doc__)
    parser.add_argument("--url", default="http://localhost:8000", help="address of a running demo server")
    parser.add_argument("--money", action="store_true", help="both ways to pay instead of the walk to an award")
    asked = parser.parse_args()
    walk = Walk(asked.url.rstrip("/"), say=_say)
    began = time.monotonic()
    try:
        play(walk, MONEY if asked.money else PARTS)
    except (Wrong, httpx.HTTPError, WebSocketException, OSError) as wrong:
        _say(f"\n✗ {type(wrong).__name__}: {wrong}")
        return 1
    finally:
        walk.close()
    _say(f"\n✓ {walk.steps} steps in {time.monotonic() - began:.0f} s")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
