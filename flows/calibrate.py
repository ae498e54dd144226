"""Fit confidence on finished runs whose truth is known.

In:    output folders of `intake run`, and for each a folder of truth: <id>.json, or corrected claims as <id>/claim.json.
Out:   the fit as a file, its plot beside it; the figures.
Fails: UsageError where a folder holds no run or no truth for it, CalibrationInvalid where what there is doesn't make a fit.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from rich.table import Table

from flows.workspace import Workspace, write_text
from models.errors import CalibrationInvalid, UsageError
from pipeline.accuracy.calibrate import TARGETS, Fitted, Outcome, Value, as_scored, fit, left_out, outcome, settled, values_of
from pipeline.calibration import Calibration
from pipeline.store.settings import StoreSettings


class Measured(NamedTuple):
    """A fit and what it does. before: by scores alone; inside: on what it was fitted on; outside: on batches left out, both by share of silent errors allowed."""

    fitted: Fitted
    before: Outcome
    inside: Mapping[float, Outcome]
    outside: Mapping[float, Outcome]

    def figures(self, allowed: float) -> dict[str, Any]:
        """As the command's last line tells them."""
        made = self.fitted.calibration
        return {
            "submissions": made.figures.submissions, "values": made.figures.values, "wrong": made.figures.wrong, "reader": made.reader,
            "silent_errors_allowed": allowed, "accepted_from_confidence": round(1 - limit, 4) if (limit := made.limit(allowed)) else None,
            "least_silent_errors": round(made.least(), 5), "calibration_error": made.figures.error, "before": self.before.figures(),
            "fitted_on": {f"{share:g}": one.figures() for share, one in self.inside.items()},
            "left_out": {f"{share:g}": one.figures() for share, one in self.outside.items()},
        }


def calibrate(pairs: Sequence[tuple[Path, Path]], file: Path, allowed: float, store: StoreSettings) -> Measured:
    """Fit on the claims of all pairs of output and truth, write the fit to `file` and its plot beside it.

    allowed: share of accepted values that may be wrong, which the plot and the figures are for.
    """
    from pipeline.accuracy.calibration_plot import draw  # matplotlib takes a second to import

    readers = {Workspace(out).last_run().reader for out, _ in pairs}
    if len(readers) > 1 or "" in readers:
        raise CalibrationInvalid(f"The runs were read by different or unknown versions of the reader ({', '.join(sorted(readers))}). Run intake run on them again, then this command.")
    reader, day = readers.pop(), datetime.now(UTC).date()
    values = [value for out, truth in pairs for value in _values(out, truth, store)]
    fitted = fit(values, reader, day)
    shares = sorted({*TARGETS, allowed})
    inside = {share: outcome(settled(fitted.calibration, share, values)) for share in shares}
    measured = Measured(fitted, as_scored(values), inside, left_out(values, shares, reader, day))
    write_text(file, _as_text(fitted.calibration))
    draw(fitted, allowed, file.with_suffix(".png"))
    return measured


def _values(out: Path, truth: Path, store: StoreSettings) -> Iterator[Value]:
    found = 0
    workspace = Workspace(out)
    for claim in workspace.records(store, workspace.last_run()).as_read():
        known = next((path for path in (truth / f"{claim.submission_id}.json", truth / claim.submission_id / "claim.json") if path.exists()), None)
        if known is not None:
            found += 1
            yield from values_of(str(out), claim, json.loads(known.read_text("utf-8")))
    if not found:
        raise UsageError(f"{truth} holds no truth for any submission of {out}. Name a folder that holds <id>.json or <id>/claim.json for them.")


def _as_text(made: Calibration) -> str:
    """JSON, a line a table row, so that two fits can be compared line by line."""
    return json.dumps(made.model_dump(mode="json"), ensure_ascii=False, indent=1).replace("\n   ", " ").replace("\n  ]", " ]") + "\n"


def table_of(measured: Measured) -> Table:
    """What is accepted and what goes wrong, before and after, by share of silent errors allowed."""
    table = Table("", "目标", "接受", "静默错误", "占已接受", "校准误差", title="置信度校准", title_justify="left")
    rows: list[tuple[str, float | None, Outcome]] = [("校准前（原始评分）", None, measured.before)]
    rows += [(label, share, one) for label, part in (("校准后，拟合所用", measured.inside), ("校准后，留出", measured.outside)) for share, one in part.items()]
    for label, share, one in rows:
        table.add_row(
            label, f"{100 * share:g}%" if share else "", f"{100 * one.accepted_rate:.2f}%", f"{one.silent}/{one.accepted}", f"{100 * one.silent_rate:.3f}%", f"{one.error:.4f}")
    return table
