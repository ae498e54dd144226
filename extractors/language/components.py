"""The components of the pipeline, each a function from Doc to Doc that adds spans, and the tokenizer.

In:    a Doc of the tokenizer below: Chinese characters one a token, Latin words and figures whole.
Out:   spans under `doc.spans[component]`, what they say under `doc.user_data["values"][span's label, start, end]`: value, first and last offset (a span ends with its last token, the value may end within it: 2020-07-08 of 2020-07-0816:21).
Elsewhere: the grammars of amounts and dates (models.money, models.dates).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans
from spacy.vocab import Vocab

from models.dates import find_dates
from models.money import parse_figures, parse_words, yuan

_TOKEN = re.compile(r"[A-Za-z]+|\d+(?:[.,]\d+)*|\s|.", re.DOTALL)


class PaperTokenizer:
    """Splits text into Chinese characters, Latin words and figures; every character of the text stays, so offsets are the text's own."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        words = _TOKEN.findall(text)
        doc = Doc(self.vocab, words=words, spaces=[False] * len(words))
        doc.user_data["values"] = {}
        doc.user_data["text"] = text  # asking the Doc for its text puts it together anew each time
        return doc

    def to_bytes(self, **_: Any) -> bytes:
        return b""

    def from_bytes(self, _: bytes, **__: Any) -> PaperTokenizer:
        return self

    def to_disk(self, *_: Any, **__: Any) -> None:
        return None

    def from_disk(self, *_: Any, **__: Any) -> PaperTokenizer:
        return self


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, Any]:
    """The words of vocabulary.toml."""
    return tomllib.loads(Path(__file__).with_name("vocabulary.toml").read_text(encoding="utf-8"))


def _mark(doc: Doc, component: str, found: Iterable[tuple[str, str, int, int]]) -> Doc:
    """Keep what a component found: label, value, first and last offset."""
    spans = []
    for label, value, start, end in found:
        span = doc.char_span(start, end, label=label, alignment_mode="expand")
        if span is not None and len(span):
            spans.append(span)
            doc.user_data["values"][label, span.start_char, span.end_char] = value, start, end
    doc.spans[component] = spans
    return doc


# ---------------------------------------------------------------- money

_AMOUNT = re.compile(r"(?P<mark>(?:人民币|RMB|CNY|¥|￥):?(?:¥|￥)?)?(?P<figures>\d{1,3}(?:[,.]\d{3})+\.\d\d(?!\d)|\d{1,3}(?:,\d{3})+(?:\.\d{1,4})?|\d+(?:\.\d{1,6})?)(?!\.?\d)(?P<unit>百万元|千元|万元|亿元|元|万(?![\d分]))?")
_WORDS = re.compile(r"(?:人民币)?[零〇壹贰叁肆伍陆柒捌玖一二三四五六七八九两拾佰仟十百千万亿]+[元圆](?:[零壹贰叁肆伍陆柒捌玖拾一二三四五六七八九角分]*)[整正]?")


def money(doc: Doc) -> Doc:
    """Amounts in figures that say they are money (¥, 元, thousands separators with two decimals), and amounts in words."""

    def found() -> Iterator[tuple[str, str, int, int]]:
        for m in _AMOUNT.finditer(doc.user_data["text"]):
            figures = m["figures"]
            if not (m["mark"] or m["unit"] or re.fullmatch(r"\d{1,3}(?:[,.]\d{3})+\.\d\d|\d{4,}\.\d\d", figures)):
                continue
            amount = parse_figures(figures + (m["unit"] or ""))
            if amount:
                yield "money", yuan(amount.amount), m.start(), m.end()
        for m in _WORDS.finditer(doc.user_data["text"]):
            words = parse_words(m[0])
            if re.match(r"(?:人民币)?[零〇佰仟百千万亿]", m[0]):
                continue  # the rest of an amount whose beginning stands elsewhere
            if words and (words.amount >= 10 or "整" in m[0]):
                yield "money_in_words", yuan(words.amount), m.start(), m.end()

    return _mark(doc, "money", found())


# ---------------------------------------------------------------- dates


_APART = "\x01"  # no blank, and none of find_dates' own marks, which it takes out of its offsets
_ITEM_BELOW = re.compile(r"(?<=\d)\n(?=\d)(?!\d{1,2}[日号])")  # the number of an item below a date: 2020-07-12 / 1 许可费支付


def dates(doc: Doc) -> Doc:
    """Dates and months. The grammar drops white space, which is put back here, line feeds included."""
    text = doc.user_data["text"]
    places = [i for i, c in enumerate(text) if not c.isspace() or _ITEM_BELOW.match(text, i)]
    bare = "".join(_APART if text[i].isspace() else text[i] for i in places)

    def found() -> Iterator[tuple[str, str, int, int]]:
        for d in find_dates(bare):
            start, end = places[d.start], places[d.end - 1] + 1
            within_number = text[start - 1 : start].isdigit() and not re.search(r"[年\n\t]", text[start:end])  # 202064-07-9
            if not within_number and not re.search(r"[\n\t]", text[start:end]):
                yield "date", d.value, start, end

    return _mark(doc, "dates", found())


# ---------------------------------------------------------------- numbers of papers


@lru_cache(maxsize=1)
def _number_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    bodies = {
        "credit_code": r"[0-9A-Za-z]{15,20}",
        "account": r"[\d\- ]{9,32}",
        "phone": r"\+?[\d\-—()（）/、转]{7,40}",
    }
    out = []
    for kind, words in vocabulary()["numbers"].items():
        label = "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))
        body = bodies.get(kind, r"[A-Za-z0-9\u4e00-\u9fff〔〕\[\]（）()【】][A-Za-z0-9\u4e00-\u9fff〔〕\[\]（）()【】\-—–_/.#]{2,38}")
        out.append((kind, re.compile(rf"(?:{label})(?:[\t ]?(?:{label})(?=[\t ]*[:：]))?(?:[A-Za-z.]{{2,20}}(?=[:：\t]))?(?:[（(][^）)]{{1,8}}[)）])?(?:[:：.]|为|是|系)?[\t ]?(?P<number>{body})")))
    return tuple(out)


_COPY = re.compile(r"[（(](?:[正副]本|原件|复印件|第.联|[甲乙丙]方|补充|续)[^（）()]{0,4}[)）]$")
_NUMBER_ENDS = re.compile(r"(?:签订|签约|签署|日期|时间|地点|供方|需方|买方|卖方|甲方|乙方|币种|打印|共\d|第\d+页|开户|单位|的|之补充)")


def numbers_of_papers(doc: Doc) -> Doc:
    """Numbers with the words that say what they number: contract, policy, invoice, report, certificate, credit code, account, telephone."""

    def found() -> Iterator[tuple[str, str, int, int]]:
        for kind, pattern in _number_patterns():
            for m in pattern.finditer(doc.user_data["text"]):
                text = m["number"]
                stop = _NUMBER_ENDS.search(text)
                text = (text[: stop.start()] if stop else text).rstrip("-—–_/.（(、：:")
                if text.endswith((")", "）")) and not re.search(r"[(（]", text):
                    text = re.split(r"[)）]", text)[0]
                text = _COPY.sub("", text)
                while text.endswith((")", "）")) and len(re.findall(r"[)）]", text)) > len(re.findall(r"[(（]", text)):  # of what stands around label and number
                    text = text[:-1]
                if sum(c.isdigit() for c in text) >= 3:
                    yield kind, text, m.start("number"), m.start("number") + len(text)

    return _mark(doc, "numbers", found())


# ---------------------------------------------------------------- organisations

_NAME_CHARACTER = r"[A-Za-z0-9\u3400-\u4dbf\u4e00-\u9fff（）()·&\-]"


LONGEST_NAME = 30
# what leads up to a name and is none of it: 本合同由某某公司与…, the other party's short name (下称甲方)与…, 已接受某某公司的投标
_LED_UP = re.compile(r"(?:合同|协议|订单)(?:书)?(?:是|系)?由|[（(][^（）()]*[)）]|(?:并|现|兹|特|拟)?(?:已经?|业已|业经)?(?:接受|委托|授权|聘请|选定|确定|同意|根据|依据|鉴于|并以|以其)")
_PARTY_BEFORE = re.compile(r".*[（(][^（）()]{0,16}(?:称[^（）()]*|[甲乙丙]方)[)）](?=.{5})")  # 某某大学（以下简称甲方）与某某公司: the first is a name of its own
_TAKEN_ON = re.compile(r".{2,40}(?:已经?|业已|业经)(?:接受|选定|确定)(?=.{5})")  # 为获得某某软件，已接受某某公司的投标, the comma not read
_PLACE_FIRST = re.compile(r"贵[阳州港溪]|和[田县]|本溪|从化")  # places that begin with a word no name begins with
_GLOSSED = re.compile(r"[（(][^（）()\n]{0,14}称")  # its short name follows: 某某大学（以下简称甲方）


@lru_cache(maxsize=1)
def _organisation_patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    words = vocabulary()["organisations"]
    certain = "|".join(words["certain"])
    likely = "|".join(sorted(words["likely"], key=len, reverse=True))
    label = "|".join(sorted(words["labels"], key=len, reverse=True))
    return (
        re.compile(rf"(?:{certain})(?:{words['branch']}(?![\u4e00-\u9fff]))?"),
        re.compile(rf"(?:{likely})(?=$|[\n\t,，。;；（(])"),
        re.compile(rf"{_NAME_CHARACTER}*$"),
        re.compile(rf"^(?:(?:{label})(?:[（(][^）)]{{1,10}}[)）])?[:：为是]?)+"),
    )


def organisations(doc: Doc) -> Doc:
    """Names of companies, schools, offices. A label that stands directly before a name is not part of it.

    What a name certainly ends in makes one anywhere; what it only may end in, where the name stands by itself behind a label or in its line.
    """
    certain, likely, run, label = _organisation_patterns()
    not_first = tuple(vocabulary()["organisations"]["not_first"])
    labels = frozenset(vocabulary()["organisations"]["labels"])
    text = doc.user_data["text"]

    def found() -> Iterator[tuple[str, str, int, int]]:
        last = 0
        for ending, alone in ((certain, False), (likely, True)):
            last = 0
            for m in ending.finditer(text):
                before = run.search(text[max(last, m.start() - LONGEST_NAME) : m.start()])
                start = m.start() - len(before[0]) if before else m.start()
                name = text[start : m.end()]
                if alone and start and text[start - 1] not in "\n\t:：" and not _GLOSSED.match(text, m.end()):
                    continue
                for before_it in (_PARTY_BEFORE, _TAKEN_ON):
                    if other := before_it.match(name):
                        start, name = start + other.end(), name[other.end() :]
                known = label.match(name)
                if known and known.end() < len(name) - 3:
                    start, name = start + known.end(), name[known.end() :]
                for _ in range(2):
                    while name.startswith(("）", ")", "-", "·", "&")) or (name.startswith(not_first) and len(name) > 5 and not _PLACE_FIRST.match(name)):
                        start, name = start + 1, name[1:]
                    led = _LED_UP.match(name)
                    if led and len(name) - led.end() > 5:
                        start, name = start + led.end(), name[led.end() :]
                if len(name) - len(m[0]) >= 2 and name not in labels:
                    last = m.end()
                    yield "organisation", name, start, m.end()

    return _mark(doc, "organisations", found())


# ---------------------------------------------------------------- overlaps


def overlaps(doc: Doc) -> Doc:
    """Of spans that overlap the longest stays, the first of equally long ones: 379470.00元 and not 79470.00元 within it."""
    every: list[Span] = [span for name in ("money", "dates", "numbers", "organisations") for span in doc.spans.get(name, ())]
    doc.ents = filter_spans(every)
    return doc


for _name, _component in (("money", money), ("dates", dates), ("numbers_of_papers", numbers_of_papers), ("organisations", organisations), ("overlaps", overlaps)):
    Language.component(f"intake_{_name}", func=_component)
