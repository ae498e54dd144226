"""What a paper bears besides its own words: page numbers, a fax machine's line, stamps of receipt, stickers, a pen's notes, a clip's trace.

In:    a drawn paper, its case, a random.Random. Out: the same paper with marks on it; truth is untouched, for none of them is a value.
A submission keeps to its office's habits: they are drawn from the case's number.
"""

from __future__ import annotations

from random import Random

from pipeline.samples.case import Case
from pipeline.samples.draw import ornaments
from pipeline.samples.draw.sheet import GREY, Colour, Paper, Pen

_COPIES = ("business_licence", "insurance_policy", "payment_voucher", "premium_invoice", "sales_invoice", "first_set_certificate", "ip_certificate", "sales_contract")
_NUMBERED = ("sales_contract", "test_report", "insurance_policy", "application_form")
_STAMPS: tuple[tuple[Colour, str], ...] = (((0.12, 0.2, 0.6), "double"), ((0.72, 0.1, 0.15), "box"), ((0.4, 0.12, 0.5), "ring"))
_LEAST_HEIGHT = 500.0  # points: slips have no margin for stamps


def furnish(paper: Paper, case: Case, rng: Random) -> None:
    """Put on the marks of the office that filed the paper."""
    office = Random(f"{case.sid}/office")
    copied = office.choice(("复印件与原件一致", "与原件核对无误", "此件与原件相符", ""))
    numbers, fax = office.choice(("", "of", "dash", "page", "hand")), office.random() < 0.15
    received, sticker, clip = office.random() < 0.35, office.random() < 0.2, office.random() < 0.2
    for n, sheet in enumerate(paper.sheets):
        tall = sheet.height > _LEAST_HEIGHT and sheet.width > _LEAST_HEIGHT
        if not tall:
            continue
        low = sheet.height - 18
        if paper.type in _NUMBERED and len(paper.sheets) > 1 and numbers:
            words = {"of": f"第 {n + 1} 页 共 {len(paper.sheets)} 页", "dash": f"- {n + 1} -", "page": f"Page {n + 1} of {len(paper.sheets)}", "hand": ""}[numbers]
            sheet.text(0, low, words, Pen(8.5, colour=GREY, cjk="song"), "center", sheet.width)
        if numbers == "hand":
            ornaments.note(str(rng.randint(3, 90)), rng, 16).put(sheet, sheet.width - 26, 26)
        if fax:
            sheet.text(30, 13, f"{case.form_day.year - 1}-12-{rng.randint(10, 30)} {rng.randint(8, 17):02}:{rng.randint(0, 59):02}   FAX {case.applicant.phone}   P.{n + 1:02}", Pen(6.5, latin="cour"))
        if n == 0 and paper.type in _COPIES and copied and rng.random() < 0.45:
            mark = ornaments.rubber([copied], rng, 13, (0.75, 0.1, 0.12), "box") if rng.random() < 0.6 else ornaments.note(copied, rng, 17)
            mark.put(sheet, sheet.width * rng.uniform(0.3, 0.7), sheet.height - 34)
        if n == 0 and received and paper.type in ("application_form", "cover") and rng.random() < 0.9:
            colour, rim = office.choice(_STAMPS)
            day = case.form_day
            ornaments.rubber([f"{case.applicant.district}经信局", "收 文", f"{day.year}年{day.month:02}月"], rng, 9.5, colour, rim).put(sheet, sheet.width * rng.uniform(0.82, 0.9), rng.uniform(36, 48))
        if n == 0 and sticker and rng.random() < 0.5:
            ornaments.sticker(f"{case.year}-{case.sid[-4:]}-{rng.randint(1, 30):02}", rng).put(sheet, sheet.width - 70, sheet.height - 20)
        if n == 0 and clip and rng.random() < 0.5:
            ornaments.clip(rng).put(sheet, rng.uniform(24, 44), 28)
