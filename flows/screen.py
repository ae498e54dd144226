"""What a person sees in a terminal: a progress bar while a batch runs, the triage table at its end.

The bar goes to standard error, the table to standard output. Where standard error is no terminal, plain lines take the bar's place.
"""

from __future__ import annotations

import time
from collections import Counter
from types import TracebackType
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress
from rich.table import Table
from rich.text import Text

from flows.report import Done, Report
from models.claim import Claim, Triage
from pipeline.wording import TRACK, TRIAGE

if TYPE_CHECKING:
    from pipeline.store.progress import Progress

COLOURS = {Triage.INELIGIBLE: "red", Triage.SUPPLEMENT: "yellow", Triage.REVIEW: "cyan", Triage.CLEAR: "green"}
PLAIN_EVERY = 15.0  # seconds between two lines where there is no terminal


class Bar:
    """Submissions done, pages a second, time left. Use as a context manager; call with each finished submission."""

    def __init__(self, submissions: int) -> None:
        self._all = submissions
        self._done = self._pages = 0
        self._started = self._told = time.monotonic()
        self._console = Console(stderr=True)
        self._bar = RichProgress(
            TextColumn("处理申报"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[speed]}"), TextColumn("剩余"), TimeRemainingColumn(),
            console=self._console, disable=not self._console.is_terminal, transient=True,
        )
        self._task = self._bar.add_task("", total=submissions, speed="")

    def __enter__(self) -> Bar:
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bar.stop()

    def __call__(self, done: Done) -> None:
        self._done += 1
        self._pages += 0 if done.unchanged else done.pages.all
        now = time.monotonic()
        speed = f"{self._pages / max(now - self._started, 1e-6):.1f} 页/秒"
        self._bar.update(self._task, advance=1, speed=speed)
        if not self._console.is_terminal and (now - self._told > PLAIN_EVERY or self._done == self._all):
            left = (now - self._started) / self._done * (self._all - self._done)
            self._console.print(f"已完成 {self._done}/{self._all}，{speed}，预计剩余 {left:.0f} 秒", highlight=False)
            self._told = now


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
