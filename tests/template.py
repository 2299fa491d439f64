"""The database that every test database is copied from: migrated, and with what every market ships with.

Made once and kept as a dump in var/test, under the fingerprint of all it is made from: once any of that changes, the
dump is not found any more. Run as a module, this makes the database that MARKET_EMBEDDED_URL names.
"""

import contextlib
import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

import grimp
import psycopg

from config import embedded
from config.paths import BASE
from core import clock

NAME = "market_template"
KEPT = BASE / "var" / "test"
FILES = (
    *("*/rulesets.toml", "*/rulesets/*.toml", "*/data/*"),
    *("config/settings.py", "tests/settings.py", "tests/database.py", "tests/template.py"),
)


def put_on(server: str) -> None:
    """See to it that the server has the template. Who comes while somebody makes it waits."""
    with _alone(), psycopg.connect(server, autocommit=True) as link:
        if link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            return
        link.execute(f"DROP DATABASE IF EXISTS {NAME}_unready")
        link.execute(f"CREATE DATABASE {NAME}_unready")
        _fill(server.replace("/postgres?", f"/{NAME}_unready?"))
        link.execute(f"ALTER DATABASE {NAME}_unready RENAME TO {NAME}")


def fill(url: str) -> None:
    """Give an empty database what the template holds."""
    with _alone():
        _fill(url)


def _fill(url: str) -> None:
    kept = kept_as(fingerprint())
    if kept.exists():
        _run("psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--single-transaction", f"--file={kept}", url)
        return
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"MARKET_EMBEDDED_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    subprocess.run([sys.executable, "-m", "tests.template"], cwd=BASE, env=environment, check=True)
    # Somebody may have changed a file while it was made; then nobody knows what it was made from.
    if kept == kept_as(fingerprint()):
        _keep(url, kept)


def kept_as(mark: str) -> Path:
    return KEPT / f"template-{mark}.sql"


def fingerprint(base: Path = BASE) -> str:
    """Of the sources as they are below `base`, the packages installed, and the year the calendar counts from."""
    packages = sorted((package.name, package.version) for package in distributions())
    digest = hashlib.sha256(repr((sys.version, clock.now().year, packages)).encode())
    for name in sources():
        digest.update(name.encode() + b"\0" + (base / name).read_bytes())
    return digest.hexdigest()[:16]


def sources() -> list[str]:
    """All files it is made from: migrations, models, what ships, and whatever these import."""
    rooms = [path.parent.name for path in BASE.glob("*/__init__.py") if path.parent.name != "tests"]
    graph = grimp.build_graph(*rooms, cache_dir=None)  # its cache trusts the times of files
    makers = {name for name in graph.modules if {"migrations", "models"} & set(name.split("."))} | {"config.shipping"}
    modules = makers.union(*(graph.find_upstream_modules(name) for name in makers))
    files = [path for pattern in FILES for path in BASE.glob(pattern) if path.is_file()]
    return sorted({path.relative_to(BASE).as_posix() for path in (*files, *map(_file, modules))})


def _file(module: str) -> Path:
    path = BASE.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _keep(url: str, kept: Path) -> None:
    """Instead of those made from what is no more."""
    for old in KEPT.glob("template-*"):
        old.unlink()
    unready = kept.with_suffix(".unready")
    _run("pg_dump", f"--file={unready}", url)
    unready.rename(kept)


def _run(program: str, *arguments: str) -> None:
    subprocess.run([str(embedded._programs() / program), *arguments], stdout=subprocess.DEVNULL, check=True)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make() -> None:
    import django
    from django.core.management import call_command

    django.setup()

    from config import shipping
    from tests import database

    call_command("migrate", verbosity=0)
    shipping.ship()
    database.keep_copy()


if __name__ == "__main__":
    _make()
