"""A layout's templates become print, and what they print becomes truth.

In:    a template, `⟨保险单号|保单号⟩：{policy_number}　自{period_start}起`, and a paper's values.
       ⟨a|b⟩ is one of several wordings; {name} a value, {name:style} in a given way, {company.address} a part of one,
       {=word} a wording chosen once a paper, {#66####0#} a number of a pattern (pipeline/samples/numbers.py), {staff} somebody's name.
Out:   the printed text. A value that is a field of the paper's type is noted for truth as it is printed, so a field that a layout
       doesn't show is not in its truth.
Fails: KeyError for a value that the paper doesn't have.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from models.paper import Kind, kind_of
from pipeline.samples import numbers
from pipeline.samples.draw.sheet import Paper
from pipeline.samples.values import day_in, from_wan, grouped, in_words, iso, money, plain, wan

MARK = re.compile(r"\{([^{}]+)\}")
_CHOICE = re.compile(r"⟨([^⟨⟩]*)⟩")
_SOMEBODY = "staff"
_HAN = "〇一二三四五六七八九"
_SURNAMES, _GIVEN = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗", "建军志强海燕丽华晓东文博佳慧永明国栋思远雅琴"


def _han(number: int) -> str:
    """A month or a day in Chinese numerals: 12 is 十二, 31 三十一."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _HAN[tens] + "十") + (_HAN[ones] if ones else "")


_DATES: Mapping[str, Callable[[date], str]] = {
    "han": lambda d: f"{''.join(_HAN[int(c)] for c in str(d.year))}年{_han(d.month)}月{_han(d.day)}日",
    "wide": lambda d: f"{d.year} 年 {d.month:02} 月 {d.day:02} 日",
    "short": lambda d: f"{d.year}/{d.month}/{d.day}",
    "hano": lambda d: _DATES["han"](d).replace("〇", "○"),
    "brief": lambda d: f"{d.year % 100}.{d.month}.{d.day}",
    "dotted": lambda d: f"{d.year}.{d.month}.{d.day}",
    "loose": lambda d: f"{d.year}年 {d.month}月 {d.day}日",
    "hanling": lambda d: _DATES["han"](d).replace("〇", "零"),
    "air": lambda d: f"{d.year} 年 {d.month} 月 {d.day} 日",
    "dashed": lambda d: f"{d.year}-{d.month}-{d.day}",
    "digits": lambda d: f"{d.year}{d.month:02}{d.day:02}",
    "points": lambda d: f"{d.year}. {d.month}. {d.day}",
    "hours": lambda d: f"{d.year}年{d.month:02}月{d.day:02}日00时00分",
    "lasthours": lambda d: f"{d.year}年{d.month:02}月{d.day:02}日24时00分",
    "month": lambda d: f"{d.year}年{d.month}月",
    "monthdot": lambda d: f"{d.year}.{d.month}",
    "year": lambda d: str(d.year),
}
_MONTHS = ("month", "monthdot")
_RATES: Mapping[str, Callable[[Decimal], str]] = {
    "pct": lambda r: f"{plain(r)}%",
    "pct2": lambda r: f"{r:.2f}%",
    "spaced": lambda r: f"{r:.2f} %",
    "pct3": lambda r: f"{r:.4f}%",
    "mille2": lambda r: f"{r * 10:.2f}‰",
    "mille": lambda r: f"{plain(r * 10)}‰",
    "of1000": lambda r: f"千分之{_rate_words(r * 10)}",
    "of100": lambda r: f"百分之{_rate_words(r)}",
    "bare": plain,
    "per1000": lambda r: plain(r * 10),
    "full": lambda r: f"{plain(r)}％",
}
_AMOUNTS: Mapping[str, Callable[[Decimal], str]] = {
    "grouped": grouped,
    "cents": money,
    "plain": plain,
    "yuan": lambda a: f"{grouped(a)}元",
    "rmb": lambda a: f"RMB{grouped(a)}",
    "cny": lambda a: f"CNY {grouped(a)}",
    "rmbyuan": lambda a: f"人民币{grouped(a)}元",
    "even": lambda a: f"{a:,.0f}元整" if a == a.to_integral() else f"{grouped(a)}元",
    "yuanplain": lambda a: f"{plain(a)}元",
    "fullwidth": lambda a: f"￥{grouped(a)}",
    "stars": lambda a: f"¥**{grouped(a)}",
    "wanspaced": lambda a: f"{wan(a)} 万元",
    "units": lambda a: f"{a:,.0f}" if a == a.to_integral() else grouped(a),
    "unitsyuan": lambda a: f"{_AMOUNTS['units'](a)}元",
    "centsyuan": lambda a: f"{money(a)}元",
    "spacedyuan": lambda a: f"{grouped(a)} 元",
    "rmbspaced": lambda a: f"RMB {grouped(a)}",
    "cnybehind": lambda a: f"{grouped(a)} CNY",
    "rmbsign": lambda a: f"RMB¥{grouped(a)}",
    "cnytight": lambda a: f"CNY{grouped(a)}",
    "signyuan": lambda a: f"¥{grouped(a)}元",
    "groupedeven": lambda a: f"{grouped(a)}元整",
    "fullcomma": lambda a: grouped(a).replace(",", "，"),
    "wanround": lambda a: f"{wan(a)}（万元）",
    "wordsin": lambda a: f"人民币{in_words(a)}",
    "sign": lambda a: f"¥{grouped(a)}",
    "signed": lambda a: f"￥{money(a)}",
    "wan": wan,
    "wanyuan": lambda a: f"{wan(a)}万元",
    "words": in_words,
    "words正": lambda a: in_words(a).replace("整", "正"),
    "圆": lambda a: in_words(a).replace("元", "圆"),
    "圆正": lambda a: in_words(a).replace("元", "圆").replace("整", "正"),
}


def _rate_words(rate: Decimal) -> str:
    """2.6 is 二点六, 26 二十六."""
    whole, _, part = plain(rate).partition(".")
    return (_han(int(whole)) or "〇") + (f"点{''.join(_HAN[int(c)] for c in part)}" if part else "")


class Words:
    """The values of one paper and how this paper writes them.

    ways: styles of dates, amounts and rates the layout may use ("dates", "money", "rates"), one of each for the whole paper, and its
    wordings chosen once ("words"). decimals: of amounts in 万元.
    """

    def __init__(self, paper: Paper, says: Mapping[str, Any], more: Mapping[str, Any], ways: Mapping[str, Any], rng: Random, decimals: int = 6) -> None:
        self.paper, self.says, self.values, self.rng, self.decimals = paper, says, {**more, **says}, rng, decimals
        self.date = rng.choice(ways.get("dates", ("cn", "cn0")))
        self.money = rng.choice(ways.get("money", ("grouped", "cents")))
        self.rate = rng.choice(ways.get("rates", ("pct",)))
        self.chosen = {name: self.choose(rng.choice(some)) for name, some in ways.get("words", {}).items()}

    def choose(self, template: str) -> str:
        """Settle the wordings, inner ones first."""
        while (spot := _CHOICE.search(template)) is not None:
            template = template[: spot.start()] + self.rng.choice(spot[1].split("|")) + template[spot.end() :]
        return template

    def fill(self, template: str, *, note: bool = True, within: Mapping[str, Any] | None = None) -> str:
        """The printed text. note: whether its fields are truth of this paper; within: values of a repeated row, before the paper's own."""
        return MARK.sub(lambda spot: self._value(spot[1], note, within or {}), self.choose(template))

    def has(self, name: str) -> bool:
        return bool(self.values.get(name))

    def _value(self, token: str, note: bool, within: Mapping[str, Any]) -> str:
        if token[0] == "#":
            return numbers.fill(self.rng, token[1:], self._year())
        if token[0] == "=":
            return self.fill(self.chosen[token[1:]], note=note, within=within)
        if token == _SOMEBODY:
            return self.rng.choice(_SURNAMES) + "".join(self.rng.sample(_GIVEN, self.rng.choice((1, 2, 2))))
        path, _, style = token.partition(":")
        own = path in within
        value: Any = within if own else self.values
        for step in path.split("."):
            value = value[step] if isinstance(value, Mapping) else value[int(step)] if isinstance(value, list) else getattr(value, step)
        printed, true = self._printed(path, value, style)
        if note and not own and path in self.says and true is not None:
            self.paper.put(path, true)
        return printed

    def _year(self) -> int:
        return next((value.year for value in self.values.values() if isinstance(value, date)), 2020)

    def _printed(self, name: str, value: Any, style: str) -> tuple[str, str | None]:
        """A value as printed, and as truth has it; None where a field is left blank."""
        if value is None or value == "":
            return "    年    月    日" if style == "wide" else "", None
        if isinstance(value, date):
            style = style or self.date
            printed = _DATES[style](value) if style in _DATES else day_in(value, style)
            return printed, None if style == "year" else f"{value.year}-{value.month:02}" if style in _MONTHS else iso(value)
        kind = kind_of(name)
        if kind is Kind.PERCENT:
            return _RATES[style or self.rate](value), plain(value)
        if isinstance(value, Decimal) and (style in _AMOUNTS or kind is Kind.MONEY or not style):
            style = style or self.money
            printed = wan(value, self.decimals) if style == "wan" else _AMOUNTS[style](value)
            return printed, money(from_wan(printed) if style == "wan" else value)
        if isinstance(value, (int, Decimal)):
            return plain(Decimal(value)), plain(Decimal(value))
        return str(value), str(value)


def shown(template_text: str) -> frozenset[str]:
    """The names of all values in a layout's templates."""
    return frozenset(token.partition(":")[0].partition(".")[0] for token in MARK.findall(template_text))


__all__ = ["Words", "shown"]
