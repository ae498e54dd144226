"""What many seals share is set right; what tells companies apart is left as it was read."""

from __future__ import annotations

import pytest

from matchers.stamped_names import mended


@pytest.mark.parametrize(
    ("read", "right"),
    [
        ("中国大平洋财产保险股份有限公司青岛分公司", "中国太平洋财产保险股份有限公司青岛分公司"),
        ("国大地财产保险股份有限公司宁波分公", "中国大地财产保险股份有限公司宁波分公"),
        ("国工商银行宁波江北支行", "中国工商银行宁波江北支行"),
        ("中国人民航产保险股份有限公司宁波市分公司", "中国人民财产保险股份有限公司宁波市分公司"),
        ("宁波市经济和信息局", "宁波市经济和信息化局"),
        ("宁波市海曙区市场监督管理息", "宁波市海曙区市场监督管理局"),
        ("南通鼎拓船舶重工限公司", "南通鼎拓船舶重工有限公司"),
        ("宁波甬纳新材料者限责任公司", "宁波甬纳新材料有限责任公司"),
        ("宁波姚昊传动科技股粉有限公司", "宁波姚昊传动科技股份有限公司"),
        ("宁波海川新材料有限公", "宁波海川新材料有限公司"),
        ("中国建设银行宁波江北支行", "中国建设银行宁波江北支行"),
        ("中华人民共用国国家版权局计算机软件著作权登记专用", "中华人民共和国国家版权局计算机软件著作权登记专用章"),
    ],
)
def test_common_words_are_set_right(read: str, right: str) -> None:
    assert mended(read) == right


@pytest.mark.parametrize(
    "name",
    [
        "宁波金峰精密机械有限责任公司",
        "宁海甬能科技有限公司",
        "宁德时代新能源科技股份有限公司",
        "上海国际贸易职业技术学院",
        "太平洋机电股份有限公司",
        "浙江方圆检测集团股份有限公司",
        "平安财险浙江有限公司",
        "中国太平保险集团有限责任公司",
        "海宁公司",
        "",
    ],
)
def test_names_that_are_right_stay(name: str) -> None:
    assert mended(name) == name


@pytest.mark.parametrize("name", ["浙江省经济和信息化厅", "宁波市股权投资有限公司", "宁波市产品食品质量检验研究院", "宁波市药品检验研究院", "中国人寿财产保险股份有限公司宁波市分公司", "宁波限时达物流有限公司"])
def test_names_that_come_near_stay_too(name: str) -> None:
    assert mended(name) == name


@pytest.mark.parametrize("read", ["国大财产保险股份有限公司", "中国大财产保险股份有限公司宁波分公司", "中国下商银行宁波江北支行"])
def test_what_names_a_company_is_never_guessed(read: str) -> None:
    assert mended(read) == read


def test_a_tie_between_two_insurers_changes_nothing() -> None:
    assert mended("中国平财产保险股份有限公司").startswith("中国平财")
