"""When a digest is due and when it is quiet: times of the day in a zone as moments. Pure.

A time that the clocks skip is the moment that it would have been by the offset before, and one that they show twice is
the first of the two, as RFC 5545 (section 3.3.5) has it: a digest at 02:30 comes once on each day.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage import Window

__all__ = ["next_digest", "next_hour", "quiet_windows"]

_DAY = timedelta(days=1)
_DAYS_AHEAD = 4
"""What is put off settles within two days."""


def next_digest(at: datetime, clock: time, *, zone: ZoneInfo, weekday: int | None = None) -> datetime:
    """The first moment after ``at`` at which it is ``clock`` in the zone; on ``weekday`` (Monday is 0), or any day."""
    day = at.astimezone(zone).date() - _DAY
    while (due := _moment(day, clock, zone)) <= at or weekday not in (None, day.weekday()):
        day += _DAY
    return due


def next_hour(at: datetime) -> datetime:
    """The next full hour in UTC after ``at``."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def quiet_windows(at: datetime, hours: tuple[time, time], *, zone: ZoneInfo) -> tuple[Window, ...]:
    """The quiet hours of the next days; the first may have begun. What ends before it begins goes over midnight."""
    begin, end = hours
    overnight = _DAY if end < begin else timedelta()
    today = at.astimezone(zone).date()
    days = [today + _DAY * ahead for ahead in range(-1, _DAYS_AHEAD)]
    windows = [(_moment(day, begin, zone), _moment(day + overnight, end, zone)) for day in days]
    return tuple((since, until) for since, until in windows if at < until and since < until)


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)
