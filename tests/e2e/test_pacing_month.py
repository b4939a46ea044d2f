"""The policy in the product is the policy that was measured: the real loop over a month, beside the policy alone.

Small worlds, since every look is a real one; ``make bench-pacing`` takes larger ones, and recorded newsrooms.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from statistics import fmean

import pytest
from watching import Watching, alone, delay_alone, watch
from worlds import World, synthetic

PER_DAY = 48
MONDAY, WEDNESDAY, SATURDAY = 0, 2, 5


def small(*, seed: int, weekday: int) -> World:
    return synthetic(seed=seed, days=30, sources=2, backlog=12, weekday=weekday)


@pytest.fixture(scope="module", params=[(3, MONDAY), (4, SATURDAY)], ids=["from a Monday", "from a Saturday"])
def world(request: pytest.FixtureRequest) -> World:
    seed, weekday = request.param
    return small(seed=seed, weekday=weekday)


@pytest.fixture(scope="module")
def month(world: World, tmp_path_factory: pytest.TempPathFactory) -> Watching:
    folder: Path = tmp_path_factory.mktemp("month")
    return watch(world, per_day=PER_DAY, folder=folder, watch={"full_fetch": "60d"})


@pytest.mark.long
def test_the_loop_finds_changes_as_soon_as_the_policy_alone_does(month: Watching, world: World) -> None:
    """For equal requests, though it reads every release first, waits for its hosts, and doubts what it sees."""
    assert month.delay <= 1.1 * delay_alone(world, per_day=PER_DAY)


@pytest.mark.long
def test_the_loop_is_far_ahead_of_the_best_pair_of_fixed_intervals(month: Watching) -> None:
    assert month.to_fixed <= 0.4


@pytest.mark.long
def test_a_budget_is_kept_over_the_month_and_its_limits_in_any_hour_and_day(month: Watching) -> None:
    assert abs(month.used - 1) <= 0.03
    assert month.most_within(timedelta(hours=1)) <= 1 / 6
    assert month.most_within(timedelta(days=1)) <= 1.5


@pytest.mark.parametrize(
    ("weekday", "most"), [(MONDAY, 0.03), (WEDNESDAY, 0.04), (SATURDAY, 0.03)], ids=["Monday", "Wednesday", "Saturday"]
)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_policy_keeps_a_budget_over_thirty_days_whichever_day_they_begin_on(
    seed: int, weekday: int, most: float
) -> None:
    """From a Wednesday on they have two working days more than their share, and end before a cheap weekend."""
    made = alone(small(seed=seed, weekday=weekday), per_day=PER_DAY, runs=2)
    assert all(abs(each.per_day / PER_DAY - 1) <= most for each in made)


@pytest.mark.long
def test_what_is_asked_beside_the_looks_is_a_robots_txt_a_day_for_each_host(month: Watching, world: World) -> None:
    looks, beside = len(month.all), month.requests - len(month.all)
    assert 0 <= beside <= len(world.sources) * (world.days + 1)
    assert fmean(map(len, month.looks)) > 1
    assert looks > 1000
