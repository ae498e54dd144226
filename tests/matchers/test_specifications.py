"""Technical figures against an entry's thresholds, over a whitelist of units."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchers.specifications import check, nearness, parse_figures, thresholds
from matchers.units import ratio, unit_of


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
        ("循环寿命≥5×10^5次；寿命不短于10⁶次", [("循环寿命", "≥500000次"), ("寿命", "≥1000000次")]),
        ("定位精度优于±0.01mm；重复定位精度优于5μm；负载优于300kg", [("定位精度", "≤0.01mm"), ("重复定位精度", "≤5μm"), ("负载", "≥300kg")]),
        ("节拍45s以内，耐压1200V及以上", [("节拍", "≤45s"), ("耐压", "≥1200V")]),
        ("工作温度-20～60℃，流量50至80m³/h", [("工作温度", "-20~60°C"), ("流量", "50~80m3/h")]),
        ("颗粒度小于等于10微米；水分不大于0.5‰", [("颗粒度", "≤10微米"), ("水分", "≤0.5‰")]),
        ("功率(kW)：15", [("功率", "15kW")]),
        ("重复定位精度≤0.1mm（负载300kg）", [("重复定位精度", "≤0.1mm")]),
        ("2021-01-15；电话0574-81230001；标准GB/T4754-2017；外形3000×2000×1500mm", []),
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
        ("移动速度≤60m/min", "移动速度1m/s", True),  # just so
        ("移动速度≥60m/min", "移动速度1m/s", True),
        ("产水量≥110L/(m²·h)", "产水量0.11m³/(m²·h)", True),
        ("剥离强度≥10N/15mm", "剥离强度7N/cm", True),
        ("断裂强力≥36cN/dtex", "断裂强力3.5N/tex", False),
        ("寿命≥200万次", "寿命2×10^6次", True),
        ("转速≥6000r/min", "转速100r/s", True),
        ("杂质≤0.5‰", "杂质0.04%", True),
        ("杂质≤0.5‰", "杂质600ppm", False),
        ("粒径5~10μm", "粒径7μm", True),
        ("粒径5~10μm", "粒径0.012mm", False),
        ("工作温度-20~60℃", "工作温度-25~65℃", True),  # does all of it
        ("工作温度-20~60℃", "工作温度-10~65℃", False),
        ("工作温度-20~60℃", "工作温度-25~333K", None),
        ("最大加工直径≥5000mm", "最大加工直径100~5200mm", True),
        ("纯度≥99.9%", "纯度99.5~99.95%", None),  # some of it
        ("出力≥3托/h", "出力3万托/h", True),  # a unit that isn't known, but the same
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


def test_what_cant_be_compared_is_said():
    unseen, otherwise = check(thresholds("旋转精度≤2.5μm；定位精度≤3μm"), parse_figures("定位精度2级"))
    assert unseen.reason == "旋转精度（要求≤2.5μm）：材料中未见该参数"
    assert otherwise.reason == "定位精度（要求≤3μm）：材料所载2级与要求不能比较"


@pytest.mark.parametrize("text", ["mmm", "Ra", "千度", "kmin", "mm×mm", "级2", "HRC"])
def test_only_whole_spellings_are_units(text):
    assert unit_of(text) is None


numbers = st.decimals(min_value="0.001", max_value="100000", places=3)
units = st.sampled_from([("mm", "m"), ("kN", "N"), ("MPa", "Pa"), ("kW", "W"), ("min", "s"), ("t", "kg"), ("m3/h", "L/min"), ("km/h", "m/s"), ("°", "arcsec"), ("r/min", "r/s"), ("%", "‰"), ("万次", "次")])


@given(numbers, numbers, units, st.sampled_from("≥≤"))
def test_a_figure_meets_a_threshold_in_whatever_unit_as_the_numbers_do(required, found, pair, sign):
    unit, other = pair
    factor = ratio(unit, other)
    assert factor is not None
    assert ratio(other, unit) == 1 / factor
    (plain,) = check(thresholds(f"指标{sign}{required}{unit}"), parse_figures(f"指标{found}{unit}"))
    assert plain.met is (found >= required if sign == "≥" else found <= required)
    converted = Fraction(found) * factor
    text = format(Decimal(converted.numerator) / Decimal(converted.denominator), "f")
    if Fraction(text) == converted:
        (verdict,) = check(thresholds(f"指标{sign}{required}{unit}"), parse_figures(f"指标{text}{other}"))
        assert verdict.met is plain.met


@given(numbers, st.decimals(min_value="0", max_value="1000", places=3), st.sampled_from("≥≤"))
def test_an_improved_model_passes(required, better, sign):
    found = required + better if sign == "≥" else max(required - better, Decimal(0))
    (verdict,) = check(thresholds(f"额定负载{sign}{required}kg"), parse_figures(f"额定负载{found}kg"))
    assert verdict.met is True
