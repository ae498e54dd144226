"""Opening a submission: what of its files can be read as pages at all.

In:    the folder of one submission, as it was filed: PDFs, photographs, ZIPs of these, and litter.
Out:   the files to read (named as the contract names them: "files.zip/scan_01.pdf"), and those refused, each with its reason.
Fails: UsageError when the folder isn't there; a file that can't be taken never raises, it is refused.
Elsewhere: whether a PDF opens and what is on its pages (extractors/pdf.py).
"""

from __future__ import annotations

import hashlib
import io
import lzma
import os
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from models.errors import FileRefused, UsageError


class FileKind(StrEnum):
    PDF = "pdf"
    IMAGE = "image"


@dataclass(frozen=True)
class SourceFile:
    """One file to read. name: its path below the submission's folder, "/" between the parts; sha256 of its bytes, in hex."""

    name: str
    data: bytes = field(repr=False)
    kind: FileKind
    sha256: str


class Refused(NamedTuple):
    """A file that isn't read, and why: `reason` is a stable code, `detail` is for people."""

    name: str
    reason: str
    detail: str


@dataclass(frozen=True)
class Opened:
    files: tuple[SourceFile, ...]
    refused: tuple[Refused, ...]


class FileLimits(BaseModel):
    """How much one submission may hold before it is refused rather than read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    files: int = Field(default=500, ge=1, le=100_000, description="files in a submission, those in ZIPs included")
    file_bytes: int = Field(default=200 * 2**20, ge=2**10, le=2**32, description="bytes of one file, unpacked")
    total_bytes: int = Field(default=2 * 2**30, ge=2**10, le=2**34, description="bytes of all files of a submission, and of all entries of a ZIP, unpacked")
    zip_depth: int = Field(default=2, ge=0, le=8, description="how deep ZIPs may lie in ZIPs")
    zip_entries: int = Field(default=2_000, ge=1, le=1_000_000, description="entries of one ZIP, folders and litter included")
    zip_ratio: float = Field(default=100.0, ge=2.0, le=10_000.0, description="unpacked size of a ZIP, and of each of its entries, over its packed size")


_LITTER = frozenset({".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx", ".spotlight-v100", ".trashes", ".fseventsd"})
_LITTER_STARTS = ("~$", "._", ".~lock.")
_RATIO_FROM = 2**20  # bytes: a small entry may be packed as tightly as it likes (a blank page is)
_RATIO_FROM_ALL = 16 * 2**20  # and so may all that a ZIP holds together
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")  # marks that show a name otherwise than it is
_CHUNK = 2**18
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*", b"BM", b"GIF87a", b"GIF89a")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
# ZIPs that are something else: their entries aren't papers.
_PACKED_FORMATS = {"[content_types].xml": "an Office document", "ofd.xml": "an OFD document", "mimetype": "an OpenDocument or EPUB file"}
_KNOWN = {
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"{\\rtf": "an RTF document",
    b"\x1f\x8b": "a gzip archive",
    b"%!PS": "a PostScript file",
}


def open_submission(folder: Path, limits: FileLimits | None = None) -> Opened:
    """The files of a submission in the order of their names; ZIPs are opened, litter of operating systems is passed over. All are in memory at once."""
    files: list[SourceFile] = []
    refused: list[Refused] = []
    for found in each_file(folder, limits):
        if isinstance(found, Refused):
            refused.append(found)
        else:
            files.append(found)
    return Opened(tuple(files), tuple(refused))


def each_file(folder: Path, limits: FileLimits | None = None, about_to_open: Callable[[str], bool] = lambda name: True) -> Iterator[SourceFile | Refused]:
    """What a submission's files are, one after another in the order of their names, so that but one is in memory.

    about_to_open: told the name of a file, or of the ZIP out of which the next entry is taken, before a byte of it is looked at; says whether to go on with it.
    Raises UsageError when the folder isn't there.
    """
    limits = limits or FileLimits()
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder. Give the folder of one submission.")
    budget = _Budget(limits)
    for found in _walk(folder):
        if isinstance(found, Refused):
            yield found
            continue
        name, path = found
        if not about_to_open(name):
            continue
        try:
            data = _read(path, budget)
        except FileRefused as error:
            yield Refused(name, error.reason, error.detail)
            continue
        yield from _taken(name, data, budget, 0, lambda name=name: about_to_open(name))  # type: ignore[misc]


def source_file(name: str, data: bytes) -> SourceFile:
    """A file to read from its bytes. Raises FileRefused when it is neither a PDF nor a picture."""
    return SourceFile(name, data, sniff(data), hashlib.sha256(data).hexdigest())


def sniff(data: bytes) -> FileKind:
    """What a file is, by its content. Raises FileRefused ("empty", "unsupported")."""
    if not data.strip(b"\x00 \t\r\n"):
        raise FileRefused("empty", "the file holds nothing")
    if b"%PDF-" in data[:1024]:
        return FileKind.PDF
    if data.startswith(_IMAGES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return FileKind.IMAGE
    if data[4:8] == b"ftyp":
        raise FileRefused("unsupported", "a HEIC photograph or a film; save it as JPEG")
    what = next((name for start, name in _KNOWN.items() if data.startswith(start)), "neither a PDF nor a picture")
    raise FileRefused("unsupported", what)


def source_in(blob: bytes, name: str, sha256: str, limits: FileLimits | None = None) -> SourceFile:
    """The file of that content in what was filed: the blob itself, or what lies in it as a ZIP. name: as `SourceFile.name`. Raises FileRefused where it isn't there."""
    if hashlib.sha256(blob).hexdigest() == sha256:
        return source_file(name, blob)
    within = _taken(name.split("/", 1)[0], blob, _Budget(limits or FileLimits()), 0, lambda: True)
    found = next((file for file in within if isinstance(file, SourceFile) and file.sha256 == sha256), None)
    if found is None:
        raise FileRefused("damaged", "it isn't in what was filed")
    return replace(found, name=name)


def filed(folder: Path, refused: list[Refused] | None = None) -> Iterator[tuple[str, Path]]:
    """Name and place of every file that `open_submission` would open, as it was filed: ZIPs whole. What it would refuse unseen is added to `refused`."""
    for found in _walk(folder):
        if not isinstance(found, Refused):
            yield found
        elif refused is not None:
            refused.append(found)


class _Budget:
    """What a submission may still hold."""

    def __init__(self, limits: FileLimits) -> None:
        self.limits = limits
        self._files = limits.files
        self._bytes = limits.total_bytes

    def count(self) -> None:
        self._files -= 1
        if self._files < 0:
            raise FileRefused("too_large", f"more than {self.limits.files} files in one submission")

    def spend(self, size: int) -> None:
        if size > self.limits.file_bytes:
            raise FileRefused("too_large", f"more than {self.limits.file_bytes} bytes")
        if size > self._bytes:
            raise FileRefused("too_large", f"the submission holds more than {self.limits.total_bytes} bytes")
        self._bytes -= size


def _walk(folder: Path) -> Iterator[tuple[str, Path] | Refused]:
    """Regular files below the folder, by name, and what else lies there; links may not lead out of it. No two have one name."""
    root = folder.resolve()
    given: set[str] = set()
    closed: list[OSError] = []
    for where, folders, names in os.walk(folder, onerror=closed.append):
        while closed:
            yield _closed(closed.pop(), folder, given)
        links = [f for f in folders if Path(where, f).is_symlink()]
        folders[:] = sorted(f for f in folders if not _litter(f) and f not in links)
        for name in sorted((*names, *links)):
            path = Path(where) / name
            if _litter(name):
                continue
            relative = _single(readable(path.relative_to(folder).as_posix()), given)
            try:
                if path.is_symlink() and not path.resolve(strict=True).is_relative_to(root):
                    yield Refused(relative, "unsafe_name", "a link that leads out of the submission's folder")
                elif not stat.S_ISREG(path.stat().st_mode):
                    yield Refused(relative, "unsupported", "no regular file")
                elif not os.access(path, os.R_OK):
                    yield Refused(relative, "damaged", "can't be opened: Permission denied")
                else:
                    yield relative, path
            except (OSError, RuntimeError) as error:  # a link that leads to itself is a RuntimeError
                yield Refused(relative, "damaged", f"can't be opened: {getattr(error, 'strerror', None) or error}")
    while closed:
        yield _closed(closed.pop(), folder, given)


def _closed(error: OSError, folder: Path, given: set[str]) -> Refused:
    """A folder that can't be looked into."""
    name = Path(error.filename or folder).relative_to(folder).as_posix()
    return Refused(_single(readable(name), given), "damaged", f"the folder can't be opened: {error.strerror}")


def readable(name: str) -> str:
    """A file's name as it can be shown and written down: one that isn't UTF-8 is what Chinese Windows writes, control characters and marks of direction are "?"."""
    raw = os.fsencode(name)
    for encoding in ("utf-8", "gb18030"):
        try:
            name = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        name = raw.decode("utf-8", "replace")
    return "".join("?" if unicodedata.category(c) in ("Cc", "Cs") or c in _BIDI else c for c in name)


def _single(name: str, given: set[str]) -> str:
    """A name that none had before."""
    number, single = 1, name
    while single in given:
        number += 1
        single = f"{name} ({number})"
    given.add(single)
    return single


def _read(path: Path, budget: _Budget) -> bytes:
    try:
        budget.spend(path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise FileRefused("damaged", f"can't be read: {error.strerror}") from error


def _taken(name: str, data: bytes, budget: _Budget, depth: int, go_on: Callable[[], bool]) -> Iterator[SourceFile | Refused]:
    """What one file's bytes are: a file, or none; of a ZIP each of its entries."""
    try:
        budget.count()
        if data.startswith(_ZIP):
            yield from _unzipped(name, data, budget, depth, go_on)
        else:
            yield source_file(name, data)
    except FileRefused as error:
        yield Refused(name, error.reason, error.detail)


def _unzipped(name: str, data: bytes, budget: _Budget, depth: int, go_on: Callable[[], bool]) -> Iterator[SourceFile | Refused]:
    """A ZIP's entries in the order of their names. go_on: asked before each is unpacked."""
    limits = budget.limits
    if depth >= limits.zip_depth:
        raise FileRefused("zip_bomb", f"ZIPs lie more than {limits.zip_depth} deep in each other")
    with _opened(data, limits) as archive:
        entries = archive.infolist()
        format_found = next((_PACKED_FORMATS[e.filename.lower()] for e in entries if e.filename.lower() in _PACKED_FORMATS), None)
        if format_found:
            raise FileRefused("unsupported", format_found)
        named = sorted(((_entry_name(e), e) for e in entries if not e.is_dir()), key=lambda pair: pair[0])
        wanted = [(inner, e) for inner, e in named if not any(_litter(part) for part in PurePosixPath(inner).parts)]
        if not wanted:
            raise FileRefused("empty", "the ZIP holds no files")
        left = min(limits.total_bytes, max(_RATIO_FROM_ALL, int(limits.zip_ratio * len(data))))
        given: set[str] = set()
        for inner, entry in wanted:
            full = _single(f"{name}/{shown(inner, 1024)}", given)
            if not go_on():
                return
            try:
                _check_name(inner, entry)
                unpacked = _unpacked(archive, entry, budget, left)
            except FileRefused as error:
                yield Refused(full, error.reason, error.detail)
                if error.reason == "zip_bomb":
                    return  # nothing else in it deserves trust
                continue
            left -= len(unpacked)
            yield from _taken(full, unpacked, budget, depth + 1, go_on)


def _opened(data: bytes, limits: FileLimits) -> zipfile.ZipFile:
    """A ZIP's list of entries. Raises FileRefused, too, where entries share their bytes: that is how a small one unpacks to anything."""
    if data.count(b"PK\x01\x02") > 20 * limits.zip_entries:  # before the list is made; ZIPs within, unpacked, count too
        raise FileRefused("zip_bomb", f"more than {limits.zip_entries} entries")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, OverflowError, MemoryError) as error:
        raise FileRefused("damaged", f"not a whole ZIP: {error}") from error
    if len(archive.infolist()) > limits.zip_entries:
        raise FileRefused("zip_bomb", f"more than {limits.zip_entries} entries")
    placed = sorted((e.header_offset, e.compress_size) for e in archive.infolist())
    if any(start + size > after for (start, size), (after, _) in pairwise(placed)):
        raise FileRefused("zip_bomb", "its entries overlap")
    return archive


def _entry_name(entry: zipfile.ZipInfo) -> str:
    """An entry's name: UTF-8 where it says so, else what Chinese Windows writes (GBK), unless the bytes are UTF-8 all the same."""
    name = entry.orig_filename
    if not entry.flag_bits & 0x800:
        try:
            raw = name.encode("cp437")
        except UnicodeEncodeError:
            raw = b""
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding) if raw else name
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _check_name(inner: str, entry: zipfile.ZipInfo) -> None:
    parts = inner.split("/")
    if inner.startswith("/") or ".." in parts or ":" in parts[0] or any(ord(c) < 32 or c in _BIDI for c in inner) or len(inner.encode()) > 1024:
        raise FileRefused("unsafe_name", "the name leads out of the ZIP, or isn't one")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise FileRefused("unsafe_name", "a link")
    if entry.flag_bits & 0x1:
        raise FileRefused("encrypted", "the ZIP asks for a password")


def shown(inner: str, most: int = 200) -> str:
    """A name that is safe to show and to write down, its first `most` characters."""
    return readable(inner.encode("utf-8", "replace").decode())[:most]


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: _Budget, left: int) -> bytes:
    """An entry's bytes, read no further than the limits allow, whatever its header says. left: bytes that the ZIP may still unpack to."""
    limits = budget.limits
    most = min(limits.file_bytes, max(_RATIO_FROM, int(limits.zip_ratio * max(1, entry.compress_size))))
    out = bytearray()
    try:
        with archive.open(entry) as packed:
            while chunk := packed.read(_CHUNK):
                out += chunk
                if len(out) > most:
                    reason = "too_large" if most == limits.file_bytes else "zip_bomb"
                    raise FileRefused(reason, f"unpacks to more than {most} bytes")
                if len(out) > left:
                    raise FileRefused("zip_bomb", "all of it unpacks to more than may be")
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, struct.error, lzma.LZMAError) as error:
        raise FileRefused("damaged", f"can't be unpacked: {error}") from error
    budget.spend(len(out))
    return bytes(out)


def is_litter(name: str) -> bool:
    """Whether a file is what operating systems leave about; it is passed over. name: its path, "/" between the parts."""
    return any(_litter(part) for part in PurePosixPath(name).parts)


def _litter(name: str) -> bool:
    return name.lower() in _LITTER or name.startswith(_LITTER_STARTS)
