"""Invoices: paper, electronic and fully digital VAT invoices, lists of goods, other receipts; what adds up is sure, what doesn't is not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from drawn import line, page

from extractors.amounts import is_amount, net_of, read_figures
from extractors.layout import piece_of
from extractors.papers import premium_invoice, sales_invoice
from extractors.papers.vat_invoice.copies import read_invoice
from extractors.papers.vat_invoice.goods import without_category
from models.page import Line, Page

BUYER, SELLER = "杭州恒远汽车零部件有限公司", "宁波东昇机床有限公司"


def heads(y: float, first: str = "货物或应税劳务、服务名称") -> list[Line]:
    return [line(x, y, t) for x, t in ((0.09, first), (0.33, "规格型号"), (0.43, "单位"), (0.49, "数量"), (0.59, "单价"), (0.71, "金额"), (0.79, "税率"), (0.88, "税额"))]


def goods(y: float, name: str, model: str = "", unit: str = "", quantity: str = "", price: str = "", amount: str = "", rate: str = "13%", tax: str = "") -> list[Line]:
    out = [line(0.06, y, name)]
    for x, t in ((0.315, model), (0.44, unit), (0.5, quantity), (0.575, price), (0.7, amount), (0.795, rate), (0.87, tax)):
        out += [line(x, y, t)] if t else []
    return out


def party(y: float, name: str, code: str) -> list[Line]:
    """名 and 称 are set wide and read as two lines."""
    return [line(0.08, y, "名"), line(0.13, y, "称："), line(0.19, y, name), line(0.08, y + 0.018, "纳税人识别号："), line(0.19, y + 0.018, code),
            line(0.08, y + 0.036, "地址、电话："), line(0.19, y + 0.036, "某市某区某某路18号0571-88886666"), line(0.08, y + 0.054, "开户行及账号："), line(0.19, y + 0.054, "中国银行某市支行358400012345")]


def paper_invoice(**change: str) -> Page:
    """增值税专用发票: number printed twice, ciphers beside the buyer, a wrapped name, an accessory."""
    t = {"net": "¥498141.59", "tax": "¥64758.41", "small": "（小写）¥562900.00", "words": "⊗伍拾陆万贰仟玖佰圆整", "number": "52868789", "quantity": "2"} | change
    lines = [
        line(0.1, 0.05, "3302204130"), line(0.35, 0.05, "宁波增值税专用发票", size=0.02), line(0.7, 0.05, f"№{t['number']}", size=0.02), line(0.87, 0.045, "3302204130", size=0.009),
        line(0.87, 0.058, t["number"], size=0.009), line(0.7, 0.08, "开票日期：2020年01月21日"),
        *party(0.11, BUYER, "91330110MA2KCM6R37"), line(0.6, 0.11, "4338//9/10-48-4+3>28--42>4*"), line(0.6, 0.128, "12345678/-40+9/7/6/+-><*0<"),
        *heads(0.2), *goods(0.22, "*金属加工机械*五轴卧式", "HMC800", "台", t["quantity"], "223407.08", "446814.16", "13%", "58085.84"), line(0.06, 0.237, "加工中心"),
        *goods(0.255, "*专用设备*空气压缩机", "KY-75", "台", "1", "51327.43", "51327.43", "13%", "6672.57"),
        line(0.12, 0.36, "合"), line(0.17, 0.36, "计"), line(0.68, 0.36, t["net"]), line(0.86, 0.36, t["tax"]),
        line(0.09, 0.385, "价税合计（大写）"), line(0.28, 0.385, t["words"]), line(0.66, 0.385, t["small"]),
        *party(0.41, SELLER, "91330205MA29FQKN77"), line(0.08, 0.49, "收款人：徐军"), line(0.3, 0.49, "复核：吴波"), line(0.5, 0.49, "开票人：赵磊"), line(0.7, 0.49, "销售方：（章）"),
    ]
    return page([v for v in lines if v.text.strip()])


def digital_invoice() -> Page:
    """全面数字化的电子发票: both parties above the goods, twenty digits."""
    return page(
        line(0.35, 0.04, "电子发票（增值税专用发票）", size=0.02), line(0.7, 0.045, "发票号码：25332000000012345678"), line(0.7, 0.065, "开票日期：2025年03月08日"),
        line(0.06, 0.1, f"名称：{BUYER}"), line(0.54, 0.1, f"名称：{SELLER}"), line(0.06, 0.13, "统一社会信用代码/纳税人识别号：91330110MA2KCM6R37"),
        line(0.54, 0.13, "统一社会信用代码/纳税人识别号：91330205MA29FQKN77"),
        *[line(x, 0.17, t) for x, t in ((0.1, "项目名称"), (0.23, "规格型号"), (0.33, "单 位"), (0.43, "数 量"), (0.56, "单 价"), (0.69, "金 额"), (0.76, "税率/征收率"), (0.91, "税 额"))],
        line(0.05, 0.19, "*软件*仓储调度软件"), line(0.24, 0.19, "V3.0"), line(0.34, 0.19, "套"), line(0.44, 0.19, "1"), line(0.54, 0.19, "658000"), line(0.66, 0.19, "658000.00"), line(0.78, 0.19, "13%"),
        line(0.88, 0.19, "85540.00"), line(0.1, 0.4, "合 计"), line(0.65, 0.4, "¥658000.00"), line(0.87, 0.4, "¥85540.00"),
        line(0.06, 0.43, "价税合计（大写）"), line(0.3, 0.43, "⊗柒拾肆万叁仟伍佰肆拾圆整"), line(0.7, 0.43, "（小写）¥743540.00"), line(0.06, 0.47, "备注"), line(0.06, 0.6, "开票人：赵磊"))


def values(kind: object, *pages: Page) -> dict[str, str]:
    return {k: f.text for k, f in kind.extract(pages).fields.items()}  # type: ignore[attr-defined]


def test_a_paper_invoice_s_parties_goods_and_amounts() -> None:
    assert values(sales_invoice, paper_invoice()) == {
        "invoice_number": "52868789", "invoice_date": "2020-01-21", "buyer_name": BUYER, "seller_name": SELLER, "product_name": "五轴卧式加工中心", "quantity": "2",
        "amount_excluding_tax": "498141.59", "tax_amount": "64758.41", "total_amount": "562900.00"}


def test_the_goods_are_rows_and_the_accessory_is_not_the_product() -> None:
    rows = sales_invoice.extract([paper_invoice()]).rows
    assert [{k: f.text for k, f in r.items()} for r in rows] == [
        {"product_name": "五轴卧式加工中心", "product_model": "HMC800", "quantity": "2", "unit_price": "223407.08", "amount": "446814.16"},
        {"product_name": "空气压缩机", "product_model": "KY-75", "quantity": "1", "unit_price": "51327.43", "amount": "51327.43"}]


def test_a_fully_digital_invoice_has_the_buyer_left_and_the_seller_right() -> None:
    assert values(sales_invoice, digital_invoice()) == {
        "invoice_number": "25332000000012345678", "invoice_date": "2025-03-08", "buyer_name": BUYER, "seller_name": SELLER, "product_name": "仓储调度软件", "quantity": "1",
        "amount_excluding_tax": "658000.00", "tax_amount": "85540.00", "total_amount": "743540.00"}


def test_amounts_that_add_up_are_accepted_though_one_was_read_badly() -> None:
    faint = paper_invoice()
    faint = faint.model_copy(update={"lines": tuple(line(v.box.x0, v.box.y0, v.text, sure=0.5) if v.text == "¥64758.41" else v for v in faint.lines)})
    fields = sales_invoice.extract([faint]).fields
    assert fields["tax_amount"].accepted
    assert "金额、税额与价税合计相符" in fields["tax_amount"].why[0]


@pytest.mark.parametrize(
    ("change", "total"),
    [({"small": "（小写）¥562800.00"}, "562900.00"),  # the words and the sum outvote the figures
     ({"words": "⊗伍拾陆万贰仟圆整"}, "562900.00"),  # the figures and the sum outvote the words
     ({"small": ""}, "562900.00"), ({"words": ""}, "562900.00"), ({"net": ""}, "562900.00"), ({"tax": "¥64158.41"}, "562900.00")],
)
def test_a_misread_printing_of_an_amount_is_outvoted(change: dict[str, str], total: str) -> None:
    fields = sales_invoice.extract([paper_invoice(**change)]).fields
    assert (fields["total_amount"].text, fields["amount_excluding_tax"].text, fields["tax_amount"].text) == (total, "498141.59", "64758.41")


def test_amounts_of_which_no_printings_add_up_are_not_accepted() -> None:
    fields = sales_invoice.extract([paper_invoice(small="（小写）¥562800.00", words="⊗伍拾陆万贰仟柒佰圆整", net="¥490141.59")]).fields
    assert not fields["total_amount"].accepted


@pytest.mark.parametrize("heading", ["单价", "平价"], ids=["", "nor its neighbour's heading"])
def test_a_quantity_that_was_not_read_is_worked_out_but_not_accepted(heading: str) -> None:
    given = paper_invoice(quantity="")
    given = given.model_copy(update={"lines": tuple(one.model_copy(update={"text": heading}) if one.text == "单价" else one for one in given.lines)})
    made = sales_invoice.extract([given]).fields["quantity"]
    assert (made.text, made.accepted) == ("2", False)


def test_a_percent_sign_read_as_a_figure_makes_no_amount() -> None:
    given = paper_invoice()
    misread = given.model_copy(update={"lines": tuple(one.model_copy(update={"text": "138"}) if one.text == "13%" else one for one in given.lines)})
    assert values(sales_invoice, misread) == values(sales_invoice, given)
    assert [row["amount"].text for row in sales_invoice.extract([misread]).rows] == ["446814.16", "51327.43"]


def test_the_number_is_neither_code_nor_check_code_nor_date() -> None:
    electronic = page(
        line(0.3, 0.05, "浙江增值税电子普通发票", size=0.02), line(0.7, 0.04, "发票代码：033002000111"), line(0.7, 0.06, "发票号码：16453717"), line(0.7, 0.08, "开票日期：2020年04月06日"),
        line(0.7, 0.1, "校验码：91486 13735 61566 13647"), line(0.05, 0.1, "机器编号：884077346134"), *party(0.13, BUYER, "91330110MA2KCM6R37"), *heads(0.22),
        *goods(0.24, "*保险服务*首台套保险费", quantity="1", price="168803.77", amount="168803.77", rate="6%", tax="10128.23"), line(0.12, 0.36, "合计"), line(0.68, 0.36, "¥168803.77"),
        line(0.86, 0.36, "¥10128.23"), line(0.09, 0.385, "价税合计（大写）"), line(0.28, 0.385, "壹拾柒万捌仟玖佰叁拾贰圆整"), line(0.66, 0.385, "（小写）¥178932.00"),
        *party(0.41, "中国平安财产保险股份有限公司宁波分公司", "91330200647711073P"))
    assert values(premium_invoice, electronic) == {
        "invoice_number": "16453717", "invoice_date": "2020-04-06", "buyer_name": BUYER, "seller_name": "中国平安财产保险股份有限公司宁波分公司", "total_amount": "178932.00"}


def test_the_qr_code_is_a_second_source() -> None:
    coded = paper_invoice().model_copy(update={"codes": ("01,01,3302204130,52868789,498141.59,20200121,91486137356156613647,A1B2",)})
    made = read_invoice([coded])
    assert made.facts["invoice_number"].check is True
    assert made.facts["invoice_date"].check is True
    assert sales_invoice.extract([coded]).fields["invoice_number"].accepted


def test_goods_on_a_list_are_read_from_the_list() -> None:
    front = paper_invoice()
    front = front.model_copy(update={"lines": tuple(
        line(v.box.x0, v.box.y0, "(详见销货清单)") if v.text.startswith("*金属") else v for v in front.lines
        if v.text not in ("加工中心", "*专用设备*空气压缩机", "KY-75", "51327.43", "6672.57", "HMC800", "台", "2", "1", "223407.08") and not (v.text == "13%" and v.box.y0 > 0.25))})
    listed = page(line(0.3, 0.05, "销售货物或者提供应税劳务清单"), line(0.08, 0.08, f"购买方名称：{BUYER}"), line(0.08, 0.1, f"销售方名称：{SELLER}"), *heads(0.13, "货物（劳务）名称"),
                  *goods(0.15, "*金属加工机械*五轴卧式加工中心", "HMC800", "台", "2", "223407.08", "446814.16", "13%", "58085.84"),
                  *goods(0.17, "*专用设备*空气压缩机", "KY-75", "台", "1", "51327.43", "51327.43", "13%", "6672.57"), line(0.1, 0.3, "小计"), line(0.68, 0.3, "¥498141.59"),
                  line(0.86, 0.3, "¥64758.41"), number=2)
    got = values(sales_invoice, front, listed)
    assert (got["product_name"], got["quantity"], got["total_amount"], got["invoice_number"]) == ("五轴卧式加工中心", "2", "562900.00", "52868789")


def test_a_second_scan_bears_the_first_out_and_fills_what_it_lacks() -> None:
    torn = paper_invoice(quantity="", number="")
    again = paper_invoice().model_copy(update={"number": 2})
    fields = sales_invoice.extract([torn, again]).fields
    assert (fields["quantity"].text, fields["invoice_number"].text) == ("2", "52868789")
    assert fields["quantity"].accepted


def test_a_red_invoice_keeps_its_sign() -> None:
    red = paper_invoice(net="¥-498141.59", tax="¥-64758.41", small="（小写）¥-562900.00", words="（负数）伍拾陆万贰仟玖佰圆整")
    red = red.model_copy(update={"lines": tuple(line(v.box.x0, v.box.y0, f"-{v.text}") if v.text in ("446814.16", "58085.84", "51327.43", "6672.57") and v.box.x0 > 0.6 else v for v in red.lines)})
    assert values(sales_invoice, red)["total_amount"] == "-562900.00"


def test_a_receipt_that_is_no_vat_invoice_is_read_by_its_labels() -> None:
    receipt = page(
        line(0.3, 0.05, "保险业专用发票"), line(0.7, 0.05, "发票号码：00345678"), line(0.1, 0.09, "开票日期：2015年03月10日"), line(0.1, 0.12, f"付款人：{SELLER}"), line(0.1, 0.15, "承保险种：产品质量保证保险"),
        line(0.1, 0.18, "保险单号：PQ20150001"), line(0.1, 0.21, "保险费金额（大写）：人民币贰万叁仟柒佰陆拾贰元伍角整"), line(0.6, 0.21, "（小写）：23,762.50"), line(0.1, 0.28, "保险公司名称：中国人民财产保险股份有限公司宁波市分公司"))
    assert values(premium_invoice, receipt) == {
        "invoice_number": "00345678", "invoice_date": "2015-03-10", "buyer_name": SELLER, "seller_name": "中国人民财产保险股份有限公司宁波市分公司", "total_amount": "23762.50"}


@pytest.mark.parametrize(
    ("printed", "name"),
    [("*起重机械*船用伸缩臂起重机", "船用伸缩臂起重机"), ("起重机械*船用伸缩臂起重机", "船用伸缩臂起重机"), ("＊软件＊仓储调度软件V3.0", "仓储调度软件V3.0"), ("卧式加工中心", "卧式加工中心")],
)
def test_the_tax_category_is_no_part_of_the_name(printed: str, name: str) -> None:
    p = page(line(0.1, 0.1, printed))
    assert without_category(piece_of(p, p.lines))[0].folded == name


@pytest.mark.parametrize(
    ("text", "amounts"),
    [("¥23.762.50", ["23762.50"]), ("¥562900,00", ["562900.00"]), ("5292035.4", ["5292035.4"]), ("1,011,170", ["1011170"]), ("-¥1,234.50", ["-1234.50"]), ("12.5万元", ["125000.0"]),
     ("¥5292O35.40", ["5292035.40"]), ("CNY 234,144.00", ["234144.00"]), ("3.125", ["3.125"]), ("1,\u3000234.50 8.\xa051", ["1234.50", "8.51"]), ("没有金额", [])],
)
def test_figures_with_misread_separators(text: str, amounts: list[str]) -> None:
    assert [str(f.amount) for f in read_figures(text)] == amounts


def test_only_an_amount_with_two_decimals_stands_in_a_money_column() -> None:
    assert is_amount("¥1,234.50")
    assert not is_amount("1234")
    assert not is_amount("单价 12.50")


def test_of_several_readings_those_that_add_up_are_taken() -> None:
    assert net_of([Decimal("10"), Decimal("100")], [Decimal("13")], [Decimal("113"), Decimal("118")]) == (Decimal("100"), Decimal("13"), Decimal("113"), True)
    assert net_of([Decimal("10")], [], [Decimal("11")]) == (Decimal("10"), None, Decimal("11"), False)


def roll(*goods_: Line, seller: tuple[str, ...] = (SELLER,), buyer: tuple[str, ...] = (BUYER,), heads_: tuple[str, ...] = ("项目", "数量", "单价", "金额"),
         total: tuple[str, ...] = ("¥113000.00", "壹拾壹万叁仟圆整")) -> Page:
    """增值税普通发票（卷票）: one narrow column, the name above its row of figures."""
    rows = ["浙江增值税普通发票", "发票代码：3302204130", "发票号码：38427566", "机打号码：38427566", "销售方名称：" + seller[0], *seller[1:], "税号：91330200524650776U", "开票日期：2020-06-13",
            "购买方名称：" + buyer[0], *buyer[1:], "税号：91330205MA7H7J3A67"]
    sums = ["合计金额：¥100000.00", "合计税额：¥13000.00", "价税合计（小写）：" + total[0], "价税合计（大写）：" + total[1], *total[2:], "校验码：47490 61581 15242 49022"]
    return page([line(0.06, 0.04 + 0.021 * n, t) for n, t in enumerate(rows)], [line(x, 0.43, t) for x, t in zip((0.06, 0.43, 0.57, 0.8), heads_, strict=True)], goods_,
                [line(0.06, 0.6 + 0.025 * n, t) for n, t in enumerate(sums)])


ON_A_ROLL = {
    "model below": (line(0.06, 0.46, "*软件*调度软件"), line(0.06, 0.481, "V1.0"), line(0.43, 0.481, "2"), line(0.57, 0.481, "50000.00"), line(0.8, 0.481, "100000.00")),
    "wrapped": (line(0.06, 0.46, "*软件*调度"), line(0.06, 0.481, "软件"), line(0.06, 0.502, "DD-100"), line(0.43, 0.502, "2"), line(0.57, 0.502, "50000.00"), line(0.8, 0.502, "100000.00")),
    "one line": (line(0.06, 0.46, "*软件*调度软件"), line(0.43, 0.46, "2"), line(0.57, 0.46, "50000.00"), line(0.8, 0.46, "100000.00")),
}


@pytest.mark.parametrize(
    ("total", "said"),
    [
        (("¥113000.16", "壹拾壹万叁仟圆壹角", "陆分"), "113000.16"),
        (("¥113000.10", "壹拾壹万叁仟圆壹角", "整"), "113000.10"),
        (("¥113000.00", "壹拾壹万叁仟", "圆整"), None),  # what can't be an amount by itself isn't guessed at
        (("¥113000.10", "壹拾壹万叁仟圆壹角", "复核：陆分明"), "113000.10"),
        (("¥113000.10", "壹拾壹万叁仟圆壹角整", "陆分"), "113000.10"),  # it had ended
    ],
)
def test_an_amount_in_words_may_go_on_in_the_next_line(total: tuple[str, ...], said: str | None) -> None:
    words = sales_invoice.extract([roll(*ON_A_ROLL["one line"], total=total)]).extra.get("amount_in_words")
    assert (words.text if words else None) == said


@pytest.mark.parametrize("rows", ON_A_ROLL.values(), ids=list(ON_A_ROLL))
def test_a_roll_has_its_goods_above_their_figures(rows: tuple[Line, ...]) -> None:
    read = values(sales_invoice, roll(*rows))
    assert (read["product_name"], read["quantity"], read["total_amount"]) == ("调度软件", "2", "113000.00")


def test_names_below_their_labels_are_of_the_sides_that_these_name() -> None:
    read = values(sales_invoice, roll(*ON_A_ROLL["one line"], seller=("", SELLER), buyer=("", BUYER)))
    assert (read["seller_name"], read["buyer_name"]) == (SELLER, BUYER)


def test_the_price_may_stand_before_the_quantity() -> None:
    rows = (line(0.06, 0.46, "*软件*调度软件"), line(0.43, 0.46, "50000.00"), line(0.57, 0.46, "2"), line(0.8, 0.46, "100000.00"))
    assert values(sales_invoice, roll(*rows, heads_=("项目", "单价", "数量", "金额")))["quantity"] == "2"


@pytest.mark.parametrize(
    ("seller", "name", "accepted"),
    [
        (("宁波东昇机床股份有限公", "司"), "宁波东昇机床股份有限公司", True),
        (("永安财产保险股份有限公司宁波中心", "支公司"), "永安财产保险股份有限公司宁波中心支公司", True),
        (("永安财产保险股份有限公司", "宁波分公司"), "永安财产保险股份有限公司宁波分公司", True),
        (("永安财产保险股份有限公司宁波中心",), "永安财产保险股份有限公司宁波中心", False),
        (("宁波东昇机床股份有限公",), "宁波东昇机床股份有限公", False),
        (("宁波东昇机床有限公司", "宁波分行"), "宁波东昇机床有限公司", True),
    ],
)
def test_a_name_is_whole_or_doubted(seller: tuple[str, ...], name: str, accepted: bool) -> None:
    made = sales_invoice.extract([roll(*ON_A_ROLL["one line"], seller=seller)]).fields["seller_name"]
    assert (made.value, made.accepted) == (name, accepted)


def with_goods(*rows: Line) -> Page:
    figures = [line(x, 0.205, t) for x, t in ((0.34, "套"), (0.44, "1"), (0.54, "658000"), (0.66, "658000.00"), (0.78, "13%"), (0.88, "85540.00"))]
    return page([v for v in digital_invoice().lines if not 0.18 < v.box.y0 < 0.2], figures, rows)


@pytest.mark.parametrize(
    ("rows", "name", "accepted"),
    [
        ((line(0.05, 0.19, "*机床*大型数控"), line(0.05, 0.205, "星齿轮磨齿"), line(0.05, 0.22, "机"), line(0.24, 0.205, "Y1")), "大型数控星齿轮磨齿机", True),
        ((line(0.05, 0.205, "*机床*磨齿机YKS605B"),), "磨齿机YKS605B", False),
        ((line(0.05, 0.205, "*机床*磨齿机"), line(0.24, 0.205, "YKS605B")), "磨齿机", True),
        ((line(0.05, 0.205, "5B*机床*磨齿机"),), "磨齿机", False),
    ],
)
def test_a_product_s_name_has_nothing_foreign_in_it(rows: tuple[Line, ...], name: str, accepted: bool) -> None:
    made = sales_invoice.extract([with_goods(*rows)]).fields["product_name"]
    assert (made.value, made.accepted) == (name, accepted)


def test_a_number_of_twenty_digits_that_goes_on_below() -> None:
    sheet = page(line(0.37, 0.049, "电子发票（普通发票）", size=0.02), line(0.68, 0.056, "发票号码："), line(0.76, 0.056, "2033200000001882658"), line(0.76, 0.07, "0"), line(0.68, 0.088, "开票日期："), line(0.76, 0.088, "2020年05月07日"),
                 line(0.1, 0.16, f"名称：{BUYER}"), line(0.54, 0.16, f"名称：{SELLER}"), heads(0.23, "项目名称"), goods(0.26, "*机床*五轴卧式加工中心", quantity="1", amount="8831858.41", tax="1148141.59"))
    assert sales_invoice.extract([sheet]).fields["invoice_number"].text == "20332000000018826580"


def test_a_branch_in_a_state_zone_is_a_seller() -> None:
    seller = "某某财产保险股份有限公司宁波市分公司国家高新区支公司"
    sheet = page(line(0.36, 0.05, "增值税电子普通发票", size=0.02), line(0.68, 0.1, "发票号码：43903732"), line(0.68, 0.13, "开票日期：2020年03月07日"), line(0.08, 0.2, f"名　　称：{BUYER}"), line(0.08, 0.22, "纳税人识别号：91330213MA1N03PXW1"),
                 heads(0.3), goods(0.33, "*保险服务*保险费", amount="86792.45", rate="6%", tax="5207.55"), line(0.13, 0.5, "价税合计（大写）"), line(0.32, 0.5, "⊗玖万贰仟圆整"), line(0.69, 0.5, "（小写）￥92000.00"),
                 line(0.08, 0.56, f"名　　称：{seller}"), line(0.08, 0.58, "纳税人识别号：91330200MAGKNWMG8T"))
    assert premium_invoice.extract([sheet]).fields["seller_name"].text == seller


@pytest.mark.parametrize(("quantity", "sure"), [("2", True), ("7", False)])
def test_a_quantity_at_odds_with_price_and_amount_is_for_a_person(quantity: str, sure: bool) -> None:
    read = sales_invoice.extract([paper_invoice(quantity=quantity)]).fields["quantity"]
    assert (read.text, read.accepted) == (quantity, sure)
    assert read.why == (("数量×单价=金额",) if sure else ("数量×单价≠金额",))


def test_an_insurer_s_own_invoice_in_two_languages() -> None:
    """Its number stands below a heading, the policy's twenty digits are another number; the insurer is in the letterhead, the buyer below 致 Bill To."""
    insurer, buyer = "某某财产保险股份有限公司宁波市海曙支公司", "宁波蒂思光电仪器有限公司"
    made = premium_invoice.extract([page(
        line(0.3, 0.04, insurer), line(0.3, 0.06, "纳税人识别号 Taxpayer No. 91330200MA2AGYXC8X"), line(0.4, 0.1, "保险费发票 PREMIUM INVOICE"),
        line(0.1, 0.14, "发票代码 Code"), line(0.35, 0.14, "发票号码 Invoice No."), line(0.65, 0.14, "开票日期 Date"), line(0.1, 0.16, "3302204130"), line(0.37, 0.16, "09942519"), line(0.65, 0.16, "2020/05/05"),
        line(0.1, 0.2, "致 Bill To"), line(0.1, 0.22, buyer), line(0.1, 0.24, "91330206MA1EPPFU7H"),
        line(0.1, 0.3, "摘要 Particulars"), line(0.5, 0.3, "币种"), line(0.7, 0.3, "金额 Amount"), line(0.1, 0.33, "某某首台（套）技术装备保险"), line(0.5, 0.33, "CNY"), line(0.7, 0.33, "59518.87"),
        line(0.1, 0.36, "保单号 Policy No. 66052002110020000672-1"), line(0.1, 0.39, "增值税 VAT 6%"), line(0.7, 0.39, "3571.13"), line(0.1, 0.42, "价税合计 Total Due"), line(0.7, 0.42, "63090.00"), line(0.1, 0.45, "大写 Say：人民币陆万叁仟零玖拾元整"))]).fields
    assert {name: made[name].text for name in ("invoice_number", "buyer_name", "seller_name")} == {"invoice_number": "09942519", "buyer_name": buyer, "seller_name": insurer}


def test_a_roll_whose_goods_include_the_tax() -> None:
    """金额（含税） isn't the net amount; what the tax is without stands below it."""
    rows = ("增值税普通发票（卷票）", "发票代码 033022041307", "发票号码 04037186", "销售方名称：宁波某某系统集团股份有限公司", "开票日期：2020-08-18", "购买方名称：来宾某某包装有限责任公司",
            "项目 规格", "*工业自动控制系统*控制系统 KYZ-879", "单价 数量 金额（含税）", "259300.00 2 518600.00", "合计金额（小写）：¥518600.00", "合计金额（大写）：伍拾壹万捌仟陆佰圆整")
    roll = [line(0.1, 0.05 + 0.03 * n, row) for n, row in enumerate(rows)]
    made = sales_invoice.extract([page(*roll, line(0.1, 0.5, "其中不含税额：458938.05"), line(0.1, 0.53, "税额（13%）：59661.95"))]).fields
    assert {name: made[name].text for name in ("amount_excluding_tax", "tax_amount", "total_amount")} == {"amount_excluding_tax": "458938.05", "tax_amount": "59661.95", "total_amount": "518600.00"}
    bare = sales_invoice.extract([page(*roll)]).fields
    assert "amount_excluding_tax" not in bare or not bare["amount_excluding_tax"].accepted
