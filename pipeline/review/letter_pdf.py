"""A letter on paper: A4, laid out as official letters are, pages numbered.

In:    a `Letter`.  Out: the bytes of a PDF that bears its own font; the same letter always gives the same bytes but for what MuPDF writes of itself.
Fails: never; a character that the font lacks is drawn as the font's own sign for that.
Source: GB/T 9704-2012 for margins and sizes: 37 mm above, 28 mm on the left, a type area of 156 mm × 225 mm; body of 16 points, 28 points from line to line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

import pymupdf

from pipeline.review.letter import Letter, in_chinese

MM = 72 / 25.4
WIDTH, HEIGHT = 210 * MM, 297 * MM
LEFT, TOP, MEASURE, DEPTH = 28 * MM, 37 * MM, 156 * MM, 225 * MM
BODY, TITLE, SMALL = 16.0, 22.0, 14.0  # points
LEADING, TITLE_LEADING = 28.0, 36.0
NOT_FIRST = "，。、；：！？）》”’〉】〕％%…—"  # never begin a line
NOT_LAST = "（《“‘〈【〔"  # never end one
_PIECES = re.compile(r"[0-9A-Za-z@./:_+\-,]+[%‰]?|\s|.", re.DOTALL)  # a number or a Latin word stays whole where it fits a line


@cache
def font() -> pymupdf.Font:
    """PyMuPDF's own font with Chinese and Latin characters; nothing of the machine's is used."""
    return pymupdf.Font("cjk")


def letter_pdf(letter: Letter) -> bytes:
    """The letter as PDF."""
    document = pymupdf.open()
    sheet = _Sheet(document)
    for line in broken(letter.title, MEASURE, TITLE):
        sheet.line(line, TITLE, TITLE_LEADING, centred=True)
    if letter.number:
        sheet.line(letter.number, BODY, LEADING, centred=True)
    sheet.skip(LEADING)
    for line in broken(f"{letter.addressee}：", MEASURE, BODY):
        sheet.line(line, BODY, LEADING)
    for paragraph in letter.body.splitlines():
        for line in broken(f"　　{paragraph.strip()}" if paragraph.strip() else "", MEASURE, BODY):
            sheet.line(line, BODY, LEADING)
    sheet.keep(3 * LEADING)
    sheet.skip(LEADING)
    signed = (letter.office, in_chinese(letter.dated))
    right = max(font().text_length(text, BODY) for text in signed)
    for text in signed:  # the day stands under the office, both some way in from the right
        inset = MEASURE - 2 * BODY - right + (right - font().text_length(text, BODY)) / 2
        sheet.line(text, BODY, LEADING, inset=max(0.0, inset))
    sheet.number_pages()
    document.set_metadata({"title": letter.title, "subject": letter.addressee})
    document.subset_fonts()
    out: bytes = document.tobytes(garbage=3, deflate=True)
    document.close()
    return out


class _Sheet:
    """Where the next line goes; a new page begins where it doesn't fit any more."""

    def __init__(self, document: pymupdf.Document) -> None:
        self._document = document
        self._new()

    def _new(self) -> None:
        self._page = self._document.new_page(width=WIDTH, height=HEIGHT)
        self._y = TOP

    def skip(self, points: float) -> None:
        self._y += points

    def keep(self, points: float) -> None:
        """Make sure that so much fits the page."""
        if self._y + points > TOP + DEPTH:
            self._new()

    def line(self, text: str, size: float, leading: float, centred: bool = False, inset: float = 0.0) -> None:
        self.keep(leading)
        x = LEFT + ((MEASURE - font().text_length(text, size)) / 2 if centred else inset)
        writer = pymupdf.TextWriter(self._page.rect)
        writer.append((x, self._y + (leading + size * 0.76) / 2), text, font=font(), fontsize=size)
        writer.write_text(self._page)
        self._y += leading

    def number_pages(self) -> None:
        for number, page in enumerate(self._document, 1):
            text = f"— {number} —"
            writer = pymupdf.TextWriter(page.rect)
            writer.append(((WIDTH - font().text_length(text, SMALL)) / 2, TOP + DEPTH + 12 * MM), text, font=font(), fontsize=SMALL)
            writer.write_text(page)


def broken(text: str, measure: float, size: float, length: Callable[[str, float], float] | None = None) -> Iterator[str]:
    """A paragraph's lines, none wider than `measure` points but for one mark that hangs over. An empty paragraph is one empty line."""
    wide = length or font().text_length
    line = ""
    for piece in _pieces(text, measure, size, wide):
        if line and wide(line + piece, size) > measure and piece not in NOT_FIRST:
            kept = line.rstrip(NOT_LAST)
            carried = line[len(kept):]
            yield kept if kept else line
            line = (carried if kept else "") + piece.lstrip(" ")
        else:
            line += piece
    yield line


def _pieces(text: str, measure: float, size: float, wide: Callable[[str, float], float]) -> Iterator[str]:
    for piece in _PIECES.findall(text):
        if wide(piece, size) > measure:
            yield from piece
        else:
            yield piece
