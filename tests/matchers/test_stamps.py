"""Whose stamp it is: a name misread is found again, a name that differs stays different."""

from __future__ import annotations

import pytest

from matchers.names import LIKE
from matchers.stamps import bears_another, chosen, explained, match_seal, nearly
from models.geometry import Box
from models.page import Chances, Seal

LOOKALIKES = {frozenset(pair): like for pair, like in {"昊吴": 1.0, "拓托": 0.7, "甬角": 0.9, "金全": 1.0, "宁字": 0.4, "密蜜": 0.8, "险脸": 0.6, "海洋": 0.3}.items()}
OURS = "宁波金昊精密机械有限公司"
BUYER = "台州望溪轴承制造有限公司"
INSURER = "中国大地财产保险股份有限公司宁波分公司"


def alike(a: str, b: str) -> float:
    return 1.0 if a == b else LOOKALIKES.get(frozenset((a, b)), 0.0)


def named(*names: str) -> dict[str, int]:
    return dict.fromkeys(names, 3)


def stamp(read: str, **doubts: str | float) -> Seal:
    """A seal read as `read`, every character 0.99 sure. "_" is a gap. doubts: character -> how sure it was, or what else it may be ("昊0.3")."""
    places: list[Chances] = []
    for c in read:
        doubt = doubts.get(c, 0.99)
        if c == "_":
            places.append((("", 1.0),))
        elif isinstance(doubt, str):
            places.append(((c, 1 - float(doubt[1:])), (doubt[0], float(doubt[1:]))))
        else:
            places.append(((c, doubt),))
    text = read.replace("_", "")
    return Seal(text=text, box=Box(0, 0, 1, 1), confidence=0.99, places=tuple(places))


@pytest.mark.parametrize(
    ("seal", "name"),
    [
        (stamp(OURS), OURS),
        (stamp("宁波金吴精密机械有限公司"), OURS),  # looks alike, however sure
        (stamp("宁波全吴精密机械有限公司", 全=0.6), OURS),
        (stamp("宁波金异精密机械有限公司", 异=0.6), OURS),  # looks otherwise, but was never sure
        (stamp("宁波金天精密机械有限公司", 天="昊0.1"), OURS),  # the reader thought of it
        (stamp("波金昊精密机械有限公"), OURS),  # pale at both ends
        (stamp("宁波_昊精密机械有限公司"), OURS),  # print across it
        (stamp("字波金昊精蜜机械有限公司", 字=0.7, 蜜=0.8), OURS),
        (stamp("7宁波金昊精密机械有限公司1"), OURS),  # marks of the ring
        (stamp("台州望溪轴承制造有限公司"), BUYER),
        (stamp("中国大地财产保脸股份有限公司宁波分公司", 脸=0.9), INSURER),
    ],
)
def test_a_misread_name_is_found_again(seal: Seal, name: str) -> None:
    assert chosen(seal, named(OURS, BUYER, INSURER), alike) == name
    assert match_seal(seal.model_copy(update={"text": name, "raw": seal.text}), name, alike).score >= LIKE


@pytest.mark.parametrize(
    "read",
    [
        "宁波金海精密机械有限公司",  # one character of the brand
        "宁波泰昊精密机械有限公司",
        "杭州金昊精密机械有限公司",  # same brand, another place
        "宁波金昊传动科技有限公司",  # same brand, another trade
        "宁波金昊精密机械集团有限公司",
        "宁波金昊精密机械股份有限公司",
        "宁波金昊精密机械有限责任公司",
        "宁波金昊有限公司",
        "中国大地财产保险股份有限公司",  # head office, not its branch
        "中国大地财产保险股份有限公司杭州分公司",
        "中国平安财产保险股份有限公司宁波分公司",
        "台州望海轴承制造有限公司",
        "宁波市市场监督管理局",
    ],
)
def test_another_company_stays_another(read: str) -> None:
    assert chosen(stamp(read), named(OURS, BUYER, INSURER), alike) is None


@pytest.mark.parametrize("read", ["宁波金海精密机械有限公司", "宁波泰昊精密机械有限公司", "宁波金昊传动科技有限公司"])
def test_a_rule_sees_another_company_where_text_alone_is_near_enough(read: str) -> None:
    assert bears_another(stamp(read), OURS, alike)
    assert match_seal(stamp(read), OURS, alike).score < LIKE


@pytest.mark.parametrize(("sure", "near", "another"), [(0.96, True, False), (0.985, True, True)])
def test_who_wants_more_certainty_hears_of_another_company_later(sure: float, near: bool, another: bool) -> None:
    seal = stamp("宁波金海精密机械有限公司", 海=sure)
    assert (nearly(seal, OURS), bears_another(seal, OURS, alike), bears_another(seal, OURS, alike, 0.97)) == (near, True, another)
    assert not nearly(stamp("台州望溪轴承制造厂"), OURS)


@pytest.mark.parametrize(("sure", "name"), [(0.5, OURS), (0.7, OURS), (0.97, None), (0.99, None)])
def test_the_surer_the_reader_was_the_less_it_is_overruled(sure: float, name: str | None) -> None:
    assert chosen(stamp("宁波金海精密机械有限公司", 海=sure), named(OURS, BUYER), alike) == name


def test_what_was_never_seen_is_not_guessed() -> None:
    brand_lost = stamp("宁波__精密机械有限公司")
    assert chosen(brand_lost, named(OURS), alike) is None
    assert chosen(stamp("有限公司"), named(OURS, "有限公司"), alike) is None
    assert chosen(stamp("一二三四五六", 一=0.3, 二=0.3, 三=0.3), named(OURS), alike) is None


def test_two_names_that_explain_a_reading_alike_leave_it_undecided() -> None:
    twin = "宁波金吴精密机械有限公司"
    assert chosen(stamp("宁波金_精密机械有限公司"), named(OURS, twin), alike) is None
    assert chosen(stamp(twin), named(OURS, twin), alike) == twin
    assert chosen(stamp("宁波金_精密机械有限公司"), {OURS: 9, twin: 1}, alike) is None
    assert chosen(stamp("宁波金昊精密机械有限公司", 昊="吴0.4"), {OURS: 9, twin: 1}, alike) == OURS
    assert chosen(stamp(twin), named(OURS), alike, others=(twin,)) == twin  # in the register


def test_prices_grow_with_what_is_wrong() -> None:
    def price(seal: Seal) -> float:
        return explained(seal.places, OURS, alike).price

    assert price(stamp(OURS)) == 0
    assert 0 < price(stamp("宁波金吴精密机械有限公司", 吴=0.6)) < price(stamp("宁波金吴精密机械有限公司")) < price(stamp("宁波金海精密机械有限公司"))
    assert price(stamp("宁波金_精密机械有限公司")) < price(stamp("宁波金精密机械有限公司"))


def test_a_seal_known_by_its_text_alone_is_matched_by_it() -> None:
    seal = Seal(text="宁波金昊精密机戒有限公司", box=Box(0, 0, 1, 1), confidence=0.9)
    assert match_seal(seal, OURS, alike).score >= LIKE
    assert match_seal(seal, BUYER, alike).score < LIKE
