"""The insurers' summary tables (汇总表): annexes 2, 3, 5 and 7 of the Ningbo measure, and tables that are headed alike.

In:    the pages of one table, ruled or not, on as many pages as it takes.
Out:   insurer_name; `rows` keyed by the annex's own column headings, money in yuan, empty cells absent; `total`: the row 合计; `annex`.
Fails: never; a table whose headings aren't recognised gives no rows.
Elsewhere: which claims should stand in it (pipeline/rules); tables in general (extractors/layout).
Source: ningbo-2020, 附件2, 3, 5, 7: the headings as printed there, without spaces and line breaks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from statistics import median

from rapidfuzz import fuzz

from extractors.confidence import confirmed, doubted
from extractors.fields import choose, make_field
from extractors.layout import NOTHING, Block, Piece, Span, blocks, ends_early, fold, in_rows, label_values, piece_of
from extractors.organisations import checked
from extractors.papers.base import Extracted, present
from extractors.rows import rows_of, running_text, slant, spans_of
from models.annexes import ANNEXES
from models.dates import find_dates
from models.field import Field
from models.geometry import Box
from models.numbers import plain
from models.page import Page
from models.paper import Kind, Row

INSURER = {"insurer_name": ("填报单位（承保保险公司）", "填报单位（保险公司）", "填报单位(承保保险公司)", "填报单位(保险公司)", "填报单位（承保机构）", "填报单位", "承保保险公司", "承保机构", "填报机构", "保险公司", "单位名称"),
           "_": ("填报时间", "填报日期", "单位", "金额单位", "制表人", "联系人", "联系电话")}
_TITLES: Mapping[int, re.Pattern[str]] = {3: re.compile(r"理赔情况汇总"), 5: re.compile(r"新材料.*汇总表"), 7: re.compile(r"软件.*汇总表"), 2: re.compile(r"(?:装备|首台).*汇总表")}
_UNIT = re.compile(r"单位[:：]?(?:人民币)?(?P<v>万元|千元|元)")
_ANNEX = re.compile(r"附(?:件|表)(?P<v>[1-9])")
_TOTAL = re.compile(r"^\d{0,2}(?:合计|总计|共计|小计)")


@dataclass(frozen=True)
class _Line:
    """A row of the table before its cells are parsed."""

    cells: Mapping[str, Piece]
    total: bool


def read_summary(pages: Sequence[Page], annexes: Sequence[int]) -> Extracted:
    """One summary table. annexes: those that it can be, told apart by title, number and headings."""
    text = running_text(pages[:1]).folded
    annex = _annex(text, annexes, pages)
    columns = ANNEXES[annex]
    lines = [_told_total(line, columns) for line in _lines(pages, tuple(columns))]
    unit = _unit(text, lines, columns)
    rows = [made for line in lines if not line.total and (made := _row(line.cells, columns, unit)) and len(made) > 1]
    totals = [_row(line.cells, {k: v for k, v in columns.items() if k not in ("序号", "投保企业名称", "企业名称", "所属地区")}, unit) for line in lines if line.total]
    rows, total = _summed([_rated(row, annex) for row in rows], totals[-1] if totals else {}, columns)
    hits = label_values(pages[:1], INSURER)
    insurer = choose("insurer_name", hits["insurer_name"], fits=lambda f: len(f.text) >= 4)
    return Extracted(fields=present(insurer_name=checked(insurer)), rows=rows, total=total, annex=annex)


def _unit(text: str, lines: Sequence[_Line], columns: Mapping[str, Kind]) -> str:
    """The unit of a table's amounts: what it says, else the annexes' 万元. No yuan has more than two decimals: then 元 is what was read of 万元."""
    found = _UNIT.search(text)
    said = found["v"] if found else "万元"
    amounts = [piece.folded for line in lines for heading, piece in line.cells.items() if columns.get(heading) is Kind.MONEY]
    return "万元" if said == "元" and any(_TEN_THOUSANDS.fullmatch(amount) for amount in amounts) else said


_TEN_THOUSANDS = re.compile(r"[¥￥]?[\d,]+\.\d{3,6}")


def _annex(text: str, annexes: Sequence[int], pages: Sequence[Page]) -> int:
    """Which annex a table is: by its title, else its number, else the headings that are its alone."""
    for number in annexes:
        if _TITLES[number].search(text[:200]):
            return number
    numbered = _ANNEX.search(text[:60])
    if numbered and int(numbered["v"]) in annexes:
        return int(numbered["v"])
    return max(annexes, key=lambda n: sum(_bare(h) in text for h in ANNEXES[n]) / len(ANNEXES[n]))


def _bare(heading: str) -> str:
    return re.sub(r"[(（].*?[)）]$", "", fold(heading)[0])


# ---------------------------------------------------------------- rows

_WHOSE = re.compile(r"企业名称|产品名称|材料名称|软件名称|保单号|证书编号|地区")


def _told_total(line: _Line, columns: Mapping[str, Kind]) -> _Line:
    """A row of amounts that names no company, product or policy sums up the others, though 合计 was not read."""
    amounts = sum(columns[h] is Kind.MONEY for h in line.cells)
    nobody = not any(_WHOSE.search(h) for h in line.cells) and not re.search(r"\d", line.cells.get("序号", NOTHING).folded)
    return replace(line, total=True) if amounts >= 2 and nobody else line


def _lines(pages: Sequence[Page], headings: Sequence[str]) -> list[_Line]:
    """The table's rows: by its rules where these were found, else by the numbers in its first column."""
    ruled: list[_Line] = []
    free: list[_Line] = []
    ruled_heads: dict[str, Box] = {}
    columns: dict[str, tuple[float, float]] = {}
    for page in pages:
        ruled_heads = _ruled_heads(page, headings) or ruled_heads
        ruled += _ruled_lines(page, ruled_heads)
        found, bottom = _columns(page, headings)
        columns = found if len(found) > len(headings) // 2 else columns
        if columns:
            free += _free_lines(page, columns, bottom if found else 0.0)

    def filled(lines: Sequence[_Line]) -> int:
        return sum(len(r.cells) for r in lines if not r.total)

    return ruled if filled(ruled) >= 0.8 * filled(free) else free


def _ruled_heads(page: Page, headings: Sequence[str]) -> dict[str, Box]:
    """The ruled columns by their headings, where more than half of these were found; one missing between two that are there is the room between them."""
    found: dict[str, tuple[float, Box]] = {}
    for block in blocks(page):
        if block.cell is None or not block.piece:
            continue
        for part, box in _headed(page, block, headings):
            text = _bare(part.text)
            score, heading = max(((fuzz.ratio(text, _bare(h)), h) for h in headings), default=(0.0, ""))
            if score >= 75 and score > found.get(heading, (0.0, box))[0]:
                found[heading] = (score, box)
    if len(found) <= len(headings) // 2:
        return {}
    out = {h: box for h, (_, box) in found.items()}
    left, right = min(c.box.x0 for c in page.cells), max(c.box.x1 for c in page.cells)
    top, bottom = min(b.y0 for b in out.values()), max(b.y1 for b in out.values())
    for n, heading in enumerate(headings):
        if heading in out:
            continue
        before = left if n == 0 else out[headings[n - 1]].x1 if headings[n - 1] in found else None
        after = right if n == len(headings) - 1 else out[headings[n + 1]].x0 if headings[n + 1] in found else None
        if before is not None and after is not None and after > before:
            out[heading] = Box(before, top, after, bottom)
    return out


def _headed(page: Page, block: Block, headings: Sequence[str]) -> list[tuple[Piece, Box]]:
    """A cell of the heading; where the rule between two headings wasn't found there, each with its own part of the cell, parted where most rows are."""
    known = {_bare(h) for h in headings}
    parts = _side_by_side(block.piece)
    if len(parts) < 2 or not all(_bare(p.text) in known for p in parts):
        return [(block.piece, block.box)]
    edges = [block.box.x0]
    for left, right in pairwise(parts):
        rules = Counter(round(c.box.x0, 3) for c in page.cells if left.box.x1 <= c.box.x0 <= right.box.x0)
        edges.append(rules.most_common(1)[0][0] if rules else (left.box.x1 + right.box.x0) / 2)
    edges.append(block.box.x1)
    return [(p, Box(x0, block.box.y0, x1, block.box.y1)) for p, (x0, x1) in zip(parts, pairwise(edges), strict=True)]


def _side_by_side(piece: Piece) -> list[Piece]:
    """A piece in parts that stand beside each other, from left to right, each of them perhaps in several lines."""
    parts: list[list[Span]] = []
    right = 0.0
    for span in sorted(piece.spans, key=lambda s: s.line.box.x0):
        if parts and span.line.box.x0 < right:
            parts[-1].append(span)
            right = max(right, span.line.box.x1)
        else:
            parts.append([span])
            right = span.line.box.x1
    return [Piece(tuple(sorted(part, key=lambda s: s.line.box.cy))) for part in parts]


def _ruled_lines(page: Page, heads: Mapping[str, Box]) -> list[_Line]:
    """Ruled rows below the headings, or all of a following page's: each line of text in the row and the column where its middle stands.

    Rows are bounded by what most of their cells are bounded by; that a cell was merged with its neighbour by mistake does no harm then.
    """
    if not heads:
        return []
    own = any(c.box.inside(box) > 0.9 and box.inside(c.box) > 0.9 for box in heads.values() for c in page.cells)
    bottom = median(box.y1 for box in heads.values()) - 0.003 if own else 0.0
    bands: dict[tuple[int, int], Counter[tuple[float, float]]] = {}
    for cell in page.cells:
        if cell.box.y0 > bottom:
            bands.setdefault((cell.table, cell.row), Counter())[round(cell.box.y0, 3), round(cell.box.y1, 3)] += 1
    out = []
    for (y0, y1), count in sorted(heights.most_common(1)[0] for heights in bands.values()):
        if count < len(heads) / 3:
            continue
        by_heading: dict[str, Piece] = {}
        for line in in_rows(v for v in page.lines if y0 < v.box.cy <= y1):
            over = max(heads, key=lambda h: min(line.box.x1, heads[h].x1) - max(line.box.x0, heads[h].x0))
            if min(line.box.x1, heads[over].x1) > max(line.box.x0, heads[over].x0):
                by_heading[over] = by_heading.get(over, NOTHING) + piece_of(page, line)
        if by_heading:
            text = "".join(fold(p.text)[0] for _, p in sorted(by_heading.items(), key=lambda e: heads[e[0]].x0))
            out.append(_Line(by_heading, bool(_TOTAL.match(text))))
    return out


def _columns(page: Page, headings: Sequence[str]) -> tuple[dict[str, tuple[float, float]], float]:
    """Left and right end of each heading found, and the bottom of the headings' band.

    A heading may be wrapped in its cell and several may have been read as one line: whole headings are cut out of the lines first, then what
    remains is taken for the beginnings and ends of those still missing.
    """
    band = _heading_band(page, headings)
    out: dict[str, tuple[float, float]] = {}
    rest: list[tuple[str, float, float]] = []
    by_length = sorted(headings, key=len, reverse=True)
    for span in band:
        text, at = fold(span.text)
        text = text.replace("（", "(").replace("）", ")")
        used = [False] * len(text)
        for heading in by_length:
            wanted = fold(heading)[0].replace("（", "(").replace("）", ")")
            start = text.find(wanted)
            if heading not in out and start >= 0 and not any(used[start : start + len(wanted)]):
                box = span.line.part(span.start + at[start], span.start + at[start + len(wanted) - 1] + 1)
                out[heading] = (box.x0, box.x1)
                used[start : start + len(wanted)] = [True] * len(wanted)
        for m in re.finditer(r"0+", "".join("1" if u else "0" for u in used)):
            box = span.line.part(span.start + at[m.start()], span.start + at[m.end() - 1] + 1)
            rest.append((text[m.start() : m.end()], box.x0, box.x1))
    for heading in headings:
        if heading not in out:
            wanted = fold(heading)[0].replace("（", "(").replace("）", ")")
            parts = [(x0, x1) for text, x0, x1 in rest if len(text) >= 2 and text in wanted and (wanted.startswith(text) or not any(text in fold(o)[0] for o in headings if o != heading))]
            if parts:
                out[heading] = (min(x0 for x0, _ in parts), max(x1 for _, x1 in parts))
    return out, max((s.line.box.y1 for s in band), default=0.0)


def _heading_band(page: Page, headings: Sequence[str]) -> list[Span]:
    """The lines of the heading: the row that holds most headings and what stands close above and below it."""
    rows = rows_of(spans_of(page))
    known = {_bare(h) for h in headings}
    scored = [(sum(k in fold(r.text)[0] for k in known), -i) for i, r in enumerate(rows)]
    best, at = max(scored, default=(0, 0))
    if best < 3:
        return []
    main = rows[-at]
    height = sorted(s.line.box.height for s in main.spans)[len(main.spans) // 2]
    return [s for r in rows for s in r.spans if abs(s.line.box.cy - main.cy) < 1.7 * height and not re.search(r"\d{2}|填报|单位[:：]", s.text)]


def _free_lines(page: Page, columns: Mapping[str, tuple[float, float]], top: float) -> list[_Line]:
    """Rows of a table whose rules weren't found: each number in the first column, in the middle of its row's height, makes a row."""
    order = sorted(columns.items(), key=lambda c: c[1])
    first = order[0][1]
    every = spans_of(page)
    slope = slant(every)

    def level(span: Span) -> float:
        return span.line.box.cy - slope * (span.line.box.cx - first[0])

    spans = [s for s in every if s.line.box.cy > top]
    anchors = sorted(level(s) for s in spans if re.fullmatch(r"\d{1,3}", fold(s.text)[0]) and s.line.box.x0 < first[1] + 0.01)
    sums = [level(s) for s in spans if _TOTAL.match(fold(s.text)[0]) or fold(s.text)[0] in ("合", "计")]
    anchors = sorted([*anchors, *_figure_levels(spans, order, level, [*anchors, *sums[:1]])])  # a row's number may not have been read
    middles = sorted([*anchors, *sums[:1]])
    if not middles:
        return []
    steps = sorted(b - a for a, b in pairwise(middles)) or [0.05]
    edges = [max(top, middles[0] - steps[len(steps) // 2])] + [(a + b) / 2 for a, b in pairwise(middles)] + [middles[-1] + steps[0] / 2]
    out = []
    for (upper, lower), middle in zip(pairwise(edges), middles, strict=True):
        own: dict[str, list[Span]] = {}
        for s in sorted((s for s in spans if upper < level(s) <= lower), key=lambda s: (level(s), s.line.box.x0)):
            own.setdefault(_column_at(s, order), []).append(s)
        out.append(_Line({k: Piece(tuple(v)) for k, v in own.items()}, middle not in anchors))
    return out


def _figure_levels(spans: Sequence[Span], order: Sequence[tuple[str, tuple[float, float]]], level: Callable[[Span], float], known: Sequence[float]) -> list[float]:
    """Levels at which three or more amounts stand side by side and that aren't known as rows."""
    amounts = sorted((s for s in spans if re.fullmatch(r"[\d,.]+", fold(s.text)[0]) and _AMOUNT_HEADING.search(_column_at(s, order))), key=level)
    out: list[float] = []
    for at, span in enumerate(amounts):
        height = span.line.box.height
        here = [s for s in amounts[at:] if level(s) - level(span) < 0.5 * height]
        if len(here) >= 3 and all(abs(level(span) - k) > height for k in (*known, *out)):
            out.append(sum(level(s) for s in here) / len(here))
    return out


_AMOUNT_HEADING = re.compile(r"金额|费率|数量")


def _column_at(span: Span, order: Sequence[tuple[str, tuple[float, float]]]) -> str:
    box = span.line.box
    overlap = [(min(box.x1, x1) - max(box.x0, x0), name) for name, (x0, x1) in order]
    return max(overlap)[1]


# ---------------------------------------------------------------- cells


def _row(cells: Mapping[str, Piece], columns: Mapping[str, Kind], unit: str) -> Row:
    out: Row = {}
    for heading, kind in columns.items():
        piece = cells.get(heading, NOTHING)
        made = make_field(heading, piece, unit if kind is Kind.MONEY else "", kind=kind) if piece else None
        if made is not None and (kind in (Kind.NAME, Kind.NUMBER, Kind.TEXT) and ends_early(piece)):
            made = doubted(made, "单元格下方可能有缺字")
        if made is not None:
            out[heading] = _period(made) if heading == "保险期限" else made
    return out


def _period(read: Field) -> Field:
    """A period as printed, its lost points put back; doubted where it doesn't hold two dates."""
    made = read.model_copy(update={"value": mended_period(read.text)})
    return made if len(find_dates(made.text)) == 2 or _MONTHS.match(made.text) else doubted(made, "不是完整的起止日期")


_MONTHS = re.compile(r"^(?:自|从)?20\d\d(?:年|[./-])\d{1,2}月?\D{1,4}(?:20\d\d(?:年|[./-]))?\d{1,2}月?(?:止|底)?$")
_PERIOD = re.compile(r"^(20\d\d)([.年/-]?)(\d\d?)[.月/-]?(\d\d?)日?([-—~至到]+)(20\d\d)[.年/-]?(\d\d?)[.月/-]?(\d\d?)日?$")


def mended_period(text: str) -> str:
    """A period in figures with the points that recognition lost at a line's end put back: 2020.04.01-202103.31 -> 2020.04.01-2021.03.31."""
    found = _PERIOD.match(text)
    if not found or found[2] not in (".", "/") or len(found[4]) != 2 or len(found[8]) != 2 or len(found[7]) != 2:
        return text
    mark = found[2]
    return f"{found[1]}{mark}{found[3]}{mark}{found[4]}{found[5]}{found[6]}{mark}{found[7]}{mark}{found[8]}"


_INSURED = {2: ("保险合同金额", "保费金额"), 3: ("保险合同金额", "保费总金额"), 5: ("保险金额", "保费金额")}  # sum insured and premium, of which the rate is the ratio


_PROVEN = 0.97  # confidence of a rate that sum and premium prove
_USUAL_RATE = 5  # percent; the schemes allow 3, what is above this has mostly lost its point


def _rated(row: Row, annex: int) -> Row:
    """The row with its rate held against premium and sum insured: sure where they agree, doubted where they don't."""
    rate = next((h for h in row if h.startswith("保险费率")), "")
    names = _INSURED.get(annex, ())
    if rate and (row[rate].decimal or 0) > _USUAL_RATE:
        row = row | {rate: doubted(row[rate], "费率异常，可能漏读小数点")}
    if not rate or any(n not in row for n in names) or not names:
        return row
    insured, premium, percent = row[names[0]].decimal, row[names[1]].decimal, row[rate].decimal
    if insured is None or premium is None or percent is None:
        return row
    if abs(insured * percent / 100 - premium) <= Decimal("0.5"):
        return row | {h: confirmed(row[h], "金额×费率=保费") for h in (*names, rate)}
    right = next((percent / step for step in (10, 100, 1000) if abs(insured * percent / step / 100 - premium) <= Decimal("0.5")), None)
    if right is not None and "." not in row[rate].raw:
        return row | {rate: row[rate].corrected(plain(right.normalize()), _PROVEN, True, f"据金额×费率=保费更正（小数点），印刷读作{row[rate].text}")}
    return row | {h: doubted(row[h], "金额×费率与保费不符") for h in (*names, rate)}


def _summed(rows: Sequence[Row], total: Row, columns: Mapping[str, Kind]) -> tuple[list[Row], Row]:
    """Amounts held against the row of totals: a column that adds up is sure; in one that doesn't a person looks at the total."""
    made, sums = [dict(r) for r in rows], dict(total)
    for heading, kind in columns.items():
        if kind is not Kind.MONEY or heading not in sums:
            continue
        values = [r[heading].decimal for r in made if heading in r]
        if len(values) != len(made) or not values or any(v is None for v in values):
            continue
        if sum(v for v in values if v is not None) == sums[heading].decimal:
            for r in made:
                r[heading] = confirmed(r[heading], "与合计相符")
            sums[heading] = confirmed(sums[heading], "与各行之和相符")
        else:
            sums[heading] = doubted(sums[heading], "与各行之和不符")
    return made, sums
