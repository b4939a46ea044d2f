"""Numbers as what a chart draws: the hours of a week, and the weeks of half a year. No clock, no markup."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from scraper.model import Kind
from storage import DayCount

__all__ = ["DAYS", "Bars", "Week", "WeekHours", "hours_of_week", "median", "weeks"]

DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_LEVELS = 5


_FEWEST = 5
"""Releases that tell a rhythm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekHours:
    """How many times fell into each hour of the week."""

    counts: tuple[tuple[int, ...], ...]
    """By weekday, Monday first, and hour."""
    total: int

    @property
    def most(self) -> int:
        """The highest count."""
        return max(max(hours) for hours in self.counts)

    def level(self, count: int) -> int:
        """How deep a count is coloured: 0 for none, up to 5 for the highest."""
        return -(-count * _LEVELS // self.most) if count else 0

    @property
    def told(self) -> str:
        """The busiest day and hour in words, for who doesn't see the colours; few releases have none."""
        if self.total < _FEWEST:
            return "Too few releases to tell a rhythm."
        by_day = [sum(hours) for hours in self.counts]
        by_hour = [sum(hours) for hours in zip(*self.counts, strict=True)]
        day, hour = by_day.index(max(by_day)), by_hour.index(max(by_hour))
        return (
            f"Most on {DAYS[day]}s ({by_day[day]} of {self.total}), and between {hour:02}:00 and "
            f"{(hour + 1) % 24:02}:00 ({by_hour[hour]} of {self.total})."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The edits that were detected in one week."""

    monday: date
    edited: int
    silently: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Weeks in a row, the last one not over yet."""

    weeks: tuple[Week, ...]

    @property
    def most(self) -> int:
        """The highest sum of a week, at least 1."""
        return max(1, *(week.edited + week.silently for week in self.weeks))

    @property
    def told(self) -> str:
        """The sums in words."""
        edited, silently = (sum(getattr(week, name) for week in self.weeks) for name in ("edited", "silently"))
        return f"{edited} edits and {silently} silent edits in {len(self.weeks)} weeks."


def hours_of_week(times: Iterable[datetime], zone: tzinfo) -> WeekHours | None:
    """The hours of the week into which times fall in a time zone; None of no times."""
    found = Counter((local.weekday(), local.hour) for local in (at.astimezone(zone) for at in times))
    if not found:
        return None
    counts = tuple(tuple(found[day, hour] for hour in range(24)) for day in range(7))
    return WeekHours(counts=counts, total=found.total())


def weeks(counts: Iterable[DayCount], *, today: date, most: int) -> Bars:
    """The last weeks up to that of a day, ``most`` of them."""
    found: Counter[tuple[date, Kind]] = Counter()
    for each in counts:
        found[_monday(each.day), each.kind] += each.count
    mondays = [_monday(today) - timedelta(weeks=back) for back in range(most - 1, -1, -1)]
    return Bars(
        weeks=tuple(
            Week(monday=day, edited=found[day, Kind.EDITED], silently=found[day, Kind.SILENTLY_EDITED])
            for day in mondays
        )
    )


def median(values: Sequence[timedelta]) -> timedelta | None:
    """The middle one of some spans, of two the shorter; None of none."""
    return sorted(values)[(len(values) - 1) // 2] if values else None


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
