"""Adding newsrooms: explore an address, show what it leads to, store it; and keeping to those of the settings."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import structlog

from presswatch.app import App
from presswatch.look import look
from presswatch.plans import Plan, Watched, all_planned
from presswatch.robots import Robots
from scraper.discover import Exploration, explore
from scraper.judge import unwatched
from scraper.model import Entry, Failed, Fetched, Listing, Release, Render, Request, Seen, Signal, Site, Source
from scraper.read import BadProfile, check
from scraper.urls import host, identity, normalise
from storage import NameTaken, SourceRow

__all__ = [
    "Configured",
    "NotAdded",
    "add_configured",
    "explore_home",
    "store_plan",
    "why_not_watched",
]

_LEAST_WORDS = 40
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=10), timedelta(days=1)
"""Until a configured source that leads nowhere is tried again."""

log = structlog.get_logger()


class NotAdded(Exception):
    """The address leads to nothing that can be watched; the message says what was looked for."""


@dataclass(slots=True)
class _Visitor:
    """Requests of an exploration: allowed by robots.txt, and as slow for each host as any other."""

    app: App
    robots: Robots
    render: Render
    seen: set[str] = field(default_factory=set)

    async def get(self, url: str) -> Fetched | Failed:
        if refusal := await self._turn(url):
            return refusal
        if self.render is Render.ALWAYS:
            return await self.app.renderer.render(Request(url=url))
        return await self.app.fetcher.fetch(Request(url=url), may_follow=partial(self._turn, of=host(url)))

    async def _turn(self, url: str, *, of: str | None = None) -> Failed | None:
        """Wait until the address may be asked for, or why it must not. Redirects within a host go on at once."""
        if refusal := await self.robots.refusal(url):
            return refusal
        if host(url) in self.seen and host(url) != of:
            await asyncio.sleep(max(self.app.settings.fetch.delay_per_host, await self.robots.delay(url)))
        self.seen.add(host(url))
        return None

    async def draw(self, url: str) -> Fetched | Failed:
        """The page as a browser shows it, if robots.txt allows it."""
        return await self.robots.refusal(url) or await self.app.renderer.render(Request(url=url))


async def explore_home(app: App, plan: Plan) -> Exploration:
    """What an address leads to.

    Raises:
        NotAdded: nothing that can be watched.
    """
    try:
        check(plan.profile)
    except BadProfile as error:
        raise NotAdded(f"{plan.url}: {error}") from None
    url = normalise(plan.url if "://" in plan.url else f"https://{plan.url}")
    if not host(url):
        raise NotAdded(f"{plan.url} is no web address")
    robots = Robots(
        storage=app.storage, fetcher=app.fetcher, clock=app.clock, run=app.run, anew=app.clock()
    )  # fmt: skip
    visitor = _Visitor(app, robots, plan.render)
    read: list[Release] = []
    found = await explore(
        url, get=visitor.get, zone=ZoneInfo(plan.time_zone), is_release=_release_test(app, plan, read),
        sitemaps=await robots.sitemaps(url), render=visitor.draw if plan.render is Render.AUTO else None,
    )  # fmt: skip
    if not found.listings and not found.single:
        tried = [f"It {each.removeprefix(f'{url} ')}" if each.startswith(f"{url} ") else each for each in found.tried]
        looked = " ".join(tried) or "It could not be read."
        raise NotAdded(f"{url} leads to no press releases that could be found. Looked for: {looked}")
    return replace(found, release=read[-1]) if found.single else found


def _release_test(app: App, plan: Plan, read: list[Release]) -> Callable[[Fetched], bool]:
    """Whether a page reads as a release; what was read of such a page is added to ``read``."""
    source = Source(
        name="", home=plan.url, time_zone=plan.time_zone, language=plan.language, profile=plan.profile
    )  # fmt: skip

    def is_release(answer: Fetched) -> bool:
        found = look(answer, source=source, now=app.clock(), site=Site())
        if not isinstance(found, Seen) or found.release.signals - {Signal.UNFINISHED}:
            return False
        if not found.release.title or found.release.words < _LEAST_WORDS:
            return False
        read.append(found.release)
        return True

    return is_release


async def store_plan(app: App, plan: Plan, found: Exploration, *, home: str | None = None) -> Source:
    """Store what was found; its listings are due at once. ``home`` where it isn't the address that was led to.

    Raises:
        NameTaken: a source of this name is watched already, or this newsroom under another spelling of its address.
    """
    keys = {identity(found.url), identity(home or found.url)}
    for row in await app.run(app.storage.sources):
        if identity(row.source.home) in keys:
            raise NameTaken(f"{row.source.home} is watched already, as {row.source.name!r}")
    source = Source(
        name=_name(plan, found), home=home or found.url, time_zone=plan.time_zone,
        language=plan.language or found.language, every=plan.every, per_day=plan.per_day, routes=plan.routes,
        render=plan.render, profile=plan.profile,
    )  # fmt: skip
    pages = [Entry(url=found.url, key=identity(found.url))] if found.single else []
    await app.run(app.storage.add_source, source, listings=_listings(found), pages=pages, now=app.clock())
    return source


def _name(plan: Plan, found: Exploration) -> str:
    return plan.name or found.title or host(found.url)


def _listings(found: Exploration) -> list[Listing]:
    return [item.listing for item in found.listings]


# --- the sources of the settings --------------------------------------------------------------------------------------


async def add_configured(app: App) -> dict[str, str]:
    """Bring what is watched in step with the settings, once: see :meth:`Configured.round`."""
    return await Configured(app).round()


class Configured:
    """The sources of the settings, which are to be watched as they are described there.

    A source is known again by its home, which is the address of the settings even where that redirects, or by its name.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._waits: dict[str, _Wait] = {}
        """By address; in memory, since a new process may well try at once."""

    async def round(self) -> dict[str, str]:
        """Add the sources that are not watched yet, and apply to the others what changed in the settings.

        One that leads nowhere is told, and is tried again after 10 minutes, 20 minutes and so on, up to a day. Those
        that had not been told before, with the reason.
        """
        plans = all_planned(self._app.settings)
        await self._keep_all(plans)
        why = {plan.url: self._waits[plan.url].why for plan in plans if plan.url in self._waits}
        settings = self._app.settings
        new = await self._app.run(
            self._app.storage.record_unwatched, {url: unwatched(url, reason) for url, reason in why.items()},
            now=self._app.clock(), channels=settings.told_of_health(),
        )  # fmt: skip
        return {url: why[url] for url in new}

    async def _keep_all(self, plans: Iterable[Plan]) -> None:
        watched = Watched(await self._app.run(self._app.storage.sources))
        for plan in plans:
            if self._waits.get(plan.url, _NO_WAIT).until > self._app.clock():
                continue
            try:
                if await self._keep(plan, watched.find(plan)):
                    watched = Watched(await self._app.run(self._app.storage.sources))
            except (NotAdded, NameTaken) as error:
                self._put_off(plan, str(error))
            except Exception as error:
                log.exception("source not added", url=plan.url)
                self._put_off(plan, f"{type(error).__name__}: {error}")
            else:
                self._waits.pop(plan.url, None)

    async def _keep(self, plan: Plan, row: SourceRow | None) -> bool:
        """True where something had to be done."""
        if row is None:
            await self._add(plan, await explore_home(self._app, plan))
            return True
        told = await self._apply(plan, row.source, home=row.source.home)
        if identity(row.source.home) == identity(plan.url):
            return told
        # The name is known, the address is another one: the source moved, or was added by the page it redirects to.
        found = await explore_home(self._app, plan)
        await self._apply(plan, row.source, home=plan.url)
        add = self._app.storage.add_listings
        await self._app.run(add, row.id, _listings(found), now=self._app.clock(), instead=True)
        return True

    async def _add(self, plan: Plan, found: Exploration) -> None:
        rows = await self._app.run(self._app.storage.sources)
        same = next((row.source for row in rows if identity(row.source.home) == identity(found.url)), None)
        if same:
            await self._apply(plan, same, home=plan.url)
            return
        source = await store_plan(self._app, plan, found, home=plan.url)
        log.info("source added", name=source.name, home=source.home)

    async def _apply(self, plan: Plan, source: Source, *, home: str) -> bool:
        """Give a watched source the facts of the settings; whether it is paused is nothing that they say."""
        described = replace(
            source, name=plan.name or source.name, home=home, time_zone=plan.time_zone, every=plan.every,
            per_day=plan.per_day, language=plan.language or source.language, routes=plan.routes, render=plan.render,
            profile=plan.profile,
        )  # fmt: skip
        if described == source:
            return False
        await self._app.run(self._app.storage.update_source, source.name, described)
        log.info("source changed", name=described.name, home=described.home)
        return True

    def _put_off(self, plan: Plan, why: str) -> None:
        why = _beside(plan.url, why)
        gap = self._waits[plan.url].gap * 2 if plan.url in self._waits else _FIRST_WAIT
        gap = min(gap, _LONGEST_WAIT)
        self._waits[plan.url] = _Wait(gap=gap, until=self._app.clock() + gap, why=why)
        log.warning("configured but not watched", url=plan.url, why=why, again_in_s=gap.total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wait:
    gap: timedelta
    until: datetime
    why: str = ""


_NO_WAIT = _Wait(gap=timedelta(), until=datetime.min.replace(tzinfo=UTC))


def _beside(url: str, why: str) -> str:
    """A reason as it is told beside the address, which it need not name again."""
    return why.removeprefix(url).lstrip(": ") if why.startswith((f"{url} ", f"{url}: ")) else why


async def why_not_watched(app: App, plan: Plan) -> str:
    """Explore the address of a plan again and say, in a sentence, why it is not watched."""
    try:
        found = await explore_home(app, plan)
    except NotAdded as error:
        return _beside(plan.url, str(error))
    names = {row.source.name for row in await app.run(app.storage.sources)}
    if _name(plan, found) in names:
        return f'a source called "{_name(plan, found)}" is watched already; give this one another "name"'
    return "it was not looked at yet; the daemon, or the next check, does it"
