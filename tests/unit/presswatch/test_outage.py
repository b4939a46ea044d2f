"""A channel is stuck after an hour of nothing but failures, three at least."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from presswatch.outage import stuck
from scraper.model import HealthKind
from storage import Streak

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "minutes", "sure"),
    [
        pytest.param(1, 0, False, id="the first failure"),
        pytest.param(50, 59, False, id="many failures within an hour: a restart takes its time"),
        pytest.param(2, 600, False, id="two failures far apart"),
        pytest.param(3, 60, True, id="three within an hour and no success"),
        pytest.param(9, 4000, True, id="days of it"),
    ],
)
def test_a_channel_is_stuck_after_an_hour_and_three_attempts(attempts: int, minutes: float, *, sure: bool) -> None:
    streak = Streak(channel="desk", since=NOON, attempts=attempts, error="the receiver answered 503")
    assert stuck(streak, NOON + timedelta(minutes=minutes)).sure is sure


def test_its_words_name_the_channel_what_failed_since_when_and_what_to_do() -> None:
    trouble = stuck(Streak(channel="desk", since=NOON, attempts=4, error="the receiver answered 503"), NOON)
    assert (trouble.kind, trouble.subject) == (HealthKind.STUCK, "desk")
    assert trouble.detail == "4 attempts in a row failed since 2 Mar 2026, 12:00:00 UTC: the receiver answered 503"
    assert "presswatch notify-test desk" in trouble.advice
