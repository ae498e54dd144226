"""Insurance policies (保险单): a ruled schedule, a list of labels, a table of covers, a letter-like layout; often a page of clauses behind.

In:    the policy's values, the insurer, what is covered. Out: one paper of one to three pages.
"""

from __future__ import annotations

from random import Random

from pipeline.samples import numbers
from pipeline.samples.case import Values
from pipeline.samples.draw.sheet import A4, BLACK, GREY, RED, Book, Cell, Colour, Paper, Pen, Row, Sheet
from pipeline.samples.values import day_in, grouped, in_words, iso, plain

_COLOURS: tuple[Colour, ...] = (RED, (0.85, 0.35, 0.0), (0.0, 0.3, 0.6), (0.0, 0.4, 0.35), BLACK)
_SPECIAL = (
    "每次事故绝对免赔额为人民币10000元或损失金额的10%，两者以高者为准。",
    "保险人在赔偿限额内负责赔偿，累计赔偿不超过本保单载明的责任限额。",
    "投保人应在保险合同成立后{n}日内足额缴纳保险费，未按约定缴纳的，保险人不承担保险责任。",
    "本保单仅承保投保人向约定用户销售的保险产品，用户清单以保单附件为准。",
    "发生保险事故时，被保险人应在48小时内通知保险人，并保护现场、提供有关单证。",
    "本保险适用中华人民共和国法律，争议由保险单签发地人民法院管辖。",
)
_CLAUSES = (
    "在保险期间内，被保险人制造并销售的保险产品因存在缺陷，造成用户要求修理、更换或退货的，保险人依照本合同的约定负责赔偿相应费用。",
    "在保险期间内，因保险产品存在缺陷造成用户或第三者人身伤亡、财产损失，依法应由被保险人承担的赔偿责任，保险人按照约定负责赔偿。",
    "保险事故发生后，被保险人因保险事故被提起仲裁或者诉讼的，应由被保险人支付的仲裁或诉讼费用，经保险人书面同意的，保险人负责赔偿。",
    "下列原因造成的损失、费用和责任，保险人不负责赔偿：投保人、被保险人的故意行为；战争、敌对行为、军事行动；核辐射、核污染；行政行为或司法行为。",
    "罚款、罚金及惩罚性赔偿，任何间接损失，以及保险单载明的免赔额，保险人不负责赔偿。",
    "被保险人应严格遵守国家有关产品质量的法律法规，对产品进行出厂检验，并保存完整的检验记录。",
    "保险人收到被保险人的赔偿请求后，应及时作出核定；情形复杂的，应在三十日内作出核定。",
    "投保人故意或者因重大过失未履行如实告知义务，足以影响保险人决定是否同意承保的，保险人有权解除保险合同。",
    "保险标的危险程度显著增加的，被保险人应及时通知保险人，保险人可以增加保险费或者解除合同。",
    "本合同成立后，投保人可以随时书面申请解除合同，保险人按日比例退还未满期保险费。",
)


def insurance_policy(book: Book, values: Values, rng: Random) -> Paper:
    """Draw the policy; the premium always stands in words too."""
    paper = Paper("insurance_policy", can_be_digital=rng.random() < 0.5)
    sheet = book.sheet()
    paper.sheets.append(sheet)
    insurer = values.extra["insurer"]
    colour = rng.choice(_COLOURS)
    p = _Printed(paper, values, rng)
    sheet.oval((56, 34, 76, 54), colour, 2.6)
    sheet.text(82, 50, rng.choice((insurer.short, insurer.head)), Pen(14, colour=colour, bold=True))
    title = rng.choice(
        (
            f"{p.product_line}保险单" if not p.product_line.endswith("保险") else f"{p.product_line}单",
            p.product_line + "\n保险单",
            "保险单\n" + p.product_line,
            p.product_line + " 保险单（正本）",
        )
    )
    y = 88.0
    for line in title.split("\n"):
        sheet.text(0, y, line, Pen(16 if len(line) < 20 else 14, bold=True), "center", A4[0])
        y += 22
    label = rng.choice(("保险单号：", "保单号码：", "保险单号码：", "保单号："))
    sheet.text(56, y + 4, f"{label}{p.number}", Pen(10.5, latin=rng.choice(("cjk", "helv"))), rng.choice(("left", "right")), A4[0] - 112)
    y += 16
    bottom = rng.choice((_schedule, _labels, _numbered, _sections))(sheet, p, y, rng)
    bottom = _special(sheet, bottom + 14, rng)
    pages = 1
    if rng.random() < 0.6:
        pages += 1
        _clauses(book, paper, rng, p.product_line)
    last = paper.sheets[-1] if pages > 1 and rng.random() < 0.3 else sheet
    _foot(last, paper, values, bottom + 10 if last is sheet else 640.0, rng)
    return paper


class _Printed:
    """The policy's values as printed, noted for truth."""

    def __init__(self, paper: Paper, values: Values, rng: Random) -> None:
        says, extra = values.says, values.extra
        self.extra, self.rng = extra, rng
        self.number = paper.put("policy_number", says["policy_number"])
        self.insurer = paper.put("insurer_name", says["insurer_name"])
        self.holder = paper.put("policyholder_name", says["policyholder_name"])
        self.insured = paper.put("insured_name", says["insured_name"])
        self.product_line = paper.put("insurance_product", says["insurance_product"])
        self.goods = paper.put("product_name", says["product_name"])
        comma = rng.random() < 0.8
        self.sum = paper.money("sum_insured", says["sum_insured"], grouped(says["sum_insured"]) if comma else f"{says['sum_insured']:.2f}")
        self.premium = paper.money("premium", says["premium"], grouped(says["premium"]) if comma else f"{says['premium']:.2f}")
        self.words, self.sum_words = in_words(extra["words"]), in_words(extra["total_words"])
        self.rate = paper.put("premium_rate", plain(says["premium_rate"])) + "%"
        paper.put("period_start", iso(says["period_start"]))
        paper.put("period_end", iso(says["period_end"]))
        start, end = says["period_start"], says["period_end"]
        style = rng.choice(("cn", "cn0"))
        self.period = rng.choice(
            (
                f"自{day_in(start, style)}零时起至{day_in(end, style)}二十四时止",
                f"自 {day_in(start, style)}00:00时起至 {day_in(end, style)}24:00时止",
                f"{day_in(start, 'dash')} 00:00:00 至 {day_in(end, 'dash')} 23:59:59",
                f"共12个月，自{day_in(start, style)}0时起，至{day_in(end, style)}24时止",
            )
        )
        self.start, self.end = day_in(start, style), day_in(end, style)
        self.model = extra["model"]
        self.address, self.phone = extra["applicant"].address, extra["applicant"].phone
        self.goods_row = f"{self.goods} {self.model}" if rng.random() < 0.25 else self.goods
        self.limit = rng.choice(("责任限额", "保险金额", "累计责任限额", "保险金额/责任限额", "总保险金额"))
        self.fee = rng.choice(("保险费", "总保险费", "保费合计", "应缴保险费"))

    def covers(self) -> list[tuple[str, str, str]]:
        """Each cover with its limit and excess: the first has the policy's limit, others are within it."""
        return [
            (name, self.sum if n == 0 else "包含在内", self.rng.choice(("无", "1万元", "5%", "损失金额的10%"))) for n, name in enumerate(self.extra["covers"])
        ]


def _schedule(sheet: Sheet, p: _Printed, y: float, rng: Random) -> float:
    """A fully ruled table, four columns."""
    pen = Pen(9.6, latin=rng.choice(("cjk", "helv")))
    covers = p.covers()
    rows: list[Row] = [
        (26, [Cell("投保人"), Cell(p.holder, align="left"), Cell("联系电话"), Cell(p.phone)]),
        (26, [Cell("被保险人"), Cell(p.insured, align="left"), Cell("组织机构代码"), Cell(p.extra["applicant"].credit_code, pen=pen.but(size=8.0))]),
        (26, [Cell("地址"), Cell(p.address, 3, align="left")]),
        (30, [Cell(rng.choice(("保险产品", "投保产品名称", "被保险产品名称"))), Cell(p.goods_row, align="left"), Cell("规格型号"), Cell(p.model)]),
        (26, [Cell("约定用户"), Cell("、".join(p.extra["buyers"]), 3, align="left")]),
        (26, [Cell(p.limit), Cell(f"人民币{p.sum_words}（¥{p.sum}）", 3, align="left")]),
        (26, [Cell(rng.choice(("费率", "保险费率", "年费率"))), Cell(p.rate, align="left"), Cell("币种"), Cell("人民币")]),
        (26, [Cell(p.fee), Cell(f"（大写）人民币{p.words}  （小写）¥{p.premium}", 3, align="left")]),
        (26, [Cell("保险期间"), Cell(p.period, 3, align="left")]),
        (22, [Cell("承保险别"), Cell("每次及累计限额（元）", 2), Cell("免赔")]),
        *[(22.0, [Cell(name, align="left"), Cell(limit, 2), Cell(excess)]) for name, limit, excess in covers],
    ]
    bottom, _ = sheet.grid(56, y, [96, 214, 72, 101], rows, pen)
    return bottom


def _labels(sheet: Sheet, p: _Printed, y: float, rng: Random) -> float:
    """Labels and values, one a line, no rules."""
    pen = Pen(10.2, latin=rng.choice(("cjk", "tiro")))
    sheet.line(56, y, 539, y, RED if rng.random() < 0.4 else BLACK, 1.2)
    y += 20
    pairs = [
        ("投保人", p.holder),
        ("被保险人", p.insured),
        ("被保险人地址", p.address),
        (rng.choice(("保险标的", "承保产品", "产品名称")), p.goods_row),
        ("产品型号", p.model),
        (p.limit, f"人民币 {p.sum} 元"),
        (rng.choice(("保险费率", "费率")), p.rate),
        (p.fee, f"人民币 {p.premium} 元（大写：{p.words}）"),
        ("保险期间", p.period),
        ("司法管辖", "中华人民共和国（不含港澳台地区）"),
    ]
    for label, value in pairs:
        sheet.text(60, y, f"{label}：", pen.but(bold=rng.random() < 0.1))
        y = sheet.para(170, y, 366, value, pen, 1.35) + 5
    y = sheet.para(60, y + 2, 470, "承保责任：" + "；".join(f"{n + 1}. {name}" for n, (name, _, _) in enumerate(p.covers())), pen)
    sheet.line(56, y, 539, y)
    return y


def _numbered(sheet: Sheet, p: _Printed, y: float, rng: Random) -> float:
    """Numbered items in a letter-like text, the cover's table between."""
    pen = Pen(10.2)
    y += 12
    y = sheet.para(
        56,
        y,
        483,
        f"鉴于投保人{p.holder}已向本公司投保{p.product_line}，并按约定缴付保险费，本公司同意按照保险条款及特别约定承担保险责任，特立本保险单。",
        pen,
        indent=2,
    )
    items = [
        f"投保人：{p.holder}",
        f"被保险人：{p.insured}",
        f"投保产品：{p.goods_row}（型号：{p.model}）",
        f"保险期间：{p.period}",
        f"{p.limit}：¥{p.sum}元（大写：{p.sum_words}）",
        f"保险费率：{p.rate}",
        f"{p.fee}：¥{p.premium}元（大写：人民币{p.words}）",
    ]
    for n, item in enumerate(items):
        y = sheet.para(64, y + 3, 470, f"{'一二三四五六七八'[n]}、{item}", pen, 1.5)
    rows: list[Row] = [(22, ["序号", "保障项目", "限额（元）", "免赔额"]), *[(24.0, [str(n + 1), *cover]) for n, cover in enumerate(p.covers())]]
    bottom, _ = sheet.grid(64, y + 2, [44, 200, 130, 96], rows, pen.but(size=9.6))
    return bottom


def _sections(sheet: Sheet, p: _Printed, y: float, rng: Random) -> float:
    """Sections with side headings over several rows."""
    pen = Pen(9.6, latin=rng.choice(("cjk", "helv")))
    covers = p.covers()
    rows: list[Row] = [
        (24, [Cell("投\n保\n人", rows=2), Cell("名称"), Cell(p.holder, 2, align="left")]),
        (24, [Cell("地址"), Cell(p.address, 2, align="left")]),
        (24, [Cell("被\n保\n险\n人", rows=2), Cell("名称"), Cell(p.insured, 2, align="left")]),
        (24, [Cell("联系方式"), Cell(p.phone, 2, align="left")]),
        (24, [Cell("保\n险\n标\n的", rows=3), Cell("产品名称"), Cell(p.goods, 2, align="left")]),
        (24, [Cell("规格型号"), Cell(p.model, 2, align="left")]),
        (24, [Cell("投保数量"), Cell(f"{p.extra['quantity']}{p.extra['unit']}", 2, align="left")]),
        (24, [Cell("承\n保\n内\n容", rows=len(covers) + 1), Cell("险别"), Cell(p.limit), Cell("免赔")]),
        *[(24.0, [Cell(name), Cell(limit), Cell(excess)]) for name, limit, excess in covers],
        (24, [Cell("保\n费", rows=2), Cell("费率"), Cell(p.rate), Cell("缴费方式：" + rng.choice(("一次性缴清", "按约定分期")))]),
        (26, [Cell(p.fee), Cell(f"¥{p.premium}"), Cell(f"大写：{p.words}", align="left")]),
        (26, [Cell("保险期间", 2), Cell(p.period, 2, align="left")]),
    ]
    bottom, _ = sheet.grid(56, y, [30, 86, 190, 177], rows, pen)
    return bottom


def _special(sheet: Sheet, y: float, rng: Random) -> float:
    pen = Pen(9)
    sheet.text(56, y, rng.choice(("特别约定：", "特别约定清单")), pen.but(bold=True))
    y += 15
    for n, text in enumerate(rng.sample(_SPECIAL, rng.randint(2, 4))):
        y = sheet.para(60, y, 474, f"{n + 1}. {text.replace('{n}', str(rng.choice((15, 30, 60))))}", pen, 1.45)
    return y


def _clauses(book: Book, paper: Paper, rng: Random, product: str) -> None:
    """A page of general conditions, in one or two columns."""
    sheet = book.sheet()
    paper.sheets.append(sheet)
    sheet.text(0, 66, f"{product}条款", Pen(13, bold=True), "center", A4[0])
    sheet.text(0, 84, f"注册号：C000{numbers.fill(rng, '###')}3091{numbers.fill(rng, '########')}", Pen(8, colour=GREY), "center", A4[0])
    texts = list(_CLAUSES)
    rng.shuffle(texts)
    columns = rng.choice((1, 2))
    width = (A4[0] - 112 - 20 * (columns - 1)) / columns
    pen, y, column = Pen(9.2 if columns == 2 else 10), 108.0, 0
    for n, text in enumerate((texts * 2)[: 8 if columns == 1 else 14]):
        if y > 560 and column + 1 < columns:
            column, y = column + 1, 108.0
        y = sheet.para(56 + column * (width + 20), y, width, f"第{_ordinal(n + 1)}条  {text}", pen, 1.5) + 3


def _ordinal(n: int) -> str:
    return "一二三四五六七八九十"[n - 1] if n <= 10 else "十" + "一二三四五六七八九"[n - 11]


def _foot(sheet: Sheet, paper: Paper, values: Values, y: float, rng: Random) -> None:
    """Insurer, day and seal."""
    insurer, says = values.extra["insurer"], values.says
    pen = Pen(9.6)
    y = max(min(y, 690.0), 600.0 if rng.random() < 0.5 else y)
    x = rng.choice((310.0, 60.0))
    label = rng.choice(("保险人：", "承保公司：", "保险人（签章）：", "承保机构："))
    low = sheet.para(x, y + 14, 235, f"{label}{says['insurer_name']}", pen)
    low = sheet.para(x, low, 235, f"地址：{insurer.address}", pen)
    sheet.text(x, low, f"签单日期：{day_in(values.extra['signed'], rng.choice(('cn', 'dash')))}", pen)
    other = 60.0 if x > 200 else 330.0
    sheet.text(
        other,
        y + 14,
        f"核保：{rng.choice(('自动核保', '何文'))}  制单：{rng.choice(('admin01', '系统'))}  经办：{rng.choice(('3302017', '33020866'))}",
        pen.but(size=8.5),
    )
    if values.seals:
        paper.seal(
            sheet,
            says["insurer_name"],
            rng.choice(("保单专用章", "承保专用章", "业务专用章", "")),
            x + rng.uniform(110, 175),
            min(low + rng.uniform(-12, 26), 770.0),
        )
