"""What the claim's page shows beside its values: papers that differ side by side, the way to other claims, and the track where nobody could tell it."""

from __future__ import annotations

import re

from models.flag import Flag, Severity
from tests.invented_claim import judged


def test_papers_that_differ_stand_side_by_side_with_what_is_different_marked(client_of, case):
    page = client_of("reviewer").get(f"/claims/{case}").content.decode()
    assert "<dt>保险单</dt><dd class=\"odd\">8 %</dd>" in page  # no two papers say the same
    assert "<dt>申请表</dt><dd class=\"odd\"><mark>2</mark> %</dd>" in page
    assert page.count("<dl class=\"compared\">") == 1
    assert "<b>32,000.00</b>" in page


def test_a_flag_about_other_claims_leads_to_them(client_of, file_claim):
    other = file_claim(judged(submission_id="T-2"))
    claim = judged(submission_id="T-1")
    flag = Flag(code="duplicate_policy", severity=Severity.REVIEW, clause="", message="保单号重复", detail={"policy_number": "P-1", "submissions": ["T-1", "T-2", "T-9"]})
    pk = file_claim(claim.model_copy(update={"flags": (flag,)}))
    page = client_of("reviewer").get(f"/claims/{pk}").content.decode()
    assert f'<a href="/claims/{other}" target="_blank" rel="noopener">T-2</a>' in page
    assert ">T-9</a>" not in page  # a claim that isn't there


def test_the_track_that_nobody_could_tell_is_asked_for_and_can_be_told(client_of, file_claim):
    claim = judged()
    pk = file_claim(claim.model_copy(update={"track": None}))
    client = client_of("reviewer")
    assert 'data-stop="c.track"' in client.get(f"/claims/{pk}").content.decode()
    answer = client.post(f"/claims/{pk}/amend", {"key": "c.track", "value": "首版次软件", "revision": "0.1"})
    assert "申报类别：" in answer.content.decode()
    assert 'data-stop="c.track"' not in answer.content.decode()
    assert client.get("/api/queue?track=software").json()["total"] == 1
    refused = client.post(f"/claims/{pk}/amend", {"key": "c.track", "value": "飞机", "revision": "1.2"})
    assert (refused.status_code, "请选择" in refused.content.decode()) == (422, True)


def test_other_claims_of_the_policy_the_company_or_a_user_are_at_hand(client_of, file_claim):
    def one(name: str, policy: str, applicant: str, users: tuple[str, ...]) -> int:
        changes = {"insurance_policy": {"policy_number": policy}, "application_form": {"policy_number": policy, "applicant_name": applicant}, "business_licence": {"company_name": applicant}}
        return file_claim(judged(changes=changes, buyers=tuple((user, "1") for user in users), submission_id=name))

    own = one("O-1", "P-000001", "宁波甲机床有限公司", ("台州乙轴承有限公司", "台州丙轴承有限公司"))
    found = {"O-2": one("O-2", "P-000001", "宁波丁机床有限公司", ("湖州戊有限公司",)), "O-3": one("O-3", "P-000003", "宁波甲机床有限公司", ("湖州己有限公司",)),
             "O-4": one("O-4", "P-000004", "宁波庚机床有限公司", ("湖州辛有限公司", "台州丙轴承有限公司"))}
    one("O-5", "P-000005", "宁波壬机床有限公司", ("湖州癸有限公司",))
    client = client_of("reviewer")

    def beside() -> set[str]:
        page = client.get(f"/claims/{own}").content.decode()
        return set(re.findall(r">(O-\d)</a>", page.partition('<ul class="beside">')[2].partition("</ul>")[0]))

    assert beside() == set(found)
    assert client.post(f"/claims/{own}/amend", {"key": "buyers", "name": "湖州癸有限公司", "quantity": "1", "revision": "0.1"}).status_code == 200
    assert beside() == {"O-2", "O-3", "O-5"}  # by the users that the claim has now
