"""What a score is worth: curves, standing, the share of silent errors allowed; how a fit is made of truth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from models.claim import Claim
from models.errors import CalibrationInvalid
from models.field import Field
from models.paper import Buyer, Paper, PaperType, Part
from pipeline.accuracy.calibrate import Value, bins, calibration_error, fit, left_out, outcome, settled, values_of
from pipeline.calibration import LEAST_RISK, Acceptance, Calibration, Figures, Point, Standing, Step, between, load, most_wrong, standing

DAY = date(2021, 1, 31)
FIGURES = Figures(submissions=2, values=10_000, wrong=12, error=0.001)


def made(**changed: object) -> Calibration:
    """A fit: unchecked values are wrong once in 50 at 0.5, once in 1000 at 1.0; names twice as often, on invoices half as often."""
    parts = {
        "reader": "2 ppocrv6-openvino tiny bf16=True seals=True", "fitted": DAY, "figures": FIGURES,
        "curves": {
            Standing.BORNE_OUT: (Point(0.9, 0.001),),
            Standing.UNCHECKED: (Point(0.5, 0.02), Point(0.9, 0.01), Point(1.0, 0.001)),
            Standing.DOUBTED: (Point(0.9, 0.0016),),
        },
        "kinds": {"name": 2.0}, "types": {"sales_invoice": 0.5},
        "steps": (Step(0.001, 6000, 0), Step(0.004, 9000, 6), Step(0.03, 9900, 40)),
    }
    return Calibration.model_validate(parts | changed)


def scored(score: float, borne_out: bool | None = None, value: str = "1") -> Field:
    return Field(value=value, confidence=score, accepted=score >= 0.9, borne_out=borne_out)


@pytest.mark.parametrize(("score", "risk"), [(0.1, 0.02), (0.5, 0.02), (0.7, 0.015), (0.9, 0.01), (0.95, 0.0055), (1.0, 0.001)])
def test_a_curve_is_straight_between_its_points_and_level_beyond(score: float, risk: float) -> None:
    assert between(made().curves[Standing.UNCHECKED], score) == pytest.approx(risk)


@pytest.mark.parametrize(
    ("where", "name", "risk"),
    [("insurance_policy", "premium", 0.01), ("insurance_policy", "insurer_name", 0.02), ("sales_invoice", "total_amount", 0.005), ("sales_invoice", "buyer_name", 0.01)],
)
def test_kind_and_paper_type_multiply_the_chance_of_error(where: str, name: str, risk: float) -> None:
    assert made().risk(where, name, scored(0.9)) == pytest.approx(risk)


def test_nothing_is_quite_sure() -> None:
    assert made(kinds={"money": 0.0001}).risk("insurance_policy", "premium", scored(1.0)) == LEAST_RISK


@pytest.mark.parametrize(
    ("moved", "expected"),
    [
        (lambda f: f, Standing.UNCHECKED),
        (lambda f: f.raised(0.97, "相符"), Standing.BORNE_OUT),
        (lambda f: f.lowered(0.4, "不符"), Standing.DOUBTED),
        (lambda f: f.lowered(0.4, "不符").raised(0.99, "相符"), Standing.BORNE_OUT),
        (lambda f: f.raised(0.99, "相符").lowered(0.4, "不符"), Standing.DOUBTED),
    ],
)
def test_the_last_check_has_the_word(moved, expected: Standing) -> None:
    assert standing(moved(scored(0.8))) is expected


@pytest.mark.parametrize(
    ("seen", "most"), [(0, 2.303), (1, 3.890), (2, 5.322), (5, 9.275), (20, 27.045)])  # the one-sided 90 % bounds of any table of Poisson's distribution
def test_the_most_errors_to_expect(seen: int, most: float) -> None:
    assert most_wrong(seen) == pytest.approx(most, abs=0.001)


@pytest.mark.parametrize(
    ("allowed", "limit"),
    [
        (0.0003, 0.0),  # 2.3 of 6000 are 0.04 %
        (0.001, 0.001),
        (0.002, 0.004),  # 10.5 of 9000 are 0.12 %
        (0.006, 0.03),  # 50 of 9900 are 0.50 %
    ],
)
def test_the_limit_is_the_highest_that_keeps_to_the_share_even_if_unlucky(allowed: float, limit: float) -> None:
    assert made().limit(allowed) == limit


def test_the_least_share_that_a_fit_can_vouch_for() -> None:
    assert made().least() == pytest.approx(2.303 / 6000, rel=1e-3)
    assert made().limit(made().least()) > 0
    assert made(steps=()).least() == 1.0


def test_a_rare_value_may_not_be_much_more_doubtful_than_the_share() -> None:
    """60 values at 5 % would be lost among 9000 good ones: five times the share is the most."""
    assert made(steps=(Step(0.001, 9000, 0), Step(0.05, 9060, 3))).limit(0.002) == 0.01


def test_a_settled_claim_keeps_its_scores_and_accepts_no_failed_check() -> None:
    fields = {"premium": scored(0.97), "policy_number": scored(0.99, True), "sum_insured": scored(0.95, False), "insurer_name": scored(0.5)}
    paper = Paper(type=PaperType.INSURANCE_POLICY, parts=(Part(file="a.pdf", pages=(1,)),), fields=fields, extra={"amount_in_words": scored(0.8)})
    claim = Claim(submission_id="T-1", scheme="s", track=None, papers=(paper,), fields=fields, buyers=(Buyer(name=scored(0.99, True)),))
    out = Acceptance(made(), 0.002).settle(claim)
    for shown in (out.papers[0].fields, out.fields):
        assert {name: f.accepted for name, f in shown.items()} == {"premium": True, "policy_number": True, "sum_insured": False, "insurer_name": False}
        assert {name: f.score for name, f in shown.items()} == {name: f.confidence for name, f in fields.items()}
        assert {name: f.confidence for name, f in shown.items()} == {"premium": 0.9963, "policy_number": 0.999, "sum_insured": 0.9984, "insurer_name": 0.96}
    assert out.buyers[0].name is not None
    assert out.buyers[0].name.confidence == 0.998
    assert out.buyers[0].quantity is None
    assert out.papers[0].extra == paper.extra
    assert Acceptance(made(), 0.002).settle(out) == out


def test_checks_go_on_from_the_score() -> None:
    value = scored(0.8).model_copy(update={"scored": 0.8, "confidence": 0.97})
    assert (value.raised(0.9, "相符").confidence, value.lowered(0.85, "不符").confidence, value.as_read) == (0.9, 0.8, 0.8)


@pytest.mark.parametrize(
    ("reader", "fits"),
    [
        ("2 ppocrv6-openvino tiny bf16=True seals=True", True),
        ("2 ppocrv6-onnxruntime tiny bf16=False seals=True", True),
        ("3 ppocrv6-openvino tiny bf16=True seals=True", False),
        ("2 ppocrv6-paddle tiny bf16=True seals=True", False),
        ("2 ppocrv6-openvino small bf16=True seals=True", False),
    ],
)
def test_a_fit_is_for_one_reader_on_any_machine(reader: str, fits: bool) -> None:
    assert made().fits(reader) is fits


def test_the_shipped_fit_accepts_what_checks_bore_out_and_little_else_that_is_doubtful() -> None:
    own = load()
    limit = own.limit(0.002)
    assert own.risk("insurance_policy", "premium", scored(0.99, True)) <= limit < own.risk("insurance_policy", "premium", scored(0.6))
    for curve in own.curves.values():
        assert all(left.score < right.score and left.risk >= right.risk for left, right in pairwise(curve))


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"reader": "2"}'])
def test_a_file_that_is_no_fit_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "fit.json").write_text(content)
    with pytest.raises(CalibrationInvalid, match=r"fit\.json"):
        load(tmp_path / "fit.json")
    with pytest.raises(CalibrationInvalid, match=r"none\.json"):
        load(tmp_path / "none.json")


# ---------------------------------------------------------------- fitting


@dataclass(frozen=True)
class Lot:
    """Values alike: `wrong` of every `count` are wrong."""

    score: float
    count: int
    wrong: int
    name: str = "address"
    where: str = "business_licence"
    borne_out: bool | None = None


LOTS = (Lot(0.99, 1000, 0), Lot(0.97, 500, 0, borne_out=True), Lot(0.95, 300, 1), Lot(0.7, 100, 20), Lot(0.4, 50, 10, borne_out=False))


def drawn(*lots: Lot, submissions: int = 24, batches: int = 3) -> list[Value]:
    """The lots' values, dealt out to submissions."""
    return [
        Value(f"b{n % submissions % batches}", f"S-{n % submissions}", lot.where, lot.name, scored(lot.score, lot.borne_out), n * lot.wrong % lot.count >= lot.wrong or lot.wrong == 0)
        for lot in lots for n in range(lot.count)
    ]  # fmt: skip


def test_a_fit_finds_the_shares_of_errors() -> None:
    values = drawn(*LOTS)
    fitted = fit(values, "2", DAY).calibration
    assert sum(not v.right for v in values) == fitted.figures.wrong == 31
    assert fitted.risk("business_licence", "address", scored(0.7)) == pytest.approx(0.2, abs=0.03)
    assert fitted.risk("business_licence", "address", scored(0.4, False)) == pytest.approx(0.2, abs=0.05)
    assert fitted.risk("business_licence", "address", scored(0.99)) < 0.002
    assert fitted.figures.error < 0.01


def test_no_errors_seen_is_not_no_errors() -> None:
    fitted = fit(drawn(Lot(0.99, 100, 0)), "2", DAY).calibration
    assert 0.002 < fitted.risk("business_licence", "address", scored(0.99)) < 0.01
    assert fitted.risk("business_licence", "address", scored(0.99, False)) > 0.3
    assert fitted.limit(0.002) == 0.0


def test_a_higher_score_is_never_less_sure() -> None:
    """Ten values at 0.98 of which one is wrong say less than a thousand at 0.96."""
    fitted = fit(drawn(Lot(0.96, 1000, 1), Lot(0.98, 10, 1), Lot(0.99, 500, 1), Lot(0.6, 30, 9)), "2", DAY).calibration
    risks = [fitted.risk("business_licence", "address", scored(score / 100)) for score in range(50, 101)]
    assert all(left > right - 1e-9 for left, right in pairwise(risks))
    assert risks[0] > 20 * risks[-1]


def test_a_kind_that_errs_more_is_less_sure_and_few_values_say_little() -> None:
    values = drawn(Lot(0.99, 2000, 2), Lot(0.99, 500, 20, name="buyer_name"), Lot(0.99, 5, 1, name="quantity"))
    kinds = fit(values, "2", DAY).calibration.kinds
    assert kinds["name"] > 2.0 > kinds["quantity"] > 1.0 > kinds["text"]


def test_what_is_accepted_keeps_to_its_share_on_batches_left_out() -> None:
    values = drawn(*(Lot(lot.score, 5 * lot.count, 5 * lot.wrong, borne_out=lot.borne_out) for lot in LOTS))
    at = left_out(values, (0.002, 0.005), "2", DAY)
    assert at[0.002].silent_rate <= 0.002
    assert at[0.002].accepted_rate >= 0.7
    assert at[0.005].accepted >= at[0.002].accepted
    assert at[0.002].error < 0.02


@pytest.mark.parametrize("submissions", [0, 1])
def test_one_submission_is_too_little_to_fit_on(submissions: int) -> None:
    with pytest.raises(CalibrationInvalid):
        fit(drawn(Lot(0.9, 10 * submissions, 1), submissions=1), "2", DAY)


def test_calibration_error_is_the_contract_s() -> None:
    """Two bins: 3 values at 0.95 of which 2 are right, 1 at 0.25 that is wrong: (|2.85 - 2| + 0.25) / 4."""
    said = [(0.95, True), (0.95, True), (0.95, False), (0.25, False)]
    assert calibration_error(said) == pytest.approx((0.85 + 0.25) / 4)
    assert [tuple(b) for b in bins(said)] == [(1, 0.25, 0), (3, pytest.approx(0.95), 2)]
    assert calibration_error([]) == 0.0


def test_a_silent_error_is_a_wrong_value_accepted() -> None:
    made = outcome([(0.9, True, True), (0.9, True, False), (0.5, False, False), (0.5, False, True)])
    assert (made.accepted_rate, made.silent, made.silent_rate) == (0.5, 1, 0.5)


def test_settled_values_say_what_a_claim_would() -> None:
    values = [Value("b", "S", "insurance_policy", "premium", scored(0.97), True), Value("b", "S", "insurance_policy", "premium", scored(0.97, False), False)]
    assert settled(made(), 0.002, values) == [(pytest.approx(0.9963), True, True), (pytest.approx(0.9984), False, False)]


def test_values_are_held_against_truth_paper_by_paper() -> None:
    number = scored(0.9, value="123")
    paper = Paper(type=PaperType.INSURANCE_POLICY, parts=(Part(file="a.pdf", pages=(1, 2)),), fields={"policy_number": number, "premium": scored(0.9, value="5.00")})
    copy = paper.model_copy(update={"parts": (Part(file="b.pdf", pages=(1, 2)),)})
    claim = Claim(submission_id="T-1", scheme="s", track=None, papers=(paper, copy), fields={"policy_number": number})
    truth = {
        "submission_id": "T-1",
        "documents": [
            {"type": "insurance_policy", "file": "a.pdf", "pages": [1, 2], "fields": {"policy_number": {"value": "１２３"}, "premium": {"value": "6"}}},
            {"type": "other", "repeat_type": "insurance_policy", "file": "b.pdf", "pages": [1, 2], "fields": {}},
        ],
        "fields": {"policy_number": {"value": "124", "any_of": ["123", "124"]}},
    }
    seen = [(v.where, v.name, v.right) for v in values_of("batch", claim, truth)]
    assert seen == [("insurance_policy", "policy_number", True), ("insurance_policy", "premium", False), ("claim", "policy_number", True)]
