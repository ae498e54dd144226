"""A submission's papers become one claim: each fact said once, by the paper that is to be believed.

In:    the papers as extracted, the scheme.
Out:   `Claim` with its track, fields and buyers; no matches, flags or triage yet.
Fails: never; a fact that no paper shows is absent, a track that no paper tells is None.
Source: the contract, "Claim fields": the policy is the first source for insurance facts, the form for applicant, product and subsidy;
        several contracts, invoices or vouchers are added up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matchers.names import normalise, resolve
from models.claim import Claim
from models.field import Field
from models.numbers import plain
from models.paper import CLAIM_FIELDS, FORM_FIELDS, Buyer, Paper, PaperType, Track
from models.scheme import Scheme
from pipeline.evidence import Choice, Voice, choose, of_type, total, voices, weigh

FORM, POLICY, CONTRACT, LICENCE = PaperType.APPLICATION_FORM, PaperType.INSURANCE_POLICY, PaperType.SALES_CONTRACT, PaperType.BUSINESS_LICENCE
INVOICE, PREMIUM_INVOICE, VOUCHER = PaperType.SALES_INVOICE, PaperType.PREMIUM_INVOICE, PaperType.PAYMENT_VOUCHER
CERTIFICATE, REPORT, RIGHTS = PaperType.FIRST_SET_CERTIFICATE, PaperType.TEST_REPORT, PaperType.IP_CERTIFICATE

# claim field -> which paper says it under which name, the first to be believed first; sums stand below
SOURCES: Mapping[str, tuple[tuple[PaperType, str], ...]] = {
    "applicant_name": ((FORM, "applicant_name"), (POLICY, "policyholder_name"), (LICENCE, "company_name"), (CONTRACT, "seller_name"), (PREMIUM_INVOICE, "buyer_name"),
                       (VOUCHER, "payer_name"), (INVOICE, "seller_name"), (POLICY, "insured_name"), (CERTIFICATE, "company_name")),
    "insurer_name": ((POLICY, "insurer_name"), (FORM, "insurer_name"), (PREMIUM_INVOICE, "seller_name"), (VOUCHER, "payee_name")),
    "product_name": ((FORM, "product_name"), (POLICY, "product_name"), (CONTRACT, "product_name"), (INVOICE, "product_name"), (CERTIFICATE, "product_name"),
                     (REPORT, "product_name"), (RIGHTS, "product_name")),
    "product_model": ((FORM, "product_model"), (CONTRACT, "product_model"), (CERTIFICATE, "product_model")),
    "policy_number": ((POLICY, "policy_number"), (FORM, "policy_number")),
    "sum_insured": ((POLICY, "sum_insured"), (FORM, "sum_insured")),
    "premium_rate": ((POLICY, "premium_rate"), (FORM, "premium_rate")),
    "premium": ((POLICY, "premium"), (FORM, "premium")),
    "period_start": ((POLICY, "period_start"), (FORM, "period_start")),
    "period_end": ((POLICY, "period_end"), (FORM, "period_end")),
    "subsidy_requested": ((FORM, "subsidy_requested"),),
    "insurance_year": ((FORM, "insurance_year"),),
}
# what shows that the premium was paid, and how much
PAID = ((PREMIUM_INVOICE, "total_amount"), (VOUCHER, "amount"))
# likewise, each paper's added up over all of its type but the form
ADDED_UP: Mapping[str, tuple[tuple[PaperType, str], ...]] = {
    "contract_amount": ((CONTRACT, "contract_amount"), (FORM, "contract_amount")),
    "premium_paid": ((FORM, "premium_paid"), *PAID),
}
# names of one product legitimately differ from paper to paper: they support each other, but don't dispute
FREE_NAMES = frozenset({"product_name", "product_model"})
# claim fields that a track's papers needn't show
NOT_SHOWN: Mapping[Track, frozenset[str]] = {
    Track.EQUIPMENT: frozenset(),
    Track.MATERIAL: frozenset({"insurance_year", "product_model"}),
    Track.SOFTWARE: frozenset({"insurance_year", "product_model"}),
}
# products and policies name their track; the form settles it where there is one
TRACK_WORDS: Mapping[Track, tuple[str, ...]] = {
    Track.EQUIPMENT: ("首台", "成套装备", "高端装备"),
    Track.MATERIAL: ("首批次", "新材料"),
    Track.SOFTWARE: ("首版次", "软件", "信息技术服务", "工业控制系统"),
}


def expected_fields(track: Track | None) -> tuple[str, ...]:
    """Claim fields that a claim of a track has to show before nobody need look."""
    return tuple(name for name in CLAIM_FIELDS if name not in NOT_SHOWN.get(track, frozenset())) if track else CLAIM_FIELDS


def assemble(submission_id: str, papers: Sequence[Paper], scheme: Scheme, track: Track | None = None) -> Claim:
    """One claim of a submission's papers. track: where it is known already; else the form's, else what the papers speak of."""
    chosen = track or find_track(papers, scheme)
    return Claim(
        submission_id=submission_id, scheme=scheme.name, track=chosen, papers=tuple(papers),
        fields=_claim_fields(papers, chosen), buyers=_buyers(papers, chosen),
    )


def find_track(papers: Sequence[Paper], scheme: Scheme) -> Track | None:
    """The form's track, by its annex, else by the fields only one form has; without a form what policy and certificates speak of, else None."""
    forms = of_type(papers, FORM)
    for form in forms:
        by_annex = scheme.track_of_annex(form.annex) if form.annex else None
        if by_annex:
            return by_annex
    for form in forms:
        by_fields = _most({t: len(set(form.fields) & _only(t, scheme.tracks)) for t in scheme.tracks})
        if by_fields:
            return by_fields
    words = dict.fromkeys(scheme.tracks, 0)
    for paper in papers:
        said = "".join(field.text for name, field in paper.fields.items() if name in ("insurance_product", "product_name", "certificate_number"))
        for t in words:
            words[t] += 2 * any(w in said for w in TRACK_WORDS.get(t, ())) + (t is Track.EQUIPMENT and paper.type is CERTIFICATE)
    return _most(words)


def _only(track: Track, tracks: Sequence[Track]) -> set[str]:
    others = {name for t in tracks if t is not track for name in FORM_FIELDS.get(t, ())}
    return set(FORM_FIELDS.get(track, ())) - others


def _most(counts: Mapping[Track, int]) -> Track | None:
    """The track with the highest count above nought; None where two share it."""
    best = sorted(counts, key=lambda t: -counts[t])
    if not best or not counts[best[0]] or (len(best) > 1 and counts[best[1]] == counts[best[0]]):
        return None
    return best[0]


def claim_choices(papers: Sequence[Paper], track: Track | None) -> dict[str, Choice]:
    """How each of the claim's own fields is chosen, in the contract's order; those that no paper shows are left out."""
    found: dict[str, Choice | None] = {name: _weigh(name, _said(papers, sources)) for name, sources in SOURCES.items()}
    found["contract_amount"] = _contract_amount(papers)
    found["premium_paid"] = _premium_paid(papers)
    if track is not Track.EQUIPMENT:
        found["insurance_year"] = None
    return {name: choice for name in CLAIM_FIELDS if (choice := found.get(name)) is not None}


def _claim_fields(papers: Sequence[Paper], track: Track | None) -> dict[str, Field]:
    return {name: choice.field for name, choice in claim_choices(papers, track).items()}


def _said(papers: Sequence[Paper], sources: Sequence[tuple[PaperType, str]]) -> list[Voice]:
    return [voice for kind, name in sources for voice in voices(of_type(papers, kind), name)]


def _weigh(name: str, said: Sequence[Voice]) -> Choice | None:
    if name not in FREE_NAMES or not said:
        return weigh(name, said)
    choice = weigh(name, _alike(said[0], said)) if said[0].field.accepted else _free(name, said)
    return choice._replace(said=tuple(said)) if choice else None


def _alike(voice: Voice, said: Sequence[Voice]) -> list[Voice]:
    """The voices that write a product's name as this one does."""
    return [v for v in said if v is voice or normalise(v.field.text) == normalise(voice.field.text)]


def _free(name: str, said: Sequence[Voice]) -> Choice | None:
    """A doubtful product name: the form's where another paper writes it alike, else the first that two papers write alike, else the form's."""
    for voice in said:
        alike = _alike(voice, said)
        if len(alike) > 1:
            return weigh(name, alike)
    return Choice(said[0].field, said[0], tuple(said))


def sum_of(papers: Sequence[Paper], kind: PaperType, field: str) -> Field | None:
    """A field added up over all papers of a type (contracts, invoices, vouchers); None where none shows it."""
    every = of_type(papers, kind)
    return total(field, voices(every, field), len(every))


def _contract_amount(papers: Sequence[Paper]) -> Choice | None:
    """The contracts' sum; the form's figure stands in where no contract shows one."""
    added = sum_of(papers, CONTRACT, "contract_amount")
    form = voices(of_type(papers, FORM), "contract_amount")
    if added is None:
        return weigh("contract_amount", form)
    contracts = of_type(papers, CONTRACT)
    return weigh("contract_amount", [Voice(contracts[0], added), *form])


def _premium_paid(papers: Sequence[Paper]) -> Choice | None:
    """What was paid of the premium: the form's figure (annex 1), else what the premium's invoices and vouchers add up to, the lower of both."""
    form = voices(of_type(papers, FORM), "premium_paid")
    shown = [Voice(of_type(papers, kind)[0], added) for kind, field in PAID if (added := sum_of(papers, kind, field))]
    shown.sort(key=lambda v: v.field.decimal or 0)
    return weigh("premium_paid", [*form, *shown])


def _buyers(papers: Sequence[Paper], track: Track | None) -> tuple[Buyer, ...]:
    """The users: the form's table (annex 1), or the form's one user (annexes 4, 6), else the contracts' buyers."""
    forms = of_type(papers, FORM)
    if track in (Track.MATERIAL, Track.SOFTWARE):
        return _one_buyer(papers, forms, with_quantity=track is Track.MATERIAL)
    contracts = of_type(papers, CONTRACT)
    listed = [buyer for form in forms for buyer in form.buyers if buyer.name or buyer.quantity]
    if not listed:
        return tuple(Buyer(name=c.fields.get("buyer_name"), quantity=c.fields.get("quantity")) for c in contracts if "buyer_name" in c.fields)
    known = [*voices(contracts, "buyer_name"), *voices(of_type(papers, INVOICE), "buyer_name")]
    return tuple(_seconded(buyer, known, contracts) for buyer in listed)


def _seconded(buyer: Buyer, known: Sequence[Voice], contracts: Sequence[Paper]) -> Buyer:
    """A row of the users' table, its name and quantity held against contracts and invoices."""
    if buyer.name is None:
        return buyer
    names = {normalise(v.field.text): v.field.text for v in known}
    means = resolve(buyer.name.text, names)
    if means is None:
        return buyer
    own = Paper(type=FORM, parts=())
    same = [v for v in known if v.field.text == means]
    name = choose("buyer_name", [Voice(own, buyer.name), *same])
    amounts = [c for c in contracts if "buyer_name" in c.fields and c.fields["buyer_name"].text == means]
    added = total("quantity", voices(amounts, "quantity"), len(amounts)) if amounts else None
    quantity = choose("quantity", [Voice(own, buyer.quantity), *([Voice(amounts[0], added)] if added else [])]) if buyer.quantity else None
    return Buyer(name=name, quantity=quantity)


def _one_buyer(papers: Sequence[Paper], forms: Sequence[Paper], with_quantity: bool) -> tuple[Buyer, ...]:
    name = choose("buyer_name", [*voices(forms, "buyer_name"), *voices(of_type(papers, CONTRACT), "buyer_name"), *voices(of_type(papers, INVOICE), "buyer_name")])
    quantity = None
    if with_quantity:
        added = sum_of(papers, CONTRACT, "quantity")
        contracts = of_type(papers, CONTRACT)
        said = voices(forms, "insured_quantity") + ([Voice(contracts[0], added)] if added else [])
        quantity = choose("insured_quantity", said)
        quantity = quantity.model_copy(update={"value": plain(quantity.decimal)}) if quantity and quantity.decimal is not None else quantity
    return (Buyer(name=name, quantity=quantity),) if name or quantity else ()

