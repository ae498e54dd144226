"""Which heading governs a label: 投保人 before or over 名称.

In:    a page's blocks, what headings are called.
Out:   how surely a label stands under the heading it was asked for with.
"""

from __future__ import annotations

from collections.abc import Sequence

from extractors.layout.blocks import Block, Sheet
from extractors.layout.sites import Site
from extractors.layout.wording import label_core


class Groups:
    """Headings and cells of a page that stand over others (投保人 over 名称), and which labels each of them governs. names: what they may be called, the longest first."""

    def __init__(self, sheet: Sheet, names: Sequence[str]) -> None:
        self._places: list[tuple[str, Block]] = []
        for block in sheet.blocks if names else ():
            for piece in [block.piece] if block.cell else block.piece.lines():
                core = label_core(piece.text)
                if 0 < len(core) <= 14:
                    name = next((g for g in names if core == g or (g in core and len(core) <= len(g) + 4)), "")
                    if name:
                        self._places.append((name, block if block.cell else Block(piece.page, piece.box, piece)))

    def governs(self, site: Site) -> float:
        """1 where the site's group governs it, 0 where another does or none is found."""
        if not site.group:
            return 1.0
        box = site.box
        over_column = next((name for name, b in self._places if b.cell and site.block.cell and site.alone and b is not site.block and abs(b.box.y1 - box.y0) < 0.01
                            and b.box.x0 < box.x0 + 0.01 and box.x1 < b.box.x1 + 0.01 and b.box.width > 1.2 * box.width), "")
        if over_column:  # 保险期间 over the columns 起 and 止
            return float(over_column == site.group)
        beside = [(name, b) for name, b in self._places if b.box.x1 <= box.x0 + 0.01 and b.box.y0 - 0.004 <= box.cy <= b.box.y1 + 0.004 and b is not site.block]
        if beside:
            name, _ = max(beside, key=lambda g: g[1].box.x1)
            return float(name == site.group)
        above = [(name, b) for name, b in self._places if b.box.cy < box.cy - 0.5 * b.box.height or (b.box.cy <= box.cy and b.box.x1 <= box.x0)]
        over = [g for g in above if min(g[1].box.x1, box.x1 + 0.25) > max(g[1].box.x0, box.x0 - 0.1)]
        if over or above:
            name, _ = max(over or above, key=lambda g: (round(g[1].box.y1, 3), g[1].box.x0))
            return 0.95 if name == site.group else 0.0
        return 0.0
