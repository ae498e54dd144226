"""Counting seals: found where they are, read to the letter, given to the right company, none made up."""

from __future__ import annotations

import pytest

from models.geometry import Box
from models.page import Seal
from pipeline.accuracy.stamps import SealRead, SealTally, SealTrue, company_of

APPLICANT, INSURER, BUYER = "宁波淳和机床有限公司", "中华联合财产保险股份有限公司宁波分公司", "宁波颂莱环保工程有限责任公司"
COMPANIES = (APPLICANT, INSURER, BUYER)
PLACE = Box(100, 100, 218, 218)


def read_as(text: str, box: Box = PLACE) -> SealRead:
    return SealRead(Seal(text=text, box=Box(0.1, 0.1, 0.2, 0.2), confidence=0.8), box)


@pytest.mark.parametrize(
    ("text", "company"),
    [(APPLICANT, APPLICANT), ("宁波淳和机床有跟公司", APPLICANT), ("中华联合财产保险股分有限公司宁波分公司", INSURER), ("上海某某贸易商行", None), ("", None)],
)
def test_a_reading_is_given_to_the_likest_company(text: str, company: str | None) -> None:
    assert company_of(read_as(text).seal, COMPANIES) == company


@pytest.mark.parametrize(
    ("read", "counts"),
    [
        ([read_as(APPLICANT, PLACE)], (1, 1, 1, 0, 0)),
        ([read_as("宁波淳和机床有跟公司", Box(105, 98, 220, 215))], (1, 0, 1, 0, 0)),
        ([read_as(INSURER, PLACE)], (1, 0, 0, 1, 0)),
        ([read_as(APPLICANT, Box(300, 300, 418, 418))], (0, 0, 0, 0, 1)),
        ([], (0, 0, 0, 0, 0)),
    ],
)
def test_a_pressed_seal(read: list[SealRead], counts: tuple[int, ...]) -> None:
    tally = SealTally()
    tally.add([SealTrue(APPLICANT, PLACE, True)], read, COMPANIES)
    assert (tally.found, tally.exact, tally.right, tally.wrong, tally.beside) == counts
    assert (tally.seals, tally.companies, tally.bare_pages, tally.made_up) == (1, 1, 0, 0)


def test_a_seal_on_a_page_without_one_is_made_up() -> None:
    tally = SealTally()
    tally.add([], [read_as(APPLICANT, PLACE)], COMPANIES)
    assert (tally.made_up, tally.bare_pages, tally.seals) == (1, 1, 0)


def test_an_offices_seal_is_no_companys() -> None:
    tally = SealTally()
    tally.add([SealTrue("宁波市经济和信息化局", PLACE, False)], [read_as("宁波市经济和信息化局", PLACE)], COMPANIES)
    assert (tally.exact, tally.companies, tally.right, tally.wrong) == (1, 0, 0, 0)
