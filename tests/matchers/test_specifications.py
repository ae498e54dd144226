"""Technical figures against an entry's thresholds, over a whitelist of units."""

from __future__ import annotations

import pytest

from matchers.specifications import check, nearness, parse_figures, thresholds


def told(text):
    return [(f.parameter, f.text) for f in parse_figures(text)]


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("最大加工直径≥5000mm；定位精度≤0.008mm", [("最大加工直径", "≥5000mm"), ("定位精度", "≤0.008mm")]),
        ("极限转速29304r/min，旋转精度2.1μm", [("极限转速", "29304r/min"), ("旋转精度", "2.1μm")]),
        ("1、锁模力为3,600kN 2、注射重复精度0.1%", [("锁模力", "3600kN"), ("注射重复精度", "0.1%")]),
        ("日处理水量：5000立方米/天以上", [("日处理水量", "≥5000立方米/天")]),
        ("热导率不低于170W/(m·K)", [("热导率", "≥170W/(m·K)")]),
        ("耐久次数≥200万次", [("耐久次数", "≥200万次")]),
        ("GH4738室温抗拉强度1492MPa", [("GH4738室温抗拉强度", "1492MPa")]),
        ("35℃", []),
        ("详见附件", []),
    ],
)
def test_figures_of_a_text(text, figures):
    assert told(text) == figures


@pytest.mark.parametrize(
    ("required", "found", "met"),
    [
        ("定位精度≤0.008mm", "定位精度8μm", True),
        ("定位精度≤0.008mm", "定位精度±0.009mm", False),
        ("最大加工直径≥5000mm", "最大加工直径5m", True),
        ("最大加工直径≥5000mm", "加工直径4.99m", False),
        ("耐久次数≥200万次", "耐久次数1999999次", False),
        ("导电率≥45%IACS", "导电率45%IACS", True),
        ("锁模力≥18000kN", "锁模力19MN", True),
        ("玻璃化转变温度≤-25℃", "玻璃化转变温度-28℃", True),
        ("玻璃化转变温度≤-25℃", "玻璃化转变温度-20℃", False),
        ("旋转精度≤2.5μm", "旋转精度3级", None),  # a level is no length
        ("旋转精度≤2.5μm", "重量3t", None),
        ("室温抗拉强度≥1210MPa", "GH4738室温抗拉强度1.3GPa", True),
    ],
)
def test_a_threshold_is_met_missed_or_not_to_be_told(required, found, met):
    (verdict,) = check(thresholds(required), parse_figures(found))
    assert verdict.met is met


def test_of_several_statements_one_that_misses_decides():
    (verdict,) = check(thresholds("纯度≥99.995%"), parse_figures("纯度99.996%；纯度99.99%"))
    assert verdict.met is False
    assert verdict.found is not None
    assert verdict.found.text == "99.99%"


def test_nearness_falls_with_what_is_lacking():
    near = [nearness(check(thresholds("锁模力≥1000kN"), parse_figures(f"锁模力{n}kN"))[0]) for n in (1200, 900, 500)]
    assert near == [1.0, 0.9, 0.5]
