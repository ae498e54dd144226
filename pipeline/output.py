"""A claim in the contract's shape: what is written to OUT/<submission_id>/claim.json.

In:    models.claim.Claim and friends.
Out:   plain dictionaries and lists, ready for JSON; boxes with four decimals, confidences with four.
Source: the contract, section 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from models.annexes import ANNEXES
from models.claim import CatalogueMatch, Claim
from models.field import Field, Region
from models.flag import Flag
from models.paper import Buyer, Paper, Row

CONTRACT = 1
LOSSES = 3  # the one annex that has no row of totals


def claim_json(claim: Claim) -> dict[str, Any]:
    """The whole of claim.json."""
    return {
        "contract": CONTRACT,
        "submission_id": claim.submission_id,
        "scheme": claim.scheme,
        "track": claim.track.value if claim.track else None,
        "documents": [paper_json(paper) for paper in claim.papers],
        "fields": fields_json(claim.fields),
        "buyers": [_buyer(buyer) for buyer in claim.buyers],
        "catalogue_match": _match(claim.catalogue_match),
        "flags": [_flag(flag) for flag in claim.flags],
        "triage": claim.triage.value,
        "quarantined": [{"file": q.file, "reason": q.reason.value, **({"detail": q.detail} if q.detail else {})} for q in claim.quarantined],
    }


def paper_json(paper: Paper) -> dict[str, Any]:
    """One document; an insurers' table also carries its annex, rows and total."""
    first = paper.parts[0]
    out: dict[str, Any] = {"type": paper.type.value, "file": first.file, "pages": list(first.pages)}
    if len(paper.parts) > 1:
        out["parts"] = [{"file": part.file, "pages": list(part.pages)} for part in paper.parts]
    out["fields"] = fields_json(paper.fields)
    out["seals"] = [
        {
            "text": placed.seal.text,
            **({"file": placed.file} if placed.file != first.file else {}),
            "page": placed.page,
            "box": list(placed.seal.box.rounded()),
            "confidence": round(placed.seal.confidence, 4),
            **({"raw": placed.seal.raw} if placed.seal.raw else {}),
            **({"purpose": placed.seal.purpose} if placed.seal.purpose else {}),
            **({"number": placed.seal.number} if placed.seal.number else {}),
        }
        for placed in paper.seals
    ]
    if paper.annex is not None:
        out["annex"] = paper.annex
    if paper.annex is not None and paper.annex in ANNEXES:
        out["rows"] = [_row(ANNEXES[paper.annex], row) for row in paper.rows]
        out["total"] = _row(ANNEXES[paper.annex], paper.total) if paper.total and paper.annex != LOSSES else None
    return out


def _row(headings: Iterable[str], row: Row) -> dict[str, Any]:
    """A table's row under all of the annex's headings, "" where a cell is blank."""
    return {heading: row[heading].value if heading in row else "" for heading in headings}


def fields_json(fields: Mapping[str, Field]) -> dict[str, Any]:
    """Fields by name."""
    return {name: field_json(field) for name, field in fields.items()}


def field_json(field: Field) -> dict[str, Any]:
    """One value with its raw text, confidence, acceptance and place."""
    out: dict[str, Any] = {"value": field.value, "raw": field.raw, "confidence": round(field.confidence, 4), "accepted": field.accepted}
    if field.source:
        out |= _region(field.source)
    if field.why:
        out["why"] = list(field.why)
    return out


def _region(region: Region) -> dict[str, Any]:
    return {"file": region.file, "page": region.page, "box": list(region.box.rounded())}


def _buyer(buyer: Buyer) -> dict[str, Any]:
    return {name: field_json(field) for name, field in (("name", buyer.name), ("quantity", buyer.quantity)) if field}


def _match(match: CatalogueMatch | None) -> dict[str, Any] | None:
    if match is None:
        return None
    return {
        "entry_id": match.entry_id,
        "score": round(match.score, 4),
        "reason": match.reason,
        "alternatives": [{"entry_id": c.entry_id, "score": round(c.score, 4), "reason": c.reason} for c in match.alternatives],
    }


def _flag(flag: Flag) -> dict[str, Any]:
    return {
        "code": flag.code,
        "severity": flag.severity.value,
        "clause": flag.clause,
        "detail": flag.detail,
        "message": flag.message,
        "evidence": [_region(region) for region in flag.evidence],
        **({"judgement": flag.judgement.model_dump(mode="json")} if flag.judgement else {}),
    }
