"""What a reviewer types for a field, as the contract writes it.

In:    the paper's type (None for the claim's own value), the field, the text as typed: 37.947万元, 2021年1月5日, 百分之三, 是.
Out:   `Edit` with the value in the contract's form: 379470.00, 2021-01-05, 3, True.
Fails: never; where the text can't be one, `Edit.error` says which form is expected.
Strict where extraction is generous: the whole text has to be the value, nothing is picked out of it and nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple

from stdnum.cn import uscc

from models.dates import find_dates
from models.money import UNITS, find_words, parse_words, yuan
from models.numbers import parse_percent, plain
from models.paper import CLAIM_FIELDS, Kind, PaperType
from models.text import HAS_CJK, clean, compact
from pipeline.labels import TRACK, Language, label, value_words
from pipeline.review.resorting import contract_fields
from pipeline.review.values import BEYOND, kind

LONGEST = 4_000  # characters of a business scope
NAME_LONGEST, NUMBER_LONGEST = 120, 60
MOST_MONEY, MOST_QUANTITY = Decimal(10) ** 13, Decimal(10) ** 10

# what is expected, by its name in labels.toml
MONEY = "money"
PERCENT = "percent"
DATE = "date"
QUANTITY = "quantity"
NAME = "name"
NUMBER = "number"
EMPTY = "empty"
UNKNOWN = "unknown"
PHONE = "phone"
ACCOUNT = "account"
CREDIT_CODE = "credit_code"
MONEY_UNIT, DATE_NONE, UNPRINTABLE, TOO_LONG, CHOOSE = "money_unit", "date_none", "unprintable", "longest", "choose"

_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_AMOUNT = re.compile(rf"(?:人民币|RMB|CNY)?[¥￥]?(?P<number>{_NUMBER.pattern})(?P<unit>百万元|千元|万元|亿元|万|亿|元)?整?")
_PERCENT = re.compile(r"(?:\d+(?:\.\d+)?[%‰]?|(?:百分之|千分之)(?:\d+(?:\.\d+)?|[零一二三四五六七八九十点]+))")
_DAY = re.compile(r"(?:(\d{4})[-./年](\d{1,2})(?:[-./月](\d{1,2})日?)?月?|(\d{4})(\d\d)(\d\d))")
_CODE = re.compile(r"[0-9A-Za-z\u4e00-\u9fff（）()〔〕\[\]【】\-—_/\\.·#*+&]+")
_PHONE = re.compile(r"\+?[\d\-()（）]{7,20}(?:(?:转|-|ext\.?)\d{1,6})?")


class Edit(NamedTuple):
    """value: in the contract's form, None where `error` says what is expected instead."""

    value: str | bool | None
    error: str = ""


def parse_edit(paper: PaperType | None, field: str, text: str, language: Language = Language.ZH) -> Edit:
    """A typed text as the field's value. paper: None for the claim's own fields; language: of who is told what is expected."""
    edit = _parsed(paper, field, text)
    if not edit.error:
        return edit
    between = "或" if language is Language.ZH else " or "
    choices = between.join(f"“{entry[language.value]}”" for entry in value_words(field).values())
    return Edit(None, label("edit", edit.error, language).format(n=LONGEST, choices=choices))


def _parsed(paper: PaperType | None, field: str, text: str) -> Edit:
    """The same with the name of what is expected."""
    if field not in ((*CLAIM_FIELDS, TRACK) if paper is None else contract_fields(paper)) and field not in BEYOND:
        return Edit(None, UNKNOWN)
    if any(unicodedata.category(c) == "Cc" and c not in "\t\r\n" for c in text) or len(text) > LONGEST:
        return Edit(None, UNPRINTABLE if len(text) <= LONGEST else TOO_LONG)
    if not compact(text):
        return Edit(None, EMPTY)
    return _coded(field, text) if value_words(field) else _SPECIAL[field](text) if field in _SPECIAL else _BY_KIND[kind(field)](text)


# ---------------------------------------------------------------- kinds


def _coded(field: str, text: str) -> Edit:
    """A value that is one of a few: by its code or its words in either language, insurance years by number too."""
    typed = compact(text).casefold()
    entries = value_words(field)
    yes = {"true": ("有", "√", "☑", "y", "1"), "false": ("无", "没有", "×", "n", "0")} if kind(field) is Kind.YES_NO else {}
    for value, entry in entries.items():
        if typed in {value.casefold(), *(compact(word).casefold() for word in entry.values()), *yes.get(value, ())}:
            return Edit(value == "true" if kind(field) is Kind.YES_NO else value)
    return Edit(None, CHOOSE)


def _money(text: str) -> Edit:
    typed = compact(text)
    found = _AMOUNT.fullmatch(typed)
    if found:
        amount = Decimal(found["number"].replace(",", "")) * UNITS[found["unit"] or ""]
    else:
        bare = typed.removeprefix("人民币").removeprefix("大写")
        words = parse_words(bare) if find_words(bare) == bare else None
        if words is None:
            return Edit(None, MONEY)
        amount = words.amount
    if amount != amount.quantize(Decimal("0.01")):
        return Edit(None, MONEY_UNIT)
    return Edit(yuan(amount)) if amount < MOST_MONEY else Edit(None, MONEY)


def _percent(text: str) -> Edit:
    typed = compact(text)
    value = parse_percent(typed) if _PERCENT.fullmatch(typed) else None
    return Edit(value) if value is not None and 0 <= Decimal(value) <= 100 else Edit(None, PERCENT)


def _date(text: str) -> Edit:
    typed = compact(text)
    day = _DAY.fullmatch(typed)
    found = find_dates("-".join(part for part in day.groups() if part) if day else typed)
    whole = len(found[0].value) == (10 if day[3] or day[6] else 7) if found and day else bool(found) and (found[0].start, found[0].end) == (0, len(typed))
    if len(found) == 1 and whole:
        return Edit(found[0].value)
    return Edit(None, DATE_NONE if day else DATE)


def _quantity(text: str) -> Edit:
    typed = compact(text)
    number = Decimal(typed.replace(",", "")) if _NUMBER.fullmatch(typed) else None
    return Edit(plain(number)) if number is not None and number < MOST_QUANTITY else Edit(None, QUANTITY)


def _name(text: str) -> Edit:
    value = clean(text)
    told = [c for c in value if c.isalpha()]
    return Edit(value) if len(told) >= 2 and len(value) <= NAME_LONGEST and (HAS_CJK.search(value) or value.isascii()) else Edit(None, NAME)


def _code(text: str) -> Edit:
    value = clean(text)
    return Edit(value) if _CODE.fullmatch(compact(value)) and any(c.isalnum() for c in value) and len(value) <= NUMBER_LONGEST else Edit(None, NUMBER)


def _text(text: str) -> Edit:
    return Edit(clean(text))


def _phone(text: str) -> Edit:
    value = clean(text)
    return Edit(value) if _PHONE.fullmatch(value) and sum(c.isdigit() for c in value) >= 7 else Edit(None, PHONE)


def _account(text: str) -> Edit:
    digits = re.sub(r"[-]", "", compact(text))
    return Edit(digits) if re.fullmatch(r"\d{8,32}", digits) else Edit(None, ACCOUNT)


def _credit_code(text: str) -> Edit:
    value = compact(text).upper()
    return Edit(value) if uscc.is_valid(value) else Edit(None, CREDIT_CODE)


_BY_KIND: Mapping[Kind, Callable[[str], Edit]] = {
    Kind.MONEY: _money, Kind.PERCENT: _percent, Kind.DATE: _date, Kind.QUANTITY: _quantity, Kind.NAME: _name, Kind.NUMBER: _code, Kind.TEXT: _text,
}
_SPECIAL: Mapping[str, Callable[[str], Edit]] = {
    **dict.fromkeys(("contact_phone", "insurer_phone", "buyer_phone", "seller_phone"), _phone),
    **dict.fromkeys(("bank_account", "seller_bank_account", "buyer_bank_account"), _account),
    "credit_code": _credit_code,
}
