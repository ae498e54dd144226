"""Bank receipts for the premium: electronic receipts of several banks, a transfer voucher, a plain list of labels.

In:    the voucher's values, payer and payee with their accounts. Out: one paper of one page.
"""

from __future__ import annotations

from random import Random

from pipeline.samples import numbers
from pipeline.samples.case import Values
from pipeline.samples.draw.sheet import A4, BLACK, BLUE, GREY, RED, Book, Cell, Colour, Paper, Pen, Row, Sheet
from pipeline.samples.values import day_in, grouped, in_words, iso, plain

_TITLES = ("电子回单", "客户专用回单", "网上银行电子回单", "业务回单（付款）", "转账汇款回单", "国内支付业务付款回单", "电子银行业务回单（付款）")
_COLOURS: tuple[Colour, ...] = (RED, (0.0, 0.25, 0.55), (0.0, 0.45, 0.38), (0.55, 0.1, 0.15), BLACK)
_PURPOSES = ("保险费", "支付保费", "首台套保险费", "保费", "付保险费")


def payment_voucher(book: Book, values: Values, rng: Random) -> Paper:
    """Draw the receipt in one of four layouts."""
    paper = Paper("payment_voucher", can_be_digital=True)
    says = values.says
    size = rng.choice((A4, A4, (680.0, 340.0), (595.0, 421.0)))
    sheet = book.sheet(size)
    paper.sheets.append(sheet)
    bank = values.extra["payer"].bank
    colour = rng.choice(_COLOURS)
    x, width = 44.0, sheet.width - 88.0
    y = 46.0
    brand = bank.split("股份")[0] if "股份" in bank else bank.split("宁波")[0] if not bank.startswith("宁波") else "宁波银行"
    sheet.oval((x, y - 14, x + 18, y + 4), colour, 2.4)
    sheet.text(x + 24, y, brand, Pen(14, colour=colour, bold=True))
    sheet.text(0, y + 6 if rng.random() < 0.5 else y + 24, rng.choice(_TITLES), Pen(15, bold=True), "center", sheet.width)
    paper.put("payer_name", says["payer_name"])
    paper.put("payee_name", says["payee_name"])
    paper.put("paid_on", iso(says["paid_on"]))
    paper.put("voucher_number", says["voucher_number"])
    paper.money("amount", says["amount"], "")
    bottom = rng.choice((_pairs, _two_columns, _list, _slip))(sheet, values, x, y + 44, width, rng)
    sheet.text(
        x,
        bottom + 18,
        rng.choice(
            ("重要提示：本回单不作为收款方发货依据，请勿重复记账。", "说明：本回单由网上银行打印，可至开户行柜面核实。", "打印次数：1  打印方式：客户自助")
        ),
        Pen(7.5, colour=GREY),
    )
    seal = rng.choice(("电子回单专用章", "业务专用章", "回单专用章", "电子凭证专用章"))
    paper.seal(
        sheet, bank, seal, x + width * rng.uniform(0.78, 0.88), min(bottom - rng.uniform(0, 26), sheet.height - 62), size=rng.choice((96.0, 104.0, 112.0))
    )
    return paper


def _day(values: Values, rng: Random, style: str = "") -> str:
    return day_in(values.says["paid_on"], style or rng.choice(("dash", "cn0", "slash", "cn")))


def _sum(values: Values, rng: Random) -> tuple[str, str]:
    """Figures and words."""
    amount = values.says["amount"]
    figures = rng.choice(
        (
            grouped(amount),
            f"¥{grouped(amount)}",
            f"CNY {grouped(amount)}",
            f"￥{grouped(amount)}",
            plain(amount) if amount != amount.to_integral() else f"{plain(amount)}.00",
        )
    )
    return figures, in_words(values.extra["words"])


def _pairs(sheet: Sheet, values: Values, x: float, y: float, width: float, rng: Random) -> float:
    """Payer on the left, payee on the right, in a ruled table with upright side headings."""
    says, payer, payee = values.says, values.extra["payer"], values.extra["payee"]
    figures, words = _sum(values, rng)
    pen = Pen(9.2, latin=rng.choice(("cjk", "helv")))
    sheet.text(x, y - 6, f"{rng.choice(('电子回单号码', '回单编号', '凭证号'))}：{says['voucher_number']}", pen)
    sheet.text(x, y - 6, f"{rng.choice(('交易日期', '日期', '记账日期'))}：{_day(values, rng)}", pen, "right", width)
    labels = rng.choice(
        (
            ("付款人", "收款人", "户  名", "账  号", "开户行"),
            ("付款方", "收款方", "全称", "账号", "开户银行"),
            ("付\n款\n人", "收\n款\n人", "户名", "账号", "开户行名称"),
        )
    )
    rows: list[Row] = [
        (
            26,
            [
                Cell(labels[0], rows=3),
                Cell(labels[2]),
                Cell(says["payer_name"], align="left"),
                Cell(labels[1], rows=3),
                Cell(labels[2]),
                Cell(says["payee_name"], align="left"),
            ],
        ),
        (22, [Cell(labels[3]), Cell(payer.account, align="left"), Cell(labels[3]), Cell(payee.account, align="left")]),
        (24, [Cell(labels[4]), Cell(payer.bank, align="left"), Cell(labels[4]), Cell(payee.bank, align="left")]),
        (24, [Cell(rng.choice(("金额", "交易金额", "金 额")), 2), Cell(f"人民币（大写）：{words}", 2, align="left"), Cell(figures, 2)]),
        (
            22,
            [
                Cell("摘要", 2),
                Cell(rng.choice(_PURPOSES), align="left"),
                Cell(rng.choice(("用途", "附言")), 2),
                Cell(rng.choice((*_PURPOSES, f"保单{values.extra['policy_number']}")), align="left"),
            ],
        ),
        (
            22,
            [
                Cell("交易流水号", 2),
                Cell(numbers.fill(rng, "##############"), align="left"),
                Cell("时间戳", 2),
                Cell(f"{_day(values, rng, 'dash')} {values.extra['time']}", align="left"),
            ],
        ),
    ]
    bottom, _ = sheet.grid(x, y, [width * s for s in (0.07, 0.1, 0.33, 0.07, 0.1, 0.33)], rows, pen, line=0.6)
    return bottom


def _two_columns(sheet: Sheet, values: Values, x: float, y: float, width: float, rng: Random) -> float:
    """Labels and values in two unruled columns, a line above and below."""
    says, payer, payee = values.says, values.extra["payer"], values.extra["payee"]
    figures, words = _sum(values, rng)
    pen = Pen(9.5, latin=rng.choice(("cjk", "helv", "tiro")))
    sheet.line(x, y - 4, x + width, y - 4)
    kinds = rng.choice(
        (
            ("付款方户名", "收款方户名", "付款方账号", "收款方账号", "付款方开户行", "收款方开户行"),
            ("付款人名称", "收款人名称", "付款人账号", "收款人账号", "付款行名称", "收款行名称"),
        )
    )
    pairs = [
        ((kinds[0], says["payer_name"]), (kinds[1], says["payee_name"])),
        ((kinds[2], payer.account), (kinds[3], payee.account)),
        ((kinds[4], payer.bank), (kinds[5], payee.bank)),
        ((rng.choice(("金额（小写）", "交易金额")), figures), ("币种", "人民币")),
        (("金额（大写）", words), ("手续费", "0.00")),
        ((rng.choice(("交易日期", "交易时间")), _day(values, rng)), (rng.choice(("回单编号", "流水号", "交易流水号")), says["voucher_number"])),
        (("用途", rng.choice(_PURPOSES)), ("业务类型", rng.choice(("跨行汇款", "行内转账", "大额支付")))),
    ]
    half = width / 2
    for left, right in pairs:
        low = y
        for at, (label, value) in ((x, left), (x + half, right)):
            sheet.text(at, y + 14, f"{label}：", pen)
            low = max(low, sheet.para(at + 72, y + 14, half - 78, value, pen, 1.25))
        y = max(y + 22, low - 4)
    sheet.line(x, y + 6, x + width, y + 6)
    return y + 8


def _list(sheet: Sheet, values: Values, x: float, y: float, width: float, rng: Random) -> float:
    """One label a line."""
    says, payer, payee = values.says, values.extra["payer"], values.extra["payee"]
    figures, words = _sum(values, rng)
    rows = [
        (rng.choice(("电子回单号", "业务编号", "凭证编号")), says["voucher_number"]),
        ("付款人户名", says["payer_name"]),
        ("付款人账号", payer.account),
        ("付款人开户行", payer.bank),
        ("收款人户名", says["payee_name"]),
        ("收款人账号", payee.account),
        ("收款人开户行", payee.bank),
        (rng.choice(("转账金额", "交易金额", "金额")), f"{figures}    大写：{words}"),
        (rng.choice(("交易日期", "转账日期", "记账日期")), _day(values, rng)),
        ("交易状态", "交易成功"),
        ("摘要", rng.choice(_PURPOSES)),
    ]
    shade = rng.random() < 0.4
    pen = Pen(9.8, colour=rng.choice((BLACK, BLUE)))
    step = min(23.0, (sheet.height - y - 60) / len(rows))
    for n, (label, value) in enumerate(rows):
        if shade and n % 2 == 0:
            sheet.rect((x, y, x + width, y + step), None, 0, (0.94, 0.95, 0.97))
        sheet.text(x + 6, y + step * 0.7, label + rng.choice(("：", ":", "")), pen)
        sheet.text(x + 110, y + step * 0.7, value, pen)
        y += step
    return y


def _slip(sheet: Sheet, values: Values, x: float, y: float, width: float, rng: Random) -> float:
    """A transfer slip: date in the middle, amount in squares' place, narrow rows."""
    says, payer, payee = values.says, values.extra["payer"], values.extra["payee"]
    figures, words = _sum(values, rng)
    pen = Pen(9.0)
    sheet.text(x, y - 6, f"{rng.choice(('委托日期', '入账日期'))} {_day(values, rng, 'cn0')}", pen, "center", width)
    sheet.text(x, y - 6, f"No. {says['voucher_number']}", pen.but(colour=RED if rng.random() < 0.4 else BLACK), "right", width)
    rows: list[Row] = [
        (24, [Cell("付款人全称"), Cell(says["payer_name"], align="left"), Cell("收款人全称"), Cell(says["payee_name"], align="left")]),
        (22, [Cell("付款人账号"), Cell(payer.account, align="left"), Cell("收款人账号"), Cell(payee.account, align="left")]),
        (24, [Cell("汇出行名称"), Cell(payer.bank, align="left"), Cell("汇入行名称"), Cell(payee.bank, align="left")]),
        (28, [Cell("金额\n（大写）"), Cell(f"人民币{words}", 2, align="left"), Cell(figures)]),
        (34, [Cell("附加信息及用途：" + rng.choice(_PURPOSES), 2, align="left"), Cell(f"经办 {values.extra['time']}", 2, align="left")]),
    ]
    bottom, _ = sheet.grid(x, y, [width * s for s in (0.13, 0.37, 0.13, 0.37)], rows, pen, rng.choice((BLACK, (0.4, 0.25, 0.2))))
    return bottom
