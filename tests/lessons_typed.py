"""A made-up contract a submission, in two makers' wordings, with its true names."""

from __future__ import annotations

from models.geometry import Box
from models.page import Line, Page, PageSource
from models.paper import Paper, PaperType, Part
from pipeline.learning.lessons import Told

TOWNS = ("杭州", "宁波", "苏州", "无锡", "常州", "嘉兴", "绍兴", "温州", "台州", "金华", "湖州", "南通", "扬州", "合肥")
TRADES = ("电气", "装备", "重工", "新能源", "材料", "化工", "精密机械")
GOODS = ("滚珠丝杠副", "数控机床", "注塑机", "高强度铝合金板", "轴承钢", "成型机组")
ROLES = (("买受人", "出卖人"), ("需方", "供方"))


def rows(n: int) -> tuple[list[str], dict[str, str]]:
    """The lines of contract n, and its names."""
    buyer_role, seller_role = ROLES[n % 2]
    buyer, seller = f"{TOWNS[n % 14]}某{TRADES[n % 7]}有限公司", f"{TOWNS[(n + 5) % 14]}甲{TRADES[(n + 3) % 7]}股份有限公司"
    goods = GOODS[n % 6]
    parties = [f"{buyer_role}：{buyer}", f"{seller_role}：{seller}"]
    text = ["产品购销合同", f"合同编号：HT-2020-{n:03}", *(parties if n % 3 else parties[::-1]), f"产品名称：{goods}", "交货地点：买方仓库", "结算方式：货到付款",
            f"{buyer_role}（盖章）：{buyer}", f"{seller_role}（盖章）：{seller}"]
    return text, {"buyer_name": buyer, "seller_name": seller, "product_name": goods}


def page(lines: list[str], file: str = "scan.pdf") -> Page:
    return Page(file=file, number=1, width=595, height=842, source=PageSource.OCR, lines=tuple(
        Line(text=text, box=Box(0.1, 0.06 + 0.03 * i, 0.1 + 0.02 * len(text), 0.08 + 0.03 * i), confidence=0.99) for i, text in enumerate(lines)))


def told(n: int, **fields: object) -> Told:
    """Contract n as a paper of which the rules read these fields."""
    text, truth = rows(n)
    paper = Paper(type=PaperType.SALES_CONTRACT, parts=(Part(file="scan.pdf", pages=(1,)),), fields=fields)
    return Told(f"S-{n:03}", paper, (page(text),), truth)
