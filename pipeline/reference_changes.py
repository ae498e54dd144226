"""What is different between two states of a reference table, row by row.

In:    the table's name and its CSV before and after, as bytes; None where it wasn't given.
Out:   `TableChange`: rows added, rows removed, and rows of one subject (`KEYS`) that differ, with their differing cells.
Fails: ReferenceInvalid where one is no CSV.
Cells are compared as they are written, but for blanks around them; rows in another order are the same rows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

from models.text import clean
from pipeline.reference import TABLES, csv_rows

# what a row is about: two rows that agree in these are one that was changed
KEYS: Mapping[str, tuple[str, ...]] = {
    "catalogue": ("scheme", "entry_id"),
    "companies": ("name",),
    "holdings": ("holder", "company"),
    "officers": ("person", "company"),
    "awards": ("year", "scheme", "level", "applicant", "catalogue_entry", "policy_number", "insurance_year"),
    "restricted": ("company",),
    "quotas": ("scheme", "applicant", "catalogue_entry"),
}
Row = tuple[str, ...]


class Cell(NamedTuple):
    """A cell that differs. column: the contract's name."""

    column: str
    before: str
    after: str


class Changed(NamedTuple):
    """A row that differs: what it is about, and its cells that do."""

    about: tuple[str, ...]
    cells: tuple[Cell, ...]


class TableChange(NamedTuple):
    """What is different in a table; rows in the order of the contract's columns. before, after: how many rows there are."""

    table: str
    before: int
    after: int
    added: tuple[Row, ...] = ()
    removed: tuple[Row, ...] = ()
    changed: tuple[Changed, ...] = ()

    def counts(self) -> dict[str, int]:
        """How many rows of each kind."""
        return {"added": len(self.added), "removed": len(self.removed), "changed": len(self.changed)}

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def table_change(table: str, before: bytes | None, after: bytes | None) -> TableChange:
    """What is different in one table."""
    old, new = _counted(table, before), _counted(table, after)
    gone, come = old - new, new - old
    key = [list(TABLES[table].columns).index(name) for name in KEYS[table]]
    pairs: dict[Row, tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    for side, rows in enumerate((gone, come)):
        for row in rows.elements():
            pairs[tuple(row[n] for n in key)][side].append(row)
    added, removed, changed = [], [], []
    for about, (were, are) in pairs.items():
        for was, now in zip_longest(were, are):
            if was is None:
                added.append(now)
            elif now is None:
                removed.append(was)
            else:
                changed.append(Changed(about, _cells(table, was, now)))
    return TableChange(table, old.total(), new.total(), tuple(added), tuple(removed), tuple(changed))


def all_changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> tuple[TableChange, ...]:
    """What is different in each table that is different at all; one that is given now or no more counts, also where it has no rows."""
    different = [name for name in TABLES if before.get(name) != after.get(name)]
    found = [(name, table_change(name, before.get(name), after.get(name))) for name in different]
    return tuple(change for name, change in found if change or (name in before) != (name in after))


def _counted(table: str, data: bytes | None) -> Counter[Row]:
    return Counter(rows_of(table, data)) if data is not None else Counter()


def rows_of(table: str, data: bytes) -> list[Row]:
    """A table's rows, in the order of the contract's columns."""
    rows = csv_rows(TABLES[table].file, data)
    heads = [clean(cell) for cell in next(rows, (0, ()))[1]]
    places = [heads.index(name) if name in heads else None for name in TABLES[table].columns]
    return [tuple(cells[at].strip() if at is not None and at < len(cells) else "" for at in places) for _, cells in rows]


def _cells(table: str, was: Sequence[str], now: Sequence[str]) -> tuple[Cell, ...]:
    return tuple(Cell(name, old, new) for name, old, new in zip(TABLES[table].columns, was, now, strict=True) if old != new)
