"""What this house's offices put on a paper: an archive's stamp, "which paper this is" with a pen, staples, ticks of a checking hand, a counter's stamp.

In:    a drawn paper, its case, a random.Random. Out: the same paper with marks on it; truth is untouched, for none of them is a value.
A submission keeps to its office's habits: they are drawn from the case's number.
"""

from __future__ import annotations

from random import Random

from pipeline.samples.case import Case
from pipeline.samples.draw import ornaments
from pipeline.samples.draw.sheet import GREY, Colour, Paper

_PURPLE: Colour = (0.36, 0.14, 0.5)
_GREEN: Colour = (0.08, 0.4, 0.28)
_LEAST = 500.0  # points: slips have no margin for stamps
_CALLED = {
    "business_licence": "执照", "sales_contract": "合同", "sales_invoice": "销票", "insurance_policy": "保单", "premium_invoice": "保费票", "payment_voucher": "付款", "first_set_certificate": "认定",
    "test_report": "检测", "ip_certificate": "知产", "delivery_proof": "验收",
}  # fmt: skip


def furnish(paper: Paper, case: Case, rng: Random) -> None:
    """Put on the marks of the office that filed the paper."""
    office = Random(f"{case.sid}/desk")
    archive, called, staples, ticks = office.random() < 0.3, office.random() < 0.3, office.random() < 0.35, office.random() < 0.25
    checked = office.choice(("", "", "已核原件", "核验无误", "复印存档"))
    colour = office.choice((_PURPLE, _GREEN))
    for n, sheet in enumerate(paper.sheets):
        if sheet.height < _LEAST or sheet.width < _LEAST:
            continue
        if staples:
            for y in (30.0, 40.0) if n == 0 else (30.0,):
                x = rng.uniform(16, 22)
                sheet.line(x, y + rng.uniform(-1, 1), x + 9, y - rng.uniform(3, 6), GREY, 1.1)
        if n:
            continue
        if archive and paper.type in ("application_form", "cover", "sales_contract"):
            ornaments.rubber([f"档 案　{case.year}", f"第 {rng.randint(1, 60):03} 件"], rng, 8.5, _PURPLE, "box").put(sheet, sheet.width - 60, 26)
        if called and paper.type in _CALLED and rng.random() < 0.7:
            ornaments.note(f"{_CALLED[paper.type]}{rng.randint(1, 4)}", rng, 14).put(sheet, sheet.width * rng.uniform(0.06, 0.12), 22)
        if ticks and rng.random() < 0.5:
            ornaments.note("√", rng, 22).put(sheet, sheet.width - rng.uniform(18, 28), sheet.height * rng.uniform(0.2, 0.8))
        if checked and paper.type in _CALLED and rng.random() < 0.4:
            ornaments.rubber([checked, case.applicant.district or "宁波"], rng, 10, colour, rng.choice(("double", "none"))).put(sheet, sheet.width * rng.uniform(0.1, 0.9), sheet.height - 40)
