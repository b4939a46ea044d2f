"""When to look next.

The gap between looks at a release grows with the square root of the time since it last changed: the chance of an edit
falls like 1/t, and polls are worth most in proportion to the root of the rate. A listing is looked at in step with the
root of how often something new stands in it. Waiting is never shorter than the settings, the server or a back-off say.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scraper.model import Pulse, Role

__all__ = ["Pace", "next_look", "noted"]

_HOUR = 3600.0
_YOUNG = 0.5
"""Hours added to an age, so that a release just published is not looked at without end."""
_PRIOR_FINDS, _PRIOR_HOURS = 0.5, 12.0
"""What a listing is taken to do before it has been watched: half an entry in twelve hours."""
_JITTER = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The pace's settings."""

    day_old: timedelta = timedelta(hours=6)
    """The gap between looks at a release that has stood unchanged for a day; all other gaps are in proportion."""
    fastest: timedelta = timedelta(minutes=5)
    slowest: timedelta = timedelta(days=7)
    slowest_listing: timedelta = timedelta(hours=4)
    first_retry: timedelta = timedelta(minutes=1)
    """After one failure; each further one doubles it, up to the ordinary gap or a day."""


def next_look(
    role: Role,
    pulse: Pulse,
    *,
    now: datetime,
    jitter: float,
    pace: Pace | None = None,
    every: timedelta | None = None,
    not_sooner: timedelta | None = None,
    transient: bool = True,
) -> datetime:
    """When the page is due again.

    Args:
        role: A listing goes by its rate of new entries, a release by its age.
        jitter: From 0 to 1, drawn by the caller; moves the gap by up to 5 % either way.
        every: A gap that the user promised himself for listings; it replaces the ordinary one.
        not_sooner: What the server asks for (Retry-After).
        transient: False where the last failure will not pass by itself soon: then there is no hurry to try again.
    """
    pace = pace or Pace()
    gap = _listing(pulse, now, pace) if role is Role.LISTING else _release(pulse, now, pace)
    if role is Role.LISTING and every is not None:
        gap = every
    if pulse.failures and transient:
        gap = min(
            max(gap, timedelta(minutes=15)), pace.first_retry * 2 ** min(pulse.failures - 1, 20), timedelta(days=1)
        )
    gap *= 1 + _JITTER * (2 * jitter - 1)
    return now + max(gap, not_sooner or timedelta())


def noted(pulse: Pulse, *, now: datetime, failed: bool, finds: int, changed_at: datetime | None = None) -> Pulse:
    """The pulse after a look: ``finds`` edits or new entries, the newest of them at ``changed_at``."""
    if failed:
        return replace(pulse, failures=pulse.failures + 1)
    newest = max((at for at in (pulse.last_change_at, changed_at) if at is not None and at <= now), default=None)
    return Pulse(failures=0, last_change_at=newest, first_poll_at=pulse.first_poll_at or now, finds=pulse.finds + finds)


def _release(pulse: Pulse, now: datetime, pace: Pace) -> timedelta:
    since = pulse.last_change_at or pulse.first_poll_at or now
    age = max(0.0, (now - since).total_seconds() / _HOUR)
    gap = pace.day_old * math.sqrt((age + _YOUNG) / (24 + _YOUNG))
    return min(max(gap, pace.fastest), pace.slowest)


def _listing(pulse: Pulse, now: datetime, pace: Pace) -> timedelta:
    """A look is worth what the release's rule pays for one at a day's age, at 0.07 edits in its time so far."""
    price = (pace.day_old.total_seconds() / _HOUR) ** 2 * 0.07 / (24 + _YOUNG)
    watched = (now - pulse.first_poll_at).total_seconds() / _HOUR if pulse.first_poll_at else 0.0
    rate = (_PRIOR_FINDS + pulse.finds) / (_PRIOR_HOURS + watched)
    gap = timedelta(hours=math.sqrt(price / rate))
    return min(max(gap, pace.fastest), pace.slowest_listing)
