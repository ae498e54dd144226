"""What the forms call their fields, and the options of their tick boxes.

Out:   `LABELS`, `CATEGORIES`, `YEARS`.
Elsewhere: finding labels and their values (extractors/layout).
Source: ningbo-2020, 附件1, 4, 6.
"""

from __future__ import annotations

from collections.abc import Mapping

from extractors.layout import Labels

WHOSE: Mapping[str, tuple[str, ...]] = {  # by whose name a label of a person, a telephone, an address may begin
    "applicant": ("投保单位", "投保企业", "申请单位", "申请企业", "企业", "申报单位"),
    "insurer": ("承保机构", "承保公司", "承保单位", "保险公司", "保险机构", "保险人"),
    "buyer": ("用户", "用户单位", "使用单位", "新材料用户", "软件用户", "新材料用户单位", "软件用户单位", "新材料使用单位", "软件使用单位", "购买单位"),
}

FACTS: Mapping[str, tuple[str, ...]] = {  # what a form asks for of each of them
    "contact_and_phone": ("联系人及电话", "联系人及联系电话", "联系人和电话", "联系人/电话", "联系人、电话", "联系人(电话)"),
    "contact": ("联系人", "联系人姓名", "经办人", "经办人姓名"),
    "phone": ("联系电话", "联系人电话", "电话", "联系方式", "联系人联系电话", "联系人手机", "手机/电话", "手机", "经办人电话", "经办人手机"),
    "address": ("单位地址", "地址", "联系地址", "通讯地址"),
}
_HEADED: Mapping[str, tuple[str, ...]] = {  # what the cell or the line is called that stands over a party's, or the product's, own labels
    "applicant": ("投保单位", "投保企业", "申请单位", "申请企业", "申报单位", "申报企业"),
    "insurer": ("承保机构", "承保公司", "承保单位", "保险公司", "保险机构"),
    "buyer": ("用户单位", "用户", "使用单位"),
    "product": ("投保产品", "投保装备", "投保新材料", "投保材料", "投保软件"),
}
_NAMED = ("名称", "单位名称", "企业名称", "机构名称", "公司名称", "全称")


def _under(what: str, *labels: str) -> tuple[str, ...]:
    """Labels that mean something only under a heading of `_HEADED`."""
    return tuple(f"{heading}>{label}" for heading in _HEADED[what] for label in labels)


# the first label of each is the annex's own
LABELS: Labels = {
    "form_date": ("填报时间", "填报日期", "填表时间", "填表日期", "申报日期", "申请日期", "申报时间"),
    "applicant_name": ("投保企业名称", "投保单位名称", "投保企业", "投保单位", "投保企业(单位)名称", "企业名称", "申请单位名称", "申请企业名称", "申报单位名称", "申报企业名称", "单位名称", *_under("applicant", *_NAMED)),
    "bank_account": ("企业银行账号", "银行账号", "企业银行帐号", "银行帐号", "企业账号", "企业帐号", "开户账号", "收款账号", "收款帐号", "账号", "帐号"),
    "bank_name": ("开户银行名称", "开户银行", "开户行", "开户行名称", "企业开户银行", "企业开户行", "收款开户银行", "收款开户行", "收款银行"),
    "insurer_name": ("承保机构名称", "承保机构", "承保公司名称", "承保公司", "承保保险公司", "保险机构名称", "保险公司名称", "保险公司", "保险机构", "承保单位", *_under("insurer", *_NAMED)),
    "product": ("投保产品名称及型号", "投保产品名称和型号", "产品名称及型号", "投保产品名称、型号", "投保产品名称型号", "投保装备名称及型号", "名称及型号", "名称和型号", "名称/型号", "名称、型号", "产品名称/型号", "产品名称及规格型号", "名称及规格型号"),
    "product_name": ("投保新材料名称", "投保软件名称", "投保材料名称", "新材料名称", "软件名称", "投保软件产品名称", "投保产品名称", "投保软件(服务)名称", "产品名称", "装备名称", "投保装备名称", "材料名称", *_under("product", "名称")),
    "product_model": ("产品型号", "投保产品型号", "规格型号", "型号规格", "型号", "型号/规格", "投保装备型号", "装备型号"),
    "product_category": ("产品类别", "投保产品类别", "产品类型", "装备类别", *_under("product", "类别")),
    "certificate_number": ("首台套证书编号", "首台(套)证书编号", "证书编号", "首台套产品证书编号", "首台(套)产品证书编号", "认定证书编号"),
    "district": ("所属地区", "所属区域", "所在地区", "所属区县", "所属区(县、市)", "属地"),
    "unit_price": ("合同销售单价", "销售单价", "合同单价"),
    "insured_quantity": ("投保数量", "投保装备数量", "投保材料数量"),
    "total_quantity": ("投保装备数量总计", "投保数量总计", "数量总计", "投保装备数量合计", "用户合计数量", "用户数量合计", "用户数量总计", "投保数量合计"),
    "policy_number": ("保单号", "保单号码", "保险单号", "保险单号码", "保单编号"),
    "premium_rate": ("保险费率", "保费率", "费率", "投保费率"),
    "premium": ("保费总金额", "保费金额", "保险费总金额", "总保费", "保险费金额", "保费总额", "年度保费"),
    "period": ("保险期限", "保险时间", "保险期间", "保险起止时间", "保险有效期"),
    "starts": ("保险起始日", "保险起始日期", "保险开始日", "保险开始日期", "保险起期", "起保日期", "保险生效日期"),
    "ends": ("保险终止日", "保险终止日期", "保险结束日", "保险结束日期", "保险止期", "终保日期", "保险到期日", "保险届满日期"),
    "insurance_year": ("保险年次", "投保年次", "保险年度"),
    "subsidy_rate": ("申请补贴比例", "补贴比例", "申请保费补贴比例"),
    "premium_paid": ("企业实缴保费金额", "实缴保费金额", "企业实缴保费", "实缴保费", "已缴保费金额"),
    "subsidy_requested": ("申请保费补贴金额", "申请补贴金额", "申请保险补贴金额", "申请补助金额", "申请保费补贴"),
    "legal_representative": ("法定代表人", "法人代表", "法定代表人姓名", "单位负责人"),
    "main_business": ("主营业务", "主营产品", "主营业务范围", "主要业务"),
    "sum_insured": ("保险额度", "保险金额", "保险限额", "责任限额", "投保额度", "保额"),
    "contract_amount": ("合同金额", "销售合同金额", "合同总金额", "采购合同金额"),
    "technical_parameters": ("投保新材料主要技术参数", "主要技术参数", "技术参数", "新材料主要技术参数", "投保产品主要技术参数"),
    "product_type": ("软件产品及服务类型", "软件产品(服务)类型", "软件产品和服务类型", "产品及服务类型", "软件类型"),
    "buyer_name": ("新材料用户单位名称", "软件用户单位名称", "用户单位名称", "新材料用户单位", "软件用户单位", "新材料用户名称", "软件用户名称", "用户名称", *_under("buyer", *_NAMED)),
    # labels that say whose they are
    **{f"{whose}_{fact}": tuple(f"{who}{what}" for who in of_whom for what in called)
       for whose, of_whom in WHOSE.items() for fact, called in FACTS.items()},
    # whose they are is told by the section in which they stand
    "contact_and_phone": FACTS["contact_and_phone"],
    "contact": FACTS["contact"],
    "phone": ("联系电话", "电话", "联系人电话", "联系方式", "手机", "手机/电话", "经办人电话", "经办人手机", "经办人联系电话"),
    "address": ("单位地址", "企业地址", "地址", "通讯地址", "联系地址", "注册地址"),
    # not wanted, but they bound what is
    "_users": ("投保装备用户名称", "装备用户名称", "投保用户名称"),
    "_quantities": ("数量", "投保装备数量(台/套)", "购买数量"),
    "_applicant": ("申请单位", "申请企业", "申报单位"),
    "_offices": ("属地经信部门意见", "属地财政部门意见", "属地经信部门", "属地财政部门", "经信部门意见", "财政部门意见", "部门意见"),
    "_use": ("新材料应用情况说明", "软件应用情况说明", "应用情况说明", "新材料应用情况", "软件应用情况"),
    "_groups": ("投保产品具体情况", "投保装备用户情况", "投保装备用户", "用户情况", "高端装备首台(套)保险", "高端装备首台套保险"),
    "_headings": tuple(f"{heading}{what}" for headings in _HEADED.values() for heading in headings for what in ("基本情况", "情况", "基本信息", "信息", "概况")),
    "_signature": ("投保企业法人或代理人(签名)", "投保企业法人(签名)", "法人或代理人签名", "投保企业法人", "法定代表人或代理人(签名)", "法定代表人或代理人", "法定代表人或委托代理人", "法定代表人(签名)", "法定代表人签字"),
}

CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "complete_set": ("单台装备或成套设备", "单台装备及成套设备", "单台装备", "成套设备", "成套装备", "整机"),
    "component": ("机器人或零部件", "机器人及零部件", "关键核心零部件", "核心零部件", "零部件", "机器人"),
}
YEARS: Mapping[str, tuple[str, ...]] = {
    "1": ("第一年", "第1年", "首年", "一年"),
    "2": ("第二年", "第2年", "二年"),
    "3": ("第三年", "第3年", "三年"),
}
