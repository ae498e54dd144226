"""Details of the log in words: names of ours are told as people call them, codes as they read, personal numbers stay hidden, and the export keeps what was written."""

from __future__ import annotations

import json

import pytest

from pipeline.labels import Language
from pipeline.review.web.log_words import DETAILS, details
from pipeline.review.web.words import known


@pytest.mark.parametrize(("written", "zh", "en"), [
    ({"decision": "pass", "stage": "district", "to": "city/open", "version": 2, "reason": "已核"},
     "决定 通过|环节 区县初审|转至 市级审核 · 待办|理由 已核|版本 2", "decision Pass|stage District review|leads to City review · Open|reason 已核|version 2"),
    ({"field": "premium", "read": "379470.00", "corrected": "379740.00", "paper": {"type": "insurance_policy", "file": "扫描.pdf", "page": 3}},
     "事项 保费金额|原识别 379,470.00 元|更正为 379,740.00 元|材料 保险单、扫描.pdf、第3页", "value Premium|read as CNY 379,470.00|set to CNY 379,740.00|paper Insurance policy, 扫描.pdf, page 3"),
    ({"kind": "flag", "flag": "0123456789abcdef", "code": "rate_above_cap", "verdict": "dismissed"}, "判定 不成立|问题 费率超限", "verdict Dismissed|flag Rate above the cap"),
    ({"role": "lead", "is_active": False}, "角色 复审负责人|在用 否", "role Lead|in use No"),
    ({"table": "holdings", "told": {"holdings": {"added": 2, "removed": 0, "changed": 1}}}, "表 持股关系|变动 持股关系：增2、改1", "table Holdings|changes Holdings: 2 added, 1 changed"),
    ({"buyers": [{"name": "甲公司", "quantity": "2"}]}, "用户 甲公司、2", "users 甲公司, 2"),
    ({"kind": "return"}, "种类 退回补正", "kind Return for papers"), ({"something": "new", "reason": ""}, "something new", "something new"), ({}, "", "")])
def test_details_are_told_in_words(written, zh, en):
    text = json.dumps(written, ensure_ascii=False)
    told = ["|".join(f"{name} {said}" for name, said in details(text, language)) for language in (Language.ZH, Language.EN)]
    assert told == [zh, en]


def test_what_is_no_json_is_shown_as_it_is():
    assert details("x", Language.ZH) == [("", "x")]


def test_every_detail_has_its_words():
    assert [name for name in DETAILS if not known(f"log_{name}")] == []


def test_the_page_tells_words_and_the_export_what_was_written(client_of, case):
    reviewer, auditor, admin = client_of("reviewer"), client_of("auditor"), client_of("admin")
    reviewer.post(f"/claims/{case}/amend", {"key": "p0.contact_phone", "value": "13900000009", "revision": "0.1"})
    page = auditor.get("/audit").content.decode()
    assert "联系电话" in page
    assert "13900000009" in page
    assert "contact_phone" not in page
    assert "139****0009" in admin.get("/audit").content.decode()
    assert "contact_phone" in b"".join(auditor.get("/audit.csv").streaming_content).decode()
