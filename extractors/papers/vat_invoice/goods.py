"""The goods of an invoice: its rows by their columns, the names without tax categories, the product that the invoice is about.

In:    a page by its zones.
Out:   `Item`s; product_name and quantity of the main one.
Fails: a row without an amount is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from statistics import median

from extractors.amounts import agree, read_figures
from extractors.layout import NOTHING, Piece, Span
from extractors.papers.vat_invoice.invoice import Item, Read
from extractors.papers.vat_invoice.sheet import MONEY, RATE, Sheet, nearest
from extractors.rows import Row, one_to_one

CATEGORY = re.compile(r"^[*＊★☆※xX#](?P<category>[^*＊]{1,14})[*＊★](?P<rest>.+)$|^[*＊](?P<rest2>[^*＊]+)$", re.S)
_LATE_CATEGORY = re.compile(r"^[^*＊]{1,30}[*＊][\u4e00-\u9fff、]{2,14}[*＊](?P<rest>[^*＊]+)$", re.S)

_PLAIN = re.compile(r"^[-−－]?[\d,，]*\d(?:[.。]\d+)?$")

UNITS_OF_GOODS = frozenset("台套件个批吨项次份组条米片把辆艘支只根张块卷箱桶瓶袋盒座架部门间位千克公斤克升年月期宗对副樘株头尾栋幢") | {"平方米", "立方米", "台套", "台/套"}


def find_items(sheet: Sheet) -> list[Item]:
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


def _border(sheet: Sheet) -> float | None:
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
    return any(MONEY.match(one_to_one(s.text).strip()) for s in row.spans) or any(_GLUED.search(one_to_one(s.text)) for s in row.spans)


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
    figures = [i for i, c in enumerate(cells) if MONEY.match(_text(c)) or _PLAIN.match(_text(c)) or RATE.match(_text(c))]
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


def _a_piece(price: Decimal, amount: Decimal) -> bool:
    """Whether a figure is a price, though its heading was not read: it has cents or less, and goes into the amount a whole number of times."""
    return price != price.to_integral_value() and _whole(amount / price)


def _a_rate(amount: Piece, piece: Piece, tax: Piece) -> bool:
    """Whether a figure is a rate whose percent sign was read as another figure: 138 for 13% between an amount and its tax."""
    found = re.fullmatch(r"(\d{1,2})\d", _text(piece))
    net, part = _decimal(amount), _decimal(tax)
    return bool(found and net and part and agree(net * int(found[1]) / 100, part))


def _roles(cells: Sequence[Piece], figures: Sequence[int], columns: Mapping[str, float]) -> dict[str, int]:
    """Which cell holds which figure. From the right: tax, rate, amount, price, quantity; of those that fit the order, arithmetic and headings decide."""
    rate = next((i for i in reversed(figures) if RATE.match(_text(cells[i]))), None)
    if rate is None:
        rate = next((i for before, i, after in zip(figures, figures[1:], figures[2:], strict=False) if _a_rate(cells[before], cells[i], cells[after])), None)
    out: dict[str, int] = {}
    if rate is not None:
        out["rate"] = rate
        after = [i for i in figures if i > rate]
        if after:
            out["tax"] = after[-1]
        before = [i for i in figures if i < rate and not RATE.match(_text(cells[i]))]
    else:
        before = [i for i in figures if not RATE.match(_text(cells[i]))]
        money = [i for i in before if MONEY.match(_text(cells[i]))]
        if len(money) >= 2 and nearest(cells[money[-1]], columns, ("amount", "tax", "price")) == "tax":
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
            fit = sum(nearest(cells[v], columns, ("model", "unit", "quantity", "price", "amount")) == k for k, v in trial.items()) * 2.0
            fit += sum(0.6 if bool(MONEY.match(_text(cells[v]))) == (k == "price") else -0.6 for k, v in trial.items())
            if p is not None and q is not None:
                price, quantity = _decimal(cells[p]), _decimal(cells[q])
                if price and quantity and amount and _product_fits(quantity, price, amount):
                    fit += 4
                fit += 0.1
            elif p is not None and ((price := _decimal(cells[p])) and amount) and (agree(price, amount) or _a_piece(price, amount)):  # of one piece the price is the amount
                fit += 2
            best = max(best, (fit, trial), key=lambda b: b[0])
    return {**out, **(best[1] if best[0] > 0 else {})}


def _name_and_model(cells: Sequence[Piece], columns: Mapping[str, float], wrapped: bool = False, known: Sequence[Piece] = ()) -> tuple[list[Piece], list[Piece]]:
    """Text cells of a row told apart: what begins left of the first heading's middle is the name, the rest the model."""
    if not cells:
        return [], []
    border = columns.get("name")
    if border is None:
        border = min((p.box.x0 for p in known), default=cells[0].box.x0) + 0.05
    names = [c for c in cells if c.box.x0 < border]
    models = [c for c in cells if c.box.x0 >= border and nearest(c, columns, ("name", "model", "unit", "quantity", "price")) in ("", "name", "model")]
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


def sums_up(items: Sequence[Item]) -> bool:
    """Whether the last row may be the sum of those above it, its 合计 unread."""
    return len(items) > 1 and items[-1].amount is not None and items[-1].amount == sum((i.amount or Decimal(0) for i in items[:-1]), Decimal(0))


def main_item(items: Sequence[Item]) -> Item | None:
    """The item that the invoice is about: that of the largest amount, with what accompanies it left aside; the first of equals."""
    named = [i for i in items if i.name]
    return max(named, key=lambda i: i.amount or Decimal(0), default=None)


_CHINESE_OR_LATIN = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]")
_GLUED_MODEL = re.compile(r"[\u4e00-\u9fff)](?=[A-Za-z\d\-/.]*\d)(?=[\d\-/.]*[A-Za-z])[A-Za-z\d\-/.]{3,}$")


def goods_facts(main: Item, items: Sequence[Item], headed: bool) -> dict[str, Read]:
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
        checked, odd = all(i.checked for i in counted), any(i.at_odds for i in counted)
        said = ("数量×单价=金额",) if checked else ("数量由金额与单价得出",) if derived else ("数量×单价≠金额",) if odd else ()
        out["quantity"] = Read(str(total), main.pieces["quantity"], 1, True if checked else False if derived or odd else None, said, derived)
    return out
