"""Truth: what is right for a submission, in the shape that the scorer reads.

In:    a finished case and its papers as filed. Out: plain dictionaries for JSON.
Values are those that the drawing noted as it printed them; where papers differ a claim's field lists every printed value (`any_of`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from pipeline.samples.case import Case
from pipeline.samples.catalogue import entry_id
from pipeline.samples.pack import Filed

_RANK = {"block": 3, "supplement": 2, "review": 1, "info": 0}
_TRIAGE = ("clear", "review", "supplement", "ineligible")
# claim field: which papers' fields tell it, the first being the one to prefer
_SOURCES: dict[str, tuple[tuple[str, str], ...]] = {
    "applicant_name": (
        ("application_form", "applicant_name"),
        ("business_licence", "company_name"),
        ("insurance_policy", "policyholder_name"),
        ("sales_contract", "seller_name"),
        ("premium_invoice", "buyer_name"),
    ),
    "insurer_name": (("insurance_policy", "insurer_name"), ("application_form", "insurer_name")),
    "product_name": (
        ("application_form", "product_name"),
        ("sales_contract", "product_name"),
        ("insurance_policy", "product_name"),
        ("sales_invoice", "product_name"),
    ),
    "product_model": (("application_form", "product_model"), ("sales_contract", "product_model")),
    "policy_number": (("insurance_policy", "policy_number"), ("application_form", "policy_number")),
    "sum_insured": (("insurance_policy", "sum_insured"), ("application_form", "sum_insured")),
    "premium_rate": (("insurance_policy", "premium_rate"), ("application_form", "premium_rate")),
    "premium": (("insurance_policy", "premium"), ("application_form", "premium")),
    "premium_paid": (("application_form", "premium_paid"), ("premium_invoice", "total_amount"), ("payment_voucher", "amount")),
    "contract_amount": (("sales_contract", "contract_amount"), ("application_form", "contract_amount")),
    "subsidy_requested": (("application_form", "subsidy_requested"),),
    "period_start": (("insurance_policy", "period_start"), ("application_form", "period_start")),
    "period_end": (("insurance_policy", "period_end"), ("application_form", "period_end")),
    "insurance_year": (("application_form", "insurance_year"),),
}
_ADDED_UP = {("premium_invoice", "total_amount"), ("payment_voucher", "amount"), ("sales_contract", "contract_amount")}


def canonical(value: str | bool) -> str | bool:
    """A text in the contract's format: NFKC, full-width brackets around Chinese, no spaces but between Latin words."""
    if isinstance(value, bool):
        return value
    text = unicodedata.normalize("NFKC", value).strip()
    text = re.sub(r"(?<![\x21-\x7e])\s+|\s+(?![\x21-\x7e])", "", text)
    if re.search(r"[\u4e00-\u9fff]", text):
        text = re.sub(r"\(([^()]*)\)", lambda m: f"（{m[1]}）" if re.search(r"[\u4e00-\u9fff]", m[1]) else m[0], text)
    return text


def document(filed: Filed) -> dict[str, Any]:
    """A paper as truth has it."""
    paper = filed.paper
    first = filed.places[0][0]
    out: dict[str, Any] = {
        "type": paper.type,
        "fields": {name: {"value": canonical(value)} for name, value in paper.fields.items()},
        "seals": [
            {"text": canonical(text), "page": page, "box": [round(v, 4) for v in box]} | ({"file": file} if file != first else {})
            for text, file, page, box in filed.seals
        ],
        "file": first,
        "pages": [page for file, page in filed.places if file == first],
        "scanned": filed.scanned,
        "dpi": filed.dpi,
        "rotation": filed.rotation,
    }
    if any(file != first for file, _ in filed.places):
        out["parts"] = [{"file": file, "pages": [page]} for file, page in filed.places]
    if paper.repeat_of:
        out["repeat_type"] = paper.repeat_of
    return out


def claim_fields(filed: Sequence[Filed]) -> dict[str, Any]:
    """The consolidated fields, each with every value that a paper prints for it."""
    by_type: dict[str, list[dict[str, str | bool]]] = {}
    for one in filed:
        by_type.setdefault(one.paper.type, []).append(one.paper.fields)
    out: dict[str, Any] = {}
    for name, sources in _SOURCES.items():
        values: list[str | bool] = []
        for kind, field in sources:
            said = [fields[field] for fields in by_type.get(kind, []) if field in fields]
            if said and (kind, field) in _ADDED_UP:
                said = [format(sum((Decimal(str(v)) for v in said), Decimal(0)), "f")]
            values += [canonical(v) for v in said]
        values = list(dict.fromkeys(values))
        if values:
            out[name] = {"value": values[0]} | ({"any_of": values} if len(values) > 1 else {})
    return out


def submission(case: Case, filed: Sequence[Filed]) -> dict[str, Any]:
    """The whole truth of a submission."""
    form = next(one.paper for one in filed if one.paper.type == "application_form")
    match: dict[str, Any] | None = None
    if case.matched:
        match = {"entry_id": entry_id(case.kind)} | ({"candidates": case.candidates} if case.candidates else {})
    flags = sorted(case.flags, key=lambda f: (f["code"], str(f["detail"])))
    return {
        "contract": 1,
        "submission_id": case.sid,
        "scheme": "ningbo-2020",
        "track": case.track,
        "documents": [document(one) for one in filed],
        "fields": claim_fields(filed),
        "buyers": [{key: {"value": canonical(value)} for key, value in user.items()} for user in form.extra["buyers"]],
        "catalogue_match": match,
        "flags": flags,
        "triage": _TRIAGE[max((_RANK[f["severity"]] for f in flags), default=0)],
        "planted": {"faults": case.planted, "near_misses": case.near},
    }


def table(filed: Filed) -> dict[str, Any]:
    """An insurer's table as truth has it."""
    extra = filed.paper.extra
    rows = [{heading: canonical(text) for heading, text in row.items()} for row in extra["rows"]]
    base = document(filed)
    return {key: base[key] for key in ("type", "file", "pages", "seals")} | {
        "annex": extra["annex"],
        "fields": base["fields"],
        "rows": rows,
        "total": extra["total"],
    }
