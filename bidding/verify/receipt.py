"""A bidder's receipt: whole and signed in itself, and kept by the record."""

from collections.abc import Mapping
from typing import Any

from bidding.rules import forms, proxy
from bidding.rules.record import canonical, climb, digest, sides
from bidding.verify.finding import BrokenError, Finding, Step, check_signature, id_of, parsed, run


def verify_receipt(
    receipt: Mapping[str, Any], record: Mapping[str, Any] | None = None, trusted: Mapping[str, str] | None = None
) -> list[Finding]:
    """Is the receipt whole and signed, and is its bid in the record? Without a record `trusted` keys are needed."""
    keys = trusted if trusted is not None else (record or {}).get("keys", {})
    steps: list[Step] = [
        ("receipt", "the receipt has its written form", lambda: _receipt_form(receipt)),
        ("path", "its bid leads to the signed root", lambda: _receipt_path(receipt)),
        ("signature", "the root is signed", lambda: _receipt_signature(receipt, keys)),
    ]
    if record is not None:
        steps.append(("kept", "the record holds this very bid", lambda: _kept(receipt, record)))
    return run(steps)


def _receipt_form(receipt: Mapping[str, Any]) -> None:
    floor = "opening" in receipt
    if fault := forms.fault(forms.FLOOR_RECEIPT if floor else forms.RECEIPT, receipt):
        raise BrokenError(f"the receipt {fault}")
    fields = parsed(receipt["body"])
    if canonical(fields) != receipt["body"] or digest(receipt["body"]) != receipt["hash"]:
        raise BrokenError("the receipt's hash is not that of its record")
    for name in ("competition", "seq", "at", *(() if floor else ("amount", "ref"))):
        if fields[name] != receipt[name]:
            raise BrokenError(f"the receipt's {name} is not that of its record")
    if floor and fields["commitment"] != _sealed(receipt["opening"]):
        raise BrokenError("what the receipt opens is not what its record seals")


def _sealed(opening: Mapping[str, str]) -> str:
    return proxy.commitment(opening["by"], proxy.cover(opening["amount"], opening["salt"]))


def _receipt_path(receipt: Mapping[str, Any]) -> None:
    first, last, seq = receipt["first"], receipt["last"], receipt["seq"]
    if not first <= seq <= last or [step[0] for step in receipt["path"]] != sides(seq - first, last - first + 1):
        raise BrokenError(f"the path is not one of record {seq} among {first} to {last}")
    if climb(receipt["hash"], receipt["path"]) != receipt["root"]:
        raise BrokenError("the path leads to another root")


def _receipt_signature(receipt: Mapping[str, Any], keys: Mapping[str, str]) -> None:
    key_id = receipt["key_id"]
    if key_id in keys and id_of(keys[key_id]) != key_id:
        raise BrokenError(f"the key {key_id} is another than its id says")
    head = {**receipt, "first_seq": receipt["first"], "last_seq": receipt["last"]}
    check_signature(keys, receipt["competition"], head)


def _kept(receipt: Mapping[str, Any], record: Mapping[str, Any]) -> None:
    seq = receipt["seq"]
    if record["competition"] != receipt["competition"]:
        raise BrokenError("the record is of another competition")
    if seq > len(record["records"]) or digest(record["records"][seq - 1]) != receipt["hash"]:
        raise BrokenError(f"record {seq} is not the one the receipt is for: it was changed after the bid")
    if not any((head["first_seq"], head["last_seq"]) == (receipt["first"], receipt["last"])
               and head["root"] == receipt["root"] for head in record["heads"]):  # fmt: skip
        raise BrokenError("the record does not hold the head the receipt was signed with")
