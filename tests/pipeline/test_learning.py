"""Learning names: found again in the text, taught, measured on what wasn't taught, used only where it is better."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from lessons_typed import rows, told

from extractors.language import RunningText, nlp
from extractors.language.candidates import SHORTEST, candidates
from extractors.language.names import LEARNED, LONGEST_ROW, SPANS, Names, lesson, passages, train
from extractors.second_opinion import Trust, Use
from models.errors import ModelInvalid
from models.field import Field, Region
from models.geometry import Box
from models.paper import PaperType
from pipeline.learning.lessons import Told, occurrences, taught
from pipeline.learning.measure import Measure, Tally, answers, better, measure, settle, split, total
from pipeline.learning.versions import Card, card, keep, next_version, second_opinion, use, used, versions

CONTRACT = PaperType.SALES_CONTRACT


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("买方:杭州某某有限公司\n卖方", "杭州某某有限公司", ["杭州某某有限公司"]),
        ("买方:杭州某某有限公司\n买方(章):杭州某某有限公司", "杭州某某有限公司", ["杭州某某有限公司"] * 2),
        ("买方:杭州某某有\n限公司", "杭州某某有限公司", ["杭州某某有\n限公司"]),  # wrapped
        ("买方:杭州某其有限公司", "杭州某某有限公司", ["杭州某其有限公司"]),  # a character misread
        ("买方:上海电气集团", "杭州某某有限公司", []),
        ("型号AB-100X,AB-100", "AB-100", ["AB-100"]),  # not within a longer word
        ("丝杠", "丝杆", []),  # too short to be looked for by likeness
    ],
)
def test_a_true_name_is_found_in_what_was_read(text: str, name: str, found: list[str]):
    assert [text[start:end] for start, end in occurrences(text, name)] == found


def test_rows_that_can_hold_no_name_are_passed_over_and_places_stay_true():
    clause = "双方约定" * (LONGEST_ROW // 4 + 1)
    text = f"买方:甲\n{clause}\n卖方:乙公司"
    kept = passages(text)
    assert clause not in kept.text
    assert all(text[offset : offset + 1] in (c, "") for c, offset in zip(kept.text, kept.offsets, strict=True))
    assert lesson(text, [(text.index("乙公司"), len(text), "seller_name"), (8, 12, "buyer_name")]).spans == ((8, 11, "seller_name"),)


def test_a_name_of_two_fields_is_taught_where_each_is_known_to_stand():
    text, _ = rows(0)
    name = "杭州某电气有限公司"
    source = Region(file="scan.pdf", page=1, box=Box(0.1, 0.15, 0.5, 0.17))  # the fourth line
    one = told(0)._replace(truth={"buyer_name": name, "seller_name": name}, places={"buyer_name": source})
    spans = taught(one).lesson.spans
    assert sum(field == "buyer_name" for *_, field in spans) == 1
    assert sum(field == "seller_name" for *_, field in spans) == sum(name in line for line in text)


def test_what_isnt_in_the_text_is_told_apart():
    one = taught(told(1)._replace(truth={"buyer_name": "上海全无此名集团", "product_name": rows(1)[1]["product_name"]}))
    assert one.missing == ("buyer_name",)
    assert {field for *_, field in one.lesson.spans} == {"product_name"}


def test_a_submission_stays_in_its_part_as_others_join():
    few, many = split([told(n) for n in range(20)], 3, 0.2), split([told(n) for n in range(60)], 3, 0.2)
    for a, b in zip(few, many, strict=True):
        assert {one.submission_id for one in a} <= {one.submission_id for one in b}
    assert sum(map(len, many)) == 60
    assert all(many)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("买方:杭州某某有限公司(以下简称甲方)", ["买方", "杭州某某有限公司", "杭州某某有限公司(以下简称甲方)"]),
        ("由宁波某某装备有限公司与对方签订", ["宁波某某装备有限公司", "由宁波某某装备有限公司与对方签订"]),
        ("中国某某财产保险股份有限公司\n宁波市分公司", ["中国某某财产保险股份有限公司"]),  # the tail of a wrapped name is none
    ],
)
def test_what_may_be_a_name(text: str, found: list[str]):
    assert {text[start:end] for start, end in candidates(nlp().make_doc(text))} == {name for name in found if len(name) >= SHORTEST}


LESSONS = [taught(told(n)).lesson for n in range(12)]


@pytest.fixture(scope="module")
def names() -> Names:
    return train(LESSONS, seed=1, rounds=12)


NEW = [told(n) for n in range(30, 38)]


def test_names_never_seen_are_known_by_what_stands_around_them(names: Names):
    for one in NEW:
        said = names.said(RunningText.of(one.pages), CONTRACT)
        assert {field: s.piece.text for field, s in said.items()} == dict(one.truth)
        assert said["buyer_name"].times == 2


def test_a_paper_that_isnt_learned_from_is_not_looked_at(names: Names):
    assert PaperType.BUSINESS_LICENCE not in LEARNED
    assert names.said(RunningText.of(NEW[0].pages), PaperType.BUSINESS_LICENCE) == {}


def test_the_same_lessons_and_seed_give_the_same_model(names: Names, tmp_path: Path):
    short = [train(LESSONS[:4], seed=1, rounds=2) for _ in range(2)]
    names.save(tmp_path / "m")
    for one, other in (short, (names, Names.load(tmp_path / "m"))):
        texts = [RunningText.of(told.pages).text for told in NEW[:3]]
        scores = [[[*model.language(text).spans[SPANS].attrs["scores"]] for text in texts] for model in (one, other)]
        assert scores[0] == scores[1]


def _read(one: Told, name: str, accepted: bool = True) -> Told:
    field = Field(value=name, raw=name, confidence=0.95, accepted=accepted)
    return one._replace(paper=one.paper.model_copy(update={"fields": {"buyer_name": field}}))


def test_uses_are_settled_and_measured_by_field(names: Names):
    settled = [told(n) for n in range(40, 80)]
    settled = [_read(one, one.truth["buyer_name"]) for one in settled]
    trusts = settle(settled, answers(settled, names))
    assert trusts["sales_contract.seller_name"].uses >= {Use.ADD}
    assert Use.DOUBT in trusts["sales_contract.buyer_name"].uses
    wrong = [_read(one, one.truth["seller_name"]) for one in NEW[:2]] + [_read(one, one.truth["buyer_name"]) for one in NEW[2:]]
    found = measure(wrong, answers(wrong, names), trusts)
    buyer = found.together["sales_contract.buyer_name"]
    assert found.rules["sales_contract.buyer_name"].silent == 2
    assert (buyer.silent, buyer.accepted) == (0, len(NEW) - 2)
    assert found.rules["sales_contract.seller_name"].missed == len(NEW)
    assert found.together["sales_contract.seller_name"] == Tally(right=len(NEW))
    assert better(found.together, found.rules)
    assert not better(found.rules, found.rules)


@pytest.mark.parametrize(
    ("new", "old", "is_better"),
    [
        (Tally(right=10, accepted=8), Tally(right=9, missed=1, accepted=8), True),
        (Tally(right=9, wrong=1, missed=1, accepted=9, silent=1), Tally(right=8, missed=2, accepted=8), False),  # no silent error for a name more
        (Tally(right=9, wrong=1, missed=1, accepted=4), Tally(right=9, wrong=1, missed=1, accepted=10, silent=1), True),
        (Tally(right=90, wrong=1, missed=1, accepted=40), Tally(right=90, wrong=1, missed=1, accepted=91, silent=1), False),  # fifty looks for it are too many
        (Tally(right=10, accepted=10), Tally(right=10, accepted=9), True),
        (Tally(right=10, accepted=9), Tally(right=10, accepted=9), False),
    ],
)
def test_what_is_better(new: Tally, old: Tally, is_better: bool):
    assert better({"a": new}, {"a": old}) is is_better


def test_figures_of_nothing_are_none():
    assert (Tally().precision, Tally().recall, Tally().f1) == (None, None, None)
    assert total([Tally(right=3, wrong=1), Tally(right=1, missed=2)]).f1 == pytest.approx(8 / 11)


def test_versions_lie_beside_each_other_and_one_is_used(names: Names, tmp_path: Path):
    assert second_opinion(None) is None
    assert second_opinion(tmp_path) is None  # a folder in which nothing has beaten the rules yet
    assert next_version(tmp_path) == "0001"
    trusts = {"sales_contract.buyer_name": Trust(uses=frozenset({Use.ADD}), right=0.9)}
    made = Card(version="0001", made_at=datetime(2021, 2, 3, tzinfo=UTC), seed=1, rounds=2, submissions=12, papers=12, names=60, trusts=trusts, measure=Measure(), old=Measure(), better=True)
    keep(tmp_path, names, made)
    assert (versions(tmp_path), next_version(tmp_path), used(tmp_path)) == (("0001",), "0002", "")
    use(tmp_path, "0001")
    second = second_opinion(tmp_path)
    assert second is not None
    assert card(tmp_path, "0001") == made
    one = NEW[0]
    after = second.on(one.paper, {("scan.pdf", 1): one.pages[0]})
    assert set(after.fields) == {"buyer_name"}
    assert after.fields["buyer_name"].value == one.truth["buyer_name"]
    with pytest.raises(ModelInvalid, match="intake learn"):
        second_opinion(tmp_path / "elsewhere")
    (tmp_path / "0001" / "fields.txt").unlink()
    with pytest.raises(ModelInvalid, match="intake learn"):
        second_opinion(tmp_path)
