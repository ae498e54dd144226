"""The application forms: annex 1 (equipment), 4 (new material), 6 (software) of ningbo-2020.

In:    the form's pages, usually one.
Out:   the contract's fields of the form's track, the users as `buyers`, tick boxes decided, blank fields told, the applicant's place for its seal.
Fails: what can't be read is absent; a required field whose label stands alone is in `blank`.
Elsewhere: whether the figures agree with other papers (pipeline/rules).
Source: ningbo-2020, 附件1, 4, 6.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from rapidfuzz import fuzz

from extractors.confidence import confirmed, contradicted, doubted
from extractors.fields import choose, is_blank_field, make_field, make_period, money_of, split_product
from extractors.layout import NOTHING, Hit, Labels, Piece, fold, in_rows, label_values, piece_of, sheet
from extractors.organisations import checked
from extractors.papers.base import Extracted
from extractors.products import checked_product
from models.dates import find_dates
from models.field import Field, Region
from models.geometry import Box
from models.page import Page
from models.paper import FORM_FIELDS, Buyer, Kind, Track, kind_of

ANNEX: Mapping[Track, int] = {Track.EQUIPMENT: 1, Track.MATERIAL: 4, Track.SOFTWARE: 6}

# words of the title, and of labels that only this annex has
_TRACK_CUES: Mapping[Track, tuple[str, ...]] = {
    Track.EQUIPMENT: ("高端装备首台", "装备首台(套)保险补贴申请表", "投保装备用户", "首台套证书编号", "企业银行账号", "保险年次"),
    Track.MATERIAL: ("新材料首批次保险补贴申请表", "投保新材料名称", "新材料用户", "新材料应用情况", "主要技术参数"),
    Track.SOFTWARE: ("首版次软件", "投保软件名称", "软件用户", "软件产品及服务类型", "软件应用情况"),
}

# labels whose meaning doesn't depend on where they stand; the first is the annex's own
LABELS: Labels = {
    "form_date": ("填报时间", "填报日期", "填表时间", "填表日期", "申报日期", "申请日期", "申报时间"),
    "applicant_name": ("投保企业名称", "投保单位名称", "投保企业", "投保单位", "投保企业(单位)名称", "企业名称", "申请单位名称", "申请企业名称"),
    "bank_account": ("企业银行账号", "银行账号", "企业银行帐号", "银行帐号", "企业账号", "开户账号"),
    "bank_name": ("开户银行名称", "开户银行", "开户行", "开户行名称"),
    "insurer_name": ("承保机构名称", "承保机构", "承保公司名称", "承保公司", "承保保险公司", "保险机构名称", "保险公司名称"),
    "product": ("投保产品名称及型号", "投保产品名称和型号", "产品名称及型号", "投保产品名称、型号", "投保产品名称型号", "投保装备名称及型号"),
    "product_name": ("投保新材料名称", "投保软件名称", "投保材料名称", "新材料名称", "软件名称", "投保软件产品名称", "投保产品名称", "投保软件(服务)名称"),
    "product_model": ("产品型号", "投保产品型号", "规格型号"),
    "product_category": ("产品类别", "投保产品类别", "产品类型"),
    "certificate_number": ("首台套证书编号", "首台(套)证书编号", "证书编号", "首台套产品证书编号", "首台(套)产品证书编号", "认定证书编号"),
    "district": ("所属地区", "所属区域", "所在地区", "所属区县", "所属区(县、市)", "属地"),
    "unit_price": ("合同销售单价", "销售单价", "合同单价"),
    "insured_quantity": ("投保数量", "投保装备数量", "投保材料数量"),
    "total_quantity": ("投保装备数量总计", "投保数量总计", "数量总计", "投保装备数量合计"),
    "policy_number": ("保单号", "保单号码", "保险单号", "保险单号码", "保单编号"),
    "premium_rate": ("保险费率", "保费率", "费率", "投保费率"),
    "premium": ("保费总金额", "保费金额", "保险费总金额", "总保费", "保险费金额", "保费总额", "年度保费"),
    "period": ("保险期限", "保险时间", "保险期间", "保险起止时间", "保险有效期"),
    "insurance_year": ("保险年次", "投保年次", "保险年度"),
    "subsidy_rate": ("申请补贴比例", "补贴比例", "申请保费补贴比例"),
    "premium_paid": ("企业实缴保费金额", "实缴保费金额", "企业实缴保费", "实缴保费", "已缴保费金额"),
    "subsidy_requested": ("申请保费补贴金额", "申请补贴金额", "申请保险补贴金额", "申请补助金额", "申请保费补贴"),
    "legal_representative": ("法定代表人", "法人代表", "法定代表人姓名", "单位负责人"),
    "main_business": ("主营业务", "主营产品", "主营业务范围", "主要业务"),
    "sum_insured": ("保险额度", "保险金额", "保险限额", "责任限额", "投保额度", "保额"),
    "contract_amount": ("合同金额", "销售合同金额", "合同总金额", "采购合同金额"),
    "technical_parameters": ("投保新材料主要技术参数", "主要技术参数", "技术参数", "新材料主要技术参数", "投保产品主要技术参数"),
    "product_type": ("软件产品及服务类型", "软件产品(服务)类型", "软件产品和服务类型", "产品及服务类型", "软件类型"),
    "buyer_name": ("新材料用户单位名称", "软件用户单位名称", "用户单位名称", "新材料用户单位", "软件用户单位", "新材料用户名称", "软件用户名称", "用户名称"),
    # whose they are is told by the section in which they stand
    "contact_and_phone": ("联系人及电话", "联系人及联系电话", "联系人和电话", "联系人/电话", "联系人、电话", "联系人(电话)"),
    "contact": ("联系人", "联系人姓名", "经办人"),
    "phone": ("联系电话", "电话", "联系人电话", "联系方式", "手机"),
    "address": ("单位地址", "企业地址", "地址", "通讯地址", "联系地址", "注册地址"),
    # not wanted, but they bound what is
    "_users": ("投保装备用户名称", "装备用户名称", "投保用户名称"),
    "_quantities": ("数量", "投保装备数量(台/套)", "购买数量"),
    "_applicant": ("申请单位", "申请企业", "申报单位"),
    "_offices": ("属地经信部门意见", "属地财政部门意见", "属地经信部门", "属地财政部门", "经信部门意见", "财政部门意见", "部门意见"),
    "_use": ("新材料应用情况说明", "软件应用情况说明", "应用情况说明", "新材料应用情况", "软件应用情况"),
    "_groups": ("投保产品具体情况", "投保装备用户情况", "投保装备用户", "用户情况", "高端装备首台(套)保险", "高端装备首台套保险"),
    "_signature": ("投保企业法人或代理人(签名)", "投保企业法人(签名)", "法人或代理人签名", "投保企业法人"),
}

# the label that opens a section -> the fields that its contact, telephone and address are
_SECTIONS: Mapping[str, Mapping[str, str]] = {
    "applicant_name": {"contact": "contact_name", "phone": "contact_phone", "address": "address"},
    "insurer_name": {"contact": "insurer_contact", "phone": "insurer_phone"},
    "buyer_name": {"contact": "buyer_contact", "phone": "buyer_phone", "address": "buyer_address"},
}

CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "complete_set": ("单台装备或成套设备", "单台装备及成套设备", "单台装备", "成套设备", "成套装备", "整机"),
    "component": ("机器人或零部件", "机器人及零部件", "关键核心零部件", "核心零部件", "零部件", "机器人"),
}
YEARS: Mapping[str, tuple[str, ...]] = {
    "1": ("第一年", "第1年", "首年", "一年"),
    "2": ("第二年", "第2年", "二年"),
    "3": ("第三年", "第3年", "三年"),
}

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
            _put(fields, blank, name, hits[name])
    if track is Track.EQUIPMENT:
        _put_product(fields, blank, hits)
        _put_choice(fields, blank, "product_category", hits["product_category"], CATEGORIES)
        _put_choice(fields, blank, "insurance_year", hits["insurance_year"], YEARS)
    _put_people(fields, blank, hits, wanted)
    _put_period(fields, blank, hits["period"])
    _put_form_date(fields, blank, hits["form_date"])
    buyers = _users(pages, hits) if track is Track.EQUIPMENT else _only_user(fields)
    fields, buyers = _shaped(fields), tuple(Buyer(name=checked(b.name) or b.name, quantity=b.quantity) for b in buyers)
    fields, buyers = _checked(track, fields, buyers)

    signed = _signature_date(pages, hits)
    place = _applicant_place(pages, hits)
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


# ---------------------------------------------------------------- single fields


FORM_UNIT = "万元"  # in which all amounts of the annexes stand; where the label's own unit couldn't be read

_PHONE = re.compile(r"(?:\(?\+?86\)?-?)?1[3-9]\d(?:-?\d{4}){2}|(?:\(0\d{2,3}\)|0\d{2,3})[-—–]?\d{7,8}(?:(?:-|转)\d{1,6})?|[48]00-?\d{3,4}-?\d{3,4}|\d{3,4}-\d{7,8}|(?<!\d)\d{7,8}(?!\d)|\d{9,12}")

_WHOLE_PHONE = re.compile(r"(?:\(?\+?86\)?-?)?1[3-9]\d-?\d{4}-?\d{4}|(?:[（(]0\d{2,3}[)）]|0\d{2,3})-?\d{7,8}(?:[-转]\d{1,6})?|[48]00-?\d{3,4}-?\d{3,4}")

# what a value of a field must look like, where its kind alone lets too much pass
_SHAPES: Mapping[str, re.Pattern[str]] = {
    **dict.fromkeys(("contact_phone", "insurer_phone", "buyer_phone"), _PHONE),
    **dict.fromkeys(("contact_name", "insurer_contact", "buyer_contact", "legal_representative"), re.compile(r"^(?!.*(?:公司|集团|银行|路|街道)|.*(?:电话|地址|名称|单位|联系)$)[^\d:：，,。]{2,30}$")),
    **dict.fromkeys(("address", "buyer_address"), re.compile(r"[\u4e00-\u9fff]{2}")),
    **dict.fromkeys(("applicant_name", "insurer_name", "buyer_name", "bank_name"), re.compile(r"[\u4e00-\u9fffA-Za-z]{2}")),
    "bank_account": re.compile(r"(?:\d.*){8}"),
    "policy_number": re.compile(r"(?:\d.*){5}"),
    "premium_rate": re.compile(r"^(?:\d|1\d|20)(?:\.\d+)?$"),
    "subsidy_rate": re.compile(r"^(?:\d{1,2}|100)(?:\.\d+)?$"),
}


def _fits(name: str) -> Callable[[Field], bool]:
    shape = _SHAPES.get(name)
    return lambda value: shape is None or bool(shape.search(value.text))


def _put(fields: dict[str, Field], blank: set[str], name: str, hits: Sequence[Hit]) -> None:
    made = choose(name, [replace(h, unit=FORM_UNIT, score=0.9 * h.score) if kind_of(name) is Kind.MONEY and not h.unit else h for h in hits], _fits(name))
    if made is not None:
        fields[name] = made
    elif is_blank_field(hits):
        blank.add(name)


def _put_product(fields: dict[str, Field], blank: set[str], hits: Mapping[str, Sequence[Hit]]) -> None:
    """Name and model, which annex 1 asks for in one cell; some write them in two."""
    for hit in hits["product"]:
        if hit.blank:
            continue
        name, model = split_product(hit.piece)
        made = make_field("product_name", name, found=hit.score, within=hit.piece)
        if made is None:
            continue
        fields["product_name"] = made
        second = make_field("product_model", model, found=hit.score, within=hit.piece)
        if second is not None:
            fields["product_model"] = second
        break
    if "product_name" not in fields and is_blank_field(hits["product"]):
        blank |= {"product_name", "product_model"}


_NOT_A_NAME = re.compile(r"联系人|经办人|电话|手机|联系方式|姓名|[:：/、,，;；()（）|\-—]+")


def split_contact(piece: Piece) -> tuple[Piece, Piece]:
    """Person and telephone out of one cell: 郭春勇/15009733804, 联系人：孙文 电话：0574-87031630. Either is NOTHING where it isn't there."""
    phone = piece.search(_PHONE) or NOTHING
    for part in piece.findall(r"[\u4e00-\u9fff·]{2,}"):
        name = part.search(r"^(?:联系人|经办人|姓名)?(?P<n>[\u4e00-\u9fff·]{2,8}?)(?:联系电话|电话|手机|联系方式|先生|女士)?$", "n")
        if name and not _NOT_A_NAME.fullmatch(name.folded):
            return name, phone
    return NOTHING, phone


def _phone_beside(person: Piece) -> Piece:
    """The telephone in a cell of its own to the right of the person's, before anything else; NOTHING where none stands there."""
    if not person:
        return NOTHING
    own = {id(span.line) for span in person.spans}
    row = [v for v in person.page.lines if id(v) not in own and v.box.x0 >= person.box.x1 and abs(v.box.cy - person.box.cy) < 0.6 * v.box.height]
    first = min(row, key=lambda v: v.box.x0, default=None)
    piece = piece_of(person.page, first) if first is not None else NOTHING
    return piece if _WHOLE_PHONE.fullmatch(piece.folded) else NOTHING


def _section_of(hit: Hit, openings: Sequence[tuple[tuple[int, float, float], str]]) -> str | None:
    """Which section's label stands last before this one, its own row included."""
    middle = (hit.order[0], hit.box.cy)
    before = [(order, name) for order, name in openings if (order[0], order[1]) <= middle]
    return max(before)[1] if before else None


def _put_people(fields: dict[str, Field], blank: set[str], hits: Mapping[str, Sequence[Hit]], wanted: Sequence[str]) -> None:
    """Contact persons, telephones and addresses, told apart by the section (applicant, insurer, user) in which they stand."""
    openings = []
    for name in _SECTIONS:
        firm = [h for h in hits[name] if not h.blank] or list(hits[name])
        if firm:
            best = max(firm, key=lambda h: h.score)
            page, top, left = best.order
            openings.append(((page, top - 0.6 * best.label.spans[0].line.box.height, left), name))
    for hit in sorted((*hits["contact_and_phone"], *hits["contact"], *hits["phone"], *hits["address"]), key=lambda h: h.order):
        section = _section_of(hit, openings) or "applicant_name"
        table = _SECTIONS[section]
        if hit.field == "contact_and_phone":
            person, phone = split_contact(hit.piece)
            beside = NOTHING if phone else _phone_beside(hit.label if hit.blank else hit.piece)
            parts = {table["contact"]: (person, hit.piece), table["phone"]: (beside, beside) if beside else (phone, hit.piece)}
        elif hit.field in table:
            parts = {table[hit.field]: (hit.piece, hit.piece)}
        else:
            continue
        for name, (piece, within) in parts.items():
            if name not in wanted or name in fields:
                continue
            made = make_field(name, piece, found=hit.score, within=within) if piece else None
            if made is not None and not _fits(name)(made):
                continue
            if made is not None and name.endswith("_phone") and not _WHOLE_PHONE.fullmatch(made.text):
                made = doubted(made, "不像完整的电话号码")
            if made is not None:
                fields[name] = made
                blank.discard(name)
            elif hit.blank or not piece:
                blank.add(name)


def _put_period(fields: dict[str, Field], blank: set[str], hits: Sequence[Hit]) -> None:
    for hit in hits:
        made = None if hit.blank else make_period(hit.piece, hit.score)
        if made:
            fields["period_start"], fields["period_end"] = made
            return
    if is_blank_field(hits):
        blank |= {"period_start", "period_end"}


def _put_form_date(fields: dict[str, Field], blank: set[str], hits: Sequence[Hit]) -> None:
    """The date at the top; that beside the signature is another."""
    for hit in hits:
        made = None if hit.blank else make_field("form_date", hit.piece, found=hit.score)
        if made is not None:
            fields["form_date"] = made
            return
    if is_blank_field(hits):
        blank.add("form_date")


# ---------------------------------------------------------------- tick boxes

_TICKED = "☑☒✓✔√■▣◼●◉▇█⊠⊡🗹✅V✕×Xx"
_OPEN = "□☐口囗○〇▢◻◯ロ0Oo"


def choose_ticked(piece: Piece, options: Mapping[str, Sequence[str]]) -> tuple[str, Piece, float, bool] | None:
    """Which option of a tick-box cell is ticked.

    Returns the option, where it stands, how sure (0 to 1) and whether that rests on a mark that was seen; None where none or several seem ticked.
    A box before an option may be read as □ (open) or as one of many signs (ticked), or not at all: an option without a box beside others that have
    an open one was ticked, since recognition drops filled boxes and keeps empty ones.
    """
    folded = piece.folded
    places: list[tuple[int, int, str]] = []
    for value, wordings in options.items():
        best = max(((fuzz.partial_ratio_alignment(fold(w)[0], folded, score_cutoff=80), w) for w in wordings if len(w) <= len(folded) + 1),
                   key=lambda f: (round(f[0].score) if f[0] else 0, len(f[1])), default=None)
        if best and best[0]:
            places.append((best[0].dest_start, best[0].dest_end, value))
    places.sort()
    if not places:
        return None
    if len(places) == 1:
        start, end, value = places[0]
        before = folded[max(0, start - 2) : start]
        if any(c in _OPEN for c in before) and not any(c in _TICKED for c in before + folded[end : end + 2]):
            return None
        return value, piece.between(start, end), 0.9, any(c in _TICKED for c in before)
    bounds = [0, *(end for _, end, _ in places)]
    marks = [folded[bounds[n] : start] for n, (start, _, _) in enumerate(places)]
    if not marks[0] and folded[places[-1][1] :]:  # the boxes stand behind their options
        marks = [*marks[1:], folded[places[-1][1] :]]
    kinds = [_mark(m) for m in marks]
    ticked = [n for n, k in enumerate(kinds) if k == "ticked"]
    unmarked = [n for n, k in enumerate(kinds) if k == ""]
    odd = [n for n, k in enumerate(kinds) if k == "odd"]
    for some, surety, seen in ((ticked, 1.0, True), (odd, 0.85, True), (unmarked, 0.95, False)):
        if len(some) == 1:
            start, end, value = places[some[0]]
            others_open = sum(k == "open" for k in kinds) == len(kinds) - 1
            return value, piece.between(start, end), surety if others_open else min(surety, 0.8), seen
        if some:
            return None
    return None


def _mark(text: str) -> str:
    """What stands before an option: ticked, open, odd (a sign that is neither) or "" for none."""
    if any(c in _TICKED for c in text):
        return "ticked"
    if any(c in _OPEN for c in text):
        return "open"
    return "odd" if re.sub(r"[,，.。、;；\s/年]", "", text) else ""


def _put_choice(fields: dict[str, Field], blank: set[str], name: str, hits: Sequence[Hit], options: Mapping[str, Sequence[str]]) -> None:
    for hit in hits:
        if hit.blank:
            continue
        chosen = choose_ticked(hit.piece, options)
        if chosen:
            value, piece, sure, _ = chosen
            made = make_field(name, piece, found=hit.score * sure, kind=Kind.TEXT, value=value, within=hit.piece)
            if made is not None:
                fields[name] = made.model_copy(update={"raw": hit.piece.text})
                return
    if hits and all(h.blank or _all_open(h.piece, options) for h in hits):
        blank.add(name)


def _all_open(piece: Piece, options: Mapping[str, Sequence[str]]) -> bool:
    """Whether every option has an empty box: nothing was ticked."""
    return sum(piece.folded.count(c) for c in "□☐▢◻\uf0a8\uf06f\uf0a3") >= len(options)


# ---------------------------------------------------------------- users

_ROW_NUMBER = re.compile(r"^[(（]?\d{1,2}[)）]?[.、．:：,，]?(?=[\u4e00-\u9fffA-Za-z]|$)|^[…·.。]+$")


def _users(pages: Sequence[Page], hits: Mapping[str, Sequence[Hit]]) -> tuple[Buyer, ...]:
    """The users table of annex 1: each name with the quantity on its row, from the heading down to the total."""
    heads = sorted(hits["_users"], key=lambda h: h.order)
    if not heads:
        return ()
    head = heads[0]
    page = head.label.page
    box = head.box
    end = min((h.box.y0 for h in hits["total_quantity"] if h.label.page is page and h.box.cy > box.cy), default=None)
    if end is None:
        end = min((h.box.y0 for n in ("policy_number", "premium_rate") for h in hits[n] if h.label.page is page and h.box.cy > box.cy), default=1.0)
    column = min((h.box.x0 for h in hits["_quantities"] if h.label.page is page and abs(h.box.cy - box.cy) < 0.03 and h.box.x0 > box.x0), default=box.x1 + 0.1)
    left = min((h.box.x1 for h in hits["_groups"] if h.label.page is page and h.box.x1 < box.cx), default=0.0)
    lines = [v for v in page.lines if box.cy + 0.4 * v.box.height < v.box.cy and v.box.y0 < end - 0.2 * v.box.height and v.box.x0 > left - 0.02
             and not any(v is s.line for h in hits["_groups"] for s in h.label.spans)]
    names = [v for v in in_rows(lines) if v.box.x0 < column - 0.03 and v.box.cx < column]
    counts = [v for v in lines if v not in names and re.search(r"\d", v.text)]
    entries: list[Piece] = []
    cell_of = sheet(page).of_line
    for line in names:
        piece = piece_of(page, line)
        same_cell = bool(entries) and (home := cell_of.get(id(line))) is not None and home.cell is not None and home is cell_of.get(id(entries[-1].spans[-1].line))
        numbered = bool(_ROW_NUMBER.match(piece.folded))
        close = bool(entries) and line.box.y0 - entries[-1].spans[-1].line.box.y1 < 0.6 * line.box.height
        if entries and not numbered and (same_cell or (close and not same_cell and _unfinished(entries[-1].folded))):
            entries[-1] = entries[-1] + piece
        else:
            entries.append(piece)
    out = []
    for entry in entries:
        rest = entry.search(r"^(?:[(]?\d{1,2}[)]?[.、,:]|\d{1,2}(?=[\u4e00-\u9fff])|[….·。]+)*(?P<n>.*)$", "n")
        name = make_field("buyer_name", rest.stripped() if rest else None)
        if name is None or len(str(name.value)) < 3:
            continue
        box = entry.box
        near = [v for v in counts if min(v.box.y1, box.y1) - max(v.box.y0, box.y0) > 0.3 * v.box.height]
        count = min(near, key=lambda v: abs(v.box.cy - box.cy), default=None)
        quantity = make_field("quantity", piece_of(page, count)) if count else None
        out.append(Buyer(name=name, quantity=quantity))
    return tuple(out)


def _unfinished(name: str) -> bool:
    """Whether a company's name goes on in the next line."""
    return not re.search(r"(?:公司|厂|院|所|中心|集团|大学|学校|局|部|队|站|社|店)$", name)


def _only_user(fields: Mapping[str, Field]) -> tuple[Buyer, ...]:
    """Annexes 4 and 6 stand for one user; annex 4's quantity is that user's."""
    name = fields.get("buyer_name")
    return (Buyer(name=name, quantity=fields.get("insured_quantity")),) if name else ()


def _parameters(hits: Sequence[Hit]) -> tuple[Field, ...]:
    """The technical figures, one each: 纯度99.996%，平均晶粒尺寸70μm."""
    hit = next((h for h in hits if not h.blank), None)
    if hit is None:
        return ()
    parts = hit.piece.findall(r"(?:[^,;，；。、]|(?<=\d)[,，](?=\d{3}(?!\d)))+")
    made = [make_field("parameter", part.stripped(), found=hit.score) for part in parts if re.search(r"\d", part.folded)]
    return tuple(m for m in made if m is not None)


# ---------------------------------------------------------------- places


def _applicant_place(pages: Sequence[Page], hits: Mapping[str, Sequence[Hit]]) -> Region | None:
    """Where the applicant signs and stamps; of a form scanned twice, the place on the page that bears a seal there."""
    found = hits["_applicant"] or hits["_signature"]
    places = [_place_of(hit, hits) for hit in sorted(found, key=lambda h: h.order, reverse=True)]
    stamped = [p for p in places if any((page.file, page.number) == (p.file, p.page) and p.box.contains(s.box.cx, s.box.cy) for page in pages for s in page.seals)]
    return next(iter(stamped or places), None)


def _place_of(hit: Hit, hits: Mapping[str, Sequence[Hit]]) -> Region:
    """The cell beside 申请单位, or, without cells, what lies between it and the offices' opinions."""
    page = hit.label.page
    home = sheet(page).of_line.get(id(hit.label.spans[0].line))
    if home and home.cell:
        right = [b for b in sheet(page).ruled if b is not home and b.box.x0 >= home.box.x1 - 0.015 and min(b.box.y1, home.box.y1) - max(b.box.y0, home.box.y0) > 0.6 * home.box.height]
        if right:
            near = min(right, key=lambda b: b.box.x0)
            return Region(file=page.file, page=page.number, box=near.box.rounded())
    said = [v.box for v in page.lines if fuzz.partial_ratio("以上填报内容及附件内容均属实", fold(v.text)[0]) >= 80]
    signed = [h.box for h in hits["_signature"] if h.label.page is page]
    top = min([b.y0 for b in (*said, *signed)] + [hit.box.y0])
    bottom = min((h.box.y0 for h in hits["_offices"] if h.label.page is page and h.box.cy > max(hit.box.cy, top)), default=min(1.0, hit.box.y1 + 0.12))
    left = hit.box.x1 if hit.field == "_applicant" else 0.1
    return Region(file=page.file, page=page.number, box=Box(left, top, 1.0, max(top + 0.01, bottom)).rounded())


def _signature_date(pages: Sequence[Page], hits: Mapping[str, Sequence[Hit]]) -> Field | None:
    """The date beside the applicant's signature."""
    place = _applicant_place(pages, hits)
    if place is None:
        return None
    page = next(p for p in pages if p.file == place.file and p.number == place.page)
    lines = in_rows(v for v in page.lines if place.box.contains(v.box.cx, v.box.cy))
    piece = piece_of(page, [v for v in lines if re.search(r"\d|[年月日]", v.text)])
    found = find_dates(piece.folded)
    if not found:
        return None
    part = piece.between(found[0].start, found[0].end)
    return make_field("signed_on", part, value=found[0].value)


# ---------------------------------------------------------------- checks

Fields = dict[str, Field]


def _checked(track: Track, fields: Fields, buyers: tuple[Buyer, ...]) -> tuple[Fields, tuple[Buyer, ...]]:
    """The form's own arithmetic bears values out or puts them in doubt."""
    out = dict(fields)
    rate = _decimal(out.get("premium_rate"))
    if track is not Track.EQUIPMENT and rate is not None:
        _check(out, ("sum_insured", "premium_rate", "premium"), "保险额度×费率=保费", lambda: _agrees(out.get("premium"), _decimal(out.get("sum_insured")), rate / 100))
    paid, share = out.get("premium_paid"), _decimal(out.get("subsidy_rate"))
    if track is Track.EQUIPMENT and share is not None:
        _check(out, ("premium_paid", "subsidy_rate", "subsidy_requested"), "实缴保费×补贴比例=申请补贴", lambda: _agrees(out.get("subsidy_requested"), _decimal(paid), share / 100))
        counts = [_decimal(b.quantity) for b in buyers]
        if counts and all(c is not None for c in counts) and "total_quantity" in out:
            total = sum((c for c in counts if c is not None), Decimal(0))
            right = total == out["total_quantity"].decimal
            names = [n for n in ("total_quantity", "insured_quantity") if n in out and (n == "total_quantity" or out[n].decimal == total)]
            for n in names:
                out[n] = confirmed(out[n], "用户数量之和=总计") if right else doubted(out[n], "用户数量之和≠总计")
            buyers = tuple(
                Buyer(name=b.name, quantity=b.quantity and (confirmed(b.quantity, "用户数量之和=总计") if right else doubted(b.quantity, "用户数量之和≠总计"))) for b in buyers
            )
    start, end = out.get("period_start"), out.get("period_end")
    if start and end and start.text[:4].isdigit() and end.text[:4].isdigit() and not 0 <= int(end.text[:4]) - int(start.text[:4]) <= 5:
        out["period_start"], out["period_end"] = contradicted(start, "保险期限不合理"), contradicted(end, "保险期限不合理")
    return out, buyers


_BANK = re.compile(r"(?:银行|[分支]行|营业部|营业室|信用社|联社|分理处|中心|国库|公司)(?:[(（].*[)）])?$")


def _shaped(fields: Mapping[str, Field]) -> Fields:
    """Names that don't read like names of their kind are doubted: they were cut short, ran into their neighbour, or are another cell's."""
    out = dict(fields)
    for name in ("applicant_name", "insurer_name", "buyer_name"):
        if name in out:
            out[name] = checked(out[name]) or out[name]
    if "product_name" in out:
        out["product_name"] = checked_product(out["product_name"]) or out["product_name"]
    if "bank_name" in out and not _BANK.search(out["bank_name"].text):
        out["bank_name"] = doubted(out["bank_name"], "不像完整的银行名称")
    if "product_model" in out and not re.search(r"[A-Za-z0-9ⅠⅡⅢⅣ]", out["product_model"].text):
        out["product_model"] = doubted(out["product_model"], "不像产品型号")
    return out


def _decimal(value: Field | None) -> Decimal | None:
    return value.decimal if value else None


def _agrees(total: Field | None, one: Decimal | None, other: Decimal) -> bool | None:
    money = money_of(total)
    if money is None or one is None:
        return None
    return abs(one * other - money.amount) <= max(money.step, Decimal("0.01")) / 2 + Decimal("0.005")


def _check(fields: Fields, names: Iterable[str], why: str, holds: Callable[[], bool | None]) -> None:
    right = holds()
    if right is None:
        return
    for name in names:
        value = fields.get(name)
        if value is not None:
            fields[name] = confirmed(value, why) if right else doubted(value, why.replace("=", "≠"))

