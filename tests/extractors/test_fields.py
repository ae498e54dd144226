"""Pieces become fields in the contract's format; checks move their confidence."""

from __future__ import annotations

from decimal import Decimal

import pytest
from drawn import line, page

from extractors.fields import agree_in_words, choose, make_field, make_period, money_of, parse, vote
from extractors.layout import Piece, label_values, piece_of
from extractors.organisations import checked
from models.field import Field
from models.paper import Kind


def piece(text: str, sure: float = 0.999) -> Piece:
    p = page(line(0.1, 0.1, text, sure))
    return piece_of(p, p.lines[0])


@pytest.mark.parametrize(
    ("kind", "text", "unit", "value"),
    [
        (Kind.MONEY, "37.947", "万元", "379470.00"),
        (Kind.MONEY, "37.947万元", "", "379470.00"),
        (Kind.MONEY, "379,470元", "万元", "379470.00"),  # the figure's own unit counts
        (Kind.MONEY, "￥379，470．00", "", "379470.00"),
        (Kind.MONEY, "¥16.120.00", "", "16120.00"),  # a comma read as a point
        (Kind.MONEY, "1,O00.00", "", "1000.00"),
        (Kind.MONEY, "人民币叁拾柒万玖仟肆佰柒拾元整", "", "379470.00"),
        (Kind.MONEY, "面议", "", None),
        (Kind.MONEY, "2.35%", "", None),  # of the column beside it
        (Kind.PERCENT, "2.80%", "", "2.8"),
        (Kind.PERCENT, "28", "‰", "2.8"),
        (Kind.PERCENT, "千分之八", "", "0.8"),
        (Kind.DATE, "2020年 3 月1 日", "", "2020-03-01"),
        (Kind.DATE, "2020-05-01 00:00:00", "", "2020-05-01"),
        (Kind.DATE, "2020年3月", "", "2020-03"),
        (Kind.QUANTITY, "1,510 支", "", "1510"),
        (Kind.QUANTITY, "叁台", "", "3"),
        (Kind.NAME, "：宁波某某有限公司（盖章）", "", "宁波某某有限公司"),
        (Kind.NAME, "某某(宁波)有限公司", "", "某某（宁波）有限公司"),
        (Kind.NUMBER, "0574—8773 6287", "", "0574-87736287"),
        (Kind.NUMBER, "无", "", None),
        (Kind.TEXT, "纯 软 件", "", "纯软件"),
    ],
)
def test_values_by_kind(kind: Kind, text: str, unit: str, value: str | None) -> None:
    parsed = parse(kind, text, unit)
    assert (parsed and parsed[0]) == value


def test_a_field_keeps_print_place_and_doubt() -> None:
    made = make_field("premium", piece("2.3763", 0.7), "万元")
    assert made is not None
    assert (made.value, made.raw, made.accepted) == ("23763.00", "2.3763", False)
    assert made.confidence <= 0.7
    assert made.source is not None
    assert made.source.page == 1


def test_nothing_gives_no_field() -> None:
    assert make_field("premium", None) is None
    assert make_field("premium", piece("见附页")) is None


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("自2020年3月1日零时起，至2021年2月28日二十四时止", ("2020-03-01", "2021-02-28")),
        ("2020-05-01 00:00:00 起 至 2021-04-30 24:00:00 止", ("2020-05-01", "2021-04-30")),
        ("2020年8月至2021年7月", ("2020-08", "2021-07")),
        ("12个月，自2020/06/01至2021/05/31", ("2020-06-01", "2021-05-31")),
        ("2020.06.01—2021.05.31", ("2020-06-01", "2021-05-31")),
        ("2020年6月至12月", ("2020-06", "2020-12")),
        ("一年", None),
    ],
)
def test_periods(text: str, period: tuple[str, str] | None) -> None:
    made = make_period(piece(text))
    assert (made and (made[0].value, made[1].value)) == period


def test_a_period_that_ends_before_it_begins_is_not_accepted() -> None:
    made = make_period(piece("2021年3月1日至2020年2月28日"))
    assert made is not None
    assert not made[0].accepted
    assert not made[1].accepted


def test_words_and_figures_bear_each_other_out_or_not() -> None:
    figures, words = make_field("premium", piece("¥379,470.00", 0.6)), make_field("premium", piece("叁拾柒万玖仟肆佰柒拾元整"))
    both = agree_in_words(figures, words)
    assert both[0] is not None
    assert both[0].accepted
    other = agree_in_words(make_field("premium", piece("¥379,410.00")), words)
    assert other[0] is not None
    assert not other[0].accepted


def test_an_amount_remembers_how_fine_it_was_written() -> None:
    money = money_of(make_field("premium", piece("2.3763"), "万元"))
    assert money is not None
    assert (money.amount, money.step) == (Decimal("23763.0000"), Decimal(1))


def test_choose_takes_the_surest_that_fits_and_vote_what_most_say() -> None:
    p = page(line(0.1, 0.1, "保单号：AB12345678"), line(0.1, 0.5, "保单号：AB12345678"), line(0.1, 0.9, "保单号：AB1Z345678"))
    hits = label_values([p], {"policy_number": ["保单号"]})["policy_number"]
    chosen = choose("policy_number", hits)
    voted = vote("policy_number", hits)
    assert chosen is not None
    assert voted is not None
    assert (chosen.value, voted.value, voted.accepted) == ("AB12345678", "AB12345678", False)


@pytest.mark.parametrize(
    ("read", "value"),
    [
        ("温州崇驰船舶工程（集团有限公司", "温州崇驰船舶工程（集团）有限公司"),
        ("温州崇驰船舶工程集团）有限公司", "温州崇驰船舶工程（集团）有限公司"),
        ("宁波甲（乙有限公司", "宁波甲（乙有限公司"),
    ],
)
def test_a_name_that_lost_a_bracket_is_never_accepted(read: str, value: str) -> None:
    made = make_field("buyer_name", piece(read))
    assert made is not None
    assert (made.text, made.raw, made.accepted) == (value, read, False)


@pytest.mark.parametrize(("name", "text", "whole"), [
    ("product_model", "SX4-6090H", True), ("product_model", "SX4-6090H，计1套", False), ("contract_number", "2020年（销）字85号", True), ("insurer_phone", "(0574-59487659", False), ("contract_number", "为2020年（销）字85号", False),
    ("insurer_phone", "（0574）59487659", True), ("policy_number", "PQZB2020；", True), ("policy_number", "102020-", False), ("voucher_number", "/20200611", False), ("product_name", "立体仓储系统，计1套", False),
    ("main_business", "软件开发、系统集成", True), ("contact_name", "孙俊嘉", True), ("contact_name", "买买提·艾力", True), ("contact_name", "孙俊嘉电话", False), ("buyer_name", "甲有限公司；乙方", False),
])
def test_a_value_with_more_of_its_sentence_is_doubted(name: str, text: str, whole: bool) -> None:
    made = make_field(name, piece(text))
    assert made is not None
    assert (made.confidence > 0.6) is whole


@pytest.mark.parametrize(
    ("text", "refers"),
    [("详见《某某明细》", True), ("详见附件一", True), ("见附表", True), ("具体见清单", True), ("（以下空白）", True), ("参见背面", True), ("同上", True), ("见习机器人", False), ("同步电机", False), ("如意牌切割机", False), ("后附式刀库", False)],
)
def test_what_says_where_the_value_stands_is_none(text: str, refers: bool) -> None:
    assert (make_field("product_name", piece(text)) is None) is refers


@pytest.mark.parametrize(
    ("name", "text", "whole"),
    [
        ("insurance_product", "险种名称某某综合保险", False), ("product_name", "及版本某某软件", False), ("product_name", "和型号：某某机床", False), ("company_name", "单位名称某某有限公司", False),
        ("company_name", "和某某自动化有限公司", True), ("product_name", "产品检测线", True), ("product_name", "编号机", True), ("product_name", "软件定义网关", True),
    ],
)
def test_a_value_with_words_of_its_label_is_doubted(name: str, text: str, whole: bool) -> None:
    made = make_field(name, piece(text))
    assert made is not None
    assert made.accepted is whole


@pytest.mark.parametrize(("name", "whole"), [
    ("国禾财产保险股份有限公司宁波市分公司", True), ("中泰保险有限公司国家高新区支公司", True), ("新区支公司", False), ("宁波分公司", False), ("中泰财产保险股份有限公司宁波中心", False),
])  # fmt: skip
def test_a_branch_without_its_company_is_no_whole_name(name: str, whole: bool) -> None:
    made = checked(Field(value=name, raw=name, confidence=0.98, accepted=True))
    assert made is not None
    assert made.accepted is whole
