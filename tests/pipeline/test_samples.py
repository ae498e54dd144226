"""Made-up batches: whole, honest (truth says what is printed), and the same for the same seed."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import unicodedata
import zipfile
from collections import Counter
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pymupdf
import pytest
from stdnum.cn import uscc

from models.errors import UsageError
from pipeline.samples import write_batch
from pipeline.samples.batch import draw, plan
from pipeline.samples.case import Case
from pipeline.samples.draw.sheet import Book
from pipeline.samples.faults import FAULTS, NEAR_MISSES
from pipeline.samples.pairs import PAIRS
from pipeline.samples.truth import canonical
from pipeline.samples.values import cents, day_in, grouped, in_words, plain, wan
from pipeline.samples.world import World

HEADERS = {
    "catalogue": "entry_id,scheme,track,category,name,specification,edition",
    "companies": "name,credit_code,legal_representative,phone,address,industry_code,business_scope",
    "holdings": "holder,company,percent",
    "officers": "person,company,role",
    "awards": "year,scheme,track,level,applicant,product_name,catalogue_entry,buyer_name,contract_number,policy_number,insurance_year,period_start,period_end,subsidy_paid",
    "restricted": "company,reason,until",
    "quotas": "scheme,applicant,catalogue_entry,quota,granted_on,used",
}


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("samples") / "made"
    write_batch(out, 3, 5, faulty_files=True)
    return out


@pytest.fixture(scope="module")
def planned() -> tuple[World, list[Case]]:
    world = World(Random("3/world"))
    return world, plan(world, 240, 3, 2021)


def pages_of(folder: Path, name: str) -> int:
    """Pages of a file, which may lie in a ZIP."""
    archive, _, inner = name.partition(".zip/")
    data = zipfile.ZipFile(BytesIO((folder / f"{archive}.zip").read_bytes())).read(inner) if inner else (folder / name).read_bytes()
    return len(pymupdf.open(stream=data, filetype=name.rsplit(".", 1)[1]))


def truths(out: Path) -> dict[str, dict[str, Any]]:
    return {p.stem: json.loads(p.read_text(encoding="utf-8")) for p in (out / "truth").glob("[A-Z]*.json")}


# ---------------------------------------------------------------- on disk


def test_every_page_of_every_file_is_told_of_once(batch: Path) -> None:
    for sid, truth in truths(batch).items():
        told = Counter((part["file"], page) for d in truth["documents"] for part in d.get("parts", [d]) for page in part["pages"])
        assert set(told.values()) == {1}, sid
        for file in {file for file, _ in told}:
            assert sorted(page for f, page in told if f == file) == list(range(1, pages_of(batch / "batch" / sid, file) + 1))


def test_without_scans_every_page_has_its_own_text_and_truth_says_so(tmp_path: Path) -> None:
    write_batch(tmp_path / "made", 2, 5, scans=0.0)
    for sid, truth in truths(tmp_path / "made").items():
        folder = tmp_path / "made" / "batch" / sid
        assert not any(d["scanned"] for d in truth["documents"]), sid
        told = Counter((d["file"], page) for d in truth["documents"] for page in d["pages"])
        assert told == Counter((path.name, page) for path in folder.iterdir() for page in range(1, pages_of(folder, path.name) + 1))
        policy = next(d for d in truth["documents"] if d["type"] == "insurance_policy")
        with pymupdf.open(folder / policy["file"]) as document:
            printed = "".join(document[page - 1].get_text() for page in policy["pages"])
            assert truth["fields"]["policy_number"]["value"] in printed.replace("\n", "")
            assert sum(len(document[page - 1].get_images()) for page in policy["pages"]) >= len(policy["seals"]) > 0
    for path in (tmp_path / "made" / "batch" / "_insurers").iterdir():
        with pymupdf.open(path) as document:
            assert all("保单号" in "".join(page.get_text().split()) for page in document), path.name


def test_reference_tables_have_the_contracts_columns(batch: Path) -> None:
    assert {p.stem: p.read_text(encoding="utf-8").splitlines()[0] for p in (batch / "reference").glob("*.csv")} == HEADERS


def test_seals_lie_on_the_page(batch: Path) -> None:
    seals = [s for truth in truths(batch).values() for d in truth["documents"] for s in d["seals"]]
    assert len(seals) > 12
    for seal in seals:
        x0, y0, x1, y1 = seal["box"]
        assert 0 <= x0 < x1 <= 1
        assert 0 <= y0 < y1 <= 1
        assert 0.05 < x1 - x0 < 0.45


def test_register_knows_applicant_and_buyers(batch: Path) -> None:
    with (batch / "reference" / "companies.csv").open(encoding="utf-8") as file:
        names = {row["name"]: row["credit_code"] for row in csv.DictReader(file)}
    for truth in truths(batch).values():
        assert truth["fields"]["applicant_name"]["value"] in names
    assert all(uscc.is_valid(code) for code in names.values())


def test_insurers_tables_hold_the_claims(batch: Path) -> None:
    tables = json.loads((batch / "truth" / "_insurers.json").read_text(encoding="utf-8"))
    rows = {row["保单号"]: row for table in tables if table["annex"] != 3 for row in table["rows"]}
    for truth in truths(batch).values():
        codes = {f["code"] for f in truth["flags"]}
        if not codes & {"summary_row_missing", "summary_mismatch"}:
            row = rows[truth["fields"]["policy_number"]["value"]]
            assert row["申请补贴金额"] in truth["fields"]["subsidy_requested"].values() or codes
    for table in tables:
        assert pages_of(batch / "batch" / "_insurers", table["file"]) == len(table["pages"])
        if table["total"]:
            assert Decimal(table["total"]["保费金额"]) == sum(Decimal(row["保费金额"]) for row in table["rows"])


def test_a_file_that_cannot_be_opened_is_told_of(batch: Path) -> None:
    (sid, broken), *rest = [(sid, t["quarantined"]) for sid, t in truths(batch).items() if "quarantined" in t]
    assert not rest
    assert (batch / "batch" / sid / broken[0]["file"]).exists()


def test_same_seed_same_bytes_whatever_the_number(batch: Path, tmp_path: Path) -> None:
    write_batch(tmp_path / "one", 1, 5)

    def digests(folder: Path) -> dict[str, str]:
        return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}

    assert digests(tmp_path / "one" / "batch" / "EQ-0001") == digests(batch / "batch" / "EQ-0001")
    assert truths(tmp_path / "one")["EQ-0001"] == truths(batch)["EQ-0001"]


@pytest.mark.parametrize(("change", "words"), [({"scheme": "national-2025"}, "national-2025"), ({"year": 2019}, "2019"), ({"submissions": 0}, "1 or more")])
def test_what_cannot_be_made_is_refused(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        write_batch(tmp_path / "x", **({"submissions": 1, "seed": 1} | change))


def test_someone_elses_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "batch").mkdir()
    (tmp_path / "batch" / "real.pdf").write_bytes(b"x")
    with pytest.raises(UsageError, match="not a made-up batch"):
        write_batch(tmp_path, 1, 1)
    assert (tmp_path / "batch" / "real.pdf").exists()


# ---------------------------------------------------------------- planned claims


def test_about_half_are_clear_and_every_fault_comes_round(planned: tuple[World, list[Case]]) -> None:
    _, cases = planned
    clean = [c for c in cases if not c.flags]
    assert 0.4 < len(clean) / len(cases) < 0.65
    assert {name for c in cases for name in c.planted} >= {p.name for p in FAULTS} | {p.name for p in PAIRS if p.fault} | {"summary_total"}
    assert {name for c in cases for name in c.near} >= {p.name for p in NEAR_MISSES} | {p.name for p in PAIRS if not p.fault}
    assert all(c.near for c in clean)


def test_sound_claims_add_up(planned: tuple[World, list[Case]]) -> None:
    for case in (c for c in planned[1] if not c.planted):
        form, policy = case.one("application_form").says, case.one("insurance_policy").says
        assert policy["premium"] == cents(policy["sum_insured"] * policy["premium_rate"] / 100) == form["premium"], case.sid
        assert policy["premium_rate"] <= 3
        paid = sum(i.says["total_amount"] for i in case.of("premium_invoice"))
        assert paid == sum(v.says["amount"] for v in case.of("payment_voucher"))
        assert paid * 5 >= policy["premium"] - Decimal("0.05")
        assert form["subsidy_requested"] <= paid * Decimal("0.8") + Decimal("0.5")  # forms in 万元 are good to half a yuan
        amount = sum(c.says["contract_amount"] for c in case.of("sales_contract"))
        for contract in case.of("sales_contract"):
            assert contract.says["unit_price"] * contract.says["quantity"] == contract.says["contract_amount"]
        if case.track == "equipment":
            assert policy["sum_insured"] >= amount * (2 if case.kind.component else 1)
            assert sum(q for _, q in form["users"]) == form["total_quantity"] == form["insured_quantity"] == sum(case.quantities)
        else:
            assert policy["sum_insured"] <= min(amount * (5 if case.track == "material" else 3), Decimal(125_000_000))
            assert form["contract_amount"] == amount


def test_days_follow_one_another(planned: tuple[World, list[Case]]) -> None:
    for case in (c for c in planned[1] if not c.planted):
        form, policy = case.one("application_form").says, case.one("insurance_policy").says
        assert form["form_date"].year == 2021
        assert form["form_date"].month == 1
        assert date(2020, 1, 1) <= policy["period_start"] <= date(2022, 12, 31)
        for contract in case.of("sales_contract"):
            assert contract.says["signed_on"] < policy["period_start"] < form["form_date"]
        assert all(p.says["paid_on"] < form["form_date"] for p in case.of("payment_voucher"))


def test_the_register_plants_no_relations_of_its_own(planned: tuple[World, list[Case]]) -> None:
    world, cases = planned
    assert max(sum(Decimal(share) for _, share in own) for own in world.holdings.values()) <= Decimal("100.1")
    people: dict[str, set[str]] = {}
    for person, company in [(who, name) for name, own in world.officers.items() for who, _ in own] + [(c.legal, c.name) for c in world.companies.values()]:
        people.setdefault(person, set()).add(company)
    planted = {person for c in cases for f in c.flags if f["code"] == "related_party_buyer" for person in f["detail"]["path"]}
    assert all(person in planted for person, companies in people.items() if len(companies) > 1)


def test_flags_have_a_clause_and_a_severity(planned: tuple[World, list[Case]]) -> None:
    for case in planned[1]:
        for flag in case.flags:
            assert flag["severity"] in ("block", "supplement", "review", "info")
            assert flag["clause"] or flag["code"].startswith("duplicate_"), flag


# ---------------------------------------------------------------- what is printed


def compact(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def printings(value: str) -> list[str]:
    """The ways in which a value of truth may stand on paper."""
    shown = [value]
    if re.fullmatch(r"-?\d+(\.\d+)?", value):
        amount = Decimal(value)
        shown += [grouped(amount), plain(amount), wan(amount), *([in_words(amount).removesuffix("元整"), wan(amount) + "0"] if 0 < amount < 10**10 else [])]
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        day = date.fromisoformat(value)
        shown += [day_in(day, style) for style in ("cn", "cn0", "dot", "slash")] + [f"{day.year}年{day.month}月{day.day}日"]
    if re.fullmatch(r"\d{4}-\d\d", value):
        shown.append(f"{value[:4]}年{int(value[5:])}月")
    return [compact(s) for s in shown]


def test_truth_says_what_is_printed() -> None:
    world = World(Random("8/world"))
    for case in plan(world, 16, 8, 2021):
        book = Book()
        for paper in draw(book, case, Random(case.sid)):
            for sheet in paper.sheets:
                sheet.finish()
            text = compact("".join(book.doc[s.number].get_text() for s in paper.sheets))
            for name, value in paper.fields.items():
                if isinstance(value, bool) or name in ("product_category", "insurance_year"):
                    continue
                assert any(p in text for p in printings(str(canonical(value)))), (case.sid, paper.type, name, value)
        book.doc.close()


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("379470", "叁拾柒万玖仟肆佰柒拾元整"),
        ("105.03", "壹佰零伍元零叁分"),
        ("20000.50", "贰万元伍角整"),
        ("100000005", "壹亿零伍元整"),
        ("10010000", "壹仟零壹万元整"),
        ("1000100", "壹佰万零壹佰元整"),
        ("0.05", "伍分"),
        ("1680032.45", "壹佰陆拾捌万零叁拾贰元肆角伍分"),
    ],
)
def test_amounts_in_words(amount: str, words: str) -> None:
    assert in_words(Decimal(amount)) == words
