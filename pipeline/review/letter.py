"""Letters to applicants, drafted from a claim's flags: what is to be supplied (补正通知书), why a claim isn't accepted or doesn't pass.

In:    a claim with its flags and what reviewers hold of them, its scheme, the office that writes, the day, the deadline.
Out:   `Letter`, whose body a reviewer edits; `Letter.text` is all of it. Telephones, accounts and ID numbers of the papers are masked.
Fails: never; where nothing is to be supplied, or no reason stands, the body has a place to write it in.
Elsewhere: the letter on paper (pipeline/review/letter_pdf.py).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

from models.claim import Claim
from models.flag import Flag, Severity, Verdict
from models.page import Frozen
from models.paper import Track
from models.scheme import Scheme
from pipeline.labels import label
from pipeline.review.masks import masked, personal_values

# who files for an applicant, 四（二）1: the insurer; it is written to as well
FILED_BY_INSURER = frozenset({Track.EQUIPMENT})
FORMAL = frozenset({"outside_window", "scheme_expired"})  # the claim isn't judged at all: 不予受理
BLANK = "________"
NUMERALS = "一二三四五六七八九十"


class LetterKind(StrEnum):
    RETURN = "return"
    NOT_ACCEPTED = "not_accepted"
    REJECTED = "rejected"


TITLES = {LetterKind.RETURN: "申报材料补正通知书", LetterKind.NOT_ACCEPTED: "不予受理通知书", LetterKind.REJECTED: "审核不予通过通知书"}


class Office(Frozen):
    """Who writes: a district's 经济和信息化局. contact, phone: who is asked, "" leaves the line out."""

    name: str
    contact: str = ""
    phone: str = ""


class Letter(Frozen):
    """A letter. number: of the document (文号), "" where it has none yet; body: paragraphs, a line each; flags: keys of those it rests on."""

    kind: LetterKind
    title: str
    number: str
    addressee: str
    body: str
    office: str
    dated: date
    flags: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The whole letter as plain text."""
        head = [self.title, *([self.number] if self.number else []), "", f"{self.addressee}："]
        return "\n".join([*head, *(f"　　{line}" if line else "" for line in self.body.splitlines()), "", self.office, in_chinese(self.dated)]) + "\n"


class Mend(Frozen):
    """What is asked of an applicant. always: also where no reviewer has said that the flag stands."""

    always: bool
    ask: str


@cache
def mends() -> Mapping[str, Mend]:
    """By the flag's code, see letter.toml."""
    table = tomllib.loads(files("pipeline").joinpath("review", "letter.toml").read_text(encoding="utf-8"))
    return {code: Mend.model_validate(entry) for code, entry in table.items()}


def mendable(claim: Claim) -> tuple[Flag, ...]:
    """The flags that an applicant is asked to mend, in their own order: those that stand and are always asked for, or that a reviewer has upheld."""
    return tuple(flag for flag in claim.flags if flag.stands and (mend := mends().get(flag.code)) and (mend.always or _upheld(flag)))


def grounds(claim: Claim) -> tuple[Flag, ...]:
    """The flags for which a claim doesn't pass: conditions that aren't met and that no reviewer has dismissed, and formal ones that a reviewer has upheld."""
    return tuple(flag for flag in claim.flags if flag.stands and (flag.severity is Severity.BLOCK or (flag.code in FORMAL and _upheld(flag))))


def draft_return(claim: Claim, scheme: Scheme, office: Office, dated: date, deadline: date, number: str = "") -> Letter:
    """The letter that asks for what is missing or defective, each with why, the clause, where it was seen and what to do. deadline: the last day to hand it in."""
    wanted = mendable(claim)
    items = [
        f"{_counted(i)}{_sentence(flag.message, _seen(claim, flag))}{_rests_on(flag, claim, scheme)}{mends()[flag.code].ask}" for i, flag in enumerate(wanted)
    ] + [f"{_counted(len(wanted) + i)}文件“{q.file}”{label('quarantine', q.reason.value)}。" for i, q in enumerate(claim.quarantined)]
    body = [
        f"{_subject(claim)}申报材料收悉。经审核，申报材料不齐全或不符合要求，根据《{scheme.title}》（以下简称《办法》）的有关规定，现将需要补正的内容一次性告知如下：",
        *(items or [f"一、{BLANK}"]),
        f"请于{in_chinese(deadline)}前，将补正材料加盖公章后以PDF版电子文档报送我局。逾期未补正的，将按现有材料进行审核。",
        *_contact(office), "特此通知。"]
    return _letter(LetterKind.RETURN, claim, office, dated, number, body, wanted)


def draft_rejection(claim: Claim, scheme: Scheme, office: Office, dated: date, objection_days: int = 10, number: str = "") -> Letter:
    """The letter that says why a claim isn't accepted (only formal grounds) or doesn't pass. objection_days: working days in which the applicant may object in writing."""
    reasons = grounds(claim)
    formal = bool(reasons) and all(flag.code in FORMAL for flag in reasons)
    items = [f"{_counted(i)}{_sentence(flag.message, _seen(claim, flag))}{_rests_on(flag, claim, scheme)}{_reason(flag)}" for i, flag in enumerate(reasons)]
    outcome = "决定不予受理" if formal else "审核不予通过"
    body = [
        f"{_subject(claim)}申报材料收悉。经审核，不符合《{scheme.title}》（以下简称《办法》）的有关规定，{outcome}。理由如下：", *(items or [f"一、{BLANK}"]),
        f"如对上述决定有异议，可自收到本通知书之日起{objection_days}个工作日内向我局提出书面意见，并附相关证明材料。", *_contact(office), "特此通知。"]
    return _letter(LetterKind.NOT_ACCEPTED if formal else LetterKind.REJECTED, claim, office, dated, number, body, reasons)


def in_chinese(day: date) -> str:
    """2021年2月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


# ---------------------------------------------------------------- parts


def _letter(kind: LetterKind, claim: Claim, office: Office, dated: date, number: str, body: Iterable[str], flags: Iterable[Flag]) -> Letter:
    private = personal_values(claim)
    contact = _contact(office)
    hidden = "\n".join(line if line in contact else masked(line, private) for line in body)  # the office's own telephone is there to be rung
    return Letter(kind=kind, title=TITLES[kind], number=number, addressee=_addressee(claim), body=hidden, office=office.name, dated=dated, flags=tuple(flag.key for flag in flags))


def _addressee(claim: Claim) -> str:
    names = ["applicant_name", *(["insurer_name"] if claim.track in FILED_BY_INSURER else [])]
    return "、".join(claim.fields[name].text for name in names if name in claim.fields) or BLANK


def _subject(claim: Claim) -> str:
    """你单位申报的“数控卧式镗铣床”首台（套）装备应用保险补贴（申报编号EQ-0001，保单号…）."""
    product, policy = claim.fields.get("product_name"), claim.fields.get("policy_number")
    track = label("track", claim.track.value) if claim.track else ""
    numbers = "，".join([f"申报编号{claim.submission_id}", *([f"保单号{policy.text}"] if policy else [])])
    return f"你单位申报的{f'“{product.text}”' if product else ''}{track}应用保险补贴（{numbers}）"


def _counted(index: int) -> str:
    """一、 to 九十九、."""
    tens, units = divmod(index + 1, 10)
    return ("" if not tens else "十" if tens == 1 else NUMERALS[tens - 1] + "十") + (NUMERALS[units - 1] if units else "") + "、"


def _sentence(message: str, seen: str = "") -> str:
    return message.rstrip("。；;. ") + seen + "。"


def _seen(claim: Claim, flag: Flag) -> str:
    """（见申请表，scan.pdf第1页）: each page once, nothing where the flag is about what isn't there."""
    papers = {(part.file, page): label("paper", paper.type.value) for paper in claim.papers for part in paper.parts for page in part.pages}
    places = dict.fromkeys((region.file, region.page) for region in flag.evidence)
    told = [f"{papers[place] + '，' if place in papers else ''}{place[0]}第{place[1]}页" for place in places if flag.code != "unreadable_page"]
    return f"（见{'；'.join(told)}）" if told else ""


def _rests_on(flag: Flag, claim: Claim, scheme: Scheme) -> str:
    """依据《办法》四（二）1（3）“投保产品的销售合同、销售发票等复印件”。"""
    if not flag.clause:
        return ""
    provisions = [*(scheme.documents.get(claim.track, ()) if claim.track else ()), scheme.limit(flag.code, claim.track), scheme.validity]
    words = next((p.text for p in provisions if p.clause == flag.clause and p.text and (flag.code != "missing_document" or flag.detail.get("document") in getattr(p, "types", ()))), "")
    quote = f"“{words.rstrip('。；')}”" if words and words not in flag.message else ""
    return f"依据《办法》{flag.clause}{quote}。"


def _reason(flag: Flag) -> str:
    return _sentence(flag.judgement.reason) if flag.judgement and flag.judgement.reason else ""


def _contact(office: Office) -> list[str]:
    who = "，".join([*([f"联系人：{office.contact}"] if office.contact else []), *([f"联系电话：{office.phone}"] if office.phone else [])])
    return [who + "。"] if who else []


def _upheld(flag: Flag) -> bool:
    return flag.judgement is not None and flag.judgement.verdict is Verdict.UPHELD
