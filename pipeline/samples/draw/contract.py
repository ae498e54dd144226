"""Sales contracts: parties named in the usual ways, the goods in a table or in a clause, two or three pages, signed and stamped at the end.

In:    the contract's values, both companies, the words for the amount; a random.Random for layout and wording.
Out:   one paper of two to four pages.
"""

from __future__ import annotations

from decimal import Decimal
from random import Random

from pipeline.samples.case import Values
from pipeline.samples.draw.sheet import A4, BLUE, Book, Cell, Paper, Pen, Row, Sheet
from pipeline.samples.values import WAN, day_in, grouped, in_words, iso, plain

# buyer, seller
_PARTIES = (("甲方", "乙方"), ("需方", "供方"), ("买方", "卖方"), ("买受人", "出卖人"), ("采购方", "供货方"))
_SOFTWARE_PARTIES = (("甲方", "乙方"), ("委托方", "受托方"), ("买方", "卖方"), ("用户方", "开发方"))
_TITLES = {
    "equipment": ("设备采购合同", "产品销售合同", "工业品买卖合同", "设备购销合同", "买卖合同"),
    "material": ("产品购销合同", "材料采购合同", "工业品买卖合同", "销售合同", "供货合同"),
    "software": ("软件销售合同", "技术服务合同", "软件产品采购及实施合同", "软件许可使用合同", "信息系统建设合同"),
}
_GOODS = {"equipment": "产品名称、型号、数量、金额", "material": "产品名称、规格、数量及价款", "software": "软件名称、版本及合同价款"}
_CLAUSES: dict[str, tuple[tuple[str, str], ...]] = {
    "equipment": (
        ("质量要求、技术标准", "{S}交付的产品应符合国家及行业现行标准和双方签订的技术协议。主要技术参数：{F}。"),
        ("交货时间、地点、方式", "{S}应于合同生效后{n}日内将产品运至{B}指定地点，运输及保险费用由{S}承担，产品到达现场前的毁损、灭失风险由{S}承担。"),
        ("包装标准", "产品采用适合长途运输的防潮、防锈、防震包装，包装物不回收。每件包装箱内应附装箱单、合格证和使用说明书。"),
        ("安装与调试", "{S}派工程师到{B}现场指导安装调试，{B}应提供电源、气源、起吊设备等必要条件。调试期一般不超过{n}个工作日。"),
        ("验收标准及方法", "产品到货后双方共同开箱清点。安装调试完成并连续试运行72小时无故障后，双方签署验收单，逾期不验收又不提出书面异议的视为验收合格。"),
        ("质量保证期", "质保期为验收合格之日起{m}个月。质保期内因产品质量问题造成的故障，{S}应在接到通知后24小时内响应，免费维修或更换。"),
        ("技术资料与培训", "{S}随机提供操作手册、电气原理图、易损件清单各一式两份，并为{B}培训操作、维修人员不少于4人次。"),
    ),
    "material": (
        ("质量标准", "产品执行{S}企业标准，并应满足双方确认的技术指标：{F}。{S}每批次交货时应提供出厂检验报告。"),
        ("交货方式及期限", "{S}按{B}订单分批交货，每批交货期为收到订单后{n}日，交货地点为{B}仓库，运费由{S}承担。"),
        ("包装要求", "采用内衬防潮袋的吨袋或纸桶包装，外包装应标明品名、牌号、批号、净重及生产日期。"),
        ("验收及异议", "{B}在收货后{n}日内按本合同约定的指标进行检验，对质量有异议的应以书面形式提出，逾期视为合格。"),
        ("产品责任", "因产品质量不合格造成{B}退货、换货或其他直接损失的，由{S}承担相应责任，{S}已就该产品投保质量安全责任保险。"),
    ),
    "software": (
        ("服务内容", "{S}向{B}提供本合同约定的软件产品，并负责安装部署、系统配置、数据初始化、操作培训及上线支持。"),
        ("实施周期", "自合同生效之日起{n}日内完成需求调研，{m}个月内完成部署上线，因{B}原因造成的延误，工期相应顺延。"),
        ("验收", "软件上线试运行满30日且无重大缺陷的，{B}应在5个工作日内组织验收并签署验收报告，逾期视为验收通过。"),
        ("知识产权", "软件的著作权归{S}所有，{B}享有永久的、非独占的使用权。未经{S}书面同意，{B}不得反向工程、转让或许可第三方使用。"),
        ("维护与升级", "免费维护期为验收合格之日起{m}个月，维护期内{S}提供7×24小时电话支持，重大故障4小时内到场。"),
        ("数据安全", "{S}应对实施过程中接触到的{B}数据承担保密义务，采取必要的技术措施防止数据被泄露、篡改、丢失。"),
    ),
}
_COMMON_CLAUSES = (
    ("保密条款", "双方对在签订和履行本合同过程中知悉的对方商业秘密负有保密义务，保密期限为合同终止后三年。"),
    (
        "违约责任",
        "{S}逾期交付的，每逾期一日按逾期部分金额的千分之{k}支付违约金，{B}逾期付款的，每逾期一日按应付金额的千分之{k}支付违约金，累计不超过合同总额的百分之{m}。",
    ),
    ("不可抗力", "因地震、台风、洪水、战争等不可抗力致使合同不能履行的，遭受方应在{n}日内书面通知对方并提供证明，双方协商延期履行或解除合同。"),
    ("争议解决", "本合同在履行中发生争议，由双方协商解决，协商不成的，依法向{c}所在地人民法院提起诉讼。"),
    ("合同变更", "本合同的任何修改、补充均须经双方书面确认，补充协议与本合同具有同等法律效力。"),
    (
        "其他约定",
        "本合同一式{q}份，双方各执{h}份，经双方法定代表人或授权代表签字并加盖公章（合同专用章）后生效。本合同未尽事宜，按《中华人民共和国合同法》执行。",
    ),
)
_DEPOSIT = (
    "余款{p}%作为质量保证金，质保期满且无质量问题后{n}日内无息付清。",
    "合同总价的{p}%留作质保金，自验收合格之日起满12个月后支付。",
    "扣留货款的{p}%作为质量保证金，待质保期届满后结清。",
)
_NO_DEPOSIT = ("验收合格并收到全额增值税专用发票后{n}日内付清余款，不留质保金。", "余款在货到验收合格后{n}日内一次性付清。", "发货前付清全部货款。")
_DOWN = ("合同签订后{n}日内{B}支付合同总额的30%作为预付款，发货前支付60%，", "{B}于合同生效后预付40%，设备到货后支付50%，", "款到发货，合同签订后支付30%定金，")
_NUMERALS = "一二三四五六七八九十"


def sales_contract(book: Book, values: Values, rng: Random) -> Paper:
    """Draw the contract; truth's fields are noted where they're printed."""
    return _Contract(book, values, rng).draw()


class _Contract:
    """A contract as it is being typed: the current page and how far down it is filled."""

    def __init__(self, book: Book, values: Values, rng: Random) -> None:
        self.book, self.values, self.rng = book, values, rng
        self.paper = Paper("sales_contract", can_be_digital=False)
        self.says, self.extra = values.says, values.extra
        self.buyer_word, self.seller_word = rng.choice(_SOFTWARE_PARTIES if self.extra["track"] == "software" else _PARTIES)
        self.pen = Pen(rng.choice((10.0, 10.5, 11.0, 12.0)), latin=rng.choice(("cjk", "tiro", "helv")))
        self.left = rng.choice((62.0, 70.0, 78.0))
        self.width = A4[0] - 2 * self.left
        self.leading = rng.choice((1.6, 1.75, 1.9))
        self.in_wan = rng.random() < 0.25 and self._exact_in_wan()
        self.sheet: Sheet = self._page()
        self.y = 92.0

    def _exact_in_wan(self) -> bool:
        return all((self.says[n] / WAN).quantize(Decimal("0.0001")) * WAN == self.says[n] for n in ("unit_price", "contract_amount"))

    def _page(self) -> Sheet:
        sheet = self.book.sheet()
        self.paper.sheets.append(sheet)
        self.y = 78.0
        return sheet

    def room(self, points: float) -> None:
        if self.y + points > A4[1] - 66:
            self.sheet = self._page()

    def para(self, text: str, indent: float = 2.0, bold: bool = False) -> None:
        self.room(self.pen.size * self.leading * (1 + self.pen.width(text) // self.width))
        self.y = self.sheet.para(self.left, self.y, self.width, text, self.pen.but(bold=bold), self.leading, indent)

    def amount(self, name: str, value: Decimal) -> str:
        return self.paper.money(name, value, plain(value / WAN) if self.in_wan else self.rng.choice((grouped, grouped, lambda v: plain(v)))(value))

    def draw(self) -> Paper:
        self._head()
        self._goods()
        clauses = list(_CLAUSES[self.extra["track"]])
        payment = ("结算方式及期限", self._payment())
        clauses.insert(self.rng.randint(1, len(clauses)), payment)
        common = list(_COMMON_CLAUSES[:-1])
        self.rng.shuffle(common)
        chosen = [*clauses, *common[: self.rng.randint(2, 5)], _COMMON_CLAUSES[-1]]
        style = self.rng.choice(("cn", "dot", "article"))
        for n, (title, text) in enumerate(chosen):
            number = n + 2
            head = {"cn": f"{_numeral(number)}、{title}：", "dot": f"{number}. {title}  ", "article": f"第{_numeral(number)}条 {title}  "}[style]
            self.para(head + self._fill(text), 0.0 if style != "article" else 2.0)
        self._signatures()
        self._feet()
        return self.paper

    def _fill(self, text: str) -> str:
        pairs = {
            "{S}": self.seller_word,
            "{B}": self.buyer_word,
            "{n}": str(self.rng.choice((7, 10, 15, 30, 45))),
            "{m}": str(self.rng.choice((6, 12, 18))),
            "{k}": self.rng.choice("一二三五"),
            "{p}": self.rng.choice(("5", "10")),
            "{c}": self.rng.choice((self.buyer_word, self.seller_word, "合同签订地")),
            "{q}": self.rng.choice("四六"),
            "{h}": self.rng.choice("二三"),
            "{F}": self.extra["figures"] or "以技术协议为准",
        }
        for mark, word in pairs.items():
            text = text.replace(mark, word)
        return text

    def _payment(self) -> str:
        deposit = self.paper.fields["quality_deposit"] = bool(self.says["quality_deposit"])
        return self.rng.choice(_DOWN) + self.rng.choice(_DEPOSIT if deposit else _NO_DEPOSIT)

    def _head(self) -> None:
        says, rng = self.says, self.rng
        title = rng.choice(_TITLES[self.extra["track"]])
        self.sheet.text(0, self.y, title, Pen(rng.choice((18.0, 20.0, 22.0)), bold=True, spacing=rng.choice((0, 4, 8))), "center", A4[0])
        number = self.paper.put("contract_number", says["contract_number"])
        self.paper.put("signed_on", iso(says["signed_on"]))
        signed = day_in(says["signed_on"], rng.choice(("cn", "cn0", "dash", "dot")))
        buyer, seller = self.paper.put("buyer_name", says["buyer_name"]), self.paper.put("seller_name", says["seller_name"])
        y = self.y + 34
        label = rng.choice(("合同编号：", "合同号：", "编号："))
        layout = rng.randrange(4)
        pen = self.pen
        parties = [(self.buyer_word, buyer), (self.seller_word, seller)]
        if rng.random() < 0.45:
            parties.reverse()
        mark = rng.choice(("：", "：", ": "))
        place = rng.choice(("宁波", self.extra["buyer"].name[:2], "宁波市鄞州区"))
        if layout == 0:  # number on the right, parties below one another
            self.sheet.text(self.left, y, label + number, pen, "right", self.width)
            self.sheet.text(self.left, y + 18, f"签订地点：{place}", pen, "right", self.width)
            y += 42
            for word, name in parties:
                self.sheet.text(self.left, y, f"{word}{mark}{name}", pen)
                y += pen.size * 1.9
            self.sheet.text(self.left, y, f"签订日期：{signed}", pen)
            y += pen.size * 2
        elif layout == 1:  # parties on the left, number, place and day on the right
            for n, (word, name) in enumerate(parties):
                self.sheet.text(self.left, y + n * 20, f"{word}{mark}{name}", pen)
            right = self.left + self.width * 0.62
            self.sheet.text(right, y, f"{label}{number}", pen)
            self.sheet.text(right, y + 20, f"签订时间：{signed}", pen)
            self.sheet.text(right, y + 40, f"签订地点：{place}", pen)
            y += 66
        elif layout == 2:  # a ruled head
            rows: list[Row] = [(22, [Cell(label.strip("：")), Cell(number, align="left"), Cell("签订日期"), Cell(signed, align="left")])]
            rows += [(22, [Cell(word), Cell(name, 3, align="left")]) for word, name in parties]
            y, _ = self.sheet.grid(self.left, y, [self.width * s for s in (0.15, 0.4, 0.15, 0.3)], rows, pen.but(size=min(pen.size, 10.5)))
            y += pen.size * 2.2
        else:  # with address and representative
            self.sheet.text(self.left, y, f"{label}{number}", pen, "right", self.width)
            y += 26
            for word, name in parties:
                company = self.extra["buyer"] if name == buyer else self.extra["seller"]
                y = self.sheet.para(self.left, y, self.width, f"{word}{mark}{name}", pen)
                if name in (says["buyer_name"], says["seller_name"]):
                    y = self.sheet.para(self.left, y, self.width, f"住所地：{company.address}", pen)
                    y = self.sheet.para(self.left, y, self.width, f"法定代表人：{company.legal}", pen)
            y = self.sheet.para(self.left, y, self.width, f"本合同由双方于{signed}签订。", pen)
        self.y = y
        self.para(
            rng.choice(
                (
                    "根据《中华人民共和国合同法》及有关法律法规，双方本着平等互利、诚实信用的原则，经友好协商，就以下事宜达成一致，签订本合同，共同遵守。",
                    "经双方协商一致，订立本合同，以资共同信守。",
                    "为明确双方的权利和义务，经双方充分协商，特订立本合同。",
                )
            )
        )

    def _goods(self) -> None:
        says, rng, extra = self.says, self.rng, self.extra
        unit_word = "万元" if self.in_wan else "元"
        product, model = self.paper.put("product_name", says["product_name"]), self.paper.put("product_model", says["product_model"])
        quantity = self.paper.put("quantity", plain(Decimal(says["quantity"])))
        price, total = self.amount("unit_price", says["unit_price"]), self.amount("contract_amount", says["contract_amount"])
        words = in_words(extra["words"])
        accessories = extra["accessories"]
        if accessories or rng.random() < 0.6:
            self.para(f"一、{_GOODS[extra['track']]}：", 0.0, bold=rng.random() < 0.5)
            self._table(product, model, quantity, price, total, words, unit_word)
        else:
            soft = extra["track"] == "software"
            self.para(f"一、{_GOODS[extra['track']]}", 0.0)
            self.para(f"1.1 {self.seller_word}向{self.buyer_word}提供{'软件' if soft else '产品'}：{product}，{'版本' if soft else '型号规格'}：{model}。", 1.0)
            self.para(
                f"1.2 数量：{quantity}{extra['unit']}，单价：{'人民币' if rng.random() < 0.5 else ''}{price}{unit_word}{'（含13%增值税）' if rng.random() < 0.5 else ''}。",
                1.0,
            )
            self.para(
                rng.choice(
                    (
                        f"1.3 合同总金额：人民币{total}{unit_word}（大写：{words}）。",
                        f"1.3 合同总价为¥{total}{unit_word}，大写：人民币{words}。",
                        f"1.3 本合同含税总价款（大写）人民币{words}（小写：{total}{unit_word}）。",
                    )
                ),
                1.0,
            )

    def _table(self, product: str, model: str, quantity: str, price: str, total: str, words: str, unit_word: str) -> None:
        rng, extra = self.rng, self.extra
        first = self.says["quantity"] * self.says["unit_price"]
        lines = [(product, model, extra["unit"], quantity, price, self._shown(first if extra["accessories"] else self.says["contract_amount"]))]
        for name, count, each in extra["accessories"]:
            lines.append((name, "配套", "台", str(count), self._shown(each), self._shown(each * count)))
        shares = [0.28, 0.17, 0.08, 0.10, 0.17, 0.20]
        head = [
            "产品名称" if extra["track"] != "software" else "软件名称",
            rng.choice(("规格型号", "型号")) if extra["track"] != "software" else "版本",
            "单位",
            "数量",
            f"单价（{unit_word}）",
            rng.choice(("金额", "总价", "合计")) + f"（{unit_word}）",
        ]
        rows: list[Row] = [(24, head), *[(28.0, list(line)) for line in lines]]
        if rng.random() < 0.5:
            rows.append((26, [Cell(rng.choice(("合计", "合同总金额"))), Cell(f"人民币（大写）：{words}", 3, align="left"), Cell(f"¥{total}", 2)]))
        else:
            rows.append((26, [Cell(f"合计人民币金额（大写）：{words}    （小写）：{total}{unit_word}", 6, align="left")]))
        self.room(34 * len(rows))
        bottom, _ = self.sheet.grid(
            self.left, self.y - self.pen.size * 0.7, [self.width * s for s in shares], rows, self.pen.but(size=min(self.pen.size, 10.5))
        )
        self.y = bottom + self.pen.size * 1.9

    def _shown(self, amount: Decimal) -> str:
        return plain(amount / WAN) if self.in_wan else grouped(amount)

    def _signatures(self) -> None:
        """Both parties' blocks, side by side, each under its seal."""
        rng, says = self.rng, self.says
        self.room(196)
        if self.y < 100:  # alone on its page
            self.y += rng.uniform(0, 30)
        self.y += 14
        blocks = [(self.buyer_word, says["buyer_name"], self.extra["buyer"]), (self.seller_word, says["seller_name"], self.extra["seller"])]
        if rng.random() < 0.5:
            blocks.reverse()
        signed = day_in(says["signed_on"], rng.choice(("cn", "cn", "dash")))
        pen = Pen(min(10.0, self.pen.size), latin=self.pen.latin)
        half = self.width / 2
        ruled = rng.random() < 0.35
        for n, (word, name, company) in enumerate(blocks):
            x = self.left + n * half
            lines = [
                f"{word}（{rng.choice(('盖章', '章', '公章'))}）：{name}",
                f"地址：{company.address}",
                f"法定代表人：{company.legal}",
                f"委托代理人：{'' if rng.random() < 0.5 else company.contact}",
                f"电话：{company.phone}",
                f"开户银行：{company.bank}",
                f"账号：{company.account}",
                f"日期：{signed}",
            ]
            y = self.y
            for line in lines:
                y = self.sheet.para(x + 4, y, half - 10, line, pen, 1.45) + 2
            if ruled:
                self.sheet.rect((x, self.y - 16, x + half, self.y + 170))
            if rng.random() < 0.4:
                self.sheet.text(x + 70, self.y + 46, company.contact, Pen(15, colour=BLUE))
            if self.values.seals:
                self.paper.seal(
                    self.sheet,
                    name,
                    rng.choice(("合同专用章", "合同专用章", "")),
                    x + rng.uniform(95, 150),
                    min(self.y + rng.uniform(25, 75), 775.0),
                    number=f"3302{rng.randint(10**8, 10**9 - 1)}" if rng.random() < 0.3 else "",
                )

    def _feet(self) -> None:
        count = len(self.paper.sheets)
        style = self.rng.choice(("第{n}页 共{c}页", "- {n} -", "{n}/{c}", ""))
        for n, sheet in enumerate(self.paper.sheets):
            if style:
                sheet.text(0, 815, style.replace("{n}", str(n + 1)).replace("{c}", str(count)), Pen(8.5), "center", A4[0])


def _numeral(number: int) -> str:
    return _NUMERALS[number - 1] if number <= 10 else f"十{_NUMERALS[number - 11]}" if number < 20 else f"二十{_NUMERALS[number - 21] if number > 20 else ''}"
