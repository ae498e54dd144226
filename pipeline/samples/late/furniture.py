"""What this house's offices put on a paper: a binder's numbers with a pen, "agrees with the original", a window's stamp of the day, whose annex a paper is.

In:    a drawn paper, its case, a random.Random. Out: the same paper with marks in its margins; truth is untouched, for none of them is a value.
A submission keeps to its office's habits: they are drawn from the case's number.
"""

from __future__ import annotations

from random import Random

from pipeline.samples.case import Case
from pipeline.samples.draw import ornaments
from pipeline.samples.draw.sheet import Colour, Paper

_INKS: tuple[Colour, ...] = ((0.75, 0.12, 0.14), (0.12, 0.2, 0.55))
_LEAST = 560.0  # points: slips have no margin for stamps
_COPIES = ("business_licence", "insurance_policy", "payment_voucher", "premium_invoice", "sales_invoice", "first_set_certificate", "ip_certificate", "sales_contract", "test_report")


def furnish(paper: Paper, case: Case, rng: Random) -> None:
    """Put on the marks of the office that filed the paper."""
    office = Random(f"{case.sid}/window")
    numbered, enclosed, received = office.random() < 0.35, office.random() < 0.3, office.random() < 0.3
    agrees, ink = office.choice(("", "复印件与原件核对一致", "经核对与原件相符", "本件系原件复印")), office.choice(_INKS)
    for n, sheet in enumerate(paper.sheets):
        if sheet.height < _LEAST or sheet.width < _LEAST:
            continue
        if numbered:
            ornaments.note(str(rng.randint(2, 80)), rng, 15).put(sheet, sheet.width - 24, sheet.height - 22)
        if n:
            continue
        if agrees and paper.type in _COPIES and rng.random() < 0.5:
            ornaments.rubber([agrees, f"{case.form_day.year}年{case.form_day.month}月"], rng, 9, ink, "box").put(sheet, sheet.width * rng.uniform(0.2, 0.4), sheet.height - 30)
        if enclosed and paper.type in _COPIES and rng.random() < 0.6:
            ornaments.note(f"材料{rng.randint(2, 9)}", rng, 14).put(sheet, sheet.width * rng.uniform(0.44, 0.56), 18)
        if received and paper.type in ("application_form", "cover"):
            ornaments.rubber([f"{case.applicant.district}政务服务", "已 受 理"], rng, 8.5, ink, "double").put(sheet, sheet.width * rng.uniform(0.16, 0.3), sheet.height - 26)
