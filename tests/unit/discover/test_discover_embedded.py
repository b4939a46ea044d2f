"""Lists that a script draws: the data that the page carries for it. Every page here is synthetic."""

from __future__ import annotations

import contextlib
import html
import json
import time
from zoneinfo import ZoneInfo

import pytest

from scraper import html as markup_of
from scraper.discover.embedded import endpoints
from scraper.discover.entries import NotAListing
from scraper.discover.pages import read_page

BRUSSELS = ZoneInfo("Europe/Brussels")
URL = "https://www.example.org/en/news"
SITE = "https://www.example.org"
TITLES = [
    "Minister opens the new bridge over the river",
    "Statement on the situation in the northern valley",
    "Annual report shows steady growth",
]
PATHS = [f"/en/news/{title.lower().replace(' ', '-')}" for title in TITLES]
ROWS = [
    {"title": title, "url": path, "date": f"2024-05-0{day}"}
    for day, (title, path) in enumerate(zip(TITLES, PATHS, strict=True), 1)
]
DATA = json.dumps({"props": {"list": ROWS}})
FLAT: list[object] = [{"list": 1}, [2, 6, 10], {"title": 3, "url": 4, "date": 5}]
for _row in ROWS:
    FLAT += [
        _row["title"],
        _row["url"],
        _row["date"],
        {"title": len(FLAT) + 4, "url": len(FLAT) + 5, "date": len(FLAT) + 6},
    ]
FLIGHT = f'2:["$","main",null,{{"children":["$","$L3",null,{DATA}]}}]\n4:null\n'


def page(body: str, head: str = "") -> str:
    start = f"<!doctype html><html lang=en><head><title>News</title>{head}</head>"
    return f"{start}<body><div id=app></div>{body}</body></html>"


CARRIERS = [
    pytest.param(f"<script id=__NEXT_DATA__ type=application/json>{DATA}</script>", id="Next.js"),
    pytest.param(f"<script>window.__INITIAL_STATE__ = {DATA};</script>", id="an assignment"),
    pytest.param(f"<script>window['__STATE__']={DATA},window.b=2</script>", id="an assignment in brackets"),
    pytest.param(f"<script>var initial = {DATA}</script>", id="a variable"),
    pytest.param(f"<script>window.__S__ = JSON.parse({json.dumps(DATA)});</script>", id="a string that is parsed"),
    pytest.param(f"<script type='application/ld+json'>{DATA}</script>", id="JSON-LD"),
    pytest.param(f'<div id=app data-page="{html.escape(DATA)}"></div>', id="Inertia's attribute"),
    pytest.param(f'<div wire:snapshot="{html.escape(DATA)}"></div>', id="Livewire's attribute"),
    pytest.param(f'<astro-island props="{html.escape(DATA)}"></astro-island>', id="Astro's attribute"),
    pytest.param(
        f"<script>self.__next_f.push([1,{json.dumps(FLIGHT[:90])}])</script>"
        f"<script>self.__next_f.push([1,{json.dumps(FLIGHT[90:])}])</script>",
        id="Next.js's stream, cut in two",
    ),
    pytest.param(f"<script type=application/json id=__NUXT_DATA__>{json.dumps(FLAT)}</script>", id="Nuxt's flat array"),
]


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_page_that_links_nothing_is_read_by_its_data(carrier: str) -> None:
    listed = read_page(page(carrier), URL, zone=BRUSSELS)
    assert [entry.url for entry in listed.entries] == [SITE + path for path in PATHS]
    assert [entry.title for entry in listed.entries] == TITLES
    assert [entry.published.at.day for entry in listed.entries if entry.published] == [1, 2, 3]


def test_what_has_a_slug_alone_lies_under_the_page() -> None:
    rows = [{"title": row["title"], "slug": row["url"].rpartition("/")[2], "date": row["date"]} for row in ROWS]
    listed = read_page(page(f"<script type=application/json>{json.dumps(rows)}</script>"), f"{URL}?x=1", zone=BRUSSELS)
    assert [entry.url for entry in listed.entries] == [SITE + path for path in PATHS]


def test_links_count_where_there_are_links() -> None:
    links = "".join(f"<li>{row['date']} <a href='{row['url']}-linked'>{row['title']}</a></li>" for row in ROWS)
    listed = read_page(page(f"<ul>{links}</ul><script type=application/json>{DATA}</script>"), URL, zone=BRUSSELS)
    assert all(entry.url.endswith("-linked") for entry in listed.entries)


def test_known_shapes_choose_among_the_data() -> None:
    other = [
        {"title": f"{title} again", "url": f"/en/jobs/{n}-of-us", "date": "2024-05-01"}
        for n, title in enumerate(TITLES)
    ]
    data = json.dumps(ROWS + other)
    listed = read_page(
        page(f"<script type=application/json>{data}</script>"), URL, zone=BRUSSELS, shapes=("/en/news/{slug}",)
    )
    assert [entry.url for entry in listed.entries] == [SITE + path for path in PATHS]


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("window.a = {b: 1};" * 1_000, id="programs"),
        pytest.param("window.a = [" + "[" * 500_000, id="an array that never ends"),
        pytest.param('window.a = JSON.parse("' + '\\"' * 500_000, id="a string that never ends"),
        pytest.param('self.__next_f.push([1,"1:[\\n2:["])' * 20_000, id="a stream of beginnings"),
        pytest.param("var x = " + "{" * 1_000 + " var y = [" * 100_000, id="beginnings of all sorts"),
        pytest.param('window.a={"b":"' + "x" * 3_000_000 + '"}', id="three megabytes"),
    ],
)
def test_hostile_scripts_cost_little(script: str) -> None:
    started = time.process_time()
    with contextlib.suppress(NotAListing):
        read_page(page(f"<script>{script}</script>" * 2), URL, zone=BRUSSELS)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "carrier",
    [
        pytest.param(
            '<script type=application/json id=__NUXT_DATA__>[{"a":-1,"b":99,"c":0,"d":true}]</script>',
            id="out of range",
        ),
        pytest.param("<script type=application/json>" + "[" * 5_000 + "</script>", id="deep"),
        pytest.param("<div data-page='{'></div><div data-page=''></div>", id="broken attributes"),
    ],
)
def test_broken_data_is_no_data(carrier: str) -> None:
    with pytest.raises(NotAListing):
        read_page(page(carrier), URL, zone=BRUSSELS)


NAMED = [
    pytest.param(
        "<link rel='https://api.w.org/' href='/wp-json/'>", "/wp-json/wp/v2/posts", id="WordPress"
    ),
    pytest.param("<link rel=alternate type=application/json href='/news.json'>", "/news.json", id="an alternate"),
    pytest.param("<link rel=preload as=fetch href='/data/list'>", "/data/list", id="what is to be fetched"),
    pytest.param("<div data-endpoint='/api/search?type=news'></div>", "/api/search?type=news", id="an attribute"),
    pytest.param("<script src=/etc.clientlibs/site.js></script>", "/en/news.model.json", id="Adobe's content model"),
    pytest.param(
        "<meta property='cq:pagemodel_root_url' content='/content/x/en.model.json'>", "/content/x/en.model.json",
        id="Adobe's root",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("head", "expected"), NAMED)
def test_a_page_names_where_it_has_json(head: str, expected: str) -> None:
    markup = page("", head)
    assert SITE + expected in endpoints(markup_of.parse(markup), markup, URL)


@pytest.mark.parametrize(
    "head",
    [
        "<div data-url='/some/page.html'></div>",
        "<div data-api='https://other.example.com/api/list.json'></div>",
        "<div data-endpoint='javascript:alert(1)//api/'></div>",
        "",
    ],
)
def test_what_is_no_json_of_this_site_is_not_named(head: str) -> None:
    markup = page(head)
    assert endpoints(markup_of.parse(markup), markup, URL) == ()
