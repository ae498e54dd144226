"""One invented claim: who insured what for whom, and what each of its papers will say.

In:    a world, a track, a random.Random; the faults and near-misses to be put in (pipeline/samples/faults.py).
Out:   `Case`, whose `papers` hold typed values (Decimal yuan and percent, dates, text) for the drawing modules. All papers of a case
       agree until a fault changes what one of them says.
Elsewhere: how a paper looks (pipeline/samples/draw), what truth says of it (pipeline/samples/truth.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from random import Random
from typing import Any

from pipeline.samples import numbers
from pipeline.samples.catalogue import Figure, Kind, entry_id
from pipeline.samples.values import cents, floor_cents, year_after, years_before
from pipeline.samples.world import Company, Insurer, World

PREFIX = {"equipment": "EQ", "material": "MA", "software": "SW"}
RATES = ("1.2", "1.5", "1.8", "2", "2.2", "2.35", "2.5", "2.6", "2.8")
_ACCESSORIES = (("冷水机", 3), ("自动排屑器", 2), ("随机备件箱", 1), ("除尘过滤装置", 4), ("稳压电源柜", 2))
_MODEL_TAIL = ("", "A", "B", "H", "S")


@dataclass
class Values:
    """What one paper says: its contract type and typed values by name; `extra` is print that truth has no field for."""

    type: str
    says: dict[str, Any]
    extra: dict[str, Any] = field(default_factory=dict)
    seals: bool = True  # False: printed without the seal it should bear


@dataclass
class Contract:
    """One sales contract and its invoice."""

    number: str
    buyer: Company
    quantity: int
    unit_price: Decimal
    signed_on: date
    deposit: bool
    accessories: tuple[tuple[str, int, Decimal], ...] = ()

    @property
    def amount(self) -> Decimal:
        return self.quantity * self.unit_price + sum((n * price for _, n, price in self.accessories), Decimal(0))


@dataclass
class Case:
    """A submission in the making. Money in yuan, rates in percent; `shares`: parts of the premium paid, one a payment."""

    sid: str
    track: str
    year: int
    rng: Random
    world: World
    applicant: Company
    insurer: Insurer
    buyers: list[Company]
    kind: Kind
    product: str
    model: str
    unit: str
    figures: list[tuple[Figure, str]]
    rate: Decimal
    multiple: Decimal
    shares: list[Decimal]
    subsidy_rate: Decimal
    start: date
    form_day: date
    unit_price: Decimal
    quantities: list[int]
    policy_number: str
    year_no: int = 1
    contract_number: str = ""
    sum_insured: Decimal | None = None  # where it is not value × multiple
    other_name: str = ""  # what the contract and invoice call the product, where it differs
    matched: bool = True
    candidates: list[str] = field(default_factory=list)
    accessories: tuple[tuple[str, int, Decimal], ...] = ()
    signed_on: date | None = None
    covers: tuple[str, ...] = ()
    other_insurance: str = ""  # what the policy calls the insurance, where it isn't the insurer's usual product
    wan_decimals: int = 6
    papers: list[Values] = field(default_factory=list)
    contracts: list[Contract] = field(default_factory=list)
    flags: list[dict[str, Any]] = field(default_factory=list)
    planted: list[str] = field(default_factory=list)
    near: list[str] = field(default_factory=list)
    summary: dict[str, Any] | None = field(default_factory=dict)  # what the insurer's row says otherwise; None: no row
    total_off: Decimal = Decimal(0)  # by how much the total of the insurer's table is wrong
    loss: dict[str, Any] | None = None
    shared: str = ""  # names a page that stands in another submission too
    ledger: dict[str, Any] = field(default_factory=dict)  # what the insurer's books say, whatever a fault does to a paper
    with_certificate: bool = True
    with_ip: bool = True
    with_report: bool = True
    with_sales_invoice: bool = True

    @property
    def insurance(self) -> str:
        """What the policy calls the insurance."""
        return self.other_insurance or self.insurer.products[self.track]

    @property
    def buyer(self) -> Company:
        return self.buyers[0]

    @property
    def value(self) -> Decimal:
        """What the insured goods are worth by the contracts, accessories aside."""
        return sum((c.quantity * c.unit_price for c in self.contracts), Decimal(0))

    @property
    def contract_amount(self) -> Decimal:
        return sum((c.amount for c in self.contracts), Decimal(0))

    def of(self, kind: str) -> list[Values]:
        """The case's papers of a type, in the order of filing."""
        return [p for p in self.papers if p.type == kind]

    def one(self, kind: str) -> Values:
        """The first paper of a type. Raises IndexError where there is none."""
        return self.of(kind)[0]

    def entry(self) -> str | None:
        return entry_id(self.kind) if self.matched else None


def draft(sid: str, track: str, year: int, world: World, rng: Random) -> Case:
    """A sound claim with everything chosen but not yet settled, so that faults can still turn its knobs."""
    kind = rng.choice(world.stock.kinds[track])
    insurer = rng.choice(world.insurers)
    low, high = kind.price
    price = Decimal(rng.randint(low, high))
    step = Decimal(10) ** max(0, len(str(low)) - 3)
    model = kind.model.replace(
        "#", f"{rng.randint(1, 6)}.{rng.randint(0, 9)}" if track == "software" else str(rng.choice((rng.randint(120, 990), rng.randint(1000, 9800) // 10 * 10)))
    ) + ("" if track == "software" else rng.choice(_MODEL_TAIL))
    start = date(year - 1, 1, 12) + timedelta(days=rng.randrange(270))
    if rng.random() < 0.4:
        start = start.replace(day=1)
    names = (kind.name, *kind.aliases)
    return Case(
        sid=sid,
        track=track,
        year=year,
        rng=rng,
        world=world,
        applicant=world.applicant(track),
        insurer=insurer,
        buyers=[world.buyer(track)],
        kind=kind,
        product=rng.choice(names),
        model=model,
        unit=kind.unit,
        figures=[(f, better(f, rng)) for f in kind.figures],
        rate=Decimal(rng.choice(RATES)),
        multiple=Decimal(_multiple(track, kind, rng)),
        shares=[Decimal(1)],
        subsidy_rate=Decimal(80) if track != "software" else Decimal(rng.choice(("80", "80", "70", "60"))),
        start=start,
        form_day=date(year, 1, rng.randint(4, 29)),
        unit_price=price // step * step if step > 1 else price,
        quantities=[rng.randint(*kind.quantity)],
        policy_number=numbers.fill(rng, insurer.policy, start.year),
        with_certificate=track == "equipment" and rng.random() < 0.85,
        with_ip=track == "software" or rng.random() < 0.3,
        with_report=track == "material" or (track == "software" and rng.random() < 0.3),
        with_sales_invoice=track == "equipment" or rng.random() < 0.35,
        covers=_covers(track),
        contract_number=numbers.fill(rng, rng.choice(world.stock.contract_numbers), start.year),
    )


def _multiple(track: str, kind: Kind, rng: Random) -> str:
    if track == "equipment":
        return rng.choice(("2", "2", "2.5", "3") if kind.component or kind.category == "机器人" else ("1", "1.1", "1.2", "1.5"))
    return rng.choice(("1.5", "2", "3", "4") if track == "material" else ("1", "1.5", "2", "2.5"))


def _covers(track: str) -> tuple[str, ...]:
    return {"equipment": ("产品质量保证保险", "产品责任保险"), "material": ("质量安全责任保险",), "software": ("软件质量责任", "用户损失责任")}[track]


def better(figure: Figure, rng: Random) -> str:
    """A figure that meets the threshold with something to spare, as the test measured it."""
    return _moved(figure, Decimal(rng.randint(2, 18)) / 100)


def worse(figure: Figure, rng: Random) -> str:
    """A figure that clearly misses the threshold."""
    return _moved(figure, -Decimal(rng.randint(14, 26)) / 100)


def _moved(figure: Figure, part: Decimal) -> str:
    value = Decimal(figure.value)
    up = part if figure.sign == "≥" else -part
    near_all = figure.unit == "%" and value > 80  # what is left to 100 moves, not the whole
    moved = value + (100 - value) * (part * 3 if part > 0 else part * 6) if near_all else value + abs(value) * up
    places = max(0, -int(value.as_tuple().exponent))
    digits = places + (1 if abs(value) < 20 or places else 0)
    moved = moved.quantize(Decimal(1).scaleb(-digits))
    if moved == value:
        moved += Decimal(1).scaleb(-digits) * (1 if up > 0 else -1)
    return f"{moved.normalize():f}"


def settle(case: Case) -> None:
    """Work out what follows from the choices, and write each paper's values."""
    rng = case.rng
    first_start = years_before(case.start, case.year_no - 1)
    signed = case.signed_on or first_start - timedelta(days=rng.randint(12, 95))
    for index, quantity in enumerate(case.quantities):
        buyer = case.buyers[index % len(case.buyers)]
        number = case.contract_number if index == 0 else numbers.fill(rng, rng.choice(case.world.stock.contract_numbers), signed.year)
        case.contracts.append(
            Contract(number, buyer, quantity, case.unit_price, signed + timedelta(days=index * 4), rng.random() < 0.4, case.accessories if index == 0 else ())
        )
    total = case.sum_insured if case.sum_insured is not None else cents(case.value * case.multiple)
    case.sum_insured = total
    premium = cents(total * case.rate / 100)
    paid = [cents(premium * share) for share in case.shares]
    if len(paid) > 1 and sum(case.shares) == 1:
        paid[-1] = premium - sum(paid[:-1], Decimal(0))
    subsidy = floor_cents(sum(paid, Decimal(0)) * case.subsidy_rate / 100)
    if case.wan_decimals < 6:
        subsidy = _rounded_subsidy(case, sum(paid, Decimal(0)), subsidy)
    case.ledger = {"premium": premium, "paid": sum(paid, Decimal(0)), "subsidy": subsidy, "contract": case.contract_amount}
    case.papers = [_form(case, premium, sum(paid, Decimal(0)), subsidy), _licence(case)]
    case.ledger["certificate"] = case.one("application_form").says.get("certificate_number", "")
    for contract in case.contracts:
        case.papers.append(_contract(case, contract))
        if case.with_sales_invoice:
            case.papers.append(_sales_invoice(case, contract))
    case.papers.append(_policy(case, total, premium))
    for index, amount in enumerate(paid):
        case.papers.extend(_payment(case, amount, index))
    if case.with_certificate:
        case.papers.append(
            Values(
                "first_set_certificate",
                {
                    "certificate_number": case.one("application_form").says.get("certificate_number", ""),
                    "company_name": case.applicant.name,
                    "product_name": case.product,
                    "product_model": case.model,
                },
                {"day": first_start - timedelta(days=rng.randint(100, 400)), "district": case.applicant.district},
            )
        )
    if case.with_report:
        case.papers.append(_report(case))
    if case.with_ip:
        case.papers.append(_ip(case))


def _rounded_subsidy(case: Case, paid: Decimal, exact: Decimal) -> Decimal:
    """The subsidy where the form's amounts are rounded to the yuan: within half a yuan of both the limit and the form's own product.

    Where no whole yuan is, the form writes all digits after all.
    """
    written = paid.quantize(Decimal(1), ROUND_HALF_UP)
    product, limit = written * case.subsidy_rate / 100, min(written, paid) * case.subsidy_rate / 100
    half = Decimal("0.5")
    for whole in (product.quantize(Decimal(1), ROUND_DOWN), product.quantize(Decimal(1), ROUND_UP)):
        if product - half <= whole <= limit + half and abs(whole - exact) <= half:
            return whole
    case.wan_decimals = 6
    return exact


def _form(case: Case, premium: Decimal, paid: Decimal, subsidy: Decimal) -> Values:
    rng, a, i = case.rng, case.applicant, case.insurer
    says: dict[str, Any] = {
        "applicant_name": a.name,
        "contact_name": a.contact,
        "contact_phone": a.mobile,
        "insurer_name": i.name,
        "insurer_contact": case.world.person(),
        "insurer_phone": rng.choice((i.phone, numbers.mobile(rng))),
        "product_name": case.product,
        "premium_rate": case.rate,
        "premium": premium,
        "subsidy_requested": subsidy,
        "period_start": case.start,
        "period_end": year_after(case.start),
        "form_date": case.form_day,
    }
    if case.track == "equipment":
        says |= {
            "bank_account": a.account,
            "bank_name": a.bank,
            "product_model": case.model,
            "product_category": case.kind.ticked if case.matched else "complete_set",
            "certificate_number": numbers.fill(rng, rng.choice(case.world.stock.certificates), case.start.year - 1),
            "district": a.district,
            "unit_price": case.unit_price,
            "insured_quantity": sum(case.quantities),
            "total_quantity": sum(case.quantities),
            "policy_number": case.policy_number,
            "insurance_year": str(case.year_no),
            "subsidy_rate": case.subsidy_rate,
            "premium_paid": paid,
            "users": [(b.name, q) for b, q in _users(case)],
        }
        return Values("application_form", says)
    b = case.buyer
    says |= {
        "legal_representative": a.legal,
        "main_business": a.scope.split("；")[0],
        "address": a.address,
        "sum_insured": case.sum_insured,
        "contract_amount": case.contract_amount,
        "buyer_name": b.name,
        "buyer_contact": b.contact,
        "buyer_address": b.address,
        "buyer_phone": rng.choice((b.mobile, b.phone)),
    }
    if case.track == "material":
        says |= {"insured_quantity": sum(case.quantities), "technical_parameters": figures_text(case) or "按企业标准执行，见检测报告"}
        usage = rng.choice(
            (
                "用于用户{n}产品的关键部件，经小批量试用，性能满足要求，已批量采购。",
                "该材料替代进口，用于{n}生产线，使用情况良好。",
                "首批次应用于{n}主力产品，运行稳定，未出现质量问题。",
            )
        )
    else:
        says |= {"product_type": case.kind.category if case.matched else "纯软件"}
        usage = rng.choice(
            (
                "软件已在{n}上线运行，功能满足合同约定，运行稳定。",
                "已在{n}完成部署并通过验收，日均在线用户50余人。",
                "在{n}部署应用，实现业务数据在线管理，应用效果良好。",
            )
        )
    return Values("application_form", says, {"usage": usage.replace("{n}", b.short), "unit": case.unit})


def figures_text(case: Case) -> str:
    """The measured figures as papers list them: "纯度99.996%，平均晶粒尺寸40μm"."""
    return "，".join(f"{f.name}{value}{f.unit}" for f, value in case.figures)


def _users(case: Case) -> list[tuple[Company, int]]:
    """Users and their quantities, a user's contracts added up."""
    totals: dict[str, int] = {}
    for contract in case.contracts:
        totals[contract.buyer.name] = totals.get(contract.buyer.name, 0) + contract.quantity
    by_name = {b.name: b for b in case.buyers}
    return [(by_name[name], q) for name, q in totals.items()]


def _licence(case: Case) -> Values:
    a = case.applicant
    return Values(
        "business_licence",
        {
            "company_name": a.name,
            "credit_code": a.credit_code,
            "legal_representative": a.legal,
            "registered_capital": Decimal(a.capital),
            "established_on": a.founded,
            "address": a.address,
            "business_scope": a.scope,
        },
        {"kind": a.kind, "district": a.district},
    )


def _contract(case: Case, c: Contract) -> Values:
    says = {
        "contract_number": c.number,
        "buyer_name": c.buyer.name,
        "seller_name": case.applicant.name,
        "product_name": case.other_name or case.product,
        "product_model": case.model,
        "quantity": c.quantity,
        "unit_price": c.unit_price,
        "contract_amount": c.amount,
        "signed_on": c.signed_on,
        "quality_deposit": c.deposit,
    }
    return Values(
        "sales_contract",
        says,
        {
            "buyer": c.buyer,
            "seller": case.applicant,
            "unit": case.unit,
            "accessories": c.accessories,
            "words": c.amount,
            "figures": figures_text(case),
            "track": case.track,
        },
    )


def _sales_invoice(case: Case, c: Contract) -> Values:
    tax_rate = Decimal(13 if case.track != "software" or "软件" in case.kind.category else 6)
    net = cents(c.amount * 100 / (100 + tax_rate))
    day = min(c.signed_on + timedelta(days=case.rng.randint(12, 75)), case.form_day - timedelta(days=4))
    says = {
        "invoice_number": numbers.fill(case.rng, "########"),
        "invoice_date": day,
        "buyer_name": c.buyer.name,
        "seller_name": case.applicant.name,
        "product_name": case.other_name or case.product,
        "quantity": c.quantity,
        "amount_excluding_tax": net,
        "tax_amount": c.amount - net,
        "total_amount": c.amount,
    }
    return Values(
        "sales_invoice",
        says,
        {
            "buyer": c.buyer,
            "seller": case.applicant,
            "unit": case.unit,
            "model": case.model,
            "tax": case.kind.tax,
            "tax_rate": tax_rate,
            "accessories": c.accessories,
            "code": numbers.fill(case.rng, "3302{yy}#130", day.year),
            "words": c.amount,
            "people": [case.world.person() for _ in range(3)],
            "unit_price": c.unit_price,
        },
    )


def _policy(case: Case, total: Decimal, premium: Decimal) -> Values:
    i, a = case.insurer, case.applicant
    end = year_after(case.start)
    says = {
        "policy_number": case.policy_number,
        "insurer_name": i.name,
        "policyholder_name": a.name,
        "insured_name": a.name,
        "insurance_product": case.insurance,
        "product_name": case.product,
        "sum_insured": total,
        "premium_rate": case.rate,
        "premium": premium,
        "period_start": case.start,
        "period_end": end,
    }
    return Values(
        "insurance_policy",
        says,
        {
            "insurer": i,
            "applicant": a,
            "buyers": [b.name for b in case.buyers],
            "model": case.model,
            "signed": case.start - timedelta(days=case.rng.randint(0, 6)),
            "covers": case.covers,
            "quantity": sum(case.quantities),
            "unit": case.unit,
            "track": case.track,
            "words": premium,
            "total_words": total,
            "contracts": [c.number for c in case.contracts],
        },
    )


def _payment(case: Case, amount: Decimal, index: int) -> list[Values]:
    rng, i, a = case.rng, case.insurer, case.applicant
    day = min(case.start + timedelta(days=rng.randint(0, 12) + 55 * index), case.form_day - timedelta(days=3))
    paid_on = min(day + timedelta(days=rng.randint(0, 9)), case.form_day - timedelta(days=1))
    net = cents(amount * 100 / 106)
    invoice = Values(
        "premium_invoice",
        {"invoice_number": numbers.fill(rng, "########"), "invoice_date": day, "buyer_name": a.name, "seller_name": i.name, "total_amount": amount},
        {
            "buyer": a,
            "seller": i,
            "net": net,
            "tax_rate": Decimal(6),
            "code": numbers.fill(rng, "3302{yy}4130", day.year),
            "words": amount,
            "policy_number": case.policy_number,
            "people": [case.world.person() for _ in range(3)],
            "product": case.insurance,
        },
    )
    voucher = Values(
        "payment_voucher",
        {
            "payer_name": a.name,
            "payee_name": i.name,
            "amount": amount,
            "paid_on": paid_on,
            "voucher_number": numbers.fill(rng, rng.choice(case.world.stock.vouchers), paid_on.year),
        },
        {
            "payer": a,
            "payee": i,
            "words": amount,
            "policy_number": case.policy_number,
            "time": f"{rng.randint(8, 17):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}",
        },
    )
    return [invoice, voucher]


def _report(case: Case) -> Values:
    rng, stock = case.rng, case.world.stock
    goods = case.track == "material"
    conclusion = rng.choice(stock.conclusions_of_goods if goods else stock.conclusions_of_software)
    office = rng.choice(stock.offices_of_goods if goods else stock.offices_of_software)
    says = {
        "report_number": numbers.fill(
            rng, rng.choice(stock.reports), case.start.year
        ),
        "company_name": case.applicant.name,
        "product_name": case.product,
        "conclusion": conclusion,
    }
    return Values(
        "test_report",
        says,
        {
            "office": office,
            "model": case.model,
            "figures": case.figures,
            "day": case.start - timedelta(days=rng.randint(15, 160)),
            "track": case.track,
            "address": case.applicant.address,
        },
    )


def _ip(case: Case) -> Values:
    rng = case.rng
    soft = case.track == "software"
    day = case.start - timedelta(days=rng.randint(60, 500))
    serial = f"软著登字第{rng.randint(3000000, 7999999)}号" if soft else str(rng.randint(5000000, 13999999))
    number = numbers.fill(rng, "{y}SR0######", day.year) if soft else numbers.fill(rng, "ZL {y} 1 #######.#", day.year - 2)
    return Values(
        "ip_certificate",
        {"certificate_number": number, "company_name": case.applicant.name, "product_name": case.product},
        {"day": day, "soft": soft, "version": case.model if soft else "", "serial": serial, "people": [case.world.person() for _ in range(3)]},
    )


def books(case: Case) -> dict[str, Any]:
    """What the insurer reports of a finished case: as its policy, the form and the payments have it."""
    form, known = case.one("application_form").says, case.ledger
    policy, contracts, invoices = case.of("insurance_policy"), case.of("sales_contract"), case.of("premium_invoice")
    paid = form.get("premium_paid") or sum((i.says["total_amount"] for i in invoices), Decimal(0)) or known["paid"]
    return known | {
        "subsidy": form["subsidy_requested"],
        "paid": paid,
        "premium": policy[0].says["premium"] if policy else known["premium"],
        "contract": sum((c.says["contract_amount"] for c in contracts), Decimal(0)) or known["contract"],
        "quantity": form.get("insured_quantity") or sum(case.quantities),
    }
