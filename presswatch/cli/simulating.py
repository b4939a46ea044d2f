"""What the command that tries out budgets does: simulate."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from rich.table import Table

from config import ConfigError
from presswatch.cli.context import emit, people, settings, store, tables
from presswatch.clock import utc_now
from scraper.model import Role
from scraper.pace import Brought, Pace, Watched
from scraper.pace import simulate as simulate_pace
from storage import PageHistory, StorageError

__all__ = ["FORESEEN", "simulate"]

FORESEEN = (ConfigError, StorageError)
_TIMES = (0.5, 1.0, 2.0)
"""The budgets that are tried unless others are asked for: so many times what was asked of late."""
_LATELY = timedelta(days=30)
_DAY = timedelta(days=1)
_LEAST_DAYS = 3
"""Looks of a first visit are many and say nothing of those that follow."""


def simulate(*, per_day: list[int] | None, json: bool) -> None:
    """Print what each budget would have brought."""
    now = utc_now()
    with store() as storage:
        histories = storage.histories()
        asked = sum(map(len, storage.asked_since(now - _LATELY).values()))
    pages = [watched(history, now) for history in histories]
    changes = sum(page.since < at for page in pages for at in page.changes)
    if not changes:
        people.print("No change was recorded yet, so there is nothing to try a budget on.")
        return
    days = min(_LATELY, now - min(page.since for page in pages)) / _DAY
    if days < _LEAST_DAYS:
        people.print(
            f"Only {days:.1f} days were recorded, mostly a first visit; a budget can be tried from {_LEAST_DAYS} on."
        )
        return
    of_late = asked / days
    budgets = per_day or [max(1, round(times * of_late)) for times in _TIMES]
    brought = [(budget, _brought(pages, budget)) for budget in dict.fromkeys(budgets)]
    if json:
        for budget, each in brought:
            emit(_object(budget, each))
        return
    tables.print(_table(brought))
    people.print(f"{changes} changes of {len(pages)} pages; of late there were {of_late:.0f} looks a day.")


def watched(history: PageHistory, now: datetime) -> Watched:
    """A page as the simulation takes it: each change in the middle of its window."""
    changes = sorted(since + (until - since) / 2 for since, until in history.windows)
    return Watched(
        role=history.role, source=history.source, since=history.since, until=now, changes=changes,
        born_at=history.born_at if history.role is Role.RELEASE else None,
    )  # fmt: skip


def _brought(pages: Sequence[Watched], budget: int) -> Brought:
    pace = settings().pace
    limits = Pace(
        day_old=pace.day_old, fastest=pace.fastest, slowest=pace.slowest, slowest_listing=pace.slowest_listing
    )
    jitter = random.Random(budget).random  # noqa: S311  # the same answer each time
    return simulate_pace(pages, per_day=budget, jitter=jitter, limits=limits)


def _table(brought: Sequence[tuple[int, Brought]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("looks a day allowed", "made", "delay on average", "half within", "95 % within"):
        table.add_column(column, justify="right")
    for budget, each in brought:
        hours = (each.mean, each.within(0.5), each.within(0.95))
        table.add_row(str(budget), f"{each.per_day:.0f}", *(f"{value:.1f} h" for value in hours))
    return table


def _object(budget: int, brought: Brought) -> dict[str, object]:
    return {
        "per_day": budget,
        "looks_per_day": round(brought.per_day, 1),
        "changes": len(brought.delays),
        "mean_delay_hours": round(brought.mean, 3),
        "median_delay_hours": round(brought.within(0.5), 3),
        "p95_delay_hours": round(brought.within(0.95), 3),
    }
