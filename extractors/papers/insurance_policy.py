"""Insurance policies (保险单) of any insurer: schedules with or without rules, of one page or with clauses behind.

In:    the policy's pages.
Out:   the contract's fields; `rows` with the covers and their limits; `extra`: amount_in_words (the premium's 大写), sum_insured_in_words, issued_on,
       premium_in_figures, sum_insured_in_figures: figures as printed where the words were believed instead.
Fails: what can't be read is absent.
Elsewhere: whether limit and rate keep to the scheme (pipeline/rules).

Sum insured × rate = premium, and figures against words, decide between candidates and say how sure the three are.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import accumulate, pairwise, product

from rapidfuzz.distance import Levenshtein

from extractors.confidence import confirmed, contradicted, doubted
from extractors.fields import WEAK, agree_in_words, choose, make_field, make_period, money_of, split_product, vote
from extractors.layout import NOTHING, Hit, Labels, Piece, Span, fold, in_rows, label_values, piece_of, table_rows
from extractors.organisations import is_organisation
from extractors.papers.base import Extracted, present
from extractors.rows import spans_of
from extractors.spread import with_spread_joined
from models.dates import find_dates, year_from
from models.field import Field
from models.money import find_words, parse_words
from models.numbers import plain
from models.page import Line, Page
from models.paper import FIELDS, Kind, PaperType, Row
from models.text import clean

LEADING = ("首席承保人", "主承保人", "首席承保机构", "首席保险人", "主承保公司", "首席承保公司", "主共保人", "首席共保人", "主承保机构", "牵头承保人")  # of several insurers who share a policy

_OF_SUM = (
    *(f"{before}{base}{behind}" for base in ("保险金额", "责任限额", "赔偿限额") for before in ("", "累计", "总", "合计", "最高", "保单累计") for behind in ("", "合计", "总计", "总额", "合计小写")),
    *(f"{before}{base}" for base in ("保障限额", "保障额度", "保障金额", "保险额度", "赔付限额", "补偿限额", "承保限额", "承保金额", "赔偿金额上限", "赔偿额") for before in ("", "累计", "总", "最高", "保单", "最高累计")),
    *(f"{before}{base}" for base in ("责任总限额", "赔偿总限额", "保险总金额") for before in ("", "累计", "最高", "保单")),
    *(f"{before}{base}" for base in ("保险金额", "责任限额", "赔偿限额") for before in ("共保体", "共保", "100%", "年度累计", "最高累计", "累计最高", "保单", "本保单", "保险期间累计", "保单年度累计", "保险期间内累计")),
)
_OF_PREMIUM = tuple(f"{before}{base}{behind}" for base in ("保险费", "保费") for before in ("", "应收", "总", "应交", "应缴", "应付", "实收", "合计", "含税", "本期应收") for behind in ("", "合计", "总计", "总额", "合计小写", "小写"))

LABELS: Labels = {
    "policy_number": ("保险单号码", "保单号码", "保险单号", "保单号", "保险单编号", "保单编号", "保险单流水号", "电子保单号", "电子保单号码", "PolicyNo.", "PolicyNumber",
                      "保险合同号", "保险合同编号", "保险凭证号", "保险凭证号码", "保险证书号", "保险证书编号", "保险证号", "凭证编号", "保险凭证编号", "正式保单号", "共保保单号", "共保保险单号",
                      *(f"{who}{what}" for who in ("主承", "主", "主承保", "首席", "主承保人", "首席承保人", "主承保公司") for what in ("保单号", "保险单号"))),
    "insurer_name": ("保险人", "保险人名称", "签单公司", "承保公司", "保险公司", "承保机构", "保险公司名称", "承保公司名称", "承保机构名称", "签单机构", "出单机构", "出单公司", "承保人", "承保单位",
                     "保险机构", "签发公司", *LEADING, "保险人>名称", "承保人>名称", "签单公司名称",
                     "保险人签章", "保险公司签章", "保险人盖章", "保险公司盖章", "承保公司签章", "承保机构签章", "承保单位签章", "出单机构名称", "签单机构名称"),
    "policyholder_name": ("投保人>名称", "投保人名称", "投保人", "投保单位", "投保单位名称", "投保企业", "投保企业名称", "投保人姓名/名称", "投保人名称/姓名", "投保人全称", "投保人信息>姓名/名称",
                          "投保人>姓名/名称", "投保人>单位名称", "要保人", "Applicant", "投保人/被保险人", "投保人(被保险人)", "投保人、被保险人", "投保人及被保险人", "投保人和被保险人", "投保人暨被保险人", "Policyholder", "投保方", "投保公司", "投保客户"),
    "insured_name": ("被保险人>名称", "被保险人名称", "被保险人", "被保险单位", "被保险人姓名/名称", "被保险人名称/姓名", "被保险人全称", "被保险人>姓名/名称", "被保险人>单位名称", "被保人", "被保险企业", "被保企业", "被保单位", "记名被保险人", "列名被保险人", "主被保险人", "被保险方", "NamedInsured",
                     "Insured", "投保人/被保险人", "投保人(被保险人)", "投保人、被保险人", "投保人及被保险人", "投保人和被保险人", "投保人暨被保险人"),
    "insurance_product": ("险种名称", "投保险种", "承保险种", "险种", "保险险种", "保险产品名称", "保险产品", "险种/产品名称", "投保险种名称", "主险名称", "主险", "产品/险种名称", "适用条款", "保险名称", "ClassofInsurance", "保险品种", "险种及条款"),
    "product_name": ("保险标的名称", "标的名称", "保险标的", "投保产品名称", "被保险产品名称", "投保产品", "被保险产品", "承保产品", "承保产品名称", "保险标的物", "保险标的物名称", "标的物名称", "标的物",
                     "投保标的", "投保标的名称", "产品名称", "投保装备名称", "装备名称", "设备名称", "投保设备名称", "保险设备名称", "投保新材料名称", "新材料名称", "材料名称", "投保软件名称", "软件名称",
                     "被保险软件名称", "保险产品标的", "标的>名称", "保险标的>名称", "标的信息", "被保险设备", "承保标的", "承保标的名称", "保险项目", "承保产品(标的)名称", "InsuredProduct", "承保设备", "承保设备名称", "承保软件", "承保软件名称", "承保材料", "承保装备", "被保产品", "被保产品名称", "标的", "首台套产品名称", "首台(套)产品名称", "投保装备", "承保装备名称", "保险标的(产品)", "保险标的(设备)", "保险标的(装备)", "保险标的(软件)", "标的(产品)", "产品"),
    "product": (*(f"{who}{what}{and_model}" for who in ("承保", "投保", "被保险", "保险", "") for what in ("产品", "设备", "装备", "软件", "标的") for and_model in ("名称及型号", "名称和型号", "名称及规格型号")),
                "产品名称及型号", "投保产品名称及型号", "产品名称/型号", "产品名称及规格型号", "装备名称及型号", "设备名称及型号", "标的名称及型号", "保险标的名称及型号", "产品名称、型号", "投保产品名称/型号"),
    "sum_insured": ("保险金额/责任限额", "总保险金额", "保险金额", "保险金额合计", "总责任限额", "累计责任限额", "责任限额", "赔偿限额", "累计赔偿限额", "总赔偿限额", "责任限额合计", "总保额", "保额",
                    "保险金额/赔偿限额", "责任限额/保险金额", "保险金额(责任限额)", "保险金额或责任限额", "保险限额", "保险期间累计责任限额", "保单累计责任限额", "累计责任限额合计", "保险金额总计", "总保险金额/责任限额",
                    "责任限额>累计", "责任限额>累计责任限额", "赔偿限额>累计", "责任限额>合计", "总限额", "合计保险金额", "合计责任限额", "年累计责任限额", "保险总金额", "保险金额小写", "总保险金额小写", "SumInsured", "TotalSumInsured", "LimitofLiability", "LimitofIndemnity", "AggregateLimit", *_OF_SUM),
    "premium_rate": ("费率", "保险费率", "年费率", "保费率", "承保费率", "适用费率", "年保险费率", "费率标准", "执行费率", "签单费率", "PremiumRate", "Rate"),
    "premium": ("应收保险费", "总保险费", "保险费合计", "保险费", "保费", "总保费", "保险费总额", "合计保险费", "应交保险费", "应缴保险费", "实收保险费", "含税保险费", "保费合计", "保险费总计", "保费总额",
                "保险费金额", "保费总金额", "保险费小写", "总保险费小写", "保费小写", "应收保费", "含税保费", "总保险费(含税)", "保险费(含税)", "价税合计", "年保险费", "签单保费", "保费金额", "应付保险费", "Premium", *_OF_PREMIUM),
    "premium_words": ("保险费大写", "总保险费大写", "保费大写", "应收保险费大写", "保险费合计大写", "保险费(大写)", "总保费大写", "应收保费大写", "保费合计大写", "应交保险费大写"),
    "sum_words": ("保险金额大写", "总保险金额大写", "责任限额大写", "赔偿限额大写", "累计责任限额大写"),
    "words": ("大写", "人民币大写", "金额大写", "大写金额"),
    "period": ("保险期间", "保险期限", "保险责任期间", "保险起止日期", "保险起讫日期", "保险有效期", "保险时间", "保险责任期限", "承保期间", "保险起止时间", "保险责任起讫期", "保险合同期间", "责任期间",
               "保险期间起止", "PeriodofInsurance", "PolicyPeriod", "保险责任起止", "保险起止", "保险起讫", "承保期限", "保障期间", "保障期限", "有效期限", "保险有效期限", "责任起止", "责任起讫", "起止日期", "起讫日期", "保险责任起止日期"),
    "starts": ("保险期间>起", "保险期限>起", "保险期间>自", "保险期限>自", "保险期间>起期", "保险期限>起期", "保险起期", "起保日期", "起保时间", "保险起始日期", "生效日期", "保险责任起始日", "保险开始日期", "起期", "保险起始日", "起保日", "生效时间", "生效日", "保险始期", "责任开始日期", "责任起始日期", "保险起始时间", "保险生效日期", "保险责任开始日期", "起保", "EffectiveDate"),
    "ends": ("保险期间>止", "保险期限>止", "保险期间>至", "保险期限>至", "保险期间>止期", "保险期限>止期", "保险止期", "终保日期", "终保时间", "保险终止日期", "终止日期", "保险责任终止日", "满期日期", "止期", "保险到期日", "到期日期", "保险终止日", "失效日期", "失效时间", "失效日", "满期日", "届满日期", "期满日期", "止保日期", "保险终期", "责任终止日期", "责任结束日期", "保险终止时间",
             "保险失效日期", "保险责任终止日期", "保险结束日期", "终保", "止保", "ExpiryDate"),
    "factor": ("短期系数", "短期费率系数", "费率系数", "短期费率"),
    "issued_on": ("签单日期", "出单日期", "签发日期", "保险合同签订日期", "签单时间", "承保日期", "缮制日期", "出单时间"),
    "model": ("规格型号", "产品型号", "型号", "型号规格", "软件版本", "版本号", "投保产品型号", "设备型号"),
    "names": ("名称", "姓名/名称", "名称/姓名", "单位名称"),
    # not wanted, but they bound what is
    "_": ("地址", "投保人地址", "被保险人地址", "行业", "受益方式", "与投保人关系", "付费方式", "付款方式", "缴费方式", "币种", "特别约定", "特别约定清单", "明示告知", "重要提示", "授权签字", "制单", "复核", "经办",
          "核保", "公司地址", "客户服务热线", "服务热线", "邮政编码", "邮编", "联系电话", "电话", "传真", "网址", "免赔额", "每次事故免赔", "每次事故免赔额", "免赔额/率", "免赔", "绝对免赔额", "免赔说明", "序号", "险别", "约定用户", "司法管辖", "缴费方式", "联系方式",
          "承保险别/保险责任", "承保险别", "保险责任", "统一社会信用代码", "组织机构代码", "证件号码", "证件类型", "联系人", "受益人", "共同受益人", "第一受益人", "争议解决方式", "司法管辖", "保险条款", "条款名称",
          "投保单号", "投保单号码", "每次事故责任限额", "每次事故赔偿限额", "每人责任限额", "数量", "投保数量", "单价", "合同金额", "销售合同金额", "合同编号", "用户名称",
          "产品使用方", "使用产品的用户", "合同用户", "终端用户", "产品用户", "用户企业", "使用单位", "标的型号", "型号/数量", "型号及数量", "产品数量", "承保数量", "通讯地址", "住所", "承保区域", "承保区域范围", "追溯期", "保费交付", "缴费日期", "付费日期", "付费约定", "标的地址", "业务来源", "渠道名称", "税额", "不含税保险费", "不含税保费", "增值税额", "基准费率", "标准费率", "首期保费", "首期保险费", "上年保单号", "续保保单号", "原保单号"),
}

_LABEL_WORDS = frozenset(fold(label.rpartition(">")[2])[0] for some in LABELS.values() for label in some)
_EVERY_LABEL = tuple(label.rpartition(">")[2] for some in LABELS.values() for label in some)

# the sum of one accident or one person isn't the policy's
_COVER_HEADS: Labels = {
    "cover": ("承保险别/保险责任", "承保险别", "保险责任", "承保责任", "险别", "承保险种", "保障项目", "责任名称", "险种名称", "保险项目", "承保项目", "保险责任名称", "险别名称", "保障责任", "责任项目", "条款名称"),
    "limit": ("责任限额", "保险金额", "赔偿限额", "限额", "累计责任限额", "保险金额/责任限额", "累计赔偿限额", "保额", "责任限额/保险金额", "分项责任限额", "保险金额(元)", "分项限额",
              "每次及累计限额", "每次事故及累计限额", "每次事故及累计责任限额", "每次事故及累计赔偿限额", "每次及累计责任限额", "每次及累计赔偿限额"),
    "cover_premium": ("保险费", "保费", "分项保费"),
    "cover_rate": ("费率", "保险费率"),
    "_": ("序号", "每次事故免赔", "免赔额", "每次事故免赔额", "免赔", "备注"),
}

_LABEL_BROKEN = re.compile(r"[:：】〗〕\]]\s*$")


def _parted(hits: Iterable[Hit]) -> list[Hit]:
    """Hits but for those where the label only begins a sentence: 被保险人应在知道保险事故发生后…"""
    return [h for h in hits if h.blank or h.how != "inline" or _LABEL_BROKEN.search(h.label.text) or is_organisation(h.piece.folded)]


_REACHED = re.compile(r"\d{5}|\d{3,4}-\d{4}|(?:省|市|区|县|镇|乡|街道).*(?:路|街|道|村|号|室|幢|楼|层)|(?:路|街|大道)\d+号")  # a telephone, an address


def _without_address(hit: Hit) -> Hit:
    """A party's name without the address or telephone that stands in the lines below it in one cell."""
    lines = () if hit.blank else hit.piece.lines()
    for n in range(1, len(lines)):
        head, rest = ("".join(line.folded for line in part) for part in (lines[:n], lines[n:]))
        if is_organisation(head) and _PARTY.search(head) and _REACHED.search(rest) and not is_organisation(rest):
            return replace(hit, piece=Piece(hit.piece.spans[:n], hit.piece.via))
    return hit


_PARTY = re.compile(r"(?:公司|厂|院|所|中心|集团|大学|学院|学校|局|部|社|店|厅|会|站|行|室|馆|队|合伙)(?:[(（][^()（）]{1,12}[)）])?$")
_SENTENCE = re.compile(r"[,，。;；!！?？]|应当|不得|按照|本保险|须|的|保险人|若|未|向|已|可以|有权|收到|与|共同|及其|^[应将就在对因按如]")
# what an insurer's branches are called; a mutual one (相互保险社) has offices rather than branches
_OFFICES = r"(?:分公司|支公司|营业总?部|营业处|营销服务部|服务部|运营中心|服务中心|业务总?部|事业部|办事处|代表处|分社|分部|工作站)"
_INSURER = re.compile(r"(?![向由经与和对在为及于本])[\u4e00-\u9fff][\u4e00-\u9fff()]{1,19}?(?:财产保险|财险|相互保险|互助保险|保险)(?:[(][\u4e00-\u9fff]{2}[)])?(?:股份|集团)?(?:有限)?(?:责任)?(?:公司|总?社)(?:(?:[\u4e00-\u9fff]|[(][\u4e00-\u9fff]{2,6}[)]){2,14}?"
                      rf"{_OFFICES}){{0,2}}")


def extract(pages: Sequence[Page]) -> Extracted:
    """Read a policy. Raises nothing; pages that hold no policy give no fields."""
    changes = [page for page in pages if _is_endorsement(page)]
    if changes and len(changes) < len(pages):
        return _amended([page for page in pages if page not in changes], changes)
    return _read(pages)


_ENDORSEMENT = re.compile(r"^(?:[\u4e00-\u9fff()]{0,20}保险)?批(?:单|改单|注单|改申请书?)(?:[A-Za-z]{4,}){0,2}(?:[(][^()]*[)])?$")
_CHANGING = re.compile(r"变更|更正|更改|修改|批改|调整|增加|减少|延长|缩短|退还|加收|改为|增至|减至")
_UNCHANGED = re.compile(r"(?:不|未|并不|均不)(?:影响|涉及|改变|调整|变更|变动)[^,，。;；]*|[^,，。;；]*(?:不变|仍为|继续有效|不作变更|不作调整)")
# what an endorsement says it changes, and the field that a person must look at then
_CHANGED = {
    "policyholder_name": r"投保人(?:名称)?(?:由|变更|更正|更改|改为)", "insured_name": r"被保险人(?:名称)?(?:由|变更|更正|更改|改为)", "product_name": r"(?:标的|产品名称|投保产品)",
    "sum_insured": r"(?:保险金额|责任限额|赔偿限额)", "premium_rate": r"费率", "premium": r"保险费|保费", "period_start": r"保险期[间限]|起保|生效日期", "period_end": r"保险期[间限]|终保|终止日期",
}  # fmt: skip


def _is_endorsement(page: Page) -> bool:
    return any(_ENDORSEMENT.match(fold(line.text)[0]) for line in page.lines if line.box.cy < 0.3)


def _amended(policy: Sequence[Page], changes: Sequence[Page]) -> Extracted:
    """A policy with endorsements (批单) behind it: what the policy says; what they change is for a person to see, their number bears the policy's out."""
    read = _read(policy)
    fields = dict(read.fields)
    for page in changes:
        text = _UNCHANGED.sub("", piece_of(page, in_rows(page.lines)).folded)
        if _CHANGING.search(text):
            fields |= {name: doubted(fields[name], "批单有变更") for name, cue in _CHANGED.items() if name in fields and re.search(cue, text)}
    number = vote("policy_number", label_values(changes, LABELS)["policy_number"], _is_number)
    own = fields.get("policy_number")
    if number and own:
        fields["policy_number"] = confirmed(own, "与批单所载一致") if own.value == number.value else doubted(own, f"批单读作{number.text}")
    elif number:
        fields["policy_number"] = number
    signed = _insurer(changes, ())
    insurer = fields.get("insurer_name")
    if insurer and signed and not _OFFICE.search(insurer.text) and signed.text.startswith(insurer.text) and _OFFICE.search(signed.text):
        fields["insurer_name"] = doubted(signed, "仅批单载明分支机构")
    return replace(read, fields=fields)


def _read(pages: Sequence[Page]) -> Extracted:
    """A policy without its endorsements."""
    pages = [with_spread_joined(page, _EVERY_LABEL) for page in pages]
    hits = label_values(pages, LABELS)
    hits["product_name"] = [h for h in hits["product_name"] if h.wanted != "产品" or h.how != "inline" or _LABEL_BROKEN.search(h.label.text)]  # 1）产品质量保证保险
    for name, in_words in (("premium", "premium_words"), ("sum_insured", "sum_words")):  # 应收保费合计（大写）: the label of the figures but for its bracket
        hits[in_words] = [*hits[in_words], *(h for h in hits[name] if not h.blank and "大写" in h.label.folded)]
    prose = in_prose(pages)
    for name, said in prose.items():
        if name != "insurance_product":
            hits[name] = [*(h for h in hits[name] if not h.blank), *said]
    fields: dict[str, Field | None] = {
        "policy_number": _by_bar_code(vote("policy_number", _without_copies(hits["policy_number"]), _is_number) or _bare_number(pages), pages),
        "policyholder_name": choose("policyholder_name", map(_without_address, _parted(hits["policyholder_name"])), _is_party),
        "insured_name": choose("insured_name", map(_without_address, _parted(hits["insured_name"])), _is_party),
        "product_name": _without_model(choose("product_name", hits["product_name"], _is_short), hits["model"]) or _named_with_model((*hits["product"], *_no_insurance(hits["insurance_product"]))),
        "insurer_name": _insurer(pages, hits["insurer_name"]),
    }
    if fields["product_name"] and len(_subjects(pages)) > 1:
        fields["product_name"] = doubted(fields["product_name"], "标的不止一项")
    fields["insured_name"] = _as_policyholder(fields["insured_name"], fields["policyholder_name"])
    _parties_by_order(fields, hits["names"])
    fields["period_start"], fields["period_end"] = _period(pages, hits)
    rows, cover_total = _covers(pages)
    fields["insurance_product"] = _insurance_product(pages, hits["insurance_product"], prose["insurance_product"], {row["cover"].text for row in rows})
    figures = _figures(pages, hits, rows, cover_total)
    fields |= {name: figures.get(name) for name in ("sum_insured", "premium_rate", "premium")}
    wanted = FIELDS[PaperType.INSURANCE_POLICY]
    found = present(**fields)
    return Extracted(
        fields={name: found[name] for name in wanted if name in found},
        extra=present(
            amount_in_words=figures.get("premium_words"), sum_insured_in_words=figures.get("sum_words"), issued_on=choose_date(hits["issued_on"]),
            premium_in_figures=figures.get("premium_in_figures"), sum_insured_in_figures=figures.get("sum_insured_in_figures")),
        rows=rows,
    )


# ---------------------------------------------------------------- names and numbers


def _is_number(value: Field) -> bool:
    return bool(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9\-/()（）]{5,39}", value.text)) and sum(c.isdigit() for c in value.text) >= 5


def _without_copies(hits: Iterable[Hit]) -> list[Hit]:
    """Hits without what says which copy of the policy it is: TP2020330200000123（正本）."""
    return [replace(h, piece=cut) if not h.blank and (cut := h.piece.search(r"^(?P<v>[^()]+)[(](?:[正副]本|抄件|电子保?单?|第.联)[)]$", "v")) else h for h in hits]


_BARE_NUMBER = re.compile(r"^(?:(?:N[oO0][.:：]?|№)(?P<no>[A-Za-z0-9][A-Za-z0-9\-/()]{9,39})|[(]?(?:保险单|保单|保险证书|证书|凭证)?字?第(?P<v>[A-Za-z0-9][A-Za-z0-9\-/]{9,39})号[)]?)$")


def _bare_number(pages: Sequence[Page]) -> Field | None:
    """The number that only No. or 第…号 announces, at the head of the policy; it may be the printed form's own, so a person looks."""
    for page in pages[:1]:
        for line in in_rows(page.lines):
            piece = piece_of(page, line)
            made = make_field("policy_number", piece.search(_BARE_NUMBER, "no") or piece.search(_BARE_NUMBER, "v"), within=piece) if line.box.cy < 0.4 else None
            if made and _is_number(made):
                return doubted(made, "只有No.或第…号，未见保险单号字样")
    return None


def _by_bar_code(number: Field | None, pages: Sequence[Page]) -> Field | None:
    """The number held against the policy's bar code, which can't be misread by a character."""
    if number is None:
        return None
    for code in (c.strip() for page in pages for c in page.codes):
        if code == number.value:
            return confirmed(number, "与条码一致", 0.995)
        if len(code) == len(number.text) and Levenshtein.distance(code, number.text) <= 2:
            if number.as_read >= WEAK:  # print read for sure that isn't what its code says is for a person to see
                return contradicted(number, f"与条码不一致：条码为{code}")
            return number.corrected(code, 0.97, True, f"据条码更正，印刷读作{number.text}")
    return number


def _is_party(value: Field) -> bool:
    text = value.text
    return (fold(text)[0] not in _LABEL_WORDS and (bool(_PARTY.search(text)) and len(text) >= 4)) or (2 <= len(text) <= 30 and not _SENTENCE.search(text) and not re.search(r"名称|地址|\d{5}", text))


def _is_short(value: Field) -> bool:
    return not re.fullmatch(r"[(（][^()（）]*[)）]", value.text) and len(value.text) <= 60 and not re.search(r"[。;；]|应当|按照", value.text)


def _no_insurance(hits: Iterable[Hit]) -> list[Hit]:
    """保险产品 names the insurance on one insurer's policies and the insured product on another's."""
    return [h for h in hits if not h.blank and "产品" in h.wanted and "险" not in h.piece.text]


def _without_model(name: Field | None, models: Sequence[Hit]) -> Field | None:
    """The product's name without the model that stands behind it: in brackets as one (型号：C18150), or the same that its own label gives."""
    if name is None:
        return None
    bracketed = re.match(r"^(.{2,}?)[(（](?:规格)?型号[:：]?.*$", name.text)
    if bracketed:
        return name.model_copy(update={"value": bracketed[1]})
    more = _MORE_THAN_A_NAME.search(name.text)
    if more and more.start() > 1:
        return doubted(name.model_copy(update={"value": name.text[: more.start()]}), "名称后另有型号或数量")
    for hit in models:
        model = clean(hit.piece.text).strip("()（）") if not hit.blank else ""
        if len(model) >= 3 and name.text.endswith(model) and len(name.text) > len(model) + 1:
            return name.model_copy(update={"value": name.text.removesuffix(model).rstrip("-—/（( ")})
    return name


# 盾构机（DG6250）2台, 盾构机2台
_MORE_THAN_A_NAME = re.compile(r"(?<=[\u4e00-\u9fff）])(?:[（(](?=[^（）()]*\d)[A-Za-z0-9][A-Za-z0-9\-/.]*型?[)）](?:共|计|共计)?(?:\d+[台套件个批吨支只块片][套]?)?|(?:共|计|共计)?\d+[台套件个批吨支只块片][套]?)$")


def _named_with_model(hits: Iterable[Hit]) -> Field | None:
    """The product where name and model stand behind one label."""
    for hit in hits:
        if not hit.blank and (made := make_field("product_name", split_product(hit.piece)[0], found=hit.score, within=hit.piece)) and _is_short(made):
            return made
    return None


def choose_date(hits: Iterable[Hit]) -> Field | None:
    """The date behind a label that is no field of the contract."""
    for hit in hits:
        if not hit.blank and (made := make_field("signed_on", hit.piece, found=hit.score)):
            return made
    return None


_THE_SAME = re.compile(r"^(?:同|与)(?:上述)?投保人(?:相同|一致|同)?$")


def _as_policyholder(insured: Field | None, policyholder: Field | None) -> Field | None:
    """Who is insured, where the policy only says 同投保人; None where nobody knows who that is."""
    if insured is None or not _THE_SAME.match(insured.text):
        return insured
    return insured.corrected(policyholder.text, min(insured.confidence, policyholder.confidence), policyholder.accepted, "保险单写明同投保人") if policyholder else None


def _parties_by_order(fields: dict[str, Field | None], hits: Sequence[Hit]) -> None:
    """Where the upright heading 投保人 beside 名称 couldn't be read: the first name is the policyholder's, the second the insured's."""
    missing = [name for name in ("policyholder_name", "insured_name") if fields[name] is None]
    if not missing:
        return
    found = [(h, made) for h in sorted(hits, key=lambda h: h.order) if not h.blank and (made := make_field("policyholder_name", h.piece, found=h.score * 0.9)) and _is_party(made)]
    known = {(f.source.page, f.source.box) for name in ("policyholder_name", "insured_name") if (f := fields[name]) is not None and f.source}
    rest = [made for _, made in found if made.source and (made.source.page, made.source.box) not in known]
    fields.update(zip(missing, rest, strict=False))
    holder, insured = fields["policyholder_name"], fields["insured_name"]
    if holder and insured and missing == ["insured_name"] and holder.value == insured.value:  # as it mostly is: nothing speaks against the order
        fields["insured_name"] = confirmed(insured, "与投保人相同", min(holder.confidence, insured.confidence / 0.9))


# ---------------------------------------------------------------- sentences

_ORG = r"[\u4e00-\u9fffA-Za-z0-9()·&]{2,40}?(?:公司|厂|集团|研究[院所]|中心|大学|学院|医院|合作社|事务所|[(]有限合伙[)])"
_CALLED = r"(?:[(](?:以下|下称|简称)[^()]*[)])"
_IS = r"(?:合计|总计|共计|总额|金额|即|计|应)*(?:为|是|系|计|收|共|[:：])+"
_INSURANCE = r"[^,，。;；:：《》“”]{3,38}?险(?:[(][^()]{1,14}[)])?"
_MAKES = r"(?:生产|制造|研制|研发|开发|设计|销售|提供|交付)"
_DAY = r"(?:\d{4}|[〇零○一二三四五六七八九]{4})[年\-./](?:\d{1,2}|[一二三四五六七八九十]{1,2})[月\-./](?:\d{1,2}|[一二三四五六七八九十廿]{1,3})日?"
_SUM_OF_MONEY = r"(?:人民币|RMB|CNY|[¥￥\d壹贰叁肆伍陆柒捌玖])"
_END_OF_PRODUCT = r"(?=[(](?:以下|规格|产品|型号|版本|简称|详见|共|数量)|[(][A-Za-z0-9][A-Za-z0-9\-/.]*[)]|[(][^()]*[型版][^()]*[)]|[,，。;；、]|承担|因|共?\d+[台套件个批吨]|为本保|(?:项目|产品)?的|产品质量|$)"
# what a policy in letter form says in sentences; the sums with all that stands behind them up to the full stop, so that their words are there too
_SENTENCES: dict[str, tuple[str, ...]] = {
    "policyholder_name": (
        rf"鉴于[\"“(]?(?:投保人)?[:：]?(?P<v>[\u4e00-\u9fffA-Za-z0-9()·]{{4,40}}?){_CALLED}?(?:已经?|作为投保人)?向",
        rf"(?:鉴于|根据|由|应|经)(?P<v>{_ORG})[(](?:以下)?(?:简?称)(?:为)?[:：]?[“\"]?(?:投保人|被保险人)",
        rf"投保人[:：]?(?P<v>{_ORG})(?={_CALLED}|已|向|就|与|同意|的(?:申请|要求|投保)|[,，])",
        rf"(?:接受|承保|受理|同意)(?P<v>{_ORG})[的之]?(?:投保|申请|要约)",
        rf"以(?P<v>{_ORG})为投保人",
        rf"应(?P<v>{_ORG})[之的](?:请求|申请|要求|投保)",
        rf"由(?P<v>{_ORG})(?:向本?[^,，。;；]{{0,16}})?投保",
        rf"(?:鉴于|根据|由|经|据)(?P<v>{_ORG})[(]投保人[)]",
    ),
    "insured_name": (
        rf"被保险人(?:名称)?(?:为|是|系|即|[:：])?(?P<v>{_ORG})(?=(?:所|自行|依法)?{_MAKES}|{_CALLED}|[(](?:以下)?(?:简?称)|[,，。;；、]|就|因|的)",
        rf"(?:鉴于|根据|由|应|经|对|为)(?P<v>{_ORG})[(](?:以下)?(?:简?称)(?:为)?[:：]?[“\"]?(?:投保人(?:[/、及和暨]|兼)?)?被保险人",
        rf"(?:以|列)(?P<v>{_ORG})[为作](?:投保人[及和暨兼、]?)?被保险人",
    ),
    "product_name": (
        rf"(?:所称|所指|所保|承保)之?的?(?:产品|标的物?|设备|装备|软件|材料)(?:系指|是指|指|为|系|是)[:：]?(?P<v>[^,，。;；:：()]{{2,50}}?){_END_OF_PRODUCT}",
        rf"{_MAKES}(?:[、和及与并]*{_MAKES})*的(?P<v>[^,，。;；:：()]{{2,50}}?){_END_OF_PRODUCT}",
        rf"(?:保险标的|投保产品|承保产品|被保险产品|保险标的物|标的产品)(?:名称)?(?:为|是|系)(?P<v>[^,，。;；:：()]{{2,50}}?){_END_OF_PRODUCT}",
    ),
    "insurance_product": (
        rf"(?:投保|购买|选购|续保)(?:了|的|是|险种为|险种是|险种|我公司的?|本公司的?|[:：])*[《“\"]?(?P<v>{_INSURANCE})[》”\"]?(?=已|业经|[,，。;；、]|保险单|保单|，|的?保险?期|于|自|的|一份|$)",
        rf"(?:本保险单|本保单|本保险合同|本合同|兹)?(?:适用|按照|根据|依照|依据)《(?P<v>{_INSURANCE})(?:条款)?》",
    ),
    "sum_insured": (rf"(?:累计|总)(?:责任|赔偿)限额{_IS}(?P<v>[^。;；]{{2,80}})", rf"(?<![每次一人故高计项])(?:总?保险金额|责任限额|赔偿限额){_IS}(?P<v>[^。;；]{{2,80}})",
        rf"(?<![每次一人故高计总项])(?:最高|累计|总)*(?:责任|赔偿|赔付|保障|补偿|保险)总?[之的]?(?:限额|金额|额度|额)[,，]?(?:累计|合计|总计|共计|最高|以|不|逾|超过|高于|大于|得|为|是|系|计|即|[:：])+(?P<v>{_SUM_OF_MONEY}[^。;；]{{2,80}})",
        rf"(?:累计|最高)(?:赔偿|保险|保障)?(?:责任|金额)[^。;；,，\d]{{0,8}}?(?:以|超过|不逾|限于)(?P<v>{_SUM_OF_MONEY}[^。;；]{{2,80}})"),
    "premium_rate": (r"费率(?:为|按|是|系|[:：])*(?P<v>年?[百千]分之[〇零一二三四五六七八九十点\d.]+|\d[\d.]*[%‰])",
                     r"(?:保险费|保费)[,，]?(?:按|依|以)[^。;；,，]{0,30}?(?P<v>[百千]分之[〇零一二三四五六七八九十点\d.]+|\d[\d.]*[%‰])[,，]?(?:计收|计算|收取|计付|计|核收)",
                     r"[按以依]照?(?P<v>[百千]分之[〇零一二三四五六七八九十点\d.]+|\d[\d.]*[%‰])的?(?:年|保险)?费率"),
    "premium": (
        rf"(?<!期)(?:保险费|保费){_IS}(?P<v>(?:人民币|RMB|CNY|[¥￥(壹贰叁肆伍陆柒捌玖\d])[^。;；]{{1,80}})",
        rf"(?:保险费|保费)[,，]?(?:按|依|以)[^。;；]{{2,40}}?[,，]?(?:计收|计算|收取|核收)[,，]?(?:合计|共计|总计|应收|[为即计])*(?P<v>{_SUM_OF_MONEY}[^。;；]{{1,80}})",
        r"(?:应收|应交|应缴|应付|收取|实收|总)(?:保险费|保费)(?P<v>(?:人民币|RMB|CNY|[¥￥])[^。;；]{1,80})",
        r"(?:交付|交纳|缴纳|缴付|缴清|支付|收取|收讫|计收)(?:了|全部|的)*(?:保险费|保费)(?:合计|共计|总计|计)?(?P<v>(?:人民币|RMB|CNY|[¥￥])[^。;；]{1,80})",
    ),
    "period": (rf"(?:保险|承保|责任|保障)(?:责任|期[间限]|有效期限?|起[止讫])*[^。;；\d]{{0,12}}?(?P<v>[自由从于]?{_DAY}[^。;；]{{0,16}}?(?:至|到|迄|讫|止于|终于|截至)[^。;；]{{0,4}}?{_DAY}[^。;；]{{0,12}})",
               r"(?P<v>自?(?:\d{4}|[〇零○一二三四五六七八九]{4})年.{0,30}起.{0,8}至.{0,40}止)", r"(?P<v>自(?:\d{4}|[〇零○一二三四五六七八九]{4})年.{2,30}至(?:\d{4}|[〇零○一二三四五六七八九]{4})年.{2,12}[时日])"),
}
_OPENINGS: dict[str, str] = {  # with which a paragraph begins
    "policyholder_name": rf"(?!鉴于|根据|经|兹|由)(?P<v>{_ORG})[(](?:以下)?(?:简?称)(?:为)?[:：]?[“\"]?投保人",
    "insured_name": rf"(?!鉴于|根据|经|兹|由|对)(?P<v>{_ORG})[(](?:以下)?(?:简?称)(?:为)?[:：]?[“\"]?(?:投保人(?:[/、及和暨]|兼)?)?被保险人",
}
_ITEM = re.compile(r"\d{1,2}[.、．](?!\d)|[(]?[一二三四五六七八九十\d]{1,2}[)、]|第[一二三四五六七八九十]{1,3}条|(?:责任|约定|特约)\d")  # with which a line begins a new item
_SAID = 0.94  # how surely what a sentence says in so many words is the policy's
_NO_PRODUCT = re.compile(r"^(?:产品|货物|商品|上述|该|本|保险产品|服务|资料|材料|证明|单证|索赔|损失|缺陷)|保险|责任|证明|资料")
_BEHIND = re.compile(r"^\W*(?:[一二三四五六七八九十]{1,2}[、.])?(?:特别约定|特约条款|明示告知|重要提示|投保须知|责任免除)(?:$|[:：]|清单|如下|[A-Za-z])|^[\u4e00-\u9fff()]{2,30}条款$|^第[一二三]条")


def in_prose(pages: Sequence[Page]) -> dict[str, list[Hit]]:
    """What a policy in letter form says in its sentences, as hits; from special conditions and clauses nothing is taken."""
    whole = _wording(pages)
    out: dict[str, list[Hit]] = {name: [] for name in _SENTENCES}
    folded = whole.folded
    starts = list(accumulate((len(fold(span.text)[0]) for span in whole.spans), initial=0))
    items = [at for at in starts if _ITEM.match(folded, at)]
    for name, patterns in _SENTENCES.items():
        said = [m for pattern in patterns for m in re.finditer(pattern, folded)]
        opened = [m for at in starts if name in _OPENINGS and (m := re.compile(_OPENINGS[name]).match(folded, at))]
        for m in (*said, *opened):
            piece = whole.between(m.start("v"), min(at for at in (m.end("v"), *items) if at > m.start("v"))).stripped()
            if not piece or (name == "product_name" and _NO_PRODUCT.search(piece.folded)) or (name in ("policyholder_name", "insured_name") and (not is_organisation(piece.folded) or re.search(r"\d{4}", piece.folded))):
                continue
            label = whole.between(m.start(), max(m.start() + 1, m.start("v")))
            if piece.folded not in [h.piece.folded for h in out[name]]:
                out[name].append(Hit(name, label, "", replace(piece, via=(label.text, "inline")), "", _SAID, "inline", False, (0, label.box.y0, label.box.x0)))
    for name in ("policyholder_name", "insured_name", "product_name"):
        if len(out[name]) > 1:  # sentences that name several are a matter for a person
            out[name] = [replace(h, score=0.85) for h in out[name]]
    return out


def _wording(pages: Sequence[Page]) -> Piece:
    """The running text of a policy up to its special conditions or clauses. Where the clauses come first, that of the page behind them which declares what is insured."""
    spans: list[Span] = []
    behind = False
    for n, page in enumerate(pages):
        lines = [span.line for span in spans_of(page)]
        if (behind or n > 1) and (spans or not _declares(lines)):
            continue
        behind = False
        for line in in_rows(lines):
            if _BEHIND.match(fold(line.text)[0]):
                behind = True
                break
            spans.append(Span(page, line, 0, len(line.text)))
        if behind and not _declares(s.line for s in spans):
            spans = []
    return Piece(tuple(spans))


_DECLARING = re.compile(r"保险?[单证]号?码?|投保人|被保险人|(?:责任|赔偿|保险|保障).{0,2}(?:限额|金额|额度)|保险费|保费|保险(?:责任|期[间限])")


def _declares(lines: Iterable[Line]) -> bool:
    """Whether lines say what this policy insures, which clauses don't: parties, sums and dates of its own."""
    text = "".join(fold(line.text)[0] for line in lines)
    return len(set(_DECLARING.findall(text))) >= 3 and bool(re.search(_DAY, text)) and bool(re.search(r"\d{1,3}(?:,\d{3})+|\d{4,}元|\d元|万元", text))


def _insurer(pages: Sequence[Page], hits: Sequence[Hit]) -> Field | None:
    """The insurer as it signs or heads the policy, with the branch that the paper names anywhere; of several that share it the leading one."""
    found = _signed_or_headed(pages, sorted(hits, key=lambda h: h.wanted not in LEADING))
    if found is None or _OFFICE.search(found.text):
        return found
    fuller = [made for page in pages for line in in_rows(page.lines)
              if (part := piece_of(page, line).search(_INSURER)) and len(part.folded) > len(fold(found.text)[0]) and part.folded.startswith(fold(found.text)[0])
              and (made := make_field("insurer_name", part, found=0.95, within=piece_of(page, line)))]
    if fuller:
        named = max(fuller, key=lambda f: f.confidence).over([(found, "未带分支机构")])
        return named if len({f.text for f in fuller}) == 1 else doubted(named, "分支机构不止一处：" + "、".join(sorted({f.text for f in fuller})))
    return found


_OFFICE = re.compile(rf"{_OFFICES}$")
_ABOUT_PAPER = re.compile(r"^(?:电子|共保)?(?:保险|保单|批单|投保)")


def _signed_or_headed(pages: Sequence[Page], hits: Sequence[Hit]) -> Field | None:
    """The insurer behind its label or in the head; where both are there they bear each other out."""
    labelled: Field | None = None
    for hit in hits:
        if hit.blank:
            continue
        part = hit.piece.search(_INSURER)
        if part and (made := make_field("insurer_name", part, found=hit.score, within=hit.piece)):
            rest = hit.piece.folded.partition(part.folded)[2]
            labelled = doubted(made, f"其后另有“{rest[:12]}”") if re.match(r"[\u4e00-\u9fff]", rest) else made
            break
    headed: Field | None = None
    for page in pages:
        for line in in_rows(page.lines):
            if line.box.cy > 0.3:
                break
            whole = piece_of(page, line)
            part = whole.search(_INSURER)
            if part and len(part.folded) >= 0.7 * len(whole.folded) and (made := make_field("insurer_name", part, found=0.95, within=whole)):
                rest = whole.folded.partition(part.folded)[2]
                if re.match(r"[\u4e00-\u9fff]", rest) and not _ABOUT_PAPER.match(rest):
                    made = doubted(made, f"其后另有“{rest[:12]}”")
                headed = headed if headed is not None and len(headed.text) >= len(made.text) else made
        if headed:
            break
    if labelled and headed:
        if labelled.value == headed.value:  # unless more stood behind the name at the foot: a branch that the head doesn't tell
            return labelled if labelled.why else confirmed(labelled if labelled.confidence >= headed.confidence else headed, "抬头与落款一致")
        longer, other = (labelled, headed) if len(labelled.text) >= len(headed.text) else (headed, labelled)
        return longer if other.text in longer.text else doubted(max(labelled, headed, key=lambda f: f.confidence), f"另见{other.text}")
    if labelled:
        return labelled
    if headed:
        return headed if _OFFICE.search(headed.text) else doubted(headed, "只见抬头，未见分支机构")
    anywhere = [made for page in pages for line in page.lines
                if (part := piece_of(page, line).search(_INSURER)) and (made := make_field("insurer_name", part, found=0.85))]
    return max(anywhere, key=lambda f: (len(f.text), f.confidence), default=None)


_COPY = re.compile(r"(?:[(（](?:[正副]\s*本|电子|抄件|样本|复印|客户|保险公司|业务|第.联|留存|中文)\S{0,10}[)）]|[正副]本|ORIGINAL|COPY)+$")
_TITLE_TAILS = ("共同保险保险单", "共同保险单", "共保保险单", "共保保单", "共保保险凭证", "保险证书", "承保声明", "承保明细表", "保险单明细表", "保险单明细", "保险明细表", "明细表", "电子保险单", "电子保单", "保险单", "保险凭证", "保险合同", "投保单", "保单", "抄件", "条款", "单")


def _without_tail(title: str) -> str:
    """A title without what makes it a paper's: 综合保险保险单（正本） and 综合保险单 are both of 综合保险; "" where nothing is left."""
    core = _COPY.sub("", title)
    rest = [core.removesuffix(tail) for tail in _TITLE_TAILS if core.endswith(tail)]
    return next((r for r in rest if _WHOLE_TITLE.search(r)), rest[0] if rest else core)


_WHOLE_TITLE = re.compile(r"险(?:\([^()]*\)|[A-Z]款)*$")  # 综合保险, 综合险A款, 综合保险（2020版）


_PRODUCT_TITLE = re.compile(r"^(?P<t>[\u4e00-\u9fffA-Za-z0-9()（）、·\-“”\"+]{2,50}?险(?:[(（](?!以下|简称|下称|续|共|第)[^()（）:：]{1,14}[)）]|[A-Z]款)?)(?:条款)?$")
_NO_INSURANCE = re.compile(r"[;；。!！?？:：]|应当|不得|按照|本保险|须|保险人|可以|有权|收到|约定|详见|^已")  # words of sentences; 与, 及, 和 stand in names too
# a line of business that stands over the policies of many products
_CATEGORY = re.compile(r"类(?:保险|险)?$|^(?:企业|商业)?(?:财产|责任|工程|特殊风险|信用保证|保证|信用|非车|财产及责任)(?:保险|险)$")


def _one_title(upper: Line, lower: Line) -> bool:
    """Whether two lines are one title in two: set alike and centred, the lower going on with 保险 what the upper began, which is no insurer's name."""
    near = lower.box.y0 - upper.box.y1 < upper.box.height and abs(upper.box.cx - lower.box.cx) < 0.05
    alike = 0.8 < upper.box.height / max(1e-6, lower.box.height) < 1.25
    begun = fold(upper.text)[0]
    rest = _without_tail(fold(lower.text)[0])
    return near and alike and len(rest) <= 12 and rest.endswith("险") and len(begun) >= 4 and not re.search(r"公司|[:：。]|单$|\d{4}|险(?:[(（][^()（）]*[)）]|[A-Z]款)*$", begun)


def _insurance_product(pages: Sequence[Page], hits: Sequence[Hit], said: Sequence[Hit], covers: Collection[str]) -> Field | None:
    """The name of the insurance: behind its label, else in the title (…综合保险保险单, or a line of its own ending in 保险), else said in a letter (您投保的…已承保)."""
    labelled = choose("insurance_product", hits, _is_insurance)
    titled: Field | None = None
    best = 0.0
    for page in pages[:1]:
        heads = [line for line in in_rows(page.lines) if line.box.cy <= 0.35]
        wrapped = [(a, b) for a, b in pairwise(heads) if _one_title(a, b)]
        for lines in (*((line,) for line in heads), *wrapped):
            line = lines[0]
            piece = piece_of(page, lines).stripped(" 《》:：")
            core = _without_tail(piece.folded)
            found = _PRODUCT_TITLE.match(core)
            if not found or "公司" in core or len(core) < 6 or _CATEGORY.search(core) or re.search(r"[:：]|鉴于|本保险|投保人|保险人|产险$", core):
                continue
            # a heading is large, centred and alone; the highest such line wins
            size = line.box.height * (1.0 if abs(line.box.cx - 0.5) < 0.1 else 0.6) * (1.2 if core != piece.folded else 1.0) * (1.3 if len(lines) > 1 else 1.0)
            if size > best:
                best, titled = size, make_field("insurance_product", piece.between(*found.span("t")), found=0.95)
    if labelled and titled:
        if labelled.value != titled.value and labelled.text in covers and titled.text not in covers:
            return titled.over([(labelled, "只是承保险别之一")])
        if labelled.value == titled.value:
            return confirmed(labelled if labelled.confidence >= titled.confidence else titled, "标题与险种一致")
        if titled.text in labelled.text or labelled.text in titled.text:
            return labelled if len(labelled.text) >= len(titled.text) else titled
    return labelled or titled or choose("insurance_product", said, _is_insurance)


def _is_insurance(value: Field) -> bool:
    return "险" in value.text and len(value.text) <= 60 and not _NO_INSURANCE.search(value.text)


# ---------------------------------------------------------------- period


_A_YEAR = re.compile(r"(?:[一壹]|(?<!\d)1)年(?!\d)|(?:12|十二)个月")


def _period(pages: Sequence[Page], hits: dict[str, list[Hit]]) -> tuple[Field | None, Field | None]:
    for hit in hits["period"]:
        made = None if hit.blank else make_period(hit.piece, hit.score)
        if made:
            return (made[0], made[1]) if all(len(m.text) == 10 for m in made) else (doubted(made[0], "未见具体日期"), doubted(made[1], "未见具体日期"))
    start = next((f for h in hits["starts"] if not h.blank and (f := make_field("period_start", h.piece, found=h.score))), None)
    end = next((f for h in hits["ends"] if not h.blank and (f := make_field("period_end", h.piece, found=h.score))), None)
    for hit in hits["period"]:
        if not (start or end or hit.blank) and _A_YEAR.search(hit.piece.folded) and len(dates := find_dates(hit.piece.text)) == 1:  # 自2020年6月1日零时起一年
            start = make_field("period_start", hit.piece.between(dates[0].start, dates[0].end), found=hit.score, value=dates[0].value, within=hit.piece)
            last = year_from(dates[0].value)
            end = start.corrected(last, 0.8 * start.confidence, False, "按自起期起一年推得") if start and last else None
    return start, end


# ---------------------------------------------------------------- covers


def _covers(pages: Sequence[Page]) -> tuple[list[Row], Field | None]:
    """The covers with their limits, and the total of the table where it has one."""
    table = table_rows(pages, _COVER_HEADS)
    if "cover" not in table.heads or "limit" not in table.heads:
        return [], None
    unit = table.units.get("limit", "")
    rows: list[Row] = []
    for cells in table.rows:
        cover = make_field("cover", cells.get("cover"))
        limit = make_field("limit", cells.get("limit"), unit, kind=Kind.MONEY)
        if cover and re.search(r"[\u4e00-\u9fff]{2}", cover.text) and limit:
            rows.append({"cover": cover, "limit": limit})
    totals = [made for cells in table.totals if (made := make_field("limit", cells.get("limit"), unit, kind=Kind.MONEY))]
    if not totals and len(rows) > 2 and _ALL_COVERS.search(rows[-1]["cover"].text):
        totals.append(rows.pop()["limit"])
    return rows, totals[0] if totals else None


_ALL_COVERS = re.compile(r"^(?:总|累计|合计|全部).*限额|限额(?:合计|总计)$")  # 总赔偿限额: a row's name that is no cover's


_SCHEDULE_HEADS: Labels = {
    "product_name": LABELS["product_name"], "sum_insured": LABELS["sum_insured"], "premium_rate": LABELS["premium_rate"], "premium": LABELS["premium"], "_": LABELS["_"],
}  # fmt: skip


def _subjects(pages: Sequence[Page]) -> set[str]:
    """The different subjects that a schedule lists."""
    table = table_rows(pages, _SCHEDULE_HEADS)
    if "product_name" not in table.heads or not {"sum_insured", "premium"} & set(table.heads):
        return set()
    return {cells["product_name"].folded for cells in table.rows if "product_name" in cells and {"sum_insured", "premium"} & set(cells)}


def _schedule_totals(pages: Sequence[Page]) -> dict[str, Field]:
    """The total row of a schedule that lists several subjects with their sums and premiums."""
    table = table_rows(pages, _SCHEDULE_HEADS)
    if not {"sum_insured", "premium"} & set(table.heads) or len(table.rows) < 2:
        return {}
    return {
        name: made
        for cells in table.totals[:1]
        for name in ("sum_insured", "premium")
        if (made := make_field(name, cells.get(name), table.units.get(name, "")))
    }


# ---------------------------------------------------------------- money

_CENT = Decimal("0.01")
_TOTAL_INSIDE = re.compile(r"(?:累计|合计|总计|总限额|总额)[^\d;；,，。]{0,16}(?P<amount>[¥￥]?\d[\d,.]*(?:百万元|万元|亿元|元|万|亿)?)")  # 每次事故100万元，累计500万元


def _amounts(name: str, hits: Sequence[Hit], least: Decimal) -> list[tuple[Field, Hit]]:
    """The candidates for an amount, surest first; what is too small to be one (an item's number) left out."""
    out: list[tuple[Field, Hit]] = []
    for hit in hits:
        if hit.blank:
            continue
        total = hit.piece.search(_TOTAL_INSIDE, "amount") if name == "sum_insured" else None
        for piece in (total, hit.piece):
            made = make_field(name, piece, hit.unit, hit.score, within=hit.piece)
            if made and made.decimal is not None and made.decimal >= least and made.value not in [f.value for f, _ in out]:
                out.append((made, hit))
    return out[:6]


def _figures(pages: Sequence[Page], hits: dict[str, list[Hit]], rows: Sequence[Row], cover_total: Field | None) -> dict[str, Field | None]:
    """Sum insured, rate and premium with their words, chosen so that they agree where any candidates do."""
    sums = _amounts("sum_insured", hits["sum_insured"], Decimal(1000))
    premiums = _amounts("premium", hits["premium"], Decimal(1))
    rates = [f for h in hits["premium_rate"] if not h.blank and (f := make_field("premium_rate", h.piece, h.unit, h.score)) and f.decimal and 0 < f.decimal < 100][:5]
    rates += [made for f in rates if not _SIGNED.search(fold(f.raw)[0]) and (made := _per_mille(f))]
    limits = [row["limit"].decimal for row in rows]
    of_covers = sum((v for v in limits if v is not None), Decimal(0)) if limits else None
    for name, total in _schedule_totals(pages).items():
        if hits[name]:
            own = sums if name == "sum_insured" else premiums
            own[:] = [(total, hits[name][0]), *(c for c in own if c[0].value != total.value)]
    if cover_total is not None and hits["sum_insured"] and cover_total.value not in [f.value for f, _ in sums]:
        sums.append((cover_total, hits["sum_insured"][0]))
    factor = next((f.decimal for h in hits["factor"] if not h.blank and (f := make_field("factor", h.piece, kind=Kind.QUANTITY)) and f.decimal), Decimal(1))
    if not Decimal("0.01") <= factor <= Decimal(5):
        factor = Decimal(1)

    # 大写 without saying of what, where no premium was read: it may be the premium's, which only the arithmetic can tell
    spoken = [] if premiums else [(made, h) for h in hits["words"] if not h.blank and (made := _spoken(h))]
    agreeing = sorted(((s, r, p) for s, r, p in product(sums, rates, premiums or spoken) if _holds(s[0], r, p[0], factor)), key=lambda c: -(c[0][0].confidence + c[1].confidence + c[2][0].confidence))
    whole = next((c for c in agreeing if len(limits) > 1 and c[0][0].decimal == of_covers), None)  # each cover's own limit, rate and premium agree, too
    chosen = whole or next(iter(agreeing), None)
    sum_hit = chosen[0][1] if chosen else sums[0][1] if sums else None
    premium_hit = chosen[2][1] if chosen else premiums[0][1] if premiums else None
    if chosen:
        (amount, _), rate, (premium, _) = chosen
        why = "保险金额×费率=保险费"
        out: dict[str, Field | None] = {"sum_insured": confirmed(amount, why, 0.985), "premium_rate": confirmed(rate, why, 0.985), "premium": confirmed(premium, why, 0.985)}
    else:
        out = {"sum_insured": sums[0][0] if sums else None, "premium_rate": rates[0] if rates else None, "premium": premiums[0][0] if premiums else None}
    lost = "保险金额×费率=保险费不成立" if chosen else "标签不如所选一处可靠"
    for name, every in (("sum_insured", [f for f, _ in sums]), ("premium_rate", rates), ("premium", [f for f, _ in premiums])):
        taken = out[name]
        out[name] = taken.over((f, lost) for f in every if f.text != taken.text) if taken else None
    sum_words = _words(pages, out["sum_insured"], sum_hit, hits["sum_words"], (), None)
    if sum_words is None:
        sum_words = _words(pages, out["sum_insured"], sum_hit, (), hits["words"], premium_hit)
        if sum_words and not premiums and out["sum_insured"] and sum_words.value != out["sum_insured"].value:
            sum_words = None  # nobody knows whether it is the sum's
    if sum_words and out["premium"] and sum_words.value == out["premium"].value and out["sum_insured"] and sum_words.value != out["sum_insured"].value:
        sum_words = None  # the premium's own words, where the sum has none
    premium_words = _words(pages, out["premium"], premium_hit, hits["premium_words"], hits["words"], None)
    overruled: dict[str, Field | None] = {}
    for name, words in (("sum_insured", sum_words), ("premium", premium_words)):
        figures = out[name]
        if words is None or (figures is not None and words.value != figures.value and words.confidence < 0.6):
            continue
        if figures is None:
            out[name] = words
        elif figures.value == words.value:
            out[name], _ = agree_in_words(figures, words)
        elif not chosen and _better_by_words(name, words, out, factor):
            out[name] = words.noted(f"小写读作{figures.text}").over([(figures, "与大写及保险金额×费率=保险费不符，或小写未读清")])
            overruled[f"{name}_in_figures"] = figures
        elif not chosen:
            out[name] = contradicted(figures, f"大写为{words.text}", 0.6)
        else:
            out[name] = doubted(figures, f"大写为{words.text}")
    amount_, rate_, premium_ = out["sum_insured"], out["premium_rate"], out["premium"]
    if not chosen and amount_ and premium_ and rate_:
        if _holds(amount_, rate_, premium_, factor):
            why = "保险金额×费率=保险费"
            out |= {"sum_insured": confirmed(amount_, why), "premium_rate": confirmed(rate_, why), "premium": confirmed(premium_, why)}
        else:
            why = "保险金额×费率≠保险费"
            sure = {n: f is not None and "大小写一致" in f.why for n, f in out.items()}
            out |= {n: f if sure[n] and n != "premium_rate" else doubted(f, why) for n, f in (("sum_insured", amount_), ("premium_rate", rate_), ("premium", premium_))}
    if amount_ and premium_ and (amount_.decimal or 0) <= (premium_.decimal or 0):
        why = "保险金额不大于保险费"
        out |= {"sum_insured": contradicted(amount_, why), "premium": contradicted(premium_, why)}
    rate_ = out["premium_rate"]
    if rate_ and not chosen and (rate_.decimal or 0) >= _HIGH_RATE:
        out["premium_rate"] = doubted(rate_, "费率偏高，未经核对")
    amount_ = out["sum_insured"]
    if amount_ and of_covers and amount_.decimal == of_covers:
        out["sum_insured"] = confirmed(amount_, "各险别限额之和=保险金额")
    return {**out, **overruled, "premium_words": premium_words, "sum_words": sum_words}


def _spoken(hit: Hit) -> Field | None:
    """The amount in words behind a label, as a candidate for the premium."""
    words = find_words(hit.piece.folded)
    amount = parse_words(words) if words else None
    return make_field("premium", hit.piece.search(re.escape(words)), found=0.8 * hit.score, value=amount.value) if words and amount else None


_SIGNED = re.compile(r"%(?![0oOº°])|‰|[百千]分之")
_HIGH_RATE = Decimal(10)  # percent a year; insurance of products costs a few


def _per_mille(rate: Field) -> Field | None:
    """A rate whose sign wasn't read taken for one in ‰; for the arithmetic to decide."""
    return rate.corrected(plain(rate.decimal / 10), 0.8 * rate.confidence, False, f"印刷读作{rate.raw}，按‰计") if rate.decimal else None


def _holds(amount: Field, rate: Field, premium: Field, factor: Decimal) -> bool:
    """Whether sum × rate = premium, to half of the last digit that the premium is written in; a policy written in whole yuan is good to half a yuan."""
    money = money_of(premium)
    if amount.decimal is None or rate.decimal is None or money is None:
        return False
    step = max(money.step, Decimal(1) if money.amount == money.amount.to_integral_value() else _CENT)
    return abs(amount.decimal * rate.decimal / 100 * factor - money.amount) <= step / 2 + Decimal("0.005")


def _better_by_words(name: str, words: Field, fields: dict[str, Field | None], factor: Decimal) -> bool:
    """Whether the words rather than the figures are right: the arithmetic holds with them, or the figures were hardly read and the words well."""
    figures, rate = fields[name], fields["premium_rate"]
    other = fields["premium" if name == "sum_insured" else "sum_insured"]
    if rate and other:
        pair = (words, other) if name == "sum_insured" else (other, words)
        if _holds(pair[0], rate, pair[1], factor):
            return True
    return figures is not None and figures.confidence < 0.8 <= words.confidence


def _words(pages: Sequence[Page], figures: Field | None, hit: Hit | None, labelled: Sequence[Hit], plain_hits: Sequence[Hit], following: Hit | None) -> Field | None:
    """The amount in words that belongs to these figures: in the same piece, behind its own label, or behind the next 大写 below."""
    pieces: list[tuple[Piece, float]] = []
    if hit is not None:
        pieces.append((hit.piece, hit.score))
    pieces += [(h.piece, h.score) for h in labelled if not h.blank]
    if hit is not None:
        below = sorted((h for h in plain_hits if not h.blank and h.order[0] == hit.order[0] and h.box.cy >= hit.box.cy - 0.004), key=lambda h: (round(h.box.cy, 3), h.box.x0))
        if below and (following is None or following.order < hit.order or below[0].order[0] != following.order[0] or below[0].box.cy < following.box.cy - 0.004
                      or abs(below[0].box.cy - hit.box.cy) < 0.006):
            pieces.append((below[0].piece, below[0].score))
    for piece, score in pieces:
        words = find_words(piece.folded)
        if words is None:
            continue
        amount = parse_words(words)
        start = piece.folded.find(words)
        part = piece.between(start, start + len(words)) if start >= 0 else NOTHING
        if amount is not None and part:
            cut_off = start > 0 and not re.match(r"[币写整:(（:¥\d元]", piece.folded[start - 1])  # a character before them wasn't read as a numeral
            return make_field("amount_in_words", part, found=score * (0.5 if cut_off else 1.0), kind=Kind.MONEY, value=amount.value)
    return None

