"""``check --all`` looks at every page once, however many a host has."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

from newsroom import Newsroom, utc
from simulation import simulated

START = utc(2026, 3, 2, 8, 0)


async def test_a_round_over_everything_looks_at_all_pages_of_one_host(tmp_path: Path) -> None:
    newsroom = Newsroom()
    for number in range(25):
        newsroom.add(f"/2026/02/r-{number}", f"Release number {number}", START - timedelta(days=number + 1))
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await world.watch(newsroom.base)
        await world.round()
        newsroom.requests.clear()
        world.clock.now += timedelta(minutes=3)
        assert world.app.storage.status(world.clock.now).due == 0
        tally = await world.app.watch.round(everything=True)
        asked = Counter(path for path, _, _ in newsroom.requests if path != "/robots.txt")
        assert tally.polls == len(asked) == 26
        assert set(asked.values()) == {1}
