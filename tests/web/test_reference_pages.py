"""Reference data on the page: nothing is taken until it is confirmed, every version is kept, and a past decision can be read with the data of its day."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from models.paper import Track
from tests.invented_claim import APPLICANT, judged

RESTRICTED = f"企业,原因,截止日期\n{APPLICANT[Track.EQUIPMENT]},严重失信,2021-12-31\n"


def hand_in(client, text: str = RESTRICTED, table: str = "restricted", name: str = "名单.csv"):
    from pipeline.store.models import Batch

    return client.post("/reference/import", {"batch": Batch.objects.get().pk, "table": table, "file": SimpleUploadedFile(name, text.encode())})


def proposal():
    from pipeline.review.web.models import ReferenceProposal

    return ReferenceProposal.objects.get()


def in_force():
    from pipeline.store import reference
    from pipeline.store.models import Batch

    return reference.in_force(Batch.objects.get())


def put(client, text: str = RESTRICTED, note: str = "一季度名单"):
    hand_in(client, text)
    client.post(f"/reference/proposals/{proposal().pk}/confirm", {"note": note})
    return in_force()


@pytest.fixture
def sound(file_claim) -> int:
    """A claim with nothing wrong with it."""
    from pipeline.review.web import cases
    from pipeline.review.web.models import Case
    from pipeline.review.web.tables import tables_for

    pk = file_claim(judged())
    tables_for(Case.objects.get(pk=pk).submission.batch)  # as any look at a claim does
    assert cases.stage_of(Case.objects.get(pk=pk)).name == "district"
    return pk


def test_nothing_is_taken_before_it_is_confirmed(client_of, sound):
    from pipeline.review.web.models import AuditEvent

    admin = client_of("admin")
    before = in_force().version.mark
    page = hand_in(admin).content.decode()
    assert "尚未生效" in page
    assert APPLICANT[Track.EQUIPMENT] in page
    assert in_force().version.mark == before
    admin.post(f"/reference/proposals/{proposal().pk}/confirm", {"note": "一季度名单"})
    assert in_force().version.mark != before
    assert (in_force().by, in_force().note, in_force().told) == (admin.person.opaque, "一季度名单", {"restricted": {"added": 1, "removed": 0, "changed": 0}})
    event = AuditEvent.objects.get(action="reference")
    assert event.who == admin.person.opaque
    assert json.loads(event.detail)["before"] == before


def test_what_is_wrong_is_told_by_row_and_leaves_no_proposal(client_of, sound):
    from pipeline.review.web.models import ReferenceProposal

    answer = hand_in(client_of("admin"), "企业,截止日期\n甲公司,去年\n")
    assert answer.status_code == 422
    assert "截止日期“去年”不是日期" in answer.content.decode()
    assert not ReferenceProposal.objects.exists()


def test_a_proposal_is_for_who_made_it_and_for_the_version_it_was_compared_with(client_of, sound):
    first, second = client_of("admin", "甲"), client_of("admin", "乙")
    hand_in(first)
    mine = proposal().pk
    second.post(f"/reference/proposals/{mine}/confirm")
    assert in_force().number == 1
    hand_in(second, RESTRICTED.replace("严重失信", "行政处罚"))
    from pipeline.review.web.models import ReferenceProposal

    theirs = ReferenceProposal.objects.exclude(pk=mine).get().pk
    second.post(f"/reference/proposals/{theirs}/confirm")
    assert in_force().number == 2
    answer = first.post(f"/reference/proposals/{mine}/confirm", follow=True)
    assert "刚刚有变化" in answer.content.decode()
    assert in_force().number == 2


def test_a_proposal_can_be_dropped(client_of, sound):
    from pipeline.review.web.models import ReferenceProposal

    admin = client_of("admin")
    hand_in(admin)
    admin.post(f"/reference/proposals/{proposal().pk}/cancel")
    assert not ReferenceProposal.objects.exists()
    assert in_force().number == 1


def test_corrections_go_by_the_version_in_force_and_an_earlier_one_can_be_put_back(client_of, sound):
    from pipeline.review.web.models import Case

    admin, reviewer = client_of("admin"), client_of("reviewer")
    first = in_force()
    put(admin)
    key = "p0.contact_name"
    answer = reviewer.post(f"/claims/{sound}/amend", {"key": key, "value": "陆二", "revision": 0})
    assert "新增：" in answer.content.decode()
    submission = Case.objects.get(pk=sound).submission
    assert (submission.triage, submission.reference) == ("ineligible", in_force().version.mark)
    admin.post(f"/reference/history/{first.pk}/back", {"note": "名单有误"})
    assert (in_force().version.mark, in_force().number, in_force().origin) == (first.version.mark, 3, "back")
    reviewer.post(f"/claims/{sound}/amend", {"key": key, "value": "陆三", "revision": 1})
    assert Case.objects.get(pk=sound).submission.triage == "clear"


def test_claims_that_were_judged_with_another_version_are_counted(client_of, sound):
    from pipeline.review.web import reference
    from pipeline.review.web.models import Case
    from pipeline.store.data import InForce
    from pipeline.store.models import Batch
    from pipeline.store.outcomes import judged_with

    admin = client_of("admin")
    put(admin)
    assert reference.outdated(Batch.objects.get()) == 1
    assert "1件申报" in admin.get("/reference").content.decode()
    submission = Case.objects.get(pk=sound).submission
    judged_with([InForce(submission.pk, submission.version, submission.updated)], in_force().version.mark)
    assert reference.outdated(Batch.objects.get()) == 0


def test_a_decision_can_be_read_with_the_data_of_its_day_and_of_any_other(client_of, sound):
    from pipeline.review.web.models import Case

    reviewer, admin = client_of("reviewer"), client_of("admin")
    reviewer.post(f"/claims/{sound}/amend", {"key": "p0.contact_name", "value": "陆二", "revision": 0})
    old = in_force().version
    assert reviewer.post(f"/claims/{sound}/decide", {"action": "pass", "revision": Case.objects.get(pk=sound).seen}).status_code == 204
    new = put(admin).version
    page = reviewer.get(f"/claims/{sound}/versions").content.decode()
    assert str(old) in page
    assert "通过" in page
    as_it_was = reviewer.get(f"/claims/{sound}/versions/2").content.decode()
    assert "陆二" in as_it_was
    assert "未发现问题" in as_it_was
    again = reviewer.get(f"/claims/{sound}/versions/2?reference={old.pk}").content.decode()
    assert "结果与当时相同" in again
    other = reviewer.get(f"/claims/{sound}/versions/2?reference={new.pk}").content.decode()
    assert "失信" in other
    assert Case.objects.get(pk=sound).submission.version == 2  # looking changes nothing
    assert reviewer.get(f"/claims/{sound}/versions/2?reference=999").status_code == 404
    assert reviewer.get(f"/claims/{sound}/versions/9").status_code == 404


def test_what_a_version_changed_can_be_looked_up_and_telephones_are_masked_for_who_need_not_see_them(client_of, sound):
    admin, lead = client_of("admin"), client_of("lead")
    put(admin)
    hand_in(admin, "name,phone\n甲公司,13800001234\n", "companies")
    admin.post(f"/reference/proposals/{proposal().pk}/confirm")
    where = f"/reference/history/{in_force().pk}"
    assert "13800001234" in admin.get(where).content.decode()
    masked = lead.get(where).content.decode()
    assert "13800001234" not in masked
    assert "138****1234" in masked


def test_a_table_comes_out_as_it_went_in_and_holds_no_formula(client_of, sound):
    admin = client_of("admin")
    version = put(admin, "企业,原因,截止日期\n甲公司,=1+1,2021-12-31\n").version
    answer = admin.get(f"/reference/versions/{version.pk}/restricted.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text == "company,reason,until\r\n甲公司,'=1+1,2021-12-31\r\n"
    assert admin.get(f"/reference/versions/{version.pk}/nothing.csv").status_code == 404
    assert "没有变动" in hand_in(admin, text).content.decode()


def test_a_check_of_all_claims_is_begun_once_or_the_command_is_told(client_of, sound, settings_with):
    from pipeline.store.models import Batch

    admin = client_of("admin")
    where = f"/reference/batches/{Batch.objects.get().pk}/recheck"
    assert "intake recheck" in admin.post(where, follow=True).content.decode()
    begun = []

    class Starter:
        running = False

        def covers(self, batch):
            return True

        def start(self):
            begun.append(1)
            return len(begun) == 1

    settings_with(RECHECKING=Starter())
    assert "已开始重新核查" in admin.post(where, follow=True).content.decode()
    assert "正在重新核查" in admin.post(where, follow=True).content.decode()


@pytest.fixture
def settings_with(monkeypatch):
    from django.conf import settings

    def change(**values):
        for name, value in values.items():
            monkeypatch.setattr(settings, name, value, raising=False)

    return change
