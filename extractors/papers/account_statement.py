"""Statements of an account handed in as proof of payment (账户明细清单, 交易明细, 银行流水): among other rows the one paid to the insurer.

In:    the pages of one paper.
Out:   that row as a voucher's fields; None where the paper is no statement.
Fails: never. A statement without a row that can be the payment gives an entry without fields: another row is never taken for it.
Elsewhere: who holds the account (extractors/papers/payment_voucher/parties.py); rows below headings (extractors/layout).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extractors.amounts import read_figures
from extractors.confidence import doubted
from extractors.fields import make_field
from extractors.layout import Piece, table_rows
from extractors.organisations import is_organisation
from extractors.rows import one_to_one
from models.field import Field
from models.money import yuan
from models.page import Page

COLUMNS: Mapping[str, Sequence[str]] = {
    "day": ("交易日期", "记账日期", "记帐日期", "交易时间", "入账日期", "业务日期", "会计日期", "发生日期", "记账时间", "记账日", "交易日", "日期"),
    "number": ("交易流水号", "流水号", "凭证号", "凭证号码", "交易序号", "业务编号", "回单编号", "柜员流水号", "主机流水号", "核心流水号", "凭证编号", "交易流水", "流水", "业务流水号", "日志号", "传票号", "交易编号", "付款流水号", "支付流水号", "转账流水号"),
    "out": ("支出金额", "支出", "借方发生额", "借方金额", "借方", "付款金额", "转出金额", "付出金额", "支取金额", "借方发生额/支出", "支出发生额"),
    "in": ("收入金额", "收入", "贷方发生额", "贷方金额", "贷方", "收款金额", "转入金额", "存入金额", "贷方发生额/收入", "收入发生额"),
    "amount": ("交易金额", "发生额", "金额", "交易额"),
    "sense": ("借贷标志", "借贷方向", "借贷", "收支", "收付标志", "收支方向", "收付", "借贷别", "借/贷", "收/支"),
    "payee": ("对方户名", "对方名称", "对方账户名称", "对方帐户名称", "对方账户名", "对方单位", "对方单位名称", "对方全称", "交易对手", "对手户名", "交易对手名称", "交易对手户名", "交易对方", "收款人名称", "收款人户名", "收款人", "收款单位",
              "收款户名", "收款方户名", "收款方名称", "收款方", "收款账户名称", "收款账户名", "收款方账户名称", "入账户名", "收(付)方名称", "收(付)款人", "收/付款人", "收付款人名称", "往来户名", "对方", "收款人名称/账号", "收款人户名/账号", "收款人/账号", "收款单位/账号", "收款方名称/账号", "收款户名/账号"),
    "memo": ("摘要", "用途", "附言", "备注", "交易摘要", "摘要/用途", "用途/摘要", "交易用途", "交易说明", "摘要/附言"),
    "state": ("结果", "处理结果", "状态", "交易状态", "付款结果", "付款状态"),
    "balance": ("余额", "账户余额", "本次余额", "当前余额"),
}
LEAST_HEADINGS = 4
LEAST_ROWS = 2  # of a table that doesn't name the other party, to be taken for a statement
INSURER = re.compile(r"保险(?![柜箱丝杠带粉])|财险|互保|再保|insurance|assurance|property\s?(?:and|&)\s?casualty", re.IGNORECASE)
_PREMIUM = re.compile(r"保费|保险")
_NAMED = re.compile(r"(?:^|[^\u4e00-\u9fff（）()])(?P<v>[\u4e00-\u9fff（）()]{3,30}?保险[\u4e00-\u9fff（）()]{0,12}?(?:公司|社)(?:[\u4e00-\u9fff]{2,12}(?:公司|营业部|中心))?)")
_BALANCE = re.compile(r"[\d,]+\.\d\d(?=[\u4e00-\u9fff])")
_ACCOUNT = re.compile(r"[:：/]?[0-9][0-9\s-]{7,}$")  # that stands below the name in its cell
_FAILED = re.compile(r"失败|退回|退票|拒绝|撤销|冲正|未成功")
_BATCH = re.compile(r"批量|批次|代发|多笔")  # a list of payments made at once, whose day stands over it
_HEAD = 0.3  # of a page's height
_PAID_OUT = re.compile(r"借|支|付|出|往账|D", re.I)


@dataclass(frozen=True)
class Entry:
    """What a statement's row says of the payment; all None where no row can be it."""

    payee_name: Field | None = None
    amount: Field | None = None
    paid_on: Field | None = None
    voucher_number: Field | None = None


def paid_entry(pages: Sequence[Page]) -> Entry | None:
    """The row of a statement by which the premium was paid: money that went out to an insurer. None where the pages hold no statement.

    Of several such rows the first that speaks of a premium, for a person to look at; where none goes to an insurer, the only row or the only one that speaks of a premium.
    """
    table = table_rows(pages, COLUMNS, LEAST_HEADINGS)
    rows = _whole_rows(table.rows)
    batch = "day" not in table.heads and _BATCH.search("".join(line.text for page in pages[:1] for line in page.lines if line.box.cy < _HEAD))
    if ("day" not in table.heads and not batch) or not {"out", "amount"} & table.heads.keys() or len(table.heads) < LEAST_HEADINGS or ("payee" not in table.heads and len(rows) < LEAST_ROWS):
        return None
    signed = any("amount" in row and "-" in row["amount"].folded for row in rows)  # what left the account stands with a minus
    out = [row for row in map(_with_told_payee, rows) if _paid_out(row, signed) is not None]
    to_insurer = [row for row in out if "payee" in row and INSURER.search(row["payee"].folded)]
    of_premium = [row for row in to_insurer or out if _PREMIUM.search(row["memo"].folded if "memo" in row else "")]
    chosen = next(iter(of_premium or to_insurer or (out if len(out) == 1 else ())), None)
    if chosen is None:
        return Entry()
    whole = "payee" not in chosen or is_organisation(chosen["payee"].folded)
    why = "对方户名不完整，可能与上下行相混" if not whole else "未见付给保险机构的一笔" if not to_insurer else "付给保险机构的不止一笔" if len(to_insurer) > 1 else ""
    return Entry(**{name: doubted(f, why) if f is not None and why else f for name, f in _fields(chosen).items()})


def _whole_rows(rows: Sequence[Mapping[str, Piece]]) -> list[dict[str, Piece]]:
    """The rows with those joined to the one before that hold neither a day nor an amount: the rest of a wrapped name or number."""
    whole: list[dict[str, Piece]] = []
    for row in rows:
        if whole and not {"day", "out", "in", "amount"} & row.keys():
            whole[-1] = {**whole[-1], **{key: whole[-1][key] + piece if key in whole[-1] else piece for key, piece in row.items()}}
        else:
            whole.append(dict(row))
    return whole


def _with_told_payee(row: dict[str, Piece]) -> dict[str, Piece]:
    """The row with the insurer that only its note names, where the table has no column for the other party; without the balance close before one or the account below one."""
    if "payee" in row and (figures := _BALANCE.match(row["payee"].folded)):
        return {**row, "payee": row["payee"].between(figures.end(), len(row["payee"].folded)).stripped()}
    if "payee" in row and (account := _ACCOUNT.search(row["payee"].folded)):
        return {**row, "payee": row["payee"].between(0, account.start()).stripped()}
    named = row["memo"].search(_NAMED, "v") if "memo" in row and "payee" not in row else None
    return {**row, "payee": named} if named is not None else row


def _paid_out(row: Mapping[str, Piece], signed: bool = False) -> tuple[Piece, Decimal] | None:
    """The amount of a row by which money left the account, and where it stands; None where none did. signed: what left it stands with a minus."""
    sense = row["sense"].folded if "sense" in row else ""
    piece = row.get("out") or (row.get("amount") if not sense or _PAID_OUT.search(sense) else None)
    figures = read_figures(one_to_one(piece.text)) if piece is not None else []
    if "state" in row and _FAILED.search(row["state"].folded):
        return None
    if piece is None or len(figures) != 1 or not figures[0].amount or (signed and "out" not in row and figures[0].amount > 0):
        return None
    return piece[figures[0].start : figures[0].end], abs(figures[0].amount)


def _fields(row: Mapping[str, Piece]) -> dict[str, Field | None]:
    paid = _paid_out(row)
    numbers = row["number"].folded if "number" in row else ""
    return {
        "payee_name": make_field("payee_name", row.get("payee"), found=0.97),
        "amount": make_field("amount", paid[0], found=0.97, value=yuan(paid[1])) if paid else None,
        "paid_on": make_field("paid_on", row.get("day"), found=0.97),
        "voucher_number": make_field("voucher_number", row["number"], found=0.97) if re.search(r"\d{4}", numbers) else None,
    }
