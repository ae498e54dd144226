"""How right an output is, against truth: pages sorted, fields read, flags raised, entries matched.

In:    truth and claims in the contract's shape (dictionaries as read from JSON).
Out:   `Score`: counts of right, made-up or wrong, and missed, by subject.
A value is right when it equals truth after normalisation: amounts and quantities as numbers, text after NFKC without white space.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from models.paper import CLAIM, Kind, kind_of
from models.text import compact

KEY_FACTS = frozenset({"policy_number", "premium", "contract_amount", "buyer_name"})
UNJUDGED_FLAGS = frozenset({"not_checked", "reference_unavailable"})
# flags that can stand several times in a claim: the detail that tells them apart
SUBJECTS: Mapping[str, str] = {
    "missing_document": "document", "field_mismatch": "field", "missing_field": "field", "missing_seal": "party", "arithmetic_error": "relation",
    "specification_below_threshold": "parameter",
}
_NUMERIC = {Kind.MONEY, Kind.PERCENT, Kind.QUANTITY}

Json = Mapping[str, Any]


@dataclass
class Tally:
    """Right, wrong or made up, and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1.0 where there was nothing to find and nothing was found."""
        whole = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / whole if whole else 1.0

    def add(self, wanted: Iterable[Any], got: Iterable[Any]) -> None:
        """Count two collections of hashable things against each other."""
        a, b = Counter(wanted), Counter(got)
        both = sum((a & b).values())
        self.right += both
        self.wrong += sum(b.values()) - both
        self.missed += sum(a.values()) - both


@dataclass
class Score:
    """Counts by subject; `errors` says what went wrong, one line each."""

    pages: Tally = field(default_factory=Tally)
    document_fields: Tally = field(default_factory=Tally)
    key_facts: Tally = field(default_factory=Tally)
    claim_fields: Tally = field(default_factory=Tally)
    buyers: Tally = field(default_factory=Tally)
    flags: Tally = field(default_factory=Tally)
    by_type: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_code: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    catalogue_right: int = 0
    claims: int = 0
    accepted: int = 0
    silent_errors: int = 0
    values: int = 0
    errors: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        """The figures that a floor can be set for, 0 to 1."""
        return {
            "pages_f1": self.pages.f1,
            "document_fields_f1": self.document_fields.f1,
            "key_facts_f1": self.key_facts.f1,
            "claim_fields_f1": self.claim_fields.f1,
            "buyers_f1": self.buyers.f1,
            "flags_f1": self.flags.f1,
            "catalogue_accuracy": self.catalogue_right / self.claims if self.claims else 1.0,
            "silent_error_rate": self.silent_errors / self.accepted if self.accepted else 0.0,
            "accepted_rate": self.accepted / self.values if self.values else 0.0,
        }


def score_claim(score: Score, truth: Json, claim: Json, codes: frozenset[str] | None = None) -> None:
    """Count one claim. codes: flags to judge; None judges all."""
    where = str(truth.get("submission_id"))
    score.claims += 1
    repeated = _repeated(truth)
    wanted, got = _typed_pages(truth, repeated), _typed_pages(claim, repeated)
    score.pages.add(wanted, got)
    score.errors += [f"{where} page {file} {page}: {kind} taken for {sorted(k for f, p, k in got if (f, p) == (file, page))}" for file, page, kind in sorted(wanted - got)]

    for kind, want, have in _paired(truth, claim):
        _fields(score, (score.document_fields, score.by_type[kind]), f"{where} {kind}", want, have)
    _fields(score, (score.claim_fields,), f"{where} claim", truth.get("fields", {}), claim.get("fields", {}), key=False)
    score.buyers.add(map(_user, truth.get("buyers", ())), map(_user, claim.get("buyers", ())))

    match, entry = truth.get("catalogue_match") or {}, (claim.get("catalogue_match") or {}).get("entry_id")
    allowed = match.get("candidates") or ([match["entry_id"]] if match.get("entry_id") else [None])
    score.catalogue_right += entry in allowed
    if entry not in allowed:
        score.errors.append(f"{where} catalogue: {allowed} taken for {entry}")

    want_flags, got_flags = _flags(truth, codes), _flags(claim, codes)
    score.flags.add(want_flags, got_flags)
    for code in {c for c, _ in want_flags | got_flags}:
        score.by_code[code].add((f for f in want_flags if f[0] == code), (f for f in got_flags if f[0] == code))
    score.errors += [f"{where} flag missed: {code} {subject}" for code, subject in sorted(want_flags - got_flags)]
    score.errors += [f"{where} flag made up: {code} {subject}" for code, subject in sorted(got_flags - want_flags)]


def score_folders(truth: Path, out: Path, codes: frozenset[str] | None = None) -> Score:
    """Score every truth/<id>.json against out/<id>/claim.json; a claim that isn't there counts as empty."""
    score = Score()
    for path in sorted(truth.glob("[!_]*.json")):
        claim = out / path.stem / "claim.json"
        score_claim(score, json.loads(path.read_text("utf-8")), json.loads(claim.read_text("utf-8")) if claim.exists() else {}, codes)
    return score


def judged(truth: Json, claim: Json) -> Iterator[tuple[str, str, Json, bool]]:
    """Every value that was read: the type of its paper (CLAIM for the claim's own), its name, its record, whether it is right."""
    for kind, want, have in (*_paired(truth, claim), (CLAIM, truth.get("fields", {}), claim.get("fields", {}))):
        for name, read in have.items():
            yield kind, name, read, _right(name, want.get(name), read)


def same_value(name: str, a: object, b: object) -> bool:
    """Whether two values of a field are the same thing."""
    return _canonical(name, a) == _canonical(name, b)


def _canonical(name: str, value: object) -> object:
    kind = kind_of(name)
    if kind is Kind.YES_NO:
        return value is True or str(value).lower() == "true"
    text = compact(str(value))
    if kind in _NUMERIC:
        try:
            return Decimal(text.replace(",", ""))
        except InvalidOperation:
            return text
    return text


def _fields(score: Score, tallies: Iterable[Tally], where: str, want: Json, got: Json, key: bool = True) -> None:
    for name in {**want, **got}:
        truth, read = want.get(name), got.get(name)
        right = read is not None and _right(name, truth, read)
        for tally in (*tallies, *((score.key_facts,) if key and name in KEY_FACTS else ())):
            tally.right += right
            tally.wrong += read is not None and not right
            tally.missed += truth is not None and not right
        if read is not None:
            accepted = read.get("accepted") is True
            score.values += 1
            score.accepted += accepted
            score.silent_errors += accepted and not right
        if not right:
            silent = " (accepted)" if read is not None and read.get("accepted") is True else ""
            score.errors.append(f"{where} {name}: {_allowed(truth) or None} read as {read['value'] if read else None!r}{silent}")


def _allowed(truth: Json | None) -> list[Any]:
    return list(truth.get("any_of") or [truth["value"]]) if truth else []


def _right(name: str, truth: Json | None, read: Json) -> bool:
    return any(same_value(name, value, read["value"]) for value in _allowed(truth))


def _parts(document: Json) -> list[Json]:
    return list(document.get("parts") or [document])


def _repeated(truth: Json) -> set[tuple[str, int]]:
    """Pages that are a second scan of another: whatever type they are given is right, and what is read there doesn't count."""
    return {page for document in truth.get("documents", ()) if document.get("repeat_type") for page in _pages(document)}


def _pages(document: Json) -> set[tuple[str, int]]:
    return {(str(part.get("file")), int(page)) for part in _parts(document) for page in part.get("pages", ())}


def _typed_pages(claim: Json, leave_out: set[tuple[str, int]]) -> set[tuple[str, int, str]]:
    return {(*page, str(document["type"])) for document in claim.get("documents", ()) for page in _pages(document) - leave_out}


def _paired(truth: Json, claim: Json) -> list[tuple[str, Json, Json]]:
    """(type, true fields, read fields): documents of one type that share most pages; what has no partner stands alone, unless it only repeats another's pages."""
    wanted, got = list(truth.get("documents", ())), list(claim.get("documents", ()))
    shared = sorted(
        ((-len(_pages(a) & _pages(b)), i, j) for i, a in enumerate(wanted) for j, b in enumerate(got) if a["type"] == b["type"] and _pages(a) & _pages(b)),
    )
    partner: dict[int, int] = {}
    for _, i, j in shared:
        if i not in partner and j not in partner.values():
            partner[i] = j
    out = [(str(a["type"]), a.get("fields", {}), got[partner[i]].get("fields", {}) if i in partner else {}) for i, a in enumerate(wanted)]
    again = _repeated(truth)
    return out + [(str(b["type"]), {}, b.get("fields", {})) for j, b in enumerate(got) if j not in partner.values() and not (_pages(b) and _pages(b) <= again)]


def _user(buyer: Json) -> tuple[object, object]:
    name, quantity = buyer.get("name") or {}, buyer.get("quantity") or {}
    return _canonical("buyer_name", name.get("value", "")), _canonical("quantity", quantity["value"]) if quantity else None


def _flags(claim: Json, codes: frozenset[str] | None) -> set[tuple[str, str]]:
    return {
        (flag["code"], compact(str(flag.get("detail", {}).get(SUBJECTS[flag["code"]], ""))) if flag["code"] in SUBJECTS else "")
        for flag in claim.get("flags", ())
        if flag["code"] not in UNJUDGED_FLAGS and (codes is None or flag["code"] in codes)
    }
