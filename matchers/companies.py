"""How two companies' names stand to each other: one company, its branch, one group, or strangers.

In:    two names as printed or read, former names in brackets behind them included.
Out:   `Comparison`: the standing, a score from 0 to 1 and the reason in Chinese.
Fails: never; an unread name is nobody's.
Elsewhere: a seal's noisy ring against a name (matchers/names.py, match_reading); holdings, officers and papers (matchers/relations.py).
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from matchers.names import Name, normalise, shared_brand, take_apart

MISREAD = 0.9   # of a name that differs in a letter or two which no company's name lives by
_FORMER = re.compile(r"（?(?:原名|曾用名|原|更名前)[:：为]?(?P<name>[^（）]*(?:（[^（）]*）[^（）]*)*?)）?$")
_SHORTEST = 10  # letters of a name in which one may be misread; from 14 on two


class Standing(StrEnum):
    SAME = "same"
    BRANCH = "branch"  # one company with its branch, or two branches of it: one legal person
    GROUP = "group"    # a distinctive name in common, with the place or a group's name: a hint
    DIFFERENT = "different"


class Comparison(NamedTuple):
    """standing with its score, 1 where nothing had to be forgiven, and why."""

    standing: Standing
    score: float
    reason: str


def compare(a: str, b: str) -> Comparison:
    """How two names stand to each other. Former names count as names; 有限责任公司 and 有限公司 are not taken for each other."""
    left, right = _names(a), _names(b)
    if not left or not right:
        return Comparison(Standing.DIFFERENT, 0.0, "名称未读出")
    found = [_compare(one, other) for one in left for other in right]
    best = max(found, key=lambda c: (-list(Standing).index(c.standing), c.score))
    former = best is not found[0] and best.standing is not Standing.DIFFERENT
    return best._replace(reason=f"{best.reason}（按曾用名）") if former else best


def same_person(a: str, b: str) -> bool:
    """Whether two names are one legal person: the same company, or a branch with its head office or with another branch."""
    found = compare(a, b)
    return found.standing in (Standing.SAME, Standing.BRANCH) and found.score == 1.0


def _names(text: str) -> list[Name]:
    """The name, and the former one that is told behind it."""
    whole = normalise(text)
    former = _FORMER.search(whole)
    if not former or former.start() < 4:
        return [take_apart(whole)] if whole else []
    return [take_apart(name) for name in (whole[: former.start()], former["name"]) if name]


def _compare(a: Name, b: Name) -> Comparison:
    if a.whole == b.whole:
        return Comparison(Standing.SAME, 1.0, "名称一致")
    if a.head == b.head:
        return Comparison(Standing.BRANCH, 1.0, "同一企业的分支机构" if a.branch and b.branch else "总公司与分支机构")
    if a.branch == b.branch and _misread(a, b):
        return Comparison(Standing.SAME, MISREAD, "名称基本一致，个别文字不同")
    brand = shared_brand(a.whole, b.whole)
    if brand:
        return Comparison(Standing.GROUP, 0.5, f"字号同为“{brand}”")
    return Comparison(Standing.DIFFERENT, 0.0, "字号不同" if a.brand != b.brand else "名称不同")


_LIVES_BY = re.compile("[一二三四五六七八九十东南西北中新老大小甲乙丙丁]|责任|股份|集团|控股")  # letters by which real names differ


def _misread(a: Name, b: Name) -> bool:
    """Whether two names differ in a letter or two that lie in neither's place, brand, number nor kind of company."""
    if a.brand != b.brand or a.place != b.place or min(len(a.head), len(b.head)) < _SHORTEST:
        return False
    edits = Levenshtein.editops(a.head, b.head)
    changed = "".join(a.head[e.src_pos : e.src_pos + 1] * (e.tag != "insert") + b.head[e.dest_pos : e.dest_pos + 1] * (e.tag != "delete") for e in edits)
    return len(edits) <= (2 if len(a.head) >= 14 else 1) and not _LIVES_BY.search(changed)
