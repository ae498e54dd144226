"""The name of the insurance: behind its label, in the title, or said in a letter.

In:    the policy's pages, hits of its label, what sentences say, the names of the covers.
Out:   its name, without what makes a title a paper's (保险单, 明细表).
Fails: None where none stands there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise
from statistics import median

from extractors.confidence import confirmed, doubted
from extractors.fields import choose, make_field
from extractors.layout import Hit, fold, in_rows, piece_of
from extractors.papers.insurance_policy.labels import LABELS
from models.field import Field
from models.page import Line, Page

_COPY = re.compile(r"(?:[(（](?:[正副]\s*本|电子|抄件|样本|复印|客户|保险公司|业务|第.联|留存|中文)\S{0,10}[)）]|[正副]本|ORIGINAL|COPY)+$")
_TITLE_TAILS = ("共同保险保险单", "共同保险单", "共保保险单", "共保保单", "共保保险凭证", "保险证书", "承保声明", "承保协议书", "承保协议", "保险协议书", "保险协议", "承保明细表", "保险单明细表", "保险单明细", "保险明细表", "明细表", "电子保险单", "电子保单", "保险单", "保险凭证", "保险合同", "投保单", "保单", "抄件", "条款", "单")


def _without_tail(title: str) -> str:
    """A title without what makes it a paper's: 综合保险保险单（正本） and 综合保险单 are both of 综合保险; "" where nothing is left."""
    core = _COPY.sub("", title)
    rest = [_SHARED.sub("", core.removesuffix(tail)) for tail in _TITLE_TAILS if core.endswith(tail)]
    return next((r for r in rest if _WHOLE_TITLE.search(r)), rest[0] if rest else core)


_SHARED = re.compile(r"[(（]共同?(?:承保|保险|保)[)）]$")  # 某某综合保险（共保）保险单
_WHOLE_TITLE = re.compile(r"(?<!电子保)险(?:\([^()]*\)|[A-Z]款)*$")  # 综合保险, 综合险A款, 综合保险（2020版)

_INSURES = r"(?:险|保障计划|保障方案)"  # what the name of an insurance holds; platforms sell 某某保障计划
_PRODUCT_TITLE = re.compile(rf"^(?P<t>[\u4e00-\u9fffA-Za-z0-9()（）、·\-“”\"+]{{2,50}}?{_INSURES}(?:[(（](?!以下|简称|下称|续|共|第)[^()（）:：]{{1,14}}[)）]|[A-Z]款|条款[(（](?:\d{{4}}[^()（）]{{0,6}}版|[A-Z甲乙丙丁]款?)[)）])?)(?:条款)?$")
_NO_INSURANCE = re.compile(r"[;；。!！?？:：]|应当|不得|按照|本保险|须|保险人|可以|有权|收到|约定|详见|^已")  # words of sentences; 与, 及, 和 stand in names too
# a line of business that stands over the policies of many products
_CATEGORY = re.compile(r"类(?:保险|险)?$|^(?:企业|商业)?(?:财产|责任|工程|特殊风险|信用保证|保证|信用|非车|财产及责任)(?:保险|险)?(?:综合|统括)?(?:保险|险)$")


_IN_BRACKETS = re.compile(r"[(【〔](?P<v>.{4,}险(?:[(][^()]{1,14}[)]|[A-Z]款)?)[)】〕]")
_LARGER = 1.15  # how much taller than the page's lines a heading is at least


def _one_title(upper: Line, lower: Line) -> bool:
    """Whether two lines are one title in two: set alike and centred, the lower going on with 保险 what the upper began, which is no insurer's name."""
    near = lower.box.y0 - upper.box.y1 < upper.box.height and abs(upper.box.cx - lower.box.cx) < 0.05
    alike = 0.8 < upper.box.height / max(1e-6, lower.box.height) < 1.25
    begun = fold(upper.text)[0]
    rest = _without_tail(fold(lower.text)[0])
    return near and alike and len(rest) <= 12 and rest.endswith("险") and len(begun) >= 4 and not re.search(r"公司|[:：。]|单$|\d{4}|险(?:[(（][^()（）]*[)）]|[A-Z]款)*$", begun)


def _is_brand(core: str, insurer: Field | None) -> bool:
    """Whether a line that ends in 保险 is what its insurer calls itself for short: 甲乙保险 of 甲乙财产保险股份有限公司."""
    short = re.sub(r"(?:财产?)?保?险$", "", core)
    return insurer is not None and len(short) >= 2 and fold(insurer.text)[0].find(short) in range(5)


def find_insurance(pages: Sequence[Page], hits: Sequence[Hit], said: Sequence[Hit], covers: Collection[str], insurer: Field | None = None) -> Field | None:
    """The name of the insurance: behind its label, else in the title (…综合保险保险单, or a line of its own ending in 保险), else said in a letter (您投保的…已承保).

    insurer: who insures, whose short name is no insurance's.
    """
    labelled = _without_clauses(choose("insurance_product", hits, _is_insurance))
    titled: Field | None = None
    best = 0.0
    headed: set[str] = set()
    for page in pages[:1]:
        usual = median(line.box.height for line in page.lines) if page.lines else 0.0
        heads = [line for line in in_rows(page.lines) if line.box.cy <= 0.35]
        wrapped = [(a, b) for a, b in pairwise(heads) if _one_title(a, b)]
        for lines in (*((line,) for line in heads), *wrapped):
            line = lines[0]
            piece = piece_of(page, lines).stripped(" 《》:：")
            if named := _IN_BRACKETS.fullmatch(piece.folded):  # below the title of a line of business, which insurance of it this is
                piece = piece.between(*named.span("v"))
            if _LABELLED.match(piece.folded):
                continue
            core = _without_tail(piece.folded)
            found = _PRODUCT_TITLE.match(core)
            if not found or "公司" in core or len(core) < 6 or _CATEGORY.search(core) or re.search(r"[:：]|鉴于|本保险|投保人|保险人|产险$", core) or _is_brand(core, insurer):
                continue
            if line.box.height >= _LARGER * usual and core not in covers:
                headed.add(core)
            # a heading is large, centred and alone; the highest such line wins
            size = line.box.height * (1.0 if abs(line.box.cx - 0.5) < 0.1 else 0.6) * (1.2 if core != piece.folded else 1.0) * (1.3 if len(lines) > 1 else 1.0)
            if size > best:
                best, titled = size, make_field("insurance_product", piece.between(*found.span("t")), found=0.95)
                if titled and titled.text in covers and line.box.height < _LARGER * usual:
                    titled = doubted(titled, "只见于承保险别")
    if titled and not labelled and any(not h.blank and _NAMED_SO.search(h.piece.folded) for h in hits):
        titled = doubted(titled, "险种栏另有所载")
    if titled and any(fold(titled.text)[0] not in other and other not in fold(titled.text)[0] for other in headed):
        titled = doubted(titled, "标题另有险种")
    if labelled and titled:
        if labelled.value != titled.value and labelled.text in covers and titled.text not in covers:
            return titled.over([(labelled, "只是承保险别之一")])
        if labelled.value == titled.value:
            return confirmed(labelled if labelled.confidence >= titled.confidence else titled, "标题与险种一致")
        if titled.text in labelled.text or labelled.text in titled.text:
            return labelled if len(labelled.text) >= len(titled.text) else titled
    return labelled or titled or choose("insurance_product", said, _is_insurance)


_LABELLED = re.compile(rf"(?:{'|'.join(sorted((fold(label)[0] for label in LABELS['insurance_product'] if len(label) > 2), key=len, reverse=True))})(?!.{{0,3}}$)")  # a label with its value in one line is no title

_NAMED_SO = re.compile(r"^[\u4e00-\u9fffA-Za-z0-9()·“”\-]{6,40}$")  # what may well name an insurance that has no 险 in it


def _without_clauses(name: Field | None) -> Field | None:
    """适用条款 names the clauses of the insurance: 某某保险条款."""
    short = re.match(r"(.*险(?:[(（][^()（）]{1,14}[)）]|[A-Z]款)*)条款$", name.text) if name is not None else None
    return name.model_copy(update={"value": short[1]}) if name is not None and short else name


def _is_insurance(value: Field) -> bool:
    return bool(re.search(_INSURES, value.text)) and len(value.text) <= 60 and not _NO_INSURANCE.search(value.text)
