"""The application forms: annex 1 (equipment), 4 (new material), 6 (software) of ningbo-2020.

In:    the form's pages, usually one.
Out:   the contract's fields of the form's track, the users as `buyers`, tick boxes decided, blank fields told, the applicant's place for its seal.
Fails: what can't be read is absent; a required field whose label stands alone is in `blank`.
Elsewhere: whether the figures agree with other papers (pipeline/rules).
Source: ningbo-2020, 附件1, 4, 6.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz

from extractors.fields import make_field
from extractors.layout import Hit, fold, in_rows, label_values
from extractors.organisations import ORGANISATION, checked
from extractors.papers.application_form.checks import checked_form, shaped
from extractors.papers.application_form.labels import CATEGORIES, LABELS, YEARS
from extractors.papers.application_form.people import put_people
from extractors.papers.application_form.sentences import told_in_sentences
from extractors.papers.application_form.signed import applicant_place, dated_at_top, signature_date
from extractors.papers.application_form.ticked import put_choice
from extractors.papers.application_form.users import find_users, only_user
from extractors.papers.application_form.values import put, put_form_date, put_period, put_product
from extractors.papers.base import Extracted
from models.field import Field
from models.page import Page
from models.paper import FORM_FIELDS, Buyer, Track

ANNEX: Mapping[Track, int] = {Track.EQUIPMENT: 1, Track.MATERIAL: 4, Track.SOFTWARE: 6}

# words of the title, and of labels that only this annex has
_TRACK_CUES: Mapping[Track, tuple[str, ...]] = {
    Track.EQUIPMENT: ("高端装备首台", "装备首台(套)保险补贴申请表", "投保装备用户", "首台套证书编号", "企业银行账号", "保险年次"),
    Track.MATERIAL: ("新材料首批次保险补贴申请表", "投保新材料名称", "新材料用户", "新材料应用情况", "主要技术参数"),
    Track.SOFTWARE: ("首版次软件", "投保软件名称", "软件用户", "软件产品及服务类型", "软件应用情况"),
}

_FEW = 8  # fields behind labels, below which a form may be written in sentences
_PLAIN = ("applicant_name", "bank_account", "bank_name", "insurer_name", "product_name", "product_model", "certificate_number", "district", "unit_price", "insured_quantity",
          "total_quantity", "policy_number", "premium_rate", "premium", "subsidy_rate", "premium_paid", "subsidy_requested", "legal_representative", "main_business",
          "sum_insured", "contract_amount", "technical_parameters", "product_type", "buyer_name")


def extract(pages: Sequence[Page]) -> Extracted:
    """Read an application form. Raises nothing; pages that hold no form give no fields."""
    track = track_of(pages)
    hits = label_values(pages, LABELS)
    wanted = FORM_FIELDS[track]
    fields: dict[str, Field] = {}
    blank: set[str] = set()

    for name in _PLAIN:
        if name in wanted:
            put(fields, blank, name, hits[name])
    if track is Track.EQUIPMENT:
        put_product(fields, blank, hits)
        put_choice(fields, blank, "product_category", hits["product_category"], CATEGORIES)
        put_choice(fields, blank, "insurance_year", hits["insurance_year"], YEARS)
    if "applicant_name" not in fields:  # 申请企业 asks for the name where it isn't the place of the seal
        put(fields, blank, "applicant_name", [h for h in hits["_applicant"] if not h.blank and ORGANISATION.match(h.piece.folded)])
    put_people(fields, blank, hits, wanted)
    put_period(fields, blank, hits["period"], hits["starts"], hits["ends"])
    place = applicant_place(pages, hits)
    signed = signature_date(pages, place) if place else None
    put_form_date(fields, blank, hits["form_date"], None if dated_at_top(pages, hits) else signed)
    fields = {**(told_in_sentences(pages, wanted) if len(fields) < _FEW else {}), **fields}
    buyers = find_users(pages, hits) if track is Track.EQUIPMENT else only_user(fields)
    fields, buyers = shaped(fields), tuple(Buyer(name=checked(b.name) or b.name, quantity=b.quantity) for b in buyers)
    fields, buyers = checked_form(track, fields, buyers)
    return Extracted(
        fields={name: fields[name] for name in wanted if name in fields},
        extra={"applicant_signature_date": signed} if signed else {},
        buyers=buyers,
        parameters=_parameters(hits["technical_parameters"]),
        blank=tuple(name for name in wanted if name in blank and name not in fields),
        places={"applicant_seal": place} if place else {},
        annex=ANNEX[track],
    )


def track_of(pages: Sequence[Page]) -> Track:
    """The form's track, from its title and from labels that only one annex has."""
    text = fold("".join(page.text for page in pages))[0]
    head = fold("".join(line.text for page in pages[:1] for line in in_rows(page.lines)[:4]))[0]

    def score(track: Track) -> float:
        return sum(fuzz.partial_ratio(fold(cue)[0], text) >= 85 for cue in _TRACK_CUES[track]) + 2 * (fuzz.partial_ratio(fold(_TRACK_CUES[track][0])[0], head) >= 80)

    return max(_TRACK_CUES, key=score)


def _parameters(hits: Sequence[Hit]) -> tuple[Field, ...]:
    """The technical figures, one each: 纯度99.996%，平均晶粒尺寸70μm."""
    hit = next((h for h in hits if not h.blank), None)
    if hit is None:
        return ()
    parts = hit.piece.findall(r"(?:[^,;，；。、]|(?<=\d)[,，](?=\d{3}(?!\d)))+")
    made = [make_field("parameter", part.stripped(), found=hit.score) for part in parts if re.search(r"\d", part.folded)]
    return tuple(m for m in made if m is not None)
