"""What a submission's folder gives to read, and what is refused with its reason."""

from __future__ import annotations

import io
import os
import warnings
import zipfile
from pathlib import Path

import painted
import pytest

from extractors.files import FileKind, FileLimits, Refused, each_file, open_submission, sniff, source_file
from models.errors import FileRefused, UsageError
from pipeline.samples import hostile

PDF = painted.pdf(("营业执照",))
JPEG = painted.encoded(painted.picture_of(PDF, 40))


def zipped(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def opened(folder: Path, held: dict[str, bytes], **limits: object) -> tuple[list[str], dict[str, str]]:
    for name, data in held.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    found = open_submission(folder, FileLimits(**limits))  # type: ignore[arg-type]
    return [f.name for f in found.files], {r.name: r.reason for r in found.refused}


def test_files_are_known_by_what_they_hold_not_by_their_names(tmp_path: Path) -> None:
    names, refused = opened(tmp_path, {"photo.pdf": JPEG, "paper.jpg": PDF, "sub/deep/noname": PDF, "letter.pdf": b"dear sirs"})
    assert names == ["paper.jpg", "photo.pdf", "sub/deep/noname"]
    assert refused == {"letter.pdf": "unsupported"}


def test_litter_of_operating_systems_is_passed_over(tmp_path: Path) -> None:
    litter = {".DS_Store": b"x", "Thumbs.db": b"x", "__MACOSX/._a.pdf": b"x", "~$form.docx": b"x", "._scan.pdf": b"x"}
    assert opened(tmp_path, {"a.pdf": PDF, **litter}) == (["a.pdf"], {})


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"\x00" * 50, "empty"),
        (b"Rar!\x1a\x07\x00", "unsupported"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 50, "unsupported"),
        (b"\x00\x00\x00\x18ftypheic", "unsupported"),
        (b"plain words", "unsupported"),
    ],
)
def test_what_is_no_paper_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(FileRefused) as error:
        sniff(data)
    assert error.value.reason == reason


def test_a_pdf_may_begin_with_rubbish() -> None:
    assert source_file("a", b"\n\n junk\n" + PDF).kind is FileKind.PDF


def test_zips_are_opened_and_their_files_named_after_them(tmp_path: Path) -> None:
    inner = zipped({"b.pdf": PDF})
    names, refused = opened(tmp_path, {"files.zip": zipped({"scan_01.pdf": PDF, "__MACOSX/._scan_01.pdf": b"x", "more/inner.zip": inner})})
    assert names == ["files.zip/more/inner.zip/b.pdf", "files.zip/scan_01.pdf"]
    assert refused == {}


def test_names_that_chinese_windows_wrote_are_read(tmp_path: Path) -> None:
    data = zipped({"XXXX(3).pdf": PDF}).replace(b"XXXX", "资料".encode("gbk"))
    assert opened(tmp_path, {"files.zip": data})[0] == ["files.zip/资料(3).pdf"]


@pytest.mark.parametrize("name", ["../up.pdf", "/etc/up.pdf", "a/../../up.pdf", "C:\\up.pdf", "..\\up.pdf"])
def test_names_that_lead_out_of_the_zip_are_refused(tmp_path: Path, name: str) -> None:
    names, refused = opened(tmp_path, {"files.zip": zipped({name: PDF, "good.pdf": PDF})})
    assert names == ["files.zip/good.pdf"]
    assert list(refused.values()) == ["unsafe_name"]


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    names, refused = opened(tmp_path, {"bomb.zip": zipped({"a.pdf": b"%PDF-" + b"0" * 20_000_000})}, zip_ratio=50)
    assert (names, refused) == ([], {"bomb.zip/a.pdf": "zip_bomb"})


def test_zips_within_zips_end_somewhere(tmp_path: Path) -> None:
    data = PDF
    for _ in range(4):
        data = zipped({"x.zip" if data is not PDF else "a.pdf": data})
    names, refused = opened(tmp_path, {"deep.zip": data})
    assert names == []
    assert set(refused.values()) == {"zip_bomb"}


def test_too_many_entries_and_too_many_bytes_are_refused(tmp_path: Path) -> None:
    assert opened(tmp_path / "a", {"z.zip": zipped({f"{i}.pdf": PDF for i in range(5)})}, zip_entries=4)[1] == {"z.zip": "zip_bomb"}
    assert opened(tmp_path / "b", {"big.pdf": PDF + b"0" * 5000}, file_bytes=4000)[1] == {"big.pdf": "too_large"}
    assert set(opened(tmp_path / "c", {f"{i}.pdf": PDF for i in range(3)}, files=2)[1].values()) == {"too_large"}


@pytest.mark.parametrize(("member", "what"), [("[Content_Types].xml", "Office"), ("OFD.xml", "OFD")])
def test_formats_that_are_zips_inside_say_what_they_are(tmp_path: Path, member: str, what: str) -> None:
    (tmp_path / "form.docx").write_bytes(zipped({member: b"<x/>"}))
    [refused] = open_submission(tmp_path).refused
    assert refused.reason == "unsupported"
    assert what in refused.detail


def test_a_locked_zip_and_a_broken_one_are_told_apart(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.pdf": PDF}, zipfile.ZIP_STORED))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    refused = opened(tmp_path, {"locked.zip": bytes(data), "broken.zip": zipped({"a.pdf": PDF})[:60]})[1]
    assert refused == {"locked.zip/a.pdf": "encrypted", "broken.zip": "damaged"}


def test_links_may_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "outside.pdf").write_bytes(PDF)
    folder = tmp_path / "EQ-0001"
    folder.mkdir()
    (folder / "link.pdf").symlink_to(tmp_path / "outside.pdf")
    found = open_submission(folder)
    assert [r.reason for r in found.refused] == ["unsafe_name"]


def test_no_two_files_have_one_name_and_every_name_can_be_written(tmp_path: Path) -> None:
    for name in (b"a\nb.pdf", b"a\tb.pdf", "保险单.pdf".encode("gbk"), b"\xff\xfe\x80.pdf", "x\u202efdp.pdf".encode()):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(PDF)
    with warnings.catch_warnings(action="ignore"):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("a.pdf", PDF)
            archive.writestr("a.pdf", PDF + b" ")
    (tmp_path / "z.zip").write_bytes(out.getvalue())
    names = [f.name for f in open_submission(tmp_path).files]
    assert sorted(names) == sorted({"a?b.pdf", "a?b.pdf (2)", "保险单.pdf", "x?fdp.pdf", "z.zip/a.pdf", "z.zip/a.pdf (2)", next(n for n in names if "\ufffd" in n)})
    assert all(name.encode() for name in names)


def test_what_is_no_plain_file_is_told_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")
    (tmp_path / "folder").symlink_to("/etc")
    (tmp_path / "self.pdf").symlink_to("self.pdf")
    (tmp_path / "zero.pdf").symlink_to("/dev/zero")
    assert {r.name: r.reason for r in open_submission(tmp_path).refused} == {"pipe.pdf": "unsupported", "folder": "unsafe_name", "self.pdf": "damaged", "zero.pdf": "unsafe_name"}


MANY = {f"{n:02d}.pdf": PDF + bytes(2**20 - len(PDF)) for n in range(20)}


@pytest.mark.parametrize("data", [hostile.ZIPS["zip_bomb_overlapping"](), hostile.ZIPS["zip_of_2001_entries"](), zipped(MANY)], ids=["overlapping", "2001 entries", "many"])
def test_what_a_zip_holds_together_is_limited_too(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "z.zip").write_bytes(data)
    held = 0
    for found in each_file(tmp_path, FileLimits(zip_ratio=20)):
        if isinstance(found, Refused):
            assert found.reason == "zip_bomb"
            break
        held += len(found.data)
    else:
        pytest.fail("it was unpacked to its end")
    assert held <= max(20 * (tmp_path / "z.zip").stat().st_size, 16 * 2**20)


def test_but_one_file_is_in_memory(tmp_path: Path) -> None:
    """What was given is not held on to: each is opened when it is asked for."""
    for name in "abc":
        (tmp_path / f"{name}.pdf").write_bytes(PDF)
    opened: list[str] = []
    files = each_file(tmp_path, about_to_open=lambda name: opened.append(name) or True)  # type: ignore[func-returns-value]
    next(files)
    assert opened == ["a.pdf"]


def test_a_folder_that_is_not_there_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        open_submission(tmp_path / "nowhere")
