"""What lies between the papers: covers, tables of contents, blank backs, and stray pages that no rule asks for.

In:    a case. Out: papers of type `cover` and `other`, without fields.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from pipeline.samples import numbers
from pipeline.samples.case import Case
from pipeline.samples.draw.sheet import A4, BLUE, Book, Paper, Pen, Row
from pipeline.samples.values import day_in

NAMES = {
    "application_form": "保险补贴申请表",
    "business_licence": "企业法人营业执照副本复印件",
    "sales_contract": "销售合同复印件",
    "sales_invoice": "销售发票复印件",
    "insurance_policy": "保单复印件",
    "premium_invoice": "保费发票复印件",
    "payment_voucher": "保费支付凭证",
    "first_set_certificate": "首台（套）产品认定证书",
    "test_report": "产品检测报告",
    "ip_certificate": "知识产权证明材料",
}
_SCHEMES = {"equipment": "高端装备首台（套）保险补贴", "material": "新材料首批次保险补贴", "software": "首版次软件（服务）综合创新保险补贴"}


def cover(book: Book, case: Case, types: Sequence[str], rng: Random) -> Paper:
    """A cover sheet, or a table of contents with page numbers."""
    paper = Paper("cover")
    sheet = book.sheet()
    paper.sheets.append(sheet)
    if rng.random() < 0.55:
        sheet.text(0, 240, f"{case.year}年度宁波市", Pen(20), "center", A4[0])
        sheet.text(0, 282, _SCHEMES[case.track], Pen(22, bold=True), "center", A4[0])
        sheet.text(0, 324, rng.choice(("申 报 材 料", "申 请 材 料", "申报资料汇编")), Pen(26, bold=True), "center", A4[0])
        for n, (label, value) in enumerate((("申报单位", case.applicant.name), ("产品名称", case.product), ("联 系 人", case.applicant.contact))):
            sheet.text(150, 520 + n * 38, f"{label}：{value}", Pen(15))
        sheet.text(0, 700, day_in(case.form_day, "cn")[:-2].rsplit("月", 1)[0] + "月", Pen(15), "center", A4[0])
        return paper
    sheet.text(0, 110, "目    录", Pen(22, bold=True), "center", A4[0])
    page = 1
    for n, kind in enumerate(dict.fromkeys(types)):
        name = f"{n + 1}、{NAMES.get(kind, '其他材料')}"
        sheet.text(80, 168 + n * 34, name, Pen(13))
        sheet.text(80, 168 + n * 34, f"{'…' * 8} {page}", Pen(13), "right", 435)
        page += rng.randint(1, 3)
    return paper


def blank(book: Book) -> Paper:
    """The back of a page."""
    return Paper("other", [book.sheet()])


def stray(book: Book, case: Case, rng: Random) -> Paper:
    """A page that was scanned along: a delivery note, a commitment, a photograph's page, a letter, a packing list."""
    paper = Paper("other")
    sheet = book.sheet()
    paper.sheets.append(sheet)
    pen = Pen(11)
    match rng.randrange(5):
        case 0:
            sheet.text(0, 92, "送 货 单", Pen(20, bold=True), "center", A4[0])
            sheet.text(64, 128, f"收货单位：{case.buyer.name}", pen)
            rows: list[Row] = [
                (24, ["品名", "规格", "件数", "备注"]),
                (26, [case.product, case.model, str(rng.randint(1, 9)), ""]),
                *[(24.0, ["", "", "", ""]) for _ in range(5)],
            ]
            bottom, _ = sheet.grid(64, 140, [180, 110, 80, 97], rows, pen)
            sheet.text(64, bottom + 28, "送货人签字：", pen)
            end = sheet.text(330, bottom + 28, "收货人签字：", pen)
            sheet.text(end + 4, bottom + 28, case.buyer.contact, Pen(15, colour=BLUE))
        case 1:
            sheet.text(0, 110, "承 诺 书", Pen(22, bold=True), "center", A4[0])
            sheet.para(
                70,
                170,
                455,
                "宁波市经济和信息化局：\n我单位郑重承诺，所提交的申报材料真实、完整、有效，无重复申报、无弄虚作假，近三年未发生重大安全、环保、质量事故。如有不实，愿承担相应责任。",
                Pen(13),
                2.0,
            )
            sheet.text(330, 420, "承诺单位：" + case.applicant.name, pen)
            sheet.text(330, 448, day_in(case.form_day, "cn"), pen)
        case 2:
            sheet.text(0, 96, rng.choice(("产品使用现场照片", "产品图片")), Pen(17, bold=True), "center", A4[0])
            for n in range(2):
                shade = rng.uniform(0.5, 0.75)
                top = 130 + n * 310
                sheet.rect((90, top, 505, top + 280), None, 0, (shade, shade, shade * 1.03))
                sheet.rect((150 + n * 40, top + 90, 400, top + 230), None, 0, (shade - 0.25, shade - 0.22, shade - 0.2))
                sheet.rect((200, top + 50, 330, top + 200), None, 0, (shade - 0.38, shade - 0.35, shade - 0.33))
        case 3:
            sheet.text(0, 104, "关于召开项目推进会的通知", Pen(17, bold=True), "center", A4[0])
            sheet.para(
                70,
                150,
                455,
                "各部门：\n为进一步推进重点项目建设，经研究，定于本周五下午两点在三楼会议室召开推进会，请各部门负责人准时参加，并准备好书面汇报材料。会议议程：一、通报上月工作进展；二、讨论存在问题；三、部署下一步工作。",
                Pen(12),
                2.0,
            )
        case _:
            sheet.text(0, 96, "装 箱 清 单", Pen(18, bold=True), "center", A4[0])
            rows = [
                (24, ["序号", "名称", "数量", "单位"]),
                *[
                    (23.0, [str(n + 1), name, str(rng.randint(1, 12)), unit])
                    for n, (name, unit) in enumerate(
                        (("主机", "台"), ("电控柜", "台"), ("随机工具", "套"), ("地脚螺栓", "件"), ("使用说明书", "份"), ("合格证", "份"))
                    )
                ],
            ]
            sheet.grid(90, 120, [60, 200, 80, 75], rows, pen)
    return paper


def shared(book: Book, name: str) -> Paper:
    """A record of inspection that two submissions hold: the same name gives the same page."""
    rng = Random(name)
    paper = Paper("other")
    sheet = book.sheet()
    paper.sheets.append(sheet)
    sheet.text(0, 92, "出厂检验记录", Pen(18, bold=True), "center", A4[0])
    sheet.text(70, 128, f"记录编号：{numbers.fill(rng, 'JL{y}######', 2020)}", Pen(11))
    sheet.text(330, 128, f"检验日期：2020年{rng.randint(1, 9)}月{rng.randint(10, 28)}日", Pen(11))
    items = rng.sample(("外观", "绝缘电阻", "空载电流", "振动", "噪声", "径向跳动", "重复定位", "温升", "泄漏", "负载试验"), 7)
    rows: list[Row] = [(24, ["序号", "检验项目", "实测值", "仪器编号", "结论"])]
    rows += [(24.0, [str(n + 1), item, f"{rng.randint(10, 99)}.{rng.randint(100, 999)}", numbers.fill(rng, "@@-#####"), "合格"]) for n, item in enumerate(items)]
    bottom, _ = sheet.grid(70, 142, [46, 130, 100, 110, 70], rows, Pen(11))
    sheet.text(70, bottom + 28, f"出厂编号：{numbers.fill(rng, '########')}    检验员：{rng.choice('周吴郑王冯陈')}{rng.choice('建国明华军平')}", Pen(11))
    return paper
