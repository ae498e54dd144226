"""A fourth family: large property insurers' schedules, foreign banks, tender offices, the new fully digital invoices; drawn after the rules of extraction were written, by hands that had not seen them.

In:    layouts/<type>.toml (written as pipeline/samples/held/layouts/README.md tells), stock.toml.
Out:   `paint`, `cover`, `stray`, `stock`. Offices put the same furniture on these papers as on the third family's.
Whoever writes rules of extraction leaves this folder closed, as pipeline/samples/held.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

from pipeline.samples.case import Case, Values
from pipeline.samples.draw.sheet import Book, Paper
from pipeline.samples.fresh.furniture import furnish
from pipeline.samples.held.paint import cover as cover_of
from pipeline.samples.held.paint import paint as paint_of
from pipeline.samples.held.paint import stray as stray_of
from pipeline.samples.held.stock import read_stock
from pipeline.samples.world import Stock

HOUSE = "novel"


def stock() -> Stock:
    """Insurers, banks, cities, trades and patterns of numbers that no other family has."""
    return read_stock(Path(__file__).parent / "stock.toml")


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
