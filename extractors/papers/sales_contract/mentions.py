"""Where a contract names a party with its role: in its head, in brackets behind the name, in a table of the parties, where they sign.

In:    a contract.
Out:   `Mention`s: the roles, the name, where it stands.
Fails: a place whose name can't be read is left out.
Elsewhere: which side a role is, and which of several names to believe (parties.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from extractors.fields import make_field
from extractors.language import Entity, RunningText
from extractors.layout import Piece, blocks
from extractors.organisations import MAY_END, is_organisation
from extractors.papers.sales_contract.contract import Contract, level
from extractors.papers.sales_contract.words import any_of, known_roles, stem_of
from models.text import HAS_CJK, compact


class Mention(NamedTuple):
    """A party named with its role: 甲方（采购方）：某某公司. roles: 甲方, 采购方. start: where the role stands."""

    roles: tuple[str, ...]
    name: Piece
    value: str
    start: int


@lru_cache(maxsize=1)
def _mention_pattern() -> re.Pattern[str]:
    role = any_of(known_roles())
    return re.compile(
        rf"(?:(?<=[\n\t,，。;；、）)])|^)(?:\d{{1,2}}[.、])?(?P<role>{role})(?:[（(/、](?P<alias>[^（）()\n\t:]{{1,14}})[)）]?)?(?:单位)?(?:名称|全称)?(?:[（(][^）)\n]{{0,12}}[)）])?(?:[A-Za-z/.]{{2,24}}(?=:))?"
        rf"(?P<colon>[:：\t]|是:?|为:?)[:：\t]?(?!(?:{role})(?:$|[:：\n\t（(]))(?P<name>[^\n\t:：]{{3,60}})"
    )


def find_mentions(contract: Contract) -> list[Mention]:
    """Where the contract names a party with its role."""
    out = []
    for m in _mention_pattern().finditer(contract.text):
        start, end = m.span("name")
        roles = tuple(r for r in (m["role"], *re.split(r"[、/,，]|以下简称|简称|[\"“”'‘’]", m["alias"] or "")) if r in known_roles())
        names = contract.within(start, end, "organisation")
        if names and names[0].start - start <= 2 and not _of_another_column(contract, start, names[0]):
            start, end = names[0].start, names[0].end
        else:
            stop = re.search(r"(?:[,，。;；]|(?<=公司)[（(]|[（(](?!(?!盖章|签章|签字|公章)[\u4e00-\u9fff]{2,4}[)）]$))(?!集团[)）])(?![^）)]{0,14}[)）].{0,4}(?:公司|合伙))|以下简称|\(?盖章|地址|法定代表|电话", m["name"])
            end = start + (stop.start() if stop else len(m["name"]))
        name = contract.piece(start, end)
        value = name_of(name)
        if value and not MAY_END.search(value):
            cut = _CUT_BRACKET.search(m["name"])
            longer = _wrapped(contract, contract.piece(start, m.end("name")) if cut else name)
            name, value = longer if longer else (name, value)
        if value and len(value) >= 4 and value not in known_roles() and not _LED_BY_ROLE.match(value) and not re.search(r"[:：]|^(?:单位|名称|地址|签|法定|授权|盖章|代表|(?:订单|合同|协议|单据)(?:编?号|日期|版本))", value):
            out.append(Mention(roles, name, value, m.start("role")))
    for m in _SAID_TO_BE.finditer(contract.text):  # 某某公司（以下简称甲方）
        named = _named_before(contract, m.start())
        role = m["role"] or m["bare"]
        if named and (role in known_roles() or (m["role"] and stem_of(role))):
            name = contract.piece(named.start, named.end)
            out.append(Mention((role,), name, name_of(name), named.start))
    out += [*_in_columns(contract), *_signatures(contract)]
    return out or list(_of_a_letter(contract))


ADDRESSEE = re.compile(r"^(?:致|TO|To|to)[:：]")
_LETTERHEAD = 0.2  # of a page's height


def _of_a_letter(contract: Contract) -> Iterator[Mention]:
    """Parties of a quotation or a confirmation that the buyer signs: the seller's name stands over it, the buyer is addressed. 某某公司 / 销售确认书 / 致：某某公司."""
    lines = list(contract.pages[0].lines)
    to = next((line for line in lines if ADDRESSEE.match(compact(line.text)) and is_organisation(ADDRESSEE.sub("", compact(line.text)))), None)
    head = next((line for line in lines if line.box.cy < _LETTERHEAD and is_organisation(compact(line.text)) and MAY_END.search(compact(line.text))), None)
    if to is None or head is None or head.box.cy >= to.box.cy:
        return
    for role, line in (("卖方", head), ("买方", to)):
        whole = RunningText.of([contract.pages[0].model_copy(update={"lines": (line,)})])
        start = 0 if line is head else whole.text.index(":") + 1
        name = whole.piece(start, len(whole.text))
        yield Mention((role,), name, name_of(name), 0)


def _of_another_column(contract: Contract, start: int, name: Entity) -> bool:
    """Whether what was taken for a name begins within a name, or goes on with the line below of the column on the left: 乙方：宁波某某集团有限 / 甲方的后半 公司."""
    before, line = contract.text[start : name.start], contract.text[contract.running.line_of(start)[0] : start]
    return bool(HAS_CJK.search(before)) or ("\t" in line and "\n" in contract.text[name.start : name.end])


_LED_BY_ROLE = re.compile(r"^(?:[甲乙丙丁买卖供需][方受人]|(?:买受|出卖|定作|承揽|委托|受托|发包|承包|购买|采购|供应|供货|销售|许可|被许可)[人方]|供应商|方(?:提供|向|应|负责))")

_CUT_BRACKET = re.compile(r"[（(][^（）()]{0,6}$")  # 某某流体控制（宁 / 波）有限公司

_NAME_LABEL = re.compile(r"^(?:单位|公司|企业)?(?:名称|全称)(?:[（(][^）)]{0,8}[)）])?[:：]")


def _signatures(contract: Contract) -> Iterator[Mention]:
    """Parties where they sign: a role over a name, each side in its column. 甲方（盖章）： / 某某公司."""
    sign = re.compile(rf"^(?P<role>{any_of(known_roles())})(?:单位)?(?:名称|全称)?(?:[（(][^）)]{{0,12}}[)）])?(?:盖章|签章|签字|公章)?(?:[A-Za-z]{{2,12}})?[:：]?$")
    for page in contract.pages:
        for label in page.lines:
            m = sign.match(compact(label.text))
            if not m:
                continue
            height, right = label.box.height, label.box.x1
            if any(v is not label and v.box.x0 > label.box.x0 and abs(v.box.cy - label.box.cy) < 0.4 * height and is_organisation(compact(v.text)) for v in page.lines):
                continue  # 需方：| 某某公司: its name stands beside it
            near = [v for v in page.lines if v is not label and 0.4 * height < v.box.cy - label.box.cy < 3.2 * height
                    and v.box.x0 < right and v.box.x1 > label.box.x0 and abs(v.box.x0 - label.box.x0) < max(0.06, label.box.width)]
            below = min(near, key=lambda v: v.box.cy, default=None)
            labelled = _NAME_LABEL.match(compact(below.text)) if below else None
            text = compact(below.text)[labelled.end() if labelled else 0 :] if below else ""
            if below is None or len(text) < 4 or _LED_BY_ROLE.match(text):
                continue
            name = RunningText.of([page.model_copy(update={"lines": (below,)})]).piece(labelled.end() if labelled else 0, 60)
            value = name_of(name)
            if not is_organisation(value):
                name, value = _wrapped(contract, name) or (name, "")
            if value:
                yield Mention((m["role"],), name, value, len(contract.text))


# （以下简称“甲方”）, （下称甲方）, （发包人名称，以下简称“发包人”）, （本合同中称为甲方，下同）, （甲方）
_SAID_TO_BE = re.compile(
    r"[（(【](?:(?:[^（）()\n]{1,12}[,，、;；])?(?:在?本?(?:合同|协议)[中内]?|以下|下文?中?|后文?中?)?[统简合]?称(?:之)?[为作]?[:：]?[“\"'‘「『]?(?P<role>[\u4e00-\u9fff]{2,5}?)[”\"'’」』]?(?:[,，、][^（）()\n]{0,6})?|"
    r"[“\"]?(?P<bare>[\u4e00-\u9fff]{2,4})[”\"]?)[)）】]"
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
        heads = [b for b in every if compact(b.text) in known_roles()]
        rows = [b for b in every if _NAME_ROW.match(compact(b.text))]
        for head in heads:
            beside = [b for b in heads if b is not head and level(b, head)]
            row = min((r for r in rows if beside and r.box.y0 > head.box.cy and r.box.x1 <= min(b.box.x0 for b in (head, *beside)) + 0.02), key=lambda r: r.box.y0, default=None)
            if row is None or row.box.y0 - head.box.y1 > 4 * head.box.height:
                continue
            values = [b for b in every if b.box.x0 >= row.box.x1 - 0.01 and level(b, row)]
            own = [b for b in values if min((head, *beside), key=lambda h: abs(h.box.cx - b.box.cx)) is head]
            value = name_of(own[0].piece) if len(own) == 1 else ""
            if is_organisation(value):
                yield Mention((compact(head.text),), own[0].piece, value, len(contract.text))


_NAME_ROW = re.compile(r"^(?:单位|公司|企业|法人|机构)?(?:名称|全称)(?:[（(][^）)]{0,8}[)）])?$")
ROLE_ROWS = ("名称", "住所", "地址", "电话", "税号", "账号", "法定代表人", "合同编号", "签订时间", "签订日期", "签订地点")  # beside the roles, what is set wide

_ROLE_WORDS = ("甲方", "乙方", "买方", "卖方", "供方", "需方", "买受人", "出卖人", "定作人", "承揽人", "委托方", "受托方", "采购方", "供应方", "供货方", "盖章")  # never part of a name


def name_of(piece: Piece) -> str:
    made = make_field("buyer_name", piece)
    return made.text if made else ""


def _wrapped(contract: Contract, name: Piece) -> tuple[Piece, str] | None:
    """A name with the rest of it from the line below, where that makes a name of it (narrow columns)."""
    if not name:
        return None
    box = name.box
    line = name.spans[-1].line
    for page in contract.pages:
        if page is not name.spans[-1].page:
            continue
        below = [v for v in page.lines if 0.3 * line.box.height < v.box.cy - line.box.cy < 2.2 * line.box.height and abs(v.box.x0 - box.x0) < 0.25 and len(compact(v.text)) <= 14]
        for v in sorted(below, key=lambda v: (round((v.box.cy - line.box.cy) / line.box.height), min(abs(v.box.x0 - x0) for x0 in (line.box.x0, box.x0)))):
            longer = name + RunningText.of([page.model_copy(update={"lines": (v,)})]).piece(0, 40)
            value = name_of(longer)
            if is_organisation(value) and value.count("（") == value.count("）") and not any(role in value for role in _ROLE_WORDS):
                return longer, value
    return None
