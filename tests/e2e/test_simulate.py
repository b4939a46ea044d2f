"""``presswatch simulate``: what another budget would have brought, from what was recorded."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from newsroom import Newsroom, utc
from simulation import simulated
from typer.testing import CliRunner

from presswatch.cli import app

START = utc(2026, 3, 2, 8, 0)
DAY = timedelta(days=1)


async def recorded(folder: Path) -> None:
    newsroom = Newsroom()
    pages = [newsroom.add(f"/2026/02/r-{n}", f"Release number {n}", START - (n + 1) * DAY) for n in range(4)]
    async with simulated(newsroom.transport(), start=START, folder=folder) as world:
        await world.watch(newsroom.base)
        for day, page in enumerate(pages):
            world.at(START + (day + 0.5) * DAY, lambda page=page: setattr(page, "version", 1))
        await world.until(START + 5 * DAY)
        assert len(world.kinds()) == 4


async def test_more_looks_would_have_brought_less_delay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await recorded(tmp_path)
    monkeypatch.setenv("PRESSWATCH_DATABASE", f"sqlite:///{tmp_path}/simulated.db")
    monkeypatch.setattr("presswatch.cli.simulating.utc_now", lambda: START + 5 * DAY)
    asked = ["simulate", "--json", "--per-day", "24", "--per-day", "240"]
    little, much = map(json.loads, CliRunner().invoke(app, asked).stdout.splitlines())
    assert (little["per_day"], much["per_day"]) == (24, 240)
    assert 0 < much["mean_delay_hours"] < little["mean_delay_hours"]
    table = CliRunner().invoke(app, ["simulate"]).output
    assert "looks a day allowed" in table


def test_without_a_history_there_is_nothing_to_try(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSWATCH_DATABASE", f"sqlite:///{tmp_path}/new.db")
    assert "No change was recorded yet" in CliRunner().invoke(app, ["simulate"]).output
