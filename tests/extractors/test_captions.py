"""Forms whose labels stand below their values are turned; tables with headings over their values and everything else stay."""

from __future__ import annotations

import pytest
from drawn import line, page, width_of

from extractors.captions import with_captions_turned
from extractors.papers import PAPERS
from models.page import Page
from models.paper import PaperType

BUYER, MAKER = "黄冈柳川食品有限公司", "宁波荷川精工机械有限公司"
FORM = ((("（委托方全称）", BUYER), ("（合同编号）", "202020-K98")), (("（受托方全称）", MAKER), ("（订立日期）", "2020年1月22日")),
        (("产品名称", "茶叶嫩芽采摘机器人"), ("型号规格", "CY-6420RH"), ("定购数量", "2台"), ("单价", "616,000.00")), (("合同总价（大写）", "壹佰贰拾叁万贰仟元整"), ("合同总价（小写，元）", "1,232,000.00")))


def captioned(rows: tuple[tuple[tuple[str, str], ...], ...] = FORM, above: bool = True) -> Page:
    """A form, each value centred over its caption, or under it."""
    lines = [line(0.42, 0.05, "产品定购合同", size=0.022)]
    for n, row in enumerate(rows):
        for m, pair in enumerate(row):
            middle = 0.1 + 0.8 * (m + 0.5) / len(row)
            for k, text in enumerate(pair[::-1] if above else pair):
                lines.append(line(middle - width_of(text) / 2, 0.15 + 0.052 * n + 0.026 * k, text))
    return page(lines)


def test_a_contract_with_captions_below_its_values() -> None:
    read = PAPERS[PaperType.SALES_CONTRACT].extract([with_captions_turned(captioned())]).fields
    assert {name: read[name].text for name in ("buyer_name", "seller_name", "contract_number", "signed_on", "product_name", "product_model", "quantity", "unit_price", "contract_amount") if name in read} == {
        "buyer_name": BUYER, "seller_name": MAKER, "contract_number": "202020-K98", "signed_on": "2020-01-22", "product_name": "茶叶嫩芽采摘机器人", "product_model": "CY-6420RH",
        "quantity": "2", "unit_price": "616000.00", "contract_amount": "1232000.00",
    }


def test_the_value_keeps_its_place() -> None:
    given = captioned()
    turned = with_captions_turned(given)
    joined = next(v for v in turned.lines if v.text.endswith("202020-K98"))
    value = next(v for v in given.lines if v.text == "202020-K98")
    assert joined.text == "合同编号：202020-K98"
    assert joined.part(len("合同编号："), len(joined.text)).x0 == pytest.approx(value.box.x0, abs=0.005)
    assert (joined.box.y0, joined.box.y1) == (value.box.y0, value.box.y1)


def test_labels_over_their_values_stay() -> None:
    headed = captioned(above=False)
    assert with_captions_turned(headed) is headed


def test_a_page_of_sentences_stays() -> None:
    prose = page(line(0.1, 0.1 + 0.03 * n, text) for n, text in enumerate(("第一条　合同金额", "本合同总价为人民币伍万元整。", "第二条　交货日期", "二〇二〇年三月一日前交货。", "第三条　收货单位", f"收货单位为{BUYER}。")))
    assert with_captions_turned(prose) is prose
