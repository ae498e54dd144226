"""What a policy in letter form says in its sentences.

In:    the policy's pages.
Out:   hits by field, as behind labels; nothing from special conditions and clauses.
Fails: what no sentence says has no hits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate

from extractors.layout import Hit, Piece, Span, fold, in_rows
from extractors.organisations import IN_TEXT, is_organisation
from extractors.rows import spans_of
from models.page import Line, Page

_ORG = rf"(?![()·&向]){IN_TEXT}"
_HOLDER, _INSURED = r"投保(?:人|企业|单位|方(?![式案]))", r"(?:被保险?|受保)(?:人|企业|单位|方)"
_LED = "鉴于|根据|兹|经|由|应|据|对|以|为|承保|现|特"  # what leads up to a name and is none of it
_CALLED = r"(?:[(](?:以下|下称|简称)[^()]*[)])"
_IS = r"(?:合计|总计|共计|总额|金额|即|计|应)*(?:为|是|系|计|收|共|[:：])+"
_INSURANCE = r"[^,，。;；:：《》“”]{3,38}?(?:险|保障计划|保障方案)(?:(?:条款)?[(][^()]{1,14}[)])?"
_MAKES = r"(?:生产|制造|研制|研发|开发|设计|销售|提供|交付)"
_DAY = r"(?:\d{4}|[〇零○一二三四五六七八九]{4})[年\-./](?:\d{1,2}|[一二三四五六七八九十]{1,2})[月\-./](?:\d{1,2}|[一二三四五六七八九十廿]{1,3})日?"
_SUM_OF_MONEY = r"(?:人民币|RMB|CNY|[¥￥\d壹贰叁肆伍陆柒捌玖])"
_END_OF_PRODUCT = r"(?=[(](?:以下|规格|产品|型号|版本|简称|详见|共|数量)|[(][A-Za-z0-9][A-Za-z0-9\-/.]*[)]|[(][^()]*[型版][^()]*[)]|[,，。;；、]|承担|因|共?\d+[台套件个批吨]|为本保|(?:项目|产品)?的|产品质量|$)"
# what a policy in letter form says in sentences; the sums with all that stands behind them up to the full stop, so that their words are there too
_SENTENCES: dict[str, tuple[str, ...]] = {
    "policy_number": (r"(?:保险单|保单|保险凭证|保险合同)(?:号码|编号|号)(?:为|是|系)[:：]?(?P<v>(?=(?:[A-Za-z\-/()]*\d){5})[A-Za-z0-9][A-Za-z0-9\-/]{8,39})",),
    "policyholder_name": (
        rf"鉴于[\"“(]?(?:{_HOLDER})?[:：]?(?P<v>[\u4e00-\u9fffA-Za-z0-9()·]{{4,40}}?){_CALLED}?(?:已经?|作为{_HOLDER})?向",
        rf"(?:鉴于|根据|由|应|经)(?P<v>{_ORG})[(](?:以下|下)?(?:简?称)(?:为)?[:：]?[“\"]?(?:{_HOLDER}|{_INSURED})",
        rf"{_HOLDER}[:：]?(?P<v>{_ORG})(?={_CALLED}|已|向|就|与|同意|的(?:申请|要求|投保)|[,，])",
        rf"(?:接受|承保|受理|同意)(?P<v>{_ORG})[的之]?(?:投保|申请|要约)",
        rf"以(?P<v>{_ORG})为{_HOLDER}",
        rf"应(?P<v>{_ORG})[之的](?:请求|申请|要求|投保)",
        rf"由(?P<v>{_ORG})(?:向本?[^,，。;；]{{0,16}})?投保",
        rf"(?:(?:鉴于|根据|由|经|据)|(?<=[,，。;；:：“])(?!{_LED}))(?P<v>{_ORG})[(]{_HOLDER}[)]",
        rf"(?:证明|确认|声明|载明)[,，:：]?(?P<v>{_ORG})(?:{_CALLED}|[(]{_HOLDER}[)])?(?:已经?|业已|业经|经)?向",
    ),
    "insured_name": (
        rf"{_INSURED}(?:名称)?(?:为|是|系|即|[:：])?(?P<v>{_ORG})(?=(?:所|自行|依法)?{_MAKES}|{_CALLED}|[(](?:以下|下)?(?:简?称)|[,，。;；、]|就|因|的)",
        rf"(?:鉴于|根据|由|应|经|对|为)(?P<v>{_ORG})[(](?:以下|下)?(?:简?称)(?:为)?[:：]?[“\"]?(?:{_HOLDER}(?:[/、及和暨]|兼)?)?{_INSURED}",
        rf"(?:(?:承保|为|对|以)|(?<=[,，。;；:：“])(?!{_LED}))(?P<v>{_ORG})[(]{_INSURED}[)]",
        rf"(?:以|列)(?P<v>{_ORG})[为作](?:{_HOLDER}[及和暨兼、]?)?{_INSURED}",
    ),
    "product_name": (
        rf"(?:所称|所指|所保|承保)之?的?(?:产品|标的物?|设备|装备|软件|材料)(?:系指|是指|指|为|系|是)[:：]?(?P<v>[^,，。;；:：()]{{2,50}}?){_END_OF_PRODUCT}",
        rf"{_MAKES}(?:[、和及与并]*{_MAKES})*的(?P<v>[^,，。;；:：()]{{2,50}}?){_END_OF_PRODUCT}",
        rf"承保(?:[甲乙]方|[贵该]公司|{_HOLDER}|{_INSURED}|{_ORG})(?:所?{_MAKES})?的(?P<v>[^,，。;；:：()]{{2,50}}?){_END_OF_PRODUCT}",
        rf"(?:保险标的|投保产品|承保产品|被保险产品|保险产品|保险标的物|标的产品)(?:名称)?(?:为|是|系)(?P<v>[^,，。;；:：()]{{2,50}}?){_END_OF_PRODUCT}",
    ),
    "insurance_product": (
        rf"(?:承保|投保)的?险种(?:名称)?(?:[为是系:：])+[《“\"]?(?P<v>{_INSURANCE})[》”\"]?(?=[,，。;；]|$)",
        rf"(?:同意|予以|决定)承保[《“\"](?P<v>{_INSURANCE})[》”\"]",
        rf"(?:投保|购买|选购|续保)(?:了|的|是|险种为|险种是|险种|我公司的?|本公司的?|[:：])*[《“\"]?(?P<v>{_INSURANCE})[》”\"]?(?=已|业经|[,，。;；、]|保险单|保单|，|的?保险?期|于|自|的|一份|$)",
        rf"(?:本保险单|本保单|本保险合同|本合同|兹)?(?:适用|按照|根据|依照|依据)《(?P<v>{_INSURANCE}|[^,，。;；:：《》“”]{{3,38}}?险条款[(][^()]{{1,14}}[)])(?:条款)?》",
        r"(?:适用|按照|根据|依照|依据)(?P<v>(?!本保险|保险)[^,，。;；:：《》“”]{3,38}?险(?:[(][^()]{1,14}[)])?)条款(?=[及和与]本?保险单|[及和与]本?保单|[^,，。;；]{0,24}承担)",
    ),
    "sum_insured": (rf"(?:合计|总计|共计|各项|分项之和)的?(?:总?保险金额|总?保额|责任限额|赔偿限额){_IS}(?P<v>{_SUM_OF_MONEY}[^。;；]{{2,80}})", rf"(?:累计|总)(?:责任|赔偿)限额{_IS}(?P<v>[^。;；]{{2,80}})", rf"(?<![每次一人故高计项])(?:总?保险金额|责任限额|赔偿限额){_IS}(?P<v>[^。;；]{{2,80}})",
        rf"(?<![每次一人故高计总项])(?:最高|累计|总)*(?:责任|赔偿|赔付|保障|补偿|保险)总?[之的]?(?:限额|金额|额度|额)[,，]?(?:累计|合计|总计|共计|最高|以|不|逾|超过|高于|大于|得|为|是|系|计|即|[:：])+(?P<v>{_SUM_OF_MONEY}[^。;；]{{2,80}})",
        rf"(?:累计|最高)(?:赔偿|保险|保障)?(?:责任|金额)[^。;；,，\d]{{0,8}}?(?:以|超过|不逾|限于)(?P<v>{_SUM_OF_MONEY}[^。;；]{{2,80}})"),
    "premium_rate": (r"费率(?:为|按|是|系|[:：])*(?P<v>年?[百千]分之[〇零一二三四五六七八九十点\d.]+|\d[\d.]*(?:‰|%[0oOº°]?))",
                     r"(?:保险费|保费)[,，:：]?(?:按|依|以)[^。;；,，]{0,30}?(?P<v>[百千]分之[〇零一二三四五六七八九十点\d.]+|\d[\d.]*(?:‰|%[0oOº°]?))[,，]?(?:计收|计算|收取|计付|计|核收)",
                     r"[,，;；](?:按|依|以)(?P<v>[百千]分之[〇零一二三四五六七八九十点\d.]+|\d[\d.]*(?:‰|%[0oOº°]?))(?:计收|计算|收取|计付|核收)",
                     r"[按以依]照?[^。;；,，\d]{0,24}?的?(?P<v>[百千]分之[〇零一二三四五六七八九十点\d.]+|\d[\d.]*(?:‰|%[0oOº°]?))(?:缴纳|交纳|缴付|支付|计收|收取|计算)(?:保险费|保费)",
                     r"[按以依]照?(?P<v>[百千]分之[〇零一二三四五六七八九十点\d.]+|\d[\d.]*(?:‰|%[0oOº°]?))的?(?:年|保险)?费率"),
    "premium": (
        rf"(?<!期)(?:保险费|保费){_IS}(?P<v>(?:人民币|RMB|CNY|[¥￥(壹贰叁肆伍陆柒捌玖\d])[^。;；]{{1,80}})",
        rf"(?:保险费|保费)[,，:：]?(?:按|依|以)[^。;；]{{2,40}}?[,，]?(?:计收|计算|收取|核收)[,，]?(?:合计|共计|总计|应收|[为即计])*(?P<v>{_SUM_OF_MONEY}[^。;；]{{1,80}})",
        r"(?:应收|应交|应缴|应付|收取|实收|总|^|[,，;；。:：])(?:保险费|保费)(?P<v>(?:人民币|RMB|CNY|[¥￥])[^。;；]{1,80})",
        rf"(?:缴纳|交纳|缴付|支付|计收|收取)(?:保险费|保费)[,，](?:合计|共计|总计|[为即计])+(?P<v>{_SUM_OF_MONEY}[^。;；]{{1,80}})",
        rf"(?:贵方|贵公司|你公司|投保[人方]|乙方)?应(?:缴|交|付)(?:纳|付)?(?:保险?)?费用?(?:合计|共计|总计|[为即计])*(?P<v>{_SUM_OF_MONEY}[^。;；]{{1,80}})",
        r"(?:交付|交纳|缴纳|缴付|缴清|支付|收取|收讫|计收)(?:了|全部|的)*(?:保险费|保费)(?:合计|共计|总计|计)?(?P<v>(?:人民币|RMB|CNY|[¥￥])[^。;；]{1,80})",
    ),
    "period": (rf"(?:保险|承保|责任|保障|合同)(?:责任|期[间限]|有效期限?|起[止讫])*[^。;；\d]{{0,12}}?(?P<v>[自由从于]?{_DAY}[^。;；]{{0,16}}?(?:至|到|迄|讫|止于|终于|截至)[^。;；]{{0,4}}?{_DAY}[^。;；]{{0,12}})",
               r"(?P<v>自?(?:\d{4}|[〇零○一二三四五六七八九]{4})年.{0,30}起.{0,8}至.{0,40}止)", r"(?P<v>自(?:\d{4}|[〇零○一二三四五六七八九]{4})年.{2,30}至(?:\d{4}|[〇零○一二三四五六七八九]{4})年.{2,12}[时日])"),
}
_OPENINGS: dict[str, str] = {  # with which a paragraph begins
    "policyholder_name": rf"(?P<to>{_ORG})[:：](?=[贵你您])|致[:：]?(?P<addressed>{_ORG})(?=[:：]|[我本贵][公司方]|兹|经|根据|感谢|承蒙|鉴于|现)|(?!鉴于|根据|经|兹|由)(?P<v>{_ORG})[(](?:以下|下)?(?:简?称)(?:为)?[:：]?[“\"]?{_HOLDER}",
    "insured_name": rf"(?!鉴于|根据|经|兹|由|对)(?P<v>{_ORG})[(](?:以下|下)?(?:简?称)(?:为)?[:：]?[“\"]?(?:{_HOLDER}(?:[/、及和暨]|兼)?)?{_INSURED}",
}
_NEXT_FACT = re.compile(r"(?<=[元)整%\d])[,，、](?=年?(?:保险)?费率|(?:总|应收|应缴|应交)?保险?费(?!率)|(?:保险|保障|承保|责任)期[间限]|免赔|自\d{4}年)")  # behind a sum, in one sentence with it
_ITEM = re.compile(r"\d{1,2}[.、．](?!\d)|[(]?[一二三四五六七八九十\d]{1,2}[)、]|第[一二三四五六七八九十]{1,3}条|(?:责任|约定|特约)\d")  # with which a line begins a new item
_SAID = 0.94  # how surely what a sentence says in so many words is the policy's
_NO_PRODUCT = re.compile(r"^(?:[贵其我](?:公司|方|单位)?(?:所?(?:生产|制造|研制|研发|开发))?$|产品|货物|商品|上述|该|本|保险产品|服务|资料|材料|证明|单证|索赔|损失|缺陷)|保险|责任|证明|资料")
_BEHIND = re.compile(r"^\W*(?:[一二三四五六七八九十]{1,2}[、.])?(?:特别约定|特约条款|明示告知|重要提示|投保须知|责任免除)(?:$|[:：]|清单|如下|[A-Za-z])|^[\u4e00-\u9fff()]{2,30}条款$")
_ARTICLE = re.compile(r"^第[一二三]条(?![\u4e00-\u9fff]{2,8}[:：])")  # of the clauses, unless the policy itself is drawn up as a contract


def in_prose(pages: Sequence[Page]) -> dict[str, list[Hit]]:
    """What a policy in letter form says in its sentences, as hits; from special conditions and clauses nothing is taken."""
    whole = _wording(pages)
    out: dict[str, list[Hit]] = {name: [] for name in _SENTENCES}
    folded = whole.folded
    starts = list(accumulate((len(fold(span.text)[0]) for span in whole.spans), initial=0))
    items = [at for at in starts if _ITEM.match(folded, at)]
    for name, patterns in _SENTENCES.items():
        said = [m for pattern in patterns for m in re.finditer(pattern, folded)]
        opened = [m for at in starts if name in _OPENINGS and (m := re.compile(_OPENINGS[name]).match(folded, at))]
        for m in (*said, *opened):
            group = next(g for g, said in m.groupdict().items() if said)
            end = min(at for at in (m.end(group), *items) if at > m.start(group))
            further = _NEXT_FACT.search(folded, m.start(group), end) if name in ("sum_insured", "premium") else None
            piece = whole.between(m.start(group), further.start() if further else end).stripped()
            if not piece or (name == "product_name" and _NO_PRODUCT.search(piece.folded)) or (name in ("policyholder_name", "insured_name") and (not is_organisation(piece.folded) or re.search(r"\d{4}", piece.folded))):
                continue
            label = whole.between(m.start(), max(m.start() + 1, m.start(group)))
            if piece.folded not in [h.piece.folded for h in out[name]]:
                out[name].append(Hit(name, label, "", replace(piece, via=(label.text, "inline")), "", _SAID, "inline", False, (0, label.box.y0, label.box.x0)))
    for name in ("policyholder_name", "insured_name", "product_name"):
        if len(out[name]) > 1:  # sentences that name several are a matter for a person
            out[name] = [replace(h, score=0.85) for h in out[name]]
    return out


def _wording(pages: Sequence[Page]) -> Piece:
    """The running text of a policy up to its special conditions or clauses. Where the clauses come first, that of the page behind them which declares what is insured."""
    spans: list[Span] = []
    behind = contract = False
    for n, page in enumerate(pages):
        lines = [span.line for span in spans_of(page)]
        if (behind or n > 1) and (spans or not _declares(lines)):
            continue
        behind = False
        ordered = in_rows(lines)
        for at, line in enumerate(ordered):
            text = fold(line.text)[0]
            contract = contract or bool(_ARTICLE.match(text) and _declares(ordered[at:]))
            if _BEHIND.match(text) or (_ARTICLE.match(text) and not contract):
                behind = True
                break
            spans.append(Span(page, line, 0, len(line.text)))
        if behind and not _declares(s.line for s in spans):
            spans = []
    return Piece(tuple(spans))


_DECLARING = re.compile(r"保险?[单证]号?码?|投保人|被保险人|(?:责任|赔偿|保险|保障).{0,2}(?:限额|金额|额度)|(?:赔偿|责任|保障)额|险种|保险费|保费|保险(?:责任|期[间限])")


def _declares(lines: Iterable[Line]) -> bool:
    """Whether lines say what this policy insures, which clauses don't: parties, sums and dates of its own."""
    text = "".join(fold(line.text)[0] for line in lines)
    return len(set(_DECLARING.findall(text))) >= 3 and bool(re.search(_DAY, text)) and bool(re.search(r"\d{1,3}(?:,\d{3})+|\d{4,}元|\d元|万元", text))
