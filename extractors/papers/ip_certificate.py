"""Certificates of intellectual property: patents (发明专利, 实用新型专利, 外观设计专利) and registered software (计算机软件著作权登记证书).

In:    the pages of one certificate; the specification that follows a patent isn't read.
Out:   certificate_number (专利号 ZL… of a patent, 登记号 …SR… of software), company_name (专利权人, 著作权人), product_name (发明名称, 软件名称).
Fails: never; what isn't read is absent.
Elsewhere: how labels and values are found (extractors/layout).

The certificate's own serial number (证书号第…号, 软著登字第…号) only stands in where the number of the right wasn't read. A Chinese application number
has a check digit (专利申请号标准 ZC 0006-2003).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from extractors.confidence import confirmed, contradicted, doubted
from extractors.fields import choose, make_field
from extractors.layout import Hit, Piece, label_values, table_rows
from extractors.organisations import checked, whole_name
from extractors.papers.base import Extracted, present
from extractors.rows import running_text
from extractors.spread import with_labels_joined
from models.field import Field
from models.page import Page

LABELS: Mapping[str, Sequence[str]] = {
    "certificate_number": ("专利号", "专利申请号", "登记号", "软件登记号", "注册号"),
    "serial": ("证书号", "证书编号", "软著登字第", "编号", "证书号第"),
    "company_name": ("专利权人", "著作权人", "专利权人名称", "申请人", "权利人", "著作权人(国籍)", "专利权人(国籍)", "著作权人姓名或名称", "布图设计权利人", "著作权人名称", "权利人名称", "专利权人姓名或名称", "软件著作权人", "专利申请人", "登记人", "持有人", "当前专利权人", "现专利权人"),
    "product_name": ("发明名称", "实用新型名称", "外观设计名称", "软件名称", "使用外观设计的产品名称", "软件全称", "布图设计名称", "作品名称", "专利名称", "发明创造名称", "发明/实用新型名称", "外观设计产品名称", "软件产品名称", "软件作品名称", "名称", *(f"软件{name}{joint}版本{no}" for name in ("全称", "名称") for joint in "及和与、/" for no in ("", "号"))),
    "_": ("发明人", "设计人", "专利申请日", "申请日", "授权公告日", "授权公告号", "地址", "开发完成日期", "首次发表日期", "权利取得方式", "权利范围", "局长", "第1页", "申请日时申请人", "申请日时发明人", "版本号", "简称",
          "申请人地址", "国际专利主分类号", "发明人/设计人", "法律状态", "登记批准日", "登记批准日期", "登记日期", "登记日", "批准日期", "发证日期", "公告日期", "有效期", "国籍", "软件简称", "版本", "证书类型", "专利类型", "专利类别"),
}
COLUMNS: Mapping[str, Sequence[str]] = {  # of a register's extract or an announcement that lists what was registered
    "certificate_number": ("登记号", "软件登记号", "专利号", "注册号"),
    "serial": ("证书编号", "证书号", "序号"),
    "company_name": LABELS["company_name"],
    "product_name": LABELS["product_name"],
    "version": ("版本号", "版本"),
    "day": ("登记批准日", "登记批准日期", "登记日期", "登记日", "批准日期", "公告日期", "授权公告日", "申请日", "发证日期"),
}
LEAST_COLUMNS = 4
_PATENT = re.compile(r"ZL(?:19|20|8|9|0)\d{7,12}[.．·,。]?[0-9Xx]|ZL(?:19|20)\d{11}")
_SOFTWARE = re.compile(r"(?:19|20)\d\dSR\d{6,7}")


def extract(pages: Sequence[Page]) -> Extracted:
    """Read one certificate."""
    labels = [label for some in LABELS.values() for label in some]
    joined = [with_labels_joined(p, labels) for p in pages]
    hits = label_values(joined, LABELS)
    listed = table_rows(joined, COLUMNS, LEAST_COLUMNS).rows
    fields = present(
        certificate_number=_number(hits, running_text(pages)),
        company_name=checked((make_field("company_name", listed[0].get("company_name"), found=0.97) if listed else None) or _company(hits["company_name"])),
        product_name=_product(hits["product_name"]),
    )
    # of several registrations in one announcement, whose row counts is left to a person
    return Extracted(fields={name: doubted(f, "列有多项登记") for name, f in fields.items()} if len(listed) > 1 else fields)


def check_digit(number: str) -> bool:
    """Whether the digit behind the point fits the twelve (or eight) digits of a Chinese patent application number before it."""
    digits, _, check = number.upper().removeprefix("ZL").partition(".")
    if len(digits) not in (8, 12) or not digits.isdigit() or not check:
        return False
    weights = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)[: len(digits)]
    rest = sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11
    return check == ("X" if rest == 10 else str(rest))


def _number(hits: Mapping[str, Sequence[Hit]], prose: Piece) -> Field | None:
    """The number of the right: ZL… or …SR…, labelled or wherever it stands; the certificate's serial number where neither was read."""
    for hit in hits["certificate_number"]:
        made = None if hit.blank else _right(hit.piece, hit.score)
        if made is not None:
            return made
    anywhere = _right(prose, 0.93)
    if anywhere is not None:
        return anywhere
    made = choose("certificate_number", hits["certificate_number"], fits=lambda f: bool(re.search(r"\d{5}", f.text)))
    if made is not None:
        return doubted(made, "编号格式不符")
    serial = choose("certificate_number", hits["serial"], fits=lambda f: bool(re.search(r"\d{5}", f.text)))
    return contradicted(serial, "登记号未读出，取证书号", 0.5) if serial else None


def _right(piece: Piece, found: float) -> Field | None:
    patent = piece.search(_PATENT)
    if patent:
        value = re.sub(r"[．·,。]", ".", patent.folded.upper())
        if "." not in value and len(value) in (11, 15):
            value = f"{value[:-1]}.{value[-1]}"
        made = make_field("certificate_number", patent, found=found, value=value)
        return confirmed(made, "校验位相符") if made and check_digit(value) else made
    software = piece.search(_SOFTWARE)
    return make_field("certificate_number", software, found=found) if software else None


def _company(hits: Sequence[Hit]) -> Field | None:
    """The holder; several holders are separated by 、 or ; and stay together as printed. The nationality that some certificates add is left off."""
    for hit in hits:
        if hit.blank:
            continue
        piece = whole_name(hit.piece)
        country = re.search(r"[:：(（]\s*中\s*国\s*[)）]?\s*$", piece.text)
        made = make_field("company_name", piece[: country.start()].stripped() if country else piece, found=hit.score)
        if made is not None and len(made.text) >= 4 and not _SENTENCE.search(made.text):
            return made
    return None


_SENTENCE = re.compile(r"专利权|著作权|授权公告|生效|予以登记")  # the certificate's own sentences, where the holder's line was not read
_VERSION = re.compile(r"(?:[\[【(（]\s*简称[:：].*?[\]】)）])?\s*V\s?\d+(?:\.\d+)*\s*$", re.I)


def _product(hits: Sequence[Hit]) -> Field | None:
    """The title as printed; a software's version (V1.0) and short name belong to the registration, not to the product."""
    for hit in hits:
        if hit.blank:
            continue
        version = _VERSION.search(hit.piece.text)
        piece = hit.piece[: version.start()].stripped() if version and version.start() > 1 else hit.piece
        short = re.search(r"\s*[\[【(（]\s*简称[:：].*$", piece.text)
        made = make_field("product_name", piece[: short.start()].stripped() if short and short.start() > 1 else piece, found=hit.score)
        if made is not None:
            return made
    return None
