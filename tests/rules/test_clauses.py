"""Every clause that a flag can cite has its text, and the text is the measure's own, word for word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from models.clauses import clause_path, clause_text, clauses
from models.scheme import load_scheme

SCHEME = load_scheme("ningbo-2020")
MEASURE = re.sub(r"\s+", "", (Path(__file__).parent / "ningbo_2020_quotes.txt").read_text(encoding="utf-8"))


def cited() -> dict[str, str]:
    """Clause -> one of the words that the scheme's table quotes from it."""
    provisions = [*(item for wanted in SCHEME.documents.values() for item in wanted), *(limit for by_track in SCHEME.rules.values() for limit in by_track.values()), SCHEME.validity]
    return {p.clause: p.text for p in sorted(provisions, key=lambda p: len(p.text)) if p.clause}


@pytest.mark.parametrize(("clause", "quote"), cited().items())
def test_every_cited_clause_has_its_text_and_holds_what_the_table_quotes_from_it(clause, quote):
    text = re.sub(r"\s+", "", clause_text("ningbo-2020", clause))
    assert text
    assert re.sub(r"\s+", "", quote) in text


@pytest.mark.parametrize("entry", [pytest.param(e, id=f"{i} {e.id}") for i, e in enumerate(clauses("ningbo-2020"))])
def test_every_entry_stands_in_the_measure(entry):
    assert re.sub(r"\s+", "", entry.text) in MEASURE


def test_a_clause_is_its_heading_with_all_its_points():
    whole = clause_text("ningbo-2020", "三（一）").splitlines()
    assert [line[:4] for line in whole] == ["（一）高", "1.对符", "2.对符", "3.单家"]
    papers = clause_text("ningbo-2020", "四（二）1").splitlines()
    assert papers[0].startswith("1.每年1月份")
    assert papers[3] == "（3）投保产品的销售合同、销售发票等复印件；"
    assert papers[-1].startswith("上述申请材料加盖承保机构和投保企业公章")
    assert clause_text("ningbo-2020", "四（二）1（3）") == papers[3]


def test_a_clause_stands_under_its_headings():
    assert [line[:6] for line in clause_path("ningbo-2020", "四（二）1（3）")] == ["四、保险原则", "（二）高端装", "1.每年1月"]
    assert clause_path("ningbo-2020", "附件1") == ()


@pytest.mark.parametrize(("scheme", "clause"), [("ningbo-2020", ""), ("ningbo-2020", "九（九）"), ("unheard-of", "一1")])
def test_what_is_not_there_has_no_text(scheme, clause):
    assert clause_text(scheme, clause) == ""
    assert clause_path(scheme, clause) == ()
