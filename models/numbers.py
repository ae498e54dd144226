"""Percentages and quantities as our papers print them.

In:    "2.60%", "千分之八", "8‰", "百分之三", "3台/套", "12.5 吨", "叁台".
Out:   plain decimals without trailing zeros, as the contract writes them: "2.6", "0.8", "3", "12.5".
Fails: None where no number stands there.
"""

from __future__ import annotations

import re
from decimal import Decimal

from models.money import chinese_integer
from models.text import compact

_PERCENT = re.compile(r"(?P<fraction>百分之|千分之)?(?P<n>\d+(?:\.\d+)?|[零〇一二三四五六七八九十点]+)(?P<sign>‰|%[0oOº°](?![\d.])|%)?")  # %0 is what becomes of ‰
_QUANTITY = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_WORD_QUANTITY = re.compile(r"[零壹一贰二两叁三肆四伍五陆六柒七捌八玖九拾十佰百仟千万]+(?=[台套件个批吨公千支只根项份组条米片把辆艘])")


def plain(number: Decimal) -> str:
    """A decimal without trailing zeros and without exponent."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def parse_percent(text: str) -> str | None:
    """The first percentage of a text, in percent; a bare number counts as percent, ‰ and 千分之 are tenths of it."""
    for m in _PERCENT.finditer(compact(text)):
        number = _decimal(m["n"])
        if number is None or (not m["n"][0].isdigit() and not m["fraction"]):
            continue
        return plain(number / 10 if m["fraction"] == "千分之" or (m["sign"] or "%") != "%" else number)
    return None


def parse_quantity(text: str) -> str | None:
    """The first quantity of a text; its unit is left aside."""
    t = compact(text)
    found = _QUANTITY.search(t)
    if found:
        return plain(Decimal(found[0].replace(",", "")))
    words = _WORD_QUANTITY.search(t)
    number = chinese_integer(words[0]) if words else None
    return str(number) if number is not None else None


def _decimal(text: str) -> Decimal | None:
    text = text.replace("〇", "零")
    if text[0].isdigit():
        return Decimal(text)
    whole, _, part = text.partition("点")
    n = chinese_integer(whole)
    digits = "".join(str("零一二三四五六七八九".index(c)) for c in part if c in "零一二三四五六七八九")
    return None if n is None else Decimal(f"{n}.{digits or 0}")
