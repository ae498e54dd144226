"""Misreadings put right where the rest of the submission proves what stands there.

In:    papers with their fields, the pages they came from, names of companies that there are (the register).
Out:   the same papers; a corrected field keeps its `raw` and place, and says in `why` what was read and what proves the correction.
Fails: never; what nothing proves stays as it was read, and what speaks against a value without proving another leaves it to a person.
Elsewhere: proof within one paper (extractors/papers), which paper speaks for a fact (pipeline/assemble.py), seals (pipeline/stamps.py).

Three conditions hold for every correction. The value wasn't accepted: what was read for sure is the paper's own, and differing papers are for the rules to tell.
The reading fails where the correction holds: another paper, or other figures of its own, read for sure, say the one and not the other. And the difference is one that reading makes
(characters that look alike, a lost point, a unit), in exactly one way. `CORRECTORS` lists what is tried, in order; the first that proves anything wins.
What stands after that goes through all `DOUBTERS`, which change no value, but may leave it to a person.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from stdnum.cn import uscc

from extractors.amounts import read_figures
from extractors.confidence import confirmed
from extractors.fields import MISSHAPEN
from extractors.glyphs import alike
from matchers.names import normalise
from matchers.values import agree
from models.dates import year_from, year_until
from models.field import Field
from models.lookalikes import LIKE, LIKE_DIGITS, LIKE_LETTERS, swaps
from models.money import yuan
from models.numbers import plain
from models.page import Line, Page
from models.paper import Kind, Paper, PaperType, kind_of
from models.places import TOWNS
from models.text import HAS_CJK, compact, left_out
from pipeline.assemble import ADDED_UP, SOURCES
from pipeline.evidence import names_said, of_type

PROVEN = 0.97  # confidence of a value that the rest of the submission proves
SURE = 0.97  # a character read with less may be misread, and print read with less proves nothing
UNSURE = 0.85  # not accepted, and yet more likely right than not
MOST_SWAPS = 2  # characters of one number that may be misread
LOOKALIKE = 0.8  # likeness from which one Chinese character is read for another
RESEMBLING = 0.7  # the same where a register knows the one and not the other
TELLING = 3  # significant digits from which one amount isn't another by chance
MANY, SHARED_WEAKNESS = 2, 0.4  # papers, and share of those with a name, that leave the same character of it in doubt
SHORTEST = 4  # characters of a number or model of which two alike on two papers are no chance: V3.7
MOST_LOST = 3  # characters that a cell's border cuts off

# how far a misread figure may be off, what was misread, and what its print must look like for that
_NO_UNIT, _NO_POINT, _POINT_OF_THOUSANDS = re.compile(r"[^万元]*"), re.compile(r"[^.．]*"), re.compile(r"[^.．]*\d[.．]\d{3}(?!\d).*")
SCALES: Mapping[Decimal, tuple[str, re.Pattern[str]]] = {
    Decimal(10_000): ("万元与元", _NO_UNIT), Decimal("0.0001"): ("万元与元", _NO_UNIT), Decimal(1000): ("千分位与小数点", _POINT_OF_THOUSANDS),
    Decimal("0.1"): ("小数点", _NO_POINT), Decimal("0.01"): ("小数点", _NO_POINT), Decimal("0.001"): ("小数点", _NO_POINT),
}
# facts that several papers print alike, each under its own name
SHARED = (*(SOURCES[name] for name in ("policy_number", "sum_insured", "premium", "period_start", "period_end")), *ADDED_UP.values())

_PHRASE = re.compile(r"[^、，,；;。（）()]{4,}")  # of a line of business
_BETWEEN = str.maketrans("", "", "、，,；;。")  # what stands between two of them
_TOWN = re.compile(r"([\u4e00-\u9fff]{2,3})(?=镇|乡|街道|支行|支公司|分理处|营业所)")
_ODD_COLON = re.compile(r"(?<!项目)(?<!范围)(?<!如下)(?<!其中)(?<!包括)(?<!业务)[:：]")
_BRAND = re.compile(r"^([\u4e00-\u9fff]{2,4}?)(?:科技|联合|农商|再担保|出口|互联网|相互|责任|信用|农业|财产|保险)")
_ON_BEHIND = re.compile(r"号\w|^(?:19|20)\d\d[\u4e00-\u9fff]{1,6}字第?\d")
_BRACKETS = (("(", ")"), ("（", "）"), ("[", "]"), ("〔", "〕"), ("【", "】"))
_NO_BRAND = re.compile(r"^.?(?:财产|责任|信用|保证|农业|互联网|联合|相互)*保险")  # no insurer is called by one character


class Relation(NamedTuple):
    """Figures of one paper that make another: `result` is `first` × `second`, `first` % of `second`, or their sum."""

    first: str
    second: str
    result: str
    how: str  # "times", "percent", "plus"
    said: str

    def solved(self, name: str, fields: Mapping[str, Field]) -> Decimal | None:
        """What the other two, both accepted, make of this one; None where one of them isn't there."""
        values = {n: f.decimal for n in (self.first, self.second, self.result) if n != name and (f := fields.get(n)) is not None and f.accepted and f.decimal}
        if len(values) < 2 or name not in (self.first, self.second, self.result):
            return None
        first, second, result = (values.get(n) or Decimal(0) for n in (self.first, self.second, self.result))
        hundred = Decimal(100 if self.how == "percent" else 1)
        if self.how == "plus":
            return first + second if name == self.result else result - first - second
        return first * second / hundred if name == self.result else result * hundred / (first or second)


RELATIONS: Mapping[PaperType, tuple[Relation, ...]] = {
    PaperType.INSURANCE_POLICY: (Relation("premium_rate", "sum_insured", "premium", "percent", "保险金额×费率=保险费"),),
    PaperType.APPLICATION_FORM: (
        Relation("premium_rate", "sum_insured", "premium", "percent", "保险额度×费率=保费"), Relation("subsidy_rate", "premium_paid", "subsidy_requested", "percent", "实缴保费×补贴比例=申请补贴")),
    PaperType.SALES_CONTRACT: (Relation("unit_price", "quantity", "contract_amount", "times", "单价×数量=合同金额"),),
    PaperType.SALES_INVOICE: (Relation("amount_excluding_tax", "tax_amount", "total_amount", "plus", "金额+税额=价税合计"),),
}
# days that follow each other; where they don't, one of them may be misread
IN_ORDER: tuple[tuple[tuple[PaperType, str], tuple[PaperType, str]], ...] = (
    ((PaperType.BUSINESS_LICENCE, "established_on"), (PaperType.INSURANCE_POLICY, "period_start")),
    ((PaperType.SALES_CONTRACT, "signed_on"), (PaperType.SALES_INVOICE, "invoice_date")),
    ((PaperType.INSURANCE_POLICY, "period_start"), (PaperType.APPLICATION_FORM, "form_date")),
)
_OF_A_COMPANY = frozenset({"established_on"})  # days that have nothing to do with what was insured
YEARS_APART = 3  # a contract, its delivery and its insurance lie closer together
_TOKEN = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z][0-9A-Za-z\-/]{7,}(?![0-9A-Za-z])")


class Submission:
    """What the papers and pages of a submission say, looked up by what asks for proof."""

    def __init__(self, papers: Sequence[Paper], pages: Iterable[Page], registered: Iterable[str] = ()) -> None:
        self.papers = papers
        self.pages = tuple(pages)
        self.registered = frozenset(normalise(name) for name in registered)

    @cached_property
    def names(self) -> Counter[str]:
        """In how many papers a name stands that was read for sure."""
        return Counter(name for paper in self.papers for name in {normalise(f.text) for n, f in paper.fields.items() if kind_of(n) is Kind.NAME and f.accepted})

    @cached_property
    def registered_by_length(self) -> Mapping[int, Sequence[str]]:
        """The registered names by how many characters they have, in order: a register may have very many."""
        out: dict[int, list[str]] = defaultdict(list)
        for name in sorted(self.registered):
            out[len(name)].append(name)
        return out

    def unknown(self, name: str, field: Field) -> str:
        """The name as compared that a field holds and no register knows; "" for a field of another kind and a registered name."""
        own = normalise(field.text) if kind_of(name) is Kind.NAME else ""
        return "" if own in self.registered else own

    @cached_property
    def said(self) -> Counter[str]:
        """In how many papers a name was read, for sure or not."""
        return names_said(self.papers)

    @cached_property
    def weak_in(self) -> Mapping[str, Counter[str]]:
        """For each name the Chinese characters that were read doubtfully, with the number of papers in which they were."""
        out: dict[str, Counter[str]] = defaultdict(Counter)
        for paper in self.papers:
            found = {(normalise(f.text), c) for n, f in paper.fields.items() if kind_of(n) is Kind.NAME and f.read for c, _ in f.read.weak if HAS_CJK.match(c)}
            for name, c in found:
                out[name][c] += 1
        return out

    @cached_property
    def numbers(self) -> tuple[tuple[str, tuple[str, int]], ...]:
        """Numbers that were read for sure anywhere in print, with the page on which they stand."""
        return tuple(
            (found[0], (page.file, page.number)) for page in self.pages for line in page.lines for found in _TOKEN.finditer(line.text)
            if sum(c.isdigit() for c in found[0]) >= 4 and line.certainty(*found.span()) >= SURE)

    def numbers_beside(self, paper: Paper) -> set[str]:
        """Those of other papers' pages."""
        own = _pages_of(paper)
        return {number for number, page in self.numbers if page not in own}

    def printed_beside(self, paper: Paper, text: str) -> bool:
        """Whether pages of other papers print it as a word of its own, every character read for sure."""
        own = _pages_of(paper)
        word = re.compile(rf"(?<![0-9A-Za-z.\-/]){re.escape(text)}(?![0-9A-Za-z\-/]|\.[0-9])")
        return len(text) >= SHORTEST and any(
            line.certainty(*found.span()) >= SURE
            for page in self.pages if (page.file, page.number) not in own for line in page.lines if text in line.text for found in word.finditer(line.text))

    def figures_of(self, paper: Paper) -> frozenset[Decimal]:
        """All amounts in figures that a paper's own pages print."""
        return frozenset(figure.amount for line in self._lines_of(paper) for figure in read_figures(line.text))

    def printed_on(self, paper: Paper, text: str) -> bool:
        """Whether a paper's own pages print a number as a word of its own."""
        word = re.compile(rf"(?<![0-9A-Za-z\-/]){re.escape(text)}(?![0-9A-Za-z\-/])")
        return any(word.search(line.text) for line in self._lines_of(paper))

    def _lines_of(self, paper: Paper) -> Iterator[Line]:
        own = _pages_of(paper)
        return (line for page in self.pages if (page.file, page.number) in own for line in page.lines)

    def single(self, kind: PaperType) -> bool:
        """Whether there is one paper of a type, further scans of it left aside."""
        return len(of_type(self.papers, kind)) == 1

    @cached_property
    def text(self) -> str:
        """All print, without white space: to see whether something stands anywhere."""
        return "\n".join(compact(line.text) for page in self.pages for line in page.lines)

    def said_elsewhere(self, paper: Paper, name: str) -> Iterator[Field]:
        """What papers of other types, read for sure, say of the fact that this field of this paper tells; where there is one of each: instalments are other amounts."""
        facts = [fact for fact in SHARED if (paper.type, name) in fact and self.single(paper.type)]
        for fact in facts:
            for kind, other in fact:
                if kind is not paper.type and self.single(kind):
                    yield from (p.fields[other] for p in self.papers if p.type is kind and other in p.fields and p.fields[other].accepted)


def _pages_of(paper: Paper) -> set[tuple[str, int]]:
    """Where a paper's pages stand: file and number."""
    return {(part.file, page) for part in paper.parts for page in part.pages}


Corrector = Callable[[Submission, Paper, str, Field], Field]  # the field as it came where nothing is proven


def number_alike(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A number of which letters that look like others were misread: another paper prints the one that is meant.

    A digit for a digit makes another number, so it counts only in a credit code, whose check character tells.
    """
    coded = name == "credit_code"
    if kind_of(name) is not Kind.NUMBER or (uscc.is_valid(field.text) if coded else field.as_read >= SURE):
        return field
    table = LIKE if coded else LIKE_LETTERS
    fitting = {number for number in papers.numbers_beside(paper) if 0 < len(swaps(field.text, number, table) or ()) <= MOST_SWAPS and (not coded or uscc.is_valid(number))}
    if len(fitting) != 1:
        return field
    right = fitting.pop()
    return field.corrected(right, PROVEN, True, f"据其他材料上的同一号码更正（形近字符），印刷读作{field.text}")


def code_confirmed(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A credit code worked out by its check character alone that another paper prints, too."""
    if name == "credit_code" and uscc.is_valid(field.text) and field.text in papers.numbers_beside(paper):
        return confirmed(field, "其他材料上印有同一代码")
    return field


def printed_elsewhere(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A number or a model that another paper prints, too, and there every character was read for sure: two papers aren't misread alike."""
    telling = name == "product_model" or kind_of(name) is Kind.NUMBER
    whole = field.read is None or field.read.fit > MISSHAPEN  # of what breaks off, or has more with it, another paper prints a piece by chance
    if telling and whole and field.borne_out is None and papers.printed_beside(paper, field.text):
        return confirmed(field, "其他材料上印有同样内容")
    return field


def name_alike(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A name of which one character was misread for one that looks alike (昊, 吴): two other papers write it, nothing knows the one that was read."""
    own = normalise(field.text)
    if kind_of(name) is not Kind.NAME or own in papers.registered or papers.names[own] or papers.text.count(own) > 1:
        return field
    weak = {c for c, _ in field.read.weak} if field.read else set()
    fitting = [other for other, count in papers.names.items() if count > 1 and _one_alike(own, other, weak, LOOKALIKE)]
    if len(fitting) != 1:
        return field
    return field.corrected(fitting[0], PROVEN, True, f"据其他{papers.names[fitting[0]]}份材料更正（形近字），印刷读作{field.text}")


def name_registered(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A name that no register knows, of which one character was read doubtfully, here or in another paper, for one that resembles that of the one registered name: 灿, 屾."""
    own = papers.unknown(name, field)
    if not own or not papers.weak_in[own]:
        return field
    fitting = [other for other in papers.registered_by_length.get(len(own), ()) if _one_alike(own, other, papers.weak_in[own], RESEMBLING)]
    return field.corrected(fitting[0], PROVEN, True, f"据登记名录更正（形近字），印刷读作{field.text}") if len(fitting) == 1 else field


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
    usual = next((other for other, count in papers.said.most_common() if count > papers.said[own] and _one_alike(own, other, every, RESEMBLING)), None)
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
    if field.as_read >= 1 or not isinstance(field.value, str) or "宁波" not in field.text:
        return field
    for said in _TOWN.findall(field.text):
        if any(said.endswith(town) for town in TOWNS):
            continue
        near = sorted(town for town in TOWNS if len(said) >= len(town) and _one_alike(said[-len(town) :], town, said, RESEMBLING))
        if near:
            return field.lowered(UNSURE, f"宁波没有{said[-len(near[0]) :]}，有{near[0]}，形近字待核")
    return field


def colon_for_semicolon(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A scope of business with a colon that heads no list: most likely a semicolon (软件开发:系统集成)."""
    if name != "business_scope" or field.as_read >= 1 or not _ODD_COLON.search(field.text):
        return field
    return field.lowered(UNSURE, "冒号可能为分号")


def _one_alike(own: str, other: str, weak: Collection[str], least: float) -> bool:
    """Whether two names differ in one character that was read doubtfully and looks like the other's."""
    differing = [(a, b) for a, b in zip(own, other, strict=True) if a != b] if len(own) == len(other) else []
    return len(differing) == 1 and differing[0][0] in weak and alike(*differing[0]) >= least


def amount_alike(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """An amount whose point or unit was lost, or of which one digit was misread for one that looks alike: another paper shows the right one."""
    if kind_of(name) is not Kind.MONEY or not field.decimal:
        return field
    told = {amount for other in papers.said_elsewhere(paper, name) if (amount := other.decimal) and len(plain(amount).replace(".", "").strip("0")) >= TELLING}
    if field.decimal in told:
        return field
    fitting = {amount: why for amount in told if (why := _misread_figure(field, amount, yuan(amount)))}
    if len(fitting) != 1:
        return field
    (right, why), = fitting.items()
    return field.corrected(yuan(right), PROVEN, True, f"据其他材料上的同一金额更正（{why}），印刷读作{field.text}")


def _misread_figure(field: Field, right: Decimal, value: str) -> str:
    """What was misread where a figure should be this one (value: as the contract writes it), in Chinese; "" where it is another figure."""
    assert field.decimal  # noqa: S101  asked before
    misread, form = SCALES.get(right / field.decimal, ("", _NO_UNIT))
    if misread and form.fullmatch(field.raw):  # a unit or a point that is printed isn't lost
        return misread
    return "形近数字" if _one_digit(field, value, field.text) else ""


def _one_digit(field: Field, right: str, read: str) -> bool:
    """Whether a single digit, read doubtfully, tells the two apart."""
    differing = swaps(read, right, LIKE_DIGITS) or ()
    return len(differing) == 1 and field.read is not None and differing[0] in {c for c, _ in field.read.weak}


def figure_by_arithmetic(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A figure that two others of its paper, both sure, tell, where it is their result misread."""
    for relation in RELATIONS.get(paper.type, ()):
        if relation.how == "times" and len(paper.rows) > 1:  # one of several items doesn't make the whole
            continue
        right = relation.solved(name, paper.fields)
        if right is None or not field.decimal or right <= 0:
            continue
        money = kind_of(name) is Kind.MONEY
        value = yuan(right) if money else plain(right.normalize())
        if right != Decimal(value) or len(value.replace(".", "").strip("0")) < (TELLING if money else 1):  # not a figure that could be printed
            continue
        if field.decimal != right and (why := _misread_figure(field, right, value)):
            return field.corrected(value, PROVEN, True, f"据{relation.said}更正（{why}），印刷读作{field.text}")
    return field


def period_of_a_year(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """First or last day of a period: surely read where it makes the other a year with it, and put right where the form says so, too.

    Source: ningbo-2020, 三: the insurance lasts a year; a period that doesn't is no error of reading.
    """
    partner = {"period_start": "period_end", "period_end": "period_start"}.get(name)
    other = paper.fields.get(partner or "")
    if other is None or not other.accepted or len(field.text) != 10 or len(other.text) != 10:
        return field
    meant = year_from(other.text) if name == "period_end" else year_until(other.text)
    if meant == field.text:
        return confirmed(field, "保险期间恰为一年")
    proof = [voice for voice in papers.said_elsewhere(paper, name) if agree(name, voice, field.model_copy(update={"value": meant})) and not agree(name, voice, field)]
    if proof and _one_digit(field, meant, field.text):
        return field.corrected(meant, PROVEN, True, f"据保险期间一年及其他材料更正（形近数字），印刷读作{field.text}")
    return field


CORRECTORS: tuple[Corrector, ...] = (code_confirmed, printed_elsewhere, number_alike, name_alike, name_registered, amount_alike, figure_by_arithmetic, period_of_a_year)


def cut_short(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A number that is the beginning or the end of the same number in another paper: a cell's border or a wrapped line may have taken the rest."""
    for other in papers.said_elsewhere(paper, name) if kind_of(name) is Kind.NUMBER else ():
        short, long = field.text, other.text
        if 0 < len(long) - len(short) <= MOST_LOST and (long.startswith(short) or long.endswith(short)):
            return field.lowered(UNSURE, f"比其他材料上的{long}少{len(long) - len(short)}位，可能未读全")
    return field


def sign_lost(papers: Submission, paper: Paper, name: str, field: Field) -> Field:
    """A number with one bracket of two, or that goes on behind 号, or begins with a year, without a sign between: reading leaves such thin strokes out (〔2019172号, 〔2019〕106号27, 2020甬检字第87号)."""
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


DOUBTERS: tuple[Corrector, ...] = (rare_character, character_lost, brand_lost, minority_spelling, brand_misread, scope_spelling, town_misspelt, colon_for_semicolon, cut_short, sign_lost, out_of_order, years_apart, wrong_place)


def with_misreadings_corrected(papers: Sequence[Paper], pages: Iterable[Page], registered: Iterable[str] = ()) -> tuple[Paper, ...]:
    """The papers with what can be proven put right; proof comes from the papers as they were read, so no correction rests on another."""
    known = Submission(papers, pages, registered)
    return tuple(paper.model_copy(update={"fields": {name: _corrected(known, paper, name, field) for name, field in paper.fields.items()}}) for paper in papers)


def _corrected(known: Submission, paper: Paper, name: str, field: Field) -> Field:
    if field.accepted:
        return _doubted(known, paper, name, printed_elsewhere(known, paper, name, name_registered(known, paper, name, field)))
    for corrector in CORRECTORS:
        done = corrector(known, paper, name, field)
        if done is not field:
            return done
    return _doubted(known, paper, name, field)


def _doubted(known: Submission, paper: Paper, name: str, field: Field) -> Field:
    for doubter in DOUBTERS:
        field = doubter(known, paper, name, field)
    return field
