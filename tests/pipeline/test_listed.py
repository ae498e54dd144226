"""The applicant's row of a published list."""

from __future__ import annotations

import pytest

from models.field import Field, Region
from models.geometry import Box
from models.paper import Paper, PaperType, Part
from pipeline.listed import with_own_row

SELF, OTHER = "宁波东昇机床有限公司", "宁波恒远机械有限公司"


def field(text: str, sure: bool = True) -> Field:
    return Field(value=text, raw=text, confidence=0.99 if sure else 0.85, accepted=sure, source=Region(file="a.pdf", page=1, box=Box(0.1, 0.1, 0.2, 0.2)))


def row(company: str, product: str, model: str = "") -> dict[str, Field]:
    return {"company_name": field(company), "product_name": field(product)} | ({"product_model": field(model)} if model else {})


def paper(kind: PaperType, fields: dict[str, Field], rows: tuple[dict[str, Field], ...] = ()) -> Paper:
    return Paper(type=kind, parts=(Part(file="a.pdf", pages=(1,)),), fields=fields, rows=rows)


def notice(*rows: dict[str, Field]) -> Paper:
    return paper(PaperType.FIRST_SET_CERTIFICATE, {"certificate_number": field("甬经信装备〔2019〕145号")} | {k: field(f.text, sure=False) for k, f in rows[0].items()}, rows)


FORM = paper(PaperType.APPLICATION_FORM, {"applicant_name": field(SELF), "product_name": field("五轴卧式加工中心")})


@pytest.mark.parametrize("rows", [
    (row(OTHER, "立式注塑机", "V60"), row(SELF, "五轴卧式加工中心")), (row(OTHER, "立式注塑机", "V60"), row(SELF, "龙门铣床", "L2"), row(SELF, "五轴卧式加工中心")),
], ids=["by company", "by product"])
def test_the_one_row_that_names_the_applicant(rows: tuple[dict[str, Field], ...]) -> None:
    made = with_own_row([FORM, notice(*rows)])[1].fields
    assert {k: f.text for k, f in made.items()} == {"certificate_number": "甬经信装备〔2019〕145号", "company_name": SELF, "product_name": "五轴卧式加工中心"}
    assert all(f.accepted for f in made.values())


@pytest.mark.parametrize("rows", [
    (row(OTHER, "立式注塑机"), row("宁波西辉轴承有限公司", "角接触球轴承")), (row(SELF, "龙门铣床"), row(SELF, "立式注塑机")), (row(SELF, "五轴卧式加工中心", "A1"), row(SELF, "五轴卧式加工中心", "A2")), (row(OTHER, "立式注塑机"),),
], ids=["nobody's", "none of the product", "two of it", "a single row"])
def test_what_is_not_told_stays_as_it_was_read(rows: tuple[dict[str, Field], ...]) -> None:
    before = [FORM, notice(*rows)]
    assert with_own_row(before) == tuple(before)
