"""Managing what is watched while the daemon runs: look at an address, keep what was found, pause, remove, import.

explore -> Preview (kept in memory for a while) -> keep
"""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from config import ConfigError, Settings, asked_source
from presswatch.app import App
from presswatch.plans import Plan, planned
from presswatch.sources import NotAdded, explore_home, store_plan
from presswatch.web.outlines import Outline
from presswatch.web.page import NotDone
from scraper.discover import Exploration
from scraper.model import Listing, ListingKind, Source
from scraper.urls import host, identity, normalise
from storage import NameTaken, SourceRow

__all__ = ["Imported", "Newsrooms", "Preview"]

_LONGEST = timedelta(minutes=3)
"""For an exploration; it makes at most some 25 requests, politely."""
_MOST_PREVIEWS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What an address leads to, before it is decided."""

    id: str
    plan: Plan
    found: Exploration


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of a list of feeds."""

    added: int
    refused: tuple[tuple[str, str], ...]
    """The address of a feed, and why it is not watched."""


class Newsrooms:
    """The sources of an app. One exploration at a time: more would only wait for each other's hosts."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._busy = asyncio.Lock()
        self._previews: OrderedDict[str, Preview] = OrderedDict()

    async def rows(self) -> list[SourceRow]:
        """What is watched."""
        return await self._app.run(self._app.storage.sources)

    def is_configured(self, row: SourceRow) -> bool:
        """True where a source stands in the settings: whoever removes it here finds it again soon."""
        return is_configured(self._app.settings, row)

    async def explore(self, *, url: str, name: str = "", every: str = "", time_zone: str = "") -> Preview:
        """Look at an address.

        Raises:
            NotDone: a value is wrong, nothing is found there that can be watched, or another address is looked at.
        """
        chosen = self._app.settings
        try:
            asked = asked_source(
                chosen, url=url if "://" in url else f"https://{url}", name=name or None, every=every or None,
                time_zone=time_zone or None,
            )  # fmt: skip
        except ConfigError as error:
            raise NotDone(str(error)) from None
        return await self._look(planned(asked))

    async def test(self, source_id: int) -> Preview:
        """Look at the home of a source again, as if it were new.

        Raises:
            NotDone: there is no such source, or as of ``explore``.
        """
        source = (await self._row(source_id)).source
        return await self._look(
            Plan(url=source.home, name=source.name, time_zone=source.time_zone, language=source.language,
                 routes=source.routes, render=source.render, profile=source.profile)
        )  # fmt: skip

    async def _look(self, plan: Plan) -> Preview:
        if self._busy.locked():
            raise NotDone("another address is being looked at; try again in a moment")
        async with self._busy:
            try:
                async with asyncio.timeout(_LONGEST.total_seconds()):
                    found = await explore_home(self._app, plan)
            except NotAdded as error:
                raise NotDone(str(error)) from None
            except TimeoutError:
                raise NotDone(f"{plan.url} took too long to look at; try presswatch add on the machine") from None
        made = Preview(id=secrets.token_urlsafe(16), plan=plan, found=found)
        self._previews[made.id] = made
        while len(self._previews) > _MOST_PREVIEWS:
            self._previews.popitem(last=False)
        return made

    async def keep(self, preview_id: str) -> Source:
        """Watch what a preview showed.

        Raises:
            NotDone: it is no longer known, or watched already.
        """
        preview = self._previews.get(preview_id)
        if preview is None:
            raise NotDone("what was found there is no longer known: look at the address again")
        try:
            source = await store_plan(self._app, preview.plan, preview.found)
        except NameTaken as error:
            raise NotDone(str(error)) from None
        del self._previews[preview_id]
        return source

    async def pause(self, source_id: int) -> None:
        """Look at a source no more, for now; raises ``NotDone`` where there is none."""
        await self._app.run(self._app.storage.pause_source, (await self._row(source_id)).source.name)

    async def resume(self, source_id: int) -> None:
        """Look at it again; raises ``NotDone`` where there is none."""
        await self._app.run(self._app.storage.resume_source, (await self._row(source_id)).source.name)

    async def remove(self, source_id: int) -> None:
        """Watch a source no more; its history stays.

        Raises:
            NotDone: there is none, or it stands in the settings.
        """
        row = await self._row(source_id)
        if self.is_configured(row):
            raise NotDone(f'"{row.source.name}" stands in the settings: remove it there, or it is watched again')
        await self._app.run(self._app.storage.remove_source, row.source.name, now=self._app.clock())

    async def outlines(self) -> list[Outline]:
        """What is watched: each feed, and the home of each newsroom that has none."""
        found: list[Outline] = []
        for row in await self.rows():
            listings = await self._app.run(self._app.storage.listings, row.id)
            feeds = [each.url for each in listings if each.kind is ListingKind.FEED]
            found += [Outline(feed=feed, title=row.source.name, site=row.source.home) for feed in feeds or [""]]
        return found

    async def take(self, outlines: Sequence[Outline]) -> Imported:
        """Watch feeds as they are named; they are first asked for when their turn comes, as every listing is."""
        known = {identity(row.source.home) for row in await self.rows()}
        added, refused = 0, []
        for each in outlines:
            try:
                source, listing = self._imported(each)
                if {identity(source.home), identity(listing.url)} & known:
                    raise NotDone("it is watched already")  # noqa: TRY301  # told beside the others
                await self._app.run(
                    self._app.storage.add_source, source, listings=[listing], now=self._app.clock()
                )  # fmt: skip
            except (ConfigError, NameTaken, NotDone) as error:
                refused.append((each.feed, str(error)))
                continue
            known |= {identity(source.home), identity(listing.url)}
            added += 1
        return Imported(added=added, refused=tuple(refused))

    def _imported(self, outline: Outline) -> tuple[Source, Listing]:
        feed = asked_source(self._app.settings, url=outline.feed)
        url = normalise(feed.url)
        if not host(url):
            raise NotDone("it is no web address")
        site = normalise(outline.site) if outline.site.startswith(("http://", "https://")) else ""
        name = " ".join(outline.title.split()) or host(url)
        home = site if site and host(site) else url
        plan = planned(feed)
        return Source(name=name, home=home, routes=plan.routes), Listing(url=url, kind=ListingKind.FEED)

    async def _row(self, source_id: int) -> SourceRow:
        found = next((row for row in await self.rows() if row.id == source_id), None)
        if found is None:
            raise NotDone("that is watched no more")
        return found


def is_configured(settings: Settings, row: SourceRow) -> bool:
    """True where the settings name a source, by its address or its name."""
    home = identity(row.source.home)
    return any(identity(each.url) == home or each.name == row.source.name for each in settings.sources)
