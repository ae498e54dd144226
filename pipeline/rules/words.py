"""Chinese names of fields and papers, as a district officer writes them; the words themselves stand in labels.toml."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from models.paper import PaperType
from pipeline.labels import field_label, words

PAPERS: Mapping[PaperType, str] = {PaperType(name): word for name, word in words("paper").items()}


def rmb(amount: Decimal) -> str:
    """An amount as messages say it: 303,600.00 元."""
    return f"{amount:,.2f} 元"


def field_word(name: str) -> str:
    """A field's Chinese name, a paper's where it is one, what has none as it is; of "premium_invoice.total_amount" with its paper: 保费发票价税合计."""
    kind, dot, field = name.rpartition(".")
    if dot:
        return PAPERS[PaperType(kind)] + field_label(field, PaperType(kind))
    return next((word for paper, word in PAPERS.items() if paper == name), None) or field_label(name)
