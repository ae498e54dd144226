"""A reference table as somebody hands it in, CSV or a spreadsheet, as the contract's CSV.

In:    the table's name, the file's bytes, the language. The first row names the columns, by the contract's names or by what people call them in Chinese (reference_words.toml).
Out:   `Imported`: the table as CSV, or what is wrong with it, row by row, in words.
Fails: never; what can't be read at all is a problem of row 0.
Of a spreadsheet the sheet is taken that bears the table's name, else the first. Cells have to be values: a formula is told, not worked out, and so is a number
so long that a spreadsheet can't have kept its last digits. Nothing is guessed.
"""

from __future__ import annotations

import csv
import io
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
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
    """Something wrong. row: as the file numbers them, from 1; 0 for the whole file. column: the contract's name or ""; text: in words."""

    row: int
    column: str
    text: str


class Imported(NamedTuple):
    """A table as it was handed in. data: the contract's CSV, b"" where there are problems; rows: without the header; ignored: columns that nobody asked for."""

    data: bytes
    rows: int
    problems: tuple[Problem, ...] = ()
    ignored: tuple[str, ...] = ()


class _Wrong(NamedTuple):
    """What is wrong with a cell or a file. name: of its words (reference_words.toml); values: what fills them in."""

    name: str
    values: Mapping[str, Any] = {}

    def text(self, language: Language) -> str:
        """In words; columns and what they want in their own."""
        values = {name: _SHOWN[name](value, language) if name in _SHOWN else value for name, value in self.values.items()}
        return _words()["problem"][self.name][language.value].format(**values)


class _Unreadable(Exception):
    """The file can't be read."""

    def __init__(self, name: str, **values: Any) -> None:
        super().__init__(name)
        self.wrong = _Wrong(name, values)


Found = tuple[int, str, _Wrong]  # row, column, what is wrong
Line = tuple[int, Sequence[str], dict[int, _Wrong]]  # number, cells, what is wrong with cells by place


@cache
def _words() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return tomllib.loads(files("pipeline").joinpath("reference_words.toml").read_text("utf-8"))


def table_label(table: str, language: Language = Language.ZH) -> str:
    """What people call a table."""
    return _words()["table"][table][language.value]


def column_label(column: str, language: Language = Language.ZH) -> str:
    """What people call a column."""
    return _words()["column"][column][language.value]


def _columns(names: Sequence[str], language: Language) -> str:
    """Columns by what people call them and by their own names."""
    return ("、" if language is Language.ZH else ", ").join(f"{column_label(name, language)}（{name}）" if language is Language.ZH else f"{column_label(name, language)} ({name})" for name in names)


_SHOWN: Mapping[str, Callable[[Any, Language], str]] = {
    "column": column_label, "columns": _columns, "wanted": lambda form, language: _words()["wanted"][form][language.value]}


def read_table(table: str, data: bytes, language: Language = Language.ZH) -> Imported:
    """The table that a file holds. language: of who is told what is wrong with it."""
    try:
        lines = _sheet_lines(table, data) if data.startswith(_SPREADSHEET) else _csv_lines(data)
        return _read(table, lines, language)
    except _Unreadable as error:
        return Imported(b"", 0, (Problem(0, "", error.wrong.text(language)),))


def _read(table: str, lines: Iterator[Line], language: Language) -> Imported:
    columns = TABLES[table].columns
    places, ignored = _places(table, next(lines, None))
    problems: list[Found] = []
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    known: dict[tuple[str, ...], int] = {}
    rows = 0
    for number, cells, wrong in lines:
        rows += 1
        if rows > MOST_ROWS:
            raise _Unreadable("rows", n=MOST_ROWS)
        row = {name: _unescaped(cells[at].strip()) if at is not None and at < len(cells) else "" for name, at in places.items()}
        found = [(number, name, wrong[at]) for name, at in places.items() if at in wrong] or [*_problems(number, row, columns)]
        if table == "catalogue" and not found:  # entries are known by their number alone
            about = tuple(row[name] for name in KEYS[table])
            first = known.setdefault(about, number)
            if first != number:
                found = [(number, "entry_id", _Wrong("twice", {"cell": row["entry_id"], "first": first}))]
        problems += found[: MOST_PROBLEMS - len(problems)]
        if not problems:
            writer.writerow(row.values())
    if not rows and not problems:
        problems.append((0, "", _Wrong("no_rows")))
    return Imported(b"" if problems else text.getvalue().encode("utf-8"), rows, tuple(Problem(number, name, wrong.text(language)) for number, name, wrong in problems), ignored)


def _places(table: str, header: Line | None) -> tuple[dict[str, int | None], tuple[str, ...]]:
    """Where each column stands, and the headings that are none of ours. A column that needn't be filled in may be left out."""
    if header is None:
        raise _Unreadable("empty")
    columns = TABLES[table].columns
    names = {**{column_label(name): name for name in columns}, **{name: name for name in columns}}
    heads = [names.get(clean(_unescaped(cell)), "") for cell in header[1]]
    missing = [name for name, column in columns.items() if column.required and name not in heads]
    if missing:
        raise _Unreadable("columns_missing", row=header[0], columns=missing)
    twice = sorted({name for name in heads if name and heads.count(name) > 1})
    if twice:
        raise _Unreadable("columns_twice", columns=twice)
    ignored = tuple(cell.strip() for cell, name in zip(header[1], heads, strict=True) if not name and cell.strip())
    return {name: heads.index(name) if name in heads else None for name in columns}, ignored


def _problems(number: int, row: Mapping[str, str], columns: Mapping[str, Column]) -> Iterator[Found]:
    for name, column in columns.items():
        cell = row[name]
        if not cell:
            if column.required:
                yield number, name, _Wrong("unfilled", {"column": name, "wanted": column.form})
            continue
        try:
            column.read(cell)
        except ValueError:
            yield number, name, _Wrong("unfit", {"column": name, "cell": cell[:60], "wanted": column.form})


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
                raise _Unreadable("too_wide", row=reader.line_num, n=len(cells))
            wrong = {} if len(cells) == width else dict.fromkeys(range(width), _Wrong("width", {"n": len(cells), "width": width}))
            yield reader.line_num, cells, dict(list(wrong.items())[:1])
    except csv.Error as error:
        raise _Unreadable("no_csv", row=reader.line_num, error=error) from None


def _decoded(data: bytes) -> str:
    """UTF-8, or what Excel on a Chinese Windows saves as CSV."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _Unreadable("neither")


# ---------------------------------------------------------------- spreadsheets


def _sheet_lines(table: str, data: bytes) -> Iterator[Line]:
    try:
        unpacked = sum(entry.file_size for entry in zipfile.ZipFile(io.BytesIO(data)).infolist())
    except zipfile.BadZipFile:
        raise _Unreadable("damaged") from None
    if unpacked > MOST_UNPACKED:
        raise _Unreadable("too_large")
    import openpyxl  # type: ignore[import-untyped]  # takes a while, and most processes never need it

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    except Exception:  # the library raises whatever a damaged file makes it stumble over
        raise _Unreadable("unopened") from None
    try:
        names = {clean(name): name for name in book.sheetnames}
        sheet = book[next((names[name] for name in (table, TABLES[table].file, table_label(table)) if name in names), book.sheetnames[0])]
        yield from _rows(sheet)
    except _Unreadable:
        raise
    except Exception:
        raise _Unreadable("unread") from None
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


def _cell(cell: Any) -> tuple[str, _Wrong | None]:
    """A cell's text, and what is wrong with it."""
    value = cell.value
    match value:
        case None:
            return "", None
        case bool():
            return str(value), _Wrong("logical")
        case datetime() | date():
            return (value.date() if isinstance(value, datetime) else value).isoformat(), None
        case int():
            return str(value), _inexact(str(abs(value)))
        case float():
            text = str(int(value)) if value.is_integer() and abs(value) < 10**25 else format(value, f".{_EXACT}g")
            return text, _inexact(text)
    if cell.data_type == "f":
        return str(value), _Wrong("formula")
    if cell.data_type == "e":
        return str(value), _Wrong("error", {"cell": value})
    return str(value), None


def _inexact(text: str) -> _Wrong | None:
    return _Wrong("inexact", {"cell": text, "n": _EXACT}) if (len(text) > _EXACT and "." not in text) or "e" in text else None
