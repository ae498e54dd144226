"""Reference data: one record type a table of the contract; loading them is `pipeline.reference`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pydantic import SkipValidation

from models.page import Frozen


class CatalogueEntry(Frozen):
    entry_id: str
    scheme: str
    track: str
    category: str = ""
    name: str
    specification: str = ""
    edition: str = ""


class Company(Frozen):
    name: str
    credit_code: str = ""
    legal_representative: str = ""
    phone: str = ""
    address: str = ""
    industry_code: str = ""  # GB/T 4754-2017
    business_scope: str = ""


class Holding(NamedTuple):  # registers hold a million of these
    holder: str
    company: str
    percent: Decimal


class Officer(NamedTuple):
    person: str
    company: str
    role: str = ""


class Award(Frozen):
    year: int
    scheme: str
    track: str
    level: str  # central or municipal
    applicant: str
    product_name: str = ""
    catalogue_entry: str = ""
    buyer_name: str = ""
    contract_number: str = ""
    policy_number: str = ""
    insurance_year: int | None = None
    period_start: date | None = None
    period_end: date | None = None
    subsidy_paid: Decimal | None = None


class Restriction(Frozen):
    company: str
    reason: str = ""
    until: date | None = None


class Quota(Frozen):
    scheme: str
    applicant: str
    catalogue_entry: str
    quota: Decimal
    granted_on: date | None = None
    used: Decimal = Decimal(0)


class Reference(Frozen):
    """All tables of a reference folder; None where a table was not given (which is not the same as empty)."""

    catalogue: tuple[CatalogueEntry, ...] | None = None
    companies: tuple[Company, ...] | None = None
    holdings: SkipValidation[tuple[Holding, ...] | None] = None
    officers: SkipValidation[tuple[Officer, ...] | None] = None
    awards: tuple[Award, ...] | None = None
    restricted: tuple[Restriction, ...] | None = None
    quotas: tuple[Quota, ...] | None = None
