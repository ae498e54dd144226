"""Scanners' and telephones' ways with a page, and the measuring of how well it is read in each of them."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random

import cv2
import numpy as np
import pytest

from models.geometry import Box
from models.page import Line, Page, PageSource
from pipeline.accuracy.conditions import CONDITIONS, GOOD, Specimen, Tally, compact, count, filed, main, scanned, specimens
from pipeline.samples.devices import DEVICES
from pipeline.samples.draw.sheet import Book, Paper, Pen, SealPlace
from pipeline.samples.scan import Look, Scan, any_look, as_pdf, of_telephone, scan, scan_pair

SEAL = SealPlace(0, "宁波东方精密机械有限公司", "", 300, 420)


@pytest.fixture(scope="module")
def book() -> Book:
    made = Book()
    for _ in range(2):
        sheet = made.sheet()
        for row in range(30):
            sheet.text(70, 90 + 22 * row, f"第{row}条　投保企业应当如实填报各项内容", Pen(size=12))
        sheet.finish()
    return made


def picture(made: Scan) -> np.ndarray:
    return np.asarray(cv2.imdecode(np.frombuffer(made.data, np.uint8), cv2.IMREAD_COLOR))


def red(made: Scan) -> tuple[float, float, float, float]:
    """Where red ink lies on the picture, as fractions of it."""
    shown = picture(made).astype(int)
    ys, xs = np.nonzero(shown[:, :, 2] - shown[:, :, :2].max(axis=2) > 60)
    high, wide = shown.shape[:2]
    return xs.min() / wide, ys.min() / high, xs.max() / wide, ys.max() / high


@pytest.mark.parametrize("change", [{"curl": 0.03}, {"frame": 0.1}, {"phone": True, "curl": 0.02}, {"lean": 4.0}], ids=str)
def test_truth_of_seals_follows_the_paper(book: Book, change: dict[str, object]) -> None:
    look = replace(Look(dpi=100, noise=0.0, skew=0.0, seal_strength=1.0), **change)  # type: ignore[arg-type]
    for seed in range(3):
        made = scan(book.doc, 0, [SEAL], look, Random(seed))
        [(text, box)] = made.seals
        assert text == SEAL.name
        assert red(made) == pytest.approx(box, abs=0.018)


def test_a_fax_is_black_and_white_whatever_was_asked_for(book: Book) -> None:
    made = scan(book.doc, 0, [], replace(GOOD, dpi=100, bilevel=True), Random(1), kind="jpg")
    assert made.kind == "png"
    assert set(np.unique(picture(made))) == {0, 255}


def test_a_frame_is_black_and_makes_the_page_larger(book: Book) -> None:
    framed, plain = (scan(book.doc, 0, [], replace(GOOD, dpi=100, skew=0.0, frame=frame), Random(1)) for frame in (0.1, 0.0))
    assert framed.width > plain.width
    assert framed.height > plain.height
    assert picture(framed)[:2].max() < 60 < picture(plain)[:2].min()


def test_a_shadow_darkens_a_part_of_the_page(book: Book) -> None:
    dark, plain = (np.percentile(picture(scan(book.doc, 0, [], replace(GOOD, dpi=100, shadow=shadow), Random(1))), (5, 95)) for shadow in (0.6, 0.0))
    assert dark[0] < 130 < plain[0] or dark[1] > 200
    assert dark[0] < plain[0]


def test_two_pages_lie_side_by_side_with_their_seals(book: Book) -> None:
    made = scan_pair(book.doc, [(0, [SEAL]), (1, [SEAL])], replace(GOOD, dpi=100, skew=0.0), Random(2))
    assert made.width == pytest.approx(2 * 595, abs=2)
    first, second = (box for _, box in made.seals)
    assert second[0] - first[0] == pytest.approx(0.5, abs=0.02)
    assert first[2] < 0.5 < second[0]


def test_odd_scans_are_as_rare_as_in_a_january() -> None:
    looks = [any_look(Random(seed)) for seed in range(600)]
    telephones = [of_telephone(look, Random(seed)) for seed, look in enumerate(looks)]
    for share in (np.mean([look.bilevel for look in looks]), np.mean([look.frame > 0 for look in looks])):
        assert 0.005 < share < 0.05
    assert not any(look.phone or look.curl or look.shadow for look in looks)
    assert 0.05 < np.mean([look.curl > 0 for look in telephones]) < 0.3
    assert all(look.phone and not look.bilevel and not look.frame for look in telephones)


# ---------------------------------------------------------------- measuring


def read_as(*texts: str, turned: int = 0) -> Page:
    lines = tuple(Line(text=text, box=Box(0.1, 0.05 * n, 0.9, 0.05 * n + 0.03), confidence=0.99) for n, text in enumerate(texts))
    return Page(file="a.pdf", number=1, width=595, height=842, source=PageSource.OCR, lines=lines, turned=turned)


def printed(*lines: str, values: tuple[str, ...] = (), cells: int = 0) -> Specimen:
    return Specimen(Paper("other"), 0, tuple(map(compact, lines)), values, cells)


def figures(page: Page, *shown: Specimen, turn: int = 0) -> dict[str, float]:
    tally = Tally()
    count(tally, page, shown, turn)
    return tally.figures()


def test_what_is_read_wrong_or_not_at_all_is_counted() -> None:
    page = printed("保险费：人民币10,000.00元", "投保人甲", values=("10,000.00",))
    whole = figures(read_as("保险费:人民币 10,000.00元", "投保人甲"), page)
    assert [whole[name] for name in ("characters", "lines", "values", "wrong_way")] == [1, 1, 1, 0]
    half = figures(read_as("保险费:人民币10,000.0元", turned=90), page)
    assert half["wrong_way"] == 1
    assert (half["lines"], half["values"]) == (0, 0)
    assert 0.7 < half["characters"] < 0.9


def test_the_order_of_two_pages_counts() -> None:
    left, right = printed("左页第一行", "左页第二行"), printed("右页第一行", "右页第二行")
    longer = [printed(*(f"{line}甲乙丙" for line in page.lines)) for page in (left, right)]
    lines = [line for page in longer for line in page.lines]
    assert figures(read_as(*lines), *longer)["order"] == 1
    assert figures(read_as(lines[0], lines[2], lines[1], lines[3]), *longer)["order"] == 0.75


def test_every_condition_can_be_made() -> None:
    book = Book()
    shown = specimens(book, 2, 5)
    assert all(one.lines for one in shown)
    for number, condition in enumerate(one for one in CONDITIONS.values() if not (one.device or one.way or one.program)):
        small = replace(condition, look=replace(condition.look, dpi=60))
        made = scanned(book, shown if condition.pair else shown[:1], small, condition.turns[0], Random(number))
        assert as_pdf(made).startswith(b"%PDF")
        assert (made.width > made.height) == (condition.pair != (condition.turns[0] in (90, 270)))


def test_what_devices_do_leaves_a_page_that_is_another_picture(book: Book) -> None:
    page = cv2.cvtColor(picture(scan(book.doc, 0, [], replace(GOOD, dpi=60), Random(1))), cv2.COLOR_BGR2RGB)
    for name, device in DEVICES.items():
        made = device(page.copy(), Random(2))
        assert made.dtype == np.uint8, name
        assert made.shape[0] / made.shape[1] == pytest.approx(page.shape[0] / page.shape[1], abs=0.02), name
        assert made.shape != page.shape or np.abs(made.astype(int) - page).mean() > 0.1, name


def test_conditions_are_filed_as_they_say() -> None:
    book = Book()
    shown = specimens(book, 1, 5)
    rows = {name: filed(book, shown, replace(CONDITIONS[name], look=replace(GOOD, dpi=60)), 0, Random(1)) for name in ("good", "device: glare", "file: strips", "program: outlines")}
    assert len(set(rows.values())) == len(rows)
    assert all(data.startswith(b"%PDF") for data in rows.values())


def test_the_command_prints_a_table_and_its_figures(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--pages", "1", "--only", "120 dpi"])
    *table, last = capsys.readouterr().out.strip().splitlines()
    assert table[1].startswith("120 dpi")
    own = json.loads(last)["conditions"]["120 dpi"]
    assert own["pages"] == 1
    assert own["characters"] > 0.95


