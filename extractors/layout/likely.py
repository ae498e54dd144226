"""Labels that no table knows, told by what they share with those it does: 实际缴纳保费 is like 实缴保费 and like nothing else.

In:    the labels found on a paper's pages, the keys for which none was found.
Out:   for such a key the sites of unknown labels that are like its own and like no other's.
Elsewhere: the value that stands there (values.py). It is a guess: by itself nothing found so is sure enough to be accepted.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from extractors.layout.blocks import Block
from extractors.layout.pieces import NOTHING, Piece
from extractors.layout.sites import Labelled, Site
from extractors.layout.wording import COLON, Wanted, is_another, label_core, unit_in
from models.text import HAS_CJK

LIKE = 0.45  # how like a known label an unknown one must be
APART = 0.75  # what part of that it may at most be like another key's
FOUND = 0.8  # what counts of its likeness to a key that was found at its own label
HEADING = 0.7  # from which likeness on what stands beside a label is another
GUESSED = 0.5  # how surely what stands with it is the field's, at best

_SAME = (  # words that say the same in a label
    ("保险费", "保费"), ("缴纳", "缴"), ("交纳", "缴"), ("交", "缴"), ("支付", "付"), ("帐", "账"), ("企业", "单位"), ("日期", "日"), ("时间", "日"), ("号码", "号"), ("编号", "号"),
    ("总金额", "总额"), ("合计", "总"), ("总计", "总"), ("实际", "实"), ("手机", "电话"), ("开始", "起始"), ("结束", "终止"),
)  # fmt: skip
_OF_TWO = re.compile(r"[及和与、/]")
_LONGEST = 14


def _parts(core: str) -> Counter[str]:
    """Characters and pairs of neighbours, both ends among them, of a label with one word for each thing."""
    for said, same in _SAME:
        core = core.replace(said, same)
    framed = f"^{core}$"
    return Counter([*core, *(framed[i : i + 2] for i in range(len(framed) - 1))])


class _Known(NamedTuple):
    """A label of the table: whose it is, as given, its core, and how much its parts weigh together."""

    key: str
    label: str
    core: str
    norm: float


class Near(NamedTuple):
    """How like an unknown label is to one that is known, 0 to 1."""

    score: float
    known: _Known


class Likeness:
    """The labels of a table by their parts, those weighing most that few keys use."""

    def __init__(self, table: Sequence[tuple[str, str, str, str]]) -> None:
        keys = len({key for key, *_ in table})
        users: dict[str, set[str]] = {}
        for key, _, _, core in table:
            for part in _parts(core):
                users.setdefault(part, set()).add(key)
        self._weight = {part: math.log(1 + (keys + 1) / len(some)) for part, some in users.items()}
        self._rare = math.log(2 + keys)
        shared = Counter(core for *_, core in table)  # 投保人及被保险人 tells neither from the other, and 投保人>名称 nothing without its heading
        self._known = [_Known(key, label, core, self._norm(_parts(core))) for key, label, group, core in table if shared[core] == 1 and not group]
        self._holding: dict[str, list[tuple[int, int]]] = {}
        for n, known in enumerate(self._known):
            for part, times in _parts(known.core).items():
                self._holding.setdefault(part, []).append((n, times))

    def _weigh(self, part: str) -> float:
        return self._weight.get(part, self._rare)

    def _norm(self, parts: Mapping[str, int]) -> float:
        return math.sqrt(sum((times * self._weigh(part)) ** 2 for part, times in parts.items()))

    @lru_cache(maxsize=2048)  # noqa: B019 -- there are as many of these as tables of labels
    def nearest(self, core: str) -> Mapping[str, Near]:
        """For each key that shares anything with it the label that is most like this one. A label of two things (名称及型号) is like none of one thing."""
        parts = _parts(core)
        shared = [0.0] * len(self._known)
        for part, times in parts.items():
            for n, theirs in self._holding.get(part, ()):
                shared[n] += times * theirs * self._weigh(part) ** 2
        norm = self._norm(parts)
        of_two = bool(_OF_TWO.search(core))
        out: dict[str, Near] = {}
        for both, known in zip(shared, self._known, strict=True):
            score = both / (norm * known.norm) if both else 0.0
            if score > (out[known.key].score if known.key in out else 0.0) and bool(_OF_TWO.search(known.core)) == of_two:
                out[known.key] = Near(score, known)
        return out

    def is_heading(self, text: str) -> bool:
        """Whether a text is so like a label that it is the heading of the next column, and no value."""
        return max((near.score for near in self.nearest(label_core(text)).values()), default=0.0) >= HEADING


_made = lru_cache(maxsize=32)(Likeness)


def likeness_of(wanted: Wanted) -> Likeness:
    """A table of labels ready for others to be compared with it; worked out once a table."""
    return _made(tuple(wanted.table))


def likely(on: Labelled, likeness: Likeness, missing: Collection[str]) -> Iterator[Site]:
    """Sites on a page of unknown labels that are like one of the missing keys' labels and like no other key's."""
    for site in _unknown(on):
        near = likeness.nearest(site.core)
        best = max(near, key=lambda key: near[key].score, default="")
        if best not in missing or near[best].score < LIKE or is_another(site.core, near[best].known.core):
            continue
        others = (found.score * (1.0 if key in missing or key == "_" else FOUND) for key, found in near.items() if key != best)
        if max(others, default=0.0) <= APART * near[best].score:
            known = near[best].known
            yield replace(site, field=best, wanted=known.label, core=known.core, score=GUESSED * near[best].score)


def _unknown(on: Labelled) -> Iterator[Site]:
    """What stands on a page as labels do and is none that is known: a cell's text, what is before a line's colon."""
    for block in on.sheet.blocks:
        if not block.piece or on.is_label(block):
            continue
        if block.cell is not None and _is_short(whole := label_core(block.piece.text)) and not any(id(span.line) in on.taken for span in block.piece.spans):
            yield _site(whole, block.piece, NOTHING, block, bool(COLON.search(block.piece.text[-1:])), True)
            continue
        for line in block.piece.lines():
            if id(line.spans[0].line) in on.taken:
                continue
            folded = line.folded
            colon = COLON.search(folded)
            if colon and _is_short(core := label_core(folded[: colon.start()])):
                rest = line.between(colon.end(), len(folded)).stripped() if colon.end() < len(folded) else NOTHING
                yield _site(core, line.between(0, colon.end()), rest, block, True, not rest and (block.cell is None or len(block.piece.spans) == 1))


def _site(core: str, label: Piece, rest: Piece, block: Block, colon: bool, alone: bool) -> Site:
    return Site("", "", core, "", label, rest, colon, unit_in(label.text), 0.0, block, alone)


def _is_short(core: str) -> bool:
    return 2 <= len(core) <= _LONGEST and len(HAS_CJK.findall(core)) >= 2 and not any(c.isdigit() for c in core)
