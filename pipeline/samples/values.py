"""How invented papers write money, dates and rates, and how truth writes them.

In:    Decimal yuan, dates.
Out:   what is printed ("379,470.00", "37.947", "叁拾柒万玖仟肆佰柒拾元整", "2020年3月1日") and the contract's own format ("379470.00", "2020-03-01").
Elsewhere: which paper prints which of them (pipeline/samples/draw).
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
WAN = Decimal(10000)
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_SECTIONS = ("", "万", "亿", "万亿")
_PLACES = ("", "拾", "佰", "仟")


def cents(amount: Decimal) -> Decimal:
    """Rounded to the cent, half up, as insurers' systems do."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def floor_cents(amount: Decimal) -> Decimal:
    """Cut off below the cent: what an applicant may ask for at most."""
    return amount.quantize(CENT, ROUND_DOWN)


def plain(number: Decimal) -> str:
    """Without exponent and trailing zeros: 2.50 → "2.5", 1E+1 → "10"."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(amount: Decimal) -> str:
    """The contract's money: "379470.00"."""
    return format(cents(amount), "f")


def grouped(amount: Decimal) -> str:
    """Printed with thousands' commas: "379,470.00"."""
    return format(cents(amount), ",.2f")


def wan(amount: Decimal, decimals: int = 6) -> str:
    """Printed in 万元 with at most so many decimals and no trailing zeros: "37.947"."""
    return plain((amount / WAN).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def from_wan(printed: str) -> Decimal:
    """Yuan that a figure printed in 万元 states."""
    return Decimal(printed) * WAN


def in_words(amount: Decimal) -> str:
    """Yuan in capital numerals (大写) without 人民币: "叁拾柒万玖仟肆佰柒拾元整", "壹佰零伍元零叁分".

    amount: 0.01 to below 10^16, in cents.
    Source: 正确填写票据和结算凭证的基本规定.
    """
    whole, fraction = divmod(int(cents(amount) * 100), 100)
    text = _whole_in_words(whole) + "元" if whole else ""
    jiao, fen = divmod(fraction, 10)
    if not fraction:
        return text + "整"
    if jiao:
        text += _DIGITS[jiao] + "角"
    elif whole:
        text += "零"
    return text + (_DIGITS[fen] + "分" if fen else "整")


def _whole_in_words(number: int) -> str:
    sections: list[int] = []
    while number:
        number, section = divmod(number, 10000)
        sections.append(section)
    text = ""
    for place in range(len(sections) - 1, -1, -1):
        section = sections[place]
        if not section:
            continue
        if text and (section < 1000 or sections[place + 1] == 0):
            text += "零"
        text += _section_in_words(section) + _SECTIONS[place]
    return text


def _section_in_words(section: int) -> str:
    text, gap = "", False
    for place in (3, 2, 1, 0):
        digit = section // 10**place % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = True
    return text


def iso(day: date) -> str:
    return day.isoformat()


def day_in(day: date, style: str) -> str:
    """A day as papers write it. style: "cn" 2020年3月1日, "cn0" 2020年03月01日, "dash", "dot", "slash"."""
    match style:
        case "cn":
            return f"{day.year}年{day.month}月{day.day}日"
        case "cn0":
            return f"{day.year}年{day.month:02}月{day.day:02}日"
        case "dot":
            return f"{day.year}.{day.month:02}.{day.day:02}"
        case "slash":
            return f"{day.year}/{day.month:02}/{day.day:02}"
        case _:
            return day.isoformat()


def year_after(day: date) -> date:
    """The last day of a year's insurance that begins on `day`."""
    try:
        return day.replace(year=day.year + 1) - timedelta(days=1)
    except ValueError:  # 29 February
        return date(day.year + 1, 2, 28)


def years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 2, 28)
