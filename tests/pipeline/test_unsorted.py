"""Pages of no known type that may be a paper which seems to be missing."""

from __future__ import annotations

import pytest
from invented_claim import REFERENCE, SCHEME, paper, papers

from models.geometry import Box
from models.page import Line, Page, PageSource
from models.paper import PaperType, Track
from pipeline.assemble import assemble
from pipeline.process import judge_anew
from pipeline.unsorted import with_possible_types

ADVICE = ("我行已于2020年2月28日自贵单位账号", "汇出人民币40,000.00元，收妥后不另行通知")


def page(number: int, *texts: str) -> Page:
    lines = tuple(Line(text=text, box=Box(0.1, 0.1 + 0.03 * n, 0.8, 0.12 + 0.03 * n), confidence=0.99) for n, text in enumerate(texts))
    return Page(file="scan.pdf", number=number, width=595, height=842, source=PageSource.OCR, lines=lines)


@pytest.mark.parametrize(("texts", "without", "maybe"), [
    (ADVICE, "payment_voucher", (PaperType.PAYMENT_VOUCHER,)),
    (ADVICE, "sales_invoice", ()),  # the submission has a voucher
    (("我行已自贵单位账号汇出人民币41,000.00元", "收妥后不另行通知"), "payment_voucher", ()),  # another amount
    (("本项目保费为40,000.00元", "特此承诺"), "payment_voucher", ()),  # nothing of paying
])
def test_a_page_may_be_what_has_its_words_and_its_facts(texts: tuple[str, ...], without: str, maybe: tuple[PaperType, ...]) -> None:
    told = papers(Track.EQUIPMENT, without=[without], more=[paper(PaperType.OTHER, {}, 50)])
    *_, other = with_possible_types(told, [page(50, *texts)])
    assert other.maybe == maybe


@pytest.mark.parametrize(("maybe", "codes"), [((), ["missing_document"]), ((PaperType.PAYMENT_VOUCHER,), ["not_checked"]), ((PaperType.TEST_REPORT,), ["missing_document"])])
def test_what_may_be_there_is_not_said_to_be_missing(maybe: tuple[PaperType, ...], codes: list[str]) -> None:
    other = paper(PaperType.OTHER, {}, 50, maybe=maybe)
    claim = judge_anew(assemble("T-0001", papers(Track.EQUIPMENT, without=["payment_voucher"], more=[other]), SCHEME), REFERENCE, SCHEME, 2021)
    found = [flag for flag in claim.flags if flag.code == "missing_document" or flag.detail.get("rule") == "missing_document"]
    assert [flag.code for flag in found] == codes
    if codes == ["not_checked"]:
        assert found[0].evidence[0].page == 50
        assert found[0].message.startswith("保费支付凭证")
