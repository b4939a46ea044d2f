"""A budget is a hard limit: so much in an hour, so much in a day, whoever asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from presswatch.meter import DAY, Meter

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def test_no_more_than_a_sixth_of_a_day_s_budget_goes_in_an_hour() -> None:
    meter = Meter()
    for _ in range(20):
        meter.count("News", NOON)
    assert meter.left(NOON, 120) == 0
    assert meter.left(NOON + 59 * MINUTE, 120) == 0
    assert meter.left(NOON + 60 * MINUTE, 120) == 20


def test_no_more_than_half_above_the_budget_goes_in_a_day() -> None:
    meter = Meter()
    for n in range(180):
        meter.count("News", NOON + n * 7 * MINUTE)
    assert meter.left(NOON + DAY - MINUTE, 120) == 0
    assert meter.left(NOON + DAY + 30 * MINUTE, 120) > 0


def test_a_day_s_limit_cannot_be_reached_in_one_go_and_leave_the_rest_of_the_day_without_looks() -> None:
    meter, made = Meter(), []
    for minute in range(4 * 24 * 60):
        now = NOON + minute * MINUTE
        if meter.left(now, 24) > 0:
            meter.count("News", now)
            made.append(now)
    assert max(after - before for before, after in pairwise(made)) <= 15 * HOUR


def test_a_sixth_of_each_limit_is_kept_for_pressing_looks() -> None:
    meter = Meter()
    for _ in range(20):
        meter.count("News", NOON)
    assert meter.left(NOON, 144, pressing=False) == 0
    assert meter.left(NOON, 144) == 4


def test_a_source_s_budget_counts_what_was_asked_of_it_alone() -> None:
    meter = Meter()
    meter.begin({"News": [NOON] * 20, "Other": [NOON]})
    assert meter.left(NOON, 120, source="News") == 0
    assert meter.left(NOON, 120, source="Other") == 19
    assert meter.left(NOON, 120, source="Unknown") == 20


def test_after_the_clock_was_set_back_what_was_asked_still_counts() -> None:
    meter = Meter()
    meter.begin({"News": [NOON] * 20})
    assert meter.left(NOON - DAY, 120) == 0


@given(gaps=st.lists(st.integers(0, 3600), max_size=300), per_day=st.integers(24, 500))
def test_whoever_asks_the_meter_first_never_exceeds_the_limit_in_any_hour(gaps: list[int], per_day: int) -> None:
    meter, now, made = Meter(), NOON, []
    for gap in gaps:
        now += timedelta(seconds=gap)
        if meter.left(now, per_day) > 0:
            meter.count("News", now)
            made.append(now)
    for start in made:
        assert sum(start <= at < start + timedelta(hours=1) for at in made) <= max(1, per_day / 6)
        assert sum(start <= at < start + DAY for at in made) <= per_day * 1.5
