"""A claim against the tables that insurers file: is it listed, does its row say the same, do the columns add up, were losses paid.

Source: ningbo-2020, 四（二）2, 四（三）3, 四（四）3; annexes 2, 5, 7 (applications; 保险合同金额 is the sum insured) and 3 (losses).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal

from matchers.catalogue import agree_on_product, catalogue_of
from matchers.names import LIKE, similarity
from matchers.values import agree
from models.annexes import ANNEXES, INSURERS
from models.dates import parse_period, same_time
from models.field import Field, Region
from models.flag import Flag
from models.money import yuan
from models.paper import Kind, Paper, PaperType, kind_of
from models.text import left_out
from pipeline.assemble import SOURCES, sum_of
from pipeline.evidence import voices
from pipeline.rules.case import WELL_READ, Case, NotRead, believable, sources
from pipeline.rules.tables import CAUSE, HEADINGS, PAID, REPORTED, SERIAL, Entry, year_of
from pipeline.rules.words import field_word, rmb, shown

CENT = Decimal("0.01")
MOST_LEFT_OUT = 3  # characters
_FORM = re.compile(r"责任|股份|集团|控股|[（(]|[）)]|\d")
_ADDED: Mapping[str, tuple[tuple[PaperType, str], ...]] = {
    "premium_paid": ((PaperType.APPLICATION_FORM, "premium_paid"), (PaperType.PREMIUM_INVOICE, "total_amount"), (PaperType.PAYMENT_VOUCHER, "amount")),
    "contract_amount": ((PaperType.SALES_CONTRACT, "contract_amount"), (PaperType.APPLICATION_FORM, "contract_amount")),
    "quantity": ((PaperType.APPLICATION_FORM, "insured_quantity"), (PaperType.SALES_CONTRACT, "quantity")),
}


def summary_row_missing(case: Case) -> Iterator[Flag]:
    """Flag a claim that isn't in any table of its track though its insurer filed one; where a row that wasn't read well may be its, nothing is said for sure."""
    books = case.beside.books
    if books.entry(case.claim) is not None:
        return
    insurer = case.value("insurer_name")
    tables = books.filed_by(insurer.text, case.track)
    if case.beside.tables_unread or books.unsigned(case.track) or any(_gaps(table) for table in tables):
        raise NotRead("insurer_summary", tables[0].region if tables else None)
    if not tables:
        return
    doubtful = next((e for e in books.left_over(tables) if not _names_someone(e)), None)
    if doubtful:
        raise NotRead("insurer_summary", _at(_any(doubtful)))
    yield case.flag(
        f"承保机构“{insurer.text}”报送的汇总表共列 {sum(len(t.rows) for t in tables)} 件，其中没有本件申报", [_at(t.region) for t in tables], insurer=insurer.text)


def _names_someone(entry: Entry) -> bool:
    """Whether policy number and applicant of a row were read with confidence: then it is surely someone else's."""
    said = entry.cell("policy_number"), entry.cell("applicant_name")
    return all(field is not None and believable(field) for field in said)


def _gaps(table: Paper) -> bool:
    """Whether rows of a table weren't read: their numbers don't run from 1 on."""
    numbers = [row[SERIAL].text for row in table.rows if SERIAL in row]
    return not table.rows or numbers != [str(n) for n in range(1, len(table.rows) + 1)]


def summary_mismatch(case: Case) -> Iterator[Flag]:
    """Flag each fact on which the claim's row differs from all that the claim's papers show, and a total that isn't the sum of its table's rows.

    Raises NotRead where a cell that differs, or the claim's own value, is doubtful.
    """
    entry = case.beside.books.entry(case.claim)
    if entry is None:
        return
    doubtful: list[tuple[str, Field]] = []
    for fact in HEADINGS:
        cell, said = entry.cell(fact), _said(case, fact)
        if cell is None or not said or any(_same(case, fact, cell, own) for own in said):
            continue
        if _stands(cell) and any(case.was_read(own) for own in said) and not _slip(fact, cell, said):
            theirs, own = shown(fact, cell), shown(fact, said[0])
            yield case.flag(
                f"承保机构汇总表{field_word(fact)}为 {theirs}，申报材料为 {own}", [_at(cell.source), *sources(said[0])],
                field=fact, values={"insurer_summary": cell.text, "claim": said[0].text})
        else:
            doubtful.append((fact, cell))
    yield from _wrong_totals(case, entry.table)
    if doubtful:
        raise NotRead(f"insurer_summary.{doubtful[0][0]}", _at(doubtful[0][1].source))


def _stands(cell: Field) -> bool:
    return believable(cell) or cell.as_read >= WELL_READ


def _said(case: Case, fact: str) -> list[Field]:
    """What the claim and its papers say of a fact, the claim's own word first."""
    own = case.claim.fields.get(fact)
    said = [own] if own else []
    if fact == "period":
        return [f for paper in case.papers(PaperType.INSURANCE_POLICY, PaperType.APPLICATION_FORM) if (f := _period_of(paper))]
    for kind, name in _ADDED.get(fact, ()):
        added = sum_of(case.claim.papers, kind, name)
        said += [added] if added else []
    for kind, name in SOURCES.get(fact, ()):
        said += [v.field for v in voices(case.papers(kind), name)]
    return said


def _period_of(paper: Paper) -> Field | None:
    start, end = paper.fields.get("period_start"), paper.fields.get("period_end")
    if start is None or end is None:
        return None
    return start.model_copy(update={"value": f"{start.text}至{end.text}", "confidence": min(start.score, end.score), "scored": None, "accepted": start.accepted and end.accepted})


def _same(case: Case, fact: str, cell: Field, own: Field) -> bool:
    """Whether a cell and a claim's value can be one fact; a cell that isn't of its kind says nothing."""
    special = _SAME.get(fact)
    return special(case, cell, own) if special else agree("insured_quantity" if fact == "quantity" else fact, cell, own)


def _same_period(case: Case, cell: Field, own: Field) -> bool:
    a, b = parse_period(cell.text), parse_period(own.text)
    return a is None or b is None or all(map(same_time, a, b))


def _same_product(case: Case, cell: Field, own: Field) -> bool:
    """The table writes name and model in one cell."""
    models = tuple(paper.fields["product_model"].text for paper in case.claim.papers if "product_model" in paper.fields)
    catalogue = catalogue_of(case.reference, case.claim.scheme, case.track.value) if case.track and case.reference.catalogue else None
    return agree_on_product(own.text, cell.text, catalogue, models)


def _same_year(case: Case, cell: Field, own: Field) -> bool:
    stated = year_of(cell.text)
    return stated is None or stated == (own.decimal or 0)


_SAME: Mapping[str, Callable[[Case, Field, Field], bool]] = {"period": _same_period, "product_name": _same_product, "insurance_year": _same_year}


def _slip(fact: str, cell: Field, said: Iterable[Field]) -> bool:
    """Whether a name or number in the table is rather a misreading of the claim's: nearly the same, and either isn't accepted or the table's was left out in part."""
    if kind_of(fact) not in (Kind.NAME, Kind.NUMBER):
        return False
    return any(similarity(cell.text, own.text) >= LIKE and (not (cell.accepted and own.accepted) or _left_out(cell, own)) for own in said)


def _left_out(cell: Field, own: Field) -> bool:
    """Whether reading may have left out some characters of the table's: no form of company, which tells two apart, in a cell that wraps (恺联高分 / 技有限公司)."""
    return cell.as_read < 1 and any(len(run) <= MOST_LEFT_OUT and not _FORM.search(run) for run in left_out(cell.text, own.text))


def _wrong_totals(case: Case, table: Paper) -> Iterator[Flag]:
    """Columns of money whose total isn't the sum of the rows; where a row or a figure wasn't read well nothing is said."""
    if _gaps(table) or table.annex is None:
        return
    for heading, kind in ANNEXES[table.annex].items():
        stated = table.total.get(heading)
        cells = [row.get(heading) for row in table.rows]
        if kind is not Kind.MONEY or stated is None or stated.decimal is None or stated.as_read < WELL_READ:
            continue
        amounts = [cell.decimal for cell in cells if cell is not None and cell.as_read >= WELL_READ]
        if len(amounts) < len(cells) or any(amount is None for amount in amounts):
            continue
        added = sum((amount for amount in amounts if amount is not None), Decimal(0))
        if abs(added - stated.decimal) > CENT:
            yield case.flag(
                f"承保机构汇总表“{heading}”合计为 {rmb(stated.decimal)}，与各行之和 {rmb(added)} 不符", [_at(stated.source)],
                field="total", values={"column": heading, "total": yuan(stated.decimal), "rows": yuan(added)})
            return


def claims_history(case: Case) -> Iterator[Flag]:
    """Tell each loss that the insurer's table lists on the claim's policy."""
    number = case.value("policy_number")
    applicant = case.claim.fields.get("applicant_name")
    for entry in case.beside.books.losses(number.text, case.track):
        named = entry.cell("applicant_name")
        if applicant and named and similarity(applicant.text, named.text) < LIKE:
            continue  # two submissions may rest on one policy number
        paid, reported, cause = (entry.row.get(heading) for heading in (PAID, REPORTED, CAUSE))
        amount = paid.decimal if paid else None
        told = [f"{reported.text} 报案" if reported else "", cause.text if cause else "", f"已赔付 {rmb(amount)}" if amount is not None else ""]
        yield case.flag(
            f"承保机构理赔汇总表列有本保单出险记录：{'，'.join(t for t in told if t)}", [_at(f.source) for f in (reported, cause, paid) if f],
            paid=yuan(amount) if amount is not None else "", reported_on=reported.text if reported else "", cause=cause.text if cause else "")


def _any(entry: Entry) -> Region | None:
    return next((field.source for field in entry.row.values() if field.source), None)


def _at(region: Region | None) -> Region | None:
    """A place in an insurer's file as seen from the batch."""
    return region.model_copy(update={"file": f"{INSURERS}/{region.file}"}) if region else None
