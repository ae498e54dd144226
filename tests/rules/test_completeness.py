"""Papers, seals, the form's fields and the month of filing: ningbo-2020, 四（二）1, 四（三）1, 四（四）1, annexes 1, 4, 6, 六（一）."""

from __future__ import annotations

import pytest
from invented_claim import APPLICANT, BUYER, INSURER, codes, flags, judged, paper, seal

from models.field import Region
from models.geometry import Box
from models.paper import PaperType, Track

EQ, MA, SW = Track.EQUIPMENT, Track.MATERIAL, Track.SOFTWARE


@pytest.mark.parametrize("track", [EQ, MA, SW])
def test_a_whole_claim_raises_nothing(track):
    assert codes(judged(track)) == []


@pytest.mark.parametrize(
    ("track", "without", "document", "clause"),
    [
        (EQ, "business_licence", "business_licence", "四（二）1（2）"),
        (EQ, "sales_invoice", "sales_invoice", "四（二）1（3）"),
        (EQ, "payment_voucher", "payment_voucher", "四（二）1（5）"),
        (MA, "test_report", "test_report", "四（三）1（5）"),
        (MA, "sales_contract", "sales_contract", "四（三）1（3）"),
        (SW, "insurance_policy", "insurance_policy", "四（四）1（5）"),
        (SW, "ip_certificate", "ip_certificate", "四（四）1（6）"),
    ],
)
def test_each_paper_that_is_not_there_is_named_with_its_clause(track, without, document, clause):
    assert [(f.detail["document"], f.clause, f.severity.value) for f in flags(judged(track, without=[without]), "missing_document")] == [(document, clause, "supplement")]


def test_a_test_report_stands_in_for_a_software_certificate_but_a_patent_not_for_a_materials_report():
    report, patent = paper(PaperType.TEST_REPORT, {}), paper(PaperType.IP_CERTIFICATE, {})
    assert not flags(judged(SW, without=["ip_certificate"], more=[report]), "missing_document")
    assert [f.detail["document"] for f in flags(judged(MA, without=["test_report"], more=[patent]), "missing_document")] == ["test_report"]


def test_materials_need_no_sales_invoice():
    assert not flags(judged(MA), "missing_document")


@pytest.mark.parametrize(
    ("field", "flagged"),
    [("bank_name", True), ("form_date", True), ("certificate_number", True), ("contact_phone", True), ("contact_name", False), ("insurer_contact", False)],
)
def test_a_blank_field_is_missing_but_contact_persons_may_stay_blank(field, flagged):
    claim = judged(EQ, {"application_form": {field: None}}, extra={"application_form": {"blank": (field,)}})
    assert [f.detail["field"] for f in flags(claim, "missing_field")] == ([field] if flagged else [])


def test_a_field_whose_label_was_not_found_is_not_called_missing():
    assert not flags(judged(EQ, {"application_form": {"bank_name": None}}), "missing_field")


@pytest.mark.parametrize(("day", "flagged"), [("2021-01-01", False), ("2021-01-31", False), ("2020-12-31", True), ("2021-02-01", True), ("2022-01-15", True)])
def test_the_form_is_dated_in_january_of_the_batch_year(day, flagged):
    assert bool(flags(judged(EQ, {"application_form": {"form_date": day}}), "outside_window")) is flagged


@pytest.mark.parametrize(
    ("start", "end", "flagged"),
    [("2020-01-01", "2020-12-31", False), ("2019-12-31", "2020-12-30", True), ("2022-12-31", "2023-12-30", False), ("2023-01-01", "2023-12-31", True)],
)
def test_the_insurance_starts_within_the_schemes_term(start, end, flagged):
    changes = {kind: {"period_start": start, "period_end": end} for kind in ("insurance_policy", "application_form")}
    found = flags(judged(MA, changes), "scheme_expired")
    assert [f.clause for f in found] == (["六（一）"] if flagged else [])


PLACE = Region(file="scan.pdf", page=1, box=Box(0.1, 0.68, 0.95, 0.86))
OFFICES = Box(0.1, 0.87, 0.95, 0.98)


@pytest.mark.parametrize(
    ("seals", "missing", "mismatch"),
    [
        ([seal(APPLICANT[EQ])], False, False),
        ([seal("波澄岳机床有限公")], False, False),  # the ring's ends lost
        ([seal("有限公司宁波澄岳机床")], False, False),  # begun elsewhere on the ring
        ([seal("宁波澄岳机戒有限公司")], False, False),
        ([], True, False),
        ([seal("宁波市经济和信息化局", box=Box(0.2, 0.88, 0.4, 0.97))], True, False),
        ([seal("宁波远帆机械有限公司")], False, True),  # in the register
        ([seal("绍兴百川印染有限公司")], False, True),  # not in it
    ],
)
def test_the_applicants_seal_stands_at_its_place_in_the_form(seals, missing, mismatch):
    claim = judged(EQ, seals={"application_form": seals}, extra={"application_form": {"places": {"applicant_seal": PLACE}}})
    assert [f.detail["party"] for f in flags(claim, "missing_seal")] == (["applicant"] if missing else [])
    assert bool(flags(claim, "seal_mismatch")) is mismatch


@pytest.mark.parametrize(
    ("read", "doubts", "mismatch"),
    [
        ("宁海登岳机床有限公司", {"海": 0.955, "登": 0.8}, False),  # the applicant's own, perhaps, two characters of it misread
        ("宁海登岳机床有限公司", {"海": 0.999, "登": 0.8}, True),
        ("宁波启轩机床有限公司", {}, True),  # its brand is another, for sure
        ("宁波启轩机床有限公司", {"启": 0.9, "轩": 0.9}, False),
        ("绍兴百川印染有限公司", {"百": 0.8, "川": 0.8}, True),  # nothing like it
    ],
)
def test_a_seal_that_reads_nearly_like_the_applicants_is_anothers_only_where_that_is_sure(read, doubts, mismatch):
    stamped = seal(read)
    stamped = stamped.model_copy(update={"seal": stamped.seal.model_copy(update={"places": tuple(((c, doubts.get(c, 0.99)),) for c in read)})})
    claim = judged(EQ, seals={"application_form": [stamped]}, extra={"application_form": {"places": {"applicant_seal": PLACE}}})
    assert bool(flags(claim, "seal_mismatch")) is mismatch
    assert [f.detail["rule"] for f in flags(claim, "not_checked")] == ([] if mismatch else ["seal_mismatch"])


def test_an_unread_seal_is_neither_missing_nor_another_companys():
    claim = judged(EQ, seals={"application_form": [seal("公司", confidence=0.4)]})
    assert [f.detail["rule"] for f in flags(claim, "not_checked")] == ["seal_mismatch"]
    assert not flags(claim, "missing_seal")


@pytest.mark.parametrize(
    ("seals", "missing"),
    [
        ([seal(INSURER, 5)], False),
        ([seal("中国人民财产保险股份有限公司", 5)], False),
        ([seal("中国人民财产保险股份有限公司宁波市北仑支公司", 5)], False),
        ([seal("中国人民财产保险股价有限公动宁波市分公司", 5)], False),
        ([seal(APPLICANT[EQ], 5)], True),
        ([seal("中国建设银行宁波北仑支行", 5)], True),
        ([seal("全国统一发票监制章", 5, Box(0.45, 0.08, 0.55, 0.2))], True),
        ([], True),
    ],
)
def test_some_paper_bears_the_insurers_seal(seals, missing):
    found = flags(judged(EQ, seals={"insurance_policy": seals}), "missing_seal")
    assert [f.detail["party"] for f in found] == (["insurer"] if missing else [])


def test_the_insurers_seal_may_stand_on_the_premium_invoice_and_in_two_pieces():
    pieces = [seal("中国人民财产保险股", 6), seal("份有限公司宁波市分公司", 6)]
    assert not flags(judged(EQ, seals={"insurance_policy": [], "premium_invoice": pieces}), "missing_seal")


def test_a_seal_that_reads_as_the_buyer_is_another_companys():
    assert [f.detail["found"] for f in flags(judged(EQ, seals={"application_form": [seal(BUYER)]}), "seal_mismatch")] == [BUYER]
