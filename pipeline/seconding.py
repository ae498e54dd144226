"""A claim's doubtful values held against the row that its insurer filed for it: a second paper, by another hand, that writes the same.

In:    a claim's fields; its row of the insurers' tables (annexes 2, 5, 7), None where it has none.
Out:   the same fields, those accepted that the row writes alike. Asked again with another row, or none, it takes back what it said before.
Fails: never.
Elsewhere: which row is a claim's (pipeline/rules/tables.py); what follows where they differ (summary_mismatch, pipeline/rules/summaries.py).
"""

from __future__ import annotations

from collections.abc import Mapping

from matchers.values import same_value
from models.dates import parse_period
from models.field import Field
from pipeline.rules.tables import HEADINGS, Entry, year_of

SAYS = "与承保机构汇总表一致"
READ_AT_ALL = 0.5  # below this a value was hardly read, and one of few words (第一年) may agree by chance
_PERIOD = ("period_start", "period_end")


def seconded(fields: Mapping[str, Field], entry: Entry | None) -> dict[str, Field]:
    """The claim's fields, with the row's word for those that are doubtful by themselves."""
    own = {name: _alone(field) for name, field in fields.items()}
    return {name: _accepted(field) if entry and _is_told(name, field, entry) else field for name, field in own.items()}


def _alone(field: Field) -> Field:
    """A value as it stood before a row spoke for it."""
    return field.model_copy(update={"accepted": False, "why": field.why[:-1]}) if field.why[-1:] == (SAYS,) else field


def _accepted(field: Field) -> Field:
    return field.model_copy(update={"accepted": True, "why": (*field.why, SAYS)})


def _is_told(name: str, field: Field, entry: Entry) -> bool:
    """Whether a doubtful value stands in the row as well, read there for sure."""
    fact = "period" if name in _PERIOD else name
    cell = entry.cell(fact) if fact in HEADINGS else None
    if cell is None or field.accepted or not cell.accepted or field.score < READ_AT_ALL:
        return False
    if name == "insurance_year":
        return str(year_of(cell.text)) == field.text
    if name in _PERIOD:
        period = parse_period(cell.text)
        return period is not None and period[_PERIOD.index(name)] == field.text
    return same_value(name, field, cell)
