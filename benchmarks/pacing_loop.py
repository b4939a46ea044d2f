"""The product's own loop beside the policy in the judge's simulation: the second half of ``make bench-pacing``.

The loop is ``presswatch.watch.Watch`` on SQLite with leases, pauses of hosts and robots.txt, on a clock that leaps and
a network that is a function, over thirty days: in synthetic worlds, and in a sample of the recorded newsrooms.
"""

from __future__ import annotations

import csv
import logging
import random
import sys
import tempfile
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import fmean
from typing import Any

import structlog

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from watching import Watching, watch
from worlds import Happens, World, synthetic

from benchmarks.pacing_policy import Policy

__all__ = ["recorded", "rows"]

DAYS = 30
SEEDS = 1, 2
TO_POLICY, SPENT, HOUR_SHARE, DAY_SHARE = 1.10, 0.03, 1 / 6, 1.5
_NEWSROOMS = "digitalgov.csv", "mozilla_advisories.csv", "cisa_advisories.csv"
_WATCHED = 180 * 24
_BEGIN = datetime(2024, 3, 4, tzinfo=UTC)
"""A Monday; all three recordings have months before and after it."""
_SAMPLE = 40
"""Older releases of a newsroom."""

Row = tuple[str, float, float]


def rows(judge: Any, traces: Path) -> Iterator[Row]:  # noqa: ANN401  # a module without types
    """What, seen and bar, of each world."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    worlds = [(f"synthetic {seed}", synthetic(seed=seed, days=DAYS)) for seed in SEEDS]
    worlds.append(("recorded newsrooms", recorded(traces)))
    to_policy, used = [], []
    for name, world in worlds:
        per_day = a_look_a_day(world)
        expected, fixed = by_judge(judge, world, per_day)
        with tempfile.TemporaryDirectory() as folder:
            seen = watch(world, per_day=per_day, folder=Path(folder))
        to_policy.append(seen.delay / expected)
        used.append(seen.used)
        yield from _of(name, seen, expected, fixed)
    yield "loop, mean of all: delay / policy's", fmean(to_policy), TO_POLICY
    yield "loop, mean of all: |requests / budget - 1|", abs(fmean(used) - 1), SPENT


def _of(name: str, seen: Watching, expected: float, fixed: float) -> Iterator[Row]:
    yield f"loop, {name}: delay / best fixed pair", seen.delay / fixed, TO_POLICY * expected / fixed
    yield f"loop, {name}: |requests / budget - 1|", abs(seen.used - 1), SPENT
    yield f"loop, {name}: most in an hour / day's budget", seen.most_within(timedelta(hours=1)), HOUR_SHARE
    yield f"loop, {name}: most in a day / day's budget", seen.most_within(timedelta(days=1)), DAY_SHARE


def a_look_a_day(world: World) -> int:
    """The budget of one look at each page that is watched."""
    end = world.days * 24
    return round(sum(max(0.0, end - page.entry) for page in world.pages) / end)


def by_judge(judge: Any, world: World, per_day: int) -> tuple[float, float]:  # noqa: ANN401
    """The mean delay of the policy, and of the best pair of fixed intervals, over five runs."""
    end = world.days * 24.0

    def made() -> Any:  # noqa: ANN401
        same = judge.World(world.days)
        for page in world.pages:
            if page.entry < end:
                is_release = int(page.born is not None)
                same.add(is_release, page.source, page.entry, end, page.born, page.changes, 0, page.past)
        return same

    def mean(policy: type) -> float:
        return fmean(judge.simulate(made(), policy, per_day / 24, seed)["mean"] for seed in range(1, 6))

    return mean(Policy), mean(judge.Fixed2)


# --- recorded ---------------------------------------------------------------------------------------------------------


def recorded(traces: Path) -> World:
    """Thirty days of three newsrooms, with a sample of the releases that are younger than half a year by then."""
    draw, pages = random.Random(1), list[Happens]()
    for source, name in enumerate(_NEWSROOMS):
        with (traces / name).open(encoding="utf-8") as file:
            pages += _newsroom(source, csv.DictReader(file), draw)
    return World(days=DAYS, pages=tuple(pages))


def _newsroom(source: int, events: Iterable[dict[str, str]], draw: random.Random) -> Iterator[Happens]:
    births: dict[str, float] = {}
    edits: dict[str, list[float]] = {}
    for event in events:
        at = (datetime.fromisoformat(event["timestamp_utc"]) - _BEGIN) / timedelta(hours=1)
        if event["kind"] == "new":
            births.setdefault(event["page_id"], at)
        else:
            edits.setdefault(event["page_id"], []).append(at)
    end = DAYS * 24
    older = [page for page, born in births.items() if -_WATCHED < born < 0]
    chosen = set(draw.sample(older, min(_SAMPLE, len(older))))
    chosen |= {page for page, born in births.items() if 0 <= born < end}
    posted = sorted(births[page] for page in chosen)
    new = bisect_left(posted, 0)
    yield Happens(source=source, born=None, changes=tuple(posted[new:]), past=tuple(posted[:new]))
    for page in sorted(chosen, key=lambda page: (births[page], page)):
        shown = max(0.0, births[page] + 0.5)
        made = sorted(edits.get(page, []))
        yield Happens(
            source=source, born=births[page],
            changes=tuple(made[bisect_right(made, shown) : bisect_left(made, end)]),
        )  # fmt: skip
