"""A world watched by the product's own loop, and what the policy alone would have brought in it."""

from __future__ import annotations

import bisect
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import fmean
from typing import Any

from daemon_time import in_days, leaping
from worlds import FEED, START, Served, World, host

from scraper.model import Listing, ListingKind, Role, Source
from scraper.pace import Brought, Pace, Watched, simulate

__all__ = ["UNBOUNDED", "Watching", "alone", "delay_alone", "watch"]

UNBOUNDED = {"slowest": "60d", "slowest_listing": "60d"}
"""The bounds of the policy as it was published."""


@dataclass(frozen=True, kw_only=True)
class Watching:
    """What the loop did."""

    world: World
    per_day: int
    looks: Sequence[Sequence[datetime]]
    """At each page."""
    requests: int
    """Over the network, those for robots.txt included."""

    @property
    def all(self) -> list[datetime]:
        """Looks in order."""
        return sorted(at for each in self.looks for at in each)

    @property
    def used(self) -> float:
        """Looks over the budget."""
        return len(self.all) / (self.per_day * self.world.days)

    @property
    def delay(self) -> float:
        """Hours on average from a change to the next look, for as many looks as the budget allows: delay ~ 1/looks."""
        return fmean(self.world.delays(self.looks)) * self.used

    @property
    def to_fixed(self) -> float:
        """The delay over that of the best pair of fixed intervals."""
        return self.delay / self.world.fixed(self.per_day * self.world.days)

    def most_within(self, span: timedelta) -> float:
        """The most looks in any so long a time, over the budget of a day."""
        made = self.all
        return max(bisect.bisect_left(made, at + span) - index for index, at in enumerate(made)) / self.per_day


def watch(world: World, *, per_day: int, folder: Path, seed: int = 1, **settings: Any) -> Watching:
    """Watch a world by its feeds from its beginning to its end, ticks, leases and pauses of hosts included."""
    served: list[Served] = []

    def network(clock: Any) -> Any:
        served.append(Served(world, clock))
        return served[0].transport()

    async def run() -> Watching:
        chosen: dict[str, Any] = {"pace": {"per_day": per_day, **UNBOUNDED}, **settings}
        async with in_days(network, start=START, folder=folder, seed=seed, **chosen) as days:
            for source in world.sources:
                home = f"https://{host(source)}"
                listing = Listing(url=home + FEED, kind=ListingKind.FEED)
                days.app.storage.add_source(Source(name=home, home=f"{home}/"), listings=[listing], now=START)
            await days.until(world.end)
            looks: dict[str, list[datetime]] = {url: [] for url in world.urls}
            for row in reversed(days.app.storage.polls(limit=10_000_000)):
                looks[row.url].append(row.at)
        requests = served[0].requests.total()
        return Watching(world=world, per_day=per_day, looks=[looks[url] for url in world.urls], requests=requests)

    found: Watching = leaping(run)
    return found


def alone(world: World, *, per_day: int, runs: int = 5) -> list[Brought]:
    """What the policy brings without a network, a database or first readings, in so many runs."""
    pages = [
        Watched(
            role=Role.LISTING if page.born is None else Role.RELEASE, source=page.source, since=_time(page.entry),
            until=world.end, born_at=None if page.born is None else _time(page.born),
            changes=[_time(at) for at in (*page.past, *page.changes)],
        )
        for page in world.pages if page.entry < world.days * 24
    ]  # fmt: skip
    limits = Pace(slowest=timedelta(days=60), slowest_listing=timedelta(days=60))
    return [simulate(pages, per_day=per_day, jitter=random.Random(n).random, limits=limits) for n in range(runs)]


def delay_alone(world: World, *, per_day: int) -> float:
    """The mean delay of the policy alone, for as many looks as allowed."""
    return fmean(each.mean * each.per_day / per_day for each in alone(world, per_day=per_day))


def _time(hours: float) -> datetime:
    return START + timedelta(hours=hours)
