"""Who a contract's parties are: their representatives, telephones, addresses, banks, codes, from the blocks in which they introduce themselves and sign.

In:    a contract and the parties' names by side.
Out:   facts by side and kind: buyer_phone, seller_bank_account …
Fails: what isn't said is absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from extractors.fields import make_field
from extractors.papers.sales_contract.contract import Contract, most_said
from extractors.papers.sales_contract.mentions import ADDRESSEE, find_mentions
from extractors.papers.sales_contract.parties import sides_of
from extractors.papers.sales_contract.words import any_of, known_roles, vocabulary
from models.field import Field
from models.paper import Kind
from models.text import compact


class _Part(NamedTuple):
    """A stretch of a row between tabs: its place in the text and across the page."""

    text: str
    start: int
    x: float


def find_facts(contract: Contract, names: Mapping[str, str]) -> dict[str, Field]:
    """Who the parties are, from the blocks in which they introduce themselves and sign.

    A fact belongs to the party that was last named above it on its side of the page (or right before it).
    """
    facts = vocabulary()["facts"]
    label_of = {compact(w): kind for kind, some in facts.items() for w in some}
    label = re.compile(rf"^(?P<label>{any_of(label_of)})(?:[（(][^）)]{{0,10}}[)）]?)?(?P<colon>[:：])?(?P<value>.*)$")
    sides = sides_of(contract, find_mentions(contract))
    out: dict[str, list[Field]] = {}
    current: dict[str, str] = {}
    border = 0.5  # where the right party's block begins
    for parts in _rows(contract):
        speakers = _firsts(speaker for part in parts for speaker in _speakers(contract, part, sides, names))
        if len(speakers) > 1:
            split = (speakers[0][0] + speakers[1][0]) / 2
            current = {"left" if x <= split else "right": s for x, s in speakers}
            right = max(x for x, _ in speakers)
            border = right - 0.03 if right > 0.4 else 0.5
        elif speakers and len(current) > 1 and len(parts) > 1:
            current["left" if speakers[0][0] < 0.4 else "right"] = speakers[0][1]
        elif speakers:
            current = {"all": speakers[0][1]}
        if not current:
            continue
        for kind, value, x in _labelled(parts, label, label_of):
            side = current.get("all") or current.get("left" if x < border else "right", "")
            if side and kind not in ("_", "name"):
                made = _fact(contract, kind, value)
                if made is not None:
                    out.setdefault(f"{side}_{kind}", []).append(made)
    return {name: best for name, some in out.items() if (best := most_said(some, "")) is not None}


def _rows(contract: Contract) -> Iterator[list[_Part]]:
    offset = 0
    for line in contract.text.split("\n"):
        parts, at = [], offset
        for text in line.split("\t"):
            if text:
                parts.append(_Part(text, at, contract.running.x_at(at)))
            at += len(text) + 1
        if parts:
            yield parts
        offset += len(line) + 1


@lru_cache(maxsize=1)
def _speaker_pattern() -> re.Pattern[str]:
    role = any_of(known_roles())
    return re.compile(rf"(?P<before_colon>{role})(?:签章|盖章|签字|签名|确认|代表)*(?:[（(][^）)]{{0,12}}[)）])?[:：]|^(?P<alone>{role})(?=$|[（(])")


def _speakers(contract: Contract, part: _Part, sides: Mapping[str, str], names: Mapping[str, str]) -> Iterator[tuple[float, str]]:
    """The sides that a stretch of text introduces, and where across the page: by a role at its beginning or before a colon, or by being a party's name."""
    if ADDRESSEE.match(part.text):
        yield part.x, "buyer"
        return
    found = list(_speaker_pattern().finditer(part.text)) if len(part.text) <= 90 else []
    for m in found:
        side = sides.get(m["before_colon"] or m["alone"], "")
        if side:
            yield (part.x if m.start() == 0 else contract.running.x_at(part.start + m.start())), side
    if not found:
        alike = next((s for s, n in names.items() if abs(len(n) - len(part.text)) <= 3 and Levenshtein.normalized_similarity(n, part.text) > 0.85), "")
        if alike:
            yield part.x, alike


def _firsts(speakers: Iterable[tuple[float, str]]) -> list[tuple[float, str]]:
    """Each side where a row introduces it first: 买方 | 甲公司 | 卖方 | 乙公司 names each of them twice."""
    found: dict[str, float] = {}
    for x, side in speakers:
        found.setdefault(side, x)
    return [(x, side) for side, x in found.items()]


def _labelled(parts: Sequence[_Part], label: re.Pattern[str], label_of: Mapping[str, str]) -> Iterator[tuple[str, _Part, float]]:
    """Labels of a row with their values: behind them, or the next stretch to the right that is no label."""
    for n, part in enumerate(parts):
        m = label.match(part.text)
        if not m or (not m["colon"] and m["value"] and len(m["label"]) < 3):
            continue
        kind = label_of[m["label"]]
        if m["value"]:
            yield kind, _Part(m["value"], part.start + m.start("value"), part.x), part.x
        elif n + 1 < len(parts) and not label.match(parts[n + 1].text):
            yield kind, parts[n + 1], part.x


_FACT_FORMS = {
    "phone": re.compile(r"0\d{2}[-—]?\d{8}(?!\d)(?:[-—转]\d{1,6})?|0[3-9]\d{2}[-—]?\d{7,8}(?!\d)(?:[-—转]\d{1,6})?|(?<!\d)1\d{10}(?!\d)|(?<![\d-])\d{7,8}(?!\d)"),
    "bank_account": re.compile(r"\d[\d\- ]{8,30}\d"),
    "credit_code": re.compile(r"[0-9A-Za-z]{15,18}"),
    "legal_representative": re.compile(r"^[\u4e00-\u9fff·]{2,5}(?=$|[（(])"),
    "address": re.compile(r".{5,60}"),
    "bank_name": re.compile(r".{4,40}"),
}


def _fact(contract: Contract, kind: str, part: _Part) -> Field | None:
    form = _FACT_FORMS.get(kind)
    found = form.search(part.text) if form else None
    if not found:
        return None
    return make_field(kind, contract.piece(part.start + found.start(), part.start + found.end()), kind=Kind.NUMBER if kind in ("phone", "bank_account", "credit_code") else Kind.TEXT)
