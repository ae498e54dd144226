"""Names from outside are never used as paths unchecked: what could lead elsewhere is refused with a reason, and the rest goes on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.files import FileLimits
from models.claim import Quarantined, QuarantineReason
from pipeline.incoming.manifest import Listed, ManifestInvalid, read_manifest, sort_out
from pipeline.incoming.names import half_written, why_unsafe, why_unsafe_id

HASH = "a" * 64


def listed(*names: str, size: int = 1) -> list[Listed]:
    return [Listed(name=name, size=size, sha256=HASH) for name in names]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("申请表.pdf", True), ("扫描件/第 1 页（正本）.jpg", True), ("a" * 255, True), ("..pdf", True), (".隐藏", True), ("a:b.pdf", True), ("..\\a.pdf", True),
        ("../a.pdf", False), ("a/../../b.pdf", False), ("/etc/passwd", False), ("a//b.pdf", False), ("a/", False), ("", False), (".", False), ("a/./b", False),
        ("a\nb.pdf", False), ("a\0.pdf", False), ("a\x7f", False), ("a\u2028b", False), ("a" * 256, False), ("宁" * 86, False), ("/".join(["a" * 200] * 6), False), ("a\ud800", False),
    ],
)
def test_which_names_may_be_a_path_below_a_folder(name: str, safe: bool) -> None:
    assert (why_unsafe(name) == "") is safe


@given(st.text(max_size=40))
def test_a_name_that_is_let_through_stays_below_its_folder(name: str) -> None:
    from pathlib import Path

    if not why_unsafe(name):
        path = Path("/spool/E-1", name)
        assert path.resolve().is_relative_to("/spool/E-1")
        assert path != Path("/spool/E-1")


@pytest.mark.parametrize(
    ("submission", "safe"), [("EQ-0001", True), ("宁波某某公司 2021", True), ("_insurers", True), (".taken", False), ("..", False), ("a/b", False), ("a\n", False), ("a" * 201, False), ("", False), ("E-1\u202efdp", False)])
def test_which_submissions_may_be_a_folder_of_ours(submission: str, safe: bool) -> None:
    assert (why_unsafe_id(submission) == "") is safe


@pytest.mark.parametrize(
    ("name", "half"),
    [("a.pdf", False), ("a.pdf.part", True), ("a.pdf.crdownload", True), ("~$申请表.docx", True), ("A.TMP", True), ("a.filepart", True), ("tmp.pdf", False), ("party.pdf", False), ("a.part.pdf", False)])
def test_names_of_files_that_are_still_written(name: str, half: bool) -> None:
    assert half_written(name) is half


def test_what_is_refused_holds_up_nothing_else_and_bears_a_name_of_its_own() -> None:
    files, refused = sort_out(listed("a?.pdf", "../b.pdf", "a\n.pdf", "c", "c/d.pdf", "c"), FileLimits(), [Quarantined(file="link", reason=QuarantineReason.UNSAFE_NAME)])
    assert [file.name for file in files] == ["a?.pdf", "c"]
    assert [one.file for one in refused] == ["link", "../b.pdf", "a?.pdf′", "c/d.pdf", "c′"]
    assert {one.reason for one in refused} == {QuarantineReason.UNSAFE_NAME}


def test_what_is_too_large_is_refused_before_it_is_fetched() -> None:
    limits = FileLimits(files=3, file_bytes=5000, total_bytes=9000)
    files, refused = sort_out([*listed("huge", size=5001), *listed("a", "b", size=4000), *listed("c", size=2000), *listed("d", "e", size=1)], limits)
    assert [file.name for file in files] == ["a", "b", "d"]
    assert [(one.file, one.reason.value) for one in refused] == [("huge", "too_large"), ("c", "too_large"), ("e", "too_large")]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{}", b"\xff", b'{"version":2,"submission":"E-1","files":[],"uploaded":"2021-01-01T00:00:00Z"}', b'{"submission":"E-2","files":[],"uploaded":"2021-01-01T00:00:00Z"}',
        b'{"submission":"E-1","files":[{"name":"a","size":1,"sha256":"../../x"}],"uploaded":"2021-01-01T00:00:00Z"}',
        b'{"submission":"E-1","files":[{"name":"a","size":-1,"sha256":"' + HASH.encode() + b'"}],"uploaded":"2021-01-01T00:00:00Z"}',
    ],
)
def test_a_manifest_that_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(ManifestInvalid, match="intake upload"):
        read_manifest(data, "E-1")
