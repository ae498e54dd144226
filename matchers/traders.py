"""Whether a user is a trader (贸易商).

In:    a company's name and, where the register has it, its entry.
Out:   `Trade`: which sign tells, and why, in Chinese; None where nothing does.
Fails: never.
Source: rulebook, "trader": industry F51 or F52; a business scope of selling without making or running anything; the name as a hint.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from matchers.names import take_apart
from models.reference import Company
from models.text import compact


class Sign(StrEnum):
    INDUSTRY_CODE = "industry_code"
    BUSINESS_SCOPE = "business_scope"
    NAME = "name"  # a hint only


class Trade(NamedTuple):
    """Why a company looks like a trader. reason: Chinese, with the evidence."""

    sign: Sign
    reason: str

    @property
    def hint(self) -> bool:
        """Whether it only says that a person should look."""
        return self.sign is Sign.NAME


# GB/T 4754-2017
INDUSTRIES = {"F51": "批发业", "F52": "零售业"}
_TRADING = re.compile(r"销售|批发|零售|经销|分销|代销|进出口|贸易|代理|经营")
# what a company does itself; selling words of the same phrase don't undo it
_OWN = re.compile(
    r"制造|生产|加工|研制|研发|研究|开发|设计|织造|印染|冶炼|铸造|锻造|建造|修理|维修|检修|安装|施工|建设|建筑|工程承包|运营|运输|装卸|仓储|供应|处理|养殖|种植|开采|发电|供电|供热|供水|培训|教育|医疗|诊疗|检测|检验|"
    r"技术服务|信息服务|信息技术服务|软件服务|物流服务|港口|码头|酒店|餐饮|租赁|投资|管理服务|集成")
# services that go with selling, and research in name only, make nobody a maker
_BESIDE = re.compile(r"售后服务|售后维修|(?:商务|信息|贸易|投资|企业管理|经济)?信息?咨询(?:服务)?|市场营销策划|供应链管理服务?|仓储服务（不含[^）]*）|包装服务|会务服务|国内货运代理|货物运输代理")
_TRADE_WORD = "对外贸易|国际贸易|贸易|商贸|经贸|工贸|外贸|进出口|物资|供应链|百货|经销|商行"
# as the trade part of the name: followed by nothing but generalities and the form
_TRADE_NAME = re.compile(rf"(?P<word>{_TRADE_WORD})(?:发展|实业|管理|集团|控股|国际|股份|服务|有限合伙|商行|中心|连锁|销售)*$")
_NO_TRADE = frozenset({"工贸"})  # industry and trade: makes as well
_INSTITUTION = re.compile(r"(?:学院|大学|学校|研究院|研究所|医院|协会|中心|委员会|局)$")


def find_trade(name: str, company: Company | None) -> Trade | None:
    """Whether a user trades: by its industry, its business scope, or, as a hint that what it makes refutes, its name."""
    if company and company.industry_code[:3].upper() in INDUSTRIES:
        code = company.industry_code.upper()
        return Trade(Sign.INDUSTRY_CODE, f"登记行业代码为{code}（{INDUSTRIES[code[:3]]}）")
    if company and only_trades(company.business_scope):
        return Trade(Sign.BUSINESS_SCOPE, f"经营范围仅为销售类：{company.business_scope}")
    word = trade_word(name)
    if word and not (company and _makes(company)):
        return Trade(Sign.NAME, f"名称含“{word}”")
    return None


def only_trades(scope: str) -> bool:
    """Whether a business scope names selling and nothing that the company makes, runs or serves itself. An unread scope tells nothing."""
    text = _BESIDE.sub("", compact(scope))
    return bool(_TRADING.search(text)) and not _OWN.search(text)


def trade_word(name: str) -> str:
    """The word of trade that is the trade part of a name: 商贸 of 宁波甬江商贸有限公司, none of 物资装备制造 or 经济贸易学院."""
    parts = take_apart(name)
    if _INSTITUTION.search(parts.head):
        return ""
    body = parts.head.removesuffix(parts.form) if parts.form else parts.head
    body = re.sub(r"（[^）]*）", "", body)
    found = _TRADE_NAME.search(body)
    return found["word"] if found and found["word"] not in _NO_TRADE else ""


def _makes(company: Company) -> bool:
    """Whether the register shows a maker: an industry of manufacture (C) and a scope with something of its own."""
    return company.industry_code[:1].upper() == "C" and bool(_OWN.search(compact(company.business_scope)))
