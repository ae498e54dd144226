"""Personal data kept from those who needn't see it: telephones, accounts, ID numbers.

In:    a value by its field, or a text in which such values may stand.  Out: the same with all but a few characters as asterisks.
Fails: never.
Numbers of policies, invoices and contracts are no personal data and stay: in running text only what looks like a telephone or an ID number is masked,
and every account and telephone that the claim itself names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from models.claim import Claim
from models.field import Field
from models.paper import Kind, kind_of

PERSONAL = frozenset({"contact_phone", "insurer_phone", "buyer_phone", "seller_phone", "bank_account", "seller_bank_account", "buyer_bank_account"})
_MOBILE = re.compile(r"(?<![\dA-Za-z])1[3-9]\d{9}(?!\d)")
_LANDLINE = re.compile(r"(?<![\dA-Za-z-])0\d{2,3}-\d{7,8}(?!\d)")
_ID = re.compile(r"(?<![\dA-Za-z])[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])")
_VALUES = frozenset({"read", "corrected", "typed"})  # what the log tells of a value
_LEAST = 7  # digits of a telephone or an account


def masked_value(field: str, value: str) -> str:
    """A field's value, masked where the field is personal: 138****0001, ****0001 of an account."""
    if field in PERSONAL:
        return _hidden(value)
    return value if kind_of(field) is Kind.NUMBER else masked(value)


def personal_values(claim: Claim) -> frozenset[str]:
    """Every telephone and account that the claim's papers show."""
    return frozenset(field.text for fields in _all(claim) for name, field in fields.items() if name in PERSONAL and len(re.sub(r"\D", "", field.text)) >= _LEAST)


def masked(text: str, values: Iterable[str] = ()) -> str:
    """A text without telephones and ID numbers, and without any of `values` (`personal_values`)."""
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value, _hidden(value))
    for pattern in (_ID, _MOBILE, _LANDLINE):
        text = pattern.sub(lambda found: _hidden(found[0]), text)
    return text


def masked_detail(detail: str) -> str:
    """A line of the log, as JSON, without personal values: all that was said of a personal field, and telephones and ID numbers elsewhere."""
    if not detail:
        return ""
    told = json.loads(detail)
    if told.get("field") in PERSONAL:
        told = {key: _hidden(value) if key in _VALUES and isinstance(value, str) else value for key, value in told.items()}
    return masked(json.dumps(told, ensure_ascii=False, sort_keys=True))


def _hidden(value: str) -> str:
    if _MOBILE.fullmatch(value):
        return f"{value[:3]}****{value[-4:]}"
    if _ID.fullmatch(value):
        return f"{value[:6]}********{value[-4:]}"
    return "****" + value[-4:] if len(value) > 4 else "*" * len(value)


def _all(claim: Claim) -> Iterable[dict[str, Field]]:
    yield claim.fields
    for paper in claim.papers:
        yield paper.fields
        yield paper.extra
