"""Premium invoices: what the insurer charged for the insurance.

In:    the pages of one invoice.
Out:   the contract's fields; `rows`: what was charged for; `extra["amount_in_words"]`.
Elsewhere: how an invoice is read (vat_invoice).
"""

from __future__ import annotations

from collections.abc import Sequence

from extractors.papers.base import Extracted
from extractors.papers.vat_invoice import invoice_fields
from models.page import Page
from models.paper import FIELDS, PaperType


def extract(pages: Sequence[Page]) -> Extracted:
    """Read one premium invoice; several pages are its copies or repeated scans."""
    return invoice_fields(pages, FIELDS[PaperType.PREMIUM_INVOICE])
