"""Adding newsrooms: explore an address, show what it leads to, store it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

import structlog

from config import SourceSettings
from presswatch.app import App
from presswatch.look import look
from presswatch.robots import Robots
from scraper.discover import Exploration, explore
from scraper.model import Entry, Failed, Fetched, Request, Seen, Signal, Source
from scraper.urls import host, identity, normalise
from storage import NameTaken

__all__ = ["NotAdded", "Plan", "add_configured", "explore_home", "planned", "store_plan"]

_LEAST_WORDS = 40

log = structlog.get_logger()


class NotAdded(Exception):
    """The address leads to nothing that can be watched; the message says what was looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A newsroom that is to be watched, as it was asked for."""

    url: str
    name: str | None = None
    every: timedelta | None = None
    routes: tuple[str, ...] = ("console",)
    time_zone: str = "UTC"
    language: str | None = None


@dataclass(slots=True)
class _Visitor:
    """Requests of an exploration: allowed by robots.txt, and as slow for each host as any other."""

    app: App
    robots: Robots
    seen: set[str] = field(default_factory=set)

    async def get(self, url: str) -> Fetched | Failed:
        if refusal := await self.robots.refusal(url):
            return refusal
        if host(url) in self.seen:
            await asyncio.sleep(max(self.app.settings.fetch.delay_per_host, await self.robots.delay(url)))
        self.seen.add(host(url))
        return await self.app.fetcher.fetch(Request(url=url))


async def explore_home(app: App, plan: Plan) -> Exploration:
    """What an address leads to.

    Raises:
        NotAdded: nothing that can be watched.
    """
    url = normalise(plan.url if "://" in plan.url else f"https://{plan.url}")
    if not host(url):
        raise NotAdded(f"{plan.url} is no web address")
    robots = Robots(storage=app.storage, fetcher=app.fetcher, clock=app.clock, run=app.run)
    visitor = _Visitor(app, robots)
    found = await explore(
        url, get=visitor.get, zone=ZoneInfo(plan.time_zone), is_release=_release_test(app, plan),
        sitemaps=await robots.sitemaps(url),
    )  # fmt: skip
    if not found.listings and not found.single:
        looked = "; ".join(found.tried) or "it could not be read"
        raise NotAdded(f"{url} leads to no press releases that could be found. Looked for: {looked}")
    return found


def _release_test(app: App, plan: Plan) -> Callable[[Fetched], bool]:
    source = Source(name="", home=plan.url, time_zone=plan.time_zone, language=plan.language)

    def is_release(answer: Fetched) -> bool:
        found = look(answer, source=source, now=app.clock())
        if not isinstance(found, Seen) or found.release.signals - {Signal.UNFINISHED}:
            return False
        return bool(found.release.title) and found.release.words >= _LEAST_WORDS

    return is_release


async def store_plan(app: App, plan: Plan, found: Exploration) -> Source:
    """Store what was found; its listings are due at once.

    Raises:
        NameTaken: a source of this name or home is watched already.
    """
    source = Source(
        name=plan.name or found.title or host(found.url), home=found.url, time_zone=plan.time_zone,
        language=plan.language or found.language, every=plan.every, routes=plan.routes,
    )  # fmt: skip
    pages = [Entry(url=found.url, key=identity(found.url))] if found.single else []
    listings = [item.listing for item in found.listings]
    await app.run(app.storage.add_source, source, listings=listings, pages=pages, now=app.clock())
    return source


async def add_configured(app: App) -> None:
    """Add the sources of the settings that are not watched yet. One that leads nowhere now is tried again later."""
    rows = await app.run(app.storage.sources)
    known = {identity(row.source.home) for row in rows} | {row.source.name for row in rows}
    for configured in app.settings.sources:
        if identity(configured.url) in known or configured.name in known:
            continue
        await _add(app, planned(configured, app.settings.routes))


def planned(configured: SourceSettings, routes: tuple[str, ...]) -> Plan:
    """The plan of a configured source; ``routes`` where it names none."""
    return Plan(
        url=configured.url, name=configured.name, every=configured.every, routes=configured.routes or routes,
        time_zone=configured.time_zone, language=configured.language,
    )  # fmt: skip


async def _add(app: App, plan: Plan) -> None:
    try:
        source = await store_plan(app, plan, await explore_home(app, plan))
    except (NotAdded, NameTaken) as error:
        log.warning("source not added", url=plan.url, why=str(error))
        return
    log.info("source added", name=source.name, home=source.home)
