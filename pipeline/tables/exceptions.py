"""exceptions.xlsx: a row a flag, and a row a file set aside, for those who work from a list.

In:    claims.  Out: an Excel workbook, a CSV; with telephones, accounts and ID numbers, or without.
Text read from paper goes in as text: a leading = + - @ never becomes a formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from models.claim import Claim
from models.flag import Severity
from pipeline.review.masks import masked, personal_values
from pipeline.tables.spreadsheet import csv_pieces, harmless
from pipeline.whole import replacing
from pipeline.wording import QUARANTINE, SEVERITY, TRACK

HEADINGS = (("申报编号", 14), ("类别", 14), ("申请单位", 34), ("代码", 26), ("程度", 10), ("说明", 70), ("条款", 16), ("文件", 28), ("页", 6))
QUARANTINED = "quarantined"


def rows(claims: Iterable[Claim], mask: bool = False) -> Iterator[tuple[str, ...]]:
    """A row a flag, worst first within a claim, then a row a quarantined file; in the order of HEADINGS. mask: personal numbers hidden."""
    for claim in claims:
        hidden = personal_values(claim) if mask else frozenset()
        for row in _rows(claim):
            yield tuple(masked(cell, hidden) for cell in row) if mask else row


def _rows(claim: Claim) -> Iterator[tuple[str, ...]]:
    order = list(Severity)
    applicant = claim.fields.get("applicant_name")
    head = (claim.submission_id, TRACK.get(claim.track or "", ""), applicant.text if applicant else "")
    for flag in sorted(claim.flags, key=lambda f: order.index(f.severity)):
        place = flag.evidence[0] if flag.evidence else None
        yield (*head, flag.code, SEVERITY[flag.severity], flag.message, flag.clause, place.file if place else "", str(place.page) if place else "")
    for q in claim.quarantined:
        yield (*head, QUARANTINED, SEVERITY[Severity.SUPPLEMENT], f"文件未能读取：{QUARANTINE[q.reason]}", "", q.file, "")


def as_csv(claims: Iterable[Claim], mask: bool = False) -> Iterator[str]:
    """The list as CSV, piece by piece, with the mark by which a spreadsheet knows UTF-8."""
    return csv_pieces([heading for heading, _ in HEADINGS], rows(claims, mask))


def write_exceptions(path: Path, claims: Iterable[Claim], mask: bool = False) -> int:
    """Write the workbook, whole or not at all, and return how many rows it holds. mask: personal numbers hidden. Raises OSError."""
    with replacing(path) as part:
        try:
            return _write(part, claims, mask)
        except FileCreateError as error:  # the library's wrapping of what the disk said
            raise error.args[0] from None


def _write(path: Path, claims: Iterable[Claim], mask: bool = False) -> int:
    count = 0
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("待处理事项")
        bold = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EDEDED"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        for column, (heading, width) in enumerate(HEADINGS):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, heading, bold)
        sheet.freeze_panes(1, 0)
        for count, row in enumerate(rows(claims, mask), start=1):
            for column, text in enumerate(row):
                sheet.write_string(count, column, harmless(text), wrap)
        sheet.autofilter(0, 0, max(1, count), len(HEADINGS) - 1)
    return count
