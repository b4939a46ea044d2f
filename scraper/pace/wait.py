"""How long to wait: until the delay that we expect to have piled up since the last look is worth one request.

With a rate λ(t) of changes, and T hours after a look, the delay that has piled up is ∫₀ᵀ (T-u) λ(u) du. A page is
looked at as soon as that reaches the price, which is the same for all pages. For equal requests no rule that knows only
the rates does much better: the gap goes with the root of the price over the rate.
"""

from __future__ import annotations

import math

from scraper.pace.rhythm import FLAT, WEEK, Week

__all__ = ["YOUNG", "wait"]

YOUNG = 0.5
"""Hours added to an age, so that what was published this moment is not looked at without end."""
NEVER = 1e9
_CHOOSY, _PATIENT = 4.0, 120.0
"""Waits in between end at the best hour nearby; for shorter ones there is none, for longer ones it does not matter."""
_BEYOND = 240.0
"""A wait over so many hours averages the rhythm out."""
_STEPS = 16
"""About as many hours are weighed."""


def wait(rate: float, at: float, price: float, week: Week = FLAT, age: float | None = None) -> float:
    """Hours until a look is worth its price.

    Args:
        rate: Changes an hour; with an age, changes for each e-fold of it: the rate is then ``rate / (age + YOUNG)``.
        at: The time of the last look, in hours from a Monday 00:00 UTC.
        price: Of a look, in hours of delay.
        week: The source's rhythm, by which the rate rises and falls.
        age: Hours since the page last changed, for a page that changes ever more rarely.
    """
    if rate <= 0 or not math.isfinite(rate):
        return NEVER
    flat = math.sqrt(2 * price / rate) if age is None else _aging(rate, price, age + YOUNG)
    if week is FLAT or flat > _BEYOND:
        return flat
    return _in_rhythm(flat, at % WEEK, week)


def _aging(rate: float, price: float, age: float) -> float:
    """The wait where the rate falls as the page ages: rate·((b+T)·ln(1+T/b) - T) = price, by Newton's method."""
    goal = price / rate
    gap = math.sqrt(2 * goal * age)
    for _ in range(6):
        log = math.log1p(gap / age)
        step = ((age + gap) * log - gap - goal) / log
        gap = max(gap * 0.3, gap - step)
        if abs(step) < 1e-4 * gap:
            break
    return gap


def _in_rhythm(flat: float, start: float, week: Week) -> float:
    """The wait that costs what ``flat`` would at a steady rate, begun at an hour of the week."""
    rate, total, delay = week
    goal = flat * flat / 2
    first = int(start)
    part = start - first
    come = total[first] + rate[first] * part
    piled = delay[first] + total[first] * part + rate[first] * part * part / 2
    gap, last = flat, len(rate) - 1
    for _ in range(8):  # Newton's method on a convex function of the tables; from the second step on it only comes down
        hour = int(start + gap)
        part = start + gap - hour
        since = total[hour] + rate[hour] * part - come
        have = delay[hour] + total[hour] * part + rate[hour] * part * part / 2 - piled - gap * come
        step = (have - goal) / since
        gap = max(0.3 * gap, min(gap - step, last - start))
        if abs(step) < 1e-3 * gap:
            break
    if gap < _CHOOSY or gap > _PATIENT:
        return gap
    best, end = math.inf, start + gap
    for hour in range(int(start + 0.6 * gap) + 1, int(start + 1.6 * gap) + 2, 1 + int(gap / _STEPS)):
        items = total[hour] - come
        cost = (goal + delay[hour] - piled - (hour - start) * come) / items
        if cost < best:
            best, end = cost, hour
    return end - start
