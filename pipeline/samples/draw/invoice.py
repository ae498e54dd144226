"""VAT invoices for the goods and for the premium: paper special and ordinary invoices, electronic ordinary ones, alone or on an A4 sheet.

In:    the invoice's values, both parties, the tax rate; a random.Random for edition and layout.
Out:   one paper of one page.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from pipeline.samples import numbers
from pipeline.samples.case import Values
from pipeline.samples.draw.sheet import A4, BLACK, BLUE, BROWN, GREEN, RED, Book, Cell, Colour, Paper, Pen, Row, Sheet
from pipeline.samples.values import cents, day_in, in_words, iso, plain
from pipeline.samples.world import Company, Insurer

_SLIP = (684.0, 396.0)
_COPIES = ("第三联：发票联 购买方记账凭证", "第二联：抵扣联 购买方扣税凭证", "第一联：记账联 销售方记账凭证")


@dataclass(frozen=True)
class _Edition:
    """A kind of invoice: its heading and whether it is a paper slip with a copy's name at the side."""

    heading: str
    electronic: bool
    colours: tuple[Colour, ...]


_SALES = (
    _Edition("{p}增值税专用发票", False, (BROWN, GREEN)),
    _Edition("{p}增值税专用发票", False, (BROWN, GREEN)),
    _Edition("{p}增值税普通发票", False, (BROWN,)),
    _Edition("{p}增值税电子普通发票", True, (BROWN,)),
)
_PREMIUM = (
    _Edition("{p}增值税专用发票", False, (BROWN, GREEN)),
    _Edition("{p}增值税电子普通发票", True, (BROWN,)),
    _Edition("{p}增值税普通发票", False, (BROWN,)),
    _Edition("{p}增值税电子专用发票", True, (BROWN,)),
)
_PREMIUM_ITEMS = ("*保险服务*保险费", "*保险服务*保费", "*保险服务*财产保险费", "*保险服务*{i}")


def sales_invoice(book: Book, values: Values, rng: Random) -> Paper:
    """The seller's invoice for the goods; accessories have lines of their own."""
    paper = Paper("sales_invoice")
    says, extra = values.says, values.extra
    product = paper.put("product_name", says["product_name"])
    rate = extra["tax_rate"]
    lines: list[tuple[str, ...]] = []
    rest = says["amount_excluding_tax"]
    tax_rest = says["tax_amount"]
    for name, count, each in extra["accessories"]:
        net = cents(each * count * 100 / (100 + rate))
        tax = cents(net * rate / 100)
        lines.append((f"*通用设备*{name}", "配套", "台", str(count), _price(net / count), plain2(net), plain2(tax)))
        rest, tax_rest = rest - net, tax_rest - tax
    quantity = paper.put("quantity", plain(Decimal(says["quantity"])))
    model = extra["model"] if rng.random() < 0.8 else ""
    star = f"*{extra['tax']}*{product}" if rng.random() < 0.85 else product
    lines.insert(0, (star, model, extra["unit"], quantity, _price(rest / says["quantity"]), plain2(rest), plain2(tax_rest)))
    paper.money("amount_excluding_tax", says["amount_excluding_tax"], "")
    paper.money("tax_amount", says["tax_amount"], "")
    note = rng.choice(("", f"合同金额{plain(says['total_amount'])}元", "含安装调试费"))
    return _draw(book, paper, values, lines, (says["amount_excluding_tax"], says["tax_amount"]), note, rng.choice(_SALES), rng)


def premium_invoice(book: Book, values: Values, rng: Random) -> Paper:
    """The insurer's invoice for a premium or an instalment of it."""
    paper = Paper("premium_invoice")
    extra = values.extra
    net = extra["net"]
    tax = values.says["total_amount"] - net
    item = rng.choice(_PREMIUM_ITEMS).replace("{i}", extra["product"][:14])
    quantity, price = ("1", _price(net)) if rng.random() < 0.5 else ("", "")
    note = rng.choice(
        (f"保单号：{extra['policy_number']}", f"保险单号 {extra['policy_number']} 保费", f"保单号{extra['policy_number']}\n险种：{extra['product']}", "")
    )
    return _draw(
        book, paper, values, [(item, "", rng.choice(("", "份")), quantity, price, plain2(net), plain2(tax))], (net, tax), note, rng.choice(_PREMIUM), rng
    )


def _price(value: Decimal) -> str:
    return plain(value.quantize(Decimal("0.00000001")))


def plain2(amount: Decimal) -> str:
    return format(cents(amount), "f")


def _draw(
    book: Book, paper: Paper, values: Values, lines: list[tuple[str, ...]], sums: tuple[Decimal, Decimal], note: str, edition: _Edition, rng: Random
) -> Paper:
    on_a4 = edition.electronic and rng.random() < 0.4
    sheet = book.sheet((A4[0], A4[1]) if on_a4 else _SLIP)
    paper.sheets.append(sheet)
    paper.can_be_digital = edition.electronic
    scale = (sheet.width - 2 * 24) / (_SLIP[0] - 2 * 30)
    x = 24.0 if on_a4 else 30.0
    width = sheet.width - 2 * x
    form = rng.choice(edition.colours)
    ink = rng.choice((BLACK, BLUE)) if not edition.electronic else BLACK
    label = Pen(8.2 * scale, colour=form)
    typed = Pen(8.6 * scale, colour=ink, latin=rng.choice(("cour", "cour", "cjk", "helv")))
    y = _heading(sheet, paper, values, edition, form, typed, rng, x, width, scale)
    bottom = _body(sheet, paper, values, lines, sums, note, label, typed, form, x, y, width, scale, rng)
    people = values.extra["people"]
    for n, (role, name) in enumerate(zip(("收款人：", "复核：", "开票人："), people, strict=True)):
        end = sheet.text(x + 10 + n * width * 0.23, bottom + 14 * scale, role, label)
        sheet.text(end, bottom + 14 * scale, name, typed)
    sheet.text(x + width * 0.76, bottom + 14 * scale, "销售方：（章）", label)
    if not edition.electronic:
        sheet.text(x + width + 4, y + 20, "", label)
        copy = rng.choice(_COPIES[:2])
        for n, c in enumerate(copy):
            sheet.text(sheet.width - x + 6, y + 26 + n * 11.5, c, Pen(7, colour=form))
    if values.seals:
        seller: Company | Insurer = values.extra["seller"]
        name = values.says["seller_name"]
        paper.seal(
            sheet,
            name,
            "发票专用章",
            min(x + width * rng.uniform(0.76, 0.86), sheet.width - 66),
            bottom - rng.uniform(14, 34) * scale,
            shape="oval",
            size=114 * scale * 0.95,
            number=seller.credit_code,
        )
    return paper


def _heading(
    sheet: Sheet, paper: Paper, values: Values, edition: _Edition, form: Colour, typed: Pen, rng: Random, x: float, width: float, scale: float
) -> float:
    """Heading, code, number and date. Returns where the table begins."""
    says, extra = values.says, values.extra
    top = 44 * scale + (30 if sheet.height > 500 else 0)
    title = edition.heading.replace("{p}", rng.choice(("宁波", "宁波", "浙江")))
    pen = Pen(19 * scale, colour=form, bold=True, spacing=2)
    sheet.text(x, top, title, pen, "center", width)
    wide = pen.width(title)
    for offset in (6, 9):
        sheet.line(x + (width - wide) / 2 - 6, top + offset * scale, x + (width + wide) / 2 + 6, top + offset * scale, form, 0.8)
    number, day = paper.put("invoice_number", says["invoice_number"]), says["invoice_date"]
    paper.put("invoice_date", iso(day))
    shown = day_in(day, "cn0")
    label = Pen(8.6 * scale, colour=form)
    if edition.electronic:
        right = x + width - 168 * scale
        rows = (
            ("发票代码：", "0" + extra["code"][:11]),
            ("发票号码：", number),
            ("开票日期：", shown if rng.random() < 0.5 else shown.replace("年", " 年 ").replace("月", " 月 ").replace("日", " 日")),
            ("校 验 码：", numbers.fill(rng, "##### ##### ##### #####")),
        )
        for n, (name, value) in enumerate(rows):
            end = sheet.text(right, top - 14 * scale + n * 13 * scale, name, label)
            sheet.text(end, top - 14 * scale + n * 13 * scale, value, typed)
        sheet.text(x, top + 22 * scale, f"机器编号：{numbers.fill(rng, '66########0#')}", typed)
        return top + 34 * scale
    sheet.text(x + 10, top, extra["code"], Pen(13 * scale, colour=BLACK, latin="helv"))
    end = sheet.text(x + width - 150 * scale, top, "№ ", Pen(13 * scale, colour=RED))
    sheet.text(end, top, number, Pen(15 * scale, colour=BLUE if rng.random() < 0.5 else BLACK, latin="helv"))
    sheet.text(x + width - 66 * scale, top + 13 * scale, extra["code"], typed)
    sheet.text(x + width - 66 * scale, top + 23 * scale, number, typed)
    end = sheet.text(x + width - 190 * scale, top + 28 * scale, "开票日期：", label)
    sheet.text(end, top + 28 * scale, shown, typed)
    return top + 36 * scale


def _party(company: Company | Insurer) -> str:
    return f"{company.address} {company.phone}"


def _body(
    sheet: Sheet,
    paper: Paper,
    values: Values,
    lines: list[tuple[str, ...]],
    sums: tuple[Decimal, Decimal],
    note: str,
    label: Pen,
    typed: Pen,
    form: Colour,
    x: float,
    y: float,
    width: float,
    scale: float,
    rng: Random,
) -> float:
    """The ruled part: buyer, lines, totals, seller. Returns its lower edge."""
    says, extra = values.says, values.extra
    buyer_height, seller_height = 58 * scale, 58 * scale
    middle = x + width * 0.60
    band = 18 * scale

    def upright(text: str, left: float, top: float, height: float) -> None:
        step = min(label.size * 1.25, height / len(text))
        for n, c in enumerate(text):
            sheet.text(left, top + (height - step * len(text)) / 2 + (n + 0.85) * step, c, label, "center", band)

    def party(company: Company | Insurer, name: str, top: float) -> None:
        rows = (
            ("名        称：", name),
            ("纳税人识别号：", company.credit_code),
            ("地 址、电 话：", _party(company)),
            ("开户行及账号：", f"{company.bank} {company.account}"),
        )
        for n, (head, value) in enumerate(rows):
            base = top + (n + 0.85) * 13.6 * scale
            sheet.text(x + band + 4, base, head.replace("        ", "　　"), label)
            pen = typed if n else typed.but(size=typed.size * 1.05)
            room = middle - x - band - 4 - 62 * scale
            small = pen.but(size=min(pen.size, pen.size * room / max(1.0, pen.width(value))))
            sheet.text(x + band + 64 * scale, base, value, small)

    sheet.rect((x, y, x + width, y + buyer_height), form)
    sheet.line(x + band, y, x + band, y + buyer_height, form)
    sheet.line(middle, y, middle, y + buyer_height, form)
    sheet.line(middle + band, y, middle + band, y + buyer_height, form)
    upright("购买方", x, y, buyer_height)
    upright("密码区", middle, y, buyer_height)
    party(extra["buyer"], paper.put("buyer_name", says["buyer_name"]), y)
    for n in range(4):
        sheet.text(
            middle + band + 6,
            y + (n + 0.85) * 13.4 * scale,
            "".join(rng.choice("0123456789+-*/<>") for _ in range(28)),
            Pen(8.4 * scale, colour=typed.colour, latin="cour"),
        )
    y += buyer_height
    shares = (0.27, 0.12, 0.06, 0.10, 0.13, 0.145, 0.055, 0.12)
    widths = [width * s for s in shares]
    heads = ("货物或应税劳务、服务名称", "规格型号", "单 位", "数 量", "单 价", "金 额", "税率", "税 额")
    height = max(96.0, 26.0 * len(lines) + 34) * scale
    left = x
    for w, head in zip(widths, heads, strict=True):
        sheet.rect((left, y, left + w, y + height), form)
        sheet.text(left, y + 12 * scale, head, label, "center", w)
        left += w
    row = y + 26 * scale
    rate = f"{plain(extra['tax_rate'])}%"
    for name, model, unit, quantity, price, net, tax in lines:
        sheet.cell_text((x, row - 9 * scale, x + widths[0], row + 18 * scale), Cell(name, align="left", valign="top"), typed, 2)
        left = x + widths[0]
        for w, value, right in zip(widths[1:], (model, unit, quantity, price, net, rate, tax), (False, False, True, True, True, False, True), strict=True):
            small = typed.but(size=min(typed.size, typed.size * (w - 4) / max(1.0, typed.width(value))))
            sheet.text(left + 2, row, value, small, "right" if right else "center", w - 4)
            left += w
        row += 26 * scale
    base = y + height - 5 * scale
    sheet.text(x, base, "合          计".replace("  ", "　"), label, "center", widths[0])
    sheet.text(x + sum(widths[:5]), base, "¥" + plain2(sums[0]), typed, "right", widths[5] - 3)
    sheet.text(x + sum(widths[:7]), base, "¥" + plain2(sums[1]), typed, "right", widths[7] - 3)
    y += height
    total = paper.money("total_amount", says["total_amount"], plain2(says["total_amount"]))
    rows: list[Row] = [
        (
            20 * scale,
            [
                Cell("价税合计（大写）", pen=label),
                Cell(f" {in_words(extra['words'])}", align="left", pen=typed.but(size=typed.size * 1.1)),
                Cell(f"（小写）¥{total}", align="left", pen=typed.but(size=typed.size * 1.1)),
            ],
        )
    ]
    y, _ = sheet.grid(x, y, [widths[0], width * 0.43, width - widths[0] - width * 0.43], rows, label, form)
    sheet.rect((x, y, x + width, y + seller_height), form)
    for at in (x + band, middle, middle + band):
        sheet.line(at, y, at, y + seller_height, form)
    upright("销售方", x, y, seller_height)
    upright("备注", middle, y, seller_height)
    party(extra["seller"], paper.put("seller_name", says["seller_name"]), y)
    sheet.cell_text((middle + band, y, x + width, y + seller_height), Cell(note, align="left", valign="top"), typed.but(size=typed.size * 0.95))
    return y + seller_height
