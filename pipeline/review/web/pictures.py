"""Pictures of pages for the viewer, and boxes read anew: by a worker process, never here; pictures are kept by content.

In:    a file of the store, a page, which picture or which box.
Out:   a JPEG, the text in a box.
Fails: PictureFailed, BlobMissing, BlobDamaged.
"""

from __future__ import annotations

import threading
from functools import cache
from pathlib import Path

from django.conf import settings

from extractors.files import SourceFile
from models.geometry import Box
from pipeline.review.desk import PictureDesk, PictureFailed, RegionReading
from pipeline.review.pictures import PICTURES, FolderShelf, Kind
from pipeline.review.web.words import told
from pipeline.settings import Settings
from pipeline.store.blobs import BlobMissing, Blobs, open_blobs
from pipeline.store.models import File
from pipeline.store.patience import BlobDamaged


class Pictures:
    """The desk and the blobs of one workspace, opened when first needed."""

    def __init__(self, settings: Settings, work: Path) -> None:
        self._settings, self._work = settings, work
        self._lock = threading.Lock()
        self._desk: PictureDesk | None = None
        self._blobs: Blobs | None = None

    def _opened(self) -> tuple[PictureDesk, Blobs]:
        with self._lock:
            if self._desk is None or self._blobs is None:
                self._desk = PictureDesk(self._settings.reader, self._settings.pictures, FolderShelf(self._work / PICTURES))
                self._blobs = open_blobs(self._settings.store, self._work)
            return self._desk, self._blobs

    def picture(self, file: File, page: int, kind: Kind) -> bytes:
        """A page's picture as JPEG."""
        desk, _ = self._opened()
        kept = desk.kept(file.sha256, page, kind)
        return kept if kept is not None else desk.picture(self._source(file), page, kind)

    def read(self, file: File, page: int, box: Box) -> RegionReading:
        """What stands in a box."""
        desk, _ = self._opened()
        return desk.read_region(self._source(file), page, box)

    def _source(self, file: File) -> SourceFile:
        desk, blobs = self._opened()
        return desk.source(blobs.read(file.blob), file.name, file.sha256, self._settings.files)


def told_of(failed: PictureFailed | BlobMissing | BlobDamaged) -> str:
    """Why a page can't be shown or read, for who asked for it."""
    if not isinstance(failed, PictureFailed):
        return told("picture_gone")
    return told(f"picture_{failed.what}", what=told("page_called", file=failed.file, page=failed.page) if failed.page else failed.file)


def pictures() -> Pictures:
    """Those of this process's workspace."""
    return _pictures(settings.INTAKE.model_dump_json(), settings.WORK)


@cache
def _pictures(_: str, work: Path) -> Pictures:
    return Pictures(settings.INTAKE, work)
