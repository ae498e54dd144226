"""A bucket that others put submissions into: sent whole with a manifest by `intake upload`, or by somebody else's tool.

    PREFIX/<submission>/.intake/files/ab/abcd…       a file's bytes, by their SHA-256
    PREFIX/<submission>/.intake/complete/12/1234…    the manifest, by the SHA-256 of its own bytes: put last, so that what has none isn't whole
    PREFIX/<submission>/<file>                       what somebody else's tool put there; taken in only where the setting says so

No name from outside is part of an object's key but the submission's, and every object proves itself. A listing doesn't: it is asked for twice,
and what stands in either is looked for.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from minio import Minio
from minio.error import S3Error

from extractors.files import FileLimits, shown
from pipeline.incoming.manifest import Listed, Manifest, ManifestInvalid, read_manifest, sort_out
from pipeline.incoming.names import UNSAFE_ID, half_written, why_unsafe_id
from pipeline.incoming.source import Arrival, NotWhole, Received, SourceUnreadable
from pipeline.store.blobs import BlobMissing, BucketBlobs, PatientBlobs
from pipeline.store.bucket import Place, understood
from pipeline.store.patience import BlobDamaged, patiently

OURS = ".intake"
FILES, COMPLETE = f"{OURS}/files", f"{OURS}/complete"


class Shelf:
    """One submission's objects that `intake upload` made."""

    def __init__(self, client: Minio, place: Place, submission: str, seconds: float) -> None:
        self._client = client
        self._bucket = place.bucket
        self._seconds = seconds
        self._plain = {kind: BucketBlobs(client, place.bucket, f"{place.prefix}{submission}/{kind}") for kind in (FILES, COMPLETE)}
        self.files, self.complete = (PatientBlobs(self._plain[kind], seconds) for kind in (FILES, COMPLETE))

    def drop_manifest(self, sha256: str) -> None:
        """Remove a manifest; by the hash of its bytes, so that no other is ever meant."""
        self._drop(COMPLETE, sha256)

    def drop_file(self, sha256: str) -> None:
        """Remove a file's bytes."""
        self._drop(FILES, sha256)

    def _drop(self, kind: str, sha256: str) -> None:
        key = self._plain[kind].key(sha256)
        patiently(lambda: self._client.remove_object(self._bucket, key), self._seconds)


class _Object(NamedTuple):
    """An object in a listing."""

    size: int
    put: datetime | None


class BucketSource:
    """Submissions from a bucket."""

    def __init__(
        self, client: Minio, place: Place, limits: FileLimits, patience_seconds: float, settle_seconds: float, without_manifest: bool = False, clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._place = place
        self._limits = limits
        self._patience = patience_seconds
        self._settle = settle_seconds
        self._without = without_manifest
        self._clock = clock
        self._since: dict[str, tuple[str, float]] = {}
        self._plain: dict[str, dict[str, _Object]] = {}  # of what came without a manifest: the objects of each submission, by name
        self._stray: list[str] = []

    @property
    def address(self) -> str:
        return self._place.url

    @property
    def name(self) -> str:
        return self._place.prefix.rstrip("/").rpartition("/")[2] or self._place.bucket

    def shelf(self, submission: str) -> Shelf:
        return Shelf(self._client, self._place, submission, self._patience)

    def look(self, known: Iterable[tuple[str, str]] = ()) -> list[Arrival]:
        taken = set(known)
        manifests: dict[str, dict[str, _Object]] = {}
        ours: set[str] = set()
        self._plain, self._stray = {}, []
        for key, its in sorted(self._listing().items()):
            submission, _, name = key.partition("/")
            if not name:
                self._stray.append(shown(key))
            elif name.startswith(COMPLETE + "/"):
                manifests.setdefault(submission, {})[name.rpartition("/")[2]] = its
            elif name.startswith(OURS + "/"):
                ours.add(submission)
            else:
                self._plain.setdefault(submission, {})[name] = its
        now = self._clock()
        before, self._since = self._since, {}
        found = []
        for submission in sorted(manifests.keys() | ours | self._plain.keys()):
            if why_unsafe_id(submission):
                found.append(Arrival(submission, refused=UNSAFE_ID))
            elif submission in manifests:
                self._stray += [shown(f"{submission}/{name}") for name in self._plain.pop(submission, {})]
                if mark := self._newest(submission, manifests[submission]):
                    found.append(Arrival(submission, mark))
                else:
                    found.append(Arrival(submission, waits="清单尚读不出"))
            elif submission in ours:
                self._plain.pop(submission, None)
                found.append(Arrival(submission, waits="正在上传，尚无清单"))
            else:
                found.append(self._unlisted(submission, now, before, taken))
        return found

    def stray(self) -> list[str]:
        return self._stray

    def fetch(self, arrival: Arrival, folder: Path) -> Received:
        submission = arrival.submission
        if submission in self._plain:
            return self._fetch_unlisted(arrival, folder)
        shelf = self.shelf(submission)
        name = ""
        try:
            manifest = self._manifest(shelf, submission, arrival.mark)
            files, refused = sort_out(manifest.files, self._limits, manifest.refused)
            for file in files:
                name = file.name
                data = shelf.files.read(file.sha256)
                if len(data) != file.size:
                    raise NotWhole(f"{submission}: {shown(name)} has {len(data)} bytes, not the {file.size} of the manifest. Run intake upload again with --verify.")
                _write(folder / name, data)
        except BlobMissing:
            raise NotWhole(f"{submission}: {shown(name) or 'the manifest'} isn't there (any more). Run intake upload again.") from None
        except BlobDamaged:
            raise NotWhole(f"{submission}: {shown(name) or 'the manifest'} is damaged where it lies. Run intake upload again with --verify.") from None
        return Received(files, refused)

    def remove(self, submission: str, mark: str, files: tuple[Listed, ...]) -> bool:
        """The manifest goes first: what is left then is no submission."""
        if mark.startswith(_UNLISTED):
            gone = [self._remove_unlisted(f"{self._place.prefix}{submission}/{file.name}", file.sha256) for file in files]
            return all(gone)
        shelf = self.shelf(submission)
        shelf.drop_manifest(mark)
        if list(shelf.complete.names()):  # another was sent meanwhile, which may name the same files
            return False
        for file in {file.sha256 for file in files}:
            shelf.drop_file(file)
        return True

    def _listing(self) -> dict[str, _Object]:
        """Keys below the prefix. A word that is changed on its way makes a key that isn't there, and hides one that is: two listings hardly hide the same."""
        def once() -> dict[str, _Object]:
            with understood():
                there = list(self._client.list_objects(self._place.bucket, prefix=self._place.prefix, recursive=True))
                return {(one.object_name or "").removeprefix(self._place.prefix): _Object(one.size or 0, one.last_modified) for one in there if not one.is_dir}

        return {**patiently(once, self._patience), **patiently(once, self._patience)}

    def _newest(self, submission: str, manifests: dict[str, _Object]) -> str:
        """The manifest that was sent last; more than one stands there only between two steps of sending. "" where none can be read."""
        if len(manifests) == 1:
            return next(iter(manifests))
        shelf = self.shelf(submission)
        readable = []
        for sha256 in manifests:
            try:
                readable.append((self._manifest(shelf, submission, sha256).uploaded, sha256))
            except (BlobMissing, BlobDamaged, ManifestInvalid):
                continue
        return max(readable, default=(None, ""))[1]

    def _manifest(self, shelf: Shelf, submission: str, sha256: str) -> Manifest:
        return read_manifest(shelf.complete.read(sha256), submission)

    def _unlisted(self, submission: str, now: float, before: dict[str, tuple[str, float]], taken: set[tuple[str, str]]) -> Arrival:
        """A submission of somebody else's tool."""
        objects = self._plain[submission]
        if not self._without:
            return Arrival(submission, waits="没有清单（不是用 intake upload 上传的）；请改用 intake upload，或设 INTAKE_INCOMING__WITHOUT_MANIFEST=true")
        mark = _UNLISTED + hashlib.sha256("\0".join(f"{name}\0{its.size}\0{its.put}" for name, its in sorted(objects.items())).encode("utf-8", "replace")).hexdigest()
        last, since = before.get(submission, ("", now))
        since = since if last == mark else now
        self._since[submission] = mark, since
        if half := next((name for name in objects if half_written(name.rpartition("/")[2])), ""):
            return Arrival(submission, mark, waits=f"{shown(half)} 尚未写完")
        if (submission, mark) in taken or now - since >= self._settle:
            return Arrival(submission, mark)
        return Arrival(submission, mark, waits=f"刚有变动，静置 {self._settle:.0f} 秒后收取", settling=True)

    def _fetch_unlisted(self, arrival: Arrival, folder: Path) -> Received:
        """Nothing proves these bytes: they are fetched until they come the same twice."""
        submission = arrival.submission
        files, refused = sort_out((Listed(name=name, size=its.size, sha256="0" * 64) for name, its in sorted(self._plain[submission].items())), self._limits)
        taken = []
        for file in files:
            key = f"{self._place.prefix}{submission}/{file.name}"
            data = self._get(key)
            for _ in range(3):
                again = self._get(key)
                if again == data and data is not None and len(data) == file.size:
                    break
                data = again
            else:
                raise NotWhole(f"{submission}: {shown(file.name)} came otherwise each time, or isn't the size that was told.")
            _write(folder / file.name, data)
            taken.append(file.model_copy(update={"sha256": hashlib.sha256(data).hexdigest()}))
        return Received(tuple(taken), refused)

    def _remove_unlisted(self, key: str, sha256: str) -> bool:
        data = self._get(key)
        if data is not None and hashlib.sha256(data).hexdigest() != sha256:
            return False
        patiently(lambda: self._client.remove_object(self._place.bucket, key), self._patience)
        return True

    def _get(self, key: str) -> bytes | None:
        def once() -> bytes | None:
            try:
                with understood():
                    response = self._client.get_object(self._place.bucket, key)
            except S3Error as error:
                if error.code == "NoSuchKey":
                    return None
                raise
            try:
                return response.read()
            finally:
                response.close()
                response.release_conn()

        return patiently(once, self._patience)


_UNLISTED = "unlisted-"  # begins the mark of what came without a manifest


@contextmanager
def refusals() -> Iterator[None]:
    """Around what speaks to a bucket: what it refuses is told with what to do. Raises SourceUnreadable."""
    try:
        yield
    except S3Error as error:
        raise SourceUnreadable(
            f"The S3 server refuses us ({error.code}: {error.message}; {error.bucket_name or error.resource}). Check the address, INTAKE_STORE__S3__ACCESS_KEY and __SECRET_KEY.") from None


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
