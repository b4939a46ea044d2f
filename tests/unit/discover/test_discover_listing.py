"""A look at a listing: what it is by its bytes."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from scraper.discover import NotAListing, read_listing
from scraper.model import Fetched, ListingKind

BRUSSELS = ZoneInfo("Europe/Brussels")
NOW = datetime(2024, 5, 5, 12, tzinfo=UTC)
FEED = b"<rss version='2.0'><channel><item><title>T</title><link>/news/2024/1</link></item></channel></rss>"
SITEMAP = b"<urlset><url><loc>/news/2024/1</loc></url></urlset>"
DATA = b'[{"title": "A title of several words", "url": "/news/2024/1", "date": "2024-05-05"}]'
PAGE = b"<html><body><ul><li>5 May 2024 <a href='/news/2024/1'>A title of several words</a></li></ul></body></html>"


def fetched(body: bytes, media: str | None = "text/html", url: str = "https://e.org/list") -> Fetched:
    headers = (("content-type", media),) if media else ()
    return Fetched(
        url="https://e.org/asked",
        final_url=url,
        status=200,
        headers=headers,
        body=body,
        started_at=NOW,
        finished_at=NOW,
    )


@pytest.mark.parametrize(
    ("body", "media", "expected"),
    [
        pytest.param(FEED, "text/html; charset=utf-8", ListingKind.FEED, id="a feed that calls itself a page"),
        pytest.param(FEED, None, ListingKind.FEED, id="a feed without a type"),
        pytest.param(SITEMAP, "text/plain", ListingKind.SITEMAP, id="a sitemap that calls itself text"),
        pytest.param(b"https://e.org/news/2024/1\n", "text/plain", ListingKind.SITEMAP, id="a list of addresses"),
        pytest.param(PAGE, "application/xml", ListingKind.PAGE, id="a page that calls itself XML"),
        pytest.param(PAGE, None, ListingKind.PAGE, id="a page without a type"),
        pytest.param(DATA, "text/html", ListingKind.JSON, id="JSON that calls itself a page"),
        pytest.param(b"\xef\xbb\xbf\n" + DATA, None, ListingKind.JSON, id="JSON without a type, after a mark"),
        pytest.param(b"{# a template's rest #}" + PAGE, "text/html", ListingKind.PAGE, id="a page after a brace"),
    ],
)
def test_the_bytes_say_what_a_listing_is(body: bytes, media: str | None, expected: ListingKind) -> None:
    listed = read_listing(fetched(body, media), zone=BRUSSELS)
    assert listed.kind is expected
    assert [entry.key for entry in listed.entries] == ["e.org/news/2024/1"]


@pytest.mark.parametrize("body", [FEED, SITEMAP])
def test_shapes_choose_among_the_entries(body: bytes) -> None:
    assert len(read_listing(fetched(body), zone=BRUSSELS, shapes=("/news/{y}/{d}",)).entries) <= 1
    assert read_listing(fetched(body), zone=BRUSSELS, shapes=("/other/{slug}",)).entries == ()


def test_json_without_releases_is_refused() -> None:
    with pytest.raises(NotAListing, match="none of its arrays"):
        read_listing(fetched(b'{"a": 1}', "application/json"), zone=BRUSSELS)


def test_a_feed_that_answers_with_a_page_is_refused() -> None:
    with pytest.raises(NotAListing, match="It was a feed and answered with a page"):
        read_listing(fetched(PAGE), zone=BRUSSELS, kind=ListingKind.FEED)


@pytest.mark.parametrize(
    ("body", "media"),
    [
        (b"", "text/html"),
        (b"%PDF-1.7", "application/pdf"),
        (b"\x89PNG\r\n\x00", None),
        (b"{not json", "application/json"),
    ],
)
def test_what_lists_nothing_is_refused(body: bytes, media: str | None) -> None:
    with pytest.raises(NotAListing, match="nothing that lists anything"):
        read_listing(fetched(body, media), zone=BRUSSELS)


def test_relative_addresses_join_the_address_that_answered() -> None:
    listed = read_listing(fetched(FEED, url="https://press.example.org/x/"), zone=BRUSSELS)
    assert listed.entries[0].url == "https://press.example.org/news/2024/1"


def test_a_page_is_decoded_by_its_own_charset() -> None:
    body = PAGE.replace(b"A title", "Älterer Titel".encode("cp1252")).replace(b"<body>", b"<meta charset=latin1><body>")
    assert read_listing(fetched(body), zone=BRUSSELS).entries[0].title.startswith("Älterer Titel")
