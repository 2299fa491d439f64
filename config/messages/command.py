"""bin/messages: bring the catalogues up to date, or say what is missing."""

import argparse
from pathlib import Path

import polib

from config.messages import catalogue, extract
from config.paths import BASE


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bin/messages", description=__doc__)
    parser.add_argument("rooms", nargs="*", help="only these rooms (default: all)")
    parser.add_argument("--check", action="store_true", help="change nothing; fail when anything is missing or stale")
    chosen = parser.parse_args(arguments)
    found = extract.collect(BASE)
    rooms = chosen.rooms or sorted(found)
    if unknown := set(rooms) - set(found):
        parser.error(f"no such room: {', '.join(sorted(unknown))}; there are {', '.join(sorted(found))}")
    fresh = {room: catalogue.merged(found[room], catalogue.read(catalogue.path_of(BASE, room))) for room in rooms}
    complaints = _check(fresh) if chosen.check else _write(fresh)
    print("\n".join(complaints) or "All messages have their English.")
    return 1 if chosen.check and complaints else 0


def _write(fresh: dict[str, polib.POFile]) -> list[str]:
    """Write and compile; returns a line for every room that still lacks something."""
    lines = []
    for room, content in fresh.items():
        path = catalogue.path_of(BASE, room)
        _replace(path, catalogue.text_of(content))
        if missing := len(list(catalogue.problems(content))):
            lines.append(f"{path.relative_to(BASE)}: {missing} of {len(content)} to do")
    catalogue.compile_all(BASE)
    return lines


def _replace(path: Path, text: str) -> None:
    if not text:
        path.unlink(missing_ok=True)
        path.with_suffix(".mo").unlink(missing_ok=True)
    elif not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _check(fresh: dict[str, polib.POFile]) -> list[str]:
    complaints = []
    for room, content in fresh.items():
        path = catalogue.path_of(BASE, room)
        complaints += [f"{room}: {problem}" for problem in catalogue.problems(content)]
        if catalogue.text_of(content) != (path.read_text(encoding="utf-8") if path.exists() else ""):
            complaints.append(f"{room}: {path.relative_to(BASE)} is stale, run bin/messages {room}")
    return complaints + list(catalogue.disagreements(fresh))
