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
from typing import NamedTuple

from matchers.names import normalise, resolve, shared_brand
from models.numbers import plain
from models.reference import Company, Holding, Officer, Reference
from models.text import compact

LONGEST_CHAIN = 6  # holdings further apart than this are let be
REMEMBERED = 20_000  # look-ups kept
LEAST_SHARE = Decimal("0.1")  # and so are crumbs of a share, in percent
THRESHOLD = Decimal(25)


class Kind(StrEnum):
    HOLDING = "holding"
    COMMON_HOLDER = "common_holder"
    OFFICER = "officer"
    PAPERS = "papers"
    NAME = "name"  # a hint only


class Relation(NamedTuple):
    """How two companies are related. path: names from the one to the other; percent: of the holding, None for the rest; reason: Chinese."""

    kind: Kind
    path: tuple[str, ...]
    percent: str | None
    reason: str

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
_SHORTEST = {"legal_representative": 2, "phone": 7, "address": 8, "bank_account": 8}  # shorter values are misreadings, not particulars


class Register:
    """The register's tables, ready to be asked about any two companies. Tables that weren't given count as empty."""

    def __init__(self, holdings: Iterable[Holding] = (), officers: Iterable[Officer] = (), companies: Iterable[Company] = ()) -> None:
        self._held: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
        self._people: dict[str, dict[str, str]] = defaultdict(dict)
        self.companies: dict[str, Company] = {}
        self.names: dict[str, str] = {}
        self._found: dict[str, str | None] = {}
        for holding in holdings:
            self._held[self._know(holding.company)].append((self._know(holding.holder), holding.percent))
        for officer in officers:
            if officer.role and not _OFFICE.search(officer.role):
                continue
            self._people[self._know(officer.company)].setdefault(normalise(officer.person), officer.role)
        for company in companies:
            key = self._know(company.name)
            self.companies[key] = company
            if company.legal_representative:
                self._people[key][normalise(company.legal_representative)] = "法定代表人"

    def _know(self, name: str) -> str:
        key = normalise(name)
        self.names.setdefault(key, name)
        return key

    def find(self, name: str) -> str | None:
        """The register's name for a company as read, within an error or two; None where it isn't there."""
        key = normalise(name)
        if key not in self._found:
            if len(self._found) > REMEMBERED:
                self._found.clear()
            read = resolve(key, self.names)
            self._found[key] = normalise(read) if read else None
        return self._found[key]

    def company(self, name: str) -> Company | None:
        """The register's entry of a company."""
        key = self.find(name)
        return self.companies.get(key) if key else None

    def holders(self, company: str) -> dict[str, tuple[Decimal, tuple[str, ...]]]:
        """Everyone who holds of a company, directly or through others: their whole share in percent, over all ways, and the weightiest way down."""
        out: dict[str, tuple[Decimal, tuple[str, ...]]] = {}
        best: dict[str, Decimal] = {}
        stack: list[tuple[str, Decimal, tuple[str, ...]]] = [(company, Decimal(100), (company,))]
        while stack:
            held, share, path = stack.pop()
            for holder, percent in self._held.get(held, ()):
                if holder in path or len(path) > LONGEST_CHAIN:
                    continue
                part, way = share * percent / 100, (holder, *path)
                if part < LEAST_SHARE:
                    continue
                known = out.get(holder, (Decimal(0), way))
                out[holder] = (known[0] + part, way if part > best.get(holder, Decimal(0)) else known[1])
                best[holder] = max(part, best.get(holder, Decimal(0)))
                stack.append((holder, part, way))
        return out

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
    known_left, known_right = register.find(a) or left, register.find(b) or right
    return (
        (_holding(known_left, known_right, register, at_least) or _officers(known_left, known_right, register)) if known_left != known_right else None
    ) or (_particulars(a, b, papers) if papers else None) or _names(a, b)


def _holding(a: str, b: str, register: Register, at_least: Decimal) -> Relation | None:
    over_a, over_b = register.holders(a), register.holders(b)
    for low, holders, high in ((b, over_b, a), (a, over_a, b)):
        if high in holders and holders[high][0] >= at_least:
            share, path = holders[high]
            names = _names_of(path, register)
            how = "直接" if len(path) == 2 else "间接"
            return Relation(Kind.HOLDING, names, _percent(share), f"{register.names.get(high, high)}{how}持有{register.names.get(low, low)}{_percent(share)}%股权")
    common = [(min(over_a[holder][0], over_b[holder][0]), holder) for holder in over_a.keys() & over_b.keys() if holder not in (a, b)]
    if common:
        share, holder = max(common)
        if share >= at_least:
            path = (*reversed(over_a[holder][1]), *over_b[holder][1][1:])
            name = register.names.get(holder, holder)
            return Relation(
                Kind.COMMON_HOLDER, _names_of(path, register), _percent(share),
                f"{name}同时持有双方{_percent(over_a[holder][0])}%和{_percent(over_b[holder][0])}%股权")
    return None


def _officers(a: str, b: str, register: Register) -> Relation | None:
    in_a, in_b = register.people(a), register.people(b)
    both = sorted(set(in_a) & set(in_b))
    if not both:
        return None
    person = both[0]
    return Relation(
        Kind.OFFICER, (register.names.get(a, a), register.names.get(person, person), register.names.get(b, b)), None,
        f"{person}在双方分别任{in_a[person] or '职'}、{in_b[person] or '职'}")


def _particulars(a: str, b: str, papers: tuple[Particulars, Particulars]) -> Relation | None:
    for particular, label in PARTICULARS.items():
        left = {_plain(particular, v): v for v in papers[0].said.get(particular, ())}
        right = {_plain(particular, v): v for v in papers[1].said.get(particular, ())}
        shared = sorted(v for v in left.keys() & right.keys() if len(v) >= _SHORTEST[particular])
        if shared:
            return Relation(Kind.PAPERS, (a, left[shared[0]], b), None, f"双方{label}相同：{left[shared[0]]}")
    return None


def _plain(particular: str, value: str) -> str:
    text = compact(value)
    if particular in ("phone", "bank_account"):
        return re.sub(r"\D", "", text)
    return re.sub(r"[,，。.\-—]", "", text)


def _names(a: str, b: str) -> Relation | None:
    brand = shared_brand(a, b)
    return Relation(Kind.NAME, (a, b), None, f"双方名称均含字号“{brand}”，可能为关联企业") if brand else None


def _names_of(path: Sequence[str], register: Register) -> tuple[str, ...]:
    return tuple(register.names.get(key, key) for key in path)


def _percent(share: Decimal) -> str:
    return plain(share.quantize(Decimal("0.01")))
