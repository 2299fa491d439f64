"""The checks of a record in their order, and the first three of them: form, chain, signed heads."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bidding.rules import forms
from bidding.rules.record import GENESIS, Record, canonical, merkle, unseal
from bidding.verify.course import course, rules
from bidding.verify.decision import awards, bids, drawing, identities
from bidding.verify.finding import BrokenError, Finding, Step, check_signature, id_of, parsed, run
from bidding.verify.floors import floors


def verify(record: Mapping[str, Any], trusted: Mapping[str, str] | None = None) -> list[Finding]:
    """Run every check in order; the first that fails ends the run, since later ones would build on it.

    `record` is the parsed file; `trusted` maps key id to public key (hex) and replaces the keys the file brings.
    """
    records: list[Record] = []
    steps: list[Step] = [
        ("form", "every record has its written form", lambda: records.extend(_read(record))),
        ("chain", "records are numbered and chained", lambda: _chain(record["competition"], records)),
        ("heads", "signed heads cover every record", lambda: _heads(record, records, _keys(record, trusted))),
        ("rules", "the terms follow from the published rules", lambda: rules(record.get("rules"), records)),
        ("bids", "every bid follows the rules", lambda: bids(records)),
        ("floors", "automatic bids follow from the floors", lambda: floors(records)),
        ("course", "entry, bidding and close come in their order", lambda: course(records)),
        ("identities", "identities open the commitments", lambda: identities(records)),
        ("draw", "the draw can be drawn again", lambda: drawing(records)),
        ("awards", "awards follow from the record", lambda: awards(records)),
    ]
    return run(steps)


def _read(record: Mapping[str, Any]) -> Iterator[Record]:
    if fault := forms.fault(forms.FILE, record):
        raise BrokenError(f"the file {fault}")
    for number, body in enumerate(record["records"], 1):
        try:
            fields, read = parsed(body), unseal(body)
        except ValueError as broken:
            raise BrokenError(f"record {number}: {broken}") from broken
        if canonical(fields) != body:
            raise BrokenError(f"record {number} is not in canonical form")
        if fault := forms.fault({**forms.FRAME, **forms.KINDS[read.event.kind]}, fields):
            raise BrokenError(f"record {number} {fault}")
        yield read


def _chain(competition: int, records: Sequence[Record]) -> None:
    if not records or records[0].event.kind != "opened":
        raise BrokenError("the record does not begin with the opening")
    previous = GENESIS
    for number, record in enumerate(records, 1):
        fields = parsed(record.body)
        if (record.seq, fields["competition"]) != (number, competition):
            raise BrokenError(f"record {number} is numbered {record.seq} of competition {fields['competition']}")
        if number > 1 and record.event.kind == "opened":
            raise BrokenError(f"record {number} opens the competition again")
        if fields["prev"] != previous:
            raise BrokenError(f"record {number} does not follow the one before it")
        previous = record.hash


def _keys(record: Mapping[str, Any], trusted: Mapping[str, str] | None) -> Mapping[str, str]:
    """The keys to believe; each is what its id says."""
    keys = record["keys"] if trusted is None else trusted
    for key_id, key in [*record["keys"].items(), *keys.items()]:
        if id_of(key) != key_id:
            raise BrokenError(f"the key {key_id} is another than its id says")
    return keys


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
        check_signature(keys, record["competition"], head)
        reached = last
    if reached != len(records):
        raise BrokenError(f"records after {reached} are not signed")
