"""Chinese names of fields and papers, as a district officer writes them; the words themselves stand in labels.toml."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from models.field import Field
from models.paper import Kind, PaperType, kind_of
from pipeline.labels import field_label, words

PAPERS: Mapping[PaperType, str] = {PaperType(name): word for name, word in words("paper").items()}

# what the rules check, as a list of checks names them
CHECKS: Mapping[str, str] = {
    "unreadable_page": "页面清晰度", "missing_document": "申请材料齐全", "missing_seal": "公章齐全", "seal_mismatch": "申请单位公章", "missing_field": "申请表填写完整", "outside_window": "申报时间",
    "scheme_expired": "政策有效期", "field_mismatch": "材料之间一致", "arithmetic_error": "数字勾稽关系", "catalogue_no_match": "列入指导目录", "catalogue_ambiguous": "指导目录条目",
    "specification_below_threshold": "技术指标", "coverage_below_value": "责任限额", "sum_insured_above_cap": "保险金额上限", "rate_above_cap": "费率上限", "subsidy_above_limit": "补贴比例上限",
    "premium_underpaid": "保费支付比例", "base_cover_missing": "质量安全责任保险", "batch_limit_exceeded": "批次限制", "outside_first_year": "首年度限制", "insurance_years_exceeded": "补贴年限",
    "coverage_gap": "保险期间连续", "insurance_year_mismatch": "保险年次", "central_subsidy_overlap": "中央财政补贴", "repeat_user": "同一产品同一用户重复", "related_party_buyer": "关联企业用户",
    "trader_buyer": "贸易商用户", "restricted_applicant": "限制名单", "accessory_included": "配套货物", "annual_cap_exceeded": "企业年度补贴上限", "total_cap_exceeded": "企业补贴总额上限",
    "duplicate_policy": "保单重复使用", "duplicate_invoice": "发票重复使用", "duplicate_page": "材料重复使用", "summary_row_missing": "承保机构汇总表列明", "summary_mismatch": "与承保机构汇总表一致",
    "claims_history": "出险记录", "track": "申报类别",
}
TABLES: Mapping[str, str] = {
    "catalogue": "指导目录", "companies": "企业登记信息", "holdings": "股权信息", "officers": "任职信息", "awards": "历年补贴记录", "restricted": "限制名单", "quotas": "资格额度",
}


def rmb(amount: Decimal) -> str:
    """An amount as messages say it: 303,600.00 元."""
    return f"{amount:,.2f} 元"


def shown(name: str, field: Field) -> str:
    """A value as messages say it: amounts in yuan with their commas, rates with %. name: the field's, which tells its kind."""
    amount = field.decimal
    if kind_of(name) is Kind.MONEY and amount is not None:
        return rmb(amount)
    return f"{field.text}%" if kind_of(name) is Kind.PERCENT else field.text


_PAPER_TYPES = frozenset(kind.value for kind in PaperType)


def field_word(name: str) -> str:
    """A field's Chinese name, a paper's where it is one, what has none as it is; of "premium_invoice.total_amount" with its paper: 保费发票价税合计."""
    if name in _PAPER_TYPES:
        return PAPERS[PaperType(name)]
    kind, dot, field = name.rpartition(".")
    return _joined(PAPERS[PaperType(kind)], field_label(field, PaperType(kind))) if dot else field_label(name)


def _joined(paper: str, field: str) -> str:
    """Both names, what the one ends and the other begins with said once: 销售发票, 发票号码: 销售发票号码."""
    shared = next((n for n in range(min(len(paper), len(field)), 0, -1) if paper.endswith(field[:n])), 0)
    return paper + field[shared:]
