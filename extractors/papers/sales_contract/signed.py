"""The day on which a contract was signed: named so at its head, said in a sentence, or the date of the signatures.

In:    a contract.
Out:   the day, surer where several places agree.
Fails: None where no date can be that of signing.
"""

from __future__ import annotations

import re
from collections import Counter

from extractors.confidence import confirmed, contradicted
from extractors.fields import make_field
from extractors.papers.sales_contract.contract import Contract
from extractors.papers.sales_contract.words import any_of, vocabulary
from models.field import Field


def find_signed_on(contract: Contract) -> Field | None:
    """The day of signing: named as such at the head or on the cover, else the date of the signatures, the later where they differ."""
    signed = vocabulary()["signed"]
    gloss = r"(?:[（(][^）)]{1,8}[)）])?(?:[A-Za-z.]{2,20}(?=:))?"
    head = _dated(contract, rf"(?:{any_of(signed['labels'])}){gloss}")
    block = _dated(contract, rf"(?:^|(?<=[\n\t]))(?:{any_of(signed['block'])}){gloss}")
    told = [f for pattern in signed["sentence"] for m in re.finditer(pattern, contract.text) for e in contract.within(*m.span("date"), "date")[:1]
            if (f := make_field("signed_on", contract.piece(e.start, e.end)))]
    for some in (head, told, block):
        count = Counter(f.text for f in some)
        if not count:
            continue
        top = max(count.values())
        value = max((v for v, n in count.items() if n == top), key=lambda v: (len(v), v))
        fuller = [f for f in (*told, *block) if len(f.text) > len(value) and f.text.startswith(value)]  # only the month was read there
        best = max(fuller or [f for f in some if f.text == value], key=lambda f: f.confidence)
        value = best.text
        if sum(f.text == value for f in (*head, *told, *block)) > 1:
            return confirmed(best, "签订日期多处一致")
        return contradicted(best, "签订日期各处不一致", 0.75) if len(count) > 1 else best
    last = [e for e in contract.of("date") if e.start > 0.8 * len(contract.text) and re.search(r"盖章|签字|签章|代表", contract.text[max(0, e.start - 300) : e.start])]
    made = [f for e in last if (f := make_field("signed_on", contract.piece(e.start, e.end), found=0.8))]
    return made[-1] if made else _date_at_head(contract)


def _date_at_head(contract: Contract) -> Field | None:
    """A date that stands by itself above the first clause, where no other does: 编号：KJ-2020-563	2020年4月20日."""
    first = _FIRST_CLAUSE.search(contract.text)
    end = first.start() if first else len(contract.text) // 3
    alone = [e for e in contract.within(0, end, "date") if re.search(r"(?:^|[\n\t])$", contract.text[: e.start]) and re.match(r"[\n\t]|$", contract.text[e.end :])]
    return make_field("signed_on", contract.piece(alone[0].start, alone[0].end), found=0.88) if len(alone) == 1 else None


_FIRST_CLAUSE = re.compile(r"(?:^|\n)(?:第?[一1][条、.．]|[（(][一1][)）])")


def _dated(contract: Contract, label: str) -> list[Field]:
    """Dates that stand directly behind a label, in its line or on the same baseline."""
    out = []
    for m in re.finditer(rf"{label}[:：]?\t?", contract.text):
        near = contract.within(m.end(), m.end() + 2, "date")
        if not near:  # 签订日期	签订日期	2020年2月9日: the labels of two columns, then the dates
            _, end = contract.running.line_of(m.start())
            near = [e for e in contract.within(m.end(), end, "date") if re.fullmatch(r"(?:[^\d\n]{0,14}\t)*", contract.text[m.end() : e.start])][:1]
        out += [f for e in near[:1] if (f := make_field("signed_on", contract.piece(e.start, e.end)))]
    return out
