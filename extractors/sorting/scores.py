"""How well a page suits a type, opens a paper, or goes on with the pages before it.

In:    traits of pages, a type. Out: scores that may be added up along the pages (path.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from rapidfuzz import fuzz

from extractors.sorting.evidence import PLAIN, heading_evidence
from extractors.sorting.numbering import ALIKE
from extractors.sorting.traits import SIGNS, Traits
from extractors.sorting.vocabulary import vocabulary
from models.paper import PaperType
from models.text import compact

_OTHER_BASE = 2.2  # what a type must gather to be believed rather than "some other paper"
_CUT_OFF = 1.7  # what it costs to begin with a later page
SINGLE = {PaperType.SALES_INVOICE, PaperType.PREMIUM_INVOICE, PaperType.PAYMENT_VOUCHER, PaperType.BUSINESS_LICENCE, PaperType.FIRST_SET_CERTIFICATE, PaperType.IP_CERTIFICATE, PaperType.APPLICATION_FORM}  # papers without a cover sheet or annexes
_TITLED = {PaperType.SALES_CONTRACT, PaperType.INSURANCE_POLICY, PaperType.TEST_REPORT, PaperType.APPLICATION_FORM}
_ANNEXED_TO = {PaperType.SALES_CONTRACT, PaperType.INSURANCE_POLICY, PaperType.TEST_REPORT}
_SIGNING = 16  # rows of a sheet on which parties sign and nothing else stands
_REFERS_BACK = re.compile(r"原(?:合同|协议|订单)|主合同|(?:上述|前述|以上|已签订的|已签署的)[^。;；]{0,12}(?:合同|协议)|本?合同的?(?:补充|组成部分)")


def type_score(t: Traits, kind: PaperType, opens: bool) -> float:
    """How well a page suits a type, as the first page of such a paper or as a later one."""
    heading, body = t.opening.get(kind, 0.0), t.body.get(kind, 0.0)
    if kind is PaperType.OTHER:
        return _OTHER_BASE + heading + body
    return heading + body if opens else 0.5 * heading + body + (t.further.get(kind, 0.0) if heading < PLAIN else 0.0)


def start_score(t: Traits, kind: PaperType) -> tuple[float, bool]:
    """How well a page begins a run of a type, and whether it does so as a later page that was cut off from its beginning."""
    opening = type_score(t, kind, True) + opens_score(t, kind)
    later = type_score(t, kind, False) - _CUT_OFF
    return max(opening, later), kind is not PaperType.OTHER and later > opening


def opens_score(t: Traits, kind: PaperType) -> float:
    """How much a page looks like the first of a paper of this type, whatever stands before it."""
    score = 0.0
    if t.page_number and kind is not PaperType.OTHER:
        number, _, sure = t.page_number
        score += (1.5 if sure else 0.5) if number == 1 else (-3.0 if sure else -0.7)
    if t.begins_midway:
        score -= 1.0
    if t.opening.get(kind, 0.0) < PLAIN:
        score -= 0.6 * t.further.get(kind, 0.0)
    if kind in _TITLED and t.opening.get(kind, 0.0) < 2.0:
        score -= 1.5  # such papers say what they are
    if t.annex and kind in _ANNEXED_TO:
        score -= 2.0
    if t.clauses and t.clauses[0].number > 1 and t.opening.get(kind, 0.0) < 2.0:
        score -= 1.5
    return score


def _titled_otherwise(t: Traits, kind: PaperType) -> bool:
    """Whether a page's heading says that it is another paper: a 竣工验收证书 before the contract that it names."""
    return t.opening.get(kind, 0.0) < 3.0 and any(score >= 3.0 for k, score in t.opening.items() if k not in (kind, PaperType.COVER, PaperType.OTHER))


def _covers(sheet: Traits, t: Traits, kind: PaperType) -> bool:
    """Whether a page with little on it is the cover sheet of the paper that the next one begins: the same heading, or the same names and numbers."""
    if len(sheet.rows) > 14 or sheet.signed_off or sheet.prose >= 0.2 or sheet.clauses or (sheet.page_number and sheet.page_number.sure and sheet.page_number.number > 1):
        return False
    titled = sheet.opening.get(kind, 0.0) >= 3.0
    if _titled_otherwise(sheet, kind):
        return False
    ours, theirs = _values(sheet), _values(t)
    return (titled and t.opening.get(kind, 0.0) >= 3.0) or len(ours & theirs) >= (2 if titled or sheet.body.get(kind, 0.0) >= 2.0 else 3)


def _covered_by_first(run: Sequence[Traits], t: Traits, kind: PaperType) -> bool:
    """Whether a cover sheet, with nothing but notes behind it, is that of the paper which this page begins."""
    notes = run[1:]
    if not 1 <= len(notes) <= 2 or any(_counted(p) for p in run) or any(p.opening.get(kind, 0.0) >= 3.0 for p in notes):
        return False
    return _covers(run[0], t, kind) and len(_values(run[0]) & _values(t)) >= 2


def _counted(t: Traits) -> bool:
    """Whether a page says in words which page it is; a bare figure in its corner may be an archive's numbering."""
    return t.page_number is not None and t.page_number.sure


_ANNOUNCES = re.compile(r"(?:公布|公示|认定|确定).{0,40}的(?:通知|公告|决定)")  # a notice whose list of what was recognised stands on the next page
_LISTS = re.compile(r"(?:首台|首批次|首版次|新产品|新材料|重点领域).{0,24}(?:名单|一览表|清单)")
_ENCLOSED = re.compile(r"(?:随[函信]|兹|现)(?:附|寄|送)[^。;；]{0,60}(?:保险单|保单)")


def _encloses(letter: Traits, t: Traits, kind: PaperType) -> bool:
    """Whether a page is the letter with which an insurer sends the policy that the next page begins: 随函附上…保险单."""
    policy = PaperType.INSURANCE_POLICY
    return kind is policy and letter.opening.get(policy, 0.0) < PLAIN <= t.opening.get(policy, 0.0) and bool(_ENCLOSED.search(letter.text))


_ANNEXED = re.compile(r"^附(?:表|件|录)")
_AGREEMENT = re.compile(r"保险(?:协议|合同)书?$")


def _agreed(run: Sequence[Traits]) -> bool:
    """Whether a run begins as an agreement between policyholder and insurer, which says that it is one: 保险协议 over its first page."""
    return any(_AGREEMENT.search(compact(row.text)) for row in run[0].rows[:4])


def _values(t: Traits) -> set[str]:
    """What stands on a page behind labels or by itself, where it is long enough to be one paper's own: names, products, numbers."""
    return {v for row in t.rows for line in row.lines for v in re.split(r"[:：]", compact(line.text)) if len(v) >= 6}


def link_score(run: Sequence[Traits], t: Traits, kind: PaperType, more: float) -> float:
    """How much a page looks like going on with the pages before it, the last of which lies right before it."""
    before = run[-1]
    score = more
    if before.page.file != t.page.file:
        score -= 2.5 if t.page.number == 1 else 1.0
    numbers = {n: next(p.numbers[n] for p in reversed(run) if n in p.numbers) for n in {n for p in run for n in p.numbers}}
    named_only = any(titled >= PLAIN and other in SINGLE and other is not kind for other, titled in t.opening.items())  # an invoice that says which policy it is for
    echoed = not named_only and _OWN_NUMBER.get(kind, "") not in numbers and _names_number_of(run, t, kind)
    counted = bool(t.page_number and t.page_number.sure and t.page_number.number > 1)
    same_number = echoed or (not named_only and any(_shared(numbers[n], t.numbers[n], counted) for n in numbers.keys() & t.numbers.keys()))
    names_fit = max(names_agree(before.names, t.names), names_agree(frozenset(n for p in run for n in p.names), t.names))
    # names neither party: who they are stands in the contract that it refers to
    nameless = not t.names and not t.numbers.get("contract") and bool(_REFERS_BACK.search(t.text))
    supplements = (kind is PaperType.SALES_CONTRACT and t.supplement and (names_fit > 0 or nameless)) or (kind is PaperType.INSURANCE_POLICY and t.endorsement)
    opening, identified = _below_running_head(before, t)
    if identified and kind not in SINGLE and opening.get(kind, 0.0) < 3.0 and not same_number:
        same_number = True
        score += 3.5
    behind_notes = kind not in SINGLE and _covered_by_first(run, t, kind)
    covered = behind_notes or (kind not in SINGLE and (_covers(before, t, kind) or _encloses(before, t, kind)))
    listed = kind is PaperType.FIRST_SET_CERTIFICATE and before.page.file == t.page.file and bool(_ANNOUNCES.search(before.text)) and any(_LISTS.search(row.text) for row in t.rows[:3])
    score += 4.0 if listed else 2.5 if behind_notes else 1.5 if covered else 0.0
    # a cover and notes bear no page number; what they name as theirs begins to count behind them
    score += _counted_on(before, t, begins_to_count=(covered and not _counted(before)) or (same_number and not any(map(_counted, run))))
    for name in numbers.keys() & t.numbers.keys():
        score += (0.0 if named_only else 3.5) if _shared(numbers[name], t.numbers[name], counted) else 0.0 if _cut(numbers[name], t.numbers[name]) else -4.0
    score += 3.5 if echoed else 0.0
    if before.clauses and t.clauses:
        last, first = before.clauses[-1], t.clauses[0]
        if first.style == last.style and first.number in (last.number, last.number + 1) and first.number > 1:
            score += 3.0
        elif first.number == 1 and first.style == last.style and last.number > 2:
            score -= 1.0
    if before.ends_midway and t.begins_midway:
        score += 2.0
    score += 0.7 * names_fit
    if t.annex and kind in _ANNEXED_TO:
        score += 2.0
    if kind is PaperType.SALES_CONTRACT and names_fit > 0 and not opening and len(t.rows) <= _SIGNING and SIGNS.search(t.text):
        score += 3.0  # who signs, and nothing more: the parties' blocks on a sheet of their own
    if kind is PaperType.INSURANCE_POLICY and _agreed(run):  # an insurance agreement: its parties sign as those of a contract do, its particulars stand on a sheet behind
        signed = len(t.rows) <= _SIGNING and bool(SIGNS.search(t.text))
        annexed = t.body.get(kind, 0.0) > 1.0 and any(_ANNEXED.match(row.text) for row in t.rows[:2])
        score += 4.0 if signed else 6.0 if annexed else 0.0
    if kind is PaperType.APPLICATION_FORM:
        score -= 2.5 if _asked_again(before, t) else 0.0
    same_shape = (before.page.width > before.page.height) == (t.page.width > t.page.height)
    score -= 0.0 if same_shape else 1.0
    heading = opening.get(kind, 0.0)
    if heading >= 3.0:  # a heading of its own: a new paper, unless the page before was its cover sheet or bears the same number
        score += 0.5 * heading if (same_number and not _titled_otherwise(run[0], kind)) or covered or supplements or listed else -3.0
        score += 1.5 if supplements and not same_number else -0.5 if covered and not same_number else 0.0
    if not t.opening.get(kind) and not t.body.get(kind):
        score += 1.0 if t.prose > 0.4 else -0.5
    return score


def _below_running_head(before: Traits, t: Traits) -> tuple[Mapping[PaperType, float], bool]:
    """A page's evidence from headings without what stands at the head of the page before it as well (技术合同 FWCG2020-03, small, above the text), and whether that names one paper by a number."""
    running = [row for row in t.rows if row.box.cy < _HEAD and len(row.text) >= 4 and any(abs(o.box.cy - row.box.cy) < 0.02 and fuzz.ratio(o.text, row.text) >= 92 for o in before.rows)]
    if not running:
        return t.opening, False
    rest = [row for row in t.rows if row not in running]
    opening = {kind: min(score, t.opening.get(kind, 0.0)) for kind, score in heading_evidence(rest).items()} if t.opening and rest else {}
    return opening, any(_IDENTIFIES.search(row.text) for row in running)


_HEAD = 0.1  # of a page's height
_IDENTIFIES = re.compile(r"(?=[A-Za-z0-9\-/]*[A-Za-z])(?=(?:[A-Za-z\-/]*\d){5})[A-Za-z0-9\-/]{8,}")  # no hotline, no date: a number with letters in it


def _shared(ours: Collection[str], theirs: Collection[str], counted: bool) -> bool:
    """Whether two pages bear one number; of a long one a margin may have cut the end off, where the later page is counted as one that follows."""
    return any(n == m or (counted and len(short := min(n, m, key=len)) >= _LONG and max(n, m, key=len).startswith(short)) for n in ours for m in theirs)


_LONG = 14  # characters


def _cut(ours: Collection[str], theirs: Collection[str]) -> bool:
    """Whether two pages may bear one number of which a stamp or a fold has covered an end: that they differ then says nothing."""
    return any(len(short := min(n, m, key=len)) >= _CUT and (long := max(n, m, key=len)) != short and (long.startswith(short) or long.endswith(short)) for n in ours for m in theirs)


_CUT = 6  # characters of a number that are no other's by chance


def _counted_on(before: Traits, t: Traits, begins_to_count: bool) -> float:
    """How well a page's own number follows that of the page before it. begins_to_count: a first page may stand behind it."""
    score = 0.0
    a, b = before.page_number, t.page_number
    if b and b.number == 1:
        score -= 0.0 if begins_to_count else 4.0 if b.sure else 1.0
    elif b and b.sure:
        score += 2.0
        if a and a.sure:
            score += 3.0 if b.number == a.number + 1 and b.total == a.total else -2.0
    elif a and b and b.number == a.number + 1 and b.total == a.total:
        score += 2.5 if b.total else 1.5
    if a and a.total and a.sure:
        score += -2.0 if a.number == a.total else 2.5 if not b and before.page.file == t.page.file else 0.0  # the last page; one with more to come
    return score


_OWN_NUMBER = {PaperType.SALES_CONTRACT: "contract", PaperType.INSURANCE_POLICY: "policy", PaperType.TEST_REPORT: "report"}


def _names_number_of(run: Sequence[Traits], t: Traits, kind: PaperType) -> bool:
    """Whether a page names as the paper's a number that stands on the pages before it, by whatever label: NO.3202… on a policy, 保险单号：3202… on its endorsement."""
    named = t.numbers.get(_OWN_NUMBER.get(kind, ""), frozenset())
    return any(len(n) >= 6 and n in p.text.translate(ALIKE).upper() for n in named for p in run)


def _asked_again(before: Traits, t: Traits) -> bool:
    """Whether a form asks what the page before it asked: another form."""
    words = next(w for w in vocabulary() if w.type is PaperType.APPLICATION_FORM)
    return sum(cue in before.text and cue in t.text for cue in words.cues) >= 3


def names_agree(ours: Collection[str], theirs: Collection[str]) -> float:
    """1 where two pages name the same two companies, -1 where each names two and they are not the same, else 0."""
    if len(ours) < 2 or len(theirs) < 2:
        return 0.0
    shared = sum(any(n == m or fuzz.ratio(n, m) >= 85 for m in ours) for n in theirs)
    return 1.0 if shared >= 2 else -1.0
