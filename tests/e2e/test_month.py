"""A month of polling in one test: the real loop, database and stages on a fake clock and network."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from newsroom import Newsroom, utc
from simulation import simulated

START = utc(2026, 3, 2, 8, 0)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.mark.long
async def test_a_month_of_a_newsroom_is_told_as_it_happened_and_nothing_else(tmp_path: Path) -> None:
    """Every kind of change at a known time is reported once, within its window, and 30 days make no false report."""
    newsroom = Newsroom(validators=True)
    for n in range(25):
        newsroom.add(f"/2026/02/old-{n}", f"Old release number {n}", START - (n + 1) * DAY)
    expected: list[tuple[str, str]] = []

    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await world.watch(newsroom.base)

        def plan(day: float, kind: str, path: str, act: object) -> None:
            world.at(START + day * DAY, act)
            expected.append((kind, path))

        def edit(path: str, *, stamped: bool = False) -> None:
            page = newsroom.pages[path]
            page.version += 1
            if stamped:
                page.stamp = world.clock.now

        for n in range(12):
            path = f"/2026/03/new-{n}"
            plan(
                2 * n + 0.31, "new", path,
                lambda path=path, n=n: newsroom.add(path, f"New release number {n}", world.clock.now),
            )  # fmt: skip
        plan(1.1, "silently-edited", "/2026/02/old-0", lambda: edit("/2026/02/old-0"))
        plan(2.2, "edited", "/2026/02/old-1", lambda: edit("/2026/02/old-1", stamped=True))
        plan(5.5, "silently-edited", "/2026/03/new-1", lambda: edit("/2026/03/new-1"))
        plan(
            7.7, "restamped", "/2026/02/old-2",
            lambda: setattr(newsroom.pages["/2026/02/old-2"], "stamp", world.clock.now),
        )  # fmt: skip
        plan(9.9, "withdrawn", "/2026/02/old-3", lambda: setattr(newsroom.pages["/2026/02/old-3"], "status", 404))
        plan(16.1, "restored", "/2026/02/old-3", lambda: setattr(newsroom.pages["/2026/02/old-3"], "status", 200))
        plan(
            12.2, "moved", "/archive/old-4",
            lambda: setattr(newsroom.pages["/2026/02/old-4"], "moved_to", "/archive/old-4"),
        )  # fmt: skip
        plan(20.2, "silently-edited", "/2026/02/old-20", lambda: edit("/2026/02/old-20"))
        # What must not be told: an outage, a page that errs once, one that is away for a moment.
        world.at(START + 4 * DAY, lambda: setattr(newsroom.pages["/2026/02/old-5"], "status", 500))
        world.at(START + 5 * DAY, lambda: setattr(newsroom.pages["/2026/02/old-5"], "status", 200))

        await world.until(START + 31 * DAY)
        assert Counter(world.kinds()) == Counter(expected)
        for row in world.app.storage.changes():
            assert row.not_before is not None
            assert row.not_before <= row.not_after <= row.detected_at
            assert row.not_after - row.not_before <= timedelta(days=4)
        told = [line for line in world.console.getvalue().splitlines() if "<http" in line]
        assert len(told) == len(expected), "each change is told once on the console"
        assert [row.kind for row in world.app.storage.health()] == ["silent"], "nothing was published in the last week"
        paths = Counter(path for path, _, _ in newsroom.requests)
        pages = sum(count for path, count in paths.items() if path.startswith(("/2026", "/archive")))
        assert paths["/robots.txt"] <= 33, "robots.txt is asked for once a day"
        assert pages < 37 * 60, "a page is looked at less than twice a day on average"


async def test_an_outage_of_a_day_is_no_change_and_asks_ever_less(tmp_path: Path) -> None:
    newsroom = Newsroom()
    for n in range(5):
        newsroom.add(f"/2026/02/old-{n}", f"Old release number {n}", START - (n + 1) * DAY)
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await world.watch(newsroom.base)
        await world.until(START + DAY)
        for page in newsroom.pages.values():
            page.status = 503
        before = len(newsroom.requests)
        await world.until(START + 2 * DAY)
        during = len(newsroom.requests) - before
        for page in newsroom.pages.values():
            page.status = 200
        await world.until(START + 4 * DAY)
        assert world.kinds() == []
        assert world.app.storage.status(world.clock.now).failing == ()
        assert during < 150


@pytest.mark.long
async def test_of_two_hundred_unchanged_pages_every_request_is_conditional(tmp_path: Path) -> None:
    """Once read, a page whose server gave a validator is asked by it, but for the whole look that is due once a day."""
    newsroom = Newsroom()
    for n in range(200):
        newsroom.add(f"/2026/02/old-{n}", f"Old release number {n}", START - (n + 1) * HOUR)
    async with simulated(
        newsroom.transport(), start=START, folder=tmp_path, fetch={"delay_per_host": 0.1}, watch={"first_visit": 200}
    ) as world:
        await world.watch(newsroom.base)
        await world.until(START + timedelta(minutes=30))
        read = Counter(path for path, _, status in newsroom.requests if status == 200 and path.startswith("/2026"))
        assert len(read) == 200
        assert set(read.values()) == {1}
        newsroom.requests.clear()
        await world.until(START + 20 * HOUR)
        asked = [(path, headers, status) for path, headers, status in newsroom.requests if path.startswith("/2026")]
        assert len({path for path, _, _ in asked}) == 200
        assert all(headers.get("if-none-match") for _, headers, _ in asked)
        assert {status for _, _, status in asked} == {304}
        assert world.kinds() == []


async def test_a_304_is_not_trusted_for_longer_than_a_day(tmp_path: Path) -> None:
    """A server that keeps its validator while the text changes is found out by the daily whole look."""
    newsroom = Newsroom()
    page = newsroom.add("/2026/02/old", "Old release", START - DAY)
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await world.watch(newsroom.base)
        await world.until(START + HOUR)
        newsroom.lying = True
        await world.until(START + 2 * DAY)
        page.version += 1
        await world.until(START + 4 * DAY)
        assert world.kinds() == [("silently-edited", "/2026/02/old")]
