"""From page to page of a list. The network is a dictionary; every page is synthetic."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from scraper.discover.listing import read_listing
from scraper.discover.walk import MAX_PAGES, Walk, walk
from scraper.model import Failed, Failure, Fetched

NOW = datetime(2024, 5, 5, 12, tzinfo=UTC)
URL = "https://www.example.org/news"
ZONE = ZoneInfo("UTC")


def page(number: int, *, last: int | None = None, next_to: str = "") -> str:
    rows = "".join(
        f"<li>0{day} May 2024 <a href='/news/2024/05/0{day}/title-of-page-{number}-row-{day}'>Title of page {number}"
        f" and row {day}</a></li>"
        for day in range(1, 5)
    )
    following = next_to or (f"?page={number + 1}" if last is None or number < last else "")
    return f"<html><body><ul>{rows}</ul>{f'<a rel=next href={following}>Next</a>' if following else ''}</body></html>"


class Site:
    def __init__(self, pages: dict[int, str], *, endless: bool = False) -> None:
        self.pages = pages
        self.endless = endless
        self.asked: list[str] = []

    def answer(self, url: str) -> Fetched | Failed:
        number = int(url.partition("page=")[2] or 1)
        body = self.pages.get(number) or (page(number) if self.endless else "")
        if not body:
            return Failed(at=NOW, failure=Failure.TIMEOUT, detail="It did not answer.")
        return Fetched(
            url=url, final_url=url, status=200, headers=(("content-type", "text/html"),), body=body.encode(),
            started_at=NOW, finished_at=NOW,
        )  # fmt: skip

    async def get(self, url: str) -> Fetched | Failed:
        self.asked.append(url)
        return self.answer(url)

    async def walk(self, *, most: int = 10, known: frozenset[str] = frozenset()) -> Walk:
        first = self.answer(URL)
        assert isinstance(first, Fetched)
        return await walk(read_listing(first, zone=ZONE), URL, get=self.get, zone=ZONE, most=most, known=known)


async def test_a_list_is_walked_to_its_end_in_order() -> None:
    site = Site({number: page(number, last=3) for number in (1, 2, 3)})
    found = await site.walk()
    assert (found.pages, found.following) == (3, None)
    assert site.asked == [f"{URL}?page=2", f"{URL}?page=3"]
    assert [entry.title[:15] for entry in found.entries][::4] == [
        "Title of page 1",
        "Title of page 2",
        "Title of page 3",
    ]
    assert len(found.entries) == 12


async def test_no_more_pages_are_asked_than_allowed() -> None:
    site = Site({1: page(1)}, endless=True)
    found = await site.walk(most=3)
    assert (found.pages, len(site.asked)) == (3, 2)
    assert found.following == f"{URL}?page=4"
    assert "3 pages" in found.why
    assert (await site.walk(most=10_000)).pages == MAX_PAGES


async def test_a_circle_is_not_walked_twice() -> None:
    site = Site({1: page(1), 2: page(2, next_to="/news")})
    found = await site.walk()
    assert found.pages == 2
    assert site.asked == [f"{URL}?page=2"]
    assert found.why.endswith("was read before.") or found.following is None


async def test_a_site_that_shows_one_page_under_every_number_ends_the_walk() -> None:
    site = Site({1: page(1), 2: page(1, next_to="?page=3"), 3: page(1)})
    found = await site.walk()
    assert (found.pages, len(found.entries)) == (1, 4)
    assert "nothing new" in found.why


async def test_a_page_that_fails_ends_the_walk_and_keeps_what_was_read() -> None:
    site = Site({1: page(1), 2: page(2)})
    found = await site.walk()
    assert (found.pages, len(found.entries)) == (2, 8)
    assert found.following == f"{URL}?page=3"
    assert "It did not answer." in found.why


async def test_a_page_of_something_else_ends_the_walk() -> None:
    found = await Site({1: page(1), 2: "<rss version='2.0'><channel></channel></rss>"}).walk()
    assert found.pages == 1
    assert "no further page" in found.why


async def test_a_catch_up_ends_where_everything_is_known() -> None:
    site = Site({1: page(1)}, endless=True)
    everything = await site.walk(most=5)
    known = frozenset(entry.key for entry in everything.entries if "page 3" in entry.title)
    site.asked.clear()
    found = await site.walk(known=known)
    assert site.asked == [f"{URL}?page=2", f"{URL}?page=3"]
    assert found.why == "Everything on its last page is known."
