"""The names that the third family's papers draw from, kept in stock.toml."""

from __future__ import annotations

from pathlib import Path

from pipeline.samples.held.stock import read_stock
from pipeline.samples.world import Stock


def stock() -> Stock:
    """Insurers, banks, cities, trades and patterns of numbers that no other family has."""
    return read_stock(Path(__file__).parent / "stock.toml")
