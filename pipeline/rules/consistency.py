"""Do the papers agree with each other, and their figures with themselves.

Source: ningbo-2020, 四（二）3 (the first review of names, quantities, amounts); annexes 1, 4, 6 for the sums; tolerances: the rulebook.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from decimal import Decimal
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from matchers.catalogue import agree_on_product, catalogue_of
from matchers.names import LIKE as NAME_LIKE
from matchers.names import normalise, similarity
from matchers.values import agree, money_of, same_rate
from models.field import Field
from models.flag import Flag
from models.money import NONZERO, Money, yuan
from models.numbers import plain
from models.paper import Kind, Paper, PaperType, Track, kind_of
from pipeline.evidence import Voice, as_number, total, voices
from pipeline.rules.case import WELL_READ, Case, NotRead, believable
from pipeline.rules.words import PAPERS, field_word, rmb, shown

FORM, POLICY, CONTRACT, LICENCE = PaperType.APPLICATION_FORM, PaperType.INSURANCE_POLICY, PaperType.SALES_CONTRACT, PaperType.BUSINESS_LICENCE
INVOICE, PREMIUM_INVOICE, VOUCHER = PaperType.SALES_INVOICE, PaperType.PREMIUM_INVOICE, PaperType.PAYMENT_VOUCHER


class Fact(NamedTuple):
    """A fact and where papers say it. field: as the flag names it; said: paper and its field; added: over all papers of the type (contracts, invoices, vouchers)."""

    field: str
    said: tuple[tuple[PaperType, str], ...]
    added: tuple[PaperType, ...] = ()


# rulebook, field_mismatch; the first paper is the one the others are held against
FACTS = (
    Fact("policy_number", ((POLICY, "policy_number"), (FORM, "policy_number"))),
    Fact("applicant_name", ((FORM, "applicant_name"), (LICENCE, "company_name"), (POLICY, "policyholder_name"), (CONTRACT, "seller_name"), (PREMIUM_INVOICE, "buyer_name"))),
    Fact("insurer_name", ((POLICY, "insurer_name"), (FORM, "insurer_name"), (PREMIUM_INVOICE, "seller_name"))),
    Fact("buyer_name", ((FORM, "buyer_name"), (CONTRACT, "buyer_name"), (INVOICE, "buyer_name"))),
    Fact("premium", ((POLICY, "premium"), (FORM, "premium"))),
    Fact("premium_rate", ((POLICY, "premium_rate"), (FORM, "premium_rate"))),
    Fact("sum_insured", ((POLICY, "sum_insured"), (FORM, "sum_insured"))),
    Fact("contract_amount", ((FORM, "contract_amount"), (CONTRACT, "contract_amount")), added=(CONTRACT,)),
    Fact("quantity", ((FORM, "insured_quantity"), (CONTRACT, "quantity")), added=(CONTRACT,)),
    Fact("premium_paid", ((FORM, "premium_paid"), (PREMIUM_INVOICE, "total_amount"), (VOUCHER, "amount")), added=(PREMIUM_INVOICE, VOUCHER)),
)
_PERIOD = ("period_start", "period_end")
_NAMED = ((FORM, "product_name"), (CONTRACT, "product_name"), (INVOICE, "product_name"), (POLICY, "product_name"))
# all that must have been read of each paper for the papers to be compared
_COMPARED = (*FACTS, *(Fact(name, ((POLICY, name), (FORM, name))) for name in _PERIOD), Fact("product_name", _NAMED))


def field_mismatch(case: Case) -> Iterator[Flag]:
    """Flag each fact on which papers differ beyond the tolerances; where one of the differing values is doubtful, or a paper's wasn't found, the fact is not checked.

    Form and users' table name the users of equipment; contracts and invoices must name the same ones.
    """
    doubtful: list[Voice] = []
    unread: list[tuple[str, Paper]] = []
    form = case.scheme.forms.get(case.track) if case.track else None
    asked = {field.field for field in form.fields} if form else set()
    for fact in _COMPARED:
        unread += _unread(case, fact, asked)
    for fact in FACTS:
        if fact.field == "buyer_name" and case.track is Track.EQUIPMENT:
            yield from _users(case, doubtful)
            continue
        yield from _compare(case, fact.field, _said(case, fact), doubtful)
    yield from _period(case, doubtful)
    yield from _products(case, doubtful)
    if doubtful:
        raise NotRead(_name_of(doubtful[0]), doubtful[0].field.source)
    if unread:
        raise NotRead(f"{unread[0][1].type.value}.{unread[0][0]}", unread[0][1].region)


def _unread(case: Case, fact: Fact, asked: Set[str]) -> Iterator[tuple[str, Paper]]:
    """Papers of which a fact wasn't read that they surely show, so that what they say of it is held against nothing.

    The form where its annex asks for the fact; of other papers each one that is added up, else one of a type. Where no paper of another type says anything there is nothing to compare.
    """
    said = {kind: bool(voices(case.papers(kind), name)) for kind, name in fact.said}
    if fact.field == "buyer_name" and case.track is Track.EQUIPMENT and case.form:  # there the form has a table of them
        said[FORM] = any(buyer.name for buyer in case.form.buyers)
        if not said[FORM] and any(said.values()):
            yield fact.field, case.form
    for kind, name in fact.said:
        papers = [paper for paper in case.papers(kind) if name not in paper.blank]
        if kind is FORM and name in asked:
            yield from ((name, paper) for paper in papers if name not in paper.fields)
        elif kind is not FORM and any(heard for other, heard in said.items() if other is not kind):
            lacking = [paper for paper in papers if name not in paper.fields]
            yield from ((name, paper) for paper in lacking if kind in fact.added or len(lacking) == len(papers))


def _name_of(voice: Voice) -> str:
    paper = voice.paper
    return next((f"{paper.type.value}.{name}" for name, field in (*paper.fields.items(), *paper.extra.items()) if field is voice.field), paper.type.value)


def _said(case: Case, fact: Fact) -> list[Voice]:
    said: list[Voice] = []
    for kind, name in fact.said:
        papers = case.papers(kind)
        each = voices(papers, name)
        if kind in fact.added and each:
            added = total(name, each, len(papers))
            if added is not None and len(each) == len(papers):
                said.append(Voice(each[0].paper, added))
        else:
            said += each
    return said


def _compare(case: Case, field: str, said: Sequence[Voice], doubtful: list[Voice]) -> Iterator[Flag]:
    """Hold every voice against those of other papers: where a pair surely differs all values are flagged; doubtful pairs are noted."""
    kind = _kind_name(field)
    pairs = [(a, b) for i, a in enumerate(said) for b in said[i + 1:] if a.paper.type is not b.paper.type and not _same(kind, a, b)]
    sure = [(a, b) for a, b in pairs if _stands(case, a) and _stands(case, b) and not _misread(kind, a, b, said)]
    if sure:
        yield _mismatch(case, field, said)
        return
    for a, b in pairs:
        doubtful += [v for v in (a, b) if not _stands(case, v)] or [min((b, a), key=lambda v: len(v.field.text))]


def _same(kind: str, a: Voice, b: Voice) -> bool:
    """Whether two voices agree; quantities in tonnes and in kilograms are turned into each other where both name their unit."""
    if agree(kind, a.field, b.field):
        return True
    if kind_of(kind) is not Kind.QUANTITY:
        return False
    left, right = _in_kilograms(a), _in_kilograms(b)
    return left is not None and left == right


_MASSES = {"吨": Decimal(1000), "公吨": Decimal(1000), "t": Decimal(1000), "kg": Decimal(1), "KG": Decimal(1), "公斤": Decimal(1), "千克": Decimal(1)}
_MASS = re.compile(r"公?吨|公斤|千克|kg|KG|t(?![a-z])")


def _in_kilograms(voice: Voice) -> Decimal | None:
    """A quantity of mass in kilograms, its unit from its own print or the paper's first row; None where it names none."""
    number = voice.field.decimal
    unit = _MASS.search(voice.field.raw) or next((_MASS.search(row["unit"].text) for row in voice.paper.rows if "unit" in row), None)
    return number * _MASSES[unit[0]] if number is not None and unit else None


def _stands(case: Case, voice: Voice) -> bool:
    """Whether a value stands in its paper as it was read; a sum was read as its parts were."""
    return case.well_read(voice.paper, voice.field)


def _kind_name(field: str) -> str:
    return "insured_quantity" if field == "quantity" else field


_NO_BRACKETS = str.maketrans("", "", "（）")


def _misread(kind: str, a: Voice, b: Voice, said: Sequence[Voice]) -> bool:
    """Whether one of two names or numbers is rather a misreading of the other.

    Names: either they differ by little and one isn't accepted, or by a single character, another or lost, and two papers at least write one of them.
    有限公司 and 有限责任公司 differ by two: they are two companies. Numbers: the one is what a cell's border left of the other.
    """
    if kind_of(kind) is Kind.NUMBER:
        short, long = sorted((as_number(a.field.text), as_number(b.field.text)), key=len)
        return len(short) < len(long) and (long.startswith(short) or long.endswith(short))
    if kind_of(kind) is not Kind.NAME:
        return False
    left, right = normalise(a.field.text), normalise(b.field.text)
    if not (a.field.accepted and b.field.accepted) and similarity(left, right) >= NAME_LIKE:
        return True
    bare = [name.translate(_NO_BRACKETS) for name in (left, right)]
    if bare[0] == bare[1] and left.count("（") + right.count("（") != left.count("）") + right.count("）"):  # a bracket was lost
        return True
    writings = [normalise(v.field.text) for v in said]
    return Levenshtein.distance(left, right, score_cutoff=1) == 1 and max(writings.count(left), writings.count(right)) > 1


def _mismatch(case: Case, field: str, said: Sequence[Voice]) -> Flag:
    values: dict[str, str] = {}
    for voice in said:
        values.setdefault(voice.paper.type.value, voice.field.text)
        if values[voice.paper.type.value] != voice.field.text:  # two contracts that differ
            values.setdefault(f"{voice.paper.type.value}_2", voice.field.text)
    told = "，".join(dict.fromkeys(f"{PAPERS[v.paper.type]}为{shown(field, v.field)}" for v in said))
    return case.flag(f"{field_word(field)}不一致：{told}", [v.field.source for v in said], field=field, values=values)


def _period(case: Case, doubtful: list[Voice]) -> Iterator[Flag]:
    """The period is one fact: its start or its end differing is one flag. A form that gives months agrees with each day of them."""
    differing: list[Voice] = []
    for name in _PERIOD:
        said = [*voices(case.papers(POLICY), name), *voices(case.papers(FORM), name)]
        noted: list[Voice] = []
        if any(_compare(case, name, said, noted)):
            differing += said
        doubtful += noted
    if differing:
        values = {voice.paper.type.value: "至".join(voice.paper.fields[n].text for n in _PERIOD if n in voice.paper.fields) for voice in differing}
        told = "，".join(f"{PAPERS[PaperType(kind)]}为{value}" for kind, value in values.items())
        yield case.flag(f"保险期限不一致：{told}", [v.field.source for v in differing], field="period", values=values)


def _users(case: Case, doubtful: list[Voice]) -> Iterator[Flag]:
    """Equipment: whom the form's table names must be whom contracts and invoices name."""
    form = case.form
    if form is None:
        said = [*voices(case.papers(CONTRACT), "buyer_name"), *voices(case.papers(INVOICE), "buyer_name")]
        listed = {v.field.text: v for v in said if v.paper.type is CONTRACT}
    else:
        said = [*voices(case.papers(CONTRACT), "buyer_name"), *voices(case.papers(INVOICE), "buyer_name")]
        listed = {buyer.name.text: Voice(form, buyer.name) for buyer in form.buyers if buyer.name}
    if not listed or not said:
        return
    strange = [v for v in said if not any(agree("buyer_name", v.field, other.field) for other in listed.values())]
    sure = [v for v in strange if believable(v.field) and all(believable(o.field) for o in listed.values()) and not any(_misread("buyer_name", v, o, [*listed.values(), *said]) for o in listed.values())]
    if sure:
        yield _mismatch(case, "buyer_name", [*listed.values(), *said])
    else:
        doubtful += strange


def _products(case: Case, doubtful: list[Voice]) -> Iterator[Flag]:
    """Products agree by meaning: names that mean one entry, or are alike, are one product."""
    said = [v for kind, name in _NAMED for v in voices(case.papers(kind), name)]
    if len(said) < 2:
        return
    catalogue = catalogue_of(case.reference, case.claim.scheme, case.track.value) if case.track and case.reference.catalogue else None
    models = tuple(paper.fields["product_model"].text for paper in case.claim.papers if "product_model" in paper.fields)
    first = said[0]
    strange = [v for v in said[1:] if not agree_on_product(first.field.text, v.field.text, catalogue, models)]
    if not strange:
        return
    if believable(first.field) and any(believable(v.field) for v in strange):
        yield _mismatch(case, "product_name", said)
    else:
        doubtful += [v for v in (first, *strange) if not believable(v.field)]


# ---------------------------------------------------------------- sums

# paper, what it calls the amount in words, the field in figures
_IN_WORDS = (
    (CONTRACT, "amount_in_words", "contract_amount"), (INVOICE, "amount_in_words", "total_amount"), (PREMIUM_INVOICE, "amount_in_words", "total_amount"),
    (VOUCHER, "amount_in_words", "amount"), (POLICY, "amount_in_words", "premium"), (POLICY, "sum_insured_in_words", "sum_insured"),
)


class Broken(NamedTuple):
    """A relation that doesn't hold between figures of a paper. fields: those figures; message: Chinese, with them."""

    relation: str
    paper: Paper
    message: str
    fields: Sequence[Field]


def arithmetic_error(case: Case) -> Iterator[Flag]:
    """Flag each relation that doesn't hold between figures of one paper; where one of these is doubtful or wasn't found the relation isn't checked.

    relation: premium, subsidy_requested, total_quantity, contract_amount, invoice_total, amount_in_words; once each, with the paper it fails in.
    """
    seen: set[str] = set()
    doubtful: list[tuple[Paper, Field]] = []
    unread = list(_incomplete(case))
    for broken in (*_premium(case), *_subsidy(case), *_total_quantity(case), *_contract_amount(case), *_invoice_total(case), *_in_words(case)):
        unsure = [field for field in broken.fields if not case.well_read(broken.paper, field)]
        if unsure:
            doubtful.append((broken.paper, unsure[0]))
        elif broken.relation not in seen:
            seen.add(broken.relation)
            yield case.flag(broken.message, [f.source for f in broken.fields], relation=broken.relation, document=broken.paper.type.value)
    if doubtful:
        raise NotRead(_name_of(Voice(*doubtful[0])), doubtful[0][1].source)
    if unread:
        raise NotRead(f"{unread[0][0].type.value}.{unread[0][1]}", unread[0][0].region)


def _incomplete(case: Case) -> Iterator[tuple[Paper, str]]:
    """Figures that weren't read of a paper which shows the others of their relation, so that it isn't checked; the form's are `missing_field`'s."""
    for kind, names in ((POLICY, ("sum_insured", "premium_rate", "premium")), (INVOICE, ("amount_excluding_tax", "tax_amount", "total_amount"))):
        for paper in case.papers(kind):
            lacking = [name for name in names if name not in paper.fields]
            untaxed = kind is INVOICE and lacking == ["tax_amount"] and paper.fields[names[0]].decimal == paper.fields[names[2]].decimal
            if 0 < len(lacking) < len(names) and not untaxed:
                yield paper, lacking[0]
    for contract in case.papers(CONTRACT):
        price, quantity, amount = (contract.fields.get(name) for name in ("unit_price", "quantity", "contract_amount"))
        if price and not (quantity and amount) and not (amount and amount.decimal == price.decimal):
            yield contract, "contract_amount" if quantity else "quantity"
        elif not price and amount and quantity and quantity.decimal != 1:  # of a single one, told or not, the amount is the price
            yield contract, "unit_price"


def _figures(paper: Paper, *names: str) -> list[Field] | None:
    """Figures of a paper, in order; None where one isn't there."""
    fields = [paper.fields.get(name) for name in names]
    return [f for f in fields if f] if all(f is not None and f.decimal is not None for f in fields) else None


def _premium(case: Case) -> Iterator[Broken]:
    """Premium = sum insured × rate. The rate that the premium amounts to may differ from the printed one by the rates' tolerance."""
    for paper in (*case.papers(POLICY), *case.papers(FORM)):
        fields = _figures(paper, "sum_insured", "premium_rate", "premium")
        if not fields:
            continue
        insured, rate, premium = (Decimal(f.text) for f in fields)
        expected = Money(insured * rate / 100)
        stated = money_of(fields[2])
        if stated is None or stated.agrees(expected._replace(step=max(stated.step, Decimal("0.01")))) or abs(stated.amount - expected.amount) <= stated.step:
            continue
        if insured and same_rate(stated.amount / insured * 100, rate):
            continue
        yield Broken("premium", paper, f"{PAPERS[paper.type]}：保险金额 {rmb(insured)} × 费率 {plain(rate)}% = {rmb(expected.amount)}，与保费 {rmb(premium)} 不符", fields)


def _subsidy(case: Case) -> Iterator[Broken]:
    """Equipment: subsidy = premium paid × rate of subsidy; what lies above the limit is `subsidy_above_limit` alone."""
    form = case.form
    if form is None or case.track is not Track.EQUIPMENT:
        return
    fields = _figures(form, "premium_paid", "subsidy_rate", "subsidy_requested")
    if not fields:
        return
    paid, rate, asked = (Decimal(f.text) for f in fields)
    stated, basis = money_of(fields[2]), money_of(fields[0])
    limit = case.scheme.limit("subsidy_above_limit", case.track).at_most
    if stated is None or basis is None:
        return
    room = max(stated.step, basis.step * rate / 100)
    expected = paid * rate / 100
    if abs(asked - expected) <= room:
        return
    if limit is not None and asked > paid * limit / 100 + room:
        return
    yield Broken("subsidy_requested", form, f"申请表：实缴保费 {rmb(paid)} × {plain(rate)}% = {rmb(expected)}，与申请补贴金额 {rmb(asked)} 不符", fields)


def _total_quantity(case: Case) -> Iterator[Broken]:
    """Annex 1: the users' quantities add up to the total."""
    form = case.form
    stated = form.fields.get("total_quantity") if form else None
    if form is None or stated is None or stated.decimal is None or not form.buyers:
        return
    counts = [buyer.quantity for buyer in form.buyers if buyer.name or buyer.quantity]
    known = [q for q in counts if q is not None and q.decimal is not None]
    if len(known) != len(counts):
        return
    added = sum((Decimal(q.text) for q in known), Decimal(0))
    if added != stated.decimal:
        yield Broken("total_quantity", form, f"申请表：各用户数量合计{plain(added)}，与投保装备数量总计{stated.text}不符", [*known, stated])


def _contract_amount(case: Case) -> Iterator[Broken]:
    """Contract: unit price × quantity, and the other goods listed, are the amount.

    Where other goods were listed but not their amounts, or the amount is higher and none were read, the rest may be theirs: not an error that can be told.
    """
    for contract in case.papers(CONTRACT):
        fields = _figures(contract, "unit_price", "quantity", "contract_amount")
        if not fields:
            continue
        price, quantity, amount = (Decimal(f.text) for f in fields)
        product = price * quantity
        stated, unit = money_of(fields[2]), money_of(fields[0])
        room = max(stated.step if stated else Decimal("0.01"), (unit.step if unit else Decimal(0)) * quantity) / 2
        listed = [row["amount"] for row in contract.rows if "amount" in row]
        lines = sum((f.decimal or Decimal(0) for f in listed), Decimal(0))
        if abs(amount - product) <= room or (len(listed) > 1 and abs(amount - lines) <= room):
            continue
        if amount > product and (len(contract.rows) > 1 and len(listed) < len(contract.rows)):
            continue
        if amount > product and len(contract.rows) == 0 and _others_in_invoice(case):
            continue
        expected = lines if len(listed) > 1 and lines > product else product
        others = "（含其他货物）" if expected != product else ""
        yield Broken(
            "contract_amount", contract,
            f"销售合同：单价 {rmb(price)} × 数量 {plain(quantity)} = {rmb(product)}{others and f'，各项合计 {rmb(expected)}'}，与合同金额 {rmb(amount)} 不符", fields)


def _others_in_invoice(case: Case) -> bool:
    """Whether a sales invoice lists other goods, which may account for what the contract's amount is higher by."""
    return any(len(invoice.rows) > 1 for invoice in case.papers(INVOICE))


def _invoice_total(case: Case) -> Iterator[Broken]:
    """Sales invoice: total = net + tax."""
    for invoice in (*case.papers(INVOICE), *case.papers(PREMIUM_INVOICE)):
        fields = _figures(invoice, "amount_excluding_tax", "tax_amount", "total_amount")
        if not fields:
            continue
        net, tax, whole = (Decimal(f.text) for f in fields)
        if abs(net + tax - whole) > Decimal("0.01"):
            yield Broken("invoice_total", invoice, f"{PAPERS[invoice.type]}：金额 {rmb(net)} + 税额 {rmb(tax)} = {rmb(net + tax)}，与价税合计 {rmb(whole)} 不符", fields)


def _in_words(case: Case) -> Iterator[Broken]:
    """The amount in words (大写) is the amount in figures; words with too few digits for the figures are a line cut off in reading."""
    for kind, extra, name in _IN_WORDS:
        for paper in case.papers(kind):
            words, figures = paper.extra.get(extra), _in_figures(paper, name)
            if words is None or figures is None:
                continue
            said, written = words.decimal, money_of(figures)
            if said is None or written is None or written.agrees(Money(said)) or _cut_off(words, written) or _tail(words, figures, written):
                continue
            yield Broken(
                "amount_in_words", paper, f"{PAPERS[kind]}：大写金额 {rmb(said)} 与小写金额 {rmb(written.amount)} 不一致", [words, figures])


def _in_figures(paper: Paper, name: str) -> Field | None:
    """An amount as the paper has it in figures, also where extraction believed the words; figures that were hardly read are no word of the paper's."""
    overruled = paper.extra.get(f"{name}_in_figures")
    return overruled if overruled and overruled.as_read >= WELL_READ else paper.fields.get(name)


def _tail(words: Field, figures: Field, written: Money) -> bool:
    """Whether words that weren't read well are the end of the amount that stands there in figures for sure: 捌仟柒佰肆拾元整 of 贰拾万捌仟柒佰肆拾元整."""
    said = words.decimal
    if not said or words.as_read >= WELL_READ or not believable(figures) or said >= written.amount:
        return False
    return written.amount % (Decimal(10) ** (said.adjusted() + 1)) == said


def _cut_off(words: Field, figures: Money) -> bool:
    """Whether the words are a piece of a line: 拾元整 of 壹拾万肆仟叁佰柒拾元整 (two digits less), 玖仟元 without 整 of 玖仟元贰角整."""
    if not words.raw:
        return False
    less = sum(c in NONZERO for c in words.raw) + 1 < sum(c in "123456789" for c in yuan(figures.amount))
    return less or (words.raw[-1] in "元圆" and (words.decimal or 0) < figures.amount)
