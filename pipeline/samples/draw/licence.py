"""Business licences (营业执照) and certificates of institutions (事业单位法人证书): landscape, framed, an emblem above, the register's seal below.

In:    the licence's values. Out: one paper of one page.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from random import Random

from pipeline.samples.case import Values
from pipeline.samples.draw.sheet import BROWN, RED, Book, Colour, Paper, Pen, Sheet
from pipeline.samples.values import WAN, day_in, in_words, iso, plain

_FRAMES: tuple[Colour, ...] = (BROWN, (0.72, 0.6, 0.3), (0.55, 0.5, 0.42))


def business_licence(book: Book, values: Values, rng: Random) -> Paper:
    """Draw the licence, upright or landscape as editions differ."""
    paper = Paper("business_licence")
    landscape = rng.random() < 0.65
    sheet = book.sheet((842.0, 595.0) if landscape else (595.0, 842.0))
    paper.sheets.append(sheet)
    says = values.says
    _frame(sheet, rng.choice(_FRAMES))
    middle = sheet.width / 2
    sheet.oval((middle - 24, 46, middle + 24, 94), RED, 2.0)
    sheet.text(0, 76, "★", Pen(20, colour=RED), "center", sheet.width)
    sheet.text(0, 136, "营业执照", Pen(34, bold=True, spacing=12), "center", sheet.width - 12)
    sheet.text(0, 158, rng.choice(("（副  本）", "（副 本）", "（副本） 1-1")), Pen(13), "center", sheet.width)
    sheet.text(64, 118 if landscape else 186, rng.choice(("统一社会信用代码", "统一社会信用代码：")), Pen(11))
    sheet.text(64, 136 if landscape else 203, paper.put("credit_code", says["credit_code"]), Pen(13, latin="helv"))
    money = _capital(paper, says["registered_capital"], rng)
    style = rng.choice(("cn", "cn0"))
    items = [
        ("名称", paper.put("company_name", says["company_name"])),
        ("类型", values.extra["kind"]),
        ("法定代表人", paper.put("legal_representative", says["legal_representative"])),
        ("经营范围", paper.put("business_scope", says["business_scope"])),
        ("注册资本", money),
        ("成立日期", day_in(says["established_on"], style)),
        ("营业期限", f"{day_in(says['established_on'], style)}至{rng.choice(('长期', '2050年12月31日'))}"),
        ("住所", paper.put("address", says["address"])),
    ]
    paper.put("established_on", iso(says["established_on"]))
    if landscape:
        _column(sheet, items[:4], 64, 206, 340, rng)
        _column(sheet, items[4:], 440, 206, 340, rng)
    else:
        order = (0, 1, 7, 2, 4, 5, 6, 3)
        _column(sheet, [items[i] for i in order], 74, 248, 440, rng)
    day = says["established_on"] + timedelta(days=rng.randint(400, 1500))
    bottom = sheet.height - 62
    x = sheet.width - 250
    sheet.text(x, bottom - 66, "登 记 机 关", Pen(13))
    sheet.text(x + 24, bottom - 4, day_in(day, "cn").replace("年", " 年 ").replace("月", " 月 ").replace("日", " 日"), Pen(12))
    sheet.text(
        40,
        sheet.height - 30,
        rng.choice(
            (
                "国家企业信用信息公示系统网址：http://www.gsxt.gov.cn",
                "http://www.gsxt.gov.cn  市场主体应当于每年1月1日至6月30日通过国家企业信用信息公示系统报送公示年度报告",
            )
        ),
        Pen(7),
    )
    sheet.text(0, sheet.height - 30, "国家市场监督管理总局监制", Pen(7), "right", sheet.width - 40)
    district = values.extra["district"]
    office = f"{'宁波市' if district[-1] in '区县' else ''}{district}市场监督管理局"
    paper.seal(sheet, office, "", x + rng.uniform(60, 110), bottom - rng.uniform(28, 44))
    return paper


def _capital(paper: Paper, amount: Decimal, rng: Random) -> str:
    """Registered capital in one of the ways licences write it."""
    in_wan = plain(amount / WAN)
    words = in_words(amount).removesuffix("元整") + "元整"
    return paper.money("registered_capital", amount, rng.choice((words, f"{in_wan}万元整", f"{in_wan}万人民币", f"{in_wan}.000000万人民币", f"人民币{words}")))


def _frame(sheet: Sheet, colour: Colour) -> None:
    for inset, width in ((18, 3.0), (24, 0.8), (28, 1.6)):
        sheet.rect((inset, inset, sheet.width - inset, sheet.height - inset), colour, width)


def _column(sheet: Sheet, items: list[tuple[str, str]], x: float, y: float, width: float, rng: Random) -> None:
    size = rng.choice((11.0, 11.5, 12.0))
    gap = 78.0
    for label, text in items:
        if len(label) < 5:  # labels are spread to five characters' width
            free = (5 - len(label)) * size / (len(label) - 1)
            sheet.text(x, y, label, Pen(size, spacing=free, bold=True))
        else:
            sheet.text(x, y, label, Pen(size, bold=True))
        y = sheet.para(x + gap, y, width - gap, text, Pen(size), 1.45) + size * 0.75
