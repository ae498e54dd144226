"""A house: a folder of layouts and names from which a family's papers are drawn, with what offices and hands add to them.

In:    layouts/<type>.toml (written as pipeline/samples/held/layouts/README.md tells) and stock.toml in the folder of the house.
Out:   `House`: its names, papers, covers and stray pages.
Elsewhere: how a layout is pressed (pipeline/samples/held), the furniture of pages (pipeline/samples/fresh/furniture.py, pipeline/samples/remote/furniture.py, pipeline/samples/late/furniture.py, pipeline/samples/apart/furniture.py), a family's scanners (family.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from pipeline.samples import held
from pipeline.samples.case import Case, Values
from pipeline.samples.draw.sheet import Book, Paper
from pipeline.samples.fresh.furniture import furnish
from pipeline.samples.held.stock import read_stock
from pipeline.samples.world import Stock


class House(NamedTuple):
    """name: of the house's folder; furniture: what its offices put on a drawn paper."""

    name: str
    furniture: Callable[[Paper, Case, Random], None] = furnish

    def stock(self) -> Stock:
        """Insurers, banks, cities, trades and patterns of numbers that no other house has."""
        return read_stock(Path(__file__).parent / self.name / "stock.toml")

    def paint(self, book: Book, case: Case, values: Values, rng: Random) -> Paper:
        """Draw a paper in one of the layouts that fit it, with furniture on its pages."""
        paper = held.paint(book, case, values, rng, house=self.name)
        self.furniture(paper, case, rng)
        return paper

    def cover(self, book: Book, case: Case, types: Sequence[str], rng: Random) -> Paper:
        """A cover sheet or a list of what is filed. types: of the papers, in their order."""
        return held.cover(book, case, types, rng, house=self.name)

    def stray(self, book: Book, case: Case, rng: Random) -> Paper:
        """A page that no rule asks for."""
        return held.stray(book, case, rng, house=self.name)
