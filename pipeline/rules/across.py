"""A batch's claims side by side: what one claim is held against when it is looked at together with the others.

In:    the claims, each judged by itself; the insurers' tables as papers.
Out:   `Batch`: who shares a number, what else an applicant filed, which row of an insurer's table is a claim's.
Fails: never; what wasn't read with confidence is shared with nobody.
Elsewhere: what follows from it (pipeline/rules/duplicates.py, caps.py, summaries.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from matchers.duplicates import PageMark, Sheet, duplicate_pages
from matchers.names import normalise
from matchers.relations import Register
from models.claim import Claim
from models.flag import Severity
from models.page import PagePrint
from models.paper import Paper, PaperType, Track
from models.scheme import Scheme
from pipeline.evidence import as_number, of_type
from pipeline.prints import page_of
from pipeline.rules.case import believable, was_read
from pipeline.rules.tables import Books

INVOICES = (PaperType.SALES_INVOICE, PaperType.PREMIUM_INVOICE)
_LAST = "9999"


class Copy(NamedTuple):
    """A page that stands in another submission too. reason: why the two are one sheet, Chinese."""

    page: PagePrint
    other: Claim
    copy: PagePrint
    reason: str


class Batch:
    """Claims of one batch and the tables that insurers filed with it. Built once, asked for every claim; nothing in it changes."""

    def __init__(self, claims: Iterable[Claim], tables: Sequence[Paper], register: Register, scheme: Scheme, tables_unread: bool = False) -> None:
        self.claims = tuple(claims)
        self.tables_unread = tables_unread
        self._register = register
        self._tables = tuple(tables)
        self._scheme = scheme

    @cached_property
    def books(self) -> Books:
        """The insurers' tables, their rows dealt out to the claims."""
        return Books(self.claims, self._tables, self._scheme)

    def with_policy(self, number: str) -> list[str]:
        """Submissions that rest on a policy number."""
        return self._policies.get(as_number(number), [])

    def with_invoice(self, kind: PaperType, number: str) -> list[str]:
        """Submissions that hold an invoice of a type with a number."""
        return self._invoices.get((kind, as_number(number)), [])

    def copies(self, claim: Claim) -> list[Copy]:
        """The claim's pages that stand in a submission for another product too."""
        return self._copies.get(claim.submission_id, [])

    def of_applicant(self, claim: Claim) -> list[Claim]:
        """Claims of the claim's applicant in its track, the claim itself among them: what can be paid first, then in the order of their insurance."""
        key = self.applicant_of(claim)
        return self._filed.get((key, claim.track), [claim]) if key else [claim]

    def applicant_of(self, claim: Claim) -> str:
        """The applicant's name as compared: the register's where it knows the reading; "" where it wasn't read."""
        field = claim.fields.get("applicant_name")
        return (self._register.find(field.text) or normalise(field.text)) if field else ""

    @cached_property
    def _policies(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for claim in self.claims:
            field = claim.fields.get("policy_number")
            if field and was_read(claim, field):
                found[as_number(field.text)].append(claim.submission_id)
        return found

    @cached_property
    def _invoices(self) -> dict[tuple[PaperType, str], list[str]]:
        found: dict[tuple[PaperType, str], dict[str, None]] = defaultdict(dict)
        for claim in self.claims:
            for kind in INVOICES:
                for paper in of_type(claim.papers, kind):
                    field = paper.fields.get("invoice_number")
                    if field and believable(field):
                        found[kind, as_number(field.text)][claim.submission_id] = None
        return {key: list(ids) for key, ids in found.items()}

    @cached_property
    def _copies(self) -> dict[str, list[Copy]]:
        held: dict[Hashable, tuple[Claim, PagePrint]] = dict(enumerate((claim, page) for claim in self.claims for page in claim.prints))
        sheets = [Sheet(claim.submission_id, self._product_of(claim), key, PageMark(page.look, page.digest)) for key, (claim, page) in held.items()]
        found: dict[str, list[Copy]] = defaultdict(list)
        for pair in duplicate_pages(sheets, lambda key: page_of(held[key][1])):
            (first, page), (second, copy) = held[pair.first.key], held[pair.second.key]
            found[first.submission_id].append(Copy(page, second, copy, pair.match.reason))
            found[second.submission_id].append(Copy(copy, first, page, pair.match.reason))
        return found

    def _product_of(self, claim: Claim) -> tuple[str, str]:
        """What a claim is about: claims of one applicant for one product may share their papers."""
        name = claim.fields.get("product_name")
        entry = claim.catalogue_match.entry_id if claim.catalogue_match else normalise(name.text) if name else claim.submission_id
        return self.applicant_of(claim) or claim.submission_id, entry

    @cached_property
    def _filed(self) -> dict[tuple[str, Track | None], list[Claim]]:
        filed: dict[tuple[str, Track | None], list[Claim]] = defaultdict(list)
        for claim in self.claims:
            if key := self.applicant_of(claim):
                filed[key, claim.track].append(claim)
        for claims in filed.values():
            claims.sort(key=turn)
        return filed


def turn(claim: Claim) -> tuple[bool, str, str]:
    """Where a claim stands among those of its applicant: what a condition bars comes last, the rest by the start of the insurance."""
    start = claim.fields.get("period_start")
    return barred(claim), start.text if start else _LAST, claim.submission_id


def barred(claim: Claim) -> bool:
    """Whether a condition of the scheme isn't met, as far as the claim's own papers show."""
    return any(flag.severity is Severity.BLOCK and not flag.across for flag in claim.flags)
