"""An invoice as the contract's fields, with what speaks for each as its confidence.

In:    the invoice's pages and the names of the fields wanted.
Out:   `Extracted`: fields, rows of goods, amount_in_words, total_amount_in_figures.
Fails: what isn't read is absent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from extractors.confidence import CONFIRMED, confirmed, contradicted, doubted
from extractors.fields import choose, make_field
from extractors.layout import Piece, label_values
from extractors.organisations import NOT_ORGANISATION, checked
from extractors.papers.base import Extracted, present
from extractors.papers.vat_invoice.copies import read_invoice
from extractors.papers.vat_invoice.invoice import Item, Read
from models.field import Field
from models.money import yuan
from models.numbers import plain
from models.page import Page
from models.paper import Kind, kind_of

# receipts that are not VAT invoices (通用机打发票, 保险业专用发票, 机动车销售统一发票), and forms whose places were misjudged
LABELS: Mapping[str, Sequence[str]] = {
    "invoice_number": ("发票号码", "发票号", "票据号码", "机打号码", "票号"),
    "invoice_date": ("开票日期", "填开日期", "开具日期", "填制日期", "出票日期"),
    "buyer_name": ("购买方名称", "购买方", "购货单位名称", "购货单位", "购货方名称", "购货方", "购方名称", "买方名称", "付款方名称", "付款方", "付款单位", "付款单位(个人)", "付款人",
                   "付费单位", "付费人", "交款单位", "缴款单位", "交费单位", "缴费单位", "今收到", "兹收到", "客户名称", "投保人", "投保人名称", "缴款人", "交款人", "顾客名称", "购买方>名称", "购货单位>名称", "购货方>名称", "购买方信息>名称", "付款方>名称"),
    "seller_name": ("销售方名称", "销售方", "销货单位名称", "销货单位", "销货方名称", "销货方", "销方名称", "卖方名称", "收款方名称", "收款方", "收款单位", "收款单位名称", "承保公司",
                    "保险公司名称", "保险公司签章", "开票单位", "销售方>名称", "销货单位>名称", "销货方>名称", "销售方信息>名称", "收款方>名称"),
    "total_amount": ("价税合计（小写）", "价税合计", "合计（小写）", "保险费金额（小写）", "金额合计（小写）", "合计金额（小写）", "保险费金额", "保费金额", "合计金额", "金额合计", "小写"),
    "amount_excluding_tax": ("不含税价", "不含税金额", "合计金额（不含税）"),
    "tax_amount": ("增值税税额", "合计税额", "税额合计"),
    "_": ("纳税人识别号", "统一社会信用代码", "地址、电话", "开户行及账号", "收款人", "复核", "开票人", "备注", "校验码", "机器编号", "发票代码", "承保险种", "保险单号", "批单号", "大写",
          "价税合计（大写）", "合计（大写）"),
}


def _bare_field(name: str, text: str, piece: Piece, found: float = 1.0) -> Field | None:
    """A value and its place as a field, before any check."""
    exact = kind_of(name) in (Kind.MONEY, Kind.QUANTITY, Kind.DATE, Kind.NUMBER)
    value = yuan(Decimal(text)) if kind_of(name) is Kind.MONEY else plain(Decimal(text)) if kind_of(name) is Kind.QUANTITY else text
    return make_field(name, piece, found=found, value=value if exact else None)


def as_field(name: str, read: Read) -> Field | None:
    """A value and what speaks for it as a field. Money keeps its sign (红字发票)."""
    made = _bare_field(name, read.value, read.piece, read.found)
    if made is None:
        return None
    made = made.over((other, why) for piece, value, why in read.others if (other := _bare_field(name, value, piece)))
    why = "；".join(read.why)
    if read.derived and read.check is not True:
        return contradicted(made, why or "由其他数值得出", 0.6)
    if read.check is False:
        return contradicted(made, why or "核对不符", 0.6)
    if read.check is True or read.support > 1:
        return confirmed(made, why or "多处印刷一致", 0.99 if read.check else CONFIRMED)
    return made


def invoice_fields(pages: Sequence[Page], names: Sequence[str]) -> Extracted:
    """The contract's `names` of an invoice, its rows of goods, and the amount in words."""
    invoice = read_invoice(pages)
    fields = {n: f for n in names if n in invoice.facts and (f := as_field(n, invoice.facts[n]))}
    absent = [n for n in names if n not in fields and n in LABELS]
    if absent:
        hits = label_values(pages, LABELS)
        for name in absent:
            made = choose(name, hits[name], fits=lambda f: not NOT_ORGANISATION.search(f.text))
            if made is not None:
                fields[name] = made
    for name in ("buyer_name", "seller_name"):
        named = checked(fields.get(name))
        if named is not None:
            fields[name] = named
    extra = present(amount_in_words=as_field_in_words(invoice.words), total_amount_in_figures=as_field("total_amount", invoice.small) if invoice.small else None)
    return Extracted(fields=fields, extra=extra, rows=[row for i in invoice.items if (row := _row(i))])


def as_field_in_words(words: Read | None) -> Field | None:
    if words is None:
        return None
    made = make_field("amount_in_words", words.piece, kind=Kind.MONEY, value=yuan(Decimal(words.value)))
    return confirmed(made, "大小写相符") if made and words.check else made


def _row(item: Item) -> dict[str, Field]:
    row = {"product_name": make_field("product_name", item.name), "product_model": make_field("product_model", item.model)}
    for name, key, value in (("quantity", "quantity", item.quantity), ("unit_price", "price", item.price), ("amount", "amount", item.amount)):
        if value is not None and key in item.pieces:
            made = make_field(name, item.pieces[key], value=plain(value) if name == "quantity" else yuan(value))
            if made:
                row[name] = confirmed(made, "数量×单价=金额") if item.checked else doubted(made, "由金额与单价得出") if item.derived and name == "quantity" else made
    return {k: v for k, v in row.items() if v is not None}
