"""A contract as its readers see it: running text, what the language pipeline found in it, and its table of goods.

In:    its pages in reading order.
Out:   `Contract`; `most_said`, which of several readings of one value in it to believe.
Elsewhere: how text runs on over lines and pages, and what is found in it (extractors/language).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from extractors.confidence import confirmed, contradicted
from extractors.language import Entity, RunningText
from extractors.layout import Block, Piece, Table, blocks, table_rows
from extractors.papers.sales_contract.words import known_roles, vocabulary
from models.field import Field
from models.page import Line, Page
from models.text import compact


@dataclass(frozen=True, eq=False)
class Contract:
    """A contract as running text, with what the language pipeline found in it."""

    pages: tuple[Page, ...]
    running: RunningText
    found: tuple[Entity, ...] = field(default=())

    @property
    def text(self) -> str:
        return self.running.text

    def of(self, *kinds: str) -> list[Entity]:
        return [e for e in self.found if e.kind in kinds]

    @cached_property
    def table(self) -> Table:
        return _table(self)

    @cached_property
    def two_prices(self) -> bool:
        """Whether headings set net and gross prices apart over columns of one name: 不含税 | 含税 over 单价 | 金额 | 单价 | 金额."""
        heads = [(page.number, line.box.cy, bool(found[1])) for page in self.pages for line in page.lines if (found := _TAX_HEAD.match(compact(line.text)))]
        return any(net and not other and a == b and abs(y - z) < 0.02 for a, y, net in heads for b, z, other in heads)

    def within(self, start: int, end: int, *kinds: str) -> list[Entity]:
        return [e for e in self.found if start <= e.start < end and (not kinds or e.kind in kinds)]

    def piece(self, start: int, end: int) -> Piece:
        return self.running.piece(start, end)


_FILLED_IN = re.compile(r"(?<=.)【(?P<v>[^【】]{1,40})】")  # 部署【1套】; at a line's beginning they frame a label, around a role they name a party


def without_brackets(page: Page) -> Page:
    """The page without the heavy brackets that mark what was filled into a printed contract."""
    def bare(line: Line) -> Line:
        gone = {i for m in _FILLED_IN.finditer(line.text) if compact(m["v"]) not in known_roles() for i in (m.start(), m.end() - 1)}
        return line.keeping([i for i in range(len(line.text)) if i not in gone]) if gone else line

    return page.model_copy(update={"lines": tuple(map(bare, page.lines))}) if any("【" in line.text for line in page.lines) else page


_TAX_HEAD = re.compile(r"^(?:(不含税|未税|除税|税前)|含税|税后|价税)(?:价|价格|部分)?(?:[（(][^）)]{0,8}[)）])?$")


def most_said(readings: Sequence[Field], why: str) -> Field | None:
    """Of several readings of one value the most frequent, then the surest; confirmed where two agree, doubtful where they don't."""
    if not readings:
        return None
    count = Counter(f.text for f in readings)
    best = max(readings, key=lambda f: (count[f.text], f.confidence))
    best = best.over((f, f"{len(readings)}处中仅{count[f.text]}处如此") for f in readings if f.text != best.text)
    if count[best.text] > 1:
        return confirmed(best, f"{why}{count[best.text]}处一致")
    if len(count) > 1:
        return contradicted(best, f"{why}各处不一致", 0.75)
    return best


def _table(contract: Contract) -> Table:
    """The table of goods. To the headings of the list come the page's own that look like one."""
    headings = {name: list(some) for name, some in vocabulary()["items"].items()}
    known = {compact(v) for some in headings.values() for v in some}
    for page in contract.pages:
        for text in {compact(x.text) for x in page.lines} | {b.piece.folded for b in blocks(page) if b.cell}:
            if 2 <= len(text) <= 14 and text not in known and not re.search(r"[:：。，,;；\d]", text):
                name = next((n for n, p in vocabulary()["item_patterns"].items() if re.search(p, text)), "")
                if name:
                    headings[name].append(text)
    return table_rows(contract.pages, headings, least=3)


def level(a: Block, b: Block) -> bool:
    return min(a.box.y1, b.box.y1) - max(a.box.y0, b.box.y0) > 0.5 * min(a.box.height, b.box.height)
