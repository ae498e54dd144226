"""Who there is: people, companies, insurers, banks and offices, and the register that tells about them.

In:    a random.Random (one world a batch).
Out:   `World`: makes applicants and buyers whose names, people, phones and addresses are no one else's unless a fault says so,
       and keeps the reference tables (companies, holdings, officers, awards, restricted).
Names of insurers, banks and offices are public; companies, people and numbers are invented.
Elsewhere: what they make (pipeline/samples/catalogue.py), what they file (pipeline/samples/case.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from pipeline.samples import numbers
from pipeline.samples.catalogue import KINDS, Kind

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜戚谢邹喻苏潘葛范彭鲁韦马方俞任袁柳鲍史唐费岑薛雷贺倪汤罗毕郝安常于傅卞齐康伍余顾孟黄穆萧尹姚邵汪毛戴宋庞熊纪舒屈项祝董梁杜"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰飞鹏辉琳斌宇浩凯健俊帆雪荣新海波宁晓东文利红建国庆林峰志远思雨子涵梦琪佳怡振兴永康泽民嘉诚立业雅婷春梅冬青夏荷秋实维祥锦程"
_SHORT_A = "骏沐朗晟钧澜翊禾岳衍煜铭睿昱曦凌沣逸乾澄璟颂渝鸿亘桓茂臻泓屿弘谦彦宸亿崇晖韵钰博淳"
_SHORT_B = "驰原图合信晖格拓森维诺泰源隆特迪凡优德创升邦普同立基石通瑞莱盈正和蓝舟海天益佳润辰德迅"
_STREETS = (
    "望春工业园区云林中路",
    "菁华路",
    "通途西路",
    "鄞县大道",
    "金源路",
    "甬江大道",
    "杭州湾新区滨海四路",
    "小港街道纬五路",
    "庄市大道",
    "姜山镇科技园明曙路",
    "洪塘工业园区长兴路",
    "南滨北路",
    "启新路",
    "宁东路",
    "嵩江中路",
    "梅墟街道扬帆路",
    "凤山街道丰杨河路",
    "中意启迪科技城滨海大道",
    "观海卫镇工业园东区",
    "西店镇滨海工业园",
    "聚贤路",
    "研发园区院士路",
    "泗门镇工业功能区",
    "大碶街道沿山河北路",
)
NINGBO_DISTRICTS = {
    "海曙区": "330203",
    "江北区": "330205",
    "北仑区": "330206",
    "镇海区": "330211",
    "鄞州区": "330212",
    "奉化区": "330213",
    "象山县": "330225",
    "宁海县": "330226",
    "余姚市": "330281",
    "慈溪市": "330282",
}
# city: (region code, area code, province prefix for addresses)
_ELSEWHERE = {
    "杭州": ("330108", "0571", "浙江省"),
    "嘉兴": ("330402", "0573", "浙江省"),
    "温州": ("330302", "0577", "浙江省"),
    "金华": ("330702", "0579", "浙江省"),
    "苏州": ("320505", "0512", "江苏省"),
    "无锡": ("320211", "0510", "江苏省"),
    "常州": ("320411", "0519", "江苏省"),
    "合肥": ("340104", "0551", "安徽省"),
    "芜湖": ("340203", "0553", "安徽省"),
    "青岛": ("370212", "0532", "山东省"),
    "济南": ("370102", "0531", "山东省"),
    "武汉": ("420111", "027", "湖北省"),
    "长沙": ("430104", "0731", "湖南省"),
    "郑州": ("410105", "0371", "河南省"),
    "佛山": ("440605", "0757", "广东省"),
    "东莞": ("441900", "0769", "广东省"),
    "重庆": ("500112", "023", ""),
    "上海": ("310115", "021", ""),
    "天津": ("120116", "022", ""),
}
_CITY_STREETS = (
    "人民东路",
    "经济开发区创业路",
    "高新区科园一路",
    "长江路",
    "工业大道",
    "中山北路",
    "产业园兴业路",
    "解放西路",
    "迎宾大道",
    "建设路",
    "港城路",
    "新城大道",
)
# name part, industry code (GB/T 4754-2017), business scope
_MAKERS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "equipment": (
        ("机床", "C3421", "数控机床、机床附件的研发、制造、加工、批发、零售及技术服务"),
        ("智能装备", "C3490", "智能装备、自动化生产线的研发、设计、制造、安装；自营和代理货物及技术的进出口"),
        ("重型机械", "C3599", "重型机械、专用设备、液压设备的制造、加工、维修"),
        ("自动化设备", "C3569", "工业自动控制系统装置、机器人的研发、制造；机电设备安装"),
        ("机械制造", "C3525", "塑料机械、模具、机械配件的制造、加工；普通货物道路运输"),
        ("轴承传动", "C3453", "轴承、齿轮、减速器及传动部件的研发、制造、销售"),
    ),
    "material": (
        ("新材料", "C2651", "高分子材料、复合材料的研发、制造、加工；化工产品（不含危险化学品）的销售"),
        ("新材料科技", "C2659", "新材料技术研发；功能膜材料、合成材料的制造"),
        ("合金材料", "C3240", "有色金属合金、金属制品的制造、加工、研发"),
        ("磁业", "C3985", "磁性材料及元器件的研发、制造、加工"),
        ("电子材料", "C3985", "电子专用材料的研发、制造；货物进出口、技术进出口"),
    ),
    "software": (
        ("软件", "I6513", "计算机软件的开发、技术咨询、技术服务；信息系统集成"),
        ("信息科技", "I6531", "信息系统集成服务；软件开发；物联网技术服务"),
        ("智能科技", "I6520", "智能控制系统集成；人工智能应用软件开发；信息技术咨询服务"),
        ("数字技术", "I6550", "数据处理和存储支持服务；工业互联网数据服务；软件开发"),
    ),
}
_USERS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "equipment": (
        ("汽车零部件", "C3670", "汽车零部件的研发、制造、加工；道路货物运输"),
        ("船舶工程", "C3731", "船舶、海洋工程装备的设计、建造、修理"),
        ("塑业", "C2926", "塑料制品、模具的制造、加工"),
        ("精工", "C3484", "机械零部件的加工、制造；金属表面处理"),
        ("电力设备", "C3823", "输配电及控制设备的制造；电力工程施工"),
        ("环保工程", "D4620", "污水处理及其再生利用；环境保护工程施工"),
    ),
    "material": (
        ("汽车部件", "C3670", "汽车零部件及配件的制造"),
        ("光电科技", "C3974", "光电子器件、显示器件的研发、制造"),
        ("新能源", "C3825", "光伏设备及元器件的制造；太阳能发电技术服务"),
        ("电机", "C3812", "电动机、微特电机的研发、制造"),
        ("医疗器械", "C3581", "第二类医疗器械的生产；医用材料研发"),
        ("包装制品", "C2923", "塑料薄膜、包装制品的制造"),
    ),
    "software": (
        ("汽车饰件", "C3670", "汽车内外饰件的研发、制造"),
        ("港口集团", "G5532", "港口经营；码头及其他港口设施服务；仓储服务"),
        ("水务", "D4610", "自来水的生产与供应；供排水管网运行维护"),
        ("家电", "C3850", "家用电力器具的研发、制造"),
        ("化工", "C2619", "有机化学原料的制造；危险化学品生产（凭许可证经营）"),
        ("城市运营", "N7810", "市政设施管理；城市基础设施运营、养护"),
    ),
}
_TRADERS = (
    ("商贸", "F5179", "机电设备、金属材料、化工产品的批发、零售"),
    ("进出口", "F5199", "自营和代理各类商品和技术的进出口；国内贸易代理"),
    ("物资贸易", "F5169", "金属材料、建筑材料、五金交电的批发、零售"),
)
_SCOPE_TRADERS = (
    ("实业发展", "L7299", "机械设备、仪器仪表、电子产品的销售；货物及技术进出口；国内贸易代理"),
    ("机电", "L7212", "机电产品、五金工具、办公用品的批发、零售；销售代理"),
)
_FORMS = ("有限公司", "有限公司", "有限公司", "股份有限公司", "有限责任公司", "（集团）有限公司")
_SCHOOLS = ("对外贸易职业学院", "国际贸易技师学院", "商贸职业技术学院")
# bank, branches' prefix, beginning and length of its accounts
BANKS = (
    ("中国工商银行", "3901", 19),
    ("中国农业银行", "3915", 17),
    ("中国银行", "3662", 12),
    ("中国建设银行", "3315", 20),
    ("交通银行", "3320", 21),
    ("宁波银行", "5201", 17),
    ("招商银行", "5749", 15),
    ("上海浦东发展银行", "9407", 20),
    ("中信银行", "8114", 19),
    ("浙商银行", "3320", 23),
)
_BRANCHES = (
    "海曙支行",
    "江北支行",
    "北仑支行",
    "鄞州支行",
    "镇海支行",
    "余姚支行",
    "慈溪支行",
    "奉化支行",
    "宁海支行",
    "象山支行",
    "市分行营业部",
    "国家高新区支行",
    "东门支行",
    "江东支行",
)


@dataclass(frozen=True)
class Company:
    """A company or institution, as the register and its licence know it. capital in yuan."""

    name: str
    short: str
    credit_code: str
    legal: str
    phone: str
    address: str
    industry: str
    scope: str
    capital: int
    founded: date
    bank: str
    account: str
    district: str
    kind: str
    contact: str
    mobile: str
    institution: bool = False


@dataclass(frozen=True)
class Insurer:
    """An insurer's Ningbo branch. policy: the pattern of its policy numbers; products: track -> what the policy calls the insurance."""

    name: str
    head: str
    short: str
    policy: str
    products: dict[str, str]
    credit_code: str
    address: str
    phone: str
    bank: str
    account: str


_EQ = "首台（套）重大技术装备综合保险"
_INSURERS: tuple[tuple[str, str, str, str, tuple[str, str, str]], ...] = (
    ("中国人民财产保险股份有限公司", "宁波市分公司", "人保财险", "PQBT{y}3302060######", (_EQ, "重点新材料首批次应用综合保险", "软件产品质量安全责任保险")),
    (
        "中国平安财产保险股份有限公司",
        "宁波分公司",
        "平安产险",
        "1178439##19{yy}00####",
        ("平安首台（套）装备综合保险", "平安新材料首批次质量安全责任保险", "平安首版次软件综合创新保险"),
    ),
    (
        "中国太平洋财产保险股份有限公司",
        "宁波分公司",
        "太平洋产险",
        "ANIBZ31Y14{yy}B######",
        ("首台（套）装备综合保险（2019版）", "新材料产品质量安全责任保险", "首版次软件质量安全责任保险"),
    ),
    (
        "中国大地财产保险股份有限公司",
        "宁波分公司",
        "大地保险",
        "PZES{y}330200000###",
        ("高端装备首台（套）综合保险", "新材料质量安全责任保险条款（2020版）", "信息技术服务责任保险"),
    ),
    (
        "阳光财产保险股份有限公司",
        "宁波市分公司",
        "阳光产险",
        "3302-{y}-108-###-##",
        ("阳光首台（套）装备质量保证及责任综合保险", "阳光新材料质量安全责任保险", "阳光软件产品质量责任保险"),
    ),
    (
        "太平财产保险有限公司",
        "宁波分公司",
        "太平财险",
        "6402000{yy}033####2",
        ("太平首台套装备综合保险", "太平新材料首批次应用保险", "太平首版次软件产品责任保险"),
    ),
    (
        "中国人寿财产保险股份有限公司",
        "宁波市分公司",
        "国寿财险",
        "8052{y}3302170######",
        ("首台（套）重大技术装备质量及责任综合保险", "新材料产品首批次应用质量安全责任保险", "软件首版次综合保险"),
    ),
    ("中华联合财产保险股份有限公司", "宁波分公司", "中华保险", "02{yy}330200100804####", ("首台套综合保险", "新材料首批次综合保险", "首版次软件综合创新保险")),
)


@dataclass(frozen=True)
class Stock:
    """What a world's names are drawn from, and how its papers number themselves; other makers' papers come from another one.

    insurers: head office, branch, short name, pattern of policy numbers, names of the insurance by track (equipment, material, software).
    banks: name, beginning and length of its accounts. cities: region code, area code, province before an address.
    surnames: of people. kinds: by track, the entries of the guiding catalogue. makers, users: by track, name part, industry code, business scope. Numbers are patterns (pipeline/samples/numbers.py).
    """

    insurers: Sequence[tuple[str, str, str, str, tuple[str, str, str]]] = _INSURERS
    banks: Sequence[tuple[str, str, int]] = BANKS
    branches: Sequence[str] = _BRANCHES
    far_branches: Sequence[str] = ("分行营业部", "城东支行", "开发区支行", "高新支行")
    cities: Mapping[str, tuple[str, str, str]] = field(default_factory=lambda: _ELSEWHERE)
    streets: Sequence[str] = _STREETS
    city_streets: Sequence[str] = _CITY_STREETS
    shorts: tuple[str, str] = (_SHORT_A, _SHORT_B)
    forms: Sequence[str] = _FORMS
    surnames: Sequence[str] = _SURNAMES
    makers: Mapping[str, Sequence[tuple[str, str, str]]] = field(default_factory=lambda: _MAKERS)
    users: Mapping[str, Sequence[tuple[str, str, str]]] = field(default_factory=lambda: _USERS)
    kinds: Mapping[str, Sequence[Kind]] = field(default_factory=lambda: KINDS)
    contract_numbers: Sequence[str] = ("{y}-XS-####", "HT{y}#####", "XSHT-{yy}####", "@@{y}##-###", "{y}销字第###号", "NB-{yy}-####-@", "CG{y}0#0##")
    vouchers: Sequence[str] = ("{y}0###########", "@@##########", "##########", "CNB{y}########", "0#########{yy}")
    certificates: Sequence[str] = ("甬首台套{y}-###", "NBSTZ{y}0##", "甬经信首台〔{y}〕##号")
    reports: Sequence[str] = ("@{yy}-#####", "W{y}0#####", "NZJ-{y}-####", "({y})检字第0####号")
    offices_of_goods: Sequence[str] = ("宁波市产品食品质量检验研究院（宁波市纤维检验所）", "国家化学建筑材料测试中心", "浙江省方圆检测集团股份有限公司")
    offices_of_software: Sequence[str] = ("浙江省电子信息产品检验研究院", "国家应用软件产品质量检验检测中心", "宁波市软件评测中心有限公司")
    conclusions_of_goods: Sequence[str] = ("所检项目均符合技术要求", "经检验，所检项目合格", "该样品所检项目符合标准规定")
    conclusions_of_software: Sequence[str] = ("所测功能均符合需求规格说明书要求", "测试结论：通过", "经测试，产品功能与用户文档一致")


PLAIN = Stock()


@dataclass
class World:
    """One batch's people and companies, and the reference tables as they grow."""

    rng: Random
    stock: Stock = PLAIN
    companies: dict[str, Company] = field(default_factory=dict)  # by name
    holdings: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # company -> holder and percent
    officers: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # company -> person and role
    awards: list[dict[str, str]] = field(default_factory=list)
    restricted: list[tuple[str, str, str]] = field(default_factory=list)
    insurers: list[Insurer] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.insurers = [self._insurer(*row) for row in self.stock.insurers]

    def _insurer(self, head: str, branch: str, short: str, policy: str, products: tuple[str, str, str]) -> Insurer:
        bank, account = self.bank_account()
        names = dict(zip(("equipment", "material", "software"), products, strict=True))
        address = f"宁波市鄞州区{self.rng.choice(('中兴路', '百丈东路', '民安东路', '海晏北路', '江澄北路'))}{self.rng.randint(20, 900)}号"
        return Insurer(
            head + branch, head, short, policy, names, numbers.credit_code(self.rng, "330200"), address, numbers.landline(self.rng, "0574"), bank, account
        )

    def person(self) -> str:
        """A name that no one else in the batch bears."""
        while True:
            given = self.rng.choice(_GIVEN) + (self.rng.choice(_GIVEN) if self.rng.random() < 0.85 else "")
            name = self.rng.choice(self.stock.surnames) + given
            if name not in self._seen:
                self._seen.add(name)
                return name

    def namesake(self, name: str) -> str:
        """Another person of the same surname and length, one character apart."""
        while True:
            other = name[:-1] + self.rng.choice(_GIVEN)
            if other not in self._seen:
                self._seen.add(other)
                return other

    def bank_account(self, area: str = "宁波") -> tuple[str, str]:
        """A branch's full name and an account there."""
        bank, prefix, length = self.rng.choice(self.stock.banks)
        branch = self.rng.choice(self.stock.branches if area == "宁波" else self.stock.far_branches)
        middle = "" if bank.startswith(area) or (branch.startswith("市") and bank == "宁波银行") else area
        long = "股份有限公司" if bank != "宁波银行" and self.rng.random() < 0.4 else ""
        return f"{bank}{long}{middle}{branch}", numbers.account(self.rng, prefix, length)

    def _short(self) -> str:
        """A distinctive name (字号) that no other company bears, longer once the short ones are used up."""
        length = 2
        for attempt in range(10**6):
            if attempt and attempt % 200 == 0:
                length += 1
            short = self.rng.choice(self.stock.shorts[0]) + "".join(self.rng.choice(self.stock.shorts[1]) for _ in range(length - 1))
            if "字号" + short not in self._seen:
                self._seen.add("字号" + short)
                return short
        raise AssertionError("unreachable: names grow longer")

    def applicant(self, track: str) -> Company:
        """A Ningbo maker of the track."""
        return self._company("宁波", self.rng.choice(self.stock.makers[track]))

    def buyer(self, track: str) -> Company:
        """A user of the track's products, in Ningbo or elsewhere; not a trader."""
        return self._company(self._place(), self.rng.choice(self.stock.users[track]))

    def trader(self, by_code: bool) -> Company:
        """A trader by industry code (and name), or by business scope alone."""
        return self._company(self._place(), self.rng.choice(_TRADERS if by_code else _SCOPE_TRADERS))

    def false_trader(self) -> Company:
        """Trade in the name only: it makes and runs something of its own."""
        return self._company(
            self._place(),
            self.rng.choice(
                (
                    ("供应链科技", "I6513", "供应链管理软件、仓储自动化系统的研发、制造；仓储服务"),
                    ("物资装备制造", "C3599", "救生物资装备、专用设备的研发、制造、维修"),
                )
            ),
        )

    def school(self) -> Company:
        place = self.rng.choice(("浙江", "江苏", "安徽"))
        return self._company(place, (self.rng.choice(_SCHOOLS), "P8341", "高等职业教育；技术培训；科学研究"), institution=True)

    def holder(self) -> Company:
        """A holding company, for chains of holdings."""
        return self._company("宁波", (self.rng.choice(("控股集团", "投资管理", "股权投资")), "L7212", "实业投资；投资管理；企业管理咨询服务"))

    def _place(self) -> str:
        return "宁波" if self.rng.random() < 0.35 else self.rng.choice(tuple(self.stock.cities))

    def _company(self, place: str, line: tuple[str, str, str], institution: bool = False) -> Company:
        rng = self.rng
        trade, industry, scope = line
        short = self._short()
        form = "" if institution else rng.choice(self.stock.forms)
        name = f"{place}{short}{trade}{form}".replace("集团（集团）", "集团")
        if place == "宁波":
            district = rng.choice(tuple(NINGBO_DISTRICTS))
            region, area, prefix = NINGBO_DISTRICTS[district], "0574", f"宁波市{district}" if district[-1] in "区县" else f"浙江省{district}"
            street = rng.choice(self.stock.streets)
        else:
            city = place if place in self.stock.cities else {"浙江": "杭州", "江苏": "苏州", "安徽": "合肥"}[place]
            region, area, province = {**_ELSEWHERE, **self.stock.cities}[city]
            district, prefix, street = "", f"{province}{city}市", rng.choice(self.stock.city_streets)
        address = self._address(prefix + street)
        bank, account = self.bank_account(place if place in self.stock.cities or place == "宁波" else "杭州")
        company = Company(
            name=name,
            short=short,
            credit_code=numbers.credit_code(rng, region, institution),
            legal=self.person(),
            phone=numbers.landline(rng, area),
            address=address,
            industry=industry,
            scope=scope,
            capital=rng.choice((200, 500, 1000, 1080, 2000, 3000, 5000, 5800, 8000, 12000)) * 10000,
            founded=date(1996, 1, 5) + timedelta(days=rng.randrange(7800)),
            bank=bank,
            account=account,
            district=district,
            kind=_kind(form),
            contact=self.person(),
            mobile=numbers.mobile(rng),
            institution=institution,
        )
        self.register(company)
        return company

    def _address(self, start: str) -> str:
        while True:
            address = f"{start}{self.rng.randint(1, 1999)}号{self.rng.choice(('', '', '', '3幢', '2号楼5层', 'A座1102室', '1号厂房'))}"
            if address not in self._seen:
                self._seen.add(address)
                return address

    def register(self, company: Company) -> None:
        """Enter a company with people of its own: holdings and officers that lead nowhere else."""
        self.companies[company.name] = company
        if company.institution:
            return
        first = self.person()
        share = self.rng.choice(("51", "60", "67.5", "70", "55"))
        self.holdings[company.name] = [(company.legal, share), (first, plain_rest(share))]
        people = self.officers[company.name] = [(company.legal, self.rng.choice(("董事长", "执行董事", "总经理"))), (self.person(), "监事")]
        if self.rng.random() < 0.5:
            people.append((self.person(), self.rng.choice(("董事", "经理", "财务负责人"))))

    def replace(self, old: Company, new: Company) -> None:
        """Correct a company's entry in the register, its people's rows included."""
        self.companies[new.name] = new
        for table in (self.holdings, self.officers):
            table[new.name] = [(new.legal if who == old.legal else who, what) for who, what in table.get(old.name, [])]

    def forget(self, company: Company) -> None:
        """Take a company out of the register again."""
        for table in (self.companies, self.holdings, self.officers):
            table.pop(company.name, None)


def plain_rest(share: str) -> str:
    """What is left of 100 percent."""
    rest = 100 - float(share)
    return f"{rest:g}"


def _kind(form: str) -> str:
    if form == "":
        return "事业单位"
    return "股份有限公司（非上市、自然人投资或控股）" if form.startswith("股份") else "有限责任公司（自然人投资或控股）"
