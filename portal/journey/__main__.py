"""bin/journey [--money | --supervision] --url URL: play a walk against a demo server; non-zero at the first fault."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence

import httpx
from websockets.exceptions import WebSocketException

from portal.journey.browser import Wrong
from portal.journey.escrow import entrust
from portal.journey.inspecting import inspect
from portal.journey.joining import join
from portal.journey.lists import blacklist
from portal.journey.needing import need
from portal.journey.rooms import compete
from portal.journey.supervision import supervise
from portal.journey.treasury import spend
from portal.journey.walk import Walk
from portal.journey.working import work

PARTS = (join, need, compete, work)
MONEY = (join, spend, entrust)
SUPERVISION = (join, supervise, blacklist, inspect)


def play(walk: Walk, parts: Sequence[Callable[[Walk], None]] = PARTS) -> None:
    """Every part in order. Raises Wrong at the first thing that is not as it should be."""
    for part in parts:
        part(walk)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/journey", description=__doc__)
    parser.add_argument("--url", default="http://localhost:8000", help="address of a running demo server")
    parser.add_argument("--money", action="store_true", help="both ways to pay instead of the walk to an award")
    parser.add_argument("--supervision", action="store_true", help="a case from card to delisting, and an inspection")
    asked = parser.parse_args()
    parts = SUPERVISION if asked.supervision else MONEY if asked.money else PARTS
    walk = Walk(asked.url.rstrip("/"), say=_say)
    began = time.monotonic()
    try:
        play(walk, parts)
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
