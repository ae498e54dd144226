"""Insurance policies (保险单) of any insurer: schedules with or without rules, of one page or with clauses behind.

In:    the policy's pages.
Out:   the contract's fields; `rows` with the covers and their limits; `extra`: amount_in_words (the premium's 大写), sum_insured_in_words, issued_on,
       premium_in_figures, sum_insured_in_figures: figures as printed where the words were believed instead.
Fails: what can't be read is absent.
Elsewhere: whether limit and rate keep to the scheme (pipeline/rules).

Sum insured × rate = premium, and figures against words, decide between candidates and say how sure the three are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from extractors.confidence import doubted
from extractors.fields import choose, make_field, vote
from extractors.layout import Hit, label_values
from extractors.papers.base import Extracted, present
from extractors.papers.insurance_policy.endorsements import amended, is_endorsement
from extractors.papers.insurance_policy.figures import find_figures
from extractors.papers.insurance_policy.insurance import find_insurance
from extractors.papers.insurance_policy.insurer import find_insurer
from extractors.papers.insurance_policy.labels import EVERY_LABEL, LABEL_BROKEN, LABELS
from extractors.papers.insurance_policy.number import bare_number, below_title, by_bar_code, is_number, without_copies
from extractors.papers.insurance_policy.parties import as_policyholder, is_party, parted, parties_by_order, without_address
from extractors.papers.insurance_policy.period import find_period
from extractors.papers.insurance_policy.product import find_product
from extractors.papers.insurance_policy.prose import in_prose
from extractors.papers.insurance_policy.tables import find_covers, find_subjects
from extractors.spread import with_spread_joined
from models.field import Field
from models.page import Page
from models.paper import FIELDS, PaperType


def extract(pages: Sequence[Page]) -> Extracted:
    """Read a policy. Raises nothing; pages that hold no policy give no fields."""
    changes = [page for page in pages if is_endorsement(page)]
    if changes and len(changes) < len(pages):
        return amended(_read([page for page in pages if page not in changes]), changes)
    return _read(pages)


_OF_A_SENTENCE = re.compile(r"[)]|[一二三四五六七八九十]{1,2}、|(?:为|是|系|向)[\u4e00-\u9fff]{2,}")


def _read(pages: Sequence[Page]) -> Extracted:
    """A policy without its endorsements."""
    pages = [with_spread_joined(page, EVERY_LABEL) for page in pages]
    hits = label_values(pages, LABELS)
    hits["product_name"] = [h for h in hits["product_name"] if h.wanted != "产品" or h.how != "inline" or LABEL_BROKEN.search(h.label.text)]  # 1）产品质量保证保险
    hits["insurance_product"] = [h for h in hits["insurance_product"] if h.wanted != "险别" or LABEL_BROKEN.search(h.label.text)]  # without a colon the heading of the covers
    for name, in_words in (("premium", "premium_words"), ("sum_insured", "sum_words")):  # 应收保费合计（大写）: the label of the figures but for its bracket
        hits[in_words] = [*hits[in_words], *(h for h in hits[name] if not h.blank and "大写" in h.label.folded)]
    for name in ("policyholder_name", "insured_name", "product_name", "product"):  # a word of a sentence is no label: 甲公司（下称投保人）向乙公司投保, 被保险人为丙公司
        hits[name] = [h for h in hits[name] if h.blank or not _OF_A_SENTENCE.match(h.piece.folded)]
    prose = in_prose(pages)
    for name, said in prose.items():
        if name != "insurance_product":
            hits[name] = [*(h for h in hits[name] if not h.blank), *said, *(h for h in hits[name] if h.blank)]
    fields: dict[str, Field | None] = {
        "policy_number": by_bar_code(vote("policy_number", without_copies(hits["policy_number"]), is_number) or below_title(pages) or bare_number(pages), pages),
        "policyholder_name": choose("policyholder_name", map(without_address, parted(hits["policyholder_name"])), is_party),
        "insured_name": choose("insured_name", map(without_address, parted(hits["insured_name"])), is_party),
        "product_name": find_product(hits, pages),
        "insurer_name": find_insurer(pages, hits["insurer_name"]),
    }
    if fields["product_name"] and len(find_subjects(pages)) > 1:
        fields["product_name"] = doubted(fields["product_name"], "标的不止一项")
    fields["insured_name"] = as_policyholder(fields["insured_name"], fields["policyholder_name"])
    parties_by_order(fields, hits["names"])
    fields["period_start"], fields["period_end"] = find_period(hits, pages)
    rows, cover_total = find_covers(pages)
    fields["insurance_product"] = find_insurance(pages, hits["insurance_product"], prose["insurance_product"], {row["cover"].text for row in rows}, fields["insurer_name"])
    figures = find_figures(pages, hits, rows, cover_total)
    fields |= {name: figures.get(name) for name in ("sum_insured", "premium_rate", "premium")}
    wanted = FIELDS[PaperType.INSURANCE_POLICY]
    found = present(**fields)
    return Extracted(
        fields={name: found[name] for name in wanted if name in found},
        extra=present(
            amount_in_words=figures.get("premium_words"), sum_insured_in_words=figures.get("sum_words"), issued_on=choose_date(hits["issued_on"]),
            premium_in_figures=figures.get("premium_in_figures"), sum_insured_in_figures=figures.get("sum_insured_in_figures")),
        rows=rows,
    )


def choose_date(hits: Iterable[Hit]) -> Field | None:
    """The date behind a label that is no field of the contract."""
    for hit in hits:
        if not hit.blank and (made := make_field("signed_on", hit.piece, found=hit.score)):
            return made
    return None
