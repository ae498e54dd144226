"""Towns of Ningbo: what its townships (镇, 乡) and subdistricts (街道) are called, without that word.

Out:   `TOWNS`.
Source: the administrative divisions of Ningbo as of 2021. Merged and renamed ones of the years before are kept, since licences still name them.
"""

from __future__ import annotations

_BY_DISTRICT = {
    "海曙区": "南门 江厦 西门 月湖 鼓楼 白云 段塘 望春 石碶 高桥 横街 集士港 古林 洞桥 鄞江 章水 龙观",
    "江北区": "中马 白沙 孔浦 文教 甬江 庄桥 洪塘 外滩 前江 慈城",
    "镇海区": "招宝山 蛟川 骆驼 庄市 贵驷 澥浦 九龙湖",
    "北仑区": "新碶 小港 大碶 霞浦 柴桥 戚家山 春晓 梅山 郭巨 白峰 大榭",
    "鄞州区": "下应 钟公庙 中河 首南 潘火 百丈 东胜 明楼 白鹤 东柳 东郊 福明 新明 聚贤 瞻岐 咸祥 塘溪 东钱湖 东吴 五乡 邱隘 云龙 横溪 姜山",
    "奉化区": "锦屏 岳林 江口 西坞 萧王庙 方桥 尚田 莼湖 溪口 裘村 松岙 大堰",
    "余姚市": "凤山 阳明 梨洲 兰江 朗霞 低塘 临山 黄家埠 小曹娥 泗门 马渚 牟山 丈亭 三七市 河姆渡 大隐 陆埠 梁弄 大岚 四明山 鹿亭",
    "慈溪市": "宗汉 坎墩 浒山 白沙路 古塘 龙山 掌起 观海卫 附海 桥头 匡堰 逍林 新浦 胜山 横河 崇寿 庵东 天元 长河 周巷",
    "宁海县": "跃龙 桃源 梅林 桥头胡 长街 力洋 一市 岔路 前童 桑洲 黄坛 大佳何 强蛟 西店 深甽 胡陈 茶院 越溪",
    "象山县": "丹东 丹西 爵溪 石浦 西周 鹤浦 贤庠 墙头 泗洲头 定塘 涂茨 大徐 新桥 东陈 晓塘 黄避岙 茅洋 高塘岛",
}
TOWNS = frozenset(town for towns in _BY_DISTRICT.values() for town in towns.split())
