"""The names that other makers' papers draw from, kept in stock.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.samples.catalogue import KINDS, read_kinds
from pipeline.samples.world import Stock


def stock() -> Stock:
    """Insurers, banks, cities, trades and patterns of numbers, none of them the plain family's but for two of the largest banks."""
    return read_stock(Path(__file__).parent / "stock.toml")


@cache
def read_stock(file: Path) -> Stock:
    """The names of a table."""
    table: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    rows = {name: tuple(tuple(row) for row in table[name]) for name in ("insurers", "banks")}
    return Stock(
        **{name: tuple(value) for name, value in table.items() if isinstance(value, list) and name not in rows},
        insurers=tuple((head, branch, short, policy, tuple(products)) for head, branch, short, policy, products in rows["insurers"]),
        banks=rows["banks"],
        cities={name: tuple(value) for name, value in table["cities"].items()},
        makers={track: tuple(map(tuple, lines)) for track, lines in table["makers"].items()},
        kinds={track: read_kinds(track, lines) for track, lines in table["kinds"].items()} if "kinds" in table else KINDS,
        users={track: tuple(map(tuple, lines)) for track, lines in table["users"].items()},
    )
