"""Doubtful characters of a seal are read by the words they make, out of what the network itself saw there, and nothing else is touched."""

from __future__ import annotations

import pytest

from extractors.ocr.recognition import Place, Reading
from extractors.seals.words import read_by_words


def seen(*places: str | tuple[tuple[str, float], ...]) -> Reading:
    """A reading: a character read for sure, or what was seen at its place, the likeliest first."""
    chances = [((place, 0.99),) if isinstance(place, str) else place for place in places]
    at = tuple((k + 0.5) / len(chances) for k in range(len(chances)))
    return Reading("".join(c[0][0] for c in chances), at, tuple(c[0][1] for c in chances), tuple(Place(x, c) for x, c in zip(at, chances, strict=True)))


@pytest.mark.parametrize(
    ("reading", "text"),
    [
        (seen("宁", (("渡", 0.5), ("波", 0.1)), "市"), "宁波市"),
        (seen("市", "场", "监", (("露", 0.4), ("督", 0.1)), "管", "理", "局"), "市场监督管理局"),
        (seen("有", "限", "公", (("商", 0.4), ("司", 0.1))), "有限公司"),
        (seen("立", (("辅", 0.5), ("轴", 0.4)), "承"), "立轴承"),
        (seen((("射", 0.5), ("财", 0.3)), "产", "保", (("盟", 0.5), ("险", 0.2))), "财产保险"),
    ],
    ids=["place", "office", "form", "trade", "two at once"],
)
def test_a_doubtful_character_makes_a_word_with_its_neighbours(reading: Reading, text: str) -> None:
    assert read_by_words(reading).text == text


@pytest.mark.parametrize(
    "reading",
    [
        seen("宁", (("渡", 0.95), ("波", 0.04)), "市"),  # read for sure
        seen("宁", (("渡", 0.5), ("坡", 0.1)), "市"),  # nobody saw 波
        seen("宁", (("渡", 0.8), ("波", 0.012)), "市"),  # hardly seen: a word isn't worth that much
        seen("宁", (("海", 0.5), ("波", 0.4)), "市"),  # a word as it is, and the likelier one
        seen("金", (("昊", 0.5), ("吴", 0.3)), "机", "械"),  # a company's own name, which no list knows
    ],
    ids=["sure", "unseen", "hardly seen", "another word", "own name"],
)
def test_nothing_else_is_touched(reading: Reading) -> None:
    assert read_by_words(reading) == reading


def test_what_only_its_word_speaks_for_is_never_sure_and_what_was_seen_stays() -> None:
    reading = seen("宁", (("渡", 0.5), ("波", 0.3)), "市")
    read = read_by_words(reading)
    assert read.sure[1] <= 0.6
    assert (read.sure[0], read.sure[2], read.places, read.at) == (reading.sure[0], reading.sure[2], reading.places, reading.at)


def test_a_reading_of_which_only_the_text_is_known_stays() -> None:
    reading = Reading("宁渡市", (0.2, 0.5, 0.8), (0.99, 0.4, 0.99))
    assert read_by_words(reading) is reading
