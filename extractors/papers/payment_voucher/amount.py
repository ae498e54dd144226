"""The amount of a voucher, from figures and from words.

In:    hits of its labels, rows, words on two lines.
Out:   the amount and the amount in words, each held against the other.
Fails: None where none stands there.
Elsewhere: figures with their separators misread (extractors/amounts.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from extractors.amounts import agree, read_figures
from extractors.confidence import confirmed, contradicted, doubted
from extractors.fields import make_field
from extractors.layout import NOTHING, Hit, Piece
from extractors.rows import GAP, Row, one_to_one
from models.field import Field
from models.money import find_words, parse_words, yuan
from models.paper import Kind


def find_amount(hits: Mapping[str, Sequence[Hit]], rows: Sequence[Row], wrapped: Sequence[Field], letter: Piece = NOTHING) -> tuple[Field | None, Field | None]:
    """The amount, from figures and words; where both are read and agree it is sure, where they don't the words' figures decide nothing and a person looks.

    wrapped: words on two lines of their cell; the end of one such would be another amount. letter: the running text of one that has only sentences.
    """
    rows = () if letter else rows
    words = in_words(letter) if letter else next(iter(wrapped), None) or next((spelled for row in rows if (spelled := in_words(row.whole))), None)
    spoken = words.decimal if words else None
    candidates: list[tuple[Piece, Decimal, float]] = []
    for hit in hits["amount"]:
        if not hit.blank:
            for f in read_figures(one_to_one(hit.piece.text), hit.unit if hit.unit in ("万元", "千元", "百万元", "亿元") else ""):
                candidates.append((hit.piece[f.start : f.end], f.amount, hit.score * (1.0 if f.decimals == 2 or f.marked else 0.85)))
                candidates += _from_boxes(hit.piece, f.amount, spoken)
    candidates += [(letter[f.start : f.end], f.amount, 0.9) for f in read_figures(one_to_one(letter.text)) if f.marked]
    for row in rows:
        for f in read_figures(row.text.replace(GAP, "\x00")):
            if (f.marked or f.decimals == 2) and not _FEE.search(row.text[: f.start]):
                candidates.append((row.piece(f.start, f.end), f.amount, 0.9 if f.marked else 0.6))
                candidates += _from_boxes(row.piece(f.start, f.end), f.amount, spoken) if f.decimals == 0 else []
        for boxed in _BOXED.finditer(row.text):  # a cell a digit, down to 分
            amount = Decimal(re.sub(r"\D", "", boxed[0])) / 100
            candidates += [(row.piece(boxed.start(), boxed.end()), amount, 0.9)] if agree(amount, spoken) else []
    if spoken is not None:
        same = [c for c in candidates if agree(c[1], spoken)]
        if same:
            piece, amount, found = max(same, key=lambda c: c[2] * c[0].confidence)
            # What is less than a cent was never printed: a mark beside the figure was read with it.
            made = make_field("amount", piece, found=found, value=yuan(amount if amount == round(amount, 2) else spoken))
            made = made.over(_lost(candidates, amount, "与大写金额不符")) if made else None
            return (confirmed(made, "大小写一致", 0.99) if made else None), (confirmed(words, "大小写一致", 0.99) if words else None)
    if candidates:
        piece, amount, found = max(candidates, key=lambda c: c[2])
        made = make_field("amount", piece, found=found, value=yuan(amount))
        made = made.over(_lost(candidates, amount, "标签不如所选一处可靠")) if made else None
        if made and words:
            return contradicted(made, f"大小写不一致：大写为{words.text}", 0.5), contradicted(words, f"大小写不一致：小写为{made.text}", 0.5)
        return made, words
    return (doubted(words, "小写未读出") if words else None), words


_FEE = re.compile(r"(?:手续费|工本费|邮电费|汇划费|服务费|费用|Charges?)[^\d]{0,16}$", re.IGNORECASE)  # what the bank itself takes
_BOXED = re.compile(rf"(?:(?<!\d)\d(?!\d){GAP}?){{5,13}}")
TELLING = 3  # digits from which a figure may be an amount


def _lost(candidates: Sequence[tuple[Piece, Decimal, float]], chosen: Decimal, why: str) -> Iterator[tuple[Field, str]]:
    """The amounts that another one was chosen over; lone digits in tables and numbers of forms aren't worth telling."""
    for piece, amount, found in candidates:
        if amount != chosen and sum(c.isdigit() for c in piece.folded) >= TELLING and (made := make_field("amount", piece, found=found, value=yuan(amount))):
            yield made, why


def in_words(piece: Piece) -> Field | None:
    """The amount in words within a row, or within the lines of a cell."""
    spelled = find_words(piece.folded)
    value = parse_words(spelled) if spelled else None
    if value is None or not spelled or not re.search(r"[元圆圓]", spelled):  # a name may hold 三角
        return None
    return make_field("amount_in_words", piece.search(re.escape(spelled)) or piece, kind=Kind.MONEY, value=value.value)


def _from_boxes(piece: Piece, amount: Decimal, spoken: Decimal | None) -> list[tuple[Piece, Decimal, float]]:
    """Figures filled into a box a digit (亿千百十万千百十元角分) carry no point: taken for 分 where the words say so."""
    return [(piece, amount / 100, 0.9)] if spoken is not None and amount != spoken and agree(amount / 100, spoken) else []
