"""How well pages are read that come badly: turned, askew, curled, in a shadow, as a fax, two on a sheet, from any device, in any kind of file.

    python -m pipeline.accuracy.conditions [--pages 8] [--seed 1] [--only NAME,NAME]

In:    invented pages (pipeline/samples), the same ones in every condition, scanned as the condition says.
Out:   a table, a row a condition, and as the last line its figures as JSON.
Held against the page as it was drawn: characters found (whichever the order), printed lines found whole, values of truth found whole, ruled cells found;
of two pages on a sheet, pairs of lines in the right order. Beside these, pages turned the wrong way, said to be unreadable or blank, characters read that aren't
there (as a share of those that are; names of seals come to little), and the time a page took.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random
from typing import Any

import numpy as np
from PIL import Image

from extractors.files import source_file
from extractors.ocr.settings import OcrSettings
from extractors.pictures import grey_of
from extractors.pictures.grid import find_cells
from extractors.reading import Reader, ReaderSettings
from models.page import Page, PageSource
from pipeline.samples.batch import draw, plan
from pipeline.samples.devices import DEVICES
from pipeline.samples.draw.sheet import Book, Paper
from pipeline.samples.files import WAYS
from pipeline.samples.programs import PROGRAMS
from pipeline.samples.scan import Look, Scan, as_pdf, render, scan, scan_pair
from pipeline.samples.values import grouped, plain, wan
from pipeline.samples.world import World

GOOD = Look(dpi=200, quality=80, skew=0.3, noise=1.0, seal_strength=0.75)
PHONE = replace(GOOD, phone=True, skew=1.2)


@dataclass(frozen=True)
class Condition:
    """turns: clockwise degrees by which the pages lie, one after another; pair: two pages on a sheet.

    device: what else is done to the picture, way: how it is put into a file (names in their tables). program: it is no scan at all, but written by a program.
    """

    look: Look
    turns: tuple[int, ...] = (0,)
    pair: bool = False
    device: str = ""
    way: str = ""
    program: str = ""


CONDITIONS: Mapping[str, Condition] = {
    "good": Condition(GOOD),
    **{f"turned {turn}, askew {lean:+d}": Condition(replace(GOOD, lean=float(lean)), (turn,)) for turn in (0, 90, 180, 270) for lean in (-5, -2, 2, 5)},
    **{f"{dpi} dpi": Condition(replace(GOOD, dpi=dpi)) for dpi in (120, 150, 300)},
    "grey": Condition(replace(GOOD, grey=True)),
    "fax": Condition(replace(GOOD, bilevel=True), (0, 0, 180)),
    "fax, 150 dpi": Condition(replace(GOOD, bilevel=True, dpi=150)),
    "faded fax": Condition(replace(GOOD, bilevel=True, fade=0.35, noise=9.0)),
    "curl": Condition(replace(GOOD, curl=0.015)),
    "strong curl": Condition(replace(GOOD, curl=0.035)),
    "photograph": Condition(PHONE, (0, 90, 180, 270)),
    "photograph, curl": Condition(replace(PHONE, curl=0.012)),
    "photograph, bright table": Condition(replace(PHONE, ground="bright")),
    "photograph, patterned table": Condition(replace(PHONE, ground="busy")),
    "photograph, shadow": Condition(replace(PHONE, shadow=0.5)),
    "uneven light": Condition(replace(GOOD, shade=0.45)),
    "shadow": Condition(replace(GOOD, shadow=0.6)),
    "watermark": Condition(replace(GOOD, watermark="仅供申请保险补贴使用")),
    "holes, dark edge": Condition(replace(GOOD, holes=True, edge=True)),
    "black frame": Condition(replace(GOOD, frame=0.12)),
    "black frame, askew": Condition(replace(GOOD, frame=0.08, lean=4.0)),
    "two on a sheet": Condition(GOOD, pair=True),
    "two on a sheet, turned": Condition(GOOD, (90, 270, 180), pair=True),
    **{f"device: {name}": Condition(GOOD, device=name) for name in DEVICES},
    **{f"file: {name}": Condition(GOOD, way=name) for name in WAYS},
    **{f"program: {name}": Condition(GOOD, program=name) for name in PROGRAMS},
}


@dataclass(frozen=True)
class Specimen:
    """A drawn page, and what is printed on it: lines, values of truth, how many ruled cells."""

    paper: Paper
    index: int
    lines: tuple[str, ...]
    values: tuple[str, ...]
    cells: int


@dataclass
class Tally:
    """What a condition's pages gave."""

    pages: int = 0
    wrong_way: int = 0
    unreadable: int = 0
    blank: int = 0
    characters: list[int] = field(default_factory=lambda: [0, 0])
    lines: list[int] = field(default_factory=lambda: [0, 0])
    values: list[int] = field(default_factory=lambda: [0, 0])
    cells: list[int] = field(default_factory=lambda: [0, 0])
    order: list[int] = field(default_factory=lambda: [0, 0])
    strange: list[int] = field(default_factory=lambda: [0, 0])
    seconds: float = 0.0

    def figures(self) -> dict[str, Any]:
        return {
            "pages": self.pages,
            "wrong_way": self.wrong_way,
            "unreadable": self.unreadable,
            "blank": self.blank,
            **{name: _share(getattr(self, name)) for name in ("characters", "lines", "values", "cells", "order")},
            "strange": round(self.strange[0] / max(1, self.strange[1]), 4),
            "seconds_a_page": round(self.seconds / max(1, self.pages), 2),
        }


def _share(pair: Sequence[int]) -> float:
    return round(pair[0] / pair[1], 4) if pair[1] else 1.0


def specimens(book: Book, count: int, seed: int) -> list[Specimen]:
    """Pages of all kinds, drawn into the book, upright ones only: two of them must fit on a sheet."""
    rng = _dice(seed, "conditions")
    by_type: dict[str, list[Specimen]] = {}
    for case in plan(World(_dice(seed, "world")), max(3, count // 4), seed, 2021):
        papers = draw(book, case, rng)
        for sheet in {id(s): s for paper in papers for s in paper.sheets}.values():
            sheet.finish()
        for paper in papers:
            for index, sheet in enumerate(paper.sheets):
                lines = _lines(book.doc[sheet.number])
                if sheet.height > sheet.width and sum(map(len, lines)) >= 80:
                    text = "\n".join(lines)
                    values = tuple(dict.fromkeys(way for value in paper.fields.values() if isinstance(value, str) for way in _printed(value, text)))
                    cells = len(find_cells(grey_of(render(book.doc, sheet.number, 150))))
                    by_type.setdefault(paper.type, []).append(Specimen(paper, index, lines, values, cells))
    rows = [rng.sample(own, len(own)) for _, own in sorted(by_type.items())]
    dealt = [row[n] for n in range(max(map(len, rows))) for row in rows if n < len(row)]
    return dealt[:count]


def _dice(*seed: object) -> Random:
    return Random("/".join(map(str, seed)))


def _lines(page: Any) -> tuple[str, ...]:
    """Printed lines as drawn; pieces on one baseline are told apart by MuPDF, as they are here."""
    spans = [line["spans"] for block in page.get_text("dict")["blocks"] for line in block.get("lines", ())]
    texts = (compact("".join(span["text"] for span in own)) for own in spans)
    return tuple(text for text in texts if text)


def compact(text: str) -> str:
    """Without spaces, width and the marks that print alike, so that only what is read wrong counts."""
    folded = unicodedata.normalize("NFKC", text).translate(str.maketrans("，；：。、（）“”‘’—－·", ",;:.,()\"\"''--."))
    return re.sub(r"[\s□☑☐■_\"']+", "", folded)


def _printed(value: str, text: str) -> Iterator[str]:
    """A value of truth as the page prints it, where it does so in one piece."""
    ways = [value]
    if re.fullmatch(r"\d+(\.\d+)?", value):
        amount = Decimal(value)
        ways = [grouped(amount), wan(amount), plain(amount)]
    for way in map(compact, ways):
        if len(way) >= 2 and way in text:
            yield way
            return


def scanned(book: Book, shown: Sequence[Specimen], condition: Condition, turn: int, rng: Random) -> Scan:
    """The specimens, one or two, as one scan."""
    pages = [(one.paper.sheets[one.index].number, [seal for seal in one.paper.seals if seal.page == one.index]) for one in shown]
    if condition.pair:
        return scan_pair(book.doc, pages, condition.look, rng, turn)
    [(number, seals)] = pages
    return scan(book.doc, number, seals, condition.look, rng, turn)


def filed(book: Book, shown: Sequence[Specimen], condition: Condition, turn: int, rng: Random) -> bytes:
    """The specimens as a PDF."""
    if condition.program:
        [one] = shown
        return PROGRAMS[condition.program](book.doc, one.paper.sheets[one.index].number)
    made = scanned(book, shown, condition, turn, rng)
    if not condition.device and not condition.way:
        return as_pdf(made)
    picture = np.asarray(Image.open(io.BytesIO(made.data)).convert("RGB"))
    if condition.device:
        picture = DEVICES[condition.device](picture, rng)
    return WAYS[condition.way or "plain"](picture, made.width, made.height)


def count(tally: Tally, page: Page, shown: Sequence[Specimen], turn: int) -> None:
    """Add a page's reading to its condition's figures."""
    text = "\n".join(compact(line.text) for line in page.lines)
    joined = text.replace("\n", "")
    printed, read = Counter("".join(line for one in shown for line in one.lines)), Counter(joined)
    tally.pages += 1
    tally.wrong_way += page.turned != -turn % 360
    tally.unreadable += bool(page.unreadable)
    tally.blank += page.source is PageSource.BLANK
    _add(tally.characters, (printed & read).total(), printed.total())
    _add(tally.strange, (read - printed).total(), printed.total())
    # a line of one or two characters is found anywhere
    wanted = [line for one in shown for line in one.lines if len(line) >= 4]
    _add(tally.lines, sum(line in joined for line in wanted), len(wanted))
    values = [value for one in shown for value in one.values]
    _add(tally.values, sum(value in joined for value in values), len(values))
    drawn = sum(one.cells for one in shown)
    _add(tally.cells, min(drawn, len(page.cells)), max(drawn, len(page.cells)))
    if len(shown) == 2:
        left, right = ([joined.find(line) for line in one.lines if len(line) >= 6 and joined.count(line) == 1] for one in shown)
        _add(tally.order, sum(a < b for a in left for b in right), len(left) * len(right))


def _add(pair: list[int], found: int, of: int) -> None:
    pair[0] += found
    pair[1] += of


def measure(reader: Reader, pages: int, seed: int, only: Sequence[str] = ()) -> Iterator[tuple[str, Tally]]:
    """Each condition with its figures, one after another. only: words, one of which a condition's name must begin with."""
    book = Book()
    shown = specimens(book, pages, seed)
    for name, condition in CONDITIONS.items():
        if only and not any(name.startswith(word) for word in only):
            continue
        tally = Tally()
        groups = [shown[n : n + 2] for n in range(0, len(shown) - 1, 2)] if condition.pair else [[one] for one in shown]
        for number, group in enumerate(groups):
            turn = condition.turns[number % len(condition.turns)]
            data = filed(book, group, condition, turn, _dice(seed, name, number))
            started = time.monotonic()
            [page] = reader.read(source_file(f"{number}.pdf", data))
            tally.seconds += time.monotonic() - started
            count(tally, page, group, turn)
        yield name, tally


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table and the figures."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.accuracy.conditions", description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pages", type=int, default=8, help="pages a condition")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="conditions whose names begin with one of these, parted by commas")
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args(arguments)
    reader = Reader(ReaderSettings(ocr=OcrSettings(threads=given.threads)))
    print(f"{'condition':38} {'pages':>5} {'wrong way':>9} {'unreadable':>10} {'blank':>5} {'characters':>10} {'lines':>7} {'values':>7} {'cells':>7} {'order':>7} {'strange':>7} {'s a page':>8}")
    figures: dict[str, Any] = {}
    for name, tally in measure(reader, given.pages, given.seed, [word.strip() for word in given.only.split(",") if word.strip()]):
        own = figures[name] = tally.figures()
        print(
            f"{name:38} {own['pages']:5} {own['wrong_way']:9} {own['unreadable']:10} {own['blank']:5} "
            f"{own['characters']:10.2%} {own['lines']:7.1%} {own['values']:7.1%} {own['cells']:7.1%} {own['order']:7.1%} {own['strange']:7.1%} {own['seconds_a_page']:8.2f}",
            flush=True,
        )
    print(json.dumps({"seed": given.seed, "conditions": figures}, ensure_ascii=False))


if __name__ == "__main__":
    main()
