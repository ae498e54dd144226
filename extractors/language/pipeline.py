"""One spaCy pipeline for the Chinese of our papers, without any trained model: a tokenizer and components of our own.

In:    text (NFKC, best that of a `RunningText`).
Out:   a spaCy `Doc`: `doc.spans[kind]` holds every span of a kind, `doc.ents` those that remain where spans overlap.
Fails: never on text; a component that finds nothing adds nothing.

Built once a process, at the first use.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from spacy.language import Language

COMPONENTS = ("money", "dates", "numbers_of_papers", "organisations", "overlaps")


class Entity(NamedTuple):
    """Something found in a text: its kind (`money`, `date`, `organisation`, `contract`, `policy` …), its value and where it stands."""

    kind: str
    value: str
    start: int
    end: int


@lru_cache(maxsize=1)
def nlp() -> Language:
    """The pipeline: tokenizer, then money, dates, numbers of papers, organisations, and the choice between spans that overlap."""
    import spacy

    from extractors.language import components

    language = spacy.blank("zh")
    language.tokenizer = components.PaperTokenizer(language.vocab)
    for name in COMPONENTS:
        language.add_pipe(f"intake_{name}", name=name)
    return language


def entities(text: str, *kinds: str) -> list[Entity]:
    """What stands in a text, of these kinds (all where none is named), in order; spans that overlap others of theirs are settled."""
    doc = nlp()(text)
    return [e for e in of_doc(doc) if not kinds or e.kind in kinds]


def of_doc(doc: Any) -> list[Entity]:
    """The entities of a document that went through the pipeline."""
    values = doc.user_data["values"]
    return [Entity(s.label_, *values[s.label_, s.start_char, s.end_char]) for s in doc.ents]
