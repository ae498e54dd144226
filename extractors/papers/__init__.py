"""The papers that can be read: one entry a document type.

In:    a sorted paper (its type and its pages) and the pages.
Out:   the same paper with its fields, rows and seals.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from extractors.papers.base import Extracted
from models.page import Page
from models.paper import Paper, PaperType, PlacedSeal

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PaperKind:
    """A document type and the module that reads it (it has `extract(pages) -> Extracted`)."""

    type: PaperType
    module: str

    @property
    def extract(self) -> Callable[[Sequence[Page]], Extracted]:
        read: Callable[[Sequence[Page]], Extracted] = importlib.import_module(self.module).extract
        return read


_READ = ("application_form", "business_licence", "sales_contract", "sales_invoice", "insurance_policy", "premium_invoice", "payment_voucher", "first_set_certificate",
         "test_report", "ip_certificate", "delivery_proof", "insurer_summary", "claims_summary")
PAPERS: Mapping[PaperType, PaperKind] = {PaperType(name): PaperKind(PaperType(name), f"extractors.papers.{name}") for name in _READ}


def pages_of(paper: Paper, pages: Mapping[tuple[str, int], Page]) -> tuple[Page, ...]:
    """A paper's pages in reading order; those that weren't read are left out."""
    return tuple(pages[part.file, number] for part in paper.parts for number in part.pages if (part.file, number) in pages)


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
