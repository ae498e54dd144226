"""Sending submissions to a bucket, so that each is there whole or isn't one, and so that it may be broken off anywhere and begun again.

In:    a folder of submissions.  Out: objects as pipeline/incoming/bucket.py says, each read back; the manifest last.
Fails: SourceUnreadable where the bucket refuses us, StoreUnavailable where it doesn't answer. A submission that is still being written is left for the next time.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from extractors.files import Refused, filed, shown
from models.claim import Quarantined, QuarantineReason
from pipeline.incoming.bucket import BucketSource, Shelf
from pipeline.incoming.folder import content_mark
from pipeline.incoming.manifest import Listed, Manifest, ManifestInvalid, read_manifest
from pipeline.incoming.names import UNSAFE_ID, why_unsafe, why_unsafe_id
from pipeline.store.blobs import BlobMissing, SourceChanged, hash_file
from pipeline.store.patience import BlobDamaged


class Sent(NamedTuple):
    """What became of one submission. left: in Chinese, why it wasn't sent, "" where it is there; whole: it was there already.

    sent, bytes: files that were sent now and their bytes; there: files that were there already; verified: files read back now.
    refused: files that can't be sent, each with its reason.
    """

    submission: str
    left: str = ""
    whole: bool = False
    sent: int = 0
    there: int = 0
    verified: int = 0
    bytes: int = 0
    refused: tuple[Quarantined, ...] = ()


def send(folder: Path, bucket: BucketSource, now: Callable[[], datetime], verify: bool = False) -> Sent:
    """Send one submission's folder; its name is the submission's. verify: read back also what was sent, and read back, by an earlier upload."""
    submission = folder.name
    if why_unsafe_id(submission):
        return Sent(submission, left=UNSAFE_ID)
    mark, half = content_mark(folder)
    if half:
        return Sent(submission, left=f"{shown(half)} 尚未写完")
    shelf = bucket.shelf(submission)
    try:
        paths, manifest = _listed(folder, submission, now())
        before = _manifests(shelf, submission)
        stands = next((sha256 for sha256, known in before.items() if known and known.content == manifest.content), None)
        if stands and len(before) == 1 and not verify and {file.sha256 for file in manifest.files} <= set(shelf.files.names()):
            return Sent(submission, whole=True, there=len(paths), refused=manifest.refused)
        sent = {file.sha256: file.size for file in manifest.files if shelf.files.put(paths[file.name], file.sha256)}
    except (SourceChanged, FileNotFoundError):
        return Sent(submission, left="上传时文件有变动")
    except OSError as error:
        return Sent(submission, left=f"有文件读不出（{error.strerror}）")
    if content_mark(folder)[0] != mark:
        return Sent(submission, left="上传时文件有变动")
    complete = _complete(shelf, manifest)
    for sha256 in before:
        if sha256 != complete:
            shelf.drop_manifest(sha256)
    again = {file.sha256: paths[file.name] for file in manifest.files}
    for sha256 in again.keys() - set(shelf.files.names()):  # removed with an older version of the submission, between our look and the manifest
        shelf.files.put(again[sha256], sha256)
    there = sum(file.sha256 not in sent for file in manifest.files)
    return Sent(submission, sent=len(manifest.files) - there, there=there, verified=len(manifest.files), bytes=sum(sent.values()), refused=manifest.refused)


def _listed(folder: Path, submission: str, now: datetime) -> tuple[dict[str, Path], Manifest]:
    unseen: list[Refused] = []
    paths: dict[str, Path] = {}
    files = []
    for name, path in filed(folder, unseen):
        if why := why_unsafe(name):
            unseen.append(Refused(name, QuarantineReason.UNSAFE_NAME.value, why))
            continue
        files.append(Listed(name=name, size=path.stat().st_size, sha256=hash_file(path)))
        paths[name] = path
    refused = tuple(Quarantined(file=shown(one.name), reason=QuarantineReason(one.reason), detail=one.detail) for one in unseen)
    return paths, Manifest(submission=submission, files=tuple(files), refused=refused, uploaded=now)


def _manifests(shelf: Shelf, submission: str) -> dict[str, Manifest | None]:
    """What was sent before, by the hash of its manifest; None for one that says nothing."""
    found: dict[str, Manifest | None] = {}
    for sha256 in shelf.complete.names():
        try:
            found[sha256] = read_manifest(shelf.complete.read(sha256), submission)
        except BlobMissing:
            continue
        except (BlobDamaged, ManifestInvalid):
            found[sha256] = None
    return found


def _complete(shelf: Shelf, manifest: Manifest) -> str:
    """Put the manifest: from here on the submission is there."""
    data = manifest.model_dump_json().encode()
    sha256 = hashlib.sha256(data).hexdigest()
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        shelf.complete.put(Path(file.name), sha256)
    return sha256
