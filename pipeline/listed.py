"""Whose row of a published list counts: the applicant's.

In:    papers with their fields; a notice that lists several first sets has a row for each, and the first one's fields, doubted.
Out:   the same papers, such a notice with the fields of the one row that names the applicant (and its product, where it has several).
Fails: never; where no row or several fit, the notice stays as it was read.
Elsewhere: reading the list (extractors/papers/first_set_certificate.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from matchers.names import normalise
from models.paper import Paper, PaperType

_OF_A_ROW = ("certificate_number", "company_name", "product_name", "product_model")
_APPLICANT = ((PaperType.APPLICATION_FORM, "applicant_name"), (PaperType.BUSINESS_LICENCE, "company_name"))


def with_own_row(papers: Sequence[Paper]) -> tuple[Paper, ...]:
    """The papers, each list of several products with the applicant's row as its fields."""
    own = {normalise(f.text) for kind, name in _APPLICANT for p in papers if p.type is kind and (f := p.fields.get(name)) is not None}
    products = {normalise(f.text) for p in papers if p.type is PaperType.APPLICATION_FORM and (f := p.fields.get("product_name")) is not None}
    return tuple(_of(paper, own, products) if paper.type is PaperType.FIRST_SET_CERTIFICATE and len(paper.rows) > 1 else paper for paper in papers)


def _of(paper: Paper, applicants: set[str], products: set[str]) -> Paper:
    rows = [row for row in paper.rows if "company_name" in row and normalise(row["company_name"].text) in applicants]
    if len(rows) > 1:
        rows = [row for row in rows if "product_name" in row and normalise(row["product_name"].text) in products]
    if len(rows) != 1:
        return paper
    whole = {name: field for name, field in paper.fields.items() if name == "certificate_number"}
    return paper.model_copy(update={"fields": whole | {name: rows[0][name] for name in _OF_A_ROW if name in rows[0]}})
