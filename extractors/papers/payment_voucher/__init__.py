"""Payment vouchers: what a bank says was paid, by whom, to whom, when (电子回单, 客户回单, 业务凭证, 进账单, 支票存根, 电汇凭证).

In:    the pages of one voucher; two pages are mostly two scans of it.
Out:   payer_name, payee_name, amount, paid_on, voucher_number; `extra["amount_in_words"]`.
Fails: never; what isn't read is absent.
Elsewhere: how labels and values are found (extractors/layout); statements of an account (account_statement.py), letters of a bank (payment_letter.py).

Every bank prints its own form: payer and payee side by side, one above the other, as the columns of a table, or in a list; the group labels 付款人 and 收款人 may stand
upright, letter by letter, beside their rows. So a name belongs to the party whose label is nearest to the left of or above its own label 户名.
"""

from __future__ import annotations

from collections.abc import Sequence

from extractors.amounts import wrapped_words
from extractors.layout import NOTHING, label_values
from extractors.organisations import checked
from extractors.papers.account_statement import paid_entry
from extractors.papers.base import Extracted, present
from extractors.papers.payment_letter import told_payment
from extractors.papers.payment_voucher.amount import find_amount, in_words
from extractors.papers.payment_voucher.date import find_paid_on
from extractors.papers.payment_voucher.labels import LABELS, PARTY_LABELS
from extractors.papers.payment_voucher.number import find_number
from extractors.papers.payment_voucher.parties import against_roles, find_holder, find_markers, find_parties
from extractors.rows import rows_of, spans_of
from extractors.spread import with_labels_joined
from models.page import Page


def extract(pages: Sequence[Page]) -> Extracted:
    """Read one payment voucher."""
    printed = pages
    pages = [with_labels_joined(p, PARTY_LABELS) for p in pages]
    hits = label_values(pages, LABELS)
    rows = [r for p in pages for r in rows_of(spans_of(p))]
    entry = paid_entry(pages)
    if entry is not None:  # an account's statement: one of its rows, and whose account it is
        payer, payee = against_roles(checked(find_holder(hits)), checked(entry.payee_name))
        return Extracted(fields=present(payer_name=payer, payee_name=payee, amount=entry.amount, paid_on=entry.paid_on or (find_paid_on(hits, rows) if entry.amount else None), voucher_number=entry.voucher_number))
    payer, payee = find_parties([find_markers(a) or find_markers(b) for a, b in zip(printed, pages, strict=True)], pages, hits)
    told = told_payment(printed) if payer is None and payee is None else None  # a letter of the bank: sentences instead of labels
    payer, payee = (told.payer_name, told.payee_name) if told else (payer, payee)
    amount, words = find_amount(hits, rows, [field for page in pages for piece in wrapped_words(page) if (field := in_words(piece))], told.text if told else NOTHING)
    payer, payee = against_roles(checked(payer), checked(payee))
    fields = present(payer_name=payer, payee_name=payee, amount=amount, paid_on=(told.paid_on if told else None) or find_paid_on(hits, rows), voucher_number=find_number(hits, rows) or (told.voucher_number if told else None))
    return Extracted(fields=fields, extra=present(amount_in_words=words))
