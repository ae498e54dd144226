"""intake recheck, budget and rules: a finished run's claims judged anew, ranked, and the rules listed, without opening a file."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from invented_claim import APPLICANT, INSURER, REFERENCE, SCHEME, YEAR, field, judged, paper, write_tables

from flows.cli import main
from flows.recheck import recheck
from flows.workspace import LastRun, Workspace
from models.claim import Claim, Triage
from models.paper import PaperType, Track
from pipeline.process import judge_across
from pipeline.store.data import Finished, Made, Tables
from pipeline.store.settings import StoreSettings

EQ = Track.EQUIPMENT
ALL = ("E-0", "E-1", "E-2")


@pytest.fixture
def run(tmp_path: Path) -> tuple[Path, Path]:
    """The output folder of a run over two sound claims, and its tables."""
    out, reference = tmp_path / "out", write_tables(tmp_path / "tables")
    out.mkdir()
    Workspace(out).begin(LastRun(batch="batch", scheme=SCHEME.name, year=YEAR, reference=str(reference), submissions=("E-1", "E-2")))
    own = {"application_form": {"policy_number": "PZDX202033020000009999"}, "insurance_policy": {"policy_number": "PZDX202033020000009999"},
           "sales_invoice": {"invoice_number": "10009999"}, "premium_invoice": {"invoice_number": "20009999"}}
    for claim in judge_across([judged(EQ, submission_id="E-1"), judged(EQ, own, submission_id="E-2")], (), REFERENCE, SCHEME, YEAR):
        keep(out, claim)
    return out, reference


def opened(out: Path):
    """The store of a run."""
    return Workspace(out).records(StoreSettings(), Workspace(out).last_run())


def keep(out: Path, claim: Claim) -> None:
    """Finish a submission with this claim."""
    records = opened(out)
    known = {k.claim.submission_id: "mark" for k in records.known(ALL)}
    records.register({**known, claim.submission_id: "mark"}, retry_failed=False)
    with records:
        lease = records.take(claim.submission_id)
        Workspace(out).show(claim, records.finish(lease, Finished(claim, (), Made("mark"))).made_at)


def is_done(out: Path, submission_id: str) -> bool:
    """Whether the next run would take the claim as it is."""
    return submission_id not in opened(out).register(dict.fromkeys(ALL, "mark"), retry_failed=False)


def claim_of(out: Path, sid: str) -> dict:
    return json.loads((out / sid / "claim.json").read_text("utf-8"))


def restricted() -> dict[str, list[dict[str, str]]]:
    return {"restricted": [{"company": APPLICANT[EQ], "reason": "严重失信", "until": "2021-12-31"}]}


def test_the_same_tables_change_nothing(run: tuple[Path, Path]) -> None:
    out, reference = run
    before = {path: path.read_bytes() for path in out.glob("E-*/claim.json")}
    result = recheck(out, reference)
    assert (len(result.claims), result.changed, result.moved) == (2, 0, ())
    assert before == {path: path.read_bytes() for path in out.glob("E-*/claim.json")}
    assert is_done(out, "E-1")


def test_other_tables_move_claims_and_the_next_run_judges_them_anew(run: tuple[Path, Path], tmp_path: Path) -> None:
    out, _ = run
    result = recheck(out, write_tables(tmp_path / "new", **restricted()))
    assert result.moved == (("E-1", Triage.CLEAR, Triage.INELIGIBLE), ("E-2", Triage.CLEAR, Triage.INELIGIBLE))
    assert [flag["code"] for flag in claim_of(out, "E-1")["flags"]] == ["restricted_applicant"]
    assert not is_done(out, "E-1")
    assert (out / "exceptions.xlsx").exists()


def test_the_insurers_tables_are_looked_up_again(run: tuple[Path, Path]) -> None:
    out, reference = run
    row = {"序号": field("1"), "投保企业名称": field("宁波远帆机械有限公司"), "保单号": field("PZDX202033020000007777")}
    opened(out).keep_tables(Tables(fingerprint="x", papers=(paper(PaperType.INSURER_SUMMARY, {"insurer_name": INSURER}, rows=(row,), annex=2),)), ())
    recheck(out, reference)
    assert {flag["code"] for sid in ("E-1", "E-2") for flag in claim_of(out, sid)["flags"]} == {"summary_row_missing"}
    assert claim_of(out, "E-1")["triage"] == "review"


def test_claims_of_earlier_runs_are_left_alone(run: tuple[Path, Path]) -> None:
    out, reference = run
    keep(out, judged(EQ, submission_id="E-0"))  # on the same policy
    assert [claim.submission_id for claim in recheck(out, reference).claims] == ["E-1", "E-2"]
    assert claim_of(out, "E-1")["flags"] == []


def test_several_processes_judge_as_one_does(run: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, _ = run
    new = write_tables(tmp_path / "new", **restricted())
    monkeypatch.setattr("flows.recheck.FEW", 1)
    assert recheck(out, new, workers=2).claims == recheck(out, new, workers=1).claims


def test_beside_a_run_it_refuses_or_waits_and_a_run_waits_for_it(run: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    """What the run has yet to read would be missing from all that a recheck writes. Runs don't wait for each other."""

    def use() -> bool:
        with Workspace(out).used():
            return True

    out, _ = run
    with ThreadPoolExecutor(1) as pool:
        with Workspace(out).used():
            with pytest.raises(SystemExit) as ended:
                main(["recheck", str(out)])
            assert (ended.value.code, "A run goes on" in capsys.readouterr().err) == (1, True)
            waiting = pool.submit(recheck, out, wait=True)
            assert not wait([waiting], 0.3).done
        assert len(waiting.result().claims) == 2
        with Workspace(out).alone(wait=False):
            begun = pool.submit(use)
            assert not wait([begun], 0.3).done
        assert begun.result(10)
        with Workspace(out).used():
            assert pool.submit(use).result(10)


def test_recheck_ends_with_its_figures(run: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    out, reference = run
    main(["recheck", str(out), "--reference", str(reference), "--workers", "1"])
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert figures["claims"] == 2
    assert figures["triage"] == {"clear": 2}
    assert figures["claims_a_second"] > 0


def test_budget_ranks_writes_and_ends_with_its_figures(run: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = run
    main(["budget", str(out), "--amount", "40000"])
    printed = capsys.readouterr().out
    figures = json.loads(printed.splitlines()[-1])
    assert (figures["ranked"], figures["payable"], figures["paid"], figures["short"]) == (2, "64000.00", "40000.00", 1)
    assert "新投保企业" in printed
    assert (out / "budget.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert (out / "budget.xlsx").exists()


def test_rules_lists_every_code_with_its_clause(capsys: pytest.CaptureFixture[str]) -> None:
    main(["rules", "--scheme", "ningbo-2020"])
    printed = capsys.readouterr().out
    assert json.loads(printed.splitlines()[-1])["codes"] == 37
    assert "duplicate_page" in printed
    assert "三（二）1" in printed


@pytest.mark.parametrize("command", [["recheck", "--reference", "x"], ["budget", "--amount", "1"]])
def test_a_folder_without_a_run_is_told_in_one_line(command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command[0], str(tmp_path), *command[1:]])
    assert ended.value.code == 2
    assert "no finished run" in capsys.readouterr().err
    assert not (tmp_path / ".work").exists()
