"""The insurer with its branch: behind its label, in the head, or where it signs.

In:    the policy's pages and the hits of its labels.
Out:   its name, doubted where only the head names it or several branches stand there.
Fails: None where no insurer is named.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.confidence import confirmed, doubted
from extractors.fields import make_field
from extractors.layout import Hit, fold, in_rows, piece_of
from extractors.organisations import whole_name
from extractors.papers.insurance_policy.labels import LEADING
from models.field import Field
from models.page import Page

# what an insurer's branches are called; a mutual one (相互保险社) has offices rather than branches
_OFFICES = r"(?:分公司|支公司|(?:营业|营销|业务|管理|服务|运营|承保|销售|工作)+(?:总?部|处|中心)|事业部|办事处|代表处|分社|分部|工作站)"
_INSURER = re.compile(r"(?![向由经与和对在为及于本])(?![\u4e00-\u9fff()]{0,19}[)]向)[\u4e00-\u9fff][\u4e00-\u9fff()]{1,19}?(?:财产保险|财险|相互保险|互助保险|保险)(?:专业)?(?:自保)?(?:[(][\u4e00-\u9fff]{2}[)])?(?:股份|集团)?(?:有限)?(?:责任)?(?:公司|总?社)(?:(?:[\u4e00-\u9fff]|[(][\u4e00-\u9fff]{2,6}[)]){2,14}?"
                      rf"{_OFFICES}){{0,2}}")


def find_insurer(pages: Sequence[Page], hits: Sequence[Hit]) -> Field | None:
    """The insurer as it signs or heads the policy, with the branch that the paper names anywhere; of several that share it the leading one."""
    found = _signed_or_headed(pages, sorted(hits, key=lambda h: h.wanted not in LEADING))
    if found is None or OFFICE.search(found.text):
        return found
    fuller = [made for page in pages for line in in_rows(page.lines)
              if (part := piece_of(page, line).search(_INSURER)) and len(part.folded) > len(fold(found.text)[0]) and part.folded.startswith(fold(found.text)[0])
              and (made := make_field("insurer_name", part, found=0.95, within=piece_of(page, line)))]
    if fuller:
        named = max(fuller, key=lambda f: f.confidence).over([(found, "未带分支机构")])
        return named if len({f.text for f in fuller}) == 1 else doubted(named, "分支机构不止一处：" + "、".join(sorted({f.text for f in fuller})))
    return found


OFFICE = re.compile(rf"{_OFFICES}$")
_ABOUT_PAPER = re.compile(r"^(?:电子|共保)?(?:保险|保单|批单|投保)")


def _signed_or_headed(pages: Sequence[Page], hits: Sequence[Hit]) -> Field | None:
    """The insurer behind its label or in the head; where both are there they bear each other out."""
    labelled: Field | None = None
    for hit in hits:
        if hit.blank:
            continue
        whole = hit.piece
        part = whole.search(_INSURER)
        if part and part.folded != whole.folded:  # …中心支公 / 司
            whole = whole_name(whole)
            part = whole.search(_INSURER)
        if part and (made := make_field("insurer_name", part, found=hit.score, within=whole)):
            rest = whole.folded.partition(part.folded)[2]
            labelled = doubted(made, f"其后另有“{rest[:12]}”") if re.match(r"[\u4e00-\u9fff]", rest) else made
            break
    headed: Field | None = None
    for page in pages:
        for line in in_rows(page.lines):
            if line.box.cy > 0.3:
                break
            whole = piece_of(page, line)
            part = whole.search(_INSURER)
            if part and len(part.folded) >= 0.7 * len(whole.folded) and (made := make_field("insurer_name", part, found=0.95, within=whole)):
                rest = whole.folded.partition(part.folded)[2]
                if re.match(r"[\u4e00-\u9fff]", rest) and not _ABOUT_PAPER.match(rest):
                    made = doubted(made, f"其后另有“{rest[:12]}”")
                headed = headed if headed is not None and len(headed.text) >= len(made.text) else made
        if headed:
            break
    if labelled and headed:
        if labelled.value == headed.value:  # unless more stood behind the name at the foot: a branch that the head doesn't tell
            return labelled if labelled.why else confirmed(labelled if labelled.confidence >= headed.confidence else headed, "抬头与落款一致")
        longer, other = (labelled, headed) if len(labelled.text) >= len(headed.text) else (headed, labelled)
        return longer if other.text in longer.text else doubted(max(labelled, headed, key=lambda f: f.confidence), f"另见{other.text}")
    if labelled:
        return labelled
    if headed:
        return headed if OFFICE.search(headed.text) else doubted(headed, "只见抬头，未见分支机构")
    anywhere = [made for page in pages for line in page.lines
                if (part := piece_of(page, line).search(_INSURER)) and (made := make_field("insurer_name", part, found=0.85))]
    return max(anywhere, key=lambda f: (len(f.text), f.confidence), default=None)
