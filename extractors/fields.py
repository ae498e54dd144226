"""From a piece of a page to a field: what it means, by the kind of the field.

In:    a `Piece` and the field's name; its kind (`models.paper.kind_of`) says how it is parsed.
Out:   `Field` with the value in the contract's format, the text as printed, its place and confidence.
Fails: None where the text doesn't hold a value of that kind; nothing is guessed.
Elsewhere: which piece is the field's (extractors/layout, extractors/papers).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from extractors.confidence import accepts, confirmed, contradicted, doubted, initial
from extractors.layout import Hit, Piece, Span, fold
from extractors.organisations import is_organisation
from models.dates import find_brief_dates, find_dates
from models.field import MOST_OTHERS, Field, Reading
from models.money import Money, find_words, parse_figures, parse_words
from models.numbers import parse_percent, parse_quantity
from models.paper import Kind, kind_of
from models.text import CJK, clean

Parsed = tuple[str, float]  # the contract's value, and how well the text fits the format, 0 to 1

# ---------------------------------------------------------------- one kind, one parser

# what OCR takes for digits and separators inside figures
_FIGURE_FIXES = str.maketrans({"O": "0", "o": "0", "〇": "0", "l": "1", "I": "1", "|": "1", "，": ",", "．": ".", "。": ".", "Y": "¥", "￥": "¥", "丫": "¥"})
_FIGURES_ONLY = re.compile(r"^[¥]?(?:RMB|CNY|人民币)?[¥]?-?[\d,.]+(?:万|万元|元|亿元)?整?$")
_DOTTED_THOUSANDS = re.compile(r"^(\d{1,3})((?:\.\d{3})+|(?:,\d{3})+(?=[.,]\d{1,2}$)|(?:[.,]\d{3})+(?=[.,]\d{1,2}$))([.,]\d{1,2})?$")
_BROKEN_FIGURE = re.compile(r"\d[^\d.,%元万亿千百角分()（）:：~至\-—–=+×xX*/;；、整¥大小写人民币合计共]{1,2}\d")  # a character misread in the midst of figures
_MONEY_TEXT = re.compile(r"^(?:人民币|RMB|CNY|小写|大写|[¥()（）:：,，.\d万元亿整正%\-]|[零壹贰叁肆伍陆柒捌玖拾佰仟圆角分])+$")

_FILLED_UP = re.compile(r"(?<![\dA-Za-z*])[*※]+(?=[¥￥\d])|(?<=[RMBCNY])[*※]+(?=[¥￥\d])|(?<=\d)[*※]{2,}$")  # ¥**1,234.00: stars where a figure could be added


def repaired_figures(text: str) -> tuple[str, float]:
    """Figures with what OCR commonly makes of them put right (O for 0, 1.234.567,00), and 1 where nothing had to be, less where it had."""
    folded = _FILLED_UP.sub("", fold(text)[0])
    fit = 1.0
    if re.search(r"[OoIl|〇]", folded) and not re.search(r"[A-Za-z]{2}", re.sub(r"RMB|CNY", "", folded)):
        fixed = folded.translate(_FIGURE_FIXES)
        if _FIGURES_ONLY.match(fixed):
            folded, fit = fixed, 0.8
    number = re.search(r"\d[\d.,]*\d", folded)
    if number and number[0].count(".") + number[0].count(",") > 1:
        dotted = _DOTTED_THOUSANDS.match(number[0])
        if dotted and ("." in dotted[2] or "," in (dotted[3] or "")):
            whole = dotted[1] + re.sub(r"[.,]", "", dotted[2])
            decimals = "." + dotted[3][1:] if dotted[3] else ""
            folded, fit = folded.replace(number[0], whole + decimals), min(fit, 0.85)
        stray = re.fullmatch(r"(\d{1,3}(?:,\d{3})+\.\d\d)\d", number[0])  # a speck read as a digit more
        if stray:
            folded, fit = folded.replace(number[0], stray[1]), 0.5
    return folded, fit


_COMMA_AS_POINT = re.compile(r"(?<![\d.,])([1-9]\d{0,2})\.000(?![\d.,万亿]|千元|百万)")  # 687.000元: money has two decimals, so that was 687,000


def read_money(text: str, unit: str = "") -> tuple[Money, float] | None:
    """An amount from figures, else from words (大写), and how well the text fits. unit: the label's, where the figures name none."""
    folded, fit = repaired_figures(text)
    if _COMMA_AS_POINT.search(folded):
        folded, fit = _COMMA_AS_POINT.sub(r"\1,000", folded), min(fit, 0.85)
    figures = parse_figures(folded, unit if unit in ("千元", "万元", "百万元", "亿元") else "")
    words = parse_words(folded)
    if figures is not None:
        return figures, fit * (1.0 if _MONEY_TEXT.match(folded) else 0.25 if _BROKEN_FIGURE.search(folded) else 0.9)
    if words is not None:
        return words, fit * (1.0 if len(find_words(folded) or "") >= len(folded) - 8 else 0.9)
    return None


_DATED = re.compile(r"\d年|\d月|\d日|\d{4}-\d{1,2}-\d")
_RATE_FIRST = re.compile(r"\D*[\d.,]+(?:‰|%[0oOº°]?)(?=.*\d)")
_RATE_ALONE = re.compile(r"[\d.,]+[%‰]")


def _money(text: str, unit: str) -> Parsed | None:
    folded = fold(text)[0]
    if _DATED.search(folded) or _RATE_ALONE.fullmatch(folded):
        return None
    if (rated := _RATE_FIRST.match(folded)):  # 按责任限额的26‰计算，为271,050.00元
        text = folded[rated.end() :]
    read = read_money(text, unit)
    return (read[0].value, read[1]) if read else None


def _percent(text: str, unit: str) -> Parsed | None:
    folded, fit = repaired_figures(text)
    if unit == "‰" and not re.search(r"[%‰]|百分之|千分之", folded):
        folded += "‰"
    value = parse_percent(folded)
    if value is None:
        return None
    return value, fit * (1.0 if re.fullmatch(r"(?:百分之|千分之)?[\d.零一二三四五六七八九十点]+[%‰]?", folded) else 0.88)


_CLOCK = re.compile(r"^(?:\d{1,2}|零|二十四|十二)[时点:](?:\d{1,2}[分:]?(?:\d{1,2}(?:\.\d+)?秒?)?)?")


_BRIEF = 0.85  # how well 20.3.5 fits a date: nobody need see it where other papers say the same day


def _date(text: str, unit: str) -> Parsed | None:
    folded = fold(text)[0]
    found = find_dates(text)
    if not found:
        brief = find_brief_dates(text)
        return (brief[0].value, _BRIEF) if len(brief) == 1 and len(folded) <= 14 else None
    rest = folded[: found[0].start] + _CLOCK.sub("", folded[found[0].end :], count=1)
    return found[0].value, 1.0 if len(rest) <= 4 else 0.92


def _quantity(text: str, unit: str) -> Parsed | None:
    folded, fit = repaired_figures(text)
    value = None if _DATED.search(folded) else parse_quantity(folded)
    if value is None:
        return None
    return value, fit * (1.0 if re.fullmatch(rf"-?[\d,.]+(?:[A-Za-z{CJK}/（）()]{{0,6}})", folded) else 0.88)


_NAME_TAIL = re.compile(r"[（(](?:盖章|公章|签章|签字|签名|盖公章|章|以下简称.*)[)）]?$|(?:盖章|签章)[:：]?$")


def _name(text: str, unit: str) -> Parsed | None:
    value = clean(text).strip(":：;；,，。、.·-—_*")
    value = _NAME_TAIL.sub("", value).strip(":：;；,，。、")
    if len(value) < 2 or not re.search(rf"[{CJK}A-Za-z]", value):
        return None
    return value, 1.0 if is_organisation(value) else 0.85


_CHECK_CODE = re.compile(r"(?<=[A-Za-z0-9号])(?:查验码|查询码|验证码|校验码|防伪码|真伪码)[:：]?[A-Za-z0-9\-]*$")  # that stands behind a number in its line


def _number(text: str, unit: str) -> Parsed | None:
    value = _CHECK_CODE.sub("", re.sub(r"[—–－―‐]", "-", clean(text)).replace(" ", "")).strip(":：;；,，。、.-_*")
    if len(value) < 2 or not re.search(r"\d", value):
        return None
    return value, 1.0 if re.fullmatch(rf"[A-Za-z0-9{CJK}（）()\[\]〔〕【】\-/_.+转#]+", value) else 0.85


def _text(text: str, unit: str) -> Parsed | None:
    value = clean(text).strip(":：;；,，、_")
    return (value, 1.0) if value else None


_PARSERS: dict[Kind, Callable[[str, str], Parsed | None]] = {
    Kind.MONEY: _money,
    Kind.PERCENT: _percent,
    Kind.DATE: _date,
    Kind.QUANTITY: _quantity,
    Kind.NAME: _name,
    Kind.NUMBER: _number,
    Kind.TEXT: _text,
}


def parse(kind: Kind, text: str, unit: str = "") -> Parsed | None:
    """The contract's value of a text of this kind and how well the text fits, None where it holds none. Yes/no is not read from a text alone."""
    parser = _PARSERS.get(kind)
    return parser(text, unit) if parser and text else None


# ---------------------------------------------------------------- fields

WEAK, MOST_WEAK = 0.97, 6  # characters read with less are told, this many of a value
_MIXED = 0.86  # letters that pass for digits (or for each other) in a number, read with a trace of doubt
_LOOKALIKE = {**dict.fromkeys("OQDIL", 0.97), **dict.fromkeys("SBZG", 0.93)}  # letter -> how sure it must be
_SANDWICHED = re.compile(r"[A-Za-z][0158][A-Za-z]|^[0158][A-Za-z]{2}")  # P0ZB: more likely a letter


def _confusable(span: Span) -> bool:
    """Whether a letter stands there that is easily read for another sign, and the reading of it wasn't quite sure."""
    return any(c in _LOOKALIKE and span.line.certainty(span.start + i, span.start + i + 1) < _LOOKALIKE[c] for i, c in enumerate(span.text))


MISSHAPEN = 0.5  # fit of what has more of its sentence with it
_PERSONS = frozenset({"contact_name", "insurer_contact", "legal_representative", "buyer_contact"})
_BARE = frozenset({"product_model", "product_name", "product_type", "insurance_product"}) | _PERSONS  # texts that are no sentences either
_PERSON = re.compile(rf"[{CJK}]{{2,4}}|[{CJK}]{{1,8}}·[{CJK}·]{{1,12}}|[A-Za-z][A-Za-z .'-]+")
_OF_A_SENTENCE = re.compile(r"[,;、。]|^[为是即]|(?<![供响适反])应[在于]|不得|[本贵]公司|已完成|有权")
_REFERS = re.compile(r"^[(]?(?:具体|内容|名称|型号|明细)?(?:详情?见|参见|请见|见(?=[附后背下《清本])|参照(?=[附后背下《清])|同(?=[上前]$)|如(?=附))[\u4e00-\u9fffA-Za-z0-9()《》〈〉“”\"、\-]{1,30}[)]?$|^[(]?(?:以下空白|此栏空白|同上|略|后附|见附)[)]?$")
_OF_ITS_LABEL = re.compile(  # 险种名称某某保险, 及版本某某软件: what is left of a label, or all of it, that ran into its value
    r"^(?:(?:及|和|与|或)(?=名称|全称|型号|规格|版本|简称|编号|号码|单位|地址)|/(?=名称|型号))|^(?:险种|保险产品|投保产品|承保产品|产品|软件|材料|货物|设备|装备|标的物?|企业|单位|公司|机构|证书|合同|保险?单|报告)?(?:名称|全称|编号|号码)[:：]?(?=.{2})"
)


def refers_elsewhere(text: str) -> bool:
    """Whether a text only says where the value stands or that there is none: 详见《某某清单》, 见附件, 以下空白."""
    return bool(_REFERS.match(fold(text)[0]))


_DAY_OF_A_SENTENCE = re.compile(r"(?:19|20)\d\d年\d")  # 于2020年4月12日通过本行向…


def _misshapen(name: str, kind: Kind, text: str) -> bool:
    """Whether a number or a name has a piece of its sentence with it, or is a piece of one: SX4-6090,计1套; (0574-5948; 102020-; or what should be a person's name is none; or a day with another beside it."""
    if kind is Kind.DATE:
        return len({found.value for found in find_dates(text)}) > 1
    if kind not in (Kind.NUMBER, Kind.NAME) and name not in _BARE:
        return False
    folded = fold(text)[0].strip(":;,。、")
    if _OF_ITS_LABEL.match(folded):
        return True
    broken = kind is Kind.NUMBER and bool(re.search(r"^[/_]|[-—–/_]$", folded))  # goes on where it wasn't read: 102020-
    dated = kind is Kind.NAME and bool(_DAY_OF_A_SENTENCE.search(folded))
    return broken or dated or bool(_OF_A_SENTENCE.search(folded)) or folded.count("(") != folded.count(")") or (name in _PERSONS and not _PERSON.fullmatch(folded))


def make_field(
    name: str, piece: Piece | None, unit: str = "", found: float = 1.0, kind: Kind | None = None, value: str | bool | None = None, within: Piece | None = None
) -> Field | None:
    """The field that a piece holds, None where it holds none.

    name: the field's, which decides the kind unless `kind` says otherwise. unit: 万元, ‰ … from the label or the column's heading.
    found: 0 to 1, how surely the piece is this field's (a hit's score). value: where the caller has worked the value out of the piece already.
    within: the text that the piece was cut out of: a doubtful character anywhere in it may have led the cut astray, so it counts for the confidence.
    """
    if piece is None or not piece.spans:
        return None
    kind = kind or kind_of(name)
    if value is None and (kind in (Kind.NAME, Kind.NUMBER) or name in _BARE) and refers_elsewhere(piece.text):
        return None
    parsed = (value, 1.0) if value is not None else parse(kind, piece.text, unit)
    if parsed is None:
        return None
    if _misshapen(name, kind, piece.text):
        parsed = parsed[0], MISSHAPEN * parsed[1]
    characters = min(piece.confidence, within.letter_confidence) if within is not None else piece.confidence
    confidence = initial(characters, found, parsed[1])
    read = Reading(characters=round(characters, 4), place=round(found, 4), fit=round(parsed[1], 4), weak=tuple(piece.doubtful(WEAK)[:MOST_WEAK]), label=piece.via[0], how=piece.via[1])
    if kind is Kind.NUMBER and confidence > _MIXED and (_SANDWICHED.search(piece.folded) or any(_confusable(span) for span in piece.spans)):
        confidence = _MIXED
    made = Field(value=parsed[0], raw=piece.text, confidence=confidence, accepted=accepts(confidence), source=piece.region, read=read)
    return _paired(made) if kind is Kind.NAME else made


_OPEN = re.compile(r"（(集团|控股|中国|浙江|宁波|上海)(?=股份|有限|责任)")
_CLOSED = re.compile(r"(?<![（\w])(集团|控股)）|(?<=\w)(集团|控股)）(?=股份|有限|责任)")


def _paired(name: Field) -> Field:
    """A name whose brackets don't pair has lost one in reading: set right where it is plain where it stood, and left to a person in any case."""
    text = name.text
    opened, closed = text.count("（"), text.count("）")
    if opened == closed:
        return name
    whole = _OPEN.sub(r"（\1）", text) if opened > closed else _CLOSED.sub(lambda m: f"（{m[1] or m[2]}）", text)
    if whole.count("（") != whole.count("）"):
        return doubted(name, "括号不成对")
    return doubted(name.model_copy(update={"value": whole}), f"读作{text}，补上缺失的括号")


def money_of(field: Field | None, unit: str = "") -> Money | None:
    """A money field's amount with the step in which it was printed, so that it can be compared with others."""
    if field is None or field.decimal is None:
        return None
    read = read_money(field.raw, unit)
    if read and read[0].amount == field.decimal:
        return read[0]
    for other in ("万元", "千元"):  # the unit stood in the label
        read = read_money(field.raw, other)
        if read and read[0].amount == field.decimal:
            return read[0]
    return Money(field.decimal)


def choose(name: str, hits: Iterable[Hit], fits: Callable[[Field], bool] | None = None) -> Field | None:
    """The first hit (surest first) whose value can be read as this field and, where asked, `fits`. It knows the hits that it was chosen over."""
    chosen: Field | None = None
    losers: list[tuple[Field, str]] = []
    for hit in (hit for hit in hits if not hit.blank):
        if chosen is not None and len(losers) >= MOST_OTHERS:
            break
        made = make_field(name, hit.piece, hit.unit, hit.score)
        if made is None:
            continue
        if fits is not None and not fits(made):
            losers.append((made, "不像该项应有的内容"))
        elif chosen is None:
            chosen, score = made, hit.score
        elif chosen.text == made.text:
            losers.append((made, "内容相同，已取标签更可靠或位置在前的一处"))
        else:
            losers.append((made, "标签不如所选一处可靠" if hit.score < score - 0.005 else "标签同样可靠，位置在后"))
    return chosen.over(losers) if chosen is not None else None


def vote(name: str, hits: Iterable[Hit], fits: Callable[[Field], bool] | None = None) -> Field | None:
    """Like `choose`, for a fact that a paper may print several times (on every page, say): what most of the hits read, surer where they agree."""
    every = list(hits)
    made = [f for h in [h for h in every if not h.second] or every if not h.blank and (f := make_field(name, h.piece, h.unit, h.score)) is not None and (fits is None or fits(f))]
    if not made:
        return None
    votes = Counter(f.text for f in made)
    most = max(made, key=lambda f: (votes[f.text], f.confidence))
    most = most.over((f, "内容相同，另一处读得更清" if f.text == most.text else f"{len(made)}处中仅{votes[f.text]}处如此") for f in made if f is not most)
    if votes[most.text] > 1 and len(votes) == 1:
        return confirmed(most, "多处一致")
    return most if len(votes) == 1 else doubted(most, "另读作" + "、".join(sorted(v for v in votes if v != most.text)[:3]))


def is_blank_field(hits: Sequence[Hit]) -> bool:
    """Whether the label was found, and at none of its places anything beside it."""
    own = [hit for hit in hits if hit.how != "head"]
    return bool(own) and all(hit.blank for hit in own)


_SAME_YEAR = re.compile(r"[至到\-—–~止](?P<next>次年|翌年|第二年)?(?:同年|当年|本年)?(?P<rest>(?:1[0-2]|0?[1-9])月(?:(?:3[01]|[12]\d|0?[1-9])[日号])?)")


def make_period(piece: Piece | None, found: float = 1.0) -> tuple[Field, Field] | None:
    """First and last day (or month) of a period: 自2020年3月1日零时起至2021年2月28日二十四时止. None where there are not two dates in order."""
    if piece is None or not piece.spans:
        return None
    folded = piece.folded
    brief = [] if (dates := find_dates(piece.text)) else find_brief_dates(piece.text)
    if not dates and len(brief) != 2:
        return None
    found *= _BRIEF if brief else 1.0
    start, *others = dates or brief
    first = make_field("period_start", piece.between(start.start, start.end), found=found, value=start.value, within=piece)
    if others:
        last = make_field("period_end", piece.between(others[0].start, others[0].end), found=found, value=others[0].value, within=piece)
    else:  # the year isn't repeated: 2020年6月1日至12月31日, or 次年
        short = _SAME_YEAR.search(folded, start.end)
        if not short:
            return None
        year = int(start.value[:4]) + (1 if short["next"] else 0)
        written = find_dates(f"{year}年{short['rest']}")
        last = make_field("period_end", piece.between(*short.span("rest")), found=found * 0.95, value=written[0].value, within=piece) if written else None
    if first is None or last is None:
        return None
    if str(first.value) > str(last.value):
        return contradicted(first, "起始晚于终止"), contradicted(last, "起始晚于终止")
    return first, last


# ---------------------------------------------------------------- checks between fields


def agree_in_words(figures: Field | None, words: Field | None) -> tuple[Field | None, Field | None]:
    """An amount in figures and the same in words (大写): both surer where they agree, both doubtful where they don't."""
    if figures is None or words is None:
        return figures, words
    if figures.decimal is not None and figures.decimal == words.decimal:
        return confirmed(figures, "大小写一致", 0.99), confirmed(words, "大小写一致", 0.99)
    return contradicted(figures, f"大小写不一致：大写为{words.text}", 0.6), contradicted(words, f"大小写不一致：小写为{figures.text}", 0.6)
