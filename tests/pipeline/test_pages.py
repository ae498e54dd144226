"""Pages for measuring readers: truth lies on the print, half bear seals over print, and a pair differs in its seal alone."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import cv2
import numpy as np
import numpy.typing as npt
import pymupdf
import pytest

from pipeline.accuracy.characters import TICK_BOX, Read, judge
from pipeline.samples.pages import SamplePage, on_page, page_set, stamped_pairs


@pytest.fixture(scope="module", params=["clean", "poor"])
def pages(request: pytest.FixtureRequest) -> list[SamplePage]:
    return list(page_set(request.param, 4, 11))


@pytest.fixture(scope="module")
def pair() -> tuple[SamplePage, SamplePage]:
    return next(iter(stamped_pairs("red strong", 1, 11)))


def picture(page: SamplePage) -> npt.NDArray[np.uint8]:
    """A page's picture in grey."""
    data = page.data
    if page.name.endswith("pdf"):
        with pymupdf.open(stream=data) as doc:
            data = doc.extract_image(doc[0].get_images()[0][0])["image"]
    decoded = cv2.imdecode(np.frombuffer(BytesIO(data).getvalue(), np.uint8), cv2.IMREAD_GRAYSCALE)
    return np.asarray(decoded, np.uint8)


def ink(grey: npt.NDArray[np.uint8], page: SamplePage, move: float) -> list[float]:
    """How much darker than its surroundings the darkest tenth of each character's box is, for every third, its box moved down by `move` points."""
    height, width = grey.shape
    out = []
    for glyph in page.glyphs[::3]:
        x0, y0, x1, y1 = glyph.box
        corners = np.array([(x0, y0 + move, 1), (x1, y0 + move, 1), (x1, y1 + move, 1), (x0, y1 + move, 1)]) @ page.placement.T
        points = corners[:, :2] / corners[:, 2:] * (width, height)
        (left, top), (right, bottom) = points.min(0).astype(int).clip(0), points.max(0).astype(int) + 1
        patch = grey[top:bottom, left:right]
        around = grey[max(0, top - 15) : bottom + 15, max(0, left - 15) : right + 15]
        if patch.size and glyph.text not in ",.，。、;；:：'`·-—_1lI|" and glyph.text != TICK_BOX:
            out.append(float(np.percentile(around, 95)) - float(np.percentile(patch, 10)))
    return out


def test_there_is_ink_under_every_characters_box(pages: list[SamplePage]) -> None:
    for page in pages:
        grey = picture(page)
        dark = np.array(ink(grey, page, 0.0))
        assert len(dark) > 20
        assert (dark > 20).mean() > 0.98, page.name


def test_boxes_moved_off_the_print_miss_it(pages: list[SamplePage]) -> None:
    """Else the test above could not fail."""
    for page in pages:
        grey = picture(page)
        assert np.mean(ink(grey, page, 7.0)) < 0.85 * np.mean(ink(grey, page, 0.0)), page.name


def test_truth_read_back_through_the_picture_has_no_errors(pages: list[SamplePage]) -> None:
    for page in pages:
        reads = []
        for glyph in page.glyphs:
            x0, y0, x1, y1 = glyph.box
            corners = np.array([(x0, y0, 1), (x1, y0, 1), (x1, y1, 1), (x0, y1, 1)]) @ page.placement.T
            box = on_page((corners[:, :2] / corners[:, 2:]).ravel().tolist(), page.placement)
            assert np.allclose(box, glyph.box, atol=0.05)
            reads.append(Read(glyph.text.replace(TICK_BOX, ""), box))
        score = judge(page.glyphs, reads, page.keys, page.rings, page.places)
        assert (score.errors, score.keys_found) == (0, score.keys), page.name
        assert score.keys >= 2, page.name


def test_half_of_the_pages_are_stamped_over_print(pages: list[SamplePage]) -> None:
    stamped = [page for page in pages if page.seals]
    assert len(stamped) == len(pages) / 2
    for page in stamped:
        assert judge(page.glyphs, [], under=page.places).under >= 10, page.name


def test_papers_take_turns(pages: list[SamplePage]) -> None:
    assert len({page.kind for page in pages}) == len(pages)


def test_the_same_seed_gives_the_same_pages(pages: list[SamplePage]) -> None:
    name = pages[0].name.split("-")[0]
    assert [page.data for page in page_set(name, 4, 11)] == [page.data for page in pages]
    assert next(page_set(name, 4, 12)).data != pages[0].data


def test_a_pair_differs_in_its_seal_alone(pair: tuple[SamplePage, SamplePage]) -> None:
    stamped, bare = pair
    assert (len(stamped.seals) >= 1, bare.seals) == (True, ())
    assert stamped.places == bare.places
    assert replace(stamped, name="", data=b"", seals=(), placement=bare.placement) == replace(bare, name="", data=b"")
    one, other = picture(stamped).astype(int), picture(bare).astype(int)
    apart = np.abs(one - other)
    height, width = apart.shape
    box = np.array([(stamped.seals[0].box.x0, stamped.seals[0].box.y0, 1), (stamped.seals[0].box.x1, stamped.seals[0].box.y1, 1)]) @ stamped.placement.T
    (left, top), (right, bottom) = (box[:, :2] / box[:, 2:] * (width, height)).astype(int)
    assert apart[top:bottom, left:right].mean() > 5
    outside = apart.copy()
    for seal in stamped.seals:
        points = np.array([(seal.box.x0, seal.box.y0, 1), (seal.box.x1, seal.box.y1, 1)]) @ stamped.placement.T
        (left, top), (right, bottom) = (points[:, :2] / points[:, 2:] * (width, height)).astype(int)
        outside[max(0, top - 20) : bottom + 20, max(0, left - 20) : right + 20] = 0
    assert outside.max() == 0


def test_a_fax_is_black_and_white() -> None:
    stamped, _ = next(stamped_pairs("bilevel", 1, 11))
    assert set(np.unique(picture(stamped))) == {0, 255}
