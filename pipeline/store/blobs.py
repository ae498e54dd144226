"""The papers as they were filed, by the SHA-256 of their bytes: in a folder, or in a bucket of an S3 server.

In:    files.  Out: their bytes, as often as they are asked for; nothing here changes or deletes a blob.
Fails: SourceChanged for a file that doesn't hold (any more) what its hash says, BlobMissing; what storage raises (see pipeline/store/patience.py).

A file is copied, not linked: who rewrites a linked source in place, as scanners' software and `cp` do, rewrites the original that was to be kept.
A blob counts as kept only when it has been read back. Names of files never appear here, so that none can lead anywhere.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from minio import Minio
from minio.error import S3Error

from models.errors import IntakeError, StoreUnavailable, no_room
from pipeline.store.bucket import SCHEME, connect, place_of, understood
from pipeline.store.patience import BlobDamaged, passes, patiently
from pipeline.store.settings import StoreSettings

FOLDER = "blobs"
LEAST_PART = 5 * 2**20  # bytes, S3's own bound; every blob is put in one piece, so that it is there whole or not at all
DAMAGED_TRIES = 4  # of reading a blob: on its way it is damaged now and then, where it lies always


class SourceChanged(IntakeError):
    """A file was changed while it was taken in."""


class BlobMissing(IntakeError):
    """No blob of that SHA-256 is kept."""


class Blobs(Protocol):
    """Where originals are kept. Every call may be repeated."""

    def ready(self) -> None:
        """Look whether anything can be kept here at all. Raises StoreUnavailable with what to do, or what storage raises."""

    def put(self, path: Path, sha256: str) -> bool:
        """Keep a file's bytes, and read them back; tells whether they weren't there yet. Raises SourceChanged where they aren't what the hash says."""

    def read(self, sha256: str) -> bytes:
        """The bytes, proved to be what was kept. Raises BlobMissing, BlobDamaged."""

    def sound(self, sha256: str) -> bool:
        """Whether the blob is there, whole and unchanged."""

    def names(self) -> Iterator[str]:
        """SHA-256 of all blobs."""


def open_blobs(settings: StoreSettings, work: Path) -> Blobs:
    """The blobs as set; by default in the workspace. Raises SettingsInvalid."""
    if not settings.blobs.startswith(SCHEME):
        return FolderBlobs(Path(settings.blobs) if settings.blobs else work / FOLDER)
    place = place_of(settings.blobs, settings.s3, "INTAKE_STORE__BLOBS")
    return BucketBlobs(connect(settings.s3), place.bucket, place.prefix)


class FolderBlobs:
    """Blobs as files that nobody may write to, two letters of the hash a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def ready(self) -> None:
        try:
            self._root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            if no_room(error):
                raise
            raise StoreUnavailable(f"{self._root} can't hold the papers ({error.strerror}). Check INTAKE_STORE__BLOBS.") from None
        if not os.access(self._root, os.W_OK | os.X_OK):
            raise StoreUnavailable(f"{self._root} can't hold the papers: it may not be written. Give the user who runs this the right to, or set INTAKE_STORE__BLOBS.")

    def _path(self, sha256: str) -> Path:
        return self._root / sha256[:2] / sha256

    def put(self, path: Path, sha256: str) -> bool:
        if self.sound(sha256):
            return False
        kept = self._path(sha256)
        kept.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=kept.parent, suffix=".part")
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as file, path.open("rb") as source:
                shutil.copyfileobj(source, file, 2**20)
                file.flush()
                os.fsync(file.fileno())
            if hash_file(part) != sha256:
                _refuse_if_changed(path, sha256)
                raise BlobDamaged(f"{sha256} was not written as it was read")
            part.chmod(0o444)
            part.replace(kept)
            sync_folder(kept.parent)
        finally:
            part.unlink(missing_ok=True)
        return True

    def read(self, sha256: str) -> bytes:
        try:
            return _proved(self._path(sha256).read_bytes(), sha256)
        except FileNotFoundError:
            raise BlobMissing(f"The paper {sha256[:12]} is not kept.") from None
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            raise BlobDamaged(f"The paper {sha256[:12]} can't be read from its disk any more.") from error

    def sound(self, sha256: str) -> bool:
        try:
            return hash_file(self._path(sha256)) == sha256
        except OSError as error:
            if error.errno not in (errno.ENOENT, errno.EIO):
                raise
            return False

    def names(self) -> Iterator[str]:
        for folder in sorted(self._root.glob("??")):
            yield from sorted(path.name for path in folder.iterdir() if not path.name.endswith(".part"))


class BucketBlobs:
    """Blobs as objects of a bucket, `prefix/ab/abcd…`. Needs of the server no more than put, get, list: no versions, tags, conditions or ETags."""

    def __init__(self, client: Minio, bucket: str, prefix: str) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = prefix.strip("/") + "/" if prefix.strip("/") else ""

    def ready(self) -> None:
        for left in reversed(range(DAMAGED_TRIES)):
            try:
                with understood():
                    next(iter(self._client.list_objects(self._bucket, prefix=self._prefix)), None)
                return
            except S3Error as error:
                wrong_password = error.code == "SignatureDoesNotMatch"  # or a request that was damaged on its way
                if passes(error) and not wrong_password:
                    raise
                if not wrong_password or not left:
                    raise StoreUnavailable(
                        f"The S3 server refuses us ({error.code}: {error.message}; {error.bucket_name or self._bucket}). "
                        "Check INTAKE_STORE__BLOBS, INTAKE_STORE__S3__ACCESS_KEY and __SECRET_KEY.") from None

    def key(self, sha256: str) -> str:
        """The object's name."""
        return f"{self._prefix}{sha256[:2]}/{sha256}"

    def put(self, path: Path, sha256: str) -> bool:
        if self.sound(sha256):
            return False
        size = path.stat().st_size
        with path.open("rb") as file, understood():
            self._client.put_object(self._bucket, self.key(sha256), file, size, part_size=max(size, LEAST_PART))
        if not self.sound(sha256):
            _refuse_if_changed(path, sha256)
            raise BlobDamaged(f"{sha256} came back otherwise than it was put")
        return True

    def read(self, sha256: str) -> bytes:
        try:
            with understood():
                response = self._client.get_object(self._bucket, self.key(sha256))
        except S3Error as error:
            if error.code == "NoSuchKey":
                raise BlobMissing(f"The paper {sha256[:12]} is not kept.") from None
            raise
        try:
            return _proved(response.read(), sha256)
        finally:
            response.close()
            response.release_conn()

    def sound(self, sha256: str) -> bool:
        try:
            self.read(sha256)
        except (BlobMissing, BlobDamaged):
            return False
        return True

    def names(self) -> Iterator[str]:
        with understood():
            found = list(self._client.list_objects(self._bucket, prefix=self._prefix, recursive=True))
        yield from ((one.object_name or "").rpartition("/")[2] for one in found)


class PatientBlobs:
    """Blobs that are asked again, for `seconds`, where they don't answer. What comes damaged is asked for a few times more before it is taken for damaged where it lies."""

    def __init__(self, blobs: Blobs, seconds: float) -> None:
        self._blobs = blobs
        self._seconds = seconds

    def ready(self) -> None:
        patiently(self._blobs.ready, self._seconds)

    def put(self, path: Path, sha256: str) -> bool:
        return patiently(lambda: self._blobs.put(path, sha256), self._seconds)

    def read(self, sha256: str) -> bytes:
        for _ in range(DAMAGED_TRIES - 1):
            with suppress(BlobDamaged):
                return self._read(sha256)
        return self._read(sha256)

    def _read(self, sha256: str) -> bytes:
        def once() -> bytes | BlobDamaged:
            try:
                return self._blobs.read(sha256)
            except BlobDamaged as error:  # not for patience: it might be so for ever
                return error

        found = patiently(once, self._seconds)
        if isinstance(found, BlobDamaged):
            raise found
        return found

    def sound(self, sha256: str) -> bool:
        try:
            self.read(sha256)
        except (BlobMissing, BlobDamaged):
            return False
        return True

    def names(self) -> Iterator[str]:
        yield from patiently(lambda: list(self._blobs.names()), self._seconds)


def _proved(data: bytes, sha256: str) -> bytes:
    if hashlib.sha256(data).hexdigest() != sha256:
        raise BlobDamaged(f"The paper {sha256[:12]} is damaged where it is kept.")
    return data


def hash_file(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refuse_if_changed(path: Path, sha256: str) -> None:
    if hash_file(path) != sha256:
        raise SourceChanged(f"{path.name} was changed while it was taken in. Run the same command again.")


def sync_folder(folder: Path) -> None:
    """A new name survives a power cut only when its folder is written too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
