"""Three in a hundred accepted values are read a second time by somebody who doesn't see what was read."""

from __future__ import annotations

import pytest

from models.claim import Triage
from models.flag import Flag, Severity
from pipeline.review.second_look import chosen, share_of
from pipeline.triage import triage
from tests.invented_claim import field, judged

KEY = b"k" * 32


def test_three_in_a_hundred_by_chance_and_always_the_same():
    claims = [judged().model_copy(update={"submission_id": f"T-{n}"}) for n in range(400)]
    accepted = sum(sum(f.accepted for f in paper.fields.values()) for paper in claims[0].papers) * len(claims)
    picked = [(claim.submission_id, look.key) for claim in claims for look in chosen(claim, "b", KEY, 0.03)]
    assert 0.025 < len(picked) / accepted < 0.035
    assert picked == [(claim.submission_id, look.key) for claim in claims for look in chosen(claim, "b", KEY, 0.03)]
    other = {(claim.submission_id, look.key) for claim in claims for look in chosen(claim, "b", b"x" * 32, 0.03)}
    assert len(other & set(picked)) < len(picked) / 5  # who doesn't have the key can't tell which
    assert not list(chosen(claims[0], "b", KEY, 0))


def test_what_is_not_accepted_is_looked_at_anyway():
    doubtful = judged(changes={"insurance_policy": {"premium_rate": field("2", confidence=0.4, accepted=False)}})
    assert not [look for look in chosen(doubtful, "b", KEY, 1) if look.field == "premium_rate" and look.paper.type == "insurance_policy"]


@pytest.mark.parametrize(("looked", "wrong", "least", "most"), [(0, 0, 0, 1), (100, 0, 0, 0.0370), (100, 2, 0.0055, 0.0700), (10, 10, 0.7225, 1)])
def test_the_interval_is_wilson_s(looked, wrong, least, most):
    share = share_of(looked, wrong)
    assert (share.least, share.most) == (pytest.approx(least, abs=1e-4), pytest.approx(most, abs=1e-4))


@pytest.fixture
def every_value(site, monkeypatch):
    """All accepted values go to a second look."""
    from django.conf import settings

    from pipeline.review.settings import ReviewSettings
    from pipeline.settings import Settings

    monkeypatch.setattr(settings, "INTAKE", Settings(review=ReviewSettings(second_look=1, second_look_required=True)))


@pytest.fixture
def read(file_claim):
    return file_claim(judged(changes={"payment_voucher": {"voucher_number": field("V77310066")}}))


def key(pk: int) -> str:
    from pipeline.review.web import cases
    from pipeline.review.web.models import Case

    papers = cases.in_force(Case.objects.select_related("submission__batch").get(pk=pk)).claim.papers
    return f"p{next(i for i, paper in enumerate(papers) if paper.type == 'payment_voucher')}.voucher_number"


def seen(pk: int) -> str:
    from pipeline.review.web.models import Case

    return Case.objects.get(pk=pk).seen


def value_of(pk: int):
    from pipeline.review.web import cases
    from pipeline.review.web.models import Case

    papers = cases.in_force(Case.objects.select_related("submission__batch").get(pk=pk)).claim.papers
    return next(paper for paper in papers if paper.type == "payment_voucher").fields["voucher_number"]


@pytest.mark.usefixtures("every_value")
def test_the_page_does_not_show_what_is_to_be_read(client_of, read):
    text = client_of("reviewer").get(f"/claims/{read}").content.decode()
    assert "V77310066" not in text
    assert f'data-stop="{key(read)}"' in text
    assert "V77310066" in client_of("auditor").get(f"/claims/{read}").content.decode()  # who doesn't read it a second time


@pytest.mark.usefixtures("every_value")
def test_who_reads_the_same_confirms_it(client_of, read):
    client = client_of("reviewer")
    answer = client.post(f"/claims/{read}/amend", {"key": key(read), "value": "V77310066", "revision": seen(read)})
    assert "V77310066" in answer.content.decode()
    assert "人工确认" in value_of(read).why
    assert f'data-stop="{key(read)}"' not in answer.content.decode()
    assert _figures() == (1, 0, 0)


@pytest.mark.usefixtures("every_value")
def test_who_reads_something_else_is_asked_which_is_right(client_of, read):
    client = client_of("reviewer")
    answer = client.post(f"/claims/{read}/amend", {"key": key(read), "value": "V77310065", "revision": seen(read)})
    text = answer.content.decode()
    assert f'data-stop="{key(read)}"' in text
    assert "V77310065" in text  # both are shown now
    assert 'data-value="V77310066"' in text
    assert value_of(read).value == "V77310066"  # nothing is changed yet
    assert _figures() == (0, 0, 1)
    client.post(f"/claims/{read}/amend", {"key": key(read), "value": "V77310065", "revision": seen(read)})
    assert value_of(read).value == "V77310065"
    assert _figures() == (1, 1, 0)
    assert "100.00%" in client_of("lead").get("/figures").content.decode()


@pytest.mark.usefixtures("every_value")
def test_who_misread_confirms_what_the_machine_read(client_of, read):
    client = client_of("reviewer")
    client.post(f"/claims/{read}/amend", {"key": key(read), "what": "absent", "revision": seen(read)})
    assert _figures() == (0, 0, 1)
    client.post(f"/claims/{read}/amend", {"key": key(read), "what": "confirm", "revision": seen(read)})
    assert _figures() == (1, 0, 0)


@pytest.mark.usefixtures("every_value")
def test_where_it_is_required_a_claim_passes_after_its_second_looks(client_of, read):
    client = client_of("reviewer")
    answer = client.post(f"/claims/{read}/decide", {"action": "pass", "revision": seen(read)})
    assert answer.status_code == 422
    assert "抽查" in answer.content.decode()


def test_a_claim_with_a_failed_or_unchecked_rule_is_never_clear():
    clear = judged()
    assert triage(clear) is Triage.CLEAR
    for code, severity in (("not_checked", Severity.INFO), ("rate_above_cap", Severity.BLOCK), ("duplicate_page", Severity.REVIEW)):
        flag = Flag(code=code, severity=severity, clause="", message="x")
        assert triage(clear.model_copy(update={"flags": (flag,)})) is not Triage.CLEAR


def _figures() -> tuple[int, int, int]:
    from pipeline.review.web.looks import silent_errors

    silent = silent_errors()
    return silent.share.looked, silent.share.wrong, silent.open
