"""Papers by other makers: a layout is chosen for a paper's values and printed.

In:    a case, one of its papers' values, layouts/<type>.toml.
Out:   the paper, drawn, its truth noted as printed.
Fails: LookupError where no layout fits the values; a test draws every layout.
A layout that leaves a field out, or an amount's words, is not used where a fault of the case may lie in what it leaves out.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from models.paper import FORM_FIELDS, Track
from pipeline.samples.case import Case, Values
from pipeline.samples.draw.extras import NAMES
from pipeline.samples.draw.sheet import Book, Paper
from pipeline.samples.held.press import Press
from pipeline.samples.held.words import Words, shown
from pipeline.samples.values import cents, grouped, plain

_HOUSES = Path(__file__).parent.parent
_SHARE = re.compile(r"\{(\d+)%\}")
_DIGITAL = ("payment_voucher", "insurance_policy")
_TICKS = (("☑", "□"), ("■", "□"), ("√", "□"), ("☑", "□"))
_LEFT_OUT = {"users", "quality_deposit", "product_category", "insurance_year"}  # noted by what prints them, not by a token of that name
_WRITTEN_OUT = {"insurance_policy": "premium", "premium_invoice": "total_amount", "sales_invoice": "total_amount", "payment_voucher": "amount", "sales_contract": "contract_amount"}
# what a paper may show beside its fields that a fault can lie in
_TELLING = {"insurance_policy": ("covers",), "sales_contract": ("figures", "others"), "sales_invoice": ("others",), "test_report": ("figures",), "application_form": ("users",)}


@dataclass(frozen=True)
class Layout:
    """One layout. tracks: those it is for; when: values it asks for, by name; shows: names of what it prints."""

    name: str
    tracks: frozenset[str]
    when: Mapping[str, Any]
    shows: frozenset[str]
    table: Mapping[str, Any]


@dataclass(frozen=True)
class Layouts:
    """The layouts of a paper type, and the paragraphs that they pick from."""

    layouts: tuple[Layout, ...]
    texts: Mapping[str, Sequence[str]]


@cache
def layouts_of(kind: str, house: str = "held") -> Layouts:
    """All layouts of a type of paper. house: the folder whose layouts they are."""
    table = tomllib.loads((_HOUSES / house / "layouts" / f"{kind}.toml").read_text(encoding="utf-8"))
    found = []
    for entry in table["layout"]:
        texts = list(_strings([entry, *(table["texts"][block["rows"]] for block in entry["blocks"] if isinstance(block.get("rows"), str))]))
        shows = shown("\n".join(texts)) | {t[1:] for t in texts if t[:1] == "*"}
        found.append(Layout(entry["name"], frozenset(entry.get("tracks", tuple(t.value for t in Track))), entry.get("when", {}), shows, entry))
    return Layouts(tuple(found), table.get("texts", {}))


def _strings(value: Any) -> Any:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        if "each" in value:
            yield "*" + value["each"]
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _strings(part)


def paint(book: Book, case: Case, values: Values, rng: Random, name: str = "", *, house: str = "held") -> Paper:
    """Draw a paper in one of the layouts that fit it, or in the layout of that name whether it fits or not."""
    layouts = layouts_of(values.type, house)
    paper, says = Paper(values.type, can_be_digital=values.type in _DIGITAL and rng.random() < 0.5), dict(values.says)
    more = {**values.extra, "track": case.track, "year": str(case.year)}
    if values.type in _MORE:
        _MORE[values.type](paper, says, more, layouts.texts, rng)
    chosen = [one for one in layouts.layouts if (one.name == name if name else fits(one, values, case, more))]
    if not chosen:
        raise LookupError(f"no layout of {values.type} shows all of {sorted(values.says)} for {case.sid}")
    _print(book, paper, rng.choice(chosen), layouts, says, more, case, values, rng)
    return paper


def _print(book: Book, paper: Paper, layout: Layout, layouts: Layouts, says: Mapping[str, Any], more: dict[str, Any], case: Case, values: Values, rng: Random) -> None:
    parties = layout.table.get("parties")
    if parties:
        more["B"], more["S"] = rng.choice(parties).split("/")
        more["payment"] = more["payment"].replace("{B}", more["B"]).replace("{S}", more["S"])
    words = Words(paper, says, more, layout.table, rng, case.wan_decimals)
    Press(book, paper, layout.table, layouts.texts, words, rng, sealed=values.seals).run()


def fits(layout: Layout, values: Values, case: Case, more: Mapping[str, Any]) -> bool:
    """Whether the layout is for such a paper, and shows what a fault may lie in."""
    if case.track not in layout.tracks or any(more.get(name) != wanted for name, wanted in layout.when.items()):
        return False
    if more.get("others") and "others" not in layout.shows:
        return False
    if not case.planted and not case.near:
        return True
    written = _WRITTEN_OUT.get(values.type)
    needed = {name for name, value in values.says.items() if value not in (None, "")} - _LEFT_OUT
    if written and "words" in values.extra and values.extra["words"] != values.says.get(written):
        needed.add("words")
    return needed <= layout.shows and all(name in layout.shows for name in _TELLING.get(values.type, ()) if more.get(name))


_SCHEMES = {"equipment": "宁波市高端装备首台（套）保险补贴", "material": "宁波市新材料首批次保险补贴", "software": "宁波市首版次软件（服务）综合创新保险补贴"}


def cover(book: Book, case: Case, types: Sequence[str], rng: Random, *, house: str = "held") -> Paper:
    """A cover sheet or a list of what is filed. types: of the papers, in their order."""
    page, contents = 1, []
    for n, kind in enumerate(dict.fromkeys(types)):
        contents.append({"no": str(n + 1), "name": NAMES.get(kind, "其他证明材料"), "at": str(page)})
        page += rng.randint(1, 4)
    return paint(book, case, Values("cover", {}, _about(case) | {"contents": contents}), rng, house=house)


def stray(book: Book, case: Case, rng: Random, *, house: str = "held") -> Paper:
    """A page that no rule asks for."""
    return paint(book, case, Values("other", {}, _about(case)), rng, house=house)


def _about(case: Case) -> dict[str, Any]:
    a = case.applicant
    return {
        "scheme": _SCHEMES[case.track], "applicant_name": a.name, "legal": a.legal, "contact": a.contact, "address": a.address, "scope": a.scope, "product_name": case.product,
        "insurer_name": case.insurer.name, "day": case.form_day, "office": f"{a.district}经济和信息化局",
    }  # fmt: skip


# ---------------------------------------------------------------- what a paper prints beside its values

More = Callable[[Paper, dict[str, Any], dict[str, Any], Mapping[str, Sequence[str]], Random], None]


def _form(paper: Paper, says: dict[str, Any], more: dict[str, Any], texts: Mapping[str, Sequence[str]], rng: Random) -> None:
    for name in FORM_FIELDS[Track(more["track"])]:
        says.setdefault(name, None)
    yes, no = rng.choice([tuple(pair.split("|")) for pair in texts.get("ticks", ())] or _TICKS)
    category, year = says.get("product_category"), says.get("insurance_year")
    more["box_set"], more["box_part"] = (yes if category == "complete_set" else no), (yes if category == "component" else no)
    for n in "123":
        more[f"box_y{n}"] = yes if year == n else no
    for name, value in (("product_category", category), ("insurance_year", year)):
        if value:
            paper.put(name, value)
    more["seal_name"] = more.get("seal_name") or says["applicant_name"]
    more["signer"] = says.get("legal_representative") or says.get("contact_name") or ""
    if "users" in says:
        users = says.pop("users")
        paper.extra["buyers"] = [{"name": name, "quantity": str(quantity)} for name, quantity in users]
        lines = max(3, len(users)) + rng.randint(0, 1)
        more["users"] = [{"no": f"{n + 1}." if n < lines - 1 or n < len(users) else "…", "name": users[n][0] if n < len(users) else "", "count": str(users[n][1]) if n < len(users) else ""} for n in range(lines)]
        return
    user = {"name": says["buyer_name"] or ""}
    if says.get("insured_quantity") is not None:
        user["quantity"] = plain(Decimal(says["insured_quantity"]))
    paper.extra["buyers"] = [user]


def _contract(paper: Paper, says: dict[str, Any], more: dict[str, Any], texts: Mapping[str, Sequence[str]], rng: Random) -> None:
    deposit = bool(says["quality_deposit"])
    paper.put("quality_deposit", deposit)
    rest = says["contract_amount"] - sum((count * each for _, count, each in more["accessories"]), Decimal(0))
    more |= {
        "first_sum": rest,
        "software": more["track"] == "software",
        "goods_track": more["track"] != "software",
        "net_price": cents(says["unit_price"] * 100 / 113),
        "payment": _shares(rng.choice(texts["deposit" if deposit else "no_deposit"]), says["contract_amount"]),
        "stages": _stages(says["contract_amount"], deposit, texts, Random(f"{says['contract_number']}/stages")),
        "others": [{"no": str(n + 2), "name": name, "model": "配套", "count": str(count), "price": each, "sum": each * count} for n, (name, count, each) in enumerate(more["accessories"])],
        "place": rng.choice((more["buyer"].address[:6], "宁波市", more["seller"].district or "宁波")),
    }  # fmt: skip


def _shares(text: str, amount: Decimal) -> str:
    """A text on payment with {30%} turned into that share of the amount."""
    return _SHARE.sub(lambda spot: grouped(cents(amount * int(spot[1]) / 100)), text)


def _stages(amount: Decimal, deposit: bool, texts: Mapping[str, Sequence[Any]], rng: Random) -> list[dict[str, Any]]:
    """Instalments of a price: when ("when|share;…", one of the file's texts, the last of `stages_deposit` being what is withheld), how much."""
    plans = texts.get("stages_deposit" if deposit else "stages", ())
    if not plans:
        return []
    parts = [row.split("|") for row in rng.choice(plans).split(";")]
    sums = [cents(amount * int(share) / 100) for _, share in parts]
    sums[-1] = amount - sum(sums[:-1], Decimal(0))
    return [{"no": str(n + 1), "when": when, "share": f"{share}%", "sum": sums[n]} for n, (when, share) in enumerate(parts)]


def _sales_invoice(paper: Paper, says: dict[str, Any], more: dict[str, Any], texts: Mapping[str, Sequence[str]], rng: Random) -> None:
    rate = more["tax_rate"]
    net, tax = says["amount_excluding_tax"], says["tax_amount"]
    others: list[dict[str, Any]] = []
    for name, count, each in more["accessories"]:
        own = cents(each * count * 100 / (100 + rate))
        others.append({"no": str(len(others) + 2), "name": f"*通用设备*{name}", "model": "配套", "unit": "台", "count": str(count), "price": _price(own / count), "net": own, "tax": cents(own * rate / 100)})
        net, tax = net - own, tax - others[-1]["tax"]
    more |= {"others": others, "line_net": net, "line_tax": tax, "line_price": _price(net / says["quantity"]), "rate": f"{plain(rate)}%"}


def _premium_invoice(paper: Paper, says: dict[str, Any], more: dict[str, Any], texts: Mapping[str, Sequence[str]], rng: Random) -> None:
    more |= {"line_net": more["net"], "line_tax": says["total_amount"] - more["net"], "line_price": _price(more["net"]), "rate": f"{plain(more['tax_rate'])}%"}
    half = cents(more["net"] * Decimal("0.65")), cents(more["line_tax"] * Decimal("0.65"))
    more["halves"] = [
        {"name": name, "net": net, "tax": tax, "rate": more["rate"]}
        for name, net, tax in (("质量保证保险费", *half), ("产品责任保险费", more["net"] - half[0], more["line_tax"] - half[1]))
    ]


def _price(value: Decimal) -> str:
    return plain(value.quantize(Decimal("0.00000001")))


def _voucher(paper: Paper, says: dict[str, Any], more: dict[str, Any], texts: Mapping[str, Sequence[str]], rng: Random) -> None:
    bank = more["payer"].bank
    more |= {"bank": bank, "brand": bank.split("银行")[0] + "银行", "earlier": says["paid_on"] - timedelta(days=4), "later": says["paid_on"] + timedelta(days=3)}


def _policy(paper: Paper, says: dict[str, Any], more: dict[str, Any], texts: Mapping[str, Sequence[str]], rng: Random) -> None:
    names = more["covers"]
    excess = [rng.choice(("无", "10000元", "损失金额的5%", "10000元或损失金额的10%，以高者为准")) for _ in names]
    limits, fees = _split(says["sum_insured"], "0.6", names), _split(says["premium"], "0.6", names)
    more |= {
        "covers": [
            {"no": str(n + 1), "name": name, "limit": says["sum_insured"] if n == 0 else "含在上项限额内", "excess": excess[n], "part": limits[n][1], "fee": fees[n][1]}
            for n, name in enumerate(names)
        ],
        "dues": [{"no": str(n + 1), "by": more["signed"] + timedelta(days=days), "sum": part} for n, (days, part) in enumerate(_split(says["premium"], "0.5", (15, 120)))],
        "pool": [{"part": f"{share}%", "limit": cents(says["sum_insured"] * share / 100), "fee": cents(says["premium"] * share / 100)} for share in (60, 25, 15)],
        "users": "、".join(more["buyers"]), "contract_list": "、".join(more["contracts"]),
    }  # fmt: skip


def _split(amount: Decimal, share: str, heads: Sequence[Any]) -> list[tuple[Any, Decimal]]:
    """An amount in as many parts as there are heads, one or two; share: of the first of two."""
    if len(heads) == 1:
        return [(heads[0], amount)]
    first = cents(amount * Decimal(share))
    return [(heads[0], first), (heads[1], amount - first)]


def _report(paper: Paper, says: dict[str, Any], more: dict[str, Any], texts: Mapping[str, Sequence[str]], rng: Random) -> None:
    more["figures"] = [
        {"no": str(n + 1), "name": figure.name, "unit": figure.unit, "limit": f"{figure.sign}{figure.value}", "found": value, "verdict": "符合" if _meets(figure.sign, figure.value, value) else "/"}
        for n, (figure, value) in enumerate(more["figures"])
    ]
    more["office_seal"] = more["office"].split("（")[0]


def _meets(sign: str, limit: str, value: str) -> bool:
    return Decimal(value) >= Decimal(limit) if sign == "≥" else Decimal(value) <= Decimal(limit)


def _ip(paper: Paper, says: dict[str, Any], more: dict[str, Any], texts: Mapping[str, Sequence[str]], rng: Random) -> None:
    more["applied"] = more["day"] - timedelta(days=rng.randint(300, 900))


def _licence(paper: Paper, says: dict[str, Any], more: dict[str, Any], texts: Mapping[str, Sequence[str]], rng: Random) -> None:
    district = more["district"] or ""
    more["office"] = f"{'宁波市' if district[-1:] in ('区', '县') else ''}{district}市场监督管理局"


_MORE: Mapping[str, More] = {
    "application_form": _form, "sales_contract": _contract, "sales_invoice": _sales_invoice, "premium_invoice": _premium_invoice, "payment_voucher": _voucher,
    "insurance_policy": _policy, "test_report": _report, "business_licence": _licence, "ip_certificate": _ip,
}  # fmt: skip

__all__ = ["Layout", "cover", "fits", "layouts_of", "paint", "stray"]
