"""Insurers' summaries of claims paid (annex 3).

In:    the pages of one summary.
Out:   insurer_name, `rows`, `total`, `annex`.
Elsewhere: how such a table is read (summary_table.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from extractors.papers.base import Extracted
from extractors.papers.summary_table import read_summary
from models.page import Page


def extract(pages: Sequence[Page]) -> Extracted:
    """Read one summary table."""
    return read_summary(pages, (3,))
