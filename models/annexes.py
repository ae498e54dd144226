"""The columns of the tables that insurers file (汇总表): annexes 2, 3, 5 and 7 of the Ningbo measure.

Source: ningbo-2020, 附件2, 3, 5, 7: the headings as printed there, without spaces and line breaks.
"""

from __future__ import annotations

from collections.abc import Mapping

from models.paper import Kind

INSURERS = "_insurers"  # the batch's one folder that is no submission: the tables that insurers file (contract, 1)

ANNEXES: Mapping[int, Mapping[str, Kind]] = {
    2: {"序号": Kind.QUANTITY, "投保企业名称": Kind.NAME, "所属地区": Kind.TEXT, "产品名称及型号": Kind.TEXT, "首台（套）证书编号": Kind.NUMBER, "保单号": Kind.NUMBER, "保险期限": Kind.TEXT, "投保数量": Kind.QUANTITY,
        "保险合同金额": Kind.MONEY, "保险费率（%）": Kind.PERCENT, "保费金额": Kind.MONEY, "实缴保费金额": Kind.MONEY, "申请补贴金额": Kind.MONEY, "保险年次": Kind.TEXT, "备注": Kind.TEXT},
    3: {"序号": Kind.QUANTITY, "投保企业名称": Kind.NAME, "所属地区": Kind.TEXT, "投保产品名称及型号": Kind.TEXT, "首台（套）证书编号": Kind.NUMBER, "承保公司": Kind.NAME, "保单号码": Kind.NUMBER, "保险期限": Kind.TEXT,
        "装备数量": Kind.QUANTITY, "保险合同金额": Kind.MONEY, "保险费率（%）": Kind.PERCENT, "保费总金额": Kind.MONEY, "企业实缴保费金额": Kind.MONEY, "保险年次": Kind.TEXT, "报案时间": Kind.DATE, "出险原因": Kind.TEXT,
        "赔付时间": Kind.DATE, "总赔付金额": Kind.MONEY, "已赔付金额": Kind.MONEY, "备注": Kind.TEXT},
    5: {"序号": Kind.QUANTITY, "投保企业名称": Kind.NAME, "所属地区": Kind.TEXT, "材料名称": Kind.TEXT, "保单号": Kind.NUMBER, "保险期限": Kind.TEXT, "合同金额": Kind.MONEY, "保险金额": Kind.MONEY,
        "保险费率(%)": Kind.PERCENT, "保费金额": Kind.MONEY, "实缴保费金额": Kind.MONEY, "申请补贴金额": Kind.MONEY, "备注": Kind.TEXT},
    7: {"序号": Kind.QUANTITY, "企业名称": Kind.NAME, "所属地区": Kind.TEXT, "软件名称": Kind.TEXT, "保单号": Kind.NUMBER, "保险产品名称": Kind.TEXT, "保险费率(%)": Kind.PERCENT, "合同金额": Kind.MONEY,
        "保费金额": Kind.MONEY, "实缴保费金额": Kind.MONEY, "申请补贴金额": Kind.MONEY, "保险期限": Kind.TEXT, "备注": Kind.TEXT},
}
