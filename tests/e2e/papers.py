"""Papers with a text layer, as an insurer's system prints them: read without OCR, in no time."""

from __future__ import annotations

from pathlib import Path

import pymupdf

_POLICY = (
    "首台套重大技术装备综合保险 保险单", "保险单号：PZDX2020330200000{number}", "投保人：宁波恒立精密机械有限公司", "被保险人：宁波恒立精密机械有限公司", "保险人：中国人民财产保险股份有限公司宁波市分公司",
    "产品名称：五轴联动加工中心", "保险金额：人民币20000000.00元", "费率：2.6%", "保险费：人民币520000.00元", "保险期间：自2020年03月01日零时起至2021年02月28日二十四时止")


def policy(path: Path, number: int) -> None:
    """Write an insurance policy of one page. number: four digits of its own."""
    document = pymupdf.open()
    page = document.new_page()
    for n, line in enumerate(_POLICY):
        page.insert_text((72, 90 + 34 * n), line.format(number=number), fontname="china-s", fontsize=16 if n == 0 else 12)
    path.parent.mkdir(parents=True, exist_ok=True)
    document.save(path)
