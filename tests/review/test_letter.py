"""Letters say what is missing, why, by which clause, where it was seen and by when; the PDF holds every word of them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pymupdf
import pytest

from models.claim import Quarantined, QuarantineReason
from models.flag import Judgement, Severity, Verdict
from models.paper import Track
from pipeline.review.letter import LetterKind, Office, draft_rejection, draft_return, grounds, mendable, mends
from pipeline.review.letter_pdf import MEASURE, NOT_FIRST, NOT_LAST, broken, font, letter_pdf
from pipeline.rules import RULES
from tests.invented_claim import APPLICANT, INSURER, SCHEME, field, judged

OFFICE = Office(name="宁波市北仑区经济和信息化局", contact="陆五", phone="0574-86780001")
DATED, DEADLINE = date(2021, 2, 1), date(2021, 2, 20)


def returned(claim):
    return draft_return(claim, SCHEME, OFFICE, DATED, DEADLINE, number="仑经信补〔2021〕3号")


def rejected(claim):
    return draft_rejection(claim, SCHEME, OFFICE, DATED)


def judge(claim, code, verdict, reason=""):
    told = Judgement(verdict=verdict, by="u7", at=datetime(2021, 2, 1, tzinfo=UTC), reason=reason)
    return claim.model_copy(update={"flags": tuple(f.model_copy(update={"judgement": told}) if f.code == code else f for f in claim.flags)})


def test_a_return_lists_every_item_with_reason_clause_place_and_what_to_do():
    claim = judged(changes={"application_form": {"bank_account": None}}, without=("sales_invoice",), seals={"application_form": ()}, extra={"application_form": {"blank": ("bank_account",)}})
    letter = returned(claim)
    lines = letter.body.splitlines()
    assert lines[0] == (
        "你单位申报的“数控卧式镗铣床”首台（套）装备应用保险补贴（申报编号T-0001，保单号PZDX202033020000001234）申报材料收悉。经审核，申报材料不齐全或不符合要求，"
        f"根据《{SCHEME.title}》（以下简称《办法》）的有关规定，现将需要补正的内容一次性告知如下：")
    assert lines[1] == "一、缺少销售发票（投保产品的销售合同、销售发票等复印件）。依据《办法》四（二）1（3）。请补充提交上述材料，并按要求加盖公章。"
    assert lines[2] == (
        "二、申请表申请单位处未见投保企业公章（见申请表，scan.pdf第1页）。依据《办法》四（二）1“上述申请材料加盖承保机构和投保企业公章”。请在相应位置加盖公章后重新提交。")
    assert lines[3].startswith("三、申请表“企业银行账号”一栏未填写（见申请表，scan.pdf第1页）。依据《办法》附件1。请补填完整")
    assert "请于2021年2月20日前" in lines[4]
    assert lines[5:] == ["联系人：陆五，联系电话：0574-86780001。", "特此通知。"]
    assert (letter.kind, letter.addressee) == (LetterKind.RETURN, f"{APPLICANT[Track.EQUIPMENT]}、{INSURER}")
    assert letter.flags == tuple(flag.key for flag in mendable(claim))


def test_the_insurer_is_written_to_only_where_it_files_the_claim():
    assert returned(judged(Track.SOFTWARE, without=("ip_certificate",))).addressee == APPLICANT[Track.SOFTWARE]


def test_a_flag_for_review_is_asked_about_once_it_is_upheld_and_none_that_is_dismissed():
    claim = judged(changes={"sales_contract": {"contract_amount": "2100000.00"}}, without=("sales_invoice",))
    review = next(flag for flag in claim.flags if flag.severity is Severity.REVIEW)
    assert [flag.code for flag in mendable(claim)] == ["missing_document"]
    upheld = judge(claim, review.code, Verdict.UPHELD)
    assert review.code in [flag.code for flag in mendable(upheld)]
    dismissed = judge(upheld, "missing_document", Verdict.DISMISSED)
    assert "missing_document" not in [flag.code for flag in mendable(dismissed)]
    assert "缺少销售发票" not in returned(dismissed).text


def test_files_that_could_not_be_opened_are_asked_for_again():
    claim = judged().model_copy(update={"quarantined": (Quarantined(file="保单.pdf", reason=QuarantineReason.ENCRYPTED),)})
    assert "一、文件“保单.pdf”文件加密，请提供无密码的文件。" in returned(claim).body.splitlines()


def test_where_nothing_is_asked_for_there_is_a_place_to_write_it():
    assert "一、________" in returned(judged()).body
    assert "一、________" in rejected(judged()).body


def test_a_rejection_gives_the_conditions_that_are_not_met_with_the_measures_words():
    claim = judge(judged(changes={"insurance_policy": {"premium_rate": field("8", page=5)}}), "rate_above_cap", Verdict.UPHELD, "已与承保机构核实")
    letter = rejected(claim)
    assert (letter.kind, letter.title) == (LetterKind.REJECTED, "审核不予通过通知书")
    reason = next(line for line in letter.body.splitlines() if line.startswith("一、"))
    assert "保险单，scan.pdf第5页" in reason
    assert "依据《办法》三（一）2“投保费率根据往年赔付情况" in reason
    assert reason.endswith("已与承保机构核实。")
    assert "10个工作日内" in letter.body


def test_a_claim_outside_the_term_is_not_accepted_rather_than_rejected():
    changes = {"insurance_policy": {"period_start": "2019-03-01", "period_end": "2020-02-28"}, "application_form": {"period_start": "2019-03", "period_end": "2020-02"}}
    claim = judged(changes=changes)
    assert [flag.code for flag in grounds(claim)] == ["scheme_expired"]
    letter = rejected(claim)
    assert (letter.kind, letter.title) == (LetterKind.NOT_ACCEPTED, "不予受理通知书")
    assert "决定不予受理" in letter.body
    assert "有效期截止至2022年底" in letter.body


def test_personal_data_of_the_papers_is_masked_and_the_offices_own_is_not():
    claim = judged(without=("sales_invoice",))
    flag = claim.flags[0].model_copy(update={"message": "双方电话相同：13800000001，账号33150198370000000001"})
    letter = returned(claim.model_copy(update={"flags": (flag,)}))
    assert "13800000001" not in letter.text
    assert "33150198370000000001" not in letter.text
    assert "138****0001" in letter.text
    assert "0574-86780001" in letter.text


def test_what_is_asked_for_is_asked_for_codes_that_there_are():
    assert set(mends()) <= {rule.code for rule in RULES}
    assert {rule.code for rule in RULES if rule.severity is Severity.SUPPLEMENT} <= {code for code, mend in mends().items() if mend.always}


def test_items_are_counted_beyond_ten():
    claim = judged(without=("sales_invoice",))
    many = claim.model_copy(update={"flags": tuple(claim.flags[0] for _ in range(21))})
    starts = [line.split("、")[0] for line in returned(many).body.splitlines()[1:22]]
    assert (starts[8], starts[9], starts[10], starts[19], starts[20]) == ("九", "十", "十一", "二十", "二十一")


# ---------------------------------------------------------------- paper


def words(data: bytes) -> list[str]:
    with pymupdf.open(stream=data, filetype="pdf") as document:
        return [re.sub(r"\s+", "", page.get_text()) for page in document]


def test_the_pdf_is_a4_numbered_and_holds_every_word():
    claim = judged(without=("sales_invoice", "sales_contract", "premium_invoice", "business_licence"), seals={"application_form": ()})
    letter = returned(claim)
    data = letter_pdf(letter)
    pages = words(data)
    with pymupdf.open(stream=data, filetype="pdf") as document:
        assert all((round(page.rect.width), round(page.rect.height)) == (595, 842) for page in document)
        assert all(f[1] != "n/a" for page in document for f in page.get_fonts())  # every font is in the file
    assert len(pages) >= 2
    assert all(f"—{number}—" in text for number, text in enumerate(pages, 1))
    whole = "".join(re.sub(r"—\d+—", "", text) for text in pages)
    assert whole == re.sub(r"\s+", "", letter.text)
    assert len(data) < 200_000


@pytest.mark.parametrize("text", ["", "　　短", "　　" + "根据《办法》的规定（见附件1），" * 12, "甲" * 200, "保单号PZDX202033020000001234" * 6, "A" * 300, "（" * 5 + "，" * 5])
def test_lines_fit_the_measure_and_no_mark_begins_one(text):
    lines = list(broken(text, MEASURE, 16))
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for i, line in enumerate(lines):
        assert font().text_length(line.rstrip(NOT_FIRST), 16) <= MEASURE + 0.01
        assert i == 0 or line[0] not in NOT_FIRST
        assert i == len(lines) - 1 or not line.rstrip(NOT_LAST) or line[-1] not in NOT_LAST
