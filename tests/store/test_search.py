"""A submission is found by any part of a name, upper or lower case, in SQLite and PostgreSQL alike; more is at stake in what looks wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

NOW = datetime(2021, 1, 15, 9, tzinfo=UTC)


@pytest.fixture
def rows(store):
    from pipeline.store.models import Submission
    from pipeline.store.outcomes import open_batch

    batch = open_batch("一月", "ningbo-2020", 2021, NOW)
    told = (("EQ-1", "宁波澄岳机床有限公司", "P0042a", "clear"), ("EQ-2", "慈溪拓达轴承有限公司", "P'\\%_9", "ineligible"), ("MA-3", "", "", "review"))
    Submission.objects.bulk_create([
        Submission(batch=batch, submission_id=name, applicant=applicant, policy_number=policy, triage=triage, subsidy_requested=Decimal(1000) if applicant else None, created=NOW, updated=NOW)
        for name, applicant, policy, triage in told])


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(("text", "found"), [
    ("澄岳", ["EQ-1"]), ("澄", ["EQ-1"]), ("有限公司", ["EQ-1", "EQ-2"]), ("0042A", ["EQ-1"]), ("eq-", ["EQ-1", "EQ-2"]), ("'\\%", ["EQ-2"]), ("%", ["EQ-2"]), ("岳澄", []), ("司P", [])])
def test_any_part_of_a_name_finds(text, found):
    from pipeline.store.search import named

    assert sorted(named(text).values_list("submission_id", flat=True)) == found


@pytest.mark.usefixtures("rows")
def test_what_is_at_stake_follows_triage_and_amount():
    from pipeline.store.models import Submission

    assert list(Submission.objects.order_by("-stake").values_list("submission_id", "stake")) == [("EQ-2", Decimal(1000)), ("EQ-1", Decimal(100)), ("MA-3", Decimal(0))]
