"""What a wrong call is told: one line that says what to do, exit status 2, never a traceback."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from flows.cli import main


@pytest.fixture
def call(papers: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    """Run `intake run` with what the test changes; gives the exit status and what stood on standard error."""

    def run(**changed: str) -> tuple[int, str]:
        options = {"reference": str(papers / "reference"), "out": str(tmp_path / "out"), "scheme": "ningbo-2020", "year": "2021", **changed}
        batch = options.pop("batch", str(papers / "batch"))
        with pytest.raises(SystemExit) as ended:
            main(["run", batch, *(part for name, value in options.items() for part in (f"--{name}", value))])
        return int(ended.value.code or 0), capfd.readouterr().err

    return run


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"batch": "no/such/folder"}, "no/such/folder"),
        ({"reference": "no/such/tables"}, "--reference"),
        ({"scheme": "ningbo-1999"}, "ningbo-2020"),
        ({"workers": "0"}, "workers"),
        ({"year": "soon"}, "year"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(call, changed: dict[str, str], told: str) -> None:
    status, error = call(**changed)
    assert status == 2
    assert told in error
    assert error.startswith("intake: ")
    assert error.count("\n") == 1
    assert "Traceback" not in error


def test_a_batch_without_submissions_says_how_to_lay_them_out(call, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    status, error = call(batch=str(tmp_path / "empty"))
    assert (status, "folder of its own" in error) == (2, True)


def test_a_submission_named_for_the_batch_is_told_where_the_batch_may_be(call, papers: Path) -> None:
    submission = next(path for path in (papers / "batch").iterdir() if path.is_dir())
    status, error = call(batch=str(submission))
    assert (status, f"({papers / 'batch'})" in error) == (2, True)


def test_a_table_named_for_the_reference_folder_is_told_apart_from_one_that_isnt_there(call, papers: Path) -> None:
    status, error = call(reference=str(next((papers / "reference").glob("*.csv"))))
    assert (status, "is a file" in error) == (2, True)


def test_a_group_of_settings_is_no_setting_to_be_meant(call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTAKE_RUN_", "4")
    assert "mean INTAKE_RUN__" in call()[1]


def test_results_may_not_go_into_the_batch(call, papers: Path) -> None:
    status, error = call(out=str(papers / "batch" / "out"))
    assert (status, "--out" in error) == (2, True)
    assert not (papers / "batch" / "out").exists()


def test_a_wrong_header_names_file_and_column(call, papers: Path, tmp_path: Path) -> None:
    tables = tmp_path / "reference"
    shutil.copytree(papers / "reference", tables)
    (tables / "holdings.csv").write_text("holder,firm,percent\n甲,乙,30\n", "utf-8")
    status, error = call(reference=str(tables))
    assert status == 2
    assert "holdings.csv" in error
    assert "company" in error
    assert error.count("\n") == 1


def test_what_the_system_refuses_is_told_in_one_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemExit) as ended:
        main(["sample", "--submissions", "1", "--seed", "1", "--out", str(tmp_path / "file" / "out"), "--workers", "1"])
    *progress, error = capfd.readouterr().err.splitlines()
    assert (ended.value.code, "".join(progress).strip()) == (1, "")
    assert error.startswith(f"intake: {tmp_path / 'file'}")


def test_a_misspelt_setting_names_the_nearest(call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTAKE_RUN__SUBMISSION_SECOND", "60")
    status, error = call()
    assert status == 2
    assert "INTAKE_RUN__SUBMISSION_SECONDS" in error


def test_a_setting_out_of_bounds_names_itself(call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTAKE_RUN__SUBMISSION_SECONDS", "1")
    status, error = call()
    assert status == 2
    assert "INTAKE_RUN__SUBMISSION_SECONDS" in error


def test_a_reference_folder_without_tables_is_told(papers: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import batch, report

    monkeypatch.setattr(batch, "run", lambda todo, settings, progress, retry_failed: report.Report())
    (tmp_path / "tables").mkdir()
    main(["run", str(papers / "batch"), "--reference", str(tmp_path / "tables"), "--out", str(tmp_path / "out"), "--scheme", "ningbo-2020", "--year", "2021"])
    assert "holds no tables" in capfd.readouterr().err
