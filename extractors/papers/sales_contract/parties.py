"""Buyer and seller: which side each role is, and the name that most places of the contract give it.

In:    a contract.
Out:   the parties' names by side; the side of each role that the contract uses.
Fails: a side that isn't named is absent.
Elsewhere: where parties are named (mentions.py); what else they say of themselves (facts.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import fuzz

from extractors.confidence import confirmed, contradicted
from extractors.fields import make_field
from extractors.organisations import MAY_END, checked
from extractors.papers.sales_contract.contract import Contract
from extractors.papers.sales_contract.mentions import Mention, find_mentions, name_of
from extractors.papers.sales_contract.words import NO_ROLE, SIDES, first_role, known_roles, stem_of, vocabulary
from models.field import Field
from models.text import compact


def find_parties(contract: Contract) -> dict[str, Field]:
    """Buyer and seller with their names as most places have them."""
    mentions = find_mentions(contract)
    sides = sides_of(contract, mentions)
    known = frozenset(sides)
    mentions, sides = _with_other_side(contract, mentions, sides)
    out: dict[str, Field] = {}
    seals = [re.sub(r"(?:(?:合同|发票|财务|业务)?专用章|公章).*$", "", compact(s.text)) for page in contract.pages for s in page.seals if s.text]
    for side in SIDES:
        own = [m for m in mentions if any(sides.get(r) == side for r in m.roles)]
        own = [m for m in own if not any(_is_part(m.value, o.value) for o in own)]  # cut short, or with a line of it unread
        chosen = _agreed_name(own)
        if chosen is None:
            continue
        certain = any(known_roles().get(r) == side for m in own for r in m.roles)
        by_exclusion = not any(r in known for r in chosen.roles)
        made = make_field(f"{side}_name", chosen.name, found=1.0 if certain else 0.88 if by_exclusion else 0.97)
        if made is None:
            continue
        same = sum(m.value == chosen.value for m in own)
        if same > 1:
            made = confirmed(made, f"合同内{same}处一致")
        elif any(compact(chosen.value) == s for s in seals):
            made = confirmed(made, "与印章一致")
        elif any(m.value != chosen.value for m in own):
            made = contradicted(made, "合同内名称不一致", 0.7)
        elif _BROKEN_NAME.search(made.text) or made.text.count("（") != made.text.count("）"):
            made = contradicted(made, "名称不完整", 0.7)
        elif any(made.text in s for s in seals):
            made = contradicted(made, "印章上的名称更长", 0.8)
        out[side] = checked(made) or made
    if "buyer" in out and "seller" in out and out["buyer"].value == out["seller"].value:
        del out["buyer" if _one_sided(mentions, sides) == "seller" else "seller"]
    return out


_UNKNOWN_ROLE = re.compile(r"(?:^|(?<=[\n\t;；。]))(?:\d{1,2}[.、])?(?P<role>[\u4e00-\u9fff]{1,6}(?:方|人|商家?|单位|企业|厂家)|[我贵]公?司)(?:[（(][^）)\n]{0,12}[)）])?(?:名称)?(?:[:：]\t?|\t)(?=[\u4e00-\u9fff])")


_SPOKEN = frozenset({"我司", "我公司", "我方"})  # beside 客户 or 供应商: who writes is the other side


def _with_other_side(contract: Contract, mentions: list[Mention], sides: dict[str, str]) -> tuple[list[Mention], dict[str, str]]:
    """Where only one side's role is known, the one other party that the contract introduces by a role of its own (合作方：某某公司) is the other side."""
    told = {s for m in mentions for r in m.roles if (s := sides.get(r))}
    if len(told) > 1:
        return mentions, sides
    known = {m.value for m in mentions}
    found: list[Mention] = []
    for m in _UNKNOWN_ROLE.finditer(contract.text):
        named = next((e for e in contract.within(m.end(), m.end() + 2, "organisation")), None)
        if named is None or m["role"] in known_roles() or (NO_ROLE.search(first_role(m["role"])) and m["role"] not in _SPOKEN):
            continue
        name = contract.piece(named.start, named.end)
        value = name_of(name)
        if value and value not in known and (contract.text.count(m["role"]) > 1 or stem_of(m["role"])):
            found.append(Mention((m["role"],), name, value, m.start("role")))
    if not told:  # 订制方, 制造方: both by what their roles say
        stems = {f.roles[0]: stem_of(f.roles[0]) for f in found}
        return ([*mentions, *found], {**sides, **stems}) if sorted(stems.values()) == sorted(SIDES) else (mentions, sides)
    if len({f.value for f in found}) != 1 or len({r for f in found for r in f.roles}) != 1:
        return mentions, sides
    other = next(s for s in SIDES if s not in told)
    return [*mentions, *found], {**sides, found[0].roles[0]: other}


def _is_part(short: str, whole: str) -> bool:
    """Whether a name is what is left of a longer one: all its characters stand there, in their order. A name with its legal form is whole itself."""
    rest = iter(whole)
    return 4 <= len(short) < len(whole) and not _WHOLE_FORM.search(short) and all(c in rest for c in short)


_WHOLE_FORM = re.compile(r"有限(?:责任)?公司$")

_BROKEN_NAME = re.compile(r"^[与由向及]|合同|协议|有限[甲乙丙买卖供需]方|(?<!有)限公司$|(?<!限)责任公司$|(?<!份)有限公[^司]?$")


def _one_sided(mentions: Sequence[Mention], sides: Mapping[str, str]) -> str:
    """The side that more mentions speak for."""
    count = Counter(sides.get(r, "") for m in mentions for r in m.roles)
    return max(SIDES, key=lambda s: count[s])


def _agreed_name(mentions: Sequence[Mention]) -> Mention | None:
    """The mention whose name most others bear out; of equal ones the most complete and surest."""
    if not mentions:
        return None

    def weight(m: Mention) -> tuple[float, float]:
        alike = sum(1.0 if o.value == m.value else 0.4 if fuzz.ratio(o.value, m.value) > 80 else 0.0 for o in mentions)
        whole = 1.0 if MAY_END.search(m.value) else 0.0
        return alike + whole, m.name.confidence

    return max(mentions, key=weight)


def sides_of(contract: Contract, mentions: Sequence[Mention]) -> dict[str, str]:
    """Role -> buyer or seller, for the roles that this contract uses."""
    out = {role: side for role, side in known_roles().items() if side}
    for m in mentions:
        told = [side for r in m.roles if (side := known_roles().get(r) or stem_of(r))]
        if told:
            out.update({r: told[0] for r in m.roles if not known_roles().get(r) and r not in out})
    for found in re.finditer(r"(甲方|乙方|丙方)[（(]([^（）()\n\t]{1,10})[)）]|([^（）()\n\t,，。:：]{2,6})[（(](?:以下)?(?:简)?称?[:：\"“]?(甲方|乙方|丙方)[\"”]?[)）]", contract.text):
        neutral, role = (found[1], found[2]) if found[1] else (found[4], found[3])
        side = next((s for r, s in known_roles().items() if s and role.endswith(r)), "")
        if side:
            out.setdefault(neutral, side)
    if {"甲方", "乙方"} & set(out):
        for one, other in (("甲方", "乙方"), ("乙方", "甲方")):
            if one in out and other not in out:
                out[other] = "seller" if out[one] == "buyer" else "buyer"
    elif "甲方" in contract.text:
        score = _votes(contract.text, "甲方", "乙方") - _votes(contract.text, "乙方", "甲方")
        out.update({"甲方": "buyer", "乙方": "seller"} if score >= 0 else {"甲方": "seller", "乙方": "buyer"})
    return out


def _votes(text: str, one: str, other: str) -> int:
    """How much a contract says of a side that it buys, less what it says that it sells."""
    parties = vocabulary()["parties"]

    def count(patterns: Iterable[str]) -> int:
        return sum(min(3, len(re.findall(p.replace("X", one).replace("Y", other), text))) for p in patterns)

    return count(parties["buys"]) - count(parties["sells"])
