"""The papers that can be read: one entry a document type.

In:    a sorted paper (its type and its pages) and the pages.
Out:   the same paper with its fields, rows and seals.

One module a type; a package where it has several subjects, with `extract` in its `__init__.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from extractors.captions import with_captions_turned
from extractors.leaders import without_leaders
from extractors.papers import (
    application_form,
    business_licence,
    claims_summary,
    delivery_proof,
    first_set_certificate,
    insurance_policy,
    insurer_summary,
    ip_certificate,
    payment_voucher,
    premium_invoice,
    sales_contract,
    sales_invoice,
    test_report,
)
from extractors.papers.base import Extracted
from models.page import Page
from models.paper import Paper, PaperType, PlacedSeal


@dataclass(frozen=True)
class PaperKind:
    """A document type and what reads it: pages in reading order in, `Extracted` out."""

    type: PaperType
    extract: Callable[[Sequence[Page]], Extracted]


PAPERS: Mapping[PaperType, PaperKind] = {
    kind.type: kind
    for kind in (
        PaperKind(PaperType.APPLICATION_FORM, application_form.extract),
        PaperKind(PaperType.BUSINESS_LICENCE, business_licence.extract),
        PaperKind(PaperType.SALES_CONTRACT, sales_contract.extract),
        PaperKind(PaperType.SALES_INVOICE, sales_invoice.extract),
        PaperKind(PaperType.INSURANCE_POLICY, insurance_policy.extract),
        PaperKind(PaperType.PREMIUM_INVOICE, premium_invoice.extract),
        PaperKind(PaperType.PAYMENT_VOUCHER, payment_voucher.extract),
        PaperKind(PaperType.FIRST_SET_CERTIFICATE, first_set_certificate.extract),
        PaperKind(PaperType.TEST_REPORT, test_report.extract),
        PaperKind(PaperType.IP_CERTIFICATE, ip_certificate.extract),
        PaperKind(PaperType.DELIVERY_PROOF, delivery_proof.extract),
        PaperKind(PaperType.INSURER_SUMMARY, insurer_summary.extract),
        PaperKind(PaperType.CLAIMS_SUMMARY, claims_summary.extract),
    )
}


def pages_of(paper: Paper, pages: Mapping[tuple[str, int], Page]) -> tuple[Page, ...]:
    """A paper's pages in reading order, their lines cut at leaders, captions before their values; those that weren't read are left out."""
    return tuple(with_captions_turned(without_leaders(pages[part.file, number])) for part in paper.parts for number in part.pages if (part.file, number) in pages)


def extract_paper(paper: Paper, pages: Mapping[tuple[str, int], Page]) -> Paper:
    """Read a sorted paper: its fields by its type's extractor, and the seals of its pages.

    pages: all of a submission's, by file and number. A type that nothing reads (cover, other) keeps its seals only.
    """
    own = pages_of(paper, pages)
    seals = tuple(PlacedSeal(seal=seal, file=page.file, page=page.number) for page in own for seal in page.seals)
    kind = PAPERS.get(paper.type)
    if kind is None or not own:
        return paper.model_copy(update={"seals": seals})
    read = kind.extract(own)
    return paper.model_copy(
        update={
            "seals": seals,
            "fields": dict(read.fields),
            "extra": dict(read.extra),
            "rows": tuple(read.rows),
            "total": dict(read.total),
            "buyers": tuple(read.buyers),
            "parameters": tuple(read.parameters),
            "blank": tuple(read.blank),
            "places": dict(read.places),
            "annex": read.annex if read.annex is not None else paper.annex,
        }
    )
