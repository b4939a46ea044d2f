"""Feeds of every kind, well-formed and not. Every feed here is synthetic."""

from __future__ import annotations

import contextlib
import json
import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.discover.entries import NotAListing
from scraper.discover.feeds import MAX_ENTRIES, read_feed
from scraper.model import Listed, ListingKind, Origin, Precision

BRUSSELS = ZoneInfo("Europe/Brussels")
URL = "https://www.example.org/press/rss.xml"


def read(body: str | bytes, *, url: str = URL, content_type: str | None = "application/rss+xml") -> Listed:
    raw = body.encode() if isinstance(body, str) else body
    return read_feed(raw, url, content_type=content_type, zone=BRUSSELS)


def rss(items: str, *, head: str = "<title>Example newsroom</title><language>en-GB</language>", root: str = "") -> str:
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"{root}><channel>{head}{items}</channel></rss>'


ITEM = "<item><title>Minister opens bridge</title><link>https://www.example.org/press/1</link>{}</item>"


def test_an_rss_feed_yields_its_entries_title_and_language() -> None:
    listed = read(rss(ITEM.format("<pubDate>Fri, 07 Sep 2012 12:46:00 +0200</pubDate>")))
    assert listed.kind is ListingKind.FEED
    assert (listed.title, listed.language) == ("Example newsroom", "en-gb")
    (entry,) = listed.entries
    assert (entry.url, entry.key) == ("https://www.example.org/press/1", "example.org/press/1")
    assert entry.title == "Minister opens bridge"
    assert entry.published is not None
    assert entry.published.at == datetime(2012, 9, 7, 10, 46, tzinfo=UTC)
    assert entry.published.origin is Origin.LISTING
    assert entry.updated is None


def test_natos_dates_are_read_as_they_are_written() -> None:
    """Its feed wrote neither RFC 822 nor ISO 8601: no weekday, and a full stop after the month."""
    (entry,) = read(rss(ITEM.format("<pubDate>19 Sep. 2025 12:00:00 GMT</pubDate>"))).entries
    assert entry.published is not None
    assert entry.published.at == datetime(2025, 9, 19, 12, tzinfo=UTC)
    assert entry.published.raw == "19 Sep. 2025 12:00:00 GMT"
    assert not entry.published.zone_assumed


def test_a_time_without_a_zone_is_read_in_the_sources() -> None:
    (entry,) = read(rss(ITEM.format("<pubDate>19 Sep 2025 12:00:00</pubDate>"))).entries
    assert entry.published is not None
    assert entry.published.at == datetime(2025, 9, 19, 10, tzinfo=UTC)
    assert entry.published.zone_assumed


def test_an_atom_feed_tells_publication_from_update() -> None:
    listed = read(
        """<?xml version="1.0"?>
        <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr" xml:base="https://press.example.org/fr/">
        <title type="html">Salle &lt;b&gt;de presse&lt;/b&gt;</title><link rel="self" href="atom.xml"/>
        <entry><title type="html">L&amp;#8217;accord &lt;em&gt;sign&#233;&lt;/em&gt;</title>
        <id>tag:example.org,2024:1</id>
        <link rel="edit" href="https://www.example.org/edit/1"/><link rel="alternate" href="2024/accord.html"/>
        <published>2024-05-05</published><updated>2024-05-06T08:00:00Z</updated><summary>Texte</summary></entry></feed>""",
        content_type="application/atom+xml",
    )
    assert (listed.title, listed.language) == ("Salle de presse", "fr")
    (entry,) = listed.entries
    assert entry.url == "https://press.example.org/fr/2024/accord.html"
    assert entry.title == "L’accord signé"
    assert entry.published is not None
    assert entry.updated is not None
    assert entry.published.precision is Precision.DAY
    assert entry.updated.at == datetime(2024, 5, 6, 8, tzinfo=UTC)


def test_an_rdf_feed_dates_by_dublin_core() -> None:
    (entry,) = read(
        """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://e.org/"><title>N</title></channel>
        <item rdf:about="https://e.org/1"><title>One</title><link>https://e.org/1</link><dc:date>2024-05-05T10:00+02:00</dc:date>
        </item></rdf:RDF>"""
    ).entries
    assert entry.published is not None
    assert entry.published.at == datetime(2024, 5, 5, 8, tzinfo=UTC)
    assert entry.updated is None


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        pytest.param("<guid>https://e.org/g</guid>", ["https://e.org/g"], id="a permalink guid is the link"),
        pytest.param("<guid isPermaLink='false'>abc</guid>", [], id="a guid that is no address leads nowhere"),
        pytest.param("<title>Only a title</title>", [], id="no link and no guid is no entry"),
        pytest.param("<link>/press/2</link>", ["https://www.example.org/press/2"], id="a relative link joins the feed"),
        pytest.param("<link>\n https://e.org/a \n</link>", ["https://e.org/a"], id="white space around a link"),
        pytest.param("<link>javascript:alert(1)</link>", [], id="a script is no link"),
        pytest.param(
            "<link>javascript:alert(1)</link><guid>https://e.org/g</guid>", ["https://e.org/g"], id="the guid stands in"
        ),
        pytest.param("<link>https://e.org/a?utm_source=rss</link>", ["https://e.org/a"], id="tracking goes"),
        pytest.param("<link>https://e.org/a?x=1&amp;amp;y=2</link>", ["https://e.org/a?x=1&y=2"], id="doubly escaped"),
        pytest.param(
            "<link>https://p.example.com/~r/1</link><fb:origLink xmlns:fb='http://rssnamespace.org/feedburner/ext/1.0'>"
            "https://e.org/a</fb:origLink>",
            ["https://e.org/a"],
            id="the address behind a proxy of feeds",
        ),
    ],
)
def test_an_entry_is_known_by_where_it_leads(item: str, expected: list[str]) -> None:
    assert [entry.url for entry in read(rss(f"<item>{item}</item>")).entries] == expected


def test_one_release_under_two_addresses_is_one_entry() -> None:
    items = "".join(
        f"<item><title>{n}</title><link>http{s}://e.org/a{t}</link></item>" for n, s, t in [(1, "", "/"), (2, "s", "")]
    )
    assert [entry.title for entry in read(rss(items)).entries] == ["1"]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("A &amp;amp; B", "A & B"),
        ("A &lt;b&gt;bold&lt;/b&gt; word", "A bold word"),
        ("<![CDATA[A <i>slanted</i>  word]]>", "A slanted word"),
        ("One&lt;br/&gt;two", "One two"),
        ("5 &lt; 6", "5 < 6"),
        ("Tom &amp;#8217; s", "Tom ’ s"),
    ],
)
def test_a_title_is_plain_text(title: str, expected: str) -> None:
    (entry,) = read(rss(f"<item><title>{title}</title><link>https://e.org/a</link></item>")).entries
    assert entry.title == expected


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(rss(ITEM.format("<description>A & B</description>")), id="a bare ampersand"),
        pytest.param(rss(ITEM.format("<description>&nbsp;</description>")), id="an undeclared entity"),
        pytest.param(rss(ITEM.format("<description><![CDATA[never closed")), id="an unclosed CDATA section"),
        pytest.param(rss(ITEM.format("</wrong>")), id="a wrong closing tag"),
        pytest.param("\n\n  " + rss(ITEM.format("")), id="white space before the declaration"),
        pytest.param("\ufeff" + rss(ITEM.format("")), id="a byte order mark"),
        pytest.param(rss(ITEM.format(""))[:-20], id="an end that never came"),
        pytest.param(rss(ITEM.format("")).encode("utf-16"), id="UTF-16"),
        pytest.param(rss(ITEM.format("")).encode("utf-16-le"), id="UTF-16 without a mark"),
        pytest.param(
            rss(ITEM.format("<description>caf\xe9</description>")).encode("cp1252"), id="not the encoding it says"
        ),
        pytest.param(rss(ITEM.format("<description>" + "&lt;br&gt;" * 2000 + "</description>")), id="many line breaks"),
        pytest.param(
            rss(ITEM.format("<description><![CDATA[" + "<br><p>" * 2000 + "]]></description>")), id="unclosed HTML"
        ),
    ],
)
def test_malformed_feeds_are_read_all_the_same(body: str | bytes) -> None:
    assert [entry.url for entry in read(body).entries] == ["https://www.example.org/press/1"]


def test_a_feed_without_entries_is_a_feed() -> None:
    assert read(rss("")).entries == ()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("", id="nothing"),
        pytest.param("<!doctype html><html><body><rss></body></html>", id="a page"),
        pytest.param("<?xml version='1.0'?><urlset></urlset>", id="a sitemap"),
        pytest.param("plain text", id="plain text"),
        pytest.param(b"\x89PNG\r\n\x1a\n", id="a picture"),
        pytest.param('{"a": 1}', id="other JSON"),
        pytest.param('{"version": "https://jsonfeed.org/version/1", "items": [', id="broken JSON"),
        pytest.param('{"version": "https://jsonfeed.org/version/1", "items": 1}', id="JSON Feed without items"),
        pytest.param(
            '{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 200_000, id="JSON nested deeply"
        ),
    ],
)
def test_what_is_no_feed_is_refused_with_a_sentence(body: str | bytes) -> None:
    with pytest.raises(NotAListing, match=r"^It .+\.$"):
        read(body)


def test_a_json_feed_yields_its_entries() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Newsroom",
        "language": "en-US",
        "items": [
            {"id": "1", "url": "/a", "title": "One", "date_published": "2024-05-05T10:00:00Z", "content_text": "Text"},
            {"id": "https://e.org/b", "title": "Two", "date_modified": "2024-05-06T10:00:00Z"},
            {"id": 3, "title": "Three"},
            "nonsense",
            {"id": "4", "url": 4, "title": None},
        ],
    }
    listed = read(json.dumps(feed), content_type="application/feed+json")
    assert [(entry.url, entry.title) for entry in listed.entries] == [
        ("https://www.example.org/a", "One"),
        ("https://e.org/b", "Two"),
    ]
    assert listed.entries[1].updated is not None
    assert (listed.title, listed.language) == ("Newsroom", "en-us")


LAUGH = "&a{};"
ENTITIES = "".join(f'<!ENTITY a{n} "{LAUGH.format(n - 1) * 10}">' for n in range(1, 10))
LAUGHS = f'<!DOCTYPE x [<!ENTITY a0 "lol">{ENTITIES}]>'
QUADRATIC = f'<!DOCTYPE x [<!ENTITY a "{"a" * 3_000}">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(LAUGHS + rss("<item><title>&a9;</title></item>"), id="billion laughs"),
        pytest.param(QUADRATIC + rss("<item><title>" + "&a;" * 300_000 + "</title></item>"), id="quadratic entities"),
        pytest.param(rss("<item>" * 200_000), id="200,000 nested items"),
        pytest.param(rss("<a>" * 200_000), id="200,000 nested elements"),
        pytest.param(rss("<" * 2_000_000), id="two million brackets"),
        pytest.param(rss("<item " + "a='1' " * 300_000), id="a tag without end"),
        pytest.param(rss("".join(f"<item><link>/{n}</link></item>" for n in range(60_000))), id="60,000 items"),
    ],
)
def test_hostile_feeds_cost_little(body: str) -> None:
    started = time.process_time()
    with contextlib.suppress(NotAListing):
        assert len(read(body).entries) <= MAX_ENTRIES
    assert time.process_time() - started < 15


def test_an_entity_from_outside_is_not_fetched() -> None:
    (entry,) = read(OUTSIDE + rss("<item><title>[&a;]</title><link>https://e.org/a</link></item>")).entries
    assert entry.title in ("[]", "[&a;]")


def test_of_too_many_entries_the_first_are_read() -> None:
    listed = read(rss("".join(f"<item><link>/{n}</link></item>" for n in range(MAX_ENTRIES + 10))))
    assert len(listed.entries) == MAX_ENTRIES
    assert listed.entries[0].url == "https://www.example.org/0"


_SCRAPS = st.sampled_from(
    "<rss>|<channel>|<item>|</item>|<link>https://e.org/a</link>|<title>|</title>|<![CDATA[|]]>|&|&lt;|<!DOCTYPE x>"
    "|<feed>|<entry>|<link href='b'/>|<pubDate>5 May 2024</pubDate>|<?xml encoding='x'?>|\x00|é|<!--".split("|")
)


@given(
    st.lists(_SCRAPS, max_size=25).map("".join), st.sampled_from([None, "text/html", "text/xml; charset=x", "a;b;c"])
)
def test_any_bytes_give_entries_or_a_refusal(body: str, content_type: str | None) -> None:
    try:
        listed = read(f"<rss>{body}", content_type=content_type)
    except NotAListing:
        return
    assert all(entry.url.startswith("http") for entry in listed.entries)


@pytest.mark.parametrize(
    ("home", "extra"),
    [
        pytest.param("https://www.example.org/", "https://www.example.org", id="the channel's own page"),
        pytest.param("feed.xml", "https://www.example.org/press/", id="the section that the others lie in"),
    ],
)
def test_an_item_that_leads_to_the_list_itself_is_no_release(home: str, extra: str) -> None:
    items = "".join(f"<item><link>https://www.example.org/press/{n}</link></item>" for n in range(4))
    listed = read(rss(f"<link>{home}</link>{items}<item><link>{extra}</link></item>"))
    assert [entry.url[-1] for entry in listed.entries] == ["0", "1", "2", "3"]


def test_a_feed_whose_only_item_is_its_page_keeps_it() -> None:
    listed = read(rss("<link>https://www.example.org/</link><item><link>https://www.example.org/</link></item>"))
    assert len(listed.entries) == 1
