"""The goods that a contract is about: the rows of its table, or what its sentences name, with price and number; their technical figures.

In:    a contract.
Out:   rows (product_name, product_model, unit, quantity, unit_price, amount), the main one of them, technical parameters.
Fails: what isn't listed or told is absent.
Elsewhere: goods in sentences (sentences.py); finding a table's rows (extractors/layout).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from statistics import median

from extractors.confidence import confirmed, contradicted
from extractors.fields import make_field
from extractors.layout import Piece
from extractors.papers.sales_contract.contract import Contract
from extractors.papers.sales_contract.sentences import told_in_sentences
from extractors.papers.sales_contract.words import any_of, is_heading, is_total, vocabulary
from models.field import Field
from models.numbers import plain
from models.paper import Kind, Row
from models.text import compact


def find_goods(contract: Contract) -> list[Row]:
    """The goods that the contract lists, in a table or, where there is none, in its clauses."""
    rows = _listed(contract)
    if any("product_name" in r and ("amount" in r or "unit_price" in r or "quantity" in r) for r in rows):
        told = told_in_sentences(contract)
        if len(rows) > 1 and "product_name" in told and len(told) > 1 and not any("amount" in r or "unit_price" in r for r in rows):
            return [told]  # what comes with the goods, in a technical agreement: 供货范围 主机 1套, 电气控制柜 1套
        if len(rows) == 1 and told:
            rows = [{**told, **rows[0]}]
        return rows
    told = told_in_sentences(contract)
    return [{**told, **(rows[0] if len(rows) == 1 else {})}] if told else rows


def held_against(row: Row, amount: Field | None) -> Row:
    """A single item without an amount of its own, held against the whole: price × quantity."""
    return row if "amount" in row or amount is None or amount.decimal is None else _multiplied(row, amount.decimal, "合同金额", 0.7)


def _multiplied(row: Row, amount: Decimal, called: str, most: float) -> Row:
    """A row with its price × quantity held against what they should come to, which its reasons call so. most: how sure the figures are at most where that fails."""
    quantity, price = (row[n].decimal if n in row else None for n in ("quantity", "unit_price"))
    if quantity is None or price is None:
        return row
    fits = abs(quantity * price - amount) <= Decimal("0.02") * max(Decimal(1), quantity)
    names = ("quantity", "unit_price", "amount")
    return {n: f if n not in names else confirmed(f, f"单价×数量={called}") if fits else contradicted(f, f"单价×数量≠{called}", most) for n, f in row.items()}


_WORDS_OF_MONEY = re.compile(r"(?:人民币)?[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+[元圆][零壹贰叁肆伍陆柒捌玖拾角分整正]*")
_INSTEAD = {"product_model": ("product_model", "grade", "specification")}  # columns that stand in for one that isn't there, best first


def _listed(contract: Contract) -> list[Row]:
    table = contract.table
    out: list[Row] = []
    for listed in table.every:
        cells = listed.cells
        if listed.total or is_total(listed.text):
            continue
        row: Row = {}
        for name in ("product_name", "product_model", "unit", "quantity", "unit_price", "amount"):
            piece = _without_gloss(name, next((cells[n] for n in _INSTEAD.get(name, (name,)) if n in cells), None))
            made = make_field(name, piece, table.units.get(name, ""), kind=Kind.MONEY if name == "amount" else None) if piece else None
            if name == "product_name" and piece and (labelled := _LABELLED_MODEL.search(piece.folded)):  # name and model in one cell: 巡检机器人 / Model: XJ7630
                made = make_field(name, piece.between(0, labelled.start()))
                if "product_model" not in row and (model := make_field("product_model", piece.between(*labelled.span("v")))):
                    row["product_model"] = model
            if made is not None and not is_heading(made.text):
                row[name] = contradicted(made, "表中含税、不含税两栏同名", 0.8) if name in ("unit_price", "amount") and contract.two_prices else made
        if "product_name" in row and _seems_cut(cells):
            row["product_name"] = contradicted(row["product_name"], "名称可能缺行", 0.8)
        if "product_name" in row and _WORDS_OF_MONEY.fullmatch(row["product_name"].text):
            continue  # headings below their values, and the amount in words below those
        if "product_name" in row and (blank := _NOTHING_BELOW.search(row["product_name"].text)):
            row["product_name"] = row["product_name"].model_copy(update={"value": row["product_name"].text[: blank.start()]})
        if "product_name" in row and re.match(r"(?:合计|总计|小计|共计|大写|备注|注[:：])", row["product_name"].text):
            continue
        if len(row) >= 2 and ("product_name" in row or "product_model" in row):
            out.append(_checked(row, "quantity" in table.heads))
    return _once(out)


_NOTHING_BELOW = re.compile(r"(?<=.{2})[(（]?(?:以下空白|以下无正文|下空)[)）]?$")
_LABELLED_MODEL = re.compile(r"(?<=[\u4e00-\u9fff）)])[,，;；/(（]?(?:Model|Type|Spec\.?|型号|规格型号|规格|版本号?)(?:No\.?)?[:：](?P<v>[A-Za-z0-9][A-Za-z0-9\-/.]{1,24})[)）]?$", re.IGNORECASE)


def _seems_cut(cells: Mapping[str, Piece]) -> bool:
    """Whether a line of a wrapped name may be missing: what is there stands neither level with the row's other cells nor begins where they begin."""
    name = cells.get("product_name")
    others = [p.box for n, p in cells.items() if n != "product_name" and p and len(p.spans) == 1 and p.page is name.page] if name else []
    if not name or len(others) < 2 or _own_label("product_name", name):
        return False
    height = min(span.line.box.height for span in name.spans)
    box = name.box
    return abs(box.cy - median(o.cy for o in others)) > 0.4 * height and abs(box.y0 - median(o.y0 for o in others)) > 0.4 * height


def _without_gloss(name: str, piece: Piece | None) -> Piece | None:
    """A cell without its own label (商品：五轴加工中心) or the Latin heading that bilingual tables print in a line of its own below the Chinese one."""
    if piece is None:
        return None
    first = piece.lines()[0].folded if piece else ""
    gloss = next((compact(v) for v in vocabulary()["items"][name] if v.isascii() and first.lower() == compact(v).lower()), "")
    length = _own_label(name, piece) or len(gloss)
    return piece.between(length, len(piece.folded)) if length and len(piece.folded) > length else piece


def _own_label(name: str, piece: Piece) -> int:
    """How long the label is that stands in a cell before its value: 商品：五轴加工中心 over 规格：VMC-60."""
    own = re.match(rf"(?:{any_of(vocabulary()['items'][name])})[:：](?=.{{2}})", piece.folded)
    return own.end() if own else 0


def _once(rows: Sequence[Row]) -> list[Row]:
    """Rows without those printed again (a second scan, the table once more in an annex)."""
    out: list[Row] = []
    for row in rows:
        key = {n: f.text for n, f in row.items()}
        if not any({n: f.text for n, f in o.items()} == key for o in out):
            out.append(row)
    return out


def _checked(row: Row, counted: bool = False) -> Row:
    """A row whose price × quantity is held against its amount. counted: the table has a column of quantities, so one was printed."""
    quantity, price, amount = (row[n].decimal if n in row else None for n in ("quantity", "unit_price", "amount"))
    if quantity is None and "quantity" not in row and price and amount and amount % price == 0 and counted:
        # a single figure in a narrow column is what reading loses most often
        worked_out = Field(value=plain(amount / price), raw="", confidence=0.85, source=row["unit_price"].source, why=("由金额÷单价推得",))
        return {**row, "quantity": worked_out}
    return row if amount is None else _multiplied(row, amount, "金额", 0.6)


def main_goods(items: Sequence[Row]) -> Row:
    """The goods that the contract is about: the row with the largest amount, the first of equal ones."""
    if not items:
        return {}

    def worth(row: Row) -> Decimal:
        amount = row["amount"].decimal if "amount" in row else None
        price, quantity = (row[n].decimal if n in row else None for n in ("unit_price", "quantity"))
        if amount is None and price is not None:
            amount = price * (quantity or 1)
        return amount or Decimal(0)

    return max(items, key=worth)


def find_parameters(contract: Contract) -> Iterator[Field]:
    """Clauses that give technical figures of the goods."""
    labels = any_of(vocabulary()["parameters"]["labels"])
    for m in re.finditer(rf"(?:{labels})(?:[（(][^）)]{{1,10}}[)）])?(?:如下)?[:：为](?P<value>[^\n]{{4,400}})", contract.text):
        value = re.split(r"。(?=[^\d])", m["value"])[0].rstrip("。;；")
        if re.search(r"\d", value):
            made = make_field("technical_parameters", contract.piece(m.start("value"), m.start("value") + len(value)))
            if made is not None:
                yield made
