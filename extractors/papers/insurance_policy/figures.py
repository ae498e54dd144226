"""Sum insured, rate and premium with their words, chosen so that sum × rate = premium where any candidates do.

In:    hits of the labels, the covers with their total.
Out:   the three, the words of premium and sum, the figures as printed where the words were believed instead.
Fails: what isn't printed is absent.
Elsewhere: how amounts are written (models/money.py, extractors/fields.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import product

from extractors.confidence import confirmed, contradicted, doubted
from extractors.fields import agree_in_words, make_field, money_of
from extractors.layout import NOTHING, Hit, Piece, fold
from extractors.papers.insurance_policy.tables import schedule_totals
from models.field import Field
from models.money import find_words, parse_words
from models.numbers import plain
from models.page import Page
from models.paper import Kind, Row

_CENT = Decimal("0.01")
_TOTAL_INSIDE = re.compile(r"(?:累计|合计|总计|总限额|总额)[^\d;；,，。]{0,16}(?P<amount>[¥￥]?\d[\d,.]*(?:百万元|万元|亿元|元|万|亿)?)")  # 每次事故100万元，累计500万元


def _amounts(name: str, hits: Sequence[Hit], least: Decimal) -> list[tuple[Field, Hit]]:
    """The candidates for an amount, surest first; what is too small to be one (an item's number) left out."""
    out: list[tuple[Field, Hit]] = []
    for hit in hits:
        if hit.blank:
            continue
        total = hit.piece.search(_TOTAL_INSIDE, "amount") if name == "sum_insured" else None
        for piece in (total, hit.piece):
            made = make_field(name, piece, hit.unit, hit.score, within=hit.piece)
            if made and made.decimal is not None and made.decimal >= least and made.value not in [f.value for f, _ in out]:
                out.append((made, hit))
    return out[:6]


def find_figures(pages: Sequence[Page], hits: dict[str, list[Hit]], rows: Sequence[Row], cover_total: Field | None) -> dict[str, Field | None]:
    """Sum insured, rate and premium with their words, chosen so that they agree where any candidates do."""
    sums = _amounts("sum_insured", hits["sum_insured"], Decimal(1000))
    premiums = _amounts("premium", hits["premium"], Decimal(1))
    rates = [f for h in hits["premium_rate"] if not h.blank and (f := make_field("premium_rate", h.piece, h.unit, h.score)) and f.decimal and 0 < f.decimal < 100][:5]
    rates += [made for f in rates if not _SIGNED.search(fold(f.raw)[0]) and (made := _per_mille(f))]
    limits = [row["limit"].decimal for row in rows]
    of_covers = sum((v for v in limits if v is not None), Decimal(0)) if limits else None
    for name, total in schedule_totals(pages).items():
        if hits[name]:
            own = sums if name == "sum_insured" else premiums
            own[:] = [(total, hits[name][0]), *(c for c in own if c[0].value != total.value)]
    if cover_total is not None and hits["sum_insured"] and cover_total.value not in [f.value for f, _ in sums]:
        sums.append((cover_total, hits["sum_insured"][0]))
    factor = next((f.decimal for h in hits["factor"] if not h.blank and (f := make_field("factor", h.piece, kind=Kind.QUANTITY)) and f.decimal), Decimal(1))
    if not Decimal("0.01") <= factor <= Decimal(5):
        factor = Decimal(1)

    # 大写 without saying of what, where no premium was read: it may be the premium's, which only the arithmetic can tell
    spoken = [] if premiums else [(made, h) for h in hits["words"] if not h.blank and (made := _spoken(h))]
    agreeing = sorted(((s, r, p) for s, r, p in product(sums, rates, premiums or spoken) if _holds(s[0], r, p[0], factor)), key=lambda c: -(c[0][0].confidence + c[1].confidence + c[2][0].confidence))
    whole = next((c for c in agreeing if len(limits) > 1 and c[0][0].decimal == of_covers), None)  # each cover's own limit, rate and premium agree, too
    chosen = whole or next(iter(agreeing), None)
    sum_hit = chosen[0][1] if chosen else sums[0][1] if sums else None
    premium_hit = chosen[2][1] if chosen else premiums[0][1] if premiums else None
    if chosen:
        (amount, _), rate, (premium, _) = chosen
        why = "保险金额×费率=保险费"
        out: dict[str, Field | None] = {"sum_insured": confirmed(amount, why, 0.985), "premium_rate": confirmed(rate, why, 0.985), "premium": confirmed(premium, why, 0.985)}
    else:
        out = {"sum_insured": sums[0][0] if sums else None, "premium_rate": rates[0] if rates else None, "premium": premiums[0][0] if premiums else None}
    lost = "保险金额×费率=保险费不成立" if chosen else "标签不如所选一处可靠"
    for name, every in (("sum_insured", [f for f, _ in sums]), ("premium_rate", rates), ("premium", [f for f, _ in premiums])):
        taken = out[name]
        out[name] = taken.over((f, lost) for f in every if f.text != taken.text) if taken else None
    sum_words = _words(pages, out["sum_insured"], sum_hit, hits["sum_words"], (), None)
    if sum_words is None:
        sum_words = _words(pages, out["sum_insured"], sum_hit, (), hits["words"], premium_hit)
        if sum_words and not premiums and out["sum_insured"] and sum_words.value != out["sum_insured"].value:
            sum_words = None  # nobody knows whether it is the sum's
    if sum_words and out["premium"] and sum_words.value == out["premium"].value and out["sum_insured"] and sum_words.value != out["sum_insured"].value:
        sum_words = None  # the premium's own words, where the sum has none
    premium_words = _words(pages, out["premium"], premium_hit, hits["premium_words"], hits["words"], None)
    overruled: dict[str, Field | None] = {}
    for name, words in (("sum_insured", sum_words), ("premium", premium_words)):
        figures = out[name]
        if words is None or (figures is not None and words.value != figures.value and words.confidence < 0.6):
            continue
        if figures is None:
            out[name] = words
        elif figures.value == words.value:
            out[name], _ = agree_in_words(figures, words)
        elif not chosen and _better_by_words(name, words, out, factor):
            out[name] = words.noted(f"小写读作{figures.text}").over([(figures, "与大写及保险金额×费率=保险费不符，或小写未读清")])
            overruled[f"{name}_in_figures"] = figures
        elif not chosen:
            out[name] = contradicted(figures, f"大写为{words.text}", 0.6)
        else:
            out[name] = doubted(figures, f"大写为{words.text}")
    amount_, rate_, premium_ = out["sum_insured"], out["premium_rate"], out["premium"]
    if not chosen and amount_ and premium_ and rate_:
        if _holds(amount_, rate_, premium_, factor):
            why = "保险金额×费率=保险费"
            out |= {"sum_insured": confirmed(amount_, why), "premium_rate": confirmed(rate_, why), "premium": confirmed(premium_, why)}
        else:
            why = "保险金额×费率≠保险费"
            sure = {n: f is not None and "大小写一致" in f.why for n, f in out.items()}
            out |= {n: f if sure[n] and n != "premium_rate" else doubted(f, why) for n, f in (("sum_insured", amount_), ("premium_rate", rate_), ("premium", premium_))}
    if amount_ and premium_ and (amount_.decimal or 0) <= (premium_.decimal or 0):
        why = "保险金额不大于保险费"
        out |= {"sum_insured": contradicted(amount_, why), "premium": contradicted(premium_, why)}
    rate_ = out["premium_rate"]
    if rate_ and not chosen and (rate_.decimal or 0) >= _HIGH_RATE:
        out["premium_rate"] = doubted(rate_, "费率偏高，未经核对")
    amount_ = out["sum_insured"]
    if amount_ and of_covers and amount_.decimal == of_covers:
        out["sum_insured"] = confirmed(amount_, "各险别限额之和=保险金额")
    return {**out, **overruled, "premium_words": premium_words, "sum_words": sum_words}


def _spoken(hit: Hit) -> Field | None:
    """The amount in words behind a label, as a candidate for the premium."""
    words = find_words(hit.piece.folded)
    amount = parse_words(words) if words else None
    return make_field("premium", hit.piece.search(re.escape(words)), found=0.8 * hit.score, value=amount.value) if words and amount else None


_SIGNED = re.compile(r"%(?![0oOº°])|‰|[百千]分之")
_HIGH_RATE = Decimal(10)  # percent a year; insurance of products costs a few


def _per_mille(rate: Field) -> Field | None:
    """A rate whose sign wasn't read taken for one in ‰; for the arithmetic to decide."""
    return rate.corrected(plain(rate.decimal / 10), 0.8 * rate.confidence, False, f"印刷读作{rate.raw}，按‰计") if rate.decimal else None


def _holds(amount: Field, rate: Field, premium: Field, factor: Decimal) -> bool:
    """Whether sum × rate = premium, to half of the last digit that the premium is written in; a policy written in whole yuan is good to half a yuan."""
    money = money_of(premium)
    if amount.decimal is None or rate.decimal is None or money is None:
        return False
    step = max(money.step, Decimal(1) if money.amount == money.amount.to_integral_value() else _CENT)
    return abs(amount.decimal * rate.decimal / 100 * factor - money.amount) <= step / 2 + Decimal("0.005")


def _better_by_words(name: str, words: Field, fields: dict[str, Field | None], factor: Decimal) -> bool:
    """Whether the words rather than the figures are right: the arithmetic holds with them, or the figures were hardly read and the words well."""
    figures, rate = fields[name], fields["premium_rate"]
    other = fields["premium" if name == "sum_insured" else "sum_insured"]
    if rate and other:
        pair = (words, other) if name == "sum_insured" else (other, words)
        if _holds(pair[0], rate, pair[1], factor):
            return True
    return figures is not None and figures.confidence < 0.8 <= words.confidence


def _words(pages: Sequence[Page], figures: Field | None, hit: Hit | None, labelled: Sequence[Hit], plain_hits: Sequence[Hit], following: Hit | None) -> Field | None:
    """The amount in words that belongs to these figures: in the same piece, behind its own label, or behind the next 大写 below."""
    pieces: list[tuple[Piece, float]] = []
    if hit is not None:
        pieces.append((hit.piece, hit.score))
    pieces += [(h.piece, h.score) for h in labelled if not h.blank]
    if hit is not None:
        below = sorted((h for h in plain_hits if not h.blank and h.order[0] == hit.order[0] and h.box.cy >= hit.box.cy - 0.004), key=lambda h: (round(h.box.cy, 3), h.box.x0))
        if below and (following is None or following.order < hit.order or below[0].order[0] != following.order[0] or below[0].box.cy < following.box.cy - 0.004
                      or abs(below[0].box.cy - hit.box.cy) < 0.006):
            pieces.append((below[0].piece, below[0].score))
    for piece, score in pieces:
        words = find_words(piece.folded)
        if words is None:
            continue
        amount = parse_words(words)
        start = piece.folded.find(words)
        part = piece.between(start, start + len(words)) if start >= 0 else NOTHING
        if amount is not None and part:
            cut_off = start > 0 and not re.match(r"[币写整:(（:¥\d元]", piece.folded[start - 1])  # a character before them wasn't read as a numeral
            return make_field("amount_in_words", part, found=score * (0.5 if cut_off else 1.0), kind=Kind.MONEY, value=amount.value)
    return None
