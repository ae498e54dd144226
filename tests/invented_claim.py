"""Invented papers of one claim in each track that has nothing wrong with it; a test changes one thing and looks what is said.

Not a test: `papers(track, changes)` gives papers, `judged(track, changes, ...)` the claim with matches and flags.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from models.claim import Claim
from models.field import Field, Region
from models.flag import Flag
from models.geometry import Box
from models.page import Seal
from models.paper import Buyer, Paper, PaperType, Part, PlacedSeal, Track
from models.reference import Award, CatalogueEntry, Company, Holding, Officer, Reference, Restriction
from models.scheme import load_scheme
from pipeline.assemble import assemble
from pipeline.brief import brief
from pipeline.process import judge_across, judge_anew
from pipeline.reference import TABLES

SCHEME = load_scheme("ningbo-2020")
YEAR = 2021
APPLICANT = {Track.EQUIPMENT: "宁波澄岳机床有限公司", Track.MATERIAL: "宁波澄岳新材料有限公司", Track.SOFTWARE: "宁波澄岳软件有限公司"}
INSURER = "中国人民财产保险股份有限公司宁波市分公司"
BUYER = "台州望溪轴承制造有限公司"

Values = Mapping[str, str | bool]
REMOVED = None  # a field changed to this is taken out

CATALOGUE = (
    CatalogueEntry(entry_id="T-EQ-1", scheme="ningbo-2020", track="equipment", category="单台装备", name="数控卧式镗铣床", specification="镗轴直径≥130mm；定位精度≤0.010mm"),
    CatalogueEntry(entry_id="T-EQ-2", scheme="ningbo-2020", track="equipment", category="单台装备", name="数控立式磨床", specification="最大磨削直径≥1600mm"),
    CatalogueEntry(entry_id="T-EQ-3", scheme="ningbo-2020", track="equipment", category="关键零部件", name="精密行星滚柱丝杠", specification="额定动载荷≥200kN"),
    CatalogueEntry(entry_id="T-EQ-4", scheme="ningbo-2020", track="equipment", category="机器人", name="打磨抛光机器人", specification=""),
    CatalogueEntry(entry_id="T-MA-1", scheme="ningbo-2020", track="material", category="金属材料", name="高强高导铜铬锆合金棒材", specification="抗拉强度≥500MPa；导电率≥80%IACS"),
    CatalogueEntry(entry_id="T-MA-2", scheme="ningbo-2020", track="material", category="膜材料", name="光学级聚酰亚胺薄膜", specification="透光率≥88%"),
    CatalogueEntry(entry_id="T-SW-1", scheme="ningbo-2020", track="software", category="纯软件", name="铸造行业制造执行系统软件"),
    CatalogueEntry(entry_id="T-SW-2", scheme="ningbo-2020", track="software", category="纯软件", name="电镀行业制造执行系统软件"),
    CatalogueEntry(entry_id="T-SW-3", scheme="ningbo-2020", track="software", category="纯软件", name="船舶管路三维设计软件"),
)
COMPANIES = (
    Company(name=BUYER, legal_representative="钱望", phone="0576-81230001", address="台州市路桥区望溪路8号", industry_code="C3451", business_scope="轴承的制造、销售"),
    *(Company(name=name, legal_representative="沈澄", phone="0574-81230002", address="宁波市北仑区澄岳路6号", industry_code="C3421", business_scope="研发、制造") for name in APPLICANT.values()),
    Company(name="宁波远帆机械有限公司", legal_representative="周帆", industry_code="C3499", business_scope="机械的制造"),
)
REFERENCE = Reference(catalogue=CATALOGUE, companies=COMPANIES, holdings=(), officers=(), awards=(), restricted=())

_COMMON: dict[PaperType, dict[str, str | bool]] = {
    PaperType.INSURANCE_POLICY: {"policy_number": "PZDX202033020000001234", "insurer_name": INSURER, "premium_rate": "2", "period_start": "2020-03-01", "period_end": "2021-02-28"},
    PaperType.PREMIUM_INVOICE: {"invoice_number": "20000001", "invoice_date": "2020-03-05", "seller_name": INSURER},
    PaperType.PAYMENT_VOUCHER: {"payee_name": INSURER, "paid_on": "2020-03-06", "voucher_number": "V20200306"},
    PaperType.SALES_CONTRACT: {"contract_number": "HT2020-001", "buyer_name": BUYER, "signed_on": "2020-01-10"},
    PaperType.SALES_INVOICE: {"invoice_number": "10000001", "invoice_date": "2020-02-10", "buyer_name": BUYER},
    PaperType.BUSINESS_LICENCE: {"legal_representative": "沈澄", "address": "宁波市北仑区澄岳路6号"},
    PaperType.APPLICATION_FORM: {"contact_name": "陆一", "contact_phone": "13800000001", "insurer_name": INSURER, "insurer_contact": "陆二", "insurer_phone": "0574-87000000",
                                 "premium_rate": "2", "form_date": "2021-01-15"},
    PaperType.TEST_REPORT: {"report_number": "JC-1", "conclusion": "合格"},
    PaperType.IP_CERTIFICATE: {"certificate_number": "2019SR0000001"},
}


def _equipment() -> dict[PaperType, dict[str, str | bool]]:
    return {
        PaperType.APPLICATION_FORM: {
            "product_name": "数控卧式镗铣床", "product_model": "TK6913", "product_category": "complete_set", "bank_account": "33150198370000000001", "bank_name": "中国建设银行宁波北仑支行",
            "certificate_number": "甬首台套2019-001", "district": "北仑区", "unit_price": "1000000.00", "insured_quantity": "2", "total_quantity": "2", "policy_number": "PZDX202033020000001234",
            "period_start": "2020-03", "period_end": "2021-02", "insurance_year": "1", "subsidy_rate": "80", "premium": "40000.00", "premium_paid": "40000.00", "subsidy_requested": "32000.00"},
        PaperType.BUSINESS_LICENCE: {},
        PaperType.SALES_CONTRACT: {"product_name": "卧式数控镗铣床", "product_model": "TK6913", "quantity": "2", "unit_price": "1000000.00", "contract_amount": "2000000.00"},
        PaperType.SALES_INVOICE: {"product_name": "数控卧式镗铣床", "quantity": "2", "amount_excluding_tax": "1769911.50", "tax_amount": "230088.50", "total_amount": "2000000.00"},
        PaperType.INSURANCE_POLICY: {"insurance_product": "首台（套）重大技术装备综合保险", "product_name": "数控卧式镗铣床", "sum_insured": "2000000.00", "premium": "40000.00"},
        PaperType.PREMIUM_INVOICE: {"total_amount": "40000.00"},
        PaperType.PAYMENT_VOUCHER: {"amount": "40000.00"},
    }


def _material() -> dict[PaperType, dict[str, str | bool]]:
    return {
        PaperType.APPLICATION_FORM: {
            "product_name": "高强高导铜铬锆棒", "legal_representative": "沈澄", "main_business": "铜合金", "address": "宁波市北仑区澄岳路6号", "insured_quantity": "50", "sum_insured": "5000000.00",
            "contract_amount": "1000000.00", "technical_parameters": "抗拉强度520MPa，导电率82%IACS", "buyer_name": BUYER, "buyer_contact": "陆三", "buyer_address": "台州市路桥区望溪路8号",
            "buyer_phone": "13800000002", "period_start": "2020-03-01", "period_end": "2021-02-28", "premium": "100000.00", "subsidy_requested": "80000.00"},
        PaperType.BUSINESS_LICENCE: {},
        PaperType.SALES_CONTRACT: {"product_name": "高强高导铜铬锆合金棒材", "quantity": "50", "unit_price": "20000.00", "contract_amount": "1000000.00"},
        PaperType.INSURANCE_POLICY: {"insurance_product": "新材料质量安全责任保险", "product_name": "高强高导铜铬锆棒", "sum_insured": "5000000.00", "premium": "100000.00"},
        PaperType.TEST_REPORT: {"product_name": "高强高导铜铬锆棒"},
        PaperType.PREMIUM_INVOICE: {"total_amount": "100000.00"},
        PaperType.PAYMENT_VOUCHER: {"amount": "100000.00"},
    }


def _software() -> dict[PaperType, dict[str, str | bool]]:
    return {
        PaperType.APPLICATION_FORM: {
            "product_name": "船舶管路3D设计系统", "legal_representative": "沈澄", "main_business": "软件", "address": "宁波市北仑区澄岳路6号", "sum_insured": "1500000.00", "contract_amount": "500000.00",
            "product_type": "纯软件", "buyer_name": BUYER, "buyer_contact": "陆三", "buyer_address": "台州市路桥区望溪路8号", "buyer_phone": "13800000002", "period_start": "2020-03-01",
            "period_end": "2021-02-28", "premium": "30000.00", "subsidy_requested": "24000.00"},
        PaperType.BUSINESS_LICENCE: {},
        PaperType.SALES_CONTRACT: {"product_name": "船舶管路三维设计软件", "product_model": "V2.0", "quantity": "1", "unit_price": "500000.00", "contract_amount": "500000.00"},
        PaperType.INSURANCE_POLICY: {"insurance_product": "首版次软件综合创新保险", "product_name": "船舶管路三维设计软件", "sum_insured": "1500000.00", "premium": "30000.00"},
        PaperType.IP_CERTIFICATE: {"product_name": "船舶管路三维设计软件"},
        PaperType.PREMIUM_INVOICE: {"total_amount": "30000.00"},
        PaperType.PAYMENT_VOUCHER: {"amount": "30000.00"},
    }


_TRACKS = {Track.EQUIPMENT: _equipment, Track.MATERIAL: _material, Track.SOFTWARE: _software}
_OWN_NAMES = {
    PaperType.APPLICATION_FORM: ("applicant_name",), PaperType.BUSINESS_LICENCE: ("company_name",), PaperType.SALES_CONTRACT: ("seller_name",), PaperType.SALES_INVOICE: ("seller_name",),
    PaperType.INSURANCE_POLICY: ("policyholder_name", "insured_name"), PaperType.PREMIUM_INVOICE: ("buyer_name",), PaperType.PAYMENT_VOUCHER: ("payer_name",),
    PaperType.TEST_REPORT: ("company_name",), PaperType.IP_CERTIFICATE: ("company_name",),
}


def field(value: str | bool, confidence: float = 0.99, accepted: bool = True, raw: str = "", page: int = 1) -> Field:
    return Field(value=value, raw=raw, confidence=confidence, accepted=accepted, source=Region(file="scan.pdf", page=page, box=Box(0.1, 0.1, 0.2, 0.2)))


AT_THE_FOOT = Box(0.55, 0.72, 0.75, 0.86)


def seal(text: str, page: int = 1, box: Box = AT_THE_FOOT, confidence: float = 0.99) -> PlacedSeal:
    return PlacedSeal(seal=Seal(text=text, box=box, confidence=confidence), file="scan.pdf", page=page)


def paper(kind: PaperType, values: Mapping[str, str | bool | Field], page: int = 1, **more: Any) -> Paper:
    fields = {name: value if isinstance(value, Field) else field(value, page=page) for name, value in values.items()}
    return Paper(type=kind, parts=(Part(file="scan.pdf", pages=(page,)),), fields=fields, **more)


def papers(
    track: Track = Track.EQUIPMENT, changes: Mapping[str, Mapping[str, Any]] | None = None, *, without: Sequence[str] = (), more: Sequence[Paper] = (),
    seals: Mapping[str, Sequence[PlacedSeal]] | None = None, extra: Mapping[str, Mapping[str, Any]] | None = None, buyers: Sequence[tuple[str, str]] | None = None,
) -> tuple[Paper, ...]:
    """A claim's papers.

    changes: paper type -> field -> value, None to take it out. without: paper types left out. more: papers added.
    seals: paper type -> its seals, instead of the usual ones. extra: paper type -> further attributes of Paper. buyers: the form's users table.
    """
    out = []
    for page, (kind, values) in enumerate(_TRACKS[track]().items(), 1):
        if kind.value in without:
            continue
        merged: dict[str, Any] = {**_COMMON.get(kind, {}), **dict.fromkeys(_OWN_NAMES.get(kind, ()), APPLICANT[track]), **values, **(changes or {}).get(kind.value, {})}
        attributes: dict[str, Any] = dict((extra or {}).get(kind.value, {}))
        usual = {PaperType.APPLICATION_FORM: (seal(APPLICANT[track], page),), PaperType.INSURANCE_POLICY: (seal(INSURER, page),)}
        attributes["seals"] = tuple((seals or {}).get(kind.value, usual.get(kind, ())))
        if kind is PaperType.APPLICATION_FORM:
            attributes.setdefault("annex", SCHEME.forms[track].annex)
            if track is Track.EQUIPMENT:
                attributes.setdefault("buyers", tuple(Buyer(name=field(n), quantity=field(q)) for n, q in buyers or ((BUYER, "2"),)))
        out.append(paper(kind, {k: v for k, v in merged.items() if v is not None}, page, **attributes))
    return (*out, *more)


def judged(track: Track = Track.EQUIPMENT, changes: Mapping[str, Mapping[str, Any]] | None = None, *, reference: Reference | None = None, submission_id: str = "T-0001", **how: Any) -> Claim:
    """The claim that the papers make, matched and checked. reference: tables that differ from the usual ones are given by `tables(...)`."""
    claim = assemble(submission_id, papers(track, changes, **how), SCHEME)
    return judge_anew(claim, REFERENCE if reference is None else reference, SCHEME, YEAR)


def tables(**changed: Any) -> Reference:
    """The usual reference tables with some of them changed; None for one that isn't given."""
    return REFERENCE.model_copy(update=changed)


def flags(claim: Claim, code: str) -> list[Flag]:
    return [flag for flag in claim.flags if flag.code == code]


def codes(claim: Claim) -> list[str]:
    return [flag.code for flag in claim.flags]


def award(**values: Any) -> Award:
    usual: dict[str, Any] = {
        "year": 2020, "scheme": "ningbo-2020", "track": "equipment", "level": "municipal", "applicant": APPLICANT[Track.EQUIPMENT], "product_name": "数控卧式镗铣床", "catalogue_entry": "T-EQ-1",
        "buyer_name": BUYER, "contract_number": "HT2019-900", "policy_number": "P-OLD", "insurance_year": 1, "period_start": date(2019, 3, 1), "period_end": date(2020, 2, 29),
        "subsidy_paid": Decimal(1000)}
    return Award(**{**usual, **values})


def holding(holder: str, company: str, percent: str) -> Holding:
    return Holding(holder=holder, company=company, percent=Decimal(percent))


def officer(person: str, company: str, role: str = "董事") -> Officer:
    return Officer(person=person, company=company, role=role)


def restriction(company: str, until: date | None, reason: str = "严重失信") -> Restriction:
    return Restriction(company=company, reason=reason, until=until)


def write_tables(folder: Path, reference: Reference = REFERENCE, **rows: list[dict[str, str]]) -> Path:
    """The invented reference tables as CSV files. rows: more rows of a table."""
    folder.mkdir(exist_ok=True)
    for name, table in TABLES.items():
        known = getattr(reference, name)
        if known is None:
            continue
        with (folder / table.file).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(table.columns))
            writer.writeheader()
            writer.writerows({column: value for column in table.columns if (value := getattr(record, column)) is not None} for record in known)
            writer.writerows(rows.get(name, []))
    return folder


def looked_across(claims: Sequence[Claim], tables: Sequence[Paper] = (), reference: Reference = REFERENCE, unread: bool = False) -> tuple[Claim, ...]:
    """The claims of a batch judged together; that a run, which keeps them in brief, comes to the same is looked at on the way."""
    whole = judge_across(claims, tables, reference, SCHEME, YEAR, unread)
    papers = {claim.submission_id: claim.papers for claim in claims}
    assert judge_across([brief(claim) for claim in claims], tables, reference, SCHEME, YEAR, unread, lambda claim: papers[claim.submission_id]) == tuple(map(brief, whole))
    return whole
