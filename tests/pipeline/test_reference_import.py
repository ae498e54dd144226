"""A reference table as an office hands it in: what is taken, what is told, and what it changes."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from models.text import HAS_CJK
from pipeline.labels import Language
from pipeline.reference import TABLES, read_reference
from pipeline.reference_changes import Cell, table_change
from pipeline.reference_import import Imported, column_label, read_table, table_label
from pipeline.tables.spreadsheet import csv_pieces

HEAD = "company,reason,until\n"
FORMULAS = [f"{sign}{rest}" for sign in "=+-@" for rest in ("1+1", "cmd|'/c calc'!A1", "HYPERLINK(\"http://x\")", "SUM(A1:A9)", "2", "A1", "IMPORTXML(1)", "DDE(1)")]


def workbook(*rows: list[object], sheet: str = "Sheet1", more: str = "") -> bytes:
    book = openpyxl.Workbook()
    first = book.active
    first.title = more or sheet
    if more:
        first.append(["别的"])
    for row in rows:
        (book[sheet] if sheet in book.sheetnames else book.create_sheet(sheet)).append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def told(imported: Imported) -> list[tuple[int, str, str]]:
    return [tuple(problem) for problem in imported.problems]


@pytest.mark.parametrize("data", [
    f"{HEAD}宁波甲有限公司,严重失信,2021-12-31\n".encode(),
    f"{HEAD}宁波甲有限公司,严重失信,2021-12-31\n".encode("utf-8-sig"),
    "企业,原因,截止日期,备注\r\n 宁波甲有限公司 ,严重失信,2021-12-31,x\r\n\r\n".encode("gb18030"),
    workbook(["company", "reason", "until"], ["宁波甲有限公司", "严重失信", date(2021, 12, 31)], [None, None, None]),
    workbook(["截止日期", "企业", "原因"], ["2021-12-31", "宁波甲有限公司", "严重失信"], sheet="失信名单", more="说明"),
])
def test_a_table_is_taken_in_whatever_form_an_office_keeps_it(data: bytes) -> None:
    found = read_table("restricted", data)
    assert (found.rows, found.problems) == (1, ())
    assert found.data.decode() == f"{HEAD}宁波甲有限公司,严重失信,2021-12-31\n"
    assert read_reference({"restricted": found.data}).restricted[0].until == date(2021, 12, 31)


def test_columns_that_nobody_asked_for_are_named() -> None:
    assert read_table("restricted", "企业,备注\n甲公司,x\n".encode()).ignored == ("备注",)


@pytest.mark.parametrize(("table", "data", "problem"), [
    ("restricted", f"{HEAD}甲公司,x,去年\n".encode(), (2, "until", "截止日期“去年”不是日期，如2021-01-31。")),
    ("restricted", f"{HEAD}甲公司,x,2021-01-31\n,y,\n".encode(), (3, "company", "企业未填写，应为名称。")),
    ("restricted", f"{HEAD}甲公司,x\n".encode(), (2, "company", "有2个值，表头有3列；含逗号的内容请加双引号。")),
    ("restricted", b"reason,until\nx,y\n", (0, "", "第1行应为表头，缺少：企业（company）。")),
    ("restricted", "企业,company\n甲公司,乙公司\n".encode(), (0, "", "表头中出现两次：企业（company）。")),
    ("restricted", HEAD.encode(), (0, "", "表中只有表头，没有数据。")),
    ("restricted", b"", (0, "", "文件是空的。")),
    ("restricted", b"\x00\xff\x00\xfe", (0, "", "文件既不是CSV（UTF-8或GB18030编码），也不是XLSX。")),
    ("restricted", b"PK\x03\x04broken", (0, "", "XLSX文件已损坏。")),
    ("holdings", "holder,company,percent\n甲,乙,101\n".encode(), (2, "percent", "持股比例“101”不是0至100的百分比，如24.9。")),
    ("catalogue", "entry_id,scheme,track,name\nA-1,s,equipment,机床\nA-1,s,equipment,车床\n".encode(), (3, "entry_id", "条目编号“A-1”与第2行重复。")),
    ("restricted", workbook(["company"], ["=A9"]), (2, "company", "单元格是公式，请粘贴为数值后再导入。")),
    ("companies", workbook(["name", "phone"], ["甲公司", 91330200123456789]), (2, "phone", "“91330200123456789”按数值保存，超过15位的数字已不准确，请设为文本格式后重新填写。")),
])
def test_what_is_wrong_is_told_by_row_in_chinese_and_nothing_is_taken(table: str, data: bytes, problem: tuple[int, str, str]) -> None:
    found = read_table(table, data)
    row, column, what = problem
    # a number too long for a spreadsheet is told with the figures that were left of it, which differ from writer to writer
    assert [(r, c, re.sub(r"[0-9]{17}", "91330200123456789", w)) for r, c, w in told(found)] == [(row, column, what)]
    assert found.data == b""
    english = read_table(table, data, Language.EN).problems
    assert [(r, c, bool(w), HAS_CJK.search(re.sub("“.*”", "", w))) for r, c, w in english] == [(row, column, True, None)]  # the cell itself stays as it is


def test_numbers_of_a_spreadsheet_are_written_as_people_write_them() -> None:
    found = read_table("holdings", workbook(["holder", "company", "percent"], ["甲", "乙", 24.9], ["甲", "丙", 51.0], ["甲", "丁", 0.1 + 0.2]))
    assert [line.rsplit(",", 1)[1] for line in found.data.decode().splitlines()] == ["percent", "24.9", "51", "0.3"]


def test_a_spreadsheet_that_unpacks_to_more_than_a_machine_can_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.reference_import.MOST_UNPACKED", 10_000)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * 20_000)
    assert told(read_table("restricted", data.getvalue())) == [(0, "", "XLSX文件展开后过大，请另存为CSV再导入。")]


def test_a_table_that_is_wrong_everywhere_is_not_told_without_end() -> None:
    assert len(read_table("restricted", (HEAD + ",,x\n" * 500).encode()).problems) == 200


@pytest.mark.parametrize("text", FORMULAS)
def test_what_is_exported_is_no_formula_and_comes_back_as_it_was(text: str, tmp_path: Path) -> None:
    exported = "".join(csv_pieces([*TABLES["restricted"].columns], [("甲公司", text, "")])).encode()
    assert b"," + text[:1].encode() not in exported
    assert b'"' + text[:1].encode() not in exported
    again = read_table("restricted", exported)
    assert read_reference({"restricted": again.data}).restricted[0].reason == read_reference({"restricted": table_of(text)}).restricted[0].reason


def table_of(reason: str) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[*TABLES["restricted"].columns], ("甲公司", reason, "")])
    return text.getvalue().encode()


def test_every_table_and_column_has_its_words_in_both_languages() -> None:
    for name, table in TABLES.items():
        assert table_label(name, Language.ZH) != table_label(name, Language.EN)
        for column in table.columns:
            assert column_label(column, Language.ZH) != column_label(column, Language.EN)
            assert len({column_label(other) for other in table.columns}) == len(table.columns)


# ---------------------------------------------------------------- what changes


def holdings(*rows: str) -> bytes:
    return ("holder,company,percent\n" + "".join(f"{row}\n" for row in rows)).encode()


def test_a_change_is_told_row_by_row_and_cell_by_cell() -> None:
    change = table_change("holdings", holdings("甲,乙,30", "甲,丙,40", "丁,戊,1"), holdings("丁,戊,1", "甲,乙,35", "己,庚,2"))
    assert (change.before, change.after) == (3, 3)
    assert change.added == (("己", "庚", "2"),)
    assert change.removed == (("甲", "丙", "40"),)
    assert [(row.about, row.cells) for row in change.changed] == [(("甲", "乙"), (Cell("percent", "30", "35"),))]
    assert change.counts() == {"added": 1, "removed": 1, "changed": 1}


def test_rows_in_another_order_or_with_blanks_are_the_same_rows() -> None:
    assert not table_change("holdings", holdings("甲,乙,30", "甲,丙,40"), b"percent,holder,company\n40, \xe7\x94\xb2,\xe4\xb8\x99\n30,\xe7\x94\xb2,\xe4\xb9\x99\n")


def test_a_row_that_is_there_twice_is_two_rows() -> None:
    assert table_change("holdings", holdings("甲,乙,30"), holdings("甲,乙,30", "甲,乙,30")).added == (("甲", "乙", "30"),)
