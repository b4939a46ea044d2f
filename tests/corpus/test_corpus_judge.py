"""Recorded newsrooms as the judge sees them: what was edited is told, and nothing else."""

from __future__ import annotations

import pytest
from corpora import corpus

from benchmarks.judging_whitehouse import measure

pytestmark = pytest.mark.corpus


def test_of_forty_eight_apparent_edits_the_five_true_ones_are_told_and_no_other() -> None:
    lines, wrong = measure(corpus("traces", "whitehouse-briefings").parent)
    assert wrong == []
    assert [line.seen for line in lines] == [5, 0]
