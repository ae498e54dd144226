"""A reference table as somebody hands it in, CSV or a spreadsheet, as the contract's CSV.

In:    the table's name, the file's bytes. The first row names the columns, by the contract's names or by what people call them (reference_words.toml).
Out:   `Imported`: the table as CSV, or what is wrong with it, row by row, in Chinese.
Fails: never; what can't be read at all is a problem of row 0.
Of a spreadsheet the sheet is taken that bears the table's name, else the first. Cells have to be values: a formula is told, not worked out, and so is a number
so long that a spreadsheet can't have kept its last digits. Nothing is guessed.
"""

from __future__ import annotations

import csv
import io
import tomllib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from models.text import clean
from pipeline.labels import Language
from pipeline.reference import TABLES, Column
from pipeline.reference_changes import KEYS

MOST_BYTES = 64 * 2**20  # of a file
MOST_UNPACKED = 512 * 2**20  # of what a spreadsheet holds, which is a ZIP
MOST_PROBLEMS = 200
MOST_ROWS = 2_000_000
MOST_COLUMNS = 200
_SPREADSHEET = b"PK\x03\x04"
_EXACT = 15  # digits of a number that a spreadsheet keeps


class Problem(NamedTuple):
    """Something wrong. row: as the file numbers them, from 1; 0 for the whole file. column: the contract's name or ""; text: Chinese."""

    row: int
    column: str
    text: str


class Imported(NamedTuple):
    """A table as it was handed in. data: the contract's CSV, b"" where there are problems; rows: without the header; ignored: columns that nobody asked for."""

    data: bytes
    rows: int
    problems: tuple[Problem, ...] = ()
    ignored: tuple[str, ...] = ()


class _Unreadable(Exception):
    """The file can't be read; the message is Chinese."""


Line = tuple[int, Sequence[str], dict[int, str]]  # number, cells, what is wrong with cells by place


@cache
def _words() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return tomllib.loads(files("pipeline").joinpath("reference_words.toml").read_text("utf-8"))


def table_label(table: str, language: Language = Language.ZH) -> str:
    """What people call a table."""
    return _words()["table"][table][language.value]


def column_label(column: str, language: Language = Language.ZH) -> str:
    """What people call a column."""
    return _words()["column"][column][language.value]


def read_table(table: str, data: bytes) -> Imported:
    """The table that a file holds."""
    try:
        lines = _sheet_lines(table, data) if data.startswith(_SPREADSHEET) else _csv_lines(data)
        return _read(table, lines)
    except _Unreadable as wrong:
        return Imported(b"", 0, (Problem(0, "", str(wrong)),))


def _read(table: str, lines: Iterator[Line]) -> Imported:
    columns = TABLES[table].columns
    places, ignored = _places(table, next(lines, None))
    problems: list[Problem] = []
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    known: dict[tuple[str, ...], int] = {}
    rows = 0
    for number, cells, wrong in lines:
        rows += 1
        if rows > MOST_ROWS:
            raise _Unreadable(f"超过{MOST_ROWS}行，请分批导入。")
        row = {name: _unescaped(cells[at].strip()) if at is not None and at < len(cells) else "" for name, at in places.items()}
        found = [Problem(number, name, wrong[at]) for name, at in places.items() if at in wrong] or [*_problems(number, row, columns)]
        if table == "catalogue" and not found:  # entries are known by their number alone
            about = tuple(row[name] for name in KEYS[table])
            first = known.setdefault(about, number)
            if first != number:
                found = [Problem(number, "entry_id", f"条目编号“{row['entry_id']}”与第{first}行重复。")]
        problems += found[: MOST_PROBLEMS - len(problems)]
        if not problems:
            writer.writerow(row.values())
    if not rows and not problems:
        problems.append(Problem(0, "", "表中只有表头，没有数据。"))
    return Imported(b"" if problems else text.getvalue().encode("utf-8"), rows, tuple(problems), ignored)


def _places(table: str, header: Line | None) -> tuple[dict[str, int | None], tuple[str, ...]]:
    """Where each column stands, and the headings that are none of ours. A column that needn't be filled in may be left out."""
    if header is None:
        raise _Unreadable("文件是空的。")
    columns = TABLES[table].columns
    names = {**{column_label(name): name for name in columns}, **{name: name for name in columns}}
    heads = [names.get(clean(_unescaped(cell)), "") for cell in header[1]]
    missing = [name for name, column in columns.items() if column.required and name not in heads]
    if missing:
        raise _Unreadable(f"第{header[0]}行应为表头，缺少：{'、'.join(f'{column_label(name)}（{name}）' for name in missing)}。")
    twice = sorted({name for name in heads if name and heads.count(name) > 1})
    if twice:
        raise _Unreadable(f"表头中{'、'.join(column_label(name) for name in twice)}出现两次。")
    ignored = tuple(cell.strip() for cell, name in zip(header[1], heads, strict=True) if not name and cell.strip())
    return {name: heads.index(name) if name in heads else None for name in columns}, ignored


def _problems(number: int, row: Mapping[str, str], columns: Mapping[str, Column]) -> Iterator[Problem]:
    for name, column in columns.items():
        cell = row[name]
        if not cell:
            if column.required:
                yield Problem(number, name, f"{column_label(name)}未填写，应为{_wanted(column)}。")
            continue
        try:
            column.read(cell)
        except ValueError:
            yield Problem(number, name, f"{column_label(name)}“{cell[:60]}”不是{_wanted(column)}。")


def _wanted(column: Column) -> str:
    return _words()["wanted"][column.form]["zh"]


def _unescaped(text: str) -> str:
    """A cell as it was before an export of ours kept spreadsheets from taking it for a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text


# ---------------------------------------------------------------- CSV


def _csv_lines(data: bytes) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(_decoded(data), newline=""), strict=True)
    width = 0
    try:
        for cells in reader:
            if not "".join(cells).strip():
                continue
            width = width or len(cells)
            if len(cells) > MOST_COLUMNS:
                raise _Unreadable(f"第{reader.line_num}行有{len(cells)}列，不像是这张表。")
            wrong = {} if len(cells) == width else dict.fromkeys(range(width), f"有{len(cells)}个值，表头有{width}列；含逗号的内容请加双引号。")
            yield reader.line_num, cells, dict(list(wrong.items())[:1])
    except csv.Error as error:
        raise _Unreadable(f"第{reader.line_num}行不是CSV，请检查双引号（{error}）。") from None


def _decoded(data: bytes) -> str:
    """UTF-8, or what Excel on a Chinese Windows saves as CSV."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _Unreadable("文件既不是CSV（UTF-8或GB18030编码），也不是XLSX。")


# ---------------------------------------------------------------- spreadsheets


def _sheet_lines(table: str, data: bytes) -> Iterator[Line]:
    try:
        unpacked = sum(entry.file_size for entry in zipfile.ZipFile(io.BytesIO(data)).infolist())
    except zipfile.BadZipFile:
        raise _Unreadable("XLSX文件已损坏。") from None
    if unpacked > MOST_UNPACKED:
        raise _Unreadable("XLSX文件展开后过大，请另存为CSV再导入。")
    import openpyxl  # type: ignore[import-untyped]  # takes a while, and most processes never need it

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    except Exception:  # the library raises whatever a damaged file makes it stumble over
        raise _Unreadable("XLSX文件不能打开，请用Excel另存为XLSX后再导入。") from None
    try:
        names = {clean(name): name for name in book.sheetnames}
        sheet = book[next((names[name] for name in (table, TABLES[table].file, table_label(table)) if name in names), book.sheetnames[0])]
        yield from _rows(sheet)
    except _Unreadable:
        raise
    except Exception:
        raise _Unreadable("XLSX文件不能读取，请用Excel另存为XLSX后再导入。") from None
    finally:
        book.close()


def _rows(sheet: Any) -> Iterator[Line]:
    width = None
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1):
        read = [_cell(cell) for cell in cells]
        texts = [text for text, _ in read]
        if not any(text.strip() for text in texts):
            continue
        width = width or len(_trimmed(texts))
        wrong = {at: why for at, (_, why) in enumerate(read) if why and at < width}
        yield number, texts[:width], wrong


def _trimmed(texts: Sequence[str]) -> Sequence[str]:
    last = max((at for at, text in enumerate(texts) if text.strip()), default=-1)
    return texts[: last + 1]


def _cell(cell: Any) -> tuple[str, str]:
    """A cell's text, and what is wrong with it."""
    value = cell.value
    match value:
        case None:
            return "", ""
        case bool():
            return str(value), "单元格是逻辑值，请改为文字。"
        case datetime() | date():
            return (value.date() if isinstance(value, datetime) else value).isoformat(), ""
        case int():
            return str(value), _inexact(str(abs(value)))
        case float():
            text = str(int(value)) if value.is_integer() and abs(value) < 10**25 else format(value, f".{_EXACT}g")
            return text, _inexact(text)
    if cell.data_type == "f":
        return str(value), "单元格是公式，请粘贴为数值后再导入。"
    if cell.data_type == "e":
        return str(value), f"单元格的值有错误（{value}）。"
    return str(value), ""


def _inexact(text: str) -> str:
    return f"“{text}”按数值保存，超过{_EXACT}位的数字已不准确，请设为文本格式后重新填写。" if (len(text) > _EXACT and "." not in text) or "e" in text else ""
