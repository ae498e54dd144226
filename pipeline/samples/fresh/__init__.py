"""A third family: offices, insurers, banks, laboratories and copiers that neither of the first two has, drawn later and by other hands.

In:    layouts/<type>.toml (written as pipeline/samples/held/layouts/README.md tells), stock.toml.
Out:   `paint`, `cover`, `stray`, `stock`; papers bear what offices and hands add to them (furniture.py).
Whoever writes rules of extraction leaves this folder closed, as pipeline/samples/held.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from pipeline.samples.case import Case, Values
from pipeline.samples.draw.sheet import Book, Paper
from pipeline.samples.fresh.furniture import furnish
from pipeline.samples.fresh.stock import stock
from pipeline.samples.held.paint import cover as cover_of
from pipeline.samples.held.paint import paint as paint_of
from pipeline.samples.held.paint import stray as stray_of

HOUSE = "fresh"


def paint(book: Book, case: Case, values: Values, rng: Random, name: str = "") -> Paper:
    """Draw a paper in one of the layouts that fit it, or in the layout of that name whether it fits or not."""
    paper = paint_of(book, case, values, rng, name, house=HOUSE)
    furnish(paper, case, rng)
    return paper


def cover(book: Book, case: Case, types: Sequence[str], rng: Random) -> Paper:
    """A cover sheet or a list of what is filed. types: of the papers, in their order."""
    return cover_of(book, case, types, rng, house=HOUSE)


def stray(book: Book, case: Case, rng: Random) -> Paper:
    """A page that no rule asks for."""
    return stray_of(book, case, rng, house=HOUSE)


__all__ = ["HOUSE", "cover", "paint", "stock", "stray"]
