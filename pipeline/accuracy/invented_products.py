"""Invented catalogues and products named as papers name them, to measure matching on words that it wasn't made with.

Out:   `catalogue`: entries of families whose members differ in a word or a size; `products`: what papers call them, each with what is right.
A product is named in other words, another order, with brand and model, praise, a size, a character misread; some leave out the word that tells an
entry from its siblings, and of some the true entry is taken out of the catalogue.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from itertools import product as combinations
from random import Random
from typing import NamedTuple

from models.reference import CatalogueEntry

SCHEME, TRACK = "invented", "equipment"

# words before the head, by semicolon, one of each slot's alternatives (by slash) in every name, synonyms by equals sign | head and its synonyms | threshold, sign, value, unit
_FAMILIES = """
医疗器械|超导=超导型/永磁=永磁型;1.5T/3.0T|磁共振成像系统=磁共振成像设备=核磁共振成像系统|梯度场强≥33mT/m
医疗器械|64排/128排/256排|螺旋CT扫描机=螺旋CT机=螺旋CT扫描设备|扫描时间≤0.5s
医疗器械|便携式=移动式/台式;彩色=全彩色/黑白|超声诊断仪=超声诊断设备=超声波诊断仪|探测深度≥160mm
医疗器械|冠脉=冠状动脉/外周=外周血管|药物洗脱支架系统=药物涂层支架系统=药物支架|径向强度≥120kPa
医疗器械|血液透析=血透/血液滤过=血滤|净化装置=净化设备=净化机|超滤误差≤30mL/h
医疗器械|单孔/多孔|腔镜手术机器人=腔镜手术机器人系统=内窥镜手术机器人|定位误差≤0.5mm
集成电路|12英寸/8英寸;单晶=单晶硅/外延=硅外延|硅片=硅晶圆|平整度≤0.05μm
集成电路|高速=快速/低功耗=低能耗;16位/24位|模数转换器芯片=模数转换芯片=模数转换器|采样率≥1GHz
集成电路|车规级=车载/工业级=工业用;32位/64位|微控制器芯片=微控制器=微处理控制芯片|主频≥200MHz
集成电路|碳化硅=SiC/氮化镓=GaN|功率器件模块=功率模块=功率半导体模块|耐压≥1200V
集成电路|等离子体=等离子/反应离子;介质=介电质/金属|刻蚀机=刻蚀设备=蚀刻机|刻蚀速率≥300nm/min
化工|己二腈/丙烯腈/乙腈|加氢催化剂=加氢反应催化剂|转化率≥99%
化工|水性=水基/溶剂型=溶剂基;木器=木器用/工业防腐|聚氨酯树脂=聚氨酯乳液|固含量≥40%
化工|电子级=电子工业用/光伏级;氢氟酸/硫酸/双氧水=过氧化氢|超净试剂=超净高纯试剂|纯度≥99.999%
化工|间位/对位|芳纶纸=芳纶绝缘纸=芳香族聚酰胺纸|击穿强度≥25kV/mm
化工|阳离子/阴离子/双极|交换膜=离子交换膜|面电阻≤3Ω·cm2
船舶|双燃料=气油双燃料/甲醇;低速/中速|船舶主机=船用主机=船用发动机|功率≥8000kW
船舶|全回转/侧推=侧向;电动=电力驱动/液压=液力驱动|推进器=推进装置|推力≥500kN
船舶|压载水=压舱水/生活污水;紫外=紫外线/电解|处理装置=处理系统=处理设备|处理量≥300m3/h
船舶|系泊=系缆/拖曳=拖航|绞车=绞盘|额定拉力≥250kN
船舶|薄膜型=薄膜式/棱柱形=棱形|液化气储罐=液化气货舱=液化天然气储罐|容积≥3000m3
农业|自走式=自走/牵引式=牵引;玉米=苞米/青贮/马铃薯=土豆|收获机=收割机=联合收获机|喂入量≥6kg/s
农业|背负式/悬挂式=悬挂|高地隙喷雾机=高地隙喷药机|作业幅宽≥12m
农业|蛋鸡/肉鸡/生猪=猪|智能饲喂系统=智能化饲喂系统=智能喂料系统|饲喂误差≤2%
能源|海上=海洋/陆上=陆地;直驱=直接驱动/半直驱|风力发电机组=风电机组=风力发电设备|额定功率≥6MW
能源|磷酸铁锂=铁锂/钠离子/全钒液流=钒液流|储能系统=储能装置=储能电池系统|循环效率≥88%
能源|质子交换膜/碱性=碱液;1000型/500型|电解水制氢装置=电解水制氢设备=水电解制氢系统|产氢量≥200m3/h
能源|超临界=超临界参数/亚临界|循环流化床锅炉=流化床锅炉|热效率≥92%
环保|餐厨=餐厨垃圾/厨余=厨余垃圾/市政污泥=污泥|厌氧发酵成套设备=厌氧发酵装备=厌氧消化成套设备|处理量≥100t/d
环保|催化燃烧/蓄热燃烧=蓄热式燃烧;喷涂废气/印刷废气|治理设备=净化设备=处理设备|去除率≥97%
环保|管式/碟管式=碟管;垃圾渗滤液=渗滤液/脱硫废水|反渗透系统=反渗透装置=反渗透处理设备|回收率≥75%
仪器|气相=气体/液相=液体;四极杆/飞行时间|色谱质谱联用仪=色谱质谱仪=色谱质谱联用系统|质量范围≥1000u
仪器|原子吸收/原子荧光|分光光度计=光谱仪=分光光谱仪|检出限≤0.01mg/L
仪器|场发射/钨灯丝|扫描电子显微镜=扫描电镜|分辨率≤1.2nm
轨道交通|永磁=永磁同步/异步=交流异步|牵引电机=牵引电动机|额定功率≥200kW
轨道交通|盘形=盘式/踏面|制动装置=制动系统=制动单元|制动距离≤800m
航空|钛合金=钛/高温合金=镍基高温合金;机匣/叶盘=整体叶盘|精密铸件=精密铸造件|尺寸精度≤0.1mm
航空|活塞式=活塞/涡轴=涡轮轴|无人机发动机=无人机动力装置=无人飞行器发动机|功率≥60kW
纺织|高速=快速/宽幅;喷水/喷气|织机=织布机=织造设备|入纬率≥2000m/min
纺织|涤纶=聚酯/锦纶=尼龙/氨纶|假捻变形机=加弹机=假捻机|卷绕速度≥1000m/min
食品|无菌=无菌型/热灌装;PET瓶=塑料瓶/玻璃瓶/易拉罐=铝罐|灌装生产线=灌装线=灌装机组|生产能力≥36000瓶/h
食品|速溶茶/咖啡/奶粉=乳粉|喷雾干燥塔=喷雾干燥机=喷雾干燥设备|蒸发量≥500kg/h
矿山|井下=地下矿用/露天=露天矿用;电动=纯电动/柴油|铲运机=铲运车=铲运设备|额定载重≥14t
矿山|颚式=鄂式/圆锥/反击式|破碎机=破碎设备|给料粒度≥1000mm
建筑机械|混凝土/砂浆=砂浆用;车载=车载式/拖式|泵=输送泵=泵送设备|输送压力≥16MPa
纯软件|汽车零部件/家用电器/船舶配套/光伏组件|质量追溯管理软件=质量追溯系统=质量追溯管理系统|响应时间≤2s
纯软件|冷链物流/危化品=危险化学品/快递末端|运输调度管理软件=运输调度系统=运输调度平台|并发用户≥1000个
纯软件|医院=医疗机构/高校=高等院校/机关事业单位|固定资产管理软件=固定资产管理系统|响应时间≤3s
纯软件|结构强度/流体力学=计算流体/热力学|仿真计算软件=仿真分析软件=模拟计算软件|网格数≥1000万个
嵌入式软件|电梯/门机/扶梯=自动扶梯|控制嵌入式软件=嵌入式控制软件=控制系统嵌入式软件|响应时间≤50ms
信息技术服务|中小企业/跨境电商=跨境电子商务/社区养老=居家养老|综合服务云平台=综合服务平台=综合云服务平台|可用性≥99.9%
工业控制系统|水泥窑=水泥回转窑/玻璃窑=玻璃熔窑/加热炉|燃烧优化控制系统=燃烧优化系统=燃烧控制优化系统|节能率≥3%
"""
# users and places of use: with them families become thousands of entries
_USES = ("汽车", "家电", "船舶", "航空", "轨道交通", "光伏", "风电", "核电", "石化", "煤化工", "制药", "食品", "饮料", "乳品", "纺织", "印染", "造纸", "印刷", "包装", "家具", "陶瓷", "玻璃", "水泥",
         "钢铁", "铜加工", "铝加工", "铸造", "锻造", "热处理", "电镀", "模具", "轴承", "齿轮", "紧固件", "阀门", "泵业", "电机", "电缆", "锂电池", "半导体", "显示面板", "通信", "医疗", "养老", "教育", "港口",
         "机场", "仓储", "冷链", "电商", "粮油", "饲料", "烟草", "酿酒", "制糖", "海水养殖", "园林", "市政", "供水", "供热")  # fmt: skip
_BRANDS = ("华盛", "东方", "甬岳", "海启", "博瑞", "中联达", "恒通", "科锐", "普利", "鼎晟")
_MODELS = ("HS-{n}", "XK{n}", "DF{n}A", "BR-{n}X", "KR{n}", "ZLD-{n}/2", "PL{n}B", "V{n}.0")
_PRAISE = ("智能", "高性能", "新型", "高效", "节能型", "全自动", "精密", "数字化", "一体化", "先进")
_SIZES = ("（{n}型）", "{n}mm", "（额定{n}kW）", "-{n}", "（第{n}代）")
_TAXES = ("专用设备", "医疗仪器器械", "化学制品", "软件", "机床")
# characters that are read for each other
_MISREAD = {
    "械": "戒", "机": "杌", "系": "糸", "统": "纺", "设": "没", "备": "各", "装": "袋", "置": "直", "控": "挖", "制": "刹", "自": "白", "式": "弍", "型": "刑", "分": "公", "离": "禽", "数": "教", "电": "甩", "动": "劫",
    "用": "甪", "水": "氷", "高": "髙", "压": "庄", "合": "台", "金": "全", "管": "菅", "理": "埋", "软": "歎", "件": "仵", "平": "乎", "台": "合", "超": "起", "声": "声", "质": "贡", "膜": "模", "炉": "护", "泵": "汞",
}  # fmt: skip


class Naming(StrEnum):
    """How a paper names a product: every word in some form, or without the word that tells siblings apart."""

    FULL = "full"
    UNSAID = "unsaid"


class Named(NamedTuple):
    """A product as a paper names it. right: entries that it may be (several where the name doesn't tell); figures: as a paper states them."""

    name: str
    model: str
    figures: str
    naming: Naming
    right: frozenset[str]


class _Entry(NamedTuple):
    id: str
    family: int
    words: tuple[tuple[str, ...], ...]  # each slot's word and its synonyms
    head: tuple[str, ...]
    limit: str
    category: str

    @property
    def name(self) -> str:
        return "".join(word[0] for word in self.words) + self.head[0]


class _Family(NamedTuple):
    category: str
    slots: tuple[tuple[tuple[str, ...], ...], ...]
    head: tuple[str, ...]
    limit: str


def _families() -> list[_Family]:
    out = []
    for row in _FAMILIES.strip().splitlines():
        category, slots, head, limit = row.split("|")
        parted = tuple(tuple(tuple(word.split("=")) for word in slot.split("/")) for slot in slots.split(";"))
        out.append(_Family(category, parted, tuple(head.split("=")), limit))
    return out


def entries(rng: Random, count: int) -> list[_Entry]:
    """About `count` different entries, half of the families with users before them (汽车用, 家电用): a catalogue names a product with its users or without."""
    families = list(enumerate(_families()))
    every = [_Entry("", number, words, f.head, f.limit, f.category) for number, f in families for words in combinations(*f.slots)]
    plain = [entry for entry in every if entry.family % 2]
    used = [entry._replace(words=((use + "用", use + "行业", use), *entry.words)) for entry in every for use in _USES if use not in entry.name]
    others = [entry for entry in used if not entry.family % 2]
    chosen = rng.sample(plain, min(len(plain), count // 2))
    chosen += rng.sample(others, count - len(chosen)) if count - len(chosen) <= len(others) else rng.sample(used, min(len(used), count - len(chosen)))
    return [entry._replace(id=f"X-{n:05}") for n, entry in enumerate(chosen, 1)]


def as_catalogue(every: Sequence[_Entry]) -> tuple[CatalogueEntry, ...]:
    """The entries as the reference table holds them."""
    return tuple(CatalogueEntry(entry_id=e.id, scheme=SCHEME, track=TRACK, category=e.category, name=e.name, specification=e.limit) for e in every)


def products(rng: Random, every: Sequence[_Entry], count: int, unsaid: float = 0.15) -> list[tuple[_Entry, Named]]:
    """Products of entries drawn by chance, each as one paper names it. unsaid: share that leaves a telling word out."""
    out = []
    for _ in range(count):
        entry = rng.choice(every)
        out.append((entry, _named(rng, entry, every, Naming.UNSAID if rng.random() < unsaid else Naming.FULL)))
    return out


def _named(rng: Random, entry: _Entry, every: Sequence[_Entry], naming: Naming) -> Named:
    words = list(entry.words)
    family = [e for e in every if e.family == entry.family]
    if naming is Naming.UNSAID:
        words.pop(rng.randrange(len(words)))
    said_of = set(words)
    # an entry without a word that the product has is more general and fits; one that has more fits perhaps, where none says just what the name says
    right = {e.id for e in family if set(e.words) <= said_of} or {e.id for e in family if said_of <= set(e.words)}
    said = [rng.choice(word) if rng.random() < 0.5 else word[0] for word in words]
    if len(said) > 1 and rng.random() < 0.4:
        rng.shuffle(said)
    head = rng.choice(entry.head) if rng.random() < 0.5 else entry.head[0]
    if rng.random() < 0.35:
        said.insert(rng.randrange(len(said) + 1), rng.choice(_PRAISE))
    name = "".join(said) + head
    if rng.random() < 0.2:
        at = [i for i, c in enumerate(name) if c in _MISREAD]
        if at:
            i = rng.choice(at)
            name = name[:i] + _MISREAD[name[i]] + name[i + 1 :]
    model = ""
    if rng.random() < 0.3:
        model = rng.choice(_MODELS).replace("{n}", str(rng.choice((2, 63, 250, 1000, 3200))))
        name = f"{model}型{name}" if rng.random() < 0.5 else f"{model}{name}"
        model = model if rng.random() < 0.6 else ""
    if rng.random() < 0.2:
        name = rng.choice(_BRANDS) + "牌" + name
    if rng.random() < 0.12:
        name += rng.choice(_SIZES).replace("{n}", str(rng.choice((3, 120, 500, 1600))))
    if rng.random() < 0.1:
        name = f"*{rng.choice(_TAXES)}*{name}"
    return Named(name, model, entry.limit.replace("≥", "").replace("≤", "") if rng.random() < 0.5 else "", naming, frozenset(right))
