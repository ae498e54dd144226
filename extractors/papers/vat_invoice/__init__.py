"""VAT invoices (增值税专用发票, 普通发票, 电子发票, 全面数字化的电子发票), whatever was sold.

In:    the pages of one invoice: its sheet, further copies or scans of it, lists of its goods (销货清单).
Out:   `invoice_fields`: number, date, parties, goods, amounts as fields, with what speaks for each.
Fails: never; what isn't read is absent.
Elsewhere: which fields of the contract these are (sales_invoice.py, premium_invoice.py); other receipts' labels too.

The form's own labels are printed in colour and often lost with the stamps, so most is told by what it looks like and where it stands:
above the table of goods, in it, below it. The form is fixed by the tax administration; the order of its columns is the same on all kinds.
"""

from __future__ import annotations

from extractors.papers.vat_invoice.fields import invoice_fields

__all__ = ["invoice_fields"]
