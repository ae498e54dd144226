"""What a label's text is without all that papers print around it, and what looks like a label.

In:    texts of lines, tables of labels.
Out:   a label's core (3.保费总金额 Premium（万元）： -> 保费总金额), its unit, how alike two are; `Wanted`, a table of labels ready to be compared.
Elsewhere: where labels stand (sites.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from extractors.layout.pieces import Piece, fold
from models.text import HAS_CJK

_UNITS = ("百万元", "万元", "千元", "亿元", "元", "%", "‰")
_BRACKETED = re.compile(r"[((\[【][^()()\[\]【】]{0,12}[))\]】]?|(?:百万元|千元|万元|亿元|元|%|‰)[)\]】]")  # the second has lost its first bracket
_COUNTED = "年月号个台套楼层幢元万亿千百期次份件人吨公斤毫米天周只支块批倍度"  # behind a number: how much or how many, not the next clause
ORDINAL = re.compile(rf"^(?:第(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})[条款项](?=[\u4e00-\u9fff])|[(（]?(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})[)）、.．](?!\d)|\d{{1,2}}(?:[.．]\d{{1,2}}){{1,2}}[.．、]?(?=[\u4e00-\u9fff【〖])(?![{_COUNTED}])|[*※·•●◆■□]+)")
NUMBERED = re.compile(r"^\d{1,2}(?=[\u4e00-\u9fff]{2})(?![年月号个台套楼层幢元万亿期次份件人吨米天周只支块批]|日(?!期))")  # ①保险单号码: folding leaves the bare figure of it
COLON = re.compile(r"[:：]")
_FIGURE = re.compile(r"(?:人民币|RMB|CNY|[¥￥])?\d[\d,]*(?:\.\d+)?(?:万?元|[%‰])?(?=[\u4e00-\u9fff])")  # an amount or a rate, with words behind it
_BLANK = re.compile(r"^[\s_\-—–/\\.。…·年月日至起止时零二十四自从、,:;()（）]*$|^(?:无|暂无|不适用|/+)$")


def is_blank(text: str) -> bool:
    """Whether a value is only a placeholder: lines to write on, 年 月 日, a stroke, 无."""
    return bool(_BLANK.match(fold(text)[0]))


_LATIN_GLOSS = re.compile(r"(?<=[A-Za-z])\([A-Za-z]{1,12}\)(?=[:：]?$)")  # Limit of Liability (Aggregate)
_EMPTY = re.compile(r"\([\W_]*\)")  # of Insured Product(s) 承保产品
_TRANSLATION = re.compile(r"[A-Za-z][A-Za-z.'&/\-]*")
FRAMES = {"【": "】", "〖": "〗", "〔": "〕", "[": "]"}  # 【投保人】甲公司: what a label may be set in instead of having a colon
_FRAMED = re.compile(r"^(?:【[^【】]+】|〖[^〖〗]+〗|〔[^〔〕]+〕|\[[^\[\]]+\])[:：]?$")


@lru_cache(maxsize=16384)
def label_core(text: str) -> str:
    """A label without its bracketed unit, ordinal, colon and English translation, folded: 3.保费总金额 Premium（万元）： -> 保费总金额."""
    folded = fold(text)[0]
    if _FRAMED.match(folded):
        folded = folded.rstrip(":：")[1:-1]
    folded = NUMBERED.sub("", ORDINAL.sub("", folded))
    folded = _BRACKETED.sub(lambda m: "" if _is_unit(m[0]) else m[0], folded)
    if len(HAS_CJK.findall(folded)) >= 2:
        folded = _EMPTY.sub("", _TRANSLATION.sub("", folded))
    elif not HAS_CJK.search(folded):
        folded = _LATIN_GLOSS.sub("", folded)
    return folded.strip(":：*※_-—.。/ ")


_UNIT_WORDS = re.compile(r"单位|万|元|%|‰|台|套|个|件|批|吨|公斤|大写|小写|人民币|RMB|CNY|必填|如有|选填|盖章|签章|公章|名称|全称|签字|含税|(?<!不)含增值税|累计|合计|100%|[零〇0]时|二十四时|24时")
_ANSWERED = re.compile(r"[:：]\d")
_OF_A_PARTY = re.compile(r"\([甲乙丙]方?\)")  # 投保人（甲）


def _is_unit(bracket: str) -> bool:
    if _ANSWERED.search(bracket):  # 用户情况（数量总计：2台）
        return False
    return bool(_UNIT_WORDS.search(bracket) or _OF_A_PARTY.fullmatch(bracket)) or not bracket.strip("()[]【】")  # an empty one has lost its %


def unit_in(text: str) -> str:
    """The unit that a label names in brackets or after 单位; "" where none."""
    folded = fold(text)[0]
    for bracket in _BRACKETED.findall(folded) + re.findall(r"单位[:：]?\S{1,5}", folded):
        for unit in _UNITS:
            if unit in bracket:
                return unit
    return ""


@lru_cache(maxsize=8192)
def parsed_label(label: str) -> tuple[str, str]:
    """"投保人>名称" -> ("投保人", "名称"): the group a label belongs to, and the label, folded."""
    group, _, core = label.rpartition(">")
    return fold(group)[0], label_core(core)


def behind_figure(folded: str, known: Collection[str]) -> int:
    """Where a known label begins right behind an amount or a rate, of the column or the cell before it: 345,000.00元费率; 0 where none does."""
    figure = _FIGURE.match(folded)
    return figure.end() if figure and label_core(folded[figure.end() :]) in known else 0


_ALTERNATIVES = re.compile(r"[/、或()]")


def alternatives(core: str) -> list[str]:
    """The names of a label that gives its thing several: 总保险金额/累计责任限额, 保额（限额）; [] where it gives one."""
    parts = [part for part in _ALTERNATIVES.split(core) if part]
    return parts if len(parts) > 1 else []


_TWO_IN_ONE = re.compile(r"(?P<first>[\u4e00-\u9fff]{2,6})\((?P<second>[\u4e00-\u9fff]{2,6})\)(?P<what>[\u4e00-\u9fff]{1,4})")


def either(core: str) -> list[str]:
    """What a label stands for that gives its thing a second name in the middle: 合同(保险单)编号 is 合同编号 or 保险单编号; [] for any other."""
    two = _TWO_IN_ONE.fullmatch(core)
    return [two["first"] + two["what"], two["second"] + two["what"]] if two else []


_MOST_MISREAD = 2


def _allowed(length: int) -> int:
    """Misread characters that a label of this length may have and still be told from its neighbours."""
    return 0 if length < 4 else 1 if length < 7 else _MOST_MISREAD


_ANOTHER = frozenset("原续旧前退免未非不每另他被账税")


def is_another(found: str, core: str) -> bool:
    """Whether a label has a word that a known one lacks and that makes another thing of it: 原保险单号, 不含税金额, 每次事故限额, 被保险人, 结算账号."""
    return bool((set(found) - set(core.replace("帐", "账"))) & _ANOTHER)


def alike(found: str, core: str) -> float:
    """1 for the same text, less for misreadings that a label of this length may have, else 0."""
    if found == core:
        return 1.0
    allowed = _allowed(len(core))
    if not allowed or abs(len(found) - len(core)) > 1:  # characters are misread, or one lost; not two lost, which makes another label
        return 0.0
    edits = Levenshtein.distance(found, core, score_cutoff=allowed)
    return 0.0 if edits > allowed or is_another(found, core) else 0.96 - 0.5 * edits / len(core)

def tail_of(folded: str, end: int) -> tuple[int, bool]:
    """Where a value begins behind a label that ends at `end` (its unit in brackets and a colon skipped), and whether a colon was there."""
    bracket = _BRACKETED.match(folded, end)
    if bracket and _is_unit(bracket[0]) and not re.search(r"\d", bracket[0].replace("100%", "")):
        after = bracket.end()
        if after < len(folded) and folded[after] in ":：":
            return after + 1, True
        if end < len(folded):
            return after, False
    if end and folded[end - 1].isascii() and (gloss := _LATIN_GLOSS.match(folded, end)):
        end = gloss.end()
    translated = re.compile(r"[(]?[A-Za-z][A-Za-z.'&/\-]{2,40}[)]?(?=[:：])").match(folded, end)
    if translated:
        end = translated.end()
    if folded[end : end + 2] in ("为:", "是:", "系:"):
        end += 1
    if end < len(folded) and folded[end] in ":：":
        return end + 1, True
    return end, False


def in_name(core: str, folded: str, at: int) -> bool:
    """Whether a label that ends as names do (保险公司) is only a part of one here: 中国出口信用保险公司宁波分公司."""
    return core.endswith("公司") and at > 0 and bool(HAS_CJK.match(folded[at - 1]))


_NEXT_LABEL = re.compile(r"(?:\s{2,}|\t|　|(?<=\S)\s)[\u4e00-\u9fff/（）()]{2,12}[:：]")
_LABELLED = re.compile(r"^\s*[\u4e00-\u9fff][\u4e00-\u9fff/（）()、 　]{1,13}[:：]|^\s*(?:【[\u4e00-\u9fff]{2,10}\d?】|〖[\u4e00-\u9fff]{2,10}\d?〗)")


def looks_labelled(text: str) -> bool:
    """Whether a line begins like a label of its own, known or not: a few Chinese characters and a colon."""
    return bool(_LABELLED.match(text))


def cut_at_next_label(piece: Piece) -> Piece:
    """Without a further label and its value at the end: 123　签单日期：2020-01-01 -> 123."""
    found = _NEXT_LABEL.search(piece.text)
    return piece[: found.start()].stripped() if found and found.start() > 0 else piece


Labels = Mapping[str, Sequence[str]]


class Wanted:
    """The labels that are asked for, by what they are compared by.

    table: (key, label as given, group, core) of each. cores, groups: the longest first; of one length in the order given, so that runs find the same. known: the cores. rank: a label's place among those of its key.
    """

    def __init__(self, labels: Labels) -> None:
        self.table = [(name, label, *parsed_label(label)) for name, some in labels.items() for label in some]
        self.groups = sorted(dict.fromkeys(g for _, _, g, _ in self.table if g), key=len, reverse=True)
        self.cores = sorted(dict.fromkeys(c for _, _, _, c in self.table), key=len, reverse=True)
        self.known = frozenset(self.cores)
        self.rank = {label: n for some in labels.values() for n, label in enumerate(some)}
        self._like: dict[str, Mapping[str, float]] = {}

    def like(self, core: str) -> Mapping[str, float]:
        """The known cores that a label's may be, misread, the longest first, with how alike they are."""
        if core not in self._like:
            near = process.extract(core, self.cores, scorer=Levenshtein.distance, score_cutoff=_MOST_MISREAD, limit=None)
            self._like[core] = {c: likeness for c, _, _ in sorted(near, key=lambda one: one[2]) if (likeness := alike(core, c))}
        return self._like[core]
