"""Papers that a reviewer sorts anew: of another type, in parts, joined to others; what was set right stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models.amendments import AMENDMENT, PageRef, PaperRetyped
from models.claim import Claim
from models.geometry import Box
from models.page import Line, Page, PageSource
from models.paper import Paper, PaperType, Part
from models.review import Correction, PaperRef
from pipeline.review.corrections import changes, corrected, unplaced
from pipeline.review.resorting import find, pages_of, plan, readings, sorted_anew
from tests.invented_claim import REFERENCE, SCHEME, YEAR, codes, field, judged, paper

T = PaperType
NOON = datetime(2021, 2, 1, 12, tzinfo=UTC)


def at(minute: int) -> dict[str, object]:
    return {"submission_id": "T-0001", "by": "u7", "at": NOON + timedelta(minutes=minute)}


def ref(kind: PaperType, page: int) -> PaperRef:
    return PaperRef(type=kind, file="scan.pdf", page=page)


def pages(*numbers: int) -> tuple[PageRef, ...]:
    return tuple(PageRef(file="scan.pdf", page=number) for number in numbers)


def after(claim: Claim, *said) -> Claim:
    kept = [AMENDMENT.validate_json(AMENDMENT.dump_json(one)) for one in said]  # as the store keeps them
    return corrected(claim, kept, REFERENCE, SCHEME, YEAR)


def types(claim: Claim) -> list[tuple[str, tuple[int, ...]]]:
    return [(one.type.value, one.parts[0].pages) for one in claim.papers]


@pytest.fixture
def bound() -> tuple[Paper, ...]:
    """A contract of pages 1 to 4, in which an invoice (pages 3 and 4) was overlooked, and a page 5 of it that stands alone."""
    contract = paper(T.SALES_CONTRACT, {"contract_number": "HT-1", "product_name": "数控机床", "contract_amount": field("900.00", page=4)}).model_copy(update={"parts": (Part(file="scan.pdf", pages=(1, 2, 3, 4)),)})
    return (contract, paper(T.OTHER, {}, page=5), paper(T.PAYMENT_VOUCHER, {"amount": "5.00"}, page=6))


def test_what_was_set_right_before_stays_set_right_where_the_new_type_shows_it():
    claim = judged()
    right = Correction(**at(0), paper=ref(T.SALES_INVOICE, 4), field="invoice_number", corrected="77")
    lost = Correction(**at(1), paper=ref(T.SALES_INVOICE, 4), field="product_name", corrected="别的机床")
    made = paper(T.PREMIUM_INVOICE, {"invoice_number": "66", "total_amount": "12.00"}, page=4)
    done = after(claim, right, lost, PaperRetyped(**at(2), paper=ref(T.SALES_INVOICE, 4), type=T.PREMIUM_INVOICE, made=(made,)))
    one = done.papers[3]
    assert (one.type, one.fields["invoice_number"].value, one.fields["invoice_number"].accepted, one.fields["total_amount"].value) == (T.PREMIUM_INVOICE, "77", True, "12.00")
    assert "product_name" not in {**one.fields, **one.extra}
    assert "missing_document" in codes(done)


def test_taken_back_it_leaves_no_trace_but_what_was_set_right():
    claim = judged()
    retyped = PaperRetyped(**at(0), paper=ref(T.SALES_INVOICE, 4), type=T.PREMIUM_INVOICE)
    right = Correction(**at(1), paper=ref(T.PREMIUM_INVOICE, 4), field="invoice_number", corrected="77")
    only = Correction(**at(2), paper=ref(T.PAYMENT_VOUCHER, 4), field="voucher_number", corrected="9")
    back = PaperRetyped(**at(3), paper=ref(T.SALES_INVOICE, 4), type=T.PREMIUM_INVOICE, takes_back=retyped.at)
    assert after(claim, retyped, back) == claim
    done = after(claim, retyped, right, back)
    assert (done.papers[3].type, done.papers[3].fields["invoice_number"].value) == (T.SALES_INVOICE, "77")
    assert {name: one.value for name, one in done.papers[3].fields.items() if name != "invoice_number"} == {name: one.value for name, one in claim.papers[3].fields.items() if name != "invoice_number"}
    assert unplaced(claim, [retyped, right, back]) == ()
    assert unplaced(claim, [only]) == (only,)


def test_pages_of_a_paper_become_one_of_their_own_and_take_what_stands_on_them(bound):
    right = Correction(**at(0), paper=ref(T.SALES_CONTRACT, 1), field="contract_number", corrected="HT-2")
    done = sorted_anew(bound, [right, PaperRetyped(**at(1), paper=ref(T.SALES_CONTRACT, 1), type=T.SALES_INVOICE, pages=pages(3, 4))]).papers
    assert [(one.type, one.parts[0].pages) for one in done] == [(T.SALES_CONTRACT, (1, 2)), (T.OTHER, (5,)), (T.PAYMENT_VOUCHER, (6,)), (T.SALES_INVOICE, (3, 4))]
    assert done[0].fields["contract_number"].value == "HT-2"
    assert "contract_amount" not in done[0].fields  # it stood on page 4


def test_a_value_set_right_goes_with_the_page_that_it_stands_on(bound):
    place = field("数控机床", page=4).source
    right = Correction(**at(0), paper=ref(T.SALES_CONTRACT, 1), field="product_name", corrected="数控磨床", place=place)
    done = sorted_anew(bound, [right, PaperRetyped(**at(1), paper=ref(T.SALES_CONTRACT, 1), type=T.SALES_INVOICE, pages=pages(3, 4))]).papers
    assert done[3].fields["product_name"].value == "数控磨床"
    assert done[0].fields["product_name"].value == "数控机床"


def test_a_page_that_stood_alone_joins_its_paper(bound):
    join = PaperRetyped(**at(0), paper=ref(T.OTHER, 5), type=T.SALES_CONTRACT, joins=ref(T.SALES_CONTRACT, 1))
    voucher = Correction(**at(1), paper=ref(T.PAYMENT_VOUCHER, 6), field="amount", corrected="6.00")
    done = sorted_anew(bound, [join, voucher]).papers
    assert [(one.type, one.parts[0].pages) for one in done] == [(T.SALES_CONTRACT, (1, 2, 3, 4, 5)), (T.PAYMENT_VOUCHER, (6,))]
    assert done[0].fields["contract_number"].value == "HT-1"
    assert done[1].fields["amount"].value == "6.00"
    back = join.model_copy(update={**at(2), "takes_back": join.at})
    assert sorted_anew(bound, [join, back]).papers == list(bound)


@pytest.mark.parametrize("said", [
    PaperRetyped(**at(0), paper=ref(T.OTHER, 9), type=T.COVER),
    PaperRetyped(**at(0), paper=ref(T.OTHER, 5), type=T.COVER, pages=pages(1)),
    PaperRetyped(**at(0), paper=ref(T.OTHER, 5), type=T.OTHER, joins=ref(T.OTHER, 5)),
    PaperRetyped(**at(0), paper=ref(T.OTHER, 5), type=T.OTHER, joins=ref(T.OTHER, 9)),
])
def test_a_re_sorting_of_what_is_not_there_changes_nothing_and_is_named(bound, said):
    found = sorted_anew(bound, [said])
    assert (found.papers, found.unplaced) == (list(bound), (said,))


def test_no_page_is_lost_or_doubled_whatever_is_sorted_anew(bound):
    said = [
        PaperRetyped(**at(0), paper=ref(T.SALES_CONTRACT, 1), type=T.SALES_INVOICE, pages=pages(1, 3)), PaperRetyped(**at(1), paper=ref(T.SALES_CONTRACT, 2), type=T.TEST_REPORT, joins=ref(T.OTHER, 5)),
        PaperRetyped(**at(2), paper=ref(T.SALES_INVOICE, 1), type=T.PAYMENT_VOUCHER, pages=pages(3), joins=ref(T.PAYMENT_VOUCHER, 6)), PaperRetyped(**at(3), paper=ref(T.OTHER, 2), type=T.COVER)]
    for n in range(len(said) + 1):
        done = sorted_anew(bound, said[:n]).papers
        assert sorted(page.page for one in done for page in pages_of(one)) == [1, 2, 3, 4, 5, 6]
    assert [(one.type, one.parts[0].pages) for one in done] == [(T.COVER, (2, 4, 5)), (T.PAYMENT_VOUCHER, (3, 6)), (T.SALES_INVOICE, (1,))]


def test_pages_are_read_as_what_they_are_said_to_be(bound):
    line = Line(text="发票号码：12345678", box=Box(0.1, 0.1, 0.5, 0.13), confidence=0.99)
    page = Page(file="scan.pdf", number=5, width=595, height=842, lines=(line,), source=PageSource.TEXT_LAYER)
    planned = plan(bound, PaperRetyped(**at(0), paper=ref(T.OTHER, 5), type=T.PREMIUM_INVOICE))
    read, = readings(planned, {("scan.pdf", 5): page})
    assert (read.type, read.fields["invoice_number"].value) == (T.PREMIUM_INVOICE, "12345678")
    assert readings(planned, {}) == ()
    assert find(bound, ref(T.OTHER, 5)) == 1


def test_what_changed_is_told_paper_by_paper():
    claim = judged()
    done = after(claim, PaperRetyped(**at(0), paper=ref(T.BUSINESS_LICENCE, 2), type=T.SALES_CONTRACT, joins=ref(T.SALES_CONTRACT, 3)))
    assert types(done)[1] == ("sales_contract", (2, 3))
    told = [change.text for change in changes(claim, done)]
    assert "销售合同：scan.pdf 第3页 → scan.pdf 第2、3页" in told
    assert not [text for text in told if "保险单" in text]
