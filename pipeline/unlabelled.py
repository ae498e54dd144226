"""Facts that a paper prints where no label for them was found: what the other papers say of them, looked for on this one.

In:    a submission's papers with their fields, its pages.
Out:   the same papers; a field found so keeps the place where it is printed, says so in `why`, and is left to a person.
Fails: never; what isn't printed, or stands there in several ways, stays missing.
Elsewhere: labels that only resemble known ones (extractors/layout/likely.py), what was read and is doubted (pipeline/corrections.py).

A form of a maker never seen calls a premium what no table of labels foresees; the amount itself is known, from the application and the invoice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from extractors.amounts import read_figures
from extractors.fields import make_field
from extractors.layout import Piece, fold, piece_of
from matchers.names import normalise
from matchers.values import agree
from models.dates import find_dates
from models.field import Field
from models.money import yuan
from models.numbers import parse_percent
from models.page import Page
from models.paper import FIELDS, Kind, Paper, PaperType, kind_of
from pipeline.evidence import of_type
from pipeline.proof import RELATIONS, heard_elsewhere

FOUND = 0.8  # confidence, at most, of what no label says
HARDLY = 0.7  # a value read with less, and said by no other paper, is hardly the one
SHORTEST = 4  # characters of a name or number that don't stand on a paper by chance
FOUND_SO = "未见栏目名，本页印有其他材料所载的值"
LEAST = Decimal(1000)  # yuan: smaller amounts do

# how remarks on other papers (an invoice's, a receipt's, a proof of delivery's) name the number of this one
_NUMBER = r"(?:号码?|编号)(?:为|是|[:：])?(?P<v>(?=(?:[^\d]*\d){4})[A-Za-z0-9\u4e00-\u9fff][A-Za-z0-9\-/()〔〕\u4e00-\u9fff]{5,38}?)(?=[,，。;；、]|[\u4e00-\u9fff]{2,8}[:：]|$)"
REMARKS: Mapping[tuple[PaperType, str], re.Pattern[str]] = {
    (PaperType.INSURANCE_POLICY, "policy_number"): re.compile(rf"(?:保险单|保单|保险凭证|保险合同){_NUMBER}"),
    (PaperType.SALES_CONTRACT, "contract_number"): re.compile(rf"(?<!保险)(?:合同|协议|订单){_NUMBER}"),
}

_RATE = re.compile(r"(?:\d[\d.]*\s*(?:‰|%[0oOº°]?)|[百千]分之[〇零一二三四五六七八九十点\d.]+)")


def with_unlabelled_found(papers: Sequence[Paper], pages: Iterable[Page]) -> tuple[Paper, ...]:
    """The papers with those of their missing fields that the other papers tell and they print themselves."""
    by_place = {(page.file, page.number): page for page in pages}
    every = tuple(by_place.values())
    return tuple(_completed(papers, paper, [by_place[place] for part in paper.parts for n in part.pages if (place := (part.file, n)) in by_place], every) for paper in papers)


def _completed(papers: Sequence[Paper], paper: Paper, pages: Sequence[Page], every: Sequence[Page]) -> Paper:
    found: dict[str, Field] = {}
    for name in FIELDS.get(paper.type, ()):
        own = paper.fields.get(name)
        if name in paper.blank or (own is not None and (own.accepted or own.score >= HARDLY)):
            continue
        told = _told(papers, paper, name) or _remarked(papers, paper, name, every) or _worked_out(papers, paper, name)
        places = {text: piece for text in told if (piece := next(_printed(name, told[text], pages, paper.fields), None)) is not None}
        if own is not None and any(agree(name, own, field) for field in told.values()):
            continue
        whole = [text for text in places if not any(text != other and text in other for other in places)]
        if len(whole) != 1:
            continue
        made = make_field(name, places[whole[0]], found=FOUND, value=told[whole[0]].text)
        if made is not None:
            found[name] = made.lowered(FOUND, FOUND_SO).over([(own, "与其他材料不符，且未读清")] if own else [])
    return paper.model_copy(update={"fields": {name: fields[name] for name in FIELDS[paper.type] if name in fields}}) if found and (fields := paper.fields | found) else paper


def _told(papers: Sequence[Paper], paper: Paper, name: str) -> Mapping[str, Field]:
    """What other papers say of the fact that this field tells, by the text that is compared."""
    return {normalise(field.text): field for field in heard_elsewhere(papers, paper, name)}


def _remarked(papers: Sequence[Paper], paper: Paper, name: str, pages: Sequence[Page]) -> Mapping[str, Field]:
    """The numbers that other papers' remarks give for this one, where there is one paper of its type."""
    pattern = REMARKS.get((paper.type, name))
    if pattern is None or len(of_type(papers, paper.type)) > 1:
        return {}
    own = {(part.file, n) for part in paper.parts for n in part.pages}
    lines = (piece_of(page, line) for page in pages if (page.file, page.number) not in own for line in page.lines)
    made = (make_field(name, found, found=FOUND) for piece in lines if (found := piece.search(pattern, "v")))
    return {normalise(field.text): field for field in made if field is not None}


def _worked_out(papers: Sequence[Paper], paper: Paper, name: str) -> Mapping[str, Field]:
    """The amount that this paper's own figures, or those that other papers tell of the same facts, make of one that is missing: the sum insured, from rate and premium."""
    if kind_of(name) is not Kind.MONEY:
        return {}
    for relation in RELATIONS.get(paper.type, ()):
        others = {n: field for n in (relation.first, relation.second, relation.result) if n != name and (field := paper.fields.get(n) or next(iter(_told(papers, paper, n).values()), None))}
        if (amount := relation.solved(name, others)) is not None:
            whole = next(iter(others.values())).model_copy(update={"value": yuan(amount)})
            return {whole.text: whole}
    return {}


def _printed(name: str, value: Field, pages: Sequence[Page], fields: Mapping[str, Field]) -> Iterator[Piece]:
    """Where pages print a value, places of which no other field was read."""
    taken = [(f.source.page, f.source.file, f.source.box) for f in fields.values() if f.source]
    for page in pages:
        for piece in _pieces(name, value, page):
            if not any(page.number == number and page.file == file and piece.box.overlap(box) > 0.5 * piece.box.area for number, file, box in taken):
                yield piece


def _pieces(name: str, value: Field, page: Page) -> Iterator[Piece]:
    kind = kind_of(name)
    if kind in (Kind.NAME, Kind.NUMBER, Kind.TEXT):
        text = fold(value.text)[0]
        if len(text) >= SHORTEST:
            word = re.compile(rf"(?<![0-9A-Za-z\-/]){re.escape(text)}(?![0-9A-Za-z\-/])")
            whole = piece_of(page, page.lines)
            yield from (whole.between(*found.span()) for found in word.finditer(whole.folded))
        return
    for line in page.lines:
        piece = piece_of(page, line)
        if kind is Kind.MONEY and value.decimal is not None and value.decimal >= LEAST:
            yield from (piece[figure.start : figure.end].stripped() for figure in read_figures(line.text) if figure.amount == value.decimal)
        elif kind is Kind.PERCENT:
            yield from (piece.between(*rate.span()) for rate in _RATE.finditer(piece.folded) if parse_percent(rate[0]) == value.text)
        elif kind is Kind.DATE:
            yield from (piece.between(day.start, day.end) for day in find_dates(piece.text) if day.value == value.text)


__all__ = ["FOUND", "FOUND_SO", "with_unlabelled_found"]
