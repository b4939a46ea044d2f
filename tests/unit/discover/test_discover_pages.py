"""List pages without a feed: which links are releases. Every page here is synthetic."""

from __future__ import annotations

import contextlib
import time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import urls
from scraper.discover.entries import NotAListing
from scraper.discover.pages import read_page, shapes_of
from scraper.model import Entry, Listed, ListingKind, Origin, Precision

BRUSSELS = ZoneInfo("Europe/Brussels")
URL = "https://www.example.org/news/list.html"

HEADER = """
<header class="site-header"><a href="/"><img src="l.png" alt="The Example Institution of Public Affairs"></a>
<nav><ul><li><a href="/about">About us</a></li><li><a href="/news/list.html">News</a></li>
<li><a href="/work/what-we-do-every-day-for-you">What we do every day for you</a></li>
<li><a href="/contact">Contact</a></li></ul></nav></header>
"""
FOOTER = """
<div class="pagination"><a href="?page=1">1</a> <a href="?page=2">2</a> <a href="?page=3">Next page</a></div>
<footer><ul class="footer-links"><li><a href="/privacy-notice">Privacy notice and personal data</a></li>
<li><a href="/terms">Terms of use of this very web site</a></li>
<li><a href="https://social.example.com/org">Follow us on the social network</a></li></ul></footer>
"""
TITLES = [
    "Minister opens the new bridge over the river",
    "Statement on the situation in the northern valley",
    "Annual report shows steady growth",
    "Council agrees on the budget for next year",
    "Visit of the delegation from abroad",
]


def page(body: str, *, lang: str = "en") -> str:
    """A whole page around a list."""
    head = f'<!doctype html><html lang="{lang}"><head><title>News | Example</title></head>'
    return f"{head}<body>{HEADER}<main>{body}</main>{FOOTER}</body></html>"


def read(body: str, *, url: str = URL, shapes: tuple[str, ...] = (), lang: str = "en") -> Listed:
    return read_page(page(body, lang=lang), url, zone=BRUSSELS, shapes=shapes)


def days(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.published.at.date().isoformat() if entry.published else "" for entry in entries]


def addresses(count: int = 5) -> list[str]:
    return [f"https://www.example.org/cps/en/natohq/news_{89780 + number}.htm" for number in range(count)]


EXPECTED_DAYS = ["2012-09-07", "2012-09-06", "2012-09-05", "2012-09-04", "2012-09-03"]
SHOWN_DAYS = ["07 Sep. 2012", "06 Sep. 2012", "05 Sep. 2012", "04 Sep. 2012", "03 Sep. 2012"]


def rows(template: str) -> str:
    return "\n".join(
        template.format(url=url, title=title, day=day, iso=iso)
        for url, title, day, iso in zip(addresses(), TITLES, SHOWN_DAYS, EXPECTED_DAYS, strict=True)
    )


SUMMARY = "A summary of some length says in a sentence or two what the release is about and who took part."
LAYOUTS = [
    pytest.param(
        "<table><tr><th>Date</th><th>Title</th></tr>"
        + rows("<tr><td>{day}</td><td><a href='{url}'>{title}</a><p>" + SUMMARY + "</p></td></tr>")
        + "</table>",
        id="a table with date, title and summary, as NATO's of 2012",
    ),
    pytest.param(
        "<ul>" + rows("<li>{day} - <a href='{url}'>{title}</a></li>") + "</ul>",
        id="a plain list with the date before the link",
    ),
    pytest.param(
        "<ul>" + rows("<li><a href='{url}'>{title}</a> ({day})</li>") + "</ul>",
        id="a plain list with the date behind the link",
    ),
    pytest.param(
        "<dl>" + rows("<dt>{day}</dt><dd><a href='{url}'>{title}</a></dd>") + "</dl>",
        id="a definition list with the date as term",
    ),
    pytest.param(
        rows("<h4>{day}</h4><ul><li><a href='{url}'>{title}</a></li></ul>"),
        id="a heading for each day",
    ),
    pytest.param(
        rows("<p><a href='{url}'>{title}</a></p><p>{day}</p>"),
        id="the date in the paragraph below",
    ),
    pytest.param(
        rows(
            "<article class='card'><a href='{url}'><img src='p.jpg' alt='small_{title}'></a><div>"
            "<time datetime='{iso}'>{day}</time><h3><a href='{url}'>{title}</a></h3><p>" + SUMMARY + "</p>"
            "<a href='{url}'>Read more</a> <a href='/tag/council'>Council</a></div></article>"
        ),
        id="cards with a picture link, a heading link and a call",
    ),
    pytest.param(
        rows(
            "<a class='card' href='{url}'><span class='kicker'>Press release</span><h3>{title}</h3>"
            "<span class='date'>{day}</span><p>" + SUMMARY + "</p></a>"
        ),
        id="cards that are one link altogether",
    ),
    pytest.param(
        rows(
            "<div class='item'><h3>{title}</h3><div class='meta'>{day}</div><p>" + SUMMARY + "</p>"
            "<a href='{url}'>Read more</a></div>"
        ),
        id="rows whose only link is a call",
    ),
    pytest.param(
        rows(
            "<div class='item'><div class='meta'><span>{day}</span> | <a href='/authors/press-office-of-the-council'>"
            "Press Office of the Council</a></div><h2><a href='{url}'>{title}</a></h2></div>"
        ),
        id="rows with a link to an author",
    ),
]


@pytest.mark.parametrize("body", LAYOUTS)
def test_every_layout_yields_its_releases_with_titles_and_dates(body: str) -> None:
    listed = read(body)
    assert [entry.url for entry in listed.entries] == addresses()
    assert [entry.title for entry in listed.entries] == TITLES
    assert days(listed.entries) == EXPECTED_DAYS
    assert listed.kind is ListingKind.PAGE
    assert listed.language == "en"


def test_a_date_beside_a_link_is_the_listings_claim_as_written() -> None:
    stamp = read("<ul>" + rows("<li>{day} - <a href='{url}'>{title}</a></li>") + "</ul>").entries[0].published
    assert stamp is not None
    assert stamp.origin is Origin.LISTING
    assert stamp.precision is Precision.DAY
    assert stamp.raw == "07 Sep. 2012 -"


def test_a_date_inside_a_summary_is_not_the_date_of_the_release() -> None:
    body = "".join(
        f"<div><h3><a href='{url}'>{title}</a></h3><p>The minister said on Wednesday that the treaty, which was signed"
        " on 4 April 1949 in the capital, remains the corner stone of the whole policy.</p></div>"
        for url, title in zip(addresses(), TITLES, strict=True)
    )
    assert days(read(body).entries) == [""] * 5


def test_releases_with_titles_in_their_addresses_need_no_dates() -> None:
    slugs = "minister-opens-new-bridge statement-on-the-valley annual-report council-agrees-on-budget visit".split()
    body = "<ul>" + "".join(
        f"<li><h3><a href='/news/{slug}'>{title}</a></h3></li>" for slug, title in zip(slugs, TITLES, strict=True)
    )
    assert [entry.url for entry in read(body).entries] == [f"https://www.example.org/news/{slug}" for slug in slugs]


def test_a_list_of_one_release_is_a_list() -> None:
    listed = read(f"<ul><li>07 Sep. 2012 <a href='/news/2012/09/07/minister-opens-bridge'>{TITLES[0]}</a></li></ul>")
    assert [entry.title for entry in listed.entries] == [TITLES[0]]


def test_japanese_titles_count_as_titles() -> None:
    titles = [
        "外務大臣の会談について発表しました",
        "新しい橋の開通に関するお知らせです",
        "来年度の予算案が閣議で決定されました",
    ]
    body = "<dl>" + "".join(
        f"<dt>2024年5月{number}日</dt><dd><a href='/press/release/press_{number}.html'>{title}</a></dd>"
        for number, title in enumerate(titles, 1)
    )
    listed = read(body, lang="ja")
    assert [entry.title for entry in listed.entries] == titles
    assert days(listed.entries) == ["2024-05-01", "2024-05-02", "2024-05-03"]


def test_pictures_documents_and_other_schemes_are_no_releases() -> None:
    body = "<ul>" + rows("<li>{day} <a href='{url}'>{title}</a> <a href='/f/{iso}.pdf'>{title} as a document</a></li>")
    body += "<li>07 Sep. 2012 <a href='javascript:alert(1)'>A script with a long enough title</a></li>"
    body += "<li>07 Sep. 2012 <a href='mailto:a@example.org'>Write to the press office today</a></li></ul>"
    assert [entry.url for entry in read(body).entries] == addresses()


def test_a_promoted_page_beside_a_dated_list_is_left_out() -> None:
    body = "<ul>" + rows("<li>{day} <a href='{url}'>{title}</a></li>") + "</ul>"
    body += "<aside class='related'>" + "".join(
        f"<h3><a href='/about/the-long-history-of-office-{n}'>The long history of office number {n}</a></h3>"
        for n in range(4)
    )
    assert [entry.url for entry in read(body).entries] == addresses()


def test_aliases_of_one_release_are_one_entry() -> None:
    body = "<ul>" + rows("<li>{day} <a href='{url}?utm_source=list'>{title}</a> <a href='{url}#more'>More</a></li>")
    assert [entry.url for entry in read(body).entries] == addresses()


def test_relative_links_follow_the_base_element() -> None:
    body = rows("<p>{day} <a href='r-{iso}-1234.html'>{title}</a></p>")
    markup = f"<html><head><base href='https://press.example.org/r/'></head><body>{body}</body></html>"
    listed = read_page(markup, URL, zone=BRUSSELS)
    assert listed.entries[0].url == "https://press.example.org/r/r-2012-09-07-1234.html"


def test_known_shapes_keep_later_looks_to_the_same_links() -> None:
    first = read("<ul>" + rows("<li>{day} <a href='{url}'>{title}</a></li>") + "</ul>")
    shapes = shapes_of(first.entries)
    assert shapes == ("/cps/en/natohq/news_{d}.htm",)
    later = "<ul><li>New <a href='/cps/en/natohq/news_90000.htm'>Statement</a></li></ul>"
    later += f"<h2><a href='/2012/09/08/other'>{TITLES[1]}</a></h2>"
    assert [entry.url[-14:] for entry in read(later, shapes=shapes).entries] == ["news_90000.htm"]


def test_a_new_kind_of_release_in_the_place_of_the_known_is_taken() -> None:
    body = "<ul>" + rows("<li>{day} <a href='{url}'>{title}</a></li>")
    body += "<li>08 Sep. 2012 <a href='/cps/en/natohq/opinions_90001.htm'>Speech of the Secretary General</a></li></ul>"
    assert len(read(body, shapes=("/cps/en/natohq/news_{d}.htm",)).entries) == 6


def test_where_no_link_has_a_known_shape_the_page_is_judged_anew() -> None:
    listed = read("<ul>" + rows("<li>{day} <a href='{url}'>{title}</a></li>") + "</ul>", shapes=("/old/{d}",))
    assert len(listed.entries) == 5


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("", id="navigation alone"),
        pytest.param("<p>" + "We build bridges. " * 300 + "</p>", id="a text without links"),
        pytest.param("<div id='app'></div><script>render()</script>", id="an application that needs a browser"),
    ],
)
def test_a_page_without_releases_is_no_listing(body: str) -> None:
    with pytest.raises(NotAListing, match="looks like a release"):
        read(body)


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<a href=/news/2024/05/05/title>A title of some words</a>" * 30_000, id="one link 30,000 times"),
        pytest.param(
            "".join(f"<p>5 May 2024 <a href=/n/{n}>Title of some words</a></p>" for n in range(40_000)),
            id="40,000 dated links",
        ),
        pytest.param("".join(f"<a href=/{n}>x</a>" for n in range(100_000)), id="100,000 links"),
        pytest.param("<div>" * 2_900 + "<a href=/a>A title of some words</a>" * 10_000, id="deep and wide"),
        pytest.param("<p>1 2 3 2024 " + "5/5 " * 500_000 + "<a href=/a>A title of words</a>", id="2 MB of digits"),
        pytest.param("<li><a href=/x>" + "word " * 400_000, id="a link of two megabytes"),
        pytest.param("<h3><a href=/n/1234>A title here<h3>" * 40_000, id="headings that never close"),
        pytest.param("<i class='" + "nav " * 200 + "'>x" * 2_400, id="classes without end"),
    ],
)
def test_two_megabytes_cost_seconds_and_not_minutes(markup: str) -> None:
    started = time.process_time()
    with contextlib.suppress(NotAListing):
        read_page(markup, URL, zone=BRUSSELS)
    assert time.process_time() - started < 10


_SCRAPS = st.sampled_from(
    "<a href=/n/{0}>|</a>|<li>|</li>|<h2>|</h2>|5 May 2024|Title of words|<nav>|<table>|<td>|<time datetime=2024-05-05>"
    "|<|&|\x00|<a href='http://[', '|<base href=x>|<template>|<svg>|é".split("|")
)


@given(st.lists(_SCRAPS, max_size=40))
def test_any_markup_gives_entries_or_a_refusal(scraps: list[str]) -> None:
    markup = "".join(scrap.replace("{0}", str(number)) for number, scrap in enumerate(scraps))
    try:
        listed = read_page(markup, URL, zone=BRUSSELS)
    except NotAListing:
        return
    keys = [entry.key for entry in listed.entries]
    assert len(keys) == len(set(keys))
    assert all(entry.key == urls.identity(entry.url) and entry.url.startswith("http") for entry in listed.entries)
