"""Fed with what is right, rules, matching and assembling say what is right: the reading has no part in this.

The papers' truth holds documents, not what rules read beside their fields; blanks are the form's fields that aren't there,
technical figures are left out, so flags that rest on them are left out too.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from invented_claim import SCHEME

from models.field import Field, Region
from models.geometry import WHOLE_PAGE, Box
from models.page import Seal
from models.paper import Buyer, Paper, PaperType, Part, PlacedSeal, Track
from models.reference import Reference
from pipeline.assemble import assemble
from pipeline.process import judge_anew
from pipeline.reference import load_reference
from pipeline.rules import RULES

TRUTH = Path(__file__).parent.parent / "papers" / "truth"
# rest on figures of contracts and reports, or on words beside figures, which the truth doesn't hold
NOT_IN_TRUTH = {"arithmetic_error"}
CHECKED = {rule.code for rule in RULES if not rule.across} - NOT_IN_TRUTH
SUBJECT = {"missing_document": "document", "field_mismatch": "field", "missing_field": "field", "missing_seal": "party"}


def right(value: Any, region: Region) -> Field:
    return Field(value=value, confidence=1.0, accepted=True, source=region)


def papers_of(truth: dict[str, Any]) -> tuple[Paper, ...]:
    out = []
    track = Track(truth["track"])
    for document in truth["documents"]:
        parts = tuple(Part(file=p["file"], pages=tuple(p["pages"])) for p in document.get("parts") or [document])
        region = Region(file=parts[0].file, page=parts[0].pages[0], box=WHOLE_PAGE)
        fields = {name: right(record["value"], region) for name, record in document["fields"].items()}
        seals = tuple(PlacedSeal(seal=Seal(text=s["text"], box=Box(*s["box"]), confidence=1.0), file=parts[0].file, page=s["page"]) for s in document["seals"])
        more: dict[str, Any] = {}
        if document["type"] == PaperType.APPLICATION_FORM:
            form = SCHEME.forms[track]
            more = {"annex": form.annex, "blank": tuple(asked.field for asked in form.fields if asked.field not in fields)}
            if track is Track.EQUIPMENT:
                more["buyers"] = tuple(Buyer(name=right(b["name"]["value"], region), quantity=right(b["quantity"]["value"], region)) for b in truth["buyers"])
        out.append(Paper(type=PaperType(document["type"]), parts=parts, fields=fields, seals=seals, **more))
    return tuple(out)


@pytest.fixture(scope="module")
def reference(papers: Path) -> Reference:
    return load_reference(papers / "reference")


@pytest.mark.parametrize("path", sorted(TRUTH.glob("[A-Z]*.json")), ids=lambda path: path.stem)
def test_what_is_right_is_judged_rightly(path: Path, reference: Reference):
    truth = json.loads(path.read_text(encoding="utf-8"))
    claim = judge_anew(assemble(truth["submission_id"], papers_of(truth), SCHEME), reference, SCHEME, 2021)

    assert claim.track == truth["track"]
    assert {name: field.value for name, field in claim.fields.items()} == {name: claim.fields[name].value for name in truth["fields"]}
    assert all(claim.fields[name].value in record.get("any_of", [record["value"]]) for name, record in truth["fields"].items())
    assert [(b.name and b.name.value, b.quantity and b.quantity.value) for b in claim.buyers] == [
        (b["name"]["value"], b.get("quantity", {}).get("value")) for b in truth["buyers"]]
    wanted = truth["catalogue_match"]
    assert (claim.catalogue_match and claim.catalogue_match.entry_id) in ((wanted.get("candidates") or [wanted["entry_id"]]) if wanted else [None])

    def told(code: str, detail: dict[str, Any], severity: str, clause: str) -> tuple[str, str, str, str]:
        return code, str(detail.get(SUBJECT.get(code, ""), "")), severity, clause

    expected = {told(f["code"], f["detail"], f["severity"], f["clause"]) for f in truth["flags"] if f["code"] in CHECKED}
    assert {told(f.code, f.detail, f.severity.value, f.clause) for f in claim.flags} == expected
