"""Sum insured, rate and premium with their words, chosen so that sum × rate = premium where any candidates do.

In:    hits of the labels, the covers with their total.
Out:   the three, the words of premium and sum, the figures as printed where the words were believed instead.
Fails: what isn't printed is absent.
Elsewhere: how amounts are written (models/money.py, extractors/fields.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import product
from typing import NamedTuple

from extractors.confidence import confirmed, contradicted, doubted
from extractors.fields import agree_in_words, make_field, money_of
from extractors.layout import NOTHING, Hit, Piece, fold, piece_of
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
    if not out:
        out = [(made, hit) for hit in hits if hit.blank and (made := make_field(name, _in_figures_beside(hit), hit.unit, hit.score)) and made.decimal is not None and made.decimal >= least]
    return out[:6]


_IN_FIGURES = re.compile(r"小写[:：]?(?P<v>[¥￥]?(?:人民币|RMB|CNY)?\d[\d,.]*(?:百万元|万元|亿元|元|万|亿)?)")


def _in_figures_beside(hit: Hit) -> Piece | None:
    """The figures on the row of a label with nothing of its own: behind it the words stand under theirs. 赔偿限额　大写：叁佰万元整　小写：3,000,000.00."""
    box = hit.box
    beside = (piece_of(hit.label.page, line) for line in hit.label.page.lines if line.box.x0 > box.cx and abs(line.box.cy - box.cy) < 0.6 * max(box.height, line.box.height))
    return next((found for piece in beside if (found := piece.search(_IN_FIGURES, "v"))), None)


class _Candidates(NamedTuple):
    """What may be the sum, the rate and the premium, surest first; spoken: a 大写 of nobody knows what, where no premium was read; limits: of the covers; factor: that of a short period."""

    sums: list[tuple[Field, Hit]]
    rates: list[Field]
    premiums: list[tuple[Field, Hit]]
    spoken: list[tuple[Field, Hit]]
    limits: list[Decimal | None]
    factor: Decimal

    @property
    def of_covers(self) -> Decimal | None:
        """What the covers' limits come to."""
        return sum((v for v in self.limits if v is not None), Decimal(0)) if self.limits else None


_Three = tuple[tuple[Field, Hit], Field, tuple[Field, Hit]]  # a sum, a rate and a premium that agree
_Figures = dict[str, Field | None]


def find_figures(pages: Sequence[Page], hits: dict[str, list[Hit]], rows: Sequence[Row], cover_total: Field | None) -> _Figures:
    """Sum insured, rate and premium with their words, chosen so that they agree where any candidates do."""
    found = _candidates(pages, hits, rows, cover_total)
    chosen = _agreeing(found)
    out = _three(found, chosen)
    sum_hit = chosen[0][1] if chosen else found.sums[0][1] if found.sums else None
    premium_hit = chosen[2][1] if chosen else found.premiums[0][1] if found.premiums else None
    sum_words = _words_of_sum(pages, out, hits, sum_hit, premium_hit, bool(found.premiums))
    premium_words = _words_of_premium(pages, out, hits, premium_hit)
    out, overruled = _against_words(out, {"sum_insured": sum_words, "premium": premium_words}, bool(chosen), found.factor)
    out = _one_of_covers(_multiplied(out, bool(chosen), found), {"sum_insured": sum_hit, "premium": premium_hit}, found)
    return {**out, **overruled, "premium_words": premium_words, "sum_words": sum_words}


def _candidates(pages: Sequence[Page], hits: dict[str, list[Hit]], rows: Sequence[Row], cover_total: Field | None) -> _Candidates:
    sums = _amounts("sum_insured", hits["sum_insured"], Decimal(1000))
    premiums = _amounts("premium", hits["premium"], Decimal(1))
    rates = _rates(hits["premium_rate"])
    rates += [made for f in rates if (not _SIGNED.search(fold(f.raw)[0]) or (f.decimal or 0) >= _HIGH_RATE) and (made := _per_mille(f))]
    if not rates:
        rates = [f for f in _rates(hits["usual_rate"]) if any(_holds(s, f, p, Decimal(1)) for (s, _), (p, _) in product(sums, premiums))]
    totals = schedule_totals(pages)
    for name, own in (("sum_insured", sums), ("premium", premiums)):
        if (total := totals.get(name)) and hits[name]:
            own[:] = [(total, hits[name][0]), *(c for c in own if c[0].value != total.value)]
    if (total := totals.get("premium_rate")) and _is_rate(total):
        rates = [total, *(f for f in rates if f.value != total.value)]
    if cover_total is not None and hits["sum_insured"] and cover_total.value not in [f.value for f, _ in sums]:
        sums.append((cover_total, hits["sum_insured"][0]))
    factor = next((f.decimal for h in hits["factor"] if not h.blank and (f := make_field("factor", h.piece, kind=Kind.QUANTITY)) and f.decimal), Decimal(1))
    if not Decimal("0.01") <= factor <= Decimal(5):
        factor = Decimal(1)
    # 大写 without saying of what, where no premium was read: it may be the premium's, which only the arithmetic can tell
    spoken = [] if premiums else [(made, h) for h in hits["words"] if not h.blank and (made := _spoken(h))]
    return _Candidates(sums, rates, premiums, spoken, [row["limit"].decimal for row in rows], factor)


def _rates(hits: Sequence[Hit]) -> list[Field]:
    return [f for h in hits if not h.blank and (f := make_field("premium_rate", h.piece, h.unit, h.score)) and _is_rate(f)][:5]


def _is_rate(field: Field) -> bool:
    """Whether a number can be a percentage at all."""
    return field.decimal is not None and 0 < field.decimal < 100


def _agreeing(found: _Candidates) -> _Three | None:
    """The surest three of which sum × rate = premium; before all others those whose sum is that of the covers' limits."""
    agreeing = sorted(((s, r, p) for s, r, p in product(found.sums, found.rates, found.premiums or found.spoken) if _holds(s[0], r, p[0], found.factor)),
                      key=lambda c: -(c[0][0].confidence + c[1].confidence + c[2][0].confidence))
    whole = next((c for c in agreeing if len(found.limits) > 1 and c[0][0].decimal == found.of_covers), None)  # each cover's own limit, rate and premium agree, too
    return whole or next(iter(agreeing), None)


def _three(found: _Candidates, chosen: _Three | None) -> _Figures:
    """The three that agree, else the surest of each; each with the candidates that it was chosen over."""
    out: _Figures
    if chosen:
        (amount, _), rate, (premium, _) = chosen
        why = "保险金额×费率=保险费"
        out = {"sum_insured": confirmed(amount, why, 0.985), "premium_rate": confirmed(rate, why, 0.985), "premium": confirmed(premium, why, 0.985)}
    else:
        out = {"sum_insured": found.sums[0][0] if found.sums else None, "premium_rate": found.rates[0] if found.rates else None, "premium": found.premiums[0][0] if found.premiums else None}
    lost = "保险金额×费率=保险费不成立" if chosen else "标签不如所选一处可靠"
    for name, every in (("sum_insured", [f for f, _ in found.sums]), ("premium_rate", found.rates), ("premium", [f for f, _ in found.premiums])):
        taken = out[name]
        out[name] = taken.over((f, lost) for f in every if f.text != taken.text) if taken else None
    return out


def _words_of_sum(pages: Sequence[Page], out: _Figures, hits: dict[str, list[Hit]], hit: Hit | None, premium_hit: Hit | None, premium_read: bool) -> Field | None:
    """The sum's words: behind a label of theirs, else the next 大写 that isn't the premium's."""
    amount, premium = out["sum_insured"], out["premium"]
    words = _words(pages, amount, hit, hits["sum_words"], (), None)
    if words is None:
        words = _words(pages, amount, hit, (), hits["words"], premium_hit)
        if words and not premium_read and amount and words.value != amount.value:
            words = None  # nobody knows whether it is the sum's
    if words and premium and words.value == premium.value and amount and words.value != amount.value:
        words = None  # the premium's own words, where the sum has none
    return words


def _words_of_premium(pages: Sequence[Page], out: _Figures, hits: dict[str, list[Hit]], hit: Hit | None) -> Field | None:
    """The premium's words: with its figures or behind a label of theirs, else the next 大写; if those are the sum's, what a sentence says of the premium."""
    amount, premium = out["sum_insured"], out["premium"]
    words = _words(pages, premium, hit, hits["premium_words"], hits["words"], None)
    if words and amount and premium and words.value == amount.value != premium.value:
        return _words(pages, premium, None, [h for h in hits["premium"] if not h.blank and h is not hit], (), None)
    return words


def _against_words(figures: _Figures, spoken: Mapping[str, Field | None], agreed: bool, factor: Decimal) -> tuple[_Figures, _Figures]:
    """The figures held against their words, and those that the words were believed over. agreed: sum × rate = premium already."""
    out, overruled = dict(figures), _Figures()
    for name, words in spoken.items():
        printed = out[name]
        if words is None or (printed is not None and words.value != printed.value and words.confidence < 0.6):
            continue
        if printed is None:
            out[name] = words
        elif printed.value == words.value:
            out[name], _ = agree_in_words(printed, words)
        elif not agreed and _better_by_words(name, words, out, factor):
            out[name] = words.noted(f"小写读作{printed.text}").over([(printed, "与大写及保险金额×费率=保险费不符，或小写未读清")])
            overruled[f"{name}_in_figures"] = printed
        elif not agreed:
            out[name] = contradicted(printed, f"大写为{words.text}", 0.6)
        else:
            out[name] = doubted(printed, f"大写为{words.text}")
    return out, overruled


def _multiplied(figures: _Figures, agreed: bool, found: _Candidates) -> _Figures:
    """The three once more held against each other, unless they `agreed` from the start; the sum against the premium and the covers' limits."""
    out = dict(figures)
    amount, rate, premium = out["sum_insured"], out["premium_rate"], out["premium"]
    if not agreed and amount and premium and rate:
        if _holds(amount, rate, premium, found.factor):
            why = "保险金额×费率=保险费"
            out |= {"sum_insured": confirmed(amount, why), "premium_rate": confirmed(rate, why), "premium": confirmed(premium, why)}
        else:
            why = "保险金额×费率≠保险费"
            sure = {n: f is not None and "大小写一致" in f.why for n, f in out.items()}
            out |= {n: f if sure[n] and n != "premium_rate" else doubted(f, why) for n, f in (("sum_insured", amount), ("premium_rate", rate), ("premium", premium))}
    if amount and premium and (amount.decimal or 0) <= (premium.decimal or 0):
        why = "保险金额不大于保险费"
        out |= {"sum_insured": contradicted(amount, why), "premium": contradicted(premium, why)}
    rate = out["premium_rate"]
    if rate and not agreed and (rate.decimal or 0) >= _HIGH_RATE:
        out["premium_rate"] = doubted(rate, "费率偏高，未经核对")
    amount = out["sum_insured"]
    if amount and found.of_covers and amount.decimal == found.of_covers:
        out["sum_insured"] = confirmed(amount, "各险别限额之和=保险金额")
    return out


def _one_of_covers(figures: _Figures, hits: Mapping[str, Hit | None], found: _Candidates) -> _Figures:
    """Sum and premium doubted where the sum is one of several covers' limits that stand below one heading: each cover's own rate and premium agree with it, too."""
    amount = figures["sum_insured"]
    limits = {limit for limit in found.limits if limit}
    one = amount is not None and len(limits) > 1 and amount.decimal in limits and amount.decimal != found.of_covers
    if not one or "大小写一致" in (amount.why if amount else ()):
        return figures
    below = {name for name, hit in hits.items() if hit is not None and hit.how == "below"}
    return {name: doubted(f, "可能只是承保险别之一的") if f is not None and name in below and "sum_insured" in below else f for name, f in figures.items()}


def _spoken(hit: Hit) -> Field | None:
    """The amount in words behind a label, as a candidate for the premium."""
    words = find_words(hit.piece.folded)
    amount = parse_words(words) if words else None
    return make_field("premium", hit.piece.search(re.escape(words)), found=0.8 * hit.score, value=amount.value) if words and amount else None


_SIGNED = re.compile(r"%(?![0oOº°])|‰|[百千]分之")
_HIGH_RATE = Decimal(10)  # percent a year; insurance of products costs a few


def _per_mille(rate: Field) -> Field | None:
    """A rate whose sign wasn't read, or for % too high by far, taken for one in ‰; for the arithmetic to decide."""
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
