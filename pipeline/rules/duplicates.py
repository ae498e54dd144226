"""What two submissions of a batch may not share: a policy, an invoice, a scanned page.

Source: the rulebook, "Between submissions of a batch"; the measure has no clause for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from models.claim import Claim
from models.field import Region
from models.flag import Flag
from models.geometry import WHOLE_PAGE
from models.page import PagePrint
from models.paper import Paper, PaperType
from pipeline.evidence import DAY_OF, NUMBER_OF, as_number
from pipeline.rules.across import INVOICES, Copy
from pipeline.rules.case import Case, believable, sources
from pipeline.rules.words import PAPERS

# what a company may hand in with each of its claims
ITS_OWN = frozenset({PaperType.BUSINESS_LICENCE, PaperType.FIRST_SET_CERTIFICATE, PaperType.IP_CERTIFICATE})


def duplicate_policy(case: Case) -> Iterator[Flag]:
    """Flag a policy number on which another submission rests too."""
    number = case.value("policy_number")
    ids = case.beside.with_policy(number.text)
    if len(ids) > 1:
        yield case.flag(f"保单号 {number.text} 同时用于 {'、'.join(ids)} 等 {len(ids)} 件申报，请核实是否重复申报", sources(number), policy_number=number.text, submissions=ids)


def duplicate_invoice(case: Case) -> Iterator[Flag]:
    """Flag each sales or premium invoice whose number an invoice of its kind in another submission bears too."""
    for kind in INVOICES:
        for paper in case.papers(kind):
            number = paper.fields.get("invoice_number")
            if number is None or not believable(number):
                continue
            ids = case.beside.with_invoice(kind, number.text)
            if len(ids) > 1:
                yield case.flag(
                    f"{PAPERS[kind]}号码 {number.text} 同时出现在 {'、'.join(ids)} 等 {len(ids)} 件申报中，请核实是否同一张发票", sources(number),
                    invoice_number=number.text, document=kind.value, submissions=ids)


def duplicate_page(case: Case) -> Iterator[Flag]:
    """Flag each paper of which a page stands in a submission for another product too; licences and certificates of one company don't count."""
    found: dict[PaperType, list[Copy]] = defaultdict(list)
    for copy in case.beside.copies(case.claim):
        own, theirs = _paper_of(case.claim, copy.page), _paper_of(copy.other, copy.copy)
        if _type(own) in ITS_OWN and case.beside.applicant_of(case.claim) == case.beside.applicant_of(copy.other):
            continue
        if not (own and theirs and _told_apart(own, theirs)):
            found[_type(own)].append(copy)
    for kind, copies in found.items():
        others = sorted({copy.other.submission_id for copy in copies})
        told = "；".join(f"{c.page.file} 第 {c.page.page} 页与 {c.other.submission_id} 的 {c.copy.file} 第 {c.copy.page} 页（{c.reason}）" for c in copies)
        yield case.flag(
            f"{PAPERS[kind]}与 {'、'.join(others)} 中的页面为同一份材料：{told}", [Region(file=c.page.file, page=c.page.page, box=WHOLE_PAGE) for c in copies],
            submissions=sorted((case.claim.submission_id, *others)), document=kind.value,
            pages=[{"file": c.page.file, "page": c.page.page, "other": c.other.submission_id, "other_file": c.copy.file, "other_page": c.copy.page} for c in copies])


def _type(paper: Paper | None) -> PaperType:
    return paper.type if paper else PaperType.OTHER


def _paper_of(claim: Claim, page: PagePrint) -> Paper | None:
    return next((paper for paper in claim.papers if any(part.file == page.file and page.page in part.pages for part in paper.parts)), None)


def _told_apart(a: Paper, b: Paper) -> bool:
    """Whether number or day of two papers of a type, both read with confidence, differ: two papers that look alike."""
    if a.type is not b.type:
        return False
    for name in (NUMBER_OF.get(a.type, ""), DAY_OF.get(a.type, "")):
        left, right = a.fields.get(name), b.fields.get(name)
        if left and right and left.accepted and right.accepted and as_number(left.text) != as_number(right.text):
            return True
    return False
