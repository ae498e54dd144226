"""What this house's offices put on a paper: the file's page with a numbering machine, a receiving stamp, "copied from the original" by hand.

In:    a drawn paper, its case, a random.Random. Out: the same paper with marks in its margins; truth is untouched, for none of them is a value.
A submission keeps to its office's habits: they are drawn from the case's number.
"""

from __future__ import annotations

from random import Random

from pipeline.samples.case import Case
from pipeline.samples.draw import ornaments
from pipeline.samples.draw.sheet import Colour, Paper

_INKS: tuple[Colour, ...] = ((0.7, 0.1, 0.12), (0.1, 0.15, 0.5), (0.2, 0.2, 0.22))
_LEAST = 560.0  # points: slips have no margin for stamps
_COPIES = ("business_licence", "insurance_policy", "payment_voucher", "premium_invoice", "sales_invoice", "first_set_certificate", "ip_certificate", "sales_contract", "test_report")


def furnish(paper: Paper, case: Case, rng: Random) -> None:
    """Put on the marks of the office that filed the paper."""
    office = Random(f"{case.sid}/file")
    numbered, copied, received = office.random() < 0.3, office.choice(("", "", "复印属实", "与原件相符")), office.random() < 0.25
    ink = office.choice(_INKS)
    for n, sheet in enumerate(paper.sheets):
        if sheet.height < _LEAST or sheet.width < _LEAST:
            continue
        if numbered:
            ornaments.rubber([f"{rng.randint(1, 99):03}"], rng, 11, ink, "box").put(sheet, sheet.width - 28, 20)
        if n:
            continue
        if copied and paper.type in _COPIES and rng.random() < 0.6:
            ornaments.note(copied, rng, 15).put(sheet, sheet.width * rng.uniform(0.12, 0.22), sheet.height - 24)
        if received and paper.type in ("application_form", "cover"):
            ornaments.rubber(["收文专用", f"{case.applicant.district}"], rng, 8.5, ink, "double").put(sheet, sheet.width * rng.uniform(0.68, 0.76), sheet.height - 30)
