"""At which pace pages are looked at now, and whether there is anything left of the budget.

Once an hour, what was seen of all sources is read and the pace is set; in between, nothing of it is asked for. A budget
that is set is a hard limit besides, also where the pace is mistaken: ``presswatch.meter`` says how much of it may go in
an hour and in a day. What was asked is counted from the log of polls, so that it survives restarts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import structlog

from config import Settings
from presswatch.meter import Meter
from presswatch.threads import Threads
from scraper.model import DuePage, Failed, Habits, Pulse, Rhythm, Role, Spent
from scraper.pace import (
    NOTHING,
    Context,
    Pace,
    Spending,
    Tally,
    Week,
    Weeks,
    ahead,
    hours,
    pace_of,
    plan,
    pooled,
    prior,
    promised,
    spent,
)
from storage import SourcePace, Storage

__all__ = ["Pacer"]

_PERIOD = timedelta(hours=1)
_COLD_PERIOD = timedelta(minutes=1)
"""While a new budget's pages are being met."""
_HOUR = timedelta(hours=1)
_JUST_NOW = 0.5
"""Hours: another process reckoned then."""
_LOOK_BACK = timedelta(hours=72)
_ALL = ""
"""The name of the budget over all sources."""
_DISTRUST = 0.5
"""A source whose hints lead to an edit more rarely than that is not believed at once."""
_USEFUL, _HINTS = 3, 4
"""So many hints of a source are taken to have been useful, of so many, before any was followed."""

log = structlog.get_logger()


class _Budget(NamedTuple):
    """Of all sources or of one."""

    per_day: int
    demand: float
    pages: int
    week: Week


@dataclass(slots=True, kw_only=True)
class Pacer:
    """The pace. Read from the store once an hour, and whenever the clock was set back."""

    storage: Storage
    settings: Settings
    clock: Callable[[], datetime]
    run: Threads
    meter: Meter = field(default_factory=Meter)
    _at: datetime | None = None
    _is_cold: bool = False
    _sources: dict[int, SourcePace] = field(default_factory=dict)
    _own: dict[str, int] = field(default_factory=dict)
    """Sources with a budget of their own, and those of late that have spent it."""
    _everywhere: Tally = NOTHING
    _paces: dict[str, float] = field(default_factory=dict)
    """By the name of a source with a budget of its own, and of all."""
    _pool: Rhythm = field(default_factory=Rhythm)
    _weeks: Weeks = field(default_factory=Weeks)

    async def keep(self) -> None:
        """Set the pace, if that was not done within the last hour."""
        now = self.clock()
        period = _COLD_PERIOD if self._is_cold else _PERIOD
        if self._at is None or not timedelta() <= now - self._at < period:
            self._at = now
            await self.run(self._survey, now)

    def exhausted(self) -> Spent:
        """Of which budgets nothing is left, and of which only what is kept for pressing looks."""
        return Spent(
            wholly=self._is_spent(pressing=True),
            sources=self._spent_of_own(pressing=True),
            but_pressing=self._is_spent(pressing=False),
            sources_but_pressing=self._spent_of_own(pressing=False),
        )

    def _is_spent(self, *, pressing: bool) -> bool:
        whole = self.settings.pace.per_day
        return whole is not None and self.meter.left(self.clock(), whole, pressing=pressing) <= 0

    def _spent_of_own(self, *, pressing: bool) -> tuple[str, ...]:
        now, left = self.clock(), self.meter.left
        return tuple(
            name for name, per_day in self._own.items() if left(now, per_day, source=name, pressing=pressing) <= 0
        )

    def rests(self) -> bool:
        """Whether it is outside of the hours in which anything is looked at."""
        pace = self.settings.pace
        if pace.hours is None:
            return False
        begin, end = pace.hours
        local = self.clock().astimezone(ZoneInfo(pace.time_zone)).time()
        return not (begin <= local < end if begin < end else local >= begin or local < end)

    def allows(self, page: DuePage) -> bool:
        """Whether there is something left for a look at a page, which is then counted."""
        now, own = self.clock(), page.source.per_day
        if self._is_spent(pressing=page.pressing):
            return False
        if own is not None and self.meter.left(now, own, source=page.source.name, pressing=page.pressing) <= 0:
            self._own[page.source.name] = own
            return False
        self.meter.count(page.source.name, now)
        return True

    def context(self, source_id: int) -> Context:
        """What is known besides the page."""
        known = self._sources.get(source_id)
        if known is None:
            return Context(pace=self._paces.get(_ALL))
        habits = known.habits
        paces = [pace for name in (_ALL, known.name) if (pace := self._paces.get(name)) is not None]
        return Context(
            week=self._weeks.of(source_id, habits.rhythm, self._pool),
            prior=prior(_tally(known), self._everywhere, hinted=habits.hinted, silent=habits.silent),
            pace=max(paces, default=None),
        )

    def planned(
        self, page: DuePage, pulse: Pulse, *, failed: Failed | None, jitter: float
    ) -> tuple[datetime, Pulse]:  # fmt: skip
        """When the page is due again, and its pulse with what it asks of the budget."""
        look = plan(
            page.role,
            pulse,
            now=self.clock(),
            jitter=jitter,
            pace=self.limits,
            context=self.context(page.source_id),
            every=page.source.every if page.role is Role.LISTING else None,
            not_sooner=failed.retry_after if failed else None,
            transient=failed is None or failed.failure.is_transient,
        )
        return look.at, replace(pulse, demand=look.demand, why=look.why)

    def hint_at(self, source_id: int) -> datetime:
        """When a release is looked at that a listing says was touched: now, unless its source's hints proved useless.

        A hint that is right with a chance p piles up p hours of delay an hour.
        """
        known = self._sources.get(source_id)
        habits = known.habits if known else Habits()
        trust = (_USEFUL + habits.hinted) / (_HINTS + habits.hinted + habits.useless)
        if trust >= _DISTRUST:
            return self.clock()
        pace = self.context(source_id).pace or pace_of(self.limits.day_old / _HOUR)
        return self.clock() + min(timedelta(hours=pace * pace / 2 / trust), self.limits.slowest)

    def learn(self, source_id: int, gained: Habits | None) -> None:
        """Go by what a look told of its source from now on; it is stored with the look."""
        if gained is not None and (known := self._sources.get(source_id)):
            self._sources[source_id] = replace(known, habits=known.habits + gained)

    @property
    def limits(self) -> Pace:
        """The settings' bounds."""
        pace = self.settings.pace
        return Pace(
            day_old=pace.day_old, fastest=pace.fastest, slowest=pace.slowest, slowest_listing=pace.slowest_listing
        )

    # --- once an hour -------------------------------------------------------------------------------------------------

    def _survey(self, now: datetime) -> None:
        rows = self.storage.source_paces()
        self._sources = {row.id: row for row in rows}
        self._own = {row.name: row.per_day for row in rows if row.per_day}
        tallies = [_tally(row) for row in rows]
        self._everywhere = Tally(*map(sum, zip(*tallies, strict=True))) if tallies else NOTHING
        self._pool = pooled(row.habits.rhythm for row in rows)
        budgets = {
            row.name: _Budget(row.per_day, row.demand, row.pages, self._weeks.of(row.id, row.habits.rhythm, self._pool))
            for row in rows
            if row.per_day
        }
        if whole := self.settings.pace.per_day:
            week = self._weeks.of(_ALL, self._pool, Rhythm())
            budgets[_ALL] = _Budget(whole, sum(row.demand for row in rows), sum(row.pages for row in rows), week)
        self._paces = self._kept(budgets, now) if budgets else {}

    def _kept(self, budgets: dict[str, _Budget], now: datetime) -> dict[str, float]:
        """The pace of each budget, after what was spent since that was reckoned last, by whatever process."""
        asked = self.storage.asked_since(now - _LOOK_BACK)
        self.meter.begin(asked)
        memory = self.storage.remembered()
        kept: dict[str, object] = {}
        paces: dict[str, float] = {}
        self._is_cold = False
        for name, budget in budgets.items():
            at, spending = _spending(memory.get(name), asked, name, budget=budget, now=now)
            kept[name] = {"at": at.isoformat(), "spending": list(spending)}
            lead = ahead(budget.week, hours(now))
            if pace := promised(spending, budget.per_day / 24, pages=budget.pages, ahead=lead):
                paces[name] = pace
            self._is_cold |= spending.hours < 1
        self.storage.remember(kept)
        log.info("paced", **{name or "all": round(pace, 3) for name, pace in paces.items()})
        return paces


def _spending(
    kept: object, asked: Mapping[str, Sequence[datetime]], name: str, *, budget: _Budget, now: datetime
) -> tuple[datetime, Spending]:
    """Since when what was spent of a budget is reckoned, and what it came to."""
    if not isinstance(kept, dict):
        return now, Spending(budget.demand)
    at, before = datetime.fromisoformat(kept["at"]), Spending(*kept["spending"])
    elapsed = (now - at) / _HOUR
    if 0 <= elapsed < _JUST_NOW:
        return at, before._replace(demand=budget.demand) if before.hours < 1 else before
    # A look may be made at the moment of the reckoning, before or after it: it is the next one's, and counted once.
    used = sum(at <= time < now for source, times in asked.items() if name in (_ALL, source) for time in times)
    return now, spent(
        before, hours=elapsed, demand=budget.demand, used=used, per_hour=budget.per_day / 24
    )  # fmt: skip


def _tally(row: SourcePace) -> Tally:
    return Tally(row.finds, row.watched, row.aged, row.lean)
