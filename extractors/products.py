"""Whether a text reads like the name of a product, so that a heading, a sentence or a model's number taken for one is noticed.

In:    text that should name a product (equipment, material, software).
Out:   whether it can; a field doubted where it can't.
Elsewhere: name and model in one text taken apart (extractors/fields.py); names compared with the catalogue (matchers/catalogue.py).
"""

from __future__ import annotations

import re

from extractors.confidence import doubted
from extractors.layout import fold
from models.field import Field

_HEADINGS = frozenset((
    "数量", "单位", "单价", "金额", "备注", "型号", "规格", "规格型号", "型号规格", "产品型号", "序号", "产品名称", "设备名称", "装备名称", "货物名称", "软件名称", "材料名称", "样品名称", "名称", "品名", "合同编号", "合同号",
    "名称及型号", "验收结果", "验收日期", "交付日期", "生产单位", "单位名称", "企业名称", "合计", "总计", "检测项目", "检验项目", "检测结果",
))
_NO_NAME = re.compile(
    r"[。？！?!]|^[)）\]】〕,，;；:：]|^[(（][^()（）]*[)）]|^(?:实现|运行|符合|通过|满足|进行|具有|具备|已|均)|(?:符合|满足|达到|通过).*(?:要求|标准|规定|测试)|特发此证|特此|希望|名单|附[表件]|详见|见附|如下|兹证明|认定(?:条件|结果|工作)|检测结果|检验结果|通知$|(?:有限|股份)公司$|^[\d.,\-/%¥￥年月日台套件]+$"
)


def is_product(text: str) -> bool:
    """Whether a text can be a product's name: no heading, sentence, company, date or mere figures."""
    plain = fold(text)[0]
    return 2 <= len(plain) <= 60 and plain.strip(":：") not in _HEADINGS and not _NO_NAME.search(plain) and bool(re.search(r"[\u4e00-\u9fffA-Za-z]", plain))


def checked_product(name: Field | None) -> Field | None:
    """The field, doubted where its value doesn't read like a product's name."""
    return name if name is None or is_product(name.text) else doubted(name, "不像产品名称")
