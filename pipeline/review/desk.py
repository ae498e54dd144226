"""Pictures of pages and readings of boxes drawn by a reviewer, made when they are asked for.

In:    a file's bytes, a page, a box.  Out: a JPEG; the text in the box.
Fails: PictureFailed, with what can be told a person; whatever the file holds, only the worker process is lost.

Files are opened in a process of their own, with limits on time and memory: no parser runs where web pages are served. Pictures are kept on the shelf, so each is
made once; the worker remembers the last pages, so that a second box on a page is read at once.
"""

from __future__ import annotations

import logging
import resource
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeout
from multiprocessing import get_context
from typing import NamedTuple, TypeVar

import numpy as np
from pebble import ProcessExpired, ProcessPool

from extractors import pdf
from extractors.files import FileLimits, SourceFile, source_in
from extractors.ocr.crops import crop
from extractors.ocr.engine import Found
from extractors.pictures import Grey, Picture, grey_of
from extractors.reading import Reader, ReaderSettings, rows
from models.errors import FileRefused, IntakeError
from models.geometry import Box
from models.page import Line
from pipeline.review.pictures import Kind, PictureSettings, Shelf, key_of, put, renditions

log = logging.getLogger(__name__)

T = TypeVar("T")
REMEMBERED = 4  # pages that a worker keeps, some 13 MiB each
LEAST = 4  # pixels of a box's sides


class PictureFailed(IntakeError):
    """A page that can't be shown, or a box that can't be read. what: unopened, late or broken; file, page: of which, page 0 for the whole file."""

    def __init__(self, what: str, file: str, page: int = 0) -> None:
        super().__init__(f"{file}, page {page}: {what}")
        self.what, self.file, self.page = what, file, page


class RegionReading(NamedTuple):
    """What stands in a box: its lines from the top, "" where nothing was read; confidence: of the least sure line, 0 to 1."""

    text: str
    confidence: float


class Upright(NamedTuple):
    """A page as reading saw it."""

    picture: Picture
    lifted: Grey


class PictureDesk:
    """Makes pictures and reads boxes in worker processes; a context manager. Calls block and may come from several threads at once."""

    def __init__(self, reader: ReaderSettings, settings: PictureSettings, shelf: Shelf) -> None:
        self._settings, self._shelf = settings, shelf
        self._version = Reader(reader).version
        one_thread = reader.model_copy(update={"ocr": reader.ocr.model_copy(update={"threads": reader.ocr.threads or 1})})
        self._pool = ProcessPool(max_workers=settings.workers, context=get_context("spawn"), initializer=_start, initargs=(one_thread, settings))

    def __enter__(self) -> PictureDesk:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """End the worker processes."""
        self._pool.stop()
        self._pool.join()

    def kept(self, sha256: str, page: int, kind: Kind) -> bytes | None:
        """A picture that is on the shelf already; the file isn't needed for it."""
        return self._shelf.get(key_of(self._version, sha256, page, kind))

    def picture(self, file: SourceFile, page: int, kind: Kind) -> bytes:
        """A page's picture as JPEG. Raises PictureFailed."""
        known = self.kept(file.sha256, page, kind)
        if known is not None:
            return known
        made = self._caged(_make, (file.name, page), file, page)
        put(self._shelf, self._version, file.sha256, page, made)
        return made[kind]

    def read_region(self, file: SourceFile, page: int, box: Box) -> RegionReading:
        """What stands in a box, fractions of the upright page. Raises PictureFailed."""
        return self._caged(_read, (file.name, page), file, page, box)

    def source(self, blob: bytes, name: str, sha256: str, limits: FileLimits) -> SourceFile:
        """A file as it was filed, taken out of its ZIP where it lay in one. Raises PictureFailed."""
        return self._caged(source_in, (name, 0), blob, name, sha256, limits)

    def _caged(self, work: Callable[..., T], called: tuple[str, int], *args: object) -> T:
        try:
            result: T = self._pool.schedule(work, args=args, timeout=self._settings.seconds).result()
            return result
        except FileRefused as refusal:
            raise PictureFailed("unopened", *called) from refusal
        except FutureTimeout:
            log.warning("%s took longer than %g seconds", called, self._settings.seconds)
            raise PictureFailed("late", *called) from None
        except (ProcessExpired, MemoryError) as error:
            log.warning("%s: %r", called, error)
            raise PictureFailed("broken", *called) from error


# ---------------------------------------------------------------- in the worker process


class _Context(NamedTuple):
    reader: Reader
    settings: PictureSettings
    pages: OrderedDict[tuple[str, int], Upright]


_context: _Context | None = None


def _start(reader: ReaderSettings, settings: PictureSettings) -> None:
    """Runs once in each worker process."""
    global _context
    most = settings.memory_mib * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _context = _Context(Reader(reader), settings, OrderedDict())


def _make(file: SourceFile, page: int) -> dict[Kind, bytes]:
    context = _ready()
    return renditions(*_upright(context, file, page), context.settings)


def _read(file: SourceFile, page: int, box: Box) -> RegionReading:
    context = _ready()
    return read_box(context.reader, _upright(context, file, page), box)


def _ready() -> _Context:
    assert _context is not None, "the pool's initializer did not run"  # noqa: S101
    return _context


def _upright(context: _Context, file: SourceFile, page: int) -> Upright:
    known = context.pages.get((file.sha256, page))
    if known is None:
        known = upright_of(context.reader, file, page)
        context.pages[file.sha256, page] = known
        if len(context.pages) > REMEMBERED:
            context.pages.popitem(last=False)
    return known


def upright_of(reader: Reader, file: SourceFile, page: int) -> Upright:
    """A page just as reading turns, flattens and cleans it; one on which there is nothing as it was filed. Raises FileRefused."""
    sheet = pdf.drawn_sheet(file, page, reader.settings.pdf)
    if sheet.picture is None:
        raise FileRefused("damaged", sheet.damage or f"page {page} can't be drawn")
    kept: list[Upright] = []
    reader.read_sheet(sheet, file.name, lambda _, picture, turn, lifted: kept.append(Upright(turn.picture(picture), lifted)))
    return kept[0] if kept else Upright(sheet.picture, grey_of(sheet.picture))


def read_box(reader: Reader, page: Upright, box: Box) -> RegionReading:
    """The lines in a box, each read from the page with its seals and without; the surer reading counts."""
    height, width = page.lifted.shape[:2]
    x0, y0, x1, y1 = (round(v) for v in (box.x0 * width, box.y0 * height, box.x1 * width, box.y1 * height))
    if x1 - x0 < LEAST or y1 - y0 < LEAST:
        return RegionReading("", 0.0)
    part, coloured = (np.ascontiguousarray(whole[max(0, y0) : y1, max(0, x0) : x1]) for whole in (page.lifted, page.picture))
    high, wide = part.shape[:2]
    engine = reader.engine
    quads = engine.find(part)
    if not len(quads):  # detection passes over a lone short figure; the box itself is its line
        quads = np.array([[[0, 0], [wide, 0], [wide, high], [0, high]]], np.float32)
    readings = (engine.recognise([crop(picture, quad) for quad in quads], careful=True) for picture in (part, coloured))
    best = [max(pair, key=lambda reading: reading.confidence) for pair in zip(*readings, strict=True)]
    lines: list[Line] = [Found(quad, reading).line(wide, high) for quad, reading in zip(quads, best, strict=True) if reading.text.strip()]
    told = ["".join(line.text for line in row) for row in rows(lines)]
    return RegionReading("\n".join(told), min((line.confidence for line in lines), default=0.0))
