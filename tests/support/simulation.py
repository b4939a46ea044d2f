"""The product's own loop on a clock that is a value and a network that is a function."""

from __future__ import annotations

import asyncio
import io
import random
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from config import Settings
from presswatch.app import App, open_app
from scraper.fetch import Fetcher, FetchSettings
from scraper.fetch.render import Renderer
from scraper.model import UNSPENT, Listing, ListingKind, Source


@dataclass(slots=True)
class Clock:
    """A clock that moves when it is told to, or when somebody sleeps."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        await asyncio.sleep(0)


@dataclass(slots=True)
class Simulation:
    """An opened app, and how to let time pass for it."""

    app: App
    clock: Clock
    console: io.StringIO
    rounds: int = 0
    plan: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list)

    def at(self, when: datetime, act: Callable[[], None]) -> None:
        """Something that happens in the world at a time."""
        self.plan.append((when, act))
        self.plan.sort(key=lambda item: item[0])

    async def round(self) -> None:
        """One round of looks and deliveries."""
        self.rounds += 1
        await self.app.watch.round()
        await self.app.deliverer.round()

    async def until(self, end: datetime) -> None:
        """Let the time pass, from one moment at which something is due to the next."""
        while self.clock.now < end:
            while self.plan and self.plan[0][0] <= self.clock.now:
                self.plan.pop(0)[1]()
            await self.round()
            storage = self.app.storage
            spent = self.app.watch.means.pacer.exhausted()
            due = storage.next_due_at(self.clock.now, spent=spent)
            attempt = storage.next_attempt_at()
            rests = spent.wholly or self.app.watch.means.pacer.rests()
            if rests or spent != UNSPENT:
                # The budget's hour passes by, or the night; look in now and then.
                later = self.clock.now + timedelta(minutes=5)
                due = later if rests or due is None else min(due, later)
            if attempt:
                # What waits behind an earlier delivery is due since long: look in now and then.
                attempt = max(attempt, self.clock.now + timedelta(minutes=10))
            moments = [moment for moment in (due, attempt, self.plan[0][0] if self.plan else None) if moment]
            self.clock.now = min(max(min(moments, default=end), self.clock.now + timedelta(seconds=1)), end)

    def kinds(self) -> list[tuple[str, str]]:
        """(kind, path) of every change, oldest first."""
        return [(row.kind.value, httpx.URL(row.url).path) for row in self.app.storage.changes()]

    async def watch(self, base: str, *, feed: str = "/feed.xml", name: str = "Harbour", **more: Any) -> None:
        """Watch a newsroom by its feed."""
        source = Source(name=name, home=f"{base}/", **more)
        listing = Listing(url=f"{base}{feed}", kind=ListingKind.FEED)
        self.app.storage.add_source(source, listings=[listing], now=self.clock.now)


@asynccontextmanager
async def simulated(
    transport: httpx.AsyncBaseTransport | None,
    *,
    start: datetime,
    folder: Path,
    database: str | None = None,
    renderer: Renderer | None = None,
    **settings: Any,
) -> Any:
    """A simulation on an empty database. Without a transport, over sockets to servers of this machine.

    Chance is the same each time: which looks come first would else differ from run to run.
    """
    clock, console = Clock(start), io.StringIO()
    chosen = Settings(database=database or f"sqlite:///{folder}/simulated.db", **settings)
    fetcher = Fetcher(FetchSettings(allow_private=transport is None), clock=clock, transport=transport)
    opened = open_app(
        chosen, console=console, clock=clock, fetcher=fetcher, renderer=renderer, sleep=clock.sleep,
        jitter=random.Random(1).random,
    )  # fmt: skip
    async with opened as app:
        yield Simulation(app=app, clock=clock, console=console)
