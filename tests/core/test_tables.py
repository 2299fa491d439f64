"""Exports open in a spreadsheet with their Chinese intact, and nothing in them runs."""

import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from core.tables import respond

ROWS = [["廊坊市清源环境咨询有限公司", "=1+1", None], ["a\x00b", "-5", "@x"]]


def test_csv_has_a_mark_for_spreadsheets_and_no_formulas():
    answer = respond(ROWS, columns=["名称", "收费", "备注"], name="机构", kind="csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[:2] == ["名称,收费,备注", "廊坊市清源环境咨询有限公司,'=1+1,"]
    assert answer["Content-Disposition"] == "attachment; filename*=UTF-8''%E6%9C%BA%E6%9E%84.csv"


def test_a_workbook_keeps_text_as_text():
    answer = respond(ROWS, columns=["名称", "收费", "备注"], name="x", kind="xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert [cell.value for cell in sheet[2]] == ["廊坊市清源环境咨询有限公司", "=1+1", None]
    assert sheet["B2"].data_type == "s"
    assert sheet["A3"].value == "ab"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_empty_list_has_its_heads(kind):
    assert respond([], columns=["名称"], name="x", kind=kind).content


def test_amounts_stay_numbers_also_below_zero():
    rows = [["冲正", Decimal("-48500.00")]]
    assert "冲正,-48500.00" in respond(rows, columns=["事由", "金额"], name="x", kind="csv").content.decode("utf-8-sig")
    answer = respond(rows, columns=["事由", "金额"], name="x", kind="xlsx")
    cell = load_workbook(io.BytesIO(answer.content)).active["B2"]
    assert (cell.value, cell.data_type, cell.number_format) == (-48500, "n", "#,##0.00")
