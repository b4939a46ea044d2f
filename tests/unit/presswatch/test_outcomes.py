"""Outcomes of looks, in words."""

from __future__ import annotations

import pytest

from presswatch.outcomes import outcome_words
from scraper.model import Failure


@pytest.mark.parametrize("outcome", ["changed", "seen", "unmodified", "missing", *Failure])
def test_each_outcome_that_is_kept_has_words_of_its_own(outcome: str) -> None:
    others = {"changed", "seen", "unmodified", "missing", *Failure} - {outcome}
    assert outcome_words(outcome) not in {outcome_words(other) for other in others}
    assert outcome == "refused" or outcome_words(outcome) != outcome


def test_an_outcome_of_another_version_is_shown_as_it_is_kept() -> None:
    assert outcome_words("melted") == "melted"
