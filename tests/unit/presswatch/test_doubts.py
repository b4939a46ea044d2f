"""What is doubted, in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from presswatch.doubts import doubt_words
from scraper.model import Doubt, Suspect

SINCE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("doubt", Doubt)
def test_each_doubt_has_words_of_its_own(doubt: Doubt) -> None:
    said = doubt_words(Suspect(doubt=doubt, since=SINCE))
    assert said.endswith(" at the last look, first 2 Mar 2026, 08:00:00 UTC; another look is to confirm it")
    assert said not in {doubt_words(Suspect(doubt=other, since=SINCE)) for other in Doubt if other is not doubt}


def test_all_looks_that_doubted_count_whether_they_saw_the_same_or_not() -> None:
    said = doubt_words(Suspect(doubt=Doubt.GONE, since=SINCE, looks=1, total=3))
    assert said.startswith("the page was gone at the last 3 looks, first 2 Mar 2026")
