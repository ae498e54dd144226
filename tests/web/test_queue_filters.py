"""The queue by amount, by days since a submission was taken in, and by who has it or decided on it last; with counts, on the page and for programs."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.invented_claim import field, judged

AMOUNTS = {"Q-1": "10000.00", "Q-2": "99999.99", "Q-3": "100000.00", "Q-4": "2500000.00"}
DAYS = {"Q-1": 0, "Q-2": 7, "Q-3": 8, "Q-4": 40}


@pytest.fixture
def filed(file_claim):  # type: ignore[no-untyped-def]
    """Four claims of different amounts that were taken in on different days; their cases by name."""
    from pipeline.store.models import Submission

    made = {name: file_claim(judged(changes={"application_form": {"subsidy_requested": field(amount)}}, submission_id=name)) for name, amount in AMOUNTS.items()}
    for name, days in DAYS.items():
        Submission.objects.filter(submission_id=name).update(created=timezone.now() - timedelta(days=days, hours=1))
    return made


def asked(client, query: str) -> list[str]:
    """The claims that page and API give for a query: the same."""
    listed = client.get(f"/api/queue?{query}").json()
    page = client.get(f"/queue?stage=&status=&{query}").content.decode()
    names = [case["submission_id"] for case in listed["cases"]]
    assert re.findall(r'<a href="/claims/\d+">(Q-\d)</a>', page) == names
    assert listed["total"] == len(names)
    return sorted(names)


@pytest.mark.parametrize(("query", "found"), [
    ("least=100000", ["Q-3", "Q-4"]), ("least=100000.01", ["Q-4"]), ("most=100000", ["Q-1", "Q-2", "Q-3"]), ("least=1万&most=10万", ["Q-1", "Q-2", "Q-3"]), ("least=99,999.99&most=100,000元", ["Q-2", "Q-3"]),
    ("least=3000000", []), ("least=viel", [*AMOUNTS]), ("least=-1", [*AMOUNTS]), ("most=1e3", [*AMOUNTS]),
    ("older=8", ["Q-3", "Q-4"]), ("newer=7", ["Q-1", "Q-2"]), ("newer=0", ["Q-1"]), ("older=7&newer=8", ["Q-2", "Q-3"]), ("older=0.5", [*AMOUNTS]), ("older=99999999999", [*AMOUNTS]), ("older=8&least=200000", ["Q-4"])])
def test_by_amount_and_by_days_since_it_was_taken_in(query, found, client_of, filed):
    assert asked(client_of("operator"), query) == found


def test_by_who_has_it_or_decided_on_it_last_with_counts(client_of, filed):
    li, sun, wang = client_of("reviewer", "李"), client_of("reviewer", "孙"), client_of("lead", "王")
    seen = li.get(f"/api/claims/{filed['Q-1']}").json()["case"]["seen"]
    assert li.post(f"/claims/{filed['Q-1']}/decide", {"action": "pass", "reason": "已核", "revision": seen}).status_code in (204, 302)
    li.get(f"/claims/{filed['Q-2']}")
    sun.get(f"/claims/{filed['Q-3']}")
    reader = client_of("operator")
    assert asked(reader, f"reviewer={li.person.pk}") == ["Q-1", "Q-2"]
    assert asked(reader, f"reviewer={sun.person.pk}") == ["Q-3"]
    assert asked(reader, f"reviewer={wang.person.pk}") == []
    assert asked(reader, "reviewer=nobody") == [*AMOUNTS]
    assert [(one["name"], one["n"]) for one in reader.get("/api/queue").json()["reviewers"]] == [("李", 2), ("孙", 1)]
    assert [(one["name"], one["n"]) for one in reader.get(f"/api/queue?most=20000&reviewer={sun.person.pk}").json()["reviewers"]] == [("李", 1), ("孙", 0)]  # counted as if no person were chosen
    assert "李（2）" in reader.get("/queue?stage=&status=").content.decode()
    assert li.post(f"/claims/{filed['Q-1']}/undo").status_code in (204, 302)
    assert asked(reader, f"reviewer={li.person.pk}") == ["Q-2"]


def test_the_next_one_and_the_list_to_take_along_go_by_the_same_filters(client_of, filed):
    client = client_of("reviewer")
    taken = client.post("/next", {"asked": "most=20000"})
    assert taken.headers["Location"] == f"/claims/{filed['Q-1']}"
    listed = b"".join(client.get("/exceptions.csv?least=200000").streaming_content).decode()
    assert "Q-1" not in listed


@pytest.mark.parametrize(("query", "bounds"), [
    ("", {"least": [("1万", 4), ("5万", 3), ("10万", 2), ("50万", 1), ("100万", 1)], "most": [("1万", 1), ("5万", 1), ("10万", 3), ("50万", 3), ("100万", 3)],
          "older": [("3", 3), ("7", 3), ("15", 1), ("30", 1)], "newer": [("3", 1), ("7", 2), ("15", 3), ("30", 3), ("60", 4)]}),
    ("least=10万", {"least": [("1万", 4), ("5万", 3), ("10万", 2), ("50万", 1), ("100万", 1)], "most": [("10万", 1), ("50万", 1), ("100万", 1)], "older": [("3", 2), ("7", 2), ("15", 1), ("30", 1)],
                    "newer": [("15", 1), ("30", 1), ("60", 2)]}),
    ("older=30&most=5000", {"least": [], "most": [], "older": [], "newer": []}), ("q=nobody", {"least": [], "most": [], "older": [], "newer": []})])
def test_bounds_are_offered_with_what_each_would_leave(query, bounds, client_of, filed):
    page = client_of("operator").get(f"/queue?stage=&status=&{query}&bounds=1").content.decode()
    offered = {name: re.findall(r'<option value="([^"]+)" label="共(\d+)件">', part) for name, part in re.findall(r'<datalist id="of-(\w+)">(.*?)</datalist>', page)}
    assert {name: [(bound, int(n)) for bound, n in some] for name, some in offered.items()} == bounds


def test_each_bound_leaves_what_is_told_beside_it(client_of, filed):
    client = client_of("operator")
    page = client.get("/queue?stage=&status=&bounds=1").content.decode()
    for name, part in re.findall(r'<datalist id="of-(\w+)">(.*?)</datalist>', page):
        for bound, n in re.findall(r'<option value="([^"]+)" label="共(\d+)件">', part):
            assert client.get(f"/api/queue?{name}={bound}").json()["total"] == int(n), (name, bound)


def test_choices_are_told_anew_with_the_rows_as_if_their_own_filter_were_not_there(client_of, filed):
    client = client_of("operator")
    counted = {triage: n for triage, n in client.get("/api/queue?most=100000").json()["triage"].items() if n}
    for query in ("most=100000", "most=100000&triage=supplement", "most=100000&flag=rate_above_cap"):
        rows = client.get(f"/queue?stage=&status=&{query}", headers={"HX-Request": "true"}).content.decode()
        choices = json.loads(html.unescape(re.search(r'data-choices="([^"]*)"', rows)[1]))
        assert {triage: int(re.search(r"（(\d+)）", words)[1]) for triage, words in choices["triage"] if not words.endswith("（0）")} == ({} if "flag" in query else counted)
        assert set(choices) == {"triage", "flag", "reviewer"}
    assert ["rate_above_cap", "费率超限（0）"] in choices["flag"]  # what is chosen is there to be seen
