"""Endorsements (批单) behind a policy: which pages are one, and what they change.

In:    a policy as read without them, and their pages.
Out:   the same policy, what they change doubted, their number held against its own.
Fails: an endorsement that changes nothing leaves the policy as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.confidence import confirmed, doubted
from extractors.fields import vote
from extractors.layout import fold, in_rows, label_values, piece_of
from extractors.papers.base import Extracted
from extractors.papers.insurance_policy.insurer import OFFICE, find_insurer
from extractors.papers.insurance_policy.labels import LABELS
from extractors.papers.insurance_policy.number import is_number
from models.page import Page

_ENDORSEMENT = re.compile(r"^(?:[\u4e00-\u9fff()]{0,20}保险)?批(?:单|改单|注单|改申请书?)(?:[A-Za-z]{4,}){0,2}(?:[(][^()]*[)])?$")
_CHANGING = re.compile(r"变更|更正|更改|修改|批改|调整|增加|减少|延长|缩短|退还|加收|改为|增至|减至")
_UNCHANGED = re.compile(r"(?:不|未|并不|均不)(?:影响|涉及|改变|调整|变更|变动)[^,，。;；]*|[^,，。;；]*(?:不变|仍为|继续有效|不作变更|不作调整)")
# what an endorsement says it changes, and the field that a person must look at then
_CHANGED = {
    "policyholder_name": r"投保人(?:名称)?(?:由|变更|更正|更改|改为)", "insured_name": r"被保险人(?:名称)?(?:由|变更|更正|更改|改为)", "product_name": r"(?:标的|产品名称|投保产品)",
    "sum_insured": r"(?:保险金额|责任限额|赔偿限额)", "premium_rate": r"费率", "premium": r"保险费|保费", "period_start": r"保险期[间限]|起保|生效日期", "period_end": r"保险期[间限]|终保|终止日期",
}  # fmt: skip


def is_endorsement(page: Page) -> bool:
    return any(_ENDORSEMENT.match(fold(line.text)[0]) for line in page.lines if line.box.cy < 0.3)


def amended(policy: Extracted, changes: Sequence[Page]) -> Extracted:
    """A policy with endorsements (批单) behind it: what the policy says; what they change is for a person to see, their number bears the policy's out."""
    fields = dict(policy.fields)
    for page in changes:
        text = _UNCHANGED.sub("", piece_of(page, in_rows(page.lines)).folded)
        if _CHANGING.search(text):
            fields |= {name: doubted(fields[name], "批单有变更") for name, cue in _CHANGED.items() if name in fields and re.search(cue, text)}
    number = vote("policy_number", label_values(changes, LABELS)["policy_number"], is_number)
    own = fields.get("policy_number")
    if number and own:
        fields["policy_number"] = confirmed(own, "与批单所载一致") if own.value == number.value else doubted(own, f"批单读作{number.text}")
    elif number:
        fields["policy_number"] = number
    signed = find_insurer(changes, ())
    insurer = fields.get("insurer_name")
    if insurer and signed and not OFFICE.search(insurer.text) and signed.text.startswith(insurer.text) and OFFICE.search(signed.text):
        fields["insurer_name"] = doubted(signed, "仅批单载明分支机构")
    return replace(policy, fields=fields)
