"""The credit file as published JSON, and computing its score again from nothing but that file.

    python -m ratings.published file.json

needs Python only: no framework, no database, no network. docs/credit.md names every field.
"""

import json
import sys
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from ratings.rules.points import parameters
from ratings.rules.score import Happening, Score, score

FORMAT = "credit-file/1"


def recompute(published: Mapping[str, Any]) -> Score:
    """The score the published rows, rules and moment give. Raises ValueError for another format."""
    if published.get("format") != FORMAT:
        raise ValueError(f"not a {FORMAT}: {published.get('format')!r}")
    rules = parameters(published["rules"]["parameters"])
    return score([_happening(row) for row in published["rows"]], rules, _moment(published["as_of"]))


def differences(published: Mapping[str, Any]) -> list[str]:
    """Where the published figures differ from what its own rows give; empty when all is right."""
    found = recompute(published)
    faults = [f"{name}: says {said}, rows give {got}" for name, said, got in _claims(published, found) if said != got]
    lines = {line.key: line for line in found.lines if line.key}
    for row in published["rows"]:
        line = lines[row["key"]]
        if (Decimal(row["counted"]), row["why"]) != (line.counted, str(line.why)):
            faults.append(f"row {row['key']}: says {row['counted']} {row['why']}, gives {line.counted} {line.why}")
    return faults


def _claims(published: Mapping[str, Any], found: Score) -> list[tuple[str, Any, Any]]:
    said = published["score"]
    return [
        ("total", Decimal(said["total"]), found.total),
        ("grade", said["grade"], found.grade),
        ("newcomer", said["newcomer"], found.newcomer),
    ]


def _happening(row: Mapping[str, Any]) -> Happening:
    return Happening(
        key=row["key"],
        kind=row["kind"],
        points=Decimal(row["points"]),
        happened_at=_moment(row["happened_at"]),
        expires_at=_moment(row["expires_at"]) if row["expires_at"] else None,
        corrects=row["corrects"] or "",
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def main(arguments: list[str]) -> int:
    published = json.loads(Path(arguments[0]).read_text("utf-8"))
    faults = differences(published)
    found = recompute(published)
    told = [f"{published['agency']['name']}: {found.total} {found.grade or '-'} ({len(published['rows'])} rows)"]
    sys.stdout.write("\n".join(told + (faults or ["agrees with what was published"])) + "\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
