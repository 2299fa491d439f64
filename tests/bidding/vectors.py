"""Records for every verifier: honest ones, and broken ones with the check that must name each.

`python -m tests.bidding.vectors` writes tests/vectors; tests/js reads them, and so may whoever writes a verifier.
"""

import json
from pathlib import Path
from typing import Any

from tests.bidding.stories import SEALS, STORIES, auction, bid_seqs, floor_receipt, floors, receipt
from tests.bidding.tampering import RECEIPT_TAMPERS, TAMPERS, applied

FOLDER = Path(__file__).parent.parent / "vectors"


def contents() -> dict[str, Any]:
    """File name -> what it holds."""
    files = {name: story().file() for name, story in STORIES.items()}
    story = auction()
    receipts = [receipt(story, seq) for seq in bid_seqs(files["auction"])]
    broken = [
        {"name": name, "story": kind, "check": check, "file": applied(files[kind], change)}
        for name, (kind, check, change) in TAMPERS.items()
    ]
    broken_receipts = [
        {"name": name, "check": check, "receipt": applied(receipts[2], change)}
        for name, (check, change) in RECEIPT_TAMPERS.items()
    ]
    whole = {f"{name}.json": file for name, file in files.items()}
    sealed = [floor_receipt(floors(), seq, by, held) for seq, by, held in SEALS]
    all_receipts = {"good": receipts, "floors": sealed, "tampered": broken_receipts}
    return {**whole, "tampered.json": broken, "receipts.json": all_receipts}


def text(content: Any) -> str:
    """A file to look at; of what holds many files one line for each."""
    if "format" in content:
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    if isinstance(content, dict):
        return "{\n" + ",\n".join(f'"{name}": {_rows(rows)}' for name, rows in content.items()) + "\n}\n"
    return _rows(content) + "\n"


def _rows(rows: list[Any]) -> str:
    lines = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    return "[\n" + ",\n".join(lines) + "\n]"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, content in contents().items():
        (FOLDER / name).write_text(text(content), encoding="utf-8")


if __name__ == "__main__":
    main()
