"""The insured period: first and last day, together or under labels of their own, or a year from one day.

In:    hits of the labels; the pages, for a period that stands by itself.
Out:   both days, doubted where only months are told.
Fails: None for a day that isn't there.
Elsewhere: a period in one text (extractors/fields.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.confidence import doubted
from extractors.fields import make_field, make_period
from extractors.layout import Hit, Piece
from extractors.rows import spans_of
from models.dates import find_dates, year_from
from models.field import Field
from models.page import Page

_SHARED = 0.9  # how sure two days are that stand under the label of one
_A_YEAR = re.compile(r"(?:[一壹]|(?<!\d)1)年(?!\d)|(?:12|十二)个月")


_DAY = r"(?:\d{4}[年\-./]\d{1,2}[月\-./]\d{1,2}日?)"
_HOUR = r"(?:(?:\d{1,2}|零|二十四)(?:时|点|:00)(?:00分?)?(?::?00秒?)?)?"
_BY_ITSELF = re.compile(rf"^(?:自|从|由)?{_DAY}{_HOUR}(?:起|开始)?[,，]?(?:至|到|-|—|~){_DAY}{_HOUR}(?:止|为止|终止)?[。.]?$")  # 2020年6月1日零时起至2021年5月31日二十四时止
_HOURS = re.compile(r"时|点|:00|起|止")


def _by_itself(pages: Sequence[Page]) -> tuple[Field, Field] | None:
    """The period of a policy whose label can't be read as one (期间, upright beside the row): the only line that says nothing but from which day and hour to which."""
    lines = [piece for page in pages for span in spans_of(page) if _BY_ITSELF.match((piece := Piece((span,))).folded) and _HOURS.search(piece.folded)]
    made = [period for piece in lines if (period := make_period(piece, found=0.93))]
    return made[0] if made and len({(a.text, b.text) for a, b in made}) == 1 else None


def find_period(hits: dict[str, list[Hit]], pages: Sequence[Page]) -> tuple[Field | None, Field | None]:
    for hit in hits["period"]:
        made = None if hit.blank else make_period(hit.piece, hit.score)
        if made:
            return (made[0], made[1]) if all(len(m.text) == 10 for m in made) else (doubted(made[0], "未见具体日期"), doubted(made[1], "未见具体日期"))
    start = next((f for h in hits["starts"] if not h.blank and (f := make_field("period_start", h.piece, found=h.score))), None)
    end = next((f for h in hits["ends"] if not h.blank and (f := make_field("period_end", h.piece, found=h.score))), None)
    if not (start and end):  # a rule between the two rows was lost: 2020年6月1日零时 and 2021年5月31日二十四时 in one cell
        both = next((made for h in (*hits["starts"], *hits["ends"]) if not h.blank and (made := make_period(h.piece, _SHARED * h.score)) and made[0].text < made[1].text), None)
        start, end = both or (start, end)
    for hit in hits["period"]:
        if not (start or end or hit.blank) and _A_YEAR.search(hit.piece.folded) and len(dates := find_dates(hit.piece.text)) == 1:  # 自2020年6月1日零时起一年
            start = make_field("period_start", hit.piece.between(dates[0].start, dates[0].end), found=hit.score, value=dates[0].value, within=hit.piece)
            last = year_from(dates[0].value)
            end = start.corrected(last, 0.8 * start.confidence, False, "按自起期起一年推得") if start and last else None
    return (start, end) if start or end else _by_itself(pages) or (None, None)
