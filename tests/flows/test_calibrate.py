"""`intake calibrate`: a fit, its plot and one line of figures from finished runs and their truth; what a wrong call is told."""

from __future__ import annotations

import json
from pathlib import Path

import pymupdf
import pytest

from flows.batch import warn_of
from flows.cli import main
from flows.workspace import LastRun, Workspace
from models.claim import Claim
from models.errors import SettingsInvalid
from models.field import Field
from models.paper import Paper, PaperType, Part
from pipeline.calibration import load
from pipeline.settings import Settings
from pipeline.store.data import Finished, Made
from pipeline.store.settings import StoreSettings

NAMES = ("policy_number", "insurer_name", "premium", "period_start", "insurance_product")


def finished(folder: Path, submissions: int, wrong: int, reader: str = "2 x", nested: bool = False) -> tuple[Path, Path]:
    """A run's output folder and its truth; of the doubtful values `wrong` are wrong. nested: truth as corrected claims are."""
    workspace, truth = Workspace(folder / "out"), folder / "truth"
    ids = tuple(f"T-{n:04}" for n in range(submissions))
    asked = LastRun(batch="一月", scheme="ningbo-2020", year=2021, reference="", submissions=ids, reader=reader)
    workspace.begin(asked)
    records = workspace.records(StoreSettings(), asked)
    records.register(dict.fromkeys(ids, "mark"), False)
    for n, submission in enumerate(ids):
        fields = {name: Field(value=f"{n}{k}", confidence=0.99, accepted=True) for k, name in enumerate(NAMES)}
        fields["product_name"] = Field(value="甲", confidence=0.85)
        paper = Paper(type=PaperType.INSURANCE_POLICY, parts=(Part(file="a.pdf", pages=(1,)),), fields=fields)
        records.finish(records.take(submission), Finished(Claim(submission_id=submission, scheme="ningbo-2020", track=None, papers=(paper,)), made=Made("mark")))
        right = {name: {"value": f.value} for name, f in fields.items()} | ({"product_name": {"value": "乙"}} if n < wrong else {})
        file = truth / submission / "claim.json" if nested else truth / f"{submission}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"submission_id": submission, "documents": [{"type": "insurance_policy", "file": "a.pdf", "pages": [1], "fields": right}], "fields": {}}))
    return folder / "out", truth


def test_a_fit_its_plot_and_its_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outs, truths = zip(finished(tmp_path / "a", 12, 6), finished(tmp_path / "b", 8, 4, nested=True), strict=True)
    file = tmp_path / "own.json"
    main(["calibrate", *map(str, outs), "--truth", *map(str, truths), "--out", str(file)])
    shown = capsys.readouterr()
    figures = json.loads(shown.out.splitlines()[-1])
    assert (figures["submissions"], figures["values"], figures["wrong"], figures["reader"]) == (20, 120, 10, "2 x")
    assert figures["before"] == {"accepted_rate": 0.8333, "silent_errors": 0, "silent_error_rate": 0.0, "calibration_error": figures["before"]["calibration_error"]}
    assert figures["calibration_error"] < figures["before"]["calibration_error"]
    assert figures["accepted_from_confidence"] is None
    assert "0.2 %" in shown.err  # 100 values can't vouch for two in a thousand
    assert set(figures["left_out"]) == {"0.001", "0.002", "0.005"}
    made = load(file)
    assert made.risk("insurance_policy", "product_name", Field(value="甲", confidence=0.85)) > 0.3
    assert made.limit(0.03) >= made.risk("insurance_policy", "premium", Field(value="1", confidence=0.99))
    plot = pymupdf.Pixmap(str(tmp_path / "own.png"))
    assert plot.width > 1000
    assert plot.color_count() > 100


def test_a_wrong_call_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, truth = finished(tmp_path / "a", 2, 1)
    other, its = finished(tmp_path / "b", 2, 1, reader="3 y")
    (tmp_path / "empty").mkdir()
    for arguments, told in (
        ([out, "--truth", truth, truth], "one folder of truth for each"),
        ([tmp_path / "empty", "--truth", truth], "holds no finished run"),
        ([out, "--truth", tmp_path / "empty"], "holds no truth"),
        ([out, other, "--truth", truth, its], "different or unknown versions"),
    ):
        with pytest.raises(SystemExit) as ended:
            main(["calibrate", *map(str, arguments), "--out", str(tmp_path / "fit.json")])
        assert ended.value.code == 2
        assert told in capsys.readouterr().err
    assert not (tmp_path / "fit.json").exists()


@pytest.mark.parametrize(
    ("allowed", "reader", "told"),
    [(0.002, "same", []), (0.002, "9 another", ["fitted for the reader"]), (0.00001, "same", ["no value will be accepted"]), (0.00001, "9 another", ["fitted for the reader", "no value will be accepted"])],
)
def test_a_run_says_what_the_fit_cannot_answer_for(allowed: float, reader: str, told: list[str], caplog: pytest.LogCaptureFixture) -> None:
    shipped = load()
    warn_of(shipped, allowed, shipped.reader if reader == "same" else reader)
    assert len(caplog.messages) == len(told)
    assert all(words in message for words, message in zip(told, caplog.messages, strict=True))


def test_the_share_and_the_fit_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.read().confidence.allowed == 0.002
    monkeypatch.setenv("INTAKE_CONFIDENCE__SILENT_ERRORS", "0.5")
    monkeypatch.setenv("INTAKE_CONFIDENCE__CALIBRATION", "own/fit.json")
    own = Settings.read().confidence
    assert (own.allowed, own.calibration) == (0.005, Path("own/fit.json"))
    monkeypatch.setenv("INTAKE_CONFIDENCE__SILENT_ERRORS", "0")
    with pytest.raises(SettingsInvalid, match="CONFIDENCE__SILENT_ERRORS"):
        Settings.read()
