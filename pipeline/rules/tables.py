"""The insurers' tables beside the claims: which row is which claim's.

In:    a batch's claims; the papers that insurers filed (annexes 2, 3, 5, 7), rows keyed by the annexes' headings.
Out:   `Books`: a claim's row and its table, the tables of a claim's insurer, the losses on its policy.
Fails: never; a row that can't be told apart is nobody's.
A row is a claim's by its policy number and applicant, or, where the number was misread, by applicant, product and amounts; each row is one claim's at most.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from matchers.names import LIKE, normalise, same_or_branch, similarity
from models.claim import Claim
from models.field import Field
from models.paper import Paper, PaperType, Row, Track
from models.scheme import Scheme
from pipeline.evidence import as_number

# claim field -> the headings under which the annexes tell it
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "policy_number": ("保单号", "保单号码"),
    "applicant_name": ("投保企业名称", "企业名称"),
    "product_name": ("产品名称及型号", "投保产品名称及型号", "材料名称", "软件名称"),
    "period": ("保险期限",),
    "sum_insured": ("保险合同金额", "保险金额"),
    "contract_amount": ("合同金额",),
    "premium_rate": ("保险费率（%）", "保险费率(%)"),
    "premium": ("保费金额", "保费总金额"),
    "premium_paid": ("实缴保费金额", "企业实缴保费金额"),
    "subsidy_requested": ("申请补贴金额",),
    "quantity": ("投保数量", "装备数量"),
    "insurance_year": ("保险年次",),
}
SERIAL, REPORTED, CAUSE, PAID, LOSS = "序号", "报案时间", "出险原因", "已赔付金额", "总赔付金额"
_AMOUNTS = ("sum_insured", "contract_amount", "premium", "subsidy_requested")
_SAME_POLICY, _LIKE_POLICY, _SAME_APPLICANT, _LIKE_APPLICANT = 5, 3, 3, 2
_IS_ITS = 5          # points from which a row is a claim's
_SLIPS, _LONG = 2, 10  # characters that may be misread in a policy number, and how long it must be for that


def year_of(cell: str) -> int | None:
    """The insured year (保险年次) that a cell tells: 第一年, 2. None where it tells none."""
    stated = re.search(r"[一二三123]", cell)
    return ("一二三".find(stated[0]) + 1 or int(stated[0])) if stated else None


class Entry(NamedTuple):
    """A row of a table."""

    table: Paper
    row: Row

    def cell(self, fact: str) -> Field | None:
        """What the row says about a fact, None where the cell is blank or wasn't read."""
        return next((self.row[heading] for heading in HEADINGS[fact] if heading in self.row), None)


class Books:
    """Rows dealt out to claims."""

    def __init__(self, claims: Sequence[Claim], tables: Sequence[Paper], scheme: Scheme) -> None:
        self._claims = claims
        self._tables = tables
        self._scheme = scheme

    def entry(self, claim: Claim) -> Entry | None:
        """The claim's row."""
        return self._dealt.get(claim.submission_id)

    def filed_by(self, insurer: str, track: Track | None) -> list[Paper]:
        """Tables of a track that an insurer, its head office or its branch filed."""
        return [t for t in self._of_track.get(track, ()) if "insurer_name" in t.fields and same_or_branch(t.fields["insurer_name"].text, insurer)]

    def unsigned(self, track: Track | None) -> list[Paper]:
        """Tables of a track of which it wasn't read who filed them."""
        return [t for t in self._of_track.get(track, ()) if "insurer_name" not in t.fields]

    def left_over(self, tables: Sequence[Paper]) -> list[Entry]:
        """Rows of these tables that are nobody's."""
        dealt = {id(entry.row) for entry in self._dealt.values()}
        return [Entry(table, row) for table in tables for row in table.rows if id(row) not in dealt]

    def losses(self, policy: str, track: Track | None) -> list[Entry]:
        """Losses that insurers paid on a policy."""
        return self._losses.get((track, as_number(policy)), [])

    # ---- dealing out

    @cached_property
    def _of_track(self) -> dict[Track | None, list[Paper]]:
        by_annex = {tables.claims: track for track, tables in self._scheme.tables.items()}
        out: dict[Track | None, list[Paper]] = defaultdict(list)
        for table in self._tables:
            if table.type is PaperType.INSURER_SUMMARY and table.annex in by_annex:
                out[by_annex[table.annex]].append(table)
        return out

    @cached_property
    def _losses(self) -> dict[tuple[Track | None, str], list[Entry]]:
        by_annex = {tables.losses: track for track, tables in self._scheme.tables.items() if tables.losses}
        out: dict[tuple[Track | None, str], list[Entry]] = defaultdict(list)
        for table in self._tables:
            if table.type is PaperType.CLAIMS_SUMMARY and table.annex in by_annex:
                for row in table.rows:
                    number = Entry(table, row).cell("policy_number")
                    if number:
                        out[by_annex[table.annex], as_number(number.text)].append(Entry(table, row))
        return out

    @cached_property
    def _dealt(self) -> dict[str, Entry]:
        """Each claim's row: the best pairs first, so that two claims on one policy each get the row that names their applicant."""
        pairs: list[tuple[float, int, int]] = []
        entries: list[Entry] = []
        for track, tables in self._of_track.items():
            first = len(entries)
            entries += [Entry(table, row) for table in tables for row in table.rows]
            known = _Index(entries[first:])
            for at, claim in enumerate(self._claims):
                if claim.track is track:
                    pairs += [(-points, at, first + n) for n in known.near(claim) if (points := _points(claim, entries[first + n])) >= _IS_ITS]
        out: dict[str, Entry] = {}
        taken: set[int] = set()
        for _, at, n in sorted(pairs):
            claim = self._claims[at]
            if claim.submission_id not in out and n not in taken:
                out[claim.submission_id] = entries[n]
                taken.add(n)
        return out


class _Index:
    """Rows by policy number and applicant, so that not every claim is held against every row."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._by: dict[str, dict[str, list[int]]] = {"policy_number": defaultdict(list), "applicant_name": defaultdict(list)}
        for n, entry in enumerate(entries):
            for fact, by in self._by.items():
                if cell := entry.cell(fact):
                    by[_key(fact, cell)].append(n)

    def near(self, claim: Claim) -> list[int]:
        """Rows with the claim's policy number or applicant; where there is none, those with readings near to them."""
        found: dict[int, None] = {}
        for fact, by in self._by.items():
            field = claim.fields.get(fact)
            if field:
                found |= dict.fromkeys(by.get(_key(fact, field), ()))
        if not found:
            for fact, by in self._by.items():
                field = claim.fields.get(fact)
                for key, _, _ in process.extract(_key(fact, field), list(by), scorer=Levenshtein.normalized_similarity, score_cutoff=LIKE, limit=5) if field else ():
                    found |= dict.fromkeys(by[key])
        return list(found)


def _key(fact: str, field: Field) -> str:
    return as_number(field.text) if fact == "policy_number" else normalise(field.text)


def _points(claim: Claim, entry: Entry) -> float:
    """How much speaks for a row's being a claim's."""
    return sum(_by_policy(claim, entry)) + sum(_by_applicant(claim, entry)) + sum(_by_amounts(claim, entry)) + _by_insurer(claim, entry)


def _by_policy(claim: Claim, entry: Entry) -> Iterator[float]:
    own, cell = claim.fields.get("policy_number"), entry.cell("policy_number")
    if own and cell:
        a, b = as_number(own.text), as_number(cell.text)
        if a == b:
            yield _SAME_POLICY
        elif min(len(a), len(b)) >= _LONG and Levenshtein.distance(a, b, score_cutoff=_SLIPS) <= _SLIPS:
            yield _LIKE_POLICY


def _by_applicant(claim: Claim, entry: Entry) -> Iterator[float]:
    own, cell = claim.fields.get("applicant_name"), entry.cell("applicant_name")
    if own and cell:
        if normalise(own.text) == normalise(cell.text):
            yield _SAME_APPLICANT
        elif similarity(own.text, cell.text) >= LIKE:
            yield _LIKE_APPLICANT


def _by_amounts(claim: Claim, entry: Entry) -> Iterator[float]:
    """One point for each amount that is the same, two for the product's name."""
    for fact in _AMOUNTS:
        own, cell = claim.fields.get(fact), entry.cell(fact)
        amount = own.decimal if own else None
        if amount and cell and cell.decimal is not None and abs(amount - cell.decimal) < Decimal(1):
            yield 1
    name, cell = claim.fields.get("product_name"), entry.cell("product_name")
    if name and cell and (normalise(name.text) in normalise(cell.text) or similarity(name.text, cell.text) >= LIKE):
        yield 1


def _by_insurer(claim: Claim, entry: Entry) -> float:
    own, cell = claim.fields.get("insurer_name"), entry.table.fields.get("insurer_name")
    return 0.5 if own and cell and same_or_branch(own.text, cell.text) else 0.0
