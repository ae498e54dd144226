"""Nothing is lost in silence: a file that was cut off is refused, said to be damaged, or read just as the whole; and no sound one is refused."""

from __future__ import annotations

import re
from typing import Any

import pymupdf
import pytest

from extractors.files import source_file
from extractors.pdf import page_count, read_sheets
from models.errors import FileRefused
from pipeline.samples import damaged
from pipeline.samples.damaged import Sound

FILES = [*damaged.pdfs(8), *damaged.jpegs(8), *damaged.pictures(6)]


def read(data: bytes) -> list[Any]:
    """What is on a file's pages, or why it is refused."""
    try:
        return [(s.damage, s.lines and [line.text for line in s.lines], s.picture is not None and s.picture.tobytes()) for s in read_sheets(source_file("a", data))]
    except FileRefused as refusal:
        return [refusal.reason]


def told(data: bytes) -> bool:
    """Whether a file is refused or said to be damaged."""
    found = read(data)
    return isinstance(found[0], str) or any(damage for damage, _, _ in found)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_sound_file_is_read(file: Sound) -> None:
    assert not told(file.data)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_cut_off_file_is_never_read_as_if_it_were_whole(file: Sound) -> None:
    whole = read(file.data)
    for share in (0.35, 0.8, 0.97):
        cut = file.data[: int(share * len(file.data))]
        assert told(cut) or read(cut) == whole, share


def test_a_pdf_that_breaks_off_in_a_later_version_is_not_read_as_the_earlier_one() -> None:
    data = next(file.data for file in FILES if file.data.count(b"%%EOF") > 1)
    first = data.index(b"%%EOF") + 5
    assert not told(data[:first])  # it was a whole file once
    assert told(data[: first + 600])
    assert told(data[: (first + len(data)) // 2])


def test_a_linearised_pdf_says_how_long_it_is() -> None:
    data = FILES[1].data.replace(b"\n", b"\n1000 0 obj<</Linearized 1/L 999999>>endobj\n", 1)
    assert read(data) == ["truncated"]


def without(data: bytes, first: int, last: int) -> bytes:
    return data[:first] + data[last:]


def test_a_pdf_that_lost_a_part_of_a_picture_is_refused_though_it_opens() -> None:
    data = FILES[5].data
    middle = data.index(b"/DCTDecode") + 4_000
    with pymupdf.open(stream=without(data, middle, middle + 1_000), filetype="pdf") as document:
        assert document.page_count == 2  # it mends its table of objects, and says nothing of the picture
    assert read(without(data, middle, middle + 1_000)) == ["damaged"]


def test_a_pdf_whose_table_of_objects_alone_is_wrong_is_read() -> None:
    data = FILES[1].data
    start = data.rindex(b"startxref")
    assert not told(data[:start] + re.sub(rb"\d+", b"7", data[start:], count=1))


def test_a_pdf_that_lost_pages_is_refused() -> None:
    data = FILES[0].data
    kids = re.search(rb"/Kids\s*\[\s*(\d+ 0 R)", data)
    assert kids
    start = data.rindex(b"startxref")
    fewer = data.replace(b"/Count 3", b"/Count 2").replace(kids[0], kids[0].replace(kids[1], b" " * len(kids[1])))
    assert read(fewer[:start] + re.sub(rb"\d+", b"7", fewer[start:], count=1)) == ["damaged"]


def test_damage_that_only_drawing_shows_is_told() -> None:
    document = pymupdf.open(stream=FILES[1].data, filetype="pdf")
    [content] = document[0].get_contents()
    packed = document.xref_stream_raw(content)
    document.update_stream(content, packed[: len(packed) // 2] + bytes(40) + packed[len(packed) // 2 + 40 :], compress=0)
    document.xref_set_key(content, "Filter", "/FlateDecode")
    assert told(bytes(document.tobytes()))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_pages_add_up(file: Sound) -> None:
    assert page_count(source_file("a", file.data)) == len(read(file.data))
