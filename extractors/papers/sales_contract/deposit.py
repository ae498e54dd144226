"""Whether a contract withholds a quality deposit (质量保证金).

In:    a contract.
Out:   yes or no, less sure where places differ or columns may cut the sentence.
Fails: None where there is too little text to say.
"""

from __future__ import annotations

import re

from extractors.confidence import accepts, contradicted
from extractors.fields import make_field
from extractors.layout import Piece, blocks
from extractors.papers.sales_contract.contract import Contract, level
from extractors.papers.sales_contract.words import any_of, vocabulary
from models.field import Field


def _withheld_there(contract: Contract, m: re.Match[str]) -> tuple[bool, float]:
    """The same for a mention that may stand in a cell, whose lines the running text takes apart; where columns without rules may cut the sentence it is doubted."""
    piece = contract.piece(*m.span())
    line = piece.spans[0].line
    block = next((b for b in blocks(piece.page) if b.cell and any(span.line is line for span in b.piece.spans)), None)
    if block is not None:
        text = block.piece.folded
        again = next((n for n in re.finditer(re.escape(m[0]), text) if block.piece.between(*n.span()).spans[:1] and _same_place(block.piece.between(*n.span()), piece)), None)
        if again is not None:
            left = max((b for b in blocks(piece.page) if b.cell and b.box.x1 <= block.box.x0 + 0.01 and level(b, block)), key=lambda b: b.box.x1, default=None)
            label = f"{left.piece.folded}\t" if left and not again.start() else ""
            right = min((b for b in blocks(piece.page) if b.cell and b.box.x0 >= block.box.x1 - 0.01 and level(b, block)), key=lambda b: b.box.x0, default=None)
            behind = f"\t{right.piece.folded}" if right and again.end() == len(text) else ""
            whole = label + text + behind
            return _withheld(whole, next(n for n in re.finditer(re.escape(m[0]), whole) if n.start() == len(label) + again.start()))
    value, sure = _withheld(contract.text, m)
    start, end = contract.running.line_of(m.start())
    above = contract.text[contract.text.rfind("\n", 0, max(0, start - 1)) + 1 : max(0, start - 1)]
    begun = bool(re.search(r"[。;；，,:：]|^(?:\d{1,2}|[一二三四五六七八九十]{1,3})[.、．]", contract.text[start : m.start()]))
    cut = "\t" in contract.text[start:end] or (not begun and "\t" in above)
    return value, min(sure, 0.85) if cut and value else sure


def _same_place(a: Piece, b: Piece) -> bool:
    return a.spans[0].line is b.spans[0].line and a.spans[0].start == b.spans[0].start


def _withheld(text: str, m: re.Match[str]) -> tuple[bool, float]:
    """Whether a mention of the deposit says that it is withheld, and how surely: by the clause in which it stands, then by its sentence."""
    deposit = vocabulary()["deposit"]
    gap = deposit["gap"]
    start = max(text.rfind(c, 0, m.start()) for c in "。;；，,\n") + 1
    before = text[start : m.start()]
    behind = re.split(r"[。;；\n]", text[m.end() : m.end() + 60])[0]
    if any(re.search(p.replace("NOT", deposit["not"]).replace("GAP", gap), before) for p in deposit["none_before"]) or any(re.search(p, behind) for p in deposit["none_behind"]):
        return (True, 0.8) if re.match(r"的(?:话|[,，]|$)", behind) else (False, 0.95)  # 不缴纳质保金的，…: a condition
    if re.match(r"以外|之外|除外", behind):
        return True, 0.8
    if re.search(deposit["instead"], before) or re.search(deposit["instead"], behind):
        return False, 0.8
    sentence = max(text.rfind(c, 0, m.start()) for c in "。;；\n") + 1
    held = re.search(deposit["held"], text[sentence : m.start()] + behind)
    denied = re.search(deposit["denies"], re.sub(deposit["harmless"], "", before + "，" + re.split("[，,]", behind)[0]))
    return True, 1.0 if held and not denied else 0.85


def find_quality_deposit(contract: Contract) -> Field | None:
    """Whether the text withholds a quality deposit (质量保证金). No word of one is no; so is a clause that says there is none."""
    deposit = vocabulary()["deposit"]
    if len(contract.text) < 150:
        return None
    words = re.compile(any_of(deposit["words"]))
    said = [(_withheld_there(contract, m), contract.piece(*m.span())) for m in words.finditer(contract.text)]
    said = said or [(_withheld(b.piece.folded, m), b.piece.between(*m.span())) for page in contract.pages for b in blocks(page) if b.cell for m in words.finditer(b.piece.folded)]  # 质量保证 / 金: the end of a cell's line parts the word
    held = [(sure, p) for (value, sure), p in said if value]
    none = [(sure, p) for (value, sure), p in said if not value]
    if said:
        sure, piece = max(held or none, key=lambda x: (x[0], x[1].confidence))
        made = make_field("quality_deposit", piece, value=bool(held), found=sure)
        return contradicted(made, "合同内对质量保证金的约定不一致", 0.7) if made and held and none else made
    late = re.search(deposit["late"], contract.text)
    if late:
        made = make_field("quality_deposit", contract.piece(*late.span()), value=False)
        return contradicted(made, "余款在质保期满后支付，未称质量保证金", 0.7) if made else None
    if (share := re.search(deposit["named_by_share"], contract.text)) is not None:
        made = make_field("quality_deposit", contract.piece(*share.span()), value=True)
        return contradicted(made, "未写明质量保证金全称", 0.7) if made else None
    first = contract.running.pieces[0]
    read = sorted(line.confidence for page in contract.pages for line in page.lines if len(line.text) > 8)
    sure = read[len(read) // 5] if read else 0.0
    return Field(value=False, raw="", confidence=round(min(0.95, sure), 3), accepted=accepts(min(0.95, sure)), source=first.region, why=("合同未提及质量保证金",))
