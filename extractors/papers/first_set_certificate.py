"""Certificates of first (sets of) equipment (首台（套）产品认定证书), and of first batches and first versions, as economy and information offices issue them.

In:    the pages of one certificate.
Out:   certificate_number, company_name, product_name, product_model.
Fails: never; what isn't read is absent.
Elsewhere: how labels and values are found (extractors/layout.py).

Three kinds are in use: a table, a list of labels, and a letter ("你单位研制的……（型号：……），经评审认定为……").
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from extractors.fields import choose, make_field
from extractors.layout import Hit, Piece, label_values
from extractors.organisations import ORGANISATION, checked, whole_name
from extractors.papers.base import Extracted, present
from extractors.rows import Row, rows_of, running_text, spans_of
from extractors.spread import with_labels_joined
from models.field import Field
from models.page import Page

LABELS: Mapping[str, Sequence[str]] = {
    "certificate_number": ("证书编号", "证书号码", "证书号", "证书编码", "认定编号", "认定证书编号", "编号", "文号", "发证编号", "首台套证书编号", "No"),
    "company_name": ("企业名称", "单位名称", "申报单位", "研制单位", "生产企业", "生产单位", "制造单位", "制造企业", "完成单位", "申请单位", "公司名称", "研制企业", "申报企业", "持证单位", "获证单位", "认定企业", "认定单位名称",
                     "企业(单位)名称", "承担单位", "装备制造单位", "证书持有人"),
    "product_name": ("产品名称", "装备名称", "首台（套）产品名称", "首台套产品名称", "认定产品名称", "认定产品", "设备名称", "产品(装备)名称", "软件名称", "材料名称", "新产品名称", "名称", "产品"),
    "product_model": ("规格型号", "产品型号", "型号规格", "型号", "型号/规格", "规格", "产品规格", "产品规格型号", "装备型号"),
    "both": ("产品名称及型号", "产品名称及规格型号", "产品名称型号", "产品名称、型号", "产品名称和型号", "装备名称及型号"),
    "_": ("认定类别", "认定结论", "类别", "发证机关", "发证单位", "认定机关", "发证日期", "认定日期", "有效期", "有效期限", "认定级别", "级别", "所属领域", "领域", "认定单位", "认定部门", "颁发日期", "颁证单位", "统一社会信用代码"),
}
_NUMBER_TEXT = re.compile(r"(?:编号|证书号|文号|No|NO)[.:：]?(?P<v>[\u4e00-\u9fffA-Za-z]{0,12}[(（\[〔【]?(?:19|20)\d\d[)）\]〕】]?(?:年|第|-|—)?(?:第)?[A-Za-z0-9\-]{1,10}号?)")
_BARE_NUMBER = re.compile(r"(?P<v>[\u4e00-\u9fff]{1,8}首[台批版][(（]?[套次]?[)）]?[(（\[〔【]?(?:19|20)\d\d[)）\]〕】]?[-—第]?\d{1,5}号?)")
_MADE = r"(?:研制|研发|开发|生产|申报|制造|研究|设计|自主)"
_PRODUCT = re.compile(
    rf"{_MADE}(?:、?{_MADE})*的[“”\"「《【]?(?P<name>(?!产品)[^。，,;；:：“”\"」》】]{{2,60}}?)[“”\"」》】]?"
    r"(?:[(（](?:产品|规格)*型号(?:规格)?[:：]?(?P<model>[^()（）]+(?:[(（][^()（）]*[)）])?)[)）]|(?:产品|装备|项目)?[，,](?=经|被|符合|已|通过|认定|列)|(?=经(?:评审|审核|认定|专家)|被认定|符合|已?通过)|产品?[，,。])"
)
_COMPANY = re.compile(r"(?P<v>[\u4e00-\u9fffA-Za-z0-9（）()·]{4,40}?(?:公司|厂|研究院|研究所|大学|中心))(?:[:：]|" + _MADE + ")")


def extract(pages: Sequence[Page]) -> Extracted:
    """Read one certificate."""
    labels = [label for some in LABELS.values() for label in some]
    joined = [with_labels_joined(p, labels) for p in pages]
    hits = label_values(joined, LABELS)
    prose = running_text(pages)
    letter = _PRODUCT.search(prose.folded)
    name = choose("product_name", hits["product_name"], fits=_is_product)
    model = choose("product_model", hits["product_model"], fits=lambda f: not re.search(r"[，,。]", f.text)) if not (letter and letter["model"]) else None
    if name is None:
        name, split = _both(hits["both"])
        model = model or split
    if letter:
        name = name or make_field("product_name", prose.between(*letter.span("name")), found=0.95)
        if letter["model"]:
            model = model or make_field("product_model", prose.between(*letter.span("model")), found=0.95)
    return Extracted(fields=present(
        certificate_number=_number(hits["certificate_number"], prose),
        company_name=checked(_company(hits["company_name"], [r for p in pages for r in rows_of(spans_of(p))], prose)),
        product_name=name,
        product_model=model,
    ))


def _is_product(field: Field) -> bool:
    return not re.search(r"认定证书|特发此证|认定条件", field.text)


def _number(hits: Sequence[Hit], prose: Piece) -> Field | None:
    made = choose("certificate_number", hits, fits=lambda f: bool(re.search(r"\d{3}", f.text)) and len(f.text) <= 40)
    for pattern in (_NUMBER_TEXT, _BARE_NUMBER):
        piece = prose.search(pattern, "v") if made is None else None
        if piece is not None:
            made = make_field("certificate_number", piece, found=0.9)
    return made


def _company(hits: Sequence[Hit], rows: Sequence[Row], prose: Piece) -> Field | None:
    for hit in hits:
        name = whole_name(hit.piece)
        if not hit.blank and len(name.folded) >= 4:
            return make_field("company_name", name, found=hit.score)
    for row in rows:  # the addressee of a letter stands in a line of its own, a colon behind it
        for span in row.spans:
            piece = Piece((span,))
            if re.search(r"[:：]\s*$", span.text) and ORGANISATION.match(piece.stripped().folded):
                return make_field("company_name", piece.stripped(), found=0.97)
    piece_found = prose.search(_COMPANY, "v")
    return make_field("company_name", piece_found, found=0.85) if piece_found else None


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
