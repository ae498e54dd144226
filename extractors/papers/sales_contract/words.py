"""What contracts call things (vocabulary.toml), and which of them a text is: a role, a column's heading, a row of totals.

In:    texts as they stand in a contract, without white space.
Out:   the words by subject, the side that a role names, whether a text is a heading or names a total.
Fails: never; what no list knows is no word of theirs.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from models.text import compact

SIDES = ("buyer", "seller")


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, Any]:
    """The words of vocabulary.toml."""
    return tomllib.loads(Path(__file__).with_name("vocabulary.toml").read_text(encoding="utf-8"))


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of these words, the longest first."""
    return "|".join(re.escape(compact(w)) for w in sorted(words, key=len, reverse=True))


@lru_cache(maxsize=1)
def known_roles() -> Mapping[str, str]:
    """Role -> buyer, seller, or "" where the role alone doesn't say."""
    parties = vocabulary()["parties"]
    return {**{compact(w): "buyer" for w in parties["buyer"]}, **{compact(w): "seller" for w in parties["seller"]}, **dict.fromkeys(parties["neutral"], "")}


def first_role(role: str) -> str:
    """The first of two things that a party does: 供货及安装单位 -> 供货单位."""
    return re.sub(r"^([\u4e00-\u9fff]{2})[及和与兼、][\u4e00-\u9fff]{2}(?=(?:方|人|商家?|单位|企业|厂家)$)", r"\1", role)


@lru_cache(maxsize=64)
def stem_of(role: str) -> str:
    """The side of a role that no list foresees, by what it says that the party does: 订制方 buyer, 施工单位 seller; "" where it says nothing."""
    parties = vocabulary()["parties"]
    role = first_role(role)
    if not re.search(r"(?:方|人|商家?|单位|企业|厂家)$", role) or NO_ROLE.search(role):
        return ""
    return next((side for side in SIDES[::-1] if re.match(parties[f"{side}_stems"], role)), "")


NO_ROLE = re.compile(r"^(?:丙方|丁方)|(?:第三|见证|鉴证|监理|担保|保证|保险|投保|联系|代表|代理|经办|负责|收件|收货|收款|付款|开户|签约|签字|制造|生产|最终|建设|运输|安装|检测|双|各|对|我|本|该|注册|起草|审核|批准|法定|授权|受益|被保险)")


@lru_cache(maxsize=256)
def is_heading(text: str) -> bool:
    """Whether a text is a column's heading and so no value."""
    bare = re.sub(r"[（(][^）)]*[)）]$", "", compact(text))
    headings = vocabulary()["items"]
    return any(bare in (compact(v) for v in some) for some in headings.values()) or bare in (compact(v) for some in vocabulary()["item_sentences"].values() for v in some)


@lru_cache(maxsize=256)
def is_total(text: str) -> bool:
    """Whether a row of the goods table sums up the others: 合计, 合同总金额（大写）."""
    return bool(re.match(rf"(?:{any_of((*vocabulary()['amount']['labels'], '小计', '合计人民币'))})(?![\u4e00-\u9fff]*(?:器|机|仪|系统|软件|装置|设备))", compact(text)))
