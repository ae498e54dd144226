"""Indexes over reference tables, built once for a table in use and asked for every claim.

In:    a table (a tuple of records) or None where it wasn't given.  Out: whatever was built of it.
Fails: never; None counts as an empty table (the engine speaks of what wasn't given).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Record = TypeVar("Record")
Index = TypeVar("Index")
IN_USE = 4  # tables of which the index is kept


class Prepared(Generic[Record, Index]):
    """Builds an index of a table the first time it is asked for it. A table is known by what it is, not by what it holds."""

    def __init__(self, build: Callable[[tuple[Record, ...]], Index]) -> None:
        self._build = build
        self._ready: dict[int, tuple[tuple[Record, ...], Index]] = {}

    def __call__(self, table: tuple[Record, ...] | None) -> Index:
        rows = table or ()
        known = self._ready.get(id(rows))
        if known is None or known[0] is not rows:
            if len(self._ready) >= IN_USE:
                self._ready.clear()
            known = (rows, self._build(rows))
            self._ready[id(rows)] = known
        return known[1]
