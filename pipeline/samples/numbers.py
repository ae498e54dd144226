"""Numbers that papers bear: credit codes, accounts, phones, documents. Invented, of the right form, with right check digits.

In:    a random.Random.
Out:   text. Elsewhere: whose number it is (pipeline/samples/world.py).
"""

from __future__ import annotations

from random import Random

from stdnum.cn import uscc

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_MOBILE_PREFIXES = ("134", "135", "137", "138", "139", "150", "151", "152", "157", "158", "180", "181", "186", "188", "189")


def fill(rng: Random, pattern: str, year: int = 0) -> str:
    """A number of a pattern: # a digit, @ a capital letter, {y} the year, {yy} its last two digits."""
    text = pattern.replace("{yy}", f"{year % 100:02}").replace("{y}", str(year))
    return "".join(rng.choice("0123456789") if c == "#" else rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ") if c == "@" else c for c in text)


def credit_code(rng: Random, region: str, institution: bool = False) -> str:
    """A 统一社会信用代码 whose two check digits are right. region: six digits (GB/T 2260)."""
    old = region and not institution and rng.random() < 0.4
    body = fill(rng, "########") if old else "MA" + "".join(rng.choice(_USCC_ALPHABET) for _ in range(6))
    total = sum(int(c, 36) * w for c, w in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    check = "0123456789X0"[(11 - total % 11) % 11 if total % 11 != 1 else 10]
    number = ("12" if institution else "91") + region + body + check
    return str(number + uscc.calc_check_digit(number))


def mobile(rng: Random) -> str:
    return rng.choice(_MOBILE_PREFIXES) + fill(rng, "########")


def landline(rng: Random, area: str) -> str:
    return f"{area}-{rng.choice('5678')}{fill(rng, '#######')}"


def account(rng: Random, prefix: str, length: int) -> str:
    return prefix + "".join(rng.choice("0123456789") for _ in range(length - len(prefix)))
