"""Misreadings are put right where the rest of the submission proves what stands there; each way with a near miss and with nothing to go by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from models.field import Field, Reading, Region
from models.geometry import WHOLE_PAGE, Box
from models.page import Line, Page, PageSource
from models.paper import Paper, PaperType, Part
from pipeline.corrections import with_misreadings_corrected

FORM, POLICY, LICENCE, CONTRACT, INVOICE = (
    PaperType.APPLICATION_FORM, PaperType.INSURANCE_POLICY, PaperType.BUSINESS_LICENCE, PaperType.SALES_CONTRACT, PaperType.PREMIUM_INVOICE)
NUMBER, CODE = "PQZB2020330201007257", "91330205MA29FQKN77"
RIGHT, WRONG = "宁波明昊磁性材料有限公司", "宁波明吴磁性材料有限公司"

Said = Mapping[PaperType, Mapping[str, Field]]


def sure(value: str, raw: str = "") -> Field:
    return Field(value=value, raw=raw or value, confidence=0.99, accepted=True, source=Region(file="scan.pdf", page=1, box=WHOLE_PAGE))


def doubtful(value: str, weak: str = "", raw: str = "", confidence: float = 0.8) -> Field:
    read = Reading(characters=confidence, place=1.0, fit=1.0, weak=tuple((c, confidence) for c in weak))
    return Field(value=value, raw=raw or value, confidence=confidence, source=Region(file="scan.pdf", page=1, box=WHOLE_PAGE), read=read)


def corrected(said: Said, print_: Sequence[tuple[int, str]] = (), registered: Sequence[str] = (), certainty: float = 0.99, catalogued: Sequence[str] = ()) -> dict[PaperType, dict[str, Field]]:
    """The fields afterwards. A paper a type, one page each, in order; print_: page number and a line printed there, read with this certainty."""
    papers = [Paper(type=kind, parts=(Part(file="scan.pdf", pages=(n,)),), fields=dict(fields)) for n, (kind, fields) in enumerate(said.items(), 1)]
    pages = [
        Page(file="scan.pdf", number=n, width=595, height=842, source=PageSource.OCR,
             lines=tuple(Line(text=text, box=Box(0.1, 0.1, 0.9, 0.12), confidence=certainty, sure=(certainty,) * len(text)) for number, text in print_ if number == n))
        for n in range(1, len(papers) + 1)]
    return {paper.type: paper.fields for paper in with_misreadings_corrected(papers, pages, registered, catalogued)}


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("read", "printed", "certainty", "value"),
    [
        (doubtful("POZB2020330201007257"), f"保单号：{NUMBER}", 0.99, NUMBER),
        (doubtful("P0Z82020330201007257"), f"保单号：{NUMBER}", 0.99, NUMBER),  # two characters
        (doubtful("P0Z8202O330201007257"), f"保单号：{NUMBER}", 0.99, None),  # three: rather another number
        (doubtful("PQZB2020330201007251"), f"保单号：{NUMBER}", 0.99, None),  # a digit for a digit
        (doubtful("POZB2020330201007257"), f"保单号：{NUMBER}", 0.9, None),  # proof itself in doubt
        (doubtful("POZB2020330201007257"), f"保单号：{NUMBER}、PDZB2020330201007257", 0.99, None),  # two that it may be
        (doubtful("POZB2020330201007257"), "保单号：", 0.99, None),
        (sure("POZB2020330201007257"), f"保单号：{NUMBER}", 0.99, None),  # read for sure: the papers differ
        (doubtful("POZB2020330201007257", confidence=0.99), f"保单号：{NUMBER}", 0.99, None),  # doubted by a check, yet read for sure
    ],
)
def test_a_policy_number_by_another_papers_print(read: Field, printed: str, certainty: float, value: str | None) -> None:
    field = corrected({FORM: {"policy_number": read}, INVOICE: {}}, [(2, printed)], certainty=certainty)[FORM]["policy_number"]
    if value is None:
        assert field == read
    else:
        assert (field.value, field.raw, field.accepted) == (value, read.raw, True)
        assert f"印刷读作{read.text}" in field.why[-1]


def test_print_of_the_same_paper_proves_nothing() -> None:
    read = doubtful("POZB2020330201007257")
    assert corrected({FORM: {"policy_number": read}}, [(1, NUMBER)])[FORM]["policy_number"] == read


@pytest.mark.parametrize(
    ("name", "read", "printed", "certainty", "borne_out"),
    [
        ("product_model", doubtful("V3.7", confidence=0.95), "模具产业工业互联网云平台V3.7", 0.99, True),
        ("product_model", doubtful("V3.7", confidence=0.95), "V3.71", 0.99, None),  # part of another
        ("product_model", doubtful("V3.7", confidence=0.95), "V3.7.1", 0.99, None),
        ("product_model", doubtful("V3.7", confidence=0.95), "版本V3.7。", 0.99, True),
        ("product_model", doubtful("V3.7", confidence=0.95), "V3.7", 0.9, None),  # doubtful there, too
        ("product_model", doubtful("V37", confidence=0.95), "V37", 0.99, None),  # so short a one may stand there by chance
        ("policy_number", doubtful(NUMBER, confidence=0.95), f"保单号：{NUMBER}", 0.99, True),
        ("policy_number", doubtful(NUMBER, confidence=0.95), f"保单号：{NUMBER}8", 0.99, None),
        ("policy_number", doubtful(NUMBER, confidence=0.95).lowered(0.85, "其他检查不合"), f"保单号：{NUMBER}", 0.99, False),  # a check spoke against it
        ("applicant_name", doubtful(RIGHT, confidence=0.95), RIGHT, 0.99, None),  # names have evidence of their own
    ],
)
def test_a_number_or_model_that_another_paper_prints_alike(name: str, read: Field, printed: str, certainty: float, borne_out: bool | None) -> None:
    field = corrected({CONTRACT: {name: read}, INVOICE: {}}, [(2, printed)], certainty=certainty)[CONTRACT][name]
    assert (field.value, field.borne_out) == (read.value, borne_out)
    assert field.accepted is bool(borne_out)
    assert corrected({CONTRACT: {name: read}, INVOICE: {}}, [(1, printed)], certainty=certainty)[CONTRACT][name] == read  # its own print proves nothing


@pytest.mark.parametrize(
    ("read", "printed", "value", "accepted"),
    [
        (doubtful("91330205MA29FQKN71"), CODE, CODE, True),
        (doubtful(CODE), CODE, CODE, True),  # worked out by its check character, and printed elsewhere
        (doubtful(CODE), "91330205MA29FQKN78", CODE, False),
        (doubtful("91330205MA29FQKN71"), "91330205MA29FQKN78", "91330205MA29FQKN71", False),  # what is printed there fails its check, too
        (doubtful("91330205MA29FQKN7A"), CODE, "91330205MA29FQKN7A", False),  # A and 7 aren't read for each other
        (doubtful("91330205MA29FQKN71"), "", "91330205MA29FQKN71", False),
    ],
)
def test_a_credit_code_by_its_check_character_and_print(read: Field, printed: str, value: str, accepted: bool) -> None:
    field = corrected({LICENCE: {"credit_code": read}, CONTRACT: {}}, [(2, f"税号：{printed}")])[LICENCE]["credit_code"]
    assert (field.value, field.accepted) == (value, accepted)


@pytest.mark.parametrize(
    ("form", "accepted"), [(NUMBER[:-1], False), (NUMBER[1:], False), (NUMBER, True), (NUMBER[:-4], True), ("PQZB2020330201007275", True)])
def test_a_number_that_may_be_cut_short_is_left_to_a_person(form: str, accepted: bool) -> None:
    """One of another length, or with two digits exchanged, is for the rules to tell."""
    field = corrected({FORM: {"policy_number": sure(form)}, POLICY: {"policy_number": sure(NUMBER)}})[FORM]["policy_number"]
    assert (field.value, field.accepted) == (form, accepted)


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("read", "others", "registered", "printed", "put_right"),
    [
        (doubtful(WRONG, "吴"), 2, (), "", True),
        (doubtful(WRONG, "吴"), 1, (), "", False),  # one against one
        (doubtful(WRONG, "磁"), 2, (), "", False),  # another character was in doubt
        (doubtful(WRONG, "吴"), 2, (WRONG,), "", False),  # there is such a company
        (doubtful(WRONG, "吴"), 2, (), f"{WRONG}与{WRONG}", False),  # it is named elsewhere, too
        (doubtful("宁波明昊电性材料有限公司", "电"), 2, (), "", False),  # not alike
        (doubtful("宁波明昊磁性材料有限责任公司", "责任"), 2, (), "", False),
        (sure(WRONG), 2, (WRONG,), "", False),  # read for sure
        (doubtful(WRONG, "吴"), 0, (), "", False),
    ],
)
def test_a_name_by_what_two_other_papers_write(read: Field, others: int, registered: tuple[str, ...], printed: str, put_right: bool) -> None:
    witnesses = [(FORM, "applicant_name"), (LICENCE, "company_name"), (POLICY, "policyholder_name")][:others]
    field = corrected({**{kind: {name: sure(RIGHT)} for kind, name in witnesses}, INVOICE: {"buyer_name": read}}, [(1, printed)], registered)[INVOICE]["buyer_name"]
    assert (field.text == RIGHT and field.accepted) is put_right
    assert put_right or field == read


RARE, MISREAD = "宁波屾德磁性材料有限公司", "宁波岫德磁性材料有限公司"  # reading hardly knows 屾


@pytest.mark.parametrize(
    ("registered", "weak", "value", "accepted"),
    [
        ((RARE,), "岫", RARE, True),
        ((RARE, MISREAD), "岫", MISREAD, False),  # there is one of that name: all that is said is that it wasn't read for sure
        (("宁波江德磁性材料有限公司",), "岫", MISREAD, False),  # doesn't resemble it
        ((RARE, "宁波嵩德磁性材料有限公司", "宁波柚德磁性材料有限公司"), "德", MISREAD, False),
        ((), "岫", MISREAD, False),
    ],
)
def test_a_character_that_reading_does_not_know(registered: tuple[str, ...], weak: str, value: str, accepted: bool) -> None:
    read = doubtful(MISREAD, weak, confidence=0.9)
    made = corrected({FORM: {"applicant_name": read}, LICENCE: {"company_name": read}, POLICY: {"policyholder_name": read}}, registered=registered)
    assert {(f.value, f.accepted) for fields in made.values() for f in fields.values()} == {(value, accepted)}


@pytest.mark.parametrize(("read", "accepted"), [("宁波德磁性材料有限公司", False), (RARE, True), ("宁波大德磁性材料有限公司", True), ("德磁性材料有限公司", True)])
def test_a_name_that_lacks_a_character_of_a_registered_one(read: str, accepted: bool) -> None:
    assert corrected({FORM: {"applicant_name": sure(read)}}, registered=[RARE])[FORM]["applicant_name"].accepted is accepted


def test_a_rare_character_left_in_doubt_by_several_papers_is_for_a_person_unless_a_register_knows_the_name() -> None:
    unsure = sure(MISREAD).model_copy(update={"read": Reading(characters=0.9, place=1.0, fit=1.0, weak=(("岫", 0.9),))})
    papers = {FORM: {"applicant_name": unsure}, LICENCE: {"company_name": unsure}, POLICY: {"policyholder_name": sure(MISREAD)}}
    assert not any(f.accepted for fields in corrected(papers).values() for f in fields.values())
    assert all(f.accepted for fields in corrected(papers, registered=[MISREAD]).values() for f in fields.values())
    once = {**papers, LICENCE: {"company_name": sure(MISREAD)}}
    assert all(f.accepted for fields in corrected(once).values() for f in fields.values())  # one smudged print is no rare character


def read_well(text: str, certainty: float = 0.98) -> Field:
    return sure(text).model_copy(update={"confidence": certainty, "read": Reading(characters=certainty, place=1.0, fit=1.0, weak=())})


def test_a_spelling_of_fewer_papers_is_for_a_person_unless_a_register_knows_it_or_the_file_itself_says_it() -> None:
    papers = {FORM: {"applicant_name": read_well(RARE)}, LICENCE: {"company_name": read_well(RARE)}, POLICY: {"policyholder_name": read_well(MISREAD)}}
    made = corrected(papers)
    assert (made[FORM]["applicant_name"].accepted, made[POLICY]["policyholder_name"].accepted) == (True, False)
    assert RARE in made[POLICY]["policyholder_name"].why[-1]
    assert corrected(papers, registered=[MISREAD])[POLICY]["policyholder_name"].accepted
    assert corrected({**papers, POLICY: {"policyholder_name": read_well(MISREAD, 1.0)}})[POLICY]["policyholder_name"].accepted


@pytest.mark.parametrize(("name", "accepted"), [("安财产保险股份有限公司宁波分公司", False), ("财产保险股份有限公司", False), ("永安财产保险股份有限公司", True), ("中国信用保险有限公司", True)])
def test_an_insurer_without_a_brand_lost_a_character(name: str, accepted: bool) -> None:
    every = {FORM: {"insurer_name": read_well(name)}, POLICY: {"insurer_name": read_well(name)}}
    assert {f.accepted for fields in corrected(every).values() for f in fields.values()} == {accepted}
    assert corrected(every, registered=[name])[FORM]["insurer_name"].accepted


def test_a_name_that_may_be_either_of_two_companies_stays() -> None:
    other = "宁波明吴磁性材科有限公司"  # as near to what was read as the right one
    read = doubtful(WRONG, "吴料")
    said = {FORM: {"applicant_name": sure(RIGHT), "buyer_name": sure(other)}, LICENCE: {"company_name": sure(RIGHT)}, CONTRACT: {"buyer_name": sure(other)}, INVOICE: {"buyer_name": read}}
    assert corrected(said)[INVOICE]["buyer_name"] == read
    assert corrected({**said, CONTRACT: {}})[INVOICE]["buyer_name"].text == RIGHT


# ---------------------------------------------------------------- amounts and dates


@pytest.mark.parametrize(
    ("read", "policy", "value"),
    [
        (doubtful("379470.00", raw="37.947"), sure("379470.00"), "379470.00"),
        (doubtful("379470000.00", raw="37947"), sure("379470.00"), "379470.00"),  # point lost
        (doubtful("37.95", raw="37.947"), sure("379470.00"), None),  # rounded: not the same digits
        (doubtful("37.94", raw="37.94"), sure("379400.00"), "379400.00"),  # unit not seen
        (doubtful("37.94", raw="37.94元"), sure("379400.00"), None),  # the unit is printed
        (doubtful("37.95", raw="37.95"), sure("37950.00"), None),  # two digits behind it: no mark of thousands
        (doubtful("37.951", raw="37.951"), sure("37951.00"), "37951.00"),
        (doubtful("12340.00", raw="12,340.00"), sure("123400.00"), None),  # a tenth of it
        (doubtful("123400.00", raw="123,400.00"), sure("12340.00"), None),  # the point is printed
        (doubtful("20000.00", raw="2"), sure("2.00"), None),  # one digit tells nothing
        (doubtful("379410.00", "1", raw="379410.00"), sure("379470.00"), "379470.00"),  # 1 for 7, read doubtfully
        (doubtful("379410.00", "9", raw="379410.00"), sure("379470.00"), None),
        (doubtful("359400.00", "5", raw="359400.00"), sure("379400.00"), None),  # 5 isn't read for 7
        (doubtful("37.94", raw="37.94"), doubtful("379400.00"), None),  # the other paper is in doubt, too
        (sure("37.94"), sure("379400.00"), None),
    ],
)
def test_an_amount_by_what_another_paper_shows(read: Field, policy: Field, value: str | None) -> None:
    field = corrected({FORM: {"premium": read}, POLICY: {"premium": policy}})[FORM]["premium"]
    assert (field.value, field.accepted) == ((value, True) if value and value != read.value else (read.value, read.accepted))
    assert field.raw == read.raw


def test_instalments_are_amounts_of_their_own() -> None:
    read = doubtful("379410.00", "1")
    said = {FORM: {"premium_paid": sure("379470.00")}, PaperType.PAYMENT_VOUCHER: {"amount": read}}
    assert corrected(said)[PaperType.PAYMENT_VOUCHER]["amount"].accepted
    papers = [Paper(type=kind, parts=(Part(file="scan.pdf", pages=(n,)),), fields=dict(fields)) for n, (kind, fields) in enumerate(said.items(), 1)]
    second = Paper(type=PaperType.PAYMENT_VOUCHER, parts=(Part(file="scan.pdf", pages=(3,)),), fields={"amount": sure("60.00"), "voucher_number": sure("778899")})
    assert with_misreadings_corrected([*papers, second], [])[1].fields["amount"] == read


def test_an_amount_that_no_other_paper_shows_stays() -> None:
    read = doubtful("37.94", raw="37.94")
    assert corrected({FORM: {"premium": read}, POLICY: {}})[FORM]["premium"] == read


RATED = {"sum_insured": sure("5120000.00"), "premium_rate": sure("2.6"), "premium": sure("133120.00")}
CHARGED = {"amount_excluding_tax": sure("498141.59"), "tax_amount": sure("64758.41"), "total_amount": sure("562900.00")}


@pytest.mark.parametrize(
    ("kind", "fields", "name", "read", "value"),
    [
        (POLICY, RATED, "premium_rate", doubtful("26", raw="26%"), "2.6"),  # point lost
        (POLICY, RATED, "premium_rate", doubtful("2.8", "8"), "2.6"),  # 8 for 6
        (POLICY, RATED, "premium_rate", doubtful("2.8"), None),  # which was read for sure
        (POLICY, RATED, "premium_rate", doubtful("3.5", "3"), None),
        (POLICY, RATED, "premium", doubtful("13312000.00", raw="13312000"), "133120.00"),
        (POLICY, RATED, "sum_insured", doubtful("512.00", raw="512"), "5120000.00"),
        (POLICY, RATED, "sum_insured", doubtful("512.00", raw="512元"), None),
        (POLICY, {"premium_rate": sure("2"), "premium": sure("10000.00")}, "sum_insured", doubtful("50.00", raw="50"), None),  # one digit tells nothing
        (POLICY, {**RATED, "premium_rate": doubtful("2.6")}, "premium", doubtful("13312000.00"), None),  # another of the three in doubt
        (POLICY, {**RATED, "sum_insured": sure("4700000.00")}, "premium_rate", doubtful("26"), None),  # no rate that could be printed
        (POLICY, {"premium": sure("133120.00")}, "premium_rate", doubtful("26"), None),
        (PaperType.SALES_INVOICE, CHARGED, "total_amount", doubtful("562300.00", "3"), None),  # 3 isn't read for 9
        (PaperType.SALES_INVOICE, CHARGED, "total_amount", doubtful("562906.00", "6"), "562900.00"),
        (PaperType.SALES_INVOICE, CHARGED, "tax_amount", doubtful("6475841.00", raw="6475841"), "64758.41"),
        (CONTRACT, {"quantity": sure("3"), "unit_price": sure("187600.00")}, "contract_amount", doubtful("56280000.00", raw="56280000"), "562800.00"),
        (CONTRACT, {"unit_price": sure("187600.00"), "contract_amount": sure("562800.00")}, "quantity", doubtful("8", "8"), "3"),
        (CONTRACT, {"unit_price": sure("187600.00"), "contract_amount": sure("562900.00")}, "quantity", doubtful("8", "8"), None),
        (PaperType.SALES_INVOICE, CHARGED, "amount_excluding_tax", sure("498147.59"), None),
    ],
)
def test_a_figure_by_the_arithmetic_of_its_paper(kind: PaperType, fields: Mapping[str, Field], name: str, read: Field, value: str | None) -> None:
    field = corrected({kind: {**fields, name: read}})[kind][name]
    assert (field.value, field.accepted) == ((value, True) if value else (read.value, read.accepted))
    assert (field == read) is (value is None)


@pytest.mark.parametrize(
    ("signed", "invoiced", "accepted"),
    [
        (("2020-01-10", "1"), "2020-02-10", True),
        (("2020-07-10", "7"), "2020-02-10", False),
        (("2020-07-10", ""), "2020-02-10", True),  # read for sure: so it stands there
        (("2020-02", "2"), "2020-02-10", True),
        (("2020-07-10", "7"), None, True),
    ],
)
def test_days_out_of_order_are_left_to_a_person(signed: tuple[str, str], invoiced: str | None, accepted: bool) -> None:
    value, weak = signed
    read = sure(value).model_copy(update={"read": Reading(characters=0.95, place=1.0, fit=1.0, weak=tuple((c, 0.95) for c in weak))})
    said = {CONTRACT: {"signed_on": read}, PaperType.SALES_INVOICE: {"invoice_date": sure(invoiced)} if invoiced else {}}
    field = corrected(said)[CONTRACT]["signed_on"]
    assert (field.value, field.accepted) == (value, accepted)


def test_an_invoice_before_its_contract_is_left_to_a_person() -> None:
    read = sure("2019-02-10").model_copy(update={"read": Reading(characters=0.95, place=1.0, fit=1.0, weak=(("9", 0.95),))})
    said = {CONTRACT: {"signed_on": sure("2020-01-10")}, PaperType.SALES_INVOICE: {"invoice_date": read}}
    assert not corrected(said)[PaperType.SALES_INVOICE]["invoice_date"].accepted


@pytest.mark.parametrize(
    ("start", "end", "form", "value", "accepted"),
    [
        (sure("2020-03-01"), doubtful("2021-02-28"), None, "2021-02-28", True),  # just a year
        (sure("2020-03-01"), doubtful("2027-02-28", "7"), "2021-02", "2021-02-28", True),
        (sure("2020-03-01"), doubtful("2027-02-28", "7"), None, "2027-02-28", False),
        (sure("2020-03-01"), doubtful("2027-02-28", "7"), "2027-02", "2027-02-28", False),  # the form says so, too
        (sure("2020-03-01"), doubtful("2020-08-31", "8"), "2020-08", "2020-08-31", False),  # half a year
        (doubtful("2020-03-01"), doubtful("2021-02-28"), None, "2021-02-28", False),
        (sure("2020-02-29"), doubtful("2021-02-28"), None, "2021-02-28", True),
        (sure("2020-03"), doubtful("2021-02-28"), None, "2021-02-28", False),
    ],
)
def test_a_period_by_the_year_that_it_lasts(start: Field, end: Field, form: str | None, value: str, accepted: bool) -> None:
    said = {POLICY: {"period_start": start, "period_end": end}, FORM: {"period_end": sure(form)} if form else {}}
    field = corrected(said)[POLICY]["period_end"]
    assert (field.value, field.accepted) == (value, accepted)


def test_the_first_day_by_the_last() -> None:
    said = {POLICY: {"period_start": doubtful("2020-03-01"), "period_end": sure("2021-02-28")}}
    assert corrected(said)[POLICY]["period_start"].accepted


# ---------------------------------------------------------------- the wrong one of two


WHOLE, COVER = sure("125000.00"), sure("75000.00")


@pytest.mark.parametrize(
    ("policy", "form", "printed", "accepted"),
    [
        ({"premium": COVER}, WHOLE, "应缴保费 125,000.00元", False),  # the policy prints what the form says, too
        ({"premium": COVER}, WHOLE, "应缴保费 75,000.00元", True),  # two papers differ: for the rules to tell
        ({"premium": COVER}, COVER, "应缴保费 125,000.00元", True),
        ({"premium": COVER, "sum_insured": WHOLE}, WHOLE, "保险金额 125,000.00元", True),  # printed for what it is
    ],
)
def test_a_value_that_may_be_the_wrong_one_of_two(policy: Mapping[str, Field], form: Field, printed: str, accepted: bool) -> None:
    assert corrected({POLICY: policy, FORM: {"premium": form}}, [(1, printed)])[POLICY]["premium"].accepted is accepted


def test_what_follows_from_the_wrong_one_of_two_is_as_doubtful() -> None:
    why = ("保险金额×费率=保险费",)
    said = {"premium": COVER.model_copy(update={"why": why}), "sum_insured": sure("3000000.00").model_copy(update={"why": why}), "premium_rate": sure("2.5")}
    fields = corrected({POLICY: said, FORM: {"premium": WHOLE}}, [(1, "应缴保费 125,000.00元")])[POLICY]
    assert [fields[name].accepted for name in ("premium", "sum_insured", "premium_rate")] == [False, False, True]


def test_a_piece_of_a_number_is_borne_out_by_nothing() -> None:
    read = Field(value="2020", raw="2020-", confidence=0.48, source=Region(file="scan.pdf", page=1, box=WHOLE_PAGE), read=Reading(characters=1.0, place=0.95, fit=0.5))
    assert corrected({CONTRACT: {"contract_number": read}, INVOICE: {}}, [(2, "日期 2020 年")])[CONTRACT]["contract_number"] == read


# ---------------------------------------------------------------- what a paper can't say of itself


@pytest.mark.parametrize(("business", "accepted"), [("软件丹发", False), ("软件开发", True), ("软件设计", True), ("信息系统集成服务、软件丹发", False), ("丹发", True), ("技术服务技术咨询", False), ("软件开发、信息系统集成服务", True)])
def test_a_line_of_business_that_the_licence_writes_otherwise_in_one_character(business: str, accepted: bool) -> None:
    said = {FORM: {"main_business": read_well(business)}, LICENCE: {"business_scope": read_well("软件开发；信息系统集成服务；技术服务、技术咨询")}}
    assert corrected(said)[FORM]["main_business"].accepted is accepted
    assert corrected({FORM: {"main_business": read_well(business, 1.0)}, LICENCE: said[LICENCE]})[FORM]["main_business"].accepted  # the file itself says it


@pytest.mark.parametrize(("scope", "accepted"), [("软件开发:系统集成", False), ("一般项目:软件开发;系统集成", True), ("许可项目：货物进出口", True)])
def test_a_colon_between_lines_of_business_is_for_a_person(scope: str, accepted: bool) -> None:
    assert corrected({LICENCE: {"business_scope": read_well(scope)}})[LICENCE]["business_scope"].accepted is accepted


@pytest.mark.parametrize(
    ("address", "accepted"),
    [("宁波市镇海区邂浦镇通海路1429号", False), ("宁波市镇海区澥浦镇通海路1429号", True), ("宁波市北仑区新楔街道1号", False), ("浙江省慈溪市邂浦镇1号", False), ("宁波市某某区新城街道1号", True), ("苏州市邂浦镇1号", True)],
)
def test_a_town_that_there_is_none_of_is_for_a_person(address: str, accepted: bool) -> None:
    assert corrected({LICENCE: {"address": read_well(address)}})[LICENCE]["address"].accepted is accepted


@pytest.mark.parametrize(("invoiced", "accepted"), [("2025-05-08", False), ("2020-05-08", True), ("2022-05-08", True), ("2016-05-08", False)])
def test_a_day_years_from_all_others_is_for_a_person(invoiced: str, accepted: bool) -> None:
    said = {CONTRACT: {"signed_on": read_well("2020-01-10")}, POLICY: {"period_start": read_well("2020-05-09")}, LICENCE: {"established_on": read_well("2009-05-09")}}
    made = corrected({**said, INVOICE: {"invoice_date": read_well(invoiced)}})
    assert (made[INVOICE]["invoice_date"].accepted, made[LICENCE]["established_on"].accepted) == (accepted, True)
    assert corrected({INVOICE: {"invoice_date": read_well(invoiced)}, CONTRACT: said[CONTRACT]})[INVOICE]["invoice_date"].accepted  # one other tells nothing


@pytest.mark.parametrize(
    ("number", "accepted"),
    [("甬经信技装〔2019172号-45", False), ("甬经信技装〔2019〕106号27", False), ("甬经信技装〔2019〕106号-27", True), ("2020（设备）合第51", False), ("2020（设备）合第51号", True), ("2020甬检字第87号", False), ("(2020)甬检字第87号", True), ("HT-2020-11", True)],
)
def test_a_number_that_lost_a_bracket_or_a_stroke_is_for_a_person(number: str, accepted: bool) -> None:
    assert corrected({CONTRACT: {"contract_number": read_well(number)}})[CONTRACT]["contract_number"].accepted is accepted


@pytest.mark.parametrize(("insurance", "accepted"), [("吴铖首台套装备综合保险", False), ("昊铖首台套装备综合保险", True), ("首台套装备综合保险", True)])
def test_an_insurance_named_after_its_insurer_but_for_a_character(insurance: str, accepted: bool) -> None:
    said = {POLICY: {"insurance_product": read_well(insurance)}, FORM: {"insurer_name": read_well("昊铖财产保险股份有限公司宁波分公司")}}
    assert corrected(said)[POLICY]["insurance_product"].accepted is accepted


@pytest.mark.parametrize(("kind", "read", "doubted"), [
    (PaperType.SALES_INVOICE, "锻压机械全自动冷镦成形设备", True),  # *锻压机械* without its asterisks
    (PaperType.SALES_CONTRACT, "商品:全自动冷镦成形设备", True),
    (PaperType.SALES_CONTRACT, "全自动冷成形设备", True),
    (PaperType.SALES_CONTRACT, "全自动冷镦敦成形设备", True),
    (PaperType.SALES_CONTRACT, "全自动冷镦成型机组", False),
    (PaperType.SALES_CONTRACT, "全自动冷镦成形设备", False),
])
def test_a_product_s_name_that_is_a_slip_of_another_paper_s(kind: PaperType, read: str, doubted: bool) -> None:
    field = corrected({FORM: {"product_name": sure("全自动冷镦成形设备")}, kind: {"product_name": sure(read)}})[kind]["product_name"]
    assert (field.text, field.accepted) == (read, not doubted)


@pytest.mark.parametrize(("name", "read", "doubted"), [
    ("address", "宁波市象山县金辉西路412号3", True), ("address", "宁波市象山县金辉西路412号3幢", False), ("address", "宁波市象山县金辉西路412号A座1102", False),
    ("product_model", "AISi1380MA", True), ("product_model", "AISI304", False), ("product_model", "AI-60", False),
    ("product_model", "QAI9-4", True), ("product_model", "Ti6AI4V", True), ("product_model", "QAl9-4", False), ("product_model", "AI9-4", False),
    ("contract_number", "XSHt2020-051", True), ("contract_number", "XSHT2020-051", False), ("contract_number", "No2020-051", False), ("contract_number", "xsht2020-051", False), ("contract_number", "甬合2020第", True),
    ("technical_parameters", "抗拉强度515MPa,密度2.527g/cm", True), ("technical_parameters", "密度2.527g/cm3", False), ("technical_parameters", "密度2.527g/cm³，厚2mm", False),
])
def test_what_lost_a_sign_or_has_another_by_its_form(name: str, read: str, doubted: bool) -> None:
    assert corrected({LICENCE: {name: sure(read)}})[LICENCE][name].accepted is not doubted


@pytest.mark.parametrize(
    ("name", "sure"),
    [
        ("片式电阻钉系浆料", False),  # the catalogue has 钌系, and 钉 nowhere
        ("片式电阻钌系浆料", True),
        ("片式电阻银系浆料", True),  # looks like nothing that stands there
        ("高强银合金板材", True),  # 铝 is no twin of 银
        ("打钉机用浆料", True),  # 钉 has other neighbours
    ],
)
def test_a_rare_character_read_for_a_usual_one_on_every_paper(name: str, sure: bool) -> None:
    read = Field(value=name, raw=name, confidence=0.99, accepted=True, read=Reading(characters=0.99, place=1.0, fit=1.0))
    said = {PaperType.APPLICATION_FORM: {"product_name": read}, PaperType.INSURANCE_POLICY: {"product_name": read}}
    after = corrected(said, catalogued=["片式电阻用钌系电阻浆料", "高强铝合金板材"])
    assert [after[kind]["product_name"].accepted for kind in said] == [sure, sure]


@pytest.mark.parametrize(("others", "registered", "accepted"), [(1, (), False), (0, (), True), (1, (RIGHT,), True)])
def test_a_name_that_as_many_papers_write_otherwise_is_for_a_person(others: int, registered: tuple[str, ...], accepted: bool) -> None:
    said = {FORM: {"applicant_name": read_well(RIGHT)}, **({LICENCE: {"company_name": read_well(WRONG)}} if others else {})}
    assert corrected(said, registered=registered)[FORM]["applicant_name"].accepted is accepted


@pytest.mark.parametrize(
    ("name", "read", "other", "accepted"),
    [("product_model", "SX4606", "SX-4606", False), ("product_model", "SX-4606", "SX4606", True), ("product_model", "SX-4606", "SX-4606", True), ("product_model", "SX4607", "SX-4606", True), ("product_model", "SX46", "SX-46", True)],
)
def test_a_model_without_the_stroke_of_another_paper_is_for_a_person(name: str, read: str, other: str, accepted: bool) -> None:
    assert corrected({POLICY: {name: read_well(read)}, CONTRACT: {name: read_well(other)}})[POLICY][name].accepted is accepted


@pytest.mark.parametrize(("read", "printed", "accepted"), [(NUMBER[:-1] + "8", (2, 3), False), (NUMBER[:-1] + "8", (2,), True), (NUMBER[:-1] + "8", (1, 1), True), (NUMBER, (2, 3), True), (NUMBER[:-2] + "88", (2, 3), True)])
def test_a_number_a_character_off_what_other_papers_print_is_for_a_person(read: str, printed: tuple[int, ...], accepted: bool) -> None:
    said = {POLICY: {"policy_number": read_well(read)}, INVOICE: {}, PaperType.PAYMENT_VOUCHER: {}}
    assert corrected(said, [(page, f"保单号：{NUMBER}") for page in printed])[POLICY]["policy_number"].accepted is accepted


@pytest.mark.parametrize(("raw", "value", "accepted"), [("1612000", "1612000.00", False), ("161200", "161200.00", False), ("16120", "16120.00", True), ("1612000.00", "1612000.00", True), ("16121", "16121.00", True)])
def test_an_amount_whose_point_may_be_lost_is_for_a_person(raw: str, value: str, accepted: bool) -> None:
    read = read_well(value).model_copy(update={"raw": raw})
    assert corrected({FORM: {"premium": read}, POLICY: {"premium": read_well("16120.00")}})[FORM]["premium"].accepted is accepted


@pytest.mark.parametrize(("quantity", "accepted"), [("155000", False), ("2", True), ("500", True)])
def test_a_quantity_that_is_the_price_is_for_a_person(quantity: str, accepted: bool) -> None:
    said = {CONTRACT: {"quantity": read_well(quantity), "unit_price": read_well("155000.00"), "contract_amount": read_well("310000.00")}}
    assert corrected(said)[CONTRACT]["quantity"].accepted is accepted


@pytest.mark.parametrize(("business", "accepted"), [("橡胶制品的制造、加I", False), ("橡胶制品的制造、加工", True), ("I型钢的加工", True), ("合金I型材的制造", True), ("数控IPC的制造", True)])
def test_a_lone_letter_among_words_is_for_a_person(business: str, accepted: bool) -> None:
    assert corrected({FORM: {"main_business": read_well(business)}})[FORM]["main_business"].accepted is accepted
