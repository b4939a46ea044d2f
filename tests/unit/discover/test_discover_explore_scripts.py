"""Newsrooms whose lists a script draws: their data, their JSON, and at last a browser. Every site is synthetic."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from scraper.discover import Exploration, explore
from scraper.discover.explore import MAX_REQUESTS
from scraper.model import Failed, Failure, Fetched, ListingKind

NOW = datetime(2024, 5, 5, 12, tzinfo=UTC)
ROOT = "https://www.example.org"
TITLES = ["Minister opens the new bridge", "Statement on the valley floods", "Annual report shows steady growth"]
PATHS = [f"/news/{title.lower().replace(' ', '-')}" for title in TITLES]
ROWS = [{"title": t, "url": p, "date": f"2024-05-0{d}"} for d, (t, p) in enumerate(zip(TITLES, PATHS, strict=True), 1)]
APP = "<html lang=en><head><title>Example</title></head><body><nav><a href='/news'>News</a></nav>{}</body></html>"
DRAWN = "<ul>" + "".join(f"<li>{row['date']} <a href='{row['url']}'>{row['title']}</a></li>" for row in ROWS) + "</ul>"


class Site:
    """A network of a few pages, and a browser that shows some of them otherwise; both note what they were asked."""

    def __init__(self, pages: dict[str, str], *, drawn: dict[str, str] | None = None) -> None:
        self.pages = pages
        self.drawn = drawn
        self.asked: list[str] = []
        self.rendered: list[str] = []

    async def get(self, url: str) -> Fetched | Failed:
        self.asked.append(url)
        return answer(url, self.pages.get(url.removeprefix(ROOT)))

    async def render(self, url: str) -> Fetched | Failed:
        self.rendered.append(url)
        if self.drawn is None:
            return Failed(at=NOW, failure=Failure.UNREADABLE, detail="Rendering needs a browser, and none is here.")
        return answer(url, self.drawn.get(url.removeprefix(ROOT)))

    async def explore(self, path: str = "/news", *, render: bool = True) -> Exploration:
        return await explore(
            ROOT + path, get=self.get, zone=ZoneInfo("UTC"), is_release=lambda _: False, sitemaps=(),
            render=self.render if render else None,
        )  # fmt: skip


def answer(url: str, body: str | None) -> Fetched:
    media = "application/json" if (body or "")[:1] in ("{", "[") else "text/html"
    return Fetched(
        url=url, final_url=url, status=404 if body is None else 200, headers=(("content-type", media),),
        body=(body or "Not found").encode(), started_at=NOW, finished_at=NOW,
    )  # fmt: skip


def found_in(found: Exploration) -> list[tuple[str, ListingKind]]:
    return [(each.listing.url.removeprefix(ROOT), each.listing.kind) for each in found.listings]


async def test_data_in_the_page_makes_it_a_list_page() -> None:
    script = f"<script type=application/json>{json.dumps(ROWS)}</script>"
    site = Site({"/news": APP.format(script), **dict.fromkeys(PATHS, "<p>Text</p>")})
    found = await site.explore()
    assert found_in(found) == [("/news", ListingKind.PAGE)]
    assert [entry.url for entry in found.listings[0].entries] == [ROOT + path for path in PATHS]
    assert site.rendered == []


async def test_data_whose_addresses_are_not_there_is_no_listing() -> None:
    rows = [{"title": row["title"], "slug": row["url"][6:], "date": row["date"]} for row in ROWS]
    site = Site({"/news": APP.format(f"<script type=application/json>{json.dumps(rows)}</script>")})
    found = await site.explore(render=False)
    assert found.listings == ()
    assert any(f"{ROOT}{PATHS[0]} is not there" in sentence for sentence in found.tried)


async def test_json_that_the_page_names_is_a_listing() -> None:
    page = APP.format("<div id=list data-endpoint='/api/news?size=20'></div>")
    site = Site({"/news": page, "/api/news?size=20": json.dumps({"items": ROWS}), PATHS[0]: "<p>Text</p>"})
    found = await site.explore()
    assert found_in(found) == [("/api/news?size=20", ListingKind.JSON)]
    assert found.listings[0].listing.shapes == ("/news/{slug}",)
    assert found.listings[0].why.endswith("has its list from there.")
    assert site.rendered == []


async def test_json_that_the_newsroom_of_a_home_page_names_is_found() -> None:
    page = APP.format("<link rel=preload as=fetch href=/data.json>")
    site = Site({"/": APP.format(""), "/news": page, "/data.json": json.dumps(ROWS), PATHS[0]: "<p>Text</p>"})
    assert found_in(await site.explore("/")) == [("/data.json", ListingKind.JSON)]


async def test_json_is_not_asked_where_the_page_lists_releases() -> None:
    site = Site({"/news": APP.format(f"<main data-api='/api/news'>{DRAWN}</main>"), "/api/news": json.dumps(ROWS)})
    assert found_in(await site.explore()) == [("/news", ListingKind.PAGE)]
    assert f"{ROOT}/api/news" not in site.asked


async def test_an_address_of_json_is_its_own_listing() -> None:
    site = Site({"/api/news": json.dumps(ROWS), PATHS[0]: "<p>Text</p>"})
    assert found_in(await site.explore("/api/news")) == [("/api/news", ListingKind.JSON)]


async def test_a_browser_is_asked_where_nothing_else_shows_releases() -> None:
    site = Site({"/news": APP.format("")}, drawn={"/news": APP.format(DRAWN)})
    found = await site.explore()
    assert found_in(found) == [("/news", ListingKind.PAGE)]
    assert found.listings[0].rendered
    assert len(found.listings[0].entries) == 3
    assert site.rendered == [f"{ROOT}/news"]
    sentences = " ".join(found.tried)
    assert sentences.index("No page names JSON") < sentences.index("No sitemap") < sentences.index("page of 3 entries")


async def test_the_newsroom_is_rendered_before_the_home_page() -> None:
    site = Site({"/": APP.format(""), "/news": APP.format("")}, drawn={"/news": APP.format(DRAWN)})
    found = await site.explore("/")
    assert found_in(found) == [("/news", ListingKind.PAGE)]
    assert site.rendered == [f"{ROOT}/news"]


async def test_no_browser_is_asked_where_a_feed_was_found() -> None:
    items = "".join(f"<item><link>{ROOT}{path}</link></item>" for path in PATHS)
    site = Site({"/news": APP.format(""), "/feed": f"<rss version='2.0'><channel>{items}</channel></rss>"}, drawn={})
    assert found_in(await site.explore()) == [("/feed", ListingKind.FEED)]
    assert site.rendered == []


async def test_what_a_browser_could_not_do_is_said() -> None:
    found = await Site({"/news": APP.format("")}).explore()
    assert found.listings == ()
    assert f"{ROOT}/news could not be rendered: Rendering needs a browser, and none is here." in found.tried


async def test_that_nothing_was_rendered_is_said() -> None:
    found = await Site({"/news": APP.format("")}).explore(render=False)
    assert "No page was rendered by a browser." in found.tried


async def test_the_requests_stay_bounded_whatever_a_page_names() -> None:
    data = "".join(f"<div data-api='/api/{n}.json'></div>" for n in range(100))
    links = "".join(f"<a href='/press/{n}'>Press releases</a>" for n in range(100))
    site = Site({"/news": APP.format(data + links)}, drawn={"/news": APP.format("")})
    await site.explore()
    assert len(site.asked) == len(set(site.asked)) <= MAX_REQUESTS
    assert len(site.rendered) <= 2
