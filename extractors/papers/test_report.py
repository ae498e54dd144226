"""Test reports: of materials and equipment (检验检测报告), of software (软件评测报告).

In:    the pages of one report: cover, results, notices.
Out:   report_number, company_name (who had it tested), product_name, conclusion; `rows`: parameter, required, found;
       `parameters`: what was found, as printed (纯度 99.996%).
Fails: never; what isn't read is absent.
Elsewhere: how labels, values and tables are found (extractors/layout); parameters against the catalogue (matchers/specifications.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from extractors.confidence import confirmed, contradicted, doubted
from extractors.fields import make_field
from extractors.layout import NOTHING, Hit, Piece, Span, fold, label_values, table_rows
from extractors.organisations import IN_TEXT, checked, is_organisation, whole_name
from extractors.papers.base import Extracted, present
from extractors.products import checked_product, is_product
from extractors.rows import Row, rows_of, running_text, spans_of
from extractors.spread import with_labels_joined
from models.field import Field
from models.page import Line, Page
from models.paper import Row as FieldRow

LABELS: Mapping[str, Sequence[str]] = {
    "report_number": ("报告编号", "报告编码", "报告号", "检测报告编号", "检验报告编号", "报告书编号", "测试报告编号", "评测报告编号", "报告标识", "报告标识号", "报告序号", "报告文号", "意见书编号", "结果单号", "报告单号", "出具编号", "编号", "单号", "编号No", "No", "NO", "Report No", "ReportNumber", "TestReportNo"),
    "company_name": ("委托单位", "委托单位名称", "申请检测单位", "检测申请单位", "委托检测单位", "委托检验单位", "申请检验单位", "委托方", "委托人", "送检单位", "受检单位", "申请单位", "送样单位", "客户名称", "委托企业", "申请人", "被检单位", "受检单位名称", "生产单位", "生产企业", "制造单位", "开发单位", "软件开发单位",
                     "委托方名称", "研制单位", "制造商", "客户", "申请测试单位", "委托测试单位", "委托检测单位", "委托检验单位", "委托评测单位", "测试委托单位", "评测委托单位", "测试委托方", "送测单位", "申请评测单位", "软件研制单位",
                     "研发单位", "受测单位", "被测单位", "来样单位", "委托者", "委托生产单位", "委托(生产)单位", "生产(委托)单位", "Applicant", "Client", "ClientName", "生产厂家", "生产厂", "开发商", "软件开发商", "送检方", "申请方", "送检企业", "申请检验单位", "申请商", "委托商", "申请公司", "委托公司", "送检客户", "报告申请人"),
    "product_name": ("样品名称", "产品名称", "软件名称", "试验件名称", "试件名称", "被试品名称", "试验样品", "试验样品名称", "受试样品", "受试样品名称", "受试产品", "样(产)品名", "样(产)品名称", "样品品名", "受检产品及型号", "受检产品及型号(版本)", "受检样品及型号", "样品及型号", "试验产品", "试验对象", "被试产品", "样机名称", "被测件名称", "被检产品", "被测软件名称", "被测软件", "检测产品", "设备名称", "材料名称", "试样名称", "检品名称", "项目名称", "系统名称", "测试产品", "样品", "受检产品", "名称", "测试对象", "产品/样品名称", "产品（样品）", "样品（产品）", "产品（样品）名称", "样品（产品）名称",
                     "物品名称", "软件产品名称", "产品名称及型号", "样品名称及型号", "被测系统", "被测系统名称", "送检样品", "检测样品", "被测软件产品", "测试软件名称", "评测软件名称", "检测样品名称", "受检样品", "软件全称", "测评对象", "测评软件名称", "SampleName", "ProductName", "NameofSample", "样品描述", "产品描述", "SampleDescription", "Sample"),
    "conclusion": ("检测结论", "检验结论", "评测结论", "测试结论", "结论", "试验结论", "检查结论", "总体结论", "综合结论", "综合判定", "检测结果结论", "鉴定结论", "判定结论", "结果判定", "总结论", "检验检测结论", "检测评价", "检验结果结论", "测试总结", "评测结果结论", "检验检测结果结论", "测评结论", "测评意见", "评测意见", "检测意见", "检验意见", "测试意见", "鉴定意见", "判语", "总的结论", "总评", "总的评价", "结论意见", "评判结论", "综合评价", "Conclusion", "TestConclusion"),
    "certificate_number": ("证书编号", "证书号"),
    "_": ("检测类别", "检验类别", "检测依据", "检验依据", "测试依据", "检测环境", "样品状态", "签发日期", "批准", "审核", "主检", "编制", "检测项目", "检验项目", "检测项目及结果", "检验项目及结果", "规格型号", "型号规格", "型号", "规格", "商标", "样品数量",
          "样品等级", "检测日期", "检验日期", "收样日期", "抽样日期", "到样日期", "检测地点", "联系人", "联系电话", "地址", "备注", "版本号", "测试环境", "测试日期", "生产日期", "报告日期", "单项判定", "检测结果", "判定依据", "抽样单位",
          "检测机构", "检验单位", "检测单位", "签发", "评测结果", "测试结果", "检验结果", "主要仪器设备", "样品编号", "来样方式", "说明", "委托单位地址", "生产单位地址", "任务编号", "委托编号", "合同编号", "资质认定证书编号", "检验检测类别", "测试类别", "测试类型", "签字", "批准人", "审核人", "编写", "授权签字人", "主检人",
          "检验检测依据", "检验检测日期", "检验检测地点", "检测单位地址", "邮编", "传真", "测试单位", "测评机构", "测评单位", "测评内容", "测评日期", "出具日期", "检测性质", "委托方地址", "检测员", "测试项", "测试项一览"),
}
COLUMNS: Mapping[str, Sequence[str]] = {
    "parameter": ("检测项目", "检验项目", "测试项目", "项目名称", "项目", "检测参数", "参数", "指标名称", "性能指标", "检查项目", "试验项目"),
    "required": ("技术要求", "标准要求", "标准值", "要求", "指标要求", "标准规定", "技术指标", "指标", "限值", "规定值", "合格指标", "标准指标", "预期结果"),
    "found": ("检测结果", "检验结果", "实测值", "实测结果", "测试结果", "结果", "检测值", "检测数据", "测定值", "试验结果"),
    "unit": ("计量单位", "单位"),
    "verdict": ("单项判定", "单项结论", "判定", "单项评价", "结论", "符合性"),
}
_SENTENCE = re.compile(
    r"(?:检[测验]项目|测试项目|项目)[:：](?P<parameter>[^:：]{1,30}?)(?:[,，;；]?(?:技术要求|标准要求|要求|标准值)[:：](?P<required>[^:：]{1,40}?))?"
    r"[,，;；]?(?:检[测验]结果|实测值|测试结果|结果)[:：](?P<found>[^:：]{1,40}?)(?:[,，;；。]?(?=单项判定|判定|结论|单项结论|\d{1,2}[.、]?检[测验]项目|检[测验]结论|$))"
)
_PAGING = re.compile(r"共\s*\d+\s*页|第\s*\d+\s*页")
_CONCLUDED = re.compile(
    r"(?:^|[。：:\t])(?P<v>(?:所检|所测|经检[测验]|经测试|样品经|该(?:样品|产品|软件|批)|本(?:样品|产品|软件)|测试通过|被测软件|软件运行|依据|按照|按|根据)[^。：:\t]{2,80}?(?:符合|通过|合格|满足|达到|优于)[^。\t]{0,30})"
)
_VERDICT = re.compile(r"符合|合格|通过|满足|达到|优于|不低于|高于|正常|准予|一致|良好|稳定|实现|领先|有效|无异常|达标|仅提供|实测|见")  # a conclusion says one of these
_TESTED = re.compile(r"对[“\"「《](?P<v>[^，,。；;:：“”\"」》]{2,40})[”\"」》](?:[(（][^()（）]*[)）])?(?:进行|开展|实施|作)了?")
_NUMBER_BRACKETED = re.compile(r"^[(（\[〔](?:编号[:：]?)?(?P<v>(?=.*\d{3})(?!(?:19|20)\d\d版?[)）])[A-Za-z0-9\-/.]{6,30})[)）\]〕]$")  # (JC202036-095) beneath the title
_CODE = re.compile(r"(?!CNAS|CMA|CAL|ILAC|MRA|GB|ISO)(?=(?:.*\d){5})[A-Z]{2,8}[A-Z0-9\-/]*\d|(?:19|20)\d\d-[A-Z]-?\d{3,6}|[\u4e00-\u9fff]{1,3}\d{2}-\d{3,6}")
_NUMBER_IN_FULL = re.compile(r"^(?P<v>[\u4e00-\u9fff]{0,6}[(（〔\[]?(?:19|20)\d\d[)）〕\]]?年?[\u4e00-\u9fff（）()]{0,8}字?第\d{2,6}(?:-\d{1,4})?号)$")  # （2020）检字第0123号
_NUMBER_ALONE = re.compile(r"^N[o0O°º.]{0,2}[:：.]{1,3}\s*(?P<v>(?:[(（\[〔]?(?:19|20)\d\d[)）\]〕]?)?[A-Za-z0-9\-/\u4e00-\u9fff]{4,30})$")  # № as recognition reads it
_ADDRESSED = re.compile(rf"(?P<v>{IN_TEXT})[:：](?=[你贵](?:单位|公司|方))")  # 某某公司：你单位委托我单位检测的…
_COMMISSIONED = re.compile(rf"[受应](?P<v>{IN_TEXT})(?:[(（][^()（）]*(?:[(（][^()（）]*[)）][^()（）]*)?[)）])?(?:的)?委托")
_FINISHED = re.compile(r"委托(?:我|本)?(?:单位|方|中心|所|院|公司)?(?:检[测验]|测试|评测|试验)的[“\"「《]?(?P<v>[^，,。；;:：“”\"」》]{2,40}?)[”\"」》]?(?:[(（][^()（）]*[)）])?(?:已|业已|经)(?:检|测|评|试)")
_SUBMITTED = re.compile(r"(?:提[交供]|送[检样测来达交]|寄[来送]|委托(?:检测|测试)?|研制|开发|生产|研发|制造|申报)的[“\"「《]?(?P<v>[^，,。；;:：“”\"」》]{2,40}?)[”\"」》]?(?:[(（][^()（）]*[)）])?(?:进行|开展|实施)了?(?:测试|检[测验]|评测|试验)")


def extract(pages: Sequence[Page]) -> Extracted:
    """Read one report from its cover and its results."""
    labels = [label for some in LABELS.values() for label in some]
    joined = [with_labels_joined(p, labels) for p in pages]
    hits = label_values(joined, LABELS)
    rows = _results(joined)
    prose = running_text(pages)
    fields = present(
        report_number=_twice("report_number", hits["report_number"], _is_number, LABELS["report_number"]) or _number_of_certificate(hits["certificate_number"], joined) or _number_alone(joined),
        company_name=checked(_twice("company_name", hits["company_name"], lambda f: len(f.text) >= 4 and not _NO_NAME.search(f.text), LABELS["company_name"]) or _told("company_name", prose, _COMMISSIONED) or _told("company_name", _from_addressee(pages), _ADDRESSED)),
        product_name=checked_product(_twice("product_name", hits["product_name"], lambda f: not _NO_SAMPLE.search(f.text) and is_product(f.text), LABELS["product_name"])
                                     or _told("product_name", prose, _SUBMITTED) or _told("product_name", prose, _TESTED) or _told("product_name", prose, _FINISHED)),
        conclusion=_conclusion(hits["conclusion"], prose) or _conclusion(label_values(pages, LABELS)["conclusion"], prose),  # 样品 may begin the sentence rather than be a label that goes on
    )
    return Extracted(fields=fields, rows=rows, parameters=[p for row in rows if (p := _parameter(row))])


_NO_SAMPLE = re.compile(r"^(?:检[测验]|及|信息|[所经各受][检测项])|由委托方|负责$|(?:符合|满足|达到|优于).*(?:要求|参数|标准|规定|指标)$")  # words of a conclusion, which begins with a label's word: 样品所检项目…, 受检样品各项性能…
_NO_NAME = re.compile(r"[，。；;]|,(?!\s*(?i:ltd|inc|llc|limited|corp))|异议|应当|不得")  # words of a notice on the back (委托方对结果有异议的，…), which begins with a label's word


def _is_number(value: Field) -> bool:
    return bool(re.search(r"\d{3}", value.text)) and not _PAGING.search(value.text) and not re.search(r"[\u4e00-\u9fff]{8}", value.text)


def _closed(piece: Piece) -> Piece:
    """A value without the closing bracket that is not its own, of a bracket around label and value: （报告编号：JC-2020-05）."""
    return piece.between(0, len(piece.folded) - 1) if piece.folded.endswith(")") and piece.folded.count(")") > piece.folded.count("(") else piece


_CERTIFICATE = re.compile(r"(?:检[测验]|测试|测评|评测|试验)证书$")


def _number_of_certificate(hits: Sequence[Hit], pages: Sequence[Page]) -> Field | None:
    """证书编号 of a report that calls itself a certificate (检测证书); elsewhere that is the laboratory's accreditation."""
    titled = any(_CERTIFICATE.search(row.whole.folded) for page in pages for row in rows_of(spans_of(page)) if row.cy < _HEAD)
    return _twice("report_number", hits, _is_number, LABELS["certificate_number"]) if titled else None


def _number_alone(pages: Sequence[Page]) -> Field | None:
    """The number at the head of a page behind a № that wasn't read as one, in brackets, or in full by itself; surer where every page has it."""
    heads = [(n, Piece((s,))) for n, page in enumerate(pages) for row in rows_of(spans_of(page)) for s in row.spans if s.line.box.cy < _HEAD]
    found = [(n, piece) for pattern in (_NUMBER_ALONE, _NUMBER_BRACKETED, _NUMBER_IN_FULL) for n, head in heads if (piece := head.search(pattern, "v"))]
    made = [(n, f) for n, piece in found if (f := make_field("report_number", piece, found=0.88)) and _is_number(f)]
    if not made:  # a code by itself, of which nothing says what it numbers
        made = [(n, doubted(f, "未见编号字样")) for n, head in heads if _CODE.fullmatch(head.folded) and (f := make_field("report_number", head.stripped(), found=0.8))]
    if not made or len({f.text for _, f in made}) > 1:
        return None
    return confirmed(made[0][1], "封面与内页一致") if len({n for n, _ in made}) > 1 else made[0][1]


_HEAD = 0.25  # of a page's height


def _from_addressee(pages: Sequence[Page]) -> Piece:
    """The text from the line that ends in a colon on, as a letter's addressee does: what stands above is no part of the name."""
    spans = [s for page in pages[:1] for row in rows_of(spans_of(page)) for s in row.spans]
    first = next((n for n, s in enumerate(spans) if _ENDS_IN_COLON.search(s.text)), len(spans))
    return Piece(tuple(spans[first:]))


def _told(name: str, prose: Piece, pattern: re.Pattern[str]) -> Field | None:
    """What a sentence of the report says (受……委托, 对其提交的……进行测试), where no label does."""
    piece = prose.search(pattern, "v")
    return make_field(name, piece, found=0.85) if piece else None


def _twice(name: str, hits: Sequence[Hit], fits: Callable[[Field], bool], labels: Sequence[str]) -> Field | None:
    """The value under the best label. Cover and results both print it: the same on two pages is sure, another on the second is doubted."""
    rank = {label: n for n, label in enumerate(labels)}
    made = [(h, f) for h in hits if not h.blank and (f := make_field(name, whole_name(h.piece) if name == "company_name" else _closed(h.piece), h.unit, h.score)) and fits(f)]
    if not made:
        return None
    if name == "company_name":  # 委托方提供的技术要求 begins with a label's word too
        made = [m for m in made if is_organisation(m[1].text)] or made
    first = min(made, key=lambda m: (m[0].score < 0.7, rank.get(m[0].wanted, 99), -m[1].confidence))
    same_label = [f for h, f in made if h.wanted == first[0].wanted or h.label.folded == first[0].label.folded]
    best = max(same_label, key=lambda f: (sum(o.value == f.value for _, o in made), f.confidence))
    pages = {h.order[0] for h, f in made if f.value == best.value}
    others = {f.text for f in same_label if f.value != best.value}
    if len(pages) > 1:
        return confirmed(best, "封面与内页一致", 0.98)
    return contradicted(best, f"各页不一致：{'、'.join(sorted(others))}", 0.6) if others else best


def _conclusion(hits: Sequence[Hit], prose: Piece) -> Field | None:
    """The conclusion's own sentence: from its cell, without the place and date of the signature that may stand in it."""
    made: list[Field] = []
    for hit in sorted(hits, key=lambda h: (h.blank, -round(h.score, 1), -h.order[0], h.order)):
        headed = hit.how == "below" or (hit.blank and hit.how == "right")
        piece = _sentence_below(hit) if headed else _whole_sentence(hit) if not hit.blank else hit.piece
        if hit.how == "inline" and any(_beside(other, hit) for other in hits):  # 测试结论 | 检验结论：合格 - the value as it is printed beside its label
            piece = hit.label + piece
        if (hit.blank or hit.how != "inline") and (beside := _said_beside(hit)):
            piece = beside
        if len(piece.folded) < 2 or _PAGING.search(piece.folded) or _OF_ROWS.search(piece.folded):
            continue
        if (end := _SIGNED.search(piece.text)) and end.start() > 1:
            piece = piece[: end.start()].stripped(" \t:：")
        if stray := _STRAY_END.search(piece.folded):
            piece = piece.between(0, stray.end())
        if stray := _STRAY_START.match(piece.folded):
            piece = piece.between(stray.end(), len(piece.folded))
        open_ended = (headed or (hit.how == "inline" and len(piece.spans) > 1)) and not piece.folded.endswith("。")
        value = make_field("conclusion", piece, found=0.8 if open_ended else 0.95 if headed else hit.score)
        if value is not None:
            made.append(value.model_copy(update={"value": value.text.rstrip("。.")}))
    best = next((f for f in made if _VERDICT.search(f.text)), None)
    if best is not None:
        return best
    told = prose.search(_CONCLUDED, "v")
    return make_field("conclusion", told, found=0.8) if told else next((doubted(f, "不像完整的结论") for f in made), None)


_OF_ROWS = re.compile(r"^\d{1,2}(?!\d|[.、)）]).*(?:符合|合格|通过|满足).*(?:符合|合格|通过|满足)$")  # rows of results below a column's heading 结论: 1 纯度 ≥99.9 99.96 符合 2 …
_STRAY_END = re.compile(r"(?<=.{6})。(?=[^。]{1,4}$)")  # a character or two behind the full stop are of a stamp or a page's number
_STRAY_START = re.compile(r"^[0-9A-Za-z](?=所[检测]|经|该|本|被测|依据|按|根据|样品)")  # so is one before the sentence


def _beside(left: Hit, right: Hit) -> bool:
    """Whether a label stands to the left of another on one row, so that the other is its value's beginning."""
    a, b = left.label.box, right.label.box
    return left.label.page is right.label.page and a.x1 <= b.x0 and abs(a.cy - b.cy) < 0.5 * min(a.height, b.height)


_BEHIND = re.compile(r"\s*(?P<colon>[:：])?\s*")
_ENDS_IN_COLON = re.compile(r"[:：]\s*$")


def _said_beside(hit: Hit) -> Piece:
    """The sentence behind a label's colon, on its row, although it begins with another label's word (结论：样品所检项目…, 测试结论：被测软件通过…); NOTHING where none stands there."""
    last = hit.label.spans[-1]
    behind = _BEHIND.match(last.line.text, last.end)
    if behind is None or not (behind["colon"] or _ENDS_IN_COLON.search(last.text)):
        return NOTHING
    rest = Piece((Span(last.page, last.line, behind.end(), len(last.line.text)),)) if behind.end() < len(last.line.text.rstrip()) else NOTHING
    if not rest and hit.blank:
        box = last.line.box
        right = [s for s in spans_of(last.page) if s.line.box.x0 >= box.x1 and abs(s.line.box.cy - box.cy) < 0.5 * min(s.line.box.height, box.height)]
        rest = Piece((min(right, key=lambda s: s.line.box.x0),)) if right else NOTHING
    if not rest or not _VERDICT.search(rest.folded) or re.match(r".{0,12}[:：]", rest.folded):
        return NOTHING
    return rest if rest.folded.endswith("。") else _on_below(rest, last.page, rest.spans[-1].line)


_SIGNED = re.compile(r"\s*(?:[(（][^()（）]{0,8}(?:盖章|公章|签章)[)）]|[(（](?:检验检测专用章|检[测验]专用章|盖章|公章|签章|以下空白)[)）]|以下空白|签发日期|签发人|(?:批准|审核|编制|编写|主检|签发)(?:人)?[:：]|(?:检验检测|检[测验])专用章|(?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*$)")
_LABEL_BEHIND = re.compile(r"\s+[\u4e00-\u9fff]{2,8}[:：]")
_HEADED = re.compile(r"^(?:[(（]?(?:\d{1,2}(?:\.\d{1,2})*|[一二三四五六七八九十]{1,3})[)）、.．]?\s*[\u4e00-\u9fff]{2,10}$|[(（]?以下空白|备\s*注|附\s*[件录表:：]|[\u4e00-\u9fff]{2,8}[:：])")
_MOST_ROWS = 5
_RAGGED = 0.08  # how far before the page's right edge a line may end that goes on below, of its width


def _whole_sentence(hit: Hit) -> Piece:
    """A conclusion as far as it goes: words that are labels elsewhere (检验依据, 检测结果) don't end it, and outside a cell it goes on row by row up to its
    full stop, the next heading or the signatures.
    """
    piece = hit.piece
    last = piece.spans[-1]
    if hit.how in ("inline", "right") and last.end < len(last.line.text):
        rest = last.line.text[last.end :]
        end = _LABEL_BEHIND.search(rest)
        piece = Piece((*piece.spans[:-1], Span(last.page, last.line, last.start, last.end + (end.start() if end else len(rest)))), piece.via)
    if hit.how != "inline" or any(c.box.contains(last.line.box.cx, last.line.box.cy) for c in last.page.cells):
        return piece
    return _on_below(piece, last.page, last.line)


def _sentence_below(hit: Hit) -> Piece:
    """The paragraph below a heading (4 测试结论)."""
    return _on_below(NOTHING, hit.label.page, hit.label.spans[-1].line)


def _on_below(piece: Piece, page: Page, line: Line) -> Piece:
    """A text with the rows below this line, to its full stop."""
    rows = rows_of(spans_of(page))
    at = next((n for n, row in enumerate(rows) if any(s.line is line for s in row.spans)), len(rows))
    edge = max((row.box.x1 for row in rows), default=1.0) - _RAGGED
    for above, row in pairwise(rows[at : at + _MOST_ROWS]):
        text = fold("".join(s.text for s in row.spans))[0]
        if piece.folded.endswith(("。", ".")) or row.box.y0 - above.box.y1 > 1.2 * above.box.height or (piece and above.box.x1 < edge) or _HEADED.match(text) or _SIGNED.match(text):
            break
        piece = piece + Piece(row.spans)
    return piece


# ---------------------------------------------------------------- results


def _results(pages: Sequence[Page]) -> list[FieldRow]:
    """What was tested: from a table with headings, from sentences (检测项目：… 检测结果：…), from pairs (功能性：通过)."""
    table = table_rows(pages, COLUMNS)
    if "parameter" in table.heads and "found" in table.heads:
        rows = [_row(cells) for cells in table.rows if "parameter" in cells and "found" in cells]
        if rows:
            return rows
    out: list[FieldRow] = []
    for row in (r for p in pages for r in rows_of(spans_of(p))):
        whole = row.whole
        told = list(_SENTENCE.finditer(whole.folded))
        out += [_row({k: whole.between(*m.span(k)) for k in ("parameter", "required", "found") if m[k]}) for m in told] or _pair(row)
    return [row for row in out if "parameter" in row and "found" in row]


_PAIR = re.compile(r"^(?:\d{1,2}[.、)）]?\t?)?(?P<parameter>[\u4e00-\u9fffA-Za-z()（）]{2,14})[:：]\s*(?P<found>(?:不?通过|不?符合(?:要求)?|不?合格|未通过|满足|[<>≤≥±]?\d[^\t]{0,20}))$")


def _pair(row: Row) -> list[FieldRow]:
    m = _PAIR.match(row.text.strip())
    return [_row({k: row.piece(*m.span(k)) for k in ("parameter", "found")})] if m and m["parameter"] not in _NOT_TESTED else []


_NOT_TESTED = frozenset(label for some in LABELS.values() for label in some)


def _row(cells: Mapping[str, Piece]) -> FieldRow:
    return {k: f for k, p in cells.items() if (f := make_field(k, p))}


def _parameter(row: FieldRow) -> Field | None:
    """Parameter and what was found as one text: 纯度 99.996%."""
    name, found = row.get("parameter"), row.get("found")
    if name is None or found is None or not re.search(r"\d", found.text):
        return None
    unit = row.get("unit")
    measured = unit.text if unit is not None and re.search(r"\d$", found.text) and not re.search(r"\d", unit.text[:1]) else ""  # a column of its own
    return found.model_copy(update={"value": f"{name.text}{found.text}{measured}", "raw": f"{name.raw} {found.raw}", "confidence": min(name.confidence, found.confidence)})
