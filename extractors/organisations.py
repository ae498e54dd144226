"""What the name of an organisation looks like, so that a name cut short or run into its neighbour is noticed.

In:    text that should be the name of a company, an institution, an office.
Out:   whether it is one by its ending (公司, 研究院, 医院 …); a field doubted where it isn't.
Elsewhere: names taken apart and compared (matchers/names.py).
"""

from __future__ import annotations

import re

from extractors.confidence import doubted
from models.field import Field

ORGANISATION = re.compile(
    r"^(?=.{4,60}$)[\u4e00-\u9fffA-Za-z0-9（）()·&.\-—\s]*?"
    r"(?:公司|集团|厂|中心|研究[院所]|设计院|学院|大学|学校|[中小]学|医院|卫生院|委员会|[^邮]局|合作社|协会|学会|事务所|经营部|商行|商店|门市部|支公司|营业部|工作室|有限合伙[)）]?|联合社|站|馆|部队|政府|办公室|"
    r"办事处|基地|实验室|合作联社|银行|支行|分行)$"
)
NOT_ORGANISATION = re.compile(r"税务|密码|国家|监制|\d{5}|发票|合计|备注|收款人|复核|开票人|银行.*(?:支行|分行|营业部)")
_FOREIGN = re.compile(r"(?i)\b(?:ltd|co|inc|gmbh|corp|corporation|limited|llc|s\.?a|ag|plc|company)\b\.?")


def is_organisation(name: str) -> bool:
    """Whether a name ends as organisations' names do."""
    return bool(ORGANISATION.match(name) or _FOREIGN.search(name))


def checked(name: Field | None) -> Field | None:
    """The field, doubted where its value doesn't end as an organisation's name does: it may be a person's, or cut short."""
    return name if name is None or is_organisation(name.text) else doubted(name, "不像完整的单位名称")
