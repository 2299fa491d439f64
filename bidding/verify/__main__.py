"""`python -m bidding.verify FILE [--key ID=HEX] [--receipt FILE]`"""

import argparse
import sys
from pathlib import Path
from typing import Any

from bidding.verify import verify, verify_receipt
from bidding.verify.finding import parsed


def _load(path: Path) -> Any:
    """Raises ValueError for what is not JSON in UTF-8."""
    return parsed(path.read_text(encoding="utf-8-sig"))


def main() -> int:
    """Print each check; the exit code is 1 when one fails."""
    parser = argparse.ArgumentParser(prog="bidding.verify", description="Check the record of a competition.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--key", action="append", default=[], metavar="ID=HEX", help="trust this key, not the file's")
    parser.add_argument("--receipt", type=Path, help="also: is the bid of this receipt in the record?")
    given = parser.parse_args()
    trusted = dict(key.split("=", 1) for key in given.key) or None
    try:
        record, receipt = _load(given.file), _load(given.receipt) if given.receipt else None
    except (OSError, ValueError) as unreadable:
        sys.stdout.write(f"FAILED  the file can be read  {unreadable}\n")
        return 1
    findings = verify(record, trusted)
    if receipt is not None and not findings[-1].fault:
        findings += verify_receipt(receipt, record, trusted)
    for finding in findings:
        sys.stdout.write(f"{'FAILED' if finding.fault else 'ok    '}  {finding.check}  {finding.fault}\n")
    return 1 if findings[-1].fault else 0


if __name__ == "__main__":
    sys.exit(main())
