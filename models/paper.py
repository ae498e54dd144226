"""Papers: the document types of the contract, the fields each shows, and what kind of value each field is.

Source: the contract, "Document types and their fields" and "Value formats". This is the one table of field names.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from models.field import Field, Region
from models.geometry import WHOLE_PAGE
from models.page import Frozen, Seal


class Track(StrEnum):
    EQUIPMENT = "equipment"  # 高端装备
    MATERIAL = "material"  # 新材料
    SOFTWARE = "software"  # 软件
    QUALIFICATION = "qualification"  # national, 资格
    FUND = "fund"  # national, 资金


class PaperType(StrEnum):
    APPLICATION_FORM = "application_form"
    BUSINESS_LICENCE = "business_licence"
    SALES_CONTRACT = "sales_contract"
    SALES_INVOICE = "sales_invoice"
    INSURANCE_POLICY = "insurance_policy"
    PREMIUM_INVOICE = "premium_invoice"
    PAYMENT_VOUCHER = "payment_voucher"
    FIRST_SET_CERTIFICATE = "first_set_certificate"
    TEST_REPORT = "test_report"
    IP_CERTIFICATE = "ip_certificate"
    DELIVERY_PROOF = "delivery_proof"
    INSURER_SUMMARY = "insurer_summary"
    CLAIMS_SUMMARY = "claims_summary"
    COVER = "cover"
    OTHER = "other"


class Kind(StrEnum):
    """How a field's value is written in the contract, and so how two of them are compared."""

    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    QUANTITY = "quantity"
    YES_NO = "yes_no"
    NAME = "name"  # of a company, an office, a bank
    NUMBER = "number"  # of a document, an account, a telephone
    TEXT = "text"


# field -> kind; what isn't named here is TEXT
KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(
        ("premium", "premium_paid", "subsidy_requested", "unit_price", "sum_insured", "contract_amount", "registered_capital",
         "amount_excluding_tax", "tax_amount", "total_amount", "amount"), Kind.MONEY),
    **dict.fromkeys(("premium_rate", "subsidy_rate"), Kind.PERCENT),
    **dict.fromkeys(("form_date", "period_start", "period_end", "signed_on", "invoice_date", "paid_on", "established_on", "accepted_on"), Kind.DATE),
    **dict.fromkeys(("insured_quantity", "total_quantity", "quantity", "insurance_year"), Kind.QUANTITY),
    "quality_deposit": Kind.YES_NO,
    **dict.fromkeys(
        ("applicant_name", "insurer_name", "buyer_name", "seller_name", "company_name", "policyholder_name", "insured_name", "payer_name", "payee_name", "bank_name"),
        Kind.NAME),
    **dict.fromkeys(
        ("policy_number", "contract_number", "invoice_number", "voucher_number", "certificate_number", "report_number", "credit_code", "bank_account",
         "contact_phone", "insurer_phone", "buyer_phone"), Kind.NUMBER),
}


def kind_of(field: str) -> Kind:
    """The kind of a field's value."""
    return KINDS.get(field, Kind.TEXT)


_FORM = ("applicant_name", "contact_name", "contact_phone", "insurer_name", "insurer_contact", "insurer_phone", "product_name", "premium_rate", "premium",
         "subsidy_requested", "period_start", "period_end", "form_date")
FORM_FIELDS: Mapping[Track, tuple[str, ...]] = {
    Track.EQUIPMENT: (*_FORM, "bank_account", "bank_name", "product_model", "product_category", "certificate_number", "district", "unit_price", "insured_quantity",
                      "total_quantity", "policy_number", "insurance_year", "subsidy_rate", "premium_paid"),
    Track.MATERIAL: (*_FORM, "legal_representative", "main_business", "address", "insured_quantity", "sum_insured", "contract_amount", "technical_parameters",
                     "buyer_name", "buyer_contact", "buyer_address", "buyer_phone"),
    Track.SOFTWARE: (*_FORM, "legal_representative", "main_business", "address", "sum_insured", "contract_amount", "product_type",
                     "buyer_name", "buyer_contact", "buyer_address", "buyer_phone"),
}

# the forms' fields differ by track and stand above
FIELDS: Mapping[PaperType, tuple[str, ...]] = {
    PaperType.BUSINESS_LICENCE: ("company_name", "credit_code", "legal_representative", "registered_capital", "established_on", "address", "business_scope"),
    PaperType.SALES_CONTRACT: ("contract_number", "buyer_name", "seller_name", "product_name", "product_model", "quantity", "unit_price", "contract_amount", "signed_on",
                               "quality_deposit"),
    PaperType.SALES_INVOICE: ("invoice_number", "invoice_date", "buyer_name", "seller_name", "product_name", "quantity", "amount_excluding_tax", "tax_amount",
                              "total_amount"),
    PaperType.INSURANCE_POLICY: ("policy_number", "insurer_name", "policyholder_name", "insured_name", "insurance_product", "product_name", "sum_insured",
                                 "premium_rate", "premium", "period_start", "period_end"),
    PaperType.PREMIUM_INVOICE: ("invoice_number", "invoice_date", "buyer_name", "seller_name", "total_amount"),
    PaperType.PAYMENT_VOUCHER: ("payer_name", "payee_name", "amount", "paid_on", "voucher_number"),
    PaperType.FIRST_SET_CERTIFICATE: ("certificate_number", "company_name", "product_name", "product_model"),
    PaperType.TEST_REPORT: ("report_number", "company_name", "product_name", "conclusion"),
    PaperType.IP_CERTIFICATE: ("certificate_number", "company_name", "product_name"),
    PaperType.DELIVERY_PROOF: ("buyer_name", "product_name", "quantity", "accepted_on"),
    PaperType.INSURER_SUMMARY: ("insurer_name",),
    PaperType.CLAIMS_SUMMARY: ("insurer_name",),
    PaperType.COVER: (),
    PaperType.OTHER: (),
}

CLAIM = "claim"  # where a paper's type would stand, for the claim's own fields
CLAIM_FIELDS = ("applicant_name", "insurer_name", "product_name", "product_model", "policy_number", "sum_insured", "premium_rate", "premium", "premium_paid",
                "contract_amount", "subsidy_requested", "period_start", "period_end", "insurance_year")


class Part(Frozen):
    """Pages, from 1 and in reading order, of one file that belong to a paper."""

    file: str
    pages: tuple[int, ...]


class PlacedSeal(Frozen):
    """A seal and the page it stands on."""

    seal: Seal
    file: str
    page: int


class Buyer(Frozen):
    """A user of the product (用户), as the form's table or the contract names it."""

    name: Field | None = None
    quantity: Field | None = None


Row = dict[str, Field]


class Paper(Frozen):
    """One document of a submission.

    fields: those of the contract for its type. The rest is what rules need beyond them:
    extra: further facts by name, each read from this paper:
        form: applicant_signature_date …; contract, invoice, policy, voucher: amount_in_words (money);
        licence, contract: buyer_/seller_ legal_representative, phone, address, bank_account (who the parties are).
    rows: table rows: contract and invoice items (product_name, product_model, quantity, unit_price, amount), policy covers (cover, limit),
        test report parameters (parameter, required, found), insurers' summaries (the annex's own headings).
    buyers: the form's users table.
    parameters: technical figures of the product as text, from form, contract, report.
    blank: contract fields whose label was found with nothing written beside it: told apart from labels that were not found.
    places: where something is to stand, by name: `applicant_seal` is the applicant's place in the form.
    annex: 1 to 7 for forms and summaries. doubt: why the type is uncertain, "" where it isn't.
    maybe: of a paper of no known type, the types that it may be all the same.
    """

    type: PaperType
    parts: tuple[Part, ...]
    fields: dict[str, Field] = {}
    seals: tuple[PlacedSeal, ...] = ()
    extra: dict[str, Field] = {}
    rows: tuple[Row, ...] = ()
    total: Row = {}
    buyers: tuple[Buyer, ...] = ()
    parameters: tuple[Field, ...] = ()
    blank: tuple[str, ...] = ()
    places: dict[str, Region] = {}
    annex: int | None = None
    confidence: float = 1.0
    doubt: str = ""
    maybe: tuple[PaperType, ...] = ()

    @property
    def region(self) -> Region:
        """The paper's first page as a whole: the evidence for flags about the paper itself."""
        return Region(file=self.parts[0].file, page=self.parts[0].pages[0], box=WHOLE_PAGE)


