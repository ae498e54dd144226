"""Which entry of the guiding catalogue a product is.

In:    the claim's product (its name in every paper, its model, category and technical figures) and the catalogue.
Out:   `Outcome`: the entry it is taken for, runners-up with scores and reasons, and the rivals that fit about equally well; no match where none fits.
Fails: never; an unread name matches nothing.
Source: rulebook, catalogue_no_match, catalogue_ambiguous: "同品种、同技术规格参数".

Names are never equal to entries: a name is brought to the trade's own words (catalogue_words.toml), brand and model are taken off, word order is let be,
and what is left is weighed by how few entries of the catalogue have it: 全钢 tells tyres' machines apart, 设备 tells nothing.
Entries that bear one name and differ in their figures only are told apart by the figures.

How alike two names are doesn't tell whether they mean one product: 气相色谱仪 and 液相色谱仪 are more alike than two names of one thing often are. So an entry
stands without a person's look only where the one name says no more than the other; where each says what the other doesn't, it stays below FITS (`Fit`).
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from functools import cache, lru_cache
from importlib.resources import files
from math import log, sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from matchers.specifications import Figure, check, nearness, parse_figures, thresholds
from models.claim import Candidate, CatalogueMatch, Claim
from models.paper import PaperType
from models.reference import CatalogueEntry, Reference
from models.text import compact

FITS = 0.60        # an entry that scores as much is the product
MAYBE = 0.42       # and so is one that scores as much and stands clearly before the next of another name
CLEAR = 0.12
FEW, COMMON = 3, 0.1  # entries, or share of them, beyond which a word tells none of them apart
LOOKED_AT = 40     # entries with a word, to see whether one is of a family
FAMILY = 0.6       # share of an entry's characters that its siblings have
HALF_SAID = 0.5    # share of an entry's telling characters that a name may leave unsaid
DOUBT = 0.01       # a doubtful entry stays so far below what fits
CONTRARY = 0.55    # what is left of a score where name and entry exclude each other
SAYS_ALL = 0.70    # share of a name that an entry must have, where several tie: else the name means something that none of them is
NEAR = 0.35        # runners-up worth showing
RIVALS = 0.04      # entries closer than this fit about equally well
SHOWN = 5
HOPEFUL, JUDGED = 0.2, 16  # by its name alone an entry must come to so much, or half of the best, and so many are looked at closely
BY_CODE = 0.1      # what a model or a certificate that the entry names adds
CODE_LENGTH = 5
BY_FIGURES = 0.1   # most that figures take from a score
CLEARLY = 0.02     # difference in figures that decides between entries of one name
WEAK, TOKEN, PAIR = 0.12, 2.5, 0.5
_TAX = re.compile(r"^\*[^*]{1,12}\*")
_BRAND = re.compile(r"^[\u4e00-\u9fff]{2,4}牌")
_VARIANT = re.compile(r"[(（]?(?P<letter>[A-ZⅠⅡⅢIV\d]{1,3})型?[)）]$")
_MEASURE = "英寸|微米|纳米|毫米|公斤|千瓦|兆瓦|系|位|排|轴|代|吨|米|寸|孔|路|核|工位|通道|自由度"
_TOKEN = re.compile(rf"[A-Za-z]*\d+(?:\.\d+)?(?:{_MEASURE}|[A-Za-z\d]*)|[A-Za-z]{{2,}}")
_GRADE = re.compile(rf"(?P<before>[A-Za-z]*)(?P<number>\d+(?:\.\d+)?)(?P<after>{_MEASURE}|[A-Za-z]*)(?P<kind>[级型]?)(?!及?以[上下])")
_LATIN = re.compile(r"(?<![A-Za-z\d])[A-Za-z]{2,}(?![A-Za-z\d])")
_CJK = re.compile(r"[\u4e00-\u9fff]")
_SERIAL = re.compile(r"[A-Za-z]{1,5}[-/]?\d{2,}[A-Za-z\d/-]*型")


class Outcome(NamedTuple):
    """What was found. match: None where nothing fits; it may stand without a person's look from a score of FITS on, where it has no rivals.

    candidates: the best entries, whether they fit or not; rivals: entry ids that fit about equally well, the match's own among them, or ().
    """

    match: CatalogueMatch | None
    candidates: tuple[Candidate, ...] = ()
    rivals: tuple[str, ...] = ()


class Product(NamedTuple):
    """A product as its papers describe it. names: the form's first; models: its type designations; figures: what papers state of it.

    certificates: numbers of the certificates (首台套认定) that it was granted.
    """

    names: tuple[str, ...]
    models: tuple[str, ...] = ()
    category: str = ""
    figures: tuple[Figure, ...] = ()
    certificates: tuple[str, ...] = ()

    @property
    def codes(self) -> frozenset[str]:
        """Models and numbers of certificates that are long enough to be nobody else's."""
        bare = (re.sub(r"[-/\s]", "", compact(code)).upper() for code in (*self.models, *self.certificates))
        return frozenset(code for code in bare if len(code) >= CODE_LENGTH and any(c.isdigit() for c in code))


class _Words(NamedTuple):
    same: re.Pattern[str]
    canonical: Mapping[str, str]
    weak: re.Pattern[str]
    general: re.Pattern[str]
    turning: frozenset[str]
    contrary: tuple[tuple[str, ...], ...]


@cache
def _words() -> _Words:
    table = tomllib.loads(files("matchers").joinpath("catalogue_words.toml").read_text(encoding="utf-8"))
    canonical = {variant.upper(): row[0] for row in table["same"] for variant in row}
    variants = sorted({v for row in table["same"] for v in row}, key=len, reverse=True)
    latin = re.compile(r"[A-Za-z0-9/]+")
    same = re.compile("|".join(rf"(?<![A-Za-z0-9]){re.escape(v)}(?![A-Za-z0-9])" if latin.fullmatch(v) else re.escape(v) for v in variants), re.IGNORECASE)
    ending = rf"(?:{'|'.join(table['ending'])})$"
    general, weak = (
        re.compile("|".join([*sorted(map(re.escape, words), key=len, reverse=True), ending])) for words in (table["general"], table["general"] + table["praise"]))
    return _Words(same, canonical, weak, general, frozenset(table["turning"]), tuple(tuple(row) for row in table["contrary"]))


@lru_cache(maxsize=65536)
def canonical_name(name: str, models: tuple[str, ...] = ()) -> str:
    """A product's name in the trade's own words, without tax category, brand (…牌) and type designation."""
    text = _BRAND.sub("", _TAX.sub("", compact(name)))
    for model in models:
        if len(compact(model)) >= 3:
            text = re.sub(rf"{re.escape(compact(model))}型?", "", text)
    text = _SERIAL.sub("", text) or text
    words = _words()
    text = words.same.sub(lambda m: words.canonical[m[0].upper()], text)
    return re.sub(r"[()（）\[\]【】“”\"'·,，、。:：-]", "", text)


@lru_cache(maxsize=65536)
def _features(text: str) -> tuple[tuple[str, float], ...]:
    """Characters, pairs of them and Latin tokens of a canonical name, each with how much it says."""
    strength = [1.0] * len(text)
    for found in _words().weak.finditer(text):
        strength[found.start():found.end()] = [WEAK] * (found.end() - found.start())
    out: dict[str, float] = {}
    for found in _TOKEN.finditer(text):
        out[found[0].upper()] = TOKEN
    for i, char in enumerate(text):
        if not _CJK.match(char):
            continue
        out[char] = max(out.get(char, 0.0), strength[i])
        if i + 1 < len(text) and _CJK.match(text[i + 1]):
            pair = char + text[i + 1]
            out[pair] = max(out.get(pair, 0.0), PAIR * min(strength[i], strength[i + 1]))
    return tuple(out.items())


@lru_cache(maxsize=65536)
def _contraries(text: str) -> tuple[frozenset[str], ...]:
    """For each row of contrary words, those that a canonical name bears."""
    return tuple(frozenset(word for word in row if word in text) for row in _words().contrary)


@lru_cache(maxsize=65536)
def _grades(text: str) -> frozenset[tuple[str, str]]:
    """Grades and sizes that a name bears, what they are of and the number: T700 is ("T/", "700"), 12英寸 ("/英寸", "12")."""
    found = ((m["before"].upper(), m["after"].upper(), m["kind"], m["number"]) for m in _GRADE.finditer(text))
    return frozenset((f"{before}/{after or (kind if not before else '')}", number) for before, after, kind, number in found if before or after or kind)


def exclude(a: str, b: str) -> bool:
    """Whether two canonical names exclude each other: contrary words (全钢, 半钢) or grades (T700, T800)."""
    if any(one and other and not one & other for one, other in zip(_contraries(a), _contraries(b), strict=True)):
        return True
    left, right = _grades(a), _grades(b)
    return any(kind == other and not left & right for kind, _ in left for other, _ in right)


class Fit(IntEnum):
    """How a name stands to an entry, the rest of their words apart."""

    OTHER = 0  # each says what the other doesn't, and what the name says tells other entries of the catalogue apart
    DOUBTFUL = 1  # each says what the other doesn't (another word for the same, a misreading, or another product), or the entry says twice as much
    SAME = 2  # the one says no more than the other


@lru_cache(maxsize=65536)
def _strong(text: str, general: re.Pattern[str]) -> tuple[int, ...]:
    """Places of a canonical name's characters that tell something."""
    weak = {i for found in general.finditer(text) for i in range(*found.span())}
    return tuple(i for i, char in enumerate(text) if i not in weak and _CJK.match(char))


@lru_cache(maxsize=65536)
def _pairs(text: str) -> Mapping[str, int]:
    """Pairs of neighbouring Chinese characters, and how often each stands there."""
    return Counter(text[i : i + 2] for i in range(len(text) - 1) if _CJK.match(text[i]) and _CJK.match(text[i + 1]))


Run = tuple[int, int]  # from where to where in a canonical name


def _lacking(name: str, other: str, general: re.Pattern[str]) -> list[Run]:
    """Runs of a name's telling characters that aren't in a pair which the other name has too: 家电 of 家电用…机, whatever 电机 has of it."""
    there = dict(_pairs(other))
    covered: set[int] = set()
    for i in range(len(name) - 1):
        if there.get(pair := name[i : i + 2], 0):
            there[pair] -= 1
            covered.update((i, i + 1))
    runs: list[Run] = []
    for i in _strong(name, general):
        if i in covered:
            continue
        if runs and runs[-1][1] == i:
            runs[-1] = (runs[-1][0], i + 1)
        else:
            runs.append((i, i + 1))
    return runs


def _shortened(run: Run, name: str, runs: Iterable[Run], other: str) -> bool:
    """Whether a run is what is left of another's when letters are dropped: 风电 of 风力发电; a single letter only where both end their names: 床 of 机床."""
    short = name[slice(*run)]
    for start, end in runs:
        letters = iter(other[start:end])
        if end - start > len(short) and all(char in letters for char in short) and (len(short) > 1 or (run[1] == len(name) and end == len(other))):
            return True
    return False


@lru_cache(maxsize=65536)
def _apart(name: str, entry: str) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """What a product's name says beyond an entry's, and what the entry says beyond the name; shorter words for the same are let be.

    A product's praise says nothing; a catalogue doesn't praise, so of its words only generalities say nothing.
    """
    words = _words()
    more, unsaid = _lacking(name, entry, words.weak), _lacking(entry, name, words.general)
    if more and unsaid and (more[-1], unsaid[-1]) == ((len(name) - 1, len(name)), (len(entry) - 1, len(entry))):
        more, unsaid = more[:-1], unsaid[:-1]  # 密封圈 and 密封件
    both = {name[slice(*run)] for run in more} & {entry[slice(*run)] for run in unsaid}  # a letter among others, 系 of 6系
    more, unsaid = [run for run in more if name[slice(*run)] not in both], [run for run in unsaid if entry[slice(*run)] not in both]
    return (
        tuple(run for run in more if not _shortened(run, name, unsaid, entry)),
        tuple(run for run in unsaid if not _shortened(run, entry, more, name)))


def _turned(name: str, runs: Iterable[Run]) -> bool:
    """Whether a letter of its own makes another thing of the word that it stands before: 半直驱 is not 直驱."""
    return any(end - start == 1 and end < len(name) and name[start] in _words().turning for start, end in runs)


def _length(runs: Iterable[Run]) -> int:
    return sum(end - start for start, end in runs)


class Catalogue:
    """A track's entries, ready to be searched. Built once, asked for every claim."""

    def __init__(self, entries: Sequence[CatalogueEntry]) -> None:
        self.entries = tuple(entries)
        self.names = [canonical_name(_base(entry.name)) for entry in self.entries]
        self._letters = [frozenset(name) for name in self.names]
        self.codes = [re.sub(r"[-/]", "", compact(entry.name + entry.specification)).upper() for entry in self.entries]
        count = Counter(feature for name in self.names for feature, _ in _features(name))
        n = len(self.entries)
        self._rarity = {feature: 0.25 + log((n + 1) / (df + 0.5)) / log(n + 2) for feature, df in count.items()}
        self._unknown = 0.25 + log((n + 1) / 0.5) / log(n + 2) if n else 1.0
        postings: dict[str, tuple[list[int], list[float]]] = {}
        self.whole = np.zeros(n)
        for i, name in enumerate(self.names):
            for feature, strength in _features(name):
                weight = strength * self._rarity[feature]
                places, weights = postings.setdefault(feature, ([], []))
                places.append(i)
                weights.append(weight)
                self.whole[i] += weight
        self._postings = {f: (np.array(p, dtype=np.intp), np.array(w)) for f, (p, w) in postings.items()}

    def coverage(self, name: str) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """For each entry: the share of the canonical name that the entry has, and the share of the entry that the name has."""
        wanted = [(feature, strength * self._rarity.get(feature, self._unknown)) for feature, strength in _features(name)]
        total = sum(weight for _, weight in wanted)
        known = [(*self._postings[feature], weight) for feature, weight in wanted if feature in self._postings]
        if not known:
            return np.zeros(len(self.entries)), np.zeros(len(self.entries))
        places = np.concatenate([p for p, _, _ in known])
        shared = np.bincount(places, np.repeat([weight for _, _, weight in known], [len(p) for p, _, _ in known]), len(self.entries))
        covered = np.bincount(places, np.concatenate([w for _, w, _ in known]), len(self.entries))
        return shared / max(total, 1e-9), covered / np.maximum(self.whole, 1e-9)

    def fit(self, name: str, place: int) -> Fit:
        """Whether a canonical name can mean an entry, by the words that only one of them has."""
        entry = self.names[place]
        if exclude(name, entry):
            return Fit.OTHER
        more, unsaid = _apart(name, entry)
        of_sibling = any(self._sibling(pair, place) for pair in self._telling(name, more, entry))
        if more and unsaid:
            return Fit.OTHER if of_sibling else Fit.DOUBTFUL
        words = _words()
        turned = _turned(name, more) or _turned(entry, unsaid)
        little = _length(unsaid) > HALF_SAID * len(_strong(entry, words.general))
        instead = _length(unsaid) > 1 and (
            self._telling(name, _lacking(name, entry, words.general), entry) or any(word not in entry for word in _LATIN.findall(name)))
        return Fit.DOUBTFUL if of_sibling or turned or little or instead else Fit.SAME

    def _telling(self, name: str, more: Iterable[Run], entry: str) -> list[str]:
        """Pairs of what a name says beyond an entry that tell other entries from the rest."""
        pairs = dict.fromkeys(name[i : i + 2] for start, end in more for i in range(max(0, start - 1), min(end, len(name) - 1)))
        return [pair for pair in pairs if pair not in entry and self._tells(pair)]

    def _sibling(self, pair: str, place: int) -> bool:
        """Whether one of the entries that have a pair of characters is otherwise like an entry: of its family."""
        entry = self._letters[place]
        return any(len(entry & self._letters[i]) >= FAMILY * len(entry) for i in self._postings[pair][0][:LOOKED_AT].tolist() if i != place)

    def _tells(self, pair: str) -> bool:
        """Whether a pair of characters stands in some entries and not in a good part of them."""
        known = self._postings.get(pair)
        return known is not None and len(known[0]) <= max(FEW, COMMON * len(self.entries))

    def weights(self, name: str) -> dict[str, float]:
        """What a canonical name's features weigh here."""
        return {feature: strength * self._rarity.get(feature, self._unknown) for feature, strength in _features(name)}

    def scores(self, name: str) -> npt.NDArray[np.float64]:
        """0 to 1 for each entry: how well its name fits the canonical name."""
        if not name or not self.entries:
            return np.zeros(len(self.entries))
        of_name, of_entry = self.coverage(name)
        return np.asarray(np.sqrt(of_name * of_entry))


def _base(name: str) -> str:
    """An entry's name without the letter that tells its figures' class: 谐波减速器（A型）."""
    return _VARIANT.sub("", compact(name)) if _VARIANT.search(compact(name)) and "型" in name else name


_ready: dict[tuple[int, str, str], tuple[tuple[CatalogueEntry, ...], Catalogue]] = {}


def catalogue_of(reference: Reference, scheme: str, track: str) -> Catalogue:
    """The entries of a scheme's track; built once for a reference in use."""
    entries = reference.catalogue or ()
    key = (id(entries), scheme, track)
    known = _ready.get(key)
    if known is None or known[0] is not entries:
        if len(_ready) > 16:
            _ready.clear()
        known = (entries, Catalogue([e for e in entries if e.scheme == scheme and e.track == track]))
        _ready[key] = known
    return known[1]


def match_product(claim: Claim, reference: Reference) -> Outcome:
    """The catalogue entry that a claim's product is. Without a catalogue, a track or a product name nothing is matched."""
    if reference.catalogue is None or claim.track is None:
        return Outcome(None)
    return find_entry(describe(claim), catalogue_of(reference, claim.scheme, claim.track.value))


# papers that name the product, after the form
_NAMING = (PaperType.SALES_CONTRACT, PaperType.INSURANCE_POLICY, PaperType.SALES_INVOICE, PaperType.FIRST_SET_CERTIFICATE, PaperType.TEST_REPORT, PaperType.IP_CERTIFICATE)


_CERTIFYING = (PaperType.APPLICATION_FORM, PaperType.FIRST_SET_CERTIFICATE)


def describe(claim: Claim) -> Product:
    """The claim's product: its names (the claim's own first), models, category and technical figures, of all its papers."""
    names: list[str] = []
    models: list[str] = []
    if "product_name" in claim.fields:
        names.append(claim.fields["product_name"].text)
    for paper in claim.papers:
        if (paper.type is PaperType.APPLICATION_FORM or paper.type in _NAMING) and "product_name" in paper.fields:
            names.append(paper.fields["product_name"].text)
        if "product_model" in paper.fields:
            models.append(paper.fields["product_model"].text)
    category = next((p.fields["product_type"].text for p in claim.papers if "product_type" in p.fields), "")
    certificates = tuple(dict.fromkeys(p.fields["certificate_number"].text for p in claim.papers if "certificate_number" in p.fields and p.type in _CERTIFYING))
    return Product(tuple(dict.fromkeys(names)), tuple(dict.fromkeys(models)), category, figures_of(claim), certificates)


def figures_of(claim: Claim) -> tuple[Figure, ...]:
    """Technical figures that the claim's papers state: parameters, the form's technical_parameters, test results."""
    out: list[Figure] = []
    for paper in claim.papers:
        texts = [field.text for field in paper.parameters]
        if "technical_parameters" in paper.fields:
            texts.append(paper.fields["technical_parameters"].text)
        for text in texts:
            out += parse_figures(text)
        for row in paper.rows:
            if "parameter" in row and "found" in row:
                out += parse_figures(f"{row['parameter'].text}{row['found'].text}")
    return tuple(dict.fromkeys(out))


def find_entry(product: Product, catalogue: Catalogue) -> Outcome:
    """The best entry for a product, with rivals where two fit about equally well."""
    names = [name for name in (canonical_name(n, product.models) for n in product.names) if name]
    if not names or not catalogue.entries:
        return Outcome(None)
    first = catalogue.scores(names[0])
    others = [catalogue.scores(name) for name in names[1:]]
    by_name = np.maximum(first, 0.5 * first + 0.5 * np.max(others, axis=0)) if others else first
    hopeful = np.flatnonzero(by_name >= max(HOPEFUL, by_name.max() / 2))
    order = hopeful[np.argsort(-by_name[hopeful], kind="stable")][:JUDGED].tolist()
    if not order:
        return Outcome(None)
    judged = sorted((_judged(i, float(by_name[i]), names, product, catalogue) for i in order), key=lambda x: (-x.likeness, x.candidate.entry_id))
    shown = tuple(one.candidate for one in judged if one.likeness >= NEAR)[:SHOWN]
    best = judged[0].candidate
    if not _fits(judged, names, catalogue):
        return Outcome(None, shown)
    match = CatalogueMatch(
        entry_id=best.entry_id, score=best.score, reason=best.reason, alternatives=tuple(c for c in shown if c.entry_id != best.entry_id))
    return Outcome(match, shown, _rivals(judged, names, catalogue))


def _fits(judged: Sequence[_Judged], names: Sequence[str], catalogue: Catalogue) -> bool:
    """Whether the best entry is the product: a good score, or a fair one clearly before the next; not where several tie and the name says what none of them has."""
    best = judged[0]
    if best.fit is Fit.OTHER:
        return False
    next_score = next((one.likeness for one in judged[1:] if catalogue.names[one.place] != catalogue.names[best.place]), 0.0)
    gap = best.likeness - next_score
    if gap <= RIVALS and max(catalogue.coverage(name)[0][best.place] for name in names) < SAYS_ALL:
        return False
    return best.likeness >= FITS or (best.likeness >= MAYBE and gap >= CLEAR)


class _Judged(NamedTuple):
    """An entry with its score. likeness: its score, be the names doubtful or not; figures: 0 to 1, how near the product's figures come to the thresholds, 1 where all are met; None where none could be compared.

    fit: how the names stand to the entry.
    """

    candidate: Candidate
    place: int
    likeness: float
    figures: float | None
    fit: Fit


def _judged(i: int, by_name: float, names: Sequence[str], product: Product, catalogue: Catalogue) -> _Judged:
    """An entry's final score: its name's, mixed with plain likeness, moved a little by category and figures."""
    entry = catalogue.entries[i]
    plain = max(fuzz.ratio("".join(sorted(name)), "".join(sorted(catalogue.names[i]))) / 100 for name in names)
    score = 0.8 * by_name + 0.2 * plain
    reasons = [f"名称相符程度{by_name:.0%}"]
    fit = _fit(names, i, catalogue)
    if fit is Fit.OTHER:
        score *= CONTRARY
        reasons.append(_difference(names[0], catalogue.names[i]) or "品种不同")
    if product.category and entry.category:
        same = fuzz.ratio(product.category, entry.category) >= 75
        score += 0.01 if same else -0.03
        reasons.append("类别一致" if same else f"目录类别为{entry.category}")
    named = sorted(code for code in product.codes if code in catalogue.codes[i])
    if named:
        score += BY_CODE
        reasons.append(f"条目载明{'、'.join(named)}")
    verdicts = check(thresholds(entry.specification), product.figures) if product.figures else ()
    told = [v for v in verdicts if v.met is not None]
    near = [nearness(v) for v in told]
    figures = sum(near) / len(near) if near else None
    if figures is not None:
        score += BY_FIGURES * (figures - 1)
        reasons.append(f"技术参数{sum(bool(v.met) for v in told)}/{len(told)}项达到")
    shown = score
    if fit is Fit.DOUBTFUL:
        shown = min(score, FITS - DOUBT)
        reasons.append(_difference(names[0], catalogue.names[i]) or "用词不尽一致")
    return _Judged(Candidate(entry_id=entry.entry_id, score=round(min(1.0, max(0.0, shown)), 4), reason="；".join(("，".join(reasons), *(v.reason for v in verdicts if not v.met)))), i, score, figures, fit)


def _difference(name: str, entry: str) -> str:
    """What only the product's name and only the entry's say, in Chinese; "" where nothing does."""
    told = ["、".join(text[slice(*run)] for run in runs) for text, runs in zip((name, entry), _apart(name, entry), strict=True)]
    return "，".join(f"{whose}“{words}”" for whose, words in zip(("产品另称", "条目另称"), told, strict=True) if words)


def _fit(names: Sequence[str], place: int, catalogue: Catalogue) -> Fit:
    """How a product stands to an entry: as its first name says, unless that is doubtful and another says as much of the entry without doubt."""
    first, *others = (catalogue.fit(name, place) for name in names)
    if first is Fit.SAME or not others:
        return first
    entry = catalogue.names[place]
    unsaid = _length(_apart(names[0], entry)[1])
    if any(fit is Fit.SAME and _length(_apart(name, entry)[1]) <= unsaid for fit, name in zip(others, names[1:], strict=True)):
        return Fit(first + 1)
    return first


def _rivals(judged: Sequence[_Judged], names: Sequence[str], catalogue: Catalogue) -> tuple[str, ...]:
    """Entries that fit about as well as the best: equally named and not told apart by the figures, or sharing with the product just what the best shares with it."""
    best = judged[0]
    near = [one for one in judged if best.likeness - one.likeness <= RIVALS]
    more, unsaid = _apart(names[0], catalogue.names[best.place])
    if unsaid:  # the name says less than the entry, and perhaps no less than others: 制造执行系统软件
        for one in judged:
            beyond, left_out = _apart(names[0], catalogue.names[one.place])
            if one not in near and one.fit is not Fit.OTHER and left_out and _length(beyond) <= _length(more):
                near.append(one)
    near = [one for one in near if not _told_apart(best, one, catalogue)]
    return tuple(sorted(one.candidate.entry_id for one in near)) if len(near) > 1 else ()


def _told_apart(best: _Judged, other: _Judged, catalogue: Catalogue) -> bool:
    """Whether figures decide between two entries of one name: the product meets the one's and not the other's, or comes clearly nearer to them."""
    if other is best or catalogue.names[best.place] != catalogue.names[other.place] or best.figures is None or other.figures is None:
        return False
    return best.figures - other.figures >= CLEARLY


SAME_PRODUCT = 0.45  # two papers' names of one product share at least this much


def agree_on_product(a: str, b: str, catalogue: Catalogue | None, models: tuple[str, ...] = ()) -> bool:
    """Whether two papers' names can mean one product: equal or alike in the trade's own words, or both best fit the same entry.

    catalogue: the track's, whose rarity of words tells what counts; None where there is none.
    """
    left, right = canonical_name(a, models), canonical_name(b, models)
    if not left or not right or left == right or left in right or right in left:
        return bool(left and right)
    if fuzz.token_sort_ratio(" ".join(left), " ".join(right)) >= 80:
        return True
    if catalogue is None or not catalogue.entries:
        return fuzz.ratio("".join(sorted(left)), "".join(sorted(right))) >= 60
    if likeness(left, right, catalogue) >= SAME_PRODUCT:
        return True
    one, other = catalogue.scores(left), catalogue.scores(right)
    best = int(np.argmax(one))
    return bool(one[best] >= FITS and other[best] >= FITS and catalogue.names[best] == catalogue.names[int(np.argmax(other))])


def likeness(a: str, b: str, catalogue: Catalogue) -> float:
    """0 to 1: how much two canonical names share, by the catalogue's rarity of words."""
    left, right = catalogue.weights(a), catalogue.weights(b)
    shared = sum(min(weight, right[feature]) for feature, weight in left.items() if feature in right)
    whole = sqrt(sum(left.values()) * sum(right.values()))
    return shared / whole if whole else 0.0
