"""An invoice's sums (金额, 税额, 价税合计) and the amount in words: each from all its printings, chosen so that they add up.

In:    a page by its zones and its rows of goods.
Out:   the sums with what speaks for them; the amount in words; the figures beside these where they aren't the total.
Fails: what isn't printed is absent.
Elsewhere: figures with their separators misread (extractors/amounts.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from statistics import median

from extractors.amounts import Figure, agree, net_of, read_figures
from extractors.layout import Piece
from extractors.papers.invoice_code import find_code
from extractors.papers.vat_invoice.goods import sums_up
from extractors.papers.vat_invoice.invoice import Item, Read, doubtful
from extractors.papers.vat_invoice.sheet import SMALL_LABELS, Sheet, is_sum_row, nearest
from extractors.rows import Row, find_label, one_to_one
from models.money import find_words, parse_words, yuan

_NEGATIVE_WORDS = re.compile(r"负数|^负|[(（]负")

_TOLD_NET = re.compile(r"不含税(?:金?额|价款?|销售额|合计)[^\d¥￥]{0,6}(?P<v>[¥￥]?\s?\d[\d,]*\.\d\d)(?!\d)")  # 其中不含税额：458938.05, below goods whose amounts include the tax
_TOLD_TAX = re.compile(r"(?<!不含)税\s*额(?:[（(]\d{1,2}[%％][)）])?[:：]\s*(?P<v>[¥￥]?\s?\d[\d,]*\.\d\d)(?!\d)")
_UNTAXED = re.compile(r"免\s*税|不征税|零税率|[*＊]{3}")
_WORDS_CUT = re.compile(r"[零壹贰叁肆伍陆柒捌玖拾佰仟万亿圆元角]$")  # an amount in words that doesn't end as it should, in 整 or 分
_END_OF_WORDS = re.compile(r"[零壹贰叁肆伍陆柒捌玖拾佰仟万亿圆元角分]{0,12}[圆元角分][整正]?|[整正]")


def _with_end_of_words(row: Row, rows: Sequence[Row]) -> Row:
    """A row whose amount in words goes on in the row below it, that row's end of it included: …壹拾捌圆贰角 / 陆分."""
    if not find_words(row.text) or not _WORDS_CUT.search(row.text):
        return row
    height = median(s.line.box.height for s in row.spans)
    below = min((r for r in rows if 0.5 * height < r.cy - row.cy < 2.2 * height), key=lambda r: r.cy, default=None)
    if below is None or not _END_OF_WORDS.fullmatch(below.text.strip()) or parse_words(row.text.strip() + below.text.strip()) is None:
        return row
    return Row((*row.spans, *below.spans))


def find_amounts(sheet: Sheet, items: Sequence[Item]) -> tuple[dict[str, Read], Read | None, Read | None]:
    """金额, 税额, 价税合计 and the amount in words: each from all its printings, chosen so that they add up; and the figures beside the words where they aren't the total."""
    nets, taxes, totals = _Printings(), _Printings(), _Printings()
    words: Read | None = None
    beside: Read | None = None
    small = big = None
    for row in (_with_end_of_words(row, sheet.every) for row in sheet.sums):
        text = row.text
        spelled = find_words(text)
        spoken_value = parse_words(text) if spelled else None
        if spoken_value is not None:
            start = min((text.find(c) for c in spelled or "" if c in text), default=0)
            piece = row.piece(start, len(text)).search(re.escape(spelled or ""))
            amount = -spoken_value.amount if _NEGATIVE_WORDS.search(text) else spoken_value.amount
            words = Read(str(amount), piece or row.whole)
            big = amount
            totals.add(amount, piece or row.whole)
        if spoken_value is not None or is_sum_row(row):
            label = find_label(text, SMALL_LABELS)
            for f in read_figures(text)[::-1]:
                if f.decimals == 2 and (not label or f.start >= label[0]):
                    small = f.amount
                    beside = Read(str(small), row.piece(f.start, f.end))
                    totals.add(f.amount, row.piece(f.start, f.end), first=True)
            continue
        for cell, f in _figure_cells(row):
            if f.decimals != 2:
                continue
            where = nearest(cell, sheet.columns, ("amount", "tax")) if "amount" in sheet.columns and "tax" in sheet.columns else ""
            if where == "tax" or (not where and len(nets.every)):
                taxes.add(f.amount, cell)
            else:
                nets.add(f.amount, cell)
    for printings, told in ((nets, _TOLD_NET), (taxes, _TOLD_TAX)):
        for row in sheet.every:
            for m in told.finditer(row.text):
                printings.add(read_figures(m["v"])[0].amount, row.piece(*m.span("v")), first=True)
    sums = [i.amount for i in items if i.amount is not None]
    if sums:
        nets.add(sum(sums, Decimal(0)), next(i.pieces["amount"] for i in items if i.amount is not None), derived=len(sums) > 1)
    if sums_up(items):  # perhaps: two rows of the same amount look just so
        nets.add(items[-1].amount or Decimal(0), items[-1].pieces["amount"])
        if items[-1].tax is not None:
            taxes.add(items[-1].tax, items[-1].pieces["tax"])
    tax_sums = [i.tax for i in items if i.tax is not None]
    if tax_sums and len(tax_sums) == len(items):
        taxes.add(sum(tax_sums, Decimal(0)), next(i.pieces["tax"] for i in items if i.tax is not None), derived=len(tax_sums) > 1)
    coded = find_code(sheet.page.codes)
    if coded and coded.amount is not None:
        for printings in (nets, totals):
            printings.confirm(coded.amount)
    net, tax, total, adds_up = net_of(nets.order(), taxes.order(), totals.order())
    if coded and coded.amount is not None and not adds_up and not (nets.coded or totals.coded):
        (totals if coded.whole else nets).correct(coded.amount)
        net, tax, total, adds_up = net_of(nets.order(), taxes.order(), totals.order())
    out: dict[str, Read] = {}
    for name, value, printings in (("amount_excluding_tax", net, nets), ("tax_amount", tax, taxes), ("total_amount", total, totals)):
        if value is not None:
            spoken = name == "total_amount" and small is not None and big is not None
            # which of the two sums the code holds has changed over the years; where all three add up, either bears the invoice out
            elsewhere = coded is not None and adds_up and any(v is not None and agree(v, coded.amount) for v in (net, total))
            gross = name == "amount_excluding_tax" and tax is None and agree(net, total) and not any(_UNTAXED.search(row.text) for row in sheet.every)
            denied = coded is not None and coded.amount is not None and name == ("total_amount" if coded.whole else "amount_excluding_tax") and not agree(value, coded.amount) and not elsewhere
            check = False if denied or gross else True if adds_up or printings.borne_out(value) else (agree(small, big) if spoken else None)
            why = (("金额、税额与价税合计相符",) if adds_up else ()) + printings.said(value) + ((f"与发票二维码不一致：二维码为{coded.amount}",) if denied and coded else ()) + (() if not spoken else ("大小写相符",) if agree(small, big) else ("大小写不符",)) + (("与价税合计相同，未见税额",) if gross else ())
            out[name] = printings.read(value, check, why)
    if words is not None and total is not None:
        words = Read(words.value, words.piece, 1 + agree(total, big), agree(total, big))
    return out, words, beside if big is not None and agree(total, big) and not agree(total, small) else None


def _figure_cells(row: Row) -> list[tuple[Piece, Figure]]:
    return [(Piece((span,))[f.start : f.end], f) for span in row.spans for f in read_figures(one_to_one(span.text))]


def _misread(printed: Decimal, coded: Decimal) -> bool:
    """Whether a printed amount is a coded one misread: its point lost, or a single digit another."""
    left, right = yuan(printed), yuan(coded)
    return printed in (coded * 10, coded * 100) or (len(left) == len(right) and sum(a != b for a, b in zip(left, right, strict=True)) == 1)


class _Printings:
    """All printings of one amount."""

    def __init__(self) -> None:
        self.every: list[tuple[Decimal, Piece, bool]] = []
        self.coded = 0
        self.misread: Decimal | None = None

    def add(self, amount: Decimal, piece: Piece, first: bool = False, derived: bool = False) -> None:
        self.every.insert(0 if first else len(self.every), (amount, piece, derived))

    def confirm(self, amount: Decimal) -> None:
        """Put the printings that the QR code bears out first."""
        own = [e for e in self.every if agree(e[0], amount)]
        self.every = own + [e for e in self.every if e not in own]
        self.coded = len(own)

    def correct(self, amount: Decimal) -> None:
        """Put the QR code's amount in the place of a printing that is its misreading: the point lost, or one digit another."""
        own = next((e for e in self.every if not e[2] and _misread(e[0], amount) and doubtful(e[1])), None)
        if own is not None:
            self.misread = own[0]
            self.every.insert(0, (amount, own[1], False))
            self.coded = 1

    def borne_out(self, value: Decimal) -> bool:
        """Whether the QR code says just this."""
        return bool(self.coded) and agree(self.every[0][0], value)

    def said(self, value: Decimal) -> tuple[str, ...]:
        """What the QR code says of a value, in Chinese."""
        if not self.borne_out(value):
            return ()
        return (f"据发票二维码更正，印刷读作{yuan(self.misread)}",) if self.misread is not None else ("发票二维码一致",)

    def order(self) -> list[Decimal]:
        """Values, the oftenest printed first, then in the order given."""
        counts = Counter(e[0] for e in self.every)
        seen = list(dict.fromkeys(e[0] for e in self.every))
        return sorted(seen, key=lambda v: -counts[v]) if not self.coded else seen

    def read(self, value: Decimal, check: bool | None, why: tuple[str, ...]) -> Read:
        own = [e for e in self.every if agree(e[0], value)]
        piece, derived = max(((p, d) for _, p, d in own), key=lambda x: (not x[1], x[0].confidence))
        others = tuple((p, yuan(v), "与所选金额不一致，相符的印刷处较少或金额与税额之和不符") for v, p, d in self.every if not d and not agree(v, value))
        return Read(str(value), piece, len(own) + bool(self.coded), check, why, derived=derived, others=others)
