"""The policy in the product is the policy that was measured: the real loop beside the simulation, in one world."""

from __future__ import annotations

import bisect
import math
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from statistics import fmean

from newsroom import Newsroom, utc
from simulation import Simulation, simulated

from scraper.model import Role
from scraper.pace import Pace, Watched, simulate

START = utc(2026, 3, 2)
DAYS = 10
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PER_DAY = 150


def history(draw: random.Random) -> dict[str, tuple[datetime, list[datetime]]]:
    """Of each release when it was published, in office hours, and its edits, ever rarer with its age."""
    births = [START - DAY * draw.uniform(0.2, 30) for _ in range(40)]
    births += [START + DAY * n + HOUR * draw.gauss(11, 2) for n in range(DAYS) for _ in range(3)]
    made = {}
    for n, birth in enumerate(births):
        edits, age = [], 0.0
        while (birth + HOUR * age) < START + DAYS * DAY:
            age = (age + 0.5) * math.exp(draw.expovariate(0.6)) - 0.5
            if age > 24 * 365:
                break
            edits.append(birth + HOUR * age)
        made[f"/2026/r-{n}"] = birth, [at for at in edits if START < at < START + DAYS * DAY]
    return made


def arrange(world: Simulation, newsroom: Newsroom, made: dict[str, tuple[datetime, list[datetime]]]) -> None:
    """Let it happen."""

    def publish(path: str, at: datetime) -> None:
        newsroom.add(path, f"Release of {path}", at)

    def edit(path: str) -> None:
        newsroom.pages[path].version += 1

    for path, (birth, edits) in made.items():
        if birth <= START:
            publish(path, birth)
        else:
            world.at(birth, lambda path=path, birth=birth: publish(path, birth))  # type: ignore[misc]
        for at in edits:
            world.at(at, lambda path=path: edit(path))  # type: ignore[misc]


def delays(changes: Sequence[datetime], looks: Sequence[datetime]) -> list[float]:
    """Hours from each change to the next look; what was there at the first look is no change."""
    found = []
    for at in changes:
        following = bisect.bisect_left(looks, at)
        if looks and looks[0] < at and following < len(looks):
            found.append((looks[following] - at) / HOUR)
    return found


async def test_the_loop_finds_changes_as_soon_as_the_simulation_does(tmp_path: Path) -> None:
    """The delay for equal requests, within what one run differs from another."""
    made, newsroom = history(random.Random(7)), Newsroom()
    pace = {"per_day": PER_DAY, "slowest": "60d", "slowest_listing": "60d"}
    async with simulated(newsroom.transport(), start=START, folder=tmp_path, pace=pace) as world:
        arrange(world, newsroom, made)
        await world.watch(newsroom.base)
        await world.until(START + DAYS * DAY)
        looks: dict[str, list[datetime]] = {}
        for row in reversed(world.app.storage.polls(limit=1_000_000)):
            looks.setdefault(row.url.removeprefix(newsroom.base), []).append(row.at)
    changes = {path: edits for path, (_, edits) in made.items()}
    changes["/feed.xml"] = sorted(birth for birth, _ in made.values())
    ours = [delay for path, at in looks.items() for delay in delays(changes.get(path, []), at)]
    end = START + DAYS * DAY
    pages = [
        Watched(
            role=Role.LISTING if path == "/feed.xml" else Role.RELEASE, source="Harbour", since=at[0], until=end,
            born_at=made[path][0] if path in made else None, changes=changes[path],
        )
        for path, at in looks.items() if path in changes
    ]  # fmt: skip
    limits = Pace(slowest=60 * DAY, slowest_listing=60 * DAY)
    runs = [simulate(pages, per_day=PER_DAY, jitter=random.Random(n).random, limits=limits) for n in range(5)]
    expected = fmean(run.mean for run in runs)
    spent = sum(map(len, looks.values())) / DAYS
    assert abs(spent / PER_DAY - 1) < 0.2, "ten days have more working days than a month has"
    simulated_cost = expected * fmean(run.per_day for run in runs)
    assert 0.8 < fmean(ours) * spent / simulated_cost < 1.25
