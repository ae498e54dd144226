"""Packing: drawn papers become the files that an applicant hands in.

In:    papers in the order of filing, their book, a random.Random.
Out:   files by name, and for each paper where it lies: file, pages, seals, whether and how it was scanned.
Ways:  one merged scan, a few scans, a file a paper (some born digital), a picture a page, a ZIP, mixtures; or no scan at all. Names carry no meaning.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import pymupdf

from pipeline.samples.draw.sheet import Book, Paper
from pipeline.samples.scan import Look, Scan, any_look, of_telephone, scan, stick

_HALF_TURNS = (90, 180, 270)
_ALL_DIGITAL = 1.0  # every paper, also those that would be printed and signed


@dataclass
class Filed:
    """A paper as filed. places: file and page of each of its pages; seals: text, file, page and box."""

    paper: Paper
    places: list[tuple[str, int]] = field(default_factory=list)
    seals: list[tuple[str, str, int, tuple[float, float, float, float]]] = field(default_factory=list)
    scanned: bool = True
    dpi: int | None = None
    rotation: int = 0


@dataclass
class _Page:
    """One scanned page, ready to be put into a file."""

    filed: Filed
    sheet: int
    scan: Scan


@dataclass(frozen=True)
class Habits:
    """How applicants file: patterns of file names, and ways of packing, the more often named the likelier."""

    names: Sequence[str] = ("Scan{d}{n:04}", "扫描_{n:03}", "文档{n}", "CCF_{d}_{n:05}", "img{n:04}", "附件材料({n})", "{h}", "扫描全能王 {d}{n:04}", "MFP_{n:04}")
    ways: Sequence[str] = ("merged", "merged", "merged", "few", "few", "each", "each", "pictures", "zip", "mixed")


USUAL = Habits()


class Names:
    """File names as scanners and telephones give them, one habit a submission, counting up."""

    def __init__(self, rng: Random, year: int, patterns: Sequence[str] = USUAL.names) -> None:
        self.rng = rng
        self.pattern = rng.choice(patterns)
        self.day = f"{year}01{rng.randint(4, 28):02}"
        self.next = rng.randint(1, 30) if "{n:03}" in self.pattern or "({n})" in self.pattern else rng.randint(100, 8000)

    def __call__(self, ending: str) -> str:
        self.next += 1
        return (
            self.pattern.replace("{d}", self.day)
            .replace("{h}", f"{self.rng.getrandbits(48):012x}")
            .replace("{n}", str(self.next))
            .replace("{n:03}", f"{self.next:03}")
            .replace("{n:04}", f"{self.next:04}")
            .replace("{n:05}", f"{self.next:05}")
            + ending
        )


def pack(
    book: Book, papers: Sequence[Paper], rng: Random, year: int, look_of: Callable[[Random], Look] = any_look, habits: Habits = USUAL, *, scanned: bool = True
) -> tuple[dict[str, bytes], list[Filed]]:
    """Scan and pack a submission's papers. look_of: draws a scanner. scanned: else all of it is born digital, in one PDF or a PDF a paper."""
    for sheet in {id(s): s for p in papers for s in p.sheets}.values():
        sheet.finish()
    names = Names(rng, year, habits.names)
    filed = [Filed(p) for p in papers]
    way = rng.choice(habits.ways)
    files: dict[str, bytes] = {}
    if not scanned:
        for part in rng.choice(([filed], [[one] for one in filed])):
            files |= _bundle(book, part, names, Look(), rng, digital=_ALL_DIGITAL)
        return files, filed
    match way:
        case "merged":
            files |= _bundle(book, filed, names, look_of(rng), rng, digital=0.0)
        case "few":
            for part in _parts(filed, rng.randint(2, 4)):
                files |= _bundle(book, part, names, look_of(rng), rng, digital=0.3 if len(part) == 1 else 0.0)
        case "each":
            look = look_of(rng)
            for one in _shuffled(filed, rng):
                files |= _bundle(book, [one], names, look if rng.random() < 0.7 else look_of(rng), rng, digital=0.6)
        case "pictures":
            look = of_telephone(look_of(rng), rng) if rng.random() < 0.5 else look_of(rng)
            for one in filed:
                files |= _pictures(book, one, names, look, rng) if rng.random() < 0.8 else _bundle(book, [one], names, look_of(rng), rng, digital=0.5)
        case "zip":
            inner: dict[str, bytes] = {}
            look = look_of(rng)
            for one in filed:
                inner |= _bundle(book, [one], names, look, rng, digital=0.5) if rng.random() < 0.8 else _pictures(book, one, names, look, rng)
            files |= _zipped(inner, filed, names)
        case _:
            cut = max(1, len(filed) // 2)
            files |= _bundle(book, filed[:cut], names, look_of(rng), rng, digital=0.0)
            rest: dict[str, bytes] = {}
            for one in filed[cut:]:
                rest |= _bundle(book, [one], names, look_of(rng), rng, digital=0.6)
            files |= _zipped(rest, filed[cut:], names) if rng.random() < 0.4 else rest
    return files, filed


def pack_one(
    book: Book, paper: Paper, rng: Random, year: int, look_of: Callable[[Random], Look] = any_look, *, scanned: bool = True
) -> tuple[dict[str, bytes], Filed]:
    """Scan a paper into a PDF of its own, as insurers file their tables. scanned: else it is born digital for sure."""
    for sheet in paper.sheets:
        sheet.finish()
    filed = Filed(paper)
    look = replace(look_of(rng), watermark="", dpi=200)
    return _bundle(book, [filed], Names(rng, year), look, rng, digital=0.25 if scanned else _ALL_DIGITAL), filed


def _parts(filed: list[Filed], count: int) -> list[list[Filed]]:
    size = max(1, -(-len(filed) // count))
    return [filed[n : n + size] for n in range(0, len(filed), size)]


def _shuffled(filed: list[Filed], rng: Random) -> list[Filed]:
    order = list(filed)
    if rng.random() < 0.5:
        rng.shuffle(order)
    return order


def _turn(sheet_width: float, sheet_height: float, rng: Random) -> int:
    """How a page lies in the scanner: mostly upright; landscape sheets are often fed the narrow way."""
    if sheet_width > sheet_height:
        return rng.choice((0, 0, 0, 90, 270))
    return rng.choice(_HALF_TURNS) if rng.random() < 0.06 else 0


def _scanned(book: Book, one: Filed, index: int, look: Look, rng: Random, kind: Any = "jpg", turn: int | None = None) -> _Page:
    sheet = one.paper.sheets[index]
    number = sheet.number
    places = [s for s in one.paper.seals if s.page == index]
    behind = one.paper.sheets[index - 1].number if index else (number + 1 if number + 1 < len(book.doc) else None)
    turn = _turn(sheet.width, sheet.height, rng) if turn is None else turn
    return _Page(one, index, scan(book.doc, number, places, look, rng, turn, kind, behind))


def _settle(page: _Page, file: str, number: int) -> None:
    """Note where a scanned page has come to lie."""
    result = page.scan
    page.filed.places.append((file, number))
    page.filed.scanned, page.filed.dpi = True, result.dpi
    page.filed.rotation = page.filed.rotation or result.turned
    page.filed.seals += [(text, file, number, box) for text, box in result.seals]


def _bundle(book: Book, filed: Sequence[Filed], names: Names, look: Look, rng: Random, digital: float) -> dict[str, bytes]:
    """Papers one behind the other in a PDF."""
    file = names(".pdf")
    out: Any = pymupdf.open()
    drawn = False
    layer = rng.random() < 0.08
    for one in filed:
        born = digital >= _ALL_DIGITAL or (one.paper.can_be_digital and rng.random() < digital)
        for index, sheet in enumerate(one.paper.sheets):
            if born:
                out.insert_pdf(book.doc, from_page=sheet.number, to_page=sheet.number)
                page = out[-1]
                one.scanned, drawn = False, True
                one.places.append((file, len(out)))
                one.seals += [(text, file, len(out), box) for text, box in stick(page, [s for s in one.paper.seals if s.page == index], rng)]
                continue
            flagged = rng.random() < 0.05  # lies turned in the file, and the file says so: it shows upright
            ready = _scanned(book, one, index, look, rng, turn=90 if flagged else None)
            result = ready.scan
            page = out.new_page(width=result.width, height=result.height)
            page.insert_image(page.rect, stream=result.data)
            if layer:
                _bad_layer(page, book.doc[sheet.number], rng)
            if flagged:
                page.set_rotation(270)
                ready = replace(ready, scan=replace(result, turned=0))
            _settle(ready, file, len(out))
    if drawn:
        out.subset_fonts()
    out.set_metadata({"producer": rng.choice(("Canon iR-ADV", "KONICA MINOLTA bizhub", "WPS PDF", "CamScanner", "HP MFP")), "creator": "", "title": ""})
    data = bytes(out.tobytes(garbage=3 if drawn else 0, deflate=drawn, no_new_id=True))
    out.close()
    return {file: data}


def _bad_layer(page: Any, drawn: Any, rng: Random) -> None:
    """An invisible text layer as a poor recognition left it: every fourth character is another one."""
    text = drawn.get_text()
    pool = "日目曰口田由甲申千干于土士未末己已巳人入八0O1lI5S8B"
    spoilt = "".join(rng.choice(pool) if c.strip() and rng.random() < 0.25 else c for c in text)
    page.insert_text((40, 50), spoilt.splitlines()[:60], fontname="china-s", fontsize=9, render_mode=3)


def _pictures(book: Book, one: Filed, names: Names, look: Look, rng: Random) -> dict[str, bytes]:
    """A picture a page."""
    files = {}
    for index in range(len(one.paper.sheets)):
        kind = "png" if rng.random() < 0.12 and look.dpi <= 200 else "jpg"
        page = _scanned(book, one, index, replace(look, bleed=0.0), rng, kind)
        file = names("." + page.scan.kind)
        files[file] = page.scan.data
        _settle(page, file, 1)
    return files


def _zipped(inner: dict[str, bytes], filed: Sequence[Filed], names: Names) -> dict[str, bytes]:
    """Files in a ZIP, named by it from then on."""
    archive = names(".zip")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as pack_:
        for name, data in inner.items():
            info = zipfile.ZipInfo(name, (2021, 1, 18, 9, 30, 0))
            info.external_attr = 0o644 << 16
            pack_.writestr(info, data, zipfile.ZIP_DEFLATED if not name.endswith((".jpg", ".png")) else zipfile.ZIP_STORED)
    for one in filed:
        one.places = [(f"{archive}/{file}" if file in inner else file, page) for file, page in one.places]
        one.seals = [(text, f"{archive}/{file}" if file in inner else file, page, box) for text, file, page, box in one.seals]
    return {archive: buffer.getvalue()}
