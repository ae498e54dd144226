"""What the name of an organisation looks like, so that a name cut short or run into its neighbour is noticed.

In:    text that should be the name of a company, an institution, an office.
Out:   whether it is one by its ending (公司, 研究院, 医院 …); a field doubted where it isn't.
Elsewhere: names taken apart and compared (matchers/names.py).
"""

from __future__ import annotations

import re

from extractors.confidence import doubted
from extractors.layout import Piece, Span, fold
from models.field import Field
from models.page import Line, Page

ENDINGS = (  # of names in running text, where the next word may begin with whatever ends a name elsewhere
    r"(?:公司|集团|[^工]厂|[研医学书法总科]院|研究[院所]|[设计规划检测察]院|[务电测疗]所|中心|大学|[中小]?学校|[中小]学|委员会|[^邮布格结破当]局|[务管理供]处|合作社|保险社|协会|学会|经营部|商行|商店|门市部|"
    r"(?:营业|业务|营销)(?:[一二三四五六七八九十]|第[一二三四五六七八九十])?部|指挥部|管理部|工作室|[煤铁铜金石]矿|[电泵水气客航]站|有限合伙[)）]?|联合社|实验室)"
)
IN_TEXT = rf"[\u4e00-\u9fffA-Za-z0-9（）()·&]{{2,40}}?{ENDINGS}"  # the shortest name; what must follow on it tells where it ends
ORGANISATION = re.compile(
    r"^(?=.{4,60}$)[\u4e00-\u9fffA-Za-z0-9（）()·&.\-—\s]*?"
    rf"(?:{ENDINGS}|厂|设计院|支公司|(?:营业|管理|业务|服务|事业|工作|运营)总?部|站|馆|部队|政府|办公室|"
    r"办事处|基地|合作联社|银行|支行|分行)$"
)
MAY_END = re.compile(  # whatever may be an organisation's name, by its last character
    r"(?:(?:公司|厂|院|所|中心|集团|学|校|局|部|社|店|厅|会|站|行|室|馆|队|处|矿|府)(?:[(（][^()（）]{1,12}[)）])?|合伙[)）]?)$"
)
NOT_ORGANISATION = re.compile(r"税务|密码|国家(?!高(?:新|$)|级|经济)|监制|\d{5}|发票|合计|备注|收款人|复核|开票人|银行.*(?:支行|分行|营业部)")
_NOBODY = re.compile(r"[本我贵该]公司")  # 应通知本公司
_FOREIGN = re.compile(r"(?i)\b(?:ltd|co|inc|gmbh|corp|corporation|limited|llc|s\.?a|ag|plc|company)\b\.?")


def is_organisation(name: str) -> bool:
    """Whether a name ends as organisations' names do."""
    return bool((ORGANISATION.match(name) and not _NOBODY.search(name)) or _FOREIGN.search(name))


_ENDING = re.compile(r"^[\u4e00-\u9fff（）()]{0,16}(?:公司|营业部|研究院|研究所|集团|中心|合伙[)）]?|司|分行|支行)$")
_MORE = re.compile(r"^(?:(?:控股|集团)?(?:股份)?有限(?:责任)?公司|[\u4e00-\u9fff]{0,10}(?:分公司|支公司|营业部|分行|支行)|[司部])$")  # what may follow on a name that seems whole
_MERE_ENDING = re.compile(r"(?:股份|份)?(?:有限|限)?(?:责任|任)?公?司|[分支]公司")  # names nobody by itself, so it is no label's value
_BANK = re.compile(r"银行|信用(?:合作|社|联)|农商")
_BANKING = re.compile(rf"{_BANK.pattern}|[分支]行$")


def whole_name(name: Piece) -> Piece:
    """A name with what recognition split from it: stretches that abut on its right, and a last line close below that ends as names do.

    For places where the cell's rules weren't found, or a letter's stroke was taken for one.
    """
    if not name.spans or (is_organisation(name.folded) and not _below(name)):
        return name
    for _ in range(8):
        after = _abutting(name)
        if after is None:
            break
        name = name + Piece((Span(name.page, after, 0, len(after.text)),))
    below = _below(name)
    return name + Piece((Span(name.page, below, 0, len(below.text)),)) if below is not None else name


def _abutting(name: Piece) -> Line | None:
    last = name.spans[-1]
    if last.end < len(last.line.text.rstrip()):
        return None
    box = last.line.box
    letter = box.width / max(1, len(last.line.text))
    near = [v for v in name.page.lines if v is not last.line and abs(v.box.cy - box.cy) < 0.3 * box.height and -0.3 * letter < v.box.x0 - box.x1 < 0.7 * letter
            and re.match(r"[\u4e00-\u9fff（）()]", v.text) and not re.search(r"[:：]\s*$", v.text)]
    return min(near, key=lambda v: v.box.x0, default=None)


def _below(name: Piece) -> Line | None:
    """The line that a wrapped name ends in: close below, beginning where the name or its label begins, and completing an organisation's name.

    Not the next row's value, which has a label of its own to its left where the name has one, nor a bank behind a company's name.
    """
    first, last = name.spans[0], name.spans[-1]
    box = last.line.box
    letter = box.width / max(1, len(last.line.text))
    own = {id(s.line) for s in name.spans}
    whole = is_organisation(name.folded)
    for line in name.page.lines:
        if id(line) in own or not 0.4 * box.height < line.box.cy - box.cy < 1.6 * box.height or min(abs(line.box.x0 - x) for x in (first.box.x0, first.line.box.x0)) > 1.2 * letter:
            continue
        text = fold(line.text)[0]
        if not (_MORE if whole else _ENDING).match(text) or not is_organisation(name.folded + text) or (_BANKING.search(text) and not _BANK.search(name.folded)):
            continue
        if not _labelled_alike(name.page, first.line, line):
            return line
    return None


def _labelled_alike(page: Page, upper: Line, lower: Line) -> bool:
    """Whether labels of two rows stand to the left of the lines: texts that begin at one place, no letters of an upright heading, no wrapped neighbour's end."""
    above, below = (_to_the_left(page, line) for line in (upper, lower))
    if above is None or below is None or abs(above.box.x0 - below.box.x0) > 0.01:
        return False
    text = fold(below.text)[0]
    return len(text) > 1 and not _ENDING.match(text) and not _MERE_ENDING.fullmatch(fold(lower.text)[0])


def _to_the_left(page: Page, line: Line) -> Line | None:
    near = [v for v in page.lines if v is not line and v.box.x1 <= line.box.x0 + 0.005 and abs(v.box.cy - line.box.cy) < 0.4 * max(v.box.height, line.box.height)]
    return max(near, key=lambda v: v.box.x1, default=None)


_CUT_SHORT = re.compile(r"保险.*公司[\u4e00-\u9fff]{2,8}(?:中心|支|分)$|^(?!.*公司.)[\u4e00-\u9fff]{0,8}[分支]公司$")  # 宁波中心 of 宁波中心支公司; 宁波分公司, of whom?


def checked(name: Field | None) -> Field | None:
    """The field, doubted where its value doesn't end as an organisation's name does: it may be a person's, or cut short at either end."""
    return name if name is None or (is_organisation(name.text) and not _CUT_SHORT.search(name.text)) else doubted(name, "不像完整的单位名称")
