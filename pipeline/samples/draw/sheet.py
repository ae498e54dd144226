"""Blank paper and a pen: text with Chinese line breaking, ruled tables with merged cells, tick boxes, places for seals.

In:    positions and sizes in points (1/72 inch), from the top left; text.
Out:   pages of one PyMuPDF document (`Book`), and `Paper`: its pages, what truth says of its fields, where seals stand.
The CJK face is MuPDF's own unless a pen names another; weight, Latin face, spacing and size vary, which is what a reader has to bear.
Elsewhere: what a paper says (pipeline/samples/draw/*.py), how it is scanned (pipeline/samples/scan.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any, Literal

import pymupdf

from pipeline.samples.draw.faces import font

Colour = tuple[float, float, float]
Align = Literal["left", "center", "right"]
BLACK: Colour = (0.08, 0.08, 0.08)
BLUE: Colour = (0.12, 0.2, 0.5)
RED: Colour = (0.8, 0.1, 0.1)
GREY: Colour = (0.45, 0.45, 0.45)
BROWN: Colour = (0.62, 0.36, 0.15)
GREEN: Colour = (0.1, 0.42, 0.25)
A4 = (595.0, 842.0)
_NO_START = "，。；：、）》】”’？！%％,.;:)]}"
_BOLD_WIDTH = 0.035
_BOXES = "□☑■"  # drawn, not written: the face's own box is a dot


@cache
def _advance(name: str, character: str) -> float:
    if character in _BOXES:
        return 1.0
    return float(font(name).glyph_advance(ord(character)))


@dataclass(frozen=True)
class Pen:
    """How text is written. cjk: the face of Chinese, latin: of ASCII characters; spacing: extra points between characters; stretch: how wide characters are."""

    size: float = 10.5
    colour: Colour = BLACK
    bold: bool = False
    latin: str = "cjk"
    spacing: float = 0.0
    cjk: str = "cjk"
    stretch: float = 1.0

    def face_of(self, character: str) -> str:
        if not character.isascii():
            return self.cjk
        return "helv" if self.bold and self.latin == "cjk" else self.latin

    def width(self, text: str) -> float:
        """Points that a line takes."""
        return sum(_advance(self.face_of(c), c) for c in text) * self.size * self.stretch + self.spacing * max(0, len(text) - 1)

    def but(self, **changes: Any) -> Pen:
        return Pen(**{**self.__dict__, **changes})


def wrap(text: str, width: float, pen: Pen, first: float = 0.0) -> list[str]:
    """Lines no wider than `width` points; words and numbers stay whole where they can, closing marks never begin a line.

    first: indent of the first line in points.
    """
    lines: list[str] = []
    for part in text.split("\n"):
        current, room = "", width - first
        for token in _tokens(part):
            while token:
                if pen.width(current + token) <= room or (not current and len(token) == 1):
                    current, token = current + token, ""
                elif current and token[0] in _NO_START and pen.width(current + token[0]) <= room + pen.size * 1.1:
                    current, token = current + token[0], token[1:]
                    lines.append(current)
                    current, room = "", width
                elif current and (pen.width(token) <= width or not token.isascii()):
                    lines.append(current)
                    current, room = "", width
                else:
                    fitting = next(n for n in range(len(token), -1, -1) if pen.width(current + token[:n]) <= room or n == 0)
                    fitting = max(fitting, 0 if current else 1)
                    lines.append(current + token[:fitting])
                    current, token, room = "", token[fitting:], width
        if current or not part:
            lines.append(current)
        first = 0.0
    return lines


def _tokens(text: str) -> Iterable[str]:
    """Single Chinese characters, and runs of ASCII that hold together."""
    run = ""
    for c in text:
        if c.isascii() and c != " ":
            run += c
            continue
        if run:
            yield run
            run = ""
        yield c
    if run:
        yield run


@dataclass
class Cell:
    """A ruled cell: text (line breaks as "\\n"), how many columns and rows it spans, its key for finding its box again.

    spread: a label's characters stand as far apart as the cell is wide; fill: the cell's ground.
    """

    text: str = ""
    span: int = 1
    rows: int = 1
    align: Align = "center"
    key: str = ""
    pen: Pen | None = None
    valign: Literal["middle", "top", "bottom"] = "middle"
    spread: bool = False
    fill: Colour | None = None


Row = tuple[float, Sequence["Cell | str"]]
Rect = tuple[float, float, float, float]


@dataclass
class Book:
    """One PyMuPDF document that a submission's papers are drawn in."""

    doc: pymupdf.Document = field(default_factory=pymupdf.open)

    def sheet(self, size: tuple[float, float] = A4) -> Sheet:
        number = len(self.doc)
        self.doc.new_page(width=size[0], height=size[1])
        return Sheet(self.doc, number, size[0], size[1])


class Sheet:
    """One page being drawn. Ink is gathered and put on the page by `finish`: adding a page makes PyMuPDF forget those it handed out."""

    def __init__(self, doc: pymupdf.Document, number: int, width: float, height: float) -> None:
        self.doc, self.number, self.width, self.height = doc, number, width, height
        self._writers: dict[tuple[Colour, bool, float], pymupdf.TextWriter] = {}
        self._bold: list[tuple[float, float, str, Pen]] = []
        self._strokes: list[Callable[[Any], None]] = []
        self._pictures: list[tuple[Rect, bytes]] = []
        self.tick_boxes: list[Rect] = []  # drawn, so the page's own text lacks them

    def text(self, x: float, y: float, text: str, pen: Pen = Pen(), align: Align = "left", width: float = 0.0) -> float:
        """Write one line, its baseline at y. Returns where it ends (x)."""
        if not text:
            return x
        long = pen.width(text)
        if align != "left":
            x += (width - long) / (2 if align == "center" else 1)
        end = x + long
        if pen.bold and pen.cjk == "cjk" and pen.stretch == 1.0:
            self._bold.append((x, y, text, pen))
            return end
        ink = (pen.colour, pen.bold, pen.stretch)
        writer = self._writers.get(ink)
        if writer is None:
            writer = self._writers[ink] = pymupdf.TextWriter(pymupdf.Rect(0, 0, self.width, self.height))
        for run, at in self._runs(text, x, pen):
            if run in _BOXES:
                self._box(at, y, pen, run)
            else:
                writer.append((at / pen.stretch, y), run, font(pen.face_of(run[0])), pen.size)
        return end

    @staticmethod
    def _runs(text: str, x: float, pen: Pen) -> Iterable[tuple[str, float]]:
        """Pieces in one face, with their start; single characters where letters are spaced out."""
        run = ""
        for c in text:
            if run and (pen.spacing or pen.face_of(c) != pen.face_of(run[0]) or c in _BOXES or run in _BOXES):
                yield run, x
                x += pen.width(run) + pen.spacing
                run = ""
            run += c
        if run:
            yield run, x

    def _box(self, x: float, y: float, pen: Pen, kind: str) -> None:
        s = pen.size
        self.tick_boxes.append((x, y - s * 0.85, x + s, y + s * 0.12))
        self.rect((x + s * 0.1, y - s * 0.76, x + s * 0.9, y + s * 0.04), pen.colour, s * 0.06, pen.colour if kind == "■" else None)
        if kind == "☑":
            self.polyline([(x + s * 0.22, y - s * 0.4), (x + s * 0.45, y - s * 0.1), (x + s * 0.95, y - s * 0.9)], pen.colour, s * 0.1)

    def para(self, x: float, y: float, width: float, text: str, pen: Pen = Pen(), leading: float = 1.6, indent: float = 0.0, align: Align = "left") -> float:
        """Write wrapped lines from the baseline y on. indent: of the first line, in characters. Returns the next baseline."""
        for n, line in enumerate(wrap(text, width, pen, indent * pen.size)):
            self.text(x + (indent * pen.size if n == 0 else 0), y, line, pen, align, width)
            y += pen.size * leading
        return y

    def polyline(self, points: Sequence[tuple[float, float]], colour: Colour = BLACK, width: float = 0.7) -> None:
        def stroke(shape: Any) -> None:
            shape.draw_polyline(list(points))
            shape.finish(color=colour, width=width, closePath=False)

        self._strokes.append(stroke)

    def line(self, x0: float, y0: float, x1: float, y1: float, colour: Colour = BLACK, width: float = 0.7) -> None:
        self.polyline([(x0, y0), (x1, y1)], colour, width)

    def rect(self, box: Rect, colour: Colour | None = BLACK, width: float = 0.7, fill: Colour | None = None) -> None:
        def stroke(shape: Any) -> None:
            shape.draw_rect(pymupdf.Rect(box))
            shape.finish(color=colour, width=width, fill=fill)

        self._strokes.append(stroke)

    def oval(self, box: Rect, colour: Colour, width: float = 1.0) -> None:
        def stroke(shape: Any) -> None:
            shape.draw_oval(pymupdf.Rect(box))
            shape.finish(color=colour, width=width)

        self._strokes.append(stroke)

    def grid(
        self,
        x: float,
        y: float,
        widths: Sequence[float],
        rows: Sequence[Row],
        pen: Pen = Pen(),
        colour: Colour = BLACK,
        line: float = 0.7,
        pad: float = 3.0,
        ruled: bool = True,
    ) -> tuple[float, dict[str, Rect]]:
        """Draw a ruled table. rows: least height and cells, as in HTML (cells covered from above are left out).

        Returns the table's lower edge and the boxes of cells that have a key. Rows grow with their text.
        """
        placed, heights = _place(widths, rows, pen, pad)
        tops = [y]
        for height in heights:
            tops.append(tops[-1] + height)
        lefts = [x]
        for w in widths:
            lefts.append(lefts[-1] + w)
        boxes: dict[str, Rect] = {}
        for r, c, cell in placed:
            box = (lefts[c], tops[r], lefts[min(len(widths), c + cell.span)], tops[min(len(rows), r + cell.rows)])
            if ruled or cell.fill:
                self.rect(box, colour if ruled else None, line if ruled else 0, cell.fill)
            if cell.key:
                boxes[cell.key] = box
            self.cell_text(box, cell, cell.pen or pen, pad)
        return tops[-1], boxes

    def cell_text(self, box: Rect, cell: Cell, pen: Pen, pad: float = 3.0) -> None:
        """Write a cell's wrapped text into its box."""
        if not cell.text:
            return
        width = box[2] - box[0] - 2 * pad
        lines = wrap(cell.text, width, pen)
        if cell.spread and len(lines) == 1 and len(cell.text) > 1:
            pen = pen.but(spacing=min(pen.size * 1.6, (width - pen.width(cell.text)) / (len(cell.text) - 1) * 0.86))
        leading = pen.size * 1.28
        free = box[3] - box[1] - len(lines) * leading
        top = box[1] + (free / 2 if cell.valign == "middle" else pad if cell.valign == "top" else free - pad)
        for n, text in enumerate(lines):
            self.text(box[0] + pad, top + n * leading + pen.size * 1.02, text, pen, cell.align, width)

    def picture(self, box: Rect, data: bytes) -> None:
        self._pictures.append((box, data))

    def finish(self) -> None:
        """Put the gathered ink on the page."""
        page = self.doc[self.number]
        shape = page.new_shape()
        for stroke in self._strokes:
            stroke(shape)
        shape.commit()
        for (colour, bold, stretch), writer in self._writers.items():
            wide = {} if stretch == 1.0 else {"morph": (pymupdf.Point(0, 0), pymupdf.Matrix(stretch, 1))}
            writer.write_text(page, color=colour, **({"render_mode": 2} if bold else {}), **wide)
        for x, y, text, pen in self._bold:
            for run, at in self._runs(text, x, pen):
                name = pen.face_of(run[0])  # finer than the writer's own bold; MuPDF's own faces need no embedding here
                page.insert_text(
                    (at, y),
                    run,
                    fontname="china-s" if name == "cjk" else name,
                    fontsize=pen.size,
                    color=pen.colour,
                    fill=pen.colour,
                    render_mode=2,
                    border_width=_BOLD_WIDTH,
                )
        for box, data in self._pictures:
            page.insert_image(pymupdf.Rect(box), stream=data, overlay=True)
        self._strokes, self._writers, self._bold, self._pictures = [], {}, [], []


def _place(widths: Sequence[float], rows: Sequence[Row], pen: Pen, pad: float) -> tuple[list[tuple[int, int, Cell]], list[float]]:
    """Cells with their row and column, and the rows' heights."""
    taken: set[tuple[int, int]] = set()
    placed: list[tuple[int, int, Cell]] = []
    heights = [height for height, _ in rows]
    for r, (_, cells) in enumerate(rows):
        c = 0
        for given in cells:
            cell = Cell(given) if isinstance(given, str) else given
            while (r, c) in taken:
                c += 1
            taken |= {(r + i, c + j) for i in range(cell.rows) for j in range(cell.span)}
            placed.append((r, c, cell))
            own = cell.pen or pen
            need = len(wrap(cell.text, sum(widths[c : c + cell.span]) - 2 * pad, own)) * own.size * 1.28 + 2 * pad if cell.text else 0.0
            if cell.rows == 1:
                heights[r] = max(heights[r], need)
            c += cell.span
    for r, c, cell in placed:
        if cell.rows > 1 and cell.text:
            own = cell.pen or pen
            short = len(wrap(cell.text, sum(widths[c : c + cell.span]) - 2 * pad, own)) * own.size * 1.28 + 2 * pad - sum(heights[r : r + cell.rows])
            if short > 0:
                heights[r + cell.rows - 1] += short
    return placed, heights


@dataclass
class SealPlace:
    """A seal on a page: whose, its second line, round or oval, its centre in points and its turn in degrees. size: width in points.

    printed: part of the form, not pressed on this paper; truth does not list it. star: in the middle of a round one; ink: blue, green, red of its own.
    """

    page: int
    name: str
    purpose: str
    x: float
    y: float
    shape: Literal["round", "oval"] = "round"
    size: float = 118.0
    number: str = ""
    printed: bool = False
    star: bool = True
    ink: tuple[int, int, int] | None = None


@dataclass
class Paper:
    """A drawn paper: type and pages, its fields as truth has them, its seals. can_be_digital: makes sense as a file that was never printed."""

    type: str
    sheets: list[Sheet] = field(default_factory=list)
    fields: dict[str, str | bool] = field(default_factory=dict)
    seals: list[SealPlace] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    can_be_digital: bool = False
    repeat_of: str = ""

    def put(self, name: str, value: str | bool) -> str:
        """Note what truth says of a field, beside drawing it; gives the text back."""
        self.fields[name] = value
        return value if isinstance(value, str) else ""

    def money(self, name: str, amount: Decimal, printed: str) -> str:
        """Note an amount in yuan and give back how it is printed."""
        self.fields[name] = format(amount.quantize(Decimal("0.01")), "f")
        return printed

    def seal(self, sheet: Sheet, name: str, purpose: str, x: float, y: float, **more: Any) -> None:
        """Leave a place for a seal, its centre at x, y."""
        self.seals.append(SealPlace(self.sheets.index(sheet), name, purpose, x, y, **more))
