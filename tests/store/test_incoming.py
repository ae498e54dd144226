"""Submissions come in whole or not at all, from a folder and from a bucket, and leave their source only when nothing of them can be lost."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from invented_claim import YEAR
from pydantic import SecretStr
from quick import QuickWorkers
from servers import Bucket

from extractors.files import FileLimits
from flows.batch import run
from flows.incoming import TakenIn, plan_from, remove_sources, spool_plan, take_in, withdraw
from flows.report import Report
from flows.workspace import Workspace
from models.errors import StoreUnavailable, UsageError
from pipeline.incoming.bucket import BucketSource
from pipeline.incoming.folder import LEAVING, FolderSource
from pipeline.incoming.places import open_bucket
from pipeline.incoming.source import SourceUnreadable
from pipeline.incoming.spool import Spool
from pipeline.incoming.upload import Sent, send
from pipeline.settings import Settings
from pipeline.store.bucket import connect, place_of
from pipeline.store.settings import S3Settings, StoreSettings

SETTLE = 30.0
NOW = datetime(2021, 1, 15, 9, tzinfo=UTC)


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def fill(folder: Path, *submissions: str, files: tuple[str, ...] = ("a.pdf", "扫描/b.pdf")) -> Path:
    for submission in submissions:
        for name in files:
            path = folder / submission / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(f"%PDF-1.4 {submission} {name}".encode())
    return folder


@dataclass
class Bench:
    """A source, and a workspace to take in to. put: brings submissions to the source whole."""

    source: FolderSource | BucketSource
    put: Callable[..., None]
    inbox: Path
    out: Path
    reference: Path
    clock: Clock
    settings: Settings
    spool: Spool = field(init=False)

    def __post_init__(self) -> None:
        self.spool = Spool(Workspace(self.out).work)

    def take(self, settled: bool = True) -> TakenIn:
        came = take_in(self.source, self.spool)
        if settled and came.settling:
            self.clock.now += SETTLE
            again = take_in(self.source, self.spool)
            again.taken = came.taken + again.taken
            return again
        return came

    def run(self, came: TakenIn) -> Report:
        todo = spool_plan(self.spool, came, self.source, self.reference, self.out, "ningbo-2020", YEAR, 2, "一月")
        return run(todo, self.settings, flow=QuickWorkers().two_at_a_time)

    def remove(self) -> list[str]:
        todo = spool_plan(self.spool, TakenIn(), self.source, self.reference, self.out, "ningbo-2020", YEAR, 2, "一月")
        return remove_sources(self.source, self.spool, todo, self.settings)

    def spooled(self) -> dict[str, bytes]:
        root = self.spool.folder
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file() and not path.relative_to(root).as_posix().startswith(".")}


def s3_of(bucket: Bucket) -> S3Settings:
    return S3Settings(endpoint=bucket.endpoint, access_key=bucket.access_key, secret_key=SecretStr(bucket.secret_key), secure=False)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(params=["folder", "s3"])
def bench(request: pytest.FixtureRequest, tmp_path: Path, papers: Path, empty_database: Path) -> Bench:
    inbox, clock = tmp_path / "inbox", Clock()
    (tmp_path / "out" / ".work").mkdir(parents=True)
    shutil.copy(empty_database, tmp_path / "out" / ".work" / "intake.db")
    inbox.mkdir()
    if request.param == "folder":
        source = FolderSource(inbox, SETTLE, FileLimits(), clock)
        return Bench(source, lambda: None, inbox, tmp_path / "out", papers / "reference", clock, Settings())
    bucket: Bucket = request.getfixturevalue("s3_bucket")
    settings = Settings(store=StoreSettings(s3=s3_of(bucket), patience_seconds=5))
    place = place_of(f"s3://{bucket.name}/{tmp_path.name}", settings.store.s3, "")
    from_bucket = BucketSource(connect(settings.store.s3), place, FileLimits(), 5, SETTLE, clock=clock)

    def put() -> None:
        for folder in sorted(inbox.iterdir()):
            assert send(folder, from_bucket, lambda: datetime.now(UTC)).left == ""

    return Bench(from_bucket, put, inbox, tmp_path / "out", papers / "reference", clock, settings)


def test_what_is_whole_is_taken_in_once_and_what_changed_again(bench: Bench) -> None:
    fill(bench.inbox, "S-0", "S-1")
    bench.put()
    assert bench.take().taken == ["S-0", "S-1"]
    assert bench.spooled() == contents(bench.inbox)
    assert bench.take().taken == []
    (bench.inbox / "S-1" / "a.pdf").write_bytes(b"%PDF-1.4 corrected")
    (bench.inbox / "S-1" / "c.pdf").write_bytes(b"%PDF-1.4 added")
    (bench.inbox / "S-1" / "扫描" / "b.pdf").unlink()
    bench.put()
    assert bench.take().taken == ["S-1"]
    assert bench.spooled() == contents(bench.inbox)
    assert [d.unchanged for d in bench.run(bench.take()).done] == [False, False]


def test_what_is_gone_is_withdrawn_only_where_a_person_runs_the_batch(bench: Bench, request: pytest.FixtureRequest) -> None:
    fill(bench.inbox, "S-0", "S-1")
    bench.put()
    bench.take()
    if isinstance(bench.source, BucketSource):
        bench.source.remove("S-1", bench.spool.taken()["S-1"].mark, bench.spool.taken()["S-1"].files)
    else:
        (bench.inbox / "S-1").rename(bench.out.parent / "elsewhere")
    came = bench.take()
    assert sorted(bench.spool.taken()) == ["S-0", "S-1"]
    assert withdraw(bench.spool, came) == ["S-1"]
    assert sorted(bench.spool.taken()) == ["S-0"]
    assert {name.split("/")[0] for name in bench.spooled()} == {"S-0"}
    with pytest.raises(SourceUnreadable, match="Nothing is withdrawn"):
        withdraw(bench.spool, TakenIn())
    assert sorted(bench.spool.taken()) == ["S-0"]


def test_a_source_is_left_alone_until_its_originals_are_committed_and_read_back(bench: Bench) -> None:
    from pipeline.store.blobs import FolderBlobs

    fill(bench.inbox, "S-0", "S-1")
    bench.put()
    filed = contents(bench.inbox)
    bench.run(bench.take())
    spoilt = FolderBlobs(bench.out / ".work" / "blobs")
    sha256 = hashlib.sha256(filed["S-1/a.pdf"]).hexdigest()
    kept = bench.out / ".work" / "blobs" / sha256[:2] / sha256
    kept.chmod(0o644)
    kept.write_bytes(b"damaged")
    assert bench.remove() == ["S-0"]
    spoilt.put(bench.spool.folder / "S-1" / "a.pdf", sha256)
    assert bench.remove() == ["S-1"]
    assert bench.remove() == []
    came = bench.take()
    assert (came.taken, came.waits, withdraw(bench.spool, came)) == ([], {}, [])
    assert [d.unchanged for d in bench.run(came).done] == [True, True]
    assert bench.spooled() == filed


def test_what_was_removed_and_is_sent_again_otherwise_is_a_new_version(bench: Bench) -> None:
    fill(bench.inbox, "S-0")
    bench.put()
    bench.run(bench.take())
    assert bench.remove() == ["S-0"]
    fill(bench.inbox, "S-0", files=("neu.pdf",))
    for name in ("a.pdf", "扫描/b.pdf"):
        (bench.inbox / "S-0" / name).unlink(missing_ok=True)
    bench.put()
    assert bench.take().taken == ["S-0"]
    assert list(bench.spooled()) == ["S-0/neu.pdf"]


@pytest.mark.parametrize("bench", ["folder"], indirect=True)
def test_a_folder_is_taken_only_when_it_has_settled_and_nothing_in_it_is_half_written(bench: Bench) -> None:
    fill(bench.inbox, "S-0", "S-1")
    (bench.inbox / "S-1" / "c.pdf.crdownload").write_bytes(b"%PDF")
    (bench.inbox / "stray.pdf").write_bytes(b"%PDF")
    came = bench.take(settled=False)
    assert (came.taken, sorted(came.waits), came.settling, came.stray) == ([], ["S-0", "S-1"], True, ("stray.pdf",))
    bench.clock.now += SETTLE - 1
    (bench.inbox / "S-0" / "d.pdf").write_bytes(b"%PDF-1.4 late")
    assert bench.take(settled=False).taken == []
    bench.clock.now += SETTLE
    came = bench.take(settled=False)
    assert (came.taken, list(came.waits)) == (["S-0"], ["S-1"])
    assert "crdownload" in came.waits["S-1"]
    (bench.inbox / "S-1" / "c.pdf.crdownload").rename(bench.inbox / "S-1" / "c.pdf")
    assert bench.take().taken == ["S-1"]


@pytest.mark.parametrize("bench", ["folder"], indirect=True)
def test_what_comes_while_a_folder_is_removed_is_not_removed_with_it(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(bench.inbox, "S-0")
    bench.run(bench.take())
    (bench.inbox / "S-0" / "late.pdf").write_bytes(b"%PDF-1.4 late")
    assert bench.remove() == []
    assert sorted(contents(bench.inbox)) == ["S-0/a.pdf", "S-0/late.pdf", "S-0/扫描/b.pdf"]
    assert bench.take().taken == ["S-0"]
    bench.run(TakenIn())
    assert bench.remove() == ["S-0"]
    assert list(bench.inbox.iterdir()) == []


@pytest.mark.parametrize("bench", ["folder"], indirect=True)
@pytest.mark.parametrize("late", [lambda path: path.symlink_to("/etc/passwd"), lambda path: path.with_name("._late.pdf").write_bytes(b"on its way")], ids=["no file of its own", "passed over by readers"])
def test_nor_is_what_no_reader_would_look_at(bench: Bench, late: Callable[[Path], object]) -> None:
    fill(bench.inbox, "S-0")
    bench.run(bench.take())
    late(bench.inbox / "S-0" / "late.pdf")
    before = sorted((bench.inbox / "S-0").iterdir())
    assert bench.remove() == []
    assert sorted((bench.inbox / "S-0").iterdir()) == before


@pytest.mark.parametrize("bench", ["folder"], indirect=True)
def test_what_is_left_of_a_removal_that_was_cut_off_is_no_submission(bench: Bench) -> None:
    fill(bench.inbox, "S-0")
    bench.run(bench.take())
    (bench.inbox / "S-0").rename(bench.inbox / f"{LEAVING}S-0")
    (bench.inbox / f"{LEAVING}S-0" / "a.pdf").unlink()
    assert bench.take().taken == []
    assert bench.remove() == ["S-0"]
    assert list(bench.inbox.iterdir()) == []


@pytest.mark.parametrize("bench", ["folder"], indirect=True)
def test_links_and_names_that_cannot_be_are_refused_and_told_in_the_claim(bench: Bench) -> None:
    fill(bench.inbox, "S-0")
    (bench.inbox / "S-0" / "a\nb.pdf").write_bytes(b"%PDF-1.4 named badly")
    (bench.inbox / "S-0" / "passwd").symlink_to("/etc/passwd")
    (bench.inbox / "S\n1").mkdir()
    came = bench.take()
    assert (came.taken, list(came.refused)) == (["S-0"], ["S\n1"])
    assert sorted(bench.spooled()) == ["S-0/a.pdf", "S-0/a?b.pdf", "S-0/扫描/b.pdf"]
    todo = spool_plan(bench.spool, came, bench.source, bench.reference, bench.out, "ningbo-2020", YEAR, 2, "")
    assert {one.file: one.reason.value for one in todo.refused["S-0"]} == {"passwd": "unsafe_name"}
    assert todo.stray == ("S?1",)


@pytest.mark.parametrize("bench", ["folder"], indirect=True)
def test_files_whose_names_had_to_be_made_readable_are_removed_with_their_submission(bench: Bench) -> None:
    fill(bench.inbox, "S-0")
    for name in (b"a\nb.pdf", "发票.pdf".encode("gb18030")):
        (bench.inbox / "S-0" / os.fsdecode(name)).write_bytes(b"%PDF-1.4 " + name)
    bench.run(bench.take())
    assert sorted(bench.spooled()) == ["S-0/a.pdf", "S-0/a?b.pdf", "S-0/发票.pdf", "S-0/扫描/b.pdf"]
    assert bench.remove() == ["S-0"]
    assert list(bench.inbox.iterdir()) == []


@pytest.mark.parametrize("bench", ["folder"], indirect=True)
def test_a_disk_that_is_full_is_told_as_that_and_not_as_a_change_at_the_source(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(bench.inbox, "S-0")

    def full(source: Path, target: Path) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("pipeline.incoming.folder._copy", full)
        with pytest.raises(StoreUnavailable, match="make room"):
            bench.take()
    assert bench.take().taken == ["S-0"]


@pytest.fixture
def bucket(s3_bucket: Bucket, tmp_path: Path) -> BucketSource:
    s3 = s3_of(s3_bucket)
    return BucketSource(connect(s3), place_of(f"s3://{s3_bucket.name}/{tmp_path.name}", s3, ""), FileLimits(), 5, SETTLE)


def sent(folder: Path, bucket: BucketSource, minutes: int = 0, verify: bool = False) -> Sent:
    return send(folder, bucket, lambda: NOW + timedelta(minutes=minutes), verify)


def test_an_upload_sends_only_what_is_not_there_and_reads_all_of_it_back(bucket: BucketSource, s3_bucket: Bucket, tmp_path: Path) -> None:
    folder = fill(tmp_path / "inbox", "S-0") / "S-0"
    (folder / "same.pdf").write_bytes((folder / "a.pdf").read_bytes())
    (folder / "half.pdf.part").write_bytes(b"%PDF")
    assert "尚未写完" in sent(folder, bucket).left
    (folder / "half.pdf.part").unlink()
    first = sent(folder, bucket)
    assert (first.left, first.verified, first.whole) == ("", 3, False)
    again = sent(folder, bucket)
    assert (again.whole, again.sent, again.there) == (True, 0, 3)
    (folder / "a.pdf").write_bytes(b"%PDF-1.4 other")
    third = sent(folder, bucket)
    assert (third.sent, third.there) == (1, 2)
    assert len(list(bucket.shelf("S-0").complete.names())) == 1


def test_damage_in_the_bucket_is_found_and_mended_by_sending_again_with_verify(bucket: BucketSource, s3_bucket: Bucket, tmp_path: Path) -> None:
    folder = fill(tmp_path / "inbox", "S-0") / "S-0"
    sent(folder, bucket)
    key = next(one.object_name for one in s3_bucket.client().list_objects(s3_bucket.name, f"{tmp_path.name}/S-0/.intake/files/", recursive=True))
    s3_bucket.client().put_object(s3_bucket.name, key, io.BytesIO(b"damaged"), 7)
    spool = Spool(tmp_path / "work")
    came = take_in(bucket, spool)
    assert (came.taken, list(came.waits)) == ([], ["S-0"])
    assert sent(folder, bucket, verify=True).sent == 1
    assert take_in(bucket, spool).taken == ["S-0"]


def test_a_half_uploaded_submission_is_never_taken(bucket: BucketSource, s3_bucket: Bucket, tmp_path: Path) -> None:
    folder = fill(tmp_path / "inbox", "S-0", "S-1") / "S-0"
    path = folder / "a.pdf"
    bucket.shelf("S-0").files.put(path, hashlib.sha256(path.read_bytes()).hexdigest())
    sent(tmp_path / "inbox" / "S-1", bucket)
    for name in bucket.shelf("S-1").files.names():
        bucket.shelf("S-1").drop_file(name)  # a manifest whose files aren't there
        break
    came = take_in(bucket, Spool(tmp_path / "work"))
    assert (came.taken, sorted(came.waits)) == ([], ["S-0", "S-1"])
    for name in ("S-0", "S-1"):
        sent(tmp_path / "inbox" / name, bucket)
    assert take_in(bucket, Spool(tmp_path / "work")).taken == ["S-0", "S-1"]


def test_of_two_manifests_the_one_sent_last_counts(bucket: BucketSource, tmp_path: Path) -> None:
    folder = fill(tmp_path / "inbox", "S-0") / "S-0"
    sent(folder, bucket, minutes=5)
    newest = take_in(bucket, Spool(tmp_path / "work")) and Spool(tmp_path / "work").taken()["S-0"].mark
    older = {"submission": "S-0", "files": [], "uploaded": NOW.isoformat()}
    path = tmp_path / "manifest"
    path.write_text(json.dumps(older))
    bucket.shelf("S-0").complete.put(path, hashlib.sha256(path.read_bytes()).hexdigest())  # as by an upload that was cut off before it removed the old one
    assert [(one.submission, one.mark) for one in bucket.look()] == [("S-0", newest)]


@pytest.mark.parametrize("key", ["S-9/../../etc/x.pdf", "S-9//x.pdf", "/x.pdf", "S-9/a\nb.pdf", ".taken/x.pdf", "S\n9/x.pdf"])
def test_what_somebody_elses_tool_put_there_leads_nowhere_else(key: str, tmp_path: Path) -> None:
    objects = {key: b"%PDF-1.4 hostile", "S-1/gut.pdf": b"%PDF-1.4 sound"}
    source = BucketSource(FakeClient(objects), place_of("s3://papers/x", S3Settings(endpoint="x"), ""), FileLimits(), 0, 0.0, without_manifest=True)
    spool = Spool(tmp_path / "work")
    came = take_in(source, spool)
    assert "S-1" in came.taken
    assert (spool.folder / "S-1" / "gut.pdf").read_bytes() == objects["S-1/gut.pdf"]
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.pdf")} == {"work/spool/S-1/gut.pdf"}
    bad = key.split("/")[0]
    told = bad in came.refused or [one.reason.value for one in spool.taken()[bad].refused] == ["unsafe_name"]
    assert told


class FakeClient:
    """Lists and gives objects under any key, as a bucket that isn't kept in a file system may."""

    def __init__(self, objects: dict[str, bytes]) -> None:
        self._objects = {f"x/{key}": data for key, data in objects.items()}

    def list_objects(self, bucket: str, prefix: str, recursive: bool) -> list[object]:
        from minio.datatypes import Object

        return [Object(bucket, key, NOW, size=len(data)) for key, data in self._objects.items()]

    def get_object(self, bucket: str, key: str) -> object:
        from urllib3 import HTTPResponse

        return HTTPResponse(io.BytesIO(self._objects[key]), preload_content=False)


def test_without_a_manifest_it_is_told_what_to_do_or_taken_once_it_has_settled(s3_bucket: Bucket, tmp_path: Path) -> None:
    s3, clock = s3_of(s3_bucket), Clock()
    data = b"%PDF-1.4 by another tool"
    s3_bucket.client().put_object(s3_bucket.name, f"{tmp_path.name}/S-0/扫描/a.pdf", io.BytesIO(data), len(data))
    place = place_of(f"s3://{s3_bucket.name}/{tmp_path.name}", s3, "")
    came = take_in(BucketSource(connect(s3), place, FileLimits(), 5, SETTLE), Spool(tmp_path / "work"))
    assert came.taken == []
    assert "INTAKE_INCOMING__WITHOUT_MANIFEST" in came.waits["S-0"]
    settled = BucketSource(connect(s3), place, FileLimits(), 5, SETTLE, without_manifest=True, clock=clock)
    assert take_in(settled, Spool(tmp_path / "work")).settling
    clock.now += SETTLE
    assert take_in(settled, Spool(tmp_path / "work")).taken == ["S-0"]
    assert (tmp_path / "work" / "spool" / "S-0" / "扫描" / "a.pdf").read_bytes() == data


def test_one_process_takes_in_at_a_time(tmp_path: Path) -> None:
    with Spool(tmp_path).alone(), pytest.raises(UsageError, match="Another intake"), Spool(tmp_path).alone():
        pass


def test_a_workspace_takes_in_from_one_source_for_good(bench: Bench, tmp_path: Path) -> None:
    fill(bench.inbox, "S-0")
    bench.put()
    with bench.spool.alone("s3://papers/elsewhere"):
        bench.take()
    with pytest.raises(UsageError, match="elsewhere"), bench.spool.alone(bench.source.address):
        pass
    with bench.spool.alone("s3://papers/elsewhere"):
        assert bench.take().taken == []


def test_a_bucket_with_nothing_complete_says_what_to_do(s3_bucket: Bucket, papers: Path, tmp_path: Path) -> None:
    settings = Settings(store=StoreSettings(s3=s3_of(s3_bucket), patience_seconds=5))
    with pytest.raises(UsageError, match="intake upload"):
        plan_from(f"s3://{s3_bucket.name}/{tmp_path.name}", papers / "reference", tmp_path / "out", "ningbo-2020", YEAR, 1, "", settings, lambda line: None)
    assert open_bucket(f"s3://{s3_bucket.name}/a/一月/", settings).name == "一月"
