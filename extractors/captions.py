"""Forms whose labels stand below their values, as captions: 某某公司 over （委托方全称）.

In:    a page as read.
Out:   the same page; where its labels are captions, each is one line with its value, the label before it as on other forms: 委托方全称：某某公司.
Fails: never; a page with few captions stays as it is.
Elsewhere: what the labels mean (extractors/papers). Captions are told from headings by what stands above and below them: a date over 日期, a company over 全称.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.layout.lines import same_row
from extractors.layout.pieces import fold
from models.geometry import hull
from models.page import Line, Page

_FEWEST = 3  # captions that have what they name above them, at least
_MOSTLY = 0.7  # of those that name a date, a number, an amount or a party
_NEAR = 3.5  # of a caption's height: how far above it its value ends at most
_ALIGNED = 0.025  # of the page's width: by how much middles or beginnings of the two may differ
_MOST = 14  # characters of a caption
_SHORT = 8  # of one that has a row to itself, and is no value
_BRACKETED = re.compile(r"[(（\[【](.*)[)）\]】]")
_GLOSS = re.compile(r"[(（][^（）()]*[)）]$")  # 合同总价（小写，元）
_KINDS = tuple(  # what captions end in, and what their values look like
    (re.compile(f"(?:{caption})$"), re.compile(value))
    for caption, value in (
        ("日期|时间|[期日自至]", r"(?:19|20)\d\d[年./\-]|二[〇○零OＯ]|^\d{8}$"),
        ("编号|号码|单号|账号|[证票函流]号|证字", r"\d{3}"),
        ("大写", r"[壹贰叁肆伍陆柒捌玖拾]"),
        ("小写|金额|总额|限额|总价|单价|价格|价款|费用", r"\d[\d,，]*\.\d|\d[,，]\d{3}|[¥￥]|\d元|[元圆角分][整正]?$"),
        ("费率|比例", r"[%％‰]|千分|万分"),
        ("数量|台数|件数", r"^\d"),
        ("型号|规格|版本", r"[A-Z]|\d"),
        ("单位|全称|简称|户名|网点|开户行|[方人]|用户|客户|企业|公司名称|单位名称", r"(?:公司|厂|局|院|所|中心|银行.*|支行|分社|社|学校|学院)$"),
    )
)
_ANYTHING = re.compile(r"(?:名称|品名|产品|险种|期限|结论|意见|内容|说明|用途|摘要|合同|代码|币种|备注|地址|电话|地点)$")
_VALUE = re.compile(r"[\d:：。；;]|(?:公司|厂|局|银行|支行|分社|中心)$")  # what no caption has


def with_captions_turned(page: Page) -> Page:
    """The page with each caption and its value as one line, at the value's place."""
    pairs = _pairs(page.lines)
    if len(pairs) < _FEWEST:
        return page
    told = sum(_kind(caption) is not None for _, caption in pairs)
    above = sum(_fits(value[-1], caption) for value, caption in pairs)
    below = sum(_fits(under, caption) for _, caption in pairs if (under := _next(caption, page.lines, below=True)) is not None)
    if above < max(_FEWEST, _MOSTLY * told) or above <= below:  # as many or more have it below them: headings
        return page
    turned: dict[int, list[Line]] = {}
    for value, caption in pairs:
        if any(id(line) in turned for line in (*value, caption)):  # two captions below one line: the first has it
            continue
        turned[id(value[0])] = [_joined(value, caption)]
        turned |= {id(line): [] for line in (*value[1:], caption)}
    return page.model_copy(update={"lines": tuple(new for line in page.lines for new in turned.get(id(line), [line]))})


def _pairs(lines: Sequence[Line]) -> list[tuple[list[Line], Line]]:
    """What may be captions, with the lines of their values: what ends as labels do, and what stands on a row with such."""
    near = [(above, line) for line in lines if _may_label(line.text) and (above := _next(line, lines)) is not None and not _labels(above, lines)]
    labels = [line for _, line in near if _is_label(line.text)]
    return [(_whole(above, lines, near), line) for above, line in near if any(line is v or same_row(line.box, v.box) for v in labels)]


def _bare(text: str) -> str:
    """A caption without the brackets around it or behind it."""
    folded = fold(text)[0]
    whole = _BRACKETED.fullmatch(folded)
    return _GLOSS.sub("", whole[1] if whole else folded)


def _may_label(text: str) -> bool:
    bare = _bare(text)
    return 1 < len(bare) <= _MOST and not _VALUE.search(bare) and bool(re.search(r"[\u4e00-\u9fff]", bare))


def _is_label(text: str) -> bool:
    return fold(text)[0].endswith(":") or (_may_label(text) and bool(_ANYTHING.search(_bare(text)) or any(caption.search(_bare(text)) for caption, _ in _KINDS)))


def _labels(line: Line, lines: Sequence[Line]) -> bool:
    """Whether a line is a label itself: as such it is short, or stands on a row with others."""
    if not _is_label(line.text) or line.text.rstrip().endswith((":", "：")):
        return _is_label(line.text)
    mates = [v for v in lines if v is not line and same_row(v.box, line.box)]
    return 2 * sum(_is_label(v.text) for v in mates) >= len(mates) if mates else len(_bare(line.text)) <= _SHORT


def _fits(value: Line, caption: Line) -> bool:
    """Whether a value looks like what its caption names."""
    look = _kind(caption)
    return bool(look and look.search(fold(value.text)[0]))


def _kind(caption: Line) -> re.Pattern[str] | None:
    """What a caption's value must look like; None where it may be anything."""
    return next((look for ends, look in _KINDS if ends.search(_bare(caption.text))), None)


def _next(caption: Line, lines: Sequence[Line], *, below: bool = False) -> Line | None:
    """The line right above a caption or right below it, in line with it."""
    box = caption.box
    column = [v for v in lines if v is not caption and min(v.box.x1, box.x1) - max(v.box.x0, box.x0) > 0.3 * min(v.box.width, box.width)]
    near = min((v for v in column if (v.box.cy > box.y1 if below else v.box.cy < box.y0)), key=lambda v: abs(v.box.cy - box.cy), default=None)
    if near is None or (near.box.y0 - box.y1 if below else box.y0 - near.box.y1) > _NEAR * box.height:
        return None
    return near if min(abs(near.box.cx - box.cx), abs(near.box.x0 - box.x0)) < _ALIGNED else None


def _whole(value: Line, lines: Sequence[Line], near: Sequence[tuple[Line, Line]]) -> list[Line]:
    """A value's lines, the first of which may stand above the one that was found."""
    box = value.box
    over = max((v for v in lines if v.box.cy < box.y0 and min(v.box.x1, box.x1) - max(v.box.x0, box.x0) > 0.5 * min(v.box.width, box.width)), key=lambda v: v.box.cy, default=None)
    if over is None or _labels(over, lines) or any(over is caption for _, caption in near) or box.y0 - over.box.y1 > 0.6 * box.height or over.box.height > 1.3 * box.height or over.box.width < box.width:
        return [value]
    return [over, value]


def _joined(value: Sequence[Line], caption: Line) -> Line:
    """Label, colon and value as one line where the value stands; its letters keep their places."""
    whole = _BRACKETED.fullmatch(caption.text.strip())
    label = (whole[1] if whole else caption.text.strip()) + "："
    start = value[0].box.x0
    known = len(value) == 1 and len(value[0].xs) == len(value[0].text)
    sure = all(len(v.sure) == len(v.text) for v in value)
    return Line(
        text=label + "".join(v.text for v in value), box=hull(v.box for v in value), confidence=min(caption.confidence, *(v.confidence for v in value)),
        xs=(*(start for _ in label), *value[0].xs) if known else (), sure=(*(caption.confidence for _ in label), *(s for v in value for s in v.sure)) if sure else (),
    )
