"""One invoice from one page, or from all of its pages: copies, repeated scans, lists of its goods.

In:    the invoice's pages.
Out:   `Invoice`; copies bear each other out, or are in doubt where they differ.
Fails: never; what isn't read is absent.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from extractors.papers.vat_invoice.amounts import find_amounts
from extractors.papers.vat_invoice.date import find_date
from extractors.papers.vat_invoice.goods import find_items, goods_facts, main_item, sums_up
from extractors.papers.vat_invoice.invoice import Invoice, Read
from extractors.papers.vat_invoice.number import find_number
from extractors.papers.vat_invoice.parties import find_parties
from extractors.papers.vat_invoice.sheet import SEE_LIST, zones
from models.page import Page


def read_page(page: Page) -> Invoice:
    """One page as an invoice of its own."""
    sheet = zones(page)
    items = tuple(find_items(sheet))
    amounts, words, small = find_amounts(sheet, items)
    net = amounts.get("amount_excluding_tax")
    if sums_up(items) and net is not None and net.check and Decimal(net.value) == items[-1].amount:
        items = items[:-1]
    buyer, seller = find_parties(sheet)
    every = {**amounts, "buyer_name": buyer, "seller_name": seller, "invoice_number": find_number(sheet), "invoice_date": find_date(sheet)}
    facts = {name: value for name, value in every.items() if value is not None}
    if sheet.is_list:  # a list of goods repeats the parties, but its own number and sums are not the invoice's
        facts = {k: v for k, v in facts.items() if k in ("buyer_name", "seller_name")}
        words = small = None
    goods = tuple(i for i in items if not SEE_LIST.search(i.name.folded))
    main = main_item(goods)
    if main:
        facts.update(goods_facts(main, goods, "model" in sheet.columns))
    return Invoice(facts, goods, words, small)


def read_invoice(pages: Sequence[Page]) -> Invoice:
    """One invoice from all its pages: copies and repeated scans bear each other out, lists of goods add their rows."""
    every = [read_page(p) for p in pages]
    facts: dict[str, Read] = {}
    for name in dict.fromkeys(k for i in every for k in i.facts):
        facts[name] = _of_copies([i.facts[name] for i in every if name in i.facts])
    words = next((i.words for i in every if i.words and i.words.check), next((i.words for i in every if i.words), None))
    items = max((i.items for i in every), key=lambda t: (sum(x.checked for x in t), len(t)), default=())
    small = next((i.small for i in every if i.small), None) if all(i.small for i in every if i.words) else None  # one copy that agrees clears it
    return Invoice(facts, items, words, small)


def _of_copies(reads: Sequence[Read]) -> Read:
    """The value that most copies print; where they differ one-against-one the better founded."""
    by_value: dict[str, list[Read]] = {}
    for r in reads:
        by_value.setdefault(r.value, []).append(r)
    best = max(by_value.values(), key=lambda g: (len(g), max((r.check is True) - (r.check is False) for r in g), max(r.piece.confidence for r in g)))
    first = max(best, key=lambda r: ((r.check is True) - (r.check is False), r.piece.confidence))
    support = sum(r.support for r in best)
    doubted = len(by_value) > 1 and first.check is not True
    why = (*first.why, *(("两页一致",) if len(best) > 1 else ()), *(("两页不一致",) if len(by_value) > 1 else ()))
    others = tuple((r.piece, r.value, "另一页的读数，不如所选一页可靠") for r in reads if r.value != first.value)
    return Read(first.value, first.piece, support, False if doubted else first.check, why, first.derived, first.found, (*first.others, *others))
