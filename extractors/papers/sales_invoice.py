"""Sales invoices: what the applicant's buyer was charged for the product.

In:    the pages of one invoice.
Out:   the contract's fields; `rows`: goods, the product first by amount, with what accompanies it; `extra["amount_in_words"]`.
Elsewhere: how an invoice is read (vat_invoice).
"""

from __future__ import annotations

from collections.abc import Sequence

from extractors.papers.base import Extracted
from extractors.papers.vat_invoice import invoice_fields
from models.page import Page
from models.paper import FIELDS, PaperType


def extract(pages: Sequence[Page]) -> Extracted:
    """Read one sales invoice; several pages are its copies, repeated scans or lists of goods."""
    return invoice_fields(pages, FIELDS[PaperType.SALES_INVOICE])
