"""Certificates and reports: first-set certificate, software copyright, patent, test report.

In:    the paper's values. Out: one paper each.
"""

from __future__ import annotations

from datetime import timedelta
from random import Random

from pipeline.samples.case import Values
from pipeline.samples.draw.sheet import A4, BROWN, RED, Book, Cell, Colour, Paper, Pen, Row, Sheet
from pipeline.samples.values import day_in

_RIMS: tuple[Colour, ...] = ((0.35, 0.5, 0.65), BROWN, (0.45, 0.55, 0.4), (0.7, 0.2, 0.2))


def _rim(sheet: Sheet, colour: Colour) -> None:
    for inset, width in ((26, 4.0), (34, 1.0), (38, 0.6)):
        sheet.rect((inset, inset, sheet.width - inset, sheet.height - inset), colour, width)


def first_set_certificate(book: Book, values: Values, rng: Random) -> Paper:
    """首台（套）产品认定证书 of the city's office, upright or landscape, as a list or as a sentence."""
    paper = Paper("first_set_certificate")
    landscape = rng.random() < 0.5
    sheet = book.sheet((842.0, 595.0) if landscape else A4)
    paper.sheets.append(sheet)
    _rim(sheet, rng.choice(_RIMS))
    says = values.says
    year = values.extra["day"].year
    sheet.text(0, 128, rng.choice((f"{year}年度宁波市首台（套）产品", "宁波市装备制造业重点领域", "宁波市高端装备")), Pen(17), "center", sheet.width)
    sheet.text(
        0,
        168,
        rng.choice(("首台（套）产品认定证书", "首台（套）产品证书", "首台套产品认定证书")),
        Pen(28, colour=RED, bold=True, spacing=3),
        "center",
        sheet.width,
    )
    number, company = paper.put("certificate_number", says["certificate_number"]), paper.put("company_name", says["company_name"])
    product, model = paper.put("product_name", says["product_name"]), paper.put("product_model", says["product_model"])
    pen = Pen(14)
    if rng.random() < 0.6:
        pairs = [("证书编号", number), ("企业名称", company), ("产品名称", product), (rng.choice(("型号规格", "产品型号")), model)]
        if rng.random() < 0.4:
            pairs = [*pairs[1:], pairs[0]]
        y = 232.0
        for label, value in pairs:
            sheet.text(96, y, f"{label}：", pen)
            y = sheet.para(182, y, sheet.width - 282, value, pen, 1.4) + 14
        text = "经专家评审，上述产品被认定为宁波市首台（套）产品。"
    else:
        sheet.text(96, 214, f"证书编号：{number}", Pen(12), "right", sheet.width - 192)
        y = sheet.para(96, 262, sheet.width - 192, f"{company}：", pen)
        text = f"你单位研制的{product}（型号：{model}），经组织专家评审和公示，认定为宁波市高端装备制造业重点领域首台（套）产品，特发此证。"
    y = sheet.para(96, y + 10, sheet.width - 192, text, pen, 1.9, indent=2)
    x, base = sheet.width - 290, sheet.height - 110
    sheet.text(x, base - 30, "宁波市经济和信息化局", pen)
    sheet.text(x + 20, base, day_in(values.extra["day"], "cn"), pen)
    paper.seal(sheet, "宁波市经济和信息化局", "", x + rng.uniform(60, 100), base - rng.uniform(14, 40))
    return paper


def ip_certificate(book: Book, values: Values, rng: Random) -> Paper:
    """A software copyright certificate or a patent certificate."""
    paper = Paper("ip_certificate")
    sheet = book.sheet()
    paper.sheets.append(sheet)
    _rim(sheet, rng.choice(_RIMS[:3]))
    says, extra = values.says, values.extra
    number, company, product = (
        paper.put("certificate_number", says["certificate_number"]),
        paper.put("company_name", says["company_name"]),
        paper.put("product_name", says["product_name"]),
    )
    pen = Pen(12.5)
    day = extra["day"]
    if extra["soft"]:
        sheet.text(0, 116, "中华人民共和国国家版权局", Pen(19), "center", A4[0])
        sheet.text(0, 152, "计算机软件著作权登记证书", Pen(23, bold=True), "center", A4[0])
        sheet.text(110, 196, f"证书号：{extra['serial']}" if rng.random() < 0.6 else extra["serial"], pen)
        rows = [
            ("软 件 名 称：", f"{product}\n{extra['version']}" if rng.random() < 0.5 else product),
            ("著 作 权 人：", company),
            ("开发完成日期：", day_in(day - timedelta(days=90), "cn0")),
            ("首次发表日期：", rng.choice(("未发表", day_in(day - timedelta(days=40), "cn0")))),
            ("权利取得方式：", "原始取得"),
            ("权 利 范 围：", "全部权利"),
            ("登   记   号：", number),
        ]
        closing, office = (
            "根据《计算机软件保护条例》和《计算机软件著作权登记办法》的规定，经中国版权保护中心审核，对以上事项予以登记。",
            "中华人民共和国国家版权局",
        )
        seal, purpose = rng.choice((("中国版权保护中心", "登记专用章"), ("中华人民共和国国家版权局计算机软件著作权登记专用章", "")))
    else:
        sheet.text(96, 92, f"证书号 第{extra['serial']}号", pen)
        sheet.text(0, 152, rng.choice(("发明专利证书", "实用新型专利证书")), Pen(27, bold=True, spacing=6), "center", A4[0])
        rows = [
            ("发 明 名 称：", product),
            ("发   明   人：", "；".join(extra["people"])),
            ("专   利   号：", number),
            ("专利申请日：", day_in(day - timedelta(days=600), "cn0")),
            ("专 利 权 人：", company),
            ("地        址：", "浙江省宁波市"),
            ("授权公告日：", day_in(day, "cn0")),
        ]
        closing, office, seal, purpose = (
            "国家知识产权局依照中华人民共和国专利法进行审查，决定授予专利权，颁发本证书并在专利登记簿上予以登记。专利权自授权公告之日起生效。",
            "局长  申长雨",
            "国家知识产权局",
            "",
        )
    y = 236.0
    for label, value in rows:
        sheet.text(110, y, label, pen)
        y = sheet.para(206, y, 290, value, pen, 1.4) + 13
    sheet.para(110, y + 12, 380, closing, pen, 1.8, indent=2)
    sheet.text(330, 690, office, Pen(12))
    sheet.text(350, 722, day_in(day, "cn"), pen)
    paper.seal(sheet, seal, purpose, rng.uniform(395, 430), rng.uniform(684, 708))
    return paper


def test_report(book: Book, values: Values, rng: Random) -> Paper:
    """A test report: a cover with the seal, then the results; or both on one page."""
    paper = Paper("test_report")
    says, extra = values.says, values.extra
    number, company, product = (
        paper.put("report_number", says["report_number"]),
        paper.put("company_name", says["company_name"]),
        paper.put("product_name", says["product_name"]),
    )
    conclusion = paper.put("conclusion", says["conclusion"])
    title = (
        rng.choice(("检 测 报 告", "检 验 报 告", "TEST REPORT 检测报告"))
        if extra["track"] != "software"
        else rng.choice(("软件测试报告", "软件产品登记测试报告", "软 件 评 测 报 告"))
    )
    client = rng.choice(("委托单位", "送检单位", "受检单位", "生产单位"))
    if rng.random() < 0.6:
        cover = book.sheet()
        paper.sheets.append(cover)
        cover.text(70, 84, f"报告编号：{number}", Pen(11), "right", 455)
        cover.text(0, 230, title, Pen(30, bold=True), "center", A4[0])
        for n, (label, value) in enumerate(((rng.choice(("样品名称", "产品名称")), product), (client, company), ("检测类别", "委托检测"))):
            cover.text(120, 350 + n * 44, f"{label}：", Pen(14))
            cover.para(212, 350 + n * 44, 300, value, Pen(14))
        cover.text(0, 690, extra["office"], Pen(15), "center", A4[0])
        paper.seal(cover, extra["office"].split("（")[0], rng.choice(("检验检测专用章", "检测专用章")), A4[0] / 2 + rng.uniform(-40, 60), rng.uniform(672, 706))
    sheet = book.sheet()
    paper.sheets.append(sheet)
    sheet.text(0, 76, extra["office"], Pen(14, bold=True), "center", A4[0])
    sheet.text(0, 102, title.replace(" ", ""), Pen(17, bold=True), "center", A4[0])
    sheet.text(62, 124, f"报告编号：{number}", Pen(9.5))
    sheet.text(62, 124, "共 1 页 第 1 页", Pen(9.5), "right", 471)
    widths = [86.0, 150.0, 86.0, 149.0]
    pen = Pen(9.8, latin=rng.choice(("cjk", "helv")))
    rows: list[Row] = [
        (28, [Cell(rng.choice(("样品名称", "产品名称"))), Cell(product), Cell("规格型号"), Cell(extra["model"])]),
        (28, [Cell(client), Cell(company), Cell("检测日期"), Cell(day_in(extra["day"], "dash"))]),
        (26, [Cell("单位地址"), Cell(extra["address"], 3, align="left")]),
        (
            26,
            [
                Cell("检测依据"),
                Cell(
                    rng.choice(("企业标准及委托方技术要求", f"Q/NB 0{rng.randint(10, 99)}-2019 企业标准"))
                    if extra["track"] != "software"
                    else "GB/T 25000.51-2016 系统与软件质量要求和评价",
                    3,
                    align="left",
                ),
            ],
        ),
    ]
    if extra["figures"]:
        rows.append((24, [Cell("检测项目"), Cell("技术要求"), Cell("检测结果"), Cell("单项判定")]))
        rows += [
            (
                24.0,
                [
                    Cell(f"{figure.name}\n（{figure.unit}）"),
                    Cell(f"{figure.sign}{figure.value}"),
                    Cell(value),
                    Cell(_verdict(figure.sign, figure.value, value)),
                ],
            )
            for figure, value in extra["figures"]
        ]
    elif extra["track"] == "software":
        rows.append((24, [Cell("测试项"), Cell("测试内容", 2), Cell("结果")]))
        rows += [
            (24.0, [Cell(a), Cell(b, 2, align="left"), Cell("通过")])
            for a, b in (
                ("功能性", "按需求说明书逐项执行测试用例"),
                ("性能效率", "50个并发用户下平均响应时间"),
                ("易用性", "界面、操作与文档一致性"),
                ("可靠性", "连续运行24小时"),
            )
        ]
    rows.append(
        (
            60,
            [
                Cell(rng.choice(("检测结论", "结论", "检验结论")) if extra["track"] != "software" else rng.choice(("测试结论", "结论"))),
                Cell(conclusion + "。", 3, align="left"),
            ],
        )
    )
    bottom, _ = sheet.grid(62, 134, widths, rows, pen)
    sheet.text(
        62,
        bottom + 26,
        f"批准：{rng.choice(('李达', '陈宏', '方敏'))}    审核：{rng.choice(('周岚', '许立'))}    主检：{rng.choice(('王亦', '高远'))}",
        Pen(10),
    )
    sheet.text(330, bottom + 54, f"签发日期：{day_in(extra['day'] + timedelta(days=6), 'cn')}", Pen(10))
    paper.seal(
        sheet, extra["office"].split("（")[0], rng.choice(("检验检测专用章", "检测专用章")), rng.uniform(390, 450), min(bottom + rng.uniform(24, 50), 760.0)
    )
    return paper


def _verdict(sign: str, limit: str, value: str) -> str:
    return "符合" if (float(value) >= float(limit)) == (sign == "≥") or float(value) == float(limit) else "实测"
