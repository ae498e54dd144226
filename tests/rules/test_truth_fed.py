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

from models.field import Field
from models.paper import PaperType
from models.reference import Reference
from pipeline.accuracy.truth_fed import app, true_papers
from pipeline.assemble import assemble
from pipeline.process import judge_anew
from pipeline.reference import load_reference
from pipeline.rules import RULES

TRUTH = Path(__file__).parent.parent / "papers" / "truth"
# rest on figures of contracts and reports, or on words beside figures, which the truth doesn't hold
NOT_IN_TRUTH = {"arithmetic_error"}
CHECKED = {rule.code for rule in RULES if not rule.across} - NOT_IN_TRUTH
SUBJECT = {"missing_document": "document", "field_mismatch": "field", "missing_field": "field", "missing_seal": "party"}


@pytest.fixture(scope="module")
def reference(papers: Path) -> Reference:
    return load_reference(papers / "reference")


@pytest.mark.parametrize("path", sorted(TRUTH.glob("[A-Z]*.json")), ids=lambda path: path.stem)
def test_what_is_right_is_judged_rightly(path: Path, reference: Reference):
    truth = json.loads(path.read_text(encoding="utf-8"))
    claim = judge_anew(assemble(truth["submission_id"], true_papers(truth, SCHEME), SCHEME), reference, SCHEME, 2021)

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


def test_the_command_writes_claims_and_ends_with_its_figures(papers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    app([str(papers), str(tmp_path)], result_action="return_none")
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert figures["claims"] == len(list(TRUTH.glob("[A-Z]*.json")))
    assert (figures["catalogue_accuracy"], set(figures["codes_below_1"]) - NOT_IN_TRUTH) == (1.0, set())
    assert json.loads((tmp_path / "EQ-0003" / "claim.json").read_text("utf-8"))["submission_id"] == "EQ-0003"


def test_what_truth_lacks_is_taken_from_the_papers_as_read():
    truth = json.loads((TRUTH / "EQ-0003.json").read_text("utf-8"))
    plain = true_papers(truth, SCHEME)
    contract = next(p for p in plain if p.type is PaperType.SALES_CONTRACT)
    words = Field(value="1.00", raw="壹元整", confidence=0.9)
    read = contract.model_copy(update={"extra": {"amount_in_words": words}, "fields": {"contract_number": Field(value="misread")}})
    made = next(p for p in true_papers(truth, SCHEME, [read]) if p.parts == contract.parts)
    assert made.extra == {"amount_in_words": words}
    assert made.fields == contract.fields
