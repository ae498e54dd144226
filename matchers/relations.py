"""Whether two companies are related (关联企业).

In:    two companies' names, the register (holdings, officers, companies) and what the papers say about either.
Out:   `Relation`: the kind, the path from one to the other, the percentage where there is one; None where nothing relates them.
Fails: never; an unread name is related to nothing.
Source: rulebook, "What related means": holdings of 25 % or more, directly or through chains (percentages multiplied), or a third party's in both;
        the same person as legal representative, director, supervisor or manager in both; shared particulars in the papers; names as a mere hint.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

import numpy as np

from matchers.companies import same_person
from matchers.known_names import KnownNames, are_plain
from matchers.names import normalise, shared_brand, take_apart
from models.collector import without_collector
from models.numbers import plain
from models.reference import Company, Holding, Officer, Reference
from models.text import compact

LONGEST_CHAIN = 6  # holdings further apart than this are let be
MOST_WAYS = 5_000  # and so is what is left when so many ways up have been followed, the weightiest first
LEAST_SHARE = Decimal("0.01")  # and crumbs of a share, in percent
TOLD_WAYS = 3  # ways that a reason tells of
REMEMBERED = 20_000  # look-ups kept
THRESHOLD = Decimal(25)


class Kind(StrEnum):
    HOLDING = "holding"
    COMMON_HOLDER = "common_holder"
    OFFICER = "officer"
    PAPERS = "papers"
    NAME = "name"  # a hint only


class Relation(NamedTuple):
    """How two companies are related. path: names from the one to the other; percent: of the holding, None for the rest; reason: Chinese.

    links: what the relation rests on, each (from, what, to): (holder, "60%", company), (person, role, company), (company, "电话", its value).
    """

    kind: Kind
    path: tuple[str, ...]
    percent: str | None
    reason: str
    links: tuple[tuple[str, str, str], ...] = ()

    @property
    def hint(self) -> bool:
        """Whether it only says that a person should look."""
        return self.kind is Kind.NAME


class Particulars(NamedTuple):
    """What papers or the register say about a company: name of the particular (legal_representative, phone, address, bank_account) -> value."""

    name: str
    said: Mapping[str, frozenset[str]]


PARTICULARS: Mapping[str, str] = {"legal_representative": "法定代表人", "phone": "电话", "address": "地址", "bank_account": "银行账号"}
_OFFICE = re.compile("董事|监事|经理|总裁|法定代表|负责人|执行|厂长|院长|校长|主席|理事")  # roles that decide; what the register leaves blank counts
_NO_OFFICE = re.compile("助理|(?:项目|客户|产品|区域|大堂)经理")
_SHORTEST = {"legal_representative": 2, "phone": 7, "address": 8, "bank_account": 8}  # shorter values are misreadings, not particulars


class Way(NamedTuple):
    """One way from a holder down to a company. links: each holder with the percentage it has of the next; percent: their product."""

    links: tuple[tuple[str, Decimal], ...]
    percent: Decimal


class Share(NamedTuple):
    """What someone holds of a company in percent, over all ways; the weightiest way stands first."""

    percent: Decimal
    ways: tuple[Way, ...]


class _Printed(dict[str, str]):
    """Normalised names as the register prints them; only those that it prints otherwise are kept."""

    def __missing__(self, key: str) -> str:
        return key


class Register:
    """The register's tables, ready to be asked about any two companies. Tables that weren't given count as empty.

    Names are numbered; who holds of whom stands in columns sorted by the company that is held.
    """

    def __init__(self, holdings: Iterable[Holding] = (), officers: Iterable[Officer] = (), companies: Iterable[Company] = ()) -> None:
        self._numbers: dict[str, int] = {}  # of each name, as printed and normalised
        self._keys: list[str] = []
        self.names = _Printed()
        self._found: dict[str, str | None] = {}
        holders, held, percents = zip(*rows, strict=True) if (rows := tuple(holdings)) else ((), (), ())
        printed: defaultdict[str, int] = defaultdict(count().__next__)  # names in the order in which they first stand there
        places = [np.fromiter(map(printed.__getitem__, names), dtype=np.int64, count=len(names)) for names in (held, holders)]
        known = np.array(self._know_all(list(printed)), dtype=np.int64)
        numbers = [known[column] for column in places] if rows else places
        by_company = np.argsort(numbers[0], kind="stable")
        self._held, self._holders = (column[by_company] for column in numbers)
        self._percents = [percents[i] for i in by_company.tolist()]
        self._people: dict[str, dict[str, str]] = defaultdict(dict)
        for officer in officers:
            if officer.role and (not _OFFICE.search(officer.role) or _NO_OFFICE.search(officer.role)):
                continue
            self._people[self._key(officer.company)].setdefault(normalise(officer.person), officer.role)
        self.companies: dict[str, Company] = {}
        for entry in companies:
            key = self._key(entry.name)
            self.companies[key] = entry
            if entry.legal_representative:
                self._people[key][normalise(entry.legal_representative)] = "法定代表人"

    def _know_all(self, names: Sequence[str]) -> list[int]:
        """The numbers of distinct names. Those that are plain, nearly all, are their own normalised form."""
        out = []
        keys, numbers = self._keys, self._numbers
        for name, plain_one in zip(names, are_plain(names), strict=True):
            if plain_one and name not in numbers:
                numbers[name] = len(keys)
                keys.append(name)
            out.append(numbers[name] if plain_one else self._know(name))
        return out

    def _know(self, name: str) -> int:
        number = self._numbers.get(name)
        if number is None:
            key = normalise(name)
            number = self._numbers.setdefault(key, len(self._keys))
            if number == len(self._keys):
                self._keys.append(key)
                if name != key:
                    self.names[key] = name
            self._numbers[name] = number
        return number

    def _key(self, name: str) -> str:
        return self._keys[self._know(name)]

    @cached_property
    def _known(self) -> KnownNames:
        return KnownNames([key for key in self._keys if key])

    def find(self, name: str) -> str | None:
        """The register's name for a company as read, within an error or two, or else of its head office; None where it isn't there."""
        key = normalise(name)
        if key in self._numbers:
            return self._keys[self._numbers[key]]
        if key not in self._found:
            if len(self._found) > REMEMBERED:
                self._found.clear()
            parts = take_apart(key)
            self._found[key] = self._known.resolve(key) or (self.find(parts.head) if parts.branch else None)
        return self._found[key]

    def company(self, name: str) -> Company | None:
        """The register's entry of a company."""
        key = self.find(name)
        return self.companies.get(key) if key else None

    def _holders_of(self, number: int) -> Iterable[tuple[int, Decimal]]:
        start, end = np.searchsorted(self._held, (number, number + 1)).tolist()
        return zip(self._holders[start:end].tolist(), self._percents[start:end], strict=True)

    def holders(self, company: str) -> dict[str, Share]:
        """Everyone who holds of a company, directly or through others: the whole share over all ways, the weightiest ways first.

        No way passes a company twice, so that companies that hold each other come to an end.
        """
        first = self._numbers.get(company)
        if first is None:
            return {}
        ways: dict[int, list[Way]] = defaultdict(list)
        heap: list[tuple[Decimal, tuple[int, ...], tuple[tuple[str, Decimal], ...]]] = [(Decimal(-100), (first,), ())]
        for _ in range(MOST_WAYS):
            if not heap:
                break
            share, path, links = heappop(heap)
            if links:
                ways[path[0]].append(Way(links, -share))
            if len(path) > LONGEST_CHAIN:
                continue
            for holder, percent in self._holders_of(path[0]):
                part = share * percent / 100
                if holder not in path and -part >= LEAST_SHARE:
                    heappush(heap, (part, (holder, *path), ((self._keys[holder], percent), *links)))
        return {self._keys[holder]: Share(sum((way.percent for way in found), Decimal(0)), tuple(found)) for holder, found in ways.items()}

    def people(self, company: str) -> Mapping[str, str]:
        """A company's officers and their roles."""
        return self._people.get(company, {})


_ready: dict[int, tuple[Reference, Register]] = {}


def register_of(reference: Reference) -> Register:
    """The register of the tables that were given; built once for a reference in use."""
    known = _ready.get(id(reference))
    if known is None or known[0] is not reference:
        if len(_ready) > 4:
            _ready.clear()
        with without_collector():
            known = (reference, Register(reference.holdings or (), reference.officers or (), reference.companies or ()))
        _ready[id(reference)] = known
    return known[1]


def find_relation(a: str, b: str, register: Register, papers: tuple[Particulars, Particulars] | None = None, at_least: Decimal = THRESHOLD) -> Relation | None:
    """The strongest relation between two companies: holdings, then officers, then the papers, then the names' hint.

    papers: what the submission's own papers say about a and b. at_least: percent from which a holding counts (equal counts).
    """
    left, right = normalise(a), normalise(b)
    if not left or not right:
        return None
    if left == right:
        return Relation(Kind.PAPERS, (a, b), None, "用户与投保企业为同一企业")
    if same_person(a, b):
        return Relation(Kind.PAPERS, (a, b), None, "用户与投保企业为同一企业及其分支机构")
    known_left, known_right = register.find(a) or left, register.find(b) or right
    return (
        (_holding(known_left, known_right, register, at_least) or _officers(known_left, known_right, register)) if known_left != known_right else None
    ) or (_particulars(a, b, papers) if papers else None) or _names(a, b)


def _holding(a: str, b: str, register: Register, at_least: Decimal) -> Relation | None:
    over_a, over_b = register.holders(a), register.holders(b)
    for low, holders, high in ((b, over_b, a), (a, over_a, b)):
        share = holders.get(high)
        if share and share.percent >= at_least:
            how = "直接" if len(share.ways) == 1 and len(share.ways[0].links) == 1 else "间接" if all(len(way.links) > 1 for way in share.ways) else "直接和间接"
            return Relation(
                Kind.HOLDING, _path(share, low, register), _percent(share.percent),
                f"{register.names[high]}{how}持有{register.names[low]}{_percent(share.percent)}%股权：{told(share, low, register)}", _links(share, low, register))
    common = [(min(over_a[holder].percent, over_b[holder].percent), holder) for holder in over_a.keys() & over_b.keys() if holder not in (a, b)]
    share_of, holder = max(common, default=(Decimal(0), ""))
    if not holder or share_of < at_least:
        return None
    left, right = over_a[holder], over_b[holder]
    return Relation(
        Kind.COMMON_HOLDER, (*reversed(_path(left, a, register)), *_path(right, b, register)[1:]), _percent(share_of),
        f"{register.names[holder]}同时持有双方{_percent(left.percent)}%和{_percent(right.percent)}%股权：{told(left, a, register)}；{told(right, b, register)}",
        tuple(dict.fromkeys((*_links(left, a, register), *_links(right, b, register)))))


def told(share: Share, company: str, register: Register) -> str:
    """The ways of a share as evidence: 甲 —60%→ 乙 —51%→ 丙 = 30.6%, several with their sum."""
    ways = []
    for way in share.ways[:TOLD_WAYS]:
        chain = " ".join(f"{register.names[holder]} —{plain(percent)}%→" for holder, percent in way.links)
        ways.append(f"{chain} {register.names[company]}" + (f" = {_percent(way.percent)}%" if len(way.links) > 1 else ""))
    if len(share.ways) > TOLD_WAYS:
        ways.append(f"另有{len(share.ways) - TOLD_WAYS}条路径")
    return "；".join(ways) + (f"；合计{_percent(share.percent)}%" if len(share.ways) > 1 else "")


def _links(share: Share, company: str, register: Register) -> tuple[tuple[str, str, str], ...]:
    """Who holds how much of whom, over the ways that are told."""
    links = []
    for way in share.ways[:TOLD_WAYS]:
        names = [register.names[name] for name in (*(holder for holder, _ in way.links), company)]
        links += [(names[i], f"{plain(percent)}%", names[i + 1]) for i, (_, percent) in enumerate(way.links)]
    return tuple(dict.fromkeys(links))


def _path(share: Share, company: str, register: Register) -> tuple[str, ...]:
    """The names along the weightiest way."""
    return (*(register.names[holder] for holder, _ in share.ways[0].links), register.names[company])


def _officers(a: str, b: str, register: Register) -> Relation | None:
    in_a, in_b = register.people(a), register.people(b)
    both = sorted(set(in_a) & set(in_b))
    if not both:
        return None
    person = both[0]
    return Relation(
        Kind.OFFICER, (register.names[a], register.names[person], register.names[b]), None,
        f"{person}在双方分别任{in_a[person] or '职'}、{in_b[person] or '职'}",
        tuple((register.names[person], role or "任职", register.names[name]) for name, role in ((a, in_a[person]), (b, in_b[person]))))


def _particulars(a: str, b: str, papers: tuple[Particulars, Particulars]) -> Relation | None:
    for particular, label in PARTICULARS.items():
        left = {_plain(particular, v): v for v in papers[0].said.get(particular, ())}
        right = {_plain(particular, v): v for v in papers[1].said.get(particular, ())}
        shared = sorted(v for v in left.keys() & right.keys() if len(v) >= _SHORTEST[particular])
        if shared:
            value = left[shared[0]]
            return Relation(Kind.PAPERS, (a, value, b), None, f"双方{label}相同：{value}", ((a, label, value), (b, label, value)))
    return None


def _plain(particular: str, value: str) -> str:
    text = compact(value)
    if particular in ("phone", "bank_account"):
        return re.sub(r"\D", "", text)
    return re.sub(r"[,，。.\-—]", "", text)


def _names(a: str, b: str) -> Relation | None:
    brand = shared_brand(a, b)
    return Relation(Kind.NAME, (a, b), None, f"双方名称均含字号“{brand}”，可能为关联企业", ((a, f"字号“{brand}”", b),)) if brand else None


def _percent(share: Decimal) -> str:
    return plain(share.quantize(Decimal("0.01")))
