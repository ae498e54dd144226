"""The calibration plot: does confidence mean what it says, and what does accepting more cost?

In:    a fit with the chances of error of values left out of it, the share of silent errors allowed.
Out:   a PNG. Left: the share of errors seen over the chance of error said, with counts; right: silent errors over the share accepted, with the limit chosen.
matplotlib draws it; the Chinese characters come from the font that PyMuPDF carries, so that no system font is needed.
"""

from __future__ import annotations

import itertools
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pymupdf
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.ticker import FuncFormatter

from pipeline.accuracy.calibrate import Fitted, as_scored, outcome
from pipeline.calibration import LEAST_RISK, UNLUCKY, Standing, most_wrong, standing

INK, BEFORE, PALE = "#1f4e79", "#b5562a", "#8a97a3"
EDGES = (0.0, 0.0012, 0.002, 0.005, 0.01, 0.03, 0.1, 0.3, 1.0)  # of the chance of error, between which values are taken together
BOUND = f"{100 * (1 - UNLUCKY):g}%上限"
LEAST_SHOWN = LEAST_RISK / 8  # where no error was seen: an axis of logarithms has no nought


def draw(fitted: Fitted, allowed: float, file: Path) -> None:
    """Write the plot. allowed: share of accepted values that may be wrong."""
    with mpl.rc_context({"font.family": ["DejaVu Sans", _chinese()[1]], "font.size": 10, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(13, 6), dpi=120, layout="constrained")
        left, right = figure.subplots(1, 2)
        _reliability(left, fitted)
        _acceptance(right, fitted, allowed)
        figures = fitted.calibration.figures
        figure.suptitle(f"置信度校准：{figures.submissions}件申报，{figures.values}个值，其中错误{figures.wrong}个；校准误差 {figures.error:.4f}（均按未参与拟合的申报计）", fontsize=12)
        figure.savefig(file, format="png")


def _reliability(axes: Any, fitted: Fitted) -> None:
    """Said against seen, before (scores) and after, both axes by logarithm: most values are nearly sure."""
    axes.plot([LEAST_SHOWN, 1], [LEAST_SHOWN, 1], color=PALE, linewidth=1, linestyle=":", label="完全一致")
    after = [(risk, not v.right) for v, risk in zip(fitted.values, fitted.risks, strict=True)]
    before = [(max(LEAST_RISK, 1 - v.field.score), not v.right) for v in fitted.values]
    for said, colour, label, beside in ((before, BEFORE, "校准前（原始评分）", False), (after, INK, "校准后", True)):
        points = []
        for low, high in itertools.pairwise(EDGES):
            own = [(risk, wrong) for risk, wrong in said if low <= risk < high]
            if own:
                points.append((sum(r for r, _ in own) / len(own), sum(w for _, w in own), len(own)))
        seen = [max(LEAST_SHOWN, wrong / count) for _, wrong, count in points]
        if beside:
            up = [min(1.0, most_wrong(wrong) / count) - y for (_, wrong, count), y in zip(points, seen, strict=True)]
            axes.errorbar([x for x, _, _ in points], seen, yerr=[[0] * len(points), up], fmt="none", ecolor=colour, elinewidth=1, capsize=3, alpha=0.6)
            for n, ((x, wrong, count), y) in enumerate(zip(points, seen, strict=True)):
                axes.annotate(f"{wrong}/{count}", (x, y), textcoords="offset points", xytext=(6, -12 - 12 * (n % 2)), fontsize=8, color=colour)
        axes.plot([x for x, _, _ in points], seen, marker="o", markersize=5, linewidth=1.2, color=colour, label=label, alpha=1.0 if beside else 0.6)
    axes.set(xscale="log", yscale="log", xlim=(LEAST_RISK / 1.5, 1.3), ylim=(LEAST_SHOWN / 1.5, 1.3), xlabel="给出的出错概率（1 − 置信度）", ylabel=f"实际出错比例（最下为未见错误，误差线为{BOUND}）")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda x, _: f"{100 * x:g}%"))
    axes.set_title("可靠性：错误数/值数")
    axes.legend(loc="upper left", frameon=False)


def _acceptance(axes: Any, fitted: Fitted, allowed: float) -> None:
    """Silent errors and their upper bound as ever more is accepted; the limit chosen, and where the scores alone would have drawn it."""
    order = sorted((risk, not v.right) for v, risk in zip(fitted.values, fitted.risks, strict=True) if standing(v.field) is not Standing.DOUBTED)
    shares, silent, bounds, wrong = [], [], [], 0
    for n, (risk, is_wrong) in enumerate(order, 1):
        wrong += is_wrong
        if n == len(order) or order[n][0] > risk:  # equal ones are accepted together
            shares.append(100 * n / len(fitted.values))
            silent.append(100 * wrong / n)
            bounds.append(100 * most_wrong(wrong) / n)
    axes.plot(shares, bounds, color=INK, linewidth=1, linestyle="--", label=BOUND)
    axes.plot(shares, silent, color=INK, linewidth=1.6, label="已接受的值中错误的比例")
    axes.axhline(100 * allowed, color=PALE, linewidth=1, linestyle=":", label=f"目标 {100 * allowed:g}%")
    limit = fitted.calibration.limit(allowed)
    said = [(1 - risk, standing(v.field) is not Standing.DOUBTED and risk <= limit, v.right) for v, risk in zip(fitted.values, fitted.risks, strict=True)]
    for one, colour, marker, label in ((as_scored(fitted.values), BEFORE, "s", "校准前"), (outcome(said), INK, "o", f"校准后：置信度 ≥ {1 - limit:.4f}")):
        axes.plot([100 * one.accepted_rate], [100 * one.silent_rate], marker=marker, markersize=8, linestyle="none", color=colour,
            label=f"{label}，接受 {100 * one.accepted_rate:.1f}%，静默错误 {one.silent}/{one.accepted}")
    axes.set(xlabel="接受的比例（%）", ylabel="静默错误（%）", xlim=(0.9 * shares[0] if shares else 0, 101), ylim=(0, 100 * max(2.5 * allowed, 1.5 * as_scored(fitted.values).silent_rate)))
    axes.set_title("接受多少，错多少")
    axes.legend(loc="upper left", frameon=False)


@cache
def _chinese() -> tuple[tempfile.TemporaryDirectory[str], str]:
    """The Chinese font's name, known to matplotlib; its file lasts as long as the process."""
    folder = tempfile.TemporaryDirectory()
    file = Path(folder.name) / "cjk.ttf"
    file.write_bytes(pymupdf.Font("cjk").buffer)
    fontManager.addfont(str(file))
    return folder, FontProperties(fname=str(file)).get_name()
