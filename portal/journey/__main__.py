"""bin/journey --url URL: play the whole walk against a demo server; ends non-zero at the first thing that is wrong."""

import argparse
import sys
import time

import httpx
from websockets.exceptions import WebSocketException

from portal.journey.browser import Wrong
from portal.journey.joining import join
from portal.journey.needing import need
from portal.journey.rooms import compete
from portal.journey.walk import Walk
from portal.journey.working import work

PARTS = (join, need, compete, work)


def play(walk: Walk) -> None:
    """Every part in order. Raises Wrong at the first thing that is not as it should be."""
    for part in PARTS:
        part(walk)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/journey", description=__doc__)
    parser.add_argument("--url", default="http://localhost:8000", help="address of a running demo server")
    walk = Walk(parser.parse_args().url.rstrip("/"), say=_say)
    began = time.monotonic()
    try:
        play(walk)
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
