"""Names of companies, taken apart and compared.

In:    names as printed or as a seal was read: "中国人民财产保险股份有限公司宁波市分公司".
Out:   `Name` (place, brand 字号, trade, form, branch) and `Match`: a score from 0 to 1 with its reason in Chinese.
Fails: never; a name that can't be taken apart is all brand, and an unread name matches nothing.
Elsewhere: whether related companies count as such (matchers/relations.py), who trades (matchers/traders.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import Indel, Levenshtein
from rapidfuzz.fuzz import partial_ratio_alignment

from models.name_words import CITIES, FORMS, PROVINCES, TRADES
from models.text import clean, is_clean

_PLACES = "|".join(sorted({*PROVINCES, *CITIES}, key=len, reverse=True))
_PLACE = re.compile(rf"^(?:中华人民共和国|中国(?=[\u4e00-\u9fff]{{6}}))?(?:(?:{_PLACES})(?:特别行政区|自治区|省|市|区|县)?(?:(?!\u5e02)[\u4e00-\u9fff]{{2,3}}(?:区|县|市)(?=[\u4e00-\u9fff]{{5}}))?)*")
_BRACKETED_PLACE = re.compile(rf"（(?:{_PLACES}|中国|集团|控股)(?:省|市)?）")
_FORM = re.compile(f"(?P<form>{'|'.join(FORMS)})$")
_COMPANY = re.compile(r"(?:有限责任公司|股份有限公司|有限公司|集团公司|(?<!公司)总公司|(?<![分支总])公司|银行|保险社)")  # 总公司 behind a company's name is its head office
_BRANCH = re.compile(r"[\u4e00-\u9fff（）]{0,14}?(?:分公司|支公司|分行|支行|(?:营业|营业管理|业务管理|管理|业务|工作|运营)部|分理处|办事处|营销服务部|(?:运营|营业|业务|服务|营销)中心|中心支公司|分部|分厂|总公司|总部|本部|供电公司|电厂|项目部|事业部|分院|分店|乘用车公司)$")
_TRADE = re.compile("|".join(sorted(TRADES, key=len, reverse=True)) + "|第[一二三四五六七八九十]+")
_GROUP = re.compile(r"(?:集团|控股)")
# Seals of offices and banks never stand for applicant or insurer.
_KINDS = re.compile("责任|股份|集团|控股")  # names that differ in these alone are two companies, not a misreading
_STATE_MARK = re.compile(r"[全国统一发票监制章蓝小]{2,}")  # what is left of 全国统一发票监制章, which every invoice bears at its head
_OFFICE = re.compile(r"(?:经济和信息化局|经信局|经信委|财政局|财政厅|市场监督管理局|工商行政管理局|税务局|知识产权局|版权局|科技局|人民政府|发票监制章?|国家税务|行政审批局)")
LIKE = 0.80  # a noisy reading that scores at least this is the same name
ROUGHLY = 0.55
BRAND_LIKE = 0.5
RING = 0.97      # a reading begun elsewhere, or with strokes around it, counts a little less
ENOUGH = 0.7     # share of a name's length from which a reading is a whole ring
SHORTEST = 4     # characters of a piece that holds the brand and stands in the name as it is
ALLOWED_ERRORS = 2  # in a long name that is looked up; in a short one half of it
FRAGMENT = 6     # characters from which a part of a ring says something


class Match(NamedTuple):
    """How well two values agree, 0 to 1, and why, in Chinese."""

    score: float
    reason: str


class Name(NamedTuple):
    """A company's name in its parts; each may be ""."""

    whole: str
    place: str
    brand: str
    trade: str
    form: str
    branch: str

    @property
    def head(self) -> str:
        """The name without its branch."""
        return self.whole.removesuffix(self.branch) if self.branch else self.whole


@lru_cache(maxsize=65536)
def normalise(name: str) -> str:
    """The form in which names are compared: NFKC, full-width brackets, no spaces nor punctuation around. 有限责任公司 stays apart from 有限公司."""
    if is_clean(name):
        return name
    return clean(name).replace(" ", "").strip("，。、；：:·-—_*.,;'\"“”‘’")


@lru_cache(maxsize=65536)
def take_apart(name: str) -> Name:
    """The parts of a name; the brand is never blank where the name isn't."""
    whole = normalise(name)
    branch = ""
    for company in _COMPANY.finditer(whole):  # the last: 宁波银行股份有限公司余姚支行
        tail = whole[company.end():]
        if _BRANCH.fullmatch(tail):
            branch = tail
    head = whole.removesuffix(branch) if branch else whole
    core = _BRACKETED_PLACE.sub("", head)
    form = _FORM.search(core)
    body = core[: form.start()] if form else core
    place = _PLACE.match(body)
    where = place[0] if place else ""
    if len(body) - len(where) < 2:  # 宁波银行: the place is the brand
        where = ""
    rest = body[len(where):]
    trade = _TRADE.search(rest, 2)
    brand = rest[: trade.start()] if trade else rest
    return Name(whole, where, brand or rest or whole, rest[len(brand):], form["form"] if form else "", branch)


def same_company(a: str, b: str) -> bool:
    """Whether two printed names are equal after normalisation. Unread names are equal to nothing."""
    left = normalise(a)
    return bool(left) and left == normalise(b)


def same_or_branch(a: str, b: str) -> bool:
    """Whether two names are the same company, or one is the other's head office (总公司与分公司). Two different branches aren't."""
    left, right = take_apart(a), take_apart(b)
    if not left.whole or not right.whole:
        return False
    if left.whole == right.whole:
        return True
    if left.head != right.head:
        return False
    return not left.branch or not right.branch or _level(left.branch) != _level(right.branch) or _bare(left.branch) == _bare(right.branch)


def _level(branch: str) -> str:
    """分公司, or what stands below it (支公司, 营业部): one of either may belong to the other."""
    return "branch" if branch.endswith(("分公司", "分行")) and not branch.endswith("中心支公司") else "office"


def similarity(a: str, b: str) -> float:
    """0 to 1: how alike two readings of a name are, by edits."""
    left, right = normalise(a), normalise(b)
    if not left or not right:
        return 0.0
    return Levenshtein.normalized_similarity(left, right)


def match_reading(read: str, expected: str, others: Iterable[str] = ()) -> Match:
    """Whether a noisy reading (a seal's) is the expected company, perhaps its branch or its head office.

    Wrong and lost characters are forgiven, but not where another known company (`others`) is nearer,
    nor where the brand (字号), which tells companies of a trade apart, is a different one.
    """
    text, wanted = normalise(read), normalise(expected)
    if not text or not wanted:
        return Match(0.0, "印章文字或企业名称未读出")
    if same_or_branch(text, wanted):
        return Match(1.0, "名称一致" if text == wanted else "总公司与分公司")
    if len(text) >= SHORTEST and text in wanted and take_apart(wanted).brand in text:
        return Match(LIKE, "印文残缺，与名称的一段一致")
    score = _reading_score(text, wanted)
    rival = max((_reading_score(text, normalise(o)) for o in others if normalise(o) and not same_or_branch(o, expected)), default=0.0)
    if rival > score:
        return Match(min(score, LIKE / 2), "与另一企业名称更为接近")
    if score < LIKE:
        return Match(score, "名称不符")
    if not _brand_in(text, take_apart(wanted)):
        return Match(min(score, LIKE - 0.01), "字号不符")
    return Match(score, "名称基本一致，个别文字未读清")


@lru_cache(maxsize=65536)
def _reading_score(text: str, wanted: str) -> float:
    """Similarity of a ring's reading to a name or its head office: as it stands, with strokes of the border read along, begun elsewhere on the ring, or half read."""
    return max(_ring_score(text, name) for name in {wanted, take_apart(wanted).head})


def _ring_score(text: str, name: str) -> float:
    whole = Levenshtein.normalized_similarity(text, name)
    if len(text) >= ENOUGH * len(name):
        found = partial_ratio_alignment(name, text + text)
        return max(whole, RING * found.score / 100 if found else 0.0)
    if len(text) >= FRAGMENT:
        found = partial_ratio_alignment(text, name)
        return max(whole, found.score / 100 * (0.55 + len(text) / len(name) / 2) if found else 0.0)
    return whole


def _brand_in(text: str, name: Name) -> bool:
    """Whether the brand, or enough of it, stands in a reading: of two characters one, of more half."""
    brand = name.brand
    ring = text + text
    if not brand or brand in ring:
        return True
    found = partial_ratio_alignment(brand, ring)
    if found is None:
        return False
    return Indel.normalized_similarity(brand, ring[found.dest_start:found.dest_end]) >= BRAND_LIKE


def is_office(text: str) -> bool:
    """Whether a seal is an office's (经信局, 财政局, 市场监督管理局 …), which stands for no company."""
    read = normalise(text)
    mark = _STATE_MARK.search(read)
    return bool(_OFFICE.search(read) or (mark and len(read) <= 10 and len(mark[0]) * 2 >= len(read)))


# brands of property insurers, longest first where one stands in another
INSURERS = ("中国人民", "人民", "人保", "平安", "太平洋", "太保", "太平", "国寿", "人寿", "大地", "阳光", "中华联合", "天安", "华安", "华泰", "永安", "永诚", "安邦", "大家", "浙商", "中银", "英大", "都邦", "安诚",
            "鼎和", "紫金", "渤海", "信达", "国任", "长安", "长江", "众诚", "众安", "泰康", "安盛", "安联", "利宝", "美亚", "三星", "东京海上", "史带", "苏黎世", "亚太", "国元", "安华", "安信", "北部湾", "燕赵", "恒邦", "锦泰",
            "诚泰", "富德", "鑫安", "中路", "中原", "华海", "海峡", "东海", "久隆", "前海", "珠峰", "建信", "融盛", "黄河", "太湖", "合众", "粤电", "铁路自保", "中远海运", "中国财产再")


def insurer_brand(text: str) -> str:
    """The property insurer's brand in a text, "" where none is."""
    return next((brand for brand in INSURERS if brand in text), "")


def is_insurers_reading(text: str, insurer: str) -> bool:
    """Whether a ring, badly read, is rather this insurer's than anyone else's: it speaks of insurance, is like the name, and bears no other insurer's brand."""
    read, name = normalise(text), normalise(insurer)
    other = insurer_brand(read)
    if other and other not in name:
        return False
    return ("保险" in read or "财产" in read) and _reading_score(read, name) >= ROUGHLY


_NO_BRAND = re.compile(rf"第[一二三四五六七八九十\d]+|(?:{_TRADE.pattern})+")  # 第一医院, 水务: what no company has for itself


def shared_brand(a: str, b: str) -> str:
    """The brand that two companies share together with a place or a group (集团) in both names; "" where they don't.

    Source: rulebook, "related" 4: 宁波海天精工股份有限公司 and 海天塑机集团有限公司. A hint only.
    """
    left, right = take_apart(a), take_apart(b)
    if left.whole == right.whole or len(left.brand) < 2 or left.brand != right.brand or _NO_BRAND.fullmatch(left.brand):
        return ""
    same_place = bool(left.place) and _bare(left.place) == _bare(right.place)
    grouped = bool(_GROUP.search(left.whole) or _GROUP.search(right.whole)) and (not left.place or not right.place or same_place)
    return left.brand if same_place or grouped else ""


def _bare(place: str) -> str:
    """宁波市 and 宁波 are one place."""
    return re.sub(r"[省市区县]", "", place)


def resolve(name: str, known: Mapping[str, str]) -> str | None:
    """The known company that a reading means: the equal one, else the only one within an error or two that aren't in the brand; None where there is none.

    known: normalised name -> what is handed back.
    """
    text = normalise(name)
    if not text:
        return None
    if text in known:
        return known[text]
    allowed = ALLOWED_ERRORS if len(text) >= 12 else 1
    near = process.extract(text, list(known), scorer=Levenshtein.distance, score_cutoff=allowed, limit=2)
    if not near or (len(near) > 1 and near[1][1] == near[0][1]):
        return None
    best = near[0][0]
    return known[best] if take_apart(best).brand == take_apart(text).brand and _KINDS.sub("", text) != _KINDS.sub("", best) else None
