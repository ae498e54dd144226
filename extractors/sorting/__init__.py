"""Which paper each page belongs to: its type, where one paper ends and the next begins.

In:    the pages of a submission, file by file in the order in which the files were given.
Out:   papers without fields, in order; every page belongs to exactly one; a blank page is a paper of its own (`other`).
How:   each page is scored for every type by its headings and cues (sorting.toml), and for opening a paper or going on with the one before
       by page numbers, the paper's number, clause numbers and running sentences; the best path through the pages wins (Viterbi).
       Further scans of one page go to the paper of the first; pages that were cut off from their beginning are then joined to it.
Elsewhere: what the papers say (extractors/papers).
"""

from extractors.sorting.papers import sort_pages
from extractors.sorting.repeats import distinct
from extractors.sorting.rows import Row, is_watermark, rows_of

__all__ = ["Row", "distinct", "is_watermark", "rows_of", "sort_pages"]
