"""Who buys, sells, insures and what, learned from papers that people have set right: a small spaCy span categorizer over running text.

In:    the running text of a paper of prose; to train, texts with the places of the true names.
Out:   `Names.said`: what the text says of a field, with how likely it is; `train`: such a model.
Fails: ModelInvalid where a folder holds no model that this version can use.
Elsewhere: what a second opinion does to a field (extractors/second_opinion.py); texts with true names, and whether a model is any good (pipeline/learning).

Every stretch of a row between separators, and every organisation, may be a name; the network only says of which field, from the stretch itself and some dozen characters
on either side. So it can neither cut a name short nor invent one, and it gives a likelihood. No pretrained model is involved.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from extractors.language.running import RunningText
from extractors.layout import Piece
from models.errors import ModelInvalid
from models.paper import PaperType
from models.text import compact

if TYPE_CHECKING:
    from spacy.language import Language

# papers of prose, and what of them can be learned: names of parties, insurers and products
LEARNED: Mapping[PaperType, tuple[str, ...]] = {
    PaperType.SALES_CONTRACT: ("buyer_name", "seller_name", "product_name"),
    PaperType.INSURANCE_POLICY: ("insurer_name", "policyholder_name", "insured_name", "product_name"),
    PaperType.TEST_REPORT: ("company_name", "product_name"),
    PaperType.FIRST_SET_CERTIFICATE: ("company_name", "product_name"),
    PaperType.IP_CERTIFICATE: ("company_name", "product_name"),
    PaperType.DELIVERY_PROOF: ("buyer_name", "product_name"),
    PaperType.PAYMENT_VOUCHER: ("payer_name", "payee_name"),
}
FIELDS = tuple(sorted({field for fields in LEARNED.values() for field in fields}))
SPANS = "names"  # the key of the categorizer's spans in a Doc
LONGEST_ROW, LONGEST_VALUE = 90, 20  # characters of a row that holds a label and its value, or a value alone; other rows are worth a look where they name an organisation
THRESHOLD = 0.5
WIDTH, DEPTH, WINDOW, ROWS = 48, 3, 4, 3000  # of the network: it sees DEPTH × WINDOW characters to either side

_LABELLED = re.compile(r"[:\t]")
_ORGANISED = re.compile(r"公司|大学|学院|学校|医院|研究院|研究所|中心|厂(?=[\n\t,，。;；(]|$)|集团|合作社|委员会")


class Passages(NamedTuple):
    """The rows of a running text in which names may stand, as one text. offsets: of each of its characters in the whole text."""

    text: str
    offsets: tuple[int, ...]


def passages(text: str) -> Passages:
    """What of a running text is worth looking through: the network reads every character of it, and most rows of a contract are clauses."""
    kept: list[str] = []
    offsets: list[int] = []
    at = 0
    for row in text.split("\n"):
        if 0 < len(row) <= LONGEST_VALUE or (len(row) <= LONGEST_ROW and _LABELLED.search(row)) or _ORGANISED.search(row):
            kept.append(row + "\n")
            offsets += range(at, at + len(row) + 1)
        at += len(row) + 1
    return Passages("".join(kept), tuple(offsets))


def _blank(fields: Sequence[str]) -> Language:
    """An untrained pipeline: the papers' tokenizer and the span categorizer."""
    import spacy

    from extractors.language.candidates import SUGGESTER
    from extractors.language.components import PaperTokenizer

    language = spacy.blank("zh")
    language.tokenizer = PaperTokenizer(language.vocab)
    pipe = language.add_pipe("spancat", config={
        "spans_key": SPANS, "threshold": THRESHOLD, "suggester": {"@misc": SUGGESTER},
        "model": {
            "@architectures": "spacy.SpanCategorizer.v1",
            "scorer": {"@layers": "spacy.LinearLogistic.v1"},
            "reducer": {"@layers": "spacy.mean_max_reducer.v1", "hidden_size": 2 * WIDTH},
            "tok2vec": {
                "@architectures": "spacy.Tok2Vec.v2",
                "embed": {"@architectures": "spacy.MultiHashEmbed.v2", "width": WIDTH, "attrs": ["ORTH", "SHAPE"], "rows": [ROWS, ROWS // 10], "include_static_vectors": False},
                "encode": {"@architectures": "spacy.MaxoutWindowEncoder.v2", "width": WIDTH, "window_size": WINDOW, "maxout_pieces": 2, "depth": DEPTH},
            },
        },
    })
    for field in fields:
        pipe.add_label(field)
    return language


class Said(NamedTuple):
    """What a text says of a field. likelihood: of the surest of its places, 0 to 1. times: how many places say so."""

    field: str
    piece: Piece
    likelihood: float
    times: int


@dataclass(frozen=True, eq=False)
class Names:
    """A trained model. language: the pipeline."""

    language: Language

    @cached_property
    def fields(self) -> tuple[str, ...]:
        return tuple(self.language.get_pipe("spancat").labels)

    @classmethod
    def load(cls, folder: Path) -> Names:
        """The model that `save` wrote. Raises ModelInvalid."""
        try:
            fields = (folder / "fields.txt").read_text("utf-8").split()
            language = _blank(fields)
            language.initialize()
            language.from_disk(folder / "spacy")
        except (OSError, ValueError, KeyError) as error:
            raise ModelInvalid(f"{folder} holds no model of names that can be used ({error}). Train one with intake learn, or unset INTAKE_EXTRACTION__LEARNED.") from None
        return cls(language)

    def save(self, folder: Path) -> None:
        """Write the model to a folder of its own."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "fields.txt").write_text("\n".join(self.fields) + "\n", "utf-8")
        self.language.to_disk(folder / "spacy")

    def said(self, running: RunningText, type_: PaperType) -> dict[str, Said]:
        """For each field of a paper's type that the text speaks of: the value it most likely has."""
        wanted = LEARNED.get(type_, ())
        some = passages(running.text)
        if not wanted or not some.text.strip():
            return {}
        doc = self.language(some.text)  # its spans don't outlive it
        group = doc.spans[SPANS]
        places: dict[str, dict[str, list[tuple[float, int, int]]]] = {}
        for span, likelihood in zip(group, group.attrs["scores"], strict=True):
            if span.label_ in wanted:
                start, end = some.offsets[span.start_char], some.offsets[span.end_char - 1] + 1
                places.setdefault(span.label_, {}).setdefault(compact(span.text), []).append((float(likelihood), start, end))
        out: dict[str, Said] = {}
        for field, values in places.items():
            best = max(values.values(), key=lambda some: (max(some)[0], len(some)))
            likelihood, start, end = max(best)
            out[field] = Said(field, running.piece(start, end), likelihood, len(best))
        return out


class Lesson(NamedTuple):
    """A text with the places of true names: (start, end, field) in characters."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


def lesson(text: str, spans: Iterable[tuple[int, int, str]]) -> Lesson:
    """What of a whole running text is taught: its passages, and the names that stand in them."""
    some = passages(text)
    place = {offset: n for n, offset in enumerate(some.offsets)}
    shown = ((start, end, field) for start, end, field in spans if start in place and end - 1 in place and place[end - 1] - place[start] == end - 1 - start)
    return Lesson(some.text, tuple((place[start], place[end - 1] + 1, field) for start, end, field in shown))


def train(lessons: Sequence[Lesson], seed: int = 0, rounds: int = 20, told: Callable[[int, float], None] = lambda round_, loss: None) -> Names:
    """A model from lessons; the same lessons and seed give the same model (on one machine).

    rounds: how often each lesson is gone through. told: called after each round with its number and loss.
    """
    from spacy.training import Example
    from spacy.util import fix_random_seed, minibatch

    fix_random_seed(seed)
    dice = Random(seed)  # noqa: S311  no secret hangs on the order of lessons
    fields = [field for field in FIELDS if any(field == label for one in lessons for _, _, label in one.spans)]
    language = _blank(fields)
    examples = []
    for one in lessons:
        reference = language.make_doc(one.text)
        spans = (reference.char_span(start, end, label=field) for start, end, field in one.spans)
        reference.spans[SPANS] = [span for span in spans if span is not None]
        examples.append(Example(language.make_doc(one.text), reference))
    optimizer = language.initialize(lambda: examples)
    optimizer.learn_rate = 0.002
    for round_ in range(rounds):
        dice.shuffle(examples)
        losses: dict[str, float] = {}
        for batch in minibatch(examples, size=4):
            language.update(batch, sgd=optimizer, drop=0.2, losses=losses)
        told(round_ + 1, losses.get("spancat", 0.0))
    return Names(language)
