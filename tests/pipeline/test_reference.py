"""Reference tables: what is read, what may be absent, and which one line tells what is wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from models.errors import ReferenceInvalid, UsageError
from pipeline.reference import load_reference

HOLDINGS = "holder,company,percent\n"
AWARDS = (
    "year,scheme,track,level,applicant,product_name,catalogue_entry,buyer_name,contract_number,policy_number,insurance_year,period_start,period_end,subsidy_paid\n"
)
CATALOGUE = "entry_id,scheme,track,category,name,specification,edition\n"


def write(folder: Path, file: str, text: str | bytes) -> Path:
    (folder / file).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def test_tables_are_read_and_absent_ones_are_none_not_empty(tmp_path):
    write(tmp_path, "holdings.csv", "\ufeff" + HOLDINGS + "甲 (宁波) 有限公司,乙有限公司,24.9\n\n")
    write(tmp_path, "awards.csv", AWARDS + "2020,ningbo-2020,material,municipal,甲,丙,,乙,,P1,,2019-07-01,,60000.00\n")
    write(tmp_path, "restricted.csv", "company,reason,until\n")
    reference = load_reference(tmp_path)
    assert reference.catalogue is None
    assert reference.restricted == ()
    assert reference.holdings is not None
    assert (reference.holdings[0].holder, reference.holdings[0].percent) == ("甲（宁波）有限公司", Decimal("24.9"))
    assert reference.awards is not None
    assert (reference.awards[0].period_start, reference.awards[0].period_end, reference.awards[0].insurance_year) == (date(2019, 7, 1), None, None)


def test_columns_may_stand_in_any_order_and_more_of_them_are_let_be(tmp_path):
    write(tmp_path, "holdings.csv", "percent,note,company,holder\n25,x,乙,甲\n")
    holdings = load_reference(tmp_path).holdings
    assert holdings is not None
    assert (holdings[0].holder, holdings[0].company, holdings[0].percent) == ("甲", "乙", Decimal(25))


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("holdings.csv", "holder,company\n甲,乙\n", ["holdings.csv", "row 1", "percent"]),
        ("holdings.csv", "", ["holdings.csv", "empty"]),
        ("holdings.csv", HOLDINGS + "甲,乙,很多\n", ["holdings.csv", "row 2", "percent", "很多", "24.9"]),
        ("holdings.csv", HOLDINGS + "甲,乙,101\n", ["row 2", "percent", "101"]),
        ("holdings.csv", HOLDINGS + ",乙,10\n", ["row 2", "holder", "blank"]),
        ("holdings.csv", HOLDINGS + "甲,乙\n", ["row 2", "2 values"]),
        ("holdings.csv", HOLDINGS + '甲,"乙,10\n', ["holdings.csv", "CSV"]),
        ("holdings.csv", HOLDINGS.encode() + "甲,乙,10\n".encode("gbk"), ["holdings.csv", "UTF-8"]),
        ("holdings.csv", "holder,company,percent,percent\n甲,乙,1,2\n", ["percent", "twice"]),
        ("awards.csv", AWARDS + "2020,ningbo-2020,material,municipal,甲,,,,,,,2019/7/1,,\n", ["awards.csv", "row 2", "period_start", "2019/7/1", "YYYY-MM-DD"]),
        ("awards.csv", AWARDS + "2020,ningbo-2020,material,provincial,甲,,,,,,,,,\n", ["level", "provincial", "central or municipal"]),
        ("catalogue.csv", CATALOGUE + "A,ningbo-2020,装备,,车床,,\n", ["catalogue.csv", "track", "装备", "equipment"]),
    ],
)
def test_a_wrong_table_says_in_one_line_where_what_and_what_to_do(tmp_path, file, text, told):
    with pytest.raises(ReferenceInvalid) as caught:
        load_reference(write(tmp_path, file, text))
    message = str(caught.value)
    assert "\n" not in message
    assert all(word in message for word in told), message
    assert "run the same command again" in message
    assert caught.value.exit_code == 2


def test_a_folder_that_is_not_there_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="--reference"):
        load_reference(tmp_path / "nowhere")


def test_a_wrong_row_far_down_is_told_by_its_number(tmp_path):
    rows = [f"甲{n},乙{n},{n % 100}" for n in range(2_345)]
    assert len(load_reference(write(tmp_path, "holdings.csv", HOLDINGS + "\n".join(rows))).holdings or ()) == 2_345
    rows[2_300] = "甲,乙,很多"
    with pytest.raises(ReferenceInvalid, match="row 2302: percent is '很多'"):
        load_reference(write(tmp_path, "holdings.csv", HOLDINGS + "\n".join(rows)))
    rows[2_299] = "甲,乙"
    with pytest.raises(ReferenceInvalid, match="row 2301: 2 values"):
        load_reference(write(tmp_path, "holdings.csv", HOLDINGS + "\n".join(rows)))
