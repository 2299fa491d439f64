"""The short form of bin/chaos: a few rounds, and the controls."""

import subprocess
import sys

import pytest

from tests.chaos.stage import ROOT, unexplained

ROUNDS = ("--rounds", "2", "--embedded", "1", "--seed", "7")


@pytest.mark.slow
def test_acknowledged_bids_count_whatever_is_killed_and_broken_committers_are_caught(monkeypatch):
    for name in ("DATABASE_URL", "REDIS_URL", "MARKET_EMBEDDED_URL", "MARKET_DATA", "MARKET_TEST_SERVERS"):
        monkeypatch.delenv(name, raising=False)
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos", *ROUNDS],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing wrong." in done.stdout
    assert done.stdout.count("caught: acknowledged is") == 3


def test_a_fault_of_the_program_is_told_from_one_of_a_server():
    text = (
        "Traceback (most recent call last):\n  File x\nKeyError: 'a'\n"
        "\nDuring handling of the above exception, another exception occurred:\n\n"
        "Traceback (most recent call last):\n  File x\ndjango.db.utils.OperationalError: gone\n"
        "Traceback (most recent call last):\n  File x\nValueError: ours\n"
    )
    assert unexplained(text) == ["ValueError: ours"]
