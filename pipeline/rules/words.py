"""Chinese names of fields and papers, as a district officer writes them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from models.field import Field
from models.paper import Kind, PaperType, kind_of

PAPERS: Mapping[PaperType, str] = {
    PaperType.APPLICATION_FORM: "申请表",
    PaperType.BUSINESS_LICENCE: "营业执照",
    PaperType.SALES_CONTRACT: "销售合同",
    PaperType.SALES_INVOICE: "销售发票",
    PaperType.INSURANCE_POLICY: "保险单",
    PaperType.PREMIUM_INVOICE: "保费发票",
    PaperType.PAYMENT_VOUCHER: "保费支付凭证",
    PaperType.FIRST_SET_CERTIFICATE: "首台（套）产品认定证书",
    PaperType.TEST_REPORT: "检测报告",
    PaperType.IP_CERTIFICATE: "知识产权证书",
    PaperType.DELIVERY_PROOF: "交付验收证明",
    PaperType.INSURER_SUMMARY: "保险补贴申请汇总表",
    PaperType.CLAIMS_SUMMARY: "保险理赔情况汇总表",
    PaperType.COVER: "封面",
    PaperType.OTHER: "其他材料",
}

FIELDS: Mapping[str, str] = {
    "applicant_name": "投保企业名称", "contact_name": "联系人", "contact_phone": "联系电话", "insurer_name": "承保机构名称", "insurer_contact": "承保机构联系人",
    "insurer_phone": "承保机构联系电话", "product_name": "产品名称", "product_model": "产品型号", "premium_rate": "保险费率", "premium": "保费金额",
    "subsidy_requested": "申请保费补贴金额", "period_start": "保险起期", "period_end": "保险止期", "period": "保险期限", "form_date": "填报时间",
    "bank_account": "企业银行账号", "bank_name": "开户银行名称", "product_category": "产品类别", "certificate_number": "证书编号", "district": "所属地区",
    "unit_price": "合同销售单价", "insured_quantity": "投保数量", "total_quantity": "投保装备数量总计", "policy_number": "保单号", "insurance_year": "保险年次",
    "subsidy_rate": "申请补贴比例", "premium_paid": "企业实缴保费金额", "legal_representative": "法定代表人", "main_business": "主营业务", "address": "单位地址",
    "sum_insured": "保险金额", "contract_amount": "合同金额", "technical_parameters": "主要技术参数", "buyer_name": "用户单位名称", "buyer_contact": "用户联系人",
    "buyer_address": "用户单位地址", "buyer_phone": "用户联系电话", "product_type": "软件产品及服务类型", "quantity": "数量", "contract_number": "合同编号",
    "seller_name": "销售方名称", "total_amount": "价税合计", "amount_excluding_tax": "不含税金额", "tax_amount": "税额", "amount": "金额",
    "policyholder_name": "投保人", "company_name": "企业名称", "payer_name": "付款人", "payee_name": "收款人", "catalogue_match": "与指导目录的匹配", "applicant_seal": "申请单位处印章", "insurer_seal": "承保机构印章", "track": "申报类别", "signed_on": "签订日期",
    "insurance_product": "险种", "paid_on": "付款日期", "invoice_number": "号码", "invoice_date": "开票日期", "voucher_number": "编号",
    "insured_name": "被保险人", "conclusion": "检测结论", "report_number": "编号", "credit_code": "统一社会信用代码", "registered_capital": "注册资本", "established_on": "成立日期",
    "business_scope": "经营范围", "accepted_on": "验收日期", "quality_deposit": "质量保证金条款", "amount_in_words": "大写金额", "sum_insured_in_words": "保险金额（大写）",
}
# what a paper calls a field otherwise than the form does
OTHERWISE: Mapping[str, str] = {
    "premium_invoice.buyer_name": "购买方名称", "premium_invoice.seller_name": "销售方名称", "sales_invoice.buyer_name": "购买方名称", "sales_contract.buyer_name": "买方名称",
    "sales_contract.seller_name": "卖方名称", "sales_contract.contract_number": "编号", "sales_contract.contract_amount": "金额", "insurance_policy.policy_number": "号码",
    "insurance_policy.premium": "保费", "business_licence.company_name": "企业名称", "insurance_policy.policyholder_name": "投保人名称",
}


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
    """A field's Chinese name, one that has none as it is; of "premium_invoice.total_amount" with its paper: 保费发票价税合计."""
    if name in _PAPER_TYPES:
        return PAPERS[PaperType(name)]
    kind, dot, field = name.rpartition(".")
    word = OTHERWISE.get(name) or FIELDS.get(field, field)
    return (PAPERS[PaperType(kind)] if dot else "") + word
