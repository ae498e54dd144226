"""Which option of a tick-box cell is ticked, as recognition hands its boxes over.

In:    a cell's text and the wordings of its options.
Out:   the option with how sure it is; a field put among those read, or blank where no box is ticked.
Fails: None where none or several seem ticked.
Elsewhere: boxes found in the picture (extractors/pictures/ticks.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz

from extractors.fields import make_field
from extractors.layout import Hit, Piece, fold, piece_of
from models.field import Field
from models.paper import Kind
from models.text import HAS_CJK

_TICKED = "☑☒✓✔√■▣◼●◉▇█⊠⊡🗹✅V✕×Xx"
_OPEN = "□☐口囗○〇▢◻◯ロ0Oo"


def choose_ticked(piece: Piece, options: Mapping[str, Sequence[str]]) -> tuple[str, Piece, float, bool] | None:
    """Which option of a tick-box cell is ticked.

    Returns the option, where it stands, how sure (0 to 1) and whether that rests on a mark that was seen; None where none or several seem ticked.
    A box before an option may be read as □ (open) or as one of many signs (ticked), or not at all: an option without a box beside others that have
    an open one was ticked, since recognition drops filled boxes and keeps empty ones.
    """
    folded = piece.folded
    places: list[tuple[int, int, str]] = []
    for value, wordings in options.items():
        best = max(((fuzz.partial_ratio_alignment(fold(w)[0], folded, score_cutoff=80), w) for w in wordings if len(w) <= len(folded) + 1),
                   key=lambda f: (round(f[0].score) if f[0] else 0, len(f[1])), default=None)
        if best and best[0]:
            places.append((best[0].dest_start, best[0].dest_end, value))
    places.sort()
    if not places:
        return None
    if len(places) == 1:
        start, end, value = places[0]
        before = folded[max(0, start - 2) : start]
        if any(c in _OPEN for c in before) and not any(c in _TICKED for c in before + folded[end : end + 2]):
            return None
        return value, piece.between(start, end), 0.9, any(c in _TICKED for c in before)
    bounds = [0, *(end for _, end, _ in places)]
    marks = [folded[bounds[n] : start] for n, (start, _, _) in enumerate(places)]
    if not marks[0] and folded[places[-1][1] :]:  # the boxes stand behind their options
        marks = [*marks[1:], folded[places[-1][1] :]]
    kinds = [_mark(m) for m in marks]
    ticked = [n for n, k in enumerate(kinds) if k == "ticked"]
    unmarked = [n for n, k in enumerate(kinds) if k == ""]
    odd = [n for n, k in enumerate(kinds) if k == "odd"]
    for some, surety, seen in ((ticked, 1.0, True), (odd, 0.85, True), (unmarked, 0.95, False)):
        if len(some) == 1:
            start, end, value = places[some[0]]
            others_open = sum(k == "open" for k in kinds) == len(kinds) - 1
            return value, piece.between(start, end), surety if others_open else min(surety, 0.8), seen
        if some:
            return None
    return None


def _mark(text: str) -> str:
    """What stands before an option: ticked, open, odd (a sign that is neither) or "" for none."""
    if any(c in _TICKED for c in text):
        return "ticked"
    if any(c in _OPEN for c in text):
        return "open"
    return "odd" if re.sub(r"[,，.。、;；\s/年]", "", text) else ""


def put_choice(fields: dict[str, Field], blank: set[str], name: str, hits: Sequence[Hit], options: Mapping[str, Sequence[str]]) -> None:
    for hit in hits:
        if hit.blank:
            continue
        chosen = choose_ticked(_with_options(hit.piece), options)
        if chosen:
            value, piece, sure, _ = chosen
            made = make_field(name, piece, found=hit.score * sure, kind=Kind.TEXT, value=value, within=hit.piece)
            if made is not None:
                fields[name] = made.model_copy(update={"raw": hit.piece.text})
                return
    if hits and all(h.blank or _all_open(_with_options(h.piece), options) for h in hits):
        blank.add(name)


def _with_options(piece: Piece) -> Piece:
    """The piece; where it holds a box alone, as one does that is drawn right behind a label, what stands to its right on its row."""
    if HAS_CJK.search(piece.text):
        return piece
    own = {id(span.line) for span in piece.spans}
    box = piece.box
    row = [v for v in piece.spans[0].page.lines if id(v) not in own and v.box.x0 > box.x0 - 2 * box.height and abs(v.box.cy - box.cy) < 0.5 * v.box.height]
    return piece_of(piece.spans[0].page, sorted(row, key=lambda v: v.box.x0)) if row else piece


def _all_open(piece: Piece, options: Mapping[str, Sequence[str]]) -> bool:
    """Whether every option has an empty box: nothing was ticked."""
    return sum(piece.folded.count(c) for c in "□☐▢◻\uf0a8\uf06f\uf0a3") >= len(options)
