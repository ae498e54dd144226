"""The insured period: first and last day, together or under labels of their own, or a year from one day.

In:    hits of the labels.
Out:   both days, doubted where only months are told.
Fails: None for a day that isn't there.
Elsewhere: a period in one text (extractors/fields.py).
"""

from __future__ import annotations

import re

from extractors.confidence import doubted
from extractors.fields import make_field, make_period
from extractors.layout import Hit
from models.dates import find_dates, year_from
from models.field import Field

_A_YEAR = re.compile(r"(?:[一壹]|(?<!\d)1)年(?!\d)|(?:12|十二)个月")


def find_period(hits: dict[str, list[Hit]]) -> tuple[Field | None, Field | None]:
    for hit in hits["period"]:
        made = None if hit.blank else make_period(hit.piece, hit.score)
        if made:
            return (made[0], made[1]) if all(len(m.text) == 10 for m in made) else (doubted(made[0], "未见具体日期"), doubted(made[1], "未见具体日期"))
    start = next((f for h in hits["starts"] if not h.blank and (f := make_field("period_start", h.piece, found=h.score))), None)
    end = next((f for h in hits["ends"] if not h.blank and (f := make_field("period_end", h.piece, found=h.score))), None)
    for hit in hits["period"]:
        if not (start or end or hit.blank) and _A_YEAR.search(hit.piece.folded) and len(dates := find_dates(hit.piece.text)) == 1:  # 自2020年6月1日零时起一年
            start = make_field("period_start", hit.piece.between(dates[0].start, dates[0].end), found=hit.score, value=dates[0].value, within=hit.piece)
            last = year_from(dates[0].value)
            end = start.corrected(last, 0.8 * start.confidence, False, "按自起期起一年推得") if start and last else None
    return start, end
