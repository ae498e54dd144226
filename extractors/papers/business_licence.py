"""Business licences (营业执照) and certificates of public institutions (事业单位法人证书), of associations, of sole traders.

In:    the pages of one licence: original or copy (正本, 副本), upright or landscape.
Out:   company_name, credit_code, legal_representative, registered_capital, established_on, address, business_scope.
Fails: never; what isn't read is absent.
Elsewhere: how labels and values are found (extractors/layout).

The labels are set wide (名　　称) and come out in pieces; the credit code has a check character (GB 32100-2015) that tells a right reading from
a wrong one, and none of I, O, S, V, Z, so these are the digits they look like.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise, product
from statistics import median

from stdnum.cn import uscc

from extractors.confidence import confirmed, contradicted, doubted
from extractors.fields import WEAK, choose, make_field
from extractors.layout import Hit, Piece, Span, label_values
from extractors.organisations import ORGANISATION, checked, whole_name
from extractors.papers.base import Extracted, present
from extractors.rows import GAP, Row, rows_of, slant, spans_of
from extractors.spread import with_labels_joined
from models.field import Field
from models.geometry import Box
from models.lookalikes import LIKE, readings
from models.page import Page

LABELS: Mapping[str, Sequence[str]] = {
    "company_name": ("名称", "企业名称", "单位名称", "公司名称", "机构名称", "字号名称", "市场主体名称", "经营主体名称", "经营者名称", "法人名称", "名称(全称)"),
    "credit_code": ("统一社会信用代码", "社会信用代码", "注册号", "统一社会信用代码/注册号", "证照编号", "事证第号"),
    "legal_representative": ("法定代表人", "法定代表人姓名", "负责人", "经营者", "经营者姓名", "投资人", "执行事务合伙人", "法人代表", "法定代表人(负责人)", "首席代表"),
    "registered_capital": ("注册资本", "注册资金", "开办资金", "出资额", "成员出资总额", "认缴注册资本", "注册资本(金)"),
    "established_on": ("成立日期", "注册日期", "成立时间", "设立日期"),
    "address": ("住所", "经营场所", "营业场所", "主要经营场所", "住所地", "地址", "企业住所", "主要办公地点"),
    "business_scope": ("经营范围", "宗旨和业务范围", "业务范围", "经营范围及方式", "经营范围和经营方式"),
    "_": ("类型", "主体类型", "市场主体类型", "经营主体类型", "登记状态", "经营状态", "企业状态", "主体状态", "存续状态", "所属行业", "行业门类", "营业期限自", "营业期限至", "公司类型", "企业类型", "营业期限", "经营期限", "合伙期限", "有效期", "登记机关", "实收资本", "组成形式", "经费来源", "举办单位", "副本", "正本", "登记日期", "发证日期", "核准日期",
          "企业信用信息公示系统网址", "国家企业信用信息公示系统网址", "编号", "证照编号"),
}
_LOOKALIKES = str.maketrans("IOSVZ", "105U2")  # letters that a credit code doesn't have; V has no digit, U is what it mostly was
_PERSON = re.compile(r"^[\u4e00-\u9fff·]{2,8}$|^[A-Za-z][A-Za-z .·]{2,40}$")
_DAY = r"(?:19|20)\d\d年\d{1,2}月\d{1,2}日"
_REGISTRAR = re.compile(r"登记|发证|核准")
_ADDRESS = re.compile(r"^(?=.{6,})[\u4e00-\u9fff]{2,}?[省市区县].*(?:[路街道巷弄镇乡村号楼幢室园]|大厦|广场)[\u4e00-\u9fff0-9A-Za-z\-()（）#]*$")
_NOTICE = re.compile(r"登记\s*机\s*关|市场监督|工商行政|公示系统|https?|www\.|扫描|二维码|年度报告|(?:19|20)\d\d年\d+月\d+日$|国家市场|仅供|编号|^\d+$|^[A-Za-z.:/]+$|监制")


def extract(pages: Sequence[Page]) -> Extracted:
    """Read one licence; several pages are its original and copy, or two scans of it."""
    every = [label for labels in LABELS.values() for label in labels]
    joined = [with_labels_joined(p, every) for p in pages]
    hits = label_values(joined, LABELS)
    rows = [r for p in joined for r in rows_of(spans_of(p))]
    fields = present(
        company_name=checked(_name(hits["company_name"], rows)),
        credit_code=_credit_code(hits["credit_code"], rows),
        legal_representative=_person(hits["legal_representative"]),
        registered_capital=_capital(hits["registered_capital"], rows),
        established_on=_established(hits["established_on"], rows),
        address=_address(hits["address"], rows),
        business_scope=_scope(hits),
    )
    return Extracted(fields=fields)


# ---------------------------------------------------------------- one field each


def _name(hits: Sequence[Hit], rows: Sequence[Row]) -> Field | None:
    """The holder's name: labelled, else the first line that reads like an organisation's name and isn't the registrar's."""
    for hit in hits:
        lines = hit.piece.lines()
        piece = next((p for p in (hit.piece, *lines[:1]) if ORGANISATION.match(p.folded)), hit.piece)  # a value of the next column may have come with it
        if not hit.blank and len(piece.folded) >= 4 and not _NOTICE.search(piece.folded):
            return make_field("company_name", whole_name(piece), found=hit.score)
    for row in rows:
        for span in row.spans:
            piece = Piece((span,)).stripped()
            if ORGANISATION.match(piece.folded) and not _NOTICE.search(piece.folded):
                return make_field("company_name", piece, found=0.8)
    return None


def _credit_code(hits: Sequence[Hit], rows: Sequence[Row]) -> Field | None:
    """The code that fits its check character, wherever it stands; one that doesn't fit is given but never accepted."""
    seen: list[tuple[Piece, str, float]] = []
    for piece, found in (*((h.piece, h.score) for h in hits if not h.blank), *((Piece((s,)), 0.9) for r in rows for s in r.spans)):
        seen += [(part, part.folded.upper(), found) for part in piece.findall(r"[0-9A-Za-z]{18}(?![0-9A-Za-z])")]
    for part, text, found in seen:
        plain = text.translate(_LOOKALIKES)
        if uscc.is_valid(text) or (uscc.is_valid(plain) and _mended(text) == plain):
            made = make_field("credit_code", part, found=max(found, 0.9), value=plain)
            return confirmed(made, "校验码相符" if plain == text else f"校验码相符（印刷读作{text}，代码不用的字母已更正）", 0.99) if made else None
    for part, text, found in seen:
        if re.match(r"^[159ANY][1239]\d{6}", text):
            mended = _mended(text, [i for i in range(LENGTH) if part.between(i, i + 1).confidence < WEAK])
            made = make_field("credit_code", part, found=found, value=mended or text)
            return contradicted(made, f"按校验码更正，印刷读作{text}" if mended else "校验码不符", 0.7 if mended else 0.4) if made else None
    return choose("credit_code", hits, fits=lambda f: bool(re.fullmatch(r"\d{13}|\d{15}", f.text)))  # 注册号 of licences before 2015


_NO_LETTERS = "IOSVZ"  # of the alphabet of codes (GB 32100-2015)
_DIGITS_ONLY = range(2, 8)  # the district's number
LENGTH = 18


def _mended(code: str, doubtful: Collection[int] = ()) -> str:
    """The one code that fits its check character when letters that no code has, or else one or two characters that were read doubtfully, are replaced by
    what they may have been; "" where none or several do.

    doubtful: offsets. One code in 31 fits by chance, so a doubtful character alone doesn't prove anything: who asks must not accept it for that.
    """
    wrong = [i for i, c in enumerate(code) if c in _NO_LETTERS]
    if len(wrong) > MOST_WRONG or len(doubtful) > MOST_WRONG:
        return ""
    if wrong:
        choices = [[c for c in LIKE.get(letter, "") if c not in _NO_LETTERS and (c.isdigit() or i not in _DIGITS_ONLY)] if i in wrong else [letter] for i, letter in enumerate(code)]
        tried = {"".join(letters) for letters in product(*choices)}
    else:
        tried = {made for made in readings(code, doubtful) if not set(made) & set(_NO_LETTERS) and made[_DIGITS_ONLY.start:_DIGITS_ONLY.stop].isdigit()}
    fitting = [made for made in tried if uscc.is_valid(made)]
    return fitting[0] if len(fitting) == 1 else ""


MOST_WRONG = 4  # characters of a code that may be misread before it is no reading of one


def _person(hits: Sequence[Hit]) -> Field | None:
    return choose("legal_representative", hits, fits=lambda f: bool(_PERSON.match(f.text)))


def _capital(hits: Sequence[Hit], rows: Sequence[Row]) -> Field | None:
    """The capital in yuan. Words (捌仟万元整) and figures (8000万元) both; a foreign currency is not converted and so not given."""
    pieces = [(h.piece, h.unit, h.score) for h in hits if not h.blank]
    pieces += [(p, "", 0.85) for r in rows for s in r.spans if (p := Piece((s,)).stripped()) and re.fullmatch(r"(?:人民币)?[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]{2,}[元圆]整?", p.folded)]
    for piece, unit, score in pieces:
        if re.search(r"美元|欧元|港[元币]|日元|英镑|USD|EUR|HKD", piece.folded) or not re.search(r"\d|[壹贰叁肆伍陆柒捌玖拾]", piece.folded):
            continue
        made = make_field("registered_capital", piece, unit, score)
        if made is not None and made.decimal:
            return made
    return None


def _established(hits: Sequence[Hit], rows: Sequence[Row]) -> Field | None:
    """成立日期; where its label was lost the first day of the term of business, which is mostly the same day."""
    made = choose("established_on", hits, fits=lambda f: len(f.text) == 10)
    if made is not None:
        return made
    texts = [Piece((s,)) for r in rows for s in r.spans]
    dated = [p for p in texts if re.search(_DAY, p.folded) and not _REGISTRAR.search(p.folded)]
    for piece in sorted(dated, key=lambda p: bool(re.search(r"[至到]", p.folded)))[:1]:
        made = make_field("established_on", piece.search(_DAY), found=0.8)
        return doubted(made, "成立日期标签未读出") if made else None
    return None


def _address(hits: Sequence[Hit], rows: Sequence[Row]) -> Field | None:
    made = choose("address", hits, fits=lambda f: len(f.text) >= 4)
    if made is not None:
        return made
    for row in rows:
        for span in row.spans:
            piece = Piece((span,)).stripped()
            if _ADDRESS.match(piece.folded) and not _NOTICE.search(piece.folded):
                found = make_field("address", piece, found=0.8)
                return doubted(found, "住所标签未读出") if found else None
    return None


# the registry's notice behind the scope, which names no business: （依法须经批准的项目，经相关部门批准后方可开展经营活动）
_STATUTORY = re.compile(r"[(（\[【]?依法[须需]经批准的项[^。]{0,40}(?:经营活动|经营)?[)）\]】]?[。.]?$")


def _scope(hits: Mapping[str, Sequence[Hit]]) -> Field | None:
    """经营范围 as printed: the lines beside its label and below these, as far as the column and the paragraph go, without the notice at the foot."""
    for hit in hits["business_scope"]:
        page, label = hit.label.page, hit.label.box
        others = [h.label.box for some in hits.values() for h in some if h.label.page is page and h.label is not hit.label]
        fence = min((b.x0 for b in others if b.x0 > label.x1 + 0.1), default=1.0)  # the next column's labels
        floor = min((b.y0 for b in others if b.y0 > label.y1 and b.x0 < fence - 0.02), default=1.0)
        paragraph = _paragraph(page, label, fence, floor, hit.piece if hit.how == "inline" else None)
        if hit.how == "cell" and not paragraph:  # written from the top of a tall cell, whose label stands in the middle
            paragraph = hit.piece
        if notice := _STATUTORY.search(paragraph.folded):
            paragraph = paragraph[: notice.start()].stripped()
        made = make_field("business_scope", paragraph, found=hit.score) if len(paragraph.folded) >= 4 else None
        if made is not None:
            starts = [h.piece.box.x0 for k, some in hits.items() for h in some if k != "_" and not h.blank and h.label.page is page and h.label.box.x0 < fence - 0.02
                      and h.label is not hit.label and h.piece.box.x0 < fence]
            return doubted(made, "可能有缺字") if _has_holes(paragraph, label, fence, starts) else made
    return None


_PUNCTUATION = "、，,；;。:：（）()"


def _has_holes(paragraph: Piece, label: Box, fence: float, starts: Sequence[float]) -> bool:
    """Whether text is likely missing, under a stamp or a watermark: the first row isn't the label's or begins right of the column's other values,
    there is a gap within a row, or a row that goes on below ends well before the next column.
    """
    rows = rows_of(paragraph.spans)
    first = rows[0].spans[0].line.box
    letter = max(v.line.box.width / max(1, len(v.text)) for v in rows[0].spans)
    if first.cy - label.cy > 0.9 * first.height or (starts and paragraph.box.x0 >= first.x0 - 0.001 and first.x0 - median(starts) > 0.6 * letter):
        return True
    for row in rows:
        for a, b in pairwise(row.spans):
            if b.line.box.x0 - a.line.box.x1 > 0.45 * letter and a.text.rstrip()[-1:] not in _PUNCTUATION:
                return True
    return fence < 1.0 and any(fence - row.box.x1 > 3.5 * letter for row in rows[:-1])


def _paragraph(page: Page, label: Box, fence: float, floor: float, beside: Piece | None) -> Piece:
    """Lines right of a label, from its own row down, until one is missing, begins elsewhere or is a notice."""
    every = spans_of(page)
    slope = slant(every)

    def level(row: Row) -> float:
        return row.cy - slope * (row.box.cx - label.cx)

    near = [s for s in every if s.line.box.x0 > label.x1 - 0.02 and s.line.box.x0 < fence - 0.005 and label.y0 - label.height < s.line.box.cy < floor]
    rows = [r for r in rows_of(near) if level(r) > label.cy - 0.5 * min(label.height, median(s.line.box.height for s in r.spans))]
    kept: list[Span] = list(beside.spans) if beside else []
    left = kept[0].box.x0 if kept else None
    bottom = label.cy
    for row in rows:
        text = row.text.replace(GAP, "")
        height = median(s.line.box.height for s in row.spans)
        if any(s.line is k.line for s in row.spans for k in kept):
            continue
        if level(row) - bottom > 2.4 * height or _NOTICE.search(text) or (left is not None and abs(row.box.x0 - left) > 3 * height):
            break
        kept += row.spans
        left = row.box.x0 if left is None else left
        bottom = level(row)
    return Piece(tuple(kept)).stripped(" \t:：")
