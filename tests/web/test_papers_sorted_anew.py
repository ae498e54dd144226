"""A paper that was sorted as the wrong type: said so on the page, read anew from its stored reading, taken back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import NOW

from models.claim import Claim
from models.paper import Paper, PaperType
from tests.born_digital import write_born_digital
from tests.invented_claim import judged


@pytest.fixture(scope="module")
def read(tmp_path_factory):  # type: ignore[no-untyped-def]
    """A submission that was really read: its claim, its files by name, and where the readings are kept."""
    from extractors.files import each_file
    from extractors.reading import Reader
    from models.scheme import load_scheme
    from pipeline.process import claim_from_pages
    from pipeline.reference import load_reference
    from pipeline.settings import Settings

    made = tmp_path_factory.mktemp("born")
    write_born_digital(made, 1, seed=5, pages=60)
    folder, = (made / "batch").iterdir()
    reader = Reader(Settings().reader, made / "pages")
    files = list(each_file(folder))
    pages = [page for file in files for page in reader.read(file)]
    return claim_from_pages("B-1", pages, load_reference(made / "reference"), load_scheme("ningbo-2020"), 2021), {file.name: file.sha256 for file in files}, made


def missorted(claim: Claim, kind: PaperType) -> tuple[Claim, Paper]:
    """The claim with its first paper of a type taken for some other, unread; and how that paper was."""
    at, paper = next((i, paper) for i, paper in enumerate(claim.papers) if paper.type is kind and len(paper.fields) > 2)
    wrong = paper.model_copy(update={"type": PaperType.OTHER, "fields": {}, "extra": {}, "rows": (), "buyers": (), "parameters": (), "blank": ()})
    return claim.model_copy(update={"papers": (*claim.papers[:at], wrong, *claim.papers[at + 1 :])}), paper


@pytest.fixture
def filed(site: Path, read):  # type: ignore[no-untyped-def]
    """The submission with its insurance policy taken for some other paper; its case, how the policy was read, and the claim as it should be."""
    from pipeline.review.web import following
    from pipeline.review.web.models import Case
    from pipeline.store import leases
    from pipeline.store.data import FileSeen, Finished, Made
    from pipeline.store.outcomes import finish, open_batch, register

    claim, files, made = read
    wrong, policy = missorted(claim, PaperType.INSURANCE_POLICY)
    (site / "pages").symlink_to(made / "pages")
    batch = open_batch("一月", "ningbo-2020", 2021, NOW, str(made / "reference"))
    register(batch, {"B-1": "mark"}, NOW)
    finish(leases.take(batch, 1, "run", NOW)[0], Finished(wrong, tuple(FileSeen(name, sha256, 9, sha256, pages=9, ocr=0, text=9) for name, sha256 in files.items()), Made("mark", "reader", "tables")), NOW)
    following.open_cases()
    return Case.objects.get().pk, policy, claim


def now(pk: int) -> Claim:
    from pipeline.review.web import cases
    from pipeline.review.web.models import Case

    return cases.in_force(Case.objects.select_related("submission__batch").get(pk=pk)).claim


def seen(client, pk: int) -> str:
    return client.get(f"/api/claims/{pk}").json()["case"]["seen"]


def place(paper: Paper) -> str:
    return f"{paper.parts[0].file}/{paper.parts[0].pages[0]}"


def test_a_paper_is_read_as_what_it_is_and_taken_back(client_of, filed):
    pk, policy, whole = filed
    client = client_of("reviewer")
    before = now(pk)
    assert "insurance_policy" not in {paper.type for paper in before.papers}
    answer = client.post(f"/claims/{pk}/retype", {"paper": place(policy), "type": "insurance_policy", "revision": seen(client, pk)})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "其他材料 → 保险单" in page
    assert 'data-back="1"' in page
    paper = next(paper for paper in now(pk).papers if paper.type is PaperType.INSURANCE_POLICY)
    assert {name: field.value for name, field in paper.fields.items()} == {name: field.value for name, field in policy.fields.items()}
    assert {name: field.scored is not None for name, field in paper.fields.items()} == dict.fromkeys(paper.fields, True)  # chances, as a run gives them
    assert {name: field.value for name, field in now(pk).fields.items()} == {name: field.value for name, field in whole.fields.items()}
    line = json.loads(audit_line("amend"))
    assert (line["kind"], line["type"], "made" in line) == ("paper_type", "insurance_policy", False)
    number = client.get(f"/api/claims/{pk}").json()["resorted"][0]["number"]
    assert client.post(f"/claims/{pk}/retype", {"back": number, "revision": seen(client, pk)}).status_code == 200
    assert now(pk).papers == before.papers
    assert client.get(f"/api/claims/{pk}").json()["resorted"] == []
    assert client.post(f"/claims/{pk}/retype", {"back": number, "revision": seen(client, pk)}).status_code == 422  # once is enough


def audit_line(action: str) -> str:
    from pipeline.review.web.models import AuditEvent

    return AuditEvent.objects.filter(action=action).order_by("-number")[0].detail


def test_programs_do_the_same_and_move_pages_between_papers(client_of, filed):
    pk, policy, _ = filed
    client = client_of("lead")
    from pipeline.review.web.models import Case

    Case.objects.filter(pk=pk).update(stage="city")
    contract = next(paper for paper in now(pk).papers if paper.type is PaperType.SALES_CONTRACT)
    where = {"file": contract.parts[0].file, "page": contract.parts[0].pages[0]}

    def retype(**said: object):  # type: ignore[no-untyped-def]
        return client.post(f"/api/claims/{pk}/retype", json.dumps({"seen": seen(client, pk), **said}), content_type="application/json")

    before = now(pk)
    answer = retype(paper={"file": policy.parts[0].file, "page": policy.parts[0].pages[0]}, joins=where)
    assert answer.status_code == 200
    joined = next(paper for paper in now(pk).papers if paper.type is PaperType.SALES_CONTRACT)
    assert sum(len(part.pages) for part in joined.parts) == sum(len(part.pages) for paper in (contract, policy) for part in paper.parts)
    assert len(now(pk).papers) == len(before.papers) - 1
    last = {"file": policy.parts[-1].file, "page": policy.parts[-1].pages[-1]}
    first = {"file": joined.parts[0].file, "page": joined.parts[0].pages[0]}
    assert retype(paper=first, pages=[last], type="payment_voucher").status_code == 200
    assert now(pk).papers[-1].type is PaperType.PAYMENT_VOUCHER
    assert retype(paper=first, type="sales_contract").status_code == 422  # that is what it is
    assert retype(paper={"file": "nowhere.pdf", "page": 1}, type="cover").status_code == 422
    assert retype(paper=first).status_code == 422


def test_two_who_say_different_things_of_a_paper_are_asked_and_what_was_typed_meanwhile_goes_nowhere_else(client_of, file_claim):
    pk = file_claim(judged())
    one, other = client_of("reviewer", "甲"), client_of("reviewer", "乙")
    assert one.post(f"/claims/{pk}/retype", {"paper": "scan.pdf/4", "type": "premium_invoice", "revision": "0.1"}).status_code == 200
    one.post(f"/claims/{pk}/release")
    merge = other.post(f"/claims/{pk}/retype", {"paper": "scan.pdf/4", "type": "cover", "revision": "0.1"})
    assert merge.status_code == 409
    assert "保费发票" in merge.content.decode()
    assert "<b>封面</b>" in merge.content.decode()
    stale = other.post(f"/claims/{pk}/amend", {"key": "p3.invoice_number", "value": "77", "revision": "0.1"})
    assert stale.status_code == 409
    assert "重新载入" in stale.content.decode()
    own = other.post(f"/claims/{pk}/amend", {"key": "c.premium_paid", "value": "77", "revision": "0.1"})
    assert own.status_code == 200  # the claim's own values are where they were


def test_without_its_reading_a_paper_keeps_what_both_types_show(client_of, file_claim):
    pk = file_claim(judged())
    client_of("reviewer").post(f"/claims/{pk}/retype", {"paper": "scan.pdf/4", "type": "premium_invoice", "revision": "0.1"})
    paper = now(pk).papers[3]
    assert paper.type is PaperType.PREMIUM_INVOICE
    assert paper.fields["total_amount"].value == "2000000.00"
    assert "product_name" not in paper.fields


@pytest.mark.parametrize("role", ["operator", "auditor", "analyst", "admin"])
def test_others_sort_nothing_anew(role, client_of, file_claim):
    pk = file_claim(judged())
    assert client_of(role).post(f"/claims/{pk}/retype", {"paper": "scan.pdf/4", "type": "cover", "revision": "0.1"}).status_code == 403


@pytest.mark.parametrize("said", [{"paper": "scan.pdf/4", "type": "novel"}, {"paper": "scan.pdf/x", "type": "cover"}, {"paper": "", "type": "cover"}, {"paper": "scan.pdf/4", "type": "cover", "joins": "none.pdf/1"}, {"back": "x"}])
def test_nonsense_changes_nothing(said, client_of, file_claim):
    pk = file_claim(judged())
    assert client_of("reviewer").post(f"/claims/{pk}/retype", {**said, "revision": "0.1"}).status_code == 422
    assert row_revision(pk) == 0


def row_revision(pk: int) -> int:
    from pipeline.review.web.models import Case

    return Case.objects.get(pk=pk).revision
