"""CSV that spreadsheets open as text: with the mark by which they know UTF-8, and no cell that they would take for a formula.

In:    rows of text.  Out: pieces of a file, a row each, so that a long list is never held whole.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence


def harmless(text: str) -> str:
    """Text that a spreadsheet, also one that re-reads an exported CSV, will not take for a formula."""
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def csv_pieces(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The file, piece by piece: its headings, then its rows."""
    yield "\ufeff" + _line(headings)
    for row in rows:
        yield _line(row)


def _line(row: Sequence[str]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow([harmless(cell) for cell in row])
    return text.getvalue()
