"""Words that stand on seals all over the country, and what is misread in them set right.

In:    the text of a seal's arc as it was read, "中国大平洋财产保险股伤有限公司宁波分公". Out: "中国太平洋财产保险股份有限公司宁波分公司".
Elsewhere: whose seal it is: what tells one company from another is never touched here, only what many share.
"""

from __future__ import annotations

import re

from rapidfuzz.distance import Levenshtein

# Offices and institutions that are named whole; one misread as another would be worse than misread, so the nearest must stand alone.
WHOLE = (
    "中华人民共和国国家版权局计算机软件著作权登记专用章",
    "中国版权保护中心",
    "国家知识产权局",
    "国家市场监督管理总局",
)
INSURERS = (
    "中国人民财产保险",
    "中国平安财产保险",
    "中国太平洋财产保险",
    "中国大地财产保险",
    "中国人寿财产保险",
    "太平财产保险",
    "阳光财产保险",
    "中华联合财产保险",
    "华安财产保险",
    "永安财产保险",
    "永诚财产保险",
    "安盛天平财产保险",
    "华泰财产保险",
    "浙商财产保险",
    "国任财产保险",
    "英大泰和财产保险",
    "紫金财产保险",
    "天安财产保险",
    "都邦财产保险",
    "渤海财产保险",
    "鼎和财产保险",
    "国元农业保险",
    "东海航运保险",
)
BANKS = ("中国工商银行", "中国农业银行", "中国建设银行", "中国银行", "交通银行", "中国邮政储蓄银行", "招商银行", "中信银行", "浙商银行", "宁波银行", "上海浦东发展银行")
OFFICES = ("市场监督管理局", "经济和信息化局", "科学技术局", "检验研究院")

# What a company is, in the order in which it is looked for: a character overlooked, or one misread.
FORMS = tuple(
    (re.compile(pattern), right)
    for pattern, right in (
        (r"财产保(?!险).(?=股)|财产保(?=股)|财(?!产).保险|财保险|(?<!财)产保险|[^财]产保险", "财产保险"),
        (r"股(?!份).?有限公司|股[^份有]?.?限公司|保险.?份有限公司|股份.?限公司|股份有.?公司", "股份有限公司"),
        (r"有限(?!责)?.?任公司|有限责.?公司|有.?责任公司|[^有]限责任公司|(?<!有)限责任公司|有限责任公.?$", "有限责任公司"),
        (r"[者育布冇看药宥百直首右在]限公司|(?<!有)限公司|有[^限责]公司|有公司|有限公[^司]?$|有限[^公]司$|有限司$", "有限公司"),
    )
)

_SHARE = 0.25  # of a phrase's characters that may be misread


def mended(text: str) -> str:
    """The same name with its common words set right; a text that has none comes back as it was."""
    if len(text) < 5:
        return text
    for phrase in WHOLE:
        if Levenshtein.distance(text, phrase) <= _SHARE * len(phrase):
            return phrase
    for pattern, right in FORMS:
        if right not in text:
            found = pattern.search(text)
            if found is not None:
                text = text[: found.start()] + ("保险" if found.group().startswith("保险") else "") + right + text[found.end() :]
    for group in (INSURERS, BANKS):
        text = _nearest(text, group)
    for phrase in OFFICES:
        text = _replaced(text, phrase)
    return text


def _nearest(text: str, group: tuple[str, ...]) -> str:
    """The text with the group's phrase that begins it, if one alone comes nearest and what was read isn't what is left of several."""
    ranked = sorted(((*_best(text, phrase, anchored=True), phrase) for phrase in group), key=lambda found: found[0])
    (distance, start, end, phrase), (second, *_rest) = ranked[0], ranked[1]
    remains = sum(_left_of(text[start:end], other) for other in group)
    core = phrase.removeprefix("中国").removesuffix("财产保险").removesuffix("银行")
    # Two characters that name a company are all that it has: they must have been read. Of three or more, one may be wrong.
    if core not in text[start:end] and (len(core) < 3 or sum(c in text[start:end] for c in core) < len(core) - 1):
        return text
    if 0 < distance <= max(1, int(_SHARE * len(phrase))) and second > distance and remains < 2:
        return phrase + text[end:]
    return text


def _left_of(part: str, whole: str) -> bool:
    """Whether a text is another with some of its characters overlooked."""
    rest = iter(whole)
    return all(c in rest for c in part)


def _replaced(text: str, phrase: str) -> str:
    """The text with one near miss of a phrase set right; a phrase that is there already leaves it alone."""
    if phrase in text:
        return text
    distance, start, end = _best(text, phrase, anchored=False)
    if text[-1] in "厅委部":  # another level of government, not a misreading
        return text
    return text[:start] + phrase + text[end:] if distance == 1 and text[end:] == "" else text


def _best(text: str, phrase: str, *, anchored: bool) -> tuple[int, int, int]:
    """Distance, start and end of the part of the text that is most like a phrase."""
    best = (len(phrase), 0, 0)
    for length in (len(phrase), len(phrase) - 1, len(phrase) + 1, len(phrase) - 2):
        for start in range(min(2, len(text)) if anchored else max(0, len(text) - length) + 1):
            end = start + length
            if length < 2 or end > len(text):
                continue
            distance = Levenshtein.distance(text[start:end], phrase) + (start if anchored else 0)
            if distance < best[0]:
                best = (distance, start, end)
    return best
