"""What `intake explain` reads and shows: a stored claim, its explanations as tables or JSON.

In:    the output folder of a run.  Out: the claim in full; rich renderables; JSON.
Fails: UsageError where the folder holds no such claim, naming the nearest.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from flows.workspace import Workspace
from models.claim import Claim
from models.errors import UsageError
from models.paper import PaperType
from pipeline.explain import AGREES, WON, Candidate, Check, Explanation
from pipeline.rules.words import PAPERS
from pipeline.store.settings import StoreSettings

COLOURS = {WON: "green", AGREES: "cyan"}


def stored_claim(out: Path, submission_id: str, settings: StoreSettings) -> Claim:
    """The claim in force of a finished run's submission. Raises UsageError where there is none, naming the nearest."""
    workspace = Workspace(out)
    asked = workspace.last_run()
    known = workspace.records(settings, asked).known_one(submission_id)
    if known is not None:
        return known.claim
    near = get_close_matches(submission_id, asked.submissions, n=3, cutoff=0.5)
    raise UsageError(f"{out} holds no claim {submission_id!r}. " + (f"Did you mean {', '.join(near)}?" if near else "Name a folder that intake run wrote: OUT/ID."))


def as_json(explanations: Sequence[Explanation]) -> str:
    """All of it, for programs."""
    return json.dumps([told.model_dump(mode="json") for told in explanations], ensure_ascii=False, indent=1)


def screen(told: Explanation) -> Iterator[RenderableType]:
    """A heading, what the papers say together, and a table with a row a candidate."""
    yield Text(f"{told.submission_id}  {told.label}（{told.target}）", style="bold")
    yield Text(f"取值：{told.value}    可信度：{told.confidence:.3f}" if told.value else "取值：无")
    yield Text(told.acceptance, style="green" if told.accepted else "yellow")
    if told.checks:
        yield Text("各份材料相互核对：" + "；".join(map(_check, told.checks)))
    if told.candidates:
        yield _table(told.candidates)
    yield Text("")


def _table(candidates: Sequence[Candidate]) -> Table:
    table = Table(show_lines=True, expand=False)
    for heading in ("结果", "材料", "值与印刷原文", "位置", "读取", "核对（依次）", "可信度", "理由"):
        table.add_column(heading, overflow="fold", justify="right" if heading == "可信度" else "left")
    for c in candidates:
        table.add_row(
            Text(c.verdict, style=COLOURS.get(c.verdict, "")), Text(f"{PAPERS[PaperType(c.document)]}\n{c.field}"), Text(c.value + (f"\n原文：{c.raw}" if c.raw and c.raw != c.value else "")),
            Text(_place(c)), Text(_reading(c)), Text("\n".join(map(_check, c.checks)) or "—"), f"{c.confidence:.3f}", Text(c.why))
    return table


def _place(c: Candidate) -> str:
    return f"{c.file}\n第{c.page}页\n" + (", ".join(f"{x:.3f}" for x in c.box) if c.box else "") if c.file else "—"


def _reading(c: Candidate) -> str:
    """How it was found and what its first confidence is made of: 字符 0.87 × 位置 0.97 × 格式 1.00 = 0.84."""
    parts = [c.found] if c.found else []
    if c.characters is not None and c.place is not None and c.fit is not None:
        parts.append(f"字符{c.characters:.2f}×位置{c.place:.2f}×格式{c.fit:.2f}={c.characters * c.place * c.fit:.2f}")
    if c.weak:
        parts.append("未读清：" + "、".join(f"{letter} {sure:.2f}" for letter, sure in c.weak))
    return "\n".join(parts) or "—"


def _check(check: Check) -> str:
    if check.before is None:
        return check.said
    sign = "↑" if check.after > check.before else "↓" if check.after < check.before else "→"
    return f"{check.said}（{check.before:.2f}{sign}{check.after:.2f}）"
