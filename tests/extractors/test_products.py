"""What reads like a product's name."""

from __future__ import annotations

import pytest
from drawn import line, page

from extractors.fields import make_field
from extractors.layout import piece_of
from extractors.products import checked_product, is_product


@pytest.mark.parametrize("text", ["五轴卧式加工中心", "镁合金半固态触变成型机（TMG-308S）", "注塑行业制造执行系统软件V2.0", "MES", "高纯钽溅射靶材", "化纤四向穿梭式立体仓储系统", "盾构机主驱动密封件", "数量控制阀"])
def test_names_of_products(text: str) -> None:
    assert is_product(text)


@pytest.mark.parametrize("text", [
    "数量", "规格型号", "设备名称：", "（名单见附表）。希望有关单位加快推广应用", "经审核，该产品符合认定条件，特发此证", "17台", "2021年5月8日", "宁波东昇机床有限公司", "认定结果", "详见附件", "到货日期2020.03.10", "实现了需求说明中规定的功能，测试通过", "",
])
def test_what_is_none(text: str) -> None:
    assert not is_product(text)


@pytest.mark.parametrize("text", ["型号/版本", "产品名称/规格型号", "购买方", "验收报告", "项目验收合格证明", "检测报告"])
def test_headings_of_two_words_and_titles_of_papers_name_nothing(text: str) -> None:
    assert not is_product(text)


@pytest.mark.parametrize(("text", "name"), [("风电变桨控制系统BJ-904KB", "风电变桨控制系统"), ("制造执行系统软件V1.3", "制造执行系统软件"), ("耐高温聚酰胺PA10T", "耐高温聚酰胺PA10T"), ("LCX-4732型成型机组", "LCX-4732型成型机组")])
def test_a_model_behind_a_name_is_no_part_of_it_and_seen_by_a_person(text: str, name: str) -> None:
    made = checked_product(make_field("product_name", piece_of(page(said := line(0.1, 0.1, text)), said)))
    assert made is not None
    assert (made.text, made.accepted) == (name, name == text)


@pytest.mark.parametrize(("text", "accepted"), [("动力型磷酸铁锂正极粉投保数量132吨", False), ("注塑机全电动控制系统10使用产品的用户", False), ("数量统计软件", True), ("用户管理系统", True)])
def test_a_name_with_its_neighbour_s_label_is_seen_by_a_person(text: str, accepted: bool) -> None:
    p = page(line(0.1, 0.1, text))
    made = checked_product(make_field("product_name", piece_of(p, p.lines[0])))
    assert made is not None
    assert made.accepted is accepted
