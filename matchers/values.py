"""Whether two readings of one fact agree, by the rulebook's tolerances.

In:    two `Field`s of the same kind, from two papers.
Out:   True or False: money within half of the coarser one's last digit, rates within 0.005 points, a month with each of its days,
       numbers of documents and names after normalisation.
Fails: never; a value that isn't of its kind agrees only with the same text.
Elsewhere: products, which agree by meaning (matchers/catalogue.py); which values are compared (pipeline/rules/consistency.py).
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from matchers.names import normalise, same_or_branch
from models.dates import same_time
from models.field import Field
from models.money import Money
from models.paper import Kind, kind_of
from models.text import compact

RATE_TOLERANCE = Decimal("0.005")  # percentage points
_RAW_NUMBER = re.compile(r"\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_FINEST, _COARSEST_GUESS = Decimal("0.01"), Decimal(1)
INSURER_FIELDS = frozenset({"insurer_name"})


def money_of(field: Field) -> Money | None:
    """The amount of a money field, and the step of the last digit in which it is printed (2.3763 in 万元 is good to 1 yuan).

    Where the print wasn't kept, the last digit of the value that isn't zero tells, down to whole yuan.
    """
    amount = field.decimal
    return None if amount is None else _money(amount, field.raw)


@lru_cache(maxsize=65536)
def _money(amount: Decimal, raw: str) -> Money:
    for found in _RAW_NUMBER.findall(compact(raw)):
        digits = found.replace(",", "").replace("，", "")
        number = Decimal(digits)
        if number and amount and (factor := amount / number) in _FACTORS:
            return Money(amount, max(_FINEST, factor.scaleb(-len(digits.partition(".")[2]))))
    if raw:
        return Money(amount, _FINEST)
    step = _FINEST
    while step < _COARSEST_GUESS and amount % (step * 10) == 0:
        step *= 10
    return Money(amount, step)


_FACTORS = frozenset(Decimal(10) ** n for n in range(9))


def same_amount(a: Field, b: Field) -> bool:
    """Whether two money fields can be one amount."""
    left, right = money_of(a), money_of(b)
    return left is not None and right is not None and left.agrees(right)


def same_rate(a: Decimal, b: Decimal) -> bool:
    """Whether two rates in percent agree within the rulebook's tolerance."""
    return abs(a - b) <= RATE_TOLERANCE


def agree(name: str, a: Field, b: Field) -> bool:
    """Whether two values of a field can be the same fact. name: the field's, which tells its kind."""
    kind = kind_of(name)
    if kind is Kind.MONEY:
        return same_amount(a, b)
    if kind in (Kind.PERCENT, Kind.QUANTITY):
        left, right = a.decimal, b.decimal
        if left is None or right is None:
            return a.text == b.text
        return same_rate(left, right) if kind is Kind.PERCENT else left == right
    if kind is Kind.DATE:
        return same_time(a.text, b.text)
    if name in INSURER_FIELDS:
        return same_or_branch(a.text, b.text)
    return bool(normalise(a.text)) and normalise(a.text).upper() == normalise(b.text).upper()


def same_value(name: str, a: Field, b: Field) -> bool:
    """Whether two values are written alike: what one reading proves of the other. Stricter than `agree`."""
    kind = kind_of(name)
    if kind in (Kind.MONEY, Kind.PERCENT, Kind.QUANTITY):
        return a.decimal is not None and a.decimal == b.decimal
    return bool(normalise(a.text)) and normalise(a.text) == normalise(b.text)
