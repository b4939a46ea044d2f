"""Counts fall into the hours and weeks that they belong to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from presswatch.web.charts import hours_of_week, median, weeks
from scraper.model import Kind
from storage import DayCount

LATE = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
"""A Sunday in UTC, and half past midnight on Monday in Brussels."""


def test_hours_are_those_of_the_time_zone() -> None:
    late = [LATE - timedelta(weeks=n) for n in range(4)]
    found = hours_of_week([*late, LATE - timedelta(hours=9)], ZoneInfo("Europe/Brussels"))
    assert found is not None
    assert (found.counts[0][0], found.counts[6][15], found.total) == (4, 1, 5)
    assert found.told == "Most on Mondays (4 of 5), and between 00:00 and 01:00 (4 of 5)."
    assert [found.level(count) for count in (0, 1, 4)] == [0, 2, 5]
    few = hours_of_week(late, UTC)
    assert few is not None
    assert few.told == "Too few releases to tell a rhythm."
    assert hours_of_week([], UTC) is None


def test_weeks_begin_on_monday_and_the_last_is_that_of_today() -> None:
    counts = [
        DayCount(day=date(2026, 3, 1), kind=Kind.EDITED, count=2),
        DayCount(day=date(2026, 3, 2), kind=Kind.SILENTLY_EDITED, count=1),
        DayCount(day=date(2026, 3, 4), kind=Kind.SILENTLY_EDITED, count=1),
        DayCount(day=date(2026, 3, 4), kind=Kind.NEW, count=7),
        DayCount(day=date(2020, 3, 4), kind=Kind.EDITED, count=9),
    ]
    bars = weeks(counts, today=date(2026, 3, 4), most=3)
    assert [(week.monday.day, week.edited, week.silently) for week in bars.weeks] == [(16, 0, 0), (23, 2, 0), (2, 0, 2)]
    assert (bars.most, bars.told) == (2, "2 edits and 2 silent edits in 3 weeks.")


def test_median_of_two_is_the_shorter() -> None:
    assert median([]) is None
    assert median([timedelta(3), timedelta(1)]) == timedelta(1)
    assert median([timedelta(3), timedelta(1), timedelta(2)]) == timedelta(2)
