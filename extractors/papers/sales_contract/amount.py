"""The whole amount of a contract, in figures and in words, held against the rows of its goods.

In:    a contract and the rows of its goods.
Out:   the amount, tax included; the amount in words; the figures beside these where the words were believed instead.
Fails: None where no amount is named.
Elsewhere: how amounts are written (models/money.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

from extractors.amounts import wrapped_words
from extractors.confidence import accepts, confirmed, contradicted
from extractors.fields import make_field
from extractors.language import entities
from extractors.layout import blocks
from extractors.papers.sales_contract.contract import Contract, level
from extractors.papers.sales_contract.words import any_of, is_total, vocabulary
from models.field import Field
from models.money import parse_figures, yuan
from models.paper import Row
from models.text import compact


def find_amount(contract: Contract, items: list[Row]) -> tuple[Field | None, Field | None, Field | None]:
    """The whole amount, tax included, the amount in words, and the figures beside these where the words were believed instead.

    Figures and words behind what names the whole, the table's total and the rows' sum are held against each other; what most agree on is taken.
    Where the words alone differ they are handed back as read.
    """
    figures, words = _named_amounts(contract)
    total, told = _total_row(contract)
    words += [*told, *_wrapped_words(contract)]
    words = words or _words_alone(contract)
    sums, product = _sums(items)
    if contract.table.units.get("amount") == "万元":
        known = {v for v in (sums, product, *(w.decimal for w in words)) if v is not None}
        figures = [_in_wan(f, known) for f in figures]
    printed = [*((f, 1.0) for f in figures), *((f, 1.0) for f in total), *((f, 1.1) for f in words)]
    if len(items) == 1 and "amount" in items[0]:
        printed.append((items[0]["amount"], 0.5))
    votes: dict[Decimal, float] = {}
    for made, weight in printed:
        if made.decimal is not None:
            votes[made.decimal] = votes.get(made.decimal, 0.0) + weight
    for value in (sums, product):
        if value is not None and value in votes:
            votes[value] += 1.0
    if not votes:
        rows = [r["amount"] for r in items if "amount" in r]
        return (rows[0] if len(rows) == 1 and len(items) == 1 else None), None, None
    best = max(votes, key=lambda v: votes[v])
    same = [f for f, _ in printed if f.decimal == best]
    in_figures = [f for f in (*figures, *total) if f.decimal == best]
    chosen = max(in_figures or same, key=lambda f: f.confidence).over((f, "与它相符的合同条款、大写、明细或合计较少") for f, _ in printed if f.decimal != best)
    said = max((w for w in words if w.decimal == best), key=lambda f: f.confidence, default=None) or (max(words, key=lambda f: f.confidence) if words else None)
    kinds = (any(f.decimal == best for f in figures) + any(f.decimal == best for f in total) + any(f.decimal == best for f in words) + (sums == best) + (product == best))
    if said is not None and said.decimal != best:
        chosen = contradicted(chosen, f"大小写不一致：大写为{said.text}", 0.6)
    elif said is not None and figures and not in_figures and best not in (sums, product):
        chosen = contradicted(chosen, f"大小写不一致：小写为{figures[0].text}", 0.7)
    elif said is not None and in_figures:
        chosen, said = confirmed(chosen, "大小写一致", 0.99), confirmed(said, "大小写一致", 0.99)
    elif kinds > 1:
        chosen = confirmed(chosen, "与明细或合计一致")
    if sums is not None and sums != best and abs(sums - best) > 1 and kinds < 2:
        chosen = contradicted(chosen, "与明细合计不一致", 0.6)
    overruled = figures[0] if figures and not in_figures and said is not None and said.decimal == best else None
    amended = _amended(contract)
    if amended is not None and amended.decimal != best:
        return amended.over([(chosen, "补充协议变更前的金额")]), None, None
    return chosen.model_copy(update={"accepted": chosen.accepted and accepts(chosen.confidence)}), said, overruled


def _amended(contract: Contract) -> Field | None:
    """The sum to which a supplementary agreement changes the contract's; for a person to see, as the two papers may be claimed apart."""
    amount = vocabulary()["amount"]
    for m in re.finditer(rf"(?:{any_of(amount['labels'])}){amount['amended']}", contract.text):
        _, end = contract.running.line_of(m.start())
        new = next(iter(contract.within(m.end(), min(end, m.end() + 12), "money", "money_in_words")), None)
        made = make_field("contract_amount", contract.piece(new.start, new.end), value=new.value) if new else None
        if made is not None and made.decimal:
            return contradicted(made, "合同金额经补充协议变更", 0.8)
    return None


def _in_wan(figure: Field, known: Collection[Decimal]) -> Field:
    """A bare figure below a heading in 万元, in yuan where that is what the rows or the words come to."""
    value = parse_figures(figure.raw)
    if value is None or re.search("[万元]", figure.raw) or value.amount in known or value.amount * 10_000 not in known:
        return figure
    return figure.model_copy(update={"value": yuan(value.amount * 10_000)})


def _sums(items: Sequence[Row]) -> tuple[Decimal | None, Decimal | None]:
    """The sum of the rows' amounts, and that of price × quantity; None where a row lacks one. The amounts of rows that fail their own check don't count."""
    amounts = [r["amount"].decimal if "amount" in r else None for r in items]
    products = [r["quantity"].decimal * r["unit_price"].decimal if {"quantity", "unit_price"} <= r.keys() and r["quantity"].decimal and r["unit_price"].decimal else None for r in items]
    broken = any(a is not None and p is not None and abs(a - p) > 1 for a, p in zip(amounts, products, strict=True))
    sums = None if broken or not items or None in amounts else sum((a for a in amounts if a is not None), Decimal(0))
    product = None if not items or None in products else sum((p for p in products if p is not None), Decimal(0))
    return sums, product


def _named_amounts(contract: Contract) -> tuple[list[Field], list[Field]]:
    """Amounts in figures and in words that stand behind what names the whole amount, in the same paragraph."""
    amount = vocabulary()["amount"]
    figures: dict[int, Field] = {}
    words: dict[int, Field] = {}
    not_before = tuple(compact(w) for w in amount["not_before"])
    pattern = re.compile(rf"(?:{any_of(amount['labels'])})")
    for m in pattern.finditer(contract.text):
        if contract.text[: m.start()].endswith(not_before):
            continue
        _, end = contract.running.line_of(m.start())
        end = min(end, m.end() + 90)
        stop = re.search(r"[。;；]|其中|不含税|税额|预付|首付|定金|违约", contract.text[m.end() : end])
        end = m.end() + stop.start() if stop else end
        if re.match(r"(?:的|之)?(?:百分之|[\d.]+%|\d+‰)", contract.text[m.end() : m.end() + 8]) or re.match(r"的", contract.text[m.end() : m.end() + 1]):
            continue
        found = contract.within(m.start(), end, "money", "money_in_words")
        columns = [e for e in found if e.kind == "money"]
        if len(columns) > 1 and "\t" in contract.text[columns[0].end : columns[1].start] and _NET.search(contract.text):  # totals of net, tax and gross side by side
            most = max(columns, key=lambda e: Decimal(e.value))
            found = [e for e in found if e.kind != "money" or e is most]
        for e in found[:3]:
            made = make_field("contract_amount", contract.piece(e.start, e.end), value=e.value)
            unit = _unit_of(contract, m.start(), m.end())
            if made is not None and e.kind == "money" and unit and not re.search("[万元]", made.raw):
                made = made.model_copy(update={"value": f"{Decimal(e.value) * unit:.2f}"})
            if made is None or (e.kind == "money" and Decimal(made.text) == 0):
                continue
            (figures if e.kind == "money" else words).setdefault(e.start, made)
    return list(figures.values()), list(words.values())


def _unit_of(contract: Contract, start: int, end: int) -> Decimal | None:
    """What a unit in brackets at the label makes of a bare figure: 合同总价（万元）."""
    return Decimal(10_000) if re.match(r"[（(][^）)]{0,6}万元", contract.text[end : end + 10]) else None


def _total_row(contract: Contract) -> tuple[list[Field], list[Field]]:
    """The amounts in figures and in words in the goods table's row of totals, whose cells are often merged and wrapped."""
    table = contract.table
    unit = table.units.get("amount", "")
    figures: list[Field] = []
    words: list[Field] = []
    for listed in table.every:
        piece = listed.cells.get("amount") if listed.total or is_total(listed.text) else None
        made = make_field("contract_amount", piece, unit) if piece and re.fullmatch(r"[¥￥]?[\d,.]+元?", piece.folded) else None
        if made is not None and made.decimal:
            figures.append(made)
    for page in contract.pages:
        cells = [b for b in blocks(page) if b.cell and b.piece]
        for head in cells:
            if not is_total(head.piece.folded) or any(b is not head and b.box.x1 <= head.box.x0 + 0.01 and level(b, head) and not is_total(b.piece.folded) for b in cells):
                continue
            for block in (b for b in cells if b is head or (b.cell and head.cell and b.cell.table == head.cell.table and b.box.x0 >= head.box.x1 - 0.01 and level(b, head))):
                for e in entities(block.piece.folded, "money", "money_in_words"):
                    piece = block.piece.between(e.start, e.end)
                    in_figures = e.kind == "money"
                    made = make_field("contract_amount", piece, unit) if in_figures else make_field("contract_amount", piece, value=e.value)
                    if made is not None and made.decimal:
                        (figures if in_figures else words).append(made)
    if figures and _NET.search(contract.text):  # of the totals of several columns the one with the tax
        most = max(f.decimal or Decimal(0) for f in figures)
        figures = [f for f in figures if f.decimal == most]
    return figures, words


_NET = re.compile(r"不含(?:增值)?税|未税|除税|税前|税额")


_WORDS_ALONE = re.compile(r"(?:^|(?<=\n))(?:合同|订单|协议)?(?:总?金额|总?价款?)?(?:人民币)?[（(]?大写[)）]?(?:金额|总额)?(?:[（(]?人民币[)）]?)?[:：]?\t?(?=[^\n]{2,40}(?:\n|$))")


def _words_alone(contract: Contract) -> list[Field]:
    """The amount in words on a row of its own, whose label doesn't say of what; nothing where there are several. 金额大写：贰佰万元整."""
    rows = [contract.within(m.end(), contract.running.line_of(m.end())[1], "money_in_words") for m in _WORDS_ALONE.finditer(contract.text)]
    found = [e for row in rows for e in row]
    made = make_field("contract_amount", contract.piece(found[0].start, found[0].end), found=0.95, value=found[0].value) if len(found) == 1 else None
    return [made] if made else []


def _wrapped_words(contract: Contract) -> Iterator[Field]:
    """Amounts in words in two lines of a narrow column with something else on the baseline between them."""
    for piece in (piece for page in contract.pages for piece in wrapped_words(page)):
        found = next((e for e in entities(piece.folded, "money_in_words")), None)
        made = make_field("contract_amount", piece.between(found.start, found.end), value=found.value) if found else None
        if made is not None:
            yield made
