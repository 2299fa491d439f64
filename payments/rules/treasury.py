"""The files that go to the treasury and come back: a batch as CSV and XML, and results in either. docs/treasury.md
describes every field.

Text in and out, amounts as exact decimals. `read` raises ValueError that says in words what is wrong.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from xml.etree import ElementTree as ET

PAID, REJECTED = "PAID", "REJECTED"
VERSION = "1"
LARGEST = 5 * 2**20
_AMOUNT = re.compile(r"[0-9]{1,10}\.[0-9]{2}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{8,32}", re.ASCII)
_STARTS = ("=", "+", "-", "@")


@dataclass(frozen=True)
class Instruction:
    """One payment as the treasury reads it. All text; `amount` has two places."""

    position: int
    order_number: str
    budget_year: str
    budget_code: str
    budget_name: str
    payee_name: str
    bank: str
    account_number: str
    amount: str
    purpose: str


@dataclass(frozen=True)
class Batch:
    number: str
    payer_name: str
    payer_code: str
    made_at: str
    count: int
    total: str
    instructions: Sequence[Instruction]


@dataclass(frozen=True)
class Result:
    """What became of one payment. `result`: PAID or REJECTED; `reason` is given with REJECTED."""

    batch_number: str
    position: int
    order_number: str
    amount: Decimal
    result: str
    reason: str = ""
    treasury_reference: str = ""


HEAD = ("batch_number", "payer_name", "payer_code", *(field.name for field in fields(Instruction)), "currency")
RETURNED = ("batch_number", "position", "order_number", "amount", "result", "reason", "treasury_reference")


def as_csv(batch: Batch) -> str:
    """One row per payment; the batch and the payer on each."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(HEAD)
    for one in batch.instructions:
        writer.writerow([batch.number, batch.payer_name, batch.payer_code, *asdict(one).values(), "CNY"])
    return buffer.getvalue()


def as_xml(batch: Batch) -> str:
    """The same as a tree: <batch> with its totals, one <payment> per order."""
    root = ET.Element("batch", version=VERSION, number=batch.number, currency="CNY")
    for name in ("payer_name", "payer_code", "made_at", "count", "total"):
        ET.SubElement(root, name).text = str(getattr(batch, name))
    for one in batch.instructions:
        payment = ET.SubElement(root, "payment", position=str(one.position))
        for name, value in asdict(one).items():
            if name != "position":
                ET.SubElement(payment, name).text = value
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def results_csv(results: Iterable[Result]) -> str:
    """A return file as the treasury writes it, for the demo, tests and documentation."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(RETURNED)
    for one in results:
        writer.writerow([f"{getattr(one, name):.2f}" if name == "amount" else getattr(one, name) for name in RETURNED])
    return buffer.getvalue()


def results_xml(number: str, results: Iterable[Result]) -> str:
    root = ET.Element("return", version=VERSION, batch_number=number)
    for one in results:
        payment = ET.SubElement(root, "payment", position=str(one.position))
        for name in RETURNED[2:]:
            value = getattr(one, name)
            ET.SubElement(payment, name).text = f"{value:.2f}" if name == "amount" else value
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def read(content: bytes) -> list[Result]:
    """The results in a return file, CSV or XML. Raises ValueError(code, detail): a key of the room's words."""
    if len(content) > LARGEST:
        raise ValueError("large", "")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise ValueError("encoding", "") from wrong
    rows = _from_xml(text) if text.lstrip().startswith("<") else _from_csv(text)
    if not rows:
        raise ValueError("empty", "")
    results = [_result(row, place) for place, row in enumerate(rows, start=1)]
    if len({(one.batch_number, one.position) for one in results}) != len(results):
        raise ValueError("twice", "")
    if len({one.batch_number for one in results}) != 1:
        raise ValueError("batches", "")
    return results


def _from_csv(text: str) -> list[dict[str, str]]:
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        missing = [name for name in RETURNED[:5] if name not in (reader.fieldnames or ())]
        if missing:
            raise ValueError("columns", "、".join(missing))
        return [{name: value or "" for name, value in row.items() if isinstance(name, str)} for row in reader]
    except csv.Error as wrong:
        raise ValueError("csv", str(wrong)) from wrong


def _from_xml(text: str) -> list[dict[str, str]]:
    if "<!DOCTYPE" in text.upper() or "<!ENTITY" in text.upper():
        raise ValueError("doctype", "")
    try:
        root = ET.fromstring(text.strip())  # noqa: S314 - no document type, so no entities
    except ET.ParseError as wrong:
        raise ValueError("xml", str(wrong)) from wrong
    number = root.get("batch_number", "")
    return [
        {"batch_number": number, "position": payment.get("position", "")}
        | {child.tag: (child.text or "").strip() for child in payment}
        for payment in root.iter("payment")
    ]


def _result(row: dict[str, str], place: int) -> Result:
    """One row, read strictly: an amount is digits, a dot and two places."""
    given = {name: row.get(name, "").strip() for name in RETURNED}
    if not (given["position"].isascii() and given["position"].isdigit() and len(given["position"]) < 7):
        raise ValueError("position", str(place))
    if not _AMOUNT.fullmatch(given["amount"]):
        raise ValueError("amount", str(place))
    if given["result"] not in (PAID, REJECTED):
        raise ValueError("result", str(place))
    if given["result"] == REJECTED and not given["reason"]:
        raise ValueError("reason", str(place))
    return Result(
        batch_number=given["batch_number"][:30],
        position=int(given["position"]),
        order_number=given["order_number"][:30],
        amount=Decimal(given["amount"]),
        result=given["result"],
        reason=given["reason"][:300],
        treasury_reference=given["treasury_reference"][:60],
    )


def tidy_number(typed: str) -> str:
    """An account number without the spaces and dashes people write."""
    return re.sub(r"[\s-]", "", typed)


def valid_number(number: str) -> bool:
    return _NUMBER.fullmatch(number) is not None


def plain(text: str) -> bool:
    """May a name stand in the files? Something to read, no control characters, nothing a spreadsheet would compute."""
    return bool(text) and text.isprintable() and not text.startswith(_STARTS)
