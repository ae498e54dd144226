"""The application forms: annexes 1 (equipment), 4 (material) and 6 (software), as the measure's Word file prints them.

In:    the form's values (money in yuan, shown in 万元), a random.Random for how it is filled in.
Out:   one paper of one page (two where the table runs over), its seal at the applicant's place.
Source: ningbo-2020, 附件1, 附件4, 附件6.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from pipeline.samples.case import Values
from pipeline.samples.draw.sheet import BLUE, Book, Cell, Paper, Pen, Rect, Row, Sheet
from pipeline.samples.values import day_in, from_wan, iso, plain, wan

TITLES = {
    "equipment": "宁波市高端装备首台（套）保险补贴申请表",
    "material": "宁波市新材料首批次保险补贴申请表",
    "software": "宁波市首版次软件（服务）综合创新保险补贴申请表",
}
_ANNEX = {"equipment": "附件1", "material": "附件4", "software": "附件6"}
_YEARS = ("第一年", "第二年", "第三年")
_OATH = "以上填报内容及附件内容均属实并愿意承担法律责任。"


def application_form(book: Book, values: Values, track: str, decimals: int, rng: Random) -> Paper:
    """Draw the track's form. decimals: of amounts in 万元."""
    paper = Paper("application_form")
    filled = _Filled(paper, values, decimals, rng)
    sheet = book.sheet()
    paper.sheets.append(sheet)
    left = rng.choice((62.0, 68.0, 74.0))
    width = 595 - 2 * left
    y = rng.choice((52.0, 60.0, 70.0))
    if rng.random() < 0.7:
        sheet.text(left, y, _ANNEX[track], Pen(12))
    title = Pen(rng.choice((15.0, 16.0, 17.0)), bold=rng.random() < 0.6)
    sheet.text(0, y + 32, TITLES[track], title, "center", 595)
    day = filled.raw("form_date")
    shown = f"{day.year} 年 {day.month} 月 {day.day} 日" if isinstance(day, date) else "    年    月    日"
    filled.note("form_date", iso(day) if isinstance(day, date) else "")
    sheet.text(left, y + 56, f"填报时间： {shown}", Pen(10.5, colour=filled.pen.colour if filled.inked else Pen().colour), rng.choice(("right", "left")), width)
    rows, widths = {"equipment": _equipment, "material": _material, "software": _software}[track](filled, width)
    _, boxes = sheet.grid(left, y + 66, widths, rows, Pen(rng.choice((9.5, 10.0, 10.5))), line=rng.choice((0.5, 0.8)))
    _sign(sheet, paper, boxes, values, day, rng)
    return paper


class _Filled:
    """The blanks of a form: what is written in each, noted for truth as it is written."""

    def __init__(self, paper: Paper, values: Values, decimals: int, rng: Random) -> None:
        self.paper, self.values, self.decimals, self.rng = paper, values, decimals, rng
        self.inked = rng.random() < 0.25
        self.pen = Pen(rng.choice((9.0, 9.5, 10.0)), colour=BLUE if self.inked else Pen().colour, latin=rng.choice(("cjk", "tiro", "tiro", "helv")))

    def raw(self, name: str) -> Any:
        return self.values.says.get(name)

    def note(self, name: str, value: str | bool) -> None:
        if value != "":
            self.paper.put(name, value)

    def cell(self, text: str, span: int = 1, rows: int = 1) -> Cell:
        return Cell(text, span, rows, pen=self.pen)

    def text(self, name: str, span: int = 1, rows: int = 1) -> Cell:
        """A name, a number, an address."""
        value = self.raw(name)
        shown = "" if value is None else str(value)
        self.note(name, shown)
        return self.cell(shown, span, rows)

    def number(self, name: str, span: int = 1, unit: str = "") -> Cell:
        value = self.raw(name)
        shown = "" if value is None else plain(Decimal(value))
        self.note(name, shown)
        return self.cell(shown + (unit if shown else ""), span)

    def percent(self, name: str, span: int = 1) -> Cell:
        """A rate under a heading that has the percent sign already; some write it again."""
        value = self.raw(name)
        shown = "" if value is None else plain(value)
        self.note(name, shown)
        return self.cell(shown + (self.rng.choice(("", "", "%")) if shown else ""), span)

    def wan(self, name: str, span: int = 1) -> Cell:
        """Yuan as 万元."""
        value = self.raw(name)
        if value is None:
            return self.cell("", span)
        shown = wan(value, self.decimals)
        self.paper.money(name, from_wan(shown), shown)
        return self.cell(shown, span)

    def contact(self, person: str, phone: str, span: int = 1) -> Cell:
        """联系人及电话 in one cell."""
        who, number = self.raw(person) or "", self.raw(phone) or ""
        self.note(person, who)
        self.note(phone, number)
        return self.cell(self.rng.choice((" ", "  ", "\n")).join(filter(None, (who, number))), span)

    def box(self, on: bool, text: str) -> str:
        return ("☑" if on else "□") + text


def _equipment(f: _Filled, width: float) -> tuple[list[Row], list[float]]:
    shares = (0.16, 0.10, 0.235, 0.06, 0.155, 0.29)
    widths = [width * s for s in shares]
    says = f.values.says
    product = Cell(
        "\n".join((f.paper.put("product_name", says["product_name"]), f.paper.put("product_model", says["product_model"])))
        if f.rng.random() < 0.5
        else f"{f.paper.put('product_name', says['product_name'])} {f.paper.put('product_model', says['product_model'])}",
        2,
        pen=f.pen,
    )
    category = says.get("product_category")
    f.note("product_category", category or "")
    ticks = Cell(
        "\n".join((f.box(category == "complete_set", "单台装备或成套设备"), f.box(category == "component", "机器人或零部件"))),
        align="left",
        pen=Pen(f.pen.size - 0.5),
    )
    year = says.get("insurance_year")
    f.note("insurance_year", year or "")
    years = Cell(f.rng.choice((" ", "\n")).join(f.box(year == str(n + 1), label) for n, label in enumerate(_YEARS)), 2, align="left", pen=Pen(9))
    users = says["users"]
    f.paper.extra["buyers"] = [{"name": name, "quantity": str(quantity)} for name, quantity in users]
    lines = [
        (f"{n + 1}.{users[n][0]}", str(users[n][1])) if n < len(users) else (f"{n + 1}." if n < 3 else "…", "")
        for n in range(max(3, len(users)) + f.rng.randint(0, 1))
    ]
    start, end = f.raw("period_start"), f.raw("period_end")
    f.note("period_start", f"{start.year}-{start.month:02}")
    f.note("period_end", f"{end.year}-{end.month:02}")
    period = f"{start.year}年{start.month}月至{end.year}年{end.month}月"
    rows: list[Row] = [
        (30, [Cell("投保企业名称"), f.text("applicant_name", 2), Cell("联系人及电话", 2), f.contact("contact_name", "contact_phone")]),
        (28, [Cell("企业银行账号"), f.text("bank_account", 2), Cell("开户银行名称", 2), f.text("bank_name")]),
        (30, [Cell("承保机构名称"), f.text("insurer_name", 2), Cell("联系人及电话", 2), f.contact("insurer_contact", "insurer_phone")]),
        (34, [Cell("投保产品名称\n及型号"), product, Cell("产品类别", 2), ticks]),
        (26, [Cell("首台套证书编号"), f.text("certificate_number", 2), Cell("所属地区", 2), f.text("district")]),
        (
            34,
            [
                Cell("投保产品具体\n情况"),
                Cell("合同销售单价\n（万元/台或套）", 1),
                f.wan("unit_price"),
                Cell("投保数量\n（台或套）", 2),
                f.number("insured_quantity"),
            ],
        ),
        (22, [Cell("投保装备用户\n\n情况", rows=len(lines) + 1), Cell("投保装备用户名称", 4), Cell("数量（台/套）")]),
        *[(22.0, [Cell(name, 4, align="left", pen=f.pen), Cell(quantity, pen=f.pen)]) for name, quantity in lines],
        (24, [Cell("投保装备数量总计（台/套）", 5), f.number("total_quantity")]),
        (26, [Cell("高端装备首台\n\n（套）保险", rows=4), Cell("保单号"), f.text("policy_number"), Cell("保险费率（%）", 2), f.percent("premium_rate")]),
        (30, [Cell("保费总金额\n（万元）"), f.wan("premium"), Cell("保险期限", 2), f.cell(period)]),
        (30, [Cell("保险年次"), years, Cell("申请补贴比例\n（%）"), f.percent("subsidy_rate")]),
        (34, [Cell("企业实缴保费金额（万元）"), f.wan("premium_paid"), Cell("申请保费补贴\n\n金额（万元）", 2), f.wan("subsidy_requested")]),
        (104, [Cell("申请单位"), Cell("", 5, key="sign")]),
        (58, [Cell("属地经信部门\n\n意见"), Cell("", 2, key="office"), Cell("属地财政\n部门意见", 2), Cell("", key="finance")]),
    ]
    return rows, widths


def _common(f: _Filled) -> list[Row]:
    return [
        (28, [Cell("投保单位名称"), f.text("applicant_name", 5)]),
        (26, [Cell("法定代表人"), f.text("legal_representative", 2), Cell("联系人"), f.text("contact_name", 2)]),
        (26, [Cell("主营业务"), f.text("main_business", 2), Cell("联系电话"), f.text("contact_phone", 2)]),
        (26, [Cell("单位地址"), f.text("address", 5)]),
        (26, [Cell("承保机构名称"), f.text("insurer_name", 5)]),
        (26, [Cell("联系人"), f.text("insurer_contact", 2), Cell("联系电话"), f.text("insurer_phone", 2)]),
    ]


def _money_rows(f: _Filled) -> list[Row]:
    start, end = f.raw("period_start"), f.raw("period_end")
    f.note("period_start", iso(start))
    f.note("period_end", iso(end))
    style = f.rng.choice(("cn", "cn", "cn0"))
    return [
        (
            32,
            [
                Cell("保险额度\n（万元）"),
                f.wan("sum_insured"),
                Cell("保费率（%）"),
                f.percent("premium_rate"),
                Cell("合同金额\n（万元）"),
                f.wan("contract_amount"),
            ],
        ),
        (32, [Cell("保费金额\n（万元）"), f.wan("premium", 2), Cell("申请补贴金额\n（万元）"), f.wan("subsidy_requested", 2)]),
        (26, [Cell("保险时间"), f.cell(f"{day_in(start, style)}至{day_in(end, style)}", 5)]),
    ]


def _user_rows(f: _Filled, label: str, use: str) -> list[Row]:
    user: dict[str, str] = {"name": f.raw("buyer_name") or ""}
    if f.raw("insured_quantity") is not None:
        user["quantity"] = plain(Decimal(f.raw("insured_quantity")))
    f.paper.extra["buyers"] = [user]
    return [
        (34, [Cell(label), f.text("buyer_name", 2), Cell("联系人"), f.text("buyer_contact", 2)]),
        (28, [Cell("单位地址"), f.text("buyer_address", 2), Cell("联系电话"), f.text("buyer_phone", 2)]),
        (46, [Cell(use), Cell(f.values.extra["usage"], 5, align="left", pen=f.pen)]),
    ]


def _tail() -> list[Row]:
    return [
        (100, [Cell("申请单位"), Cell("", 5, key="sign")]),
        (60, [Cell("属地经信部门\n意见"), Cell("", 2, key="office"), Cell("属地财政部门\n意见"), Cell("", 2, key="finance")]),
    ]


def _material(f: _Filled, width: float) -> tuple[list[Row], list[float]]:
    unit = f.values.extra["unit"] if f.rng.random() < 0.7 else ""
    rows = [
        *_common(f),
        (26, [Cell("投保新材料名称"), f.text("product_name", 2), Cell("投保数量"), f.number("insured_quantity", 2, unit)]),
        *_money_rows(f),
        (44, [Cell("投保新材料主要技术参数"), f.text("technical_parameters", 5)]),
        *_user_rows(f, "新材料用户\n单位名称", "新材料应用\n情况说明"),
        *_tail(),
    ]
    return rows, [width * s for s in (0.18, 0.16, 0.14, 0.18, 0.15, 0.19)]


def _software(f: _Filled, width: float) -> tuple[list[Row], list[float]]:
    rows = [
        *_common(f),
        (26, [Cell("投保软件名称"), f.text("product_name", 5)]),
        *_money_rows(f),
        (28, [Cell("软件产品及服务类型"), f.text("product_type", 5)]),
        *_user_rows(f, "软件用户\n单位名称", "软件应用\n情况说明"),
        *_tail(),
    ]
    return rows, [width * s for s in (0.18, 0.16, 0.14, 0.18, 0.15, 0.19)]


def _sign(sheet: Sheet, paper: Paper, boxes: dict[str, Rect], values: Values, day: Any, rng: Random) -> None:
    """The oath, the signature, the date and the seal; the offices' places, one of them sometimes stamped already."""
    x0, y0, x1, y1 = boxes["sign"]
    pen = Pen(10)
    sheet.text(x0 + 8, y0 + 18, _OATH, pen)
    agent = "投保企业法人或代理人（签名）：" if "users" in values.says else "投保企业法人（签名）："
    end = sheet.text(x0 + (x1 - x0) * 0.3, y0 + 46, agent, pen)
    signer = values.says.get("legal_representative") or values.says.get("contact_name", "")
    if rng.random() < 0.7:
        sheet.text(end + 4, y0 + 47, signer, Pen(14, colour=rng.choice((BLUE, (0.1, 0.1, 0.1)))))
    shown = day_in(day, "cn") if isinstance(day, date) and rng.random() < 0.75 else "年   月   日"
    sheet.text(x0, y1 - 14, f"{shown}（公章）", pen, "right", x1 - x0 - 30)
    for key in ("office", "finance"):
        bx = boxes[key]
        sheet.text(bx[0], bx[3] - 8, "年  月  日（盖章）", Pen(9), "right", bx[2] - bx[0] - 6)
    if values.seals:
        name = values.extra.get("seal_name", values.says["applicant_name"])
        paper.seal(sheet, name, "", x1 - rng.uniform(70, 105), min(y1 - rng.uniform(28, 46), 800.0), number=_seal_number(rng))
    district = values.says.get("district")
    if district and rng.random() < 0.2:
        bx = boxes["office"]
        paper.seal(
            sheet,
            f"宁波市{district}经济和信息化局" if district[-1] in "区县" else f"{district}经济和信息化局",
            "",
            (bx[0] + bx[2]) / 2,
            min((bx[1] + bx[3]) / 2, 790.0),
            size=112.0,
        )


def _seal_number(rng: Random) -> str:
    return f"3302{rng.randint(10**8, 10**9 - 1)}" if rng.random() < 0.5 else ""
