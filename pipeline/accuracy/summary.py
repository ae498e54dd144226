"""The figures of a scoring run as one line of JSON, the last that `make score` prints.

    python -m pipeline.accuracy.summary SCORE.json [BATCH.json]

SCORE.json is what the contract's scorer writes with --json; BATCH.json, the run's own, adds the time a page took.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

# flags that the first release answers for; the sums of the scorer's by_code over these
FIRST_CODES = (
    "missing_document", "missing_seal", "missing_field", "field_mismatch", "arithmetic_error", "rate_above_cap", "subsidy_above_limit", "premium_underpaid",
    "sum_insured_above_cap", "coverage_below_value", "related_party_buyer", "trader_buyer", "catalogue_no_match", "outside_window", "restricted_applicant",
)


def figures(score: dict[str, Any], batch: dict[str, Any] | None = None) -> dict[str, Any]:
    """The headline figures of a score, each F1 or rate 0 to 1."""
    documents, acceptance = score["document_fields"], score["acceptance"]
    codes = [score["flags"]["by_code"][code] for code in FIRST_CODES if code in score["flags"]["by_code"]]
    right, wrong, missed = (sum(code[key] for code in codes) for key in ("tp", "fp", "fn"))
    return {
        "submissions": score["submissions"]["found"],
        "pages_f1": score["pages"]["all"]["f1"],
        "key_facts_f1": documents["key_facts"]["f1"],
        "document_fields_f1": documents["all"]["f1"],
        "claim_fields_f1": score["claim_fields"]["all"]["f1"],
        "buyers_f1": score["buyers"]["f1"],
        "seals_f1": score["seals"]["f1"],
        "flags_f1": score["flags"]["micro"]["f1"],
        "first_codes_f1": 2 * right / (2 * right + wrong + missed) if right + wrong + missed else None,
        "catalogue_accuracy": score["catalogue"]["accuracy"],
        "triage_accuracy": score["triage"]["accuracy"],
        "accepted_rate": acceptance["accepted_rate"],
        "silent_error_rate": acceptance["silent_error_rate"],
        "calibration_error": acceptance["expected_calibration_error"],
        **({"seconds_a_page": batch["seconds"]["a_page"], "pages": batch["pages"]["all"]} if batch else {}),
    }


def main(score: str, batch: str = "") -> None:
    """Print the line for the files named."""
    read = figures(_json(score), _json(batch) if batch else None)
    print(json.dumps({name: round(value, 4) if isinstance(value, float) else value for name, value in read.items()}))


def _json(path: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(Path(path).read_text("utf-8"))
    return data


if __name__ == "__main__":
    main(*sys.argv[1:])
