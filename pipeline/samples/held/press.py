"""The press: a layout's blocks, one below the other, become pages.

In:    a layout (a table of layouts/*.toml, described in layouts/README.md), the paper's words.
Out:   the paper's pages, the places of its seals.
Fails: KeyError for a block, a colour or a value that there is not.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import cv2

from pipeline.samples.draw import ornaments
from pipeline.samples.draw.faces import is_collected
from pipeline.samples.draw.sheet import A4, BLACK, BLUE, BROWN, GREEN, GREY, RED, Align, Book, Cell, Colour, Paper, Pen, Row, Sheet, wrap
from pipeline.samples.held.words import Words

Block = Mapping[str, Any]
COLOURS: Mapping[str, Colour] = {
    "black": BLACK, "blue": BLUE, "brown": BROWN, "green": GREEN, "grey": GREY, "red": RED,
    "navy": (0.05, 0.12, 0.42), "teal": (0.0, 0.42, 0.44), "orange": (0.88, 0.4, 0.05), "gold": (0.7, 0.55, 0.2), "pale": (0.9, 0.93, 0.97),
    "purple": (0.42, 0.12, 0.5), "rose": (0.97, 0.9, 0.9), "straw": (0.98, 0.96, 0.86), "silver": (0.9, 0.9, 0.9), "mint": (0.88, 0.96, 0.92), "olive": (0.38, 0.42, 0.12), "crimson": (0.72, 0.05, 0.2),
    "cream": (1.0, 0.985, 0.94), "blush": (1.0, 0.955, 0.955), "ice": (0.94, 0.975, 1.0), "haze": (0.86, 0.93, 0.88), "sand": (0.93, 0.88, 0.76),
}  # fmt: skip
SIZES: Mapping[str, tuple[float, float]] = {"a4": A4, "wide": (A4[1], A4[0]), "slip": (684.0, 396.0), "half": (595.0, 421.0), "strip": (680.0, 340.0), "b5": (499.0, 709.0), "letter": (612.0, 792.0), "broad": (842.0, 420.0), "third": (595.0, 298.0), "roll": (215.0, 560.0), "long": (842.0, 380.0), "ticket": (641.0, 283.0), "b5wide": (709.0, 499.0), "legal": (612.0, 1008.0), "a5": (420.0, 595.0), "pay": (595.0, 264.0), "invoice": (609.0, 396.0), "a3": (1191.0, 842.0)}
_CELL = re.compile(r"^\[(\d*)(?:x(\d+|@\w+))?([lrtbfjs]*)\]")
_LEAST_SHRINK = 0.72  # how much smaller a line may get before it is wrapped
_LEADING = 1.5
_SIDES: tuple[Align, ...] = ("left", "center", "right")
_WAVES = 11.0  # points between the waves of a safety paper


@dataclass
class _Spot:
    """Where the next block goes: page, left edge and width in points, the next line's baseline if it is as large as the last one, `size`."""

    sheet: Sheet
    x: float
    width: float
    y: float
    size: float
    nested: bool = False


class Press:
    """One paper being printed."""

    def __init__(self, book: Book, paper: Paper, layout: Mapping[str, Any], texts: Mapping[str, Sequence[Any]], words: Words, rng: Random, *, sealed: bool) -> None:
        self.book, self.paper, self.layout, self.texts, self.words, self.rng, self.sealed = book, paper, layout, texts, words, rng, sealed
        self.size = SIZES[words.choose(layout.get("page", "a4"))]
        self.margin = rng.uniform(*layout.get("margin", (50.0, 66.0)))
        self.count = 0
        self.tone: Colour | None = None
        self.top, self.foot = layout.get("top", 66.0), layout.get("foot", 46.0)
        self.pen = Pen(layout.get("size", 10.0) * rng.uniform(0.97, 1.03), self._tint(layout.get("colour", "black")), cjk=self._face("faces", "cjk"), latin=self._latin())
        fill = layout.get("fill", {})
        face = words.choose(fill.get("face", self.pen.cjk))
        self.typed = self.pen.but(
            cjk=face, latin=words.choose(fill.get("latin", face if face in ("kai", "hand") else self.pen.latin)), size=fill.get("size", self.pen.size), colour=self._tint(fill.get("colour", layout.get("print", "black")))
        )  # fmt: skip
        if "stretch" in layout:
            self.pen = self.pen.but(stretch=rng.choice(layout["stretch"]))
            self.typed = self.typed.but(stretch=rng.choice(fill.get("stretch", layout["stretch"])))
        if any(map(is_collected, (self.pen.cjk, self.pen.latin, self.typed.cjk, self.typed.latin))):
            paper.can_be_digital = False
        self.blocks: Mapping[str, Callable[[_Spot, Block], None]] = {
            "t": self._line, "p": self._para, "kv": self._pairs, "grid": self._grid, "each": self._each, "pick": self._pick, "seal": self._seal, "rule": self._rule,
            "gap": self._gap, "to": self._to, "page": self._page, "frame": self._frame, "mark": self._mark, "qr": self._qr, "columns": self._columns, "band": self._band, "photo": self._photo,
            "digits": self._digits, "chop": self._chop, "picture": self._picture, "side": self._side, "bars": self._bars, "sign": self._sign, "tear": self._tear,
        }  # fmt: skip

    def _tint(self, template: str) -> Colour:
        """The colour of that name; "@" is the layout's `tone`, chosen once a paper."""
        if template == "@" and self.tone is None:
            self.tone = COLOURS[self.words.choose(self.layout["tone"])]
        return self.tone if template == "@" and self.tone is not None else COLOURS[self.words.choose(template)]

    def _face(self, name: str, usual: str) -> str:
        return str(self.rng.choice(self.layout.get(name, (usual, "song", "song", "hei"))))

    def _latin(self) -> str:
        return str(self.rng.choice(self.layout.get("latin", ("cjk", "tiro", "helv"))))

    def run(self) -> None:
        """Print all blocks, then what every page bears above and below them."""
        spot = _Spot(self._sheet(), self.margin, self.size[0] - 2 * self.margin, self.top, self.pen.size)
        self._print(spot, self.layout["blocks"])
        self._run_on()

    def _sheet(self) -> Sheet:
        sheet = self.book.sheet(self.size)
        self.paper.sheets.append(sheet)
        self._stock(sheet)
        return sheet

    def _stock(self, sheet: Sheet) -> None:
        """What the paper itself is like: `stock` its colour, `waves` a net of fine waves of that colour, `water` pale words slanting over it."""
        wide, high = self.size
        if "stock" in self.layout:
            sheet.rect((0, 0, wide, high), None, 0, self._tint(self.layout["stock"]))
        if "waves" in self.layout:
            colour = self._tint(self.layout["waves"])
            for n in range(int(high // _WAVES)):
                sheet.polyline([(x, _WAVES * (n + 0.5) + 3 * math.sin(x / 14 + n)) for x in range(0, int(wide) + 6, 6)], colour, 0.35)
        if words := self.words.fill(self.layout.get("water", ""), note=False):
            mark = ornaments.water(words, min(wide, high) * 0.7)
            for y in (0.3, 0.72) if high > wide else (0.5,):
                mark.put(sheet, wide / 2, high * y)

    def _run_on(self) -> None:
        """running: `head` and `foot` of every page, on the left, in the middle and on the right; %n is the page, %N how many there are."""
        running = self.layout.get("running", {})
        pen = self.pen.but(size=running.get("size", 7.5), colour=self._tint(running.get("colour", "grey")), spacing=0.0)
        wide, high = self.size
        for place, y in (("head", running.get("at", 26.0)), ("foot", high - 15.0)):
            texts = [self.words.choose(text) for text in running.get(place, ("", "", ""))]
            for n, sheet in enumerate(self.paper.sheets):
                if place == "head" and running.get("line"):
                    sheet.line(self.margin, y + 4, wide - self.margin, y + 4, pen.colour, 0.5)
                for text, align in zip(texts, _SIDES, strict=True):
                    sheet.text(self.margin, y, self.words.fill(text.replace("%n", str(n + 1)).replace("%N", str(len(self.paper.sheets)))), pen, align, wide - 2 * self.margin)

    def _print(self, spot: _Spot, blocks: Sequence[Block]) -> None:
        for block in blocks:
            if ("if" in block and not self.words.has(block["if"])) or ("unless" in block and self.words.has(block["unless"])):
                continue
            self._room(spot, block.get("need", 0.0))
            kind = next(name for name in self.blocks if name in block)
            self.blocks[kind](spot, block)

    def _room(self, spot: _Spot, points: float) -> None:
        if not spot.nested and spot.y + points > self.size[1] - self.foot and spot.y > self.top + 1:
            spot.sheet, spot.y, spot.size = self._sheet(), self.top, self.pen.size

    def _pen(self, block: Block, base: Pen | None = None) -> Pen:
        pen = base or (self.typed if block.get("filled") else self.pen)
        changes: dict[str, Any] = {}
        if "size" in block:
            changes["size"] = block["size"]
        if "bold" in block:
            changes["bold"] = bool(block["bold"])
        if "spacing" in block:
            changes["spacing"] = float(block["spacing"])
        if "face" in block:
            changes["cjk"] = block["face"]
        if "colour" in block:
            changes["colour"] = self._tint(block["colour"])
        return pen.but(**changes) if changes else pen

    @staticmethod
    def _across(spot: _Spot, block: Block) -> tuple[float, float]:
        """Left edge and width of a block: `x` and `w` are shares of what there is."""
        x = block.get("x", 0.0)
        return spot.x + spot.width * x, spot.width * block.get("w", 1.0 - x)

    # ------------------------------------------------------------ text

    def _line(self, spot: _Spot, block: Block) -> None:
        """t: one line, a little smaller where it is too long, then wrapped. same: the next block stands beside it."""
        x, width = self._across(spot, block)
        pen = self._pen(block)
        text = self.words.fill(block["t"])
        long = pen.width(text)
        if long > width:
            pen = pen.but(size=pen.size * max(_LEAST_SHRINK, width / long * 0.995), spacing=0.0)
        lines = wrap(text, width, pen)
        spot.y += max(0.0, pen.size - spot.size) * 1.1
        self._room(spot, len(lines) * pen.size * _LEADING)
        for n, part in enumerate(lines):
            spot.sheet.text(x, spot.y + n * pen.size * _LEADING, part, pen, block.get("align", "left"), width)
        spot.size = pen.size
        if not block.get("same"):
            spot.y += len(lines) * pen.size * block.get("leading", _LEADING + 0.15)

    def _para(self, spot: _Spot, block: Block) -> None:
        """p: a wrapped paragraph, its first line indented by two characters unless told otherwise. number: see `_pick`."""
        x, width = self._across(spot, block)
        pen = self._pen(block)
        leading = block.get("leading", self.layout.get("leading", 1.65))
        indent = block.get("indent", 2.0) * pen.size
        for n, part in enumerate(wrap(self._number(block) + self.words.fill(block["p"]), width, pen, indent)):
            self._room(spot, pen.size)
            spot.sheet.text(x + (indent if n == 0 else 0.0), spot.y, part, pen)
            spot.y += pen.size * leading
        spot.y, spot.size = spot.y + block.get("after", 0.0), pen.size

    def _number(self, block: Block) -> str:
        """number: what a paragraph begins with, {n} its number in figures, {han} in Chinese; they count on unless `from` sets them."""
        if "number" not in block:
            return ""
        self.count = block["from"] if "from" in block else self.count + 1
        return self.words.choose(block["number"]).replace("{n}", str(self.count)).replace("{han}", _numeral(self.count))

    def _pick(self, spot: _Spot, block: Block) -> None:
        """pick: paragraphs from a list of the file's texts, `n` of them at least and at most, in their order."""
        texts = list(self.texts[self.words.choose(block["pick"])])
        low, high = block.get("n", (len(texts), len(texts)))
        more = dict(block)
        for index in sorted(self.rng.sample(range(len(texts)), min(len(texts), self.rng.randint(low, high)))):
            self._para(spot, more | {"p": texts[index]})
            more.pop("from", None)

    def _pairs(self, spot: _Spot, block: Block) -> None:
        """kv: labels and values, one a line, or in `cols` columns. split: the labels' share; mark: behind a label; under: a line of that width below each value.

        labels: "spread" over their share, or "right" of it; leaders: dots between a label and its value.
        """
        columns = block.get("cols", 1)
        x, width = self._across(spot, block)
        width /= columns
        label, typed = self._pen(block, self.pen), self._pen({k: v for k, v in block.items() if k == "size"}, self.typed)
        if block.get("bold"):
            typed = typed.but(bold=bool(block.get("bold_values")))
        mark = self.words.choose(block.get("mark", "："))
        split = width * block.get("split", 0.24)
        step = block.get("step", 1.75) * typed.size
        pairs = [pair for pair in block["kv"] if len(pair) < 3 or self.words.has(pair[2])]
        for first in range(0, len(pairs), columns):
            texts = [(self.words.fill(pair[0]), wrap(self.words.fill(pair[1]), width - split - 6, typed)) for pair in pairs[first : first + columns]]
            tall = max(len(lines) for _, lines in texts)
            self._room(spot, tall * typed.size * 1.4)
            for n, (head, lines) in enumerate(texts):
                at = x + n * width
                mark_here = mark if head else ""
                own = label.but(size=min(label.size, label.size * (split - 2) / max(1.0, label.width(head + mark_here))))
                if block.get("labels") == "spread" and len(head) > 1:
                    own = own.but(spacing=min(own.size * 2, max(0.0, (split - 8 - own.width(head + mark_here)) / (len(head + mark_here) - 1))))
                spot.sheet.text(at, spot.y, head + mark_here, own, "right" if block.get("labels") == "right" else "left", split - 5)
                if block.get("leaders"):
                    start = at + own.width(head + mark_here) + 3
                    dots = int((at + split - 4 - start) // own.width("."))
                    spot.sheet.text(start, spot.y, "." * max(0, dots), own)
                for k, line in enumerate(lines):
                    spot.sheet.text(at + split, spot.y + k * typed.size * 1.4, line, typed)
                    if block.get("under"):
                        low = spot.y + (k * 1.4 + 0.3) * typed.size
                        spot.sheet.line(at + split - 2, low, at + width - 8, low, width=block["under"])
            spot.y, spot.size = spot.y + (tall - 1) * typed.size * 1.4 + step, typed.size

    # ------------------------------------------------------------ tables

    def _grid(self, spot: _Spot, block: Block) -> None:
        """grid: shares of the columns; rows: cells, see layouts/README.md. rules: all, columns (upright ones only), rows (level ones only), head (below the first row and around), none; outer: the frame's width; zebra: every other row shaded."""
        x, width = self._across(spot, block)
        pen = self._pen(block, self.pen)
        shares = block["grid"]
        widths = [width * share / sum(shares) for share in shares]
        typed = self.typed.but(size=min(self.typed.size, pen.size * 1.04)) if self.layout.get("fill") else pen.but(colour=self.typed.colour)
        rows = self._rows(block, typed)
        colour = self._tint(block.get("ink", "black"))
        line, pad, rules = block.get("line", 0.6), block.get("pad", 3.0), block.get("rules", "all")
        top = spot.y - pen.size * 0.9 if not block.get("flush") else spot.y
        while rows:
            part = self._fitting(spot, rows, widths, pen, pad, top)
            bottom, boxes = spot.sheet.grid(x, top, widths, part, pen, colour, line, pad, ruled=rules == "all")
            if rules in ("columns", "rows"):
                spot.sheet.rect((x, top, x + width, bottom), colour, line)
            if rules == "columns":
                for n in range(1, len(widths)):
                    spot.sheet.line(x + sum(widths[:n]), top, x + sum(widths[:n]), bottom, colour, line)
            if rules == "head":
                for low in (top, min(box[3] for box in boxes.values()), bottom):
                    spot.sheet.line(x, low, x + width, low, colour, line)
            if "outer" in block:
                spot.sheet.rect((x, top, x + width, bottom), colour, block["outer"])
            if rules == "rows":
                for box in boxes.values():
                    spot.sheet.line(x, box[3], x + width, box[3], colour, line)
            rows = rows[len(part) :]
            spot.y, spot.size = bottom + (0.0 if block.get("flush") else pen.size * 1.6), pen.size
            if rows:
                spot.sheet, spot.y = self._sheet(), self.top
                top = spot.y

    def _fitting(self, spot: _Spot, rows: list[Row], widths: Sequence[float], pen: Pen, pad: float, top: float) -> list[Row]:
        """As many rows as the page still holds: tables of a page's length go on overleaf, cells over several rows stay whole."""
        if spot.nested:
            return rows
        low, open_rows, best, y = self.size[1] - self.foot + 20, 0, 0, top
        for n, (least, cells) in enumerate(rows):
            y += max([least, *(_tall(c, widths, pen, pad) for c in cells if isinstance(c, Cell) and c.rows == 1)])
            open_rows = max([open_rows - 1, *(c.rows - 1 for c in cells if isinstance(c, Cell))])
            if y > low and best:
                return rows[:best]
            if open_rows <= 0:
                best = n + 1
        return rows

    def _rows(self, block: Block, typed: Pen) -> list[Row]:
        rows: list[Row] = []
        for template in self.texts[block["rows"]] if isinstance(block["rows"], str) else block["rows"]:
            cells, least, each, need = list(template), float(block.get("h", 22.0)), "", ""
            while cells and cells[0][:1] in ("#", "*", "?"):
                order, rest = cells[0][0], cells.pop(0)[1:]
                least, each, need = (float(rest), each, need) if order == "#" else (least, rest, need) if order == "*" else (least, each, rest)
            if need and not self.words.has(need):
                continue
            for item in self.words.values[each] if each else [{}]:
                row = [self._cell(cell, item, typed, n == 0, len(rows)) for n, cell in enumerate(cells)]
                if block.get("zebra") and len(rows) % 2 == 1:
                    row = [replace(cell, fill=COLOURS[self.layout.get("ground", "pale")]) for cell in row]
                rows.append((least, row))
        return rows

    def _cell(self, template: str, item: Mapping[str, Any], typed: Pen, first: bool, row: int) -> Cell:
        spec = _CELL.match(template)
        span, tall, flags = (spec[1], spec[2] or "", spec[3]) if spec else ("", "", "")
        template = template[spec.end() :] if spec else template
        text = self.words.fill(template, within=item)
        if tall.startswith("@"):  # as many rows as a list has, and one for its heading
            tall = str(len(self.words.values[tall[1:]]) + 1)
        filled = "f" in flags or ("{" in template and not re.search(r"[\u4e00-\u9fff]", re.sub(r"\{[^}]*\}|⟨[^⟩]*⟩", "", template)))
        pen = typed if filled else None
        if "b" in flags:
            pen = (pen or self.pen.but(size=typed.size)).but(bold=True)
        return Cell(
            text, int(span or 1), int(tall or 1), align="left" if "l" in flags else "right" if "r" in flags else "center", key=f"row{row}" if first else "", pen=pen, valign="top" if "t" in flags else "middle", spread="j" in flags, fill=COLOURS[self.layout.get("ground", "pale")] if "s" in flags else None,
        )  # fmt: skip

    # ------------------------------------------------------------ the rest

    def _each(self, spot: _Spot, block: Block) -> None:
        """each: a list's name; do: blocks for each of its items, whose values come first."""
        for item in self.words.values[block["each"]]:
            before = self.words.values
            self.words.values = {**before, **item}
            self._print(spot, block["do"])
            self.words.values = before

    def _seal(self, spot: _Spot, block: Block) -> None:
        """seal: whose; purpose; x: centre, a share of the width; dy: points below the last line. always: not the paper's owner's to forget."""
        if not self.sealed and not block.get("always"):
            return
        size = block.get("size", self.rng.choice((104.0, 112.0, 118.0)))
        x = spot.x + spot.width * (block.get("x", 0.7) + self.rng.uniform(-0.04, 0.04))
        y = spot.y + block.get("dy", 0.0) + self.rng.uniform(-8, 8)
        half = size / 2 + 4
        x, y = min(max(x, half), self.size[0] - half), min(max(y, half * 0.8), self.size[1] - half)
        name, purpose = self.words.fill(block["seal"], note=False), self.words.fill(block.get("purpose", ""), note=False)
        more: dict[str, Any] = {"star": block.get("star", True)}
        if "ink" in block:
            red, green, blue = self._tint(block["ink"])
            more["ink"] = (round(blue * 255), round(green * 255), round(red * 255))
        self.paper.seal(spot.sheet, name, purpose, x, y, shape=block.get("shape", "round"), size=size, number=self.words.fill(block.get("number", ""), note=False), **more)

    def _rule(self, spot: _Spot, block: Block) -> None:
        """rule: a level line of that width."""
        x, width = self._across(spot, block)
        spot.sheet.line(x, spot.y - 7, x + width, spot.y - 7, self._tint(block.get("colour", "black")), block["rule"])
        spot.y += block.get("after", 8.0)

    def _gap(self, spot: _Spot, block: Block) -> None:
        spot.y += block["gap"] if isinstance(block["gap"], (int, float)) else self.rng.uniform(*block["gap"])

    def _to(self, spot: _Spot, block: Block) -> None:
        """to: go down to a share of the page's height, if not there yet."""
        spot.y = max(spot.y, self.size[1] * block["to"])

    def _page(self, spot: _Spot, block: Block) -> None:
        spot.sheet, spot.y = self._sheet(), self.top

    def _frame(self, spot: _Spot, block: Block) -> None:
        """frame: a border of that colour around the page; insets and widths of its lines."""
        for inset, width in block.get("lines", ((24.0, 3.0), (31.0, 0.8))):
            spot.sheet.rect((inset, inset, self.size[0] - inset, self.size[1] - inset), self._tint(block["frame"]), width)

    def _mark(self, spot: _Spot, block: Block) -> None:
        """mark: a trade mark's place, a ring or a square, left of the line that follows or (centre) above it."""
        colour, size = self._tint(block["mark"]), block.get("size", 18.0)
        x = (self.size[0] - size) / 2 if block.get("centre") else spot.x
        box = (x, spot.y - size * 0.82, x + size, spot.y + size * 0.18)
        if block.get("square"):
            spot.sheet.rect(box, colour, 1.0, colour)
        else:
            spot.sheet.oval(box, colour, size / 8)
            spot.sheet.oval((box[0] + size * 0.3, box[1] + size * 0.3, box[2] - size * 0.3, box[3] - size * 0.3), colour, size / 12)
        if block.get("centre"):
            spot.y += size * 0.4

    def _digits(self, spot: _Spot, block: Block) -> None:
        """digits: an amount in cents, a digit a cell, under the names of their places, as slips have it; dy: points from the last line."""
        x, width = self._across(spot, block)
        cents = self.words.fill(block["digits"]).replace(".", "")
        places, pen, y = block.get("places", "亿千百十万千百十元角分"), self._pen(block), spot.y + block.get("dy", 0.0)
        written = ["", *(("¥" + cents).rjust(len(places))[-len(places) :])]
        one = width / len(places)
        heads: list[Cell | str] = [Cell(place, pen=self.pen.but(size=pen.size * 0.8)) for place in places]
        rows: list[Row] = [(pen.size * 1.5, heads), (pen.size * 1.9, [Cell(c.strip(), pen=self.typed.but(size=pen.size)) for c in written[1:]])]
        spot.sheet.grid(x, y, [one] * len(places), rows, pen, self._tint(block.get("ink", "black")), 0.4, 0.5)

    def _chop(self, spot: _Spot, block: Block) -> None:
        """chop: a square seal of that person's name; x: centre, a share of the width, dy: points from the last line."""
        if self.sealed:
            side = block.get("size", self.rng.uniform(40, 52))
            mark = ornaments.chop(self.words.fill(block["chop"], note=False), side, self.rng)
            mark.put(spot.sheet, spot.x + spot.width * block.get("x", 0.8), spot.y + block.get("dy", 0.0))

    def _picture(self, spot: _Spot, block: Block) -> None:
        """picture: words in a box or a ring, as a rubber stamp leaves them; x: centre, dy: points from the last line."""
        mark = ornaments.rubber(self.words.fill(block["picture"], note=False).split("\n"), self.rng, block.get("size", 13.0), self._tint(block.get("colour", "blue")), block.get("rim", "box"))
        mark.put(spot.sheet, spot.x + spot.width * block.get("x", 0.8), spot.y + block.get("dy", 0.0))

    def _side(self, spot: _Spot, block: Block) -> None:
        """side: words one character below the other, as copies of a slip say at their edge whose they are; x: a share of the width, dy: points from the last line."""
        pen, x, y = self._pen(block), spot.x + spot.width * block.get("x", 1.01), spot.y + block.get("dy", 0.0)
        for n, character in enumerate(self.words.fill(block["side"])):
            spot.sheet.text(x, y + n * pen.size * 1.15, character, pen)

    def _sign(self, spot: _Spot, block: Block) -> None:
        """sign: a name written with a pen; x: centre, a share of the width, dy: points from the last line."""
        if self.sealed:
            mark = ornaments.note(self.words.fill(block["sign"], note=False), self.rng, block.get("size", 19.0))
            mark.put(spot.sheet, spot.x + spot.width * block.get("x", 0.5), spot.y + block.get("dy", 0.0))

    def _bars(self, spot: _Spot, block: Block) -> None:
        """bars: a bar code for that text, its upper left corner at x and at the last line; high: points."""
        x, width = self._across(spot, block)
        bits = "".join(f"{ord(c) % 128:07b}1" for c in "(" + self.words.fill(block["bars"], note=False)[:24] + ")")
        one, high = min(width / len(bits), 1.1), block.get("high", 24.0)
        for run in re.finditer("1+", bits):
            left = x + run.start() * one
            spot.sheet.rect((left, spot.y, left + len(run[0]) * one * 0.94, spot.y + high), None, 0, BLACK)
        spot.y += 0.0 if block.get("same") else high + self.pen.size * 1.3

    def _tear(self, spot: _Spot, block: Block) -> None:
        """tear: a dashed line over the page's width, with those words on it, where a form is torn off."""
        pen = self.pen.but(size=7.0, colour=self._tint("grey"))
        words = self.words.fill(block["tear"])
        middle, half = self.size[0] / 2, pen.width(words) / 2 + 6 if words else 0.0
        for x in range(14, int(self.size[0]) - 20, 9):
            if abs(x + 2.5 - middle) > half + 3:
                spot.sheet.line(x, spot.y - 2.5, x + 5, spot.y - 2.5, pen.colour, 0.5)
        spot.sheet.text(0, spot.y, words, pen, "center", self.size[0])
        spot.y, spot.size = spot.y + block.get("after", 18.0), pen.size

    def _qr(self, spot: _Spot, block: Block) -> None:
        """qr: a QR code with that text, its upper left corner at x and at the last line."""
        code = cv2.copyMakeBorder(cv2.QRCodeEncoder.create().encode(self.words.fill(block["qr"], note=False)), 2, 2, 2, 2, cv2.BORDER_CONSTANT, value=255)
        done, data = cv2.imencode(".png", cv2.resize(code, None, fx=6, fy=6, interpolation=cv2.INTER_NEAREST))
        if done:
            x, side = spot.x + spot.width * block.get("x", 0.0), block.get("size", 56.0)
            spot.sheet.picture((x, spot.y, x + side, spot.y + side), bytes(data))

    def _band(self, spot: _Spot, block: Block) -> None:
        """band: a coloured strip of that height behind what follows."""
        x, width = self._across(spot, block)
        colour = self._tint(block.get("colour", "pale"))
        spot.sheet.rect((x, spot.y - self.pen.size * 1.3, x + width, spot.y - self.pen.size * 1.3 + block["band"]), None, 0, colour)

    def _photo(self, spot: _Spot, block: Block) -> None:
        """photo: a picture's place of that height."""
        x, width = self._across(spot, block)
        for n in range(6):
            shade = self.rng.uniform(0.3, 0.8)
            left, top = x + width * self.rng.uniform(0, 0.6), spot.y + block["photo"] * self.rng.uniform(0, 0.6)
            box = (x, spot.y, x + width, spot.y + block["photo"]) if n == 0 else (left, top, left + width * 0.35, top + block["photo"] * 0.35)
            spot.sheet.rect(box, None, 0, (shade, shade, shade * 1.02))
        spot.y += block["photo"] + 18

    def _columns(self, spot: _Spot, block: Block) -> None:
        """columns: lists of blocks side by side; widths: their shares."""
        shares = block.get("widths", [1.0] * len(block["columns"]))
        x, low = spot.x, spot.y
        for share, blocks in zip(shares, block["columns"], strict=True):
            width = spot.width * share / sum(shares)
            inner = replace(spot, x=x, width=width - block.get("between", 10.0), nested=True)
            self._print(inner, blocks)
            low, x = max(low, inner.y), x + width
        spot.y = low


def _tall(cell: Cell, widths: Sequence[float], pen: Pen, pad: float) -> float:
    """About how high a cell is; its column isn't known here, so the mean width stands for it."""
    own = cell.pen or pen
    width = max(sum(widths) / len(widths) * cell.span - 2 * pad, own.size)
    return len(wrap(cell.text, width, own)) * own.size * 1.28 + 2 * pad if cell.text else 0.0


def _numeral(number: int) -> str:
    digits = "一二三四五六七八九十"
    return digits[number - 1] if number <= 10 else f"十{digits[number - 11]}" if number < 20 else f"二十{digits[number - 21] if number > 20 else ''}"


__all__ = ["COLOURS", "SIZES", "Press"]
