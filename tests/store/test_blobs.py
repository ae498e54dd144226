"""A paper is kept under the hash of its bytes, read back, and never changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from pydantic import SecretStr
from servers import Bucket

from models.errors import SettingsInvalid, StoreUnavailable
from pipeline.store.blobs import BlobMissing, Blobs, FolderBlobs, SourceChanged, open_blobs
from pipeline.store.patience import BlobDamaged
from pipeline.store.settings import S3Settings, StoreSettings


def paper(folder: Path, data: bytes, name: str = "扫描 1.pdf") -> tuple[Path, str]:
    path = folder / name
    path.write_bytes(data)
    return path, hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4 paper", b"\0" * (6 * 2**20)], ids=["empty", "small", "larger than a part"])
def test_what_is_put_comes_back_however_often_it_is_put(blobs: Blobs, tmp_path: Path, data: bytes) -> None:
    path, sha256 = paper(tmp_path, data)
    for _ in range(2):
        blobs.put(path, sha256)
    assert blobs.read(sha256) == data
    assert blobs.sound(sha256)
    assert list(blobs.names()) == [sha256]


def test_a_file_that_is_not_what_its_hash_says_is_not_kept(blobs: Blobs, tmp_path: Path) -> None:
    path, sha256 = paper(tmp_path, b"before")
    path.write_bytes(b"after!")
    with pytest.raises(SourceChanged):
        blobs.put(path, sha256)
    assert not blobs.sound(sha256)


def test_a_source_changed_in_place_leaves_the_original_as_it_was(blobs: Blobs, tmp_path: Path) -> None:
    path, sha256 = paper(tmp_path, b"as filed")
    blobs.put(path, sha256)
    with path.open("r+b") as file:
        file.write(b"AS")
    assert blobs.read(sha256) == b"as filed"


def test_what_is_not_kept_is_told(blobs: Blobs) -> None:
    assert not blobs.sound("0" * 64)
    with pytest.raises(BlobMissing):
        blobs.read("0" * 64)


def test_damage_is_found_and_never_given_out_and_a_new_copy_mends_it(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path / "blobs")
    path, sha256 = paper(tmp_path, b"as filed")
    blobs.put(path, sha256)
    kept = tmp_path / "blobs" / sha256[:2] / sha256
    assert kept.stat().st_mode & 0o222 == 0
    kept.chmod(0o644)
    kept.write_bytes(b"as faked")
    assert not blobs.sound(sha256)
    with pytest.raises(BlobDamaged):
        blobs.read(sha256)
    blobs.put(path, sha256)
    assert blobs.read(sha256) == b"as filed"


def test_a_bucket_without_a_server_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="S3__ENDPOINT"):
        open_blobs(StoreSettings(blobs="s3://papers/x"), tmp_path)


def test_where_papers_can_be_kept_is_ready(blobs: Blobs) -> None:
    blobs.ready()


def test_a_folder_that_cant_be_made_is_told_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "papers").write_text("a file in the way")
    with pytest.raises(StoreUnavailable, match="INTAKE_STORE__BLOBS"):
        FolderBlobs(tmp_path / "papers").ready()


@pytest.mark.parametrize("changed", [{"bucket": "no-such-bucket"}, {"access_key": "someone"}, {"secret_key": "wrong-secret"}], ids=["bucket", "user", "password"])
def test_a_bucket_that_refuses_us_is_told_before_anything_is_read(s3_bucket: Bucket, tmp_path: Path, changed: dict[str, str]) -> None:
    known = {"bucket": s3_bucket.name, "access_key": s3_bucket.access_key, "secret_key": s3_bucket.secret_key, **changed}
    s3 = S3Settings(endpoint=s3_bucket.endpoint, access_key=known["access_key"], secret_key=SecretStr(known["secret_key"]), secure=False)
    with pytest.raises(StoreUnavailable, match="INTAKE_STORE__S3__ACCESS_KEY"):
        open_blobs(StoreSettings(blobs=f"s3://{known['bucket']}/x", s3=s3), tmp_path).ready()
