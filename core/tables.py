"""Lists people take along: the same rows as CSV or XLSX. Decimals stay numbers, all else is text, never a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, cast
from urllib.parse import quote

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = ("csv", "xlsx")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def respond(rows: Iterable[Sequence[Any]], *, columns: Sequence[Any], name: str, kind: str) -> HttpResponse:
    """A download of the rows under their column heads. `kind`: "csv" or "xlsx"; `name`: the file's, without ending."""
    make, media_type = (_xlsx, XLSX) if kind == "xlsx" else (_csv, CSV)
    answer = HttpResponse(make(rows, [str(column) for column in columns]), content_type=media_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.{kind}"
    return answer


def _csv(rows: Iterable[Sequence[Any]], columns: Sequence[str]) -> bytes:
    """With a byte order mark, so that spreadsheets read the Chinese; a leading formula sign is made plain text."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(columns)
    writer.writerows([_plain(value) for value in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def _plain(value: Any) -> str:
    text = "" if value is None else str(value)
    harmless = isinstance(value, Decimal) or not text.startswith(FORMULA_STARTS)
    return text if harmless else f"'{text}"


def _xlsx(rows: Iterable[Sequence[Any]], columns: Sequence[str]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for place, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = max(12, min(48, len(column) * 2 + 4))
    sheet.append([_cell(sheet, column, bold=True) for column in columns])
    for row in rows:
        sheet.append([_number(sheet, value) if isinstance(value, Decimal) else _cell(sheet, value) for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _number(sheet: Any, value: Decimal) -> Cell:
    """A number one can add up."""
    cell = WriteOnlyCell(sheet, value=cast("float", value))  # written digit by digit, the stubs know only floats
    cell.number_format = "#,##0.00"
    return cell


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> Cell:
    cell = WriteOnlyCell(sheet, value=_writable("" if value is None else str(value)))
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _writable(text: str) -> str:
    """Without the control characters that a workbook cannot hold."""
    return "".join(char for char in text if char >= " " or char in "\t\n")
