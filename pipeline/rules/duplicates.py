"""What two submissions of a batch may not share: a policy, an invoice, a scanned page.

Source: the rulebook, "Between submissions of a batch"; the measure has no clause for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from models.flag import Flag
from pipeline.rules.across import INVOICES
from pipeline.rules.case import Case, believable, sources
from pipeline.rules.words import PAPERS


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
