"""Reading a list out of a file: CSV, XLSX or JSON into rows of text. What the rows mean is `rules.list_rows`."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from core import files
from supervision.errors import lists as errors
from supervision.rules import list_rows

ENCODINGS = ("utf-8-sig", "gb18030")  # what spreadsheets here write
OFFICE = files.OFFICE["xlsx"]
Rows = list[dict[str, str]]


def read(content: bytes, *, most: int) -> Rows:
    """Rows by this house's names of columns. Raises import.unreadable, .columns, .empty or .large."""
    head, body = _table(content)
    columns, missing = list_rows.heads(head)
    if missing:
        raise errors.FILE_COLUMNS(columns="、".join(missing))
    rows = [{name: row.get(head, "") for name, head in columns.items()} for row in body]
    rows = [row for row in rows if any(value.strip() for value in row.values())]
    if not rows:
        raise errors.FILE_EMPTY()
    if len(rows) > most:
        raise errors.FILE_LARGE(most=most)
    return rows


def _table(content: bytes) -> tuple[list[str], Rows]:
    if files.sniff(content) == OFFICE:
        return _xlsx(content)
    text = _decoded(content)
    if text.lstrip()[:1] in ("[", "{"):
        return _json(text)
    return _csv(text)


def media_type(content: bytes) -> str:
    """For keeping the file."""
    return OFFICE if files.sniff(content) == OFFICE else "text/plain"


def _decoded(content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise errors.FILE_UNREADABLE()


def _csv(text: str) -> tuple[list[str], Rows]:
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as broken:
        raise errors.FILE_UNREADABLE() from broken
    return _headed(rows)


def _xlsx(content: bytes) -> tuple[list[str], Rows]:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = [[_text(cell) for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)]
    except (BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, SyntaxError, OSError) as broken:
        raise errors.FILE_UNREADABLE() from broken
    return _headed(rows)


def _headed(rows: Sequence[Sequence[str]]) -> tuple[list[str], Rows]:
    if not rows:
        raise errors.FILE_EMPTY()
    head = list(rows[0])
    return head, [dict(zip(head, row, strict=False)) for row in rows[1:]]


def _json(text: str) -> tuple[list[str], Rows]:
    """A list of objects, or an object with such a list under "rows" or "data"."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as broken:
        raise errors.FILE_UNREADABLE() from broken
    if isinstance(found, Mapping):
        found = found.get("rows", found.get("data"))
    if not isinstance(found, list) or not all(isinstance(row, Mapping) for row in found):
        raise errors.FILE_UNREADABLE()
    rows = [{str(key): _text(value) for key, value in row.items()} for row in found]
    return list(_keys(rows)), rows


def _keys(rows: Iterable[Mapping[str, Any]]) -> dict[str, None]:
    return {key: None for row in rows for key in row}


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
