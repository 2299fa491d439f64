"""What a check says, and the running of checks: the first that fails ends the run, later ones would build on it."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bidding.rules.record import head_message

Step = tuple[str, str, Callable[[], None]]  # name of the check, what is checked, the check


@dataclass(frozen=True)
class Finding:
    """One check: its name, what was checked, and where it first fails ("" when it holds)."""

    code: str
    check: str
    fault: str = ""


class BrokenError(Exception):
    """Something is not as it should be; says where."""


BROKEN = (BrokenError, LookupError, ArithmeticError, TypeError, ValueError, AttributeError, RecursionError)


def run(steps: Sequence[Step]) -> list[Finding]:
    findings: list[Finding] = []
    for code, check, step in steps:
        try:
            step()
        except BROKEN as broken:
            return [*findings, Finding(code, check, str(broken) or type(broken).__name__)]
        findings.append(Finding(code, check))
    return findings


def parsed(text: str) -> Any:
    """JSON without floats, which no record holds. Raises ValueError."""
    try:
        return json.loads(text, parse_float=_no_float, parse_constant=_no_float)
    except RecursionError:
        raise ValueError("it is nested deeper than anything a record holds") from None


def _no_float(written: str) -> NoReturn:
    raise ValueError(f"{written} is not a whole number")


def id_of(key: str) -> str:
    """A key's id: the first 16 hex digits of SHA-256 over its raw bytes."""
    return hashlib.sha256(bytes.fromhex(key)).hexdigest()[:16]


def check_signature(keys: Mapping[str, str], competition: int, head: Mapping[str, Any]) -> None:
    """The signature over `first_seq`, `last_seq` and `root` is good under a known key. Raises BrokenError."""
    first, last, key_id = head["first_seq"], head["last_seq"], head["key_id"]
    if key_id not in keys:
        raise BrokenError(f"records {first} to {last} are signed with the unknown key {key_id}")
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(keys[key_id]))
    try:
        key.verify(bytes.fromhex(head["signature"]), head_message(competition, first, last, head["root"]).encode())
    except InvalidSignature as forged:
        raise BrokenError(f"the signature of records {first} to {last} is false") from forged
