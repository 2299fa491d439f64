"""bin/fuzz: frames of all kinds into a room of a server of its own.

python -m tests.fuzz.run [--frames 100000] [--seed N] [--crowd 40]

Prints the seed, what was sent and what came back. Exit code 1 when anything is wrong: an answer that is not
documented, a bid without an answer, a line in the server's log, a wrong picture, a record that does not verify.
"""

import argparse
import asyncio
import contextlib
import re
import secrets
import shlex
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.bench import market as bench
from tests.fuzz.visitors import Market, fuzz

SAID = bench.ROOT / "var" / "fuzz" / "server.log"
# What a server may say about bytes that are no HTTP, whoever sent them, or that ask for a page that is not there.
HARMLESS = re.compile(
    r".*((WARNING: +)?(Invalid HTTP request received|Unsupported upgrade request)\.|Not Found: /(?!ws/).*)"
)


def _command(port: int) -> list[str]:
    """The web process as production starts it, on this machine only."""
    line = next(line for line in (bench.ROOT / "Procfile").read_text().splitlines() if line.startswith("web:"))
    words = shlex.split(line.removeprefix("web:").replace("${PORT:-8000}", str(port)).replace("0.0.0.0", "127.0.0.1"))
    return [sys.executable, "-m", *words, "--log-level", "warning"]


@contextlib.contextmanager
def served(said: Path) -> Iterator[int]:
    """The web process as the Procfile starts it, its words in a file."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    with (
        said.open("w") as words,
        subprocess.Popen(_command(port), cwd=bench.ROOT, stdout=words, stderr=words) as process,
    ):
        try:
            _started(port, said)
            yield port
        finally:
            process.terminate()


def _started(port: int, said: Path) -> None:
    try:
        bench._wait(f"http://127.0.0.1:{port}/healthz")
    except TimeoutError as late:
        raise RuntimeError(f"the server does not start: {said.read_text()[-2000:]}") from late


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/fuzz", description="Send frames of all kinds into a live room.")
    parser.add_argument("--frames", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--crowd", type=int, default=40, help="connections at a time")
    given = parser.parse_args()
    print(f"seed {given.seed}, {given.frames:,} frames by {given.crowd} vandals")
    SAID.parent.mkdir(parents=True, exist_ok=True)
    with bench.database():
        return _run(given, SAID)


def _run(given: argparse.Namespace, said: Path) -> int:
    from tests.fuzz.aftermath import wrongs

    place = bench.hot_competition(bidders=8)
    names = [agency.organisation.name for agency in place.agencies]
    with served(said) as port:
        market = Market(port, place.pk, bench.cookies(place), names)
        begun = time.monotonic()
        picture = asyncio.run(fuzz(market, frames=given.frames, seed=given.seed, crowd=given.crowd))
        took = time.monotonic() - begun
    found = wrongs(market, picture)
    found += [f"the server said: {line}" for line in said.read_text().splitlines() if not HARMLESS.fullmatch(line)]
    _tell(market, took, found)
    return 1 if found else 0


def _tell(market: Market, took: float, found: list[str]) -> None:
    print(f"\n{market.tally['frames']:,} frames read in {took:.0f} s ({market.tally['frames'] / took:,.0f}/s)")
    for name, count in sorted(market.tally.items(), key=lambda row: -row[1]):
        print(f"  {name:<24} {count:>10,}")
    print(f"\n{len(found)} things are wrong" if found else "\nNothing is wrong.")
    for line, times in Counter(found).most_common(40):
        print(f"  {times:>6,} ×  {line[:300]}")


if __name__ == "__main__":
    sys.exit(main())
