"""Sitemaps, their indexes, news and text sitemaps. Every one here is synthetic."""

from __future__ import annotations

import gzip
import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.discover.entries import NotAListing
from scraper.discover.sitemaps import MAX_CHILDREN, MAX_ENTRIES, read_sitemap
from scraper.model import Listed, ListingKind

BRUSSELS = ZoneInfo("Europe/Brussels")
URL = "https://www.example.org/sitemap.xml"
NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)


def read(body: str | bytes, *, shapes: tuple[str, ...] = ()) -> Listed:
    raw = body.encode() if isinstance(body, str) else body
    return read_sitemap(raw, URL, zone=BRUSSELS, shapes=shapes)


def urlset(rows: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {NAMESPACES}>{rows}</urlset>'


def index(rows: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex {NAMESPACES}>{rows}</sitemapindex>'


ROW = "<url><loc>https://www.example.org/news/2024/05/05/title</loc><lastmod>2024-05-06T10:00:00+02:00</lastmod></url>"


def test_a_sitemap_names_addresses_and_when_they_were_updated() -> None:
    listed = read(
        urlset(ROW + "<url><loc> /about </loc><image:image><image:loc>/x.jpg</image:loc></image:image></url>")
    )
    assert listed.kind is ListingKind.SITEMAP
    first, second = listed.entries
    assert first.key == "example.org/news/2024/05/05/title"
    assert first.published is None
    assert first.updated is not None
    assert first.updated.at == datetime(2024, 5, 6, 8, tzinfo=UTC)
    assert second.url == "https://www.example.org/about"
    assert second.updated is None


def test_a_news_sitemap_names_titles_and_dates_of_publication() -> None:
    (entry,) = read(
        urlset(
            "<url><loc>https://e.org/a</loc><news:news><news:publication><news:name>N</news:name><news:language>en"
            "</news:language></news:publication><news:publication_date>2024-05-05</news:publication_date>"
            "<news:title>Bridge &amp; river</news:title></news:news></url>"
        )
    ).entries
    assert entry.title == "Bridge & river"
    assert entry.published is not None
    assert entry.published.at == datetime(2024, 5, 5, tzinfo=UTC)


def test_an_index_leads_to_its_sitemaps_the_newest_first() -> None:
    listed = read(
        index(
            "<sitemap><loc>/a.xml</loc><lastmod>2024-01-01</lastmod></sitemap>"
            "<sitemap><loc>/b.xml</loc><lastmod>2024-03-01</lastmod></sitemap>"
            "<sitemap><loc>/c.xml</loc><lastmod>2024-02-01</lastmod></sitemap>"
        )
    )
    assert listed.entries == ()
    assert [child[-5:] for child in listed.children] == ["b.xml", "c.xml", "a.xml"]


def test_an_index_without_times_is_ordered_by_the_years_in_its_addresses() -> None:
    rows = "".join(f"<sitemap><loc>/sitemap-{year}.xml</loc></sitemap>" for year in (2022, 2024, 2023))
    assert [child[-8:-4] for child in read(index(rows)).children] == ["2024", "2023", "2022"]


def test_an_index_that_names_itself_does_not_lead_to_itself() -> None:
    listed = read(index(f"<sitemap><loc>{URL}</loc></sitemap><sitemap><loc>/a.xml</loc></sitemap>"))
    assert listed.children == ("https://www.example.org/a.xml",)


def test_an_index_of_thousands_is_capped() -> None:
    rows = "".join(f"<sitemap><loc>/{number}.xml</loc></sitemap>" for number in range(3_000))
    assert len(read(index(rows)).children) == MAX_CHILDREN


def test_a_prefixed_sitemap_is_a_sitemap() -> None:
    body = '<s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9"><s:url><s:loc>/a</s:loc></s:url></s:urlset>'
    assert [entry.url for entry in read(body).entries] == ["https://www.example.org/a"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(gzip.compress(urlset(ROW).encode()), id="gzip"),
        pytest.param(gzip.compress(urlset(ROW).encode())[:-8], id="gzip without its end"),
        pytest.param(
            gzip.compress(urlset(ROW)[:90].encode()) + gzip.compress(urlset(ROW)[90:].encode()), id="two members"
        ),
        pytest.param(b"\xef\xbb\xbf" + urlset(ROW).encode(), id="a byte order mark"),
        pytest.param("\n\n" + urlset(ROW), id="white space before the declaration"),
        pytest.param(urlset(ROW + "<url><loc>https://www.example.org/cut")[:-9], id="cut off in a row"),
        pytest.param(
            urlset(ROW + "<url><loc>https://www.example.org/a&b</loc></url>"), id="broken after the first row"
        ),
        pytest.param("https://www.example.org/news/2024/05/05/title\n", id="a text sitemap"),
        pytest.param(b"\xef\xbb\xbfhttps://www.example.org/news/2024/05/05/title\r\n", id="a text sitemap with a mark"),
        pytest.param(urlset(ROW).replace("UTF-8", "utf-16").encode("utf-16"), id="UTF-16"),
    ],
)
def test_ways_of_sending_a_sitemap(body: str | bytes) -> None:
    assert read(body).entries[0].key == "example.org/news/2024/05/05/title"


def test_with_shapes_only_releases_are_taken() -> None:
    rows = ROW + "<url><loc>/about/people</loc></url><url><loc>/news/2024/05/06/prize</loc></url>"
    listed = read(urlset(rows), shapes=("/news/{y}/{m}/{d}/{slug}",))
    assert [entry.url[-5:] for entry in listed.entries] == ["title", "prize"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("", id="nothing"),
        pytest.param("<html><body>Not found</body></html>", id="a page"),
        pytest.param("<urlset><url><loc", id="broken before the first row"),
        pytest.param("https://e.org/a\nand words", id="text that is no list of addresses"),
        pytest.param(b"\x1f\x8b\x08broken", id="broken gzip"),
        pytest.param("<?xml version='1.0' encoding='nonsense'?><urlset/>", id="an unknown encoding"),
        pytest.param(urlset("<a>" * 100_000), id="nested deeply"),
        pytest.param('<!DOCTYPE x [<!ENTITY a "b">]>' + "<urlset><url><loc>/&a;</loc></url></urlset>", id="entities"),
        pytest.param('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><urlset/>', id="entities from outside"),
    ],
)
def test_what_is_no_sitemap_is_refused_with_a_sentence(body: str | bytes) -> None:
    with pytest.raises(NotAListing, match=r"^It .+"):
        read(body)


def test_a_compression_bomb_is_cut_off() -> None:
    bomb = gzip.compress((urlset(ROW)[:-9] + " " * 100_000_000).encode(), compresslevel=9)
    started = time.process_time()
    assert len(bomb) < 1_000_000
    assert len(read(bomb).entries) == 1
    assert time.process_time() - started < 10


def test_of_too_many_addresses_the_first_are_read() -> None:
    rows = "".join(f"<url><loc>/{number}</loc></url>" for number in range(MAX_ENTRIES + 100))
    assert len(read(urlset(rows)).entries) == MAX_ENTRIES


_SCRAPS = st.sampled_from(
    "<url>|</url>|<loc>|</loc>|/a|https://e.org/b|<lastmod>|</lastmod>|2024-05-05|&amp;|&|<![CDATA[|]]>|</urlset>|é|\x0b".split(
        "|"
    )
)


@given(st.lists(_SCRAPS, max_size=25).map("".join))
def test_any_markup_gives_entries_or_a_refusal(body: str) -> None:
    try:
        listed = read(f"<urlset>{body}")
    except NotAListing:
        return
    assert all(entry.url.startswith("http") for entry in listed.entries)
