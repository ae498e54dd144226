"""Sales, purchase, development and service contracts: parties, goods, prices, date, quality deposit.

In:    a contract's pages in reading order: tables or clauses, a cover sheet or none, any names for the parties.
Out:   the contract's fields; `rows` (goods: product_name, product_model, quantity, unit, unit_price, amount), `parameters` (technical figures),
       `extra`: amount_in_words, contract_amount_in_figures (where the words were believed instead) and who the parties are (buyer_/seller_ legal_representative, phone, address, bank_name, bank_account, credit_code).
Fails: what isn't found is absent.
Elsewhere: how amounts, dates and names are written (extractors/language, models); whether the parties are related (pipeline/rules).

Who buys is read from the text: from the parties' names (买受人, 供方, 定作人), else from what 甲方 and 乙方 are said to do.
A value that several places of the contract bear out, or that fits price × quantity = amount = amount in words, is surer.
"""

from __future__ import annotations

from collections.abc import Sequence

from extractors.language import RunningText, entities
from extractors.papers.base import Extracted
from extractors.papers.sales_contract.amount import find_amount
from extractors.papers.sales_contract.contract import Contract, without_brackets
from extractors.papers.sales_contract.deposit import find_quality_deposit
from extractors.papers.sales_contract.facts import find_facts
from extractors.papers.sales_contract.goods import find_goods, find_parameters, held_against, main_goods
from extractors.papers.sales_contract.mentions import ROLE_ROWS
from extractors.papers.sales_contract.number import find_number
from extractors.papers.sales_contract.parties import find_parties
from extractors.papers.sales_contract.signed import find_signed_on
from extractors.papers.sales_contract.words import known_roles
from extractors.sorting import distinct
from extractors.spread import with_spread_joined
from models.field import Field
from models.page import Page


def extract(pages: Sequence[Page]) -> Extracted:
    """Read a contract; see the module."""
    pages = [with_spread_joined(without_brackets(page), (*known_roles(), *ROLE_ROWS)) for page in distinct(pages)]
    running = RunningText.of(pages)
    contract = Contract(tuple(pages), running, tuple(entities(running.text)))
    parties = find_parties(contract)
    items = find_goods(contract)
    main = main_goods(items)
    amount, words, overruled = find_amount(contract, items)
    if len(items) == 1:
        main = held_against(main, amount)
    fields: dict[str, Field | None] = {
        "contract_number": find_number(contract),
        "buyer_name": parties.get("buyer"),
        "seller_name": parties.get("seller"),
        **{name: main.get(name) for name in ("product_name", "product_model", "quantity", "unit_price")},
        "contract_amount": amount,
        "signed_on": find_signed_on(contract),
        "quality_deposit": find_quality_deposit(contract),
    }
    facts = find_facts(contract, {side: f.text for side, f in parties.items()})
    return Extracted(
        fields={name: value for name, value in fields.items() if value is not None},
        extra={**facts, **({"amount_in_words": words} if words else {}), **({"contract_amount_in_figures": overruled} if overruled else {})},
        rows=tuple(items),
        parameters=tuple(find_parameters(contract)),
    )
