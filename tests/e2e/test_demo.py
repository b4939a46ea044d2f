"""The demo newsrooms, watched by the whole product: every kind is told once, and nothing that did not happen."""

from __future__ import annotations

import io
from collections import Counter
from datetime import timedelta
from pathlib import Path

from newsroom import utc
from simulation import Clock, Simulation

from config import Settings
from presswatch.app import open_app
from presswatch.demo import Demo
from presswatch.demo.script import DURATION, expected
from presswatch.plans import Plan
from presswatch.sources import explore_home, store_plan

START = utc(2026, 3, 2, 8, 0)


def settings(folder: Path) -> Settings:
    """As ``presswatch demo`` sets them."""
    return Settings(
        database=f"sqlite:///{folder}/demo.db",
        fetch={"allow_private": True, "delay_per_host": 0.0},
        watch={"confirm_after": "2s"},
        pace={"fastest": "1s", "slowest": "3s"},
    )


async def test_all_that_happens_in_the_demo_is_told_once_and_nothing_else(tmp_path: Path) -> None:
    clock, console = Clock(START), io.StringIO()
    with Demo(now=clock) as demo:
        async with open_app(settings(tmp_path), console=console, clock=clock, sleep=clock.sleep) as app:
            for source in demo.sources():
                plan = Plan(url=source.home, name=source.name, every=source.every, time_zone=source.time_zone)
                await store_plan(app, plan, await explore_home(app, plan))
            world = Simulation(app=app, clock=clock, console=console)
            await world.until(START + DURATION + timedelta(seconds=40))
            rows = app.storage.changes()
            assert Counter((row.kind, row.title) for row in rows) == Counter(expected(DURATION))
            told = console.getvalue().splitlines()
            assert len(told) == len(rows)
            for row in rows:
                happened = next(e for e in range(int(DURATION.total_seconds()) + 1)
                                if (row.kind, row.title) in expected(timedelta(seconds=e)))  # fmt: skip
                assert row.not_after <= START + timedelta(seconds=happened + 12), row
                assert row.not_before is not None
                assert row.not_before <= START + timedelta(seconds=happened + 1), row
