"""claim.json in the contract's shape, and exceptions.xlsx that no spreadsheet takes for formulas."""

from pathlib import Path

import openpyxl
import pytest

from models.annexes import ANNEXES
from models.claim import Candidate, CatalogueMatch, Claim, Quarantined, QuarantineReason, Triage
from models.field import Field, Region
from models.flag import Flag, Severity
from models.geometry import Box
from models.page import Seal
from models.paper import Buyer, Paper, PaperType, Part, PlacedSeal, Track
from pipeline.output import claim_json, paper_json
from pipeline.tables.exceptions import HEADINGS, write_exceptions
from pipeline.tables.spreadsheet import harmless
from pipeline.wording import QUARANTINE, SEVERITY, TRACK, TRIAGE

PLACE = Region(file="scan.pdf", page=5, box=Box(0.31, 0.12, 0.62, 0.14))
NUMBER = Field(value="PZDX202033020000000186", raw="PZDX 202033020000000186", confidence=0.99812, accepted=True, source=PLACE)


@pytest.fixture
def claim() -> Claim:
    return Claim(
        submission_id="EQ-0001", scheme="ningbo-2020", track=Track.EQUIPMENT,
        papers=(
            Paper(
                type=PaperType.INSURANCE_POLICY, parts=(Part(file="scan.pdf", pages=(5, 6)), Part(file="more.jpg", pages=(1,))), fields={"policy_number": NUMBER},
                seals=(PlacedSeal(seal=Seal(text="某保险公司", box=Box(0.55, 0.71, 0.78, 0.88), confidence=0.93, purpose="保单专用章"), file="more.jpg", page=1),),
            ),
        ),
        fields={"policy_number": NUMBER, "applicant_name": Field(value="=宁波甲有限公司")},
        buyers=(Buyer(name=Field(value="乙公司"), quantity=Field(value="2")),),
        catalogue_match=CatalogueMatch(entry_id="NB-1", score=0.97, alternatives=(Candidate(entry_id="NB-2", score=0.7),)),
        flags=(
            Flag(code="not_checked", severity=Severity.INFO, clause="", message="提示"),
            Flag(code="missing_document", severity=Severity.SUPPLEMENT, clause="四（二）1（3）", detail={"document": "sales_invoice"}, message="缺少销售发票复印件", evidence=(PLACE,)),
        ),
        triage=Triage.SUPPLEMENT,
        quarantined=(Quarantined(file="x.pdf", reason=QuarantineReason.ENCRYPTED),),
    )


def test_the_shape_is_the_contracts(claim: Claim) -> None:
    out = claim_json(claim)
    assert {"contract", "submission_id", "scheme", "track", "documents", "fields", "buyers", "catalogue_match", "flags", "triage", "quarantined"} == set(out)
    assert out["contract"] == 1
    (document,) = out["documents"]
    assert (document["type"], document["file"], document["pages"]) == ("insurance_policy", "scan.pdf", [5, 6])
    assert document["parts"] == [{"file": "scan.pdf", "pages": [5, 6]}, {"file": "more.jpg", "pages": [1]}]
    assert document["fields"]["policy_number"] == {
        "value": "PZDX202033020000000186", "raw": "PZDX 202033020000000186", "confidence": 0.9981, "accepted": True,
        "file": "scan.pdf", "page": 5, "box": [0.31, 0.12, 0.62, 0.14],
    }
    assert document["seals"] == [{"text": "某保险公司", "file": "more.jpg", "page": 1, "box": [0.55, 0.71, 0.78, 0.88], "confidence": 0.93, "purpose": "保单专用章"}]
    assert out["buyers"][0]["quantity"]["value"] == "2"
    assert out["catalogue_match"]["alternatives"][0]["entry_id"] == "NB-2"
    assert out["flags"][1]["evidence"] == [{"file": "scan.pdf", "page": 5, "box": [0.31, 0.12, 0.62, 0.14]}]
    assert (out["triage"], out["quarantined"]) == ("supplement", [{"file": "x.pdf", "reason": "encrypted"}])


def test_no_match_is_null(claim: Claim) -> None:
    assert claim_json(claim.model_copy(update={"catalogue_match": None}))["catalogue_match"] is None


def test_exceptions_hold_a_row_a_flag_worst_first_and_a_row_a_file(claim: Claim, tmp_path: Path) -> None:
    path = tmp_path / "exceptions.xlsx"
    assert write_exceptions(path, [claim]) == 3
    head, *rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    assert list(head) == [heading for heading, _ in HEADINGS]
    assert [row[3] for row in rows] == ["missing_document", "not_checked", "quarantined"]
    assert rows[0] == ("EQ-0001", "首台（套）装备", "'=宁波甲有限公司", "missing_document", "待补正", "缺少销售发票复印件", "四（二）1（3）", "scan.pdf", "5")
    assert "加密" in rows[2][5]


@pytest.mark.parametrize(("text", "written"), [("=1+1", "'=1+1"), ("+86", "'+86"), ("-3", "'-3"), ("@x", "'@x"), ("\tx", "'\tx"), ("宁波", "宁波"), ("", "")])
def test_nothing_becomes_a_formula(text: str, written: str) -> None:
    assert harmless(text) == written


@pytest.mark.parametrize(("words", "codes"), [(SEVERITY, Severity), (TRIAGE, Triage), (TRACK, Track), (QUARANTINE, QuarantineReason)])
def test_every_code_has_words(words: dict[str, str], codes: type) -> None:
    assert set(words) == {code.value for code in codes}


@pytest.mark.parametrize(("annex", "told"), [(2, True), (3, False)])
def test_an_insurers_table_shows_every_column_and_its_total_where_the_annex_has_one(annex: int, told: bool) -> None:
    amount = next(heading for heading in ANNEXES[annex] if heading.endswith("保费金额"))
    cells = {"序号": Field(value="1"), amount: Field(value="40000.00")}
    paper = Paper(type=PaperType.INSURER_SUMMARY, parts=(Part(file="t.pdf", pages=(1,)),), annex=annex, rows=(cells,), total={amount: Field(value="40000.00")})
    written = paper_json(paper)
    assert written["rows"] == [dict.fromkeys(ANNEXES[annex], "") | {"序号": "1", amount: "40000.00"}]
    assert written["total"] == (dict.fromkeys(ANNEXES[annex], "") | {amount: "40000.00"} if told else None)
