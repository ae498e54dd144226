"""Certificates of first (sets of) equipment (首台（套）产品认定证书), and of first batches and first versions, as economy and information offices issue them.

In:    the pages of one certificate.
Out:   certificate_number, company_name, product_name, product_model; `rows`: the same of each product of a published list.
Fails: never; what isn't read is absent.
Elsewhere: how labels and values are found (extractors/layout).

Four kinds are in use: a table, a list of labels, a letter ("你单位研制的……（型号：……），经评审认定为……"), and the notice that publishes a list of what was
recognised, whose own number (文号) stands for the certificate's where the list gives none. Of a list with several products none is known to be the
applicant's here, so its first is given, doubted, and all of them as rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from extractors.confidence import doubted
from extractors.fields import choose, make_field
from extractors.layout import Hit, Piece, Span, fold, label_values, table_rows
from extractors.layout.lines import same_row
from extractors.organisations import IN_TEXT, ORGANISATION, checked, whole_name
from extractors.papers.base import Extracted, present
from extractors.products import checked_product, is_product, model_first, split_product
from extractors.rows import Row, rows_of, running_text, spans_of
from extractors.spread import with_labels_joined
from models.dates import find_dates
from models.field import Field
from models.page import Page
from models.paper import Row as FieldRow

LABELS: Mapping[str, Sequence[str]] = {
    "certificate_number": ("证书编号", "证书号码", "证书号", "证字", "证书字号", "证书编码", "认定编号", "认定证书编号", "证照编号", "证照号码", "编号", "文号", "发证编号", "首台套证书编号", "No"),
    "company_name": ("企业名称", "单位名称", "单位", "企业", "申报单位", "研制单位", "生产企业", "生产单位", "制造单位", "制造企业", "完成单位", "申请单位", "公司名称", "研制企业", "申报企业", "持证单位", "持证企业", "持证人", "获证单位", "获证企业", "证书持有单位", "证书持有企业", "认定企业", "认定单位名称",
                     "企业(单位)名称", "承担单位", "装备制造单位", "证书持有人", "持证主体", "持有单位", "持有人"),
    "product_name": ("产品名称", "产品", "装备名称", "首台（套）产品名称", "首台套产品名称", "认定产品名称", "认定产品", "设备名称", "产品(装备)名称", "软件名称", "材料名称", "新产品名称", "名称", "产品及型号"),
    "product_model": ("规格型号", "产品型号", "型号规格", "型号", "型号/规格", "规格", "产品规格", "产品规格型号", "装备型号"),
    "both": ("产品名称及型号", "产品名称及规格型号", "产品名称型号", "产品名称、型号", "产品名称和型号", "装备名称及型号"),
    "_": ("认定类别", "认定结论", "类别", "发证机关", "发证单位", "认定机关", "发证日期", "认定日期", "有效期", "有效期限", "认定级别", "级别", "所属领域", "领域", "认定单位", "认定部门", "颁发日期", "颁证日期", "颁发机构", "颁证机构", "颁证单位", "统一社会信用代码"),
}
_YEAR = r"[(（\[〔【]?(?:19|20)\d\d[)）\]〕】]?"
_NUMBER_TEXT = re.compile(rf"(?:编号|证书号|文号|No|NO)[.:：]?(?P<v>[\u4e00-\u9fffA-Za-z]{{0,12}}{_YEAR}(?:年|第|-|—)?(?:第)?[A-Za-z0-9\-]{{1,10}}号?)")
_NUMBER_LINE = re.compile(  # a number that has a line to itself: 甬经信装备〔2019〕145号, 浙首台套2019447号, 〔2019〕106号-27, NBSTT-2019-001, 2021-066, 2019甬经信装067号
    rf"(?:第)?(?P<v>[\u4e00-\u9fff]{{1,10}}(?:[(（][\u4e00-\u9fff]{{1,4}}[)）][\u4e00-\u9fff]{{0,4}})?{_YEAR}(?:年|-|—)?第?[A-Z0-9\-]{{1,10}}(?:号(?:[-—]\d{{1,4}})?)?|[A-Z]{{1,10}}[A-Z0-9]*[-—]?(?:19|20)\d\d[-—]?\d{{1,6}}(?:[-—]\d{{1,6}}){{0,2}}号?|[A-Z]{{1,6}}(?:-[A-Z0-9]{{1,10}}){{1,3}}|(?:19|20)\d\d-\d{{3,5}}|(?:19|20)\d\d[\u4e00-\u9fff]{{2,8}}第?\d{{1,5}}号)"
)
_GRANTED_NUMBER = re.compile(r"证书(?:编)?号码?(?:为|是|系)[:：]?(?P<v>(?=[^。，,;；]*\d{2})[\u4e00-\u9fffA-Za-z0-9（）()〔〕\[\]\-]{4,30}?)(?=[。，,;；]|$)")
_BRACKETED = re.compile(r"[(（\[【〔](?:证书)?(?:编号|No\.?)?[:：]?(?P<v>.*(?:19|20)\d\d.*)[)）\]】〕]")  # on a plaque the number stands beneath the title, in brackets and without a label
_HEADING = re.compile(r"^.*(?:文件|证书|通知|公告|名单|决定|公示)(?=.{6})")  # what may stand before a number in its line
_MADE = r"(?:研制|研发|开发|生产|申报|制造|研究|设计|自主)"
_PRODUCT = re.compile(
    rf"{_MADE}(?:、?{_MADE})*的[“”\"「《【]?(?P<name>(?!产品)[^。，,;；:：“”\"」》】]{{2,60}}?)[“”\"」》】]?"
    r"(?:[，,](?:产品|规格)*型号(?:规格)?[:：为]?(?P<told>[A-Za-z0-9][A-Za-z0-9\-–—_./+]{1,})(?=[，,。])|[(（](?:产品|规格)*型号(?:规格)?[:：为]?(?P<model>[^()（）]+(?:[(（][^()（）]*[)）])?)[)）]|[(（](?P<bare>(?=[^()（）]*\d)[A-Za-z0-9][A-Za-z0-9\-–—_./+]{2,})[)）](?=[，,。]?(?:产品|装备)?[，,]?(?:经|被|符合|已|通过|认定))|(?:产品|装备|项目)?[，,](?=经|被|符合|已|通过|认定|列)|(?=经(?:评审|审核|认定|专家)|被认定|符合|已?通过)|产品?[，,。])"
)
_LISTED = re.compile(  # 授予甲公司 产品“某某机”（规格型号：A1）列入某某名单
    r"产品[“”\"「《](?P<name>[^“”\"」》]{2,60})[“”\"」》](?:[(（,，](?:(?:产品|规格)*型号(?:规格)?[:：为]?)?(?P<model>[A-Za-z0-9][A-Za-z0-9\-–—_./+]+)[)）]?)?[,，]?(?:被|已|经)?(?:列入|认定|入选|评为|符合)"
)
_NAMED = rf"(?P<v>{IN_TEXT})"
_GRANTED_TO = re.compile("授予" + _NAMED + r"(?=的?产品|的?[“\"「]|[,，:：])")
_GRANTED = r"(?:[兹特现]|经[\u4e00-\u9fff、]{0,12}[,，]?)[\u4e00-\u9fff]{0,4}?(?:认定|证明|授予|确认|批准|同意|表彰|核准|公布|将|有|因)"  # 兹认定甲公司研制的…: what leads up to a name
_COMPANY = re.compile(_NAMED + "(?:[:：]|" + _MADE + ")")
_COMPANY_GRANTED = re.compile(_GRANTED + _COMPANY.pattern)


_PLAIN = ("单位", "企业", "产品")
_LARGER = 1.3  # how much higher than the text a heading is
_TAIL = re.compile(r"[(（]|集团|股份|有限|责任|公司")  # with which no name begins
_FRAME = 0.3  # of the page's height: a higher cell is a frame around the text
_ADDRESSED = re.compile(r"(?:你|贵|该)(?:单位|公司|企业|厂)" + _MADE)
_NOTICE = re.compile(r"(?:公布|印发|发布|公示|下达)[^。]{2,50}(?:名单|目录|清单)")
_ISSUER = re.compile(r"(?:委员会|厅|局|办公室|政府)$")
COLUMNS: Mapping[str, Sequence[str]] = {
    "company_name": ("企业名称", "单位名称", "申报单位", "研制单位", "生产企业", "生产单位", "制造单位", "制造企业", "公司名称", "研制企业", "申报企业", "认定企业", "企业(单位)名称", "承担单位", "装备制造单位", "单位", "企业", "投保企业",
                     "申请单位", "完成单位"),
    "product_name": ("产品名称", "装备名称", "首台(套)产品名称", "首台套产品名称", "首台(套)装备名称", "设备名称", "认定产品名称", "认定产品", "软件名称", "材料名称", "新材料名称", "产品", "装备", "项目名称"),
    "product_model": ("规格型号", "产品型号", "型号规格", "型号", "型号/规格", "规格", "产品规格型号", "装备型号", "版本号"),
    "both": ("产品名称及型号", "产品名称及规格型号", "产品名称型号", "产品名称(型号)", "产品名称、型号", "产品名称和型号", "装备名称及型号"),
    "certificate_number": ("证书编号", "证书号", "认定编号", "认定证书编号", "编号"),
}


def extract(pages: Sequence[Page]) -> Extracted:
    """Read one certificate, or the notice that lists those recognised."""
    labels = [label for some in LABELS.values() for label in some]
    joined = [with_labels_joined(p, labels) for p in pages]
    hits = label_values(joined, LABELS)
    for plain in ("company_name", "product_name"):  # without a colon these are words of a sentence: 授予产品“某某机”
        hits[plain] = [h for h in hits[plain] if h.wanted not in _PLAIN or h.label.text.rstrip().endswith((":", "："))]
    prose = running_text(pages)
    others = {id(s.line) for k, some in hits.items() for h in some if k != "certificate_number" and not h.blank for s in h.piece.spans}
    lines = [(s, any(c.box.contains(s.line.box.cx, s.line.box.cy) and c.box.height < _FRAME for c in p.cells)) for p in joined for r in rows_of(spans_of(p)) for s in r.spans if id(s.line) not in others]
    listed = _list(pages)
    number = _number(hits["certificate_number"], prose, lines)
    if number:  # a line of its own belongs to no sentence
        prose = Piece(tuple(span for span in prose.spans if fold(span.text)[0] != fold(number.raw)[0]))
    if listed:
        first = listed[0]
        of_list: dict[str, Field] = {k: first[k] if len(listed) == 1 else doubted(first[k], "名单列有多项产品") for k in ("certificate_number", "company_name", "product_name", "product_model") if k in first}
        return Extracted(fields={**present(certificate_number=number), **of_list}, rows=listed)
    if number and _NOTICE.search(prose.folded):  # 文号 of a notice whose list isn't there, which may give each product a number of its own
        number = doubted(number, "只见公布名单的通知，未见名单")
    letter = _PRODUCT.search(prose.folded) or _LISTED.search(prose.folded)
    in_letter = next((group for group in ("model", "told", "bare") if letter and letter.groupdict().get(group)), "")
    name = choose("product_name", hits["product_name"], fits=_is_product)
    model = choose("product_model", hits["product_model"], fits=lambda f: not re.search(r"[，,。]", f.text)) if not in_letter else None
    if name is None:
        name, split = _both(hits["both"])
        model = model or split
    if letter:
        named, own_model = model_first(prose.between(*letter.span("name")))
        name = name or make_field("product_name", named, found=0.95)
        if own_model:
            model = model or make_field("product_model", own_model, found=0.95)
        elif in_letter:
            model = model or make_field("product_model", prose.between(*letter.span(in_letter)), found=0.95)
    return Extracted(fields=present(
        certificate_number=number,
        company_name=checked(_company(hits["company_name"], [r for p in pages for r in rows_of(spans_of(p))], prose)),
        product_name=checked_product(name),
        product_model=model,
    ))


def _is_product(field: Field) -> bool:
    return is_product(field.text) and not re.search(r"认定证书|特发此证|认定条件", field.text)


def _list(pages: Sequence[Page]) -> list[FieldRow]:
    """The products of a published list: rows that name a company and a product."""
    table = table_rows(pages, COLUMNS)
    if "company_name" not in table.heads or not {"product_name", "both"} & set(table.heads):
        return []
    out: list[FieldRow] = []
    for cells in table.rows:
        row = {k: f for k, p in cells.items() if k != "both" and (f := make_field(k, whole_name(p) if k == "company_name" else p))}
        if "both" in cells:
            name, model = split_product(cells["both"])
            row |= present(product_name=make_field("product_name", name, within=cells["both"]), product_model=make_field("product_model", model, within=cells["both"]))
        company, product = checked(row.get("company_name")), checked_product(row.get("product_name"))
        if company is not None and product is not None:
            out.append({**row, "company_name": company, "product_name": product})
    return out


def _number(hits: Sequence[Hit], prose: Piece, lines: Sequence[tuple[Span, bool]]) -> Field | None:
    """The number: labelled, told in a line, or having a line of its own, which nothing else of its shape may have beside it. lines: each with whether it stands in a cell."""
    made = choose("certificate_number", hits, fits=lambda f: bool(re.search(r"\d{3}", f.text)) and len(f.text) <= 40 and not re.search(r"[。，,]|文件|日$", f.text))
    if made is not None:
        return made
    granted = prose.search(_GRANTED_NUMBER, "v")  # a letter has a number of its own, which isn't the certificate's
    if granted and (own_number := make_field("certificate_number", granted, found=0.95)):
        return own_number
    alone: list[Field] = []
    for span, ruled in lines:
        piece = Piece((span,)).stripped()
        heading = None if _BRACKETED.fullmatch(piece.folded) else _HEADING.match(piece.folded)
        own = piece.between(heading.end(), len(piece.folded)) if heading else piece
        if bracketed := _BRACKETED.fullmatch(own.folded):
            own = own.between(*bracketed.span("v"))
        elif ruled:  # what stands in a cell has its label there; a frame around the whole is a cell, too
            continue
        number = _NUMBER_LINE.fullmatch(own.folded)
        if number and not any(date.end - date.start > 0.7 * len(own.folded) for date in find_dates(own.folded)) and re.search(r"\d{4}|〔|第|号", number["v"]) and (f := make_field("certificate_number", own.between(*number.span("v")), found=0.95)):
            alone.append(f)
    if alone:
        return alone[0] if len({f.text for f in alone}) == 1 else doubted(alone[0], "另有编号" + "、".join(sorted({f.text for f in alone[1:]} - {alone[0].text})[:3]))
    told = prose.search(_NUMBER_TEXT, "v")
    return make_field("certificate_number", told, found=0.85) if told else None


def _company(hits: Sequence[Hit], rows: Sequence[Row], prose: Piece) -> Field | None:
    for hit in hits:
        name = whole_name(hit.piece)
        if not hit.blank and len(name.folded) >= 4:
            return make_field("company_name", name, found=hit.score)
    for row in rows:  # the addressee of a letter stands in a line of its own, a colon behind it
        for span in row.spans:
            piece = Piece((span,))
            if re.search(r"[:：]\s*$", span.text) and ORGANISATION.match(piece.stripped().folded) and not _ISSUER.search(piece.stripped().folded):
                return make_field("company_name", piece.stripped(), found=0.97)
    for above, row in pairwise(rows):  # or its line goes before the one that addresses it
        if _ADDRESSED.match(row.whole.folded) and ORGANISATION.match(above.whole.stripped().folded) and not _ISSUER.search(above.whole.folded):
            return make_field("company_name", above.whole.stripped(), found=0.95)
    piece_found = prose.search(_COMPANY_GRANTED, "v") or prose.search(_GRANTED_TO, "v") or _begins(prose) or next((piece for piece in prose.findall(_COMPANY, "v") if not _ISSUER.search(piece.folded)), None)
    return make_field("company_name", piece_found, found=0.85) if piece_found else None


def _begins(prose: Piece) -> Piece | None:
    """The name that a paragraph begins with, right below a heading: 证书 / 某某公司研制的…."""
    for n, (above, span) in enumerate(pairwise(prose.spans)):
        rest = Piece(prose.spans[n + 1 : n + 4])
        heading = above.line.box.height > _LARGER * span.line.box.height and not same_row(above.line.box, span.line.box)
        if heading and (made := _COMPANY.match(rest.folded)) and not _TAIL.match(made["v"]):
            return rest.between(*made.span("v"))
    return None


def _both(hits: Sequence[Hit]) -> tuple[Field | None, Field | None]:
    """Name and model from one place: the model is the last word in Latin letters and digits."""
    for hit in hits:
        if hit.blank:
            continue
        text = hit.piece.text
        tail = re.search(r"[\s,，/(（]*(?:型号[:：]?)?(?P<model>[A-Za-z0-9][A-Za-z0-9\-/.]{2,})[)）]?\s*$", text)
        if tail and tail.start() > 1:
            return make_field("product_name", hit.piece[: tail.start()].stripped(), found=hit.score), make_field("product_model", hit.piece[tail.start("model") : tail.end("model")], found=hit.score)
        return make_field("product_name", hit.piece, found=hit.score), None
    return None, None
