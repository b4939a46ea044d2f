"""When to look next, on datetimes and with the limits.

What :mod:`scraper.pace.wait` says, within the settings' bounds, a promise, a back-off and what the server asks for.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from scraper.model import Habits, Pulse, Rhythm, Role, Why
from scraper.pace.budget import demand, pace_of, price
from scraper.pace.rates import Beat, Outlook, Prior, listed, release, seen, visited
from scraper.pace.rhythm import FLAT, Week, told
from scraper.pace.wait import wait

__all__ = ["Context", "Look", "Pace", "hours", "hours_of", "noted", "plan"]

_HOUR = timedelta(hours=1)
_MONDAY = datetime(1970, 1, 5, tzinfo=UTC)
_JITTER = 0.05
_HURRY = timedelta(minutes=15)
"""A failure is tried again at least as soon as this in the long run, where the ordinary gap is shorter."""
_LONGEST_RETRY = timedelta(days=1)
_BUSY = 1 / 24
"""A listing with more entries an hour is a busy one."""
_YOUNG = timedelta(days=3)
_LISTINGS_HOLD = 8.0
"""``slowest_listing`` holds up to a pace so many times slower than that of ``day_old``."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What is known besides the page: of its source, of all sources, and of the budget."""

    week: Week = FLAT
    prior: Prior = field(default_factory=Prior)
    pace: float | None = None
    """That of the budget; None: that of ``Pace.day_old``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The next look at a page."""

    at: datetime
    why: Why
    demand: float
    """What the page asks of the budget: requests an hour at pace 1."""


def hours(at: datetime) -> float:
    """A time in hours since a Monday 00:00 UTC."""
    return (at - _MONDAY) / _HOUR


def plan(
    role: Role,
    pulse: Pulse,
    *,
    now: datetime,
    jitter: float,
    pace: Pace | None = None,
    context: Context | None = None,
    every: timedelta | None = None,
    not_sooner: timedelta | None = None,
    transient: bool = True,
) -> Look:
    """When the page is due again and why.

    Args:
        role: A listing goes by its rate of new entries, a release by the time since it last changed.
        jitter: From 0 to 1, drawn by the caller; moves the gap by up to 5 % either way. The first gap of a release that
            was there before it was watched is any part of the whole: else all of a newsroom would come at once.
        every: A promise for listings: never later than that after a look.
        not_sooner: What the server asks for (Retry-After).
        transient: False where the last failure will not pass by itself soon: then there is no hurry to try again.
    """
    pace, context = pace or Pace(), context or Context()
    going = pace_of(pace.day_old / _HOUR) if context.pace is None else context.pace
    rate = outlook(role, pulse, now=now, prior=context.prior)
    gap, why = _bounded(role, rate, pulse, now, going, pace, context)
    promise = every if role is Role.LISTING else None
    if promise is not None and promise < gap:
        gap, why = promise, Why.PROMISE
    asks = demand(going, max(gap / _HOUR, 1e-6))
    if pulse.failures and transient:
        retry = min(max(gap, _HURRY), pace.first_retry * 2 ** min(pulse.failures - 1, 20), _LONGEST_RETRY)
        gap, why = retry, Why.FAILED
    gap *= jitter if _is_one_of_many(role, pulse, now) else 1 + _JITTER * (2 * jitter - 1)
    gap = max(gap, min(pace.fastest, pace.first_retry))
    if promise is not None and why is Why.PROMISE:
        gap = min(gap, promise)
    if not_sooner is not None and not_sooner > gap:
        gap, why = not_sooner, Why.ASKED
    return Look(at=now + gap, why=why, demand=asks)


def _bounded(
    role: Role, rate: Outlook, pulse: Pulse, now: datetime, going: float, pace: Pace, context: Context
) -> tuple[timedelta, Why]:
    longest = max(_slowest(role, going, pace), pace.fastest)
    waits = min(wait(rate.rate, hours(now), price(going), context.week, rate.age), longest / _HOUR)
    gap = min(max(waits * _HOUR, pace.fastest), longest)
    if role is Role.LISTING:
        return gap, Why.BUSY if rate.now > _BUSY else Why.QUIET
    young = now - _version_at(pulse, now) < _YOUNG
    return gap, Why.YOUNG if young else Why.QUIET


def _slowest(role: Role, going: float, pace: Pace) -> timedelta:
    """The bound of all gaps, which gives way in proportion where a budget asks for a slower pace than ``day_old``.

    If it held, pages that it does not allow to be left would ask for the same however slow the pace is, and nothing but
    the budget's hard limit would stop them. A listing's gives way late: it is what finds the news.
    """
    slower = going / pace_of(pace.day_old / _HOUR)
    if role is Role.LISTING:
        return pace.slowest_listing * max(1.0, slower / _LISTINGS_HOLD)
    return pace.slowest * max(1.0, slower)


def hours_of(spans: Iterable[tuple[datetime, datetime, float]], *, week: Week = FLAT) -> Habits | None:
    """What finds tell of a source's hours: each some time between two moments, so many of them."""
    rhythm = Rhythm()
    for since, until, finds in spans:
        rhythm = told(rhythm, hours(since), hours(until), finds, week)
    return Habits(rhythm=rhythm) if rhythm.finds else None


def _is_one_of_many(role: Role, pulse: Pulse, now: datetime) -> bool:
    """A release that was looked at for the first time and is older than a day."""
    is_first = pulse.first_poll_at == now and not pulse.failures
    return role is Role.RELEASE and is_first and now - _version_at(pulse, now) > timedelta(days=1)


def outlook(role: Role, pulse: Pulse, *, now: datetime, prior: Prior | None = None) -> Outlook:
    """How often the page is expected to change, as it stands now."""
    beat = _beat(role, pulse, now)
    if role is Role.LISTING:
        return Outlook(beat.finds / beat.watched)
    return release(
        beat, prior or Prior(), (now - _version_at(pulse, now)) / _HOUR, (now - _born_at(pulse, now)) / _HOUR
    )


def noted(
    pulse: Pulse,
    *,
    now: datetime,
    failed: bool,
    finds: int,
    held: bool = False,
    changed_at: datetime | None = None,
    role: Role = Role.RELEASE,
    born_at: datetime | None = None,
    dated: Sequence[datetime] = (),
    prior: Prior | None = None,
) -> Pulse:
    """The pulse after a look: ``finds`` edits or new entries, the newest of them at ``changed_at``.

    Args:
        held: What the look saw is not believed before another: it counts for nothing yet.
        born_at: When a release says that it was published.
        dated: Times of a listing's entries, at its first visit.
    """
    if failed:
        return replace(pulse, failures=pulse.failures + 1)
    if held:
        return replace(pulse, failures=0, first_poll_at=pulse.first_poll_at or now)
    newest = max((at for at in (pulse.last_change_at, changed_at) if at is not None and at <= now), default=None)
    beat = _after(role, pulse, now=now, finds=finds, dated=dated, prior=prior or Prior())
    return Pulse(
        last_change_at=newest,
        first_poll_at=pulse.first_poll_at or now,
        finds=pulse.finds + finds,
        looked_at=now,
        born_at=pulse.born_at or (born_at if born_at is not None and born_at <= now else None),
        weight=beat.finds,
        watched=beat.watched,
        aged=beat.aged,
        lean=beat.lean,
    )


def _after(
    role: Role, pulse: Pulse, *, now: datetime, finds: int, dated: Sequence[datetime], prior: Prior
) -> Beat:  # fmt: skip
    since = pulse.looked_at
    if since is None or since > now:  # the first look, or the clock was set back: there is no gap to learn from
        first = visited(hours(now), [hours(at) for at in dated]) if role is Role.LISTING else Beat(0.0, 0.0)
        return first if since is None else _beat(role, pulse, now)
    gap, beat = (now - since) / _HOUR, _beat(role, pulse, since)
    if role is Role.LISTING:
        return listed(beat, gap, finds)
    quiet, age = (since - _version_at(pulse, since)) / _HOUR, (since - _born_at(pulse, since)) / _HOUR
    return seen(beat, prior, quiet, age, gap, changed=finds > 0, hinted=pulse.hinted)


def _beat(role: Role, pulse: Pulse, now: datetime) -> Beat:
    """What was seen of the page; of one that was watched before this was counted, what can be told."""
    if pulse.weight is not None and pulse.watched is not None:
        kept = Beat(pulse.weight, pulse.watched, pulse.aged, pulse.lean)
        if _is_beat(role, kept):
            return kept
    if role is Role.RELEASE:
        return Beat(0.0, 0.0)
    since = pulse.first_poll_at or now
    return listed(visited(hours(since)), (now - since) / _HOUR, pulse.finds)


def _is_beat(role: Role, beat: Beat) -> bool:
    """False for what no look comes to, such as a page that was kept under the other role."""
    least = min(beat.watched, beat.finds)
    return all(map(math.isfinite, beat)) and beat.aged >= 0 and (least > 0 if role is Role.LISTING else least >= 0)


def _version_at(pulse: Pulse, now: datetime) -> datetime:
    return min(pulse.last_change_at or pulse.first_poll_at or now, now)


def _born_at(pulse: Pulse, now: datetime) -> datetime:
    return min(pulse.born_at or pulse.first_poll_at or now, _version_at(pulse, now))
