"""What the papers and pages of a submission say, looked up by what asks for proof or for a reason to doubt.

In:    papers with their fields, the pages they came from, names of companies that there are (the register) and of products (the catalogue).
Out:   `Submission`: names, numbers and amounts as they are printed, and what other papers say of a fact; `RELATIONS`: figures of a paper that make another.
Fails: never; what isn't there is empty.
Elsewhere: what is put right by it (pipeline/corrections.py), what is left to a person (pipeline/doubts.py), what is found by it (pipeline/unlabelled.py).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from extractors.amounts import read_figures
from extractors.glyphs import alike
from matchers.names import normalise
from models.field import Field
from models.page import Line, Page
from models.paper import Kind, Paper, PaperType, kind_of
from models.text import HAS_CJK, compact
from pipeline.assemble import ADDED_UP, SOURCES
from pipeline.evidence import names_said, of_type

SURE = 0.97  # a character read with less may be misread, and print read with less proves nothing
UNSURE = 0.85  # not accepted, and yet more likely right than not
LOOKALIKE = 0.8  # likeness from which one Chinese character is read for another
RESEMBLING = 0.7  # the same where a register knows the one and not the other
SHORTEST = 4  # characters of a number or model of which two alike on two papers are no chance: V3.7
# facts that several papers print alike, each under its own name
SHARED = (*(SOURCES[name] for name in ("policy_number", "sum_insured", "premium", "period_start", "period_end")), *ADDED_UP.values())
Fact = tuple[tuple[PaperType, str], ...]  # who says it, under which name

# names that a paper may print in several parts: whose words these are, no label need say
NAMES: tuple[Fact, ...] = (
    (*SOURCES["applicant_name"], (PaperType.TEST_REPORT, "company_name"), (PaperType.IP_CERTIFICATE, "company_name")),
    tuple((kind, "buyer_name") for kind in (PaperType.APPLICATION_FORM, PaperType.SALES_CONTRACT, PaperType.SALES_INVOICE, PaperType.DELIVERY_PROOF)),
    SOURCES["insurer_name"],
    (*SOURCES["product_name"], (PaperType.DELIVERY_PROOF, "product_name")),
    SOURCES["product_model"],
)
# figures, numbers and days, where there is one paper of each type: instalments and years differ
FIGURES: tuple[Fact, ...] = (*(SOURCES[name] for name in ("policy_number", "sum_insured", "premium_rate", "premium", "period_start", "period_end")), *ADDED_UP.values())
_TOKEN = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z][0-9A-Za-z\-/]{7,}(?![0-9A-Za-z])")


class Relation(NamedTuple):
    """Figures of one paper that make another: `result` is `first` × `second`, `first` % of `second`, or their sum."""

    first: str
    second: str
    result: str
    how: str  # "times", "percent", "plus"
    said: str

    def solved(self, name: str, fields: Mapping[str, Field]) -> Decimal | None:
        """What the other two, both accepted, make of this one; None where one of them isn't there."""
        values = {n: f.decimal for n in (self.first, self.second, self.result) if n != name and (f := fields.get(n)) is not None and f.accepted and f.decimal}
        if len(values) < 2 or name not in (self.first, self.second, self.result):
            return None
        first, second, result = (values.get(n) or Decimal(0) for n in (self.first, self.second, self.result))
        hundred = Decimal(100 if self.how == "percent" else 1)
        if self.how == "plus":
            return first + second if name == self.result else result - first - second
        return first * second / hundred if name == self.result else result * hundred / (first or second)


RELATIONS: Mapping[PaperType, tuple[Relation, ...]] = {
    PaperType.INSURANCE_POLICY: (Relation("premium_rate", "sum_insured", "premium", "percent", "保险金额×费率=保险费"),),
    PaperType.APPLICATION_FORM: (
        Relation("premium_rate", "sum_insured", "premium", "percent", "保险额度×费率=保费"), Relation("subsidy_rate", "premium_paid", "subsidy_requested", "percent", "实缴保费×补贴比例=申请补贴")),
    PaperType.SALES_CONTRACT: (Relation("unit_price", "quantity", "contract_amount", "times", "单价×数量=合同金额"),),
    PaperType.SALES_INVOICE: (Relation("amount_excluding_tax", "tax_amount", "total_amount", "plus", "金额+税额=价税合计"),),
}


class Submission:
    """What the papers and pages of a submission say, looked up by what asks for proof."""

    def __init__(self, papers: Sequence[Paper], pages: Iterable[Page], registered: Iterable[str] = (), catalogued: Iterable[str] = ()) -> None:
        self.papers = papers
        self.pages = tuple(pages)
        self.registered = frozenset(normalise(name) for name in registered)
        self.catalogued = tuple(catalogued)

    @cached_property
    def names(self) -> Counter[str]:
        """In how many papers a name stands that was read for sure."""
        return Counter(name for paper in self.papers for name in {normalise(f.text) for n, f in paper.fields.items() if kind_of(n) is Kind.NAME and f.accepted})

    @cached_property
    def registered_by_length(self) -> Mapping[int, Sequence[str]]:
        """The registered names by how many characters they have, in order: a register may have very many."""
        out: dict[int, list[str]] = defaultdict(list)
        for name in sorted(self.registered):
            out[len(name)].append(name)
        return out

    def unknown(self, name: str, field: Field) -> str:
        """The name as compared that a field holds and no register knows; "" for a field of another kind and a registered name."""
        own = normalise(field.text) if kind_of(name) is Kind.NAME else ""
        return "" if own in self.registered else own

    @cached_property
    def catalogued_beside(self) -> Mapping[str, frozenset[str]]:
        """For each Chinese character of the catalogue's names those that stand right before or behind it there."""
        out: dict[str, set[str]] = defaultdict(set)
        for name in self.catalogued:
            for a, b in pairwise(compact(name)):
                out[a].add(b)
                out[b].add(a)
        return {c: frozenset(found) for c, found in out.items()}

    @cached_property
    def said(self) -> Counter[str]:
        """In how many papers a name was read, for sure or not."""
        return names_said(self.papers)

    @cached_property
    def weak_in(self) -> Mapping[str, Counter[str]]:
        """For each name the Chinese characters that were read doubtfully, with the number of papers in which they were."""
        out: dict[str, Counter[str]] = defaultdict(Counter)
        for paper in self.papers:
            found = {(normalise(f.text), c) for n, f in paper.fields.items() if kind_of(n) is Kind.NAME and f.read for c, _ in f.read.weak if HAS_CJK.match(c)}
            for name, c in found:
                out[name][c] += 1
        return out

    @cached_property
    def numbers(self) -> tuple[tuple[str, tuple[str, int]], ...]:
        """Numbers that were read for sure anywhere in print, with the page on which they stand."""
        return tuple(
            (found[0], (page.file, page.number)) for page in self.pages for line in page.lines for found in _TOKEN.finditer(line.text)
            if sum(c.isdigit() for c in found[0]) >= 4 and line.certainty(*found.span()) >= SURE)

    def numbers_beside(self, paper: Paper) -> set[str]:
        """Those of other papers' pages."""
        own = pages_of(paper)
        return {number for number, page in self.numbers if page not in own}

    def printed_beside(self, paper: Paper, text: str) -> bool:
        """Whether pages of other papers print it as a word of its own, every character read for sure."""
        own = pages_of(paper)
        word = re.compile(rf"(?<![0-9A-Za-z.\-/]){re.escape(text)}(?![0-9A-Za-z\-/]|\.[0-9])")
        return len(text) >= SHORTEST and any(
            line.certainty(*found.span()) >= SURE
            for page in self.pages if (page.file, page.number) not in own for line in page.lines if text in line.text for found in word.finditer(line.text))

    def figures_of(self, paper: Paper) -> frozenset[Decimal]:
        """All amounts in figures that a paper's own pages print."""
        return frozenset(figure.amount for line in self._lines_of(paper) for figure in read_figures(line.text))

    def printed_on(self, paper: Paper, text: str) -> bool:
        """Whether a paper's own pages print a number as a word of its own."""
        word = re.compile(rf"(?<![0-9A-Za-z\-/]){re.escape(text)}(?![0-9A-Za-z\-/])")
        return any(word.search(line.text) for line in self._lines_of(paper))

    def _lines_of(self, paper: Paper) -> Iterator[Line]:
        own = pages_of(paper)
        return (line for page in self.pages if (page.file, page.number) in own for line in page.lines)

    def single(self, kind: PaperType) -> bool:
        """Whether there is one paper of a type, further scans of it left aside."""
        return len(of_type(self.papers, kind)) == 1

    @cached_property
    def text(self) -> str:
        """All print, without white space: to see whether something stands anywhere."""
        return "\n".join(compact(line.text) for page in self.pages for line in page.lines)

    def said_elsewhere(self, paper: Paper, name: str) -> Iterator[Field]:
        """What papers of other types, read for sure, say of the fact that this field of this paper tells; where there is one of each: instalments are other amounts."""
        facts = [fact for fact in SHARED if (paper.type, name) in fact and self.single(paper.type)]
        for fact in facts:
            for kind, other in fact:
                if kind is not paper.type and self.single(kind):
                    yield from (p.fields[other] for p in self.papers if p.type is kind and other in p.fields and p.fields[other].accepted)


def heard_elsewhere(papers: Sequence[Paper], paper: Paper, name: str) -> Iterator[Field]:
    """What other papers, read for sure, say of the fact that this field tells."""
    for fact, single in (*((fact, False) for fact in NAMES), *((fact, True) for fact in FIGURES)):
        if (paper.type, name) not in fact or (single and len(of_type(papers, paper.type)) > 1):
            continue
        for kind, called in fact:
            if not single or (kind is not paper.type and len(of_type(papers, kind)) == 1):
                yield from (p.fields[called] for p in papers if p.type is kind and p is not paper and called in p.fields and p.fields[called].accepted)


def pages_of(paper: Paper) -> set[tuple[str, int]]:
    """Where a paper's pages stand: file and number."""
    return {(part.file, page) for part in paper.parts for page in part.pages}


def one_alike(own: str, other: str, weak: Collection[str], least: float) -> bool:
    """Whether two names differ in one character that was read doubtfully and looks like the other's."""
    differing = [(a, b) for a, b in zip(own, other, strict=True) if a != b] if len(own) == len(other) else []
    return len(differing) == 1 and differing[0][0] in weak and alike(*differing[0]) >= least


Corrector = Callable[[Submission, Paper, str, Field], Field]  # the field as it came where nothing is proven
