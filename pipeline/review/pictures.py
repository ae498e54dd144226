"""Pictures of pages for people: each page upright as its boxes refer to it, once in colour with its seals and once with the seals lifted, and small.

In:    what reading tells of a page (extractors.reading.Keep).  Out: JPEGs on a shelf, by the file's content, the page and the reader's version.
Fails: OSError where the shelf can't be written.
Elsewhere: pictures that no run has left, made when they are asked for (pipeline/review/desk.py).

JPEG, not WebP: half as many bytes would cost ten times as much time, and reading waits for it.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import cv2
from pydantic import BaseModel, ConfigDict, Field

from extractors.files import SourceFile
from extractors.pictures import Grey, Picture, upright
from extractors.reading import Keep

MEDIA_TYPE = "image/jpeg"
PICTURES = "pictures"  # the shelf's folder, beside the readings


class PictureSettings(BaseModel):
    """How pages are kept as pictures, and in what cage they are made later."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    keep: bool = Field(default=True, description="leave a picture of each page that a run reads; else they are made when a reviewer asks for them")
    long_side: int = Field(default=1700, ge=400, le=5000, description="pixels of a page's long side")
    thumbnail: int = Field(default=220, ge=60, le=1000, description="pixels of a thumbnail's long side")
    quality: int = Field(default=75, ge=30, le=100, description="JPEG quality")
    seconds: float = Field(default=60, ge=1, le=3600, description="longest that one picture may take to make before its process is ended")
    memory_mib: int = Field(default=4096, ge=512, le=1_048_576, description="memory that the process which makes pictures may ask for, in MiB")
    workers: int = Field(default=1, ge=1, le=64, description="processes that make pictures")


class Kind(StrEnum):
    PAGE = "page"  # in colour, with seals
    LIFTED = "lifted"  # grey, seals and what shines through lifted: as it was read
    THUMBNAIL = "thumbnail"


class Shelf(Protocol):
    """Where pictures are kept: bytes by key."""

    def get(self, key: str) -> bytes | None: ...

    def put(self, key: str, data: bytes) -> None: ...


class FolderShelf:
    """A shelf in a folder. Pictures are written whole or not at all; several processes may write the same one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> bytes | None:
        try:
            return self._path(key).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def put(self, key: str, data: bytes) -> None:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(part).replace(path)
        except OSError:  # on a full disk what is half written stands in the way
            Path(part).unlink(missing_ok=True)
            raise

    def _path(self, key: str) -> Path:
        if not (len(key) == 64 and all(c in "0123456789abcdef" for c in key)):
            raise ValueError(f"{key!r} is no key of a picture")
        return self._folder / key[:2] / f"{key}.jpg"


def key_of(version: str, sha256: str, page: int, kind: Kind) -> str:
    """A picture's key. version: the reader's, since another one may turn the page otherwise; sha256: of the file; page: from 1."""
    return hashlib.sha256(f"{version} {sha256} {page} {kind.value}".encode()).hexdigest()


def renditions(picture: Picture, lifted: Grey, settings: PictureSettings) -> dict[Kind, bytes]:
    """A page's pictures as JPEGs; all show the same part of the page."""
    page, grey = fitted(picture, settings.long_side), fitted(lifted, settings.long_side)
    small = fitted(page, settings.thumbnail)
    return {Kind.PAGE: _jpeg(page, settings.quality), Kind.LIFTED: _jpeg(grey, settings.quality), Kind.THUMBNAIL: _jpeg(small, settings.quality)}


def keeper(shelf: Shelf, file: SourceFile, version: str, settings: PictureSettings) -> Keep:
    """What to give `Reader.read` so that the file's pages are put on the shelf."""

    def keep(number: int, picture: Picture, turn: upright.Turn, lifted: Grey) -> None:
        small = fitted(picture, settings.long_side)  # made small before it is turned: half the pixels to turn
        turned = upright.turn_of(turn.quarter, turn.skew, small.shape[1], small.shape[0]).picture(small)
        put(shelf, version, file.sha256, number, renditions(turned, lifted, settings))

    return keep


def put(shelf: Shelf, version: str, sha256: str, page: int, pictures: Mapping[Kind, bytes]) -> None:
    """A page's pictures put where `key_of` finds them."""
    for kind, data in pictures.items():
        shelf.put(key_of(version, sha256, page, kind), data)


def fitted(picture: Picture | Grey, long_side: int) -> Picture | Grey:
    """The picture with no side longer than that; a smaller one as it is. Halved exactly first, then drawn between pixels: averaging over parts of them takes seven times as long."""
    scale = long_side / max(picture.shape[:2])
    if scale >= 1:
        return picture
    width, height = max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale))
    while picture.shape[0] >= 2 * height and picture.shape[1] >= 2 * width:
        picture = cv2.resize(picture, (picture.shape[1] // 2, picture.shape[0] // 2), interpolation=cv2.INTER_AREA).astype("uint8", copy=False)
    out: Picture = cv2.resize(picture, (width, height), interpolation=cv2.INTER_LINEAR).astype("uint8", copy=False)
    return out


def _jpeg(picture: Picture | Grey, quality: int) -> bytes:
    done, data = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR) if picture.ndim == 3 else picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError(f"a picture of {picture.shape} can't be written as JPEG")
    return bytes(data.tobytes())
