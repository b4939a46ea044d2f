"""What a budget would have brought: the policy on a history of changes that is known.

The same functions as in the product's loop, in the same order: looks, what they tell, and once an hour the pace. The
network is left out, so that looks take no time and none fails.
"""

from __future__ import annotations

import bisect
import heapq
import statistics
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from scraper.model import Habits, Pulse, Rhythm, Role
from scraper.pace.budget import Spending, cold_pace, promised, spent
from scraper.pace.next_look import Context, Pace, hours, hours_of, noted, plan
from scraper.pace.rates import NOTHING, Prior, Tally, prior
from scraper.pace.rhythm import ahead, pooled
from scraper.pace.weeks import Weeks

__all__ = ["Brought", "Watched", "simulate"]

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A page that was watched, and when it changed."""

    role: Role
    source: Hashable
    since: datetime
    until: datetime
    born_at: datetime | None = None
    changes: Sequence[datetime] = ()
    """In order: edits of a release, entries of a listing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What it came to."""

    looks: int
    days: float
    delays: Sequence[float]
    """Hours from each change to the look that saw it, sorted."""

    @property
    def mean(self) -> float:
        """Hours."""
        return statistics.fmean(self.delays) if self.delays else 0.0

    @property
    def per_day(self) -> float:
        """Looks a day."""
        return self.looks / self.days if self.days else 0.0

    def within(self, share: float) -> float:
        """Hours within which this share of the changes was seen."""
        return self.delays[min(len(self.delays) - 1, int(share * len(self.delays)))] if self.delays else 0.0


def simulate(
    pages: Sequence[Watched], *, per_day: float | None, jitter: Callable[[], float], limits: Pace | None = None
) -> Brought:
    """Look at the pages from the first moment to the last, at a budget or, without one, at ``Pace.day_old``.

    ``jitter`` draws from 0 to 1. The first looks are made when the pages become known, as in the product.
    """
    run = _Run(pages=pages, per_day=per_day, jitter=jitter, limits=limits or Pace())
    return run.brought()


@dataclass(slots=True, kw_only=True)
class _Run:
    pages: Sequence[Watched]
    per_day: float | None
    jitter: Callable[[], float]
    limits: Pace
    pulses: list[Pulse] = field(default_factory=list)
    habits: dict[Hashable, Habits] = field(default_factory=dict)
    priors: dict[Hashable, Prior] = field(default_factory=dict)
    pool: Rhythm = field(default_factory=Rhythm)
    weeks: Weeks = field(default_factory=Weeks)
    spending: Spending | None = None
    pace: float | None = None
    used: int = 0
    """Since the pace was set."""

    def brought(self) -> Brought:
        """All looks in the order of time."""
        self.pulses = [Pulse() for _ in self.pages]
        due = [(page.since, index) for index, page in enumerate(self.pages)]
        heapq.heapify(due)
        if self.per_day is not None:
            at_once = sum(page.since == due[0][0] for page in self.pages)
            self.pace = cold_pace(at_once, self.per_day / 24)
        start = hour = due[0][0] if due else None
        end, looks, delays = max((page.until for page in self.pages), default=None), 0, list[float]()
        while due:
            now, index = heapq.heappop(due)
            page = self.pages[index]
            if now >= page.until:
                delays += [(now - at) / _HOUR for at in self._found(index, now)]
                continue
            while hour is not None and now >= hour + _HOUR:
                hour += _HOUR
                self._survey(hours(hour))
            found = self._found(index, now)
            delays += [(now - at) / _HOUR for at in found]
            heapq.heappush(due, (self._look(index, now, len(found)), index))
            looks += 1
            self.used += 1
        days = (end - start) / timedelta(days=1) if start and end else 0.0
        return Brought(looks=looks, days=days, delays=sorted(delays))

    def _found(self, index: int, now: datetime) -> Sequence[datetime]:
        """The changes since the last look; what came before the page was known is no news."""
        page = self.pages[index]
        since = self.pulses[index].looked_at or page.since
        first, last = (bisect.bisect_right(page.changes, at) for at in (since, min(now, page.until)))
        return page.changes[first:last]

    def _look(self, index: int, now: datetime, finds: int) -> datetime:
        page, before = self.pages[index], self.pulses[index]
        context = self._context(page.source)
        since = before.looked_at
        if finds and since is not None:
            gained = hours_of([(since, now, float(finds))], week=context.week) or Habits()
            self.habits[page.source] = self.habits.get(page.source, Habits()) + gained
        seen = bool(finds) and page.role is Role.RELEASE
        count = int(seen) if page.role is Role.RELEASE else finds
        middle = since + (now - since) / 2 if seen and since is not None else page.born_at
        pulse = noted(
            before, role=page.role, now=now, failed=False, finds=count, changed_at=middle, born_at=page.born_at,
            prior=context.prior, dated=[at for at in page.changes if at <= page.since] if since is None else (),
        )  # fmt: skip
        look = plan(page.role, pulse, now=now, jitter=self.jitter(), pace=self.limits, context=context)
        self.pulses[index] = replace(pulse, demand=look.demand)
        return look.at

    def _context(self, source: Hashable) -> Context:
        rhythm = self.habits.get(source, Habits()).rhythm
        week = self.weeks.of(source, rhythm, self.pool)
        return Context(week=week, prior=self.priors.get(source, Prior()), pace=self.pace)

    def _survey(self, now: float) -> None:
        """Once an hour, as ``presswatch.pacer`` does it."""
        tallies: dict[Hashable, Tally] = {}
        demand = 0.0
        for page, pulse in zip(self.pages, self.pulses, strict=True):
            demand += pulse.demand
            if page.role is Role.RELEASE and pulse.weight is not None:
                beat = (pulse.weight, pulse.watched or 0.0, pulse.aged, pulse.lean)
                before = tallies.get(page.source, NOTHING)
                tallies[page.source] = Tally(*(a + b for a, b in zip(before, beat, strict=True)))
        everywhere = Tally(*(sum(each) for each in zip(NOTHING, *tallies.values(), strict=True)))
        self.priors = {source: prior(tally, everywhere) for source, tally in tallies.items()}
        self.pool = pooled(habits.rhythm for habits in self.habits.values())
        if self.per_day is not None and demand > 0:
            per_hour = self.per_day / 24
            before_it = self.spending
            self.spending = (
                Spending(demand, 0.0, self.used)
                if before_it is None
                else spent(before_it, hours=1.0, demand=demand, used=self.used, per_hour=per_hour)
            )
            self.pace = promised(self.spending, per_hour, ahead=ahead(self.weeks.of(None, self.pool, Rhythm()), now))
        self.used = 0
