"""Releases in JSON of any form. Every document here is synthetic, in the forms of real systems."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.discover.entries import NotAListing
from scraper.discover.records import read_json
from scraper.model import Entry, Listed, ListingKind, Precision

BRUSSELS = ZoneInfo("Europe/Brussels")
URL = "https://www.example.org/api/news"
SITE = "https://www.example.org"
TITLES = [
    "Minister opens the new bridge over the river",
    "Statement on the situation in the northern valley",
    "Annual report shows steady growth",
]
PATHS = [f"/news/2024/05/0{day}/{title.lower().replace(' ', '-')}" for day, title in enumerate(TITLES, 1)]
NUMBERED = list(zip(range(1, 4), TITLES, PATHS, strict=True))


def read(tree: object, url: str = URL) -> Listed:
    return read_json(json.dumps(tree), url, zone=BRUSSELS)


def seen(entries: tuple[Entry, ...]) -> list[tuple[str, str, str]]:
    return [
        (each.url.removeprefix(SITE), each.title, each.published.at.date().isoformat() if each.published else "")
        for each in entries
    ]


EXPECTED = [(path, title, f"2024-05-0{day}") for day, title, path in NUMBERED]
DOCUMENTS: list[Any] = [
    pytest.param(
        [{"title": t, "url": SITE + p, "publishedAt": f"2024-05-0{d}T09:00:00Z"} for d, t, p in NUMBERED],
        id="a plain array",
    ),
    pytest.param(
        [
            {"id": d, "date": f"2024-05-0{d}T09:00:00", "date_gmt": f"2024-05-0{d}T07:00:00", "slug": "x",
             "link": SITE + p, "title": {"rendered": t}, "excerpt": {"rendered": "<p>Text</p>"},
             "guid": {"rendered": f"{SITE}/?p={d}"}, "_links": {"self": [{"href": f"{SITE}/wp-json/wp/v2/posts/{d}"}]}}
            for d, t, p in NUMBERED
        ],
        id="as WordPress",
    ),
    pytest.param(
        {"data": {"allNews": {"edges": [{"node": {"headline": t, "path": p, "publishDate": f"0{d} May 2024"}}
                                        for d, t, p in NUMBERED]}}},
        id="as GraphQL",
    ),
    pytest.param(
        {"hits": {"total": 3, "hits": [{"_id": str(d), "_source": {"title": t, "uri": p, "date": f"2024-05-0{d}"}}
                                       for d, t, p in NUMBERED]}},
        id="as Elasticsearch",
    ),
    pytest.param(
        {"jsonapi": {"version": "1.0"}, "data": [
            {"type": "node--news", "id": "a", "links": {"self": {"href": f"{SITE}/jsonapi/node/news/{d}"}},
             "attributes": {"title": t, "path": {"alias": p}, "created": f"2024-05-0{d}T10:00:00+02:00"}}
            for d, t, p in NUMBERED]},
        id="as Drupal's JSON:API",
    ),
    pytest.param(
        {"@context": "https://schema.org", "@type": "ItemList", "itemListElement": [
            {"@type": "ListItem", "position": d,
             "item": {"@type": "NewsArticle", "@id": SITE + p, "headline": t, "datePublished": f"2024-05-0{d}"}}
            for d, t, p in NUMBERED]},
        id="as JSON-LD's ItemList",
    ),
    pytest.param(
        {":type": "page", ":items": {"root": {":items": {"list": {":type": "x/list", "items": [
            {"title": t, "url": p, "lastModified": 1714554000000 + 86400000 * (d - 1), "path": f"/content{p}"}
            for d, t, p in NUMBERED]}}}}},
        id="as Adobe's content model, with times in milliseconds",
    ),
    pytest.param(
        {"results": {f"item{d}": {"name": t, "link": {"url": p, "text": "Read more"}, "Date_Published": f"2024/05/0{d}"}
                     for d, t, p in NUMBERED}},
        id="an object of objects, with a link in an object",
    ),
]  # fmt: skip


@pytest.mark.parametrize("tree", DOCUMENTS)
def test_the_forms_of_many_systems_yield_address_title_and_date(tree: object) -> None:
    listed = read(tree)
    assert listed.kind is ListingKind.JSON
    assert seen(listed.entries) == EXPECTED


def test_publication_and_update_are_told_apart() -> None:
    rows = [{"title": t, "url": p, "published": "2024-05-01", "modified": "2024-05-09T10:00Z"} for _, t, p in NUMBERED]
    entry = read(rows).entries[0]
    assert entry.published is not None
    assert entry.updated is not None
    assert entry.published.precision is Precision.DAY
    assert entry.updated.at == datetime(2024, 5, 9, 10, tzinfo=UTC)


def test_menus_pictures_people_and_tags_beside_the_list_are_left_out() -> None:
    tree = {
        "menu": [{"title": t, "url": f"/{t.lower()}"} for t in ("About us", "Press", "Contact", "Jobs")],
        "footer": [{"label": "Privacy notice and personal data", "href": "/legal/privacy"}],
        "news": [
            {"title": t, "url": p, "date": f"2024-05-0{d}", "image": {"title": "A bridge", "url": f"/i/{d}.jpg"},
             "author": {"name": "Anna Example of the press office", "url": f"/authors/anna-example-{d}"},
             "tags": [{"name": "The long name of a topic", "url": f"/tags/the-long-name-{d}"}]}
            for d, t, p in NUMBERED
        ],
    }  # fmt: skip
    assert seen(read(tree).entries) == EXPECTED


def test_undated_titles_with_addresses_of_releases_are_a_list() -> None:
    rows = [{"title": f"{title} and so on", "url": f"/press/{title.lower().replace(' ', '-')}"} for title in TITLES]
    assert len(read(rows).entries) == 3


def test_a_slug_alone_is_no_address() -> None:
    with pytest.raises(NotAListing):
        read([{"title": title, "slug": "a-slug-of-words", "date": "2024-05-01"} for title in TITLES])


@pytest.mark.parametrize(
    "names",
    [
        pytest.param({"next": "/api/news?page=2"}, id="next"),
        pytest.param({"links": {"next": {"href": f"{URL}?page=2"}}}, id="links"),
        pytest.param({"meta": {"next_page_url": f"{URL}?page=2"}}, id="next_page_url"),
        pytest.param({"nextPage": "?page=2"}, id="a query alone"),
    ],
)
def test_a_document_says_where_it_goes_on(names: dict[str, Any]) -> None:
    rows = [{"title": t, "url": p, "date": f"2024-05-0{d}"} for d, t, p in NUMBERED]
    assert read({"items": rows, **names}).following == f"{URL}?page=2"


@pytest.mark.parametrize("value", [URL, "https://other.example.com/next", "javascript:x", 2, None])
def test_what_leads_nowhere_is_no_next_page(value: object) -> None:
    rows = [{"title": t, "url": p, "date": f"2024-05-0{d}"} for d, t, p in NUMBERED]
    assert read({"items": rows, "next": value}).following is None


ROW = '{"title":"A title of several words here","url":"/news/2024/05/01/a-title-of-several-words","date":"2024-05-01"}'
HOSTILE = [
    pytest.param("[" * 1_000_000, id="deep arrays"),
    pytest.param('{"a":' * 500_000, id="deep objects"),
    pytest.param("[" * 900 + "]" * 900, id="as deep as may be"),
    pytest.param(f"[{'9' * 2_000_000}]", id="a number of two million digits"),
    pytest.param(f'[{{"title":"t","date":{"9" * 4_000}}}]', id="a date of 4,000 digits"),
    pytest.param(
        '[{"title":"Words of a title","url":"/n/1","date":NaN},{"date":Infinity,"title":"a"}]', id="no numbers"
    ),
    pytest.param("[" + ",".join([ROW] * 40_000) + "]", id="40,000 rows of one address"),
    pytest.param("[" + "[]," * 1_500_000 + "1]", id="arrays without end"),
    pytest.param('{"a":[' + '{"title":' * 400 + "1" + "}" * 400 + "]}", id="titles in titles"),
    pytest.param('{"title":"' + "x" * 4_000_000 + '"}', id="a title of four megabytes"),
    pytest.param("[{" + ",".join(f'"k{n}":{{"title":"a b c d"}}' for n in range(100_000)) + "}]", id="many keys"),
    pytest.param('[{"title":"\\ud800 of words and more words","url":"/n/1-ab","date":"2024-05-01"}]', id="half a sign"),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_json_costs_little(text: str) -> None:
    started = time.process_time()
    try:
        for entry in read_json(text, URL, zone=BRUSSELS).entries:
            entry.title.encode()
    except NotAListing:
        pass
    assert time.process_time() - started < 5


_NAMES = st.sampled_from(["title", "url", "date", "items", "slug", "node", "link", "published", "x"])
_VALUES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(PATHS + TITLES)
)
_TREES = st.recursive(
    _VALUES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_NAMES, inner, max_size=5), max_leaves=30
)


@given(_TREES)
def test_any_tree_gives_entries_or_a_refusal(tree: object) -> None:
    try:
        listed = read(tree)
    except NotAListing:
        return
    keys = [entry.key for entry in listed.entries]
    assert len(keys) == len(set(keys)) > 0
    assert all(entry.title and entry.url.startswith("http") for entry in listed.entries)


@given(st.text(max_size=60))
def test_any_text_gives_entries_or_a_refusal(text: str) -> None:
    with pytest.raises(NotAListing):
        read_json(text, URL, zone=BRUSSELS)
