"""The language of our papers: running text that knows where it stands, and one spaCy pipeline over it.

In:    pages, or any text.
Out:   `RunningText` (text with the place of each character), `nlp()` (a spaCy pipeline that marks money, dates, organisations,
       numbers of papers and labels), `found` (its spans of one kind).
Elsewhere: values from text (models.money, models.dates, models.numbers); which of the spans is a field (extractors/papers).
"""

from extractors.language.pipeline import Entity, entities, nlp
from extractors.language.running import RunningText

__all__ = ["Entity", "RunningText", "entities", "nlp"]
