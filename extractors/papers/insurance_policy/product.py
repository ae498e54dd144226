"""The insured product's name, without the model that stands behind it.

In:    hits of the labels of product, product with model, model; the pages.
Out:   the name, doubted where a model or a number was cut off.
Fails: None where none stands there.
Elsewhere: name and model in one cell (extractors/products.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from extractors.confidence import doubted
from extractors.fields import choose, make_field
from extractors.layout import Hit, table_rows
from extractors.papers.insurance_policy.labels import PRODUCT_HEADS
from extractors.products import MODEL_IN_BRACKETS, checked_product, is_product, split_product
from models.field import Field
from models.page import Page
from models.text import clean


def find_product(hits: Mapping[str, Sequence[Hit]], pages: Sequence[Page] = ()) -> Field | None:
    """The product's name behind its label, else behind one that names product and model together, else in the row below the headings of what is insured."""
    named = [_before_its_model(hit) for hit in hits["product_name"]]
    labelled = _without_model(choose("product_name", named, _is_short) or choose("product_name", map(_before_its_user, named), _is_short), hits["model"]) or _named_with_model((*hits["product"], *_no_insurance(hits["insurance_product"])), hits["model"])
    return checked_product(labelled or _without_model(_in_row(pages), hits["model"]))


def _before_its_model(hit: Hit) -> Hit:
    """The name where model and number follow it: 成套生产设备，型号WLB-5770ZS，共1套."""
    first = hit.piece.search(_ITS_MODEL, "v") if not hit.blank else None
    return replace(hit, piece=first) if first else hit


_ITS_MODEL = re.compile(r"^(?P<v>[^,，;；。]{2,50})[,，;；、](?:产品)?(?:规格)?(?:型号|版本)(?:规格|号)?(?=[:：为]?[A-Za-z0-9])")


def _before_its_user(hit: Hit) -> Hit:
    """The first part of a sentence that a label leads in: 海水淡化成套设备（SWRO-227H）1套，使用方为某某公司."""
    first = hit.piece.search(r"^(?P<v>[^,，;；。]{2,50})[,，;；]", "v") if not hit.blank else None
    return replace(hit, piece=first) if first else hit


def _in_row(pages: Sequence[Page]) -> Field | None:
    """The product in the first row below 产品名称, 型号, 数量, 用户, wherever beneath its heading it begins."""
    named = (made for cells in table_rows(pages, PRODUCT_HEADS, least=3).rows if (made := make_field("product_name", cells.get("product_name"), found=0.95)))
    return next((made for made in named if _is_short(made)), None)


def _is_short(value: Field) -> bool:
    return is_product(value.text) and not _WORD_OF_POLICIES.fullmatch(value.text) and not _COVER.search(value.text) and not re.search(r"[;；]|应当|按照|的[，,]", value.text)


_COVER = re.compile(r"(?:险|责任)(?:[(（][^()（）]*[)）])?$")  # 产品质量保证保险, 软件质量责任: what of a table of covers stands where a product might
_WORD_OF_POLICIES = re.compile(  # an upright heading's other half, or a neighbour's label: names of no product
    r"(?:(?:保险|承保|保障|投保|被保|赔偿)?(?:责任|标的物?|产品|设备|装备|软件|材料|险种|险别|项目|限额|金额|期间|期限|费率|条款|方案|信息|情况|范围|区域)(?:名称|及免赔|明细|清单|内容)?|名称|型号|规格|数量|费率|保费|免赔|序号|用户|买方|投保人|被保险人|保障|当事方|期限|承保|编号|备注|品名|\d{1,2})+|[\u4e00-\u9fff]"
)


def _no_insurance(hits: Iterable[Hit]) -> list[Hit]:
    """保险产品 names the insurance on one insurer's policies and the insured product on another's."""
    return [h for h in hits if not h.blank and "产品" in h.wanted and "险" not in h.piece.text]


def _without_model(name: Field | None, models: Sequence[Hit]) -> Field | None:
    """The product's name without the model that stands behind it: in brackets as one (型号：C18150), or the same that its own label gives."""
    if name is None:
        return None
    if labelled := _LABELLED_BEHIND.match(name.text):
        return name.model_copy(update={"value": labelled[1]})
    bracketed = re.match(r"^(.{2,}?)[(（](?:规格)?型号[:：]?.*$", name.text)
    if bracketed:
        return name.model_copy(update={"value": bracketed[1]})
    if cut := _CUT_BRACKET.match(name.text):
        return doubted(name.model_copy(update={"value": cut[1]}), "名称后另有型号，未读全")
    more = _MORE_THAN_A_NAME.search(name.text)
    if more and more.start() > 1:
        return doubted(name.model_copy(update={"value": name.text[: more.start()]}), "名称后另有型号或数量")
    for hit in models:
        model = clean(hit.piece.text).strip("()（）") if not hit.blank else ""
        if len(model) >= 3 and name.text.endswith(model) and len(name.text) > len(model) + 1:
            return name.model_copy(update={"value": name.text.removesuffix(model).rstrip("-—/（( ")})
    return name


_CUT_BRACKET = re.compile(r"^(.{2,}?)[(（][A-Za-z0-9\-/.]+$")
_LABELLED_BEHIND = re.compile(r"^(.{2,}?)[，,;；]?(?:(?:规格型号|规格|型号|版本号?|数量)[:：]|(?:规格型号|型号规格|产品型号|型号)(?=[A-Za-z0-9])).*$")  # 盾构机 规格：DG6250 数量：2台
_COUNT = r"\d[\d,]*(?:\.\d+)?(?:[台套件个批吨支只块片张卷根条米][套]?|千克|公斤|平方米|立方米|kg)"
_MORE_THAN_A_NAME = re.compile(rf"(?<=[\u4e00-\u9fff）])(?:{MODEL_IN_BRACKETS}(?:共|计|共计)?(?:{_COUNT})?|(?:共|计|共计)?{_COUNT})$|[,，、;；](?:共|计|共计|合计|数量)?{_COUNT}$")  # 盾构机（DG6250）2台, 盾构机2台


def _named_with_model(hits: Iterable[Hit], models: Iterable[Hit]) -> Field | None:
    """The product where name and model stand behind one label; what only begins the model that a label of its own tells is part of the name (聚酰胺PA10T, 型号 PA10T-6650B)."""
    told = {hit.piece.folded for hit in models if not hit.blank}
    for hit in hits:
        if hit.blank:
            continue
        name, model = split_product(hit.piece)
        if model and any(t != model.folded and t.startswith(model.folded) for t in told):
            name = hit.piece
        if (made := make_field("product_name", name, found=hit.score, within=hit.piece)) and _is_short(made):
            return made
    return None
