"""A value in the contract's form as a person reads it.

In:    a field's name and its value ("379470.00", "2.6", "2021-01-31", True, "complete_set").
Out:   379,470.00 元, 2.6 %, 2021年1月31日, 是, 单台装备或成套设备; in English CNY 379,470.00, 2.6 %, 2021-01-31, Yes.
Fails: never; a value that isn't in its kind's form is shown as it is.
Elsewhere: from what a person types back to the contract's form (pipeline/review/edits.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from models.paper import Kind, kind_of
from pipeline.labels import Language, value_words

# what papers show beyond the contract's fields, and columns of their tables
BEYOND: Mapping[str, Kind] = {
    **dict.fromkeys(("amount_in_words", "sum_insured_in_words", "contract_amount_in_figures", "limit"), Kind.MONEY),
    **dict.fromkeys(("issued_on", "applicant_signature_date"), Kind.DATE),
    **dict.fromkeys(("seller_phone", "seller_bank_account", "buyer_bank_account"), Kind.NUMBER),
    **dict.fromkeys(("seller_bank_name", "buyer_bank_name"), Kind.NAME),
}
_DAY = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?")


def kind(field: str) -> Kind:
    """How a value is written, also of what is beyond the contract's fields."""
    return BEYOND.get(field) or kind_of(field)


def shown(field: str, value: str | bool, language: Language = Language.ZH) -> str:
    """A value as a person reads it."""
    text = ("true" if value else "false") if isinstance(value, bool) else value
    coded = value_words(field).get(text)
    if coded:
        return str(coded[language.value])
    what = kind(field)
    if what is Kind.MONEY:
        return _money(text, language)
    if what is Kind.PERCENT and _is_number(text):
        return f"{text} %"
    if what is Kind.DATE and language is Language.ZH and (day := _DAY.fullmatch(text)):
        return f"{day[1]}年{int(day[2])}月" + (f"{int(day[3])}日" if day[3] else "")
    return text


def _money(text: str, language: Language) -> str:
    try:
        amount = f"{Decimal(text):,.2f}"
    except InvalidOperation:
        return text
    return f"{amount} 元" if language is Language.ZH else f"CNY {amount}"


def _is_number(text: str) -> bool:
    return re.fullmatch(r"\d+(?:\.\d+)?", text) is not None
