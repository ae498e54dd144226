"""What is read of an invoice: its rows of goods, its facts, and what speaks for each.

Out:   `Item`, `Read`, `Invoice`; when print that a code contradicts may be misread.
Elsewhere: the contract's fields of it (fields.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from extractors.fields import WEAK
from extractors.layout import NOTHING, Piece


@dataclass(frozen=True)
class Item:
    """A row of goods. name: without its tax category; figures as decimals, None where not read; derived: quantity worked out from price and amount."""

    name: Piece = NOTHING
    category: str = ""
    model: Piece = NOTHING
    unit: str = ""
    quantity: Decimal | None = None
    price: Decimal | None = None
    amount: Decimal | None = None
    tax: Decimal | None = None
    pieces: Mapping[str, Piece] = field(default_factory=dict)
    derived: bool = False
    checked: bool = False  # quantity × price = amount

    @property
    def at_odds(self) -> bool:
        """Whether quantity × price is neither the amount nor the amount with its tax, though all were read."""
        if self.checked or self.derived or not (self.quantity and self.price and self.amount):
            return False
        made = self.quantity * self.price
        return all(abs(made - whole) > abs(whole) / 100 for whole in (self.amount, self.amount + (self.tax or 0)))


@dataclass(frozen=True)
class Read:
    """A value and what speaks for it. support: independent printings that agree (1: itself only). check: None where there was none to make."""

    value: str
    piece: Piece
    support: int = 1
    check: bool | None = None
    why: tuple[str, ...] = ()
    derived: bool = False
    found: float = 1.0  # how surely the place is the value's own
    others: tuple[tuple[Piece, str, str], ...] = ()  # candidates that lost: where, what, why


@dataclass(frozen=True)
class Invoice:
    """One invoice. facts: by field of the contract. words: the amount in words, where read; small: the total in figures beside it, where another was believed."""

    facts: Mapping[str, Read] = field(default_factory=dict)
    items: tuple[Item, ...] = ()
    words: Read | None = None
    small: Read | None = None


def doubtful(piece: Piece) -> bool:
    """Whether print that a code contradicts may be misread; where it was read for sure the paper itself is at odds with its code, for a person to see."""
    return piece.confidence < WEAK


def nearly(a: str, b: str) -> bool:
    """Whether two numbers are one number, one of them misread."""
    return len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) <= 2
