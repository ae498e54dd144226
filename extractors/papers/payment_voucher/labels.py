"""What banks call the facts of a payment.

Out:   `LABELS` and what is worked out of them.
Elsewhere: finding labels and their values (extractors/layout).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from extractors.layout import fold

PAYER = ("付款人", "付款方", "付款单位", "付款账户", "付款帐户", "汇款人", "汇款方", "出票人", "转出方", "转出账户", "借方", "交款人", "交款单位", "缴款人", "付款行", "汇出方", "扣款账户", "委托人", "付方", "支付方", "本方", "我方",
         "申请人", "付款客户", "付款企业", "成员单位(付方)", "付方单位", "付款成员单位", "缴费人", "缴费单位", "交费人", "交费单位", "扣款人", "借记账户", "汇款申请人")
PAYEE = ("收款人", "收款方", "收款单位", "收款账户", "收款帐户", "转入方", "转入账户", "贷方", "持票人", "汇入方", "入账账户", "收方", "受款人", "对方", "汇入方", "收款客户", "收款企业", "收方单位", "入账人", "贷记账户", "受益人")
NAME_LABELS = ("户名", "全称", "名称", "单位名称", "账户名称", "帐户名称", "账户名", "账号名称", "公司名称", "客户名称", "姓名", "户名/全称", "名称/户名", "单位全称", "客户全称", "账户户名", "开户名", "开户名称")


def _of(parties: Sequence[str]) -> tuple[str, ...]:
    """The labels under which a party's name stands by itself: 付款人户名, 付款人全称 …"""
    return tuple(f"{p}{n}" for p in parties for n in NAME_LABELS)


DEEDS = {"payer": ("付款", "汇款", "转出", "汇出", "扣款"), "payee": ("收款", "转入", "汇入", "入账")}  # what a party does, as labels put it without naming it: 转出户名

LABELS: Mapping[str, Sequence[str]] = {
    "payer_name": (*_of(PAYER), *_of(DEEDS["payer"]), "付款账号户名", "付款人名", "客户全称", "PayerName", "RemitterName", "DebitAccountName", "NameofPayer", "NameofRemitter"),
    "payee_name": (*_of(PAYEE), *_of(DEEDS["payee"]), "收款账号户名", "收款人名", "对方户名", "PayeeName", "BeneficiaryName", "CreditAccountName", "NameofPayee", "NameofBeneficiary", "商户名称", "收款商户"),
    "name": NAME_LABELS,
    "payer": (*(p for p in PAYER if len(p) > 2 and p != "付款行"), "Payer", "Remitter", "OrderingCustomer", "Applicant"),
    "payee": (*(p for p in PAYEE if len(p) > 2), "Payee", "Beneficiary", "BeneficiaryCustomer"),
    "amount": ("交易金额", "付款金额", "汇款金额", "转账金额", "支付金额", "金额（小写）", "小写金额", "小写", "金额小写", "发生额", "交易金额(小写)", "金额", "金额合计", "合计金额", "汇款合计", "实付金额",
               "转账汇款金额", "借方发生额", "贷方发生额", "人民币（小写）", "本次付款金额", "扣款金额", "实际付款金额", "缴款金额", "缴费金额", "汇出金额", "转出金额", "支出金额", "划款金额", "划付金额", "到账金额", "Amount",
               "PaymentAmount", "TransactionAmount", "RemittanceAmount", "TransferAmount", "DebitAmount"),
    "words": ("金额（大写）", "大写金额", "金额大写", "大写", "人民币（大写）", "人民币大写", "金额(大写)", "合计（大写）", "人民币", "AmountinWords"),
    "paid_on": ("交易日期", "划转日期", "划款日期", "划付日期", "转讫日期", "结算日期", "付款日期", "支付日期", "交易时间", "转账日期", "汇款日期", "记账日期", "记帐日期", "入账日期", "入账时间", "委托日期", "业务日期", "回单日期", "出票日期", "签发日期", "完成日期",
                "完成时间", "付款时间", "处理日期", "处理时间", "转账时间", "受理日期", "受理时间", "扣款日期", "日期", "时间", "会计日期", "提交时间", "交易日", "记账日", "凭证日期",
                "到账时间", "到账日期", "支付时间", "汇出日期", "汇出时间", "转出时间", "转出日期", "记账时间", "出账日期", "汇款时间", "日期/时间", "缴款日期", "缴费日期", "缴费时间", "PaymentDate", "TransactionDate", "ExecutionDate", "DebitDate", "TransferDate", "ValueDate", "Date", "起息日", "起息日期"),
    "voucher_number": ("电子回单号码", "电子回单编号", "电子回单号", "回单编号", "回单号码", "回单号", "回单流水号", "回执编号", "电子回执编号", "电子回执号", "回单序号", "电子凭证号码", "电子凭证编号", "电子凭证号", "凭证号码", "凭证编号", "凭证号", "凭证序号", "传票号码", "传票序号", "传票编号", "证明编号", "通知书编号", "通知编号", "通知单编号", "通知单号", "通知书号", "通知号码", "通知号", "票据号码", "支票号码",
                       "交易流水号", "交易流水", "流水号", "业务流水号", "银行流水号", "核心流水号", "主机流水号", "柜员流水号", "交易序号", "交易编号", "交易号", "业务编号", "业务参考号", "交易参考号", "参考号",
                       "业务参号", "指令编号", "指令序号", "订单号", "付款编号", "汇款编号", "客户业务编号", "网银流水号", "网银业务编号", "日志号", "平台流水号", "支付交易序号", "报文标识号", "明细标识号", "进账单号", "传票号", "业务单号", "受理编号", "支付编号", "转账编号", "支付流水号", "汇款流水号", "转账流水号",
                       "付款流水号", "电子流水号", "我行编号", "我行业务编号", "本行编号", "我行参考号", "OurReference", "OurRef", "交易单号", "单据编号", "单据号", "凭证流水", "凭证流水号", "转账单号", "付款单号", "TransactionReference", "TransactionReferenceNo", "TransactionRef", "Reference", "ReferenceNo", "ReferenceNumber", "PaymentReference", "TransactionNo", "VoucherNo", "AdviceNo",
                       "委托书号", "委托书号码", "委托书编号", "申请书号", "申请书号码", "申请书编号", "进账单号码", "进账单编号", "支付指令号", "支付指令编号", "付款指令号", "转账指令号", "指令号", "结算单号", "结算编号", "结算流水号", "结算凭证号", "参考编号", "业务参考编号", "交易参考编号", "流水编号", "流水",
                       "编号", "序号", "单号", "No.", "NO.", "No", "NO"),
    "_": ("对方账号", "对方帐号", "本方账号", "本方帐号", "对方开户行", "本方开户行", "对方行名", "对方行号", "对方开户行名称", "汇出行", "汇入行", "汇出行名称", "汇入行名称", "转出账号", "转入账号", "客户号", "时间戳", "转账附言",
          "账号", "帐号", "账户", "卡号", "付款人账号", "收款人账号", "付款账号", "收款账号", "付款人帐号", "收款人帐号", "付款方账号", "收款方账号", "付款人开户行", "收款人开户行", "付款人开户行名称", "收款人开户行名称", "开户银行",
          "开户行", "开户行名称", "付款银行", "收款银行", "付款行名称", "收款行名称", "摘要", "用途", "用途/摘要", "附言", "备注", "币种", "币别", "交易渠道", "交易状态", "业务种类", "业务类型", "业务（产品）种类", "交易类型",
          "凭证种类", "凭证类型", "打印日期", "打印时间", "打印次数", "验证码", "校验码", "重要提示", "记账网点", "记账柜员", "交易机构", "交易网点", "交易柜员", "手续费", "余额", "渠道", "地址", "状态", "付款行", "收款行",
          "收款行行号", "付款行行号", "行号", "复核", "记账", "经办", "开户机构", "冲正标志", "打印柜员", "防伪码", "电子印章", "回单类型", "柜员号", "网点号", "电子回单验证码", "钞汇标志",
          "账号/卡号", "账户/卡号", "卡号/账号", "账（卡）号", "账号（卡号）", "开户网点", "行名", "行名称", "开户行名", "开户行行号", "汇出地点", "汇入地点", "借方账号", "贷方账号", "借方帐号", "贷方帐号", "借方行名", "贷方行名", "借方开户行",
          "贷方开户行", "收款机构", "付款机构", "收款银行名称", "付款银行名称", "款项用途", "付款用途", "汇款用途", "付款卡号", "收款卡号", "付款账号/卡号", "收款账号/卡号", "交易用途", "摘要/附言", "事由", "交易代码", "交易码", "授权", "附加信息及用途", "支付密码", "汇出行签章", "联行号", "大额行号",
          "BeneficiaryBank", "RemittingBank", "PayerBank", "PayeeBank", "DebitAccount", "CreditAccount", "AccountNo", "DebitAccountNo", "CreditAccountNo", "扣款账号", "受益人账号", "受益人开户行", "费用承担", "Charges", "BeneficiaryAccount", "PaymentDetails", "Purpose", "Currency", "Remarks"),
}
PARTY_LABELS = tuple(label for name, some in LABELS.items() for label in some if len(label) >= 3 and (not label.isascii() or label in ("No.", "NO.")))  # letters of another script aren't set wide

LABEL_WORDS = frozenset(fold(label)[0] for some in LABELS.values() for label in some)
