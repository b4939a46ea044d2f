"""From any address to the listings of its newsroom. The network is a dictionary; every site is synthetic."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from scraper.discover import Exploration, explore
from scraper.discover.explore import MAX_REQUESTS
from scraper.model import Failed, Failure, Fetched, ListingKind

BRUSSELS = ZoneInfo("Europe/Brussels")
NOW = datetime(2024, 5, 5, 12, tzinfo=UTC)
ROOT = "https://www.example.org"
SLUGS = ["minister-opens-the-new-bridge", "statement-on-the-valley-floods", "annual-report-shows-steady-growth"]
SLUGS += ["council-agrees-on-next-budget", "visit-of-the-foreign-delegation"]


def answer(url: str, body: str, *, final_url: str = "", status: int = 200, media: str = "text/html") -> Fetched:
    return Fetched(
        url=url,
        final_url=final_url or url,
        status=status,
        headers=(("content-type", media),),
        body=body.encode(),
        started_at=NOW,
        finished_at=NOW,
    )


class Site:
    """A network of a few pages, which notes what it was asked."""

    def __init__(self, pages: dict[str, str], *, redirects: dict[str, str] | None = None) -> None:
        self.pages = {path if "://" in path else ROOT + path: body for path, body in pages.items()}
        self.redirects = {ROOT + start: ROOT + end for start, end in (redirects or {}).items()}
        self.asked: list[str] = []

    async def get(self, url: str) -> Fetched | Failed:
        self.asked.append(url)
        final = self.redirects.get(url, url)
        if final in self.pages:
            return answer(url, self.pages[final], final_url=final)
        return answer(url, "<html><body>Not found</body></html>", status=404)

    async def explore(self, url: str = ROOT + "/", sitemaps: tuple[str, ...] | None = None) -> Exploration:
        return await explore(url, get=self.get, zone=BRUSSELS, is_release=is_release, sitemaps=sitemaps)


def is_release(fetched: Fetched) -> bool:
    return b"<article" in fetched.body


def page(body: str, *, head: str = "", lang: str = "en") -> str:
    title = "<title>Example institution</title>"
    return f"<!doctype html><html lang='{lang}'><head>{title}{head}</head><body>{body}</body></html>"


def list_page(section: str = "news", *, head: str = "", lang: str = "en") -> str:
    rows = "".join(
        f"<li>0{day} May 2024 <a href='/{section}/2024/05/0{day}/{slug}'>{slug.replace('-', ' ')}</a></li>"
        for day, slug in enumerate(SLUGS, 1)
    )
    return page(f"<main><ul>{rows}</ul></main>", head=head, lang=lang)


def feed(section: str = "news", *, title: str = "News", lang: str = "en") -> str:
    items = "".join(
        f"<item><title>{slug}</title><link>{ROOT}/{section}/2024/05/0{day}/{slug}</link></item>"
        for day, slug in enumerate(SLUGS, 1)
    )
    return f"<rss version='2.0'><channel><title>{title}</title><language>{lang}</language>{items}</channel></rss>"


def sitemap(*paths: str) -> str:
    rows = "".join(f"<url><loc>{ROOT}{path}</loc></url>" for path in paths)
    return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{rows}</urlset>"


def alternate(href: str, title: str = "News") -> str:
    return f"<link rel='alternate' type='application/rss+xml' title='{title}' href='{href}'>"


NAVIGATION = (
    "<nav><a href='/about'>About us</a> <a href='/press'>Press releases</a> <a href='/contact'>Contact</a></nav>"
)
RELEASES = [f"/news/2024/05/0{day}/{slug}" for day, slug in enumerate(SLUGS, 1)]


def best(found: Exploration) -> tuple[str, ListingKind]:
    listing = found.listings[0].listing
    return listing.url.removeprefix(ROOT), listing.kind


async def test_a_feed_is_its_own_listing() -> None:
    site = Site({"/rss.xml": feed(title="Example newsroom")})
    found = await site.explore(f"{ROOT}/rss.xml")
    assert best(found) == ("/rss.xml", ListingKind.FEED)
    assert len(found.listings[0].entries) == 5
    assert (found.title, found.language, found.single) == ("Example newsroom", "en", False)
    assert site.asked == [f"{ROOT}/rss.xml"]


async def test_a_list_page_with_a_declared_feed_yields_both_and_the_feed_first() -> None:
    site = Site({"/news": list_page(head=alternate("/news/feed.rss")), "/news/feed.rss": feed()})
    found = await site.explore(f"{ROOT}/news")
    assert [each.listing.kind for each in found.listings] == [ListingKind.FEED, ListingKind.PAGE]
    assert len(site.asked) == 2


async def test_a_list_page_keeps_the_shapes_of_its_releases() -> None:
    found = await Site({"/news": list_page()}).explore(f"{ROOT}/news")
    assert best(found) == ("/news", ListingKind.PAGE)
    assert found.listings[0].listing.shapes == ("/news/{y}/{m}/{d}/{slug}",)
    assert found.listings[0].entries[0].published is not None
    assert found.title == "Example institution"


async def test_a_home_page_leads_to_its_press_releases() -> None:
    site = Site({"/": page(NAVIGATION + "<p>Welcome</p>"), "/press": list_page("press")})
    found = await site.explore()
    assert best(found) == ("/press", ListingKind.PAGE)
    assert "links it" in found.listings[0].why


NAMES = ["News", "Newsroom", "Press room", "Pressemitteilungen", "Presse", "Aktuelles", "Communiqués de presse"]
NAMES += ["Actualités", "Sala de prensa", "Noticias", "Comunicati stampa", "Пресс-релизы", "Новини"]
NAMES += ["プレスリリース", "新闻", "보도자료"]


@pytest.mark.parametrize("name", NAMES)
async def test_newsrooms_are_found_by_their_names_in_many_languages(name: str) -> None:
    site = Site({"/": page(f"<nav><a href='/a'>X Y</a><a href='/b'>{name}</a></nav>"), "/b": list_page()})
    assert best(await site.explore()) == ("/b", ListingKind.PAGE)


async def test_a_feed_that_only_the_newsroom_declares_is_found_from_the_home_page() -> None:
    pages = {"/": page(NAVIGATION), "/press": list_page(head=alternate("/press/feed.rss")), "/press/feed.rss": feed()}
    assert best(await Site(pages).explore()) == ("/press/feed.rss", ListingKind.FEED)


async def test_a_feed_of_another_section_is_left_out_where_a_list_page_is_better() -> None:
    pages = {"/press": list_page("press", head=alternate("/jobs.rss", "Jobs")), "/jobs.rss": feed("jobs")}
    found = await Site(pages).explore(f"{ROOT}/press")
    assert [each.listing.url for each in found.listings] == [f"{ROOT}/press"]


async def test_a_feed_in_another_language_is_left_out_where_there_is_one_in_the_pages() -> None:
    head = alternate("/fr.rss") + alternate("/en.rss")
    pages = {"/news": list_page(head=head), "/fr.rss": feed(lang="fr"), "/en.rss": feed()}
    found = await Site(pages).explore(f"{ROOT}/news")
    assert best(found) == ("/en.rss", ListingKind.FEED)


async def test_a_feed_of_comments_is_not_even_asked_where_there_is_another() -> None:
    head = alternate("/comments/feed/", "Comments") + alternate("/feed/")
    site = Site({"/news": list_page(head=head), "/feed/": feed(), "/comments/feed/": feed(title="Comments")})
    assert best(await site.explore(f"{ROOT}/news")) == ("/feed/", ListingKind.FEED)
    assert f"{ROOT}/comments/feed/" not in site.asked


async def test_a_feed_linked_by_an_anchor_is_found() -> None:
    body = list_page().replace("<main>", "<main><a href='/news/rss'>Subscribe by RSS</a>")
    assert best(await Site({"/news": body, "/news/rss": feed()}).explore(f"{ROOT}/news")) == (
        "/news/rss",
        ListingKind.FEED,
    )


async def test_an_undeclared_feed_is_found_where_feeds_usually_are() -> None:
    found = await Site({"/news": list_page(), "/feed": feed()}).explore(f"{ROOT}/news")
    assert best(found) == ("/feed", ListingKind.FEED)


async def test_a_site_that_answers_every_address_with_a_page_has_no_feed() -> None:
    class Everything(Site):
        async def get(self, url: str) -> Fetched | Failed:
            self.asked.append(url)
            return answer(url, list_page())

    site = Everything({})
    found = await site.explore(f"{ROOT}/news")
    assert [each.listing.kind for each in found.listings] == [ListingKind.PAGE]


async def test_a_newsroom_that_needs_a_browser_is_found_by_its_sitemap() -> None:
    paths = [*RELEASES, "/about/people", "/about/history", "/topics/climate-and-security-in-the-north", "/contact"]
    site = Site(
        {
            "/": page("<nav><a href='/en/news'>News</a></nav><div id='app'></div>"),
            "/en/news": page("<div id='app'></div>"),
            "/robots.txt": f"User-agent: *\nDisallow:\nSitemap: {ROOT}/maps/index.xml\n",
            "/maps/index.xml": f"<sitemapindex><sitemap><loc>{ROOT}/maps/en.xml</loc></sitemap></sitemapindex>",
            "/maps/en.xml": sitemap(*paths),
        }
    )
    found = await site.explore()
    assert best(found) == ("/maps/index.xml", ListingKind.SITEMAP)
    assert found.listings[0].listing.shapes == ("/news/{y}/{m}/{d}/{slug}",)
    assert [entry.url.removeprefix(ROOT) for entry in found.listings[0].entries] == RELEASES


async def test_known_sitemaps_of_robots_txt_spare_asking_for_it() -> None:
    site = Site({"/": page("<div id='app'></div>"), "/s.xml": sitemap(*RELEASES)})
    found = await site.explore(sitemaps=(f"{ROOT}/s.xml",))
    assert best(found) == ("/s.xml", ListingKind.SITEMAP)
    assert f"{ROOT}/robots.txt" not in site.asked


async def test_a_sitemap_in_several_languages_is_kept_to_that_of_the_page() -> None:
    paths = [f"/{language}{path}" for language in ("fr", "en") for path in RELEASES]
    site = Site({"/en": page("<div id='app'></div>"), "/sitemap.xml": sitemap(*paths)})
    found = await site.explore(f"{ROOT}/en")
    assert found.listings[0].listing.shapes == ("/en/news/{y}/{m}/{d}/{slug}",)


async def test_a_sitemap_without_releases_is_no_listing() -> None:
    site = Site({"/": page("<p>Hello</p>"), "/sitemap.xml": sitemap("/", "/about", "/contact", "/products/one")})
    found = await site.explore()
    assert found.listings == ()
    assert any("none of its addresses looks like a release" in sentence for sentence in found.tried)


async def test_a_release_is_single_and_nothing_else_is_asked() -> None:
    site = Site({"/news/1": page("<article><h1>Minister opens the bridge</h1><p>Text.</p></article>")})
    found = await site.explore(f"{ROOT}/news/1")
    assert found.single
    assert found.listings == ()
    assert len(site.asked) == 1


async def test_what_leads_to_no_releases_says_what_was_looked_for() -> None:
    found = await Site({"/": page("<p>Hello</p>")}).explore()
    assert not found.single
    assert found.listings == ()
    assert any("no listing" in sentence for sentence in found.tried)
    assert any("feed" in sentence for sentence in found.tried)
    assert any("sitemap" in sentence.lower() for sentence in found.tried)
    assert all(sentence.endswith(".") for sentence in found.tried)


async def test_an_address_that_does_not_answer_says_why() -> None:
    async def get(_url: str) -> Fetched | Failed:
        return Failed(at=NOW, failure=Failure.DNS, detail="The host has no address.")

    found = await explore(f"{ROOT}/", get=get, zone=BRUSSELS, is_release=is_release)
    assert found.tried == (f"{ROOT}/ could not be read: The host has no address.",)


@pytest.mark.parametrize("url", ["", "   ", "mailto:press@example.org", "https://", "javascript:alert(1)"])
async def test_what_is_no_address_is_not_asked(url: str) -> None:
    site = Site({})
    found = await site.explore(url)
    assert site.asked == []
    assert "no web address" in found.tried[0]


async def test_an_address_without_a_scheme_is_asked_over_https() -> None:
    site = Site({"/news": list_page()})
    assert best(await site.explore("www.example.org/news")) == ("/news", ListingKind.PAGE)


async def test_a_redirect_is_followed_in_the_stored_address() -> None:
    site = Site({"/en/news": list_page()}, redirects={"/news": "/en/news"})
    found = await site.explore(f"{ROOT}/news")
    assert best(found) == ("/en/news", ListingKind.PAGE)


async def test_no_address_is_asked_twice_and_never_more_than_allowed() -> None:
    links = "".join(f"<a href='/news/{number}'>News</a><a href='/feeds/{number}.rss'>RSS</a>" for number in range(50))
    pages = {"/": page(links, head="".join(alternate(f"/f/{number}.rss") for number in range(50)))}
    pages |= {f"/news/{number}": page(links) for number in range(50)}
    site = Site(pages)
    found = await site.explore(sitemaps=tuple(f"{ROOT}/s/{number}.xml" for number in range(50)))
    assert found.listings == ()
    assert len(site.asked) == len(set(site.asked)) <= MAX_REQUESTS


async def test_a_document_is_no_newsroom() -> None:
    async def get(url: str) -> Fetched | Failed:
        return answer(url, "%PDF-1.7", media="application/pdf")

    found = await explore(f"{ROOT}/report.pdf", get=get, zone=BRUSSELS, is_release=is_release)
    assert found.listings == ()
    assert "application/pdf" in found.tried[0]
