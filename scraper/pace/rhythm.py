"""At which hours of the week a source is busy.

A source's finds are counted by hour of the day and by day of the week. Few counts say little: they are smoothed, mixed
with the counts of all sources, and never believed to the full, since a night that is left out for good would hide what
happens in it. Hours are UTC.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from scraper.model import Rhythm

__all__ = ["FLAT", "WEEK", "Week", "ahead", "pooled", "told", "week_of"]

WEEK = 168
_WEEKS = 3
"""So many in a row, so that a wait that begins in the first never runs off the table."""
_SMOOTH = (0.12, 0.21, 0.34, 0.21, 0.12)
"""Over five hours: a newsroom that posts at nine posts at ten, too."""
_PRIOR = 20.0
"""The counts of all sources weigh as much as so many of the source's own."""
_FLOOR = 0.4
"""This share of the rate is the same at all hours, whatever was counted."""
_LONGEST_GAP = 48.0
"""A find somewhere in more hours than that says nothing about the hour."""
_EXACT = 1e-6


class Week(NamedTuple):
    """A source's rhythm as tables at whole hours, over three weeks from Monday 00:00."""

    rate: tuple[float, ...]
    """In the hour that begins; 1 on average."""
    sum: tuple[float, ...]
    """Of the rate, up to the hour."""
    delay: tuple[float, ...]
    """Of the sum, up to the hour: what has come piles up."""


def _tables(rates: Sequence[float]) -> Week:
    rate = tuple(rates) * _WEEKS
    total = (0.0, *accumulate(rate))
    delay = (0.0, *accumulate(before + r / 2 for before, r in zip(total, rate, strict=False)))
    return Week(rate, total, delay)


FLAT = _tables([1.0] * WEEK)
"""No hour is busier than another."""


def told(rhythm: Rhythm, since: float, until: float, finds: float, week: Week = FLAT) -> Rhythm:
    """The rhythm after so many finds somewhere between two times.

    They are shared out over the hours in between in proportion to what is known of them (``week``). To count only what
    is known to the hour would confirm itself: the hours that are looked at most would get it all.
    """
    if finds <= 0 or not 0 <= until - since <= _LONGEST_GAP:
        return rhythm
    until = max(until, since + _EXACT)
    hours, days = list(rhythm.hours), list(rhythm.days)
    span = range(int(since // 1), int(until // 1) + 1)
    shares = [week.rate[hour % WEEK] * (min(until, hour + 1) - max(since, hour)) for hour in span]
    total = sum(shares)
    for hour, share in zip(span, shares, strict=True):
        hours[hour % 24] += finds * share / total
        days[hour // 24 % 7] += finds * share / total
    return Rhythm(hours=tuple(hours), days=tuple(days))


def pooled(rhythms: Iterable[Rhythm]) -> Rhythm:
    """The counts of all sources together."""
    hours, days = [0.0] * 24, [0.0] * 7
    for rhythm in rhythms:
        hours = [a + b for a, b in zip(hours, rhythm.hours, strict=True)]
        days = [a + b for a, b in zip(days, rhythm.days, strict=True)]
    return Rhythm(hours=tuple(hours), days=tuple(days))


def week_of(rhythm: Rhythm, pool: Rhythm | None = None) -> Week:
    """The tables of a source that has been counted, beside all others (``pool``)."""
    pool = pool or Rhythm()
    hours = _profile(rhythm.hours, _profile(pool.hours, [1 / 24] * 24, smooth=True), smooth=True)
    days = _profile(rhythm.days, _profile(pool.days, [1 / 7] * 7))
    by_hour = [_FLOOR + (1 - _FLOOR) * 24 * share for share in hours]
    by_day = [_FLOOR + (1 - _FLOOR) * 7 * share for share in days]
    mean = sum(by_hour) * sum(by_day) / WEEK
    return _tables([day * hour / mean for day in by_day for hour in by_hour])


def ahead(week: Week, at: float) -> float:
    """How many average hours' looks the week has come before its mean by a time; below zero where it lies behind.

    At one price looks go with the root of the rate: much comes before Friday night and little on Sunday. Over a whole
    week the mean of this is zero, wherever it begins.
    """
    if week is FLAT:
        return 0.0
    roots = [math.sqrt(rate) for rate in week.rate[:WEEK]]
    average = sum(roots) / WEEK
    lead = list(accumulate((root / average - 1 for root in roots), initial=0.0))
    place = at % WEEK
    hour = min(int(place), WEEK - 1)  # just before a Monday the remainder rounds up to the whole week
    mean = sum((before + after) / 2 for before, after in pairwise(lead)) / WEEK
    return lead[hour] + (place - hour) * (lead[hour + 1] - lead[hour]) - mean


def _profile(counts: Sequence[float], prior: Sequence[float], *, smooth: bool = False) -> list[float]:
    """The share of each hour or day, drawn towards the prior's."""
    weight = sum(counts) + _PRIOR
    size = len(counts)
    if smooth:
        counts = [sum(w * counts[(i + j - 2) % size] for j, w in enumerate(_SMOOTH)) for i in range(size)]
    return [(count + _PRIOR * share) / weight for count, share in zip(counts, prior, strict=True)]
