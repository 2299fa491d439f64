"""`python -m supervision.verify_draw FILE [--announcement FILE] [--key ID=HEX]`: draw an inspection again, offline.

FILE is what the page of a draw offers. `--announcement`: the same file, kept before the draw, so that nobody has to
believe the platform that the commitment came first. Needs no framework, no network and no trust.
"""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bidding.rules.draw import commitment
from bidding.verify.finding import BrokenError, Finding, id_of, parsed, run
from supervision.rules import drawing

FORMAT = "inspection-draw@1"
Record = Mapping[str, Any]


def verify(record: Record, keys: Mapping[str, str] | None = None, kept: Record | None = None) -> list[Finding]:
    """Every check with where it fails; the first failure ends the run. `keys`: trusted instead of the file's own."""
    steps = [
        ("format", "the file is a record of a draw", lambda: _format(record)),
        ("signature", "the announcement is signed", lambda: _signature(record, keys)),
        ("pools", "the pools are the announced ones, in order and complete", lambda: _pools(record)),
        ("words", "every word is in its place, before the draw", lambda: _words(record)),
        ("secret", "the secret is the one committed to", lambda: _secret(record)),
        ("seed", "the seed comes from secret, pools, words and public number", lambda: _seed(record)),
        ("drawn", "drawing again gives the same agencies and inspectors", lambda: _drawn(record)),
    ]
    if kept is not None:
        steps.append(("kept", "the announcement kept before says the same", lambda: _kept(record, kept)))
    return run(steps)


def _format(record: Record) -> None:
    if record["format"] != FORMAT:
        raise BrokenError(f"the format is {record['format']}")
    if record["result"] is None:
        raise BrokenError(f"nothing is drawn before {record['draws_at']}")
    if record["result"]["drawn_at"] < record["draws_at"] or record["draws_at"] <= record["committed_at"]:
        raise BrokenError("committed, announced and drawn are not in this order")


def _signature(record: Record, keys: Mapping[str, str] | None) -> None:
    known, key_id = record["keys"] if keys is None else keys, record["key_id"]
    if key_id not in known or id_of(known[key_id]) != key_id:
        raise BrokenError(f"the key {key_id} is unknown")
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(known[key_id]))
    try:
        key.verify(bytes.fromhex(record["signature"]), drawing.announcement(record).encode())
    except InvalidSignature as forged:
        raise BrokenError("the signature is false") from forged


def _pools(record: Record) -> None:
    pools = record["pools"]
    if drawing.pools_hash(pools) != record["pools_hash"]:
        raise BrokenError("the pools have another hash")
    for name in ("subjects", "inspectors"):
        ids = [one["id"] for one in pools[name]]
        if ids != sorted(set(ids)):
            raise BrokenError(f"{name} are not in order, or somebody is in twice")
    if drawing.short_of(pools):
        raise BrokenError("there are too few inspectors")


def _words(record: Record) -> None:
    head = record["commitment"]
    for place, word in enumerate(record["words"], start=1):
        head = drawing.word_hash(head, place, word["organisation"], word["text"])
        if word["seq"] != place or word["hash"] != head:
            raise BrokenError(f"word {place} does not follow from the one before")
        if not record["committed_at"] <= word["at"] < record["draws_at"]:
            raise BrokenError(f"word {place} is out of time")
    if record["result"]["head"] != head:
        raise BrokenError("the draw used other words")


def _secret(record: Record) -> None:
    if commitment(record["result"]["secret"]) != record["commitment"]:
        raise BrokenError("the secret has another hash")


def _seed(record: Record) -> None:
    result = record["result"]
    if bool(record["public_number"]) != bool(result["public_value"]):
        raise BrokenError("a public number was announced and not used, or used and not announced")
    sown = drawing.seed(result["secret"], record["pools_hash"], result["head"], result["public_value"])
    if sown != result["seed"]:
        raise BrokenError(f"the seed would be {sown}")


def _drawn(record: Record) -> None:
    told = [(one["subject"], one["band"], tuple(one["inspectors"])) for one in record["result"]["drawn"]]
    again = [(one.subject, one.band, one.inspectors) for one in drawing.draw(record["pools"], record["result"]["seed"])]
    if told != again:
        raise BrokenError(f"drawing again gives {again}")


def _kept(record: Record, kept: Record) -> None:
    for name in ("plan", "round", "pools", "pools_hash", "commitment", "committed_at", "draws_at", "public_number"):
        if record[name] != kept[name]:
            raise BrokenError(f"{name} was another one before the draw")
    if record["words"][: len(kept["words"])] != kept["words"]:
        raise BrokenError("words were changed after they had been published")
    if kept["result"] is not None:
        raise BrokenError("what was kept is from after the draw")


def _load(path: Path) -> Any:
    return parsed(path.read_text(encoding="utf-8-sig"))


def main() -> int:
    """Print each check; the exit code is 1 when one fails."""
    parser = argparse.ArgumentParser(prog="supervision.verify_draw", description="Draw an inspection again.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--announcement", type=Path, help="the same file as it was before the draw")
    parser.add_argument("--key", action="append", default=[], metavar="ID=HEX", help="trust this key, not the file's")
    given = parser.parse_args()
    keys = dict(key.split("=", 1) for key in given.key) or None
    try:
        record, kept = _load(given.file), _load(given.announcement) if given.announcement else None
    except (OSError, ValueError) as unreadable:
        sys.stdout.write(f"FAILED  the file can be read  {unreadable}\n")
        return 1
    findings = verify(record, keys, kept)
    for finding in findings:
        sys.stdout.write(f"{'FAILED' if finding.fault else 'ok    '}  {finding.check}  {finding.fault}\n")
    return 1 if findings[-1].fault else 0


if __name__ == "__main__":
    sys.exit(main())
