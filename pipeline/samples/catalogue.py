"""The guiding catalogues of the invented year: what is eligible, with thresholds, and what papers call it.

Out:   `KINDS`: one entry a product; `OUTSIDERS`: goods that no entry fits.
A family's entries differ in what the name says (for what, of what); `family` is the name without that, which fits several.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A threshold: name, "≥" or "≤", number as text, unit."""

    name: str
    sign: str
    value: str
    unit: str

    @property
    def required(self) -> str:
        return f"{self.sign}{self.value}{self.unit}"


@dataclass(frozen=True)
class Kind:
    """A catalogue entry. number: within its track's catalogue; aliases: what papers call it; price: yuan a unit, from and to; quantity: units a contract, from and to."""

    track: str
    category: str
    name: str
    aliases: tuple[str, ...]
    figures: tuple[Figure, ...]
    price: tuple[int, int]
    quantity: tuple[int, int]
    unit: str
    model: str
    tax: str
    family: str = ""
    number: int = 0

    @property
    def component(self) -> bool:
        return self.category == "关键零部件"

    @property
    def ticked(self) -> str:
        """Which box of annex 1 is ticked: robots share theirs with components."""
        return "component" if self.category in ("关键零部件", "机器人") else "complete_set"

    @property
    def specification(self) -> str:
        return "；".join(f"{f.name}{f.required}" for f in self.figures)


# category | name | aliases, by comma | thresholds, by semicolon | price | quantity | unit | model | invoice's tax category | family
_EQUIPMENT = """
单台装备|数控深孔钻镗床|深孔数控钻镗机床,数控深孔加工钻镗床|最大镗孔深度≥12000mm;镗孔直径≥800mm|2600000-5200000|1-3|台|TK21#|金属加工机床|
单台装备|五轴叶片铣削加工中心|叶片五轴联动铣削中心,五轴联动叶片加工中心|工作台直径≥630mm;重复定位精度≤0.006mm|1800000-4800000|1-4|台|YP-#V|金属加工机床|
单台装备|大型行星齿轮磨齿机|行星齿轮数控磨齿机,数控行星齿轮磨齿机床|最大磨削直径≥1250mm;周节误差≤0.008mm|3200000-6900000|1-2|台|YKS#|金属加工机床|
单台装备|大吨位伺服节能注塑机|伺服节能型大型注塑成型机,大型伺服注塑机|合模力≥24000kN;制品重量重复精度≤0.4%|2400000-7600000|1-3|台|MV#S|塑料加工专用设备|
单台装备|镁合金触变注射成型机|触变注射镁合金成型设备,镁合金半固态触变成型机|合模力≥6500kN;注射速度≥5m/s|3600000-6400000|1-2|台|TMG-#|铸造机械|
单台装备|万瓦级光纤激光切割机|万瓦光纤激光切割设备,高功率光纤激光切割机床|激光功率≥12kW;定位精度≤0.03mm|1500000-3600000|1-4|台|LF#H|金属加工机床|
单台装备|全自动多工位冷镦成型机|多工位全自动冷镦机,全自动冷镦成形设备|切断直径≥30mm;镦锻力≥3000kN|1200000-2900000|1-5|台|BP-#6S|锻压机械|
单台装备|电动船用甲板克令吊|船用电动甲板起重机,电动船用克令吊|安全工作负荷≥45t;回转半径≥30m|2800000-5900000|1-4|台|GLE#|起重机械|
成套装备|汽车座椅骨架焊接自动化生产线|座椅骨架自动化焊接线,汽车座椅骨架机器人焊接成套线|生产节拍≤45s;焊接合格率≥99.5%|4200000-9800000|1-2|套|ZWL-#|自动化生产线|
成套装备|新能源电池托盘焊接自动化生产线|电池托盘自动化焊接线,电池托盘机器人焊接成套线|生产节拍≤180s;焊缝气密合格率≥99%|5200000-12800000|1-2|套|TPL-#|自动化生产线|
成套装备|高浓度有机废水蒸发结晶成套设备|有机废水蒸发结晶成套装置,MVR高浓度废水蒸发结晶系统|日处理量≥300m³/d;吨水电耗≤45kWh/m³|3800000-9200000|1-1|套|MVR-#|环保专用设备|
成套装备|生活垃圾智能分选成套设备|智能化生活垃圾分选线,垃圾智能分选成套装备|处理能力≥40t/h;塑料回收率≥85%|4600000-8800000|1-1|套|FX-#T|环保专用设备|
成套装备|冷链物流四向穿梭立体仓储系统|冷链四向穿梭式立体仓储系统,冷链物流四向穿梭车立体仓储系统|工作温度≤-25℃;单机搬运能力≥60托/h|3900000-8600000|1-2|套|SX4-#|仓储设备|四向穿梭立体仓储系统
成套装备|化纤行业四向穿梭立体仓储系统|化纤四向穿梭式立体仓储系统,化纤行业四向穿梭车立体仓储系统|货架高度≥22m;单机搬运能力≥75托/h|3600000-8200000|1-2|套|SX6-#|仓储设备|四向穿梭立体仓储系统
控制系统|注塑机专用全电动运动控制系统|全电动注塑机运动控制系统,注塑机全电动控制系统|控制轴数≥6轴;控制周期≤0.5ms|48000-96000|20-120|套|KEBA-#|工业自动控制系统|
控制系统|风电变桨控制系统|风力发电机组变桨控制系统,风机变桨控制系统|驱动功率≥9kW;顺桨时间≤8s|120000-260000|10-60|套|BJ-#K|工业自动控制系统|
关键零部件|风电偏航轴承|风力发电机偏航轴承,风电机组偏航轴承|外径≥2600mm;滚道硬度≥58HRC|46000-98000|20-90|套|PH#.32|轴承|
关键零部件|机器人谐波减速器|谐波减速器,工业机器人谐波齿轮减速器|额定转矩≥120N·m;传动误差≤30arcsec|2300-5200|120-900|台|HSG-#|齿轮及减速器|
关键零部件|高压共轨柱塞泵|柴油机高压共轨油泵,共轨系统高压柱塞泵|轨压≥220MPa;容积效率≥88%|3800-7600|150-800|台|CRP#|液压元件|
关键零部件|高压伺服电动执行阀|伺服高压电动调节阀,高压电动伺服执行阀门|公称压力≥42MPa;泄漏等级≥5级|28000-66000|12-80|台|SVH-#|阀门|
关键零部件|盾构机主驱动密封件|盾构主驱动密封圈,盾构机主轴承密封件|耐压≥1MPa;寿命≥10000h|88000-180000|6-30|套|DGM#|密封件|
机器人|六自由度重载搬运机器人|重载六轴搬运机器人,六轴重载工业机器人|额定负载≥300kg;重复定位精度≤0.1mm|320000-580000|2-12|台|RB#-300|工业机器人|
机器人|七轴协作装配机器人|七轴协作机器人,七自由度协作装配机器人|额定负载≥10kg;重复定位精度≤0.03mm|150000-260000|4-20|台|CR7-#|工业机器人|
"""
_MATERIAL = """
金属材料|高强高导铜铬锆合金带|铜铬锆高强高导合金带材,铜铬锆合金带|抗拉强度≥560MPa;导电率≥80%IACS|76000-98000|20-80|吨|C18150-#|有色金属压延材|
金属材料|航空用高强铝锂合金板|铝锂合金高强板材,航空铝锂合金薄板|抗拉强度≥500MPa;密度≤2.66g/cm³|128000-210000|8-40|吨|2A97-#|有色金属压延材|
金属材料|核电用镍基耐蚀合金管|镍基耐蚀合金换热管,核电镍基合金管|屈服强度≥276MPa;晶间腐蚀速率≤0.8mm/a|320000-480000|4-15|吨|N06690-#|有色金属压延材|
磁性材料|低重稀土烧结钕铁硼磁体|烧结钕铁硼低重稀土永磁体,低重稀土钕铁硼磁钢|最大磁能积≥50MGOe;内禀矫顽力≥21kOe|280000-390000|5-30|吨|N50SH-#|磁性材料|
磁性材料|高频软磁铁氧体磁芯|高频铁氧体软磁磁芯,铁氧体高频磁芯材料|起始磁导率≥3300;功率损耗≤280kW/m³|26000-42000|30-120|吨|DMR#|磁性材料|
工程塑料|耐高温半芳香聚酰胺树脂|半芳香耐高温尼龙树脂,耐高温聚酰胺PA10T|熔点≥300℃;拉伸强度≥90MPa|62000-98000|20-100|吨|PA10T-#|合成树脂|
工程塑料|医用聚苯砜树脂|聚苯砜医用级树脂,医用级PPSU树脂|拉伸强度≥70MPa;缺口冲击强度≥60kJ/m²|180000-260000|8-40|吨|PPSU-#M|合成树脂|
膜材料|海水淡化用中空纤维超滤膜|中空纤维海水淡化超滤膜,海水淡化中空纤维超滤膜组件|产水量≥110L/(m²·h);断裂强力≥8N|980-1680|1200-5200|支|UF-S#|膜材料|中空纤维超滤膜
膜材料|市政污水用中空纤维超滤膜|中空纤维市政污水超滤膜,污水处理中空纤维超滤膜组件|产水量≥60L/(m²·h);断裂强力≥150N|860-1480|1200-5200|支|UF-W#|膜材料|中空纤维超滤膜
膜材料|偏光片用聚乙烯醇光学膜|聚乙烯醇偏光光学膜,偏光片聚乙烯醇光学膜|偏振度≥99.9%;透光率≥42%|46-88|30000-96000|平方米|PVA-#|膜材料|
膜材料|锂电池铝塑封装膜|铝塑复合锂电封装膜,锂电池用铝塑膜|冲壳深度≥6mm;剥离强度≥10N/15mm|19-33|90000-260000|平方米|ALF-#|膜材料|
橡胶材料|低压变氢化丁腈密封胶料|氢化丁腈低压变密封橡胶,HNBR低压变密封胶料|拉伸强度≥22MPa;压缩永久变形≤24%|118000-186000|6-36|吨|HN-#|橡胶制品|
电子材料|半导体用高纯钨溅射靶材|高纯钨溅射靶,半导体级高纯钨靶|纯度≥99.999%;平均晶粒尺寸≤50μm|32000-68000|20-110|块|W5N-#|电子专用材料|
电子材料|磷酸铁锂动力电池正极材料|磷酸铁锂正极材料,动力型磷酸铁锂正极粉|压实密度≥2.4g/cm³;首次放电容量≥155mAh/g|46000-72000|40-200|吨|LFP-#|电池材料|
电子材料|硅碳复合负极材料|硅碳负极复合材料,锂电硅碳复合负极|首次库伦效率≥88%;可逆容量≥450mAh/g|98000-160000|15-80|吨|SC-#|电池材料|
陶瓷材料|高导热氮化硅陶瓷覆铜板|氮化硅高导热覆铜陶瓷基板,氮化硅陶瓷覆铜基板|热导率≥80W/(m·K);抗弯强度≥700MPa|320-560|4000-12000|片|AMB-#|陶瓷制品|
纤维材料|高强高模聚乙烯纤维|高强高模聚乙烯长丝,超高分子量聚乙烯高强纤维|断裂强度≥36cN/dtex;初始模量≥1350cN/dtex|120000-168000|10-60|吨|UHMW-#D|化学纤维|
涂料|船舶用无溶剂环氧防腐涂料|无溶剂环氧船舶防腐涂料,船用无溶剂环氧漆|耐盐雾≥4000h;附着力≥10MPa|38000-58000|20-90|吨|EP-#|涂料|
"""
_SOFTWARE = """
纯软件|注塑行业制造执行系统软件|注塑行业MES软件,注塑制造执行管理系统||420000-1600000|1-1|套|V#|软件|制造执行系统软件
纯软件|模具行业制造执行系统软件|模具行业MES软件,模具制造执行管理系统||420000-1600000|1-1|套|V#|软件|制造执行系统软件
纯软件|服装行业制造执行系统软件|服装行业MES软件,服装制造执行管理系统||420000-1500000|1-1|套|V#|软件|制造执行系统软件
纯软件|塑料模流分析仿真软件|模流分析CAE软件,塑料模具流动仿真分析软件||360000-1200000|1-1|套|V#|软件|
纯软件|集装箱码头智能配载软件|码头集装箱智能配载系统,集装箱智能配载软件||680000-2200000|1-1|套|V#|软件|
纯软件|设备预测性维护分析软件|设备预测性维护系统,设备预测性维护与故障分析软件||380000-1300000|1-1|套|V#|软件|
纯软件|机器视觉缺陷检测软件|机器视觉表面缺陷检测系统,视觉缺陷检测软件||320000-980000|1-1|套|V#|软件|
嵌入式软件|伺服驱动器嵌入式控制软件|伺服驱动嵌入式软件,伺服驱动器控制嵌入式软件||260000-880000|1-1|套|V#|软件|
嵌入式软件|智能电表嵌入式计量软件|电能表嵌入式计量软件,智能电能表计量嵌入式软件||280000-900000|1-1|套|V#|软件|
嵌入式软件|电动汽车充电桩嵌入式控制软件|充电桩嵌入式控制软件,新能源汽车充电桩控制嵌入式软件||300000-980000|1-1|套|V#|软件|
信息技术服务|化工园区安全生产监管云平台|化工园区安全监管平台,化工园区智慧安监云服务平台||880000-2600000|1-1|套|V#|信息技术服务|
信息技术服务|供水管网漏损监测云平台|管网漏损监测云服务平台,智慧水务管网漏损监测平台||620000-1900000|1-1|套|V#|信息技术服务|
信息技术服务|紧固件产业工业互联网平台|紧固件行业工业互联网平台,紧固件产业链互联网服务平台||760000-2400000|1-1|套|V#|信息技术服务|
工业控制系统|电镀生产线集中控制系统|电镀自动生产线集中控制系统,电镀线集中控制系统||480000-1500000|1-1|套|V#|工业控制系统|
工业控制系统|城市燃气调压站监控系统|燃气调压站SCADA监控系统,燃气调压站远程监控系统||520000-1700000|1-1|套|V#|工业控制系统|
工业控制系统|港口起重机远程控制系统|港口岸桥起重机远程控制系统,港口起重机远程操控系统||780000-2500000|1-1|套|V#|工业控制系统|
"""
OUTSIDERS = {
    "equipment": (
        ("电热水幕帘", "DS-#", "台", 46000),
        ("儿童游乐滑梯组合", "YL-#", "套", 52000),
        ("商用冰淇淋机", "BQ-#", "台", 38000),
        ("全自动麻将桌", "MJ-#", "台", 26000),
    ),
    "material": (("彩色印花墙纸", "QZ-#", "卷", 260), ("日用陶瓷餐具坯料", "TC-#", "吨", 8600), ("宠物猫砂", "MS-#", "吨", 5200)),
    "software": (("健身会所会员管理系统", "V#", "套", 460000), ("婚庆预约小程序平台", "V#", "套", 380000), ("少儿英语绘本阅读软件", "V#", "套", 420000)),
}


def _figure(text: str) -> Figure:
    sign = "≥" if "≥" in text else "≤"
    name, rest = text.split(sign)
    end = next((i for i, c in enumerate(rest) if c not in "-.0123456789"), len(rest))
    return Figure(name, sign, rest[:end], rest[end:])


def _span(text: str) -> tuple[int, int]:
    low, high = text.split("-")
    return int(low), int(high)


def read_kinds(track: str, table: str) -> tuple[Kind, ...]:
    """The entries of a track's catalogue, a line each, written as the tables above."""
    kinds = []
    for number, row in enumerate(table.strip().splitlines(), 1):
        category, name, aliases, figures, price, quantity, unit, model, tax, family = row.split("|")
        kinds.append(
            Kind(
                track,
                category,
                name,
                tuple(aliases.split(",")),
                tuple(map(_figure, filter(None, figures.split(";")))),
                _span(price),
                _span(quantity),
                unit,
                model,
                tax,
                family,
                number,
            )
        )
    return tuple(kinds)


KINDS: dict[str, tuple[Kind, ...]] = {
    "equipment": read_kinds("equipment", _EQUIPMENT),
    "material": read_kinds("material", _MATERIAL),
    "software": read_kinds("software", _SOFTWARE),
}
_PREFIX = {"equipment": "EQ", "material": "MA", "software": "SW"}


def entry_id(kind: Kind) -> str:
    """The number under which the reference catalogue lists it."""
    return f"NB-{_PREFIX[kind.track]}-{kind.number:04}"


def rows(year: int, kinds: Mapping[str, Sequence[Kind]] = KINDS) -> list[dict[str, str]]:
    """catalogue.csv: every entry, in the edition in force before the batch year."""
    return [
        {
            "entry_id": entry_id(k),
            "scheme": "ningbo-2020",
            "track": track,
            "category": k.category,
            "name": k.name,
            "specification": k.specification,
            "edition": str(year - 1),
        }
        for track, entries in kinds.items()
        for k in entries
    ]
