"""What must be done before serving, and whether it has been: each part runs again only when what it is made from
changed. Parts that live in the database are remembered by the database, the others in the data folder.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connection

from config import shipping
from config.messages import catalogue
from config.paths import BASE, DATA
from core import clock


@dataclass(frozen=True)
class Part:
    """`sources`: globs below the project whose files it is made from. `label` is shown while it runs."""

    name: str
    label: str
    work: Callable[[], object]
    sources: tuple[str, ...]

    def fingerprint(self) -> str:
        digest = hashlib.sha256(str(clock.now().year).encode())
        for path in _files(self.sources):
            digest.update(path.relative_to(BASE).as_posix().encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()[:16]


def _files(globs: tuple[str, ...]) -> Iterator[Path]:
    for pattern in globs:
        yield from (path for path in sorted(BASE.glob(pattern)) if path.is_file())


def _seed() -> None:
    if settings.DEMO and "seed_demo" in get_commands():
        call_command("seed_demo")


def _static() -> None:
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)


IN_DATABASE = (
    Part("migrate", "数据表 database tables", lambda: call_command("migrate", verbosity=0), ("*/migrations/*.py",)),
    Part(
        "ship",
        "规则与目录 rules and catalogue",
        shipping.ship,
        # The working-day calendar comes with a package: another version of it may know another year.
        ("*/rulesets.toml", "*/rulesets/*.toml", "*/data/*", "config/shipping.py", "requirements.txt"),
    ),
    Part("demo", "演示数据 demo people and history", _seed, ("*/management/commands/seed_demo.py",)),
)
IN_FOLDER = (
    Part("messages", "英文界面 English texts", lambda: catalogue.compile_all(BASE), ("locale/**/*.po",)),
    Part("static", "静态文件 static files", _static, ("static/**/*", "package-lock.json")),
)
PARTS = (*IN_FOLDER, *IN_DATABASE)


def due() -> list[Part]:
    """The parts whose sources changed since they last ran, in the order in which they must run."""
    done = _done_in_folder() | _done_in_database()
    return [part for part in PARTS if done.get(part.name) != part.fingerprint()]


def run(part: Part) -> None:
    """Run one part and remember what it was made from."""
    part.work()
    if part in IN_DATABASE:
        _remember_in_database(part)
    else:
        _remember_in_folder(part)


def _note() -> Path:
    return DATA / "prepared.json"


def _done_in_folder() -> dict[str, str]:
    note = _note()
    return dict(json.loads(note.read_text())) if note.exists() else {}


def _remember_in_folder(part: Part) -> None:
    _note().write_text(json.dumps(_done_in_folder() | {part.name: part.fingerprint()}, indent=1))


def _done_in_database() -> dict[str, str]:
    """Kept as the comment of the schema: it appears and disappears with what it speaks of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description('public'::regnamespace, 'pg_namespace')")
        (comment,) = cursor.fetchone()
    try:
        return dict(json.loads(comment or "{}"))
    except ValueError:
        return {}


def _remember_in_database(part: Part) -> None:
    text = json.dumps(_done_in_database() | {part.name: part.fingerprint()})
    with connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON SCHEMA public IS '{text}'")
