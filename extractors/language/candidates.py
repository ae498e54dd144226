"""Which stretches of a text may be a name at all: what the span categorizer of extractors/language/names.py chooses from.

In:    a Doc of the papers' tokenizer.
Out:   offsets: `candidates` of characters, the suggester of tokens, as spaCy wants them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import spacy
from spacy.tokens import Doc
from thinc.api import get_current_ops
from thinc.types import Ragged

from extractors.language.components import organisations

SUGGESTER = "intake.name_candidates.v1"
SHORTEST, LONGEST = 3, 48  # characters of a name

_BETWEEN = re.compile(r"[^\n\t:,，。;；、]+")
_HANGING = re.compile(r"[(（][^()（）]*[)）]?$")  # 某某公司(以下简称甲方)


_TAIL = re.compile(r"[\u4e00-\u9fff]{0,8}(?:分公司|支公司|营业部)")  # of a wrapped name: no branch stands without its company


def candidates(doc: Doc) -> Iterator[tuple[int, int]]:
    """Stretches that may be a name: between separators, without what hangs behind in brackets, and organisations."""
    text: str = doc.user_data["text"]
    found: set[tuple[int, int]] = set()
    for m in _BETWEEN.finditer(text):
        found.add(m.span())
        hanging = _HANGING.search(m[0])
        if hanging and hanging.start():
            found.add((m.start(), m.start() + hanging.start()))
    found.update((span.start_char, span.end_char) for span in organisations(doc).spans["organisations"])
    yield from (span for span in sorted(found) if SHORTEST <= span[1] - span[0] <= LONGEST and not _TAIL.fullmatch(text, *span))


@spacy.registry.misc(SUGGESTER)  # type: ignore[untyped-decorator]  # spaCy's registry has no types
def suggester() -> Callable[..., Ragged]:
    """The candidates of each document, one after the other."""

    def suggest(docs: Iterable[Doc], *, ops: Any = None) -> Ragged:
        ops = ops or get_current_ops()
        spans: list[tuple[int, int]] = []
        lengths: list[int] = []
        for doc in docs:
            own = {(span.start, span.end) for start, end in candidates(doc) if (span := doc.char_span(start, end)) is not None}
            spans += sorted(own)
            lengths.append(len(own))
        return Ragged(ops.asarray(spans, dtype="i").reshape((-1, 2)), ops.asarray1i(lengths))

    return suggest
