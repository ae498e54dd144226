"""What the QR code on a VAT invoice says: a second source that misreading can't touch.

In:    the texts of a page's codes.
Out:   `Coded`: number, date and one amount of the invoice; None where no code is an invoice's (a link, a bar code, another paper's).
Fails: never; a part that isn't as it should be is left out.
Source: the codes as printed. Since 2015: 01,kind,code,number of 8 digits,amount without tax,yyyymmdd,check code,CRC. Fully digital invoices (全面数字化的电子发票):
        01,31 or 32,,number of 20 digits,amount with tax,yyyymmdd,,CRC. Any field may be blank, some printers leave the last ones out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from models.dates import parse_date

VERSION = "01"
_NUMBER, _AMOUNT, _DAY = re.compile(r"\d{8}|\d{20}"), re.compile(r"-?\d{1,12}(?:\.\d{1,2})?"), re.compile(r"((?:19|20)\d\d)-?(\d\d)-?(\d\d)")


class Coded(NamedTuple):
    """number: 8 digits, or 20 of a fully digital invoice. day: YYYY-MM-DD, "" where none. amount: yuan, with tax where `whole`, else without; None where none."""

    number: str
    day: str = ""
    amount: Decimal | None = None

    @property
    def whole(self) -> bool:
        return len(self.number) == 20


def parse_code(text: str) -> Coded | None:
    """One code's text; None where it isn't an invoice's."""
    parts = [part.strip() for part in text.replace("，", ",").split(",")]
    if len(parts) < 6 or parts[0] != VERSION or not _NUMBER.fullmatch(parts[3]):
        return None
    day = _DAY.fullmatch(parts[5])
    written = "-".join(day.groups()) if day else ""
    return Coded(parts[3], written if parse_date(written) == written else "", Decimal(parts[4]) if _AMOUNT.fullmatch(parts[4]) else None)


def find_code(texts: Iterable[str]) -> Coded | None:
    """The first of a page's codes that is an invoice's; None too where codes of different invoices stand on the page."""
    found = {coded for text in texts if (coded := parse_code(text))}
    return found.pop() if len(found) == 1 else None
