"""Papers of other makers: every layout can be drawn, is legible, and its truth is what it prints.

Layouts are tables, so the checks go over all of them: nothing lies over other print or off the page, each value that truth tells stands on
the paper in one of the ways papers write it, and a field that a layout leaves out is left out of its truth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import pymupdf
import pytest

from models.errors import UsageError
from models.paper import Kind, kind_of
from pipeline.samples import catalogue, write_batch
from pipeline.samples.batch import draw, plan
from pipeline.samples.case import Case, Values
from pipeline.samples.draw import faces
from pipeline.samples.draw.sheet import Book, Paper
from pipeline.samples.family import FAMILIES
from pipeline.samples.held import layouts_of, paint
from pipeline.samples.held.paint import fits
from pipeline.samples.held.words import Words, shown
from pipeline.samples.pack import Names
from pipeline.samples.values import in_words
from pipeline.samples.world import World

HELD = FAMILIES["held"]
TYPES = (
    "application_form", "business_licence", "sales_contract", "sales_invoice", "insurance_policy", "premium_invoice", "payment_voucher", "first_set_certificate",
    "test_report", "ip_certificate", "delivery_proof",
)  # fmt: skip
HOUSES = ("held", "fresh", "novel", "remote", "common", "late", "apart", "desk", "hall", "port", "mill", "yard", "gate", "quay", "kiln", "dock")
LAYOUTS = [(house, kind, layout.name) for house in HOUSES for kind in TYPES for layout in layouts_of(kind, house).layouts]
DIGITS = "〇一二三四五六七八九"


@pytest.fixture(scope="module", autouse=True)
def common_faces() -> Iterator[None]:
    """Faces of collections are slow to embed, and what a page's text says of them is not always what was written."""
    with pytest.MonkeyPatch.context() as patch:
        faces.font.cache_clear()
        patch.setattr(faces, "_collected", lambda file, instead: faces.font(instead))
        yield
    faces.font.cache_clear()


@pytest.fixture(scope="module")
def every_case() -> dict[str, list[Case]]:
    return {house: plan(World(Random("17/world"), FAMILIES[house].stock()), 22, 17, 2021, FAMILIES[house]) for house in HOUSES}


@pytest.fixture(scope="module")
def cases(every_case: dict[str, list[Case]]) -> list[Case]:
    return every_case["held"]


@pytest.fixture(scope="module")
def book() -> Book:
    """One for all: a document takes up each typeface once."""
    return Book()


def drawn(book: Book, cases: Sequence[Case], house: str, kind: str, name: str) -> tuple[Paper, Values]:
    """The first paper of the cases that the layout is for."""
    layout = next(one for one in layouts_of(kind, house).layouts if one.name == name)
    sound = [replace(case, planted=[], near=[]) for case in cases]
    case, values = next(
        (case, v) for case in sound for v in case.of(kind) if fits(replace_when(layout, v), v, case, {"others": v.extra.get("accessories"), **v.extra})
    )
    if "edition" in layout.when:  # as many editions as there are, whatever the few cases here drew
        values = replace(values, extra=values.extra | dict(layout.when))
    paper = paint(book, case, values, Random(f"{kind}/{name}"), name, house=house)
    for sheet in paper.sheets:
        sheet.finish()
    return paper, values


def replace_when(layout: Any, values: Values) -> Any:
    return replace(layout, when={}) if "edition" in layout.when else layout


def spans(book: Book, paper: Paper) -> Iterator[tuple[int, pymupdf.Rect, float, float, str]]:
    """Page, box, baseline, size and text of each piece of print."""
    for sheet in paper.sheets:
        for block in book.doc[sheet.number].get_text("dict")["blocks"]:
            for line in block.get("lines", ()):
                for span in line["spans"]:
                    if span["text"].strip():
                        yield sheet.number, pymupdf.Rect(span["bbox"]), span["origin"][1], span["size"], span["text"]


@pytest.mark.parametrize(("house", "kind", "name"), LAYOUTS)
def test_a_layout_is_legible_and_its_truth_is_what_it_prints(book: Book, every_case: dict[str, list[Case]], house: str, kind: str, name: str) -> None:
    paper, values = drawn(book, every_case[house], house, kind, name)
    found = list(spans(book, paper))
    size = {sheet.number: (sheet.width, sheet.height) for sheet in paper.sheets}
    assert all(box.x0 > 2 and box.x1 < size[page][0] - 2 and 4 < base < size[page][1] - 3 for page, box, base, _, _ in found)
    ink = [(page, pymupdf.Rect(box.x0 + 1.2, base - high * 0.72, box.x1 - 1.2, base), text) for page, box, base, high, text in found if text != "¥"]  # whose box in a PDF is wider than it is
    assert [(a, b) for n, (p, box, a) in enumerate(ink) for q, other, b in ink[n + 1 :] if p == q and box.intersects(other)] == []
    print_ = squeezed("".join(text for *_, text in found))
    for field, value in paper.fields.items():
        if isinstance(value, str) and field not in ("product_category", "insurance_year"):
            assert any(squeezed(way) in print_ for way in ways(field, value)), f"{field} {value} isn't on the paper: {print_[:600]}"
    assert set(paper.fields) <= set(values.says) - {"users"}
    if "{payment}" not in str(layouts_of(kind, house).layouts) and kind != "application_form":
        assert set(paper.fields) >= layouts_shown(house, kind, name) & {n for n, v in values.says.items() if v not in (None, "")}


def layouts_shown(house: str, kind: str, name: str) -> frozenset[str]:
    return next(one.shows for one in layouts_of(kind, house).layouts if one.name == name)


def squeezed(text: str) -> str:
    return re.sub(r"[\s\xa0]", "", text)


def ways(field: str, value: str) -> list[str]:
    """How papers may write a value of the contract."""
    kind = kind_of(field)
    if kind is Kind.MONEY:
        amount = Decimal(value)
        return [in_words(amount), in_words(amount).replace("元", "圆"), f"{amount:,.2f}", f"{amount:,.2f}".replace(",", "，"), f"{amount:,.0f}", value, f"{amount.normalize():f}", f"{(amount / 10000).normalize():f}"]
    if kind is Kind.PERCENT:
        rate = Decimal(value)
        whole, _, part = value.partition(".")
        spoken = (DIGITS[int(whole)] if len(whole) == 1 else whole) + ("点" + "".join(DIGITS[int(c)] for c in part) if part else "")
        return [f"{value}%", f"{value}％", f"{rate:.2f}%", f"{(rate * 10).normalize():f}‰", f"{rate * 10:.2f}‰", f"{rate:.4f}%", f"百分之{spoken}", "千分之", f"{(rate * 10).normalize():f}", value]
    if kind is Kind.DATE:
        year, month, *day = (int(part) for part in value.split("-"))
        if not day:
            return [f"{year}年{month}月", f"{year}.{month}"]
        han = "".join(DIGITS[int(c)] for c in str(year)) + "年"  # or with ○
        return [f"{year}年{month}月{day[0]}日", f"{year}年{month:02}月{day[0]:02}日", value, value.replace("-", "."), value.replace("-", "/"), f"{year}-{month}-{day[0]}", f"{year}/{month}/{day[0]}", f"{year}.{month}.{day[0]}", value.replace("-", ""), f"{year % 100}.{month}.{day[0]}", han, han.replace("〇", "○"), han.replace("〇", "零")]
    return [value]


def test_a_field_left_out_is_not_in_truth_and_hides_no_fault(cases: list[Case]) -> None:
    kind = "payment_voucher"
    case = next(c for c in cases if c.of(kind))
    values = case.one(kind)
    bare = replace(layouts_of(kind).layouts[0], shows=frozenset({"payer_name", "payee_name", "amount", "words"}))
    assert fits(bare, values, replace(case, planted=[], near=[]), {})
    assert not fits(bare, values, replace(case, planted=["amount_in_words"]), {})
    assert fits(replace(bare, shows=bare.shows | set(values.says)), values, replace(case, planted=["amount_in_words"]), {})
    unspoken = replace(values, extra=values.extra | {"words": values.says["amount"] + 10})
    assert not fits(replace(bare, shows=frozenset(values.says)), unspoken, replace(case, planted=["amount_in_words"]), {})


@pytest.mark.parametrize(
    ("template", "printed", "truth"),
    [
        ("{premium_rate:of1000}", "千分之二十六", {"premium_rate": "2.6"}),
        ("{premium_rate:pct2}", "2.60%", {"premium_rate": "2.6"}),
        ("{premium:wanyuan}", "12.345678万元", {"premium": "123456.78"}),
        ("{premium:words}", "壹拾贰万叁仟肆佰伍拾陆元柒角捌分", {"premium": "123456.78"}),
        ("{words:words}", "壹佰元整", {}),
        ("{period_start:han}", "二〇二〇年十一月三十日", {"period_start": "2020-11-30"}),
        ("{period_start:month}", "2020年11月", {"period_start": "2020-11"}),
        ("{note.part}：{period_start:year}", "附：2020", {}),
        ("⟨保⟨险|险⟩单|保险单⟩{policy_number}", "保险单P1", {"policy_number": "P1"}),
    ],
)
def test_what_a_template_prints_is_what_truth_tells(template: str, printed: str, truth: dict[str, str]) -> None:
    from datetime import date

    paper = Paper("insurance_policy")
    says = {"premium": Decimal("123456.78"), "premium_rate": Decimal("2.60"), "period_start": date(2020, 11, 30), "policy_number": "P1"}
    assert Words(paper, says, {"note": {"part": "附"}, "words": Decimal(100)}, {}, Random(1)).fill(template) == printed
    assert paper.fields == truth


def test_names_of_values_are_found_in_templates() -> None:
    assert shown("{buyer.address} ⟨{premium:words}|x⟩ {#12##}") >= {"buyer", "premium"}


@pytest.mark.parametrize(("one", "other"), list(combinations(("plain", *HOUSES), 2)))
def test_families_share_no_insurers_and_few_banks(one: str, other: str) -> None:
    first, second = FAMILIES[one].stock(), FAMILIES[other].stock()
    assert not {row[0] for row in first.insurers} & {row[0] for row in second.insurers}
    assert len({row[0] for row in second.banks} - {row[0] for row in first.banks}) >= 9
    assert (one, other) == ("plain", "fresh") or not set(first.cities) & set(second.cities)  # the largest cities are in both of these
    assert not set(first.contract_numbers) & set(second.contract_numbers)


@pytest.mark.parametrize("pattern", [pattern for family in FAMILIES.values() for pattern in family.habits.names])
def test_no_two_files_of_a_submission_get_one_name(pattern: str) -> None:
    names = Names(Random(1), 2021, (pattern,))
    given = [names(".pdf") for _ in range(5)]
    assert len(set(given)) == 5
    assert "{" not in "".join(given)


@pytest.mark.parametrize("house", ["remote", "common", "apart", "desk", "mill", "yard", "gate", "quay", "kiln", "dock"])
def test_a_family_may_have_a_catalogue_of_its_own(every_case: dict[str, list[Case]], house: str) -> None:
    own, common = FAMILIES[house].stock().kinds, FAMILIES["plain"].stock().kinds
    assert not {kind.name for kinds in own.values() for kind in kinds} & {kind.name for kinds in common.values() for kind in kinds}
    listed = {row["entry_id"] for row in catalogue.rows(2021, own)}
    assert {entry for case in every_case[house] if (entry := case.entry())} <= listed
    assert {case.kind.name for case in every_case[house]} <= {kind.name for kinds in own.values() for kind in kinds}


def test_what_hands_add_is_no_part_of_truth_nor_of_the_text(every_case: dict[str, list[Case]]) -> None:
    marked = 0
    for case in every_case["fresh"][:6]:
        bare, dressed = Book(), Book()
        values = case.one("business_licence")
        plain, paper = paint(bare, case, values, Random(1), house="fresh"), FAMILIES["fresh"].paper(dressed, case, values, Random(1))
        marked += sum(len(sheet._pictures) for sheet in paper.sheets) - sum(len(sheet._pictures) for sheet in plain.sheets)
        assert (paper.fields, paper.seals) == (plain.fields, plain.seals)
    assert marked > 0


def test_the_same_seed_draws_the_same_paper(cases: list[Case]) -> None:
    case = cases[0]
    texts = []
    for _ in range(2):
        book = Book()
        for paper in draw(book, case, Random("again"), HELD):
            for sheet in paper.sheets:
                sheet.finish()
        texts.append("".join(page.get_text() for page in book.doc))
    assert texts[0] == texts[1]
    assert len(texts[0]) > 1000


def test_without_the_machines_typefaces_papers_are_drawn_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces, "installed", dict)
    assert faces.font.__wrapped__("kai").name == pymupdf.Font("cjk").name


def test_an_unknown_family_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="plain, held, fresh, novel, remote, common, late, apart, desk, hall, port, mill, yard, gate, quay, kiln, dock"):
        write_batch(tmp_path / "made", 1, 1, family="other")
