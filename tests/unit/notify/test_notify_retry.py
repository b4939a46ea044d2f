"""When a delivery is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswatch.notify import next_attempt
from presswatch.notify.retry import LONGEST, SCHEDULE

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "pause"),
    [
        pytest.param(0, timedelta(0), id="the first attempt is at once"),
        pytest.param(1, timedelta(seconds=5), id="the second after five seconds"),
        pytest.param(2, timedelta(minutes=5), id="the third after five minutes"),
        pytest.param(3, timedelta(minutes=30), id="the fourth after half an hour"),
        pytest.param(4, timedelta(hours=2), id="the fifth after two hours"),
        pytest.param(9, timedelta(hours=24), id="the tenth after a day"),
    ],
)
def test_pauses_follow_the_schedule(attempts: int, pause: timedelta) -> None:
    assert next_attempt(attempts, now=NOW, jitter=0.0) == NOW + pause


def test_tenth_failure_is_the_last() -> None:
    assert len(SCHEDULE) == 10
    assert next_attempt(10, now=NOW, jitter=0.0) is None
    assert next_attempt(11, now=NOW, jitter=1.0, retry_after=timedelta(hours=1)) is None


@pytest.mark.parametrize(
    ("asked", "pause"),
    [
        pytest.param(timedelta(minutes=20), timedelta(minutes=20), id="a longer wish is honoured"),
        pytest.param(timedelta(seconds=1), timedelta(minutes=5), id="a shorter one does not hurry"),
        pytest.param(timedelta(seconds=-90), timedelta(minutes=5), id="a negative one is ignored"),
        pytest.param(timedelta(days=9_000), LONGEST, id="an absurd one is capped"),
    ],
)
def test_longer_of_schedule_and_wish_counts(asked: timedelta, pause: timedelta) -> None:
    assert next_attempt(2, now=NOW, jitter=0.0, retry_after=asked) == NOW + pause


@given(st.integers(-3, 9), st.floats(0, 1), st.none() | st.timedeltas())
def test_next_attempt_is_never_in_the_past_and_never_later_than_a_day_and_a_tenth(
    attempts: int, jitter: float, asked: timedelta | None
) -> None:
    at = next_attempt(attempts, now=NOW, jitter=jitter, retry_after=asked)
    assert at is not None
    assert NOW <= at <= NOW + LONGEST * 1.1
