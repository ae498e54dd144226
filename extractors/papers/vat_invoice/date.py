"""An invoice's date: behind its label, or the first one; held against the QR code.

In:    a page by its zones.
Out:   the date with what speaks for it.
Fails: None where none stands there.
"""

from __future__ import annotations

import re

from extractors.layout import Piece
from extractors.papers.invoice_code import find_code
from extractors.papers.vat_invoice.invoice import Read, doubtful, nearly
from extractors.papers.vat_invoice.sheet import Sheet
from extractors.rows import find_label, found
from models.dates import parse_date

_DATE = re.compile(r"(?P<v>(?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日?|(?:19|20)\d\d\s*[-./]\s*\d{1,2}\s*[-./]\s*\d{1,2}(?!\d))")


def find_date(sheet: Sheet) -> Read | None:
    coded = find_code(sheet.page.codes)
    day = coded.day if coded else ""
    pieces = [(p, v) for p in found([*sheet.head, *sheet.foot], _DATE) if (v := parse_date(p.text)) and len(v) == 10]
    if not pieces:
        return None
    labelled = [(p, v) for p, v in pieces if _labelled_date(sheet, p)]
    piece, value = next((x for x in pieces if x[1] == day), (labelled or pieces)[0])
    others = tuple((p, v, "不在开票日期标签处" if labelled else "位置在后") for p, v in pieces if v != value)
    if not day:
        return Read(value, piece, others=others)
    if value == day:
        return Read(value, piece, 2, True, ("发票二维码一致",), others=others)
    if nearly(value, day) and doubtful(piece):
        return Read(day, piece, 1, True, (f"据发票二维码更正，印刷读作{value}",), others=others)
    return Read(value, piece, 1, False, (f"与发票二维码不一致：二维码为{day}",), others=others)


def _labelled_date(sheet: Sheet, piece: Piece) -> bool:
    line = piece.spans[0].line
    row = next((r for r in (*sheet.head, *sheet.foot) if any(s.line is line for s in r.spans)), None)
    return bool(row and find_label(row.text, ("开票日期", "填开日期", "开具日期"), slack=0.3))
