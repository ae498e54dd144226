"""`intake bench`: readers measured in turn, in processes of their own, and what a person and a program get from it."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from extractors.files import source_file
from extractors.pdf import read_sheets
from extractors.pictures.upright import find_sheet
from flows.bench import ALL, Item, Misread, Report, SetFigures, SpeedFigures, StampFigures, _together, _truth, of_folder, scanned, score_page, sets_of
from flows.bench_tables import absent, tables
from flows.cli import main
from flows.peers import CREW, KINDS, OWN, Crew, Outline, Scanned, _placed, _Tesseract
from models.errors import UsageError
from models.geometry import Box
from models.page import Line, Page, PageSource
from pipeline.accuracy.stamps import SealTally
from pipeline.samples.pages import SamplePage, on_page, page_set


@pytest.fixture(scope="module")
def photograph() -> SamplePage:
    return next(page for page in page_set("poor", 4, 11) if page.name.endswith("jpg"))


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """Run `intake bench`; gives what stood on standard output."""

    def run(*options: str) -> str:
        main(["bench", "--engines", OWN, *options])
        return capsys.readouterr().out

    return run


# ---------------------------------------------------------------- the command


@pytest.mark.slow
def test_this_reader_is_measured_on_a_made_up_page(shown, tmp_path: Path) -> None:
    out = shown("--sets", "clean", "--count", "1", "--seed", "11", "--json", str(tmp_path / "figures.json"), "--errors", str(tmp_path / "errors.tsv"))
    figures = json.loads(out.splitlines()[-1])
    assert json.loads((tmp_path / "figures.json").read_text("utf-8")) == figures
    (one,) = figures["sets"][0]["engines"]
    assert (figures["sets"][0]["pages"], one["pages"], one["times_rapidocr"]) == (1, 1, None)
    assert one["characters"] > 100
    assert one["errors"] < 0.05 * one["characters"]
    assert one["keys_found"] > 0.8 * one["keys"] > 0
    assert 0 < one["inside_seconds"] < one["seconds"]
    assert one["peak_mb"] > 100
    assert "清晰扫描件" in out
    rows = (tmp_path / "errors.tsv").read_text("utf-8").splitlines()
    assert rows[0] == "file\tengine\tprinted\tread\terrors"
    assert sum(int(row.rsplit("\t", 1)[1]) for row in rows[1:]) == one["errors"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--sets", "dirty"), "clean, poor"),
        (("--pages", "no/such/folder"), "no/such/folder"),
        (("--engines", "abbyy"), "rapidocr"),
        (("--count", "0"), "count"),
        (("--threads", "0"), "threads"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(options: tuple[str, ...], told: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["bench", *options])
    error = capfd.readouterr().err
    assert ended.value.code == 2
    assert told in error
    assert error.strip().count("\n") == 0


@pytest.mark.slow
def test_a_process_a_core_answers_in_the_order_of_the_files() -> None:
    """The first file is the slowest: its answer comes last, and must not be taken for another's."""
    pages = sorted(page_set("clean", 3, 11), key=lambda page: -len(page.glyphs))
    items = [Item(source_file(page.name, page.data)) for page in pages]
    with Crew(CREW, 2) as crew:
        answers, seconds = crew.read([scanned(item.source) for item in items])
    for page, answer in zip(pages, answers, strict=True):
        (read,) = answer.pages
        score = score_page(read.lines, _truth(page))
        assert score.errors < 0.05 * score.characters
    assert max(answer.seconds for answer in answers) <= seconds


# ---------------------------------------------------------------- places


def test_what_was_read_comes_back_to_where_it_is_printed(photograph: SamplePage) -> None:
    """The reader lays a photograph flat; its lines must be found on the drawn page again."""
    file = source_file(photograph.name, photograph.data)
    (sheet,) = read_sheets(file)
    assert sheet.picture is not None
    corners = find_sheet(sheet.picture)
    assert corners is not None, "the photograph should show where its sheet ends"
    height, width = sheet.picture.shape[:2]
    line = Line(text="甲", box=Box(0.25, 0.25, 0.75, 0.75), confidence=1.0)
    page = Page(file="", number=1, width=1, height=1, source=PageSource.OCR, lines=(line,), corners=tuple((corners / (width, height)).ravel().tolist()))
    box = on_page(_placed(page, width, height).lines[0].corners, photograph.placement)
    assert np.allclose(box, (0.25 * 595, 0.25 * 842, 0.75 * 595, 0.75 * 842), atol=6)


@pytest.mark.parametrize(
    ("turned", "corners"),
    [(0, (0.1, 0.2, 0.3, 0.2, 0.3, 0.4, 0.1, 0.4)), (180, (0.9, 0.8, 0.7, 0.8, 0.7, 0.6, 0.9, 0.6)), (90, (0.2, 0.9, 0.2, 0.7, 0.4, 0.7, 0.4, 0.9))],
)
def test_a_turned_pages_lines_lie_where_the_picture_has_them(turned: int, corners: tuple[float, ...]) -> None:
    page = Page(file="a.jpg", number=1, width=1, height=1, source=PageSource.OCR, turned=turned, lines=(Line(text="甲", box=Box(0.1, 0.2, 0.3, 0.4), confidence=1.0),))
    (line,) = _placed(page, 600, 800).lines
    assert line.corners == pytest.approx(corners, abs=0.01)


def test_tesseracts_words_are_put_together_where_they_stand_close() -> None:
    heading = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
    words = [(10, "保"), (32, "险"), (54, "费"), (300, "37.9")]
    rows = "".join(f"5\t1\t1\t1\t1\t{n}\t{x}\t100\t20\t20\t96.1\t{text}\n" for n, (x, text) in enumerate(words))
    read = _Tesseract._words(heading + "4\t1\t1\t1\t1\t0\t10\t100\t400\t20\t-1\t\n" + rows, (1000, 500))
    assert [line.text for line in read.lines] == ["保险费", "37.9"]
    assert read.lines[0].corners == pytest.approx((0.01, 0.2, 0.074, 0.2, 0.074, 0.24, 0.01, 0.24))


# ---------------------------------------------------------------- a folder of one's own


def test_a_folders_pages_are_judged_by_the_lines_beside_them(tmp_path: Path, photograph: SamplePage) -> None:
    (tmp_path / "a.jpg").write_bytes(photograph.data)
    (tmp_path / "b.jpg").write_bytes(photograph.data)
    lines = [{"text": "保险费", "box": [0.1, 0.1, 0.3, 0.12]}, {"text": "期限", "box": [0.1, 0.2, 0.3, 0.22]}]
    (tmp_path / "a.jpg.lines.json").write_text(json.dumps([{"lines": lines}]), "utf-8")
    a, b = of_folder(tmp_path)
    assert (a.source.name, len(a.truths), b.truths) == ("a.jpg", 1, ())
    score = score_page([Outline("保险赞", (0.1, 0.1, 0.3, 0.1, 0.3, 0.12, 0.1, 0.12))], a.truths[0])
    assert (score.characters, score.errors) == (5, 3)


@pytest.mark.parametrize("text", ["{}", "[{}]", "[1]", "not JSON", '[{"lines": [{"text": "x", "box": [0, 1]}]}]'])
def test_a_wrong_truth_file_is_named(text: str, tmp_path: Path, photograph: SamplePage) -> None:
    (tmp_path / "a.jpg").write_bytes(photograph.data)
    (tmp_path / "a.jpg.lines.json").write_text(text, "utf-8")
    if text == "{}":
        assert of_folder(tmp_path)[0].truths == ()
        return
    with pytest.raises(UsageError, match=r"a\.jpg\.lines\.json"):
        of_folder(tmp_path)


def test_a_folder_without_papers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no PDF or picture"):
        sets_of((), tmp_path, 1, 1)


# ---------------------------------------------------------------- what is shown


def text_of(report: Report) -> str:
    console = Console(width=200, record=True, file=StringIO())
    for table in tables(report):
        console.print(table)
    return console.export_text()


def test_a_reader_that_is_not_installed_is_named_with_the_way_to_install_it() -> None:
    (line,) = absent(Report(2, 1, "", ("rapidocr",)))
    assert "RapidOCR" in line
    assert "uv sync --group bench" in line


def test_the_tables_hold_what_was_measured() -> None:
    own = SpeedFigures(OWN, "1", 4, 2.0, 2.0, 0.5, 6.25, 1000, 5, 0.005, 40, 39, 0.5, 0.9, 612.0, 1.6, 0.25)
    report = Report(2, 1, "", sets=[SetFigures("poor", 4, 2, 1, [own])])
    report.stamps = [
        StampFigures("grey", OWN, 200, 4, 3, 0.02, 0.015, 1.333, SealTally(seals=4, found=4, exact=3, companies=4, right=4, bare_pages=4)),
        StampFigures("grey", "rapidocr", 200, 40, 3, 0.2, 0.015, 13.33),
    ]
    shown = text_of(report)
    assert all(part in shown for part in ("劣质扫描件", "6.25", "0.50%", "39/40", "612", "25.00%", "2.00% / 1.50% / 1.3", "20.00% / 1.50% / 13.3", "3/4", "0/4 页"))
    figures = json.loads(replace(report, misread=[Misread("a", OWN, "甲", "乙", 1)]).json())
    assert figures["stamps"][0]["seals"]["exact"] == 3
    assert "misread" not in figures


def test_conditions_add_up() -> None:
    parts = [
        StampFigures("grey", OWN, 200, 4, 2, seals=SealTally(seals=4, found=3, made_up=1, bare_pages=4)),
        StampFigures("dark red", OWN, 100, 5, 1, seals=SealTally(seals=2, found=2, bare_pages=2)),
    ]
    whole = _together(parts)
    assert (whole.condition, whole.characters, whole.cer_stamped, whole.cer_bare, whole.ratio) == (ALL, 300, 0.03, 0.01, 3.0)
    assert whole.seals == SealTally(seals=6, found=5, made_up=1, bare_pages=6)


def test_every_reader_but_this_one_takes_pictures() -> None:
    assert [name for name, kind in KINDS.items() if not kind.pictures] == [OWN, CREW]
    assert Scanned("a", b"", ((1, 1),)).pictures == ()
