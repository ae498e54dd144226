"""A submission's own names settle what its seals say; what was read stays beside it."""

from __future__ import annotations

import pytest
from invented_claim import APPLICANT, BUYER, INSURER, paper, papers, seal

from extractors.glyphs import alike
from models.geometry import Box
from models.page import Line, Page, PageSource, Seal
from models.paper import PaperType, Track
from pipeline.stamps import printed_names, settled, with_seals_settled

OURS = APPLICANT[Track.EQUIPMENT]
NAMES = {OURS: 6, BUYER: 3, INSURER: 4}


def read(text: str, sure: float = 0.99) -> Seal:
    return Seal(text=text, box=Box(0.5, 0.7, 0.7, 0.8), confidence=sure, places=tuple(((c, sure),) for c in text))


def page(*lines: str) -> Page:
    return Page(
        file="scan.pdf", number=1, width=595, height=842, source=PageSource.OCR,
        lines=tuple(Line(text=text, box=Box(0.1, 0.1 + 0.05 * i, 0.9, 0.13 + 0.05 * i), confidence=0.99) for i, text in enumerate(lines)))


@pytest.mark.parametrize(
    ("seen", "text", "raw"),
    [
        (read("宁波澄岳机床有限公司"), OURS, ""),
        (read("宁波登岳机床有限公司", 0.7), OURS, "宁波登岳机床有限公司"),
        (read("波澄岳机床有限公司"), OURS, "波澄岳机床有限公司"),
        (read("宁波远帆机械有限公司"), "宁波远帆机械有限公司", ""),
        (read("宁波远帆机械者限公司", 0.6), "宁波远帆机械有限公司", "宁波远帆机械者限公司"),  # another's: only words that all share are mended
    ],
)
def test_a_seal_bears_the_name_that_it_must_be(seen: Seal, text: str, raw: str) -> None:
    found = settled(seen, NAMES)
    assert (found.text, found.raw) == (text, raw)
    assert found.confidence == seen.confidence


def test_a_registered_company_is_found_too_and_stands_against_the_submissions_own() -> None:
    assert settled(read("宁波澄岳机床有限公可", 0.8), NAMES, ["宁波澄岳机床有限公司"]).text == OURS
    assert settled(read("宁波远帆机戒有限公司", 0.5), NAMES, ["宁波远帆机械有限公司"]).text == "宁波远帆机械有限公司"
    assert settled(read("宁波澄兵机床有限公司"), NAMES, ["宁波澄兵机床有限公司"]).text == "宁波澄兵机床有限公司"  # 岳 and 兵 look alike


def test_names_come_from_fields_print_and_addresses() -> None:
    bank, office = "中国工商银行宁波江北支行", "宁波市北仑区市场监督管理局"
    licence = paper(PaperType.BUSINESS_LICENCE, {"company_name": OURS, "address": "浙江省宁波市北仑区澄岳路6号"})
    names = printed_names([licence, *papers()], [page(f"付款人开户行：{bank}", "检验单位：东海产品质量检验研究院", f"兹证明{OURS}", "有限公司")])
    assert {OURS, INSURER, BUYER, bank, office, "东海产品质量检验研究院"} <= set(names)
    assert f"兹证明{OURS}" not in names
    assert names[OURS] > names[bank]


def test_seals_are_settled_where_they_stand() -> None:
    form = paper(PaperType.APPLICATION_FORM, {"applicant_name": OURS}, seals=(seal("宁波澄岳机戒有限公司", confidence=0.6), seal("无锡百川印染有限公司")))
    [after] = with_seals_settled([form], [])
    assert [(placed.seal.text, placed.seal.raw) for placed in after.seals] == [(OURS, "宁波澄岳机戒有限公司"), ("无锡百川印染有限公司", "")]


@pytest.mark.parametrize(("pair", "same"), [("昊吴", True), ("拓托", True), ("甬角", True), ("金全", True), ("峰锋", True), ("金海", False), ("远帆", False), ("辰质", True), ("宁杭", False)])
def test_characters_that_a_worn_stamp_confuses_look_alike(pair: str, same: bool) -> None:
    assert (alike(*pair) >= 0.4) is same
    assert alike(*pair) == alike(*reversed(pair))
