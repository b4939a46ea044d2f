"""Digests come once a day, quiet hours end when they say, in every zone and whatever its clocks do."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswatch.schedule import next_digest, next_hour, quiet_windows
from storage import Way

BRUSSELS = ZoneInfo("Europe/Brussels")
ZONES = ["Europe/Brussels", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "UTC"]
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC))
CLOCKS = st.times().map(lambda at: at.replace(second=0, microsecond=0))
ZONE = st.sampled_from(ZONES).map(ZoneInfo)
DAY = timedelta(days=1)


def at(text: str, zone: ZoneInfo = BRUSSELS) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "clock", "due"),
    [
        ("2026-03-02T07:59", "08:00", "2026-03-02T08:00"),
        ("2026-03-02T08:00", "08:00", "2026-03-03T08:00"),
        ("2026-03-28T12:00", "02:30", "2026-03-29T03:30"),  # 02:30 is skipped on this night
        ("2026-03-29T12:00", "02:30", "2026-03-30T02:30"),
        ("2026-10-24T12:00", "02:30", "2026-10-25T02:30"),  # 02:30 comes twice; the first counts
        ("2026-10-25T02:30", "02:30", "2026-10-26T02:30"),
    ],
)
def test_a_daily_digest_is_due_at_its_time_in_its_zone(now: str, clock: str, due: str) -> None:
    assert next_digest(at(now), time.fromisoformat(clock), zone=BRUSSELS) == at(due)


def test_a_weekly_digest_is_due_on_its_day_of_the_zone() -> None:
    sunday_in_utc = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert next_digest(sunday_in_utc, time(0, 45), zone=BRUSSELS, weekday=0) == at("2026-03-02T00:45")
    assert next_digest(at("2026-03-02T00:45"), time(0, 45), zone=BRUSSELS, weekday=0) == at("2026-03-09T00:45")


@given(MOMENTS, CLOCKS, ZONE)
def test_a_daily_digest_comes_once_on_each_day(now: datetime, clock: time, zone: ZoneInfo) -> None:
    due = [next_digest(now, clock, zone=zone)]
    for _ in range(400):
        due.append(next_digest(due[-1], clock, zone=zone))
    gaps = [later - earlier for earlier, later in pairwise(due)]
    assert due[0] > now
    assert due[0] - now <= timedelta(hours=26)
    assert all(timedelta(hours=22) <= gap <= timedelta(hours=26) for gap in gaps)
    # Where the clocks skip the time, it comes as much later on the clock.
    assert sum(moment.astimezone(zone).time() != clock for moment in due) <= 2


@given(MOMENTS, CLOCKS, ZONE, st.integers(0, 6))
def test_a_weekly_digest_is_one_of_the_daily_ones(now: datetime, clock: time, zone: ZoneInfo, weekday: int) -> None:
    due = next_digest(now, clock, zone=zone, weekday=weekday)
    assert due.astimezone(zone).weekday() in (weekday, (weekday + 1) % 7)  # a skipped time at the end of a day
    assert timedelta() < due - now <= timedelta(days=7, hours=2)
    assert next_digest(due - timedelta(microseconds=1), clock, zone=zone) == due


@given(MOMENTS)
def test_the_next_hour_is_less_than_an_hour_away_and_full(now: datetime) -> None:
    due = next_hour(now)
    assert timedelta() < due - now <= timedelta(hours=1)
    assert (due.minute, due.second, due.microsecond) == (0, 0, 0)


@pytest.mark.parametrize(
    ("now", "hours", "free"),
    [
        ("2026-03-02T21:59", ("22:00", "07:00"), "2026-03-02T21:59"),
        ("2026-03-02T22:00", ("22:00", "07:00"), "2026-03-03T07:00"),
        ("2026-03-03T06:59", ("22:00", "07:00"), "2026-03-03T07:00"),
        ("2026-03-03T07:00", ("22:00", "07:00"), "2026-03-03T07:00"),
        ("2026-03-03T12:00", ("09:00", "17:00"), "2026-03-03T17:00"),
        ("2026-03-29T01:59", ("22:00", "02:30"), "2026-03-29T03:30"),  # the end is skipped
        ("2026-03-28T23:00", ("22:00", "07:00"), "2026-03-29T07:00"),  # an hour shorter
        ("2026-10-24T23:00", ("22:00", "07:00"), "2026-10-25T07:00"),  # an hour longer
    ],
)
def test_what_happens_in_quiet_hours_is_told_at_their_end(now: str, hours: tuple[str, str], free: str) -> None:
    begin, end = map(time.fromisoformat, hours)
    way = Way(channel="desk", quiet=quiet_windows(at(now), (begin, end), zone=BRUSSELS))
    assert way.free_at(at(now)) == at(free)


def test_quiet_hours_that_end_at_a_time_shown_twice_end_at_the_first() -> None:
    hours = time(22), time(2, 30)
    second = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 02:10 for the second time
    way = Way(channel="desk", quiet=quiet_windows(second, hours, zone=BRUSSELS))
    assert way.free_at(second) == second


@given(MOMENTS, st.tuples(CLOCKS, CLOCKS).filter(lambda pair: pair[0] != pair[1]), ZONE, st.integers(0, 70))
def test_nothing_is_told_in_quiet_hours_and_nothing_is_held_longer_than_a_day(
    now: datetime, hours: tuple[time, time], zone: ZoneInfo, settles: int
) -> None:
    windows = quiet_windows(now, hours, zone=zone)
    then = now + timedelta(hours=settles)
    free = Way(channel="desk", quiet=windows).free_at(then)
    assert not any(since <= free < until for since, until in windows)
    assert timedelta() <= free - then < timedelta(hours=26)
    clock = then.astimezone(zone).time().replace(second=0, microsecond=0)
    begin, end = hours
    is_quiet = begin <= clock < end if begin < end else clock >= begin or clock < end
    is_near_a_shift = len({(then + DAY * n / 2).astimezone(zone).utcoffset() for n in range(-3, 4)}) > 1
    assert is_near_a_shift or is_quiet is (free > then)
