"""Contracts of many kinds: who sells what to whom, for how much, when; and what is not to be believed."""

from __future__ import annotations

import pytest
from drawn import line, page, ruled
from typed import typed

from extractors.papers.base import Extracted
from extractors.papers.sales_contract import extract
from models.page import Line, Page, Seal

# the state model form of 1999: 出卖人, 买受人, table, two columns of signatures
MODEL_FORM = ("""# 工业品买卖合同
出卖人：宁波甬江泵业有限公司|合同编号：YJ-2020-B118
|签订地点：宁波
买受人：大唐国际浙江乌沙山发电厂|签订时间：2020年 6月 12日
第一条 标的、数量、价款及交（提）货时间
标的名称|牌号商标|规格型号|计量单位|数量|单价（元）|金额（元）
高温熔盐泵|甬江|RYB-560|台|3|1,280,000.00|3,840,000.00
专用工具|甬江||套|1|6,000.00|6,000.00
合计人民币金额（大写）：叁佰捌拾肆万陆仟元整|￥3,846,000.00
第二条 质量标准：按国家标准执行。
第三条 出卖人对质量负责的条件及期限：设备投运后12个月。
第四条 结算方式、时间及地点：合同生效后付30%预付款，货到付60%，余款10%作为质保金，一年后付清。
第五条 违约责任：按《中华人民共和国合同法》执行。
出卖人|买受人
出卖人（章）：宁波甬江泵业有限公司|买受人（章）：大唐国际浙江乌沙山发电厂
住所：宁波市镇海区骆驼街道通和路8号|住所：浙江省象山县西周镇
法定代表人：张国强|法定代表人：李建平
委托代理人：|委托代理人：
电话：0574-86512345|电话：0574-65887766
开户银行：工行镇海支行|开户银行：建行象山支行
帐号：3901 1200 0912 3456 789|帐号：33101995036050512345
""",)
# the ministry's form: a cover sheet, 委托方 and 受托方, the sum in a clause
DEVELOPMENT = ("""# 技术开发（委托）合同
合同登记编号：2020330203001234
项目名称：港口集装箱智能调度系统V2.0
委托方（甲方）：宁波舟山港集团有限公司
受托方（乙方）：宁波海智软件股份有限公司
签订时间：2020年5月20日
签订地点：宁波市
有效期限：2020年5月20日至2021年5月19日
中华人民共和国科学技术部印制""", """# 技术开发（委托）合同
委托方（甲方）：宁波舟山港集团有限公司
住 所 地：宁波市鄞州区宁东路269号
法定代表人：毛剑宏
项目联系人：王磊
联系方式：13805741234
受托方（乙方）：宁波海智软件股份有限公司
住 所 地：宁波市高新区扬帆路999弄
法定代表人：陈海波
本合同甲方委托乙方研究开发港口集装箱智能调度系统项目，并支付研究开发经费和报酬，乙方接受委托并进行此项研究开发工作。双方经过平等协商，在真实、充分地表达各自意愿的基础上，根据《中华人民共和国合同法》的规定，达成如下协议，并由双方共同恪守。
第五条：甲方应按以下方式支付研究开发经费和报酬：
1．研究开发经费和报酬总额为人民币壹佰捌拾陆万元整（￥1,860,000.00元）。
2．研究开发经费由甲方分期支付乙方。具体支付方式和时间如下：合同签订后支付50%，验收后支付50%。本合同不预留质量保证金。""")
# 许可方 and 被许可方, the goods in a clause, the price in 万元
LICENSING = ("""# 软件许可使用合同
编号：XK2020-066
许可方（以下简称甲方）：宁波云图信息科技有限公司
被许可方（以下简称乙方）：浙江大学医学院附属第一医院
签订日期：2020-07-03
鉴于甲方拥有医学影像智能分析软件的著作权，甲方同意许可乙方使用该软件。
一、许可标的：软件名称：医学影像智能分析软件；版本：V3.2；数量：1套；
二、许可使用费：人民币80万元（大写：捌拾万元整）。
三、付款：乙方应于签订后十日内向甲方支付50%，余款验收后付清，合同总额的5%作为质量保证金。""",)
# prices in 万元 by the heading, 质量保证金：无, the date in a sentence
PROCUREMENT = ("""# 政府采购合同
合同编号：甬采合（2020）第015号
甲方（采购人）：宁波市城市排水有限公司
乙方（中标供应商）：宁波水艺膜科技发展有限公司
根据招标文件，甲、乙双方按照下述条款签订本合同。
一、合同标的
序号|货物名称|型号规格|数量|单位|单价（万元）|总价（万元）
1|耐污染中空纤维超滤膜组件|SY-UF90|120|支|1.85|222
合计金额|||||| 222
二、合同总价为人民币（大写）贰佰贰拾贰万元整（小写：2,220,000.00元），含税价。
三、履约保证金：合同金额的5%。
四、质量保证金：无。
本合同于2020年9月1日在宁波签订。
甲方（盖章）：宁波市城市排水有限公司|乙方（盖章）：宁波水艺膜科技发展有限公司
地址：宁波市海曙区新典路|地址：宁波市北仑区小港街道
电话：0574-87112233|电话：0574-86223344""",)
# 甲方 sells: only the sentences say so
SELLER_FIRST = ("""# 设备供货协议
协议编号：JZ20200417
甲方：宁波精工数控机床有限公司
乙方：重庆长安汽车零部件制造厂
经双方友好协商，乙方向甲方购买下列设备：
设备名称：五轴联动龙门加工中心，型号：GMF3080，数量：壹台，单价：人民币698万元。
合同总价款：￥6,980,000元（大写：人民币陆佰玖拾捌万元整）
甲方负责将设备运送至乙方指定地点，并负责安装调试。乙方在合同签订后7日内向甲方支付30%货款。
甲方（章）：|乙方（章）：
代表：|代表：
日期：2020年4月17日|日期：2020年4月19日""",)
# Chinese and English
BILINGUAL = ("""# 销售合同
# SALES CONTRACT
合同号 Contract No.: HT-2020-0712A
日期 Date: 2020/07/12
买方 The Buyer: 苏州汇川联合动力系统有限公司
地址 Add: 苏州市吴中区天鹅荡路52号
卖方 The Seller: 宁波韵升股份有限公司
地址 Add: 宁波市鄞州区民安路348号
序号|品名及规格|型号|数量|单价|总价
No.|Description|Model|Qty|Unit Price|Amount
1|耐高温烧结钕铁硼磁钢|N48SH|50,000件|12.60|630,000.00
合计 Total：RMB 630,000.00
金额大写：人民币陆拾叁万元整
付款方式：月结60天。""",)
# prices with and without tax, signatures one below the other
STACKED = ("""# 购 销 合 同
供方：宁波博威合金材料股份有限公司
合同编号：BW200316-07
需方：江苏中天科技股份有限公司
签约时间：2020年3月16日
签约地点：宁波鄞州
一、产品名称、商标、型号、数量、金额、供货时间及数量
产品名称|牌号|规格|单位|数量|不含税单价|含税单价|含税金额
高强高导铜铬锆合金|C18150|Φ12|吨|20.5|53,097.35|60,000.00|1,230,000.00
合计|||||||1,230,000.00
合计人民币（大写）：壹佰贰拾叁万元整
二、质量要求技术标准：主要技术指标：抗拉强度≥450MPa，导电率≥80%IACS，软化温度≥550℃。
三、交货地点、方式：需方仓库。
四、结算方式及期限：货到票到30天内付清，不留质保金。
供方
单位名称：宁波博威合金材料股份有限公司
单位地址：宁波市鄞州区云龙镇太平桥
法定代表人：谢识才
电话：0574-82829383
开户银行：农行鄞州支行
账号：39101001040012345
需方
单位名称：江苏中天科技股份有限公司
单位地址：南通市如东县河口镇
法定代表人：薛济萍
电话：0513-84885599""",)
# a supplementary agreement
SUPPLEMENT = ("""# 补充协议
原合同编号：LCX-XS2020926
甲方（需方）：台州瑞达橡塑制品有限公司
乙方（供方）：宁波嘉跃重工机械股份有限公司
甲乙双方于2020年1月22日签订了《产品销售合同》（合同编号：LCX-XS2020926），现经协商达成如下补充协议：
一、甲方增购LCX4732A型成型机组1台，单价5,735,000.00元，增加合同金额人民币伍佰柒拾叁万伍仟元整（¥5,735,000.00）。
二、其余条款不变。
签订日期：2020年3月5日""",)


def read(*texts: str) -> Extracted:
    return extract([typed(text, number=n) for n, text in enumerate(texts, 1)])


def values(read_: Extracted) -> dict[str, str | bool]:
    return {name: f.value for name, f in read_.fields.items()}


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (MODEL_FORM, {"contract_number": "YJ-2020-B118", "buyer_name": "大唐国际浙江乌沙山发电厂", "seller_name": "宁波甬江泵业有限公司", "product_name": "高温熔盐泵", "product_model": "RYB-560",
                          "quantity": "3", "unit_price": "1280000.00", "contract_amount": "3846000.00", "signed_on": "2020-06-12", "quality_deposit": True}),
        (DEVELOPMENT, {"contract_number": "2020330203001234", "buyer_name": "宁波舟山港集团有限公司", "seller_name": "宁波海智软件股份有限公司", "product_name": "港口集装箱智能调度系统V2.0",
                           "contract_amount": "1860000.00", "signed_on": "2020-05-20", "quality_deposit": False}),
        (LICENSING, {"contract_number": "XK2020-066", "buyer_name": "浙江大学医学院附属第一医院", "seller_name": "宁波云图信息科技有限公司", "product_name": "医学影像智能分析软件", "product_model": "V3.2",
                         "quantity": "1", "contract_amount": "800000.00", "signed_on": "2020-07-03", "quality_deposit": True}),
        (PROCUREMENT, {"contract_number": "甬采合（2020）第015号", "buyer_name": "宁波市城市排水有限公司", "seller_name": "宁波水艺膜科技发展有限公司", "product_name": "耐污染中空纤维超滤膜组件",
                           "product_model": "SY-UF90", "quantity": "120", "unit_price": "18500.00", "contract_amount": "2220000.00", "signed_on": "2020-09-01", "quality_deposit": False}),
        (SELLER_FIRST, {"contract_number": "JZ20200417", "buyer_name": "重庆长安汽车零部件制造厂", "seller_name": "宁波精工数控机床有限公司", "product_name": "五轴联动龙门加工中心", "product_model": "GMF3080",
                            "quantity": "1", "unit_price": "6980000.00", "contract_amount": "6980000.00", "signed_on": "2020-04-19", "quality_deposit": False}),
        (BILINGUAL, {"contract_number": "HT-2020-0712A", "buyer_name": "苏州汇川联合动力系统有限公司", "seller_name": "宁波韵升股份有限公司", "product_name": "耐高温烧结钕铁硼磁钢", "product_model": "N48SH",
                         "quantity": "50000", "unit_price": "12.60", "contract_amount": "630000.00", "signed_on": "2020-07-12", "quality_deposit": False}),
        (STACKED, {"contract_number": "BW200316-07", "buyer_name": "江苏中天科技股份有限公司", "seller_name": "宁波博威合金材料股份有限公司", "product_name": "高强高导铜铬锆合金", "product_model": "C18150",
                       "quantity": "20.5", "unit_price": "60000.00", "contract_amount": "1230000.00", "signed_on": "2020-03-16", "quality_deposit": False}),
        (SUPPLEMENT, {"contract_number": "LCX-XS2020926", "buyer_name": "台州瑞达橡塑制品有限公司", "seller_name": "宁波嘉跃重工机械股份有限公司", "product_name": "LCX4732A型成型机组", "quantity": "1", "unit_price": "5735000.00", "contract_amount": "5735000.00", "signed_on": "2020-03-05",
                          "quality_deposit": False}),
    ],
    ids=["model form", "development", "licensing", "procurement", "seller first", "bilingual", "stacked", "supplement"],
)
def test_contracts_of_many_kinds(texts: tuple[str, ...], expected: dict[str, str | bool]) -> None:
    assert values(read(*texts)) == expected


def test_goods_are_listed_with_what_comes_along() -> None:
    rows = [{n: f.value for n, f in row.items()} for row in read(*MODEL_FORM).rows]
    assert rows == [
        {"product_name": "高温熔盐泵", "product_model": "RYB-560", "unit": "台", "quantity": "3", "unit_price": "1280000.00", "amount": "3840000.00"},
        {"product_name": "专用工具", "unit": "套", "quantity": "1", "unit_price": "6000.00", "amount": "6000.00"},
    ]


def test_who_the_parties_are() -> None:
    facts = {n: f.value for n, f in read(*MODEL_FORM).extra.items() if n != "amount_in_words"}
    assert facts == {
        "seller_address": "宁波市镇海区骆驼街道通和路8号", "buyer_address": "浙江省象山县西周镇", "seller_legal_representative": "张国强", "buyer_legal_representative": "李建平",
        "seller_phone": "0574-86512345", "buyer_phone": "0574-65887766", "seller_bank_name": "工行镇海支行", "buyer_bank_name": "建行象山支行",
        "seller_bank_account": "3901120009123456789", "buyer_bank_account": "33101995036050512345",
    }  # fmt: skip
    stacked = {n: f.value for n, f in read(*STACKED).extra.items()}
    assert (stacked["seller_legal_representative"], stacked["buyer_legal_representative"]) == ("谢识才", "薛济萍")


def test_technical_figures_and_the_amount_in_words() -> None:
    made = read(*STACKED)
    assert [f.value for f in made.parameters] == ["抗拉强度≥450MPa,导电率≥80%IACS,软化温度≥550°C"]
    assert made.extra["amount_in_words"].value == "1230000.00"


HEAD = "# 产品销售合同\n合同编号：XS-2020-01\n{}\n签订日期：2020年3月1日\n产品名称：起重机；型号：CZ63；数量：2台；单价：¥250,000.00元。\n{}\n" + "双方应当按照约定全面履行自己的义务，未尽事宜由双方协商解决。\n" * 5


@pytest.mark.parametrize("number", ["2020销字第597号", "甬销字第12-3号", "XK2020-066", "2020JS第40号", "YB2020.40.11"])
def test_a_number_that_is_only_called_so_at_the_head(number: str) -> None:
    made = read(HEAD.format("甲方：宁波某某泵业有限公司", "").replace("合同编号：XS-2020-01", f"编号：{number}")).fields["contract_number"]
    assert made.value == number


@pytest.mark.parametrize(
    "parties",
    [
        "甲方（买方）：江苏某某电气有限公司\n乙方（卖方）：宁波某某装备有限公司", "甲方（供应商）：宁波某某装备有限公司\n乙方（采购方）：江苏某某电气有限公司", "需方：江苏某某电气有限公司\n供方：宁波某某装备有限公司",
        "出卖人：宁波某某装备有限公司|买受人：江苏某某电气有限公司", "买方|江苏某某电气有限公司\n卖方|宁波某某装备有限公司", "定作人：江苏某某电气有限公司\n承揽人：宁波某某装备有限公司",
        "委托方（甲方）：江苏某某电气有限公司\n受托方（乙方）：宁波某某装备有限公司", "购货单位：江苏某某电气有限公司\n供货单位：宁波某某装备有限公司", "发包方：江苏某某电气有限公司\n承包方：宁波某某装备有限公司",
        "用户：江苏某某电气有限公司\n开发方：宁波某某装备有限公司", "甲方：江苏某某电气有限公司（以下简称“买方”）\n乙方：宁波某某装备有限公司（以下简称“卖方”）",
        "甲方：江苏某某电气有限公司\n乙方：宁波某某装备有限公司\n就甲方向乙方采购产品事宜，订立本合同。", "甲方：宁波某某装备有限公司\n乙方：江苏某某电气有限公司\n甲方应于四月交货，乙方逾期付款的应支付违约金。",
        "江苏某某电气有限公司（以下简称甲方）\n宁波某某装备有限公司（以下简称“乙方”）\n甲方向乙方定制设备。",
        "买方（甲方）名称：江苏某某电气有限公司\n卖方（乙方）名称：宁波某某装备有限公司",
        "甲方（以下简称“甲方”）：江苏某某电气有限公司\n乙方（以下简称“乙方”）：宁波某某装备有限公司\n甲方向乙方购买设备。", "买方（盖章）：|卖方（盖章）：\n江苏某某电气有限公司|宁波某某装备有限公司\n授权代表：|授权代表：",
        "甲 方（公章）|乙 方（公章）\n江苏某某电气有限公司|宁波某某装备有限公司\n甲方委托乙方定制设备。", "采购人（甲方）：江苏某某电气有限公司|供货人（乙方）：宁波某某装备有限公司", "采购方|江苏某某电气有限公司|供应商|宁波某某装备有限公司",
        "本合同由江苏某某电气有限公司（以下简称“买方”）与宁波某某装备有限公司（以下简称“卖方”）于2020年3月1日签订。", "购买方：江苏某某电气有限公司\n销售方：宁波某某装备有限公司",
        "需求方：江苏某某电气有限公司，住所地为某市某路1号；\n承建方：宁波某某装备有限公司，住所地为某市某路2号。", "许可使用方|江苏某某电气有限公司|许可方|宁波某某装备有限公司", "1.甲方（业主单位）：江苏某某电气有限公司\n2.乙方（实施单位）：宁波某某装备有限公司",
        "江苏某某电气有限公司（以下简称“招标人”）为获得高速冲床已接受宁波某某装备有限公司（以下简称“中标人”）的投标。",
        "总包方：江苏某某电气有限公司\n分包供货方：宁波某某装备有限公司\n分包供货方应按总包方书面通知的时间交付。",
        "授权使用方（盖章）：江苏某某电气有限公司|授权方（盖章）：宁波某某装备有限公司", "合作方：江苏某某电气有限公司\n供货方：宁波某某装备有限公司\n供货方向合作方提供产品。",
        "二〇二〇年三月一日，宁波某某装备有限公司（下称卖方）与江苏某某电气有限公司（下称买方）在宁波市签订本协议。", "本合同由江苏某某电气有限公司（甲方）和宁波某某装备有限公司（乙方）签订。甲方向乙方采购设备。",
        "江苏某某电气有限公司（发包人名称，以下简称“发包人”）为获得高速冲床，已接受宁波某某装备有限公司（承包人名称，以下简称“承包人”）的投标。", "订制方：|江苏某某电气有限公司\n制作方：|宁波某某装备有限公司", "采买方：江苏某某电气有限公司\n售卖方：宁波某某装备有限公司",
        "承租方：江苏某某电气有限公司\n出租方：宁波某某装备有限公司", "项目|甲方|乙方\n名称|江苏某某电气有限公司|宁波某某装备有限公司\n税号|91330203744973111A|91330203744973112B\n甲方向乙方购买设备。",
        "甲方：宁波某某装备有限公司\n乙方：江苏某某电气有限公司\n其一，乙方自甲方处购入高速冲床，型号CZ-63，计2台。",
        "1、江苏某某电气有限公司，注册地址为某市某路1号（下称“买方”）；\n2、宁波某某装备有限公司，注册地址为某市某路2号（下称“卖方”）。",
    ],
)  # fmt: skip
def test_who_buys_is_told_by_the_text(parties: str) -> None:
    made = values(read(HEAD.format(parties, "合同总价：¥500,000.00")))
    assert (made["buyer_name"], made["seller_name"]) == ("江苏某某电气有限公司", "宁波某某装备有限公司")


@pytest.mark.parametrize(
    ("clause", "withheld"),
    [
        ("验收合格后支付60%，其余10%作为质量保证金，质保期满后付清。", True), ("留合同总价5%为质保金，一年后无息退还。", True), ("质量保证金：合同金额的5%。", True), ("预留5%质量保修金。", True),
        ("货到验收合格后一次性付清。", False), ("不预留质量保证金。", False), ("质保金：无。", False), ("本合同无质保金。", False), ("质量保证期为二十四个月。", False), ("乙方缴纳履约保证金5万元。", False),
        ("采购方不得以任何名义扣留质保金。", False), ("买方不另行扣留质量保证金。", False), ("本合同不设质量保证金。", False), ("乙方无需缴纳质保金。", False), ("货款一次付清，不留尾款和质保金。", False),
        ("质量保证金不予预留。", False), ("质保金|/", False), ("质保金|合同总额的5%", True), ("预留不低于合同总额5%的质保金，质保期满后付清。", True), ("无质量问题后支付10%质保金。", True),
        ("剩余10%作为质量保证金，满12个月且无质量争议后无息支付。", True), ("不合格的从质保金中扣除5%。", True), ("质保金（合同总价的5%）不计利息。", True), ("逾期不退还质保金5%的，每日支付万分之三违约金。", True),
        ("双方约定免收质量保证金。", False), ("质量保证金为0元。", False), ("质量保证金为0.5万元。", True),
        ("买方收货后三十日内付清全款，不扣留任何金额的质量保证金。", False), ("货款不设任何名目的质保金。", False), ("买方不扣留合同总价5%的质保金。", False), ("甲方不从货款中留取任何数额的质保金。", False), ("质保金一项取消。", False),
        ("质保金已予免除。", False), ("豁免卖方的质保金。", False), ("未约定质保金。", False), ("无须另行留存货款的5%作质保金。", False), ("质保金免息返还5%。", True), ("质保金5%，质保期满无未决质量事项后付清。", True),
        ("不退还已预留的5%的质保金。", True), ("质保期满后不得无故扣留质保金。", True), ("乙方不缴纳5%质保金的，甲方有权暂停付款。", True), ("合同总价的3%作为产品质量保证金暂扣。", True),
    ],
)  # fmt: skip
def test_whether_a_quality_deposit_is_withheld(clause: str, withheld: bool) -> None:
    assert values(read(HEAD.format("买方：江苏某某电气有限公司\n卖方：宁波某某装备有限公司", clause)))["quality_deposit"] is withheld


@pytest.mark.parametrize(
    "clause",
    ["以银行保函代替质保金。", "预留5%作为质保金。\n本合同不设质保金。", "甲方不得挪用质保金。", "余款10%于质保期满后支付。", "以往预留5%质保金的做法不再沿用。", "不将货款的任何部分作为质保金。", "乙方不缴纳5%质保金的，甲方有权暂停付款。"],
    ids=["guarantee instead", "said and denied", "only named", "rest paid late", "denied in words unforeseen", "serves as none", "condition"],
)
def test_a_deposit_that_is_neither_withheld_nor_denied_is_shown_to_a_person(clause: str) -> None:
    assert not read(HEAD.format("买方：江苏某某电气有限公司\n卖方：宁波某某装备有限公司", clause)).fields["quality_deposit"].accepted


def test_a_deposit_denied_in_a_cell_whose_lines_the_label_parts() -> None:
    """The label stands level with the gap between two lines of its clause, so that no line of text has the clause whole."""
    clause = "签约后7日内支付40%，安装调试验收合格后30日内支付60%，采购方不得以任何名义扣留质保金。"
    more = [line(0.1, 0.5 + 0.025 * n, "双方应当按照约定全面履行自己的义务，未尽事宜由双方协商解决。") for n in range(8)]
    made = extract([page([*ruled(0.1, 0.3, [0.18, 0.6], [["付款条件", clause]], height=0.07), *more])])
    assert made.fields["quality_deposit"].value is False


CLAUSES = "# 设备采购合同\n编号：甬购〔2020〕15号\n甲方：江苏某某电气有限公司\n乙方：宁波某某装备有限公司\n{}\n" + "双方应当按照约定全面履行自己的义务，未尽事宜由双方协商解决。\n" * 4


@pytest.mark.parametrize(
    ("clause", "goods"),
    [
        ("一、甲方向乙方采购高速精密冲床贰台，规格型号：CZ-63，单价为25万元/台，总价50万元。", ("高速精密冲床", "CZ-63", "2", "250000.00")),
        ("一、标的物。乙方向甲方提供高速精密冲床2台，型号为CZ-63，含税单价为人民币250,000.00元。", ("高速精密冲床", "CZ-63", "2", "250000.00")),
        ("乙方同意向甲方出售其自主研发生产的高速精密冲床（型号：CZ-63）2台，每台单价250,000元。", ("高速精密冲床", "CZ-63", "2", "250000.00")),
        ("甲方向乙方订购“高速精密冲床”共计2台（套），型号CZ-63，单价250000元，总价款500000元。", ("高速精密冲床", "CZ-63", "2", "250000.00")),
        ("双方就采购高速精密冲床事宜达成协议：合同标的物为高速精密冲床，数量2台，含税单价250000元。", ("高速精密冲床", None, "2", "250000.00")),
        ("甲方购买乙方生产的高纯溅射靶材1,200公斤，单价为每公斤320元，总价384,000元。", ("高纯溅射靶材", None, "1200", "320.00")),
        ("甲方委托乙方研制高速精密冲床壹套。", ("高速精密冲床", None, "1", None)),
        ("其一，甲方自乙方处购入高速精密冲床，型号CZ-63，计2台。双方议定每台作价250,000.00元。", ("高速精密冲床", "CZ-63", "2", "250000.00")),
        ("3.供货范围：高速精密冲床，型号CZ-63，共2台，每台投标单价为250,000.00元。", ("高速精密冲床", "CZ-63", "2", "250000.00")),
        ("第一条 定作物 品名：高速精密冲床；图号（型号）：CZ-63；台（件）数：2；计量：台；每台报酬：250000.00元。", ("高速精密冲床", "CZ-63", "2", "250000.00")),
        ("第一条 交付物的内容：排产软件，版本V5.5，1套，每套报酬250,000.00元。", ("排产软件", "V5.5", "1", "250000.00")),
        ("本合同甲方委托乙方就排产软件进行开发、实施并交付使用。", ("排产软件", None, None, None)),
        ("许可软件|排产软件\n软件版本号|V4.2\n许可套数|1套\n每套许可费|707,000.00", ("排产软件", "V4.2", "1", "707000.00")),
        ("项目名称：|排产软件\n版本：|V4.2\n数量：|1套", ("排产软件", "V4.2", "1", None)),
        ("货物名称：高速精密冲床，型号：CZ-63,CZ-80，数量：2台", ("高速精密冲床", "CZ-63,CZ-80", "2", None)),
        ("乙方为甲方设计、制造并安装高速精密冲床1套。", ("高速精密冲床", None, "1", None)),
        ("一、标的：高速精密冲床（CZ-63型）两台，单价25万元。", ("高速精密冲床", "CZ-63", "2", "250000.00")),
        ("一、产品：高速精密冲床 CZ-63\n数量：2台\n单价：250,000.00元", ("高速精密冲床CZ-63", None, "2", "250000.00")), ("一、标的：高速精密冲床，CZ-63，2台，单价250000元/台。", ("高速精密冲床", "CZ-63", "2", "250000.00")),
        ("一、合同标的为由乙方设计制造的高速精密冲床（型号CZ-63）贰台。", ("高速精密冲床", "CZ-63", "2", None)), ("一、乙方向甲方供应以下设备：1、高速精密冲床，CZ-63，2台；", ("高速精密冲床", "CZ-63", "2", None)),
        ("一、甲方委托乙方设计、制造高速精密冲床两台，型号为CZ-63。", ("高速精密冲床", "CZ-63", "2", None)), ("一、采购内容：高速精密冲床（规格型号：CZ-63）共2台，含税单价25万元。", ("高速精密冲床", "CZ-63", "2", "250000.00")),
        ("1.1 设备名称：高速精密冲床\n1.2 设备型号：CZ-63\n1.3 设备数量：贰（2）台\n1.4 含税单价：¥250,000.00元/台", ("高速精密冲床", "CZ-63", "2", "250000.00")),
        ("一、甲方委托乙方开发生产管理系统1套。", ("生产管理系统", None, "1", None)),
        ("乙方将其自主研发的智慧水务调度软件许可给甲方使用。", ("智慧水务调度软件", None, None, None)),
        ("乙方向甲方提供电动伺服执行阀门38台。", ("电动伺服执行阀门", None, "38", None)), ("甲方向乙方购买合同管理系统1套。", ("合同管理系统", None, "1", None)), ("乙方向甲方提供空气质量监测仪2台。", ("空气质量监测仪", None, "2", None)),
        ("乙方向甲方提供技术资料，乙方应向甲方提供发票，乙方向甲方提供产品2台。", (None, None, None, None)),
        ("供应方向采购方提供的服务按附件执行。", (None, None, None, None)),
        ("1.货物名称：蒸发结晶装置；型号或版本：MVR-94；供货数量：3套；含税单价：120,000.00元。", ("蒸发结晶装置", "MVR-94", "3", "120000.00")),
        ("（1）设备名称：蒸发结晶装置，型号：MVR-94，数量：3套，单价（含税）：12万元。", ("蒸发结晶装置", "MVR-94", "3", "120000.00")),
        ("①设备名称：蒸发结晶装置；②型号：MVR-94；③数量：3套；④单价：120000元。", ("蒸发结晶装置", "MVR-94", "3", "120000.00")),
        ("●产品：蒸发结晶装置\n●规格：MVR-94\n●数量：3套\n●单价：12万元/套", ("蒸发结晶装置", "MVR-94", "3", "120000.00")),
        ("一、产品名称及型号：蒸发结晶装置 MVR-94；数量：3套。", ("蒸发结晶装置", "MVR-94", "3", None)),
        ("鉴于乙方拥有蒸发结晶控制软件（版本号V5.7）的自主知识产权，甲方拟采购该软件2套。每套软件（含服务）价格为人民币60,000.00元。", ("蒸发结晶控制软件", "V5.7", "2", "60000.00")),
        ("双方就蒸发结晶装置（型号：MVR-94）的采购事宜达成一致，数量3套，每套价格120000元。", ("蒸发结晶装置", "MVR-94", "3", "120000.00")),
        ("甲方向乙方采购蒸发结晶装置3套，不含税价格每套106,194元，含税价格每套120,000元，运费每套2,000元。", ("蒸发结晶装置", None, "3", "120000.00")),
        ("产品名称：蒸发结晶装置；数量：3套；单价（不含税）：106,194.69元。", ("蒸发结晶装置", None, "3", None)),
        ("甲方采购本安型瓦斯监测仪3台，每台设备质保金5000元，每台每日违约金40元。", ("本安型瓦斯监测仪", None, "3", None)),
        ("货物名称：蒸发结晶装置，型号：MVR-94.含税单价：120,000.00元.数量：3套。", ("蒸发结晶装置", "MVR-94", "3", "120000.00")),  # a comma read as a stop
        ("一、甲方向乙方采购蒸发结晶装置3套。\n二、货物：卖方应保证货物全新，数量无短缺。", ("蒸发结晶装置", None, "3", None)),
        ("第一条 软件产品：排产软件（版本：V5.5），1套，单价250,000元整。", ("排产软件", "V5.5", "1", "250000.00")),
        ("一、产品名称为蒸发结晶装置（型号：MVR-94(A)），数量为3套单价为120,000.00元。", ("蒸发结晶装置", "MVR-94(A)", "3", "120000.00")),  # a comma at the margin wasn't read
        ("甲方采购该设备3台，交付物为可运行的软件系统一套、用户手册各一份。", (None, None, None, None)),
    ],
)  # fmt: skip
def test_goods_named_in_sentences(clause: str, goods: tuple[str | None, ...]) -> None:
    fields = read(CLAUSES.format(clause)).fields
    found = tuple(fields[n].value if n in fields else None for n in ("product_name", "product_model", "quantity", "unit_price"))
    assert found == goods
    assert fields["contract_number"].value == "甬购〔2020〕15号"


@pytest.mark.parametrize("clause", ["乙方向甲方提供高速精密冲床CZ63002台。", "甲方向乙方采购高速冲床2台。乙方向甲方提供精密磨床1台。"], ids=["a model joined to the name", "two names"])
def test_goods_whose_name_is_in_doubt_are_shown_to_a_person(clause: str) -> None:
    assert not read(CLAUSES.format(clause)).fields["product_name"].accepted


@pytest.mark.parametrize(
    ("number", "value"),
    [
        ("编号：合字（2020）第603号", "合字（2020）第603号"), ("函号：YA-CG-2020-080", "YA-CG-2020-080"), ("编号：HTXS-TR-20-296", "HTXS-TR-20-296"), ("文号：2020年购字第12号", "2020年购字第12号"), ("合同编号：甬采合（2020）第015号", "甬采合（2020）第015号"), ("编号：", None), ("编号：正本", None),
        ("合同文件编号：2020年（销）字23号", "2020年（销）字23号"), ("（合同文本编号：2020年（销）字23号）", "2020年（销）字23号"), ("协议编号为HT-2020-18，内容如后", "HT-2020-18"), ("合同编号：HT-2020-18（正本）", "HT-2020-18"),
    ],
)  # fmt: skip
def test_the_contract_s_number(number: str, value: str | None) -> None:
    """Set to the right at the head, as many contracts have it, with the parties below."""
    pages = [typed(f"# 设备买卖合同\n|{number}\n甲方（以下简称“甲方”）：江苏某某电气有限公司\n乙方（以下简称“乙方”）：宁波某某装备有限公司\n甲方向乙方购买设备。")]
    fields = extract(pages).fields
    assert (fields["contract_number"].value if "contract_number" in fields else None) == value
    assert fields["buyer_name"].value == "江苏某某电气有限公司"


def test_a_number_that_lost_its_first_character_is_shown_to_a_person() -> None:
    made = read(HEAD.format("买方：江苏某某电气有限公司\n卖方：宁波某某装备有限公司", "").replace("合同编号：XS-2020-01", "合同编号：字（2020）第017号")).fields["contract_number"]
    assert not made.accepted


@pytest.mark.parametrize("other", ["见证方：宁波某某装备有限公司\n见证方在场。", "合作方：宁波某某装备有限公司\n技术方：杭州某某科技有限公司\n合作方与技术方负责安装。", "保险人：某某财产保险股份有限公司\n保险人负责。"])
def test_who_only_stands_by_is_no_party(other: str) -> None:
    assert "seller_name" not in read(HEAD.format(f"采购方：江苏某某电气有限公司\n{other}", "合同总价：¥500,000.00")).fields


def test_a_party_known_only_by_exclusion_is_shown_to_a_person() -> None:
    made = read(HEAD.format("采购方：江苏某某电气有限公司\n技术方：宁波某某装备有限公司\n技术方负责安装。", "合同总价：¥500,000.00")).fields["seller_name"]
    assert (made.value, made.accepted) == ("宁波某某装备有限公司", False)


@pytest.mark.parametrize(
    ("number", "value"),
    [("（编号：ZB20-60-793）", "ZB20-60-793"), ("(编号:HT(2020)12)", "HT(2020)12"), ("【编号：甬购〔2020〕15号】", "甬购〔2020〕15号"), ("（编号：HT（2020）第12号）", "HT（2020）第12号")],
)
def test_a_bracket_around_the_number_is_not_part_of_it(number: str, value: str) -> None:
    made = read(HEAD.format("买方：江苏某某电气有限公司\n卖方：宁波某某装备有限公司", "").replace("合同编号：XS-2020-01", number)).fields["contract_number"]
    assert made.value == value


@pytest.mark.parametrize(
    ("change", "amount"),
    [("合同总价由人民币500,000.00元调整为人民币480,000.00元。", "480000.00"), ("合同总金额变更为：人民币肆拾捌万元整。", "480000.00"), ("交货地点变更为南京市某某路2号。", "500000.00")],
)
def test_a_sum_changed_by_a_supplementary_agreement_is_shown_to_a_person(change: str, amount: str) -> None:
    text = HEAD.format("买方：江苏某某电气有限公司\n卖方：宁波某某装备有限公司", f"合同总价为人民币伍拾万元整（¥500,000.00）。\n补充协议\n经双方协商，{change}")
    made = read(text).fields["contract_amount"]
    assert (made.value, made.accepted) == (amount, amount == "500000.00")


def test_words_that_no_price_bears_out_against_figures_are_not_accepted() -> None:
    text = CLAUSES.format("甲方向乙方采购高速冲床。本合同总价款为人民币伍佰肆拾伍万元整（¥5,350,000.00）。")
    assert not read(text).fields["contract_amount"].accepted


@pytest.mark.parametrize(
    ("clause", "amount", "accepted"),
    [
        ("合同总价（含税）为人民币伍拾万元整（小写：¥500,000.00元）。", "500000.00", True),
        ("合同总金额：人民币50万元（大写：伍拾万元整）。", "500000.00", True),
        ("合同价款合计人民币（大写）：伍拾万元整　（小写）￥：500000元", "500000.00", True),
        ("总金额（万元）：50.00，大写：人民币伍拾万元整", "500000.00", True),
        ("不含税总价¥442,477.88元，税额¥57,522.12元，价税合计¥500,000.00元。", "500000.00", True),
        ("合同总价的30%即人民币150,000.00元为预付款，合同总价为人民币500,000.00元。", "500000.00", True),
        ("合同总价为人民币伍拾捌万元整（小写：¥500,000.00）。", "500000.00", False),  # words and figures differ; price × quantity says which
    ],
)
def test_the_whole_amount(clause: str, amount: str, accepted: bool) -> None:
    made = read(HEAD.format("买方：江苏某某电气有限公司\n卖方：宁波某某装备有限公司", clause)).fields["contract_amount"]
    assert (made.value, made.accepted) == (amount, accepted)


@pytest.mark.parametrize(
    ("when", "value"),
    [
        ("签订日期：2020年3月1日", "2020-03-01"), ("签约时间：2020.03.01", "2020-03-01"), ("签署日期|2020-3-1", "2020-03-01"), ("签订时间：二〇二〇年三月一日", "2020-03-01"),
        ("签订日期：2020年3月", "2020-03"), ("交货日期：2020年5月1日\n签订日期：2020年3月1日", "2020-03-01"), ("本合同由双方于2020年3月1日在宁波签订。", "2020-03-01"),
        ("日期：2020年3月1日|日期：2020年3月1日", "2020-03-01"), ("日期|2020年3月1日|日期|2020年3月1日", "2020-03-01"), ("签订日期|签订日期|2020年3月1日|2020年3月1日", "2020-03-01"),
        ("二零二零年三月一日，甲方与乙方（以下称双方）在宁波市签订本协议，内容如后：", "2020-03-01"), ("合同订立日：2020年3月1日", "2020-03-01"), ("签字日|2020-03-01\n1 许可费支付：先款后货", "2020-03-01"),
        ("2020-05-12 11:19 FAX 0574-69675281 P.01\n签署日2020年3月1日", "2020-03-01"), ("本合同由甲方江苏某某电气有限公司与乙方宁波某某装备有限公司于2020年3月1日在宁波签署。", "2020-03-01"),
        ("签署完成时间2020年03月01日", "2020-03-01"), ("编号：KJ-2020-563|2020年3月1日", "2020-03-01"), ("2020-03-01", "2020-03-01"),
    ],
)  # fmt: skip
def test_the_day_of_signing(when: str, value: str) -> None:
    text = HEAD.format("买方：江苏某某电气有限公司\n卖方：宁波某某装备有限公司", "合同总价：¥500,000.00").replace("签订日期：2020年3月1日", when)
    assert values(read(text))["signed_on"] == value


@pytest.mark.parametrize("when", ["2020年3月1日\n2020年5月1日", "2020-05-12 11:19 FAX P.01", "报价有效至2020年3月1日"])
def test_a_day_that_need_not_be_that_of_signing(when: str) -> None:
    text = HEAD.format("买方：江苏某某电气有限公司\n卖方：宁波某某装备有限公司", "合同总价：¥500,000.00").replace("签订日期：2020年3月1日", when)
    assert "signed_on" not in read(text).fields


def test_what_a_technical_agreement_lists_isnt_what_is_bought() -> None:
    told = CLAUSES.format("1．合同设备：厨余垃圾厌氧处理成套设备，型号HZ406S，数量19套，单价213,000元。\n2．合同价款：总价为4,047,000元。")
    scope = "# 技术协议\n（合同甬购〔2020〕15号之附件）\n3供货范围\n序号|名称|数量|说明\n1|主机|1套|含床身\n2|电气控制柜|1套|柜内照明\n3|备品备件|1批|满足质保期使用"
    said = values(read(told, scope))
    assert [said[name] for name in ("product_name", "product_model", "quantity", "unit_price")] == ["厨余垃圾厌氧处理成套设备", "HZ406S", "19", "213000.00"]


TABLE = [
    ["序号", "软件（服务）名称", "版本", "采购数量（套）", "含税单价（元）", "小计（元）"],
    ["1", "铸造凝固过程工程仿真软件", "V4.9", "2", "800,000.00", "1,600,000.00"],
    ["2", "加密狗", "", "2", "500.00", "1,000.00"],
    [("合计", 5), "1,601,000.00"],
]


def tabled(cells: bool) -> Page:
    head = [line(0.1, 0.06 + 0.021 * n, t) for n, t in enumerate(["软件采购合同", "合同编号：RJ-2020-0392", "甲方（需方）：江苏某某电气有限公司", "乙方（供方）：宁波某某软件有限公司", "签订日期：2020年8月10日"])]
    foot = line(0.1, 0.5, "合同总价为人民币壹佰陆拾万零壹仟元整（¥1,601,000.00）。")
    return page(head, ruled(0.1, 0.25, [0.07, 0.22, 0.09, 0.14, 0.15, 0.15], TABLE, cells=cells), foot)


@pytest.mark.parametrize("cells", [True, False], ids=["ruled", "unruled"])
def test_headings_that_no_list_foresees_wrapped_cells_and_accessories(cells: bool) -> None:
    made = extract([tabled(cells)])
    got = values(made)
    assert [got[n] for n in ("product_name", "product_model", "quantity", "unit_price", "contract_amount")] == ["铸造凝固过程工程仿真软件", "V4.9", "2", "800000.00", "1601000.00"]
    assert [row["product_name"].value for row in made.rows] == ["铸造凝固过程工程仿真软件", "加密狗"]
    assert all(made.fields[n].accepted for n in ("quantity", "unit_price", "contract_amount"))


@pytest.mark.parametrize("cells", [True, False], ids=["ruled", "unruled"])
@pytest.mark.parametrize(
    "headings",
    [["采购内容", "技术规格", "采购量", "供货单价", "供货总价"], ["软件产品", "版本号", "许可数", "许可单价", "许可费合计"], ["采购标的", "规格参数", "订购量", "成交价（元/套）", "小计"], ["标的物", "型号", "数量", "含税单价（元）", "价税合计（元）"]],
    ids=lambda h: h[0],
)
def test_what_goods_tables_call_their_columns(headings: list[str], cells: bool) -> None:
    rows = [headings, ["蒸发结晶控制装置", "MVR-94", "3套", "120,000.00", "360,000.00"]]
    made = extract([page([line(0.1, 0.1, "买方：江苏某某电气有限公司")], ruled(0.1, 0.25, [0.2, 0.15, 0.1, 0.16, 0.16], rows, cells=cells))])
    assert [made.fields[n].value for n in ("product_name", "product_model", "quantity", "unit_price", "contract_amount")] == ["蒸发结晶控制装置", "MVR-94", "3", "120000.00", "360000.00"]


NET_AND_GROSS = [
    ["货物名称", "型号", "数量", ("不含税（元）", 2), ("含税（元）", 2)],
    ["", "", "", "单价", "金额", "单价", "金额"],
    ["蒸发结晶装置", "MVR-94", "3套", "106,194.69", "318,584.07", "120,000.00", "360,000.00"],
    ["合计", "", "", "", "318,584.07", "", "360,000.00"],
]


@pytest.mark.parametrize("cells", [True, False], ids=["ruled", "unruled"])
def test_net_prices_beside_gross_ones_are_not_taken_for_them(cells: bool) -> None:
    made = extract([page([line(0.1, 0.1, "买方：江苏某某电气有限公司")], ruled(0.1, 0.25, [0.18, 0.1, 0.07, 0.12, 0.12, 0.12, 0.12], NET_AND_GROSS, cells=cells))])
    assert made.fields["contract_amount"].value == "360000.00"
    assert "unit_price" not in made.fields or made.fields["unit_price"].value == "120000.00" or not made.fields["unit_price"].accepted


WAN = [
    ["产品名称", "型号", "单位", "数量", "单价（万元）", "总价（万元）"],
    ["高压共轨柱塞泵", "CRP372S", "台", "307", "0.688", "211.216"],
    ["合同总金额", ("人民币（大写）：贰佰壹拾壹万贰仟壹佰陆拾元整", 3), ("¥211.216", 2)],
]


@pytest.mark.parametrize("cells", [True, False], ids=["ruled", "unruled"])
def test_a_total_in_merged_and_wrapped_cells_below_headings_in_ten_thousands(cells: bool) -> None:
    head = [line(0.1, 0.06 + 0.021 * n, t) for n, t in enumerate(["工业品买卖合同", "采购方：江苏某某电气有限公司", "供货方：宁波某某装备有限公司", "签订时间：2020年2月28日"])]
    made = extract([page(head, ruled(0.1, 0.25, [0.16, 0.11, 0.08, 0.1, 0.15, 0.15], WAN, cells=cells))])
    assert [made.fields[n].value for n in ("quantity", "unit_price", "contract_amount")] == ["307", "6880.00", "2112160.00"]
    assert made.fields["contract_amount"].accepted
    assert made.extra["amount_in_words"].value == "2112160.00"
    assert len(made.rows) == 1


@pytest.mark.parametrize("name", ["宁波某某装备限公司", "宁波某某（集团装备有限公司"])
def test_a_name_that_lost_a_character_is_not_accepted(name: str) -> None:
    made = read(HEAD.format(f"买方：江苏某某电气有限公司\n卖方：{name}", "合同总价：¥500,000.00")).fields["seller_name"]
    assert not made.accepted


def test_a_name_of_which_a_line_is_missing_is_not_accepted() -> None:
    whole = tabled(cells=True)
    torn = whole.model_copy(update={"lines": tuple(v for v in whole.lines if v.text != "铸造凝固过程工程仿真软件"[:8] and not "铸造凝固过程工程仿真软件".startswith(v.text))})
    assert len(torn.lines) < len(whole.lines)
    name = extract([torn]).fields.get("product_name")
    assert name is None or not name.accepted


def test_a_row_that_does_not_multiply_is_not_accepted() -> None:
    made = read(MODEL_FORM[0].replace("3,840,000.00", "3,480,000.00"))
    assert not made.fields["quantity"].accepted
    assert not made.fields["unit_price"].accepted


def test_a_quantity_that_reading_lost_is_worked_out_and_shown_to_a_person() -> None:
    made = read(MODEL_FORM[0].replace("台|3|1,280,000.00", "台||1,280,000.00")).fields["quantity"]
    assert (made.value, made.accepted, made.why) == ("3", False, ("由金额÷单价推得",))


def test_a_name_in_two_lines_of_a_narrow_column() -> None:
    lines: list[Line] = [line(0.1, 0.1, "甲方（盖章）：江苏某某电气有限公司"), line(0.52, 0.1, "乙方（盖章）：宁波某某智能装备有限责任"), line(0.52, 0.121, "公司")]
    assert values(extract([page(lines)]))["seller_name"] == "宁波某某智能装备有限责任公司"


def test_names_that_several_places_bear_out_are_surer_than_doubtful_ones() -> None:
    text = HEAD.format("买方：江苏某某电气有限公司\n卖方：宁波某某装备有限公司", "合同总价：¥500,000.00")
    once = extract([typed(text, sure=0.8)]).fields["buyer_name"]
    twice = extract([typed(text, sure=0.8), typed("买方（盖章）：江苏某某电气有限公司|卖方（盖章）：宁波某某装备有限公司", number=2, sure=0.8)]).fields["buyer_name"]
    sealed = extract([typed(text, sure=0.8).model_copy(update={"seals": (Seal(text="江苏某某电气有限公司", box=once.source.box, confidence=0.9),)})]).fields["buyer_name"]  # type: ignore[union-attr]
    differing = extract([typed(text), typed("买方（盖章）：江苏某某电器有限公司|卖方（盖章）：宁波某某装备有限公司", number=2)]).fields["buyer_name"]
    assert [once.accepted, twice.accepted, sealed.accepted, differing.accepted] == [False, True, True, False]


def test_a_page_scanned_twice_counts_once() -> None:
    text = MODEL_FORM[0]
    assert len(extract([typed(text, number=1), typed(text, number=2)]).rows) == 2


def test_what_does_not_stand_there_is_absent() -> None:
    assert values(read("第八条 争议解决：由双方协商解决。")) == {}
    assert "product_model" not in values(read(*DEVELOPMENT))


def test_the_right_party_s_block_may_begin_left_of_the_middle() -> None:
    rows = [("需方（甲方）：台州某某制造有限公司", "供方（乙方）：宁波某某装备有限公司"), ("电话：0576-11112222", "电话：0574-33334444"), ("账号：6200000000000001", "账号：6200000000000002")]
    body = [line(x, 0.5 + 0.02 * n, text) for n, row in enumerate(rows) for x, text in zip((0.09, 0.495 - 0.004 * n), row, strict=True)]
    extra = extract([page(line(0.4, 0.06, "产品购销合同", size=0.022), line(0.1, 0.12, "合同编号：XS-2020-1"), body)]).extra
    assert {name: extra[name].text for name in ("buyer_phone", "seller_phone", "buyer_bank_account", "seller_bank_account")} == {
        "buyer_phone": "0576-11112222", "seller_phone": "0574-33334444", "buyer_bank_account": "6200000000000001", "seller_bank_account": "6200000000000002"}


@pytest.mark.parametrize(
    ("buyer", "seller"),  # each in the lines of its column
    [
        (("淮北某某储能技术（宁波）", "有限公司"), ("宁波某某电子新材料科技", "股份有限公司")),
        (("鹰潭某某港务集团有限", "公司"), ("宁波某某流体控制（宁", "波）有限公司")),
        (("江苏某某（中国", "）有限公司"), ("宁波某某（集团）股份", "有限公司")),
    ],
)
def test_names_that_wrap_at_their_brackets_in_two_columns_of_signatures(buyer: tuple[str, str], seller: tuple[str, str]) -> None:
    signed = [line(0.1 + 0.4 * side, 0.3 + 0.02 * n, ("", ("需方（电子签章）：", "供方（电子签章）：")[side])[not n] + text) for side, name in enumerate((buyer, seller)) for n, text in enumerate(name)]
    got = extract([page(line(0.3, 0.05, "产品购销合同", size=0.022), *signed)]).fields
    assert (got["buyer_name"].text, got["seller_name"].text) == ("".join(buyer), "".join(seller))


@pytest.mark.parametrize("text", ["4. 本协议书自2020年02月16日双方签字盖章之日起生效。", "签约时间与地点：2020年2月16日，宁波市", "本合同于2020年2月16日经甲乙双方签字盖章后成立。"])
def test_the_day_on_which_both_sign(text: str) -> None:
    assert read(f"甲方：江苏某某电气有限公司\n乙方：宁波某某装备有限公司\n{text}").fields["signed_on"].text == "2020-02-16"


@pytest.mark.parametrize("name", ["供应链协同管理软件", "热响应分析系统", "全断面盾构机"])
def test_a_subject_in_a_row_of_a_table_of_terms(name: str) -> None:
    rows = [["序号", "条款名称", "内容"], ["1", "需方", "台州某某制造有限公司"], ["2", "供方", "宁波某某装备有限公司"], ["3", "标的", name], ["4", "规格型号（版本）", "V5.5"], ["5", "数量", "1套"],
            ["9", "签订时间", "2020-06-29"], ["10", "签订地点", "某某市"]]
    got = extract([page(line(0.4, 0.06, "产品销售合同", size=0.022), ruled(0.1, 0.15, [0.08, 0.2, 0.5], rows))]).fields
    assert (got["product_name"].text, got["signed_on"].text) == (name, "2020-06-29")


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("# 供货合同\nNo：2020-销-076\n甲方：某某水务集团有限公司\n乙方：宁波甬江泵业有限公司", "contract_number", "2020-销-076"),
        ("# 供货合同\nSC/20UB656\n甲方：某某水务集团有限公司\n乙方：宁波甬江泵业有限公司", "contract_number", "SC/20UB656"),
        ("# 销售合同书\n供方：宁波甬江泵业有限公司\n需方：某某水务集团有限公司\n1.品|名：熔盐泵\n2.型号规格：RYB-560；数量：2台；\n3.单|价：1,315,000元/台（含税）；\n合同总金额：2,630,000元", "unit_price", "1315000.00"),
        ("# 销售合同\n买方The Buyer:某某水务集团有限公司\n地址Address:浙江省象山县西周镇工业园区横沿路一千零二十四号二号楼五层东侧厂房电话Tel: 0574-79861574\n卖方The Seller:宁波甬江泵业有限公司", "seller_name", "宁波甬江泵业有限公司"),
        ("# 采购订单\n采购方：某某水务集团有限公司\n供应商：宁波甬江泵业有限公司\n物料描述|规格型号|单位|数量|含税单价|含税金额\nDescription|Model|UOM|Qty|Unit Price|Amount\n熔盐泵|RYB-560|台|2|8,000.00|16,000.00", "product_name", "熔盐泵"),
        ("# 软件合同\n甲方：某某水务集团有限公司\n乙方：宁波甬江软件有限公司\n甲方按下表分期付款，乙方在每次收款前开具等额发票。\n甲方提供服务器及网络环境。\n乙方逾期交付的，每逾期一周按合同总额的0.5%支付违约金，累计不超过合同总额的5%。", "buyer_name", "某某水务集团有限公司"),
        ("# 软件销售合同\n合 同 号：|202064-07-9\n甲方：某某水务集团有限公司\n乙方：宁波甬江软件有限公司", "contract_number", "202064-07-9"),  # no day of 2064
        ("# 购货协议\n编号：20购销0585号\n甲方（买受人）：某某水务集团有限公司\n乙方（出卖人）：宁波甬江泵业有限公司", "contract_number", "20购销0585号"),
        ("# 采购订单\n单据编号：XSDD-20200019|单据日期：2020-03-10\n供应商：宁波甬江泵业有限公司|采购方：某某水务集团有限公司", "contract_number", "XSDD-20200019"),
        ("# 采购订单\n单据编号：XSDD-20200019|单据日期：2020-03-10\n供应商：宁波甬江泵业有限公司|采购方：某某水务集团有限公司", "signed_on", "2020-03-10"),
        ("# 定作合同\n定作方：某某水务集团有限公司\n承揽方：宁波甬江泵业有限公司\n定作物名称|规格型号|数量|单台报酬|报酬小计\n熔盐泵|RYB-560|3台|1,280,000.00|3,840,000.00", "unit_price", "1280000.00"),
        ("# 软件销售合同\n委托方：某某水务集团有限公司\n受托方：宁波甬江软件有限公司\n软件名称：泵站监控软件\n第一条 委托方向受托方购买上述软件1套，每套151.8万元。", "quantity", "1"),
        ("# 订货合同\n订货方：某某水务集团有限公司\n供货方：宁波甬江材料有限公司\n材料名称：导电银粉\n牌号规格：AC-5140B\n订货数量：1249千克", "product_model", "AC-5140B"),
        ("# 电子合同\n采购方：某某水务集团有限公司|销售方：宁波甬江泵业有限公司\n签署时间：2020-07-08 16:21:46|签署时间：2020-07-08 19:05:18", "signed_on", "2020-07-08"),
        ("# 采购单\n采购企业：|某某水务集团有限公司\n供货商家：|宁波甬江泵业有限公司", "buyer_name", "某某水务集团有限公司"),
        ("# 采购单\n采购企业：|某某水务集团有限公司\n供货商家：|宁波甬江泵业有限公司", "seller_name", "宁波甬江泵业有限公司"),
        ("# 许可合同\n许可方：宁波甬江软件有限公司\n被许可方：某某水务集团有限公司\n软件名称|版本|授权数|每套许可费|小计\n泵站监控软件|V3.9|1套|855,000.00|855,000.00", "unit_price", "855000.00"),
        ("# 采购合同\n甲方：某某水务集团有限公司\n乙方：宁波甬江泵业有限公司\n标的：商用冰淇淋机\n数量：2台", "product_name", "商用冰淇淋机"),
        ("# 采购合同\n甲方：某某水务集团有限公司\n乙方：宁波甬江泵业有限公司\n标的：给水泵\n数量：2台\n中标单价：135.4万元/台（含税）", "unit_price", "1354000.00"),
        ("# 定购合同\n编号：KL206079甲\n甲方：某某水务集团有限公司\n乙方：宁波甬江泵业有限公司", "contract_number", "KL206079甲"),
        ("# 定购合同\n编号：（2020）购字72-4\n甲方：某某水务集团有限公司\n乙方：宁波甬江泵业有限公司", "contract_number", "（2020）购字72-4"),
        ("# 采购合同\n采购人：某某水务集团有限公司\n供应商：宁波甬江泵业有限公司\n3. 签约合同价：人民币2,850,000.00元，其中：等离子处置成套设备（型号WZ-8390FA）1台，每台人民币2,850,000.00元。", "quantity", "1"),
        ("# 技术开发合同\n项目名称：电梯终端软件\n甲方：某某水务集团有限公司\n乙方：宁波甬江软件有限公司\n1. 技术目标：交付V2.6版软件1套，满足甲方业务需求；", "product_model", "V2.6"),
        ("# 销售合同\n客户|某某水务集团有限公司\n我司|宁波甬江泵业有限公司\n我司应提供合格证。", "seller_name", "宁波甬江泵业有限公司"),
    ],
)
def test_what_other_makers_print(text: str, name: str, value: str) -> None:
    assert extract([typed(text)]).fields[name].text == value


def test_words_of_an_amount_that_begin_the_next_line() -> None:
    lines = ["合同书", "买方：某某水务集团有限公司", "卖方：宁波甬江泵业有限公司", "2.合同价款：中标单价为人民币650,000.00元/套，合同总价为人民币650,000.00元（大写：", "陆拾陆万元整），含税，为固定不变价。"]
    read = extract([page([line(0.1, 0.1 + 0.03 * n, text) for n, text in enumerate(lines)])])
    assert (read.fields["contract_amount"].text, read.fields["contract_amount"].accepted, read.extra["amount_in_words"].text) == ("650000.00", False, "660000.00")


def test_a_row_that_names_both_parties_by_role_and_name() -> None:
    rows = [["买方", "台州某某制品有限公司", "卖方", "宁波某某新材料有限公司"], ["联系人", "周某 18639950005", "联系人", "孙某 18676520003"], ["送货地址", "浙江省台州市某某路73号", "地址", "宁波市北仑区某某路1845号"]]
    made = extract([page(line(0.4, 0.04, "采购订单（合同）", size=0.02), ruled(0.08, 0.12, [0.12, 0.3, 0.12, 0.3], rows))]).extra
    assert made["seller_address"].text == "宁波市北仑区某某路1845号"
    assert "buyer_address" not in made or made["buyer_address"].text == "浙江省台州市某某路73号"


def test_an_order_that_is_the_contract() -> None:
    made = extract([typed("""# 采购订单（合同）
订单（合同）编号：20XS-8814|订单日期：2019-11-01
订货方：杭州恒远汽车零部件有限公司|供货方：宁波东昇机床有限公司
品名|规格|单位|订购量|含税单价|金额
五轴卧式加工中心|HMC800|台|1|1,264,000.00|1,264,000.00
订单总额（含税）：1,264,000.00""")]).fields
    assert (made["contract_number"].text, made["signed_on"].text) == ("20XS-8814", "2019-11-01")


def test_software_in_quotation_marks_and_a_day_in_figures() -> None:
    made = extract([typed("""# 软件系统建设合同
（编号：合同20-0870）
甲方：杭州恒远汽车零部件有限公司
乙方：宁波海智软件股份有限公司
双方根据《中华人民共和国合同法》，就软件开发一事，于2020.07.13在宁波市签订本合同。
1.1 乙方按照甲方的业务需求开发并交付“仓储调度软件”（版本V5.1），许可甲方使用，数量1套。
2.1 软件单价为每套935,000元，合同总价款为935,000元。""")]).fields
    assert (made["contract_number"].text, made["product_name"].text, made["signed_on"].text) == ("合同20-0870", "仓储调度软件", "2020-07-13")


def test_software_that_a_definition_names() -> None:
    made = extract([typed("""# 软件开发与交付技术合同
（1）杭州恒远汽车零部件有限公司（以下称“委托人”），住所：浙江省杭州市某某路18号；
（2）宁波海智软件股份有限公司（以下称“开发人”），住所：宁波市某某路14号。
1.1 “本软件”指仓储调度软件，版本号V5.3，包括其目标程序及文档。
2.1 开发人向委托人交付本软件1套，部署于委托人指定的服务器。
3.1 本软件每套价格为人民币942,000.00元。""")]).fields
    assert {name: made[name].text for name in ("buyer_name", "seller_name", "product_name", "product_model", "quantity", "unit_price")} == {
        "buyer_name": "杭州恒远汽车零部件有限公司", "seller_name": "宁波海智软件股份有限公司", "product_name": "仓储调度软件", "product_model": "V5.3", "quantity": "1", "unit_price": "942000.00"}


def test_goods_with_their_labels_in_their_cell() -> None:
    goods = "商品名称 / 规格|单价|数量|小计\n商品：五轴卧式加工中心\n|￥1,264,000.00|1 台|￥1,264,000.00\n规格：HMC800"
    made = extract([typed(f"# 电子购销合同\n买方：杭州恒远汽车零部件有限公司\n卖方：宁波东昇机床有限公司\n{goods}\n订单总额：￥1,264,000.00")]).fields
    assert (made["product_name"].text, made["product_model"].text) == ("五轴卧式加工中心", "HMC800")


def test_a_party_s_group_in_brackets_at_a_wrapped_line() -> None:
    signed = page(line(0.44, 0.07, "采购合同", size=0.02), line(0.1, 0.12, "供应商：宁波东昇机床有限公司"), line(0.1, 0.2, "采购方：宁波金尔汽车底盘及制动系统（集团）有限"), line(0.19, 0.217, "公司"))
    assert extract([signed]).fields["buyer_name"].text == "宁波金尔汽车底盘及制动系统（集团）有限公司"


def test_an_order_under_a_framework_has_a_number_of_its_own() -> None:
    made = extract([typed("""# 框架协议项下订单
订单编号：20XS-8814|框架协议号：KJ-4852-03
订购方：杭州恒远汽车零部件有限公司|供应方：宁波东昇机床有限公司
产品：五轴卧式加工中心|型号：HMC800
订单金额（元）：1,264,000.00""")]).fields
    assert made["contract_number"].text == "20XS-8814"


def test_a_deposit_whose_word_ends_a_line_of_its_cell() -> None:
    terms = page(line(0.4, 0.05, "专用条款前附表", size=0.02), line(0.1, 0.1, "采购人：杭州恒远汽车零部件有限公司"), line(0.1, 0.13, "中标人：宁波东昇机床有限公司"),
                 ruled(0.1, 0.2, [0.1, 0.15, 0.5], [["1.1", "标的名称", "五轴卧式加工中心"], ["3.1", "付款方式", "验收合格并收到发票后60日内支付90%，剩余10%作为质量保证\n金于12个月后支付。"], ["3.2", "交货", "合同生效后三个月内交付到采购人指定地点，运费由中标人承担，采购人应在十五日内组织验收。"]], height=0.05))
    assert extract([terms]).fields["quality_deposit"].value is True


def test_an_amount_in_words_on_a_row_of_its_own_is_held_against_the_figures() -> None:
    order = """# 框架协议项下订单
订单编号：20XS-8814
订购方：杭州恒远汽车零部件有限公司
供应方：宁波东昇机床有限公司
产品：五轴卧式加工中心
订购数量：2台
含税单价（元）：632,000.00
订单金额（元）：1,264,000.00
金额大写：{}"""
    agreed, other = (extract([typed(order.format(words))]) for words in ("壹佰贰拾陆万肆仟元整", "壹佰叁拾陆万肆仟元整"))
    assert (agreed.fields["contract_amount"].text, agreed.extra["amount_in_words"].text) == ("1264000.00", "1264000.00")
    assert other.extra["amount_in_words"].text == "1364000.00"
    assert not other.fields["contract_amount"].accepted


def test_a_contract_of_goods_told_in_one_sentence_with_its_number_in_brackets() -> None:
    made = extract([typed("""# 材料订货合同
（2020-SBHT-156）
订货单位：通化某某海工装备有限责任公司
供货及安装单位（全称）：宁波某某特钢有限公司
1．订货品种为超高分子聚乙烯缆绳料，牌号规格UP-720SS，订货量14吨，单价每吨124,400（含税、含运费）。
2．合同总金额1,741,600元，大写人民币壹佰柒拾肆万壹仟陆佰元整。
供货及安装单位应在三十日内交货。""")])
    wanted = {"contract_number": "2020-SBHT-156", "buyer_name": "通化某某海工装备有限责任公司", "seller_name": "宁波某某特钢有限公司", "product_name": "超高分子聚乙烯缆绳料",
              "product_model": "UP-720SS", "quantity": "14", "unit_price": "124400.00", "contract_amount": "1741600.00"}
    assert {name: made.fields[name].text for name in wanted if name in made.fields} == wanted


def test_a_price_for_each_unit_without_a_currency() -> None:
    made = extract([typed("""# 供货合同
业主：防城港某某机车车辆有限公司
卖方：宁波某某新材料有限公司
2.1 卖方向业主提供轨道车辆用酚醛预浸料36564平方米。
3.1 主供货物单价为181.00/平方米，含13%增值税。
3.2 合同总价为6,618,084.00元。""")])
    assert {name: made.fields[name].text for name in ("product_name", "quantity", "unit_price")} == {"product_name": "轨道车辆用酚醛预浸料", "quantity": "36564", "unit_price": "181.00"}


CONFIRMATION = """宁波某某特种纤维有限公司
地址：宁波市镇海区镇东路1363号
# 销售确认书
确认书编号：2020年第095号
致：昭通某某窑炉设备有限公司
贵公司的订货已收悉，现确认如下。
品名：片式电阻用钌系电阻浆料
型号：RP-3940H
数量：125千克
单价：9,990.00元
货款总计：1,248,750.00元"""


def test_a_confirmation_names_the_seller_over_it_and_addresses_the_buyer() -> None:
    made = extract([typed(CONFIRMATION)]).fields
    wanted = {"seller_name": "宁波某某特种纤维有限公司", "buyer_name": "昭通某某窑炉设备有限公司", "contract_number": "2020年第095号", "product_model": "RP-3940H", "quantity": "125", "unit_price": "9990.00"}
    assert {name: made[name].text for name in wanted if name in made} == wanted


def test_the_buyer_s_telephone_on_a_quotation_is_not_the_seller_s() -> None:
    made = extract([typed(CONFIRMATION.replace("贵公司的", "电话：13932248800\n贵公司的"))]).extra
    assert made["buyer_phone"].text == "13932248800"
    assert "seller_phone" not in made


def test_what_was_filled_in_between_brackets_and_parties_named_in_such() -> None:
    made = extract([typed("""# 软件实施协议
订立协议双方：张掖某某家具股份有限公司【甲方】、宁波某某软件有限公司【乙方】
1. 开发内容：【模具企业报价核算软件】，版本【V3.6】，部署【1套】。
2. 开发费用：每套【357000元】，协议总费用【357000元】，大写【叁拾伍万柒仟元整】。
甲方应向乙方支付开发费用。""")]).fields
    wanted = {"buyer_name": "张掖某某家具股份有限公司", "seller_name": "宁波某某软件有限公司", "product_name": "模具企业报价核算软件", "product_model": "V3.6", "quantity": "1", "contract_amount": "357000.00"}
    assert {name: made[name].text for name in wanted if name in made} == wanted


def test_a_price_in_words() -> None:
    made = extract([typed("""# 协议书
甲方：淮南某某茶业有限公司
乙方：宁波某某制药机械有限公司
1) 甲方向乙方定购口服液瓶洗烘灌封联动线（KF-162）2套，每套价格人民币陆佰肆拾柒万元整，合同总金额人民币壹仟贰佰玖拾肆万元整。""")]).fields
    assert {name: made[name].text for name in ("unit_price", "quantity", "contract_amount", "product_model")} == {"unit_price": "6470000.00", "quantity": "2", "contract_amount": "12940000.00", "product_model": "KF-162"}


@pytest.mark.parametrize("number", ["KL205422甲", "2020年第050号", "2020YX-054号", "合同20-040号", "XSHT2020.07.5"])
def test_a_number_by_itself_at_the_head_is_for_a_person_to_see(number: str) -> None:
    made = extract([typed(f"{number}\n# 设备购置合同\n买方：淮南某某茶业有限公司\n卖方：宁波某某机械有限公司\n一、买方向卖方购买灌装机（KF-162）1套，总价50,000.00元。")]).fields["contract_number"]
    assert made.text == number
    assert not made.accepted


@pytest.mark.parametrize("alone", ["2020年7月5日", "0574-82226533", "GB/T19001-2016", "第1页共3页"])
def test_what_numbers_no_contract(alone: str) -> None:
    assert "contract_number" not in extract([typed(f"{alone}\n# 设备购置合同\n买方：淮南某某茶业有限公司\n卖方：宁波某某机械有限公司\n一、买方向卖方购买灌装机（KF-162）1套，总价50,000.00元。")]).fields


def test_the_name_beside_a_role_counts_and_not_the_one_below_it() -> None:
    scanned = page(line(0.4, 0.1, "技术与商务协议", size=0.02), *(part for n, (role, name) in enumerate((("需方：", "淮南某某药业有限责任公司"), ("供方：", "宁波某某食品机械有限公司"), ("签署：", "2020.1.15")))
                                                              for part in (line(0.22, 0.16 + 0.024 * n, role, size=0.017), line(0.272, 0.16 + 0.024 * n, name, size=0.015))))
    made = extract([scanned]).fields
    assert (made["buyer_name"].text, made["seller_name"].text) == ("淮南某某药业有限责任公司", "宁波某某食品机械有限公司")


def test_the_account_below_a_seller_s_signature_is_not_the_buyer_s() -> None:
    made = extract([typed(CONFIRMATION + "\n报价方签章：|客户签章：\n账号：951180363792585846|同意按上述条件订货")]).extra
    assert made["seller_bank_account"].text == "951180363792585846"
    assert "buyer_bank_account" not in made


@pytest.mark.parametrize(("said", "number"), [("PO：4500012345", "4500012345"), ("PO No.: 4500012345", "4500012345"), ("PO#4500012345", "4500012345"), ("P.O. No.：4500012345", "4500012345"), ("采购单编号：CG-20200117", "CG-20200117"), ("合同编号：(20)浙合第0123号", "（20）浙合第0123号")])
def test_numbers_of_orders(said: str, number: str) -> None:
    order = f"# 采购订单\n{said}\n供方：宁波某某装备有限公司\n需方：江苏某某新能源科技股份有限公司\n产品名称|规格型号|数量|单价（元）|总金额（元）\n起重机|CZ6320|1|500,000.00|500,000.00\n签订日期：2020年3月28日"
    assert read(order).fields["contract_number"].text == number


@pytest.mark.parametrize(("clause", "accepted"), [("一、产品：高速精密冲床 CZ-63\n数量：2台", False), ("一、产品：高速精密冲床\n型号：CZ-63\n数量：2台", True), ("一、产品：高速精密冲床\n数量：2台", True)])
def test_a_name_that_may_end_in_its_model_is_for_a_person(clause: str, accepted: bool) -> None:
    assert read(CLAUSES.format(clause)).fields["product_name"].accepted is accepted


@pytest.mark.parametrize(("terms", "value", "accepted"), [("预付30%，发货前付60%，余10%质保。", "true", False), ("预付30%，发货前付70%，质保期一年。", "false", True), ("余款10%质保期满付清。", "false", False)])
def test_a_share_kept_for_the_warranty_is_for_a_person(terms: str, value: str, accepted: bool) -> None:
    made = read(CLAUSES.format(f"付款方式：{terms}")).fields["quality_deposit"]
    assert (made.text, made.accepted) == (value, accepted)


def test_a_total_below_one_row_of_amounts_with_their_currency() -> None:
    order = "# SALES CONTRACT 销售合同\nContract No. 合同号: NB-EX-20200328\n卖方：宁波某某装备有限公司\n买方：江苏某某新能源科技股份有限公司\nCommodity 品名|Model 型号|Qty 数量|Price 单价|Amount 总价\n数控龙门起重机|CZ6320|2 SETS|CNY250,000.00|CNY500,000.00\nTotal 合计||||CNY500,000.00"
    made = read(order).fields
    assert (made["contract_number"].text, made["product_name"].text, made["contract_amount"].text) == ("NB-EX-20200328", "数控龙门起重机", "500000.00")


def test_a_name_that_its_line_may_have_cut_is_for_a_person() -> None:
    made = extract([typed("# 购销协议\n甲方（购货方）：宁波某某家居制造集团有限公司\n乙方（供货方）：宁波某某光电仪器股份有限公司\n就甲方向乙方购买光伏组件回收拆解成\n套设备一事达成如下条款。\n（一）共计1套。")]).fields
    assert "product_name" not in made or not made["product_name"].accepted


@pytest.mark.parametrize(("head", "number"), [("PO4520009192", "PO4520009192"), ("202026-XM16-设备", "202026-XM16-设备")])
def test_numbers_with_letters_or_a_word_of_their_own(head: str, number: str) -> None:
    made = extract([typed(f"# 设备购置合同\n{head}\n买方：宁波某某石化工程有限责任公司\n卖方：宁波某某流体控制技术股份有限公司\n一、买方向卖方定购节能控制系统10套。")]).fields
    assert made["contract_number"].text == number


def test_a_tender_s_number_is_not_the_contract_s() -> None:
    made = extract([typed("# 采购项目合同\n合同编号：（2020）甬工采100号\n甲方：宁波某某制衣有限公司\n乙方：宁波某某工控技术有限责任公司\n根据中标通知书（编号：ZB096320），双方签订本合同。")]).fields
    assert made["contract_number"].text == "（2020）甬工采100号"
    untold = extract([typed("# 采购项目合同\n甲方：宁波某某制衣有限公司\n乙方：宁波某某工控技术有限责任公司\n根据中标通知书（编号：ZB096320），双方签订本合同。")]).fields
    assert "contract_number" not in untold


def test_a_project_s_name_is_for_a_person() -> None:
    made = extract([typed("# 技术开发（委托）合同\n合同编号：HT2020-11\n项目名称：药品批记录电子化软件开发\n委托方（甲方）：资阳某某铸锻有限公司\n受托方（乙方）：宁波某某工控技术有限公司\n1.研究开发经费和报酬总额为：467,000元。")]).fields
    assert (made["product_name"].text, made["product_name"].accepted) == ("药品批记录电子化软件", False)


def test_name_and_labelled_model_in_one_cell() -> None:
    table = ruled(0.1, 0.3, (0.3, 0.15, 0.17, 0.18), [["1. 货物名称及规格", "2. 数量", "3. 单价", "4. 总值"], ["换流站阀厅巡检机器人 Model: XJ7630-GS", "8 台", "RMB465,000.00", "RMB3,720,000.00"]], height=0.05)
    made = extract([page(line(0.4, 0.05, "销售合同"), line(0.1, 0.1, "卖方：宁波某某印刷包装装备有限公司"), line(0.1, 0.13, "买方：宁波某某石化工程有限公司"), table)]).fields
    assert (made["product_name"].text, made["product_model"].text) == ("换流站阀厅巡检机器人", "XJ7630-GS")
