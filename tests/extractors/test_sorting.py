"""Which paper a page belongs to, and where one ends and the next begins."""

from __future__ import annotations

import itertools

import pytest
from drawn import line, page
from typed import typed

from extractors.sorting import distinct, sort_pages
from extractors.sorting.scores import link_score
from extractors.sorting.traits import look
from extractors.sorting.vocabulary import vocabulary
from models.geometry import Box
from models.page import Page, PageSource, Seal
from models.paper import Paper, PaperType

T = PaperType

FORM = """# 宁波市高端装备首台（套）保险补贴申请表
填报时间：2021年1月14日
投保企业名称|宁波某某装备有限公司|联系人及电话|孙文 15837280001
承保机构名称|某某财产保险股份有限公司宁波分公司|保险年次|☑第一年
申请保费补贴金额（万元）|1.9|申请补贴比例（%）|80
以上填报内容及附件内容均属实并愿意承担法律责任。
属地经信部门意见|属地财政部门意见"""
LICENCE = """# 营业执照
（副本）
统一社会信用代码 91330205MA29FQKN77
名称 宁波某某装备有限公司
类型 有限责任公司（自然人投资或控股）
法定代表人 张三
注册资本 壹仟万元整
成立日期 2001年07月12日
经营范围 成套装备的研发、制造
登记机关 宁波市市场监督管理局"""
WEB_BANKING = """某某银行企业网上银行
# 转账汇款-交易明细
付款户名：|宁波某某装备有限公司
付款账号：|3310123456789012
收款户名：|某某财产保险股份有限公司宁波分公司
收款账号：|3310987654321098
转账金额：|12,500.00
提交时间：|2020-06-10 14:15:16
处理结果：|交易成功"""
CONTRACT_1 = """# 产品销售合同
合同编号：XS-2020-{n}
供方：宁波某某装备有限公司
需方：{buyer}
根据《中华人民共和国合同法》及有关法律法规，供需双方经友好协商，就产品购销事宜签订本合同，共同遵守。
一、产品名称、型号、数量、金额及交货时间：
产品名称|规格型号|数量|单价（元）|总金额（元）
起重机|CZ6320|1|500,000.00|500,000.00
二、交货地点：需方指定的厂区现场，运输费用由供方承担，货物交付前的毁损、灭失风险由供方承担，交付后的风险由需方承担。
三、付款方式：合同签订后支付30%，验收合格后付清。{foot}"""
CONTRACT_2 = """四、违约责任：供方逾期交货的，每逾期一日按逾期交货部分货款的万分之五向需方支付违约金，累计不超过合同总价的百分之五。
五、不可抗力：由于不可抗力原因致使合同不能履行的，遇有不可抗力的一方应立即书面通知对方。
六、争议解决：协商不成的，任何一方均可向合同签订地有管辖权的人民法院提起诉讼。
七、本合同一式四份，双方各执两份，自双方签字盖章之日起生效。
供方（盖章）：宁波某某装备有限公司|需方（盖章）：{buyer}
法定代表人：张三|法定代表人：李四
签订日期：2020年2月13日|签订日期：2020年2月13日{foot}"""
INVOICE = """# 宁波增值税专用发票
3302204130|No {n}
|开票日期：2020年03月07日
购买方|名称：{buyer}|密码区
纳税人识别号：91330320MA2KCM6R37|<+3>/95-*4<0/7>-2+<8
货物或应税劳务、服务名称|单位|数量|单价|金额|税率|税额
{goods}|台|1|442477.88|442477.88|13%|57522.12
价税合计（大写）|伍拾万圆整|（小写）¥500000.00
销售方|名称：{seller}
收款人：徐某|复核：吴某|开票人：赵某"""
POLICY_1 = """某某财产保险股份有限公司宁波分公司
# 首台（套）综合保险保险单
保险单号：PZDX20203302000000018{n}
投保人：宁波某某装备有限公司
被保险人：宁波某某装备有限公司
保险金额/责任限额：人民币500,000.00元
总保险费：人民币11,750.00元
保险期间：自2020年3月1日零时起至2021年2月28日二十四时止
特别约定：每次事故免赔额为损失金额的5%。"""
SCHEDULE_OF_POLICY = """保单号：{policy}
# 首台（套）综合保险保险单明细表
承保产品
序号|产品名称|型号规格|数量
1|起重机|CZ6320|1
被保险人：宁波某某装备有限公司
第2页 共2页"""
POLICY_2 = """第一条 本保险合同由保险条款、投保单、保险单、保险凭证以及批单组成。凡涉及本保险合同的约定，均应采用书面形式。
第二条 投保人、被保险人及其代表的故意行为、战争、敌对行动造成的损失，保险人不负责赔偿。
第三条 保险人自向被保险人赔偿之日起，在赔偿金额范围内代位行使请求赔偿的权利。
签单公司：某某财产保险股份有限公司宁波分公司"""
VOUCHER = """# 网上银行电子回单
电子回单号码：20200516979{n}
付款人户名|宁波某某装备有限公司
付款人账号|3901311409267112123
收款人户名|某某财产保险股份有限公司宁波分公司
金额|小写：¥11,750.00
交易时间|2020-05-16
摘要|保险费
重要提示：本回单不作为收款方发货依据，请勿重复记账。"""
CERTIFICATE = "# 宁波市首台（套）产品认定证书\n证书编号：甬首台套2019-204\n企业名称：宁波某某装备有限公司\n产品名称：起重机\n经审核，该产品符合首台（套）产品认定条件，特发此证。"
REPORT_1 = "# 检验检测报告\nTEST REPORT\n报告编号：CP20207{n}\n样品名称：高纯靶材\n委托单位：宁波某某材料有限公司\n检测类别：委托检测"
REPORT_2 = "# 检测结果\n报告编号：CP20207{n}\n共2页第2页\n序号|检验项目|标准要求|实测值|单项判定\n1|抗拉强度|≥250|287|合格\n主检：王某 审核：林某 批准：王某"
PATENT = "# 发明专利证书\n发明名称：一种靶材\n发明人：王某;李某\n专利号：ZL201716534263.2\n专利权人：宁波某某材料有限公司\n专利权自授权公告之日起生效。"
SOFTWARE = "# 计算机软件著作权登记证书\n软件名称：某某排产软件\n著作权人：宁波某某软件有限公司\n首次发表日期：未发表\n权利取得方式：原始取得\n登记号：2019SR1252040"
IDENTITY = "姓名 吴某\n性别 男 民族 汉\n住址 浙江省宁波市\n公民身份号码 330***********711\n中华人民共和国\n居民身份证\n签发机关 宁波市公安局"
COVER = "# 目 录\n1. 保险补贴申请表 ……1\n2. 企业法人营业执照副本复印件 ……2\n3. 投保产品销售合同、发票复印件 ……3\n4. 保单正本及复印件 ……8"
ACCEPTANCE = "# 设备验收单\n使用单位：江苏某某科技股份有限公司\n设备名称：起重机\n验收结论：运行正常，同意验收。\n验收日期：2020年5月6日"

BUYER, OTHER_BUYER, INSURER = "江苏某某新能源科技股份有限公司", "台州某某橡塑制品有限公司", "某某财产保险股份有限公司宁波分公司"
APPLICANT = "宁波某某装备有限公司"


def contract(n: str = "0233", buyer: str = BUYER, numbered: bool = True) -> list[str]:
    foot = ("\n第1页 共2页~", "\n第2页 共2页~") if numbered else ("", "")
    return [CONTRACT_1.format(n=n, buyer=buyer, foot=foot[0]), CONTRACT_2.format(buyer=buyer, foot=foot[1])]


SALE = INVOICE.format(n="52868789", buyer=BUYER, seller=APPLICANT, goods="*起重机械*起重机")
PREMIUM = INVOICE.format(n="40511638", buyer=APPLICANT, seller=INSURER, goods="*保险服务*首台套保险费")


def scanned(*texts: str) -> list[Page]:
    """One merged scan of these pages; "" is a blank one."""
    return [typed(t, number=n) if t else blank(n) for n, t in enumerate(texts, 1)]


def photographed(*texts: str) -> list[Page]:
    """One file a page."""
    return [typed(t, file=f"IMG_{n:02}.jpg") for n, t in enumerate(texts, 1)]


def blank(number: int) -> Page:
    return Page(file="scan.pdf", number=number, width=595, height=842, source=PageSource.BLANK)


def numbers(papers: tuple[Paper, ...]) -> list[tuple[PaperType, list[int]]]:
    """Each paper's type and its pages, counted over the whole submission."""
    return [(p.type, [n if part.file == "scan.pdf" else int(part.file[4:6]) for part in p.parts for n in part.pages]) for p in papers]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (FORM, T.APPLICATION_FORM), (LICENCE, T.BUSINESS_LICENCE), (contract()[0], T.SALES_CONTRACT), (contract()[1], T.SALES_CONTRACT), (SALE, T.SALES_INVOICE),
        (PREMIUM, T.PREMIUM_INVOICE), (POLICY_1.format(n=1), T.INSURANCE_POLICY), (POLICY_2, T.INSURANCE_POLICY), (VOUCHER.format(n=1), T.PAYMENT_VOUCHER),
        (CERTIFICATE, T.FIRST_SET_CERTIFICATE), (REPORT_1.format(n=1), T.TEST_REPORT), (REPORT_2.format(n=1), T.TEST_REPORT), (PATENT, T.IP_CERTIFICATE),
        (SOFTWARE, T.IP_CERTIFICATE), (ACCEPTANCE, T.DELIVERY_PROOF), (WEB_BANKING, T.PAYMENT_VOUCHER), (COVER, T.COVER), (IDENTITY, T.OTHER),
        ("# 2022年度宁波市首版次软件保险补贴\n# 申报案卷\n申报企业：宁波某某软件有限公司\n联系电话：13900000000", T.COVER),
        ("# 授权委托书\n兹委托张三办理保险补贴申请事宜。\n特此证明", T.OTHER),
        ("# 介绍信\n某某区经济和信息化局：\n兹介绍我公司张三同志前来贵局办理宁波市高端装备首台（套）保险补贴申报事宜，请予接洽。\n（有效期十天）", T.OTHER),
        (("# 设备安装调试报告\n客户名称：|某某铸造有限公司\n产品名称：|加工机\n规格型号：|BT-965\n安装数量：|2台\n安装调试情况：\n按装箱单清点设备，完成就位、找平、接线和通电试车，精度检验符合出厂标准。\n"
          "客户验收意见：\n设备运行正常，于2020年9月7日通过验收。"), T.DELIVERY_PROOF),
        ("# 技术开发（委托）合同\n项目名称：某某系统\n委托方（甲方）：某某港口有限公司\n受托方（乙方）：某某软件有限公司\n签订地点：宁波", T.SALES_CONTRACT),
        ("# 采购订单\n订单编号：PO-2020-118\n买方：某某有限公司\n卖方：某某材料有限公司\n物料名称|数量|单价|金额\n带材|5|90,000.00|450,000.00", T.SALES_CONTRACT),
        ("# 宁波市高端装备首台（套）保险补贴申请汇总表\n承保机构（盖章）：某某财险\n序号|投保企业|保险合同金额|申请补贴金额\n1|某某公司|500|1.9", T.INSURER_SUMMARY),
        ("# 宁波市高端装备首台（套）保险理赔情况汇总表\n序号|保单号|出险时间|出险原因|赔付金额\n1|P1|2020-05-01|断裂|3", T.CLAIMS_SUMMARY),
        ("# 事业单位法人证书\n名称 宁波某某学院\n宗旨和业务范围 高等教育\n开办资金 5000万元\n举办单位 宁波市人民政府", T.BUSINESS_LICENCE),
        ("# 进账单（回单）\n出票人 全称 宁波某某装备有限公司\n收款人 全称 某某财产保险股份有限公司\n付款人账号 3901\n人民币（大写）壹万元整", T.PAYMENT_VOUCHER),
    ],
)
def test_a_page_s_type(text: str, kind: PaperType) -> None:
    (paper,) = sort_pages([typed(text)])
    assert paper.type is kind


def test_a_merged_scan_with_blank_and_stray_pages() -> None:
    papers = sort_pages(scanned(COVER, FORM, LICENCE, IDENTITY, *contract(), "", SALE, POLICY_1.format(n=1), POLICY_2, PREMIUM, VOUCHER.format(n=1)))
    assert numbers(papers) == [
        (T.COVER, [1]), (T.APPLICATION_FORM, [2]), (T.BUSINESS_LICENCE, [3]), (T.OTHER, [4]), (T.SALES_CONTRACT, [5, 6]), (T.OTHER, [7]), (T.SALES_INVOICE, [8]),
        (T.INSURANCE_POLICY, [9, 10]), (T.PREMIUM_INVOICE, [11]), (T.PAYMENT_VOUCHER, [12])]


def test_a_blank_back_side_does_not_part_a_contract() -> None:
    first, second = contract()
    assert numbers(sort_pages(scanned(first, "", second))) == [(T.SALES_CONTRACT, [1, 3]), (T.OTHER, [2])]


@pytest.mark.parametrize("numbered", [True, False])
def test_two_contracts_in_a_row(numbered: bool) -> None:
    papers = sort_pages(scanned(*contract("0233", BUYER, numbered), *contract("0569", OTHER_BUYER, numbered)))
    assert numbers(papers) == [(T.SALES_CONTRACT, [1, 2]), (T.SALES_CONTRACT, [3, 4])]


def test_a_cover_sheet_with_the_contract_s_title_belongs_to_it() -> None:
    cover = f"\n\n\n# 产品销售合同\n合同编号：XS-2020-0233\n供方：{APPLICANT}\n需方：{BUYER}"
    assert numbers(sort_pages(scanned(cover, *contract(numbered=False)))) == [(T.SALES_CONTRACT, [1, 2, 3])]


def test_a_supplementary_agreement_is_a_paper_of_its_own() -> None:
    more = f"# 补充协议\n甲方（需方）：{BUYER}\n乙方（供方）：{APPLICANT}\n一、甲方增购起重机1台，增加合同金额人民币伍拾万元整（¥500,000.00）。\n第1页 共1页~"
    assert numbers(sort_pages(scanned(*contract(), more))) == [(T.SALES_CONTRACT, [1, 2]), (T.SALES_CONTRACT, [3])]


@pytest.mark.parametrize(
    ("paper", "more"),
    [
        (contract(numbered=False), "# 技术协议\n甲方：某某新能源科技股份有限公司\n一、主要技术参数：额定起重量25t，工作半径30m。\n二、供货范围：主机一台。"),
        (contract(numbered=False), "采购人（公章）|供应人（公章）\n法定代表人或授权人：|法定代表人或授权人：\n日期：2020年2月26日|日期：2020年2月26日"),
        (contract(numbered=False), "附件一 价格清单\n货物名称|型号|数量|单价|总价\n起重机|CZ6320|1|500,000.00|500,000.00"),
        ([SALE], "# 销售货物或者提供应税劳务清单\n所属增值税专用发票代码：3302204130 号码：52868789\n序号|货物名称|数量|单价|金额|税率|税额\n1|起重机|1|442477.88|442477.88|13%|57522.12"),
        ([POLICY_1.format(n=1)], "# 首台（套）综合保险条款\n第一条 本保险合同由保险条款、投保单、保险单组成。\n第二条 保险人不负责赔偿的情形：战争、核辐射。"),
        ([REPORT_1.format(n=1)], "# 声 明\n1. 报告无检验检测专用章无效。\n2. 复制报告未重新加盖检验检测专用章无效。\n3. 对检验报告若有异议，应于收到之日起十五日内提出。"),
    ],
    ids=["technical agreement", "signatures", "price list", "list of goods", "clauses", "statement"],
)
def test_what_is_attached_stays_with_its_paper(paper: list[str], more: str) -> None:
    (only,) = sort_pages(scanned(*paper, more))
    assert only.parts[0].pages == tuple(range(1, len(paper) + 2))


def test_instalments_are_papers_of_their_own_though_they_look_alike() -> None:
    second = PREMIUM.replace("40511638", "40511639").replace("03月07日", "09月05日")
    papers = sort_pages(scanned(PREMIUM, second, VOUCHER.format(n=137969), VOUCHER.format(n=255997).replace("05-16", "08-01")))
    assert numbers(papers) == [(T.PREMIUM_INVOICE, [1]), (T.PREMIUM_INVOICE, [2]), (T.PAYMENT_VOUCHER, [3]), (T.PAYMENT_VOUCHER, [4])]


def test_a_page_scanned_twice_stays_with_its_paper() -> None:
    assert numbers(sort_pages(scanned(VOUCHER.format(n=137969), VOUCHER.format(n=137969)))) == [(T.PAYMENT_VOUCHER, [1, 2])]
    first, second = contract()
    assert numbers(sort_pages(scanned(first, second, second))) == [(T.SALES_CONTRACT, [1, 2, 3])]


def test_a_number_that_a_stamp_has_cut_speaks_against_nothing() -> None:
    first, *later = map(look, scanned(CONTRACT_1.format(n="05117", buyer=BUYER, foot=""), *(f"合同编号：XS-2020-{n}\n{CONTRACT_2.format(buyer=BUYER, foot='')}" for n in ("05117", "051", "06228"))))
    same, cut, other = (link_score([first], page, T.SALES_CONTRACT, 0.0) for page in later)
    assert same > cut > other + 3


@pytest.mark.parametrize(("text", "kind"), [
    ("# 信息化项目终验单\n软件名称|能耗托管服务平台|版本|V4.4\n使用单位|江苏某某装备制造有限公司|许可数|1套\n承建单位|宁波某某科技有限公司|合同|202020-K54\n上线时间|2020.06.28|终验时间|2020.07.10\n同意终验。", T.DELIVERY_PROOF),
    ("# 保费发票（收付系统打印）\n票据批次：3302204130|票据号码：32604480\n付费单位：|宁波某某机械有限公司\n业务号码：|33202002832001983\n险种：|首台（套）综合保险\n不含税保费：41,542.64|增值税：2,492.56（6%）\n实收保费：|CNY 44,035.20\n开票单位：|某某财产保险股份有限公司宁波分公司", T.PREMIUM_INVOICE),
    ("# 采购入库单\n单据编号：RK2020051177|入库日期：2020-05-18\n供应商：宁波某某装备有限公司|收货单位：江苏某某装备制造有限公司\n物料名称|规格型号|实收数量\n数控龙门起重机|CZ6320|2", T.DELIVERY_PROOF),
])
def test_papers_by_their_titles(text: str, kind: PaperType) -> None:
    assert [paper.type for paper in sort_pages(scanned(text))] == [kind]


def test_two_reports_in_a_row_are_told_apart_by_their_numbers() -> None:
    papers = sort_pages(scanned(REPORT_1.format(n=1111), REPORT_2.format(n=1111), REPORT_1.format(n=2222), REPORT_2.format(n=2222)))
    assert numbers(papers) == [(T.TEST_REPORT, [1, 2]), (T.TEST_REPORT, [3, 4])]


NOTES = "# 注 意 事 项\n1. 报告无“检验检测专用章”无效。\n2. 复制报告未重新加盖“检验检测专用章”无效。\n3. 送样检测的结果仅对来样负责。"
LABORATORY = "№：WC-2020-0{n}\n# 检 验 检 测 报 告\nTEST REPORT\n产品名称：|正极粉\n受检单位：|宁波某某材料有限公司\n某某研究所检测中心"
LABORATORY_1 = "某某研究所检测中心\n# 检验检测报告\n№：WC-2020-0{n}|共3页 第1页\n产品名称|正极粉|样品数量|1套\n受检单位|宁波某某材料有限公司\n检验结论|该产品性能指标达到企业标准规定。\n主检：郭某|审核：赵某|批准：朱某"
ENDORSEMENT = "某某财产保险股份有限公司\n# 批 单\n批单号：E2074810{n}|保险单号：{policy}\n兹经投保人申请，本保险单项下联系地址更正为宁波市某某路1号。\n特此批注。"
LEAFLET = "# 批 单 ENDORSEMENT\n批单号码|PD74810559\n所属保单|{policy}\n批改原因|变更联系人\n自本批单签发次日零时起，投保人联系人变更为张某。"
BACK = "扫码验真\n某某财产保险股份有限公司宁波分公司\n宁波市某某路1号"
FRAMEWORK = f"# 年度采购框架协议\n协议编号：合字（2020）第317号\n甲方：{BUYER}\n乙方：{APPLICANT}\n具体数量、价格以本协议附件《采购清单》为准。\n1. 不可抗力：应及时通知对方。\n2. 争议解决：向人民法院起诉。\n3. 本合同一式肆份。"
SCHEDULE = f"附件一　采购清单\n序号|产品名称|规格型号|数量|单位|单价|总价\n1|起重机|CZ63|1|台|50万元|50万元\n总金额（大写）|人民币伍拾万元整\n# 补充协议\n交货地点变更为某某路1号。\n甲方：{BUYER}|乙方：{APPLICANT}"
HALF_FORM = "保险单号|PQ2020330|保险费率（%）|1.8\n保费总金额（万元）|0.351|保险期限|2020年7月至2021年7月\n企业实缴保费金额（万元）|0.351|申请保费补贴金额（万元）|0.28\n以上填报内容及附件内容均属实并愿意承担法律责任\n属地经信部门意见|属地财政部门意见"
FIRST_HALF = "附件1：\n# 宁波市高端装备首台（套）保险补贴申请表\n填报时间：2021年1月14日\n投保企业名称|宁波某某装备有限公司|联系人及电话|孙文\n承保机构名称|某某财产保险股份有限公司\n投保产品名称及型号|起重机"
SIGNATURES = f"（以下无正文，为签署页）\n买方（盖章）：|卖方（盖章）：\n{BUYER}|{APPLICANT}\n授权代表（签字）：|授权代表（签字）：\n日期：2020年3月28日|日期：2020年3月28日"
CHANGE = f"# 补充协议\n甲方（需方）：{BUYER}\n乙方（供方）：{APPLICANT}\n经双方协商，交货日期变更为2020年5月1日，原合同其余条款不变，双方签字盖章之日起生效。"

TECHNICAL = "# 技术协议\n（合同XS-2020-0233之附件）\n1概述\n本技术协议适用于起重机的设计、制造、检验、安装和验收，未规定的，按国家标准执行。\n3供货范围\n序号|名称|数量|说明\n1|主机|1套|含床身\n2|电气控制柜|1套|柜内照明"
TECHNICAL_2 = "5其他\n本协议一式四份，随合同生效。\n买方技术代表：|卖方技术代表："
RUNNING = f"技术合同|FWCG20207797-03\n# 软件开发与交付技术合同\n（1）{BUYER}（以下称“委托人”）；\n（2）{APPLICANT}（以下称“开发人”）。\n1 定义\n1.1 “本软件”指仓储调度软件。\n2 交付\n2.1 开发人交付本软件1套。\n3 合同价款\n3.1 总价为人民币942,000.00元。\n1~"
RUNNING_2 = f"技术合同|FWCG20207797-03\n（以下为签署栏）\n委托人：|开发人：\n{BUYER}（章）|{APPLICANT}（章）\n授权签字人：|授权签字人：\n2~"
ORDER_BY_LETTER = f"{BUYER}\n# 订货函\n函号：YA-CG-2020-080\n{APPLICANT}：\n根据双方前期洽谈及贵司报价，我司决定向贵司订购起重机一台，单价328,000元整。\n请贵司确认后盖章回传，本函经双方盖章即具有合同效力。\n订货单位：{BUYER}\n2020年3月18日\n同意按上述条件供货。\n供货单位：{APPLICANT}"


@pytest.mark.parametrize(
    ("texts", "kind", "papers"),
    [
        ([LABORATORY.format(n=3346), NOTES, LABORATORY_1.format(n=3346), "# 检 验 结 果\n序号|检验项目|单位|技术要求|实测值|单项判定\n1|压实密度|g/cm³|≥2.4|2.57|符合"], T.TEST_REPORT, [[1, 2, 3, 4]]),
        ([LABORATORY.format(n=3346), NOTES, LABORATORY_1.format(n=3346).replace("№", "Ng")], T.TEST_REPORT, [[1, 2, 3]]),  # № misread
        ([LABORATORY.format(n=3346), NOTES, LABORATORY_1.format(n=7781)], T.TEST_REPORT, [[1, 2], [3]]),
        ([POLICY_1.format(n=1).replace("保险单号：", "NO."), ENDORSEMENT.format(n=59, policy="PZDX202033020000000181")], T.INSURANCE_POLICY, [[1, 2]]),
        ([POLICY_1.format(n=1), ENDORSEMENT.format(n=59, policy="PZDX202033020000000199")], T.INSURANCE_POLICY, [[1], [2]]),
        ([POLICY_1.format(n=1), LEAFLET.format(policy="PZDX202033020000000181")], T.INSURANCE_POLICY, [[1, 2]]),
        ([POLICY_1.format(n=1), LEAFLET.format(policy="PZDX202033020000000199")], T.INSURANCE_POLICY, [[1], [2]]),
        ([POLICY_1.format(n=1), BACK], T.INSURANCE_POLICY, [[1, 2]]),
        ([POLICY_1.format(n=1) + "\n投保数量：1台" * 8 + "\n第1页 共2页", SCHEDULE_OF_POLICY.format(policy="PZDX202033020000000")], T.INSURANCE_POLICY, [[1, 2]]),  # its number cut by the margin
        ([FRAMEWORK, SCHEDULE], T.SALES_CONTRACT, [[1, 2]]),
        ([*contract(numbered=False), CHANGE], T.SALES_CONTRACT, [[1, 2, 3]]),
        ([*contract(numbered=False), TECHNICAL, TECHNICAL_2], T.SALES_CONTRACT, [[1, 2, 3, 4]]),
        ([ORDER_BY_LETTER], T.SALES_CONTRACT, [[1]]),
        ([RUNNING, RUNNING_2], T.SALES_CONTRACT, [[1, 2]]),
        ([RUNNING, RUNNING.replace("7797-03", "8846-11").replace("仓储", "排产")], T.SALES_CONTRACT, [[1], [2]]),
        ([CONTRACT_1.format(n="0233", buyer=BUYER, foot=""), SIGNATURES, CONTRACT_1.format(n="0677", buyer=BUYER, foot=""), SIGNATURES.replace("3月28日", "6月30日")], T.SALES_CONTRACT, [[1, 2], [3, 4]]),
        ([FIRST_HALF, HALF_FORM], T.APPLICATION_FORM, [[1, 2]]),
        ([FORM, FORM.replace("孙文", "李文").replace("1.9", "7.7").replace("14日", "21日")], T.APPLICATION_FORM, [[1], [2]]),
    ],
    ids=["report behind its notes", "report behind a misread №", "another report behind notes", "endorsement", "endorsement of another policy", "endorsement naming 所属保单", "the same of another policy", "back of a policy", "a policy's schedule", "schedule and supplement", "supplement that changes", "technical agreement", "letter that orders", "signatures below a running head", "two contracts below running heads", "two contracts with signature pages", "form in two halves", "two forms"],
)  # fmt: skip
def test_what_goes_on_and_what_begins_anew(texts: list[str], kind: PaperType, papers: list[list[int]]) -> None:
    assert numbers(sort_pages(scanned(*texts))) == [(kind, p) for p in papers]


def test_a_maker_s_own_inspection_record_is_no_report() -> None:
    record = "# 出厂检验记录\n记录编号：JL2020611374|检验日期：2020年8月24日\n序号|检验项目|实测值|仪器编号|结论\n1|绝缘电阻|11.502|EP-79022|合格\n2|温升|43.951|QG-71464|合格\n检验员：王强"
    assert [paper.type for paper in sort_pages(scanned(record))] == [T.OTHER]


GOODS_LIST = """# 销售货物或者提供应税劳务清单
购买方名称：{buyer}
销售方名称：宁波某某装备有限公司
所属增值税专用发票代码：3302204130号码：{n}|共1页第1页
序号|货物（劳务）名称|规格型号|单位|数量|单价|金额|税率|税额
1|*起重机*起重机|CZ63|台|1|442477.88|442477.88|13%|57522.12
总计|||||￥442477.88|￥57522.12
填开日期：2020年03月07日"""


def test_a_goods_list_goes_with_its_invoice() -> None:
    one, other = (INVOICE.format(n=n, buyer=BUYER, seller=APPLICANT, goods="（详见销货清单）") for n in ("78951943", "78952117"))
    papers = sort_pages(scanned(one, GOODS_LIST.format(buyer=BUYER, n="78951943"), other, GOODS_LIST.format(buyer=BUYER, n="78952117")))
    assert numbers(papers) == [(T.SALES_INVOICE, [1, 2]), (T.SALES_INVOICE, [3, 4])]


@pytest.mark.parametrize(
    ("text", "goes_on"),
    [
        ("# 补充协议\n供方与需方就已签订的上述合同（以下称原合同）约定：一、交货地址改为某某路3号；二、价款不变。\n供方（章）：|需方（章）：", True),
        ("# 合同补充条款\n一、原合同第五条交货期改为2020年9月1日。\n二、本补充条款为原合同的组成部分。\n甲方（签章）：|乙方（签章）：", True),
        ("# 合同变更协议\n双方对原合同作如下变更：\n一、交货期改为9月。\n甲方（章）：|乙方（章）：", True),
        ("# 补充协议\n原合同编号：XS-2020-0233\n一、交货期改为9月。\n甲方（章）：|乙方（章）：", True),
        ("# 补充协议\n原合同编号：XS-2020-0999\n一、交货期改为9月。\n甲方（章）：|乙方（章）：", False),
        ("# 补充协议\n甲方增购起重机1台，增加合同金额50万元，其余按原合同执行。\n甲方（章）：|乙方（章）：", False),
        ("# 补充协议\n甲方：上海灯塔有限公司\n乙方：北京雪松有限公司\n一、原合同交货期改为9月。", False),
    ],
    ids=["names no party", "clauses only", "change", "same number", "another number", "buys more", "other parties"],
)  # fmt: skip
def test_a_supplement_that_refers_to_the_contract_before_it_goes_on_with_it(text: str, goes_on: bool) -> None:
    pages = [[1, 2, 3]] if goes_on else [[1, 2], [3]]
    assert numbers(sort_pages(scanned(*contract(numbered=False), text))) == [(T.SALES_CONTRACT, p) for p in pages]


@pytest.mark.parametrize(
    ("title", "kind"),
    [("产品交付（验收）确认书", T.DELIVERY_PROOF), ("发货签收单", T.DELIVERY_PROOF), ("送货单", T.DELIVERY_PROOF), ("产品交付使用证明", T.DELIVERY_PROOF), ("设备移交单", T.DELIVERY_PROOF), ("系统上线验收报告", T.DELIVERY_PROOF), ("出厂检验记录", T.OTHER), ("设备点检记录表", T.OTHER)],
)
def test_delivery_and_inspection_papers_by_their_titles(title: str, kind: PaperType) -> None:
    (only,) = sort_pages(scanned(f"# {title}\n客户名称：{BUYER}\n序号|名称|数量|结果\n1|起重机|1|合格\n日期：2020年5月6日"))
    assert only.type is kind


@pytest.mark.parametrize("title", ["客户借记回单", "借记通知书", "记账回执", "汇款证明", "付款成功", "某某银行企业活期账户明细清单", "某某银行交易流水查询", "单位结算业务凭证", "Debit Advice", "PAYMENT CONFIRMATION"])
def test_vouchers_by_their_titles(title: str) -> None:
    (only,) = sort_pages(scanned(f"# {title}\n日期|2020年5月6日\n发生额|20,000.00\n用途|保费"))
    assert only.type is T.PAYMENT_VOUCHER


@pytest.mark.parametrize("title", ["检测证书", "软件产品测评意见书", "型式检验报告", "软件确认测试报告", "检验结果报告"])
def test_reports_by_their_titles(title: str) -> None:
    (only,) = sort_pages(scanned(f"# {title}\n申请单位：{BUYER}\n受其委托，本机构于2020年5月6日进行了检测，结果如下：\n结论：符合技术要求。"))
    assert only.type is T.TEST_REPORT


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::5])
def test_photographs_in_any_order_find_their_paper(order: tuple[int, ...]) -> None:
    texts = [*contract(), POLICY_1.format(n=1), POLICY_2]
    papers = sort_pages(photographed(*(texts[i] for i in order)))
    where = {i: place + 1 for place, i in enumerate(order)}
    assert sorted(numbers(papers)) == sorted([(T.SALES_CONTRACT, [where[0], where[1]]), (T.INSURANCE_POLICY, [where[2], where[3]])])


def test_parts_name_their_files_in_reading_order() -> None:
    first, second = contract()
    (paper,) = sort_pages(photographed(second, first))
    assert [(part.file, part.pages) for part in paper.parts] == [("IMG_02.jpg", (1,)), ("IMG_01.jpg", (1,))]


def test_file_names_and_the_order_of_files_mean_nothing() -> None:
    pages = [typed(t, file=f"{9 - n}.pdf") for n, t in enumerate([FORM, LICENCE, SALE, VOUCHER.format(n=1)])]
    kinds = {p.type for p in sort_pages(pages)}
    assert kinds == {p.type for p in sort_pages(pages[::-1])} == {T.APPLICATION_FORM, T.BUSINESS_LICENCE, T.SALES_INVOICE, T.PAYMENT_VOUCHER}


@pytest.mark.parametrize("text", ["18", "", "- 3 -"])
def test_a_page_with_nothing_but_noise_is_other(text: str) -> None:
    (paper,) = sort_pages([page(line(0.5, 0.5, text)) if text else blank(1)])
    assert (paper.type, paper.doubt) == (T.OTHER, "")


def test_misread_characters_leave_the_type_as_it_is() -> None:
    garbled = SALE.replace("增值税专用发票", "增值悦专用发栗").replace("开票日期", "开票日斯").replace("货物或应税劳务", "货物或应悦劳务").replace("价税合计", "价税台计")
    (paper,) = sort_pages([typed(garbled)])
    assert paper.type is T.SALES_INVOICE


def test_a_page_that_could_be_several_things_says_so() -> None:
    (paper,) = sort_pages([typed("附表\n名称|数量|备注\n甲|1|无\n乙|2|无\n丙|3|无")])
    assert (paper.type, bool(paper.doubt)) == (T.OTHER, paper.confidence < 0.8)


def test_every_page_belongs_to_exactly_one_paper() -> None:
    pages = scanned(FORM, "", SALE, SALE, *contract(), IDENTITY, "18")
    placed = [(part.file, n) for p in sort_pages(pages) for part in p.parts for n in part.pages]
    assert sorted(placed) == [(p.file, p.number) for p in pages]


def test_of_two_scans_of_a_page_the_better_read_stays() -> None:
    text = VOUCHER.format(n=137969)
    worse, better = typed(text, number=1, sure=0.7), typed(text, number=2, sure=0.99)
    assert distinct([worse, better]) == (better,)


def test_every_type_has_its_words() -> None:
    assert {w.type for w in vocabulary()} == set(PaperType)


NOTICE = """# 某某市经济和信息化局文件
某经信发〔2019〕145号
某某市经济和信息化局关于公布2019年度
装备制造业首台（套）产品名单的通知
各区县（市）经信局，各有关企业：
现将2019年度首台（套）产品名单予以公布（见附件），自公布之日起三年内有效。
某某市经济和信息化局
—1—~"""
NAMES = """附件
# 2019年度首台（套）产品名单
序号|企业名称|产品名称|型号|认定编号
1|某某机械有限公司|滚齿机|HM-630|首证字第159号
2|某某轴承有限公司|轴承|H7014|首证字第139号
—2—~"""


def test_the_list_behind_a_notice_goes_with_it() -> None:
    assert numbers(sort_pages(scanned(NOTICE, NAMES))) == [(T.FIRST_SET_CERTIFICATE, [1, 2])]


SIGNING = f"单位：宁波某某装备有限公司|单位：{BUYER}\n签字：张三|签字：李四\n电话：0574-11112222|电话：0571-33334444\n盖章|盖章"


def test_a_sheet_on_which_the_parties_only_sign_goes_with_the_contract() -> None:
    first = CONTRACT_1.format(n="0233", buyer=BUYER, foot="")
    assert numbers(sort_pages(scanned(first, SIGNING, LICENCE))) == [(T.SALES_CONTRACT, [1, 2]), (T.BUSINESS_LICENCE, [3])]


@pytest.mark.parametrize(("sealed", "pages"), [(("宁波某某装备有限公司", BUYER), [1, 2]), (("某某市另一公司", "某某银行"), [1])])
def test_a_sheet_with_nothing_but_both_parties_seals_goes_with_the_contract(sealed: tuple[str, str], pages: list[int]) -> None:
    seals = tuple(Seal(text=text, box=Box(0.1 + 0.4 * n, 0.1, 0.3 + 0.4 * n, 0.3), confidence=0.9) for n, text in enumerate(sealed))
    papers = sort_pages([typed(CONTRACT_1.format(n="0233", buyer=BUYER, foot="")), page(number=2).model_copy(update={"seals": seals})])
    assert [list(part.pages) for part in papers[0].parts] == [pages]


def test_contracts_by_numbers_with_a_year_in_brackets() -> None:
    one, other = (CONTRACT_1.format(n="1", buyer=BUYER, foot="").replace("XS-2020-1", f"XSHT〔2020〕{n}") for n in (131, 132))
    end = CONTRACT_2.format(buyer=BUYER, foot="")
    assert numbers(sort_pages(scanned(one, end, other, end))) == [(T.SALES_CONTRACT, [1, 2]), (T.SALES_CONTRACT, [3, 4])]


@pytest.mark.parametrize("sides", [("购买方", "销售方"), ("甲方", "乙方")])
def test_a_sheet_of_signatures_photographed_by_itself_finds_its_contract(sides: tuple[str, str]) -> None:
    first = CONTRACT_1.format(n="0233", buyer=BUYER, foot="")
    sheet = f"{sides[0]}（盖章）|{sides[1]}（盖章）\n{BUYER}|宁波某某装备有限公司\n代表人：李四|代表人：张三\n电话：0571-33334444|电话：0574-11112222"
    assert numbers(sort_pages(photographed(first, LICENCE, sheet))) == [(T.SALES_CONTRACT, [1, 3]), (T.BUSINESS_LICENCE, [2])]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("# 首台（套）成套装备产品认定证书\n企业名称|宁波某某装备有限公司\n产品名称|起重机\n规格型号|CZ6320\n证书编号|甬首套2019第108号\n认定级别|省级", T.FIRST_SET_CERTIFICATE),
        ("# 高新技术企业证书\n企业名称|宁波某某装备有限公司\n证书编号|GR201933100108\n发证时间|2019年11月27日\n有效期|三年", T.OTHER),
        ("# 2021年度\n# 高端装备首台（套）保险补贴\n# 申请材料\n产品名称：|起重机\n投保企业：|宁波某某装备有限公司\n联系人：|孙文", T.COVER),
        ("# 货物托运签收单\n收货单位：某某水务集团有限公司|单号：TY20200430\n货物名称|型号|数量\n起重机|CZ6320|1\n货物已收妥并验收无误|签收人：", T.DELIVERY_PROOF),
    ],
)
def test_a_paper_by_the_word_that_says_what_it_is(text: str, kind: PaperType) -> None:
    assert [p.type for p in sort_pages([typed(text)])] == [kind]


def test_the_letter_with_which_a_policy_is_sent_goes_with_it() -> None:
    letter = typed("""尊敬的宁波某某装备有限公司：
感谢贵公司一直以来对我们的信任与支持！随函附上贵公司投保的首台套装备综合保险保险单及保险条款，请核对保险单内容是否与投保单一致，如有错漏，请于收到后10日内通知我们办理批改。
保险单是您索赔的重要依据，请妥善保管。
某某财产保险股份有限公司
1 / 2~""")
    policy = typed("""# 保险单明细表
保单号码：8202033020620000052
投保人：宁波某某装备有限公司
被保险人：宁波某某装备有限公司
保险期间：2020年5月1日零时起至2021年4月30日二十四时止
累计责任限额：3,854,240.00元
2 / 2~""", number=2)
    assert [(p.type, [part.pages for part in p.parts]) for p in sort_pages([letter, policy])] == [(T.INSURANCE_POLICY, [(1, 2)])]


@pytest.mark.parametrize("title", ["产品送货单", "发货清单", "设备到货签收单", "货物交接清单"])
def test_lists_of_what_was_delivered_and_accepted(title: str) -> None:
    slip = f"""宁波某某装备有限公司
# {title}
客户：台州某某制品有限公司|送货日期：2020年4月7日
序号|品名|规格|单位|数量
1|起重机|CZ6320|台|1
送货人：黄某|收货单位（签章）：
以上货物已验收合格|验收日期：2020年4月25日"""
    assert [paper.type for paper in sort_pages([typed(slip)])] == [T.DELIVERY_PROOF]


def test_a_headed_paper_is_no_cover_of_the_contract_that_it_names() -> None:
    accepted = f"# 竣工验收证书\n使用单位：|{BUYER}\n供货单位：|{APPLICANT}\n合同编号：|HT-0233\n双方于2020年7月18日组织验收，结论：通过验收。"
    assert numbers(sort_pages(scanned(accepted, *contract())))[0] == (T.DELIVERY_PROOF, [1])


@pytest.mark.parametrize(("title", "kind"), [("框架协议项下订单", T.SALES_CONTRACT), ("试运行报告", T.DELIVERY_PROOF), ("办件受理回执", T.OTHER), ("政务服务事项收件材料", T.COVER)])
def test_papers_of_a_service_hall_by_their_titles(title: str, kind: PaperType) -> None:
    (paper,) = sort_pages([typed(f"# {title}\n{BUYER}\n{APPLICANT}\n2020年7月18日")])
    assert paper.type is kind


OLD_PRINT = """# 保险费专用发票
收据联 № 26955838
填开日期：2020年9月3日|代码 3302204130
交款单位|宁波某某装备有限公司
保险险种|某某财险首台（套）产品质量责任保险
保险单号|PZDX202033020000000181
金额（大写）|人民币柒仟壹佰贰拾叁元零伍分|¥7,123.05
收款单位|某某财产保险股份有限公司宁波分公司
会计：费宇　出纳：诸峰　收款单位盖章："""


def test_an_invoice_that_names_its_policy_is_no_page_of_it() -> None:
    papers = sort_pages(scanned(POLICY_1.format(n=1), OLD_PRINT, VOUCHER.format(n=137969)))
    assert numbers(papers) == [(T.INSURANCE_POLICY, [1]), (T.PREMIUM_INVOICE, [2]), (T.PAYMENT_VOUCHER, [3])]


def test_an_archive_s_folios_part_no_report_from_its_cover() -> None:
    cover = "# 检 验 报 告\nNo: 2020-JC-07528\n产品名称|高压电缆可剥离半导电屏蔽料\n规格型号|BDP-201\n委托单位|宁波某某涂层材料有限公司\n检验类别|委托检验\n浙东省质量检测科学研究院"
    notes = "# 注意事项\n1.报告无“检验检测专用章”或检验单位公章无效。\n2.报告涂改无效。\n3.对检验报告若有异议，应于收到报告之日起十五日内提出。"
    results = ("浙东省质量检测科学研究院\n# 检验报告\nNo:2020-JC-07528|共3页第1页\n产品名称|高压电缆可剥离半导电屏蔽料\n规格型号|BDP-201\n委托单位|宁波某某涂层材料有限公司\n检验类别|委托检验\n"
               "检验结论|经检测，所检项目的检测结果均达到技术指标要求")
    pages = [typed(text, n).model_copy(update={"lines": (*typed(text, n).lines, line(0.94, 0.964, folio))}) for n, (text, folio) in enumerate(((cover, "55"), (notes, "78"), (results, "41")), 1)]
    assert numbers(sort_pages(pages)) == [(T.TEST_REPORT, [1, 2, 3])]


def test_an_insurance_agreement_goes_on_with_its_signatures_and_its_particulars() -> None:
    agreement = """# 保险协议
甲方（投保人）：宁波某某工业机器人系统有限公司
乙方（保险人）：某某财产保险股份有限公司宁波分公司
为化解首台（套）产品推广应用中的风险，甲乙双方依据《中华人民共和国保险法》订立本协议。
1 协议的组成
1.1 本协议由正文、附表（保险明细）、保险条款及批单共同组成。
1.2 本协议经双方盖章、甲方缴付保险费后生效，具有正式保险单的效力。
2 特别约定
2.1 本保险扩展承保追溯期，追溯期自保险期间起始之日前180日起算。
- 1 -~"""
    signed = "甲方（盖章）：|乙方（盖章）：\n授权代表：|授权代表：\n签订日期：2020年7月1日|签订日期：2020年7月1日\n- 2 -~"
    particulars = "附表：\n# 保险明细\n协议（保单）编号|YJCX/20/3302/PL-04049\n被保险人|宁波某某工业机器人系统有限公司\n保险标的物|制氢膜电极涂布线\n累计赔偿限额|13,605,000.00元\n保险费率|2%\n应缴保险费|272,100.00元\n保险责任与免赔|产品质量保证保险\n- 3 -~"
    assert numbers(sort_pages(scanned(agreement, signed, particulars))) == [(T.INSURANCE_POLICY, [1, 2, 3])]


@pytest.mark.parametrize(("text", "kind"), [
    ("# 保险费收讫证明\n兹证明，宁波某某有限公司向我公司投保，我公司财务已于2020年4月10日收到该单位汇来的保险费，计238,374.00元。银行到账流水号：G206166006364393。", T.PAYMENT_VOUCHER),
    ("# 电子报告（检测结果）\n报告唯一编号...... R2054221-C1\n报告状态...... 正式 / 已签发\n客户名称...... 宁波某某有限公司\n物品名称...... 头盔用低挥发PC料\n收样方式...... 现场送达", T.TEST_REPORT),
])
def test_letters_of_insurers_and_print_outs_of_laboratories(text: str, kind: PaperType) -> None:
    assert [paper.type for paper in sort_pages([typed(text)])] == [kind]
