"""A policy's tables: the covers with their limits, and the subjects that it insures with their sums and premiums.

In:    the policy's pages.
Out:   rows of covers and their total; the different subjects; the totals of a schedule.
Fails: nothing where there is no such table.
Elsewhere: rows below headings (extractors/layout).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from extractors.fields import make_field
from extractors.layout import table_rows
from extractors.papers.insurance_policy.labels import COVER_HEADS, SCHEDULE_HEADS
from models.field import Field
from models.page import Page
from models.paper import Kind, Row


def find_covers(pages: Sequence[Page]) -> tuple[list[Row], Field | None]:
    """The covers with their limits, and the total of the table where it has one."""
    table = table_rows(pages, COVER_HEADS)
    if "cover" not in table.heads or "limit" not in table.heads:
        return [], None
    unit = table.units.get("limit", "")
    rows: list[Row] = []
    for cells in table.rows:
        cover = make_field("cover", cells.get("cover"))
        limit = make_field("limit", cells.get("limit"), unit, kind=Kind.MONEY)
        if cover and re.search(r"[\u4e00-\u9fff]{2}", cover.text) and limit:
            rows.append({"cover": cover, "limit": limit})
    totals = [made for cells in table.totals if (made := make_field("limit", cells.get("limit"), unit, kind=Kind.MONEY))]
    amounts = [row["limit"].decimal or Decimal(0) for row in rows]
    whole = next((n for n in range(2, len(rows)) if amounts[n] == sum(amounts[:n])), None)
    if not totals and whole is not None:  # what it is called need not be known
        totals.append(rows[whole]["limit"])
        del rows[whole:]
    elif not totals and len(rows) > 2 and _ALL_COVERS.search(rows[-1]["cover"].text):
        totals.append(rows.pop()["limit"])
    return rows, totals[0] if totals else None


_ALL_COVERS = re.compile(r"^(?:总|累计|合计|全部).*限额|限额(?:合计|总计)$")  # 总赔偿限额: a row's name that is no cover's


def find_subjects(pages: Sequence[Page]) -> set[str]:
    """The different subjects that a schedule lists."""
    table = table_rows(pages, SCHEDULE_HEADS)
    if "product_name" not in table.heads or not {"sum_insured", "premium"} & set(table.heads):
        return set()
    return {cells["product_name"].folded for cells in table.rows if "product_name" in cells and {"sum_insured", "premium"} & set(cells)}


def schedule_totals(pages: Sequence[Page]) -> dict[str, Field]:
    """The total row of a schedule that lists several subjects or covers: sums, premiums, and the rate where it is told for all of them."""
    table = table_rows(pages, SCHEDULE_HEADS)
    if not {"sum_insured", "premium"} & set(table.heads) or len(table.rows) < 2:
        return {}
    return {
        name: made
        for cells in table.totals[:1]
        for name in ("sum_insured", "premium_rate", "premium")
        if (made := make_field(name, cells.get(name), table.units.get(name, "")))
    }
