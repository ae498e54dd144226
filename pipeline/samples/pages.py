"""Pages for measuring a reader: scans of all kinds of papers with the truth of every printed character's place.

In:    a kind of scan (CLEAN, POOR, or one of STAMPS), how many pages, a seed.
Out:   `SamplePage`s: a PDF or picture each, its printed characters, values to be found, seals, and how the drawn page lies in the picture.
Half of the pages bear a seal pressed over print; `stamped_pairs` gives each page twice, with its seal and without, alike in every other pixel.
The printed characters are those of the drawn page's own text layer; watermarks, back sides and the like aren't truth and are left out of these scans.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import islice
from random import Random
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pymupdf

from models.geometry import Box
from models.paper import Kind, kind_of
from pipeline.accuracy.characters import TICK_BOX, Glyph, Ring, fold
from pipeline.samples.batch import draw, plan
from pipeline.samples.case import Case
from pipeline.samples.draw.sheet import Book, Paper, SealPlace
from pipeline.samples.scan import Look, as_pdf, scan
from pipeline.samples.world import World

_YEAR = 2021
_ORNAMENTS = "★☆"  # text to the drawing, a picture to the reader
_LEAST_SUBMISSIONS = 4  # two of equipment, one of material, one of software
_LEAST_PRINT = 60  # characters: covers and blanks measure nothing
_LEAST_KEY = 4  # characters of a value: shorter ones stand on a page by chance
_APART = 112.0  # points between the centres of two seals
_TRIES = 12  # places that are tried for a seal; it goes where it covers most print
_ASCENT, _DESCENT = 0.86, 0.14  # of a face's size: what its characters take above and below the baseline


@dataclass(frozen=True)
class PressedSeal:
    """A seal as pressed: whose, its box in points of the drawn page, whether its owner is a company of the submission."""

    name: str
    box: Box
    of_company: bool


@dataclass(frozen=True)
class SamplePage:
    """One page of a set. kind: the paper's type; data: its file. placement: 3 × 3, from points of the drawn page to fractions of the picture.

    keys: values that the page prints (names, numbers, amounts). seals: on this picture; places: where seals stand, on the same page without them too.
    companies: of the submission.
    """

    name: str
    kind: str
    data: bytes
    glyphs: tuple[Glyph, ...]
    keys: tuple[str, ...]
    placement: npt.NDArray[np.float64]
    seals: tuple[PressedSeal, ...]
    places: tuple[Ring, ...]
    companies: tuple[str, ...]

    @property
    def rings(self) -> tuple[Ring, ...]:
        return tuple(Ring(seal.box) for seal in self.seals)

    def on_page(self, quad: Sequence[float]) -> Box:
        """A line's box in points of the drawn page. quad: four corners from the top left on, clockwise, as x and y in fractions of the picture."""
        return on_page(quad, self.placement)


def on_page(quad: Sequence[float], placement: npt.NDArray[np.float64]) -> Box:
    """The box of a quadrilateral, taken back through a placement. Its sides run through the middle of the quadrilateral's."""
    points = np.column_stack([np.asarray(quad, np.float64).reshape(4, 2), np.ones(4)]) @ np.linalg.inv(placement).T
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = points[:, :2] / points[:, 2:]
    xs, ys = sorted(((ax + dx) / 2, (bx + cx) / 2)), sorted(((ay + by) / 2, (cy + dy) / 2))
    return Box(float(xs[0]), float(ys[0]), float(xs[1]), float(ys[1]))


# ---------------------------------------------------------------- kinds of scans


def _clean(rng: Random, photographed: bool = False) -> Look:
    """An office scanner as it should be."""
    return Look(
        dpi=200, quality=rng.choice((75, 80, 85)), skew=0.5, noise=rng.uniform(1.0, 2.5), tint=rng.choice(((255, 255, 255), (250, 252, 253), (240, 246, 250))),
        phone=photographed, seal_strength=rng.choice((0.95, 0.85, 0.75, 0.6)),
    )  # fmt: skip


def _poor(rng: Random, photographed: bool) -> Look:
    """120 dpi, faded, blurred, grainy, unevenly lit; photographed or scanned."""
    return Look(
        dpi=120, quality=rng.choice((50, 60)), skew=1.2, noise=rng.uniform(4.0, 7.0), blur=rng.uniform(0.4, 0.7), fade=rng.uniform(0.15, 0.35),
        shade=rng.uniform(0.08, 0.16), phone=photographed, seal_strength=rng.choice((0.95, 0.85, 0.75, 0.6)),
    )  # fmt: skip


class _Set(NamedTuple):
    look: Callable[[Random, bool], Look]
    photographed: bool  # half of its pages


SETS: Mapping[str, _Set] = {"clean": _Set(_clean, False), "poor": _Set(_poor, True)}

_DARK_RED, _RED = (30, 20, 120), (40, 40, 200)  # blue, green, red
# how the scans of the stamp benchmark differ from clean ones
STAMPS: Mapping[str, Mapping[str, Any]] = {
    "red strong": {"seal_strength": 0.98, "seal_ink": _RED},
    "red pale": {"seal_strength": 0.45, "seal_ink": _RED},
    "dark red": {"seal_strength": 0.9, "seal_ink": _DARK_RED},
    "grey": {"seal_strength": 0.85, "seal_ink": _RED, "grey": True},
    "poor": {"seal_strength": 0.85, "seal_ink": _RED, "dpi": 120, "noise": 5.0, "blur": 0.5, "fade": 0.2, "quality": 55},
    "bilevel": {"seal_strength": 0.85, "seal_ink": _RED, "bilevel": True},
}


# ---------------------------------------------------------------- sets


def page_set(name: str, count: int, seed: int) -> Iterator[SamplePage]:
    """Pages of one of `SETS`, half of them stamped; the same seed gives the same bytes."""
    stamped, photographed = _half(count, f"{seed}/stamped"), _half(count, f"{seed}/photographed")
    for number, sheet in enumerate(islice(_sheets(count, seed), count)):
        dice = f"{seed}/{name}/{number}"
        look = SETS[name].look(Random(dice), SETS[name].photographed and number in photographed)
        yield _scanned(f"{name}-{number + 1:02}", sheet, look, dice, stamped=number in stamped)


def stamped_pairs(condition: str, count: int, seed: int) -> Iterator[tuple[SamplePage, SamplePage]]:
    """Pages of the stamp benchmark: each with its seal, and the same scan without it."""
    for number, sheet in enumerate(islice(_sheets(count, seed), count)):
        dice = f"{seed}/stamps/{number}"
        look = replace(_clean(Random(dice)), **STAMPS[condition])
        name = f"{condition.replace(' ', '-')}-{number + 1:02}"
        yield _scanned(name, sheet, look, dice, stamped=True), _scanned(f"{name}-bare", sheet, look, dice, stamped=False)


def _half(count: int, dice: str) -> set[int]:
    return set(Random(dice).sample(range(count), (count + 1) // 2))


@dataclass(frozen=True)
class _Drawn:
    """A page to be scanned, of which paper and claim."""

    book: Book
    paper: Paper
    index: int
    case: Case
    glyphs: tuple[Glyph, ...]

    @property
    def number(self) -> int:
        return self.paper.sheets[self.index].number


def _sheets(count: int, seed: int) -> Iterator[_Drawn]:
    """Drawn pages, the types of paper taking turns."""
    queues = {kind: deque(pages) for kind, pages in _drawn(max(_LEAST_SUBMISSIONS, -(-count // 5)), seed).items()}
    while queues:
        for kind in list(queues):
            yield queues[kind].popleft()
            if not queues[kind]:
                del queues[kind]


@lru_cache(maxsize=2)
def _drawn(submissions: int, seed: int) -> dict[str, list[_Drawn]]:
    """All pages of invented submissions that bear enough print, by type of paper."""
    by_type: dict[str, list[_Drawn]] = {}
    for case in plan(World(Random(f"{seed}/world")), submissions, seed, _YEAR):
        book = Book()
        papers = draw(book, case, Random(f"{seed}/{case.sid}/papers"))
        for sheet in {id(s): s for paper in papers for s in paper.sheets}.values():
            sheet.finish()
        for paper in papers:
            if paper.type == "cover" or paper.repeat_of:
                continue
            for index, sheet in enumerate(paper.sheets):
                glyphs = glyphs_of(book.doc[sheet.number], sheet.tick_boxes)
                if len(glyphs) >= _LEAST_PRINT:
                    by_type.setdefault(paper.type, []).append(_Drawn(book, paper, index, case, glyphs))
    return dict(sorted(by_type.items()))


def glyphs_of(page: Any, tick_boxes: Sequence[tuple[float, float, float, float]] = ()) -> tuple[Glyph, ...]:
    """The printed characters of a drawn page, in points; ornaments and drawn tick boxes as `TICK_BOX`."""
    whole = Box(0.0, 0.0, float(page.rect.width), float(page.rect.height))
    found = []
    for block in page.get_text("rawdict", flags=pymupdf.TEXT_PRESERVE_WHITESPACE)["blocks"]:
        for line in block.get("lines", ()):
            for span in line["spans"]:
                size = float(span["size"])
                for char in span["chars"]:
                    base = float(char["origin"][1])
                    box = Box(float(char["bbox"][0]), base - _ASCENT * size, float(char["bbox"][2]), base + _DESCENT * size)
                    if fold(char["c"]) and whole.contains(box.cx, box.cy):
                        found.append(Glyph(TICK_BOX if char["c"] in _ORNAMENTS else char["c"], box, base, size))
    for x0, y0, x1, y1 in tick_boxes:
        size = x1 - x0
        found.append(Glyph(TICK_BOX, Box(x0, y0, x1, y1), y1 - _DESCENT * size, size))
    return tuple(found)


# ---------------------------------------------------------------- scanning


def _scanned(name: str, drawn: _Drawn, look: Look, dice: str, *, stamped: bool) -> SamplePage:
    places = _seal_places(drawn, Random(f"{dice}/place"))
    companies = _companies(drawn.case)
    with_seals = scan(drawn.book.doc, drawn.number, places, look, Random(f"{dice}/scan"), seal_rng=Random(f"{dice}/press"))
    placement = np.array(with_seals.placement, np.float64).reshape(3, 3)
    seals = tuple(
        PressedSeal(text, on_page((x0, y0, x1, y0, x1, y1, x0, y1), placement), text in companies) for text, (x0, y0, x1, y1) in with_seals.seals
    )
    result = with_seals if stamped else scan(drawn.book.doc, drawn.number, (), look, Random(f"{dice}/scan"))
    photograph = look.phone
    data = result.data if photograph else as_pdf(result)
    return SamplePage(
        name=f"{name}.{result.kind if photograph else 'pdf'}", kind=drawn.paper.type, data=data, glyphs=drawn.glyphs, keys=_keys(drawn), placement=placement,
        seals=seals if stamped else (), places=tuple(Ring(seal.box) for seal in seals), companies=companies,
    )  # fmt: skip


def _companies(case: Case) -> tuple[str, ...]:
    """Companies that a seal of the submission can be of."""
    return tuple(dict.fromkeys((case.applicant.name, case.insurer.name, *(buyer.name for buyer in case.buyers))))


def _seal_places(drawn: _Drawn, rng: Random) -> list[SealPlace]:
    """The page's own seals, the first of them (else the applicant's) moved over print."""
    own = [place for place in drawn.paper.seals if place.page == drawn.index and not place.printed]
    first, rest = (own[0], own[1:]) if own else (SealPlace(drawn.index, drawn.case.applicant.name, "", 0.0, 0.0), [])
    sheet = drawn.paper.sheets[drawn.index]
    radius = first.size / 2
    middles = np.array([(g.box.cx, g.box.cy) for g in drawn.glyphs])
    best, most = (first.x or sheet.width / 2, first.y or sheet.height / 2), -1
    for _ in range(_TRIES):
        x, y = (float(v) for v in middles[rng.randrange(len(middles))])
        x, y = min(max(x, radius + 6), sheet.width - radius - 6), min(max(y, radius + 6), sheet.height - radius - 6)
        if any(np.hypot(x - other.x, y - other.y) < _APART for other in rest):
            continue
        beneath = int((np.hypot(*(middles - (x, y)).T) < 0.8 * radius).sum())
        if beneath > most:
            best, most = (x, y), beneath
    return [replace(first, x=best[0], y=best[1]), *rest]


def _keys(drawn: _Drawn) -> tuple[str, ...]:
    """Values of the paper as the page prints them: text as it stands, amounts in any of the ways to write one."""
    print_ = fold("".join(g.text for g in drawn.glyphs))
    found = []
    for name, value in drawn.paper.fields.items():
        if isinstance(value, bool) or kind_of(name) is Kind.YES_NO:
            continue
        found += [way for way in _ways(name, value) if len(fold(way)) >= _LEAST_KEY and fold(way) in print_][:1]
    return tuple(dict.fromkeys(found))


def _ways(name: str, value: str) -> list[str]:
    if kind_of(name) is not Kind.MONEY:
        return [value]
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return [value]
    wan = format((amount / 10000).normalize(), "f")
    return [f"{amount:,.2f}", f"{amount:.2f}", f"{amount:,.0f}", f"{amount:.0f}", wan]


__all__ = ["SETS", "STAMPS", "PressedSeal", "SamplePage", "glyphs_of", "on_page", "page_set", "stamped_pairs"]
