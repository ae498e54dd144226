"""VAT invoices (增值税专用发票, 普通发票, 电子发票, 全面数字化的电子发票), whatever was sold.

In:    the pages of one invoice: its sheet, further copies or scans of it, lists of its goods (销货清单).
Out:   `Invoice`: number, date, parties, items, amounts as pieces, with what speaks for each.
Fails: never; what isn't read is absent.
Elsewhere: which fields of the contract these are (sales_invoice.py, premium_invoice.py); other receipts' labels too.

The form's own labels are printed in colour and often lost with the stamps, so most is told by what it looks like and where it stands:
above the table of goods, in it, below it. The form is fixed by the tax administration; the order of its columns is the same on all kinds.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median

from extractors.amounts import Figure, agree, net_of, read_figures
from extractors.confidence import CONFIRMED, confirmed, contradicted, doubted
from extractors.fields import WEAK, choose, make_field
from extractors.layout import NOTHING, Piece, Span, label_values
from extractors.organisations import NOT_ORGANISATION, ORGANISATION, checked, whole_name
from extractors.papers.base import Extracted, present
from extractors.papers.invoice_code import find_code
from extractors.rows import GAP, Row, find_label, found, one_to_one, rows_of, spans_of
from models.dates import parse_date
from models.field import Field
from models.money import find_words, parse_words, yuan
from models.numbers import plain
from models.page import Page
from models.paper import Kind, kind_of

HEADINGS: Mapping[str, Sequence[str]] = {
    "name": ("货物或应税劳务、服务名称", "货物或应税劳务名称", "货物(劳务)名称", "应税货物或劳务名称", "项目名称", "服务名称", "商品名称", "品名", "货物名称", "项目"),
    "model": ("规格型号", "规格、型号", "型号规格", "型号"),
    "unit": ("计量单位", "单位"),
    "quantity": ("数量",),
    "price": ("单价",),
    "amount": ("金额",),
    "rate": ("税率/征收率", "税率", "征收率"),
    "tax": ("税额",),
}
TOTAL_LABELS = ("价税合计（大写）", "价税合计(大写)", "价税合计", "合计金额（大写）", "金额合计（大写）", "合计（大写）", "（大写）", "(大写)")
SMALL_LABELS = ("（小写）", "(小写)", "小写")
LIST_TITLE = re.compile(r"销货清单|销售货物或者提供应税劳务.*清单|应税劳务、服务清单|货物清单|^清单$")
SEE_LIST = re.compile(r"[(（]?详见.{0,6}清单[)）]?")
CATEGORY = re.compile(r"^[*＊★☆※xX#](?P<category>[^*＊]{1,14})[*＊★](?P<rest>.+)$|^[*＊](?P<rest2>[^*＊]+)$", re.S)
_LATE_CATEGORY = re.compile(r"^[^*＊]{1,30}[*＊][\u4e00-\u9fff、]{2,14}[*＊](?P<rest>[^*＊]+)$", re.S)
_NUMBER = re.compile(r"(?<![\dA-Za-z\-—–])(?:N\s?[o0°º.]{0,2}|№)?[.:：\s]{0,2}(?P<v>\d{8}|\d{20})(?!\d)(?!\s*年)")
_LABELLED_NUMBER = re.compile(r"(?:发\s?票\s?号\s?码|票据号码|发票号|号\s?码|N\s?[o0°º]|№)\s*[.:：]?\s*(?P<v>\d{20}|\d{8})(?!\d)")
_CHECK_CODE = re.compile(r"校\s*验\s*码?|机器编号|密码|代\s*码")
_DATE = re.compile(r"(?P<v>(?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日?|(?:19|20)\d\d\s*[-./]\s*\d{1,2}\s*[-./]\s*\d{1,2}(?!\d))")
_NAME = re.compile(
    rf"(?P<side>购|销|买|卖|付款|收款)?[{GAP}\s]*(?:[买售购货方单位人款]{{0,3}})[{GAP}\s]*(?:信息|名)?[{GAP}\s]*(?:名[{GAP}\s]*称|户[{GAP}\s]*名)[{GAP}\s]*[:：;；.]?[{GAP}\s]*(?P<v>[^{GAP}\s:：][^{GAP}:：]*)"
)
_SIDE = re.compile(r"(?P<buyer>购\s?买?\s?方|购货|购方|买方|付款(?:单位|方|人))|(?P<seller>销\s?售?\s?方|销货|销方|卖方|收款(?:单位|方))")
_BARE_SIDE = re.compile(r"(?:购|销|买|卖|付款|收款)[买售货单位方人]{0,3}(?:信息|名称|全称)?[:：]?")
_TAX_CODE = re.compile(r"(?<![0-9A-Z])(?=[0-9A-Z]*\d{6})[0-9A-Z]{15}(?:[0-9A-Z]{3}|[0-9A-Z]{5})?(?![0-9A-Z])")
_RATE = re.compile(r"^(?:\d{1,2}(?:\.\d)?\s*[%％]|免\s*税|不征税|出口零税率|普通零税率|[*＊]{1,3})$")
_MONEY = re.compile(r"^[-−－]?\s*[¥￥Y]?\s*[-−－]?[\d,，.。OoIl ]*\d[.。,，·]\d{2}$")
_PLAIN = re.compile(r"^[-−－]?[\d,，]*\d(?:[.。]\d+)?$")
_NEGATIVE_WORDS = re.compile(r"负数|^负|[(（]负")
UNITS_OF_GOODS = frozenset("台套件个批吨项次份组条米片把辆艘支只根张块卷箱桶瓶袋盒座架部门间位千克公斤克升年月期宗对副樘株头尾栋幢") | {"平方米", "立方米", "台套", "台/套"}


@dataclass(frozen=True)
class Item:
    """A row of goods. name: without its tax category; figures as decimals, None where not read; derived: quantity worked out from price and amount."""

    name: Piece = NOTHING
    category: str = ""
    model: Piece = NOTHING
    unit: str = ""
    quantity: Decimal | None = None
    price: Decimal | None = None
    amount: Decimal | None = None
    tax: Decimal | None = None
    pieces: Mapping[str, Piece] = field(default_factory=dict)
    derived: bool = False
    checked: bool = False  # quantity × price = amount


@dataclass(frozen=True)
class Read:
    """A value and what speaks for it. support: independent printings that agree (1: itself only). check: None where there was none to make."""

    value: str
    piece: Piece
    support: int = 1
    check: bool | None = None
    why: tuple[str, ...] = ()
    derived: bool = False
    found: float = 1.0  # how surely the place is the value's own
    others: tuple[tuple[Piece, str, str], ...] = ()  # candidates that lost: where, what, why


@dataclass(frozen=True)
class Invoice:
    """One invoice. facts: by field of the contract. words: the amount in words, where read; small: the total in figures beside it, where another was believed."""

    facts: Mapping[str, Read] = field(default_factory=dict)
    items: tuple[Item, ...] = ()
    words: Read | None = None
    small: Read | None = None


# ---------------------------------------------------------------- one page


@dataclass(frozen=True)
class _Sheet:
    """A page by its zones: rows above the goods, of goods, and below."""

    page: Page
    head: tuple[Row, ...]
    heading: Row | None
    goods: tuple[Row, ...]
    sums: tuple[Row, ...]
    foot: tuple[Row, ...]
    columns: Mapping[str, float]  # middle of each heading found
    is_list: bool

    @property
    def every(self) -> tuple[Row, ...]:
        return (*self.head, *((self.heading,) if self.heading else ()), *self.goods, *self.sums, *self.foot)


def headings_in(row: Row) -> dict[str, float]:
    """Middles of the column headings that a row holds, by name; one misread character is allowed in those of four and more."""
    out: dict[str, float] = {}
    offset = 0
    for span in row.spans:
        text = one_to_one(span.text)
        rest = text
        for name, labels in HEADINGS.items():
            hit = find_label(rest, labels, slack=0.26)
            if hit and name not in out:
                box = span.line.part(span.start + hit[0], span.start + hit[1])
                out[name] = box.cx
                rest = rest[: hit[0]] + " " * (hit[1] - hit[0]) + rest[hit[1] :]
        offset += len(text)
    return out


def _zones(page: Page) -> _Sheet:
    rows = rows_of(spans_of(page))
    is_list = any(LIST_TITLE.search(re.sub(r"\s", "", r.text)) and not SEE_LIST.search(r.text) for r in rows[: max(4, len(rows) // 4)])
    sum_at = next((i for i, r in enumerate(rows) if _is_sum_row(r)), None)
    scored = [(len(headings_in(r)), -i) for i, r in enumerate(rows[:sum_at])]
    best = max(scored, default=(0, 0))
    top = -best[1] if best[0] >= 2 else None
    if top is None:  # headings lost: the first row with a tax rate and an amount begins the goods
        top = next((i - 1 for i, r in enumerate(rows[:sum_at]) if _has_rate(r)), None)
        if top is None:
            return _Sheet(page, tuple(rows[:sum_at]), None, (), tuple(rows[sum_at:sum_at + 2]) if sum_at is not None else (), tuple(rows[sum_at + 2:]) if sum_at is not None else (), {}, is_list)
        return _split(page, rows, top, None, sum_at, {}, is_list)
    columns = headings_in(rows[top])
    for near in (top - 1, top + 1):  # a heading on two baselines
        if 0 <= near < len(rows) and abs(rows[near].cy - rows[top].cy) < 1.2 * rows[top].box.height and not _has_rate(rows[near]):
            more = headings_in(rows[near])
            if more and len(more) * 2 >= len(rows[near].spans):
                columns = {**more, **columns}
    return _split(page, rows, top, rows[top], sum_at, columns, is_list)


def _split(page: Page, rows: Sequence[Row], top: int, heading: Row | None, sum_at: int | None, columns: Mapping[str, float], is_list: bool) -> _Sheet:
    end = sum_at if sum_at is not None else len(rows)
    first_total = next((i for i in range(top + 1, end) if _is_total_row(rows[i])), end)
    first_total = _with_raised_total(rows, top, first_total, end)
    return _Sheet(page, tuple(rows[: max(0, top) if heading else top + 1]), heading, tuple(rows[top + 1 : first_total]), tuple(rows[first_total : min(end + 2, len(rows))]),
                  tuple(rows[min(end + 1, len(rows)) :]), columns, is_list)


def _with_raised_total(rows: Sequence[Row], top: int, first_total: int, end: int) -> int:
    """The row of sums where its label 合计 was lost or stands a little lower: two marked amounts and nothing else."""
    for i in range(top + 1, first_total):
        texts = [one_to_one(s.text).strip() for s in rows[i].spans]
        marked = [t for t in texts if t[:1] in "¥￥" and _MONEY.match(t)]
        if marked and len(marked) >= len(texts) - 1 and i >= end - 3:
            return i
    return first_total


def _is_sum_row(row: Row) -> bool:
    text = row.text
    if find_label(text, TOTAL_LABELS[:3], slack=0.3):
        return True
    if find_words(text) and parse_words(text) is not None and len(find_words(text) or "") >= 3:
        return True
    return bool(find_label(text, SMALL_LABELS[:2]) and read_figures(text))


def _is_total_row(row: Row) -> bool:
    bare = re.sub(r"\s", "", row.text)
    if bare.startswith(("合计", "小计", "总计")):
        return True
    return bare in ("合", "计") or (("合" in bare.split("¥")[0][:3]) and bare.count("¥") >= 1)


def _has_rate(row: Row) -> bool:
    texts = [one_to_one(s.text).strip() for s in row.spans]
    return any(_RATE.match(t) for t in texts) and any(_MONEY.match(t) for t in texts)


# ---------------------------------------------------------------- number, date


def _number(sheet: _Sheet) -> Read | None:
    """The number: labelled, printed twice, larger than the rest, or in the QR code; never a code, a check code or a date."""
    zone = [r for r in sheet.head if not _cipher(r.text)] or list(sheet.every)
    labelled = {p.folded[-20:] if len(p.folded) >= 20 else p.folded[-8:] for p in found(zone, _LABELLED_NUMBER)}
    candidates: dict[str, list[Piece]] = {}
    for row in zone:
        for m in _NUMBER.finditer(row.text):
            before = row.text[: m.start("v")].split(GAP)[-1]
            if _CHECK_CODE.search(before[-8:]) or parse_tax_code(row.text, m.start("v")):
                continue
            candidates.setdefault(m["v"], []).append(row.piece(*m.span("v")))
    coded = find_code(sheet.page.codes)
    heights = [s.line.box.height for r in zone for s in r.spans]
    usual = median(heights) if heights else 0.0

    def score(number: str) -> float:
        places = candidates[number]
        large = max(p.box.height for p in places) > 1.15 * usual
        return 4 * (coded is not None and number == coded.number) + 3 * (number in labelled) + (len(places) > 1) + large + 2 * (len(number) == 20) - 2 * (parse_date(number) is not None)

    if not candidates:
        return None
    best = max(candidates, key=score)
    places = candidates[best]
    piece = max(places, key=lambda p: p.confidence)
    others = tuple((candidates[n][0], n, "不如所选一处像发票号码（标签、字号、二维码）") for n in candidates if n != best)
    placed = 1.0 if score(best) >= 1 else 0.8
    if coded is not None and best != coded.number:
        misread = next((n for n in sorted(candidates, key=score, reverse=True) if _near(n, coded.number) and _doubtful(candidates[n][0])), None)
        if misread is not None:
            return Read(coded.number, candidates[misread][0], 1, True, (f"据发票二维码更正，印刷读作{misread}",), others=others)
        return Read(best, piece, 1, False, (f"与发票二维码不一致：二维码为{coded.number}",), found=placed, others=others)
    agreed = coded is not None
    rivals = [n for n in candidates if n != best and _near(n, best)]
    why = (("发票二维码一致",) if agreed else ()) + (("两处印刷不一致",) if rivals and not agreed else ())
    return Read(best, piece, len(places) + agreed, True if agreed else False if rivals else None, why, found=placed, others=others)


def _doubtful(piece: Piece) -> bool:
    """Whether print that a code contradicts may be misread; where it was read for sure the paper itself is at odds with its code, for a person to see."""
    return piece.confidence < WEAK


def _near(a: str, b: str) -> bool:
    """Whether two numbers are one number, one of them misread."""
    return len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) <= 2


def parse_tax_code(text: str, at: int) -> bool:
    """Whether the digits at this offset belong to a taxpayer's code."""
    return any(m.start() <= at < m.end() and len(m[0]) < 20 for m in _TAX_CODE.finditer(text))


def _cipher(text: str) -> bool:
    return len(re.findall(r"[<>*/+]", text)) >= 4


def _date(sheet: _Sheet) -> Read | None:
    coded = find_code(sheet.page.codes)
    day = coded.day if coded else ""
    pieces = [(p, v) for p in found([*sheet.head, *sheet.foot], _DATE) if (v := parse_date(p.text)) and len(v) == 10]
    if not pieces:
        return None
    labelled = [(p, v) for p, v in pieces if _labelled_date(sheet, p)]
    piece, value = next((x for x in pieces if x[1] == day), (labelled or pieces)[0])
    others = tuple((p, v, "不在开票日期标签处" if labelled else "位置在后") for p, v in pieces if v != value)
    if not day:
        return Read(value, piece, others=others)
    if value == day:
        return Read(value, piece, 2, True, ("发票二维码一致",), others=others)
    if _near(value, day) and _doubtful(piece):
        return Read(day, piece, 1, True, (f"据发票二维码更正，印刷读作{value}",), others=others)
    return Read(value, piece, 1, False, (f"与发票二维码不一致：二维码为{day}",), others=others)


def _labelled_date(sheet: _Sheet, piece: Piece) -> bool:
    line = piece.spans[0].line
    row = next((r for r in (*sheet.head, *sheet.foot) if any(s.line is line for s in r.spans)), None)
    return bool(row and find_label(row.text, ("开票日期", "填开日期", "开具日期"), slack=0.3))


# ---------------------------------------------------------------- parties


def _parties(sheet: _Sheet) -> tuple[Read | None, Read | None]:
    """Buyer and seller: by their labels 名称, by the tax code that stands below a name, or by looking like an organisation's name.

    Paper forms have the buyer above the goods and the seller below; fully digital ones both above, the buyer to the left.
    """
    above, below = _names(sheet.head), _names(sheet.foot or sheet.sums)
    if not below and len(above) >= 2:
        rows = sorted(above, key=lambda n: (round(n[0].box.cy, 2), n[0].box.x0))
        buyer, seller = _by_side(rows)
    else:
        buyer, seller = (above[0] if above else None), (below[0] if below else None)
    return _named(buyer), _named(seller)


_Name = tuple[Piece, float, str]  # the name, how surely it is one (0 to 1), the side its row names


def _by_side(names: Sequence[_Name]) -> tuple[_Name | None, _Name | None]:
    buyers, sellers = [n for n in names if n[2] == "buyer"], [n for n in names if n[2] == "seller"]
    if buyers and sellers:
        return buyers[0], sellers[0]
    first = max(names, key=lambda n: n[1])
    others = [n for n in names if n is not first and n[0].folded != first[0].folded]
    if not others:
        return first, None
    second = max(others, key=lambda n: n[1])
    level = abs(first[0].box.cy - second[0].box.cy) < max(first[0].box.height, second[0].box.height)
    left, right = sorted((first, second), key=lambda n: n[0].box.x0 if level else n[0].box.cy)
    return left, right


def _named(name: _Name | None) -> Read | None:
    if name is None:
        return None
    piece, sure = whole_name(name[0]), name[1]
    return Read(piece.folded, piece, 1, None, () if sure >= 0.6 else ("名称标签未读出",), found=1.0 if sure >= 0.65 else 0.85)


def _names(rows: Sequence[Row]) -> list[_Name]:
    """Names of organisations in these rows, surest first and then from the top, left."""
    out: list[_Name] = []
    codes = [(s.line.box, m) for r in rows for s in r.spans for m in [_TAX_CODE.search(one_to_one(s.text).replace(" ", ""))] if m]
    heading = ""  # the side that the row above names, where it names nothing else: 销售方名称：
    for row in rows:
        if _is_total_row(row) or _is_sum_row(row):
            continue
        above, heading = heading, ""
        sides = [m.lastgroup or "" for m in _SIDE.finditer(re.sub(r"\s", "", row.text))]
        if len(sides) == 1 and _BARE_SIDE.fullmatch(re.sub(r"\s", "", row.text)):
            heading = sides[0]
            continue
        taken: list[Span] = []
        for n, m in enumerate(_NAME.finditer(row.text)):
            piece = row.piece(*m.span("v"))
            if piece and _plausible(piece.folded):
                side = "buyer" if m["side"] in ("购", "买", "付款") else "seller" if m["side"] in ("销", "卖", "收款") else sides[n] if n < len(sides) else ""
                out.append((piece, 1.0 if ORGANISATION.match(piece.folded) else 0.7, side))
                taken += piece.spans
        for span in row.spans:
            if any(t.line is span.line for t in taken):
                continue
            text = one_to_one(span.text)
            value = Piece((span,)).stripped()
            label = re.match(r"^.{0,6}?称\s*[:：]\s*", text)
            if label:
                value = Piece((span,))[label.end() :].stripped()
            if ORGANISATION.match(value.folded) and not NOT_ORGANISATION.search(value.folded):
                box = span.line.box
                coded = any(0 < c.cy - box.cy < 2.8 * box.height and c.x0 < box.x1 and c.x1 > box.x0 for c, _ in codes)
                out.append((value, 0.65 if coded or label or above else 0.4, above))
    return sorted(out, key=lambda n: (-n[1], n[0].box.cy, n[0].box.x0))


def _plausible(name: str) -> bool:
    return (len(re.findall(r"[\u4e00-\u9fff]", name)) >= 2 and not _cipher(name) and not NOT_ORGANISATION.search(name)) or bool(re.fullmatch(r"[A-Za-z][A-Za-z .,&()-]{3,}", name))


# ---------------------------------------------------------------- goods


def _items(sheet: _Sheet) -> list[Item]:
    """Rows of goods: each begins where an amount stands; text without amounts goes on in the row that it wraps from."""
    name_until = sheet.columns.get("name")
    rows: list[tuple[list[Span], list[Span]]] = []  # figures' row, wrapped text
    lead: list[Span] = []
    for n, row in enumerate(sheet.goods):
        if _has_amount(row):
            rows.append((list(row.spans), lead if not _begins(row, name_until) else []))
            lead = []
        elif not rows or (_begins(row, name_until) and n + 1 < len(sheet.goods) and _has_amount(sheet.goods[n + 1]) and not _begins(sheet.goods[n + 1], name_until)):
            lead = [*lead, *row.spans]
        else:
            rows[-1][1].extend(row.spans)
    border = _border(sheet)
    return [item for spans, wrapped in rows if (item := _item(spans, wrapped, sheet.columns, border))]


def _border(sheet: _Sheet) -> float | None:
    """Where the column of names ends: a ruled border, else as far right of its heading's middle as the names begin left of it."""
    middle = sheet.columns.get("name")
    if middle is None or not sheet.goods:
        return None
    y = sheet.goods[0].cy
    ruled = [c.box.x1 for c in sheet.page.cells if c.box.contains(middle, y) and c.box.width < 0.5]
    if ruled:
        return min(ruled)
    starts = [r.spans[0].line.box.x0 for r in sheet.goods if r.spans[0].line.box.x0 < middle]
    return 2 * middle - min(starts) if starts else None


def _has_amount(row: Row) -> bool:
    return any(_MONEY.match(one_to_one(s.text).strip()) for s in row.spans) or any(_GLUED.search(one_to_one(s.text)) for s in row.spans)


def _begins(row: Row, name_until: float | None) -> bool:
    first = row.spans[0]
    return bool(CATEGORY.match(one_to_one(first.text).strip())) and (name_until is None or first.line.box.x0 < name_until)


_GLUED = re.compile(r"[\d,]+[.]\d{2}\s+(?:\d{1,2}%|免税|\*+)?\s*[\d,]+[.]\d{2}|[\d,]+[.]\d{2}\s*\d{1,2}%")


_SPLIT = re.compile(r"\s+|(?<=%)(?=\d)|(?<=\d\d)(?=\d{1,2}%)")


def _item(spans: Sequence[Span], wrapped: Sequence[Span], columns: Mapping[str, float], border: float | None) -> Item | None:
    """One row of goods from its stretches; columns by their fixed order from the right: tax, rate, amount, price, quantity, unit."""
    cells: list[Piece] = []
    for span in sorted(spans, key=lambda s: s.line.box.x0):
        cells += _cells(span, border)
    figures = [i for i, c in enumerate(cells) if _MONEY.match(_text(c)) or _PLAIN.match(_text(c)) or _RATE.match(_text(c))]
    roles = _roles(cells, figures, columns)
    amount = _decimal(cells[roles["amount"]]) if "amount" in roles else None
    if amount is None:
        return None
    price = _decimal(cells[roles["price"]]) if "price" in roles else None
    quantity = _decimal(cells[roles["quantity"]]) if "quantity" in roles else None
    left = min((i for k, i in roles.items() if k in ("quantity", "price", "amount")), default=len(cells))
    texts = [i for i in range(left) if i not in roles.values()]
    unit = next((i for i in reversed(texts) if _text(cells[i]) in UNITS_OF_GOODS and i > 0), None)
    texts = [i for i in texts if i != unit]
    name_cells, model_cells = _name_and_model([cells[i] for i in texts], columns)
    more_name, more_model = _name_and_model([c for s in wrapped for c in _cells(s, border)], columns, wrapped=True, known=name_cells)
    if name_cells and more_name and CATEGORY.match(_text(more_name[0])) and not CATEGORY.match(_text(name_cells[0])):  # the name begins above its row of figures
        latin = [c for c in name_cells if not _CHINESE.search(_text(c))]
        name_cells, model_cells = [c for c in name_cells if c not in latin], [*latin, *model_cells]
    figures_at, height = median(c.box.cy for c in cells), median(c.box.height for c in cells)
    name, category = without_category(_joined(_downwards(name_cells, more_name, figures_at - 0.4 * height)))
    model = _joined(_downwards(model_cells, more_model, figures_at - 0.4 * height))
    derived = False
    if quantity is None and price and amount and _whole(amount / price):
        quantity, derived = Decimal(round(amount / price)), True
    checked = bool(quantity and price and _product_fits(quantity, price, amount))
    pieces = {k: cells[i] for k, i in roles.items()}
    if derived:
        pieces["quantity"] = cells[roles["price"]]
    return Item(name, category, model, _text(cells[unit]) if unit is not None else "", quantity, price, amount,
                _decimal(cells[roles["tax"]]) if "tax" in roles else None, pieces, derived, checked and not derived)


def _downwards(own: Sequence[Piece], wrapped: Sequence[Piece], y: float) -> list[Piece]:
    """The parts of a wrapped cell from top to bottom. own: those in the row of figures; what stands above y precedes them."""
    return [*(c for c in wrapped if c.box.cy < y), *own, *(c for c in wrapped if c.box.cy >= y)]


_CHINESE = re.compile(r"[\u4e00-\u9fff]{2}")
_MODEL_TAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-/.×*φΦ()（）]*$")


def _cells(span: Span, border: float | None) -> list[Piece]:
    """A stretch cut where recognition glued columns together: a model to the name before it, figures to each other."""
    text = one_to_one(span.text)
    whole = Piece((span,))
    if re.search(r"[\u4e00-\u9fff]{3}", text) or not re.search(r"\d\s+\d|%\s*\d|\d\s+\d{1,2}%|\d\d\d{1,2}%", text):
        tail = _MODEL_TAIL.search(text)
        box = span.line.box
        if tail and tail.start() > 1 and border is not None and box.x0 < border < box.x1:
            width = box.width / sum(2 if ord(c) > 0x2E80 else 1 for c in text)  # of half a character
            starts = span.line.part(span.start + tail.start(), span.start + tail.end()).x0 if span.line.xs else box.x1 - width * len(tail[0])
            if abs(starts - border) < 4 * width:
                return [whole[: tail.start()].stripped(" \t"), whole[tail.start() :].stripped(" \t")]
        return [whole.stripped(" \t")]
    out, at = [], 0
    for m in _SPLIT.finditer(text):
        if m.start() > at:
            out.append(whole[at : m.start()])
        at = m.end()
    out.append(whole[at:])
    return [p for p in out if p]


def _text(piece: Piece) -> str:
    return re.sub(r"\s+", "", one_to_one(piece.text))


def _decimal(piece: Piece) -> Decimal | None:
    figures = read_figures(one_to_one(piece.text))
    return figures[0].amount if len(figures) == 1 else None


def _whole(number: Decimal) -> bool:
    return abs(number) >= 1 and abs(number - round(number)) < Decimal("0.0005") * max(Decimal(1), abs(number) / 100)


def _product_fits(quantity: Decimal, price: Decimal, amount: Decimal) -> bool:
    """Whether quantity × price is the amount: the price may be rounded to its last printed digit, the amount to a cent."""
    exponent = price.as_tuple().exponent
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    return abs(quantity * price - amount) <= abs(quantity) * step / 2 + Decimal("0.01")


def _roles(cells: Sequence[Piece], figures: Sequence[int], columns: Mapping[str, float]) -> dict[str, int]:
    """Which cell holds which figure. From the right: tax, rate, amount, price, quantity; of those that fit the order, arithmetic and headings decide."""
    rate = next((i for i in reversed(figures) if _RATE.match(_text(cells[i]))), None)
    out: dict[str, int] = {}
    if rate is not None:
        out["rate"] = rate
        after = [i for i in figures if i > rate]
        if after:
            out["tax"] = after[-1]
        before = [i for i in figures if i < rate and not _RATE.match(_text(cells[i]))]
    else:
        before = [i for i in figures if not _RATE.match(_text(cells[i]))]
        money = [i for i in before if _MONEY.match(_text(cells[i]))]
        if len(money) >= 2 and _nearest(cells[money[-1]], columns, ("amount", "tax", "price")) == "tax":
            out["tax"] = money[-1]
            before = [i for i in before if i < money[-1]]
    if not before:
        return out
    out["amount"] = before[-1]
    rest = before[:-1][-3:]
    amount = _decimal(cells[out["amount"]])
    best: tuple[float, dict[str, int]] = (-1.0, {})
    turned = columns.get("price", 1.0) < columns.get("quantity", 0.0)  # 单价 before 数量
    for p in [None, *rest]:
        for q in [None, *rest]:
            if (p is not None and q is not None and (q == p or (q > p) is not turned)) or (p is None and q is None):
                continue
            trial = {k: v for k, v in (("price", p), ("quantity", q)) if v is not None}
            fit = sum(_nearest(cells[v], columns, ("model", "unit", "quantity", "price", "amount")) == k for k, v in trial.items()) * 2.0
            fit += sum(0.6 if bool(_MONEY.match(_text(cells[v]))) == (k == "price") else -0.6 for k, v in trial.items())
            if p is not None and q is not None:
                price, quantity = _decimal(cells[p]), _decimal(cells[q])
                if price and quantity and amount and _product_fits(quantity, price, amount):
                    fit += 4
                fit += 0.1
            elif p is not None and agree(_decimal(cells[p]), amount):  # one piece: its price is the amount
                fit += 2
            best = max(best, (fit, trial), key=lambda b: b[0])
    return {**out, **(best[1] if best[0] > 0 else {})}


def _nearest(piece: Piece, columns: Mapping[str, float], names: Iterable[str]) -> str:
    """The heading nearest to a cell's middle among those found."""
    near = [(abs(piece.box.cx - columns[n]), n) for n in names if n in columns]
    return min(near)[1] if near else ""


def _name_and_model(cells: Sequence[Piece], columns: Mapping[str, float], wrapped: bool = False, known: Sequence[Piece] = ()) -> tuple[list[Piece], list[Piece]]:
    """Text cells of a row told apart: what begins left of the first heading's middle is the name, the rest the model."""
    if not cells:
        return [], []
    border = columns.get("name")
    if border is None:
        border = min((p.box.x0 for p in known), default=cells[0].box.x0) + 0.05
    names = [c for c in cells if c.box.x0 < border]
    models = [c for c in cells if c.box.x0 >= border and _nearest(c, columns, ("name", "model", "unit", "quantity", "price")) in ("", "name", "model")]
    if not names and not wrapped:
        names, models = models[:1], models[1:]
    return names, models


def _joined(pieces: Sequence[Piece]) -> Piece:
    out = NOTHING
    for p in pieces:
        out = out + p
    return out


def without_category(name: Piece) -> tuple[Piece, str]:
    """A name of goods without its tax category: *起重机械*船用伸缩臂起重机 -> 船用伸缩臂起重机, 起重机械. Misread or lost first asterisks are allowed for."""
    text = one_to_one(name.text)
    m = CATEGORY.match(text)
    if m and not m["rest"]:  # the second asterisk was lost: where the category ends can't be told
        return name[m.start("rest2") :].stripped(), "?"
    if m:
        start, category = (m.start("rest"), m["category"]) if m["rest"] else (m.start("rest2"), "?")
        return name[start:].stripped(), re.sub(r"\s", "", category)
    late = _LATE_CATEGORY.match(text)
    if late:  # something foreign before it: the end of the column beside, a number
        return name[late.start("rest") :].stripped(), "?"
    inner = re.match(r"^(?P<category>[\u4e00-\u9fff、]{2,12})[*＊](?P<rest>.+)$", text, re.S)
    if inner:
        return name[inner.start("rest") :].stripped(), inner["category"]
    return name.stripped(), ""


# ---------------------------------------------------------------- amounts

_WORDS_CUT = re.compile(r"[零壹贰叁肆伍陆柒捌玖拾佰仟万亿圆元角]$")  # an amount in words that doesn't end as it should, in 整 or 分
_END_OF_WORDS = re.compile(r"[零壹贰叁肆伍陆柒捌玖拾佰仟万亿圆元角分]{0,12}[圆元角分][整正]?|[整正]")


def _with_end_of_words(row: Row, rows: Sequence[Row]) -> Row:
    """A row whose amount in words goes on in the row below it, that row's end of it included: …壹拾捌圆贰角 / 陆分."""
    if not find_words(row.text) or not _WORDS_CUT.search(row.text):
        return row
    height = median(s.line.box.height for s in row.spans)
    below = min((r for r in rows if 0.5 * height < r.cy - row.cy < 2.2 * height), key=lambda r: r.cy, default=None)
    if below is None or not _END_OF_WORDS.fullmatch(below.text.strip()) or parse_words(row.text.strip() + below.text.strip()) is None:
        return row
    return Row((*row.spans, *below.spans))


def _amounts(sheet: _Sheet, items: Sequence[Item]) -> tuple[dict[str, Read], Read | None, Read | None]:
    """金额, 税额, 价税合计 and the amount in words: each from all its printings, chosen so that they add up; and the figures beside the words where they aren't the total."""
    nets, taxes, totals = _Printings(), _Printings(), _Printings()
    words: Read | None = None
    beside: Read | None = None
    small = big = None
    for row in (_with_end_of_words(row, sheet.every) for row in sheet.sums):
        text = row.text
        spelled = find_words(text)
        spoken_value = parse_words(text) if spelled else None
        if spoken_value is not None:
            start = min((text.find(c) for c in spelled or "" if c in text), default=0)
            piece = row.piece(start, len(text)).search(re.escape(spelled or ""))
            amount = -spoken_value.amount if _NEGATIVE_WORDS.search(text) else spoken_value.amount
            words = Read(str(amount), piece or row.whole)
            big = amount
            totals.add(amount, piece or row.whole)
        if spoken_value is not None or _is_sum_row(row):
            label = find_label(text, SMALL_LABELS)
            for f in read_figures(text)[::-1]:
                if f.decimals == 2 and (not label or f.start >= label[0]):
                    small = f.amount
                    beside = Read(str(small), row.piece(f.start, f.end))
                    totals.add(f.amount, row.piece(f.start, f.end), first=True)
            continue
        for cell, f in _figure_cells(row):
            if f.decimals != 2:
                continue
            where = _nearest(cell, sheet.columns, ("amount", "tax")) if "amount" in sheet.columns and "tax" in sheet.columns else ""
            if where == "tax" or (not where and len(nets.every)):
                taxes.add(f.amount, cell)
            else:
                nets.add(f.amount, cell)
    sums = [i.amount for i in items if i.amount is not None]
    if sums:
        nets.add(sum(sums, Decimal(0)), next(i.pieces["amount"] for i in items if i.amount is not None), derived=len(sums) > 1)
    if _sums_up(items):  # perhaps: two rows of the same amount look just so
        nets.add(items[-1].amount or Decimal(0), items[-1].pieces["amount"])
        if items[-1].tax is not None:
            taxes.add(items[-1].tax, items[-1].pieces["tax"])
    tax_sums = [i.tax for i in items if i.tax is not None]
    if tax_sums and len(tax_sums) == len(items):
        taxes.add(sum(tax_sums, Decimal(0)), next(i.pieces["tax"] for i in items if i.tax is not None), derived=len(tax_sums) > 1)
    coded = find_code(sheet.page.codes)
    if coded and coded.amount is not None:
        for printings in (nets, totals):
            printings.confirm(coded.amount)
    net, tax, total, adds_up = net_of(nets.order(), taxes.order(), totals.order())
    if coded and coded.amount is not None and not adds_up and not (nets.coded or totals.coded):
        (totals if coded.whole else nets).correct(coded.amount)
        net, tax, total, adds_up = net_of(nets.order(), taxes.order(), totals.order())
    out: dict[str, Read] = {}
    for name, value, printings in (("amount_excluding_tax", net, nets), ("tax_amount", tax, taxes), ("total_amount", total, totals)):
        if value is not None:
            spoken = name == "total_amount" and small is not None and big is not None
            denied = coded is not None and coded.amount is not None and name == ("total_amount" if coded.whole else "amount_excluding_tax") and not agree(value, coded.amount)
            check = False if denied else True if adds_up or printings.borne_out(value) else (agree(small, big) if spoken else None)
            why = (("金额、税额与价税合计相符",) if adds_up else ()) + printings.said(value) + ((f"与发票二维码不一致：二维码为{coded.amount}",) if denied and coded else ()) + (() if not spoken else ("大小写相符",) if agree(small, big) else ("大小写不符",))
            out[name] = printings.read(value, check, why)
    if words is not None and total is not None:
        words = Read(words.value, words.piece, 1 + agree(total, big), agree(total, big))
    return out, words, beside if big is not None and agree(total, big) and not agree(total, small) else None


def _sums_up(items: Sequence[Item]) -> bool:
    """Whether the last row may be the sum of those above it, its 合计 unread."""
    return len(items) > 1 and items[-1].amount is not None and items[-1].amount == sum((i.amount or Decimal(0) for i in items[:-1]), Decimal(0))


def _figure_cells(row: Row) -> list[tuple[Piece, Figure]]:
    return [(Piece((span,))[f.start : f.end], f) for span in row.spans for f in read_figures(one_to_one(span.text))]


def _misread(printed: Decimal, coded: Decimal) -> bool:
    """Whether a printed amount is a coded one misread: its point lost, or a single digit another."""
    left, right = yuan(printed), yuan(coded)
    return printed in (coded * 10, coded * 100) or (len(left) == len(right) and sum(a != b for a, b in zip(left, right, strict=True)) == 1)


class _Printings:
    """All printings of one amount."""

    def __init__(self) -> None:
        self.every: list[tuple[Decimal, Piece, bool]] = []
        self.coded = 0
        self.misread: Decimal | None = None

    def add(self, amount: Decimal, piece: Piece, first: bool = False, derived: bool = False) -> None:
        self.every.insert(0 if first else len(self.every), (amount, piece, derived))

    def confirm(self, amount: Decimal) -> None:
        """Put the printings that the QR code bears out first."""
        own = [e for e in self.every if agree(e[0], amount)]
        self.every = own + [e for e in self.every if e not in own]
        self.coded = len(own)

    def correct(self, amount: Decimal) -> None:
        """Put the QR code's amount in the place of a printing that is its misreading: the point lost, or one digit another."""
        own = next((e for e in self.every if not e[2] and _misread(e[0], amount) and _doubtful(e[1])), None)
        if own is not None:
            self.misread = own[0]
            self.every.insert(0, (amount, own[1], False))
            self.coded = 1

    def borne_out(self, value: Decimal) -> bool:
        """Whether the QR code says just this."""
        return bool(self.coded) and agree(self.every[0][0], value)

    def said(self, value: Decimal) -> tuple[str, ...]:
        """What the QR code says of a value, in Chinese."""
        if not self.borne_out(value):
            return ()
        return (f"据发票二维码更正，印刷读作{yuan(self.misread)}",) if self.misread is not None else ("发票二维码一致",)

    def order(self) -> list[Decimal]:
        """Values, the oftenest printed first, then in the order given."""
        counts = Counter(e[0] for e in self.every)
        seen = list(dict.fromkeys(e[0] for e in self.every))
        return sorted(seen, key=lambda v: -counts[v]) if not self.coded else seen

    def read(self, value: Decimal, check: bool | None, why: tuple[str, ...]) -> Read:
        own = [e for e in self.every if agree(e[0], value)]
        piece, derived = max(((p, d) for _, p, d in own), key=lambda x: (not x[1], x[0].confidence))
        others = tuple((p, yuan(v), "与所选金额不一致，相符的印刷处较少或金额与税额之和不符") for v, p, d in self.every if not d and not agree(v, value))
        return Read(str(value), piece, len(own) + bool(self.coded), check, why, derived=derived, others=others)


# ---------------------------------------------------------------- the whole


def read_page(page: Page) -> Invoice:
    """One page as an invoice of its own."""
    sheet = _zones(page)
    items = tuple(_items(sheet))
    amounts, words, small = _amounts(sheet, items)
    net = amounts.get("amount_excluding_tax")
    if _sums_up(items) and net is not None and net.check and Decimal(net.value) == items[-1].amount:
        items = items[:-1]
    buyer, seller = _parties(sheet)
    every = {**amounts, "buyer_name": buyer, "seller_name": seller, "invoice_number": _number(sheet), "invoice_date": _date(sheet)}
    facts = {name: value for name, value in every.items() if value is not None}
    if sheet.is_list:  # a list of goods repeats the parties, but its own number and sums are not the invoice's
        facts = {k: v for k, v in facts.items() if k in ("buyer_name", "seller_name")}
        words = small = None
    goods = tuple(i for i in items if not SEE_LIST.search(i.name.folded))
    main = main_item(goods)
    if main:
        facts.update(_goods_facts(main, goods, "model" in sheet.columns))
    return Invoice(facts, goods, words, small)


def main_item(items: Sequence[Item]) -> Item | None:
    """The item that the invoice is about: that of the largest amount, with what accompanies it left aside; the first of equals."""
    named = [i for i in items if i.name]
    return max(named, key=lambda i: i.amount or Decimal(0), default=None)


_CHINESE_OR_LATIN = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]")
_GLUED_MODEL = re.compile(r"[\u4e00-\u9fff)](?=[A-Za-z\d\-/.]*\d)(?=[\d\-/.]*[A-Za-z])[A-Za-z\d\-/.]{3,}$")


def _goods_facts(main: Item, items: Sequence[Item], headed: bool) -> dict[str, Read]:
    """The product and how many. headed: the table has a column for models, so that a model at the end of a name may have slipped out of it."""
    same = [i for i in items if i.name.folded == main.name.folded and i.unit == main.unit and (i.amount or 0) > 0]
    open_category = main.category == "?" or (not main.category and any(i.category for i in items))
    glued = headed and not _CHINESE_OR_LATIN.search(main.model.folded.replace("无", "")) and bool(_GLUED_MODEL.search(main.name.folded))
    why = (("税收分类与名称未能分开",) if open_category else ()) + (("名称末尾疑为规格型号",) if glued else ())
    out = {"product_name": Read(main.name.folded, main.name, check=False if open_category or glued else None, why=why)}
    counted = [i for i in same if i.quantity is not None]
    if counted and len(counted) == len(same):
        total = sum((i.quantity for i in counted if i.quantity is not None), Decimal(0))
        derived = any(i.derived for i in counted)
        out["quantity"] = Read(str(total), main.pieces["quantity"], 1, True if all(i.checked for i in counted) else False if derived else None,
                               ("数量×单价=金额",) if all(i.checked for i in counted) else ("数量由金额与单价得出",) if derived else (), derived)
    return out


def read_invoice(pages: Sequence[Page]) -> Invoice:
    """One invoice from all its pages: copies and repeated scans bear each other out, lists of goods add their rows."""
    every = [read_page(p) for p in pages]
    facts: dict[str, Read] = {}
    for name in dict.fromkeys(k for i in every for k in i.facts):
        facts[name] = _of_copies([i.facts[name] for i in every if name in i.facts])
    words = next((i.words for i in every if i.words and i.words.check), next((i.words for i in every if i.words), None))
    items = max((i.items for i in every), key=lambda t: (sum(x.checked for x in t), len(t)), default=())
    small = next((i.small for i in every if i.small), None) if all(i.small for i in every if i.words) else None  # one copy that agrees clears it
    return Invoice(facts, items, words, small)


def _of_copies(reads: Sequence[Read]) -> Read:
    """The value that most copies print; where they differ one-against-one the better founded."""
    by_value: dict[str, list[Read]] = {}
    for r in reads:
        by_value.setdefault(r.value, []).append(r)
    best = max(by_value.values(), key=lambda g: (len(g), max((r.check is True) - (r.check is False) for r in g), max(r.piece.confidence for r in g)))
    first = max(best, key=lambda r: ((r.check is True) - (r.check is False), r.piece.confidence))
    support = sum(r.support for r in best)
    doubted = len(by_value) > 1 and first.check is not True
    why = (*first.why, *(("两页一致",) if len(best) > 1 else ()), *(("两页不一致",) if len(by_value) > 1 else ()))
    others = tuple((r.piece, r.value, "另一页的读数，不如所选一页可靠") for r in reads if r.value != first.value)
    return Read(first.value, first.piece, support, False if doubted else first.check, why, first.derived, first.found, (*first.others, *others))


# ---------------------------------------------------------------- fields

# receipts that are not VAT invoices (通用机打发票, 保险业专用发票, 机动车销售统一发票), and forms whose places were misjudged
LABELS: Mapping[str, Sequence[str]] = {
    "invoice_number": ("发票号码", "发票号", "票据号码", "机打号码", "票号"),
    "invoice_date": ("开票日期", "填开日期", "开具日期", "填制日期", "出票日期"),
    "buyer_name": ("购买方名称", "购买方", "购货单位名称", "购货单位", "购货方名称", "购货方", "购方名称", "买方名称", "付款方名称", "付款方", "付款单位", "付款单位(个人)", "付款人",
                   "客户名称", "投保人", "投保人名称", "缴款人", "交款人", "顾客名称", "购买方>名称", "购货单位>名称", "购货方>名称", "购买方信息>名称", "付款方>名称"),
    "seller_name": ("销售方名称", "销售方", "销货单位名称", "销货单位", "销货方名称", "销货方", "销方名称", "卖方名称", "收款方名称", "收款方", "收款单位", "收款单位名称", "承保公司",
                    "保险公司名称", "保险公司签章", "开票单位", "销售方>名称", "销货单位>名称", "销货方>名称", "销售方信息>名称", "收款方>名称"),
    "total_amount": ("价税合计（小写）", "价税合计", "合计（小写）", "保险费金额（小写）", "金额合计（小写）", "合计金额（小写）", "保险费金额", "保费金额", "合计金额", "金额合计", "小写"),
    "amount_excluding_tax": ("不含税价", "不含税金额", "合计金额（不含税）"),
    "tax_amount": ("增值税税额", "合计税额", "税额合计"),
    "_": ("纳税人识别号", "统一社会信用代码", "地址、电话", "开户行及账号", "收款人", "复核", "开票人", "备注", "校验码", "机器编号", "发票代码", "承保险种", "保险单号", "批单号", "大写",
          "价税合计（大写）", "合计（大写）"),
}


def _bare_field(name: str, text: str, piece: Piece, found: float = 1.0) -> Field | None:
    """A value and its place as a field, before any check."""
    exact = kind_of(name) in (Kind.MONEY, Kind.QUANTITY, Kind.DATE, Kind.NUMBER)
    value = yuan(Decimal(text)) if kind_of(name) is Kind.MONEY else plain(Decimal(text)) if kind_of(name) is Kind.QUANTITY else text
    return make_field(name, piece, found=found, value=value if exact else None)


def as_field(name: str, read: Read) -> Field | None:
    """A value and what speaks for it as a field. Money keeps its sign (红字发票)."""
    made = _bare_field(name, read.value, read.piece, read.found)
    if made is None:
        return None
    made = made.over((other, why) for piece, value, why in read.others if (other := _bare_field(name, value, piece)))
    why = "；".join(read.why)
    if read.derived and read.check is not True:
        return contradicted(made, why or "由其他数值得出", 0.6)
    if read.check is False:
        return contradicted(made, why or "核对不符", 0.6)
    if read.check is True or read.support > 1:
        return confirmed(made, why or "多处印刷一致", 0.99 if read.check else CONFIRMED)
    return made


def invoice_fields(pages: Sequence[Page], names: Sequence[str]) -> Extracted:
    """The contract's `names` of an invoice, its rows of goods, and the amount in words."""
    invoice = read_invoice(pages)
    fields = {n: f for n in names if n in invoice.facts and (f := as_field(n, invoice.facts[n]))}
    absent = [n for n in names if n not in fields and n in LABELS]
    if absent:
        hits = label_values(pages, LABELS)
        for name in absent:
            made = choose(name, hits[name], fits=lambda f: not NOT_ORGANISATION.search(f.text))
            if made is not None:
                fields[name] = made
    for name in ("buyer_name", "seller_name"):
        named = checked(fields.get(name))
        if named is not None:
            fields[name] = named
    extra = present(amount_in_words=as_field_in_words(invoice.words), total_amount_in_figures=as_field("total_amount", invoice.small) if invoice.small else None)
    return Extracted(fields=fields, extra=extra, rows=[row for i in invoice.items if (row := _row(i))])


def as_field_in_words(words: Read | None) -> Field | None:
    if words is None:
        return None
    made = make_field("amount_in_words", words.piece, kind=Kind.MONEY, value=yuan(Decimal(words.value)))
    return confirmed(made, "大小写相符") if made and words.check else made


def _row(item: Item) -> dict[str, Field]:
    row = {"product_name": make_field("product_name", item.name), "product_model": make_field("product_model", item.model)}
    for name, key, value in (("quantity", "quantity", item.quantity), ("unit_price", "price", item.price), ("amount", "amount", item.amount)):
        if value is not None and key in item.pieces:
            made = make_field(name, item.pieces[key], value=plain(value) if name == "quantity" else yuan(value))
            if made:
                row[name] = confirmed(made, "数量×单价=金额") if item.checked else doubted(made, "由金额与单价得出") if item.derived and name == "quantity" else made
    return {k: v for k, v in row.items() if v is not None}
