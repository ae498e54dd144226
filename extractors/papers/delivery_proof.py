"""Proofs of delivery and acceptance (验收报告, 交付证明, 交货验收单, 到货签收单).

In:    the pages of one proof.
Out:   buyer_name, product_name, quantity, accepted_on; `rows`: what was delivered, where it is listed in a table.
Fails: never; what isn't read is absent.
Elsewhere: how labels, values and tables are found (extractors/layout.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from extractors.fields import choose, make_field
from extractors.layout import Hit, Piece, label_values, table_rows
from extractors.organisations import ORGANISATION, checked
from extractors.papers.base import Extracted, present
from extractors.rows import running_text
from extractors.spread import with_labels_joined
from models.field import Field
from models.page import Page

LABELS: Mapping[str, Sequence[str]] = {
    "buyer_name": ("用户单位", "用户名称", "使用单位", "用户", "购买单位", "购货单位", "采购单位", "采购方", "买方", "需方", "甲方", "收货单位", "验收单位", "客户名称", "接收单位", "用户单位名称", "订货单位", "甲方单位",
                   "客户", "买方(用户)", "需方(用户)", "建设单位", "委托单位", "业主单位", "收货方"),
    "product_name": ("产品名称", "设备名称", "装备名称", "货物名称", "品名", "项目名称", "软件名称", "材料名称", "交付产品", "交付内容", "验收产品", "名称", "标的名称", "验收内容", "系统名称"),
    "quantity": ("数量", "交付数量", "验收数量", "到货数量", "数量（台/套）", "台数", "交货数量", "签收数量"),
    "accepted_on": ("验收日期", "验收时间", "验收完成日期", "验收合格日期", "交付日期", "交货日期", "签收日期", "交付时间", "接收日期", "到货日期", "收货日期", "日期", "最终验收日期"),
    "_": ("供应商", "供货单位", "乙方", "卖方", "供方", "生产单位", "制造单位", "合同编号", "合同号", "规格型号", "型号", "单位", "单价", "金额", "备注", "验收结论", "验收意见", "验收地点", "交付地点", "联系人", "联系电话", "地址",
          "验收人", "签字", "盖章", "序号", "合同签订日期", "签订日期", "安装日期", "承建单位", "交货单位", "发货单位"),
}
COLUMNS: Mapping[str, Sequence[str]] = {
    "product_name": ("产品名称", "设备名称", "装备名称", "货物名称", "品名", "名称", "项目"),
    "product_model": ("规格型号", "型号", "型号规格", "规格"),
    "quantity": ("数量", "交付数量", "验收数量", "到货数量", "数量（台/套）"),
}
_DELIVERED = re.compile(r"(?:提供|供应|交付|购买|采购|制造|生产|供货|销售)的[“\"「《]?(?P<name>[^，,。；;“”\"」》]{2,50}?)[”\"」》]?(?:[(（]型号[:：]?[^()（）]+[)）])?(?:共(?:计)?)?(?P<quantity>\d+|[一二三四五六七八九十]+)?(?:台|套|件|吨|批)?[，,]?(?:已|经|于|均|全部|通过|运行)")
_ACCEPTED = re.compile(r"(?P<v>(?:19|20)\d\d年\d{1,2}月\d{1,2}日)[^。]{0,30}?(?:验收|交付|签收|接收)|(?:验收|交付|签收)[^。0-9]{0,12}(?P<w>(?:19|20)\d\d年\d{1,2}月\d{1,2}日)")


def extract(pages: Sequence[Page]) -> Extracted:
    """Read one proof of delivery: labels, else its table, else its sentences."""
    labels = [label for some in LABELS.values() for label in some]
    joined = [with_labels_joined(p, labels) for p in pages]
    hits = label_values(joined, LABELS)
    table = table_rows(joined, COLUMNS)
    rows = [{k: f for k, p in row.items() if (f := make_field(k, p, table.units.get(k, "")))} for row in table.rows if "product_name" in row]
    prose = running_text(pages)
    return Extracted(fields=present(
        buyer_name=checked(_buyer(hits["buyer_name"])),
        product_name=_first(rows, "product_name") or choose("product_name", hits["product_name"]) or _told(prose, _DELIVERED, "name", "product_name"),
        quantity=_first(rows, "quantity") or choose("quantity", hits["quantity"]) or _told(prose, _DELIVERED, "quantity", "quantity"),
        accepted_on=choose("accepted_on", hits["accepted_on"], fits=lambda f: len(f.text) == 10) or _told(prose, _ACCEPTED, "v", "accepted_on") or _told(prose, _ACCEPTED, "w", "accepted_on"),
    ), rows=[row for row in rows if row])


def _buyer(hits: Sequence[Hit]) -> Field | None:
    return choose("buyer_name", hits, fits=lambda f: bool(ORGANISATION.match(f.text))) or choose("buyer_name", hits, fits=lambda f: len(f.text) >= 4)


def _first(rows: Sequence[Mapping[str, Field]], name: str) -> Field | None:
    return next((row[name] for row in rows if name in row), None)


def _told(prose: Piece, pattern: re.Pattern[str], group: str, name: str) -> Field | None:
    piece = prose.search(pattern, group)
    return make_field(name, piece, found=0.85) if piece else None
