"""The pace in the product's own loop: a budget is kept, hints lead to looks, what proved useless loses its weight."""

from __future__ import annotations

import bisect
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from newsroom import Newsroom, utc
from simulation import Simulation, simulated

from scraper.model import Habits, Pulse

START = utc(2026, 3, 2, 8, 0)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def harbour(pages: int) -> Newsroom:
    """A newsroom with releases of the last weeks."""
    newsroom = Newsroom()
    for n in range(pages):
        newsroom.add(f"/2026/02/old-{n}", f"Old release number {n}", START - (n + 1) * 6 * HOUR)
    return newsroom


def polls(world: Simulation) -> list[datetime]:
    return sorted(row.at for row in world.app.storage.polls(limit=100_000))


def longest_gap(moments: list[datetime]) -> timedelta:
    return max(after - before for before, after in pairwise(moments))


@pytest.mark.long
async def test_a_budget_is_never_exceeded_in_any_hour_and_is_kept_over_the_days(tmp_path: Path) -> None:
    """The first visit alone asks for more than an hour may cost."""
    newsroom = harbour(60)
    async with simulated(newsroom.transport(), start=START, folder=tmp_path, pace={"per_day": 120}) as world:
        await world.watch(newsroom.base)
        await world.until(START + 8 * DAY)
        made = polls(world)
    for at in made:
        assert bisect.bisect_left(made, at + HOUR) - bisect.bisect_left(made, at) <= 20
    in_balance = [at for at in made if at > START + 2 * DAY]
    assert 0.85 < len(in_balance) / (6 * 120) < 1.15


@pytest.mark.long
async def test_what_a_budget_is_too_small_for_keeps_no_news_from_being_seen(tmp_path: Path) -> None:
    """A hundred releases, each to be looked at within 36 hours, at 24 looks a day."""
    newsroom = Newsroom(validators=False)
    for n in range(100):
        newsroom.add(f"/2026/02/old-{n}", f"Old release number {n}", START - (n + 1) * DAY)
    fresh = {f"/2026/03/new-{n}": START + 3 * DAY + n * 17 * HOUR for n in range(5)}
    pace = {"per_day": 24, "slowest": "36h"}
    async with simulated(newsroom.transport(), start=START, folder=tmp_path, pace=pace) as world:
        for path, at in fresh.items():
            world.at(at, lambda path=path, at=at: newsroom.add(path, f"What {path} says", at))  # type: ignore[misc]
        await world.watch(newsroom.base)
        await world.until(START + 7 * DAY)
        looks: dict[str, list[datetime]] = {}
        for row in reversed(world.app.storage.polls(limit=10_000)):
            looks.setdefault(row.url.removeprefix(newsroom.base), []).append(row.at)
    feed = [at for at in looks["/feed.xml"] if at > START + DAY]
    every = sorted(at for made in looks.values() for at in made)
    assert longest_gap(feed) <= 6 * HOUR, "slowest_listing is four hours"
    assert longest_gap(every) <= 6 * HOUR
    for path, at in fresh.items():
        listed = next(look for look in feed if look >= at)
        assert looks[path][0] - listed <= HOUR


async def test_a_source_never_costs_more_than_its_own_budget(tmp_path: Path) -> None:
    newsroom = harbour(20)
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await world.watch(newsroom.base, per_day=24)
        await world.until(START + 5 * HOUR)
        assert len(polls(world)) <= 20
        assert (await world.app.watch.round()).polls <= 4


async def test_a_hint_that_led_to_no_edit_time_and_again_is_followed_later(tmp_path: Path) -> None:
    newsroom = harbour(1)
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await world.watch(newsroom.base)
        await world.until(START + 2 * HOUR)
        pacer = world.app.watch.means.pacer
        (source,) = world.app.storage.source_paces()
        assert pacer.hint_at(source.id) == world.clock.now
        pacer.learn(source.id, Habits(useless=40.0))
        assert pacer.hint_at(source.id) > world.clock.now + timedelta(minutes=15)
        pacer.learn(source.id, Habits(hinted=60.0))
        assert pacer.hint_at(source.id) == world.clock.now


async def test_what_was_counted_of_a_page_survives_a_restart(tmp_path: Path) -> None:
    newsroom = harbour(3)
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await world.watch(newsroom.base)
        await world.until(START + 2 * DAY)
    database = f"sqlite:///{tmp_path}/simulated.db"
    again = simulated(newsroom.transport(), start=START + 3 * DAY, folder=tmp_path, database=database)
    async with again as world:
        pages = world.app.storage.claim(
            now=world.clock.now, owner="test", lease=HOUR, everything=True, not_since=world.clock.now
        )
        assert len(pages) == 4
        for page in pages:
            assert page.pulse != Pulse()
            assert page.pulse.watched
            assert page.pulse.demand > 0


async def test_outside_of_the_hours_nothing_is_looked_at_but_what_is_asked_for(tmp_path: Path) -> None:
    newsroom = harbour(3)
    pace = {"hours": "07:00-22:00", "time_zone": "Europe/Brussels"}
    async with simulated(newsroom.transport(), start=START, folder=tmp_path, pace=pace) as world:
        await world.watch(newsroom.base)
        await world.until(START + 2 * DAY)
        assert {at.hour for at in polls(world)} <= set(range(6, 21)), "Brussels is an hour ahead of UTC in winter"
        world.clock.now = utc(2026, 3, 4, 23, 0)
        assert (await world.app.watch.round()).polls == 0
        assert (await world.app.watch.round(everything=True)).polls == 4
