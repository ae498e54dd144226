"""A field's way from its reading to its confidence: steps in order, corrections that keep the print, candidates that lost."""

from __future__ import annotations

from models.field import MOST_OTHERS, Field, Region, Step
from models.geometry import Box


def field(value: str = "1", confidence: float = 0.8, page: int = 1) -> Field:
    return Field(value=value, raw=f"raw {value}", confidence=confidence, source=Region(file="a.pdf", page=page, box=Box(0, 0, 1, 1)))


def test_steps_tell_the_confidence_before_and_after_each_check() -> None:
    assert field().steps == ()
    checked = field().raised(0.97, "大小写一致").lowered(0.5, "材料之间不一致")
    assert checked.steps == (Step("大小写一致", 0.8, 0.97), Step("材料之间不一致", 0.97, 0.5))
    assert checked.why == ("大小写一致", "材料之间不一致")


def test_a_reason_given_from_the_outset_has_no_confidence_before_it() -> None:
    checked = Field(value="1", confidence=0.6, why=("2份合计",)).lowered(0.5, "不一致")
    assert checked.steps == (Step("2份合计", None, 0.6), Step("不一致", 0.6, 0.5))


def test_a_correction_keeps_print_and_place() -> None:
    made = field("POZB1", 0.7).corrected("PQZB1", 0.97, True, "据条码更正，印刷读作POZB1")
    assert (made.value, made.raw, made.confidence, made.accepted) == ("PQZB1", "raw POZB1", 0.97, True)
    assert made.source == field().source
    assert made.steps == (Step("据条码更正，印刷读作POZB1", 0.7, 0.97),)


def test_losers_are_kept_once_and_not_without_end() -> None:
    other = field("2")
    won = field().over([(other, "位置在后"), (field(), "它自己")]).over([(other, "位置在后")])
    assert [(o.value, o.why) for o in won.others] == [("2", "位置在后")]
    assert len(field().over((field("2", page=n), "位置在后") for n in range(20)).others) == MOST_OTHERS


def test_stored_and_read_again_it_is_the_same() -> None:
    made = field().over([(field("2"), "位置在后")]).raised(0.97, "一致")
    assert Field.model_validate_json(made.model_dump_json()) == made
