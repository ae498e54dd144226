"""What a run did, in words for the person who started it: OUT/report.txt.

In:    the run's report, where the batch stands in the store, what was warned of on the way.
Out:   text: when, how many, what became of every page, what failed and why, what was tried again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING

from flows.plan import Plan
from flows.report import Report
from models.claim import Triage
from pipeline.wording import TRIAGE

if TYPE_CHECKING:
    from pipeline.store.progress import Failure, Progress

MOST = 200  # lines of a kind; the rest are counted
OURS = ("flows", "pipeline", "extractors", "matchers")


class Warnings(logging.Handler):
    """Keeps what our own modules warn of while it lasts: what was tried again, and why. A context manager."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{datetime.fromtimestamp(record.created).astimezone():%H:%M:%S} {' '.join(record.getMessage().split())[:300]}")

    def __enter__(self) -> Warnings:
        for name in OURS:
            logging.getLogger(name).addHandler(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for name in OURS:
            logging.getLogger(name).removeHandler(self)


def run_report(todo: Plan, report: Report, stands: Progress, warned: Sequence[str], began: datetime, ended: datetime) -> str:
    """The text. stands: where the batch stands after the run."""
    return "\n".join(_lines(todo, report, stands, warned, began, ended)) + "\n"


def _lines(todo: Plan, report: Report, stands: Progress, warned: Sequence[str], began: datetime, ended: datetime) -> Iterator[str]:
    unchanged = sum(done.unchanged for done in report.done)
    yield f"运行报告：批次 {stands.batch}（{stands.scheme}，{stands.year} 年）"
    yield f"开始 {began:%Y-%m-%d %H:%M:%S}，结束 {ended:%Y-%m-%d %H:%M:%S}，用时 {report.seconds:.0f} 秒，工作进程 {todo.workers} 个"
    yield f"申报：共 {len(report.done)} 件，本次处理 {len(report.done) - unchanged} 件，沿用上次结果 {unchanged} 件，处理失败 {len(report.failed)} 件"
    yield "结论：" + ("，".join(f"{TRIAGE[queue]} {stands.triage[queue]} 件" for queue in Triage if queue in stands.triage) or "无")
    yield f"文件：{stands.files} 个，其中 {len(stands.dead_files)} 个未能读取"
    pages = f"页：{stands.pages} = 已读 {stands.pages_read} + 空白 {stands.pages_blank} + 搁置 {stands.pages_aside}"
    yield pages + (f"；{stands.unaccounted} 页下落不明，请运行 intake doctor" if stands.unaccounted else "")
    if report.fresh_pages:
        yield f"速度：本次 {report.fresh_pages} 页，每页 {report.seconds / report.fresh_pages:.2f} 秒"
    if report.stray:
        yield f"不在任何申报文件夹内、未处理的文件：{'、'.join(report.stray)}"
    if report.insurer_failure:
        yield f"保险公司汇总表未能读取：{report.insurer_failure}"
    yield from _part("处理失败", [_failure(one) for one in stands.failed])
    yield from _part("未能读取的文件", [_failure(one) for one in stands.dead_files])
    yield from _part("运行中的重试和警告", warned)


def _failure(one: Failure) -> str:
    from pipeline.store.models import REASONS

    return "　".join(part for part in (one.submission_id, one.file, REASONS.get(one.reason, one.reason), one.detail) if part)


def _part(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"{title}（{len(lines)}）："
        yield from (f"  {line}" for line in lines[:MOST])
        if len(lines) > MOST:
            yield f"  ……等 {len(lines)} 条"
