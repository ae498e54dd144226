"""What insurers file: annexes 2, 5 and 7 (applications) and 3 (losses), wide tables on landscape sheets.

In:    an insurer's settled cases of a track. Out: a paper, and truth's rows and total keyed by the annex's own headings (money in yuan).
Source: ningbo-2020, 附件2, 附件3, 附件5, 附件7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from pipeline.samples.case import Case, books
from pipeline.samples.draw.sheet import Book, Cell, Paper, Pen, Row
from pipeline.samples.values import day_in, iso, money, plain, wan, year_after
from pipeline.samples.world import Insurer

_TITLES = {
    2: "宁波市高端装备首台（套）保险补贴申请汇总表",
    3: "宁波市高端装备首台（套）保险理赔情况汇总表",
    5: "宁波市新材料首批次保险补贴申请汇总表",
    7: "宁波市首版次软件（服务）综合创新保险补贴申请汇总表",
}
_HEAD = {
    2: ("填报单位（承保保险公司）：", "单位：万元"),
    3: ("填报单位（承保保险公司）：", "单位：万元"),
    5: ("填报单位（保险公司）：", "金额单位：万元"),
    7: ("填报单位（保险公司）：", "金额单位：万元"),
}
ANNEX = {"equipment": 2, "material": 5, "software": 7}
# heading, share of the width, what a row says: a key of `_facts`
_COLUMNS: dict[int, tuple[tuple[str, float, str], ...]] = {
    2: (
        ("序号", 2.6, "no"),
        ("投保企业名称", 9, "applicant"),
        ("所属地区", 4.5, "district"),
        ("产品名称及型号", 9.5, "product"),
        ("首台（套）证书编号", 7, "certificate"),
        ("保单号", 8, "policy"),
        ("保险期限", 7.4, "period"),
        ("投保数量", 4, "quantity"),
        ("保险合同金额", 6.4, "sum"),
        ("保险费率（%）", 4.6, "rate"),
        ("保费金额", 6.4, "premium"),
        ("实缴保费金额", 6.4, "paid"),
        ("申请补贴金额", 6.4, "subsidy"),
        ("保险年次", 4.6, "year"),
        ("备注", 3.6, "note"),
    ),
    3: (
        ("序号", 2.4, "no"),
        ("投保企业名称", 7, "applicant"),
        ("所属地区", 4, "district"),
        ("投保产品名称及型号", 7.4, "product"),
        ("首台（套）证书编号", 5.6, "certificate"),
        ("承保公司", 6.4, "insurer"),
        ("保单号码", 6.4, "policy"),
        ("保险期限", 6, "period"),
        ("装备数量", 3.4, "quantity"),
        ("保险合同金额", 5, "sum"),
        ("保险费率（%）", 3.8, "rate"),
        ("保费总金额", 5, "premium"),
        ("企业实缴保费金额", 5, "paid"),
        ("保险年次", 4, "year"),
        ("报案时间", 5.4, "reported"),
        ("出险原因", 6, "cause"),
        ("赔付时间", 5.4, "paid_on"),
        ("总赔付金额", 4.4, "loss"),
        ("已赔付金额", 4.4, "loss_paid"),
        ("备注", 4, "note"),
    ),
    5: (
        ("序号", 2.6, "no"),
        ("投保企业名称", 11, "applicant"),
        ("所属地区", 5, "district"),
        ("材料名称", 11, "name"),
        ("保单号", 9, "policy"),
        ("保险期限", 8, "period"),
        ("合同金额", 7, "contract"),
        ("保险金额", 7, "sum"),
        ("保险费率(%)", 5, "rate"),
        ("保费金额", 7, "premium"),
        ("实缴保费金额", 7, "paid"),
        ("申请补贴金额", 7, "subsidy"),
        ("备注", 4, "note"),
    ),
    7: (
        ("序号", 2.6, "no"),
        ("企业名称", 10.5, "applicant"),
        ("所属地区", 5, "district"),
        ("软件名称", 11, "name"),
        ("保单号", 9, "policy"),
        ("保险产品名称", 9, "insurance"),
        ("保险费率(%)", 5, "rate"),
        ("合同金额", 7, "contract"),
        ("保费金额", 7, "premium"),
        ("实缴保费金额", 7, "paid"),
        ("申请补贴金额", 7, "subsidy"),
        ("保险期限", 8, "period"),
        ("备注", 4, "note"),
    ),
}
_MONEY = {"sum", "premium", "paid", "subsidy", "contract", "loss", "loss_paid"}
_YEARS = ("第一年", "第二年", "第三年")


def _facts(case: Case, style: str, day_style: str) -> dict[str, Any]:
    """What the insurer's own records say of a case: the sound values, plus what a fault changes in this row."""
    known = books(case)
    facts: dict[str, Any] = {
        "applicant": case.applicant.name,
        "district": case.applicant.district,
        "product": f"{case.product} {case.model}",
        "name": case.product,
        "certificate": known["certificate"],
        "policy": case.policy_number,
        "period": f"{day_in(case.start, style)}-{day_in(year_after(case.start), style)}"
        if style == "dot"
        else f"{day_in(case.start, style)}至{day_in(year_after(case.start), style)}",
        "quantity": str(known["quantity"]),
        "sum": case.sum_insured,
        "rate": plain(case.rate),
        "premium": known["premium"],
        "paid": known["paid"],
        "subsidy": known["subsidy"],
        "year": _YEARS[min(case.year_no, 3) - 1],
        "note": "",
        "contract": known["contract"],
        "insurance": case.insurance,
        "insurer": case.insurer.name,
    }
    if case.loss:
        facts |= {
            "reported": case.loss["reported"],
            "cause": case.loss["cause"],
            "paid_on": case.loss["paid_on"] or "",
            "loss": case.loss["total"],
            "loss_paid": case.loss["paid"],
        }
        facts["policy"] = case.loss.get("policy", facts["policy"]) if day_style else facts["policy"]
    return facts | (case.summary or {}) | ({"note": case.loss["note"]} if case.loss and day_style else {})


@dataclass(frozen=True)
class Style:
    """How an insurer's office prints its tables. shift: points added to the print's size; total: the last row's label and how many columns it spans.

    headings: by what share a column may be wider or narrower than usual; blanks: least number of rows, empty ones included;
    day: how the day of filing is written ("spaced" or a way of `day_in`), periods: how periods of insurance are.
    """

    size: tuple[float, float] = (842.0, 595.0)
    margin: float = 34.0
    cjk: str = "cjk"
    latin: str = "cjk"
    shift: float = 0.0
    line: float = 0.5
    rows_a_page: int = 8
    height: float = 30.0
    total: tuple[str, int] = ("", 1)
    blanks: int = 4
    headings: float = 0.0
    day: str = "spaced"
    periods: tuple[str, ...] = ("dot", "dot", "dash")


PLAIN = Style()


def summary(book: Book, annex: int, insurer: Insurer, cases: Sequence[Case], day: date, rng: Random, look: Style = PLAIN) -> Paper:
    """Draw an annex for an insurer; `paper.extra` holds annex, rows and total (None for annex 3)."""
    paper = Paper("claims_summary" if annex == 3 else "insurer_summary")
    columns = _COLUMNS[annex]
    style, day_style = rng.choice(look.periods), "dash"
    rows: list[dict[str, str]] = []
    printed: list[list[str]] = []
    totals: dict[str, Decimal] = {}
    for n, case in enumerate(cases):
        facts = _facts(case, style, day_style if annex == 3 else "") | {"no": str(n + 1)}
        truth, cells = {}, []
        for heading, _, key in columns:
            value = facts.get(key, "")
            if key in _MONEY:
                truth[heading], shown = money(value), wan(value)
                totals[heading] = totals.get(heading, Decimal(0)) + value
            elif isinstance(value, date):
                truth[heading], shown = iso(value), day_in(value, day_style)
            else:
                truth[heading] = shown = str(value)
            cells.append(shown)
        rows.append(truth)
        printed.append(cells)
    if annex != 3 and cases:
        totals["申请补贴金额"] += cases[0].total_off
    total = {heading: money(totals[heading]) if heading in totals else "" for heading, _, _ in columns} if annex != 3 else None
    left_edge, width = look.margin, look.size[0] - 2 * look.margin
    weights = [share * (1 + (rng.uniform(-look.headings, look.headings) if look.headings else 0.0)) for _, share, _ in columns]
    widths = [width * weight / sum(weights) for weight in weights]
    plain_pen = Pen(cjk=look.cjk, latin=look.latin)
    pen = plain_pen.but(size=(7.4 if annex == 3 else 8.2) + look.shift)
    small, shown_day = plain_pen.but(size=9.5), f"填报时间： {day.year} 年 {day.month} 月 {day.day} 日" if look.day == "spaced" else f"填报时间：{day_in(day, look.day)}"
    for first in range(0, max(1, len(printed)), look.rows_a_page):
        last = first + look.rows_a_page >= len(printed)
        sheet = book.sheet(look.size)
        paper.sheets.append(sheet)
        sheet.text(left_edge, 44, f"附件{annex}", plain_pen.but(size=11.0))
        sheet.text(0, 66, _TITLES[annex], plain_pen.but(size=15.0, bold=True), "center", look.size[0])
        left, right = _HEAD[annex]
        sheet.text(left_edge, 90, left + paper.put("insurer_name", insurer.name), small)
        sheet.text(left_edge, 90, shown_day, small, "center", width + 180)
        sheet.text(left_edge, 90, right, small, "right", width)
        table: list[Row] = [(look.height, [Cell(heading) for heading, _, _ in columns])]
        table += [(look.height, [Cell(text) for text in cells]) for cells in printed[first : first + look.rows_a_page]]
        table += [(22.0, ["" for _ in columns])] * (max(0, look.blanks - len(printed)) if last else 0)
        if last and total:
            table.append((24, _totals(columns, totals, look)))
        bottom, _ = sheet.grid(left_edge, 98, widths, table, pen, line=look.line, pad=1.6)
        if last:
            paper.seal(sheet, insurer.name, "", rng.uniform(120, 220), min(bottom - rng.uniform(-10, 40), look.size[1] - 75.0))
    paper.extra |= {"annex": annex, "rows": rows, "total": total}
    return paper


def _totals(columns: Sequence[tuple[str, float, str]], totals: dict[str, Decimal], look: Style) -> list[Cell]:
    """The last row: its label in the second column, or over the first ones."""
    label, span = look.total
    sums = [Cell(wan(totals[heading])) if heading in totals else Cell("") for heading, _, _ in columns]
    if label:
        return [Cell(label, span), *sums[span:]]
    return [sums[0], Cell("合  计"), *sums[2:]]
