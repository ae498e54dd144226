"""The office's reference tables: what is eligible, who is who, what was granted before.

In:    UTF-8 CSV files with a header row, named and headed as the contract says, in a folder or as bytes; any of them may be absent.
Out:   `Reference`: frozen records, names in the contract's form; None for a table that isn't there.
Fails: UsageError where the folder isn't one; ReferenceInvalid with file, row, column, what was found and what to do.
Elsewhere: what a missing table means for a check (pipeline/rules).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from models.collector import without_collector
from models.errors import ReferenceInvalid, UsageError
from models.reference import Award, CatalogueEntry, Company, Holding, Officer, Quota, Reference, Restriction
from models.text import clean, nfkc

AGAIN = "and run the same command again."


class Column(NamedTuple):
    """How a column's cells are read. read: text -> value, ValueError where it can't be; wanted: what it should be, with an example; form: what people call that (reference_words.toml)."""

    read: Callable[[str], Any]
    wanted: str = ""
    required: bool = False
    form: str = "text"


def _date(text: str) -> date:
    return date.fromisoformat(text)


def _whole(text: str) -> int:
    return int(text)


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.replace(",", "").rstrip("%"))
    except InvalidOperation:
        raise ValueError(text) from None
    if not number.is_finite() or number < 0:
        raise ValueError(text)
    return number


def _share(text: str) -> Decimal:
    number = _number(text)
    if number > 100:
        raise ValueError(text)
    return number


def _one_of(*known: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in known:
            raise ValueError(text)
        return text

    return read


NAME = Column(clean, "a name", required=True, form="name")
TEXT = Column(clean)
FREE = Column(nfkc)
CODE = Column(clean, "a code", required=True, form="code")
TRACK = Column(_one_of("equipment", "material", "software", "qualification", "fund"), "a track: equipment, material, software, qualification or fund", required=True, form="track")
LEVEL = Column(_one_of("central", "municipal"), "central or municipal", required=True, form="level")
DATE = Column(_date, "a date. Write it as YYYY-MM-DD, for example 2021-01-31,", form="date")
YEAR = Column(_whole, "a year. Write four digits, for example 2020,", required=True, form="year")
NUMBER = Column(_whole, "a whole number. Write digits only, for example 2,", form="number")
MONEY = Column(_number, "an amount of yuan. Write digits only, for example 184396.80,", form="money")
NEEDED_MONEY = MONEY._replace(required=True)
PERCENT = Column(_share, "a percentage from 0 to 100. Write digits only, for example 24.9,", required=True, form="percent")


class Table(NamedTuple):
    """One file of the contract: its name, the record a row becomes, its columns in the contract's order."""

    file: str
    record: Callable[..., Any]
    columns: Mapping[str, Column]


TABLES: Mapping[str, Table] = {
    "catalogue": Table("catalogue.csv", CatalogueEntry, {
        "entry_id": CODE, "scheme": CODE, "track": TRACK, "category": TEXT, "name": NAME, "specification": FREE, "edition": TEXT}),
    "companies": Table("companies.csv", Company, {
        "name": NAME, "credit_code": TEXT, "legal_representative": TEXT, "phone": TEXT, "address": TEXT, "industry_code": TEXT, "business_scope": TEXT}),
    "holdings": Table("holdings.csv", Holding, {"holder": NAME, "company": NAME, "percent": PERCENT}),
    "officers": Table("officers.csv", Officer, {"person": NAME, "company": NAME, "role": TEXT}),
    "awards": Table("awards.csv", Award, {
        "year": YEAR, "scheme": CODE, "track": TRACK, "level": LEVEL, "applicant": NAME, "product_name": TEXT, "catalogue_entry": TEXT, "buyer_name": TEXT,
        "contract_number": TEXT, "policy_number": TEXT, "insurance_year": NUMBER, "period_start": DATE, "period_end": DATE, "subsidy_paid": MONEY}),
    "restricted": Table("restricted.csv", Restriction, {"company": NAME, "reason": TEXT, "until": DATE}),
    "quotas": Table("quotas.csv", Quota, {
        "scheme": CODE, "applicant": NAME, "catalogue_entry": CODE, "quota": NEEDED_MONEY, "granted_on": DATE, "used": MONEY}),
}


def load_reference(folder: Path) -> Reference:
    """All tables of a reference folder; None for each that isn't there. Raises UsageError where the folder isn't one, ReferenceInvalid at the first wrong cell."""
    return read_reference(folder_tables(folder))


def folder_tables(folder: Path) -> dict[str, bytes]:
    """The files of a reference folder, by the name of their table. Raises UsageError where the folder isn't one, ReferenceInvalid where a file can't be read."""
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder. Give the folder that holds catalogue.csv, companies.csv and so on with --reference {AGAIN}")
    return {name: _bytes(folder / table.file) for name, table in TABLES.items() if (folder / table.file).exists()}


def read_reference(files: Mapping[str, bytes]) -> Reference:
    """All tables; None for each that isn't given. Extra columns are let be, their order is free. files: CSV by the name of its table.

    Raises ReferenceInvalid at the first wrong cell.
    """
    with without_collector():
        return Reference(**{name: tuple(_records(TABLES[name], files[name])) for name in TABLES if name in files})


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReferenceInvalid(f"{path.name} can't be read: {error.strerror}. Make it a readable file {AGAIN}") from None


def _records(table: Table, data: bytes) -> Iterator[Any]:
    file = table.file
    rows = csv_rows(file, data)
    header = next(rows, None)
    if header is None:
        raise ReferenceInvalid(f"{file} is empty. Its first row must name the columns: {', '.join(table.columns)}. Write them {AGAIN}")
    heads = [clean(cell) for cell in header[1]]
    missing = [name for name in table.columns if name not in heads]
    if missing:
        raise ReferenceInvalid(
            f"{file}, row {header[0]}: column {', '.join(missing)} is missing from the header, which is {', '.join(heads) or 'blank'!s}. "
            f"Name the columns {', '.join(table.columns)} {AGAIN}")
    twice = [name for name in table.columns if heads.count(name) > 1]
    if twice:
        raise ReferenceInvalid(f"{file}, row {header[0]}: the header names the column {', '.join(twice)} twice. Keep one of them {AGAIN}")
    cells_read: dict[Column, _Cells] = {}  # columns of one kind share what was read: a holder is often a company elsewhere
    readers = {name: cells_read.setdefault(column, _Cells(column)) for name, column in table.columns.items()}
    pick = itemgetter(*map(heads.index, readers))
    while chunk := list(islice(rows, _AT_ONCE)):
        short = next((number for number, cells in chunk if len(cells) != len(heads)), None)
        columns = list(zip(*(pick(cells) for number, cells in chunk if short is None or number < short), strict=True))
        try:
            values = [list(map(read.__getitem__, cells)) for read, cells in zip(readers.values(), columns, strict=bool(columns))]
        except ValueError:
            raise next(filter(None, (_wrong(file, number, dict(zip(readers, pick(cells), strict=True)), table.columns) for number, cells in chunk))) from None
        if short is not None:
            found = next(cells for number, cells in chunk if number == short)
            raise ReferenceInvalid(
                f"{file}, row {short}: {len(found)} values, but the header names {len(heads)} columns. Put values that hold a comma in double quotes {AGAIN}")
        if all(column.required for column in table.columns.values()):
            yield from map(table.record, *values)
        else:
            for row in zip(*values, strict=True):
                yield table.record(**{name: value for name, value in zip(readers, row, strict=True) if value is not _BLANK})


_BLANK = object()
_AT_ONCE = 1_000  # rows


class _Cells(dict[str, Any]):
    """A column's cells as they were read; each text is read once, since registers repeat themselves. ValueError where one can't be."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self._column = column

    def __missing__(self, cell: str) -> Any:
        text = cell.strip()
        if not text and self._column.required:
            raise ValueError(cell)
        self[cell] = value = self._column.read(text) if text else _BLANK
        return value


def _wrong(file: str, row: int, cells: Mapping[str, str], columns: Mapping[str, Column]) -> ReferenceInvalid | None:
    """What to tell of a row's first wrong cell; None where all are right."""
    for name, column in columns.items():
        found = cells[name].strip()
        if not found and column.required:
            return ReferenceInvalid(f"{file}, row {row}: {name} is blank, but must be {column.wanted.rstrip(',')}. Fill it in or delete the row {AGAIN}")
        try:
            if found:
                column.read(found)
        except ValueError:
            return ReferenceInvalid(f"{file}, row {row}: {name} is {found!r}, not {column.wanted or 'text.'} {AGAIN}")
    return None


def csv_rows(file: str, data: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    """Line number, from 1, and cells of each row that isn't blank. Raises ReferenceInvalid where the bytes are no CSV in UTF-8."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReferenceInvalid(f"{file}: byte {error.start + 1} is not UTF-8. Save the table as CSV UTF-8 (in Excel: “CSV UTF-8 (逗号分隔)”) {AGAIN}") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if (cells and cells[0].strip()) or "".join(cells).strip():
                yield reader.line_num, cells
    except csv.Error as error:
        raise ReferenceInvalid(f"{file}, row {reader.line_num}: not CSV ({error}). Check the double quotes there {AGAIN}") from None
