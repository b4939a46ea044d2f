"""What a look may cost, so that a budget of requests is kept.

All pages are looked at by one price. Its root, the pace, is proportional to the gaps: twice the pace is half the
requests. The demand of a page is what it would ask for at pace 1; the sum of all over the budget is the pace to go by.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["Spending", "cold_pace", "demand", "first_pace", "pace_of", "price", "promised", "spent"]

_SMOOTH = 48.0
"""Hours over which the demand is averaged: it swings with the hours of the day."""
_TRIM = 72.0
"""What was spent too much or too little is made up for in so many hours,"""
_SLOWEST_TRIM, _FASTEST_TRIM = 1.4, 0.7
"""but the pace is moved by no more than this for it."""
_DAY_OLD = 24.5
_KAPPA = 0.07
_WEEK_OLD = 168.0
_COLD = 1.0
"""Hours in which pages are still being met, so that their demand says too little."""


class Spending(NamedTuple):
    """What the controller remembers."""

    demand: float
    """Requests an hour at pace 1, averaged."""
    hours: float = 0.0
    """Since the budget is kept."""
    used: float = 0.0
    """More than the budget allowed since then, in requests; less where it is below zero."""


def price(pace: float) -> float:
    """What a look costs at a pace, in hours of delay."""
    return pace * pace / 2


def pace_of(day_old: float) -> float:
    """The pace at which an ordinary release that is a day old is looked at again after so many hours."""
    cost = _KAPPA * ((_DAY_OLD + day_old) * math.log1p(day_old / _DAY_OLD) - day_old)
    return math.sqrt(2 * cost)


def demand(pace: float, gap: float) -> float:
    """What a page asks for at pace 1 that waits so many hours at this pace."""
    return pace / gap


def first_pace(rates: Iterable[float], per_hour: float) -> float:
    """The pace to begin with: that of steady rates."""
    return sum(map(math.sqrt, rates)) / per_hour


def cold_pace(pages: int, per_hour: float) -> float:
    """The pace before anything was asked: that of so many releases of last week."""
    return pages * math.sqrt(_KAPPA / _WEEK_OLD) / per_hour


def spent(before: Spending, *, hours: float, demand: float, used: float, per_hour: float) -> Spending:
    """The spending after so many hours in which so many requests were made, with the present demand.

    A clock that was set back, or stood still, changes nothing; what was not used in a downtime is no saving: a budget
    that was not kept for longer than the trim looks back is forgotten.
    """
    if hours <= 0:
        return before
    if hours > _TRIM:
        return Spending(demand, before.hours + hours, 0.0)
    weight = 1.0 if before.hours < _COLD else min(1.0, hours / min(_SMOOTH, before.hours))
    most = per_hour * _TRIM
    over = before.used + used - per_hour * hours
    return Spending(
        before.demand + (demand - before.demand) * weight,
        before.hours + hours,
        max(-most, min(most, over)),
    )


def promised(spending: Spending, per_hour: float, *, pages: int = 0, ahead: float = 0.0) -> float:
    """The pace at which the budget is kept from now on.

    Args:
        pages: Those that are watched, asked or not yet.
        ahead: By how many average hours' looks the week should be ahead by now (:func:`scraper.pace.rhythm.ahead`).
            Without it a Sunday on which little happens would pass for a saving that is spent on Monday, when everybody
            posts anyway.
    """
    trim = 1 + (spending.used / per_hour - ahead) / _TRIM
    going = spending.demand / per_hour * max(_FASTEST_TRIM, min(_SLOWEST_TRIM, trim))
    return max(going, cold_pace(pages, per_hour)) if spending.hours < _COLD else going
