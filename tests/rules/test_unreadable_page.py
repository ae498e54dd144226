"""Pages that can't be read are told of, in every track and in none, with what to do about them."""

from __future__ import annotations

import pytest
from invented_claim import REFERENCE, SCHEME, YEAR, codes, flags, papers

from models.claim import Claim, Triage, UnreadablePage
from models.flag import Severity
from models.page import Flaw, Page, PageSource
from models.paper import Track
from pipeline.process import claim_from_pages, judge
from pipeline.wording import FLAW


def judged(*unreadable: UnreadablePage, track: Track = Track.EQUIPMENT) -> Claim:
    return judge("T-0001", papers(track), REFERENCE, SCHEME, YEAR, unreadable=unreadable)


@pytest.mark.parametrize("track", [Track.EQUIPMENT, Track.MATERIAL, Track.SOFTWARE])
def test_only_a_page_that_cannot_be_read_is_flagged(track: Track) -> None:
    assert "unreadable_page" not in codes(judged(track=track))
    claim = judged(UnreadablePage(file="a.pdf", number=3, flaw=Flaw.TRUNCATED), track=track)
    [flag] = flags(claim, "unreadable_page")
    assert (flag.severity, flag.clause) == (Severity.REVIEW, "")
    assert [(region.file, region.page) for region in flag.evidence] == [("a.pdf", 3)]
    assert flag.detail == {"file": "a.pdf", "pages": [3], "reason": "truncated"}
    assert flag.message == "a.pdf第3页图像不完整，请重新扫描该页后上传"
    assert claim.triage is not Triage.CLEAR


def test_pages_of_one_file_with_one_flaw_are_told_together() -> None:
    places = [("a.pdf", 2, Flaw.DARK), ("b.pdf", 1, Flaw.DARK), ("a.pdf", 5, Flaw.DARK), ("a.pdf", 4, Flaw.PARTLY)]
    found = flags(judged(*(UnreadablePage(file=file, number=number, flaw=flaw) for file, number, flaw in places)), "unreadable_page")
    assert [(flag.detail["file"], flag.detail["pages"], flag.detail["reason"]) for flag in found] == [
        ("a.pdf", [2, 5], "dark"), ("b.pdf", [1], "dark"), ("a.pdf", [4], "partly")]


def test_every_flaw_has_words_that_say_what_to_do() -> None:
    assert set(FLAW) == {flaw.value for flaw in Flaw}
    assert all("重新扫描" in words for words in FLAW.values())


def test_a_submission_of_which_nothing_can_be_read_says_which_page_it_was() -> None:
    page = Page(file="a.pdf", number=1, width=595, height=842, source=PageSource.OCR, unreadable="dark: nothing stands out")
    claim = claim_from_pages("T-0001", [page], REFERENCE, SCHEME, YEAR)
    assert claim.track is None
    assert codes(claim) == ["unreadable_page", "not_checked"]
    assert claim.triage is Triage.REVIEW
