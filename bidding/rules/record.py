"""Records of the log: canonical form, hash chain, Merkle proof of a signed batch. See docs/verification.md.

A record's body is JSON with sorted keys, no spaces, UTF-8, and holds the hash of the record before it; its hash is
SHA-256 over the body. A batch is signed over the RFC 6962 Merkle root of its records' hashes.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

VERSION = 1
GENESIS = "0" * 64

# Every kind of event and exactly the fields it carries besides the frame (v, competition, seq, at, kind, prev).
SHAPES: dict[str, frozenset[str]] = {
    "opened": frozenset({"need", "terms"}),
    "entered": frozenset({"by", "commitment"}),
    "withdrawn": frozenset({"by"}),
    "bid": frozenset({"by", "amount", "ref"}),
    "extended": frozenset({"ends_at"}),
    "floor_sealed": frozenset({"commitment"}),
    "closed": frozenset({"reason"}),
    "floors_opened": frozenset({"floors"}),
    "draw": frozenset({"secret", "entrants", "winner"}),
    "revealed": frozenset({"names"}),
    "excluded": frozenset({"by", "reason"}),
    "awarded": frozenset({"by", "amount", "rank"}),
    "failed": frozenset({"reason"}),
}
# Fields that may be missing: a bid that a sealed floor made says so.
OPTIONAL: dict[str, frozenset[str]] = {"bid": frozenset({"auto"})}
FRAME = frozenset({"v", "competition", "seq", "at", "kind", "prev"})

_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


class RecordError(ValueError):
    """A record that does not have the shape its kind demands."""


class Event(NamedTuple):
    """Something that happened in a competition. `data` holds the fields SHAPES names, all JSON values."""

    kind: str
    at: datetime
    data: Mapping[str, Any]


class Record(NamedTuple):
    """An event in its place in the chain; `prev` is the hash of the record before it."""

    seq: int
    event: Event
    body: str
    hash: str
    prev: str


def canonical(value: Any) -> str:
    """The one way a JSON value is written: sorted keys, no spaces, no escapes beyond what JSON needs."""
    return _encode(value)


def stamp(moment: datetime) -> str:
    """2026-11-22T18:00:00.123456Z"""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return f"{utc.isoformat(timespec='microseconds')[:-6]}Z"


def unstamp(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def seal(competition: int, seq: int, previous: str, event: Event) -> Record:
    """Write an event down as record `seq` after the record whose hash is `previous`."""
    if not _shaped(event.kind, event.data):
        raise RecordError(f"{event.kind} carries {sorted(event.data)}")
    body = canonical(
        {
            **event.data,
            "v": VERSION,
            "competition": competition,
            "seq": seq,
            "at": stamp(event.at),
            "kind": event.kind,
            "prev": previous,
        }
    )
    return Record(seq, event, body, digest(body), previous)


def unseal(body: str) -> Record:
    """Read a record back. Raises RecordError when its shape is wrong; the chain is checked elsewhere."""
    try:
        fields = json.loads(body)
        data = {key: value for key, value in fields.items() if key not in FRAME}
        if fields["v"] != VERSION or not _shaped(fields["kind"], data) or not fields.keys() >= FRAME:
            raise RecordError("unexpected fields")
        return Record(
            fields["seq"], Event(fields["kind"], unstamp(fields["at"]), data), body, digest(body), fields["prev"]
        )
    except (KeyError, TypeError, AttributeError, ValueError) as fault:
        raise RecordError(str(fault)) from fault


def _shaped(kind: str, data: Mapping[str, Any]) -> bool:
    names = data.keys()
    return names == SHAPES[kind] or (kind in OPTIONAL and names - OPTIONAL[kind] == SHAPES[kind])


def head_message(competition: int, first_seq: int, last_seq: int, root: str) -> str:
    """What the platform signs for a batch."""
    return canonical({"v": VERSION, "competition": competition, "first": first_seq, "last": last_seq, "root": root})


def _leaf(value: str) -> bytes:
    return hashlib.sha256(b"\x00" + bytes.fromhex(value)).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _levels(hashes: Sequence[str]) -> list[list[bytes]]:
    """All levels of the tree, leaves first; an odd node moves up unchanged, which gives the RFC 6962 shape."""
    levels = [[_leaf(value) for value in hashes]]
    while len(levels[-1]) > 1:
        row = levels[-1]
        above = [_node(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)]
        levels.append(above + row[len(above) * 2 :])
    return levels


def merkle(hashes: Sequence[str]) -> tuple[str, list[list[str]]]:
    """Root (hex) over a batch's record hashes and, for each, its path: "L:hex" or "R:hex" from leaf to root."""
    levels = _levels(hashes)
    return levels[-1][0].hex(), [_path(levels, index) for index in range(len(hashes))]


def _path(levels: Sequence[Sequence[bytes]], index: int) -> list[str]:
    path = []
    for row in levels[:-1]:
        sibling = index ^ 1
        if sibling < len(row):
            path.append(f"{'L' if sibling < index else 'R'}:{row[sibling].hex()}")
        index //= 2
    return path


def sides(index: int, size: int) -> list[str]:
    """On which side the siblings lie on the way from leaf `index` of `size` to the root."""
    steps = []
    while size > 1:
        if index ^ 1 < size:
            steps.append("L" if index % 2 else "R")
        index, size = index // 2, (size + 1) // 2
    return steps


def climb(record_hash: str, path: Sequence[str]) -> str:
    """The root that a record hash and its path lead to."""
    node = _leaf(record_hash)
    for step in path:
        side, sibling = step[:1], bytes.fromhex(step[2:])
        node = _node(sibling, node) if side == "L" else _node(node, sibling)
    return node.hex()
