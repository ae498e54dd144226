"""A voucher's own number.

In:    hits of its labels, rows.
Out:   the number behind the label that names it best; doubted where only No. stands before it.
Fails: None where none stands there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from extractors.confidence import doubted
from extractors.fields import make_field
from extractors.layout import Hit, Piece
from extractors.papers.payment_voucher.date import DATE
from extractors.papers.payment_voucher.labels import LABELS
from extractors.rows import Row
from models.field import Field


def find_number(hits: Mapping[str, Sequence[Hit]], rows: Sequence[Row]) -> Field | None:
    """The voucher's own number; of several the one whose label stands first in the table (回单编号 before 流水号). 凭证号码 beside 凭证种类, or 票据号码 beside 票据种类, numbers the
    cheque or order by which it was paid, so that any other comes before it.
    """
    rank = {label: n for n, label in enumerate(LABELS["voucher_number"])}
    if any(_KIND_OF_ORDER.match(h.wanted) for h in hits["_"]):
        rank |= {label: _OF_AN_ORDER for label in rank if _NUMBER_OF_ORDER.match(label)}
    accounts = {h.piece.folded for h in hits["_"] if _ACCOUNT.search(h.wanted)}
    usable = [h for h in hits["voucher_number"] if not h.blank and h.piece.folded not in accounts and re.search(r"\d{4}", h.piece.folded) and "*" not in h.piece.folded and not DATE.match(h.piece.text.strip())]
    usable.sort(key=lambda h: (h.score < 0.7, rank.get(h.wanted, 99), h.order))
    pieces = [(_with_digits(hit.piece).search(r"[A-Za-z0-9][A-Za-z0-9\-‐‑–—/._]{3,}") or hit.piece, hit.score) for hit in usable]
    made = [field for piece, score in pieces if (field := make_field("voucher_number", piece, found=score)) is not None]
    bare = next((piece for row in rows for span in row.spans if (piece := Piece((span,)).search(_BARE_NUMBER, "v"))), None)
    if made:
        chosen = made[0].over((other, "标签不如所选一处贴切（回单编号先于流水号）") for other in made[1:])
        unclear = rank.get(usable[0].wanted, 0) == _OF_AN_ORDER and (bare is not None or any(other.value != chosen.value for other in made[1:]))
        return doubted(chosen, "另印有No.编号") if unclear else chosen
    told = next((piece for row in rows for span in row.spans if (piece := Piece((span,)).search(_TOLD_NUMBER, "v"))), None)
    if told is not None:
        return make_field("voucher_number", told, found=0.95)
    unknown = next((piece for row in rows for span in row.spans if (piece := Piece((span,)).search(_LIKE_A_NUMBER, "v"))), None)
    if unknown is not None and (like := make_field("voucher_number", unknown, found=0.85)) is not None:
        return doubted(like, "栏目名不在表内，似为编号")
    alone = make_field("voucher_number", bare, found=0.85)
    return doubted(alone, "只有No.，未见编号字样") if alone else None


def _with_digits(piece: Piece) -> Piece:
    """The one of several lines that holds digits: not what is left of the label in another language."""
    lines = [v for v in piece.lines() if re.search(r"\d", v.folded)]
    return lines[0] if len(lines) == 1 else piece


_OF_AN_ORDER = 90  # rank of the number of a cheque or order, which any other that is labelled comes before; beside a printed No. somebody should see which is meant
_ACCOUNT = re.compile(r"[账帐卡]号|[账帐]户|Account")
_KIND_OF_ORDER, _NUMBER_OF_ORDER = re.compile(r"(?:凭证|票据)[种类]"), re.compile(r"(?:凭证|票据|支票)(?:号|编号)")
_BARE_NUMBER = re.compile(r"^(?:N[o0O°º][.:]?|№)(?P<v>(?=.*\d{4})[A-Za-z0-9][A-Za-z0-9\-]{6,29})$")
# what a bank may call its slip's number and no list foresees; not an account's, a bank's, a clerk's or a form's
_LIKE_A_NUMBER = re.compile(r"^(?!.*(?:[账帐]|[客商][户店]|行号|柜员|网点|机构|终端|设备|税|电话|邮政|身份|证件|合同|保单|保险单|发票|验证|校验|防伪|批次|打印|卡号))[\u4e00-\u9fff]{1,8}(?:编号|单号|号码|序号|流水号|识别号)[:：]?(?P<v>(?=.*\d{4})[A-Za-z0-9][A-Za-z0-9\-]{6,29})$")
_TOLD_NUMBER = re.compile(r"^第(?P<v>(?=.*\d{4})[A-Za-z0-9][A-Za-z0-9\-]{6,29})号$")  # beside the date in a slip's head: 第 PZ2020570882 号
