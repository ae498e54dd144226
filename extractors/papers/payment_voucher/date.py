"""The day on which a voucher says that it was paid.

In:    hits of its labels, rows.
Out:   the day, that of the payment itself before that of its booking; never that of printing or faxing.
Fails: None where none stands there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from extractors.confidence import doubted
from extractors.fields import choose, make_field
from extractors.layout import Hit
from extractors.rows import Row
from models.dates import parse_date
from models.field import Field

_PRINTED = re.compile(r"打印|印制|版本|有效期")
_FAXED = re.compile(r"FAX|传真|P\.\d{2}$", re.IGNORECASE)  # what a fax machine prints across the head of a page: when, from where, which page
DATE = re.compile(r"(?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日?|(?:19|20)\d\d\s*([-./])\s*\d{1,2}\s*\1\s*\d{1,2}(?!\d)")

_SURE_LABEL = 0.8
# the day of the payment itself, of its booking, of the order or the receipt; the first kind that a voucher shows is the day on which it was paid
_KINDS_OF_DATE = (r"交易|划[转款付]|转讫|结算|付款|支付|转账|汇款|完成|扣款|[汇转]出|Payment|Transaction|Execution|Debit|Transfer", r"[记入到出]账|记帐|会计|Value", r"业务|处理", r"^(?!.*(?:出票|签发|委托|提交|凭证))", r"")


def _rank_of_date(hit: Hit) -> int:
    return next(n for n, kind in enumerate(_KINDS_OF_DATE) if re.search(kind, hit.wanted))


def find_paid_on(hits: Mapping[str, Sequence[Hit]], rows: Sequence[Row]) -> Field | None:
    """The day on which it was paid: labelled so, else the first date that isn't the day of printing."""
    hits_ = sorted((h for h in hits["paid_on"] if h.score >= _SURE_LABEL), key=lambda h: (_rank_of_date(h), -round(h.score, 2), h.order))
    made = choose("paid_on", hits_ or hits["paid_on"], fits=lambda f: len(f.text) == 10)
    if made is not None:
        rivals = {f.text for h in hits_ if _rank_of_date(h) == _rank_of_date(hits_[0]) and not h.blank and (f := make_field("paid_on", h.piece))} - {made.text}
        if hits_ and _rank_of_date(hits_[0]) == len(_KINDS_OF_DATE) - 1:  # the day on which a cheque was drawn, where the paper shows another, too
            rivals |= {day for row in rows if not _FAXED.search(row.text) for m in DATE.finditer(row.text) if not _PRINTED.search(row.text[: m.start()]) and (day := parse_date(m[0])) and day > made.text}
        return doubted(made, "另有" + "、".join(sorted(rivals))) if rivals and len({h.order[0] for h in hits_}) == 1 else made
    for row in rows:
        for m in () if _FAXED.search(row.text) else DATE.finditer(row.text):
            if not _PRINTED.search(row.text[: m.start()]) and parse_date(m[0]):
                found = make_field("paid_on", row.piece(m.start(), m.end()), found=0.85)
                if found:
                    return found
    return None
