"""The product's loop over months in seconds: a clock that leaps to whatever happens next.

asyncio runs on a time of its own, which stands while anything can go on and leaps to the next timer where nothing can.
So pauses of hosts, leases and ticks take as long as they would, for many hosts at once. Synchronous work is done at
once, in no time.
"""

from __future__ import annotations

import asyncio
import io
import random
import selectors
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import event

from config import Settings
from presswatch.app import App, open_app
from presswatch.threads import P, T, Threads
from scraper.fetch import Fetcher, FetchSettings
from scraper.model import UNSPENT
from storage import open_storage

__all__ = ["Days", "in_days", "leaping"]

_TICK = timedelta(seconds=1)
_LOOK_IN = timedelta(minutes=5)
"""So often where a budget is spent, of which something may be left again at any time."""
_LONGEST = timedelta(hours=1)


class _Selector(selectors.DefaultSelector):
    """Waits for nothing."""

    elapsed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("nothing is going on that could be waited for")
        self.elapsed += max(0.0, timeout)
        return super().select(0)


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._leaping = _Selector()
        super().__init__(self._leaping)

    def time(self) -> float:
        return self._leaping.elapsed


def leaping(work: Callable[[], Any]) -> Any:
    """The result of a coroutine function, run on time that leaps."""
    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(work())


class _AtOnce(Threads):
    """No threads."""

    def __init__(self) -> None:
        pass

    async def __call__(self, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        return work(*args, **named)

    def close(self) -> None:
        pass


class Days:
    """An opened app and its clock."""

    def __init__(self, app: App, start: datetime) -> None:
        self.app = app
        self.start = start

    async def until(self, end: datetime) -> None:
        """The daemon's looks, a tick a second; ticks at which nothing could be due are left out."""
        app, now = self.app, self.app.clock
        while now() < end:
            begun = await app.watch.tick()
            await asyncio.sleep((_TICK if begun else self._idle(end)).total_seconds())

    def _idle(self, end: datetime) -> timedelta:
        """Whole ticks until something could be due."""
        now, pacer = self.app.clock(), self.app.watch.means.pacer
        spent = pacer.exhausted()
        due = self.app.storage.next_due_at(now, spent=spent)
        longest = _LONGEST if spent == UNSPENT and not pacer.rests() else _LOOK_IN
        moments = [moment for moment in (due, now + longest, end) if moment is not None]
        return max(_TICK, _TICK * -((now - min(moments)) // _TICK))


@asynccontextmanager
async def in_days(
    network: Callable[[Callable[[], datetime]], httpx.AsyncBaseTransport],
    *,
    start: datetime,
    folder: Path,
    seed: int = 1,
    **settings: Any,
) -> AsyncIterator[Days]:
    """The product on an empty SQLite database that does not wait for the disk. To be run by :func:`leaping`."""
    loop = asyncio.get_running_loop()
    begun = loop.time()

    def clock() -> datetime:
        return start + timedelta(seconds=loop.time() - begun)

    url = f"sqlite:///{folder}/days.db"
    storage = open_storage(url)
    # What is lost at a power failure does not matter here.
    event.listen(storage._database.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
    storage._database.engine.dispose()
    chosen = Settings(database=url, **settings)
    fetcher = Fetcher(FetchSettings(), clock=clock, transport=network(clock))
    opened = open_app(
        chosen, console=io.StringIO(), clock=clock, storage=storage, fetcher=fetcher, threads=_AtOnce(),
        jitter=random.Random(seed).random,
    )  # fmt: skip
    async with opened as app:
        yield Days(app, start)
