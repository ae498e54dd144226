"""What a learned model's word does to a name that the rules found, or didn't."""

from __future__ import annotations

import pytest
from typed import typed

from extractors.fields import make_field
from extractors.language import RunningText
from extractors.language.names import Said
from extractors.second_opinion import NEVER_ABOVE, Trust, Use, weigh
from models.field import Field

EVERY = Trust(uses=frozenset(Use), right=0.95)
NAME, OTHER = "杭州某某电气有限公司", "宁波某某装备有限公司"


def said(name: str = NAME, sure: float = 0.999, likelihood: float = 0.98) -> Said:
    running = RunningText.of([typed(f"买受人：{name}", sure=sure)])
    start = running.text.index(name)
    return Said("buyer_name", running.piece(start, start + len(name)), likelihood, 1)


def found(name: str = NAME, sure: float = 0.999, by: float = 0.8) -> Field:
    field = make_field("buyer_name", said(name, sure).piece, found=by)
    assert field is not None
    return field


def test_a_name_that_only_the_model_says_is_proposed_and_never_accepted():
    added = weigh(None, said(), EVERY)
    assert added is not None
    assert (added.value, added.accepted) == (NAME, False)
    assert added.confidence <= NEVER_ABOVE
    assert added.source is not None
    assert added.why == ("规则未读出，据学习所得",)


def test_a_name_on_which_both_agree_is_as_sure_as_it_was_read_and_no_surer():
    assert weigh(found(by=0.8), said(), EVERY).accepted
    doubtful = weigh(found(sure=0.7), said(sure=0.7), EVERY)
    assert (doubtful.confidence, doubtful.accepted) == (0.7, False)


def test_a_check_that_failed_outweighs_agreement():
    failed = found(by=1.0).lowered(0.4, "大小写不一致")
    assert weigh(failed, said(), EVERY) == failed


def test_a_name_on_which_they_differ_is_left_to_a_person_with_both_readings():
    doubted = weigh(found(by=1.0), said(OTHER), EVERY)
    assert (doubted.value, doubted.accepted) == (NAME, False)
    assert OTHER in doubted.why[-1]


def test_a_doubtful_name_gives_way_to_the_models_for_a_person_to_look_at():
    replaced = weigh(found(OTHER), said(), EVERY)
    assert (replaced.value, replaced.accepted) == (NAME, False)
    assert replaced.confidence <= NEVER_ABOVE
    assert OTHER in replaced.why[-1]


@pytest.mark.parametrize("model", [said(OTHER, likelihood=0.6), said("某某电气有限公司")])  # a faint word; a part of the rules' name
@pytest.mark.parametrize("by", [1.0, 0.8])
def test_what_doesnt_speak_against_a_name_leaves_it(model: Said, by: float):
    assert weigh(found(by=by), model, EVERY) == found(by=by)


@pytest.mark.parametrize(("rules", "model"), [(None, said()), (found(), said()), (found(by=1.0), said(OTHER)), (found(), None), (None, None)])
def test_what_isnt_trusted_changes_nothing(rules: Field | None, model: Said | None):
    assert weigh(rules, model, Trust()) == rules
