"""Rows below column headings, ruled or only aligned.

In:    pages, the ways in which papers head the columns.
Out:   a `Table`; an empty one where none is found.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from extractors.layout.blocks import Block, sheet
from extractors.layout.lines import goes_on, in_rows, same_row
from extractors.layout.pieces import Piece, Span, fold, piece_of
from extractors.layout.wording import Labels, alike, either, label_core, looks_labelled, parsed_label, unit_in
from models.geometry import Box
from models.page import Line, Page

_TOTAL = re.compile(r"^\S{0,8}(?:合计|总计|共计)|^(?:小计|总价|合价|总金额|总额|合同(?:总[价额金]|金额|价款))")


@dataclass(frozen=True, eq=False)
class TableRow:
    """A row by heading. total: it sums up the others (合计, 总计). text: all of its text, wherever it stands."""

    cells: dict[str, Piece]
    total: bool = False
    text: str = ""
    page: int = 0


@dataclass(frozen=True, eq=False)
class Table:
    """Rows below column headings. heads: each heading as printed; units: 万元 … named in a heading or above the table."""

    heads: dict[str, Piece] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    every: tuple[TableRow, ...] = ()

    @property
    def rows(self) -> list[dict[str, Piece]]:
        """The rows that hold something and aren't totals."""
        return [row.cells for row in self.every if not row.total]

    @property
    def totals(self) -> list[dict[str, Piece]]:
        return [row.cells for row in self.every if row.total]


def table_rows(pages: Sequence[Page], headings: Labels, least: int = 2) -> Table:
    """The rows of the first table whose headings fit best, ruled or only aligned; on following pages its rows go on.

    headings: for each key the ways in which papers head that column. least: how many headings must be found to take it for the table.
    Returns an empty `Table` where none is found. A key whose cell is empty in a row is absent from that row.
    """
    best: Table | None = None
    known = _Headings(headings)
    for index, page in enumerate(pages):
        for table in (*_ruled_tables(page, index, known, least), *_aligned_tables(page, index, known, least)):
            if best is None or (len(table.heads), len(table.every) > 0) > (len(best.heads), len(best.every) > 0):
                best = table
            elif best.every and index > best.every[-1].page and set(table.heads) == set(best.heads):
                best = replace(best, every=best.every + table.every)
    return best or Table()


class _Headings:
    """A table's headings, by their lengths: of all others a text can't be a misreading."""

    def __init__(self, headings: Labels) -> None:
        self._told: dict[str, tuple[str, float]] = {}
        self._by_length: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for name, some in headings.items():
            for label in some:
                core = parsed_label(label)[1]
                for length in range(len(core) - 1, len(core) + 2):
                    self._by_length[length].append((name, core))

    def of(self, text: str) -> tuple[str, float]:
        """The heading that a text is, and how surely, 0 to 1; ("", 0) where it is none."""
        if text not in self._told:
            self._told[text] = self._best(label_core(text))
        return self._told[text]

    def _best(self, core: str) -> tuple[str, float]:
        best, score = "", 0.0
        for spelled in (core, *either(core)):
            for name, heading in self._by_length.get(len(spelled), ()):
                likeness = alike(spelled, heading)
                if likeness > score:
                    best, score = name, likeness
        return best, score


def _whole_cells(cells: Mapping[str, Piece]) -> dict[str, Piece]:
    """A row's cells, each line with what a border that isn't one cut off before it: characters at their usual distance that no other cell of the row has."""
    held = {id(s.line) for piece in cells.values() for s in piece.spans}
    out: dict[str, Piece] = {}
    for name, piece in cells.items():
        spans: list[Span] = []
        for span in piece.spans:
            before = next((v for v in span.page.lines if abs(v.box.x1 - span.line.box.x0) < 0.003 and id(v) not in held and goes_on(v, span.line)), None) if span.start == 0 else None
            spans += [Span(span.page, before, 0, len(before.text)), span] if before is not None else [span]
        out[name] = Piece(tuple(spans), piece.via)
    return out


def _ruled_tables(page: Page, index: int, headings: _Headings, least: int) -> Iterator[Table]:
    every = sheet(page).ruled
    for number in sorted({b.cell.table for b in every if b.cell}):
        own = [b for b in every if b.cell and b.cell.table == number]
        tops: dict[int, list[Block]] = {}
        for b in own:
            tops.setdefault(b.cell.row if b.cell else 0, []).append(b)
        best: dict[str, Block] = {}
        for cells in tops.values():
            found: dict[str, Block] = {}
            for b in sorted(cells, key=lambda v: v.box.x0):
                name, score = headings.of(b.text) if b.piece else ("", 0.0)
                if score > 0 and name not in found:
                    found[name] = b
            if len(found) > len(best):
                best = found
        if len(best) < least:
            continue
        top, bottom = min(b.box.y0 for b in best.values()), max(b.box.y1 for b in best.values())
        for b in own:  # 报酬（元） over 单价 and 酬金, beside headings as high as both
            name, score = headings.of(b.text) if b.piece and b.box.y0 >= top - 0.006 and b.box.y1 <= bottom + 0.006 else ("", 0.0)
            if score > 0 and name not in best:
                best[name] = b
        units = {name: unit for name, b in best.items() if (unit := unit_in(b.text))}
        below = [b for b in own if b.box.y0 >= bottom - 0.006]
        if any(b.box.y0 < bottom + 0.006 and headings.of(b.text)[1] > 0 for b in below if b.piece):
            continue  # labels beside values, in several rows: a form
        rows: list[TableRow] = []
        grouped: list[list[Block]] = []
        for b in sorted(below, key=lambda v: (round(v.box.y0, 3), v.box.x0)):
            if grouped and abs(grouped[-1][0].box.y0 - b.box.y0) < 0.006:
                grouped[-1].append(b)
            else:
                grouped.append([b])
        for cells in grouped:
            made = _ruled_row(cells, best, index)
            if made is None:
                break
            rows += made
        yield Table({name: b.piece for name, b in best.items()}, units, tuple(rows))


_TRANSLATION = re.compile(r"[A-Za-z][A-Za-z.'&/() ]*")
_TRANSLATED = 3  # columns of which a line is a heading's translation, where it is one of all


def _without_translations(cells: Mapping[str, Piece]) -> dict[str, Piece]:
    """A row's cells without the line of Latin words on top of each, the headings once more, that stands below them with no rule between."""
    tops = {name: lines[0] for name, piece in cells.items() if len(lines := piece.lines()) > 1 and _TRANSLATION.fullmatch(lines[0].text.strip())}
    if len(tops) < _TRANSLATED or len(tops) < len(cells) - 1:
        return dict(cells)
    return {name: Piece(tuple(s for s in piece.spans if name not in tops or s.line not in [t.line for t in tops[name].spans]), piece.via) for name, piece in cells.items()}


def _ruled_row(cells: Sequence[Block], heads: Mapping[str, Block], index: int) -> list[TableRow] | None:
    """One ruled row, or the several that stand in it unruled; None where the table's columns have ended."""
    text = "".join(fold(b.text)[0] for b in cells)
    by_name: dict[str, Piece] = {}
    for name, head in heads.items():
        over = [b for b in cells if min(b.box.x1, head.box.x1) - max(b.box.x0, head.box.x0) > 0.5 * min(b.box.width, head.box.width)]
        if len(over) == 1 and over[0].piece:
            by_name[name] = over[0].piece
    by_name = _without_translations(_parted(by_name, heads))
    total = bool(_TOTAL.match(text))
    wide = max((b.box.width for b in cells), default=0.0)
    if len(cells) <= 2 and len(heads) > 2 and not total and wide > 0.5 * sum(h.box.width for h in heads.values()):
        return None
    by_name = {k: v for k, v in by_name.items() if sum(v is o for o in by_name.values()) == 1 or not total}
    if not text:
        return []
    counts = sorted((len(v.spans) for k, v in by_name.items()), reverse=True)
    if not total and len(counts) >= 2 and counts[1] >= 2:
        split = _split_row(by_name, index)
        if split:
            return split
    return [TableRow(_whole_cells(by_name), total, text, index)] if by_name or total else []


def _parted(cells: Mapping[str, Piece], heads: Mapping[str, Block]) -> dict[str, Piece]:
    """A row's cells, one that has lost the rule between two columns parted where each of its lines stands below one heading."""
    out = dict(cells)
    for piece in {id(p): p for p in cells.values()}.values():
        names = [name for name, p in cells.items() if p is piece]
        below = {name: tuple(s for s in piece.spans if heads[name].box.x0 - 0.005 < s.line.box.x0 and s.line.box.x1 < heads[name].box.x1 + 0.005) for name in names}
        if len(names) < 2 or sum(map(len, below.values())) != len(piece.spans) or sum(map(bool, below.values())) < 2:
            continue
        for name in names:
            if below[name]:
                out[name] = Piece(below[name], piece.via)
            else:
                del out[name]
    return out


_NUMERIC = re.compile(r"^(?:CNY|RMB|USD|EUR|US\$|人民币)?[¥￥]?-?[\d,，.]+(?:[%‰]|[\u4e00-\u9fff]{0,3})?$")


def _split_row(cells: Mapping[str, Piece], index: int) -> list[TableRow]:
    """The rows inside one ruled row whose columns hold one item a line (as invoices print them); [] where it is one item with wrapped text."""
    numeric = [v for v in cells.values() if len(v.spans) >= 2 and all(_NUMERIC.match(fold(s.text)[0]) for s in v.spans)]
    if not numeric:
        return []
    anchors = sorted({s.line.box.cy for s in max(numeric, key=lambda v: len(v.spans)).spans})
    if len(anchors) < 2:
        return []
    rows: list[dict[str, list[Span]]] = [{} for _ in anchors]
    for name, piece in cells.items():
        for span in piece.spans:
            n = _row_of(span.line.box, anchors)
            rows[n].setdefault(name, []).append(span)
    return [_made_row(row, index) for row in rows if row]


def _row_of(box: Box, anchors: Sequence[float]) -> int:
    """The row to which a line belongs: wrapped text follows the line that carries the row's figures."""
    above = [n for n, y in enumerate(anchors) if y <= box.cy + 0.45 * box.height]
    return above[-1] if above else 0


def _made_row(row: Mapping[str, Sequence[Span]], index: int) -> TableRow:
    cells = _whole_cells({name: Piece(tuple(spans)) for name, spans in row.items()})
    text = "".join(p.folded for p in cells.values())
    return TableRow(cells, bool(_TOTAL.match(text)), text, index)


def _aligned_tables(page: Page, index: int, headings: _Headings, least: int) -> Iterator[Table]:
    """Tables without rules: headings on one baseline, values beneath them by place."""
    lines = list(page.lines)
    found = [(line, *headings.of(line.text)) for line in lines]
    heads = [(line, name) for line, name, score in found if score > 0]
    used: set[int] = set()
    for line, _ in heads:
        if id(line) in used:
            continue
        row: dict[str, Line] = {}
        for other, name in heads:
            if abs(other.box.cy - line.box.cy) < 0.9 * max(line.box.height, other.box.height) and name not in row:
                row[name] = other
        if len(row) < least:
            continue
        used |= {id(v) for v in row.values()}
        yield from _below_heads(page, index, row)


def _below_heads(page: Page, index: int, heads: Mapping[str, Line]) -> Iterator[Table]:
    bottom = max(v.box.y1 for v in heads.values())
    height = sorted(v.box.height for v in heads.values())[len(heads) // 2]
    order = sorted(heads.items(), key=lambda v: v[1].box.cx)
    below = [v for v in in_rows(page.lines) if v.box.cy > bottom - 0.2 * height]
    taken: list[tuple[str, Line]] = []
    last = bottom
    ended = False
    translated = _translations(below, bottom, height)
    for line in below:
        if any(line is v for v in translated):
            last = max(last, line.box.y1)
            continue
        if taken and _SECTION.match(fold(line.text)[0]) and not any(v is not line and same_row(v.box, line.box) for v in below):
            break
        if ended or line.box.y0 - last > 3.5 * height:
            break
        if looks_labelled(line.text) and len(taken) > 1:
            ended = True
            continue
        across = sum(min(line.box.x1, h.box.x1) > max(line.box.x0, h.box.x0) for h in heads.values())
        if across > 2 and taken and not _TOTAL.match(fold(line.text)[0]):  # running text: the table is over
            break
        name = _column_of(line.box, order)
        if name:
            taken.append((name, line))
        last = max(last, line.box.y1)
    units = {name: unit for name, line in heads.items() if (unit := unit_in(line.text))}
    printed = {name: piece_of(page, line) for name, line in heads.items()}
    anchors: list[float] = []
    for _, line in taken:
        folded = fold(line.text)[0]
        if (_NUMERIC.match(folded) or _TOTAL.match(folded)) and not (anchors and line.box.cy - anchors[-1] < 0.6 * height):
            anchors.append(line.box.cy)
    if not anchors:
        return
    rows: list[dict[str, list[Span]]] = [{} for _ in anchors]
    for name in heads:
        for stack in _stacks([line for n, line in taken if n == name]):
            for line, n in _rows_of_stack(stack, anchors, height):
                rows[n].setdefault(name, []).append(Span(page, line, 0, len(line.text)))
    yield Table(printed, units, tuple(_made_row(row, index) for row in rows if row))


_SECTION = re.compile(r"^(?:第[一二三四五六七八九十]{1,3}[条章节]|[一二三四五六七八九十]{1,3}、)")  # a heading by itself in its row: what stood above it is over


def _translations(below: Sequence[Line], bottom: float, height: float) -> list[Line]:
    """The row of Latin words right below the headings, which says them once more."""
    near = [v for v in below if v.box.cy < bottom + 1.5 * height]
    row = [v for v in near if same_row(v.box, near[0].box)]
    return row if len(row) >= _TRANSLATED and all(_TRANSLATION.fullmatch(v.text.strip()) for v in row) else []


def _stacks(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines of one column in groups that stand close upon each other and begin or centre alike: the lines of one wrapped cell, mostly."""
    out: list[list[Line]] = []
    for line in lines:
        last = out[-1][-1] if out else None
        if last is not None and not _TOTAL.match(fold(line.text)[0]) and line.box.y0 - last.box.y1 < 0.8 * min(last.box.height, line.box.height) and (
            abs(line.box.x0 - last.box.x0) < 0.02 or abs(line.box.cx - last.box.cx) < 0.02 or same_row(line.box, last.box)
        ):
            out[-1].append(line)
        else:
            out.append([line])
    return out


def _rows_of_stack(stack: Sequence[Line], anchors: Sequence[float], height: float) -> Iterator[tuple[Line, int]]:
    """Each line of a stack with the row it belongs to: that whose figures stand beside the stack; where several do, line by line."""
    top, bottom = stack[0].box.y0, max(v.box.y1 for v in stack)
    beside = [n for n, y in enumerate(anchors) if top - 0.3 * height <= y <= bottom + 0.3 * height]
    for line in stack:
        n = beside[0] if len(beside) == 1 else _row_of(line.box, anchors)
        if len(beside) == 1 or line.box.cy - anchors[n] < 2.8 * height:
            yield line, n


def _column_of(box: Box, order: Sequence[tuple[str, Line]]) -> str:
    """The heading under which a line stands: that which it overlaps most, else the nearest."""
    overlaps = [(min(box.x1, h.box.x1) - max(box.x0, h.box.x0), name) for name, h in order]
    best, name = max(overlaps)
    if best > 0:
        return name
    return name if -best < 0.06 else ""
