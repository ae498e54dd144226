"""Goods that a contract names in its sentences: behind labels of a clause (产品名称：…；数量：2台), or in so many words (卖方向买方提供某某设备2台).

In:    a contract.
Out:   one row with what is said of its goods; doubted where name and model, or several names, couldn't be told apart.
Fails: what isn't said is absent.
Elsewhere: goods in a table (goods.py); the words that lead up to names (vocabulary.toml).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from extractors.confidence import confirmed, contradicted, doubted
from extractors.fields import make_field
from extractors.layout import Piece
from extractors.papers.sales_contract.contract import Contract
from extractors.papers.sales_contract.words import any_of, is_heading, known_roles, vocabulary
from extractors.products import MODEL_IN_BRACKETS
from models.field import Field
from models.numbers import parse_quantity
from models.paper import Row
from models.text import compact

# what may follow a label with nothing between: 数量2台, 单价250000元, 型号CZ-63
_UNPARTED = {"quantity": "|(?=\\d)", "unit_price": "|(?=[¥￥\\d]|人民币|每[\\u4e00-\\u9fff]{1,3}[¥￥\\d])", "product_model": "|(?=[A-Z][A-Z\\d\\-])"}


def _spread(label: str) -> str:
    """A label as a pattern; one of two characters may be set wide: 单　　价."""
    text = compact(label)
    return rf"{re.escape(text[0])}\t?{re.escape(text[1])}" if len(text) == 2 else re.escape(text)


_BEHIND_COUNT = {"unit_price": "(?<=[台套件吨批个])|"}


@lru_cache(maxsize=1)
def _behind_labels() -> tuple[re.Pattern[str], Mapping[str, Sequence[tuple[str, re.Pattern[str]]]]]:
    """What begins with a label of goods and a colon; for each field its labels with the pattern of a clause that begins with one. Compiled once: there are more than Python keeps ready."""
    every = any_of(w for some in vocabulary()["item_sentences"].values() for w in some if len(w) > 1)
    counted = rf"[,，、](?:共|计|共计|合计|总计|数量|本批|部署|供应|交付)*{_count()}"
    figures = any_of(w for name in ("quantity", "unit_price") for w in vocabulary()["item_sentences"][name])
    lost = rf"(?:{figures})[:为]"  # a comma at the margin isn't always read: 数量为2台 / 单价为500元
    stop = rf"(?=[;；。\n\t]|[,，、:：.．](?:{every}|总|每|单位)|，|[（(]?(?:{every})[:：]|{lost}|(?:{counted})|$)"

    def clause(name: str, label: str) -> re.Pattern[str]:
        begins = rf"(?:(?<=[\n\t;；,，。、:：.．(（)）】•·●○◆■□*])|(?<=\d)|(?<=\d条)|(?<=[一二三四五六七八九十]条)|{_BEHIND_COUNT.get(name, '')}^)"
        parted = rf"(?:[（(][^）)]{{1,10}}[)）])?(?:[:：]\t?|[为系]:?|\t{_UNPARTED.get(name, '')})"
        return re.compile(rf"{begins}{_spread(label)}{parted}(?P<value>[^\n\t;；。]{{1,60}}?){stop}")

    return re.compile(rf"(?:{every})[:：]"), {name: [(label, clause(name, label)) for label in labels] for name, labels in vocabulary()["item_sentences"].items()}


def told_in_sentences(contract: Contract) -> Row:
    """Goods named in a clause: 产品名称：…；规格型号：…；数量：2台；含税单价：人民币155,000.00元."""
    row: Row = {}
    behind: list[Piece] = []
    labelled, labels_of = _behind_labels()
    for name, labels in labels_of.items():
        for label, pattern in labels:
            made = None
            for m in pattern.finditer(contract.text):
                if is_heading(m["value"]) or labelled.match(m["value"]) or (name == "product_name" and re.search(r"公司$|见附|详见|如下|^[:：]", m["value"])):
                    continue
                if name == "product_name" and len(label) <= 2 and (re.search(_CLAUSE, m["value"]) or re.search(vocabulary()["item_clauses"]["never"], m["value"])):
                    continue
                if name == "unit_price" and re.search(_NET_PRICE, contract.text[max(0, m.start() - 8) : m.start("value")]):
                    continue
                if name in ("unit_price", "quantity") and re.match(r"[,.]\d", contract.text[m.end("value") :]):
                    continue  # cut within a figure
                start, end = m.span("value")
                if name == "product_model":  # 版本号V5.3，包括其目标程序及文档
                    end = start + len(_GOES_ON.split(m["value"])[0])
                if contract.text[m.start() - 1 : m.start()] in ("(", "（"):  # …软件（版本：V2.0），1套
                    end = _closing(contract.text, start, end)
                piece = contract.piece(start, end)
                if name == "unit_price":
                    money = contract.within(*m.span("value"), "money")
                    piece = contract.piece(money[0].start, money[0].end) if money else piece
                wordy = name == "product_model" and "\t" in m[0] and not re.search(r"[A-Za-z0-9]", m["value"])  # maybe the next column's heading
                made = make_field(name, piece, found=0.8 if wordy else 0.97)
                if made is not None:
                    if m["quantity"] and name in ("product_name", "product_model"):  # SX-60，共2台
                        behind.append(contract.piece(*m.span("quantity")))
                    elif name == "product_name" and (counted := _counted_behind().match(contract.text, end)):  # 冲床（型号：SX-60）共2台
                        behind.append(contract.piece(*counted.span("quantity")))
                    break
            if made is not None:
                row[name] = made
                break
    row = _parted(row)
    if "quantity" not in row and (told := next((f for p in behind if (f := make_field("quantity", p, found=0.93))), None)):
        row["quantity"] = told
    row = _without_model(row)
    both = row.pop("name_and_model", None)
    if both is not None:
        row = {**_name_and_model(both), **row}
    if "unit_price" not in row and (price := _priced(contract)) is not None:
        row["unit_price"] = price
    if "product_model" not in row and (version := re.search(rf"(?<![A-Za-z0-9])(?P<v>{_VERSION})版本?的?(?:本|该)?(?:软件|系统|平台|程序)", contract.text)):
        row |= {name: made for name, made in (("product_model", make_field("product_model", contract.piece(*version.span("v")), found=0.93)),) if made is not None}
    if "product_name" in row and "quantity" not in row and (told := make_field("quantity", _counted_later(contract), found=0.93)):
        row["quantity"] = told
    if "product_name" not in row:
        clauses = vocabulary()["item_clauses"]
        for pattern in clauses["product_name"]:
            clause = re.search(pattern, contract.text)
            made = make_field("product_name", contract.piece(*clause.span("value")), found=0.95) if clause else None
            if clause is not None and made is not None:
                listed = _listed_behind().match(contract.text, clause.end("value"))  # 1、冲床，SX-60，2台
                more = {n: f for n in ("product_model", "quantity") if (f := make_field(n, contract.piece(*listed.span(n)), found=0.9))} if listed else {}
                return _parted({**more, "product_name": made, **row})
        row = _parted({**_named_in_sentences(contract), **row})
    return row


@lru_cache(maxsize=1)
def _counted_behind() -> re.Pattern[str]:
    """How many there are of goods whose name a bracket follows: （型号：SX-60）共2台."""
    return re.compile(rf"[（(][^（）()\n]{{1,40}}[)）](?:共计?|计|合计|数量[:：为]?)?{_count()}")


@lru_cache(maxsize=1)
def _listed_behind() -> re.Pattern[str]:
    """Model and number of goods, behind their name and parted by commas: ，SX-60，2台."""
    return re.compile(rf"[,，、](?P<product_model>(?=[A-Za-z0-9\-/.]*\d)[A-Za-z][A-Za-z0-9\-/.]{{1,24}})型?[,，、](?:共计?|数量[:：为]?)?{_count()}")


def _closing(text: str, start: int, end: int) -> int:
    """Where the bracket closes in which text[start:end] begins, else its end."""
    depth = 0
    for at in range(start, end):
        depth += (text[at] in "(（") - (text[at] in ")）")
        if depth < 0:
            return at
    return end


_GOES_ON = re.compile(r"(?<=[A-Za-z0-9])[,，](?=[\u4e00-\u9fff]{2})")
_CLAUSE = re.compile(r"^[指由均经须在]|(?<![供相响对适反感效])应(?![用急变力答])当?|必须|负责|保证|按照|符合|不得|包括|[买卖甲乙供需][方人]|双方")  # what a clause headed 设备 or 货物 says, and no name holds

_BRACKETED_MODEL = re.compile(rf"^(?P<name>.*[\u4e00-\u9fff]){MODEL_IN_BRACKETS}$")


def _without_model(row: Row) -> Row:
    """Goods whose name goes on with their model in brackets and how many: 冲床（CZ-63型）两台."""
    name = row.get("product_name")
    if name is None:
        return row
    count = re.search(f"(?:共|计|共计|合计)?{_count()}$", name.text)
    rest = name.text[: count.start()] if count else name.text
    parted = _BRACKETED_MODEL.match(rest)
    if not count and not parted:
        return row
    sure = name.model_copy(update={"value": parted["name"] if parted else rest})
    made: Row = {"product_name": doubted(sure, "名称后另有型号或数量")}
    if count and (told := parse_quantity(count["quantity"])):
        made["quantity"] = doubted(name.model_copy(update={"value": told, "raw": count["quantity"]}), "自名称后的数量")
    if parted:
        made["product_model"] = doubted(name.model_copy(update={"value": parted["model"], "raw": parted["model"]}), "自名称后的括号")
    return {**made, **row, "product_name": made["product_name"]}


_MODEL_LISTED = re.compile(r"^(?P<name>.*[\u4e00-\u9fff）)])[,，、](?P<model>(?=[A-Za-z0-9\-/.]*\d)[A-Za-z][A-Za-z0-9\-/.]{2,24})型?$")
_PROJECT_END = re.compile(r"(?:(?:委托|定制|合作|研究)?(?:开发|研发|研制)|采购|建设|实施)(?:项目)?$|项目$")  # 项目名称：某某软件开发
_MODEL_BEHIND = re.compile(r"[\u4e00-\u9fff）)](?=[A-Za-z0-9\-/.]*\d)[A-Z][A-Za-z0-9\-/.]{2,24}$")


def _parted(row: Row) -> Row:
    """Goods whose name has what leads up to it (由乙方设计制造的冲床), or their model behind a comma: 冲床，CZ-63. A person sees what was parted, and a name with what may be the model at its end, where no other is told.

    CZ-63型冲床 is a name, and so is 聚酰胺PA10T: nothing is cut off there.
    """
    name = row.get("product_name")
    if name is None:
        return row
    lead = _leading_up().match(name.text)
    rest = name.text[lead.end() :] if lead and len(name.text) - lead.end() >= 3 else name.text
    rest = _PROJECT_END.sub("", rest) if len(_PROJECT_END.sub("", rest)) >= 3 else rest
    parted = _MODEL_LISTED.match(rest)
    if rest == name.text and not parted:
        return {**row, "product_name": doubted(name, "名称后可能是型号")} if "product_model" not in row and _MODEL_BEHIND.search(rest) else row
    made = {**row, "product_name": doubted(name.model_copy(update={"value": parted["name"] if parted else rest}), "名称前后另有文字")}
    return {"product_model": doubted(name.model_copy(update={"value": parted["model"], "raw": parted["model"]}), "自名称中分出"), **made} if parted else made


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
    unit = any_of(clauses["units"])
    found: dict[str, Field] = {}
    for pattern in clauses["unit_price"]:
        head, _, tail = pattern.replace("OTHER", clauses["other"]).replace("UNIT", unit).partition("MONEY")
        for m in re.finditer(rf"{head}(?=人民币|RMB|CNY|[¥￥\d壹贰叁肆伍陆柒捌玖拾])", contract.text):
            money = next((e for e in contract.within(m.end(), m.end() + 7, "money", "money_in_words")), None)
            span = (money.start, money.end) if money else figure.span() if (figure := _PER_UNIT.match(contract.text, m.end())) else None
            clause = max(contract.text.rfind(c, 0, m.start()) for c in "。;；，,\n\t") + 1
            if span is None or not re.match(tail, contract.text[span[1] :]) or re.match("的", contract.text[span[1] :]) or re.search(clauses["not_price"], contract.text[clause : m.end()]):
                continue
            made = make_field("unit_price", contract.piece(*span), found=0.97 if re.search("[:：]\t?$", m[0]) else 0.93)
            if made is not None and made.decimal:
                found.setdefault(made.text, made)
    return next(iter(found.values())) if len(found) == 1 else None


_PER_UNIT = re.compile(r"\d[\d,]*(?:\.\d+)?(?=/)")  # 181.00/平方米


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
    count = _count()
    model = r"(?:[（(,，]?(?:规格型号|型号规格|产品型号|型号|规格|版本号|版本)?(?:为|:|：)?(?P<model>[A-Za-z0-9][A-Za-z0-9\-/.]{1,24})[)）]?|[（(][^）)\n]{1,30}[)）])?"
    name = r"(?P<value>[^\n\t,，;；。:：（()）]{3,44}?)"
    summed = "[,，、]?(?:共|计|共计|合计|总计|数量|数量为)?"
    end = rf"(?={model}(?:{summed}{count}|[,，;；。\n]|$)|[\n\t,，;；。（(]|$)"

    def compiled(pattern: str) -> re.Pattern[str]:
        head, _, tail = pattern.replace("ROLE", f"(?:{any_of(known_roles())})").partition("NAME")
        if not pattern.count("NAME"):
            return re.compile(head)
        tail = tail.replace("COUNT", rf"{model}{summed}{count}").replace("MODEL", model)
        return re.compile(head + name + (tail or end))

    return (*((compiled(p), 0.93) for p in clauses["named"]), *((compiled(p), 0.85) for p in clauses["likely"]))


_COUNT = r"(?P<quantity>(?:(?<![A-Za-z0-9\-/.])\d[\d,]*(?:\.\d+)?|[零壹贰叁肆伍陆柒捌玖拾佰一二两三四五六七八九十]{1,4})(?:[（(][零壹贰叁肆伍陆柒捌玖拾佰一二两三四五六七八九十\d]+[)）])?(?:UNIT)(?![\u4e00-\u9fff]*(?:年|月|日|天)内))"


@lru_cache(maxsize=1)
def _count() -> str:
    """How many of what unit, as a pattern."""
    return _COUNT.replace("UNIT", any_of(vocabulary()["item_clauses"]["units"]))


@lru_cache(maxsize=1)
def _leading_up() -> re.Pattern[str]:
    """What is said before a name of goods and is no part of it: 由乙方设计制造的."""
    return re.compile(vocabulary()["item_clauses"]["before"].replace("ROLE", f"(?:{any_of(known_roles())})"))


_MODEL_FIRST = re.compile(r"^[A-Za-z0-9][A-Za-z0-9\-/.]{2,24}型号?")


_VERSION = r"V\d+(?:\.\d+){1,3}"  # of software: 交付V2.6版软件1套


def _counted_later(contract: Contract) -> Piece | None:
    """How many of the goods that were named before a sentence speaks of: 拥有某某软件…采购该软件1套."""
    clauses = vocabulary()["item_clauses"]
    later = re.search(f"(?:{clauses['refers']}|{clauses['bought']})(?:{_VERSION}版本?的?)?" + clauses["refers_to"] + "(?:共|计|共计|合计)?" + _count(), contract.text)
    return contract.piece(*later.span("quantity")) if later else None


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
    counted_later = _counted_later(contract) if len(names) == 1 else None
    models = [chosen.model, *(n.model for n in own if n.model)]
    for name, piece in (("product_model", next((p for p in models if p), None)), ("quantity", chosen.quantity or counted_later)):
        field = make_field(name, piece, found=chosen.sure) if piece else None
        if field is not None:
            row[name] = field
    return row


_CUT_OFF = 0.8  # how sure a name is that its line may have cut


def _named(contract: Contract, m: re.Match[str], sure: float) -> _Named | None:
    """What a match of a sentence names, freed from what only leads up to the name or trails it; None where it is no name of goods."""
    clauses = vocabulary()["item_clauses"]
    start, end = m.span("value")
    parts: dict[str, Piece | None] = {}
    for name in ("model", "quantity"):
        parts[name] = contract.piece(*m.span(name)) if m.groupdict().get(name) else None
    count = re.compile(_count() + "的?")
    for _ in range(3):
        text = contract.text[start:end]
        lead = _leading_up().match(text)
        first = count.match(text)
        if lead:
            start += lead.end()
        elif first and len(text) - first.end() >= 3:
            parts["quantity"] = parts["quantity"] or contract.piece(start, start + first.end("quantity"))
            start += first.end()
        else:
            break
    if contract.text[end : end + 1] == "\n":  # a line that ends within the sentence: the name may go on below
        sure = min(sure, _CUT_OFF)
    text = contract.text[start:end]
    tail = re.search(clauses["behind"] + "$", text)
    end -= len(tail[0]) if tail else 0
    text = contract.text[start:end]
    if text.endswith("项目"):
        sure, end = min(sure, 0.85), end - 2
    text = contract.text[start:end]
    if len(text) < 3 or not re.search(r"[\u4e00-\u9fff]{2}", text) or re.search(clauses["never"], text) or re.match(clauses["refers"], text) or is_heading(text):
        return None
    return _Named(contract.piece(start, end), parts["model"], parts["quantity"], sure)
