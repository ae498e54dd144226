"""What speaks against a value without proving another: it keeps its value, and is left to a person.

In:    a field as it was read or put right, its paper, what the submission says (`Submission`).
Out:   the same field, lowered with its reason where something speaks against it. `DOUBTERS` lists all of them; a value goes through each.
Fails: never.
Elsewhere: doubts that come of one paper alone (extractors/papers), sides taken for each other (pipeline/evidence.py).
"""

from __future__ import annotations

import re
from collections import Counter

from extractors.glyphs import alike
from matchers.values import agree
from models.field import Field
from models.paper import Kind, Paper, PaperType, kind_of
from models.places import TOWNS
from models.text import HAS_CJK, compact, left_out
from pipeline.proof import RELATIONS, RESEMBLING, UNSURE, Corrector, Submission, one_alike, pages_of

TWINS = 0.95  # likeness of 钌 and 钉, 锆 and 锫; 银 and 铝 have only their radical in common
MANY, SHARED_WEAKNESS = 2, 0.4  # papers, and share of those with a name, that leave the same character of it in doubt
MOST_LOST = 3  # characters that a cell's border cuts off
_LONE_LETTER = re.compile(r"[\u4e00-\u9fff]I(?![A-Za-z0-9\-型类级期段区代号])")
_MANY_PIECES = 100  # of which a price may well be one: a small one equals an amount by chance
YEARS_APART = 3  # a contract, its delivery and its insurance lie closer together
_INVOICES = frozenset({PaperType.SALES_INVOICE, PaperType.PREMIUM_INVOICE})
_BARE_END = re.compile(r"[号弄幢楼座]\d{1,3}$")
_ALLOY = re.compile(r"(?<![A-Za-z])(?:[QHZ]?AI(?:Si|Mg|Cu|Zn|Mn|Li|Sc|Ti|Fe|Ni)(?![a-z])|[QH]AI\d|(?:Ti|Ni|Fe|Cu|Mg|Zn|TC\d?)[A-Za-z\d]{0,4}?AI(?![a-z]))")
_NO_POWER = re.compile(r"\d(?:[kmμ]?g|个|只|次)/[cdm]?m(?![\d²³m^])")  # 2.527g/cm
_PHRASE = re.compile(r"[^、，,；;。（）()]{4,}")  # of a line of business
_BETWEEN = str.maketrans("", "", "、，,；;。")  # what stands between two of them
_IN_NINGBO = re.compile(r"宁波|余姚|慈溪|奉化|宁海|象山|鄞州|北仑|镇海|海曙|江北")
_TOWN = re.compile(r"([\u4e00-\u9fff]{2,3})(?=镇|乡|街道|支行|支公司|分理处|营业所)")
_ODD_COLON = re.compile(r"(?<!项目)(?<!范围)(?<!如下)(?<!其中)(?<!包括)(?<!业务)[:：]")
_BRAND = re.compile(r"^([\u4e00-\u9fff]{2,4}?)(?:科技|联合|农商|再担保|出口|互联网|相互|责任|信用|农业|财产|保险)")
_ON_BEHIND = re.compile(r"号\w|^(?:19|20)\d\d[\u4e00-\u9fff]{1,6}字第?\d|第[A-Za-z0-9\-]{0,12}$")
_BRACKETS = (("(", ")"), ("（", "）"), ("[", "]"), ("〔", "〕"), ("【", "】"))
_NO_BRAND = re.compile(r"^.?(?:财产|责任|信用|保证|农业|互联网|联合|相互)*保险")  # no insurer is called by one character
_PARTED = str.maketrans("", "", "-—–_/.·")  # thin strokes within numbers and models
_IN_CAPITALS = re.compile(r"(?=(?:[^A-Z]*[A-Z]){2})(?!.*[a-z].*[a-z])(?!.*No).*[a-z]")  # one small letter among capitals
_SHORTEST_PARTED = 5  # characters, without strokes, from which two alike are no chance
_OF_A_COMPANY = frozenset({"established_on"})  # days that have nothing to do with what was insured
# days that follow each other; where they don't, one of them may be misread
IN_ORDER: tuple[tuple[tuple[PaperType, str], tuple[PaperType, str]], ...] = (
    ((PaperType.BUSINESS_LICENCE, "established_on"), (PaperType.INSURANCE_POLICY, "period_start")),
    ((PaperType.SALES_CONTRACT, "signed_on"), (PaperType.SALES_INVOICE, "invoice_date")),
    ((PaperType.INSURANCE_POLICY, "period_start"), (PaperType.APPLICATION_FORM, "form_date")),
)


def rare_character(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A name of which several papers leave the same character in doubt, and that no register knows: papers that agree on a character unknown to reading are no proof of it."""
    own = papers.unknown(name, field)
    if not own:
        return field
    doubtful = [c for c, count in papers.weak_in[own].items() if count >= MANY and count >= SHARED_WEAKNESS * papers.said[own]]
    return field.lowered(UNSURE, f"“{'、'.join(doubtful)}”字在多份材料上均未读清，登记名录中也没有该名称") if doubtful else field


def character_lost(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A name that no register knows and that lacks one character of a registered one: reading leaves out what it doesn't know."""
    own = papers.unknown(name, field)
    if not own:
        return field
    longer = next((other for other in papers.registered_by_length.get(len(own) + 1, ()) if left_out(own, other)), None)
    return field.lowered(UNSURE, f"登记名录中有{longer}，可能漏读一字") if longer else field


def brand_lost(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """An insurer's name with less than two characters before its trade, which no insurer has: reading leaves out what it doesn't know, on every paper alike (鄮安财产保险)."""
    own = papers.unknown(name, field)
    return field.lowered(UNSURE, "保险机构名称前可能漏读一字") if field.as_read < 1 and _NO_BRAND.match(own) else field


def minority_spelling(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A name that no register knows, where more papers write another that differs in one character which looks alike: 桑瑞 on two, 燊瑞 on seven."""
    own = papers.unknown(name, field)
    if not own or not field.accepted or field.as_read >= 1:
        return field
    every = set(own)
    usual = next((other for other, count in papers.said.most_common() if count > papers.said[own] and one_alike(own, other, every, RESEMBLING)), None)
    return field.lowered(UNSURE, f"更多材料上为{usual}，形近字待核") if usual else field


def brand_misread(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """An insurance named after its insurer, but for one character of the brand: 吴铖首台套保险, 昊铖财产保险."""
    if name != "insurance_product" or field.as_read >= 1:
        return field
    brands = {brand[1] for other in papers.papers if (insurer := other.fields.get("insurer_name")) and (brand := _BRAND.match(insurer.text))}
    if field.text.startswith(tuple(brands)):
        return field
    near = next((b for b in brands if sum(x != y for x, y in zip(b, field.text, strict=False)) == 1), None)
    return field.lowered(UNSURE, f"保险机构名称中为{near}，差一字") if near else field


def catalogue_spelling(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A product's name with a character that no product of the catalogue has, and that looks like one which stands there beside the same neighbour: 钉系浆料, 钌系浆料.

    Rare characters, chemical elements above all, are read for usual ones on every paper alike.
    """
    if name != "product_name" or field.as_read >= 1:
        return field
    beside, text = papers.catalogued_beside, compact(field.text)
    for at, c in enumerate(text):
        if c in beside or not HAS_CJK.match(c):
            continue
        near = {other for neighbour in (text[at - 1 : at] if at else "", text[at + 1 : at + 2]) for other in beside.get(neighbour, ())}
        if usual := next((other for other in sorted(near) if HAS_CJK.match(other) and alike(c, other) >= TWINS), None):
            return field.lowered(UNSURE, f"指导目录中有“{usual}”而无“{c}”，形近字待核")
    return field


def scope_spelling(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A line of business of which the licence's scope writes one character otherwise, or that lost the stroke between two of them: 软件丹发, 软件开发; 生产销售, 生产、销售."""
    if name != "main_business" or field.as_read >= 1:
        return field
    scopes = [compact(other.fields["business_scope"].text) for other in papers.papers if "business_scope" in other.fields]
    for phrase in _PHRASE.findall(compact(field.text)):
        if any(phrase in scope for scope in scopes):
            continue
        if any(phrase in scope.translate(_BETWEEN) for scope in scopes):
            return field.lowered(UNSURE, f"营业执照经营范围中{phrase}之间有顿号，可能漏读")
        written = (scope[i : i + len(phrase)] for scope in scopes for i in range(len(scope) - len(phrase) + 1))
        if usual := next((one for one in written if sum(a != b for a, b in zip(phrase, one, strict=True)) == 1), None):
            return field.lowered(UNSURE, f"营业执照经营范围中为{usual}，差一字")
    return field


def town_misspelt(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """An address, or a bank's or an insurer's branch, with a town that there is none of in Ningbo, but one that differs in a character which looks alike: 邂浦镇, 澥浦镇."""
    if field.as_read >= 1 or not isinstance(field.value, str) or not _IN_NINGBO.search(field.text):
        return field
    for said in _TOWN.findall(field.text):
        if any(said.endswith(town) for town in TOWNS):
            continue
        near = sorted(town for town in TOWNS if len(said) >= len(town) and one_alike(said[-len(town) :], town, said, RESEMBLING))
        if near:
            return field.lowered(UNSURE, f"宁波没有{said[-len(near[0]) :]}，有{near[0]}，形近字待核")
    return field


def colon_for_semicolon(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A scope of business with a colon that heads no list: most likely a semicolon (软件开发:系统集成)."""
    if name != "business_scope" or field.as_read >= 1 or not _ODD_COLON.search(field.text):
        return field
    return field.lowered(UNSURE, "冒号可能为分号")


def product_slip(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A product's name that lacks one character of what another paper calls it, or has one too many, or another that looks alike, or that two papers have: 电表软件, 电能表软件; 水磁体, 永磁体. One that holds
    another's whole may have kept what isn't of it (商品：冷镦设备); on an invoice the tax category before it, whose asterisks weren't read: *锻压机械*冷镦设备.
    """
    if name != "product_name":
        return field
    own = compact(field.text)
    others = [compact(f.text) for p in papers.papers if p is not paper and (f := p.fields.get(name)) and f.accepted]
    if own in others:
        return field
    if kept := next((other for other in others if other in own), ""):
        behind = paper.type in _INVOICES and own.endswith(kept)
        return field.lowered(UNSURE, f"其他材料为{kept}，" + ("其前可能是发票的商品分类" if behind else f"此处多出{len(own) - len(kept)}字"))
    if field.as_read >= 1:
        return field
    near = next((other for other in others if (len(other) == len(own) + 1 and left_out(own, other)) or (len(own) == len(other) + 1 and left_out(other, own)) or one_alike(own, other, set(own), RESEMBLING if others.count(other) == 1 else 0.0)), None)
    return field.lowered(UNSURE, f"其他材料为{near}，差一字") if near else field


def broken_off(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """An address that ends in a figure (…西路412号3), a measure without its power (2.527g/cm): what stood behind it may not have been read."""
    if field.as_read >= 1 or not isinstance(field.value, str):
        return field
    if name.endswith("address") and _BARE_END.search(field.text):
        return field.lowered(UNSURE, "地址以数字结尾，其后可能漏读")
    return field.lowered(UNSURE, "计量单位缺少幂次，可能漏读") if name == "technical_parameters" and _NO_POWER.search(field.text) else field


def alloy_misread(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A model with AI before an element's symbol: aluminium (AlSi10Mg), whose l is an I in most faces."""
    if name != "product_model" or field.as_read >= 1 or not _ALLOY.search(field.text):
        return field
    return field.lowered(UNSURE, "元素符号前的AI可能为Al")


def cut_short(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A number that is the beginning or the end of the same number in another paper: a cell's border or a wrapped line may have taken the rest."""
    for other in papers.said_elsewhere(paper, name) if kind_of(name) is Kind.NUMBER else ():
        short, long = field.text, other.text
        if 0 < len(long) - len(short) <= MOST_LOST and (long.startswith(short) or long.endswith(short)):
            return field.lowered(UNSURE, f"比其他材料上的{long}少{len(long) - len(short)}位，可能未读全")
    return field


def sign_lost(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A number with one bracket of two, or that goes on behind 号, or begins with a year, without a sign between, or ends within 第…号: reading leaves such thin strokes out (〔2019172号, 〔2019〕106号27, 2020甬检字第87号)."""
    if kind_of(name) is not Kind.NUMBER or field.as_read >= 1 or not (_ON_BEHIND.search(field.text) or any(field.text.count(a) != field.text.count(b) for a, b in _BRACKETS)):
        return field
    return field.lowered(UNSURE, "括号或连接符不全，可能漏读")


def out_of_order(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A day, not every character of it read for sure, that comes before or after what it can't: signed after the invoice, insured before the company was."""
    if kind_of(name) is not Kind.DATE or field.read is None or not field.read.weak:
        return field
    for first, then in IN_ORDER:
        own, other = (first, then) if (paper.type, name) == first else (then, first)
        if (paper.type, name) != own:
            continue
        days = [p.fields[other[1]].text for p in papers.papers if p.type is other[0] and other[1] in p.fields]
        wrong = days and (field.text > max(days) if own is first else field.text[: len(min(days))] < min(days)[: len(field.text)])
        if wrong and not agree(name, field, field.model_copy(update={"value": max(days) if own is first else min(days)})):
            return field.lowered(UNSURE, f"{'晚于' if own is first else '早于'}{'、'.join(sorted(set(days)))}，先后不合，可能读错")
    return field


def years_apart(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A day that was read, years from every other day of the submission (2025 for 2020); only the companies are older."""
    if kind_of(name) is not Kind.DATE or name in _OF_A_COMPANY or field.as_read >= 1:
        return field
    others = [int(f.text[:4]) for p in papers.papers for n, f in p.fields.items() if kind_of(n) is Kind.DATE and n not in _OF_A_COMPANY and (p is not paper or n != name)]
    far = min((abs(int(field.text[:4]) - year) for year in others), default=0)
    return field.lowered(UNSURE, f"与其他材料上的日期相差{far}年，可能读错") if len(others) > 1 and far >= YEARS_APART else field


def wrong_place(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A value of which the other papers say another that this paper prints, too: the wrong one of the two may have been taken (a cover's premium for the whole).

    What follows from it by the paper's own arithmetic (the sum insured from the premium) was taken from the same place.
    """
    if other := _printed_here_instead(papers, paper, name, field):
        return field.lowered(UNSURE, f"其他材料为{other}，本材料上也印有该值，可能取错位置")
    for relation in RELATIONS.get(paper.type, ()) if kind_of(name) is Kind.MONEY else ():
        members = (relation.first, relation.second, relation.result)
        if name in members and relation.said in field.why and any(n in paper.fields and n != name and _printed_here_instead(papers, paper, n, paper.fields[n]) for n in members):
            return field.lowered(UNSURE, f"据{relation.said}与之相符的一项可能取错位置")
    return field


def _printed_here_instead(papers: Submission, paper: Paper, name: str, field: Field) -> str:
    """What every other paper says of a fact instead of this field's value, where this paper prints that as well and for no other field of its own; "" where one bears it out."""
    if kind_of(name) not in (Kind.MONEY, Kind.NUMBER):
        return ""
    told = {other.text: other for other in papers.said_elsewhere(paper, name)}
    if len(told) != 1 or any(agree(name, field, other) for other in told.values()):
        return ""
    (text, other), = told.items()
    if any(f.text == text for f in paper.fields.values()):
        return ""
    here = other.decimal in papers.figures_of(paper) if other.decimal and kind_of(name) is Kind.MONEY else papers.printed_on(paper, text)
    return text if here else ""


def spelt_variously(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A name that no register knows, which as many papers write with another character that looks alike, and none more: nothing tells which is right."""
    own = papers.unknown(name, field)
    if not own or not field.accepted or field.as_read >= 1:
        return field
    other = next((other for other, count in papers.said.items() if count == papers.said[own] and other not in papers.registered and one_alike(own, other, set(own), RESEMBLING)), None)
    return field.lowered(UNSURE, f"同样多的材料上为{other}，形近字待核") if other else field


def stroke_lost(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A number or a model without a stroke that another paper writes within it: SX460, SX-460."""
    if (kind_of(name) is not Kind.NUMBER and name != "product_model") or field.as_read >= 1:
        return field
    own, bare = field.text, field.text.translate(_PARTED)
    others = [f.text for p in papers.papers if p is not paper and (f := p.fields.get(name))]
    if len(bare) < _SHORTEST_PARTED or own in others:
        return field
    fuller = next((other for other in others if len(other) > len(own) and other.translate(_PARTED) == bare), None)
    return field.lowered(UNSURE, f"其他材料为{fuller}，可能漏读连接符") if fuller else field


def digit_slip(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A policy's number that differs in one character from one that other papers print more than once, while none prints this one."""
    if name != "policy_number" or field.as_read >= 1:
        return field
    own = pages_of(paper)
    told = Counter(number for number, page in set(papers.numbers) if page not in own and len(number) == len(field.text))
    near = next((number for number, count in told.most_common() if count > 1 and sum(a != b for a, b in zip(number, field.text, strict=True)) == 1), None)
    return field.lowered(UNSURE, f"其他{told[near]}处印有{near}，差一位") if near and field.text not in told else field


def point_lost(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """An amount that is ten or a hundred times what another paper says of the same fact, and has no point: reading leaves it out."""
    if kind_of(name) is not Kind.MONEY or field.as_read >= 1 or not field.decimal or re.search(r"[.．]", field.raw):
        return field
    told = next((other for other in papers.said_elsewhere(paper, name) if other.decimal and field.decimal in (10 * other.decimal, 100 * other.decimal)), None)
    return field.lowered(UNSURE, f"其他材料为{told.text}，可能漏读小数点") if told else field


def small_letter(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A number in capitals but for one letter (XSHt2020-051), which is most likely a capital, too, or a figure."""
    if kind_of(name) is not Kind.NUMBER or field.as_read >= 1 or not _IN_CAPITALS.match(field.text) or papers.printed_beside(paper, field.text):
        return field
    return field.lowered(UNSURE, "号码中仅一个小写字母，可能读错")


def letter_for_sign(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """Words with a lone I behind a Chinese character: 加I, most likely 加工. Numbered kinds (I型, I类) are written so."""
    if kind_of(name) not in (Kind.TEXT, Kind.NAME) or name == "product_model" or field.as_read >= 1 or not _LONE_LETTER.search(field.text):
        return field
    return field.lowered(UNSURE, "字母I可能为“工”")


def price_for_count(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A quantity that is the paper's price or amount to the figure: the column beside it was taken."""
    if kind_of(name) is not Kind.QUANTITY or not field.decimal or field.decimal < _MANY_PIECES:
        return field
    amounts = [other.decimal for n, other in paper.fields.items() if kind_of(n) is Kind.MONEY]
    return field.lowered(UNSURE, "数量与本材料的金额相同，可能取错一栏") if field.decimal in amounts else field


DOUBTERS: tuple[Corrector, ...] = (
    rare_character, character_lost, brand_lost, minority_spelling, brand_misread, catalogue_spelling, scope_spelling, town_misspelt, colon_for_semicolon, product_slip, broken_off, alloy_misread, cut_short, sign_lost, out_of_order, years_apart, wrong_place,
    spelt_variously, stroke_lost, digit_slip, point_lost, small_letter, letter_for_sign, price_for_count,
)


def doubted(known: Submission, paper: Paper, name: str, field: Field) -> Field:
    for doubter in DOUBTERS:
        field = doubter(known, paper, name, field)
    return field
