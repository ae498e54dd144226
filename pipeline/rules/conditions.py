"""Does the claim meet the conditions of the scheme: catalogue, cover, caps, rates, what was paid, who buys, who applies.

Source: ningbo-2020, 一 (catalogues), 二（一）, 二（二） (cover), 三 (caps and rates), 四 (what was paid, standing of the applicant).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from matchers.catalogue import FITS, figures_of
from matchers.names import normalise
from matchers.relations import Particulars, Relation, find_relation
from matchers.specifications import check, thresholds
from matchers.traders import Trade, find_trade
from matchers.values import money_of
from models.dates import as_date
from models.field import Field, Region
from models.flag import Flag, Severity
from models.money import yuan
from models.numbers import plain
from models.paper import Paper, PaperType, Track
from models.reference import CatalogueEntry
from pipeline.assemble import SOURCES, sum_of
from pipeline.evidence import voices
from pipeline.rules.case import Case, NotRead, believable, number, sources
from pipeline.rules.prepared import Prepared
from pipeline.rules.words import rmb

FORM, CONTRACT = PaperType.APPLICATION_FORM, PaperType.SALES_CONTRACT
PREMIUM_INVOICE, VOUCHER = PaperType.PREMIUM_INVOICE, PaperType.PAYMENT_VOUCHER
HALF = Decimal(2)
TOLD = 3  # of the entries nearest to a product that none fits

# ---------------------------------------------------------------- catalogue


def catalogue_no_match(case: Case) -> Iterator[Flag]:
    """Flag a product that fits no entry of the track's catalogue; where the best one fits only fairly, a person has to look."""
    match = case.claim.catalogue_match
    if match is not None and match.score < FITS:
        product = case.value("product_name")
        raise NotRead("catalogue_match", product.source, f"“{product.text}”与目录条目{told(case, match.entry_id)}只部分相符")
    if case.claim.catalogue_match is None:
        product = case.value("product_name")
        near = "；最接近的是" + "、".join(told(case, c.entry_id) for c in case.claim.candidates[:TOLD]) if case.claim.candidates else ""
        yield case.flag(f"“{product.text}”在指导目录中未找到相符条目{near}", sources(product))


def catalogue_ambiguous(case: Case) -> Iterator[Flag]:
    """Flag a product that two or more entries fit about equally well."""
    product = case.claim.fields.get("product_name")
    rivals = case.claim.rivals if case.claim.catalogue_match else ()
    if product and len(rivals) > 1:
        named = "、".join(told(case, entry_id) for entry_id in rivals)
        yield case.flag(f"“{product.text}”与多个目录条目相近：{named}，请核定", sources(product), candidates=list(rivals))


def told(case: Case, entry_id: str) -> str:
    """An entry as messages tell it: its id and name, and, where it was among the best, the score and the reason for it."""
    entry = entry_with(case, entry_id)
    candidate = next((c for c in case.claim.candidates if c.entry_id == entry_id), None)
    score = f"相符度 {candidate.score:.2f}：{candidate.reason}" if candidate else ""
    return f"{entry_id}（{'，'.join(filter(None, (entry.name if entry else '', score)))}）"


def specification_below_threshold(case: Case) -> Iterator[Flag]:
    """Flag each figure of the product that misses its entry's threshold; a figure that equals it is enough.

    A figure that can't be compared (a unit of another dimension, a range that meets it in part) is left to a person; one that no paper states needn't be stated.
    """
    entry = entry_of(case)
    if entry is None:
        return
    evidence = [field.source for paper in case.claim.papers for field in paper.parameters]
    verdicts = check(thresholds(entry.specification), figures_of(case.claim))
    for verdict in verdicts:
        if verdict.met is False and verdict.found is not None:
            need, found = verdict.threshold, verdict.found
            yield case.flag(
                f"{need.parameter}为{found.text}，未达到目录条目{entry.entry_id}（{entry.name}）要求的{need.text}", evidence[:3], parameter=need.parameter, required=need.text, found=found.text)
    untold = next((verdict for verdict in verdicts if verdict.met is None and verdict.found), None)
    if untold:
        raise NotRead("technical_parameters", next(iter(evidence), None), untold.reason)


def entry_of(case: Case) -> CatalogueEntry | None:
    """The catalogue entry that the product was matched to."""
    match = case.claim.catalogue_match
    return entry_with(case, match.entry_id) if match else None


def _by_id(table: tuple[CatalogueEntry, ...]) -> dict[tuple[str, str], CatalogueEntry]:
    return {(entry.scheme, entry.entry_id): entry for entry in reversed(table)}


_entries = Prepared(_by_id)


def entry_with(case: Case, entry_id: str) -> CatalogueEntry | None:
    """The scheme's catalogue entry of an id."""
    return _entries(case.reference.catalogue).get((case.claim.scheme, entry_id))


# ---------------------------------------------------------------- cover and caps


def coverage_below_value(case: Case) -> Iterator[Flag]:
    """Flag a liability limit below the equipment's value (unit price × quantity), or below twice that for a core component."""
    insured = case.value("sum_insured")
    value, evidence = _equipment_value(case)
    times = case.limit.times_component if is_component(case) else case.limit.times
    if times is None:
        return
    required = value * times
    found = number("sum_insured", insured)
    stated = money_of(insured)
    if found + (stated.step / HALF if stated else 0) < required:
        least = f"装备价值 {rmb(value)}" + (f"的 {plain(times)} 倍（{rmb(required)}）" if times != 1 else "")
        yield case.flag(f"保险责任限额 {rmb(found)}，低于{least}", [insured.source, *evidence], required=yuan(required), found=yuan(found))


def _equipment_value(case: Case) -> tuple[Decimal, list[Region | None]]:
    """Unit price × quantity: the form's, else the contracts'. Accessories are no part of it. Raises NotRead."""
    for papers in ([case.form] if case.form else [], case.papers(CONTRACT)):
        parts = []
        for paper in papers:
            price, quantity = paper.fields.get("unit_price"), paper.fields.get("insured_quantity" if paper.type is FORM else "quantity")
            if price and quantity and believable(price) and believable(quantity) and price.decimal is not None and quantity.decimal is not None:
                parts.append((price.decimal * quantity.decimal, [price.source, quantity.source]))
        if parts and len(parts) == len(papers):
            return sum((amount for amount, _ in parts), Decimal(0)), [source for _, found in parts for source in found]
    raise NotRead("unit_price")


def is_component(case: Case) -> bool:
    """Whether the equipment is a core component. The form's box 机器人或零部件 covers robots as well, which count as complete machines."""
    form = case.form
    box = form.fields.get("product_category") if form else None
    entry = entry_of(case)
    if box is not None and box.text != "component":
        return False
    category = entry.category if entry else ""
    if category:
        return "零部件" in category or "部件" in category or "元件" in category
    if box is None:
        return False
    name = case.claim.fields.get("product_name")
    return not (name and name.text.endswith(("机器人", "机械手")))


def sum_insured_above_cap(case: Case) -> Iterator[Flag]:
    """Flag a sum insured above the multiple of the contract amount, or above the cap in yuan; equal is within."""
    insured = case.value("sum_insured")
    found = number("sum_insured", insured)
    stated = money_of(insured)
    room = stated.step / HALF if stated else Decimal(0)
    caps = [(case.limit.at_most, f"最高限额 {rmb(case.limit.at_most)}")] if case.limit.at_most is not None else []
    evidence = sources(insured)
    contract = case.claim.fields.get("contract_amount")
    if case.limit.times is not None and contract is not None and case.was_read(contract):
        basis = money_of(contract)
        amount = number("contract_amount", contract)
        most = amount * case.limit.times
        caps.append((most, f"合同金额 {rmb(amount)}的 {plain(case.limit.times)} 倍（{rmb(most)}）"))
        room = max(room, basis.step * case.limit.times / HALF if basis else Decimal(0))
        evidence += sources(contract)
    cap, name = min(caps, default=(found, ""))
    if found > cap + room:
        yield case.flag(f"保险金额 {rmb(found)}，超过{name}", evidence, cap=yuan(cap), found=yuan(found))


def rate_above_cap(case: Case) -> Iterator[Flag]:
    """Flag a premium rate above the scheme's cap; a rate equal to the cap is within it.

    Source: ningbo-2020, 三（一）2 equipment, 三（二）1 material, 三（三）1 software: "最高不超过3%".
    """
    rate = case.value("premium_rate")
    found, cap = number("premium_rate", rate), case.limit.at_most
    if cap is not None and found > cap:
        yield case.flag(f"保险费率 {plain(found)}%，超过最高费率 {plain(cap)}%", sources(rate), found=plain(found))


# ---------------------------------------------------------------- what was paid


def subsidy_above_limit(case: Case) -> Iterator[Flag]:
    """Flag a subsidy above the scheme's share of the premium paid: the lowest of what invoices, vouchers and (equipment) the form show."""
    asked = case.value("subsidy_requested")
    paid, evidence = _paid(case, with_form=case.track is Track.EQUIPMENT)
    share = case.limit.at_most
    if paid is None or share is None:
        return
    limit = paid.decimal or Decimal(0)
    limit = limit * share / 100
    found, stated, basis = number("subsidy_requested", asked), money_of(asked), money_of(paid)
    room = max(stated.step if stated else Decimal(0), basis.step if basis else Decimal(0), Decimal("0.01")) / HALF
    if found > limit + room:
        yield case.flag(
            f"申请补贴 {rmb(found)}，超过实缴保费 {rmb(basis.amount if basis else limit)}的 {plain(share)}%（{rmb(limit)}）", [asked.source, *evidence], limit=yuan(limit), found=yuan(found))


def premium_underpaid(case: Case) -> Iterator[Flag]:
    """Flag where invoices and vouchers show less than the share of the premium that must have been paid; equal is enough."""
    premium = case.value("premium")
    paid, evidence = _paid(case, with_form=False)
    share = case.limit.at_least
    if paid is None or share is None:
        return
    required = number("premium", premium) * share / 100
    found = number("premium_paid", paid)
    if found + Decimal("0.01") < required:
        yield case.flag(
            f"发票和支付凭证显示已支付保费 {rmb(found)}，不足保费 {rmb(number('premium', premium))}的 {plain(share)}%（{rmb(required)}）", [premium.source, *evidence],
            required=yuan(required), found=yuan(found))


def _paid(case: Case, with_form: bool) -> tuple[Field | None, list[Region | None]]:
    """The lowest of what the premium's invoices, its vouchers and the form show as paid; None where none is there.

    Raises NotRead where a paper's amount wasn't read with confidence and no other paper shows the same.
    """
    shown: list[Field] = []
    for kind, name in ((PREMIUM_INVOICE, "total_amount"), (VOUCHER, "amount")):
        papers = case.papers(kind)
        if not papers:
            continue
        added = sum_of(case.claim.papers, kind, name)
        doubtful = next((p for p in papers if name not in p.fields or not case.believed(p, p.fields[name])), None)
        if added is None or (doubtful and not (len(voices(papers, name)) == len(papers) and case.shown_elsewhere(kind, added))):
            raise NotRead(f"{kind.value}.{name}", (doubtful or papers[0]).region)
        shown.append(added)
    form = case.form
    stated = form.fields.get("premium_paid") if form else None
    if with_form and form and stated and case.believed(form, stated):
        shown.append(stated)
    return _finest_lowest(shown), [f.source for f in shown]


def _finest_lowest(shown: Sequence[Field]) -> Field | None:
    """The lowest amount; where another that may be the same one is printed finer, that one: 5.1283 万元 on the form is 51,283.13 元 on the invoice."""
    lowest = min(shown, key=lambda f: f.decimal or Decimal(0), default=None)
    known = money_of(lowest) if lowest else None
    if known is None:
        return lowest
    same = [(money.step, n) for n, field in enumerate(shown) if (money := money_of(field)) and money.agrees(known)]
    return shown[min(same)[1]]


# ---------------------------------------------------------------- covers

_BASE = ("质量安全", "产品质量", "质量保证", "产品责任", "首批次应用综合", "首批次应用保险", "首批次综合")
_VOLUNTARY = ("环境污染", "安全生产")


def base_cover_missing(case: Case) -> Iterator[Flag]:
    """Flag a material's policy that insures environmental or work-safety liability without the product's quality-safety liability."""
    for policy in case.papers(PaperType.INSURANCE_POLICY):
        if "insurance_product" not in policy.fields and not policy.rows:
            raise NotRead("insurance_policy.insurance_product", policy.region)
        listed = [row["cover"] for row in policy.rows if "cover" in row]
        title = policy.fields.get("insurance_product")
        said = [*listed, *([title] if title else [])]
        beside = [field for field in said if any(word in field.text for word in _VOLUNTARY)]
        if beside and not any(word in field.text for field in said for word in _BASE):
            if not all(believable(field) for field in said):
                raise NotRead("insurance_policy.insurance_product", said[0].source)
            yield case.flag(f"保单承保{'、'.join(field.text for field in beside)}，但未投保新材料产品质量安全责任保险", sources(*beside))


# ---------------------------------------------------------------- who buys, who applies

# what papers call a party's particulars: in `extra` under buyer_ and seller_, on the forms under their own names
_FORM_OF_APPLICANT = {"legal_representative": "legal_representative", "contact_phone": "phone", "address": "address", "bank_account": "bank_account"}
_FORM_OF_BUYER = {"buyer_phone": "phone", "buyer_address": "address"}


def related_party_buyer(case: Case) -> Iterator[Flag]:
    """Flag the first buyer that is related to the applicant; a likeness of names is only a hint, for review in every track."""
    applicant = case.value("applicant_name")
    found: list[tuple[Relation, Field]] = []
    for buyer in case.claim.buyers:
        if buyer.name is None:
            continue
        papers = (_applicant_particulars(case), _buyer_particulars(case, buyer.name.text))
        at_least = case.limit.at_least
        relation = find_relation(applicant.text, buyer.name.text, case.register, papers, at_least) if at_least is not None else None
        if relation:
            found.append((relation, buyer.name))
    if not found:
        _sure_of_buyers(case)
        return
    relation, name = next(((r, n) for r, n in found if not r.hint), found[0])
    yield case.flag(
        f"用户“{name.text}”与投保企业可能为关联企业：{relation.reason}", sources(name), severity=Severity.REVIEW if relation.hint else None,
        path=list(relation.path), percent=relation.percent, buyer=name.text, relation=relation.kind.value, links=[list(link) for link in relation.links])


def _sure_of_buyers(case: Case) -> None:
    """Raises NotRead where a buyer's name wasn't read with confidence, so that nothing can be said against it."""
    if not case.claim.buyers:
        raise NotRead("buyer_name")
    for buyer in case.claim.buyers:
        if buyer.name is None or not (believable(buyer.name) or case.register.find(buyer.name.text)):
            raise NotRead("buyer_name", buyer.name.source if buyer.name else None)


def _applicant_particulars(case: Case) -> Particulars:
    said: dict[str, set[str]] = {}
    for paper in case.claim.papers:
        if paper.type is FORM:
            _gather(said, paper, _FORM_OF_APPLICANT)
        elif paper.type is PaperType.BUSINESS_LICENCE:
            _gather(said, paper, {"legal_representative": "legal_representative", "address": "address"})
        _extra(said, paper, "seller_")
    return Particulars("", {k: frozenset(v) for k, v in said.items()})


def _buyer_particulars(case: Case, name: str) -> Particulars:
    """What papers and register say about a buyer. Where the register knows its legal representative, a contract's other one is a misreading."""
    said: dict[str, set[str]] = {}
    company = case.company(name)
    for paper in case.claim.papers:
        if paper.type is FORM:
            _gather(said, paper, _FORM_OF_BUYER)
        elif "buyer_name" in paper.fields and normalise(paper.fields["buyer_name"].text) == normalise(name):
            _extra(said, paper, "buyer_")
    if company:
        for particular, value in (("legal_representative", company.legal_representative), ("phone", company.phone), ("address", company.address)):
            if value and particular == "legal_representative":
                said[particular] = {value}
            elif value:
                said.setdefault(particular, set()).add(value)
    return Particulars(name, {k: frozenset(v) for k, v in said.items()})


def _gather(said: dict[str, set[str]], paper: Paper, names: dict[str, str]) -> None:
    for field, particular in names.items():
        if field in paper.fields and believable(paper.fields[field]):
            said.setdefault(particular, set()).add(paper.fields[field].text)


def _extra(said: dict[str, set[str]], paper: Paper, party: str) -> None:
    """A contract's particulars of one party; one that both parties share is believed only where they stand side by side, not pages apart."""
    other = "seller_" if party == "buyer_" else "buyer_"
    for name, field in paper.extra.items():
        if not name.startswith(party) or not believable(field):
            continue
        particular = name.removeprefix(party)
        twin = paper.extra.get(other + particular)
        if twin and twin.text == field.text and _page(twin) != _page(field):
            continue
        said.setdefault(particular, set()).add(field.text)


def _page(field: Field) -> tuple[str, int] | None:
    return (field.source.file, field.source.page) if field.source else None


def trader_buyer(case: Case) -> Iterator[Flag]:
    """Flag the first buyer that is a trader; a name alone is a hint, for review in every track."""
    found: list[tuple[Trade, Field]] = []
    for buyer in case.claim.buyers:
        trade = find_trade(buyer.name.text, case.company(buyer.name.text)) if buyer.name else None
        if trade and buyer.name:
            found.append((trade, buyer.name))
    if not found:
        _sure_of_buyers(case)
        return
    trade, name = next(((t, n) for t, n in found if not t.hint), found[0])
    yield case.flag(
        f"用户“{name.text}”可能为贸易商：{trade.reason}", sources(name), severity=Severity.REVIEW if trade.hint else None, buyer=name.text, reason=trade.sign.value)


def restricted_applicant(case: Case) -> Iterator[Flag]:
    """Flag an applicant that stands, as any of the papers writes it, among the restricted companies on the form's date; a restriction's last day still counts."""
    applicant = case.claim.fields.get("applicant_name")
    if applicant is None:
        raise NotRead("applicant_name")
    form = case.form
    written = form.fields.get("form_date") if form else None
    names = {normalise(applicant.text)} | {
        normalise(paper.fields[name].text) for kind, name in SOURCES["applicant_name"] for paper in case.papers(kind) if name in paper.fields}
    entries = [entry for entry in case.reference.restricted or () if normalise(entry.company) in names]
    if not entries:
        case.value("applicant_name")  # where the name is doubtful nothing speaks for it either
        return
    day = as_date(written.text) if written and believable(written) else None
    for entry in entries:
        if entry.until is None or (day is not None and day <= entry.until):
            until = entry.until.isoformat() if entry.until else ""
            yield case.flag(
                f"投保企业“{applicant.text}”在限制名单中：{entry.reason}" + (f"，期限至{until}" if until else ""), sources(applicant, written), reason=entry.reason, until=until)
            return
    if day is None:
        raise NotRead("form_date", written.source if written else None)


