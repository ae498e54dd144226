"""What leaves the page as a file: no cell is a formula, and personal numbers are only for those who see them on the page."""

from __future__ import annotations

import csv
import io
import re

import openpyxl
import pytest

from models.claim import Quarantined, QuarantineReason
from models.flag import Flag, Severity
from pipeline.budget import Place
from pipeline.tables import budget
from tests.invented_claim import field, judged

FORMULAS = [f"{sign}{rest}" for sign in ("=", "+", "-", "@", "\t=", "\r=") for rest in ("1+1", "cmd|'/c calc'!A1", 'HYPERLINK("http://x","y")', "IMPORTXML(A1)", "DDE(\"a\";\"b\")")]
STARTS = ("=", "+", "-", "@", "\t", "\r")
PHONE, ACCOUNT, ID = "13806543210", "33150198370000000001", "330203198001011234"


@pytest.fixture
def filed(file_claim):
    """Claims whose names, messages and files' names are formulas."""
    assert len(FORMULAS) == 30
    for n, text in enumerate(FORMULAS):
        own = judged(submission_id=f"T-{n:02}")
        flag = Flag(code="field_mismatch", severity=Severity.REVIEW, message=text, clause=text)
        file_claim(own.model_copy(update={
            "fields": {**own.fields, "applicant_name": field(text)}, "flags": (flag,), "quarantined": (Quarantined(file=text, reason=QuarantineReason.DAMAGED),)}))


def text_of(answer) -> str:
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def cells_of(text: str) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]


def test_no_cell_of_the_list_of_flags_is_a_formula(client_of, filed):
    client = client_of("reviewer")
    cells = cells_of(text_of(client.get("/exceptions.csv?stage=&status=")))
    assert not [cell for cell in cells if cell.startswith(STARTS)]
    assert {"'" + text for text in FORMULAS} <= set(cells)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get("/exceptions.xlsx?stage=&status=").streaming_content)))
    written = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in written if cell.data_type == "f" or cell.hyperlink or str(cell.value).startswith(STARTS)]
    assert {"'" + text for text in FORMULAS if not text.startswith("\r")} <= {cell.value for cell in written}


def test_no_cell_of_the_log_is_a_formula(client_of, site):
    from pipeline.review.web import audit

    for text in FORMULAS:
        audit.record(text[:40], None, text, reason=text)
    cells = cells_of(text_of(client_of("auditor").get("/audit.csv")))
    assert not [cell for cell in cells if cell.startswith(STARTS)]
    assert {"'" + text for text in FORMULAS} <= set(cells)


def test_no_cell_of_the_order_of_payment_is_a_formula():
    from decimal import Decimal

    places = [
        Place(claim=judged(submission_id=f"T-{n}").model_copy(update={"fields": {"applicant_name": field(text), "product_name": field(text)}}), place=n + 1, new=True, asked=Decimal(1), payable=Decimal(1),
              paid=Decimal(1), sum=Decimal(1), reason=text)
        for n, text in enumerate(FORMULAS)]
    cells = cells_of(budget.as_csv(places).decode("utf-8-sig"))
    assert not [cell for cell in cells if cell.startswith(STARTS)]
    book = openpyxl.load_workbook(io.BytesIO(budget.as_workbook(places)))
    assert not [cell for row in book.active.iter_rows() for cell in row if cell.data_type == "f" or cell.hyperlink]


@pytest.fixture
def personal(file_claim) -> int:
    """A claim with personal numbers in its papers and in what is said of them."""
    own = judged(changes={"application_form": {"contact_phone": field(PHONE), "bank_account": field(ACCOUNT)}})
    flag = Flag(code="field_mismatch", severity=Severity.REVIEW, message=f"账号{ACCOUNT}与电话{PHONE}、身份证{ID}不一致", clause="")
    return file_claim(own.model_copy(update={"flags": (flag,)}))


@pytest.mark.parametrize(("role", "clear"), [("reviewer", True), ("lead", True), ("auditor", True), ("operator", False)])
def test_the_list_of_flags_shows_personal_numbers_to_who_sees_them_on_the_page(client_of, personal, role, clear):
    client = client_of(role)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get("/exceptions.xlsx?stage=&status=").streaming_content)))
    for text in (text_of(client.get("/exceptions.csv?stage=&status=")), str([cell.value for row in book.active.iter_rows() for cell in row]), client.get(f"/claims/{personal}").content.decode()):
        assert [number in text for number in (PHONE, ACCOUNT, ID)] == [clear and (number != ID or "不一致" in text) for number in (PHONE, ACCOUNT, ID)]
        assert "不一致" in text


def test_what_was_corrected_is_in_the_log_for_auditors_and_masked_for_administrators(client_of, personal):
    other = "33150198370000009999"
    papers = client_of("reviewer", "甲").post(f"/claims/{personal}/amend", {"key": "p0.bank_account", "value": other, "revision": 0, "reason": f"电话{PHONE}核实"})
    assert papers.status_code == 200
    auditor, admin = client_of("auditor"), client_of("admin")
    for where in ("/audit", "/audit.csv", "/api/audit"):
        seen = {}
        for client in (auditor, admin):
            answer = client.get(where)
            text = text_of(answer) if answer.streaming else answer.content.decode()
            seen[client] = [number in text for number in (other, ACCOUNT, PHONE)]
        assert (where, seen[auditor], seen[admin]) == (where, [True] * 3, [False] * 3)


def test_the_queue_shows_no_personal_numbers_to_anybody(client_of, personal):
    text = client_of("lead").get("/queue?stage=&status=").content.decode()
    assert not re.search(rf"{PHONE}|{ACCOUNT}|{ID}", text)
