"""Business licences: landscape with two columns and wide-set labels, upright, of institutions and traders; the credit code's check character."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from drawn import line, page, ruled

from extractors.papers.business_licence import extract
from extractors.spread import with_labels_joined
from models.page import Line, Page

NAME, CODE, SCOPE = "宁波东昇机床有限公司", "91330205MA29FQKN77", "数控机床、精密机械及零部件的研发、制造、加工、销售；货物和技术的进出口"


def values(*pages: Page) -> dict[str, str]:
    return {k: f.text for k, f in extract(pages).fields.items()}


def landscape(code: str = CODE, *more: Line) -> Page:
    """Labels spread over their column come as letters; 法定代表人 with its value; 住所 begins with the end of the other column's line."""
    lines = [
        line(0.1, 0.15, "统一社会信用代码"), line(0.1, 0.17, code), line(0.4, 0.2, "营 业 执 照", size=0.03), line(0.46, 0.26, "（副 本）"), line(0.7, 0.25, "扫描二维码登录国家企业信用信息公示系统", size=0.008),
        line(0.1, 0.33, "名"), line(0.18, 0.33, "称"), line(0.21, 0.33, NAME), line(0.56, 0.33, "注"), line(0.585, 0.33, "册"), line(0.61, 0.33, "资本"), line(0.66, 0.33, "壹亿贰仟万元整"),
        line(0.1, 0.36, "类"), line(0.18, 0.36, "型有限责任公司（自然人投资或控股）"), line(0.56, 0.36, "成立"), line(0.61, 0.36, "日期2012年03月10日"),
        line(0.1, 0.39, "法定代表人高国涛"), line(0.56, 0.39, "营业期限"), line(0.66, 0.39, "2012年03月10日至长期"),
        line(0.1, 0.42, "经营范围"), line(0.21, 0.42, SCOPE[:15], size=0.0135), line(0.56, 0.42, "住"), line(0.61, 0.42, "所"), line(0.66, 0.42, "宁波市海曙区某某路395号2号楼", size=0.011), line(0.21, 0.44, SCOPE[15:30]),
        line(0.21, 0.46, SCOPE[30:]), line(0.62, 0.75, "登记机关"), line(0.65, 0.8, "2019年6月12日"), line(0.05, 0.95, "国家企业信用信息公示系统网址：http://www.gsxt.gov.cn"), *more,
    ]
    return page(lines).model_copy(update={"width": 842, "height": 595})


def test_a_landscape_licence_with_wide_set_labels() -> None:
    assert values(landscape()) == {
        "company_name": NAME, "credit_code": CODE, "legal_representative": "高国涛", "registered_capital": "120000000.00", "established_on": "2012-03-10",
        "address": "宁波市海曙区某某路395号2号楼", "business_scope": SCOPE.replace("；", ";")}


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ((("名称", NAME), ("类型", "股份有限公司"), ("住所", "宁波市北仑区某某路179号"), ("法定代表人", "郭晓芳"), ("注册资本", "人民币500万元"), ("成立日期", "2009年06月10日"), ("营业期限", "2009年06月10日至长期"),
          ("经营范围", "重型机械的制造、维修")), ("郭晓芳", "5000000.00", "2009-06-10", "宁波市北仑区某某路179号", "重型机械的制造、维修")),
        ((("名称", "某市机电研究院"), ("宗旨和业务范围", "机电技术研究与推广"), ("住所", "某市某区某某路1号"), ("法定代表人", "王立"), ("经费来源", "财政补助"), ("开办资金", "￥3200万元"), ("举办单位", "某市科学技术局")),
         ("王立", "32000000.00", None, "某市某区某某路1号", "机电技术研究与推广")),
        ((("名称", "某区东昇五金经营部"), ("经营者", "李四"), ("组成形式", "个人经营"), ("经营场所", "某区某某街8号"), ("注册日期", "2015年3月2日"), ("经营范围", "五金零售")), ("李四", None, "2015-03-02", "某区某某街8号", "五金零售")),
    ],
    ids=["company", "institution", "sole trader"],
)
def test_upright_licences(labels: tuple[tuple[str, str], ...], expected: tuple[str | None, ...]) -> None:
    p = page(line(0.4, 0.1, "营业执照", size=0.03), line(0.3, 0.2, f"统一社会信用代码 {CODE}"), [v for n, (a, b) in enumerate(labels) for v in (line(0.15, 0.3 + 0.03 * n, a), line(0.32, 0.3 + 0.03 * n, b))])
    got = values(p)
    assert got["credit_code"] == CODE
    assert tuple(got.get(k) for k in ("legal_representative", "registered_capital", "established_on", "address", "business_scope")) == expected


@pytest.mark.parametrize(
    ("printed", "value", "accepted"),
    [(CODE, CODE, True), ("91330205MA29FQKN71", "91330205MA29FQKN71", False),  # the check character says no
     ("9133O2O5MA29FQKN77", CODE, True),  # O is no letter of a code
     ("91330205MA29FOKN77", CODE, False)],  # what the O was is only worked out
)
def test_the_credit_code_is_checked(printed: str, value: str, accepted: bool) -> None:
    made = extract([landscape(printed)]).fields["credit_code"]
    assert (made.text, made.accepted) == (value, accepted)


@pytest.mark.parametrize(
    ("printed", "doubtful", "value"),
    [
        ("91330205MA29FQKN71", (17,), CODE),  # 1 for 7
        ("91330205MA29FQKN71", (3, 17), CODE),
        ("91330205MA29FQKN71", (), "91330205MA29FQKN71"),  # read for sure: the paper's own
        ("91330205MA29FQKN71", (3,), "91330205MA29FQKN71"),  # what may be misread isn't what is wrong
        ("91330205MA29FQKN71", range(12), "91330205MA29FQKN71"),  # so doubtful that something would fit by chance
    ],
)
def test_a_doubtful_character_of_a_code_is_worked_out_but_not_accepted(printed: str, doubtful: Iterable[int], value: str) -> None:
    whole = landscape(printed)
    sure = tuple(0.6 if i in doubtful else 0.999 for i in range(len(printed)))
    made = extract([whole.model_copy(update={"lines": tuple(v.model_copy(update={"sure": sure}) if v.text == printed else v for v in whole.lines)})]).fields["credit_code"]
    assert (made.text, made.raw, made.accepted) == (value, printed, False)


def test_a_foreign_currency_is_not_taken_for_yuan() -> None:
    p = page(line(0.1, 0.1, "名称"), line(0.25, 0.1, NAME), line(0.1, 0.13, "注册资本"), line(0.25, 0.13, "壹仟万美元"))
    assert "registered_capital" not in values(p)


def test_a_scope_with_a_hole_is_not_accepted() -> None:
    whole = landscape()
    torn = whole.model_copy(update={"lines": tuple(line(v.box.x0 + 0.08, v.box.y0, SCOPE[5:15], size=0.0135) if v.text == SCOPE[:15] else v for v in whole.lines)})
    assert extract([whole]).fields["business_scope"].accepted
    assert not extract([torn]).fields["business_scope"].accepted


def test_wide_set_labels_are_put_together_and_their_values_left_alone() -> None:
    p = with_labels_joined(page(line(0.1, 0.1, "名"), line(0.2, 0.1, "称某某公司"), line(0.5, 0.1, "成"), line(0.55, 0.1, "立"), line(0.65, 0.1, "期"), line(0.7, 0.1, "2012年3月1日")), ["名称", "成立日期"])
    assert [v.text for v in p.lines] == ["名称", "某某公司", "成立日期", "2012年3月1日"]


def test_a_line_with_a_label_at_either_end_is_taken_apart() -> None:
    p = with_labels_joined(page(line(0.1, 0.1, "经营范围机床的研发、制造、销住"), line(0.6, 0.1, "所宁波市某某路8号")), ["经营范围", "住所"])
    assert [v.text for v in p.lines] == ["经营范围", "机床的研发、制造、销", "住所", "宁波市某某路8号"]


@pytest.mark.parametrize("note", ["（依法须经批准的项目，经相关部门批准后方可开展经营活动）", "【依法须经批准的项目，经相关部门批准后方可开展经营活动】", "(依法需经批准的项目,经相关部门批准后,凭许可证经营)"])
def test_the_registrys_note_behind_the_scope_is_no_business(note: str) -> None:
    lines = [line(0.1, 0.15, "统一社会信用代码"), line(0.3, 0.15, CODE), line(0.1, 0.3, "名称"), line(0.3, 0.3, NAME), line(0.1, 0.4, "经营范围"), line(0.3, 0.4, "机床的研发、制造" + note[:8]), line(0.3, 0.42, note[8:])]
    assert values(page(lines))["business_scope"] == "机床的研发、制造"


def test_a_scope_at_the_top_of_a_tall_cell_whose_label_stands_in_its_middle() -> None:
    scope = "光学仪器、测量仪器、光电检测设备的研发、制造"
    made = extract([page(line(0.3, 0.05, "企业登记基本情况"), ruled(0.1, 0.1, (0.15, 0.65), [["企业名称", "宁波某某光电仪器有限公司"], ["登记机关", "宁波市江北区市场监督管理局"]], height=0.04),
                         ruled(0.1, 0.18, (0.15, 0.65), [["经营范围", ""]], height=0.14), line(0.26, 0.184, scope))]).fields
    assert made["business_scope"].text == scope
