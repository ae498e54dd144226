"""The claims that the browser tests work on, each test on its own."""

from __future__ import annotations

from models.claim import Claim, Quarantined, QuarantineReason
from models.field import Field
from models.paper import Paper, PaperType, Part
from pipeline.process import judge_anew
from tests.invented_claim import APPLICANT, SCHEME, YEAR, Track, field, holding, judged, seal, tables

RELATED = "宁波远帆机械有限公司"
REFERENCE_TABLES = tables(holdings=(holding(APPLICANT[Track.EQUIPMENT], RELATED, "60"),))
ABOVE_CAP = {"insurance_policy": {"premium_rate": field("8", raw="8%")}}
UNSURE = {"sales_contract": {"contract_number": field("HT2020-0O1", confidence=0.6, accepted=False)}}

_FORMS = (
    "<script>hit({n})</script>", "<img src=x onerror=hit({n})>", "<svg onload=hit({n})>", "\"><img src=x onerror=hit({n})>", "'><svg/onload=hit({n})>", "</textarea><script>hit({n})</script>",
    "</title><script>hit({n})</script>", "</script><script>hit({n})</script>", "<iframe srcdoc='<script>parent.hit({n})</script>'>", "<a href=javascript:hit({n})>甲</a>", "javascript:hit({n})//",
    "\" onfocus=hit({n}) autofocus x=\"", "' onmouseover=hit({n}) x='", "<details open ontoggle=hit({n})>", "<body onload=hit({n})>", "<input autofocus onfocus=hit({n})>", "<style>@import 'javascript:hit({n})'</style>",
    "{{{{constructor.constructor('hit({n})')()}}}}", "${{hit({n})}}", "<div hx-get=/queue hx-trigger=load hx-on:htmx:load=hit({n})>", "<base href=//example.invalid/><i>{n}</i>", "<meta http-equiv=refresh content='0;url=javascript:hit({n})'>",
    "<object data=javascript:hit({n})>", "<embed src=javascript:hit({n})>", "<form action=javascript:hit({n})><button autofocus>乙</button></form>", "<math><mtext><script>hit({n})</script></mtext></math>",
    "<svg><animate onbegin=hit({n}) attributeName=x dur=1s>", "<video src=x onerror=hit({n})>", "<audio src=x onerror=hit({n})>", "<marquee onstart=hit({n})>", "--><script>hit({n})</script>", "]]><script>hit({n})</script>",
    "\\u003cscript\\u003ehit({n})\\u003c/script\\u003e", "&lt;script&gt;hit({n})&lt;/script&gt;", "<scr<script>ipt>hit({n})</script>", "<ScRiPt>hit({n})</sCrIpT>", "<script\t>hit({n})</script\n>", "<img/src=x\tonerror=hit({n})>",
    "<svg><script href=data:,hit({n}) />", "<script src=data:text/javascript,hit({n})></script>", "<link rel=stylesheet href=data:text/css,*{{x:{n}}}>", "<table background=javascript:hit({n})>", "';hit({n});'", "\";hit({n});\"",
    "`;hit({n});`", "\\';hit({n});//", "<template><script>hit({n})</script></template>", "<button popovertarget=x onbeforetoggle=hit({n})>丙</button>", "<p style=animation:x onanimationstart=hit({n})>", "<select onfocus=hit({n}) autofocus>",
    "<img srcset=x onerror=hit({n})>", "<svg><use href=data:image/svg+xml,hit({n}) />", "<isindex action=javascript:hit({n})>", "<frameset onload=hit({n})>", "<xss contenteditable onfocus=hit({n}) autofocus>", "<noscript><p title='</noscript><img src=x onerror=hit({n})>'>",
    "<a href=data:text/html,hit({n})>丁</a>", "<img src=1 href=1 onerror=\"hit({n})\" />", "%3Cscript%3Ehit({n})%3C/script%3E", "<script>/*{n}*/import('data:text/javascript,hit({n})')</script>",
)
SCRIPTS = tuple(form.format(n=n) for n, form in enumerate(_FORMS))
PER_CLAIM = 10


def _clear(name: str, track: Track = Track.EQUIPMENT) -> Claim:
    return judged(track, submission_id=name)


def _hostile(name: str, strings: tuple[str, ...]) -> Claim:
    """A claim with strings of script as company names, text read, seals, file names and why a value is doubted."""
    applicant, seller, buyer, product, insurer, stamp, file, aside, raw, why = strings
    claim = judged(
        changes={
            "application_form": {"applicant_name": Field(value=applicant, raw=raw, confidence=0.5, accepted=False, why=(why,))},
            "sales_contract": {"seller_name": seller, "buyer_name": buyer}, "insurance_policy": {"product_name": product, "insurer_name": insurer}},
        seals={"application_form": (seal(stamp),)}, submission_id=name, reference=REFERENCE_TABLES)
    papers = tuple(_in_file(paper, file) if paper.type is PaperType.BUSINESS_LICENCE else paper for paper in claim.papers)
    return claim.model_copy(update={"papers": papers, "quarantined": (Quarantined(file=aside, reason=next(iter(QuarantineReason))),)})


def _sorted_wrong(name: str) -> Claim:
    """A claim whose invoice was taken for some other paper."""
    claim = judged(submission_id=name)
    papers = tuple(paper.model_copy(update={"type": PaperType.OTHER}) if paper.type is PaperType.SALES_INVOICE else paper for paper in claim.papers)
    return judge_anew(claim.model_copy(update={"papers": papers}), REFERENCE_TABLES, SCHEME, YEAR)


def _in_file(paper: Paper, file: str) -> Paper:
    def moved(one: Field) -> Field:
        return one.model_copy(update={"source": one.source.model_copy(update={"file": file})}) if one.source else one

    return paper.model_copy(update={"parts": tuple(Part(file=file, pages=part.pages) for part in paper.parts), "fields": {name: moved(one) for name, one in paper.fields.items()}, "doubt": file})


CLAIMS: tuple[Claim, ...] = (
    *(_clear(f"K-{n:02}", track) for n, track in enumerate((Track.EQUIPMENT, Track.MATERIAL, Track.SOFTWARE, Track.EQUIPMENT, Track.MATERIAL, Track.SOFTWARE), 1)),
    judged(changes=ABOVE_CAP, submission_id="K-07"), judged(changes=UNSURE, submission_id="K-08"), judged(without=["sales_invoice"], submission_id="K-09"), judged(changes={**ABOVE_CAP, **UNSURE}, submission_id="K-10"),
    *(judged(changes=ABOVE_CAP, submission_id=f"{purpose}-01") for purpose in ("MEND", "TWO", "SESSION", "KILL", "RELOAD", "TABS", "ROLE", "DRAW", "CUT", "AXE")), _sorted_wrong("SORT-01"),
    judged(without=["sales_invoice", "payment_voucher"], submission_id="LETTER-01"), judged(without=["sales_invoice"], submission_id="LETTER-02"),
    judged(changes={"sales_contract": {"buyer_name": RELATED}, "sales_invoice": {"buyer_name": RELATED}}, buyers=((RELATED, "2"),), reference=REFERENCE_TABLES, submission_id="GRAPH-01"),
    *(_hostile(f"X-{n:02}", SCRIPTS[n * PER_CLAIM : (n + 1) * PER_CLAIM]) for n in range(len(SCRIPTS) // PER_CLAIM)),
)
