"""A page as it was read: upright, with its lines in reading order, its ruled cells and its seals.

This is all that extraction sees; no image goes beyond reading. Boxes are fractions of the upright page.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise

from pydantic import BaseModel, ConfigDict

from models.geometry import Box


class Frozen(BaseModel):
    """Plain data: can't be changed, and has no fields but those declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Line(Frozen):
    """Words on one baseline, as one detection gave them; never across a ruled cell's border.

    text: as read, NFKC not yet applied. confidence: mean over the characters, 0 to 1.
    xs: centre of each character along the page's width (same length as text), empty where not known.
    sure: confidence of each character, empty where not known (then `confidence` stands for all).
    """

    text: str
    box: Box
    confidence: float
    xs: tuple[float, ...] = ()
    sure: tuple[float, ...] = ()

    def part(self, start: int, end: int) -> Box:
        """Box of text[start:end]: from the characters' own places where known, else by equal shares."""
        n = max(1, len(self.text))
        if len(self.xs) == len(self.text) and self.xs:
            steps = [b - a for a, b in pairwise(self.xs)]
            half = (sorted(steps)[len(steps) // 2] if steps else self.box.width) / 2
            last = max(start, end - 1)
            return Box(max(self.box.x0, self.xs[start] - half), self.box.y0, min(self.box.x1, self.xs[last] + half), self.box.y1)
        step = self.box.width / n
        return Box(self.box.x0 + start * step, self.box.y0, self.box.x0 + end * step, self.box.y1)

    def cut(self, start: int, end: int, box: Box | None = None) -> Line:
        """text[start:end] as a line of its own. box: where it stands, if not where its characters do."""
        sure = self.sure[start:end] if len(self.sure) == len(self.text) else ()
        return Line(
            text=self.text[start:end], box=box or self.part(start, end), confidence=sum(sure) / len(sure) if sure else self.confidence,
            xs=self.xs[start:end] if len(self.xs) == len(self.text) else (), sure=sure)

    def keeping(self, places: Sequence[int]) -> Line:
        """The line with only the characters at these places, which stay where they stand."""
        return self.model_copy(update={
            "text": "".join(self.text[i] for i in places), "xs": tuple(self.xs[i] for i in places) if len(self.xs) == len(self.text) else (),
            "sure": tuple(self.sure[i] for i in places) if len(self.sure) == len(self.text) else (),
        })  # fmt: skip

    def certainty(self, start: int, end: int) -> float:
        """Confidence of text[start:end]: that of its weakest character where known."""
        if len(self.sure) == len(self.text) and end > start:
            return min(self.sure[start:end])
        return self.confidence


Chances = tuple[tuple[str, float], ...]  # characters with how likely each is, the likeliest first; "" for none


class Seal(Frozen):
    """A stamp: the name on its arc, the line below it (合同专用章 …), its number, each "" where not read.

    text: the company or office on the arc, what the contract calls the seal's text. raw: as it was read, where the papers tell what it must be; else "".
    places: along the arc, what may stand at each place; a gap wide enough for a character begins with ("", 1.0). () where the reader doesn't tell.
    """

    text: str
    box: Box
    confidence: float
    purpose: str = ""
    number: str = ""
    raw: str = ""
    places: tuple[Chances, ...] = ()


class Cell(Frozen):
    """A ruled cell. row, column: its place in its grid, from 0; spans ≥ 1; table: which grid of the page."""

    box: Box
    table: int = 0
    row: int = 0
    column: int = 0
    row_span: int = 1
    column_span: int = 1


class PageSource(StrEnum):
    TEXT_LAYER = "text_layer"  # born digital
    OCR = "ocr"
    BLANK = "blank"  # nothing on it; a fact, not a failure


class Flaw(StrEnum):
    """Why a page can't be trusted although it isn't blank: what `Page.unreadable` begins with."""

    TRUNCATED = "truncated"  # its picture ends too early
    DAMAGED = "damaged"  # the file's page can't be drawn
    DARK = "dark"  # all of it, or a part that may hold print, is as good as black
    PALE = "pale"  # print so faint, or light so strong, that nothing can be read
    UNREAD = "unread"  # there is print, and none of it can be read
    PARTLY = "partly"  # a good part of the print can't be read
    DOUBTFUL = "doubtful"  # all was read, nothing surely


class Page(Frozen):
    """One page of one file. `number` counts from 1 in the file as given.

    width, height: of the upright page, in points (1/72 inch) where the file tells, else pixels: only their ratio is relied on.
    turned: clockwise degrees (0, 90, 180, 270) by which the page was turned to stand upright; skew: degrees taken out after that.
    ink: share of the page that is dark, 0 to 1. codes: what QR codes and bar codes on the page say.
    corners: of the sheet within a photograph, x and y of four corners as fractions of the picture as filed, () where the sheet is the picture;
    the sheet is laid flat before it is turned. look: 64 bits that tell what its print looks like, 0 where there is none.
    unreadable: why the page can't be trusted although it isn't blank ("" where it can): a `Flaw`, a colon, details in English.
    """

    file: str
    number: int
    width: float
    height: float
    source: PageSource
    lines: tuple[Line, ...] = ()
    cells: tuple[Cell, ...] = ()
    seals: tuple[Seal, ...] = ()
    codes: tuple[str, ...] = ()
    turned: int = 0
    skew: float = 0.0
    corners: tuple[float, ...] = ()
    ink: float = 0.0
    look: int = 0
    unreadable: str = ""

    @property
    def flaw(self) -> Flaw | None:
        """Why the page can't be trusted; None where it can."""
        return Flaw(self.unreadable.partition(":")[0]) if self.unreadable else None

    @property
    def text(self) -> str:
        """The page's lines in reading order, one a line."""
        return "\n".join(line.text for line in self.lines)


class PagePrint(Frozen):
    """What is kept of a page so that a copy of it can be found: see pipeline/prints.py.

    look: the page's; digest: the smallest hashes of its figures; lines: packed, opened only where two pages look alike.
    """

    file: str
    page: int
    look: int
    digest: tuple[int, ...]
    lines: str
