"""The QR code on an invoice: what it says, and what it does to print that agrees, is misread, or differs."""

from __future__ import annotations

from decimal import Decimal

import pytest
from test_invoices import paper_invoice

from extractors.papers import sales_invoice
from extractors.papers.invoice_code import Coded, find_code, parse_code
from models.field import Field
from models.page import Page

PAPER = "01,01,3302204130,52868789,498141.59,20200121,91486137356156613647,A1B2"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PAPER, Coded("52868789", "2020-01-21", Decimal("498141.59"))),
        ("01,10,033002000111,12345678,94.34,20200305,12345678901234567890,4F2C,", Coded("12345678", "2020-03-05", Decimal("94.34"))),  # electronic
        ("01,32,,25332000000012345678,743540.00,20250308,,1A2B", Coded("25332000000012345678", "2025-03-08", Decimal("743540.00"))),  # fully digital
        ("01,31,,25332000000012345678,743540,20250308", Coded("25332000000012345678", "2025-03-08", Decimal(743540))),  # the last fields left out
        ("01,04,3302204130,52868789,,2020-01-21,,", Coded("52868789", "2020-01-21", None)),
        ("01,04,3302204130,52868789,12.3.4,20201341,,", Coded("52868789", "", None)),  # neither amount nor date is one
        ("01,04,3302204130,5286878,1.00,20200121,,", None),  # seven digits
        ("02,04,3302204130,52868789,1.00,20200121,,", None),
        ("https://inv.example/check?no=52868789", None),
        ("PQZB2020330201070864", None),
        ("", None),
    ],
)
def test_what_a_code_says(text: str, expected: Coded | None) -> None:
    assert parse_code(text) == expected


def test_codes_of_two_invoices_on_a_page_tell_nothing_of_either() -> None:
    assert find_code([PAPER, "https://inv.example", PAPER]) == parse_code(PAPER)
    assert find_code([PAPER, PAPER.replace("52868789", "52868790")]) is None


def read(name: str, sure: float = 0.999, code: str = PAPER, without: tuple[str, ...] = (), **printed: str) -> Field:
    """A field of a paper invoice with a QR code, its head and sums read with this certainty, some of its lines lost."""
    page = paper_invoice(**printed)
    lines = tuple(
        v.model_copy(update={"sure": (sure,) * len(v.text), "confidence": sure}) if any(c in v.text for c in "№年¥") or v.text == printed.get("number") else v
        for v in page.lines if v.text not in without)
    return sales_invoice.extract([Page(**{**dict(page), "lines": lines, "codes": (code,) if code else ()})]).fields[name]


def test_a_doubtful_number_is_put_right() -> None:
    made = read("invoice_number", 0.8, number="52868189")
    assert (made.value, made.accepted, made.raw) == ("52868789", True, "52868189")
    assert "据发票二维码更正" in made.why[0]


@pytest.mark.parametrize(("net", "value", "accepted"), [("¥49814159.00", "498141.59", True), ("¥498147.59", "498141.59", True), ("¥512141.59", "512141.59", False)])
def test_a_doubtful_amount_is_put_right_where_it_is_the_coded_one_misread(net: str, value: str, accepted: bool) -> None:
    made = read("amount_excluding_tax", 0.8, net=net, words="", small="", without=("446814.16", "51327.43", "58085.84", "6672.57", "¥64758.41"))
    assert (made.value, made.accepted) == (value, accepted)
    assert ("据发票二维码更正" in made.why[0]) is accepted


def test_a_doubtful_date_is_put_right() -> None:
    made = read("invoice_date", 0.8, PAPER.replace("20200121", "20200127"))
    assert (made.value, made.accepted, made.raw) == ("2020-01-27", True, "2020年01月21日")


@pytest.mark.parametrize(
    ("name", "code"),
    [("invoice_number", PAPER.replace("52868789", "52868189")), ("invoice_date", PAPER.replace("20200121", "20200127")), ("amount_excluding_tax", PAPER.replace("498141.59", "498147.59"))])
def test_print_read_for_sure_that_its_code_contradicts_is_for_a_person(name: str, code: str) -> None:
    made = read(name, 0.999, code)
    assert made.text == read(name, code="").text
    assert not made.accepted
    assert "与发票二维码不一致" in made.why[0]


def test_another_invoices_code_changes_nothing() -> None:
    made = read("invoice_number", 0.8, PAPER.replace("52868789", "60001234"))
    assert (made.value, made.accepted) == ("52868789", False)


def test_without_a_code_print_stands_alone() -> None:
    assert read("invoice_number", code="").accepted
    assert not any("二维码" in why for why in read("invoice_number", code="").why)
