"""What a submission's seals say, settled by the names that its papers give.

In:    papers with their seals as read, the pages they came from, names of companies that there are (the register).
Out:   the same papers; where one name explains a seal's reading clearly best, the seal bears it and keeps its reading as `raw`.
Fails: never; a seal that no name explains keeps what was read, words that all seals share set right.
Elsewhere: how a reading is held against a name (matchers/stamps.py), what follows from whose seal it is (pipeline/rules/completeness.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from extractors.glyphs import alike
from matchers.names import normalise
from matchers.stamped_names import mended
from matchers.stamps import chosen
from models.field import Field
from models.page import Page, Seal
from models.paper import Kind, Paper, kind_of
from models.text import compact

SURE_IN_PRINT = 0.9  # a name read with less than this isn't a name to go by
NEAR = 0.6  # likeness from which a registered company is a rival
RIVALS = 6
# an organisation's name within printed text, from its beginning or the last mark before it
_PRINTED = re.compile(r"[\u4e00-\u9fff（）]{2,36}?(?:(?:有限|股份|集团|责任)公司(?:[\u4e00-\u9fff]{2,12}(?:分公司|支公司|营业部))?|银行[\u4e00-\u9fff]{2,12}(?:分行|支行|营业部)|监督管理局|知识产权局|研究院|检测中心|检验中心|学院|大学|医院)")
# offices that stamp papers of a place; they seldom stand in print beside their seal
OFFICES = ("市场监督管理局", "行政审批局", "经济和信息化局", "科学技术局", "财政局", "税务局")
_ADDRESS = re.compile(r"^(?P<province>[\u4e00-\u9fff]{2,6}?(?:省|自治区))?(?P<city>[\u4e00-\u9fff]{2,6}?(?:市|自治州|地区|盟))?(?P<district>[\u4e00-\u9fff]{1,6}?(?:区|县|市|旗))?")
_LABEL = re.compile(r"^.{0,14}?(?:名称|单位|机构|机关|开户行|银行|全称|[甲乙丙买卖供需购销]方|用户|人|户名|公司|盖章|章|为)[：:]")


def with_seals_settled(papers: Sequence[Paper], pages: Iterable[Page], registered: Iterable[str] = ()) -> tuple[Paper, ...]:
    """Papers whose seals bear the names that they must be. registered: companies that there are besides those in the papers."""
    names = printed_names(papers, pages)
    others = {key: name for name in registered if (key := normalise(name))}
    return tuple(paper.model_copy(update={"seals": tuple(p.model_copy(update={"seal": settled(p.seal, names, others)}) for p in paper.seals)}) for paper in papers)


def settled(seal: Seal, names: Iterable[str], registered: Iterable[str] = ()) -> Seal:
    """A seal with the one of the names that it bears, else with its reading, common words mended."""
    near = process.extract(normalise(seal.text), registered, scorer=Levenshtein.normalized_similarity, score_cutoff=NEAR, limit=RIVALS)
    text = chosen(seal, names, alike, [name for name, *_ in near]) or mended(seal.text)
    return seal if text == seal.text else seal.model_copy(update={"text": text, "raw": seal.text})


def printed_names(papers: Iterable[Paper], pages: Iterable[Page]) -> tuple[str, ...]:
    """Every company, office and bank that a submission names: in fields, and anywhere in print; and the offices of the places where its parties are."""
    papers = tuple(papers)
    found = dict.fromkeys(normalise(field.text) for paper in papers for field in _names_in(paper))
    found |= dict.fromkeys(office for paper in papers for fields in (paper.fields, paper.extra) for name, field in fields.items() if name.endswith("address") for office in _offices(field.text))
    for page in pages:
        for line in page.lines:
            if line.confidence >= SURE_IN_PRINT:
                found |= dict.fromkeys(_organisations(compact(line.text)))
    return tuple(name for name in found if name)


def _names_in(paper: Paper) -> Iterator[Field]:
    for fields in (paper.fields, paper.extra, *paper.rows):
        yield from (field for name, field in fields.items() if kind_of(name) is Kind.NAME and isinstance(field.value, str))
    yield from (buyer.name for buyer in paper.buyers if buyer.name)


def _offices(address: str) -> Iterator[str]:
    """Offices of the province, city and district of an address: 浙江省宁波市海曙区… gives 宁波市海曙区市场监督管理局 and others."""
    found = _ADDRESS.match(compact(address))
    parts = [part for part in (found.groups() if found else ()) if part]
    places = {"".join(parts[start:end]) for start in range(len(parts)) for end in range(start + 1, len(parts) + 1)}
    yield from (place + office for place in sorted(places) for office in OFFICES)


def _organisations(text: str) -> Iterator[str]:
    """Names in one line of print, labels before them left off."""
    for part in re.split(r"[，。；、《》“”\s]", text):
        for found in _PRINTED.finditer(re.sub(r"[()]", lambda m: "（" if m.group() == "(" else "）", _LABEL.sub("", part))):
            yield found.group()
