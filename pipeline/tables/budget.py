"""The order of payment as tables: rows for a terminal, a CSV and a workbook.

In:    places as `pipeline.budget` ranks them.  Out: rows in the order of HEADINGS, budget.csv, budget.xlsx.
Text read from paper goes in as text: a leading = + - @ never becomes a formula.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

import xlsxwriter

from models.money import yuan
from pipeline.budget import Place
from pipeline.tables.spreadsheet import csv_pieces, harmless
from pipeline.wording import TRACK, TRIAGE

HEADINGS = (("名次", 6), ("申报编号", 14), ("类别", 14), ("申请单位", 34), ("产品", 30), ("初审结果", 12), ("申请补贴（元）", 16), ("可补贴（元）", 16), ("预算内拨付（元）", 18), ("累计拨付（元）", 18), ("理由", 80))
_MONEY = (6, 7, 8, 9)


def rows(places: Sequence[Place]) -> Iterator[tuple[str, ...]]:
    """A row a claim, in the order of payment; amounts in yuan with two decimals."""
    for place in places:
        claim = place.claim
        applicant, product = claim.fields.get("applicant_name"), claim.fields.get("product_name")
        yield (
            str(place.place or ""), claim.submission_id, TRACK.get(claim.track or "", ""), applicant.text if applicant else "", product.text if product else "",
            TRIAGE[claim.triage], yuan(place.asked) if place.asked is not None else "", yuan(place.payable), yuan(place.paid), yuan(place.sum), place.reason)


def as_csv(places: Sequence[Place]) -> bytes:
    """UTF-8 with the mark by which a spreadsheet knows it."""
    return "".join(csv_pieces([heading for heading, _ in HEADINGS], rows(places))).encode()


def as_workbook(places: Sequence[Place]) -> bytes:
    """An Excel workbook with amounts as numbers."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("资金拨付顺序")
        bold = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EDEDED"})
        wrap, money = book.add_format({"text_wrap": True, "valign": "top"}), book.add_format({"num_format": "#,##0.00", "valign": "top"})
        for column, (heading, width) in enumerate(HEADINGS):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, heading, bold)
        sheet.freeze_panes(1, 0)
        for n, row in enumerate(rows(places), 1):
            for column, text in enumerate(row):
                if column in _MONEY and text:
                    sheet.write_number(n, column, float(text), money)
                else:
                    sheet.write_string(n, column, harmless(text), wrap)
        sheet.autofilter(0, 0, max(1, len(places)), len(HEADINGS) - 1)
    return data.getvalue()
