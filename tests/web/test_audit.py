"""The log: whatever is done to it is found."""

from __future__ import annotations

import random

import pytest

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def written(person):
    from django.db import transaction

    from pipeline.review.web import audit

    who = person("reviewer")
    with transaction.atomic():
        for n in range(40):
            audit.record("amend", who, f"EQ-{n % 5}", field="premium", corrected=str(n))


def rows():
    from django.db import connection

    return connection.cursor()


def edit(die):
    column = die.choice(["who", "action", "about", "detail"])
    rows().execute(f"UPDATE review_auditevent SET {column} = {column} || 'x' WHERE number = %s", [die.randint(1, 40)])


def retime(die):
    rows().execute("UPDATE review_auditevent SET at = datetime(at, '+1 second') WHERE number = %s", [die.randint(1, 40)])


def delete(die):
    rows().execute("DELETE FROM review_auditevent WHERE number = %s", [die.randint(1, 40)])


def swap(die):
    a, b = die.sample(range(1, 41), 2)
    cursor = rows()
    for old, new in ((a, 999), (b, a), (999, b)):
        cursor.execute("UPDATE review_auditevent SET number = %s WHERE number = %s", [new, old])


def truncate(die):
    rows().execute("DELETE FROM review_auditevent WHERE number > %s", [die.randint(0, 39)])


def truncate_with_head(die):
    keep = die.randint(1, 39)
    truncated = rows()
    truncated.execute("DELETE FROM review_auditevent WHERE number > %s", [keep])
    truncated.execute("UPDATE review_audithead SET number = %s, chain = (SELECT chain FROM review_auditevent WHERE number = %s)", [keep, keep])


def no_head(die):
    rows().execute("DELETE FROM review_audithead")


@pytest.mark.parametrize("harm", [edit, retime, delete, swap, truncate, truncate_with_head, no_head])
@pytest.mark.parametrize("seed", range(6))
def test_any_change_to_the_log_is_found(written, harm, seed):
    from pipeline.review.web import audit

    assert audit.verify() is None
    harm(random.Random(seed))
    assert audit.verify() is not None


def test_lines_are_only_added(written):
    from pipeline.review.web.models import AuditEvent

    line = AuditEvent.objects.first()
    with pytest.raises(TypeError):
        line.save()
    with pytest.raises(TypeError):
        line.delete()
    with pytest.raises(TypeError):
        AuditEvent.objects.all().delete()
    with pytest.raises(TypeError):
        AuditEvent.objects.update(about="x")


def test_the_export_holds_no_formula(client_of):
    from pipeline.review.web import audit

    for start in ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"):
        audit.record("amend", None, start)
    text = b"".join(client_of("auditor").get("/audit.csv").streaming_content).decode()
    import csv
    import io

    cells = [cell for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))) for cell in row]
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r") and cell]
    assert len(cells) > 30
