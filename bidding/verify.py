"""Checks a published record without trusting anyone: `python -m bidding.verify FILE [--key HEX]`. No Django.

docs/verification.md says what a record is and what is checked, well enough to write another verifier from it.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bidding.rules import draw, outcome
from bidding.rules.auction import Accepted, Offer, decide
from bidding.rules.board import Board, ChainError
from bidding.rules.record import GENESIS, Event, Record, RecordError, canonical, head_message, merkle, unseal


@dataclass(frozen=True)
class Finding:
    """One check: what was checked, and where it first fails ("" when it holds)."""

    check: str
    fault: str = ""


class BrokenError(Exception):
    """Something in the record is not as it should be; says where."""


def verify(record: Mapping[str, Any], trusted: Mapping[str, str] | None = None) -> list[Finding]:
    """Run every check in order; the first that fails ends the run, since later ones would build on it.

    `record` is the parsed file; `trusted` maps key id to public key (hex) and replaces the keys the file brings.
    """
    findings: list[Finding] = []
    keys = trusted if trusted is not None else record.get("keys", {})
    records: list[Record] = []
    steps: list[tuple[str, Callable[[], None]]] = [
        ("every record has its written form", lambda: records.extend(_read(record))),
        ("records are numbered and chained", lambda: _chain(record["competition"], records)),
        ("signed heads cover every record", lambda: _heads(record, records, keys)),
        ("every bid follows the rules", lambda: _bids(records)),
        ("identities open the commitments", lambda: _identities(records)),
        ("the draw can be drawn again", lambda: _draw(records)),
        ("awards follow from the record", lambda: _awards(records)),
    ]
    for check, run in steps:
        try:
            run()
        except (BrokenError, RecordError, ChainError, KeyError, TypeError, ValueError) as broken:
            return [*findings, Finding(check, str(broken) or type(broken).__name__)]
        findings.append(Finding(check))
    return findings


def _read(record: Mapping[str, Any]) -> Iterator[Record]:
    if record.get("format") != "open-market-record" or record.get("version") != 1:
        raise BrokenError("not a record of version 1")
    for number, body in enumerate(record["records"], 1):
        try:
            read = unseal(body)
        except RecordError as broken:
            raise BrokenError(f"record {number}: {broken}") from broken
        if canonical(json.loads(body)) != body:
            raise BrokenError(f"record {number} is not in canonical form")
        yield read


def _chain(competition: int, records: Sequence[Record]) -> None:
    if not records or records[0].event.kind != "opened":
        raise BrokenError("the record does not begin with the opening")
    previous = GENESIS
    for number, record in enumerate(records, 1):
        fields = json.loads(record.body)
        if (record.seq, fields["competition"]) != (number, competition):
            raise BrokenError(f"record {number} is numbered {record.seq} of competition {fields['competition']}")
        if fields["prev"] != previous:
            raise BrokenError(f"record {number} does not follow the one before it")
        previous = record.hash


def _heads(record: Mapping[str, Any], records: Sequence[Record], keys: Mapping[str, str]) -> None:
    """Heads lie side by side from the first record to the last; each signature is good under a known key."""
    reached = 0
    for head in record["heads"]:
        first, last = head["first_seq"], head["last_seq"]
        if first != reached + 1 or not first <= last <= len(records):
            raise BrokenError(f"the head of records {first} to {last} does not follow record {reached}")
        root, _ = merkle([record.hash for record in records[first - 1 : last]])
        if root != head["root"]:
            raise BrokenError(f"records {first} to {last} do not have the signed root")
        if head["key_id"] not in keys:
            raise BrokenError(f"records {first} to {last} are signed with the unknown key {head['key_id']}")
        _check_signature(keys[head["key_id"]], head, head_message(record["competition"], first, last, root))
        reached = last
    if reached != len(records):
        raise BrokenError(f"records after {reached} are not signed")


def _check_signature(key: str, head: Mapping[str, Any], message: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(
            bytes.fromhex(head["signature"]), message.encode()
        )
    except InvalidSignature as forged:
        raise BrokenError(f"the signature of records {head['first_seq']} to {head['last_seq']} is false") from forged


def _bids(records: Sequence[Record]) -> None:
    """Every bid is decided again; what the rules would append must be what stands in the record."""
    board = Board(0)
    owed: list[Event] = []
    for record in records:
        if owed:
            if record.event != owed[0]:
                raise BrokenError(f"record {record.seq} is not the extension that bid {record.seq - 1} causes")
            owed = owed[1:]
        elif record.event.kind == "extended":
            raise BrokenError(f"record {record.seq} moves the end without a bid")
        elif record.event.kind == "bid":
            owed = _due(board, record)
        board.fold(record)


def _due(board: Board, record: Record) -> list[Event]:
    event = record.event
    offer = Offer(event.data["by"], Decimal(event.data["amount"]), event.data["ref"])
    decision = decide(board, offer, event.at)
    if not isinstance(decision, Accepted) or decision.events[0] != event:
        raise BrokenError(f"bid {record.seq} would not be accepted by the rules")
    return list(decision.events[1:])


def _folded(records: Sequence[Record]) -> Board:
    return Board(0).fold_all(records)


def _identities(records: Sequence[Record]) -> None:
    board = _folded(records)
    if board.names and board.names.keys() != board.entrants.keys():
        raise BrokenError("the names do not belong to the entrants")
    for by, who in board.names.items():
        if draw.entry_commitment(int(who["agency"]), who["name"], who["salt"]) != board.entrants[by]:
            raise BrokenError(f"the name of {by} does not open its commitment")


def _draw(records: Sequence[Record]) -> None:
    board = _folded(records)
    if board.fixed.method != "random_draw":
        return
    for record in records:
        if record.event.kind == "draw":
            data = record.event.data
            if draw.commitment(data["secret"]) != board.fixed.draw_commitment:
                raise BrokenError("the secret is not the one that was committed to")
            if data["winner"] != draw.drawn(data["secret"], board.closing_head, list(board.entrants)):
                raise BrokenError(f"record {record.seq} names another than the drawn one")


def _awards(records: Sequence[Record]) -> None:
    """Each award goes to the best of those left, at the amount of their bid."""
    board = Board(0)
    for record in records:
        if record.event.kind == "awarded":
            data = record.event.data
            expected = outcome.next_best(board)
            if board.closed_at is None or expected is None:
                raise BrokenError(f"record {record.seq} awards without a decided competition")
            if (data["by"], data["amount"], data["rank"]) != (expected[0], str(expected[1]), len(board.awards) + 1):
                raise BrokenError(f"record {record.seq} awards {data['by']}, the rules award {expected[0]}")
        board.fold(record)


def main() -> int:
    """Print each check; the exit code is 1 when one fails."""
    parser = argparse.ArgumentParser(prog="bidding.verify", description="Check the record of a competition.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--key", action="append", default=[], metavar="ID=HEX", help="trust this key, not the file's")
    given = parser.parse_args()
    trusted = dict(key.split("=", 1) for key in given.key) or None
    findings = verify(json.loads(given.file.read_text()), trusted)
    for finding in findings:
        sys.stdout.write(f"{'FAILED' if finding.fault else 'ok    '}  {finding.check}  {finding.fault}\n")
    return 1 if findings[-1].fault else 0


if __name__ == "__main__":
    sys.exit(main())
