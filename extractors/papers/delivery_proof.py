"""Proofs of delivery and acceptance (验收报告, 交付证明, 交货验收单, 到货签收单).

In:    the pages of one proof.
Out:   buyer_name, product_name, quantity, accepted_on; `rows`: what was delivered, where it is listed in a table.
Fails: never; what isn't read is absent.
Elsewhere: how labels, values and tables are found (extractors/layout); what a product's name looks like (extractors/products.py).

Three kinds are in use: a form of labels, a list of what was handed over, and a letter (兹证明……向我单位提供的……已于……通过验收).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from extractors.confidence import doubted
from extractors.fields import choose, make_field
from extractors.layout import Hit, Piece, fold, label_values, table_rows
from extractors.organisations import ENDINGS, ORGANISATION, checked
from extractors.papers.base import Extracted, present
from extractors.products import MODEL_IN_BRACKETS, checked_product, is_product
from extractors.rows import rows_of, spans_of
from extractors.spread import with_labels_joined
from models.dates import find_dates
from models.field import Field
from models.page import Page

LABELS: Mapping[str, Sequence[str]] = {
    "buyer_name": ("用户单位", "用户名称", "使用单位", "用户", "购买单位", "购货单位", "采购单位", "采购方", "买方", "需方", "甲方", "收货单位", "验收单位", "客户名称", "接收单位", "用户单位名称", "订货单位", "甲方单位",
                   "客户", "买方(用户)", "需方(用户)", "建设单位", "委托单位", "业主单位", "收货方", "使用单位名称", "客户单位", "客户单位名称", "购买方", "订购单位", "用户方", "使用方", "最终用户", "接收方", "签收单位", "业主",
                   "甲方(用户)", "甲方(使用单位)", "收货人", "购方", "购置单位", "客户单位盖章", "使用单位盖章", "收货方名称", "买方名称", "甲方名称", "需方名称", "购货方", "业主方", "需求单位", "项目业主", "验收方", "签收方", "收货单位名称", "采购单位名称", "采购(使用)单位", "采购使用单位", "订货方", "订购方"),
    "product_name": ("产品名称", "设备名称", "装备名称", "货物名称", "品名", "项目名称", "软件名称", "材料名称", "交付产品", "交付内容", "验收产品", "名称", "标的名称", "验收内容", "系统名称", "验收设备", "产品名称及型号", "物资名称",
                     "软件产品名称", "商品名称", "验收项目", "项目内容", "项目", "设备(产品)名称", "产品(设备)名称", "合同标的", "合同标的物", "合同标的名称", "验收标的", "交付标的", "标的物", "标的物名称", "标的", "合同设备", "合同货物", "合同产品", "交付设备", "到货设备", "移交内容", "移交标的", "货名", "安装机型", "安装设备", "物品名称"),
    "quantity": ("数量", "交付数量", "安装数量", "调试数量", "发货数量", "供货数量", "验收数量", "到货数量", "数量（台/套）", "台数", "交货数量", "签收数量", "实收数量", "交付套数", "验收台数", "入库数量", "实到数量", "移交数量", "接收数量", "台(套)数", "台套数"),
    "accepted_on": ("验收日期", "验收时间", "验收完成日期", "验收合格日期", "最终验收日期", "终验日期", "交付验收时间", "交付验收日期", "验收交付时间", "验收通过日期", "完成验收日期", "验收完成时间", "竣工验收日期", "通过验收日期", "验收通过时间", "验收合格时间", "验收签字日期", "最终验收时间", "终验时间", "签收验收日期", "验收签收日期", "签收及验收日期", "收货验收日期", "会议时间", "会议日期", "会议召开时间"),
    "received_on": ("入库日期", "入库时间", "收料日期", "签收日期", "收货日期", "接收日期", "确认日期", "签收时间", "收货时间"),
    "delivered_on": ("交付日期", "发货时间", "发货日期", "交货日期", "交付时间", "到货日期", "送达日期", "到货时间", "交货时间", "送货日期", "交付使用日期"),
    "signed_on": ("日期", "签字日期", "盖章日期"),
    "seller": ("供应商", "供货单位", "乙方", "卖方", "供方", "生产单位", "制造单位", "承建单位", "交货单位", "发货单位", "供货方", "销售方", "供应方", "研制单位", "开发单位", "供货商", "卖方名称", "交付方", "交付单位", "生产厂家", "发货人", "发货方", "供货人", "卖方单位", "乙方名称", "供方名称", "承制单位"),
    "_": ("合同编号", "合同号", "规格型号", "型号", "单位", "单价", "金额", "备注", "验收结论", "验收意见", "验收地点", "交付地点", "联系人", "联系电话", "地址", "验收人", "签字", "盖章", "序号", "合同签订日期", "签订日期", "安装日期",
          "合同日期", "合同签订时间", "出厂日期", "验收结果", "验收依据", "验收人员", "代表", "客户代表", "客户确认", "出厂编号", "设备编号", "安装地点", "使用地点", "质保期", "调试日期", "启用日期", "投入使用日期", "制单日期", "送货单号"),
}
_LABEL_WORDS = frozenset(fold(label)[0] for some in LABELS.values() for label in some)
COLUMNS: Mapping[str, Sequence[str]] = {
    "product_name": ("产品名称", "设备名称", "装备名称", "货物名称", "品名", "名称", "项目", "物资名称", "商品名称", "交付内容", "软件名称", "产品/服务名称", "物料名称", "物料描述", "材料名称", "货名", "物品名称"),
    "product_model": ("规格型号", "型号", "型号规格", "规格", "产品型号", "型号/规格", "版本号", "版本"),
    "quantity": ("数量", "交付数量", "安装数量", "调试数量", "发货数量", "供货数量", "验收数量", "到货数量", "数量（台/套）", "实收数量", "签收数量", "实收", "实收数", "实到数量", "入库数量"),
}
_ASIDE = re.compile(r"随机|资料|备品|备件|配件|附件|工具|说明书|合格证|运费|安装|培训|服务费|图纸|文档|光盘|手册|检验报告")  # what is handed over with a product

_VERBS = r"(?:提供|供应|交付|购买|采购|采购了|购置|订购|制造|生产|供货|销售|研制|研发|开发)"
_DELIVERED = re.compile(
    rf"{_VERBS}的[“\"「《]?(?P<name>[^，,。；;:：“”\"」》]{{2,50}}?)[”\"」》]?(?:[(（](?:(?:规格)?型号|版本号?)[:：]?[^()（）]+(?:[(（][^()（）]*[)）])?[)）])?(?:[,，]?(?:共(?:计)?|合计|数量[:：为]?)?"
    r"(?P<quantity>\d+|[一二两三四五六七八九十壹贰叁]+)(?:台|套|件|吨|批|条|个|千克|公斤)(?:[(（]套[)）])?)?[，,。]?(?:(?=[，,。])|已|经|于|均|全部|通过|运行|目前|现)"
)
_IN_BRACKETS = re.compile(  # 提供的某某机器人（ER20-1700，数量：2台，合同编号：…）: model and quantity behind the name in one bracket
    rf"{_VERBS}的[“\"「《]?(?P<name>[^，,。；;:：“”\"」》()（）]{{2,50}}(?:[(（][\u4e00-\u9fff]{{1,4}}[)）][^，,。；;:：“”\"」》()（）]{{0,40}})?)[”\"」》]?"
    r"[(（](?:[^()（），,;；、。]{1,40}[,，;；、])?(?:共(?:计)?|合计|数量)[:：为]?(?P<quantity>\d+(?:\.\d+)?|[一二两三四五六七八九十壹贰叁]+)(?:台|套|件|吨|批|条|个|只|组|片|块|支|千克|公斤)[^()（）]{0,60}[)）]"
)
_COUNTED = re.compile(  # 向我单位交付某某设备2台: what was handed over, told by how many of it there are
    r"(?:交付|提供|供应|供货|销售|发运|运送|送达|移交)(?:了|的|过|完成)?[“\"「《]?(?P<name>(?![的了]|[我贵本]|合格|相关|全部|技术)[^，,。；;:：“\"」》]{2,50}?)[”\"」》]?(?:[(（][^()（）]{1,30}[)）])?[,，]?(?:共(?:计)?|合计|数量[:：为]?|计)?"
    r"(?P<quantity>\d+(?:\.\d+)?|[一二两三四五六七八九十壹贰叁]+)(?:台|套|件|吨|批|条|个|只|组|千克|公斤)(?![\u4e00-\u9fff]*(?:资料|说明书|备件))"
)
_AT_A_MEETING = re.compile(  # 某某公司组织召开某某机床（型号：…）项目终验会 … 确认本次交付2台
    r"组织?(?:召开|开展|进行)(?:了)?[“\"「《]?(?P<name>[^，,。；;:：“”\"」》()（）]{2,50}?)[”\"」》]?(?:[(（][^()（）]{1,40}[)）])?(?:项目)?(?:的)?(?:[终初]验|(?:最终|竣工|交付|到货)?验收)(?:评审)?会?"
    r"(?:.{0,200}?(?:本次|共|合计|实际)(?:共|合计)?(?:交付|验收|到货)(?:数量)?[为:：]?(?P<quantity>\d+(?:\.\d+)?)(?:台|套|件|吨|批|条|个|只|组|千克|公斤))?"
)
_ACCEPTED = re.compile(  # 对合同…项下的某某生产线进行了验收 … 数量2套
    r"(?:项下|所购|采购|购置|订购|供应|提供|交付)的?[“\"「《]?(?P<name>(?![的了])[^，,。；;:：“”\"」》()（）]{2,50}?)[”\"」》]?(?:[(（][^()（）]{1,40}[)）])?(?:进行|开展|组织|予以)了?[^，,。；;]{0,6}?(?:验收|检收|[终初]验)"
    r"(?:.{0,120}?(?:数量|共计?|合计)[为:：]?(?P<quantity>\d+(?:\.\d+)?)(?:台|套|件|吨|批|条|个|只|组|千克|公斤))?"
)
_DISCUSSED = re.compile(  # 会议就某某机（PT-53，共1台）的验收进行了讨论
    r"(?:就|对|关于)[“\"「《]?(?P<name>[^，,。；;:：“”\"」》()（）]{2,50}?)[”\"」》]?[(（](?:[^()（）]{1,40}?[,，])?(?:共(?:计)?|合计|数量)?[:：为]?(?P<quantity>\d+(?:\.\d+)?)(?:台|套|件|吨|批|条|个|只|组|千克|公斤)[^()（）]{0,40}[)）]的?(?:最终|竣工|交付|到货)?(?:[终初]?验收|[终初]验|交付|移交)"
)
_HANDED = re.compile(  # 乙方将某某起重机（型号：CZ63）贰台移交甲方
    r"将[“\"「《]?(?P<name>[^，,。；;:：“”\"」》()（）]{2,50}?)[”\"」》]?(?:[(（][^()（）]{1,40}[)）])?[,，]?(?:共(?:计)?|合计|数量[:：为]?|计)?"
    r"(?P<quantity>(?:\d+(?:\.\d+)?|[一二两三四五六七八九十壹贰叁肆伍陆柒捌玖拾]+)(?:台|套|件|吨|批|条|个|只|组|千克|公斤))(?:[(（]套[)）])?[^，,。；;]{0,8}?(?:移交|交付|交给|运抵|送达|运至|送至|发往)"
)
_ORGANISATION = rf"(?:(?!公司[向为给与从]|证明|兹有)[\u4e00-\u9fffA-Za-z0-9（）()·&]){{2,40}}?{ENDINGS}"
_TOLD_BUYER = (
    re.compile(rf"我(?:单位|公司|司|厂|院|所|校)[(（](?:以下简称)?(?P<v>{_ORGANISATION})[)）]"),
    re.compile(rf"(?:^|[，,。:：]|兹证明|兹有|兹因)(?P<v>{_ORGANISATION})(?:[(（][^()（）]*[)）])?(?:于[^，,。]{{4,14}})?(?:向|从|自|与){_ORGANISATION}[^，,。]{{0,12}}?(?:购买|采购|订购|购置|购进|订立|签订)"),
    re.compile(rf"(?:^|[，,。:：])(?P<v>{_ORGANISATION})(?:于[^，,。]{{4,14}})?组织(?:了)?(?:召开|开展|进行|验收|[终初]验)"),
    re.compile(rf"(?:^|[，,。:：由])(?P<v>{_ORGANISATION})[(（](?:[^()（）]{{0,8}}(?:使用|用户|采购|购买|需求|收货|接收|业主|建设|订货|定作)(?:单位|方|人)?|甲方|买方|需方)[)）]"),
    re.compile(rf"(?:向|为|给|交付至?|销售给|供给)(?P<v>(?!我){_ORGANISATION})(?:提供|供应|交付|供货|销售|研制|开发|制造|的)"),
)
_DAY = r"(?:[\d二○〇零一三四五六七八九OoＯ]{4}年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十廿]{1,3}日|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2})"
_ACCEPTING, _RECEIVING, _DELIVERING = r"(?:[终初]?验收|检收|[终初]验|起(?:正式)?移交)", r"(?:签收|接收|收到|收讫|收货)", r"(?:交付|交货|到货|送达|运抵|移交|投入使用)"
_OF_A_LABEL = r"(?:合格|完毕|完成|通过)?(?:日期|时间|日[:：]|人员?|单位|内容|地点|意见|结论|方式|情况|结果|记录|依据|标准|项目)"  # 到货日期 2020年5月27日 验收日期: the day before the words is another label's
_TOLD_DATES = tuple(  # what is said of the date comes after it in its clause, or (验收日期为…) before it
    (re.compile(rf"(?P<v>{_DAY})(?:[，,](?:(?!{_DAY})[^。；;]){{2,120}}?进行了?[^。，,；;]{{0,8}}?|[，,](?:(?!{_DAY})[^。，,；;]){{2,40}}?组织(?:(?!{_DAY})[^。，,；;]){{0,60}}?|(?:(?!{_DAY})[^。，,；;]){{0,30}}?){verb}(?!{_OF_A_LABEL})|{verb}(?:合格|完毕|完成|通过)?(?:日期|时间)?(?:为|是|于|[:：])*(?P<w>{_DAY})"), found)
    for verb, found in ((_ACCEPTING, 0.94), (_RECEIVING, 0.85), (_DELIVERING, 0.8))
)


def extract(pages: Sequence[Page]) -> Extracted:
    """Read one proof of delivery: its table, else its labels, else its sentences."""
    labels = [label for some in LABELS.values() for label in some]
    joined = [with_labels_joined(p, labels) for p in pages]
    hits = label_values(joined, LABELS)
    table = table_rows(joined, COLUMNS)
    rows = [{k: f for k, p in row.items() if (f := make_field(k, p, table.units.get(k, "")))} for row in table.rows if "product_name" in row]
    rows = [row for row in rows if "product_name" in row and is_product(row["product_name"].text) and fold(row["product_name"].text)[0] not in _LABEL_WORDS]  # labels over each other are no table
    prose = _body(pages)
    return Extracted(fields=present(
        buyer_name=checked(_buyer(hits, prose, pages)),
        product_name=checked_product(_of_rows(rows, "product_name") or _without_model(_of_a_project(choose("product_name", hits["product_name"], _names_a_product))) or _told(prose, "name", "product_name")),
        quantity=_of_rows(rows, "quantity") or choose("quantity", hits["quantity"]) or _told(prose, "quantity", "quantity"),
        accepted_on=_accepted_on(hits, prose),
    ), rows=rows)


_TITLE = re.compile(r"^[^，,。；;:：]{2,20}(?:证明书?|报告书?|单|确认书|证书|函|表)$")


def _body(pages: Sequence[Page]) -> Piece:
    """All sentences of the proof as one text, without its title."""
    return Piece(tuple(s for page in pages for row in rows_of(spans_of(page)) if not _TITLE.match(row.whole.folded) for s in row.spans))


_WITH_MODEL = re.compile(rf"^(?P<name>.+[\u4e00-\u9fff）]){MODEL_IN_BRACKETS}$")


def _without_model(value: Field | None) -> Field | None:
    """The name alone, where the model stands behind it in brackets: 数控深孔钻镗床（TK21858S）."""
    told = _WITH_MODEL.match(value.text) if value else None
    return value.model_copy(update={"value": told["name"]}) if value and told else value


_PROJECT = re.compile(r"(?<=.{3})(?:设备|软件|系统)?(?:采购|购置|供货|招标|政府采购|设备采购)(?:及安装|安装)?项目$")


def _of_a_project(value: Field | None) -> Field | None:
    """What a project buys, for a person to see: 数控龙门起重机采购项目."""
    of_project = _PROJECT.search(value.text) if value else None
    return doubted(value.model_copy(update={"value": value.text[: of_project.start()]}), "自项目名称中取出") if value and of_project else value


def _names_a_product(value: Field) -> bool:
    return is_product(value.text)


# ---------------------------------------------------------------- who received it


_WRITER_RECEIVED = re.compile(r"(?:向|为|给|至|到|由|经)(?:我|本)(?:单位|公司|司|厂|院|所|校|方)|(?:我|本)(?:单位|公司|司|厂|院|所|校)(?:已|向|从|自|于|采购|购买|购置|订购|收到|接收|验收)")
_SIGNED = re.compile(rf"^(?:(?:用户|使用|验收|证明|出具)?单位|公司)?(?:名称)?[(（]?(?:盖?公?章)?[)）]?[:：]?(?P<v>{_ORGANISATION})(?:[(（](?:盖章|公章|签章|章|盖公章)[)）])?$")


def _signers(pages: Sequence[Page], prose: Piece) -> list[Field]:
    """Who signs a letter whose writer says that it was delivered to him (向我单位交付……): the one organisation below its sentences."""
    if not _WRITER_RECEIVED.search(prose.folded):
        return []
    spans = spans_of(pages[-1])
    said = max((s.line.box.cy for s in spans if "。" in s.text[1:]), default=1.0)
    below = [Piece((s,)).stripped(" 。.,，·:：") for s in spans if s.line.box.cy > said]
    made = [f for piece in below if (name := piece.search(_SIGNED, "v")) and (f := make_field("buyer_name", name, found=0.9))]
    return made if len({f.text for f in made}) == 1 else []


_RECEIPT = re.compile(r"(?:入库|收货|到货|来料|进货|物资|物料|采购)[\u4e00-\u9fff]{0,6}(?:验收|检验)单$|(?:入库|收货)单$")


def _headed(hits: Mapping[str, Sequence[Hit]], pages: Sequence[Page]) -> list[Field]:
    """Whose receiving note it is (采购入库验收单, 到货验收单): who received writes it, so that the company that stands by itself over its title is the user; the supplier is named in it."""
    if not any(not h.blank for h in hits["seller"]):
        return []
    rows = [Piece(row.spans).stripped() for row in rows_of(spans_of(pages[0]))[:4]]
    title = next((n for n, row in enumerate(rows) if _RECEIPT.search(row.folded) and len(row.folded) <= 16), 0)
    return [f for row in rows[:title] if ORGANISATION.match(row.folded) and (f := make_field("buyer_name", row, found=0.9))][-1:]


_OF_A_CLAUSE = re.compile(r"[,，;；。]|已|应|能够|可以")  # 使用单位操作人员已完成培训


def _buyer(hits: Mapping[str, Sequence[Hit]], prose: Piece, pages: Sequence[Page]) -> Field | None:
    """The user, labelled or told. Doubted where other places name another, or where it is the supplier."""
    named = [f for h in hits["buyer_name"] if not h.blank and (f := make_field("buyer_name", _without_date(h.piece), h.unit, h.score))]
    whole = [f for f in named if ORGANISATION.match(f.text)]
    told = [f for pattern in _TOLD_BUYER if (piece := prose.search(pattern, "v")) and (f := make_field("buyer_name", piece, found=0.85)) and ORGANISATION.match(f.text)]
    made = next(iter((*whole, *told, *_signers(pages, prose), *_headed(hits, pages), *(f for f in named if len(f.text) >= 4 and not _OF_A_CLAUSE.search(f.text)))), None)
    if made is None:
        return None
    sellers = {f.text for h in hits["seller"] if not h.blank and (f := make_field("seller_name", _without_date(h.piece)))}
    others = {f.text for f in whole if f.text != made.text}
    if made.text in sellers:
        return doubted(made, "与供货单位相同")
    return doubted(made, f"另一处为{'、'.join(sorted(others))}") if others else made


_DAMAGED_DATE = re.compile(r"(?<=.{4})(?<=[司厂院所学心团局])[\d二○〇零一三四五六七八九OoＯ]{2,4}年[^年]{1,4}月[^月]{0,4}日?$")  # 二二〇年七月三十日: a figure of the year is lost


def _without_date(name: Piece) -> Piece:
    """A name without the date of the signature that stands behind it."""
    found = find_dates(name.folded)
    start = found[0].start if found else damaged.start() if (damaged := _DAMAGED_DATE.search(name.folded)) else 0
    return name.between(0, start).stripped() if start >= 4 else name


# ---------------------------------------------------------------- what and when


def _of_rows(rows: Sequence[Mapping[str, Field]], name: str) -> Field | None:
    """The product's row: the first that isn't what only goes with a product (随机资料, 备件). Doubted where several products are listed."""
    main = [row for row in rows if not _ASIDE.search(row["product_name"].text)] or list(rows)
    value = next((row[name] for row in main[:1] if name in row), None)
    return doubted(value, "列有多项产品") if value is not None and len({row["product_name"].text for row in main}) > 1 else value


def _accepted_on(hits: Mapping[str, Sequence[Hit]], prose: Piece) -> Field | None:
    """The day of acceptance; where only the receipt's, the delivery's or the signature's is given, that, and somebody should see it."""
    made = choose("accepted_on", hits["accepted_on"], _is_day)
    if made is not None:
        return made
    told: list[Field] = []
    for pattern, found in _TOLD_DATES:
        pieces = [p for group in ("v", "w") for p in prose.findall(pattern, group)]
        told += [f for p in pieces[-1:] if (f := make_field("accepted_on", p, found=found if len({p.folded for p in pieces}) == 1 else 0.8)) and _is_day(f)]
    received = choose("accepted_on", (*hits["received_on"], *(h for h in hits["signed_on"] if _beside_receiver(h))), _is_day)
    accepted = [f for f in told if f.read is not None and f.read.place > 0.9]
    if accepted or received is not None:
        return accepted[0] if accepted else received
    delivered = choose("accepted_on", hits["delivered_on"], _is_day)
    if delivered is not None:
        return doubted(delivered, "仅有交付日期")
    if told:
        return doubted(told[0], "未写明验收日期")
    signed = choose("accepted_on", hits["signed_on"], _is_day)
    return doubted(signed, "取签署日期") if signed is not None else None


_RECEIVER = re.compile(r"^(?:签收|收货|验收|接收|收件)(?:人|方|单位|代表|经办人?)")


def _beside_receiver(hit: Hit) -> bool:
    """Whether a date stands on the row on which the receiver signs: 签收人：　日期：."""
    box = hit.label.box
    return not hit.blank and any(v.box.x1 <= box.x0 + 0.01 and abs(v.box.cy - box.cy) < 0.6 * box.height and _RECEIVER.match(fold(v.text)[0]) for span in hit.label.spans[:1] for v in span.page.lines)


def _is_day(value: Field) -> bool:
    return len(value.text) == 10


def _told(prose: Piece, group: str, name: str) -> Field | None:
    """What a sentence says of what was delivered; the sentence is one maker's wording, so that others should see it."""
    for pattern in (_DISCUSSED, _ACCEPTED, _AT_A_MEETING, _IN_BRACKETS, _DELIVERED, _COUNTED, _HANDED):
        told = pattern.search(prose.folded)
        if told and told[group] and is_product(told["name"]) and not _ASIDE.search(told["name"]):
            return make_field(name, prose.between(*told.span(group)), found=0.85)
    return None
