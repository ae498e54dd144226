"""Sales, purchase, development and service contracts: parties, goods, prices, date, quality deposit.

In:    a contract's pages in reading order: tables or clauses, a cover sheet or none, any names for the parties.
Out:   the contract's fields; `rows` (goods: product_name, product_model, quantity, unit, unit_price, amount), `parameters` (technical figures),
       `extra`: amount_in_words, contract_amount_in_figures (where the words were believed instead) and who the parties are (buyer_/seller_ legal_representative, phone, address, bank_name, bank_account, credit_code).
Fails: what isn't found is absent.
Elsewhere: how amounts, dates and names are written (extractors/language, models); whether the parties are related (pipeline/rules).

Who buys is read from the text: from the parties' names (买受人, 供方, 定作人), else from what 甲方 and 乙方 are said to do.
A value that several places of the contract bear out, or that fits price × quantity = amount = amount in words, is surer.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from extractors.amounts import wrapped_words
from extractors.confidence import accepts, confirmed, contradicted, doubted
from extractors.fields import make_field
from extractors.language import Entity, RunningText, entities
from extractors.layout import Block, Piece, Table, blocks, table_rows
from extractors.organisations import checked, is_organisation
from extractors.papers.base import Extracted
from extractors.sorting import distinct
from extractors.spread import with_spread_joined
from models.field import Field
from models.money import parse_figures, yuan
from models.numbers import plain
from models.page import Page
from models.paper import Kind, Row
from models.text import compact

SIDES = ("buyer", "seller")
NAME_ENDS = re.compile(r"(?:公司|学院|大学|学校|医院|厂|院|所|中心|集团|局|部|合作社|商行|协会|委员会|银行|行|站|矿|队|室|社|店|府|[）)])$")


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, Any]:
    """The words of sales_contract.toml."""
    return tomllib.loads(Path(__file__).with_name("sales_contract.toml").read_text(encoding="utf-8"))


def _any(words: Iterable[str]) -> str:
    """A pattern for any of these words, the longest first."""
    return "|".join(re.escape(compact(w)) for w in sorted(words, key=len, reverse=True))


@dataclass(frozen=True, eq=False)
class Contract:
    """A contract as running text, with what the language pipeline found in it."""

    pages: tuple[Page, ...]
    running: RunningText
    found: tuple[Entity, ...] = field(default=())

    @property
    def text(self) -> str:
        return self.running.text

    def of(self, *kinds: str) -> list[Entity]:
        return [e for e in self.found if e.kind in kinds]

    @cached_property
    def table(self) -> Table:
        return _table(self)

    @cached_property
    def two_prices(self) -> bool:
        """Whether headings set net and gross prices apart over columns of one name: 不含税 | 含税 over 单价 | 金额 | 单价 | 金额."""
        heads = [(page.number, line.box.cy, bool(found[1])) for page in self.pages for line in page.lines if (found := _TAX_HEAD.match(compact(line.text)))]
        return any(net and not other and a == b and abs(y - z) < 0.02 for a, y, net in heads for b, z, other in heads)

    def within(self, start: int, end: int, *kinds: str) -> list[Entity]:
        return [e for e in self.found if start <= e.start < end and (not kinds or e.kind in kinds)]

    def piece(self, start: int, end: int) -> Piece:
        return self.running.piece(start, end)


_TAX_HEAD = re.compile(r"^(?:(不含税|未税|除税|税前)|含税|税后|价税)(?:价|价格|部分)?(?:[（(][^）)]{0,8}[)）])?$")


def extract(pages: Sequence[Page]) -> Extracted:
    """Read a contract; see the module."""
    pages = [with_spread_joined(page, (*_roles(), *_ROLE_ROWS)) for page in distinct(pages)]
    running = RunningText.of(pages)
    contract = Contract(tuple(pages), running, tuple(entities(running.text)))
    parties = _parties(contract)
    items = _items(contract)
    main = _main(items)
    amount, words, overruled = _amount(contract, items)
    if len(items) == 1:
        main = _held_against(main, amount)
    fields: dict[str, Field | None] = {
        "contract_number": _number(contract),
        "buyer_name": parties.get("buyer"),
        "seller_name": parties.get("seller"),
        **{name: main.get(name) for name in ("product_name", "product_model", "quantity", "unit_price")},
        "contract_amount": amount,
        "signed_on": _signed_on(contract),
        "quality_deposit": _quality_deposit(contract),
    }
    facts = _facts(contract, {side: f.text for side, f in parties.items()})
    return Extracted(
        fields={name: value for name, value in fields.items() if value is not None},
        extra={**facts, **({"amount_in_words": words} if words else {}), **({"contract_amount_in_figures": overruled} if overruled else {})},
        rows=tuple(items),
        parameters=tuple(_parameters(contract)),
    )


# ---------------------------------------------------------------- parties


class Mention(NamedTuple):
    """A party named with its role: 甲方（采购方）：某某公司. roles: 甲方, 采购方. start: where the role stands."""

    roles: tuple[str, ...]
    name: Piece
    value: str
    start: int


@lru_cache(maxsize=1)
def _roles() -> Mapping[str, str]:
    """Role -> buyer, seller, or "" where the role alone doesn't say."""
    parties = vocabulary()["parties"]
    return {**{compact(w): "buyer" for w in parties["buyer"]}, **{compact(w): "seller" for w in parties["seller"]}, **dict.fromkeys(parties["neutral"], "")}


@lru_cache(maxsize=64)
def _stem_of(role: str) -> str:
    """The side of a role that no list foresees, by what it says that the party does: 订制方 buyer, 施工单位 seller; "" where it says nothing."""
    parties = vocabulary()["parties"]
    if not re.search(r"(?:方|人|商|单位|企业)$", role) or _NO_ROLE.search(role):
        return ""
    return next((side for side in SIDES[::-1] if re.match(parties[f"{side}_stems"], role)), "")


@lru_cache(maxsize=1)
def _mention_pattern() -> re.Pattern[str]:
    role = _any(_roles())
    return re.compile(
        rf"(?:(?<=[\n\t,，。;；、）)])|^)(?:\d{{1,2}}[.、])?(?P<role>{role})(?:[（(/、](?P<alias>[^（）()\n\t:]{{1,14}})[)）]?)?(?:单位)?(?:名称|全称)?(?:[（(][^）)\n]{{0,12}}[)）])?(?:[A-Za-z/.]{{2,24}}(?=:))?"
        rf"(?P<colon>[:：\t]|是:?|为:?)[:：\t]?(?!(?:{role})(?:$|[:：\n\t（(]))(?P<name>[^\n\t:：]{{3,60}})"
    )


def _mentions(contract: Contract) -> list[Mention]:
    """Where the contract names a party with its role."""
    out = []
    for m in _mention_pattern().finditer(contract.text):
        start, end = m.span("name")
        roles = tuple(r for r in (m["role"], *re.split(r"[、/,，]|以下简称|简称|[\"“”'‘’]", m["alias"] or "")) if r in _roles())
        names = contract.within(start, end, "organisation")
        if names and names[0].start - start <= 2:
            start, end = names[0].start, names[0].end
        else:
            stop = re.search(r"[,，。;；（(](?![^）)]{0,14}[)）].{0,4}(?:公司|合伙))|以下简称|\(?盖章|地址|法定代表|电话", m["name"])
            end = start + (stop.start() if stop else len(m["name"]))
        name = contract.piece(start, end)
        value = _name_of(name)
        if value and not NAME_ENDS.search(value):
            longer = _wrapped(contract, name, end)
            name, value = longer if longer else (name, value)
        if value and len(value) >= 4 and value not in _roles() and not _LED_BY_ROLE.match(value) and not re.search(r"[:：]|^(?:单位|名称|地址|签|法定|授权|盖章|代表)", value):
            out.append(Mention(roles, name, value, m.start("role")))
    for m in _SAID_TO_BE.finditer(contract.text):  # 某某公司（以下简称甲方）
        named = _named_before(contract, m.start())
        role = m["role"] or m["bare"]
        if named and (role in _roles() or (m["role"] and _stem_of(role))):
            name = contract.piece(named.start, named.end)
            out.append(Mention((role,), name, _name_of(name), named.start))
    return [*out, *_in_columns(contract), *_signatures(contract)]


_LED_BY_ROLE = re.compile(r"^(?:[甲乙丙丁买卖供需][方受人]|(?:买受|出卖|定作|承揽|委托|受托|发包|承包|购买|采购|供应|供货|销售|许可|被许可)[人方]|供应商|方(?:提供|向|应|负责))")


_NAME_LABEL = re.compile(r"^(?:单位|公司|企业)?(?:名称|全称)(?:[（(][^）)]{0,8}[)）])?[:：]")


def _signatures(contract: Contract) -> Iterator[Mention]:
    """Parties where they sign: a role over a name, each side in its column. 甲方（盖章）： / 某某公司."""
    sign = re.compile(rf"^(?P<role>{_any(_roles())})(?:单位)?(?:名称|全称)?(?:[（(][^）)]{{0,12}}[)）])?(?:盖章|签章|签字|公章)?[:：]?$")
    for page in contract.pages:
        for label in page.lines:
            m = sign.match(compact(label.text))
            if not m:
                continue
            height, right = label.box.height, label.box.x1
            near = [v for v in page.lines if v is not label and 0.4 * height < v.box.cy - label.box.cy < 3.2 * height
                    and v.box.x0 < right and v.box.x1 > label.box.x0 and abs(v.box.x0 - label.box.x0) < max(0.06, label.box.width)]
            below = min(near, key=lambda v: v.box.cy, default=None)
            labelled = _NAME_LABEL.match(compact(below.text)) if below else None
            text = compact(below.text)[labelled.end() if labelled else 0 :] if below else ""
            if below is None or len(text) < 4 or _LED_BY_ROLE.match(text):
                continue
            name = RunningText.of([page.model_copy(update={"lines": (below,)})]).piece(labelled.end() if labelled else 0, 60)
            value = _name_of(name)
            if not is_organisation(value):
                name, value = _wrapped(contract, name, 0) or (name, "")
            if value:
                yield Mention((m["role"],), name, value, len(contract.text))


# （以下简称“甲方”）, （下称甲方）, （发包人名称，以下简称“发包人”）, （本合同中称为甲方，下同）, （甲方）
_SAID_TO_BE = re.compile(
    r"[（(](?:(?:[^（）()\n]{1,12}[,，、;；])?(?:在?本?(?:合同|协议)[中内]?|以下|下文?中?|后文?中?)?[统简合]?称(?:之)?[为作]?[:：]?[“\"'‘「『]?(?P<role>[\u4e00-\u9fff]{2,5}?)[”\"'’」』]?(?:[,，、][^（）()\n]{0,6})?|"
    r"[“\"]?(?P<bare>[\u4e00-\u9fff]{2,4})[”\"]?)[)）]"
)


def _named_before(contract: Contract, at: int) -> Entity | None:
    """The organisation before a bracket: right before it, or with its address and the like between: 某某公司，注册地址为…（下称“买方”）."""
    before = [e for e in contract.of("organisation") if at - 90 < e.end <= at]
    last = before[-1] if before else None
    return last if last and (last.end == at or re.fullmatch(r"[,，][^。;；\n（()）]*", contract.text[last.end : at])) else None


def _in_columns(contract: Contract) -> Iterator[Mention]:
    """Parties in a table of theirs, a column each: the roles head it, the names stand in a row of their own. 项目 | 甲方 | 乙方 over 名称 | 某某公司 | 某某公司."""
    for page in contract.pages:
        every = [b for b in blocks(page) if b.piece]
        heads = [b for b in every if compact(b.text) in _roles()]
        rows = [b for b in every if _NAME_ROW.match(compact(b.text))]
        for head in heads:
            beside = [b for b in heads if b is not head and _level(b, head)]
            row = min((r for r in rows if beside and r.box.y0 > head.box.cy and r.box.x1 <= min(b.box.x0 for b in (head, *beside)) + 0.02), key=lambda r: r.box.y0, default=None)
            if row is None or row.box.y0 - head.box.y1 > 4 * head.box.height:
                continue
            values = [b for b in every if b.box.x0 >= row.box.x1 - 0.01 and _level(b, row)]
            own = [b for b in values if min((head, *beside), key=lambda h: abs(h.box.cx - b.box.cx)) is head]
            value = _name_of(own[0].piece) if len(own) == 1 else ""
            if is_organisation(value):
                yield Mention((compact(head.text),), own[0].piece, value, len(contract.text))


_NAME_ROW = re.compile(r"^(?:单位|公司|企业|法人|机构)?(?:名称|全称)(?:[（(][^）)]{0,8}[)）])?$")
_ROLE_ROWS = ("名称", "住所", "地址", "电话", "税号", "账号", "法定代表人")  # beside the roles, what is set wide in the parties' blocks


_ROLE_WORDS = ("甲方", "乙方", "买方", "卖方", "供方", "需方", "买受人", "出卖人", "定作人", "承揽人", "委托方", "受托方", "采购方", "供应方", "供货方", "盖章")  # never part of a name


def _name_of(piece: Piece) -> str:
    made = make_field("buyer_name", piece)
    return made.text if made else ""


def _wrapped(contract: Contract, name: Piece, end: int) -> tuple[Piece, str] | None:
    """A name with the rest of it from the line below, where that makes a name of it (narrow columns)."""
    if not name:
        return None
    box = name.box
    line = name.spans[-1].line
    for page in contract.pages:
        if page is not name.spans[-1].page:
            continue
        below = [v for v in page.lines if 0.3 * line.box.height < v.box.cy - line.box.cy < 2.2 * line.box.height and abs(v.box.x0 - box.x0) < 0.25 and len(compact(v.text)) <= 14]
        for v in sorted(below, key=lambda v: (v.box.cy, abs(v.box.x0 - box.x0))):
            longer = name + RunningText.of([page.model_copy(update={"lines": (v,)})]).piece(0, 40)
            value = _name_of(longer)
            if re.search(r"(?:公司|学院|大学|医院|厂|研究院|研究所|中心)$", value) and not any(role in value for role in _ROLE_WORDS):
                return longer, value
    return None


def _parties(contract: Contract) -> dict[str, Field]:
    """Buyer and seller with their names as most places have them."""
    mentions = _mentions(contract)
    sides = _sides(contract, mentions)
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
        certain = any(_roles().get(r) == side for m in own for r in m.roles)
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


_UNKNOWN_ROLE = re.compile(r"(?:^|(?<=[\n\t;；。]))(?:\d{1,2}[.、])?(?P<role>[\u4e00-\u9fff]{1,6}(?:方|人|商|单位))(?:[（(][^）)\n]{0,12}[)）])?(?:名称)?(?:[:：]\t?|\t)(?=[\u4e00-\u9fff])")
_NO_ROLE = re.compile(r"^(?:丙方|丁方)|(?:第三|见证|鉴证|监理|担保|保证|保险|投保|联系|代表|代理|经办|负责|收件|收货|收款|付款|开户|签约|签字|制造|生产|最终|建设|运输|安装|检测|双|各|对|我|本|该|注册|起草|审核|批准|法定|授权|受益|被保险)")


def _with_other_side(contract: Contract, mentions: list[Mention], sides: dict[str, str]) -> tuple[list[Mention], dict[str, str]]:
    """Where only one side's role is known, the one other party that the contract introduces by a role of its own (合作方：某某公司) is the other side."""
    told = {s for m in mentions for r in m.roles if (s := sides.get(r))}
    if len(told) > 1:
        return mentions, sides
    known = {m.value for m in mentions}
    found: list[Mention] = []
    for m in _UNKNOWN_ROLE.finditer(contract.text):
        named = next((e for e in contract.within(m.end(), m.end() + 2, "organisation")), None)
        if named is None or m["role"] in _roles() or _NO_ROLE.search(m["role"]):
            continue
        name = contract.piece(named.start, named.end)
        value = _name_of(name)
        if value and value not in known and (contract.text.count(m["role"]) > 1 or _stem_of(m["role"])):
            found.append(Mention((m["role"],), name, value, m.start("role")))
    if not told:  # 订制方, 制造方: both by what their roles say
        stems = {f.roles[0]: _stem_of(f.roles[0]) for f in found}
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
        whole = 1.0 if NAME_ENDS.search(m.value) else 0.0
        return alike + whole, m.name.confidence

    return max(mentions, key=weight)


def _sides(contract: Contract, mentions: Sequence[Mention]) -> dict[str, str]:
    """Role -> buyer or seller, for the roles that this contract uses."""
    out = {role: side for role, side in _roles().items() if side}
    for m in mentions:
        told = [side for r in m.roles if (side := _roles().get(r) or _stem_of(r))]
        if told:
            out.update({r: told[0] for r in m.roles if not _roles().get(r) and r not in out})
    for found in re.finditer(r"(甲方|乙方|丙方)[（(]([^（）()\n\t]{1,10})[)）]|([^（）()\n\t,，。:：]{2,6})[（(](?:以下)?(?:简)?称?[:：\"“]?(甲方|乙方|丙方)[\"”]?[)）]", contract.text):
        neutral, role = (found[1], found[2]) if found[1] else (found[4], found[3])
        side = next((s for r, s in _roles().items() if s and role.endswith(r)), "")
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


# ---------------------------------------------------------------- number and date


# HTXS-2020-296, 合字（2020）第603号, 2020年购字第12号, 甬购〔2020〕15-2号
_NUMBER_FORM = r"(?:[A-Za-z]{1,8}[\-—]?[（(〔\[]\d{4}[)）〕\]]第[A-Za-z0-9\-]{1,12}号?|[\u4e00-\u9fff]{1,6}[A-Za-z]{0,4}[（(〔\[【]?\d{4}[)）〕\]】]?[年]?[\u4e00-\u9fffA-Za-z]{0,4}[\-—]?\d{1,6}(?:[\-—]\d{1,4})?号?|\d{4}年?[A-Za-z]{0,4}[\u4e00-\u9fff]{1,6}第?\d{1,6}(?:[\-—]\d{1,4})?号?|[A-Za-z0-9][A-Za-z0-9\-—_/（）()\[\]〔〕.]{3,30})"
_REGISTERED = r"[A-Za-z0-9()（）〔〕]{0,10}[\u4e00-\u9fff]{1,4}字第?[A-Za-z0-9\-]{1,12}号"  # 2020销字第597号


def _number(contract: Contract) -> Field | None:
    """The contract's number: what most of its pages call so; at its head also a plain 编号."""
    found = [(e, 1.0) for e in contract.of("contract")]
    if not found:
        head = contract.text[:400]
        plain_label = re.compile(rf"(?:^|[\n\t（(【\[〔])(?:{_any(vocabulary()['number']['plain'])})[:：.]?\t?(?P<n>{_REGISTERED}|{_NUMBER_FORM})")
        found = [(Entity("contract", m["n"], m.start("n"), m.start("n") + len(_closed(m["n"]))), 0.95) for m in plain_label.finditer(head) if sum(c.isdigit() for c in m["n"]) >= 3]
    made = [f for e, sure in found if (f := make_field("contract_number", contract.piece(e.start, e.end), found=sure)) is not None]
    best = _most(made, why="合同编号")
    return contradicted(best, "编号首字可能缺失", 0.7) if best is not None and re.match(r"[字号第\-—）)]", best.text) else best  # 字（2020）第7号: of what 字 is lost


def _closed(number: str) -> str:
    """A number without a closing bracket that is not its own: what stands around number and label, （编号：HT-12）."""
    for opened, closed in ("()", "（）", "[]", "〔〕"):
        while number.endswith(closed) and number.count(closed) > number.count(opened):
            number = number[:-1]
    return number


def _most(readings: Sequence[Field], why: str) -> Field | None:
    """Of several readings of one value the most frequent, then the surest; confirmed where two agree, doubtful where they don't."""
    if not readings:
        return None
    count = Counter(f.text for f in readings)
    best = max(readings, key=lambda f: (count[f.text], f.confidence))
    best = best.over((f, f"{len(readings)}处中仅{count[f.text]}处如此") for f in readings if f.text != best.text)
    if count[best.text] > 1:
        return confirmed(best, f"{why}{count[best.text]}处一致")
    if len(count) > 1:
        return contradicted(best, f"{why}各处不一致", 0.75)
    return best


def _signed_on(contract: Contract) -> Field | None:
    """The day of signing: named as such at the head or on the cover, else the date of the signatures, the later where they differ."""
    signed = vocabulary()["signed"]
    gloss = r"(?:[（(][^）)]{1,8}[)）])?(?:[A-Za-z.]{2,20}(?=:))?"
    head = _dated(contract, rf"(?:{_any(signed['labels'])}){gloss}")
    block = _dated(contract, rf"(?:^|(?<=[\n\t]))(?:{_any(signed['block'])}){gloss}")
    told = [f for pattern in signed["sentence"] for m in re.finditer(pattern, contract.text) for e in contract.within(*m.span("date"), "date")[:1]
            if (f := make_field("signed_on", contract.piece(e.start, e.end)))]
    for some in (head, told, block):
        count = Counter(f.text for f in some)
        if not count:
            continue
        top = max(count.values())
        value = max((v for v, n in count.items() if n == top), key=lambda v: (len(v), v))
        fuller = [f for f in (*told, *block) if len(f.text) > len(value) and f.text.startswith(value)]  # only the month was read there
        best = max(fuller or [f for f in some if f.text == value], key=lambda f: f.confidence)
        value = best.text
        if sum(f.text == value for f in (*head, *told, *block)) > 1:
            return confirmed(best, "签订日期多处一致")
        return contradicted(best, "签订日期各处不一致", 0.75) if len(count) > 1 else best
    last = [e for e in contract.of("date") if e.start > 0.8 * len(contract.text) and re.search(r"盖章|签字|签章|代表", contract.text[max(0, e.start - 300) : e.start])]
    made = [f for e in last if (f := make_field("signed_on", contract.piece(e.start, e.end), found=0.8))]
    return made[-1] if made else _date_at_head(contract)


def _date_at_head(contract: Contract) -> Field | None:
    """A date that stands by itself above the first clause, where no other does: 编号：KJ-2020-563	2020年4月20日."""
    first = _FIRST_CLAUSE.search(contract.text)
    end = first.start() if first else len(contract.text) // 3
    alone = [e for e in contract.within(0, end, "date") if re.search(r"(?:^|[\n\t])$", contract.text[: e.start]) and re.match(r"[\n\t]|$", contract.text[e.end :])]
    return make_field("signed_on", contract.piece(alone[0].start, alone[0].end), found=0.88) if len(alone) == 1 else None


_FIRST_CLAUSE = re.compile(r"(?:^|\n)(?:第?[一1][条、.．]|[（(][一1][)）])")


def _dated(contract: Contract, label: str) -> list[Field]:
    """Dates that stand directly behind a label, in its line or on the same baseline."""
    out = []
    for m in re.finditer(rf"{label}[:：]?\t?", contract.text):
        near = contract.within(m.end(), m.end() + 2, "date")
        if not near:  # 签订日期	签订日期	2020年2月9日: the labels of two columns, then the dates
            _, end = contract.running.line_of(m.start())
            near = [e for e in contract.within(m.end(), end, "date") if re.fullmatch(r"(?:[^\d\n]{0,14}\t)*", contract.text[m.end() : e.start])][:1]
        out += [f for e in near[:1] if (f := make_field("signed_on", contract.piece(e.start, e.end)))]
    return out


# ---------------------------------------------------------------- goods


def _items(contract: Contract) -> list[Row]:
    """The goods that the contract lists, in a table or, where there is none, in its clauses."""
    rows = _listed(contract)
    if any("product_name" in r and ("amount" in r or "unit_price" in r or "quantity" in r) for r in rows):
        told = _told(contract)
        if len(rows) > 1 and "product_name" in told and len(told) > 1 and not any("amount" in r or "unit_price" in r for r in rows):
            return [told]  # what comes with the goods, in a technical agreement: 供货范围 主机 1套, 电气控制柜 1套
        if len(rows) == 1 and told:
            rows = [{**told, **rows[0]}]
        return rows
    told = _told(contract)
    return [{**told, **(rows[0] if len(rows) == 1 else {})}] if told else rows


def _table(contract: Contract) -> Table:
    """The table of goods. To the headings of the list come the page's own that look like one."""
    headings = {name: list(some) for name, some in vocabulary()["items"].items()}
    known = {compact(v) for some in headings.values() for v in some}
    for page in contract.pages:
        for text in {compact(x.text) for x in page.lines} | {b.piece.folded for b in blocks(page) if b.cell}:
            if 2 <= len(text) <= 14 and text not in known and not re.search(r"[:：。，,;；\d]", text):
                name = next((n for n, p in vocabulary()["item_patterns"].items() if re.search(p, text)), "")
                if name:
                    headings[name].append(text)
    return table_rows(contract.pages, headings, least=3)


def _held_against(row: Row, amount: Field | None) -> Row:
    """A single item without an amount of its own, held against the whole: price × quantity."""
    quantity, price = (row[n].decimal if n in row else None for n in ("quantity", "unit_price"))
    if "amount" in row or quantity is None or price is None or amount is None or amount.decimal is None:
        return row
    fits = abs(quantity * price - amount.decimal) <= Decimal("0.02") * max(Decimal(1), quantity)
    names = ("quantity", "unit_price")
    if fits:
        return {n: confirmed(f, "单价×数量=合同金额") if n in names else f for n, f in row.items()}
    return {n: contradicted(f, "单价×数量≠合同金额", 0.7) if n in names else f for n, f in row.items()}


_INSTEAD = {"product_model": ("product_model", "grade", "specification")}  # columns that stand in for one that isn't there, best first


def _listed(contract: Contract) -> list[Row]:
    table = contract.table
    out: list[Row] = []
    for listed in table.every:
        cells = listed.cells
        if listed.total or _is_total(listed.text):
            continue
        row: Row = {}
        for name in ("product_name", "product_model", "unit", "quantity", "unit_price", "amount"):
            piece = _without_gloss(name, next((cells[n] for n in _INSTEAD.get(name, (name,)) if n in cells), None))
            made = make_field(name, piece, table.units.get(name, ""), kind=Kind.MONEY if name == "amount" else None) if piece else None
            if made is not None and not _is_heading(made.text):
                row[name] = contradicted(made, "表中含税、不含税两栏同名", 0.8) if name in ("unit_price", "amount") and contract.two_prices else made
        if "product_name" in row and _seems_cut(cells):
            row["product_name"] = contradicted(row["product_name"], "名称可能缺行", 0.8)
        if "product_name" in row and re.match(r"(?:合计|总计|小计|共计|大写|备注|注[:：])", row["product_name"].text):
            continue
        if len(row) >= 2 and ("product_name" in row or "product_model" in row):
            out.append(_checked(row, "quantity" in table.heads))
    return _once(out)


def _seems_cut(cells: Mapping[str, Piece]) -> bool:
    """Whether a line of a wrapped name may be missing: what is there stands neither level with the row's other cells nor begins where they begin."""
    name = cells.get("product_name")
    others = [p.box for n, p in cells.items() if n != "product_name" and p and len(p.spans) == 1 and p.page is name.page] if name else []
    if not name or len(others) < 2:
        return False
    height = min(span.line.box.height for span in name.spans)
    box = name.box
    return abs(box.cy - median(o.cy for o in others)) > 0.4 * height and abs(box.y0 - median(o.y0 for o in others)) > 0.4 * height


def _without_gloss(name: str, piece: Piece | None) -> Piece | None:
    """A cell without the Latin heading that bilingual tables print in a line of its own below the Chinese one."""
    if piece is None:
        return None
    first = piece.lines()[0].folded if piece else ""
    latin = [compact(v) for v in vocabulary()["items"][name] if v.isascii()]
    gloss = next((v for v in latin if first.lower() == v.lower()), "")
    return piece.between(len(gloss), len(piece.folded)) if gloss and len(piece.folded) > len(gloss) else piece


def _once(rows: Sequence[Row]) -> list[Row]:
    """Rows without those printed again (a second scan, the table once more in an annex)."""
    out: list[Row] = []
    for row in rows:
        key = {n: f.text for n, f in row.items()}
        if not any({n: f.text for n, f in o.items()} == key for o in out):
            out.append(row)
    return out


def _checked(row: Row, counted: bool = False) -> Row:
    """A row whose price × quantity is held against its amount. counted: the table has a column of quantities, so one was printed."""
    quantity, price, amount = (row[n].decimal if n in row else None for n in ("quantity", "unit_price", "amount"))
    if quantity is None and "quantity" not in row and price and amount and amount % price == 0 and counted:
        # a single figure in a narrow column is what reading loses most often
        worked_out = Field(value=plain(amount / price), raw="", confidence=0.85, source=row["unit_price"].source, why=("由金额÷单价推得",))
        return {**row, "quantity": worked_out}
    if quantity is None or price is None or amount is None:
        return row
    fits = abs(quantity * price - amount) <= Decimal("0.02") * max(Decimal(1), quantity)
    names = ("quantity", "unit_price", "amount")
    if fits:
        return {n: confirmed(f, "单价×数量=金额") if n in names else f for n, f in row.items()}
    return {n: contradicted(f, "单价×数量≠金额", 0.6) if n in names else f for n, f in row.items()}


# what may follow a label with nothing between: 数量2台, 单价250000元, 型号CZ-63
_UNPARTED = {"quantity": "|(?=\\d)", "unit_price": "|(?=[¥￥\\d]|人民币)", "product_model": "|(?=[A-Z][A-Z\\d\\-])"}


def _told(contract: Contract) -> Row:
    """Goods named in a clause: 产品名称：…；规格型号：…；数量：2台；含税单价：人民币155,000.00元."""
    row: Row = {}
    behind: list[Piece] = []
    every = _any(w for some in vocabulary()["item_sentences"].values() for w in some if len(w) > 1)
    labelled = re.compile(rf"(?:{every})[:：]")
    counted = rf"[,，、](?:共|计|共计|合计|总计|数量)*{_COUNT.replace('UNIT', _any(vocabulary()['item_clauses']['units']))}"
    stop = rf"(?=[;；。\n\t]|[,，、:：.．](?:{every}|总|每|单位)|，|(?:{every})[:：]|(?:{counted})|$)"
    for name, labels in vocabulary()["item_sentences"].items():
        for label in labels:
            pattern = rf"(?:(?<=[\n\t;；,，。、:：.．)）】•·●○◆■□*])|(?<=\d)|(?<=\d条)|(?<=[一二三四五六七八九十]条)|^){re.escape(compact(label))}(?:[（(][^）)]{{1,10}}[)）])?(?:[:：]\t?|[为系]:?|\t{_UNPARTED.get(name, '')})(?P<value>[^\n\t;；。]{{1,60}}?){stop}"
            made = None
            for m in re.finditer(pattern, contract.text):
                if _is_heading(m["value"]) or labelled.match(m["value"]) or (name == "product_name" and re.search(r"公司$|见附|详见|如下|^[:：]", m["value"])):
                    continue
                if name == "product_name" and len(label) <= 2 and (re.search(_CLAUSE, m["value"]) or re.search(vocabulary()["item_clauses"]["never"], m["value"])):
                    continue
                if name == "unit_price" and re.search(_NET_PRICE, contract.text[max(0, m.start() - 8) : m.start("value")]):
                    continue
                if name in ("unit_price", "quantity") and re.match(r"[,.]\d", contract.text[m.end("value") :]):
                    continue  # cut within a figure
                piece = contract.piece(*m.span("value"))
                if name == "unit_price":
                    money = contract.within(*m.span("value"), "money")
                    piece = contract.piece(money[0].start, money[0].end) if money else piece
                wordy = name == "product_model" and "\t" in m[0] and not re.search(r"[A-Za-z0-9]", m["value"])  # maybe the next column's heading
                made = make_field(name, piece, found=0.8 if wordy else 0.97)
                if made is not None:
                    if m["quantity"] and name in ("product_name", "product_model"):  # SX-60，共2台
                        behind.append(contract.piece(*m.span("quantity")))
                    break
            if made is not None:
                row[name] = made
                break
    if "quantity" not in row and (told := next((f for p in behind if (f := make_field("quantity", p, found=0.93))), None)):
        row["quantity"] = told
    row = _without_model(row)
    both = row.pop("name_and_model", None)
    if both is not None:
        row = {**_name_and_model(both), **row}
    if "unit_price" not in row and (price := _priced(contract)) is not None:
        row["unit_price"] = price
    if "product_name" not in row:
        clauses = vocabulary()["item_clauses"]
        for pattern in clauses["product_name"]:
            clause = re.search(pattern, contract.text)
            made = make_field("product_name", contract.piece(*clause.span("value")), found=0.95) if clause else None
            if made is not None:
                return {"product_name": made, **row}
        row = {**_named_in_sentences(contract), **row}
    return row


_CLAUSE = re.compile(r"^[指由均经须在]|应当?|必须|负责|保证|按照|符合|不得|包括|[买卖甲乙供需][方人]|双方")  # what a clause headed 设备 or 货物 says, and no name holds


_BRACKETED_MODEL = re.compile(r"^(?P<name>.*[\u4e00-\u9fff])[（(](?P<model>(?=[^（）()]*\d)[A-Za-z0-9][A-Za-z0-9\-/.]*)型?[)）]$")


def _without_model(row: Row) -> Row:
    """Goods whose name goes on with their model in brackets and how many: 冲床（CZ-63型）两台."""
    name = row.get("product_name")
    if name is None:
        return row
    count = re.search(f"(?:共|计|共计|合计)?{_COUNT.replace('UNIT', _any(vocabulary()['item_clauses']['units']))}$", name.text)
    rest = name.text[: count.start()] if count else name.text
    parted = _BRACKETED_MODEL.match(rest)
    if not count and not parted:
        return row
    sure = name.model_copy(update={"value": parted["name"] if parted else rest})
    made: Row = {"product_name": doubted(sure, "名称后另有型号或数量")}
    if parted:
        made["product_model"] = doubted(name.model_copy(update={"value": parted["model"], "raw": parted["model"]}), "自名称后的括号")
    return {**made, **row, "product_name": made["product_name"]}


def _name_and_model(both: Field) -> Row:
    """What a label names together, parted where the Latin letters and figures at its end begin: 产品名称及型号：蒸发装置 MVR-94."""
    parted = re.fullmatch(r"(?P<name>.*?[\u4e00-\u9fff）)])[（(/、,，]?(?P<model>[A-Za-z0-9][A-Za-z0-9\-/.]+)[)）]?", both.text)
    if not parted:
        return {"product_name": doubted(both, "名称中可能含有型号")}
    return {name: both.model_copy(update={"value": parted[part], "raw": parted[part]}) for name, part in (("product_name", "name"), ("product_model", "model"))}


_NET_PRICE = re.compile(r"(?:不含|未含|未|免|除|税前)税?[)）]?(?:单价|价格)?(?:[（(][^）)]*)?$|[（(][^）)]*(?:不含|未|除|税前)税?[^）)]*[)）][:：]$")


def _priced(contract: Contract) -> Field | None:
    """The price of one, where sentences name it (每套软件价格为…, 按25万元/台) and all name the same; net prices, freight and penalties are none."""
    clauses = vocabulary()["item_clauses"]
    unit = _any(clauses["units"])
    found: dict[str, Field] = {}
    for pattern in clauses["unit_price"]:
        head, _, tail = pattern.replace("OTHER", clauses["other"]).replace("UNIT", unit).partition("MONEY")
        for m in re.finditer(rf"{head}(?=人民币|[¥￥]|\d)", contract.text):
            money = next((e for e in contract.within(m.end(), m.end() + 4, "money")), None)
            clause = max(contract.text.rfind(c, 0, m.start()) for c in "。;；，,\n\t") + 1
            if money is None or not re.match(tail, contract.text[money.end :]) or re.match("的", contract.text[money.end :]) or re.search(clauses["not_price"], contract.text[clause : m.end()]):
                continue
            made = make_field("unit_price", contract.piece(money.start, money.end), found=0.97 if re.search("[:：]\t?$", m[0]) else 0.93)
            if made is not None and made.decimal:
                found.setdefault(made.text, made)
    return next(iter(found.values())) if len(found) == 1 else None


class _Named(NamedTuple):
    """Goods named in a sentence: the name, and the model and quantity that stand with it."""

    name: Piece
    model: Piece | None
    quantity: Piece | None
    sure: float


@lru_cache(maxsize=1)
def _clause_patterns() -> tuple[tuple[re.Pattern[str], float], ...]:
    """The patterns of sentences that name goods, with how sure the place is."""
    clauses = vocabulary()["item_clauses"]
    unit = _any(clauses["units"])
    count = _COUNT.replace("UNIT", unit)
    model = r"(?:[（(,，]?(?:规格型号|型号规格|产品型号|型号|规格|版本号|版本)?(?:为|:|：)?(?P<model>[A-Za-z0-9][A-Za-z0-9\-/.]{1,24})[)）]?|[（(][^）)\n]{1,30}[)）])?"
    name = r"(?P<value>[^\n\t,，;；。:：（()）]{3,44}?)"
    summed = "[,，、]?(?:共|计|共计|合计|总计|数量|数量为)?"
    end = rf"(?={model}(?:{summed}{count}|[,，;；。\n]|$)|[\n\t,，;；。（(]|$)"

    def compiled(pattern: str) -> re.Pattern[str]:
        head, _, tail = pattern.replace("ROLE", f"(?:{_any(_roles())})").partition("NAME")
        if not pattern.count("NAME"):
            return re.compile(head)
        tail = tail.replace("COUNT", rf"{model}{summed}{count}").replace("MODEL", model)
        return re.compile(head + name + (tail or end))

    return (*((compiled(p), 0.93) for p in clauses["named"]), *((compiled(p), 0.85) for p in clauses["likely"]))


_COUNT = r"(?P<quantity>(?:(?<![A-Za-z0-9\-/.])\d[\d,]*(?:\.\d+)?|[零壹贰叁肆伍陆柒捌玖拾佰一二两三四五六七八九十]{1,4})(?:[（(][零壹贰叁肆伍陆柒捌玖拾佰一二两三四五六七八九十\d]+[)）])?(?:UNIT)(?![\u4e00-\u9fff]*(?:年|月|日|天)内))"
_MODEL_FIRST = re.compile(r"^[A-Za-z0-9][A-Za-z0-9\-/.]{2,24}型号?")


def _named_in_sentences(contract: Contract) -> Row:
    """Goods that a sentence names (卖方向买方提供某某设备2台，…): what most sentences call them, surer where several do."""
    found = [n for pattern, sure in _clause_patterns() for m in pattern.finditer(contract.text) if (n := _named(contract, m, sure)) is not None]
    names = Counter(n.name.folded for n in found)
    if not names:
        return {}
    counted = {n.name.folded for n in found if n.quantity}
    best = max(names, key=lambda v: (v in counted, max(n.sure for n in found if n.name.folded == v), names[v]))
    own = [n for n in found if n.name.folded == best]
    chosen = max(own, key=lambda n: (n.quantity is not None, n.sure))
    made = make_field("product_name", chosen.name, found=chosen.sure)
    if made is None:
        return {}
    if len({n.name.spans[0].line.box.cy for n in own}) > 1 or len({n.name.spans[0].start for n in own}) > 1:
        made = confirmed(made, "合同内多处一致", 0.96)
    if any(v != best and v not in best for v in names):
        made = contradicted(made, "合同内另有名称：" + "、".join(sorted(v for v in names if v != best)[:3]), 0.8)
    elif re.search(r"\d[A-Za-z0-9\-]*[\u4e00-\u9fff]?$|[A-Za-z\-]{4,}$", made.text) or _MODEL_FIRST.match(made.text):
        made = contradicted(made, "名称中可能含有型号", 0.8)
    row: Row = {"product_name": made}
    clauses = vocabulary()["item_clauses"]
    later = re.search(clauses["refers"] + clauses["refers_to"] + "(?:共|计|共计|合计)?" + _COUNT.replace("UNIT", _any(clauses["units"])), contract.text)
    counted_later = contract.piece(*later.span("quantity")) if later and len(names) == 1 else None  # 拥有某某软件…采购该软件1套
    models = [chosen.model, *(n.model for n in own if n.model)]
    for name, piece in (("product_model", next((p for p in models if p), None)), ("quantity", chosen.quantity or counted_later)):
        field = make_field(name, piece, found=chosen.sure) if piece else None
        if field is not None:
            row[name] = field
    return row


def _named(contract: Contract, m: re.Match[str], sure: float) -> _Named | None:
    """What a match of a sentence names, freed from what only leads up to the name or trails it; None where it is no name of goods."""
    clauses = vocabulary()["item_clauses"]
    start, end = m.span("value")
    parts: dict[str, Piece | None] = {}
    for name in ("model", "quantity"):
        parts[name] = contract.piece(*m.span(name)) if m.groupdict().get(name) else None
    count = re.compile(_COUNT.replace("UNIT", _any(clauses["units"])) + "的?")
    roles = f"(?:{_any(_roles())})"
    for _ in range(3):
        text = contract.text[start:end]
        lead = re.match(clauses["before"].replace("ROLE", roles), text)
        first = count.match(text)
        if lead:
            start += lead.end()
        elif first and len(text) - first.end() >= 3:
            parts["quantity"] = parts["quantity"] or contract.piece(start, start + first.end("quantity"))
            start += first.end()
        else:
            break
    text = contract.text[start:end]
    tail = re.search(clauses["behind"] + "$", text)
    end -= len(tail[0]) if tail else 0
    text = contract.text[start:end]
    if text.endswith("项目"):
        sure, end = min(sure, 0.85), end - 2
    text = contract.text[start:end]
    if len(text) < 3 or not re.search(r"[\u4e00-\u9fff]{2}", text) or re.search(clauses["never"], text) or re.match(clauses["refers"], text) or _is_heading(text):
        return None
    return _Named(contract.piece(start, end), parts["model"], parts["quantity"], sure)


@lru_cache(maxsize=256)
def _is_heading(text: str) -> bool:
    """Whether a text is a column's heading and so no value."""
    bare = re.sub(r"[（(][^）)]*[)）]$", "", compact(text))
    headings = vocabulary()["items"]
    return any(bare in (compact(v) for v in some) for some in headings.values()) or bare in (compact(v) for some in vocabulary()["item_sentences"].values() for v in some)


def _main(items: Sequence[Row]) -> Row:
    """The goods that the contract is about: the row with the largest amount, the first of equal ones."""
    if not items:
        return {}

    def worth(row: Row) -> Decimal:
        amount = row["amount"].decimal if "amount" in row else None
        price, quantity = (row[n].decimal if n in row else None for n in ("unit_price", "quantity"))
        if amount is None and price is not None:
            amount = price * (quantity or 1)
        return amount or Decimal(0)

    return max(items, key=worth)


# ---------------------------------------------------------------- amount


def _amount(contract: Contract, items: list[Row]) -> tuple[Field | None, Field | None, Field | None]:
    """The whole amount, tax included, the amount in words, and the figures beside these where the words were believed instead.

    Figures and words behind what names the whole, the table's total and the rows' sum are held against each other; what most agree on is taken.
    Where the words alone differ they are handed back as read.
    """
    figures, words = _named_amounts(contract)
    total, told = _total_row(contract)
    words += [*told, *_wrapped_words(contract)]
    sums, product = _sums(items)
    if contract.table.units.get("amount") == "万元":
        known = {v for v in (sums, product, *(w.decimal for w in words)) if v is not None}
        figures = [_in_wan(f, known) for f in figures]
    printed = [*((f, 1.0) for f in figures), *((f, 1.0) for f in total), *((f, 1.1) for f in words)]
    if len(items) == 1 and "amount" in items[0]:
        printed.append((items[0]["amount"], 0.5))
    votes: dict[Decimal, float] = {}
    for made, weight in printed:
        if made.decimal is not None:
            votes[made.decimal] = votes.get(made.decimal, 0.0) + weight
    for value in (sums, product):
        if value is not None and value in votes:
            votes[value] += 1.0
    if not votes:
        rows = [r["amount"] for r in items if "amount" in r]
        return (rows[0] if len(rows) == 1 and len(items) == 1 else None), None, None
    best = max(votes, key=lambda v: votes[v])
    same = [f for f, _ in printed if f.decimal == best]
    in_figures = [f for f in (*figures, *total) if f.decimal == best]
    chosen = max(in_figures or same, key=lambda f: f.confidence).over((f, "与它相符的合同条款、大写、明细或合计较少") for f, _ in printed if f.decimal != best)
    said = max((w for w in words if w.decimal == best), key=lambda f: f.confidence, default=None) or (max(words, key=lambda f: f.confidence) if words else None)
    kinds = (any(f.decimal == best for f in figures) + any(f.decimal == best for f in total) + any(f.decimal == best for f in words) + (sums == best) + (product == best))
    if said is not None and said.decimal != best:
        chosen = contradicted(chosen, f"大小写不一致：大写为{said.text}", 0.6)
    elif said is not None and figures and not in_figures and best not in (sums, product):
        chosen = contradicted(chosen, f"大小写不一致：小写为{figures[0].text}", 0.7)
    elif said is not None and in_figures:
        chosen, said = confirmed(chosen, "大小写一致", 0.99), confirmed(said, "大小写一致", 0.99)
    elif kinds > 1:
        chosen = confirmed(chosen, "与明细或合计一致")
    if sums is not None and sums != best and abs(sums - best) > 1 and kinds < 2:
        chosen = contradicted(chosen, "与明细合计不一致", 0.6)
    overruled = figures[0] if figures and not in_figures and said is not None and said.decimal == best else None
    amended = _amended(contract)
    if amended is not None and amended.decimal != best:
        return amended.over([(chosen, "补充协议变更前的金额")]), None, None
    return chosen.model_copy(update={"accepted": chosen.accepted and accepts(chosen.confidence)}), said, overruled


def _amended(contract: Contract) -> Field | None:
    """The sum to which a supplementary agreement changes the contract's; for a person to see, as the two papers may be claimed apart."""
    amount = vocabulary()["amount"]
    for m in re.finditer(rf"(?:{_any(amount['labels'])}){amount['amended']}", contract.text):
        _, end = contract.running.line_of(m.start())
        new = next(iter(contract.within(m.end(), min(end, m.end() + 12), "money", "money_in_words")), None)
        made = make_field("contract_amount", contract.piece(new.start, new.end), value=new.value) if new else None
        if made is not None and made.decimal:
            return contradicted(made, "合同金额经补充协议变更", 0.8)
    return None


def _in_wan(figure: Field, known: Collection[Decimal]) -> Field:
    """A bare figure below a heading in 万元, in yuan where that is what the rows or the words come to."""
    value = parse_figures(figure.raw)
    if value is None or re.search("[万元]", figure.raw) or value.amount in known or value.amount * 10_000 not in known:
        return figure
    return figure.model_copy(update={"value": yuan(value.amount * 10_000)})


def _sums(items: Sequence[Row]) -> tuple[Decimal | None, Decimal | None]:
    """The sum of the rows' amounts, and that of price × quantity; None where a row lacks one. The amounts of rows that fail their own check don't count."""
    amounts = [r["amount"].decimal if "amount" in r else None for r in items]
    products = [r["quantity"].decimal * r["unit_price"].decimal if {"quantity", "unit_price"} <= r.keys() and r["quantity"].decimal and r["unit_price"].decimal else None for r in items]
    broken = any(a is not None and p is not None and abs(a - p) > 1 for a, p in zip(amounts, products, strict=True))
    sums = None if broken or not items or None in amounts else sum((a for a in amounts if a is not None), Decimal(0))
    product = None if not items or None in products else sum((p for p in products if p is not None), Decimal(0))
    return sums, product


def _named_amounts(contract: Contract) -> tuple[list[Field], list[Field]]:
    """Amounts in figures and in words that stand behind what names the whole amount, in the same paragraph."""
    amount = vocabulary()["amount"]
    figures: dict[int, Field] = {}
    words: dict[int, Field] = {}
    not_before = tuple(compact(w) for w in amount["not_before"])
    pattern = re.compile(rf"(?:{_any(amount['labels'])})")
    for m in pattern.finditer(contract.text):
        if contract.text[: m.start()].endswith(not_before):
            continue
        _, end = contract.running.line_of(m.start())
        end = min(end, m.end() + 90)
        stop = re.search(r"[。;；]|其中|不含税|税额|预付|首付|定金|违约", contract.text[m.end() : end])
        end = m.end() + stop.start() if stop else end
        if re.match(r"(?:的|之)?(?:百分之|[\d.]+%|\d+‰)", contract.text[m.end() : m.end() + 8]) or re.match(r"的", contract.text[m.end() : m.end() + 1]):
            continue
        found = contract.within(m.start(), end, "money", "money_in_words")
        columns = [e for e in found if e.kind == "money"]
        if len(columns) > 1 and "\t" in contract.text[columns[0].end : columns[1].start] and _NET.search(contract.text):  # totals of net, tax and gross side by side
            most = max(columns, key=lambda e: Decimal(e.value))
            found = [e for e in found if e.kind != "money" or e is most]
        for e in found[:3]:
            made = make_field("contract_amount", contract.piece(e.start, e.end), value=e.value)
            unit = _unit_of(contract, m.start(), m.end())
            if made is not None and e.kind == "money" and unit and not re.search("[万元]", made.raw):
                made = made.model_copy(update={"value": f"{Decimal(e.value) * unit:.2f}"})
            if made is None or (e.kind == "money" and Decimal(made.text) == 0):
                continue
            (figures if e.kind == "money" else words).setdefault(e.start, made)
    return list(figures.values()), list(words.values())


def _unit_of(contract: Contract, start: int, end: int) -> Decimal | None:
    """What a unit in brackets at the label makes of a bare figure: 合同总价（万元）."""
    return Decimal(10_000) if re.match(r"[（(][^）)]{0,6}万元", contract.text[end : end + 10]) else None


@lru_cache(maxsize=256)
def _is_total(text: str) -> bool:
    """Whether a row of the goods table sums up the others: 合计, 合同总金额（大写）."""
    return bool(re.match(rf"(?:{_any((*vocabulary()['amount']['labels'], '小计', '合计人民币'))})(?![\u4e00-\u9fff]*(?:器|机|仪|系统|软件|装置|设备))", compact(text)))


def _total_row(contract: Contract) -> tuple[list[Field], list[Field]]:
    """The amounts in figures and in words in the goods table's row of totals, whose cells are often merged and wrapped."""
    table = contract.table
    unit = table.units.get("amount", "")
    figures: list[Field] = []
    words: list[Field] = []
    for listed in table.every:
        piece = listed.cells.get("amount") if listed.total or _is_total(listed.text) else None
        made = make_field("contract_amount", piece, unit) if piece and re.fullmatch(r"[¥￥]?[\d,.]+元?", piece.folded) else None
        if made is not None and made.decimal:
            figures.append(made)
    for page in contract.pages:
        cells = [b for b in blocks(page) if b.cell and b.piece]
        for head in cells:
            if not _is_total(head.piece.folded) or any(b is not head and b.box.x1 <= head.box.x0 + 0.01 and _level(b, head) and not _is_total(b.piece.folded) for b in cells):
                continue
            for block in (b for b in cells if b is head or (b.cell and head.cell and b.cell.table == head.cell.table and b.box.x0 >= head.box.x1 - 0.01 and _level(b, head))):
                for e in entities(block.piece.folded, "money", "money_in_words"):
                    piece = block.piece.between(e.start, e.end)
                    in_figures = e.kind == "money"
                    made = make_field("contract_amount", piece, unit) if in_figures else make_field("contract_amount", piece, value=e.value)
                    if made is not None and made.decimal:
                        (figures if in_figures else words).append(made)
    if figures and _NET.search(contract.text):  # of the totals of several columns the one with the tax
        most = max(f.decimal or Decimal(0) for f in figures)
        figures = [f for f in figures if f.decimal == most]
    return figures, words


_NET = re.compile(r"不含(?:增值)?税|未税|除税|税前|税额")


def _wrapped_words(contract: Contract) -> Iterator[Field]:
    """Amounts in words in two lines of a narrow column with something else on the baseline between them."""
    for piece in (piece for page in contract.pages for piece in wrapped_words(page)):
        found = next((e for e in entities(piece.folded, "money_in_words")), None)
        made = make_field("contract_amount", piece.between(found.start, found.end), value=found.value) if found else None
        if made is not None:
            yield made


def _level(a: Block, b: Block) -> bool:
    return min(a.box.y1, b.box.y1) - max(a.box.y0, b.box.y0) > 0.5 * min(a.box.height, b.box.height)


# ---------------------------------------------------------------- deposit, parameters


def _withheld_there(contract: Contract, m: re.Match[str]) -> tuple[bool, float]:
    """The same for a mention that may stand in a cell, whose lines the running text takes apart; where columns without rules may cut the sentence it is doubted."""
    piece = contract.piece(*m.span())
    line = piece.spans[0].line
    block = next((b for b in blocks(piece.page) if b.cell and any(span.line is line for span in b.piece.spans)), None)
    if block is not None:
        text = block.piece.folded
        again = next((n for n in re.finditer(re.escape(m[0]), text) if block.piece.between(*n.span()).spans[:1] and _same_place(block.piece.between(*n.span()), piece)), None)
        if again is not None:
            left = max((b for b in blocks(piece.page) if b.cell and b.box.x1 <= block.box.x0 + 0.01 and _level(b, block)), key=lambda b: b.box.x1, default=None)
            label = f"{left.piece.folded}\t" if left and not again.start() else ""
            right = min((b for b in blocks(piece.page) if b.cell and b.box.x0 >= block.box.x1 - 0.01 and _level(b, block)), key=lambda b: b.box.x0, default=None)
            behind = f"\t{right.piece.folded}" if right and again.end() == len(text) else ""
            whole = label + text + behind
            return _withheld(whole, next(n for n in re.finditer(re.escape(m[0]), whole) if n.start() == len(label) + again.start()))
    value, sure = _withheld(contract.text, m)
    start, end = contract.running.line_of(m.start())
    above = contract.text[contract.text.rfind("\n", 0, max(0, start - 1)) + 1 : max(0, start - 1)]
    begun = bool(re.search(r"[。;；，,:：]|^(?:\d{1,2}|[一二三四五六七八九十]{1,3})[.、．]", contract.text[start : m.start()]))
    cut = "\t" in contract.text[start:end] or (not begun and "\t" in above)
    return value, min(sure, 0.85) if cut and value else sure


def _same_place(a: Piece, b: Piece) -> bool:
    return a.spans[0].line is b.spans[0].line and a.spans[0].start == b.spans[0].start


def _withheld(text: str, m: re.Match[str]) -> tuple[bool, float]:
    """Whether a mention of the deposit says that it is withheld, and how surely: by the clause in which it stands, then by its sentence."""
    deposit = vocabulary()["deposit"]
    gap = deposit["gap"]
    start = max(text.rfind(c, 0, m.start()) for c in "。;；，,\n") + 1
    before = text[start : m.start()]
    behind = re.split(r"[。;；\n]", text[m.end() : m.end() + 60])[0]
    if any(re.search(p.replace("NOT", deposit["not"]).replace("GAP", gap), before) for p in deposit["none_before"]) or any(re.search(p, behind) for p in deposit["none_behind"]):
        return (True, 0.8) if re.match(r"的(?:话|[,，]|$)", behind) else (False, 0.95)  # 不缴纳质保金的，…: a condition
    if re.match(r"以外|之外|除外", behind):
        return True, 0.8
    if re.search(deposit["instead"], before) or re.search(deposit["instead"], behind):
        return False, 0.8
    sentence = max(text.rfind(c, 0, m.start()) for c in "。;；\n") + 1
    held = re.search(deposit["held"], text[sentence : m.start()] + behind)
    denied = re.search(deposit["denies"], re.sub(deposit["harmless"], "", before + "，" + re.split("[，,]", behind)[0]))
    return True, 1.0 if held and not denied else 0.85


def _quality_deposit(contract: Contract) -> Field | None:
    """Whether the text withholds a quality deposit (质量保证金). No word of one is no; so is a clause that says there is none."""
    deposit = vocabulary()["deposit"]
    if len(contract.text) < 150:
        return None
    said = [(_withheld_there(contract, m), contract.piece(*m.span())) for m in re.finditer(_any(deposit["words"]), contract.text)]
    held = [(sure, p) for (value, sure), p in said if value]
    none = [(sure, p) for (value, sure), p in said if not value]
    if said:
        sure, piece = max(held or none, key=lambda x: (x[0], x[1].confidence))
        made = make_field("quality_deposit", piece, value=bool(held), found=sure)
        return contradicted(made, "合同内对质量保证金的约定不一致", 0.7) if made and held and none else made
    late = re.search(deposit["late"], contract.text)
    if late:
        made = make_field("quality_deposit", contract.piece(*late.span()), value=False)
        return contradicted(made, "余款在质保期满后支付，未称质量保证金", 0.7) if made else None
    first = contract.running.pieces[0]
    read = sorted(line.confidence for page in contract.pages for line in page.lines if len(line.text) > 8)
    sure = read[len(read) // 5] if read else 0.0
    return Field(value=False, raw="", confidence=round(min(0.95, sure), 3), accepted=accepts(min(0.95, sure)), source=first.region, why=("合同未提及质量保证金",))


def _parameters(contract: Contract) -> Iterator[Field]:
    """Clauses that give technical figures of the goods."""
    labels = _any(vocabulary()["parameters"]["labels"])
    for m in re.finditer(rf"(?:{labels})(?:[（(][^）)]{{1,10}}[)）])?(?:如下)?[:：为](?P<value>[^\n]{{4,400}})", contract.text):
        value = re.split(r"。(?=[^\d])", m["value"])[0].rstrip("。;；")
        if re.search(r"\d", value):
            made = make_field("technical_parameters", contract.piece(m.start("value"), m.start("value") + len(value)))
            if made is not None:
                yield made


# ---------------------------------------------------------------- facts about the parties


class _Part(NamedTuple):
    """A stretch of a row between tabs: its place in the text and across the page."""

    text: str
    start: int
    x: float


def _facts(contract: Contract, names: Mapping[str, str]) -> dict[str, Field]:
    """Who the parties are, from the blocks in which they introduce themselves and sign.

    A fact belongs to the party that was last named above it on its side of the page (or right before it).
    """
    facts = vocabulary()["facts"]
    label_of = {compact(w): kind for kind, some in facts.items() for w in some}
    label = re.compile(rf"^(?P<label>{_any(label_of)})(?:[（(][^）)]{{0,10}}[)）]?)?(?P<colon>[:：])?(?P<value>.*)$")
    sides = _sides(contract, _mentions(contract))
    out: dict[str, list[Field]] = {}
    current: dict[str, str] = {}
    for parts in _rows(contract):
        speakers = [(x, s) for p in parts for x, s in _speakers(contract, p, sides, names)]
        if len(speakers) > 1:
            split = (speakers[0][0] + speakers[1][0]) / 2
            current = {"left" if x <= split else "right": s for x, s in speakers[:2]}
        elif speakers and len(current) > 1 and len(parts) > 1:
            current["left" if speakers[0][0] < 0.4 else "right"] = speakers[0][1]
        elif speakers:
            current = {"all": speakers[0][1]}
        if not current:
            continue
        for kind, value, x in _labelled(parts, label, label_of):
            side = current.get("all") or current.get("left" if x < 0.5 else "right", "")
            if side and kind not in ("_", "name"):
                made = _fact(contract, kind, value)
                if made is not None:
                    out.setdefault(f"{side}_{kind}", []).append(made)
    return {name: best for name, some in out.items() if (best := _most(some, "")) is not None}


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
    role = _any(_roles())
    return re.compile(rf"(?P<before_colon>{role})(?:[（(][^）)]{{0,12}}[)）])?[:：]|^(?P<alone>{role})(?=$|[（(])")


def _speakers(contract: Contract, part: _Part, sides: Mapping[str, str], names: Mapping[str, str]) -> Iterator[tuple[float, str]]:
    """The sides that a stretch of text introduces, and where across the page: by a role at its beginning or before a colon, or by being a party's name."""
    found = list(_speaker_pattern().finditer(part.text)) if len(part.text) <= 90 else []
    for m in found:
        side = sides.get(m["before_colon"] or m["alone"], "")
        if side:
            yield (part.x if m.start() == 0 else contract.running.x_at(part.start + m.start())), side
    if not found:
        alike = next((s for s, n in names.items() if abs(len(n) - len(part.text)) <= 3 and Levenshtein.normalized_similarity(n, part.text) > 0.85), "")
        if alike:
            yield part.x, alike


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
