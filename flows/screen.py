"""What a person sees in a terminal: a progress bar while a batch runs, the triage table at its end.

The bar goes to standard error, the table to standard output. Where standard error is no terminal, plain lines take the bar's place; on request it is a line of JSON
a submission, for programs that show the progress themselves.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as RichProgress
from rich.table import Table
from rich.text import Text

from flows.pace import Pace
from flows.report import Done, Report
from models.claim import Claim, Triage
from pipeline.wording import TRACK, TRIAGE

if TYPE_CHECKING:
    from pipeline.store.progress import Progress

COLOURS = {Triage.INELIGIBLE: "red", Triage.SUPPLEMENT: "yellow", Triage.REVIEW: "cyan", Triage.CLEAR: "green"}
PLAIN_EVERY = 15.0  # seconds between two lines where there is no terminal


How = Literal["auto", "plain", "json"]


class Bar:
    """Submissions done, pages a second, time left. Use as a context manager; call with each finished submission.

    how: "auto" draws a bar in a terminal and prints plain lines now and then elsewhere, "plain" prints lines anywhere, "json" a line of JSON for each submission.
    """

    def __init__(self, submissions: int, how: How = "auto", console: Console | None = None) -> None:
        self._pace = Pace(submissions)
        self._how = how
        self._told = time.monotonic()
        self._console = console or Console(stderr=True)
        self._drawn = how == "auto" and self._console.is_terminal
        self._bar = RichProgress(
            TextColumn("处理申报"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[speed]}"), TextColumn("{task.fields[left]}"),
            console=self._console, disable=not self._drawn, transient=True,
        )
        self._task = self._bar.add_task("", total=submissions, speed="", left="")

    def __enter__(self) -> Bar:
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bar.stop()

    def __call__(self, done: Done) -> None:
        now = time.monotonic()
        self._pace.end(now, done.pages.all, done.seconds, done.unchanged)
        if self._how == "json":
            self._print(json.dumps(self._event(done), ensure_ascii=False))
        elif self._drawn:
            self._bar.update(self._task, advance=1, speed=self._speed(), left=self._left())
        elif now - self._told > PLAIN_EVERY or not self._pace.left:
            self._print("，".join(filter(None, (f"已完成 {self._pace.done}/{self._pace.submissions}", self._speed(), self._left()))))
            self._told = now

    def _print(self, line: str) -> None:
        self._console.print(line, highlight=False, markup=False, soft_wrap=True)

    def _event(self, done: Done) -> dict[str, Any]:
        """One finished submission for programs: seconds left is null where that can't be told yet."""
        speed, left = self._pace.pages_a_second, self._pace.seconds_left
        return {
            "submission_id": done.claim.submission_id, "outcome": "failed" if done.failure else done.claim.triage.value, "unchanged": done.unchanged, "pages": done.pages.all,
            "seconds": round(done.seconds, 2), "done": self._pace.done, "of": self._pace.submissions,
            "pages_a_second": None if speed is None else round(speed, 2), "seconds_left": None if left is None else round(left, 1),
        }

    def _speed(self) -> str:
        speed = self._pace.pages_a_second
        return "" if speed is None else f"{speed:.1f} 页/秒"

    def _left(self) -> str:
        left = self._pace.seconds_left
        if left is None:
            return ""
        hours, minutes = divmod(round(left) // 60, 60)
        return "预计剩余 " + (f"{hours} 小时 {minutes} 分" if hours else f"{minutes} 分 {round(left) % 60} 秒" if minutes else f"{left:.0f} 秒")


def triage_table(report: Report) -> Table:
    """A row a submission, the worst first: what it is, who filed it, what is wrong."""
    table = Table(title="初审结果", title_justify="left", show_lines=False, expand=False)
    for heading, least in (("申报编号", 10), ("类别", 8), ("申请单位", 16), ("结论", 10), ("事项", 30)):
        table.add_column(heading, min_width=least, overflow="fold")
    order = list(Triage)
    for claim in sorted(report.claims, key=lambda c: (order.index(c.triage), c.submission_id)):
        applicant = claim.fields.get("applicant_name")
        table.add_row(
            claim.submission_id, TRACK.get(claim.track or "", "未能识别"), applicant.text if applicant else "未读出",
            f"[{COLOURS[claim.triage]}]{TRIAGE[claim.triage]}[/]", _matters(claim),
        )
    return table


def _matters(claim: Claim) -> str:
    said = [flag.message for flag in claim.flags if flag.severity != "info"]
    said += [f"文件未能读取：{q.file}" for q in claim.quarantined]
    doubtful = [name for name, field in claim.fields.items() if not field.accepted]
    if not said and doubtful:
        said.append(f"{len(doubtful)} 项数值需人工确认")
    return "；".join(said[:3]) + (f"……等 {len(said)} 项" if len(said) > 3 else "")


def summary(report: Report) -> str:
    """One line of counts, in Chinese."""
    counts = Counter(claim.triage for claim in report.claims)
    parts = [f"{TRIAGE[t]} {counts[t]} 件" for t in Triage if counts[t]]
    pages = report.pages
    line = f"共 {len(report.done)} 件：" + "，".join(parts) + f"。{pages.all} 页（识别 {pages.read}，文本 {pages.text_layer}，空白 {pages.blank}，无法辨认 {pages.unreadable}）"
    unchanged = sum(d.unchanged for d in report.done)
    quarantined = sum(len(claim.quarantined) for claim in report.claims)
    if unchanged:
        line += f"，其中 {unchanged} 件未变化，沿用上次结果"
    if quarantined:
        line += f"；{quarantined} 个文件未能读取"
    if report.stray:
        line += f"；{len(report.stray)} 个文件不在任何申报文件夹内，未处理：{'、'.join(report.stray[:5])}"
    if report.fresh_pages:
        line += f"；用时 {report.seconds:.0f} 秒，每页 {report.seconds / report.fresh_pages:.2f} 秒"
    return line + "。"


def status_tables(progress: Progress) -> list[Table]:
    """Where a batch stands, then what failed and which files are dead, where there are any."""
    from pipeline.store.models import REASONS, State

    table = Table(title=f"批次 {progress.batch}（{progress.scheme}，{progress.year} 年）", title_justify="left", show_header=False)
    for state, number in progress.states.items():
        table.add_row(State(state).label, f"{number} 件")
    for queue, number in progress.triage.items():
        table.add_row(f"　{TRIAGE[queue]}", f"{number} 件")
    table.add_row("文件", f"{progress.files} 个，其中 {len(progress.dead_files)} 个未能读取")
    table.add_row("页", f"{progress.pages} = 已读 {progress.pages_read} + 空白 {progress.pages_blank} + 搁置 {progress.pages_aside}" + (f"，{progress.unaccounted} 页下落不明" if progress.unaccounted else ""))
    table.add_row("速度", "—" if progress.pages_a_second is None else f"{progress.pages_a_second:.2f} 页/秒")
    table.add_row("预计剩余", "—" if progress.seconds_left is None else f"{progress.seconds_left:.0f} 秒")
    tables = [table]
    for title, failures in (("处理失败", progress.failed), ("未能读取的文件", progress.dead_files)):
        if failures:
            tables.append(Table("申报编号", "文件", "原因", "详情", title=title, title_justify="left"))
            for one in failures:
                tables[-1].add_row(*(Text(text) for text in (one.submission_id, one.file, REASONS.get(one.reason, one.reason), one.detail)))
    return tables
