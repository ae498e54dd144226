"""Uploading: what was received is never lost nor asked for twice, names lead nowhere, and no run sees what isn't whole."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from extractors.files import open_submission
from flows.plan import plan
from pipeline.review.settings import ReviewSettings, UploadSettings
from pipeline.review.upload_names import disk_name, id_fault, id_from
from pipeline.review.web.roles import RECEIVERS, Role
from pipeline.settings import Settings
from tests.e2e.claims import SCRIPTS
from tests.invented_claim import SCHEME

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
ODD = ["../../etc/passwd", "..", "/etc/cron.d/x.pdf", "C:\\windows\\x.pdf", "a\nb.pdf", "a\x00b.pdf", "发" * 300 + ".pdf", "x" * 300, ".hidden.pdf", "~$lock.pdf", "con.pdf", "a//b.pdf", "", "  ", "\u202efdp.exe", "😀.pdf"]


@pytest.fixture
def reference(tmp_path):
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "catalogue.csv").write_text("entry_id,scheme,track,category,name,specification,edition\n", encoding="utf-8")
    return folder


@pytest.fixture
def batch(site, reference, person):
    """A batch begun on the page; gives it with its folder."""
    from django.conf import settings

    from pipeline.review.web import inboxes

    settings.INTAKE = Settings(review=ReviewSettings(uploads=UploadSettings(reference=reference, spare_bytes=0)))
    one = inboxes.begin(person("operator", "beginner"), "2021-01", SCHEME.name, 2021, str(reference.resolve()))
    one.folder = inboxes.folder_of(one)
    return one


@pytest.fixture
def sender(batch, client_of):
    """Somebody who uploads; gives their client with what a browser's script does."""

    def make(role: str = "operator", name: str = ""):
        client = client_of(role, name)

        def announce(*files):
            rows = [dict(zip(("folder", "name", "size", "modified"), one, strict=False)) for one in files]
            return client.post(f"/batches/{batch.pk}/upload/files", json.dumps(rows), content_type="application/json")

        def piece(pk: int, offset: int, data: bytes, sha256: str = ""):
            return client.post(f"/uploads/files/{pk}?offset={offset}&sha256={sha256}", data, content_type="application/octet-stream")

        def send(folder: str, name: str, data: bytes = PDF):
            pk = announce((folder, name, len(data))).json()["files"][0]["pk"]
            assert piece(pk, 0, data).json()["sha256"] == hashlib.sha256(data).hexdigest()
            return pk

        def finish(**typed: str) -> str:
            return client.post(f"/batches/{batch.pk}/upload/finish", typed, follow=True).content.decode()

        client.announce, client.piece, client.send, client.finish = announce, piece, send, finish
        return client

    return make


def lying(batch) -> list[str]:
    return sorted(path.relative_to(batch.folder).as_posix() for path in batch.folder.rglob("*") if path.is_file())


# ---------------------------------------------------------------- a batch's way


def test_what_is_uploaded_lies_in_the_batch_and_is_read(batch, sender, reference):
    from pipeline.review.web import audit
    from pipeline.review.web.models import AuditEvent, Reading
    from pipeline.store.models import Submission

    client = sender()
    client.send("EQ-0001", "p10.pdf", PDF + b"10")
    client.send("EQ-0001", "p2.pdf", PDF + b"2")
    client.send("MA-0001", "全部/材料.zip", b"PK\x03\x04 not whole")
    assert lying(batch) == []
    assert "已归入批次：2件" in client.finish()
    assert lying(batch) == ["EQ-0001/0001-p2.pdf", "EQ-0001/0002-p10.pdf", "MA-0001/0001-材料.zip"]
    assert [file.name for file in open_submission(batch.folder / "EQ-0001").files] == ["0001-p2.pdf", "0002-p10.pdf"]
    assert (batch.folder / "EQ-0001" / "0002-p10.pdf").read_bytes() == PDF + b"10"
    assert dict(Submission.objects.values_list("submission_id", "state")) == {"EQ-0001": "waiting", "MA-0001": "waiting"}
    assert Reading.objects.get().state == "waiting"
    assert [folder.name for folder in plan(batch.folder, reference, Path("out"), SCHEME.name, 2021, 1).submissions] == ["EQ-0001", "MA-0001"]
    done = list(AuditEvent.objects.order_by("number").values_list("action", flat=True))
    assert done == ["batch-new", "login", "upload", "upload-file", "upload", "upload-file", "upload", "upload-file", "filed", "filed", "reading"]
    assert audit.verify() is None


def test_no_run_sees_what_is_half_received(batch, sender, site):
    client = sender()
    pk = client.announce(("EQ-0001", "a.pdf", len(PDF)), ("EQ-0002", "b.pdf", 5)).json()["files"][0]["pk"]
    client.piece(pk, 0, PDF)
    assert list(batch.folder.iterdir()) == []
    assert "还有1个文件没有收完" in client.finish()
    assert list(batch.folder.iterdir()) == []
    assert any(path.suffix == ".part" for path in (site / "uploads").rglob("*"))  # but it is kept


def test_a_dropped_connection_loses_nothing(batch, sender):
    """Cut after every piece: announced again, it goes on where it stood."""
    client = sender()
    for start in range(0, len(PDF), 1000):
        here = client.announce(("EQ-0001", "a.pdf", len(PDF), 7)).json()["files"][0]
        assert here["received"] == start
        answer = client.piece(here["pk"], start, PDF[start : start + 1000], hashlib.sha256(PDF).hexdigest())
        assert answer.json()["received"] == min(len(PDF), start + 1000)
    assert client.announce(("EQ-0001", "a.pdf", len(PDF), 7)).json()["files"][0]["sha256"] == hashlib.sha256(PDF).hexdigest()
    client.finish()
    assert (batch.folder / "EQ-0001" / "0001-a.pdf").read_bytes() == PDF


def test_a_piece_goes_where_it_belongs_or_nowhere(sender):
    client = sender()
    pk = client.announce(("EQ-0001", "a.pdf", 10)).json()["files"][0]["pk"]
    assert client.piece(pk, 0, b"01234").status_code == 200
    again = client.piece(pk, 0, b"01234")  # its answer was lost
    assert (again.status_code, again.json()["received"]) == (409, 5)
    assert client.piece(pk, 5, b"567890").status_code == 422  # more than announced
    other = client.piece(pk, 5, b"56789", "0" * 64)  # the sender has other bytes
    assert (other.status_code, other.json()["received"]) == (409, 0)
    assert client.piece(pk, 0, b"0123456789", hashlib.sha256(b"0123456789").hexdigest()).json()["received"] == 10
    assert client.piece(pk, 5, b"56789").status_code == 200  # the last answer was lost
    assert client.post(f"/uploads/files/{pk}?offset=x", b"a", content_type="application/octet-stream").status_code == 422


def test_another_file_by_the_same_name_takes_the_place_of_the_first(batch, sender):
    client = sender()
    client.send("EQ-0001", "a.pdf", PDF)
    changed = PDF[:-1] + b"!"
    here = client.announce(("EQ-0001", "a.pdf", len(changed), 99)).json()["files"][0]
    assert (here["received"], here["sha256"]) == (0, "")
    client.piece(here["pk"], 0, changed)
    client.finish()
    assert [(batch.folder / name).read_bytes() for name in lying(batch)] == [changed]


# ---------------------------------------------------------------- names


@pytest.mark.parametrize("name", [*ODD, *SCRIPTS])
def test_an_uploaded_name_leads_nowhere(name):
    for made in (disk_name(1, name, PDF), id_from(name)):
        assert made == Path(made).name
        assert not made.startswith((".", "_", "-", "~"))
        assert len(made.encode()) <= 200
        assert not set(made) & set("/\\<>\"'&:\x00\n\u202e ")
    assert disk_name(1, name, PDF).endswith(".pdf")
    assert id_fault(id_from(name)) == ""


def test_odd_names_are_taken_under_names_of_ours_and_shown_harmless(batch, sender):
    client = sender()
    names = [name for name in [*ODD, *SCRIPTS[::5]] if name.strip() and not name.startswith(("~$", "."))]
    names = [name for name in names if "\x00" not in name and not name.strip("/").startswith("..")]
    for n, one in enumerate(client.announce(*((name, name, 3) for name in names)).json()["files"]):
        assert client.piece(one["pk"], 0, f"{n:03}".encode()).status_code == 200
    page = client.get(f"/batches/{batch.pk}").content.decode()
    assert not any(script in page for script in SCRIPTS if "<" in script)
    assert f"已归入批次：{len(names)}件" in client.finish()
    assert len(lying(batch)) == len(names)
    assert {path.parent for path in batch.folder.iterdir()} == {batch.folder}


@pytest.mark.parametrize("name", [".DS_Store", "a/Thumbs.db", "__MACOSX/x.pdf", "~$x.pdf"])
def test_what_systems_leave_about_is_not_taken(sender, name):
    assert sender().announce(("EQ-0001", name, 9)).json()["files"][0] == {"pk": None, "received": 0, "sha256": "", "refused": "系统文件，不需上传"}


def test_a_number_can_be_set_right_before_it_is_filed(batch, sender):
    from pipeline.review.web.models import UploadFolder

    client = sender()
    client.send("扫描件 (3)", "a.pdf")
    client.send("B-2", "b.pdf", PDF + b"b")
    first = UploadFolder.objects.get(label="扫描件 (3)")
    assert first.submission_id == "扫描件-(3)"
    for wrong in ("../x", "a b", "_insurers2", "x" * 61, "", "B-2"):
        client.post(f"/uploads/folders/{first.pk}", {"submission_id": wrong, "batch": batch.pk})
        first.refresh_from_db()
        assert first.submission_id == "扫描件-(3)", wrong
    client.post(f"/uploads/folders/{UploadFolder.objects.get(label='B-2').pk}", {"drop": "1", "batch": batch.pk})
    assert "编号只能含" in client.finish(**{f"id_{first.pk}": "../EQ"})
    client.finish(**{f"id_{first.pk}": "EQ-7"})
    assert lying(batch) == ["EQ-7/0001-a.pdf"]


# ---------------------------------------------------------------- what the batch has


def test_files_join_a_submission_only_when_somebody_says_so(batch, sender):
    from pipeline.review.web.models import UploadFolder

    client = sender()
    client.send("EQ-0001", "a.pdf")
    client.finish()
    client.send("EQ-0001", "a.pdf")  # the same once more
    client.send("EQ-0001", "invoice.pdf", PDF + b"more")
    assert "批次中已有：EQ-0001" in client.finish()
    assert lying(batch) == ["EQ-0001/0001-a.pdf"]
    folder = UploadFolder.objects.get(upload__state="open")
    client.finish(**{f"id_{folder.pk}": "EQ-0001", f"adds_{folder.pk}": "1"})
    assert lying(batch) == ["EQ-0001/0001-a.pdf", f"EQ-0001/u{folder.upload_id}/0001-invoice.pdf"]
    client.send("EQ-0001", "a.pdf")
    client.post(f"/uploads/folders/{UploadFolder.objects.get(upload__state='open').pk}", {"submission_id": "EQ-0001", "adds": "1", "batch": batch.pk})
    assert "没有变化" in client.finish()


def test_two_people_with_one_number_do_not_lose_a_file(batch, sender):
    """The second is asked; a folder that somebody else puts there at the last moment is joined."""
    one, two = sender("operator", "one"), sender("lead", "two")
    one.send("EQ-0001", "a.pdf")
    two.send("EQ-0001", "b.pdf", PDF + b"b")
    one.finish()
    assert "批次中已有：EQ-0001" in two.finish()
    three = sender("operator", "three")
    three.send("EQ-0002", "c.pdf", PDF + b"c")

    from pipeline.review.web import filing

    settle = filing._settle

    def and_then(upload, inbox):
        settle(upload, inbox)
        (inbox / "EQ-0002").mkdir()
        (inbox / "EQ-0002" / "scan.pdf").write_bytes(PDF)

    filing._settle = and_then
    try:
        three.finish()
    finally:
        filing._settle = settle
    assert [name.rpartition("/")[2] for name in lying(batch)] == ["0001-a.pdf", "scan.pdf", "0001-c.pdf"]


@pytest.mark.parametrize(("cut", "other_disk"), [(0, False), (3, False), (6, False), (7, False), (1, True), (2, True), (5, True), (8, True)])
def test_putting_away_goes_on_after_a_cut_anywhere(batch, sender, monkeypatch, cut, other_disk):
    import errno

    client = sender()
    for n in range(3):
        client.send(f"EQ-{n}", "a.pdf", PDF + bytes([n]))
        client.send(f"EQ-{n}", "b.pdf", PDF + bytes([n, n]))
    left = [cut]
    real_rename, real_rmtree = Path.rename, shutil.rmtree

    def counted(work, *args, **how):
        if left[0] == 0:
            left[0] = -1
            raise OSError(errno.EIO, "cut")
        left[0] -= 1
        return work(*args, **how)

    def rename(self, target):
        if other_disk and self.is_relative_to(batch.folder) != Path(target).is_relative_to(batch.folder):
            raise OSError(errno.EXDEV, "another disk")
        return counted(real_rename, self, target)

    monkeypatch.setattr(Path, "rename", rename)
    monkeypatch.setattr(shutil, "rmtree", lambda *args, **how: counted(real_rmtree, *args, **how))
    client.raise_request_exception = False
    for _ in range(3):
        client.finish()
    assert lying(batch) == sorted(f"EQ-{n}/000{k}-{name}.pdf" for n in range(3) for k, name in ((1, "a"), (2, "b")))


def test_a_number_of_another_batch_is_not_taken(batch, sender, file_claim):
    from tests.invented_claim import judged

    file_claim(judged(submission_id="EQ-0001"))
    client = sender()
    client.send("EQ-0001", "a.pdf")
    assert "已用于其他批次" in client.finish()
    assert lying(batch) == []


# ---------------------------------------------------------------- limits


@pytest.mark.parametrize(("limits", "uploads", "told"), [
    ({"file_bytes": 1024}, {}, "单个文件"), ({"files": 2}, {}, "最多2个文件"), ({"total_bytes": 1500}, {}, "每件申报上限"), ({}, {"submissions": 1}, "最多上传1件"),
    ({}, {"total_bytes": 2**20}, "一次上传的上限"), ({}, {"spare_bytes": 2**42}, "磁盘")])
def test_limits_are_told_file_by_file(batch, sender, limits, uploads, told):
    from django.conf import settings

    given = settings.INTAKE
    kept = {"reference": given.review.uploads.reference, "spare_bytes": 0, **uploads}
    settings.INTAKE = Settings.model_construct(**{**dict(given), "files": given.files.model_copy(update=limits), "review": ReviewSettings(uploads=UploadSettings(**kept))})
    size = 2**20 if "total_bytes" in uploads else 1100 if "file_bytes" in limits else 700
    files = sender().announce(("A", "1.pdf", 600), ("A", "2.pdf", 600), ("A", "3.pdf", size), ("B", "1.pdf", 600)).json()["files"]
    assert any(told in one["refused"] for one in files)
    assert "spare_bytes" in uploads or files[0]["pk"]


def test_what_makes_no_sense_is_refused(batch, sender):
    client = sender()
    for body in (b"{", b"[]", b'[{"folder": "", "name": "a", "size": 1}]', b'[{"folder": "a", "name": "a", "size": -1}]', b'[{"folder": "a", "name": "a", "size": 1, "path": "/etc"}]',
                 b'[{"folder": "\\ud800", "name": "a", "size": 1}]'):
        assert client.post(f"/batches/{batch.pk}/upload/files", body, content_type="application/json").status_code == 422
    assert client.post(f"/batches/{batch.pk}/upload/files", b"[" + b" " * 3_000_000 + b"]", content_type="application/json").status_code == 413
    assert client.piece(999, 0, b"x").status_code == 422


def test_what_nobody_goes_on_with_is_given_up_in_the_end(batch, sender, site):
    from pipeline.review.web import receiving
    from pipeline.review.web.models import Upload

    sender().send("EQ-0001", "a.pdf")
    assert receiving.sweep(timezone.now() + timedelta(days=6)) == 0
    assert receiving.sweep(timezone.now() + timedelta(days=8)) == 1
    assert Upload.objects.get().state == "dropped"
    assert list((site / "uploads").iterdir()) == []


# ---------------------------------------------------------------- people


@pytest.mark.parametrize("role", Role.values)
def test_only_who_takes_in_may_upload_and_nobody_touches_anothers(batch, sender, role):
    own = sender("operator", "own")
    pk = own.announce(("EQ-0001", "a.pdf", 10)).json()["files"][0]["pk"]
    client = sender(role, "somebody")
    answer = client.announce(("EQ-0002", "a.pdf", 10))
    assert answer.status_code == (200 if role in RECEIVERS else 403)
    assert client.piece(pk, 0, b"0123456789").status_code == (422 if role in RECEIVERS else 403)
    page = client.get(f"/batches/{batch.pk}")
    assert (b"data-upload" in page.content) == (role in RECEIVERS)
    assert own.piece(pk, 0, b"0123456789").status_code == 200


def test_a_page_that_asks_by_itself_keeps_no_session_alive(batch, sender, monkeypatch):
    from django.contrib.sessions.models import Session

    from pipeline.review.web import middleware

    client = sender()
    client.get(f"/batches/{batch.pk}")
    before = Session.objects.get().expire_date
    later = time.time() + 2 * middleware.ONCE
    monkeypatch.setattr(middleware.time, "time", lambda: later)
    client.get(f"/batches/{batch.pk}", headers={"HX-Request": "true"})
    assert Session.objects.get().expire_date == before
    client.get(f"/batches/{batch.pk}")
    assert Session.objects.get().expire_date > before


def test_a_batch_is_begun_with_what_can_be(client_of, batch, reference):
    from pipeline.store.models import Batch

    client = client_of("operator")
    good = {"name": "2022-01", "scheme": SCHEME.name, "year": "2022", "reference": str(reference.resolve())}
    for wrong in ({"name": "../x"}, {"name": "2021-01", "year": "2021"}, {"scheme": "none"}, {"year": "x"}, {"reference": "/etc"}):
        assert client.post("/batches/new", {**good, **wrong}).status_code == 422, wrong
    assert client.post("/batches/new", good).status_code == 302
    assert {batch.name for batch in Batch.objects.all()} == {"2021-01", "2022-01"}


def test_a_batch_in_a_bucket_or_a_folder_that_cannot_be_written_takes_nothing(batch, sender):
    from pipeline.review.web import inboxes

    client = sender()
    inboxes.introduce(batch, "s3://bucket/prefix/")
    assert client.announce(("EQ-0001", "a.pdf", 10)).status_code == 422
    assert b"data-upload" not in client.get(f"/batches/{batch.pk}").content
    for folder in ("", ".", "s3:/bucket", str(batch.folder / "gone")):
        inboxes.introduce(batch, folder)
        assert client.announce(("EQ-0001", "a.pdf", 10)).status_code == 422, folder


# ---------------------------------------------------------------- programs


def test_a_program_uploads_by_token(batch, person):
    from django.test import Client

    from pipeline.review.web import tokens

    _, text = tokens.make(person("operator"), "scanner")

    def call(method: str, path: str, body: object = None, kind: str = "application/json"):
        data = body if isinstance(body, bytes) else json.dumps(body) if body is not None else None
        return getattr(Client(), method)(f"/api/{path}", data, content_type=kind, HTTP_AUTHORIZATION=f"Bearer {text}")

    sent = call("post", f"batches/{batch.pk}/upload/files", {"files": [{"folder": "EQ-0001", "name": "a.pdf", "size": len(PDF)}]}).json()["files"][0]
    assert call("post", f"batches/{batch.pk}/upload/finish", {}).status_code == 409
    half = len(PDF) // 2
    assert call("post", f"uploads/files/{sent['pk']}?offset=0", PDF[:half], "application/octet-stream").json()["received"] == half
    assert call("post", f"uploads/files/{sent['pk']}?offset=0", PDF[:half], "application/octet-stream").status_code == 409
    assert call("post", f"uploads/files/{sent['pk']}?offset={half}", PDF[half:], "application/octet-stream").json()["sha256"] == hashlib.sha256(PDF).hexdigest()
    folder = call("get", f"batches/{batch.pk}/upload").json()["folders"][0]
    assert (folder["submission_id"], folder["whole"], folder["there"]) == ("EQ-0001", 1, False)
    assert call("post", f"uploads/folders/{folder['pk']}", {"submission_id": "EQ-9"}).json()["folders"][0]["submission_id"] == "EQ-9"
    assert call("post", f"batches/{batch.pk}/upload/finish", {}).json() == {"submissions": ["EQ-9"]}
    assert lying(batch) == ["EQ-9/0001-a.pdf"]
    state = call("get", f"batches/{batch.pk}").json()
    assert (state["states"], state["reading"], state["uploads"]) == ({"waiting": 1}, "waiting", True)
    assert [one["name"] for one in call("get", "batches").json()] == ["2021-01"]


# ---------------------------------------------------------------- the run


def test_the_run_is_started_once_and_says_how_it_went(batch, sender, site, monkeypatch):
    import sys

    from flows import readings
    from pipeline.review.web import inboxes
    from pipeline.review.web.models import Reading

    client = sender()
    client.send("EQ-0001", "a.pdf")
    client.finish()
    client.post(f"/batches/{batch.pk}/read")  # one that waits will do
    reading = Reading.objects.get()
    asked = readings.command(reading, site.parent, 3)
    assert asked[6:] == [f"--reference={batch.reference}", f"--out={site.parent}", f"--scheme={SCHEME.name}", "--year=2021", "--name=2021-01", "--workers=3"]
    assert asked[5] == str(batch.folder)
    wanted: list[int] = []
    monkeypatch.setattr(readings, "command", lambda reading, out, workers: (wanted.append(reading.pk), [sys.executable, "-c", f"print('读完'); raise SystemExit({len(wanted) - 1})"])[1])
    runs = readings.Readings(site.parent, UploadSettings())
    (site.parent / ".work").mkdir(exist_ok=True)
    runs._look()
    reading.refresh_from_db()
    assert (reading.state, reading.status, reading.output) == ("done", 0, "读完\n")
    runs._look()
    assert wanted == [reading.pk]
    inboxes.want_reading(batch, client.person)
    runs._look()
    assert Reading.objects.latest("pk").state == "failed"
    assert "读完" in client.get(f"/batches/{batch.pk}").content.decode()


def test_a_run_over_which_the_server_died_is_taken_up_again_a_few_times(batch, sender):
    from pipeline.review.web import inboxes
    from pipeline.review.web.models import Reading

    client = sender()
    client.send("EQ-0001", "a.pdf")
    client.finish()
    for n in range(1, inboxes.MOST_ATTEMPTS + 1):
        assert inboxes.take().attempts == n
        inboxes.recover()
    assert (Reading.objects.get().state, inboxes.take()) == ("failed", None)


def test_where_another_program_reads_nobody_is_asked_to(batch, sender):
    from django.conf import settings

    given = settings.INTAKE.review
    settings.INTAKE = settings.INTAKE.model_copy(update={"review": given.model_copy(update={"uploads": given.uploads.model_copy(update={"start_runs": False})})})
    client = sender()
    client.send("EQ-0001", "a.pdf")
    client.finish()
    assert lying(batch) == ["EQ-0001/0001-a.pdf"]
    assert "开始读取" not in client.get(f"/batches/{batch.pk}").content.decode()
    assert "由其他程序读取" in client.post(f"/batches/{batch.pk}/read", follow=True).content.decode()


def test_received_files_are_readable_by_their_owner_alone(sender, site):
    pk = sender().send("EQ-0001", "a.pdf")
    part = next((site / "uploads").rglob(f"{pk}.part"))
    assert (part.stat().st_mode & 0o777, part.parent.stat().st_mode & 0o777) == (0o600, 0o700)
