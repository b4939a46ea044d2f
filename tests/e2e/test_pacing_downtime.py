"""After a downtime, and at the first visit: no herd, and first what matters most."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from daemon_time import in_days, leaping
from worlds import FEED, START, Happens, Served, World, host

from scraper.model import Listing, ListingKind, Role, Source

pytestmark = pytest.mark.long

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
HOSTS = 20
PER_DAY = 240
DOWN = 2 * DAY, 9 * DAY


def crowd(*, releases: int) -> World:
    """Newsrooms with releases of the last weeks; nothing more happens in them."""
    pages = []
    for source in range(HOSTS):
        born = [-24.0 * (1 + n * 3) - source for n in range(releases)]
        pages.append(Happens(source=source, born=None, changes=(), past=tuple(sorted(born))))
        pages += [Happens(source=source, born=at, changes=()) for at in born]
    return World(days=10, pages=tuple(pages))


class Went:
    """What was due when the product came back, and all that it asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[datetime, str]] = []
        self.due: dict[str, tuple[bool, float]] = {}
        """By address, whether it is a listing, and what waiting for it had cost."""


def run(folder: Path) -> Went:
    """Watched for two days, down for a week, and up again for half a day."""
    world, went = crowd(releases=5), Went()

    def network(clock: Any) -> Any:
        return Served(world, clock, on_request=lambda url: went.asked.append((clock(), url))).transport()

    async def live() -> None:
        async with in_days(network, start=START, folder=folder, pace={"per_day": PER_DAY}) as days:
            for source in world.sources:
                home = f"https://{host(source)}"
                listing = Listing(url=home + FEED, kind=ListingKind.FEED)
                days.app.storage.add_source(Source(name=home, home=f"{home}/"), listings=[listing], now=START)
            await days.until(START + DOWN[0])
            await asyncio.sleep((START + DOWN[1] - days.app.clock()).total_seconds())
            for page in days.app.storage.claim(now=days.app.clock(), owner="a look", lease=HOUR, hosts=HOSTS):
                overdue = days.app.clock() - page.due_at
                went.due[page.url] = page.role is Role.LISTING, overdue / HOUR * page.pulse.demand
            days.app.storage.free_leases("a look", now=days.app.clock())
            await days.until(START + DOWN[1] + 12 * HOUR)

    leaping(live)
    return went


@pytest.fixture(scope="module")
def went(tmp_path_factory: pytest.TempPathFactory) -> Went:
    return run(tmp_path_factory.mktemp("downtime"))


def looks(went: Went) -> list[tuple[datetime, str]]:
    return [(at, url) for at, url in went.asked if not url.endswith("/robots.txt")]


def test_no_hour_and_no_day_costs_more_than_the_budget_s_limits(went: Went) -> None:
    """Everything was due at once at the first visit, and again after the week."""
    made = [at for at, _ in looks(went)]
    for begin in made:
        assert sum(begin <= at < begin + HOUR for at in made) <= PER_DAY / 6
        assert sum(begin <= at < begin + DAY for at in made) <= PER_DAY * 1.5


def test_no_host_is_asked_faster_than_its_pause_allows(went: Went) -> None:
    by_host: dict[str, list[datetime]] = {}
    for at, url in looks(went):
        by_host.setdefault(url.split("/")[2], []).append(at)
    assert len(by_host) == HOSTS
    for made in by_host.values():
        assert min(after - before for before, after in pairwise(made)) >= timedelta(seconds=1)


def test_what_waiting_cost_most_is_looked_at_first_on_each_host(went: Went) -> None:
    """Listings, then releases by how often they would be looked at, times how long they are overdue."""
    assert len(went.due) == HOSTS * 6, "all was due after a week"
    first: dict[str, datetime] = {}
    for at, url in looks(went):
        if at >= START + DOWN[1]:
            first.setdefault(url, at)
    for source in range(HOSTS):
        urls = [url for url in went.due if url.split("/")[2] == host(source)]
        wanted = sorted(urls, key=lambda url: (not went.due[url][0], -went.due[url][1]))
        assert sorted(urls, key=lambda url: first[url])[:3] == wanted[:3]


def test_what_came_at_once_does_not_come_at_once_again(went: Went) -> None:
    """The first looks fill the budget's hours of a day; once they are made the second ones are spread."""
    begin = START + 28 * HOUR
    hours = Counter((at - START) // HOUR for at, _ in looks(went) if begin <= at < START + DOWN[0])
    assert max(hours.values()) <= PER_DAY / 12
    assert len(hours) >= 18, "of 20 hours"
