"""Fields of a form that stand by themselves: the value behind a label, what it must look like, product with model, period, date.

In:    hits of the labels.
Out:   fields put among those read, or among the blank ones where a label stands alone.
Fails: what can't be read is neither.
Elsewhere: values by kind (extractors/fields.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from extractors.fields import choose, is_blank_field, make_field, make_period
from extractors.layout import Hit
from extractors.products import split_product
from models.field import Field
from models.paper import Kind, kind_of

FORM_UNIT = "万元"  # in which all amounts of the annexes stand; where the label's own unit couldn't be read

PHONE = re.compile(r"(?:\(?\+?86\)?-?)?1[3-9]\d(?:-?\d{4}){2}|(?:\(0\d{2,3}\)|0\d{2,3})[-—–]?\d{7,8}(?:(?:-|转)\d{1,6})?|[48]00-?\d{3,4}-?\d{3,4}|\d{3,4}-\d{7,8}|(?<!\d)\d{7,8}(?!\d)|\d{9,12}")

WHOLE_PHONE = re.compile(r"(?:\(?\+?86\)?-?)?1[3-9]\d-?\d{4}-?\d{4}|(?:[（(]0\d{2,3}[)）]|0\d{2,3})-?\d{7,8}(?:[-转]\d{1,6})?|[48]00-?\d{3,4}-?\d{3,4}")

# what a value of a field must look like, where its kind alone lets too much pass
_SHAPES: Mapping[str, re.Pattern[str]] = {
    **dict.fromkeys(("contact_phone", "insurer_phone", "buyer_phone"), PHONE),
    **dict.fromkeys(("contact_name", "insurer_contact", "buyer_contact", "legal_representative"), re.compile(r"^(?!.*(?:公司|集团|银行|街道)|.{4,}路|.*(?:电话|地址|名称|单位|联系)$)[^\d:：，,。]{2,30}$")),
    **dict.fromkeys(("address", "buyer_address"), re.compile(r"[\u4e00-\u9fff]{2}")),
    **dict.fromkeys(("applicant_name", "insurer_name", "buyer_name", "bank_name"), re.compile(r"[\u4e00-\u9fffA-Za-z]{2}")),
    "bank_account": re.compile(r"(?:\d.*){8}"),
    "policy_number": re.compile(r"(?:\d.*){5}"),
    "premium_rate": re.compile(r"^(?:\d|1\d|20)(?:\.\d+)?$"),
    "subsidy_rate": re.compile(r"^(?:\d{1,2}|100)(?:\.\d+)?$"),
}


def fits(name: str) -> Callable[[Field], bool]:
    shape = _SHAPES.get(name)
    return lambda value: shape is None or bool(shape.search(value.text))


def put(fields: dict[str, Field], blank: set[str], name: str, hits: Sequence[Hit]) -> None:
    made = choose(name, [_in_form_unit(h) if kind_of(name) is Kind.MONEY else h for h in hits], fits(name))
    if made is not None:
        fields[name] = made
    elif is_blank_field(hits):
        blank.add(name)


def _in_form_unit(hit: Hit) -> Hit:
    """An amount whose unit stands neither in its label nor behind it is in the form's."""
    return hit if hit.unit or "元" in hit.piece.folded else replace(hit, unit=FORM_UNIT, score=0.9 * hit.score)


def put_product(fields: dict[str, Field], blank: set[str], hits: Mapping[str, Sequence[Hit]]) -> None:
    """Name and model, which annex 1 asks for in one cell; some write them in two."""
    for hit in hits["product"]:
        if hit.blank:
            continue
        name, model = split_product(hit.piece)
        made = make_field("product_name", name, found=hit.score, within=hit.piece)
        if made is None:
            continue
        fields["product_name"] = made
        second = make_field("product_model", model, found=hit.score, within=hit.piece)
        if second is not None:
            fields["product_model"] = second
        break
    if "product_name" not in fields and is_blank_field(hits["product"]):
        blank |= {"product_name", "product_model"}


def put_period(fields: dict[str, Field], blank: set[str], hits: Sequence[Hit], starts: Sequence[Hit], ends: Sequence[Hit]) -> None:
    """Both days behind one label, else each behind its own."""
    for hit in hits:
        made = None if hit.blank else make_period(hit.piece, hit.score)
        if made:
            fields["period_start"], fields["period_end"] = made
            return
    put(fields, blank, "period_start", starts)
    put(fields, blank, "period_end", ends)
    if is_blank_field(hits):
        blank |= {"period_start", "period_end"}


def put_form_date(fields: dict[str, Field], blank: set[str], hits: Sequence[Hit], signed: Field | None) -> None:
    """The date at the top; that beside the signature (`signed`) is another, unless the form asks for none but it."""
    for hit in hits:
        made = None if hit.blank else make_field("form_date", hit.piece, found=hit.score)
        if made is not None:
            fields["form_date"] = made
            return
    if is_blank_field(hits):
        blank.add("form_date")
    elif signed and not hits:
        fields["form_date"] = signed
