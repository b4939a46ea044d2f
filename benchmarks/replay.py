"""Run the product's loop over recorded newsrooms, on their clock: what it finds, what it says, what it costs.

    python -m benchmarks.replay http://127.0.0.1:8800 --until 2026-08-01T00:00:00Z [--only TEXT] [--show]

The address is that of a replay server which lists its series at ``/__index`` and whose clock is set by
``POST /__clock?to=``. Feeds and list pages are added as newsrooms, other pages as single releases.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import sys
import tempfile
import urllib.request
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from config import Settings
from presswatch.app import App, open_app
from presswatch.logs import set_up
from presswatch.plans import Plan
from presswatch.sources import NotAdded, explore_home, store_plan
from scraper.fetch import Fetcher, FetchSettings


@dataclass(slots=True)
class Clock:
    """The simulated time; setting it sets the server's, too."""

    base: str
    now: datetime

    def __call__(self) -> datetime:
        """The time."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Nobody waits: a host's pause passes on the simulated clock alone."""
        self.now += timedelta(seconds=seconds)

    def set(self, now: datetime) -> None:
        """Move on, never back."""
        self.now = max(now, self.now)
        stamp = self.now.strftime("%Y-%m-%dT%H:%M:%SZ")
        request = urllib.request.Request(f"{self.base}/__clock?to={stamp}", data=b"", method="POST")
        urllib.request.urlopen(request, timeout=30).read()


def series(base: str, only: str | None) -> list[dict[str, Any]]:
    """What the server has, without the items of its feeds."""
    rows = json.load(urllib.request.urlopen(f"{base}/__index", timeout=60))
    return [row for row in rows if "/items/" not in row["address"] and (only is None or only in row["address"])]


async def replay(arguments: argparse.Namespace) -> None:
    rows = series(arguments.base, arguments.only)
    start = max(datetime.fromisoformat(row["first"]) for row in rows) if not arguments.start else arguments.start
    clock = Clock(arguments.base, start)
    clock.set(start)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            database=f"sqlite:///{folder}/replay.db", fetch={"allow_private": True, "delay_per_host": 0.0}
        )
        fetcher = Fetcher(FetchSettings(allow_private=True), clock=clock)
        async with open_app(settings, console=io.StringIO(), clock=clock, fetcher=fetcher, sleep=clock.sleep) as app:
            await add(app, arguments.base, rows)
            while clock.now < arguments.until:
                await app.watch.round()
                due = app.storage.next_due_at(clock.now) or arguments.until
                clock.set(min(max(due, clock.now + timedelta(seconds=1)), arguments.until))
            report(app, start, arguments)


async def add(app: App, base: str, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        plan = Plan(url=base + row["address"], name=row["address"], every=timedelta(hours=1))
        try:
            await store_plan(app, plan, await explore_home(app, plan))
        except NotAdded as error:
            print(f"not added: {row['address']}: {str(error)[:300]}")


def report(app: App, start: datetime, arguments: argparse.Namespace) -> None:
    changes, status = app.storage.changes(), app.storage.status(app.clock())
    polls = app.storage.polls(limit=10_000_000)
    days = (app.clock() - start) / timedelta(days=1)
    print(f"\n{days:.0f} days, {status.sources} sources, {dict(status.releases)}, {status.revisions} revisions")
    print(f"{len(polls)} looks: {dict(Counter(poll.outcome for poll in polls))}")
    print(f"{sum(poll.received for poll in polls) / 1e6:.1f} MB received, database {status.size / 1e6:.1f} MB")
    print(f"changes: {dict(Counter(change.kind.value for change in changes))}")
    by_source = Counter((change.source, change.kind.value) for change in changes)
    for (source, kind), count in sorted(by_source.items()):
        print(f"  {count:5} {kind:16} {source}")
    if arguments.show:
        for change in changes:
            print(
                f"{change.detected_at:%Y-%m-%d %H:%M} {change.kind.value:16} {change.url[-90:]}  {change.reason[:140]}"
            )
    for failing in status.failing[:10]:
        print(f"failing: {failing.url[-80:]}: {failing.error}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base")
    moment = lambda text: datetime.fromisoformat(text).astimezone(UTC)  # noqa: E731
    parser.add_argument("--start", type=moment)
    parser.add_argument("--until", type=moment, required=True)
    parser.add_argument("--only", help="only series whose address holds this")
    parser.add_argument("--show", action="store_true", help="print every change")
    set_up(verbose=False, quiet_by_default=True)
    asyncio.run(replay(parser.parse_args()))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
