"""The rules find what samples plant, and nothing else: papers as drawn, read without a fault, assembled, matched and judged.

Reading is left out (each value is taken as it was printed), so a difference is one between the rulebook as the samples plant it and
as the rules check it. `not_checked` is not held against the rules: what a paper doesn't show can't be checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from invented_claim import looked_across

from models.claim import Claim
from models.field import Field, Region
from models.geometry import Box
from models.page import Seal
from models.paper import FORM_FIELDS, Buyer, Paper, PaperType, Part, PlacedSeal, Track
from models.reference import Reference
from models.scheme import load_scheme
from pipeline.accuracy.truth_fed import true_tables
from pipeline.assemble import assemble
from pipeline.process import judge_anew
from pipeline.reference import load_reference
from pipeline.rules import RULES
from pipeline.samples import batch, truth
from pipeline.samples.case import Case, Values
from pipeline.samples.draw import sheet, summaries
from pipeline.samples.pack import Filed
from pipeline.samples.values import in_words, money, wan
from pipeline.samples.world import World

SCHEME = load_scheme("ningbo-2020")
SEED, COUNT, YEAR = 41, 33, 2021
JUDGED = {rule.code for rule in RULES} - {"duplicate_page"}  # pages are told by how they lie, which isn't drawn here
# what tells two flags of one code apart, as the scorer does
SUBJECT = {"missing_document": "document", "field_mismatch": "field", "missing_field": "field", "missing_seal": "party", "arithmetic_error": "relation", "specification_below_threshold": "parameter"}
NUMBER = {"sales_contract": "contract_number", "sales_invoice": "invoice_number", "premium_invoice": "invoice_number", "payment_voucher": "voucher_number"}
IN_WAN = ("premium", "premium_paid", "subsidy_requested", "unit_price", "sum_insured", "contract_amount")


def printed(value: str | bool, raw: str = "", page: int = 1) -> Field:
    return Field(value=value, raw=raw or str(value), confidence=0.99, accepted=True, source=Region(file="scan.pdf", page=page, box=Box(0.1, 0.1, 0.3, 0.12)))


def read(case: Case, drawn: Sequence[sheet.Paper]) -> Iterator[Paper]:
    """The drawn papers as a faultless reading would give them."""
    left = list(case.papers)
    page = 0
    for paper in drawn:
        first, page = page + 1, page + len(paper.sheets)
        if paper.type in ("cover", "other"):
            continue
        values = next(v for v in left if v.type == paper.type and same(v, paper))
        left.remove(values)
        fields = {name: printed(truth.canonical(value), page=first) for name, value in paper.fields.items()}
        if paper.type == "application_form":
            fields |= {name: printed(fields[name].value, wan(Decimal(fields[name].text), case.wan_decimals) + "万元") for name in IN_WAN if name in fields}
        seals = tuple(PlacedSeal(seal=pressed(s, paper.sheets[s.page]), file="scan.pdf", page=first + s.page) for s in paper.seals)
        yield Paper(type=PaperType(paper.type), parts=(Part(file="scan.pdf", pages=tuple(range(first, page + 1))),), fields=fields, seals=seals, **beyond(case, paper, values, fields))


def same(values: Values, paper: sheet.Paper) -> bool:
    name = NUMBER.get(paper.type)
    return name is None or truth.canonical(str(values.says[name])) == truth.canonical(paper.fields[name])


def pressed(place: sheet.SealPlace, on: sheet.Sheet) -> Seal:
    half = place.size / 2
    box = Box(*(min(1.0, max(0.0, v)) for v in ((place.x - half) / on.width, (place.y - half) / on.height, (place.x + half) / on.width, (place.y + half) / on.height)))
    return Seal(text=str(truth.canonical(place.name)), box=box, confidence=0.99, purpose=place.purpose)


def beyond(case: Case, paper: sheet.Paper, values: Values, fields: Mapping[str, Field]) -> dict[str, Any]:
    """What rules need of a paper besides its fields."""
    known = values.extra
    extra: dict[str, Field] = {}
    more: dict[str, Any] = {"extra": extra}
    if "words" in known:
        extra["amount_in_words"] = printed(money(known["words"]), in_words(known["words"]))
    if paper.type == "application_form":
        track = Track(case.track)
        more |= {"annex": SCHEME.forms[track].annex, "blank": tuple(n for n in FORM_FIELDS[track] if n not in fields)}
        if track is Track.EQUIPMENT:
            more["buyers"] = tuple(Buyer(**{key: printed(truth.canonical(value)) for key, value in user.items()}) for user in paper.extra["buyers"])
        if "technical_parameters" in fields:
            more["parameters"] = (fields["technical_parameters"],)
    if paper.type == "insurance_policy":
        more["rows"] = tuple({"cover": printed(cover)} for cover in known["covers"])
    if paper.type == "test_report":
        more["rows"] = tuple({"parameter": printed(f.name), "required": printed(f.required), "found": printed(value + f.unit)} for f, value in known["figures"])
    if known.get("accessories"):
        own = {"product_name": fields["product_name"], "quantity": fields["quantity"]}
        beside = ({"product_name": printed(name), "quantity": printed(str(n)), "unit_price": printed(money(each)), "amount": printed(money(n * each))} for name, n, each in known["accessories"])
        more["rows"] = (own, *beside)
    if paper.type == "sales_contract":
        for party in ("buyer", "seller"):
            company = known[party]
            for name, value in (("legal_representative", company.legal), ("phone", company.phone), ("address", company.address), ("bank_account", company.account)):
                extra[f"{party}_{name}"] = printed(truth.canonical(value))
        if known["figures"]:
            more["parameters"] = (printed(truth.canonical(known["figures"])),)
    return more


def told(flag: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return flag["code"], str(flag["detail"].get(SUBJECT.get(flag["code"], ""), "")), flag["severity"], flag["clause"]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Case, list[sheet.Paper], Claim]]:
    """Cases, their papers as drawn, and the claims that come of them."""
    rng = Random(f"{SEED}/world")
    world = World(rng)
    cases = batch.plan(world, COUNT, SEED, YEAR)
    folder = tmp_path_factory.mktemp("reference")
    batch.write_reference(folder, world, rng, YEAR)
    reference: Reference = load_reference(folder)
    papers, claims = [], []
    for case in cases:
        book = sheet.Book()
        papers.append(batch.draw(book, case, Random(case.sid)))
        book.doc.close()
        claims.append(judge_anew(assemble(case.sid, tuple(read(case, papers[-1])), SCHEME), reference, SCHEME, YEAR))
    return list(zip(cases, papers, looked_across(claims, tuple(filed(cases, world)), reference), strict=True))


def filed(cases: Sequence[Case], world: World) -> Iterator[Paper]:
    """The insurers' tables, as a faultless reading would give them."""
    for insurer, annex, listed in batch.tables_of(cases, world):
        book = sheet.Book()
        drawn = summaries.summary(book, annex, insurer, listed, date(YEAR, 1, 20), Random(insurer.name))
        book.doc.close()
        yield from true_tables([{"type": drawn.type, "file": "table.pdf", "pages": [1], "seals": [], "annex": annex,
                                 "fields": {name: {"value": truth.canonical(value)} for name, value in drawn.fields.items()},
                                 "rows": drawn.extra["rows"], "total": drawn.extra["total"]}])


def test_rules_find_what_was_planted_and_no_more(judged: list[tuple[Case, list[sheet.Paper], Claim]]) -> None:
    different = {}
    for case, _, claim in judged:
        planted = {told(f) for f in case.flags if f["code"] in JUDGED}
        found = {told(f.model_dump(mode="json")) for f in claim.flags if f.code != "not_checked"}
        if planted != found:
            different[case.sid] = {"planted": case.planted, "missed": planted - found, "too many": found - planted}
    assert different == {}


def test_the_catalogue_entry_is_found(judged: list[tuple[Case, list[sheet.Paper], Claim]]) -> None:
    for case, _, claim in judged:
        found = claim.catalogue_match.entry_id if claim.catalogue_match else None
        assert found in (case.candidates or [case.entry()]), (case.sid, case.product)


def test_claim_fields_are_those_of_truth(judged: list[tuple[Case, list[sheet.Paper], Claim]]) -> None:
    for case, drawn, claim in judged:
        right = truth.claim_fields([Filed(paper) for paper in drawn])
        assert claim.fields.keys() == right.keys(), case.sid
        for name, known in right.items():
            assert claim.fields[name].value in known.get("any_of", [known["value"]]), (case.sid, name)
