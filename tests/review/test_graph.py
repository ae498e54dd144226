"""The related-party path as a drawing: who holds whom stands above, everything is told in words too, and nothing read from paper becomes markup."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from models.flag import Flag, Severity
from models.paper import Track
from pipeline.labels import Language
from pipeline.review.graph import CODE, Role, graph_of, svg
from tests.invented_claim import APPLICANT, BUYER, flags, holding, judged, officer, tables

OWN = APPLICANT[Track.SOFTWARE]
SVG = "{http://www.w3.org/2000/svg}"


def graph(**reference):
    flag, = flags(judged(Track.SOFTWARE, reference=tables(**reference)), CODE)
    return graph_of(flag)


def roles(drawn):
    return {node.name: node.role for node in drawn.nodes}


def links(drawn):
    return {(drawn.nodes[link.start].name, link.label, drawn.nodes[link.end].name) for link in drawn.links}


def test_a_chain_of_holdings_stands_one_below_the_other():
    drawn = graph(holdings=(holding(OWN, "宁波中间控股有限公司", "60"), holding("宁波中间控股有限公司", BUYER, "50")))
    assert roles(drawn) == {OWN: Role.APPLICANT, "宁波中间控股有限公司": Role.COMPANY, BUYER: Role.BUYER}
    assert links(drawn) == {(OWN, "60%", "宁波中间控股有限公司"), ("宁波中间控股有限公司", "50%", BUYER)}
    down = {node.name: node.y for node in drawn.nodes}
    assert down[OWN] < down["宁波中间控股有限公司"] < down[BUYER]


def test_the_buyer_stands_above_where_it_is_the_holder():
    drawn = graph(holdings=(holding(BUYER, OWN, "30"),))
    assert roles(drawn) == {OWN: Role.APPLICANT, BUYER: Role.BUYER}
    assert links(drawn) == {(BUYER, "30%", OWN)}
    down = {node.name: node.y for node in drawn.nodes}
    assert down[BUYER] < down[OWN]


def test_who_holds_both_stands_above_both():
    drawn = graph(holdings=(holding("赵大", OWN, "35"), holding("赵大", BUYER, "40")))
    assert roles(drawn) == {OWN: Role.APPLICANT, BUYER: Role.BUYER, "赵大": Role.PERSON}
    assert links(drawn) == {("赵大", "35%", OWN), ("赵大", "40%", BUYER)}
    place = {node.name: (node.x, node.y) for node in drawn.nodes}
    assert place["赵大"][1] < place[OWN][1] == place[BUYER][1]
    assert place[OWN][0] != place[BUYER][0]


def test_several_ways_are_all_drawn():
    drawn = graph(holdings=(holding(OWN, BUYER, "10"), holding(OWN, "甲有限公司", "50"), holding("甲有限公司", BUYER, "40")))
    assert links(drawn) == {(OWN, "10%", BUYER), (OWN, "50%", "甲有限公司"), ("甲有限公司", "40%", BUYER)}


def test_a_person_in_both_is_drawn_with_the_offices():
    drawn = graph(officers=(officer("钱二", OWN, "董事"), officer("钱二", BUYER, "监事")))
    assert links(drawn) == {("钱二", "董事", OWN), ("钱二", "监事", BUYER)}
    assert roles(drawn)["钱二"] is Role.PERSON


def told(path, links_, buyer="乙公司"):
    return Flag(code=CODE, severity=Severity.REVIEW, clause="", message="", detail={"path": path, "buyer": buyer, "links": links_})


def test_a_shared_particular_is_masked_for_those_who_need_not_see_it():
    flag = told(["甲公司", "13800000001", "乙公司"], [["甲公司", "电话", "13800000001"], ["乙公司", "电话", "13800000001"]])
    assert roles(graph_of(flag))["13800000001"] is Role.PARTICULAR
    hidden = graph_of(flag, mask=True)
    assert "13800000001" not in svg(hidden, "关联路径", "g")
    assert hidden.described == "甲公司 —电话→ 138****0001；乙公司 —电话→ 138****0001"


def test_a_flag_of_an_older_run_that_tells_its_path_alone_is_drawn_along_it():
    drawn = graph_of(told(["甲公司", "丙公司", "乙公司"], None))
    assert links(drawn) == {("甲公司", "", "丙公司"), ("丙公司", "", "乙公司")}


@pytest.mark.parametrize("links_", [[["甲公司", "60%", "乙公司"], ["乙公司", "30%", "甲公司"]], [["甲公司", "100%", "甲公司"]]])
def test_companies_that_hold_each_other_or_themselves_end_somewhere(links_):
    drawn = graph_of(told(["甲公司", "乙公司"], links_))
    assert len(drawn.nodes) == 2
    assert all(link.start != link.end for link in drawn.links)


@pytest.mark.parametrize("detail", [{}, {"path": []}, {"path": ["甲公司"]}])
def test_a_flag_without_a_path_has_no_drawing(detail):
    assert graph_of(Flag(code=CODE, severity=Severity.REVIEW, clause="", message="", detail=detail)) is None
    assert graph_of(Flag(code="trader_buyer", severity=Severity.REVIEW, clause="", message="", detail={"path": ["甲", "乙"]})) is None


@pytest.mark.parametrize("language", list(Language))
def test_the_drawing_is_well_formed_told_in_words_and_within_its_frame(language):
    drawn = graph(holdings=(holding("赵大", OWN, "35"), holding("赵大", BUYER, "40")))
    root = ElementTree.fromstring(svg(drawn, "关联路径", "flag-1", language))
    ids = {element.get("id"): "".join(element.itertext()) for element in root.iter() if element.get("id")}
    assert root.get("role") == "img"
    assert [ids[name] for name in root.get("aria-labelledby").split()] == ["关联路径", drawn.described]
    assert "35%" in drawn.described
    for rect in root.iter(f"{SVG}rect"):
        x, y, w, h = (float(rect.get(name)) for name in ("x", "y", "width", "height"))
        assert 0 <= x <= x + w <= drawn.width
        assert 0 <= y <= y + h <= drawn.height


@pytest.mark.parametrize("evil", ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "a&b", "]]>"])
def test_names_read_from_paper_are_text_and_never_markup(evil):
    drawn = svg(graph_of(told([evil, "乙公司"], [[evil, evil, "乙公司"]])), evil, evil)
    root = ElementTree.fromstring(drawn)
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "defs", "marker", "path", "g", "rect", "text"}
    assert not any(name.startswith("on") or name == "style" for element in root.iter() for name in element.attrib)
