"""The files of the repository: what git tracks, as a newcomer would clone them."""

import subprocess
from functools import cache
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent.parent
BINARY = {".png", ".webp", ".jpg", ".ico", ".woff2", ".ttf", ".pdf"}


@cache
def tracked() -> list[Path]:
    names = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=BASE, check=True, capture_output=True, text=True
    ).stdout
    return [BASE / name for name in names.split("\0") if name and (BASE / name).is_file()]


def texts() -> list[tuple[str, str]]:
    """(path, content) of every tracked text file."""
    return [(path.relative_to(BASE).as_posix(), _read(path)) for path in tracked() if path.suffix not in BINARY]


@cache
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
