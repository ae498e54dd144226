"""The name of a product: parted from the model that stands in one text with it, and whether it reads like one, so that a heading or a sentence taken for it is noticed.

In:    text that should name a product (equipment, material, software), alone or with its model.
Out:   name and model; whether a text can be a name; a field doubted where it can't.
Fails: a text in which no model stands is all name.
Elsewhere: names compared with the catalogue (matchers/catalogue.py).
"""

from __future__ import annotations

import re

from extractors.confidence import doubted
from extractors.layout import NOTHING, Piece, fold
from models.field import Field

_HEADINGS = frozenset((
    "数量", "单位", "单价", "金额", "备注", "型号", "规格", "规格型号", "型号规格", "产品型号", "序号", "产品名称", "设备名称", "装备名称", "货物名称", "软件名称", "材料名称", "样品名称", "名称", "品名", "合同编号", "合同号",
    "版本", "版本号", "购买方", "使用方", "用户", "名称及型号", "验收结果", "验收日期", "交付日期", "生产单位", "单位名称", "企业名称", "合计", "总计", "检测项目", "检验项目", "检测结果",
))
_NO_NAME = re.compile(
    r"^[\u4e00-\u9fff]{0,6}(?:数量|日期|单价|金额|型号|地点|结论|明细|合计|限额|费率|保险费)(?:\([^()]{1,6}\)|[:：])?$|[。？！?!]|^的|^[)）\]】〕,，;；:：]|^[(（][^()（）]*[)）]|^(?:实现|运行|符合|通过|满足|进行|具有|具备|已|均)|(?:符合|满足|达到|通过).*(?:要求|标准|规定|测试)|(?:验收|交付|交货|签收|入库|检[测验]|测试|评测)(?:合格)?(?:报告|证明|证书|记录|确认|回执|单)书?$|^[零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正]+$|特发此证|^(?:证书|证明|公告|文件|名录|目录)$|特此|希望|名单|纪要$|附[表件]|详见|见附|如下|兹证明|认定(?:条件|结果|工作)|检测结果|检验结果|通知$|(?:有限|股份)公司$|^[\d.,\-/%¥￥年月日台套件]+$|(?:日期|时间)[:：]?\d|(?:19|20)\d\d[.\-/年]\d{1,2}[.\-/月]\d{1,2}"
)


_JOINED = re.compile(r"[/、或]")  # 型号/版本: one heading of two


def is_product(text: str) -> bool:
    """Whether a text can be a product's name: no heading, sentence, company, date or mere figures."""
    plain = fold(text)[0]
    return 2 <= len(plain) <= 60 and not all(part in _HEADINGS for part in _JOINED.split(plain.strip(":：")) if part) and not _NO_NAME.search(plain) and bool(re.search(r"[\u4e00-\u9fffA-Za-z]", plain))


def checked_product(name: Field | None) -> Field | None:
    """The field without a model behind the name, doubted where it had one or doesn't read like a product's name."""
    if name is None or not is_product(name.text):
        return name and doubted(name, "不像产品名称")
    if _NEXT_LABEL.search(fold(name.text)[0]):
        return doubted(name, "名称后另有其他栏目")
    model = _MODEL_BEHIND.search(name.text)
    return doubted(name.model_copy(update={"value": name.text[: model.start()]}), "名称后另有型号") if model and model.start() > 1 else name


_NEXT_LABEL = re.compile(r"(?:数量|单价|金额|费率|期限|期间|联系人|联系电话|用户(?:单位|名称)?|使用方)(?:[:：]?[\d.]+[\u4e00-\u9fff]{0,2})?$")  # of a table that lost its rules: 正极粉投保数量132吨
_MODEL_BEHIND = re.compile(r"(?<=[\u4e00-\u9fff）)])(?:[A-Z][A-Za-z0-9./]*-[A-Za-z0-9\-./]*\d[A-Za-z0-9]*|V\d+(?:\.\d+)+)$")  # 变桨控制系统BJ-904KB; not 聚酰胺PA10T


# ---------------------------------------------------------------- name and model

MODEL_IN_BRACKETS = r"[（(](?:(?:产品|规格)?型号(?:规格)?|版本号?)?[:：为]?(?P<model>(?=[^（）()]*\d)[A-Za-z0-9][A-Za-z0-9\-/.]*)型?[)）]"  # behind a name: 冲床（CZ-63型）
_MODEL_WORD = r"(?:产品|规格)?型号(?:规格)?"
_MODEL = r"[A-Za-z0-9ⅠⅡⅢⅣ][A-Za-z0-9\-–—_./+×xX*#ⅠⅡⅢⅣ()]*(?:型|系列)?"
_NAMED_MODEL = re.compile(rf"^(?P<name>.+?)[,;、/:()\-]*{_MODEL_WORD}[:为]*(?P<model>.+?)\)?$")
_PLAIN_MODEL = re.compile(rf"^(?P<name>.*[\u4e00-\u9fff)])(?P<gap>[,;、/:|\-]*)(?P<model>{_MODEL})$")


_MODEL_FIRST = re.compile(r"(?P<model>(?=[A-Za-z0-9\-/.]*\d)[A-Z][A-Za-z0-9\-/.]{2,24})型(?P<name>(?!号)[\u4e00-\u9fff].+)")


def model_first(piece: Piece) -> tuple[Piece, Piece]:
    """Name and model of a text that begins with the model: CC-893A型分解装置. The model is NOTHING where none stands there."""
    found = _MODEL_FIRST.fullmatch(piece.folded)
    return (piece.between(*found.span("name")), piece.between(*found.span("model"))) if found else (piece, NOTHING)


def split_product(piece: Piece) -> tuple[Piece, Piece]:
    """投保产品名称及型号 apart: 全钢子午线轮胎成型机组/LCX8932, …机床，型号：JG8420B, 丝杠 FFZ8850, 丝杠（FFZ8850）. The model is NOTHING where none stands there."""
    folded = piece.folded
    named = _NAMED_MODEL.match(folded)
    if named:
        return piece.between(*named.span("name")).stripped(" :：;；,，。、(（/"), piece.between(*named.span("model")).stripped()
    bracketed = re.match(rf"^(?P<name>.*[\u4e00-\u9fff])\((?P<model>{_MODEL})\)$", folded)
    if bracketed and re.search(r"\d", bracketed["model"]):
        return piece.between(*bracketed.span("name")), piece.between(*bracketed.span("model"))
    for found in (_PLAIN_MODEL.match(folded), re.match(r"^(?P<name>.+?)(?P<gap>[/,;|])(?P<model>[^/,;|]*[A-Za-z0-9][^/,;|]*)$", folded)):
        if found and (re.search(r"\d", found["model"]) or found["gap"]):
            return piece.between(*found.span("name")), piece.between(*found.span("model"))
    return piece, NOTHING
