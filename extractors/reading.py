"""A file's pages as they are read: upright, lines in reading order, cells, seals, codes.

In:    a SourceFile. Out: one Page for each of its pages.
Fails: FileRefused when the file can't be read as pages; a page that can't be trusted says so in `unreadable`.
Elsewhere: which paper a page belongs to (extractors/sorting).

A page is known by what was drawn of it and by the reader's version: what has been read once is taken from the cache, without any network.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
import numpy.typing as npt
import zxingcpp
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from extractors import pdf, seals
from extractors.boxes import inside, middles_within, overlaps
from extractors.files import SourceFile
from extractors.ocr import cascade
from extractors.ocr.crops import crop
from extractors.ocr.engine import Engine, Found, build
from extractors.ocr.recognition import Reading
from extractors.ocr.settings import OcrSettings
from extractors.pdf import PdfSettings, Sheet
from extractors.pictures import Grey, Picture, curl, gaps, grey_of, grid, legibility, light, percentiles, two_up, upright
from extractors.pictures.look import look_of
from extractors.pictures.pale import lift_pale
from extractors.pictures.ticks import with_drawn_boxes, with_tick_boxes
from extractors.seals import beneath
from models.errors import FileRefused
from models.geometry import Box
from models.page import Cell, Line, Page, PageSource, Seal

log = logging.getLogger(__name__)

READER_VERSION = "10"  # raise it whenever the same page might be read otherwise

_CERTAIN = 0.97  # mean confidence from which a line under a seal isn't read a second time
_GARBLED = 0.55  # a line read with less than this is a stain, a texture or the back side shining through
_DOUBTFUL = 0.90  # a line read with less than this, and paler than print is, is the back side of the sheet shining through
_PRINT = 0.75  # confidence from which what is read in a picture among text is print, not a pattern
_SEAL = 0.4  # share of a picture that is a seal's, from which the picture is the seal's
_SAID = 0.3  # share of a line within one of the page's own text, from which that is what was read
_TALL = 1.5
_STRAIGHTENED = 2  # times that a bent page is laid straight: what is left of a strong bend shows only then
_CODES = zxingcpp.BarcodeFormat.QRCode  # others cost three to ten times as much and say nothing that isn't printed


# Told of a page as it is read: its number, its picture in colour and how that is turned upright, and the upright page as it was read, its seals lifted.
Keep = Callable[[int, Picture, upright.Turn, Grey], None]


class ReaderSettings(BaseModel):
    """Everything about reading that can be set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ocr: OcrSettings = Field(default_factory=OcrSettings, description="how lines are found and read")
    pdf: PdfSettings = Field(default_factory=PdfSettings, description="how pages are drawn")
    seals: bool = Field(default=True, description="find, lift off and read seals")
    codes: bool = Field(default=True, description="read QR codes and bar codes")


@dataclass(frozen=True)
class _Laid:
    """A scanned page made ready for its lines to be read.

    picture: as found, or laid straight, with its seals; spots: of these, on it; turn: from it to `page`, which is upright, without seals and pale marks.
    quads: corners of the lines on the page; known: what some of them say, by index, as it was read on the way. gutter: between two pages of a sheet, pixels.
    turned, skew: all turns of the paper together, degrees clockwise.
    """

    picture: Picture
    spots: list[seals.SealSpot]
    turn: upright.Turn
    page: Grey
    quads: npt.NDArray[np.float32]
    known: dict[int, Reading]
    gutter: float | None
    turned: int
    skew: float


class Reader:
    """Reads files. Loads no network before the first page that needs one.

    cache: folder in which readings are kept; None keeps none. engine: another engine than the settings' (tests, GPUs).
    """

    def __init__(self, settings: ReaderSettings | None = None, cache: Path | None = None, engine: Engine | None = None) -> None:
        self.settings = settings or ReaderSettings()
        self._engine = engine if engine is not None else build(self.settings.ocr)
        self._cache = cache

    @property
    def version(self) -> str:
        """Changes whenever the same page might be read otherwise."""
        s = self.settings
        return f"{READER_VERSION} {self._engine.version} {s.pdf.model_dump_json(exclude=pdf.LIMITS)} seals={s.seals} codes={s.codes}"

    @property
    def engine(self) -> Engine:
        """What finds and reads lines."""
        return self._engine

    def read(self, file: SourceFile, keep: Keep | None = None) -> tuple[Page, ...]:
        """All pages of a file, in its order. keep: told of each page that is read anew and has a picture. Raises FileRefused."""
        known = self.known(file.name, file.sha256)
        if known is not None:
            return known
        pages: list[Page] = []
        keys: list[str] = []
        for sheet in pdf.read_sheets(file, self.settings.pdf):
            key = self._key(sheet)
            page = self._known_page(key, file.name, sheet.number)
            if page is None:
                page = self.read_sheet(sheet, file.name, keep)
                self._keep(key, page.model_dump_json())
            pages.append(page)
            keys.append(key)
            del sheet  # its picture is gone before the next one is drawn
        damaged = [p for p in pages if p.unreadable.startswith(("truncated", "damaged"))]
        if damaged and len(damaged) * 2 >= len(pages):
            reason, _, detail = damaged[0].unreadable.partition(": ")
            raise FileRefused(reason, f"page {damaged[0].number}: {detail}")
        self._keep(self._file_key(file.sha256), json.dumps(keys))
        return tuple(pages)

    def read_sheet(self, sheet: Sheet, name: str, keep: Keep | None = None) -> Page:
        """One page, read anew. keep: told of the page, unless there is nothing on it."""
        if sheet.damage:
            return Page(file=name, number=sheet.number, width=sheet.width, height=sheet.height, source=PageSource.OCR, unreadable=sheet.damage)
        if sheet.lines is not None:
            return self._born_digital(sheet, sheet.lines, name, keep)
        if sheet.picture is None:
            return Page(file=name, number=sheet.number, width=sheet.width, height=sheet.height, source=PageSource.BLANK)
        return self._scanned(sheet, sheet.picture, name, keep)

    # ------------------------------------------------------------ pages

    def _born_digital(self, sheet: Sheet, text: tuple[Line, ...], name: str, keep: Keep | None) -> Page:
        width, height = (sheet.height, sheet.width) if sheet.tilt in (90, 270) else (sheet.width, sheet.height)
        lines = text
        cells: tuple[Cell, ...] = ()
        stamps: tuple[Seal, ...] = ()
        codes: tuple[str, ...] = ()
        ink, look = 0.0, 0
        if sheet.picture is not None:
            turn = upright.turn_of(sheet.tilt, 0.0, sheet.picture.shape[1], sheet.picture.shape[0])
            spots = seals.find_seals(sheet.picture) if self.settings.seals else []
            page = turn.picture(grey_of(seals.lift(sheet.picture, spots)))
            if keep:
                keep(sheet.number, sheet.picture, turn, page)
            cells = grid.find_cells(page)
            lines = grid.split_at_walls(with_drawn_boxes(page, (*lines, *self._pasted(page, sheet.pictures, spots, turn, lines))), cells)
            stamps = self._seals(sheet.picture, spots, turn)
            stamps = tuple(seal for seal in stamps if not _heads_invoice(seal, lines))
            codes = self._codes(page)
            ink, look = _ink(page), look_of(page)
        return Page(
            file=name, number=sheet.number, width=width, height=height, source=PageSource.TEXT_LAYER,
            lines=in_order(lines, cells), cells=cells, seals=stamps, codes=codes, turned=sheet.tilt, ink=ink, look=look,
        )  # fmt: skip

    def _pasted(self, page: Grey, pictures: Sequence[Box], spots: Sequence[seals.SealSpot], turn: upright.Turn, lines: Sequence[Line]) -> tuple[Line, ...]:
        """What is printed in pictures that stand on a page of text, seals and what the text says left out. pictures: in fractions of the page as shown."""
        rings = [spot.moved(turn.matrix).box(turn.width, turn.height) for spot in spots]
        width, height = (turn.height, turn.width) if turn.quarter in (90, 270) else (turn.width, turn.height)
        found: list[Line] = []
        for picture in pictures:
            corners = turn.points(_corners(picture, width, height))
            (left, top), (right, bottom) = corners.min(0).round().astype(int).tolist(), corners.max(0).round().astype(int).tolist()
            box = Box(left / turn.width, top / turn.height, right / turn.width, bottom / turn.height)
            if rings and float(overlaps([box], rings).max()) > _SEAL * box.area:
                continue
            read = self._lines(page, self._closer(page, np.zeros((0, 4, 2), np.float32), box), {})
            found += [line for line in read if line.confidence >= _PRINT and legibility.contrast(page, line.box) >= legibility.PALE]
        said = inside([line.box for line in found], [line.box for line in lines]).max(1) if found else ()
        return tuple(line for line, share in zip(found, said, strict=True) if share < _SAID)

    def _scanned(self, sheet: Sheet, picture: Picture, name: str, keep: Keep | None) -> Page:
        bare = partial(Page, file=name, number=sheet.number, width=sheet.width, height=sheet.height)
        dark = legibility.black(picture) if legibility.too_dark(picture) else ""
        if int(picture.max()) - int(picture.min()) < 8:  # not even a speck: what a PDF's empty page draws
            return bare(source=PageSource.OCR if dark else PageSource.BLANK, unreadable=dark)
        picture, corners = self._sheet_within(picture, sheet.paper)
        picture = light.evened(picture)
        faint = light.faintness(picture)
        laid = self._laid(picture if faint is None else light.deepened(picture, faint), () if corners else sheet.pictures)
        if keep:
            keep(sheet.number, laid.picture, laid.turn, laid.page)
        if faint is not None:
            source, unreadable = legibility.of_faint(self._engine, laid.page, laid.quads, faint, legibility.marked_share(picture))
            if source is PageSource.BLANK or unreadable:
                return bare(source=source, unreadable=unreadable)
        page, turn = laid.page, laid.turn
        lines, cells, stamps = self._content(laid)
        ink = _ink(page)
        kept = tuple(line for line in lines if _counts(page, line))
        kept = self._restated(page, kept) + self._overlooked(page, kept, cells)
        source, unreadable = legibility.state(page, lambda: turn.picture(grey_of(laid.picture)), lines, kept, _without_text(laid.quads, lines, turn), stamps)
        if dark and not legibility.trusted(kept):
            source, unreadable = PageSource.OCR, dark
        if source is PageSource.BLANK:  # which way up it lies can't be told, and doesn't matter
            return bare(source=source, ink=ink)
        width, height = (float(turn.width), float(turn.height)) if corners else (sheet.width, sheet.height)
        if not corners and laid.turned in (90, 270):
            width, height = height, width
        return Page(
            file=name, number=sheet.number, width=width, height=height, source=source,
            lines=in_order(kept, cells) if laid.gutter is None else two_up.in_order(kept, cells, laid.gutter / turn.width, in_order),
            cells=cells if kept else (), seals=stamps, codes=self._codes(page), turned=laid.turned, skew=round(laid.skew, 2), corners=corners, ink=ink,
            look=look_of(page), unreadable=unreadable,
        )  # fmt: skip

    def _sheet_within(self, picture: Picture, paper: Box | None) -> tuple[Picture, tuple[float, ...]]:
        """The sheet that a photograph shows, as if it had been scanned, and its corners in fractions of the picture; of a scan the picture itself, and ().

        paper: where all that is on the page stands, if that is but a part of it; then that is the picture.
        """
        whole = np.array([picture.shape[1], picture.shape[0]], np.float32)
        start = np.zeros(2, np.float32)
        if paper is not None:
            outer = _corners(paper, picture.shape[1], picture.shape[0]).round()
            start = outer[0]
            (left, top), (right, bottom) = outer[0].astype(int), outer[2].astype(int)
            picture = np.ascontiguousarray(picture[top:bottom, left:right])
        corners = upright.find_sheet(picture)
        if corners is None or light.print_beyond(self._engine, picture, corners):
            return picture, () if paper is None else _shares(outer / whole)
        return upright.flattened(picture, corners), _shares((corners + start) / whole)

    def _laid(self, picture: Picture, pasted: Sequence[Box] = ()) -> _Laid:
        """A page in even light made ready for reading: seals and pale marks off, upright, straight, lines found. pasted: where small pictures are on it, in fractions of it."""
        spots, clean, turn, quads, known = self._found(picture, pasted)
        turned, skew = turn.quarter, turn.skew
        for _ in range(_STRAIGHTENED):
            if not curl.suspected(turn.points(quads), turn.width, turn.height) or (flat := curl.flattened(turn.picture(picture), turn.points(quads))) is None:
                break
            picture = flat
            spots, clean, turn, quads, known = self._found(picture)
            turned, skew = (turned + turn.quarter) % 360, skew + turn.skew
        page, quads = turn.picture(clean), turn.points(quads)
        gutter = two_up.gutter(page, quads)
        if gutter is not None:
            quads, known = two_up.find(self._engine, page, gutter), {}
        return _Laid(picture, spots, turn, page, quads, known, gutter, turned, skew)

    def _found(self, picture: Picture, pasted: Sequence[Box] = ()) -> tuple[list[seals.SealSpot], Grey, upright.Turn, npt.NDArray[np.float32], dict[int, Reading]]:
        """A page's seals, the page without them and without what is paler than its print, how to turn it, where its lines stand, and those read on the way."""
        spots = seals.find_seals(picture) if self.settings.seals else []
        clean = lift_pale(grey_of(seals.lift(picture, spots)))
        quads = self._engine.find(clean)
        for box in pasted:
            quads = self._closer(clean, quads, box)
        turn, known = upright.find_turn(self._engine, clean, quads)
        return spots, clean, turn, quads, known

    def _closer(self, page: Grey, quads: npt.NDArray[np.float32], box: Box) -> npt.NDArray[np.float32]:
        """Lines of the page, those within a box looked for in it alone: there they are larger."""
        (left, top), (right, bottom) = _corners(box, page.shape[1], page.shape[0])[[0, 2]].round().astype(int).tolist()
        middles = quads.mean(1)
        within = (middles[:, 0] > left) & (middles[:, 0] < right) & (middles[:, 1] > top) & (middles[:, 1] < bottom)
        found = self._engine.find(np.ascontiguousarray(page[top:bottom, left:right])) + np.array([left, top], np.float32)
        every: npt.NDArray[np.float32] = np.concatenate([quads[~within], found]).astype(np.float32)
        return every

    def _content(self, laid: _Laid) -> tuple[tuple[Line, ...], tuple[Cell, ...], tuple[Seal, ...]]:
        """Every line with text, the cells, the seals."""
        lines = self._lines(laid.page, laid.quads, laid.known)
        lines = self._beneath(lines, laid)
        stamps = tuple(seal for seal in self._seals(laid.picture, laid.spots, laid.turn) if not _heads_invoice(seal, lines))
        cells = grid.find_cells(laid.page) if laid.gutter is None else two_up.find_cells(laid.page, laid.gutter)
        return grid.split_at_walls(with_tick_boxes(laid.page, lines), cells), cells, stamps

    def _lines(self, page: Grey, quads: npt.NDArray[np.float32], known: dict[int, Reading]) -> tuple[Line, ...]:
        """Every line of an upright page that isn't a slanted watermark; what was read on the way isn't read again."""
        height, width = page.shape[:2]
        wanted = [i for i, quad in enumerate(quads) if not upright.tilted(quad)]
        cut = {i: crop(page, quads[i]) for i in wanted if i not in known}
        tall = [i for i, piece in cut.items() if piece.shape[0] > _TALL * piece.shape[1]]
        level = [i for i in cut if i not in set(tall)]
        readings = {i: known[i] for i in wanted if i in known}
        readings |= dict(zip(level, self._engine.recognise([cut[i] for i in level]), strict=True))
        readings |= self._columns({i: cut[i] for i in tall})
        return tuple(Found(quads[i], reading).line(width, height) for i, reading in sorted(readings.items()) if reading.text.strip())

    def _beneath(self, lines: tuple[Line, ...], laid: _Laid) -> tuple[Line, ...]:
        """Lines beneath seals, read in other ways as well: lifting a seal can take print with it."""
        turn, out = laid.turn, list(lines)
        shape = (turn.height, turn.width)
        boxes = [(spot.red, spot.moved(turn.matrix).box(turn.width, turn.height)) for spot in laid.spots]
        red = [box for is_red, box in boxes if is_red]
        beneath_red = [i for i, line in enumerate(lines) if any(beneath.touches(line, box, shape) for box in red)]
        quads = {i: _corners(lines[i].box, turn.width, turn.height) for i in range(len(lines)) if any(lines[i].box.overlap(box) > 0 for _, box in boxes)}
        first = {i: beneath.reading_of(lines[i]) for i in beneath_red}
        stretches = {i: beneath.stretch(lines[i], red, shape) for i in beneath_red}

        def look(picture: Picture | Grey, wanted: Sequence[int], *, careful: bool) -> dict[int, Reading]:
            return self._read_stretches({i: crop(picture, turn.back(quads[i])) for i in wanted}, first, stretches, careful=careful)

        dimmed = seals.dimmed(laid.picture, laid.spots) if beneath_red else laid.picture
        second = look(dimmed, beneath_red, careful=False)
        disputed = [i for i in beneath_red if not beneath.same(first[i], second[i])]
        second |= look(dimmed, disputed, careful=True)
        third = look(laid.picture, disputed, careful=True)
        for i in beneath_red:
            best = beneath.agreed((first[i], second[i], third[i])) if i in third else max(first[i], second[i], key=lambda r: r.confidence)
            if best is not first[i]:
                out[i] = Found(quads[i], best).line(turn.width, turn.height)
        doubtful = [i for i in quads if i not in first and lines[i].confidence < _CERTAIN]
        again = self._engine.recognise([crop(laid.picture, turn.back(quads[i])) for i in doubtful], careful=True) if doubtful else []
        for i, reading in zip(doubtful, again, strict=True):  # the surer reading counts
            if reading.confidence > lines[i].confidence + 0.02:
                out[i] = Found(quads[i], reading).line(turn.width, turn.height)
        return tuple(out)

    def _read_stretches(self, crops: dict[int, Picture], first: dict[int, Reading], stretches: dict[int, cascade.Stretch], *, careful: bool) -> dict[int, Reading]:
        """Lines with one stretch of each read again, from other crops of the same lines; where a cut went wrong, the whole line."""
        if not crops:
            return {}
        parts = {i: cascade.piece(piece, first[i], stretches[i]) for i, piece in crops.items()}
        readings = self._engine.recognise([part for part, _, _ in parts.values()], careful=careful)
        merged = {i: cascade.merged(first[i], stretches[i], reading, left, right, lambda _, there: there) for reading, (i, (_, left, right)) in zip(readings, parts.items(), strict=True)}
        missed = [i for i, reading in merged.items() if reading is None]
        whole = dict(zip(missed, self._engine.recognise([crops[i] for i in missed], careful=careful) if missed else [], strict=True))
        return {i: whole[i] if reading is None else reading for i, reading in merged.items()}

    def _overlooked(self, page: Grey, lines: tuple[Line, ...], cells: tuple[Cell, ...]) -> tuple[Line, ...]:
        """Lines in cells where detection saw none though there is print. What can't be read stays, as doubtful as it is: its cell isn't blank."""
        height, width = page.shape[:2]
        quads = gaps.overlooked(page, lines, cells)
        readings = self._engine.recognise([crop(page, quad) for quad in quads], careful=True) if quads else []
        return tuple(Found(quad, reading).line(width, height) for quad, reading in zip(quads, readings, strict=True) if reading.text.strip())

    def _restated(self, page: Grey, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        """The lines, those read anew of which a figure before the unit was left out."""
        height, width = page.shape[:2]
        short = gaps.understated(page, lines)
        readings = self._engine.recognise([crop(page, quad) for quad in short.values()], careful=True) if short else []
        whole = {n: Found(short[n], reading).line(width, height) for n, reading in zip(short, readings, strict=True) if re.fullmatch(rf"\d+\s?{re.escape(lines[n].text)}", reading.text.strip())}
        return tuple(whole.get(n, line) for n, line in enumerate(lines)) if whole else lines

    def _columns(self, tall: dict[int, Grey]) -> dict[int, Reading]:
        """Narrow high crops: characters one below another, or a line that lies on its side; the surer reading counts."""
        if not tall:
            return {}
        ways = [[_side_by_side(piece), np.ascontiguousarray(np.rot90(piece)), piece] for piece in tall.values()]
        readings = self._engine.recognise([way for each in ways for way in each])
        return {i: max(readings[3 * k : 3 * k + 3], key=lambda r: (round(r.confidence, 1), len(r.text))) for k, i in enumerate(tall)}

    def _seals(self, picture: Picture, spots: Sequence[seals.SealSpot], turn: upright.Turn) -> tuple[Seal, ...]:
        read = (seals.read_seal(self._engine, picture, spot, turn.matrix, (turn.width, turn.height)) for spot in spots)
        return tuple(sorted((seal for seal in read if seal is not None), key=lambda seal: (seal.box.y0, seal.box.x0)))

    def _codes(self, page: Grey) -> tuple[str, ...]:
        if not self.settings.codes:
            return ()
        return tuple(dict.fromkeys(code.text for code in zxingcpp.read_barcodes(page, formats=_CODES)
            if code.valid and code.text))

    # ------------------------------------------------------------ cache

    def _key(self, sheet: Sheet) -> str:
        digest = hashlib.sha256(self.version.encode())
        digest.update(f"{sheet.width:.3f} {sheet.height:.3f} {sheet.tilt} {sheet.damage}".encode())
        if sheet.paper is not None or sheet.pictures:
            digest.update(f"{sheet.paper} {sheet.pictures}".encode())
        if sheet.picture is not None:
            digest.update(str(sheet.picture.shape).encode())
            digest.update(sheet.mark or np.ascontiguousarray(sheet.picture).data)
        for line in sheet.lines or ():
            digest.update(line.model_dump_json().encode())
        return f"page-{digest.hexdigest()}"

    def _file_key(self, sha256: str) -> str:
        return "file-" + hashlib.sha256(f"{self.version} {sha256}".encode()).hexdigest()

    def known(self, name: str, sha256: str) -> tuple[Page, ...] | None:
        """All pages of a file that was read before, from the cache; None where they aren't there. name: as the pages are to call it; sha256: of its bytes."""
        stored = self._stored(self._file_key(sha256))
        if stored is None:
            return None
        try:
            keys = [str(key) for key in json.loads(stored)]
        except (ValueError, TypeError):
            return None
        pages = [self._known_page(key, name, number) for number, key in enumerate(keys, 1)]
        return None if any(page is None for page in pages) else tuple(page for page in pages if page is not None)

    def _known_page(self, key: str, name: str, number: int) -> Page | None:
        stored = self._stored(key)
        if stored is None:
            return None
        try:
            return Page.model_validate_json(stored).model_copy(update={"file": name, "number": number})
        except ValidationError:  # an older shape of Page, or a disk gone bad: read it anew
            log.warning("reading %s in the cache isn't a page; it is read again", key)
            return None

    def _stored(self, key: str) -> str | None:
        if self._cache is None:
            return None
        try:
            return (self._cache / key[5:7] / f"{key}.json").read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return None

    def _keep(self, key: str, text: str) -> None:
        """Write whole or not at all: another process may be reading or writing the same page."""
        if self._cache is None:
            return
        folder = self._cache / key[5:7]
        folder.mkdir(parents=True, exist_ok=True)
        handle, path = tempfile.mkstemp(dir=folder, suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(path).replace(folder / f"{key}.json")
        except OSError:  # on a full disk what is half written stands in the way
            Path(path).unlink(missing_ok=True)
            raise


def _counts(page: Grey, line: Line) -> bool:
    """Whether a line is print of this side of the sheet."""
    return line.confidence >= _GARBLED and (line.confidence >= _DOUBTFUL or legibility.contrast(page, line.box) >= legibility.PALE)


def _corners(box: Box, width: int, height: int) -> npt.NDArray[np.float32]:
    x0, y0, x1, y1 = box.x0 * width, box.y0 * height, box.x1 * width, box.y1 * height
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32)


def _shares(corners: npt.NDArray[np.float32]) -> tuple[float, ...]:
    return tuple(round(float(v), 5) for v in corners.ravel())


def _without_text(quads: npt.NDArray[np.float32], lines: Sequence[Line], turn: upright.Turn) -> list[Box]:
    """Where lines were found that gave no text at all; slanted watermarks aren't meant to."""
    boxes = [Box(*(quad.min(0) / (turn.width, turn.height)).tolist(), *(quad.max(0) / (turn.width, turn.height)).tolist()) for quad in quads if not upright.tilted(quad)]
    read = [line.box for line in lines]
    same = middles_within(boxes, read) | middles_within(read, boxes).T
    return [box for box, found in zip(boxes, same, strict=True) if not found.any()]


def _heads_invoice(seal: Seal, lines: Sequence[Line]) -> bool:
    """Whether a ring is the tax bureau's own, printed across an invoice's title: nobody's stamp."""
    return any(
        ("增值税" in line.text or "发票" in line.text) and line.box.cx - 0.12 < seal.box.cx < line.box.cx + 0.12 and seal.box.y0 - 0.01 < line.box.cy < seal.box.y1
        for line in lines
        if "专用章" not in line.text and line.box.width > 0.9 * seal.box.width
    )


def _side_by_side(column: Grey) -> Grey:
    """Characters that stand one below another, cut apart and set in a row."""
    height, width = column.shape[:2]
    inked = (column < int(column.max()) - 60).any(1)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], inked.astype(np.int8), [0]))))
    runs = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    # Parts of one character (二, 号) lie closer together than characters do.
    merged: list[tuple[int, int]] = []
    for a, b in runs:
        if merged and b - merged[-1][0] <= 1.15 * width and a - merged[-1][1] < 0.3 * width:
            merged[-1] = (merged[-1][0], b)
        else:
            merged.append((a, b))
    pieces = [column[max(0, a - 2) : min(height, b + 2)] for a, b in merged if b - a > 0.2 * width]
    if not pieces:
        return column
    side = max(width, max(p.shape[0] for p in pieces))
    out = np.full((side, side * len(pieces)), int(np.median(column.max(1))), np.uint8)
    for k, piece in enumerate(pieces):
        y, x = (side - piece.shape[0]) // 2, k * side + (side - width) // 2
        out[y : y + piece.shape[0], x : x + width] = piece
    return out


def _ink(page: Grey) -> float:
    """Share of the page that is dark, its margins left out: scanners draw borders there."""
    height, width = page.shape[:2]
    grey = page[height // 40 : -height // 40 or None : 2, width // 40 : -width // 40 or None : 2]
    if not grey.size:
        return 0.0
    return round(float((grey < 0.62 * percentiles(grey, 90)[0]).mean()), 5)


# ---------------------------------------------------------------- order


def in_order(lines: Iterable[Line], cells: Sequence[Cell]) -> tuple[Line, ...]:
    """Reading order: from the top, tables cell by cell in row order, other text row by row from the left."""
    boxes: dict[int, list[Cell]] = {}
    for cell in cells:
        boxes.setdefault(cell.table, []).append(cell)
    inside: dict[int, list[tuple[Cell, Line]]] = {table: [] for table in boxes}
    free: list[Line] = []
    lines = list(lines)
    likeliest = overlaps([line.box for line in lines], [cell.box for cell in cells]).argmax(1).tolist() if cells else [None] * len(lines)
    for line, index in zip(lines, likeliest, strict=True):
        best = None if index is None else cells[index]
        if best is not None and (best.box.contains(line.box.cx, line.box.cy) or line.box.overlap(best.box) > 0.5 * line.box.area):
            inside[best.table].append((best, line))
        else:
            free.append(line)
    blocks = [(sum(line.box.cy for line in row) / len(row), row[0].box.x0, row) for row in rows(free)]
    for table, members in boxes.items():
        ordered = sorted(inside[table], key=lambda pair: (pair[0].row, pair[0].column))
        by_cell: dict[tuple[int, int], list[Line]] = {}
        for cell, line in ordered:
            by_cell.setdefault((cell.row, cell.column), []).append(line)
        content = [line for stack in by_cell.values() for row in rows(stack) for line in row]
        blocks.append((min(c.box.y0 for c in members), min(c.box.x0 for c in members), content))
    blocks.sort(key=lambda block: (block[0], block[1]))
    return tuple(line for _, _, block in blocks for line in block)


def rows(lines: Iterable[Line]) -> list[list[Line]]:
    """Lines that stand beside each other, from the top; each row from the left."""
    ordered = sorted(lines, key=lambda line: line.box.cy)
    if not ordered:
        return []
    usual = median(line.box.height for line in ordered)
    out: list[list[Line]] = []
    for line in ordered:
        if out:
            last = out[-1]
            level = sum(other.box.cy for other in last) / len(last)
            reach = 0.5 * min(max(line.box.height, 1e-4), max(median(o.box.height for o in last), 1e-4), 1.5 * usual)
            apart = all(line.box.x0 >= o.box.x1 - 0.3 * o.box.width or line.box.x1 <= o.box.x0 + 0.3 * o.box.width for o in last)
            if abs(line.box.cy - level) < reach and apart:
                last.append(line)
                continue
        out.append([line])
    return [sorted(row, key=lambda line: line.box.x0) for row in out]


