"""What `intake bench` shows: a table a set of pages, a table of stamps, a table of seals.

In:    a Report of flows/bench.py. Out: rich tables, and lines for what was left out. Figures that a reader doesn't give are dashes.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table

from flows.bench import ALL, Report, SetFigures, StampFigures
from flows.peers import KINDS, OWN

_SETS = {"clean": "清晰扫描件（200 dpi）", "poor": "劣质扫描件（120 dpi）"}
_CONDITIONS = {"red strong": "红章（浓）", "red pale": "红章（淡）", "dark red": "暗红章", "grey": "灰度扫描", "poor": "劣质扫描", "bilevel": "黑白传真", ALL: "合计"}


def absent(report: Report) -> Iterator[str]:
    """A line for each reader that isn't installed, and how to install it."""
    for name in report.absent:
        yield f"{KINDS[name].label} 未安装，不参与比较。安装：{KINDS[name].how}"


def tables(report: Report) -> Iterator[Table]:
    """All tables of a run."""
    yield from (_speed(one) for one in report.sets)
    if report.stamps:
        yield _stamps(report.stamps)
        if any(one.seals for one in report.stamps):
            yield _seals(report.stamps)


def _speed(figures: SetFigures) -> Table:
    stamped = f"，{figures.stamped} 页盖章" if figures.stamped else ""
    left_out = f"，{figures.left_out} 个文件不是扫描件，未计" if figures.left_out else ""
    table = _table(
        f"{_SETS.get(figures.name, figures.name)}：{figures.pages} 页{stamped}{left_out}",
        ("引擎", "页/秒", "秒/页", "× RapidOCR", "字符错误率", "关键值", "导入 秒", "加载 秒", "内存峰值 MB", "网络之外"),
    )
    for one in figures.engines:
        table.add_row(
            f"{KINDS[one.engine].label} {one.version}", f"{one.pages_per_second:.2f}", f"{one.seconds_a_page:.2f}", _number(one.times_rapidocr, 2), _percent(one.cer),
            f"{one.keys_found}/{one.keys}" if one.keys else "—", f"{one.import_seconds:.2f}", f"{one.load_seconds:.2f}", f"{one.peak_mb:.0f}", _percent(one.overhead),
        )  # fmt: skip
    return table


def _stamps(figures: list[StampFigures]) -> Table:
    engines = list(dict.fromkeys(one.engine for one in figures))
    table = _table("印章下的文字：字符错误率（盖章 / 无章 / 倍数）", ("情形", "字符", *(KINDS[name].label for name in engines)))
    for condition in dict.fromkeys(one.condition for one in figures):
        row = {one.engine: one for one in figures if one.condition == condition}
        shown = (f"{_percent(row[name].cer_stamped)} / {_percent(row[name].cer_bare)} / {_number(row[name].ratio, 1)}" for name in engines)
        table.add_row(_CONDITIONS.get(condition, condition), str(row[engines[0]].characters), *shown)
    return table


def _seals(figures: list[StampFigures]) -> Table:
    table = _table(f"印章（{KINDS[OWN].label}）", ("情形", "印章", "找到", "单位名称逐字读对", "归对企业", "归错企业", "无章页误报"))
    for one in figures:
        if one.seals:
            s = one.seals
            table.add_row(
                _CONDITIONS.get(one.condition, one.condition), str(s.seals), f"{s.found}/{s.seals}", f"{s.exact}/{s.seals}", f"{s.right}/{s.companies}",
                f"{s.wrong}/{s.companies}", f"{s.made_up}/{s.bare_pages} 页",
            )  # fmt: skip
    return table


def _table(title: str, headings: tuple[str, ...]) -> Table:
    table = Table(title=title, title_justify="left")
    for n, heading in enumerate(headings):
        table.add_column(heading, justify="left" if n == 0 else "right")
    return table


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{share:.2%}"


def _number(value: float | None, digits: int) -> str:
    return "—" if value is None else f"{value:.{digits}f}"

