"""A form's values held against each other and against what they are: its own arithmetic, names that read like names of their kind.

In:    the fields read.
Out:   the same, surer or doubted.
Fails: never; what isn't there can't be held against anything.
Elsewhere: agreement with other papers (pipeline/rules).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from extractors.confidence import confirmed, contradicted, doubted
from extractors.fields import money_of
from extractors.organisations import checked
from extractors.products import checked_product
from models.field import Field
from models.paper import Buyer, Track

Fields = dict[str, Field]


def checked_form(track: Track, fields: Fields, buyers: tuple[Buyer, ...]) -> tuple[Fields, tuple[Buyer, ...]]:
    """The form's own arithmetic bears values out or puts them in doubt."""
    out = dict(fields)
    rate = _decimal(out.get("premium_rate"))
    if track is not Track.EQUIPMENT and rate is not None:
        _check(out, ("sum_insured", "premium_rate", "premium"), "保险额度×费率=保费", lambda: _agrees(out.get("premium"), _decimal(out.get("sum_insured")), rate / 100))
    paid, share = out.get("premium_paid"), _decimal(out.get("subsidy_rate"))
    if track is Track.EQUIPMENT and share is not None:
        _check(out, ("premium_paid", "subsidy_rate", "subsidy_requested"), "实缴保费×补贴比例=申请补贴", lambda: _agrees(out.get("subsidy_requested"), _decimal(paid), share / 100))
        counts = [_decimal(b.quantity) for b in buyers]
        if counts and all(c is not None for c in counts) and "total_quantity" in out:
            total = sum((c for c in counts if c is not None), Decimal(0))
            right = total == out["total_quantity"].decimal
            names = [n for n in ("total_quantity", "insured_quantity") if n in out and (n == "total_quantity" or out[n].decimal == total)]
            for n in names:
                out[n] = confirmed(out[n], "用户数量之和=总计") if right else doubted(out[n], "用户数量之和≠总计")
            buyers = tuple(
                Buyer(name=b.name, quantity=b.quantity and (confirmed(b.quantity, "用户数量之和=总计") if right else doubted(b.quantity, "用户数量之和≠总计"))) for b in buyers
            )
    start, end = out.get("period_start"), out.get("period_end")
    if start and end and start.text[:4].isdigit() and end.text[:4].isdigit() and not 0 <= int(end.text[:4]) - int(start.text[:4]) <= 5:
        out["period_start"], out["period_end"] = contradicted(start, "保险期限不合理"), contradicted(end, "保险期限不合理")
    return out, buyers


_BANK = re.compile(r"(?:银行|[分支]行|营业部|营业室|信用社|联社|分理处|中心|国库|公司)(?:[(（].*[)）])?$")


def shaped(fields: Mapping[str, Field]) -> Fields:
    """Names that don't read like names of their kind are doubted: they were cut short, ran into their neighbour, or are another cell's."""
    out = dict(fields)
    for name in ("applicant_name", "insurer_name", "buyer_name"):
        if name in out:
            out[name] = checked(out[name]) or out[name]
    if "product_name" in out:
        out["product_name"] = checked_product(out["product_name"]) or out["product_name"]
    if "bank_name" in out and not _BANK.search(out["bank_name"].text):
        out["bank_name"] = doubted(out["bank_name"], "不像完整的银行名称")
    if "product_model" in out and not re.search(r"[A-Za-z0-9ⅠⅡⅢⅣ]", out["product_model"].text):
        out["product_model"] = doubted(out["product_model"], "不像产品型号")
    return out


def _decimal(value: Field | None) -> Decimal | None:
    return value.decimal if value else None


def _agrees(total: Field | None, one: Decimal | None, other: Decimal) -> bool | None:
    money = money_of(total)
    if money is None or one is None:
        return None
    return abs(one * other - money.amount) <= max(money.step, Decimal("0.01")) / 2 + Decimal("0.005")


def _check(fields: Fields, names: Iterable[str], why: str, holds: Callable[[], bool | None]) -> None:
    right = holds()
    if right is None:
        return
    for name in names:
        value = fields.get(name)
        if value is not None:
            fields[name] = confirmed(value, why) if right else doubted(value, why.replace("=", "≠"))
