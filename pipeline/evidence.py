"""What several papers say about one fact.

In:    a claim's papers.
Out:   papers of a type without second scans of the same one, voices (a field and the paper it stands in), sums over papers, the voice to believe.
Fails: never; a fact that no paper shows has no voice.
Elsewhere: which papers speak for which fact (pipeline/assemble.py); what follows where they differ (pipeline/rules/consistency.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from matchers.names import normalise, similarity
from matchers.values import agree, same_value
from models.field import Field
from models.money import yuan
from models.numbers import plain
from models.paper import Kind, Paper, PaperType, kind_of
from models.text import HAS_CJK

# what tells two papers of a type apart; where it wasn't read, everything else that was
NUMBER_OF = {
    PaperType.SALES_CONTRACT: "contract_number",
    PaperType.SALES_INVOICE: "invoice_number",
    PaperType.PREMIUM_INVOICE: "invoice_number",
    PaperType.PAYMENT_VOUCHER: "voucher_number",
    PaperType.INSURANCE_POLICY: "policy_number",
}
DAY_OF = {
    PaperType.SALES_CONTRACT: "signed_on",
    PaperType.SALES_INVOICE: "invoice_date",
    PaperType.PREMIUM_INVOICE: "invoice_date",
    PaperType.PAYMENT_VOUCHER: "paid_on",
    PaperType.INSURANCE_POLICY: "period_start",
}
NEARLY, ALIKE = 0.75, 3  # likeness of two readings of one number; fields that must be alike where it doesn't tell
SURE_TOGETHER = 0.995  # no agreement makes a value surer than this
DISPUTED = 0.5
UNSURE = 0.85  # not accepted, and yet more likely right than not


class Voice(NamedTuple):
    """A value and the paper that says it."""

    paper: Paper
    field: Field


class Choice(NamedTuple):
    """The value to believe, the voice that it comes from, and all voices that were heard, those to be believed first in front."""

    field: Field
    winner: Voice
    said: tuple[Voice, ...]


def names_said(papers: Iterable[Paper]) -> Counter[str]:
    """In how many papers a name was read, for sure or not."""
    return Counter(name for paper in papers for name in {normalise(f.text) for n, f in paper.fields.items() if kind_of(n) is Kind.NAME})


_APPLICANTS_PLACE = frozenset({"address", "seller_address"})


def _one_sign_off(a: str, b: str) -> bool:
    """Whether two texts differ in one Chinese character alone; one figure for another is another house."""
    differing = [pair for pair in zip(a, b, strict=True) if pair[0] != pair[1]] if len(a) == len(b) else []
    return len(differing) == 1 and all(HAS_CJK.match(c) for c in differing[0])


def with_slips_doubted(papers: Sequence[Paper]) -> tuple[Paper, ...]:
    """The same papers, where a name that stands in one paper alone and is a single character off a name that others share is left to a person.

    One company of a submission read as 明吴 where two other papers say 明昊 is a misreading, however sure; which of them is right is not decided here.
    Likewise the applicant's address, of which there may be two writings only: then both are left to a person.
    """
    shared = names_said(papers)
    places = Counter(normalise(field.text) for paper in papers for name, field in (*paper.fields.items(), *paper.extra.items()) if name in _APPLICANTS_PLACE)

    def seen(name: str, field: Field) -> Field:
        if name in _APPLICANTS_PLACE and places[place := normalise(field.text)] == 1:
            near = next((other for other in places if _one_sign_off(place, other)), None)
            return field.lowered(UNSURE, f"与其他材料中的{near}相差一字") if near else field
        if kind_of(name) is not Kind.NAME or shared[own := normalise(field.text)] > 1:
            return field
        near = next((other for other, papers_ in shared.items() if papers_ > 1 and Levenshtein.distance(own, other, score_cutoff=1) == 1), None)
        return field.lowered(UNSURE, f"与其他材料中的{near}相差一字") if near else field

    return tuple(paper.model_copy(update={"fields": {name: seen(name, field) for name, field in paper.fields.items()}}) for paper in papers)


# by whom a policyholder is insured, whom it pays, who buys from it; and where the policyholder itself is named
_OTHER_SIDE = {
    PaperType.INSURANCE_POLICY: "insurer_name", PaperType.PREMIUM_INVOICE: "seller_name", PaperType.PAYMENT_VOUCHER: "payee_name",
    PaperType.SALES_CONTRACT: "buyer_name", PaperType.SALES_INVOICE: "buyer_name", PaperType.DELIVERY_PROOF: "buyer_name",
}
_POLICYHOLDER = {
    PaperType.APPLICATION_FORM: "applicant_name", PaperType.BUSINESS_LICENCE: "company_name", PaperType.INSURANCE_POLICY: "policyholder_name", PaperType.PREMIUM_INVOICE: "buyer_name",
    PaperType.PAYMENT_VOUCHER: "payer_name",
}
_OF_A_SALE = frozenset({PaperType.SALES_CONTRACT, PaperType.SALES_INVOICE, PaperType.DELIVERY_PROOF})
_OWN_SIDE = {**_POLICYHOLDER, PaperType.SALES_CONTRACT: "seller_name", PaperType.SALES_INVOICE: "seller_name"}


def with_sides_doubted(papers: Sequence[Paper]) -> tuple[Paper, ...]:
    """The same papers, where one that names the policyholder as its own insurer, buyer or payee is left to a person: the two sides were taken for each other.

    Then who stands where the policyholder should is as doubtful, unless that is the policyholder, too. So is one whom contract, invoices or proof of delivery
    name as the buyer, and no other paper as the policyholder.
    """
    named = Counter(normalise(field.text) for paper in papers if (field := paper.fields.get(_POLICYHOLDER.get(paper.type, ""))))
    holders = {name for name, count in named.items() if count > 1}
    buyers = {normalise(field.text) for paper in papers if paper.type in _OF_A_SALE and (field := paper.fields.get("buyer_name"))}

    def seen(paper: Paper) -> Paper:
        called, side, own = _POLICYHOLDER.get(paper.type, ""), _OTHER_SIDE.get(paper.type, ""), _OWN_SIDE.get(paper.type, "")
        fields = dict(paper.fields)
        if called in fields and (name := normalise(fields[called].text)) in buyers and name not in holders:
            fields[called] = fields[called].lowered(DISPUTED, "其他材料上为用户单位")
        if side in fields and normalise(fields[side].text) in holders:
            fields[side] = fields[side].lowered(DISPUTED, "与投保单位同名")
            if own in fields and normalise(fields[own].text) not in holders:
                fields[own] = fields[own].lowered(DISPUTED, "对方与投保单位同名，双方可能颠倒")
        return paper.model_copy(update={"fields": fields})

    return tuple(map(seen, papers))


def of_type(papers: Sequence[Paper], kind: PaperType) -> tuple[Paper, ...]:
    """Papers of a type, each once: a second scan or a copy of the same paper is left out, the better read one stays.

    Of several policies those that the form speaks of: an earlier year's policy may lie beside this year's.
    """
    kept: list[Paper] = []
    for paper in papers:
        if paper.type is not kind:
            continue
        twin = next((i for i, other in enumerate(kept) if _same_paper(paper, other)), None)
        if twin is None:
            kept.append(paper)
        elif _read(paper) > _read(kept[twin]):
            kept[twin] = paper
    return _spoken_of(kept, papers) if kind is PaperType.INSURANCE_POLICY and len(kept) > 1 else tuple(kept)


def _spoken_of(policies: Sequence[Paper], papers: Sequence[Paper]) -> tuple[Paper, ...]:
    """The policies whose number, or else whose period, a form of the submission names; all of them where it names none."""
    forms = [paper for paper in papers if paper.type is PaperType.APPLICATION_FORM]
    for name in ("policy_number", "period_start"):
        named = [p for p in policies if name in p.fields and any(name in form.fields and agree(name, form.fields[name], p.fields[name]) for form in forms)]
        if named:
            return tuple(named)
    return tuple(policies)


def _read(paper: Paper) -> tuple[int, int]:
    return sum(f.accepted for f in paper.fields.values()), len(paper.fields)


def as_number(text: str) -> str:
    """A document's number as compared."""
    return normalise(text).upper()


def _same_paper(a: Paper, b: Paper) -> bool:
    """Whether two papers of a type are one: the same number, or, where a number is doubtful or unread, the same day and everything else alike.

    Instalments share parties and amount; day and number tell them apart.
    """
    key, day = NUMBER_OF.get(a.type, ""), DAY_OF.get(a.type, "")
    left, right = a.fields.get(key), b.fields.get(key)
    if left and right:
        if same_value(key, left, right):
            return True
        if (left.accepted and right.accepted) or similarity(left.text, right.text) < NEARLY:
            return False
    others = [name for name in a.fields if name in b.fields and name != key]
    return len(others) >= ALIKE and (not day or day in others) and all(same_value(name, a.fields[name], b.fields[name]) for name in others)


def voices(papers: Iterable[Paper], field: str) -> list[Voice]:
    """What each of the papers says about a field, where it says anything."""
    return [Voice(paper, paper.fields[field]) for paper in papers if field in paper.fields]


def total(name: str, said: Sequence[Voice], expected: int) -> Field | None:
    """The sum of a field over papers; None where no paper shows it.

    Not accepted where a summand isn't, or where fewer than `expected` papers show one.
    """
    numbers = [voice.field.decimal for voice in said]
    known = [number for number in numbers if number is not None]
    if not known:
        return None
    if len(known) == 1 and expected == 1:
        return said[0].field
    amount = sum(known, Decimal(0))
    fields = [voice.field for voice in said]
    whole = len(known) == len(said) == expected
    return Field(
        value=yuan(amount) if kind_of(name) is Kind.MONEY else plain(amount),
        raw="+".join(f.raw or f.text for f in fields) if len(fields) > 1 else fields[0].raw,
        confidence=min(f.score for f in fields) if whole else min(DISPUTED, *(f.score for f in fields)),
        accepted=whole and all(f.accepted for f in fields),
        borne_out=False if not whole or any(f.borne_out is False for f in fields) else all(f.borne_out for f in fields) or None,
        source=fields[0].source,
        why=(f"{len(known)}份合计",) if whole else (f"{expected}份中只读出{len(known)}份",),
    )


def choose(name: str, said: Sequence[Voice]) -> Field | None:
    """The value to believe, see `weigh`."""
    choice = weigh(name, said)
    return choice.field if choice else None


def weigh(name: str, said: Sequence[Voice]) -> Choice | None:
    """Which of the voices, in the order in which they are to be believed, is believed; None where there are none.

    The first one speaks, unless it is doubtful, stands alone, and another is accepted or said by two papers.
    Agreement of another paper raises the confidence and accepts what is written alike; an accepted voice that differs lowers it.
    """
    if not said:
        return None
    first = said[0]
    if not first.field.accepted and not _seconds(name, first, said):
        better = next((v for v in said[1:] if v.field.accepted or any(same_value(name, v.field, s.field) for s in _seconds(name, v, said))), None)
        if better and not (agree(name, first.field, better.field) and first.field.score >= better.field.score):
            first = better
    field = first.field
    seconds = _seconds(name, first, said)
    doubt = 1 - field.score
    for second in seconds:
        doubt *= 1 - second.field.score
    if seconds:
        field = field.raised(min(SURE_TOGETHER, 1 - doubt), f"{len(seconds) + 1}份材料一致")
        if any(same_value(name, field, second.field) and not _misread_alike(name, first.field, second.field) for second in seconds):
            field = field.model_copy(update={"accepted": True})
        elif not first.field.accepted:  # of two spellings of a name neither is borne out, nor is one that checks speak against wherever it stands
            field = field.model_copy(update={"accepted": False, "borne_out": False})
    if any(v.field.accepted and not agree(name, field, v.field) for v in said):
        field = field.lowered(DISPUTED, "材料之间不一致")
    return Choice(field, first, tuple(said))


def _misread_alike(name: str, one: Field, other: Field) -> bool:
    """Whether two papers' agreement on a name, a company's or a product's, is no proof of it: a check spoke against both, and reading takes a rare character for the same other one wherever it stands."""
    return kind_of(name) in (Kind.NAME, Kind.TEXT) and one.borne_out is False and other.borne_out is False


def _seconds(name: str, voice: Voice, said: Sequence[Voice]) -> list[Voice]:
    """Voices of other papers that agree."""
    return [v for v in said if v.paper is not voice.paper and agree(name, voice.field, v.field)]
