"""intake explain: from a finished run's folder, as a table for people and as JSON for programs; wrong calls are told in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from invented_claim import SCHEME, YEAR, field, judged

from flows.cli import main
from flows.workspace import LastRun, Workspace
from models.field import Reading
from models.paper import Track
from pipeline.store.data import Finished, Made
from pipeline.store.settings import StoreSettings


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """The output folder of a run over one claim."""
    folder = tmp_path / "out"
    folder.mkdir()
    workspace = Workspace(folder)
    asked = LastRun(batch="一月", scheme=SCHEME.name, year=YEAR, reference="tables", submissions=("E-0001",))
    workspace.begin(asked)
    read = Reading(characters=0.8, place=0.95, fit=1.0, weak=(("Z", 0.8),), label="保单号", how="cell")
    number = field("PZDX202033020000001234", 0.76).model_copy(update={"read": read}).raised(0.97, "多处一致")
    records = workspace.records(StoreSettings(), asked)
    records.register({"E-0001": "mark"}, False)
    claim = judged(Track.EQUIPMENT, {"insurance_policy": {"policy_number": number}}, submission_id="E-0001")
    workspace.show(claim, records.finish(records.take("E-0001"), Finished(claim, made=Made("mark"))).made_at)
    return folder


def call(*arguments: str) -> int:
    try:
        main(["explain", *arguments])
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def test_a_person_sees_candidates_checks_and_reasons(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(str(out / "E-0001"), "policy_number") == 0
    shown = capsys.readouterr().out
    assert not [words for words in ("保单号（policy_number）", "取值：PZDX202033020000001234", "采信：多处一致", "中选", "字符0.80×位置0.95×格式1.00", "Z 0.80", "0.76↑0.97", "scan.pdf", "第1页") if words not in shown]


def test_a_program_gets_json(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(str(out / "E-0001"), "insurance_policy.policy_number", "--json") == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["submission_id"], told["target"], told["value"]) == ("E-0001", "insurance_policy.policy_number", "PZDX202033020000001234")
    assert told["candidates"][0]["checks"] == [{"said": "多处一致", "before": 0.76, "after": 0.97}]


@pytest.mark.parametrize(
    ("claim", "name", "told"),
    [("E-001", "premium", "Did you mean E-0001"), ("E-0001", "premum", "premium"), ("../nowhere/E-0001", "premium", "holds no finished run")])
def test_a_wrong_call_is_told_in_one_line(out: Path, capsys: pytest.CaptureFixture[str], claim: str, name: str, told: str) -> None:
    assert call(str(out / claim), name) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


def test_the_contracts_shape_is_not_touched(out: Path) -> None:
    fields = json.loads((out / "E-0001" / "claim.json").read_text("utf-8"))["fields"]
    assert {key for value in fields.values() for key in value} <= {"value", "raw", "confidence", "accepted", "file", "page", "box", "why"}
