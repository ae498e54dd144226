"""Text that knows where it stands.

In:    lines of read pages (`models.page`).
Out:   `Span` (a stretch of one line), `Piece` (text of one or more), text in the form in which it is compared (`fold`).
Fails: never; an empty piece has no page, and asking for it raises IndexError.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from models.field import Region
from models.geometry import Box, hull
from models.page import Line, Page


@dataclass(frozen=True, eq=False)
class Span:
    """Characters `start` to `end` of one line of one page."""

    page: Page
    line: Line
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.line.text[self.start : self.end]

    @property
    def box(self) -> Box:
        return self.line.box if self.start == 0 and self.end == len(self.line.text) else self.line.part(self.start, self.end)


@lru_cache(maxsize=4096)
def fold(text: str) -> tuple[str, tuple[int, ...]]:
    """Text as it is compared (NFKC, no white space), and for each of its characters the offset in the text given."""
    out: list[str] = []
    at: list[int] = []
    for i, c in enumerate(text):
        for f in unicodedata.normalize("NFKC", c):
            if not f.isspace():
                out.append(f)
                at.append(i)
    return "".join(out), tuple(at)


_LATIN_END = re.compile(r"[A-Za-z]{2}$")
_LATIN_START = re.compile(r"[A-Za-z]{2}")


def _glue(before: str, after: str) -> str:
    """What stands between two lines of one wrapped text: a blank between Latin words, else nothing."""
    return " " if _LATIN_END.search(before) and _LATIN_START.match(after) and not (before[-4:].isupper() and after[:4].isupper()) else ""


@dataclass(frozen=True, eq=False)
class Piece:
    """A text that knows where it stands: parts of one or more lines, in reading order, wrapped lines joined.

    Offsets count in `.text`. Slicing (`piece[3:8]`) and `.search` give pieces again.
    """

    spans: tuple[Span, ...]
    via: tuple[str, str] = ("", "")  # the label that led here, as printed, and where the piece stood to it (`Hit.how`)

    @cached_property
    def _chars(self) -> tuple[str, tuple[tuple[int, int], ...]]:
        text, at = "", []
        for n, span in enumerate(self.spans):
            own = span.text
            glue = _glue(text, own) if n else ""
            at += [(-1, -1)] * len(glue) + [(n, span.start + i) for i in range(len(own))]
            text += glue + own
        return text, tuple(at)

    @property
    def text(self) -> str:
        return self._chars[0]

    @property
    def folded(self) -> str:
        """The text in the form in which it is compared: NFKC without white space."""
        return fold(self.text)[0]

    def __len__(self) -> int:
        return len(self.text)

    def __bool__(self) -> bool:
        return bool(self.folded)

    def __add__(self, other: Piece) -> Piece:
        return Piece(self.spans + other.spans, self.via)

    def __getitem__(self, part: slice) -> Piece:
        """The piece that holds these characters of `.text`."""
        start, stop, _ = part.indices(len(self.text))
        spans: list[Span] = []
        at = self._chars[1]
        for n, offset in at[start:stop]:
            if n < 0:
                continue
            whole = self.spans[n]
            if spans and spans[-1].line is whole.line and spans[-1].page is whole.page and spans[-1].end == offset:
                spans[-1] = replace(spans[-1], end=offset + 1)
            else:
                spans.append(Span(whole.page, whole.line, offset, offset + 1))
        return Piece(tuple(spans), self.via)

    def between(self, start: int, end: int) -> Piece:
        """The piece that holds these characters of `.folded`."""
        at = fold(self.text)[1]
        return self[at[start] : at[end - 1] + 1] if start < end <= len(at) else Piece(())

    def search(self, pattern: str | re.Pattern[str], group: int | str = 0) -> Piece | None:
        """The first match of a pattern in `.folded` (or one group of it) as a piece; None where it doesn't match or is empty."""
        found = re.search(pattern, self.folded)
        if not found or found[group] is None or found.start(group) == found.end(group):
            return None
        return self.between(found.start(group), found.end(group))

    def findall(self, pattern: str | re.Pattern[str], group: int | str = 0) -> list[Piece]:
        """All matches of a pattern in `.folded` as pieces."""
        return [self.between(m.start(group), m.end(group)) for m in re.finditer(pattern, self.folded) if m.start(group) < m.end(group)]

    def stripped(self, characters: str = " \t:：;；,，。、") -> Piece:
        """Without these characters (and white space) at both ends."""
        text = self.text
        start, end = 0, len(text)
        while start < end and (text[start] in characters or text[start].isspace()):
            start += 1
        while end > start and (text[end - 1] in characters or text[end - 1].isspace()):
            end -= 1
        return self[start:end]

    def lines(self) -> list[Piece]:
        """One piece for each line that takes part."""
        return [Piece((span,), self.via) for span in self.spans]

    def doubtful(self, below: float) -> list[tuple[str, float]]:
        """The letters and digits read with less than this, the weakest first."""
        each = ((c, span.line.certainty(span.start + i, span.start + i + 1)) for span in self.spans if len(span.line.sure) == len(span.line.text) for i, c in enumerate(span.text))
        return sorted((pair for pair in each if pair[1] < below and pair[0].isalnum()), key=lambda pair: pair[1])

    @property
    def page(self) -> Page:
        """The page on which the piece begins. Raises IndexError where the piece is empty."""
        return self.spans[0].page

    @property
    def box(self) -> Box:
        """Around all of the piece that stands on its first page."""
        return hull(span.box for span in self.spans if span.page is self.page)

    @property
    def region(self) -> Region:
        return Region(file=self.page.file, page=self.page.number, box=self.box.rounded())

    @property
    def confidence(self) -> float:
        """How sure the reading is: that of the weakest character, blanks and brackets (of either width the same) left aside; 0 where there is none."""
        return self._weakest(lambda c: not c.isspace() and c not in "()（）[]［］")

    @property
    def letter_confidence(self) -> float:
        """The same of letters and digits only: what stands between them (commas, brackets, boxes) is often read with less."""
        return self._weakest(str.isalnum)

    def _weakest(self, counts: Callable[[str], bool]) -> float:
        least, seen = 1.0, False
        for span in self.spans:
            line = span.line
            if len(line.sure) != len(line.text):
                least, seen = min(least, line.confidence), True
                continue
            for i in range(span.start, span.end):
                if counts(line.text[i]):
                    least, seen = min(least, line.sure[i]), True
        return least if seen else min((span.line.confidence for span in self.spans), default=0.0)


NOTHING = Piece(())


def piece_of(page: Page, lines: Line | Iterable[Line]) -> Piece:
    """The whole of these lines of a page, in the order given."""
    every = (lines,) if isinstance(lines, Line) else tuple(lines)
    return Piece(tuple(Span(page, line, 0, len(line.text)) for line in every if line.text))
