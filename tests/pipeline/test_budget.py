"""The order of payment when money is short: ningbo-2020, 三（一）3, 三（二）3, 三（三）3."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from invented_claim import APPLICANT, REFERENCE, SCHEME, YEAR, award, field, judged, tables

from models.claim import Claim
from models.flag import Flag, Severity
from models.paper import Track
from models.reference import Reference
from pipeline.budget import Place, rank
from pipeline.tables.budget import HEADINGS, as_csv, as_workbook, rows

EQ, SW = Track.EQUIPMENT, Track.SOFTWARE
PLAIN = judged(EQ)


def claim(sid: str, applicant: str = APPLICANT[EQ], start: str = "2020-03-01", filed: str = "2021-01-15", asked: str = "32000.00", track: Track = EQ) -> Claim:
    form = next(p for p in PLAIN.papers if p.type == "application_form")
    others = tuple(p for p in PLAIN.papers if p is not form)
    dated = form.model_copy(update={"fields": {**form.fields, "form_date": field(filed)}})
    fields = {**PLAIN.fields, "applicant_name": field(applicant), "period_start": field(start), "subsidy_requested": field(asked)}
    return PLAIN.model_copy(update={"submission_id": sid, "track": track, "papers": (dated, *others), "fields": fields})


def ranked(*claims: Claim, budget: str = "1000000", reference: Reference = REFERENCE) -> tuple[Place, ...]:
    return rank(claims, reference, SCHEME, YEAR, Decimal(budget))


def order(places: tuple[Place, ...]) -> list[str]:
    return [place.claim.submission_id for place in places if place.place]


def test_new_applicants_come_first_whenever_they_filed():
    places = ranked(claim("E-1", filed="2021-01-04"), claim("E-2", "宁波新来装备有限公司", filed="2021-01-29"), reference=tables(awards=(award(),)))
    assert order(places) == ["E-2", "E-1"]
    assert [place.new for place in places] == [True, False]
    assert places[0].reason.startswith("新投保企业")
    assert "已获补贴" in places[1].reason


@pytest.mark.parametrize("granted", [{"level": "central"}, {"year": YEAR}, {"scheme": "ningbo-2017"}, {"applicant": "宁波别家装备有限公司"}, {"track": "software"}])
def test_only_what_the_scheme_granted_the_applicant_in_earlier_years_makes_it_an_old_one(granted):
    assert ranked(claim("E-1"), reference=tables(awards=(award(**granted),)))[0].new


def test_one_applicants_claims_for_one_product_go_by_the_start_of_the_insurance():
    places = ranked(claim("E-1", start="2020-09-01", filed="2021-01-05"), claim("E-2", "宁波新来装备有限公司", filed="2021-01-06"), claim("E-3", start="2020-02-01", filed="2021-01-07"))
    assert order(places) == ["E-3", "E-2", "E-1"]
    assert "按保险起期先后" in places[0].reason


def test_software_knows_no_order_by_time_but_that_of_filing():
    places = ranked(claim("S-1", start="2020-09-01", filed="2021-01-05", track=SW), claim("S-2", start="2020-02-01", filed="2021-01-07", track=SW))
    assert order(places) == ["S-1", "S-2"]


def test_money_goes_down_the_list_until_it_is_gone():
    places = ranked(*(claim(f"E-{n}", f"宁波第{n}装备有限公司", filed=f"2021-01-0{n}") for n in (1, 2, 3)), budget="50000")
    assert [(place.paid, place.sum) for place in places] == [(Decimal(32000), Decimal(32000)), (Decimal(18000), Decimal(50000)), (Decimal(0), Decimal(50000))]
    assert "仅够拨付 18,000.00 元" in places[1].reason
    assert "预算已用完" in places[2].reason


def test_a_cap_leaves_less_than_is_asked_and_a_bar_nothing():
    capped = Flag(code="annual_cap_exceeded", severity=Severity.REVIEW, clause="三（一）3", detail={"payable": "10000.00"}, message="超过上限", across=True)
    barred = Flag(code="rate_above_cap", severity=Severity.BLOCK, clause="三（一）2", message="费率过高")
    places = ranked(claim("E-1").model_copy(update={"flags": (barred,)}), claim("E-2").model_copy(update={"flags": (capped,)}))
    assert [(p.place, p.claim.submission_id, p.payable, p.paid) for p in places] == [(1, "E-2", Decimal(10000), Decimal(10000)), (0, "E-1", Decimal(0), Decimal(0))]
    assert "条件不符，不列入排序：费率过高" in places[1].reason


def test_a_subsidy_that_was_not_read_is_paid_nothing_and_says_so():
    unread = claim("E-1").model_copy(update={"fields": {k: v for k, v in claim("E-1").fields.items() if k != "subsidy_requested"}})
    place = ranked(unread)[0]
    assert (place.asked, place.paid) == (None, Decimal(0))
    assert "未读出" in place.reason


def test_the_tables_hold_every_claim_and_no_formula():
    places = ranked(claim("E-1", "=HYPERLINK(1)"), claim("E-2"))
    read = list(csv.reader(io.StringIO(as_csv(places).decode("utf-8-sig"))))
    assert read[0] == [heading for heading, _ in HEADINGS]
    assert [row[1] for row in read[1:]] == order(places)
    assert {row[3] for row in read[1:]} == {"'=HYPERLINK(1)", APPLICANT[EQ]}
    assert all(len(row) == len(HEADINGS) for row in rows(places))
    assert as_workbook(places)[:2] == b"PK"
