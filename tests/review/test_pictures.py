"""Pages as people see them: upright as their boxes refer to them, with seals and without, made once, in a cage."""

from __future__ import annotations

import time
from typing import NamedTuple

import cv2
import numpy as np
import pytest

from extractors.files import source_file
from extractors.pdf import drawn_sheet
from extractors.reading import Reader, ReaderSettings
from models.errors import FileRefused
from models.geometry import Box
from models.page import Page
from pipeline.review.desk import PictureDesk, PictureFailed, Upright, read_box, upright_of
from pipeline.review.pictures import FolderShelf, Kind, PictureSettings, fitted, keeper, key_of, renditions
from tests.extractors import painted

SMALL = PictureSettings(long_side=800, thumbnail=100, seconds=120)
SCAN = painted.picture_of(painted.pdf(), 120)


def opened(data: bytes):
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)


def redness(picture) -> float:
    """Share of a BGR picture that is red."""
    return float((picture[..., 2].astype(int) - picture[..., 1] > 80).mean())


@pytest.fixture(scope="module")
def lying():
    """A stamped scan that lies on its side."""
    stamped = painted.stamped(SCAN, painted.stamp("宁波东方精密机械有限公司", radius=95), 330, 360)
    return source_file("side.pdf", painted.scanned(np.ascontiguousarray(np.rot90(stamped)), dpi=120))


class Read(NamedTuple):
    """A file read once for all tests: by whom, its page, the shelf its pictures are on, the page as it was seen."""

    reader: Reader
    page: Page
    shelf: FolderShelf
    upright: Upright


@pytest.fixture(scope="module")
def once(lying, tmp_path_factory) -> Read:
    folder = tmp_path_factory.mktemp("once")
    reader, shelf = Reader(ReaderSettings(), folder / "pages"), FolderShelf(folder / "pictures")
    kept, seen = keeper(shelf, lying, reader.version, SMALL), []
    [page] = reader.read(lying, lambda *told: (kept(*told), seen.append(Upright(told[2].picture(told[1]), told[3]))))
    return Read(reader, page, shelf, *seen)


@pytest.mark.parametrize(("shape", "long_side", "expected"), [((100, 50), 200, (100, 50)), ((100, 50), 80, (80, 40)), ((50, 1000, 3), 100, (5, 100, 3)), ((1000, 3), 10, (10, 1))])
def test_pictures_are_made_to_fit_and_never_enlarged(shape, long_side, expected):
    assert fitted(np.full(shape, 200, np.uint8), long_side).shape == expected


def test_a_shelf_keeps_what_is_put_there_under_keys_only(tmp_path):
    shelf = FolderShelf(tmp_path / "pictures")
    key = key_of("v", "abc", 1, Kind.PAGE)
    assert shelf.get(key) is None
    shelf.put(key, b"one")
    shelf.put(key, b"two")
    assert shelf.get(key) == b"two"
    assert [path.suffix for path in tmp_path.rglob("*") if path.is_file()] == [".jpg"]
    for evil in ("../../etc/passwd", "", "A" * 64, key[:-1] + "/"):
        with pytest.raises(ValueError, match="no key"):
            shelf.get(evil)


def test_keys_tell_reader_file_page_and_kind_apart():
    keys = {key_of(version, sha, page, kind) for version in ("1", "2") for sha in ("a", "b") for page in (1, 11) for kind in Kind}
    assert len(keys) == 2 * 2 * 2 * len(Kind)


def test_reading_a_file_leaves_its_pages_upright_with_and_without_seals(lying, once):
    whole, lifted, small = (opened(once.shelf.get(key_of(once.reader.version, lying.sha256, 1, kind))) for kind in (Kind.PAGE, Kind.LIFTED, Kind.THUMBNAIL))
    assert once.page.turned in (90, 270)
    assert whole.shape[0] == 800 > whole.shape[1]
    assert (lifted.ndim, lifted.shape) == (2, whole.shape[:2])
    assert max(small.shape) == 100
    seal, = once.page.seals
    x0, y0, x1, y1 = (round(v * n) for v, n in zip(seal.box, (whole.shape[1], whole.shape[0]) * 2, strict=True))
    inside = redness(whole[y0:y1, x0:x1])
    whole[y0:y1, x0:x1] = 255
    assert inside > 0.05 > 20 * redness(whole)  # the seal stands where its box says
    line = once.page.lines[0]
    x0, y0, x1, y1 = (round(v * n) for v, n in zip(line.box, (lifted.shape[1], lifted.shape[0]) * 2, strict=True))
    assert lifted[y0:y1, x0:x1].min() < 100  # and so does the print


def test_a_known_reading_draws_nothing_again(lying, once):
    told = []
    assert once.reader.read(lying, lambda *page: told.append(page)) == (once.page,)
    assert told == []


def test_a_page_of_text_alone_is_drawn_all_the_same():
    file = source_file("born.pdf", painted.pdf())
    picture, lifted = upright_of(Reader(ReaderSettings()), file, 1)
    assert picture.shape[:2] == lifted.shape
    assert lifted.min() < 100
    assert drawn_sheet(file, 1).lines is not None


def test_a_page_on_which_there_is_nothing_is_shown_as_filed():
    file = source_file("blank.jpg", painted.encoded(np.full((400, 300, 3), 255, np.uint8)))
    assert upright_of(Reader(ReaderSettings()), file, 1).picture.shape == (400, 300, 3)


@pytest.mark.parametrize("page", [-1, 0, 2, 99])
def test_a_page_that_the_file_does_not_have_is_refused(page):
    with pytest.raises(FileRefused):
        upright_of(Reader(ReaderSettings()), source_file("born.pdf", painted.pdf()), page)


def test_a_box_drawn_by_a_reviewer_is_read(once):
    first, second = once.page.lines[:2]
    grown = Box(first.box.x0 - 0.01, first.box.y0 - 0.005, first.box.x1 + 0.01, first.box.y1 + 0.005).rounded()
    read = read_box(once.reader, once.upright, grown)
    assert read.text.replace(" ", "") == first.text.replace(" ", "")
    assert read.confidence > 0.8
    both = read_box(once.reader, once.upright, Box(0, first.box.y0 - 0.005, 1, second.box.y1 + 0.005))
    assert both.text.replace(" ", "") == f"{first.text}\n{second.text}".replace(" ", "")


@pytest.mark.parametrize("box", [Box(0, 0, 0, 0), Box(0.5, 0.5, 0.501, 0.9), Box(0.9, 0.9, 0.1, 0.1), Box(0.95, 0.97, 1, 1)])
def test_a_box_with_nothing_in_it_reads_as_nothing_sure(once, box):
    assert read_box(once.reader, once.upright, box).confidence < 0.9


# ---------------------------------------------------------------- the cage




# Stand for work on a file that hangs its process, or asks for more memory than there is to have.


def _hangs(file, page):
    time.sleep(60)


def _eats(file, page):
    return len(np.ones(2 * 1024**3, np.uint8))


def test_pictures_are_made_in_a_process_of_their_own_once_and_a_bad_file_costs_that_process_only(tmp_path):
    settings = SMALL.model_copy(update={"memory_mib": 2048})
    born, box = source_file("born.pdf", painted.pdf()), Box(0, 0, 1, 0.15)
    with PictureDesk(ReaderSettings(), settings, FolderShelf(tmp_path)) as desk:
        assert desk.kept(born.sha256, 1, Kind.PAGE) is None
        first = desk.picture(born, 1, Kind.PAGE)
        assert opened(first).shape[0] == 800
        assert all(desk.kept(born.sha256, 1, kind) for kind in Kind)
        assert desk.picture(born, 1, Kind.PAGE) == first
        assert painted.TEXT[0][:4] in desk.read_region(born, 1, box).text
        with pytest.raises(PictureFailed, match=r"bad\.pdf, page 1: unopened"):
            desk.picture(source_file("bad.pdf", b"%PDF-1.4 nothing"), 1, Kind.PAGE)
        with pytest.raises(PictureFailed, match="broken"):
            desk._caged(_eats, ("born.pdf", 1), born, 1)
        desk._settings = settings.model_copy(update={"seconds": 1.0})
        with pytest.raises(PictureFailed, match="late"):
            desk._caged(_hangs, ("born.pdf", 1), born, 1)
        desk._settings = settings
        again = source_file("again.pdf", painted.pdf(("另一页",)))
        assert opened(desk.picture(again, 1, Kind.LIFTED)).shape[0] == 800  # a fresh process goes on


def test_thumbnails_and_pages_are_jpegs_of_the_set_size():
    made = renditions(SCAN, SCAN[..., 0], SMALL)
    assert {kind: max(opened(data).shape) for kind, data in made.items()} == {Kind.PAGE: 800, Kind.LIFTED: 800, Kind.THUMBNAIL: 100}
    assert all(data[:3] == b"\xff\xd8\xff" for data in made.values())
