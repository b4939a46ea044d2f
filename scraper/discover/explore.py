"""From any address of a newsroom to its listings: what ``presswatch add URL`` does before it stores a source.

    ask the address -> what is it? -> what does it point to? -> usual places -> JSON -> sitemaps -> a browser -> rank

Every step is taken only where the ones before left something wanting, each address is asked once, and never more
than 25 in all. What was looked for, and what came of it, is said in sentences.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import tzinfo

from scraper import urls
from scraper.discover.choice import Candidate, overlap, ranked, sitemap_shapes
from scraper.discover.entries import NotAListing
from scraper.discover.hints import Hints, hints_of, sitemaps_of, usual_feeds, usual_sitemaps
from scraper.discover.listing import kind_of, read_listing
from scraper.discover.pages import shapes_of
from scraper.model import Entry, Failed, Fetched, Listed, Listing, ListingKind, Release

__all__ = ["MAX_REQUESTS", "Candidate", "Exploration", "Get", "explore"]

MAX_REQUESTS = 25
_MAX_FEEDS = 5
_MAX_NEWSROOMS = 3
_MAX_CHILDREN = 3
_MAX_DATA = 4
_MAX_RENDERED = 2
_MAX_SHOWN = 5_000
_NOWHERE = "about:blank"
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
"""Not the ``localhost:`` of ``localhost:8000``."""
_HOME = re.compile(r"[^/]*(?:/(?:[a-z]{2}(?:[-_][a-z]{2})?|home))?", re.IGNORECASE)
"""The identity of a home page: a host, or one language of it."""

Get = Callable[[str], Awaitable[Fetched | Failed]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exploration:
    """What an address turned out to be."""

    url: str
    listings: tuple[Candidate, ...] = ()
    """The best first; empty where there is none."""
    single: bool = False
    """The address is one release and no newsroom."""
    release: Release | None = None
    """That one, where whoever asked read it."""
    title: str = ""
    language: str | None = None
    tried: tuple[str, ...] = ()
    """What was looked for and what came of it, a sentence each, in order."""


async def explore(
    url: str,
    *,
    get: Get,
    zone: tzinfo,
    is_release: Callable[[Fetched], bool],
    sitemaps: tuple[str, ...] | None = None,
    render: Get | None = None,
) -> Exploration:
    """The listings of the newsroom that an address belongs to; it may be a home, list, feed, sitemap or release.

    ``get`` makes one request and is called at most 25 times, never twice for one address. ``is_release`` says whether a
    page reads as a single release. ``sitemaps`` are those of robots.txt where they are known; None: it is asked.
    ``render`` gives a page as a browser shows it, and is called at most twice, where nothing else led to releases.
    Times without a zone are read in ``zone``.
    """
    text = url.strip()
    address = urls.join(_NOWHERE, text if _SCHEME.match(text) else f"https://{text}")
    if address is None:
        return Exploration(url=url, tried=(f"{url} is no web address.",))
    search = _Search(get=get, zone=zone, is_release=is_release, render=render, url=urls.normalise(address))
    return await search.run(sitemaps)


@dataclass(slots=True, kw_only=True)
class _Search:
    """One exploration under way."""

    get: Get
    zone: tzinfo
    is_release: Callable[[Fetched], bool]
    render: Get | None
    url: str
    home: Hints = field(default_factory=Hints)
    data: list[str] = field(default_factory=list)
    """Where the pages that were asked have JSON."""
    drawn: list[str] = field(default_factory=list)
    """Pages that should list releases and do not, the likeliest first."""
    found: list[Candidate] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    asked: dict[str, Fetched | None] = field(default_factory=dict)

    async def run(self, sitemaps: tuple[str, ...] | None) -> Exploration:
        fetched = await self._ask(self.url)
        if fetched is None:
            return self._result()
        self.url = urls.normalise(fetched.final_url)
        if kind_of(fetched) is not ListingKind.PAGE:
            await self._take(fetched, why="It is the address that was given.", asked=True)
            return self._result()
        self.home = self._hints(fetched)
        if urls.identity(self.url).count("/") and self.is_release(fetched):
            self.tried.append(f"{self.url} is a single release.")
            return self._result(single=True)
        await self._take(fetched, why="It is the address that was given.", asked=True)
        await self._follow(fetched)
        await self._try_usual_places(sitemaps)
        return self._result()

    async def _follow(self, fetched: Fetched) -> None:
        """What the page points to: its feeds, and where it is no good list itself, its list pages and theirs."""
        await self._take_feeds(self.home.feeds)
        has_list = self._has_list_page()
        if has_list and not _HOME.fullmatch(urls.identity(self.url)):
            return
        newsrooms = [(address, rank) for address, rank in self.home.newsrooms if rank > 1 or not has_list]
        for address, rank in newsrooms[:_MAX_NEWSROOMS]:
            page = await self._ask(address)
            if page is None:
                continue
            await self._take(page, why=f"{self.url} links it as its news.", promise=rank)
            if kind_of(page) is ListingKind.PAGE:
                await self._take_feeds(self._hints(page).feeds)
            if rank > 1 and self._has_list_page(promised=True):
                return
        if not self.home.newsrooms:
            self.tried.append(f"{fetched.final_url} links no page that is called press releases or news.")

    async def _take_feeds(self, feeds: tuple[str, ...]) -> None:
        for address in feeds[:_MAX_FEEDS]:
            if address in self.asked:
                continue
            feed = await self._ask(address)
            if feed is not None:
                await self._take(feed, why="A page declares it as its feed.", only=ListingKind.FEED)

    async def _try_usual_places(self, sitemaps: tuple[str, ...] | None) -> None:
        if self._has_good_feed():
            return
        page = max((each.listing.url for each in self.found if each.promise), key=len, default=self.url)
        for address in usual_feeds(page):
            feed = await self._ask(address, quiet=True)
            if feed is not None and kind_of(feed) is ListingKind.FEED:
                await self._take(feed, why="It is where feeds usually are.", only=ListingKind.FEED)
            if self._has_good_feed():
                return
        self.tried.append(f"No feed of its releases is where {urls.host(page)} would usually have one.")
        if not self._has_list_page():
            await self._try_data()
        if not self._has_list_page() and not self._has(ListingKind.JSON):
            await self._try_sitemaps(sitemaps)
        if not any(each.entries for each in self.found):
            await self._try_rendering()

    async def _try_data(self) -> None:
        for address in [address for address in self.data if address not in self.asked][:_MAX_DATA]:
            answer = await self._ask(address, quiet=True)
            if answer is not None and kind_of(answer) in (ListingKind.JSON, ListingKind.FEED):
                await self._take(answer, why="The script that draws the page has its list from there.")
            if self._has(ListingKind.JSON):
                return
        self.tried.append("No page names JSON that lists releases.")

    async def _try_rendering(self) -> None:
        """Have pages drawn by a browser: where their lists are a script's work, this is where they can be seen."""
        if self.render is None:
            self.tried.append("No page was rendered by a browser.")
            return
        for address in list(dict.fromkeys([*self.drawn, self.url]))[:_MAX_RENDERED]:
            answer = await self.render(address)
            if isinstance(answer, Failed):
                self.tried.append(f"{address} could not be rendered: {answer.detail}")
                continue
            await self._take(answer, why="A browser shows its releases, a script draws them.", rendered=True)
            if self.found:
                return

    async def _try_sitemaps(self, sitemaps: tuple[str, ...] | None) -> None:
        if sitemaps is None:
            robots = await self._ask(urls.join(self.url, "/robots.txt") or "", quiet=True)
            sitemaps = sitemaps_of(robots.body, robots.final_url) if robots is not None else ()
        for address in dict.fromkeys((*sitemaps[:_MAX_CHILDREN], *usual_sitemaps(self.url))):
            sitemap = await self._ask(address, quiet=True)
            if sitemap is not None and kind_of(sitemap) is ListingKind.SITEMAP:
                await self._take(sitemap, why="It is the site's sitemap.", only=ListingKind.SITEMAP)
            if self._has(ListingKind.SITEMAP):
                return
        self.tried.append(f"No sitemap of {urls.host(self.url)} names releases.")

    # --- one address --------------------------------------------------------------------------------------------------

    async def _ask(self, address: str, *, quiet: bool = False) -> Fetched | None:
        """The answer of an address that has not been asked yet; None where there is none to read."""
        if not address or address in self.asked or len(self.asked) >= MAX_REQUESTS:
            return None
        self.asked[address] = None
        answer = await self.get(address)
        if isinstance(answer, Failed):
            self.tried.append(f"{address} could not be read: {answer.detail}")
            return None
        if answer.status != 200:
            if not quiet:
                self.tried.append(f"{address} answered with status {answer.status}.")
            return None
        self.asked.setdefault(answer.final_url, None)
        self.asked[address] = answer
        return answer

    def _hints(self, fetched: Fetched) -> Hints:
        found = hints_of(fetched)
        self.data += [address for address in found.data if address not in self.data]
        return found

    async def _take(
        self,
        fetched: Fetched,
        *,
        why: str,
        asked: bool = False,
        promise: int = 0,
        only: ListingKind | None = None,
        rendered: bool = False,
    ) -> None:
        """Note an answer as a candidate, or why it is none."""
        url = urls.normalise(fetched.final_url)
        if any(urls.identity(each.listing.url) == urls.identity(url) for each in self.found):
            return
        try:
            listed = read_listing(fetched, zone=self.zone, kind=only)
        except NotAListing as refusal:
            self.tried.append(f"{url} is no listing. {refusal}")
            self.drawn += [url] if promise else []
            return
        if not rendered and await self._leads_nowhere(listed, fetched):
            return
        entries, shapes = await self._entries(listed)
        if listed.kind is ListingKind.SITEMAP and not shapes:
            self.tried.append(f"{url} is a sitemap, and none of its addresses looks like a release.")
            return
        listing = Listing(url=url, kind=listed.kind, shapes=shapes)
        self.tried.append(f"{url} is a {listed.kind.value} of {len(entries)} entries.")
        self.found.append(
            Candidate(
                listing=listing,
                entries=entries,
                why=why,
                title=listed.title,
                language=listed.language,
                promise=promise,
                asked=asked,
                rendered=rendered,
            )
        )

    async def _leads_nowhere(self, listed: Listed, fetched: Fetched) -> bool:
        """True where a list was read from data whose addresses are put together, and the first of them isn't there."""
        is_data = listed.kind is ListingKind.JSON or (listed.kind is ListingKind.PAGE and not _links(fetched, listed))
        if not is_data or await self._ask(listed.entries[0].url, quiet=True) is not None:
            return False
        self.tried.append(f"{fetched.final_url} names releases, and {listed.entries[0].url} is not there.")
        return True

    async def _entries(self, listed: Listed) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
        """What of a listing are releases, and the shapes that they have."""
        if listed.kind is ListingKind.FEED:
            return listed.entries, ()
        if listed.kind in (ListingKind.PAGE, ListingKind.JSON):
            return listed.entries, shapes_of(listed.entries)
        entries = list(listed.entries)
        for child in sorted(listed.children, key=lambda url: "news" not in url and "press" not in url)[:_MAX_CHILDREN]:
            entries += await self._child(child)
        known = [shape for each in self.found for shape in each.listing.shapes]
        shapes = sitemap_shapes(entries, known=known, section=self._section(), language=self.home.language)
        return tuple(entry for entry in entries if shapes and urls.matches(entry.url, shapes))[:_MAX_SHOWN], shapes

    async def _child(self, address: str) -> tuple[Entry, ...]:
        fetched = await self._ask(address)
        if fetched is None:
            return ()
        try:
            return read_listing(fetched, zone=self.zone, kind=ListingKind.SITEMAP).entries
        except NotAListing as refusal:
            self.tried.append(f"{address} is no sitemap. {refusal}")
            return ()

    # --- what there is ------------------------------------------------------------------------------------------------

    def _section(self) -> str:
        path = urls.identity(self.url).partition("?")[0].partition("/")[2]
        return f"/{path}"

    def _has_list_page(self, *, promised: bool = False) -> bool:
        return any(
            each.listing.kind is ListingKind.PAGE and len(each.entries) >= 3 and (each.promise > 1 or not promised)
            for each in self.found
        )

    def _has(self, kind: ListingKind) -> bool:
        return any(each.listing.kind is kind for each in self.found)

    def _has_good_feed(self) -> bool:
        """True where a feed carries what the list page shows, or there is a feed and no list page."""
        pages = [each for each in self.found if each.listing.kind is ListingKind.PAGE]
        feeds = [each for each in self.found if each.listing.kind is ListingKind.FEED and each.entries]
        return any(not pages or any(overlap(feed.entries, page.entries) for page in pages) for feed in feeds)

    def _result(self, *, single: bool = False) -> Exploration:
        listings = ranked(self.found, language=self.home.language)
        return Exploration(
            url=self.url,
            listings=() if single else listings,
            single=single,
            title=self.home.title or (listings[0].title if listings else ""),
            language=self.home.language or (listings[0].language if listings else None),
            tried=tuple(self.tried),
        )


def _links(fetched: Fetched, listed: Listed) -> bool:
    """True where a page links the first of its releases, and does not only name it in data."""
    last = urls.normalise(listed.entries[0].url).rstrip("/").rpartition("/")[2].encode()
    return re.search(rb"href\s*=[^>]{0,500}" + re.escape(last[-200:]), fetched.body, re.IGNORECASE) is not None
