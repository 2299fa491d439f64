"""`python -m bidding.verify FILE [--key ID=HEX] [--receipt FILE]`; FILE is a record, or a receipt alone."""

import argparse
import re
import sys
from pathlib import Path
from typing import Any

from bidding.verify import verify, verify_receipt
from bidding.verify.finding import Finding, parsed

KEY = re.compile(r"[0-9a-f]{16}=[0-9a-f]{64}", re.ASCII)


def _load(path: Path) -> Any:
    """Raises ValueError for what is not JSON in UTF-8."""
    return parsed(path.read_text(encoding="utf-8-sig"))


def _key(text: str) -> tuple[str, str]:
    key_id, _, public = text.partition("=")
    if not KEY.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not ID=HEX: 16 hex digits, =, 64 hex digits")
    return key_id, public


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bidding.verify", description="Check the record of a competition, or a receipt alone."
    )
    parser.add_argument("file", type=Path, help="a record; or a receipt, which needs --key")
    parser.add_argument(
        "--key", type=_key, action="append", default=[], metavar="ID=HEX", help="trust this key, not the file's"
    )
    parser.add_argument("--receipt", type=Path, help="also: is the bid of this receipt in the record?")
    return parser.parse_args()


def _findings(content: Any, receipt: Any, trusted: dict[str, str] | None) -> list[Finding]:
    if isinstance(content, dict) and content.get("format") == "open-market-receipt":
        return verify_receipt(content, None, trusted)
    findings = verify(content, trusted)
    if receipt is not None and not findings[-1].fault:
        findings += verify_receipt(receipt, content, trusted)
    return findings


def main() -> int:
    """Print each check; the exit code is 1 when one fails."""
    given = _given()
    try:
        content, receipt = _load(given.file), _load(given.receipt) if given.receipt else None
    except (OSError, ValueError) as unreadable:
        sys.stdout.write(f"FAILED  the file can be read  {unreadable}\n")
        return 1
    findings = _findings(content, receipt, dict(given.key) or None)
    for finding in findings:
        sys.stdout.write(f"{'FAILED' if finding.fault else 'ok    '}  {finding.check}  {finding.fault}\n")
    return 1 if findings[-1].fault else 0


if __name__ == "__main__":
    sys.exit(main())
