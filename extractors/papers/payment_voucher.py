"""Payment vouchers: what a bank says was paid, by whom, to whom, when (电子回单, 客户回单, 业务凭证, 进账单, 支票存根, 电汇凭证).

In:    the pages of one voucher; two pages are mostly two scans of it.
Out:   payer_name, payee_name, amount, paid_on, voucher_number; `extra["amount_in_words"]`.
Fails: never; what isn't read is absent.
Elsewhere: how labels and values are found (extractors/layout.py); statements of an account (account_statement.py), letters of a bank (payment_letter.py).

Every bank prints its own form: payer and payee side by side, one above the other, as the columns of a table, or in a list; the group labels 付款人 and 收款人 may stand
upright, letter by letter, beside their rows. So a name belongs to the party whose label is nearest to the left of or above its own label 户名.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from extractors.amounts import agree, read_figures, wrapped_words
from extractors.confidence import confirmed, contradicted, doubted
from extractors.fields import choose, make_field
from extractors.layout import NOTHING, Hit, Piece, fold, in_rows, label_values, piece_of, sheet, wrapped_with
from extractors.organisations import checked, is_organisation, whole_name
from extractors.papers.account_statement import INSURER, paid_entry
from extractors.papers.base import Extracted, present
from extractors.papers.payment_letter import told_payment
from extractors.rows import GAP, Row, one_to_one, rows_of, spans_of
from extractors.spread import with_labels_joined
from models.dates import parse_date
from models.field import Field
from models.geometry import Box
from models.money import find_words, parse_words, yuan
from models.page import Page
from models.paper import Kind

PAYER = ("付款人", "付款方", "付款单位", "付款账户", "付款帐户", "汇款人", "汇款方", "出票人", "转出方", "转出账户", "借方", "交款人", "交款单位", "缴款人", "付款行", "汇出方", "扣款账户", "委托人", "付方", "支付方", "本方", "我方",
         "申请人", "付款客户", "付款企业", "缴费人", "缴费单位", "交费人", "交费单位", "扣款人", "借记账户", "汇款申请人")
PAYEE = ("收款人", "收款方", "收款单位", "收款账户", "收款帐户", "转入方", "转入账户", "贷方", "持票人", "汇入方", "入账账户", "收方", "受款人", "对方", "汇入方", "收款客户", "收款企业", "入账人", "贷记账户", "受益人")
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
    "paid_on": ("交易日期", "付款日期", "支付日期", "交易时间", "转账日期", "汇款日期", "记账日期", "记帐日期", "入账日期", "入账时间", "委托日期", "业务日期", "回单日期", "出票日期", "签发日期", "完成日期",
                "完成时间", "付款时间", "处理日期", "处理时间", "转账时间", "受理日期", "受理时间", "扣款日期", "日期", "时间", "会计日期", "提交时间", "交易日", "记账日", "凭证日期",
                "到账时间", "到账日期", "支付时间", "汇出日期", "汇出时间", "转出时间", "转出日期", "记账时间", "出账日期", "汇款时间", "日期/时间", "缴款日期", "缴费日期", "缴费时间", "PaymentDate", "TransactionDate", "ExecutionDate", "DebitDate", "TransferDate", "ValueDate", "Date"),
    "voucher_number": ("电子回单号码", "电子回单编号", "电子回单号", "回单编号", "回单号码", "回单号", "回单流水号", "回执编号", "电子回执编号", "电子回执号", "回单序号", "电子凭证号码", "电子凭证编号", "电子凭证号", "凭证号码", "凭证编号", "凭证号", "凭证序号", "传票号码", "传票序号", "传票编号", "证明编号", "通知书编号", "票据号码", "支票号码",
                       "交易流水号", "交易流水", "流水号", "业务流水号", "银行流水号", "核心流水号", "主机流水号", "柜员流水号", "交易序号", "交易编号", "交易号", "业务编号", "业务参考号", "交易参考号", "参考号",
                       "业务参号", "指令编号", "指令序号", "订单号", "付款编号", "汇款编号", "客户业务编号", "网银流水号", "网银业务编号", "日志号", "平台流水号", "支付交易序号", "报文标识号", "明细标识号", "进账单号", "传票号", "业务单号", "受理编号", "支付编号", "转账编号", "支付流水号", "汇款流水号", "转账流水号",
                       "付款流水号", "电子流水号", "我行编号", "我行业务编号", "本行编号", "我行参考号", "OurReference", "OurRef", "交易单号", "转账单号", "付款单号", "TransactionReference", "TransactionReferenceNo", "TransactionRef", "Reference", "ReferenceNo", "ReferenceNumber", "PaymentReference", "TransactionNo", "VoucherNo", "AdviceNo",
                       "支付指令号", "支付指令编号", "付款指令号", "转账指令号", "指令号", "结算单号", "结算编号", "结算流水号", "结算凭证号", "参考编号", "业务参考编号", "交易参考编号", "流水编号", "流水",
                       "编号", "序号", "单号", "No.", "NO.", "No", "NO"),
    "_": ("对方账号", "对方帐号", "本方账号", "本方帐号", "对方开户行", "本方开户行", "对方行名", "对方行号", "对方开户行名称", "汇出行", "汇入行", "汇出行名称", "汇入行名称", "转出账号", "转入账号", "客户号", "时间戳", "转账附言",
          "账号", "帐号", "账户", "卡号", "付款人账号", "收款人账号", "付款账号", "收款账号", "付款人帐号", "收款人帐号", "付款方账号", "收款方账号", "付款人开户行", "收款人开户行", "付款人开户行名称", "收款人开户行名称", "开户银行",
          "开户行", "开户行名称", "付款银行", "收款银行", "付款行名称", "收款行名称", "摘要", "用途", "用途/摘要", "附言", "备注", "币种", "币别", "交易渠道", "交易状态", "业务种类", "业务类型", "业务（产品）种类", "交易类型",
          "凭证种类", "凭证类型", "打印日期", "打印时间", "打印次数", "验证码", "校验码", "重要提示", "记账网点", "记账柜员", "交易机构", "交易网点", "交易柜员", "手续费", "余额", "渠道", "地址", "状态", "付款行", "收款行",
          "收款行行号", "付款行行号", "行号", "复核", "记账", "经办", "起息日", "开户机构", "冲正标志", "打印柜员", "防伪码", "电子印章", "回单类型", "柜员号", "网点号", "电子回单验证码", "钞汇标志",
          "账号/卡号", "账户/卡号", "卡号/账号", "账（卡）号", "账号（卡号）", "开户网点", "行名", "行名称", "开户行名", "开户行行号", "汇出地点", "汇入地点", "借方账号", "贷方账号", "借方帐号", "贷方帐号", "借方行名", "贷方行名", "借方开户行",
          "贷方开户行", "收款机构", "付款机构", "收款银行名称", "付款银行名称", "款项用途", "付款用途", "汇款用途", "付款卡号", "收款卡号", "付款账号/卡号", "收款账号/卡号", "交易用途", "摘要/附言", "事由", "交易代码", "交易码", "授权", "附加信息及用途", "支付密码", "汇出行签章", "联行号", "大额行号",
          "BeneficiaryBank", "RemittingBank", "PayerBank", "PayeeBank", "DebitAccount", "CreditAccount", "AccountNo", "DebitAccountNo", "CreditAccountNo", "扣款账号", "受益人账号", "受益人开户行", "费用承担", "Charges", "BeneficiaryAccount", "PaymentDetails", "Purpose", "Currency", "Remarks"),
}
PARTY_LABELS = tuple(label for name, some in LABELS.items() for label in some if len(label) >= 3 and (not label.isascii() or label in ("No.", "NO.")))  # letters of another script aren't set wide
_PRINTED = re.compile(r"打印|印制|版本|有效期")
_FAXED = re.compile(r"FAX|传真|P\.\d{2}$", re.IGNORECASE)  # what a fax machine prints across the head of a page: when, from where, which page
_DATE = re.compile(r"(?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日?|(?:19|20)\d\d\s*([-./])\s*\d{1,2}\s*\1\s*\d{1,2}(?!\d)")
_BANK = re.compile(r"(?:银行|信用社|信用合作联社|农商行).*(?:支行|分行|营业部|营业厅|分理处|总行|行)$|^中国(?:工商|农业|建设|交通)?银行$")
_SIDES: Mapping[str, re.Pattern[str]] = {
    "payer": re.compile(r"付款?[人方单账帐客企]|汇款[人方单]|出票人|转出|汇出(?!地)|交款|缴款|缴费[人单]|交费[人单]|借方(?!发生|金额)|借记账户|本方|我方|申请人|委托人"),
    "payee": re.compile(r"收款?[人方单账帐客企]|转入|汇入(?!地)|入账[人账帐方]|贷方(?!发生|金额)|贷记账户|持票人|受款|对方"),
}
_PANEL = re.compile(r"^(?:[收付]款|汇款|转[出入]|汇[出入]|本|我|对)[人方]?(?:单位|客户|企业)?(?:[账帐][户号])?(?:基本)?(?:信息|资料|情况|栏)$")  # 付款方账户信息 over its rows
_UPRIGHT = {"付": "payer", "汇": "payer", "出": "payer", "收": "payee", "对": "payee", "持": "payee"}


def extract(pages: Sequence[Page]) -> Extracted:
    """Read one payment voucher."""
    printed = pages
    pages = [with_labels_joined(p, PARTY_LABELS) for p in pages]
    hits = label_values(pages, LABELS)
    rows = [r for p in pages for r in rows_of(spans_of(p))]
    entry = paid_entry(pages)
    if entry is not None:  # an account's statement: one of its rows, and whose account it is
        payer, payee = _against_roles(checked(_holder(hits)), checked(entry.payee_name))
        return Extracted(fields=present(payer_name=payer, payee_name=payee, amount=entry.amount, paid_on=entry.paid_on, voucher_number=entry.voucher_number))
    payer, payee = _parties([_markers(a) or _markers(b) for a, b in zip(printed, pages, strict=True)], pages, hits)
    told = told_payment(printed) if payer is None and payee is None else None  # a letter of the bank: sentences instead of labels
    payer, payee = (told.payer_name, told.payee_name) if told else (payer, payee)
    amount, words = _amount(hits, rows, [field for page in pages for piece in wrapped_words(page) if (field := _in_words(piece))], told.text if told else NOTHING)
    payer, payee = _against_roles(checked(payer), checked(payee))
    fields = present(payer_name=payer, payee_name=payee, amount=amount, paid_on=(told.paid_on if told else None) or _paid_on(hits, rows), voucher_number=_number(hits, rows))
    return Extracted(fields=fields, extra=present(amount_in_words=words))


# ---------------------------------------------------------------- parties


Markers = Sequence[tuple[str, Box]]


def _parties(markers: Sequence[Markers], pages: Sequence[Page], hits: Mapping[str, Sequence[Hit]]) -> tuple[Field | None, Field | None]:
    """Payer and payee: under labels of their own, else 户名 told apart by the nearest party's label. markers: where the parties' labels stand, page by page."""
    own = {side: _confirmed_by_copies(f"{side}_name", [h for h in hits[f"{side}_name"] if _is_name(h)]) for side in ("payer", "payee")}
    if own["payer"] is None or own["payee"] is None:
        for side, field in _in_columns(markers, pages, hits["name"]).items():
            own[side] = own[side] or field
    if own["payer"] is None or own["payee"] is None:
        for side, field in _by_nearest(markers, pages, [h for h in hits["name"] if _is_name(h) and not h.second]).items():
            own[side] = own[side] or field
    for side in own:  # 付款人：宁波…公司
        own[side] = own[side] or _confirmed_by_copies(f"{side}_name", [h for h in hits[side] if _is_name(h)])
    return own["payer"], own["payee"]


def _holder(hits: Mapping[str, Sequence[Hit]]) -> Field | None:
    """Whose account a statement is of: 户名 at its head."""
    named = [h for key in ("payer_name", "name") for h in hits[key] if _is_name(h) and not h.second and h.how != "below"]
    return _confirmed_by_copies("payer_name", sorted(named, key=lambda h: h.order)[:1])



def _against_roles(payer: Field | None, payee: Field | None) -> tuple[Field | None, Field | None]:
    """The parties held against what they are: a premium goes to an insurer (or its broker) and comes from somebody else. A refund, or names exchanged: for a person."""
    if payer is None or payee is None:
        return payer, payee
    if payer.value == payee.value:
        return doubted(payer, "收款人读作同一名称"), doubted(payee, "付款人读作同一名称")
    if INSURER.search(payer.text) and not INSURER.search(payee.text):
        why = "付款人是保险机构，收款人不是"
        return doubted(payer, why), doubted(payee, why)
    if not INSURER.search(payee.text):
        return payer, doubted(payee, "收款人不是保险机构")
    return payer, payee


_BEHIND_NAME = re.compile(r"(?:账号|帐号|账户|卡号|开户[行银机]|地址|行号|\d{6}).*$")


def _alone(name: Piece) -> Piece:
    """A party's name without its account or bank, where they stand in one line or one cell with it."""
    behind = _BEHIND_NAME.search(name.folded)
    if behind and is_organisation(name.folded[: behind.start()]) and "公司" not in behind[0]:
        return name.between(0, behind.start()).stripped()
    lines = name.lines()
    for n in range(1, len(lines)):
        if _BANK.search(lines[n].folded) and is_organisation("".join(v.folded for v in lines[:n])):
            return Piece(name.spans[:n], name.via)
    return name


def _is_name(hit: Hit) -> bool:
    name = NOTHING if hit.blank else _alone(hit.piece)
    text = name.folded
    return text not in _LABEL_WORDS and not _LABEL_LIKE.match(text) and bool(name) and len(re.findall(r"[\u4e00-\u9fffA-Za-z]", whole_name(name).folded)) >= 2 and not re.search(r"\d{6}|[¥:：]|[\d,]+\.\d\d|小写|大写", text) and not _BANK.search(text)


_LABEL_WORDS = frozenset(fold(label)[0] for some in LABELS.values() for label in some)
_LABEL_LIKE = re.compile(r"^(?:[付收]款?|汇款|转[出入]|汇[出入]|[借贷]|本|对)?[人方]?(?:账|帐|卡|开户|行名|行号|户名|全称|名称)[\u4e00-\u9fff/()]{0,6}$")  # a heading that isn't among ours


def _confirmed_by_copies(name: str, hits: Sequence[Hit]) -> Field | None:
    """The surest of the hits; several scans that print the same bear each other out."""
    fields = [f for h in hits if (f := make_field(name, whole_name(_alone(h.piece)), h.unit, h.score))]
    if not fields:
        return None
    best = max(fields, key=lambda f: (sum(o.value == f.value for o in fields), f.confidence)) if len({f.value for f in fields}) < len(fields) else fields[0]
    twice = {f.source.page for f in fields if f.value == best.value and f.source}
    return confirmed(best, "两页一致") if len(twice) > 1 else best


def _by_nearest(marked: Sequence[Markers], pages: Sequence[Page], hits: Sequence[Hit]) -> dict[str, Field]:
    """户名 of two parties: to whom each belongs is told by the parties' labels to the left and above; where these were not read the left or upper one pays."""
    out: dict[str, Field] = {}
    for index, (page, markers) in enumerate(zip(pages, marked, strict=True)):
        own = _distinct([h for h in hits if h.order[0] == index])
        if len(own) >= 2:
            first, second = sorted(own[:2], key=lambda h: h.box.x0 if _level(own[0].box, own[1].box) else h.box.cy)
            panel = second.box.x0 - 0.01 if _level(first.box, second.box) else 1.0
            straight = _far(first.box, "payer", markers, page, panel) + _far(second.box, "payee", markers, page)
            crossed = _far(first.box, "payee", markers, page, panel) + _far(second.box, "payer", markers, page)
            sides = {"payer": first, "payee": second} if straight <= crossed else {"payer": second, "payee": first}
            found = 0.85 if not markers or abs(straight - crossed) < _TOLD_APART else 1.0
        elif own and markers:
            far = {side: _far(own[0].box, side, markers, page) for side in _SIDES}
            sides, found = {min(far, key=lambda s: far[s]): own[0]}, 0.85
        else:
            continue
        for side, hit in sides.items():
            made = make_field(f"{side}_name", whole_name(_alone(hit.piece)), found=found * hit.score)
            if made and side in out and out[side].value == made.value:
                out[side] = confirmed(max(out[side], made, key=lambda f: f.confidence), "两页一致")
            elif made and (side not in out or out[side].confidence < made.confidence):
                out[side] = made
    return out


def _in_columns(marked: Sequence[Markers], pages: Sequence[Page], hits: Sequence[Hit]) -> dict[str, Field]:
    """Names in a table whose columns (or rows) are the parties: what stands where 名称's row crosses 转出方's column, and where it crosses 转入方's.

    Only where one 名称 serves both; where each party has its own, it stands beside that.
    """
    for index, (page, markers) in enumerate(zip(pages, marked, strict=True)):
        own = [h for h in hits if h.order[0] == index and not h.second]
        for payer, payee in ((a, b) for one, a in markers for other, b in markers if one == "payer" and other == "payee"):
            for hit in own:
                if sum(_level(h.box, hit.box) if _level(payer, payee) else _stacked(h.box, hit.box) for h in own) > 1:
                    continue
                made = {side: field for side, box in (("payer", payer), ("payee", payee)) if (field := _crossing(page, f"{side}_name", hit, box, payee if side == "payer" else payer))}
                if len(made) == 2 and made["payer"].value != made["payee"].value:
                    return made
    return {}


_STACKED = 0.06  # how far from each other, of the page's width, the middles of two headings of rows may lie


def _beside(line: Box, heading: Box) -> bool:
    """Whether a line stands beside a row's heading, or is one of two lines of a text that does."""
    return abs(line.cy - heading.cy) < max(line.height, heading.height)


def _stacked(a: Box, b: Box) -> bool:
    return abs(a.cx - b.cx) < _STACKED


def _crossing(page: Page, name: str, hit: Hit, party: Box, rival: Box) -> Field | None:
    """The name where a label's row crosses a party's column, or the label's column the party's row; a line that stands nearer to the other party's is that one's."""
    label = hit.box
    if _level(party, rival) and label.cy > party.y1 and not party.x0 < label.cx < party.x1:  # parties head columns
        row, column = label, party
        near = [v for v in page.lines if _beside(v.box, row) and abs(v.box.cx - party.cx) < min(abs(v.box.cx - rival.cx), 0.5 * abs(party.cx - rival.cx))]
    elif _stacked(party, rival) and not _level(party, rival) and label.y1 < min(party.y0, rival.y0) and label.cx > party.x1:  # parties head rows
        row, column = party, label
        near = [v for v in page.lines if _beside(v.box, row) and min(v.box.x1, label.x1) > max(v.box.x0, label.x0)]
    else:
        return None
    for line in sorted(near, key=lambda v: (abs(v.box.cx - column.cx), abs(v.box.cy - row.cy))):
        home = sheet(page).of_line.get(id(line))
        piece = home.piece if home is not None and home.cell is not None else piece_of(page, in_rows(wrapped_with(line, near, 0.0)))
        value = replace(hit, piece=piece, blank=False)
        if not any(line is s.line for s in hit.label.spans) and _is_name(value):
            return make_field(name, whole_name(_alone(piece)), found=0.95)
    return None


def _level(a: Box, b: Box) -> bool:
    return abs(a.cy - b.cy) < 1.5 * max(a.height, b.height)


def _distinct(hits: Sequence[Hit]) -> list[Hit]:
    """One hit a value, in the order given."""
    seen: dict[str, Hit] = {}
    for h in hits:
        seen.setdefault(h.piece.folded, h)
    return list(seen.values())


def _markers(page: Page) -> list[tuple[str, Box]]:
    """Where a party's group label stands: 付款人, or its letters one below the other."""
    out: list[tuple[str, Box]] = []
    for line in page.lines:
        text = re.sub(r"[\s()（）]|[A-Za-z/']+", "", one_to_one(line.text)).strip(":：")
        for side, pattern in _SIDES.items():
            if pattern.match(text) and (len(text) <= 5 or _PANEL.match(text)):
                out.append((side, line.box))
        if text in _UPRIGHT or (len(text) in (2, 3) and text[0] in _UPRIGHT and text[1:] in ("款", "款人", "款方", "方", "人")):
            out.append((_UPRIGHT[text[0]], line.box))
    return out


_UNREAD = 0.5  # distance to a party's label that was not read, as a share of the page's width
_TOLD_APART = 0.04  # by how much the one way of giving two names to two parties must be nearer than the other
_ABOVE = 0.2  # what it counts to stand aside of a heading that is centred over its panel


def _far(label: Box, side: str, markers: Markers, page: Page, panel: float = 1.0) -> float:
    """How far a label 户名 stands from the nearest label of a party, as a share of the page's width: one to its left, or one that heads its panel.

    panel: where the label's panel ends to the right; a heading centred over it stands to the right of the labels beneath.
    """
    across = page.height / page.width if page.width else 1.4
    own = [box for s, box in markers if s == side]
    left = [(label.cx - box.cx) + 1.5 * across * abs(label.cy - box.cy) for box in own if box.cx <= label.cx + 0.01]
    above = [_ABOVE * (box.cx - label.cx) + 1.5 * across * (label.cy - box.cy) for box in own if label.cx + 0.01 < box.cx < panel and box.cy < label.cy - 0.5 * label.height]
    return min([*left, *above, _UNREAD])


# ---------------------------------------------------------------- amount


def _amount(hits: Mapping[str, Sequence[Hit]], rows: Sequence[Row], wrapped: Sequence[Field], letter: Piece = NOTHING) -> tuple[Field | None, Field | None]:
    """The amount, from figures and words; where both are read and agree it is sure, where they don't the words' figures decide nothing and a person looks.

    wrapped: words on two lines of their cell; the end of one such would be another amount. letter: the running text of one that has only sentences.
    """
    rows = () if letter else rows
    words = _in_words(letter) if letter else next(iter(wrapped), None) or next((spelled for row in rows if (spelled := _in_words(row.whole))), None)
    spoken = words.decimal if words else None
    candidates: list[tuple[Piece, Decimal, float]] = []
    for hit in hits["amount"]:
        if not hit.blank:
            for f in read_figures(one_to_one(hit.piece.text), hit.unit if hit.unit in ("万元", "千元", "百万元", "亿元") else ""):
                candidates.append((hit.piece[f.start : f.end], f.amount, hit.score * (1.0 if f.decimals == 2 or f.marked else 0.85)))
                candidates += _from_boxes(hit.piece, f.amount, spoken)
    candidates += [(letter[f.start : f.end], f.amount, 0.9) for f in read_figures(one_to_one(letter.text)) if f.marked]
    for row in rows:
        for f in read_figures(row.text.replace(GAP, "\x00")):
            if f.marked or f.decimals == 2:
                candidates.append((row.piece(f.start, f.end), f.amount, 0.9 if f.marked else 0.6))
                candidates += _from_boxes(row.piece(f.start, f.end), f.amount, spoken) if f.decimals == 0 else []
    if spoken is not None:
        same = [c for c in candidates if agree(c[1], spoken)]
        if same:
            piece, amount, found = max(same, key=lambda c: c[2] * c[0].confidence)
            made = make_field("amount", piece, found=found, value=yuan(amount))
            made = made.over(_lost(candidates, amount, "与大写金额不符")) if made else None
            return (confirmed(made, "大小写一致", 0.99) if made else None), (confirmed(words, "大小写一致", 0.99) if words else None)
    if candidates:
        piece, amount, found = max(candidates, key=lambda c: c[2])
        made = make_field("amount", piece, found=found, value=yuan(amount))
        made = made.over(_lost(candidates, amount, "标签不如所选一处可靠")) if made else None
        if made and words:
            return contradicted(made, f"大小写不一致：大写为{words.text}", 0.5), contradicted(words, f"大小写不一致：小写为{made.text}", 0.5)
        return made, words
    return (doubted(words, "小写未读出") if words else None), words


TELLING = 3  # digits from which a figure may be an amount


def _lost(candidates: Sequence[tuple[Piece, Decimal, float]], chosen: Decimal, why: str) -> Iterator[tuple[Field, str]]:
    """The amounts that another one was chosen over; lone digits in tables and numbers of forms aren't worth telling."""
    for piece, amount, found in candidates:
        if amount != chosen and sum(c.isdigit() for c in piece.folded) >= TELLING and (made := make_field("amount", piece, found=found, value=yuan(amount))):
            yield made, why


def _in_words(piece: Piece) -> Field | None:
    """The amount in words within a row, or within the lines of a cell."""
    spelled = find_words(piece.folded)
    value = parse_words(spelled) if spelled else None
    if value is None or not spelled or not re.search(r"[元圆圓]", spelled):  # a name may hold 三角
        return None
    return make_field("amount_in_words", piece.search(re.escape(spelled)) or piece, kind=Kind.MONEY, value=value.value)


def _from_boxes(piece: Piece, amount: Decimal, spoken: Decimal | None) -> list[tuple[Piece, Decimal, float]]:
    """Figures filled into a box a digit (亿千百十万千百十元角分) carry no point: taken for 分 where the words say so."""
    return [(piece, amount / 100, 0.9)] if spoken is not None and amount != spoken and agree(amount / 100, spoken) else []


# ---------------------------------------------------------------- date, number


_SURE_LABEL = 0.8
# the day of the payment itself, of its booking, of the order or the receipt; the first kind that a voucher shows is the day on which it was paid
_KINDS_OF_DATE = (r"交易|付款|支付|转账|汇款|完成|扣款|[汇转]出|Payment|Transaction|Execution|Debit|Transfer", r"[记入到出]账|记帐|会计|Value", r"业务|处理", r"")


def _rank_of_date(hit: Hit) -> int:
    return next(n for n, kind in enumerate(_KINDS_OF_DATE) if re.search(kind, hit.wanted))


def _paid_on(hits: Mapping[str, Sequence[Hit]], rows: Sequence[Row]) -> Field | None:
    """The day on which it was paid: labelled so, else the first date that isn't the day of printing."""
    hits_ = sorted((h for h in hits["paid_on"] if h.score >= _SURE_LABEL), key=lambda h: (_rank_of_date(h), -round(h.score, 2), h.order))
    made = choose("paid_on", hits_ or hits["paid_on"], fits=lambda f: len(f.text) == 10)
    if made is not None:
        rivals = {f.text for h in hits_ if _rank_of_date(h) == _rank_of_date(hits_[0]) and not h.blank and (f := make_field("paid_on", h.piece))} - {made.text}
        return doubted(made, "另有" + "、".join(sorted(rivals))) if rivals and len({h.order[0] for h in hits_}) == 1 else made
    for row in rows:
        for m in () if _FAXED.search(row.text) else _DATE.finditer(row.text):
            if not _PRINTED.search(row.text[: m.start()]) and parse_date(m[0]):
                found = make_field("paid_on", row.piece(m.start(), m.end()), found=0.85)
                if found:
                    return found
    return None


def _number(hits: Mapping[str, Sequence[Hit]], rows: Sequence[Row]) -> Field | None:
    """The voucher's own number; of several the one whose label stands first in the table (回单编号 before 流水号). 凭证号码 beside 凭证种类 numbers the
    cheque or order by which it was paid, so that any other comes before it.
    """
    rank = {label: n for n, label in enumerate(LABELS["voucher_number"])}
    if any(_KIND_OF_ORDER.match(h.wanted) for h in hits["_"]):
        rank |= {label: 90 for label in rank if _NUMBER_OF_ORDER.match(label)}
    accounts = {h.piece.folded for h in hits["_"] if _ACCOUNT.search(h.wanted)}
    usable = [h for h in hits["voucher_number"] if not h.blank and h.piece.folded not in accounts and re.search(r"\d{4}", h.piece.folded) and "*" not in h.piece.folded and not _DATE.match(h.piece.text.strip())]
    usable.sort(key=lambda h: (h.score < 0.7, rank.get(h.wanted, 99), h.order))
    pieces = [(_with_digits(hit.piece).search(r"[A-Za-z0-9][A-Za-z0-9\-/._]{3,}") or hit.piece, hit.score) for hit in usable]
    made = [field for piece, score in pieces if (field := make_field("voucher_number", piece, found=score)) is not None]
    if made:
        return made[0].over((other, "标签不如所选一处贴切（回单编号先于流水号）") for other in made[1:])
    bare = next((piece for row in rows for span in row.spans if (piece := Piece((span,)).search(_BARE_NUMBER, "v"))), None)
    alone = make_field("voucher_number", bare, found=0.85)
    return doubted(alone, "只有No.，未见编号字样") if alone else None


def _with_digits(piece: Piece) -> Piece:
    """The one of several lines that holds digits: not what is left of the label in another language."""
    lines = [v for v in piece.lines() if re.search(r"\d", v.folded)]
    return lines[0] if len(lines) == 1 else piece


_ACCOUNT = re.compile(r"[账帐卡]号|[账帐]户|Account")
_KIND_OF_ORDER, _NUMBER_OF_ORDER = re.compile(r"凭证[种类]"), re.compile(r"凭证(?:号|编号)")
_BARE_NUMBER = re.compile(r"^(?:N[o0O°º][.:]?|№)(?P<v>(?=.*\d{4})[A-Za-z0-9][A-Za-z0-9\-]{6,29})$")
