"""Which entry a product is: other words, other order, brands and models off; none where none fits; a person where several do."""

from __future__ import annotations

import pytest

from matchers.catalogue import FITS, Catalogue, Fit, Product, agree_on_product, canonical_name, exclude, find_entry
from matchers.specifications import parse_figures
from models.reference import CatalogueEntry


def entry(entry_id, name, specification="", category=""):
    return CatalogueEntry(entry_id=entry_id, scheme="s", track="t", category=category, name=name, specification=specification)


MACHINES = Catalogue([
    entry("1", "数控双柱立式车床", "最大加工直径≥5000mm"),
    entry("2", "数控卧式车铣复合加工中心"),
    entry("3", "龙门五轴联动加工中心"),
    entry("4", "船用伸缩臂起重机（A型）", "额定起重量≥25t；工作半径≥30m"),
    entry("5", "船用伸缩臂起重机（B型）", "额定起重量≥16t；工作半径≥39m"),
    entry("6", "全钢子午线轮胎成型成套设备"),
    entry("7", "机器人用谐波减速器"),
    entry("8", "三维光纤激光切割机"),
    entry("9", "锂离子电池极片涂布生产线"),
])
MATERIALS = Catalogue([
    entry("1", "T700碳纤维"), entry("2", "T800碳纤维"), entry("3", "无卤阻燃聚酰胺复合材料"), entry("4", "海水淡化反渗透膜"), entry("5", "氮化铝陶瓷基板"), entry("6", "6系车身铝合金板材")])
SOFTWARE = Catalogue([
    entry("1", "铸造行业制造执行系统软件"), entry("2", "电镀行业制造执行系统软件"), entry("3", "供热管网数据采集与监控系统"), entry("4", "船舶管路三维设计软件"), entry("5", "家具行业高级计划排程软件")])


@pytest.mark.parametrize(
    ("catalogue", "name", "wanted"),
    [
        (MACHINES, "双柱立式数控车床", "1"),
        (MACHINES, "某峰牌DVT500型双柱立式车削中心", "1"),
        (MACHINES, "龙门5轴加工机床", "3"),
        (MACHINES, "全钢子午线轮胎成型机组", "6"),
        (MACHINES, "谐波减速机", "7"),
        (MACHINES, "*专用设备*3D激光切割设备", "8"),
        (MACHINES, "锂电极片涂布产线", "9"),
        (MATERIALS, "T800级PAN基碳纤维", "2"),
        (MATERIALS, "阻燃无卤尼龙", "3"),
        (MATERIALS, "海水淡化RO膜元件", "4"),
        (MATERIALS, "AlN（氮化铝）陶瓷覆铜基板", "5"),
        (MATERIALS, "汽车车身用6系铝合金板", "6"),
        (SOFTWARE, "铸造行业MES系统", "1"),
        (SOFTWARE, "供热管网SCADA系统", "3"),
        (SOFTWARE, "船舶管路3D设计系统V2.0", "4"),
        (SOFTWARE, "家具行业APS排产软件", "5"),
    ],
)
def test_other_words_for_an_entry_find_it(catalogue, name, wanted):
    found = find_entry(Product((name,)), catalogue)
    assert found.match is not None
    assert found.match.entry_id == wanted
    assert found.match.reason
    assert found.rivals == ()


@pytest.mark.parametrize(
    ("catalogue", "name"),
    [
        (MACHINES, "家用分体式空调器"), (MACHINES, "电动叉车"), (MACHINES, "半钢子午线轮胎成型机组"), (MACHINES, "立式五轴加工中心"),
        (MATERIALS, "T1000碳纤维"), (MATERIALS, "氮化硅陶瓷基板"), (MATERIALS, "PVC给水管"), (MATERIALS, "7系车身铝合金板材"),
        (SOFTWARE, "餐饮门店收银系统"), (SOFTWARE, "校园一卡通管理软件"), (SOFTWARE, "物业收费系统"), (SOFTWARE, ""),
    ],
)
def test_what_no_entry_means_fits_none(catalogue, name):
    assert find_entry(Product((name,)), catalogue).match is None


def test_a_name_that_says_less_than_several_entries_is_left_to_a_person():
    assert find_entry(Product(("制造执行系统软件",)), SOFTWARE).rivals == ("1", "2")


@pytest.mark.parametrize(
    ("figures", "wanted", "rivals"),
    [("额定起重量28t，工作半径32m", "4", ()), ("额定起重量19t，工作半径42m", "5", ()), ("额定起重量14t，工作半径42m", "5", ()), ("", "4", ("4", "5"))],
)
def test_figures_tell_entries_of_one_name_apart(figures, wanted, rivals):
    found = find_entry(Product(("伸缩臂船用起重机",), figures=parse_figures(figures)), MACHINES)
    assert found.match is not None
    assert (found.match.entry_id, found.rivals) == (wanted, rivals)


def test_the_same_words_in_another_paper_help():
    alone = find_entry(Product(("板材",)), MATERIALS)
    helped = find_entry(Product(("6系铝材", "6系车身铝合金板材")), MATERIALS)
    assert alone.match is None
    assert helped.match is not None
    assert helped.match.entry_id == "6"


def test_nothing_matches_nothing():
    assert find_entry(Product(()), MACHINES) == find_entry(Product(("数控车床",)), Catalogue([]))
    assert find_entry(Product(()), MACHINES).match is None


@pytest.mark.parametrize(("a", "b", "same"), [
    ("重载滚珠丝杠", "重载精密丝杠副", True), ("船用起重机", "甲板起重机", True), ("CZ6320型起重机", "起重机", True), ("弧焊机器人", "焊接工业机器人", True),
    ("数控立式车床", "空气压缩机", False), ("制造执行系统", "门禁系统", False), ("", "起重机", False)])
def test_papers_name_one_product_in_several_ways(a, b, same):
    assert agree_on_product(a, b, MACHINES, ("CZ6320",)) is same
    assert agree_on_product(a, b, None, ("CZ6320",)) is same


def test_contrary_words_and_grades_exclude_each_other():
    assert exclude(canonical_name("全钢轮胎"), canonical_name("半钢轮胎"))
    assert exclude("T700碳纤维", "T800碳纤维")
    assert exclude("GH4169合金", "GH4738合金")
    assert not exclude("T700碳纤维", "碳纤维")
    assert not exclude("立式车床", "车床")


CHEMISTRY = Catalogue([
    entry("1", "气相色谱质谱联用仪"), entry("2", "阴离子交换膜"), entry("3", "半直驱风力发电机组"), entry("4", "12英寸单晶硅片"), entry("5", "8英寸外延硅片"), entry("6", "工业级微控制器芯片"),
    entry("7", "汽车用喷雾干燥塔"), entry("8", "家电用喷雾干燥塔"), entry("9", "家电用反渗透系统"), entry("10", "船舶压载水紫外处理装置", "型号ZLD-3000")])


@pytest.mark.parametrize(
    ("name", "place", "fit"),
    [
        ("气相色谱质谱联用系统", 0, Fit.SAME),
        ("便携气相色谱质谱联用仪", 0, Fit.SAME),  # says more
        ("色谱质谱联用仪", 0, Fit.SAME),  # says less, but not little
        ("液相色谱质谱联用仪", 0, Fit.DOUBTFUL),  # each says what the other doesn't
        ("离子交换膜", 1, Fit.DOUBTFUL),
        ("直驱风力发电机组", 2, Fit.DOUBTFUL),
        ("风力发电机组", 2, Fit.SAME),
        ("8英寸单晶硅片", 3, Fit.OTHER),  # another size
        ("车载级微控制器芯片", 5, Fit.DOUBTFUL),
        ("家电用喷雾干燥塔", 6, Fit.OTHER),  # its sibling
        ("纺织用喷雾干燥塔", 6, Fit.DOUBTFUL),
        ("干燥塔", 6, Fit.DOUBTFUL),  # says little
    ],
)
def test_how_a_name_stands_to_an_entry(name, place, fit):
    assert CHEMISTRY.fit(canonical_name(name), place) is fit


@pytest.mark.parametrize("name", ["液相色谱质谱联用仪", "离子交换膜", "直驱风力发电机组", "纺织用喷雾干燥塔", "8英寸单晶硅片", "电机用反渗透系统"])
def test_what_may_be_another_product_never_stands_without_a_look(name):
    found = find_entry(Product((name,)), CHEMISTRY)
    assert found.match is None or found.match.score < FITS or found.rivals


def test_another_paper_that_names_the_product_in_full_takes_the_doubt_away():
    misread = find_entry(Product(("气柏色谱质谱联用仪",)), CHEMISTRY)
    helped = find_entry(Product(("气柏色谱质谱联用仪", "气相色谱质谱联用仪")), CHEMISTRY)
    assert misread.match is None or misread.match.score < FITS
    assert helped.match is not None
    assert helped.match.score >= FITS


def test_a_model_or_certificate_that_an_entry_names_counts():
    plain = find_entry(Product(("船舶压载水处理装置",)), CHEMISTRY)
    named = find_entry(Product(("船舶压载水处理装置",), models=("ZLD-3000",)), CHEMISTRY)
    assert plain.match is not None
    assert named.match is not None
    assert named.match.score > plain.match.score
    assert "ZLD3000" in named.match.reason
