"""The composition root: the only place where the parts meet."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TextIO

from config import Settings
from presswatch.channels import open_channels
from presswatch.clock import utc_now
from presswatch.deliver import Deliverer
from presswatch.means import Means
from presswatch.notify.mute import mute_path
from presswatch.notify.retry import LONGEST
from presswatch.outage import stuck
from presswatch.owner import dead, new_owner
from presswatch.pacer import Pacer
from presswatch.robots import Robots
from presswatch.threads import Resolver, Threads
from presswatch.watch import Watch
from scraper.fetch import Fetcher, FetchSettings
from scraper.fetch.render import Chromium, Renderer
from scraper.model import LONGEST_PAUSE
from storage import Storage, Subject, Watchman, open_storage

__all__ = ["App", "open_app"]


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The wired product."""

    settings: Settings
    storage: Storage
    fetcher: Fetcher
    renderer: Renderer
    watch: Watch
    deliverer: Deliverer
    clock: Callable[[], datetime]
    owner: str
    run: Threads
    mute_secret: str = field(repr=False)
    """By which links that mute are signed."""

    async def free_dead(self) -> list[str]:
        """Free what dead processes of this machine had leased, hosts after their pause. Whose that was."""
        now = self.clock()
        owners = list(dead(await self.run(self.storage.lease_owners, now), me=self.owner))
        for owner in owners:
            await self.run(self.storage.free_leases, owner, now=now, delay=self.watch.pause)
        return owners

    async def set_right(self) -> None:
        """Let nothing wait for a time that a clock put down that was ahead. To be called where it was set back."""
        await self.run(
            self.storage.set_right, self.clock(), pause=LONGEST_PAUSE, retry=LONGEST,
            lease=max(self.watch.lease, self.deliverer.lease),
        )  # fmt: skip


@contextlib.asynccontextmanager
async def open_app(
    settings: Settings,
    *,
    console: TextIO,
    clock: Callable[[], datetime] = utc_now,
    storage: Storage | None = None,
    fetcher: Fetcher | None = None,
    renderer: Renderer | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    threads: Threads | None = None,
    jitter: Callable[[], float] | None = None,
) -> AsyncIterator[App]:
    """The product, opened and closed again.

    Args:
        console: Where the console channel writes its lines.
        clock: Aware, UTC.
        storage: An opened one, for tests; else the one of the settings is opened and closed.
        fetcher: For tests; else one after the settings.
        renderer: For tests; else a Chromium, which says what it lacks when it is asked.
        sleep: How a host's pause passes; for tests with a clock of their own.
        threads: Where synchronous work is done; else in a small pool.
        jitter: Draws from 0 to 1; else from the system.

    Raises:
        StorageError: the database can't be opened.
        ConfigError: a channel can't be what the settings say.
    """
    owner, jitter = new_owner(), jitter or random.SystemRandom().random
    storage = storage or open_storage(settings.database)
    threads = threads or Threads()
    async with contextlib.AsyncExitStack() as stack:
        fetch = await stack.enter_async_context(
            fetcher or Fetcher(_fetching(settings), clock=clock, resolve=Resolver())
        )
        robots = Robots(storage=storage, fetcher=fetch, clock=clock, run=threads)
        if renderer is None:
            chromium = Chromium(
                _fetching(settings), clock=clock, browser=settings.fetch.chromium, permit=robots.refusal
            )
            renderer = await stack.enter_async_context(chromium)
        means = Means(
            storage=storage, fetcher=fetch, renderer=renderer, settings=settings, clock=clock, jitter=jitter,
            owner=owner, run=threads, sleep=sleep, robots=robots,
            pacer=Pacer(storage=storage, settings=settings, clock=clock, run=threads),
        )  # fmt: skip
        watch = Watch(means=means)
        secret = storage.mute_secret()
        channels = open_channels(settings, post=fetch.post, console=console, clock=clock)
        deliverer = Deliverer(
            storage=storage, channels=channels, clock=clock, jitter=jitter, owner=owner, run=threads,
            timeout=settings.delivery.timeout, pages=settings.pages, mute_link=_mute_link(settings.pages, secret),
            watchman=Watchman(judge=stuck, told=settings.told_of_outage),
        )  # fmt: skip
        app = App(
            settings=settings, storage=storage, fetcher=fetch, renderer=renderer, watch=watch, deliverer=deliverer,
            clock=clock, owner=owner, run=threads, mute_secret=secret,
        )  # fmt: skip
        storage.forget_outages(but=channels, at=clock())
        await app.free_dead()
        await app.set_right()
        try:
            yield app
        finally:
            await deliverer.close()
            await watch.close()
            threads.close()
            storage.close()


def _mute_link(pages: str | None, secret: str) -> Callable[[Subject], str | None]:
    def link(subject: Subject) -> str | None:
        path = mute_path(secret, subject)
        return pages and path and f"{pages}{path}"

    return link


def _fetching(settings: Settings) -> FetchSettings:
    fetch = settings.fetch
    return FetchSettings(
        user_agent=fetch.user_agent, contact=fetch.contact, timeout=fetch.timeout, max_bytes=fetch.max_bytes,
        max_redirects=fetch.max_redirects, allow_private=fetch.allow_private,
    )  # fmt: skip
