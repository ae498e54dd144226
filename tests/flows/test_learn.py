"""`intake learn`: from a run's folder with truth, or from corrections; a version is written, and used only where it is better."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pymupdf
import pytest
from lessons_typed import rows, told

from extractors.second_opinion import SecondOpinion
from flows.batch import _learned
from flows.cli import main
from flows.learn import learn
from flows.workspace import LastRun, Workspace
from models.errors import UsageError
from models.page import Page
from models.paper import Paper
from pipeline.learning.versions import card, use, used, versions
from pipeline.process import papers_from_pages
from pipeline.settings import ExtractionSettings, Settings

COUNT = 6


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A batch of born-digital contracts, their truth, and the folder of a run that hasn't read them yet."""
    for n in range(COUNT):
        text, truth = rows(n)
        folder = tmp_path / "batch" / f"S-{n:03}"
        folder.mkdir(parents=True)
        with pymupdf.open() as document:
            page = document.new_page(width=595, height=842)
            for i, line in enumerate([*text[:5], "根据《中华人民共和国合同法》，双方经友好协商订立本合同，共同遵守。", *text[5:]]):
                page.insert_text((70, 80 + 26 * i), line, fontname="china-s", fontsize=18 if i == 0 else 11)
            document.save(folder / "scan.pdf")
        document = {"type": "sales_contract", "file": "scan.pdf", "pages": [1], "fields": {name: {"value": value} for name, value in truth.items()}}
        (tmp_path / "truth").mkdir(exist_ok=True)
        (tmp_path / "truth" / f"S-{n:03}.json").write_text(json.dumps({"documents": [document]}, ensure_ascii=False), "utf-8")
    Workspace(tmp_path / "out").begin(
        LastRun(scheme="ningbo-2020", year=2021, reference="", submissions=tuple(f"S-{n:03}" for n in range(COUNT)), batch="batch", folder=str(tmp_path / "batch")))
    return tmp_path


def called(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[str, dict[str, object]]:
    main(["learn", *arguments, "--rounds", "1"])
    text = capfd.readouterr().out
    return text, json.loads(text.splitlines()[-1])


def test_a_runs_folder_with_truth_gives_a_version_that_is_not_used_where_rules_are_as_good(corpus: Path, capfd: pytest.CaptureFixture[str]):
    where = [str(corpus / "out"), "--truth", str(corpus / "truth"), "--models", str(corpus / "models")]
    text, figures = called(capfd, *where, "--dry-run")
    assert not (corpus / "models").exists()
    assert "仍只用规则" in text
    assert "买方" in text
    text, figures = called(capfd, *where)
    assert (figures["version"], figures["written"], figures["switched"], figures["missing"]) == ("0001", True, False, 0)
    assert figures["old_f1"] == 1.0  # of the rules, on the held papers
    assert versions(corpus / "models") == ("0001",)
    assert used(corpus / "models") == ""
    made = card(corpus / "models", "0001")
    assert made.submissions + len(made.settled) + len(made.held) == COUNT


def test_corrections_teach_what_they_say(corpus: Path, capfd: pytest.CaptureFixture[str]):
    lines = [{
        "submission_id": f"S-{n:03}", "paper": {"type": "sales_contract", "file": "scan.pdf", "page": 1}, "field": "buyer_name", "read": None,
        "corrected": rows(n)[1]["buyer_name"] if n else "上海全无此名集团", "at": "2021-02-03T10:00:00+08:00", "by": "u1"} for n in range(COUNT)]
    file = corpus / "corrections.jsonl"
    file.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "utf-8")
    _, figures = called(capfd, str(file), "--out", str(corpus / "out"), "--models", str(corpus / "models"), "--seed", "2")
    assert figures["written"] is True
    made = card(corpus / "models", "0001")
    held = "S-000" in (*made.settled, *made.held)
    assert made.missing == ({} if held else {"buyer_name": 1})


@pytest.mark.parametrize(
    ("arguments", "told_what"),
    [
        (["{out}", "--truth", "{out}/nowhere", "--models", "{out}/m"], "--truth"),
        (["{out}", "--models", "{out}/m"], "--truth"),
        (["{out}", "--truth", "{out}/../truth"], "--models"),
        (["{out}/none.jsonl", "--out", "{out}", "--models", "{out}/m"], "none.jsonl"),
        (["{out}", "--truth", "{out}/../truth", "--batch", "{out}/nowhere", "--models", "{out}/m"], "--batch"),
    ],
)
def test_a_wrong_call_is_told_what_is_missing(corpus: Path, capfd: pytest.CaptureFixture[str], arguments: list[str], told_what: str):
    with pytest.raises(SystemExit) as ended:
        main(["learn", *(part.format(out=corpus / "out") for part in arguments)])
    assert ended.value.code == 2
    assert told_what in capfd.readouterr().err


def test_a_version_that_finds_what_the_rules_missed_is_used_from_then_on(tmp_path: Path):
    papers = [told(n) for n in range(32)]  # of which the rules read nothing
    dry = learn(papers[:8], tmp_path, rounds=1, dry_run=True)
    assert not dry.written
    done = learn(papers, tmp_path, rounds=10, held=0.33)
    assert done.switched
    assert used(tmp_path) == "0001"
    assert done.figures()["new_f1"] > 0.5 > done.figures()["old_f1"]
    assert done.figures()["new_silent"] == 0


def test_too_few_papers_teach_nothing(tmp_path: Path):
    with pytest.raises(UsageError, match="5 or more"):
        learn([told(n) for n in range(4)], tmp_path)


def test_a_run_asks_the_second_opinion_and_begins_anew_when_another_comes_into_use(tmp_path: Path):
    class Marking(SecondOpinion):
        def on(self, paper: Paper, pages: Mapping[tuple[str, int], Page]) -> Paper:
            return paper.model_copy(update={"confidence": 0.5})

    pages = told(1).pages
    assert {paper.confidence for paper in papers_from_pages(pages, second=Marking(names=None))} == {0.5}
    assert {paper.confidence for paper in papers_from_pages(pages)} != {0.5}
    settings = Settings(extraction=ExtractionSettings(learned=tmp_path))
    marks = [_learned(Settings()), _learned(settings)]
    for version in ("0001", "0002"):
        (tmp_path / version).mkdir()
        (tmp_path / version / "card.json").write_text(version, "utf-8")
        use(tmp_path, version)
        marks.append(_learned(settings))
    assert marks[0] == marks[1] == ""
    assert len(set(marks)) == 3
