"""Dates, months and periods as our papers print them.

In:    "2020年3月1日", "2020.03.01", "2020-3-1", "20200301", "二〇二〇年三月一日", "2020年3月", "1 Mar 2020", "March 1, 2020", "自…起至…止".
Out:   "YYYY-MM-DD", or "YYYY-MM" where only the month is given.
Fails: None where no date stands there or it doesn't exist in the calendar.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from models.text import compact, nfkc

_NUMERALS = {"〇": 0, "零": 0, "○": 0, "O": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "廿": 20, "卅": 30,
             "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9, "拾": 10}
_N = "".join(_NUMERALS)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_HYPHENS = str.maketrans("\u2010\u2011\u2012\u2212", "----")
_DATE = re.compile(
    rf"(?P<y>(?:19|20)\d\d|[{_N}]{{4}})(?:年|[-./])(?P<m>1[0-2]|0?[1-9]|[{_N}]{{1,3}})(?:月份?|(?P<s>[-./])(?=\d))(?:(?P<d>3[01]|[12]\d|0?[1-9]|[{_N}]{{1,3}})(?:日|号|(?!\d)|(?=\d{{1,2}}:\d\d)|(?=(?:00?|12|24)[时点])))?(?(s)(?(d)|(?=(?:19|20)\d\d[-./年])))"  # a time may follow: 2020-05-01 00:00, 2020-05-01 0时; 2020-05-089 is no month
    r"|(?<!\d)(?P<y8>(?:19|20)\d\d)(?P<m8>0[1-9]|1[0-2])(?P<d8>0[1-9]|[12]\d|3[01])(?:(?!\d)|(?=\d\d:\d\d)|(?=(?:00?|12|24)[时点]))"
    r"|(?<!\d)(?P<y6>(?:19|20)\d\d)[-./](?P<m6>1[0-2]|0?[1-9])(?!\d|[-./]\d)"
    rf"|(?<!\d)(?P<d3>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?[-./,]?(?P<m3>{_MONTH})[-./,]{{0,2}}(?P<y3>(?:19|20)\d\d)(?!\d)"
    rf"|(?<![A-Za-z])(?P<m4>{_MONTH})[-./]?(?P<d4>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?,?(?P<y4>(?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)


_GAP = "\x00"
_BEFORE_TIME = re.compile(r"(?<=\d)\s+(?=\d{1,2}\s?[时点:])")


class FoundDate(NamedTuple):
    """A date in a text: its value in the contract's form and where it stands in the compacted text."""

    value: str
    start: int
    end: int


def find_dates(text: str) -> list[FoundDate]:
    """All dates and months in a text, in order; offsets count in `compact(text)`.

    A blank that parts a date from the time behind it is heeded: 2020-2-1 12时.
    """
    out = []
    parted = compact(_BEFORE_TIME.sub(_GAP, nfkc(text))).translate(_HYPHENS)
    for m in _DATE.finditer(parted):
        named = m["m3"] or m["m4"]
        y, mo, d = m["y"] or m["y8"] or m["y6"] or m["y3"] or m["y4"], m["m"] or m["m8"] or m["m6"], m["d"] or m["d8"] or m["d3"] or m["d4"]
        month = _MONTHS.index(named[:3].lower()) + 1 if named else _number(mo)
        value = _written(_number(y), month, _number(d) if d else None)
        if value:
            before = parted.count(_GAP, 0, m.start())
            out.append(FoundDate(value, m.start() - before, m.end() - before))
    return out


_BRIEF = re.compile(r"(?<![\d.])(?P<y>[12]\d|3[0-5])\.(?P<m>1[0-2]|0?[1-9])\.(?P<d>3[01]|[12]\d|0?[1-9])(?![\d.])")


def find_brief_dates(text: str) -> list[FoundDate]:
    """Dates with two figures for their year, as people write them by hand: 20.3.5. For places where a date must stand; elsewhere they may be anything."""
    found = ((m, _written(2000 + int(m["y"]), int(m["m"]), int(m["d"]))) for m in _BRIEF.finditer(compact(text)))
    return [FoundDate(value, *m.span()) for m, value in found if value]


def parse_date(text: str) -> str | None:
    """The first full date or month in a text."""
    found = find_dates(text)
    return found[0].value if found else None


def parse_period(text: str) -> tuple[str, str] | None:
    """First and last day (or month) of a period: the first two dates of a text, in order of time."""
    found = find_dates(text)
    if len(found) < 2 or found[0].value > found[1].value:
        return None
    return found[0].value, found[1].value


def as_date(value: str, last: bool = False) -> date | None:
    """A contract date as `date`; a month stands for its first day, or its last where `last`."""
    try:
        if len(value) == 7:
            y, m = int(value[:4]), int(value[5:])
            return date.fromordinal(date(y + m // 12, m % 12 + 1, 1).toordinal() - 1) if last else date(y, m, 1)
        return date.fromisoformat(value)
    except ValueError:
        return None


def year_from(first: str) -> str:
    """The last day of the year that begins on a day: 2020-03-01 gives 2021-02-28; "" where the value is no day."""
    day = as_date(first) if len(first) == 10 else None
    return str(date.fromordinal(_moved(day, 1).toordinal() - 1)) if day else ""


def year_until(last: str) -> str:
    """The first day of the year that ends on a day: 2021-02-28 gives 2020-03-01; "" where the value is no day."""
    day = as_date(last) if len(last) == 10 else None
    return str(_moved(date.fromordinal(day.toordinal() + 1), -1)) if day else ""


def _moved(day: date, years: int) -> date:
    """The same day of another year; 1 March where that has no 29 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def same_time(a: str, b: str) -> bool:
    """Whether two contract dates can be the same: a month agrees with each of its days."""
    n = min(len(a), len(b))
    return a[:n] == b[:n]


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    if len(text) == 4:  # 二〇二〇
        return int("".join(str(_NUMERALS[c] % 10) for c in text))
    total = 0
    for i, c in enumerate(text):
        n = _NUMERALS[c]
        if n == 10 and i and total < 10:
            total = total * 10
        else:
            total += n
    return total


def _written(y: int, m: int, d: int | None) -> str | None:
    try:
        date(y, m, d or 1)
    except ValueError:
        return None
    return f"{y:04d}-{m:02d}" + (f"-{d:02d}" if d else "")
