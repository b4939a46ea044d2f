"""Real front and section pages: what share of the links taken are articles, and what share of the articles is taken.

An article is a link outside navigation whose address has its site's own pattern, told by hand from each site.
"""

from __future__ import annotations

import json
import lzma
import re
import time
from collections import Counter
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from corpora import CORPORA

from scraper import html, urls
from scraper.discover.outline import outline
from scraper.discover.pages import read_page, shapes_of
from scraper.discover.rows import rows

pytestmark = pytest.mark.corpus

SAMPLE = CORPORA / "traces" / "german-frontpages" / "html_sample.jsonl.xz"
HERO = CORPORA / "nato" / "home_hero_2022-12-07.html"
LISTINGS = CORPORA / "nato" / "listings.json"
BERLIN = ZoneInfo("Europe/Berlin")
EVERY = 15
"""Of 30 captures of a page: the first and the last but some."""

if not SAMPLE.is_file():
    pytest.skip(f"no corpus at {SAMPLE}", allow_module_level=True)

ARTICLES = {
    "fr.de": r"-\d{8}\.html$",
    "heise.de": r"^(?!.*/jobs).*-\d{7}\.html",
    "spiegel.de": r"-a-[0-9a-f-]{36}$",
    "volksstimme.de": r"^(?!.*/vs/general).*-\d{7}$",
    "welt.de": r"/(?:article|plus|video|live|mediathek)\d+/",
    "zeit.de": r"/\d{4}-\d{2}/|/\d{4}/\d{2}/",
}


def captures() -> Iterator[tuple[str, str, str]]:
    """Site, address and markup of some captures of each page."""
    seen: Counter[str] = Counter()
    with lzma.open(SAMPLE, "rt", encoding="utf-8") as lines:
        for line in lines:
            capture = json.loads(line)
            url = f"https://www.{capture['site']}/{'' if capture['file'].startswith('index') else 'politik/'}"
            seen[url] += 1
            if seen[url] % EVERY == 1:
                yield capture["site"], url, capture["html"]


def articles(site: str, url: str, markup: str) -> set[str]:
    """The keys of the links that are articles."""
    pattern = re.compile(ARTICLES[site])
    found = rows(outline(html.parse(markup), url))
    return {row.key for row in found if not row.navigation and urls.same_site(row.url, url) and pattern.search(row.url)}


def test_nineteen_in_twenty_links_taken_are_articles_and_nearly_no_article_is_left() -> None:
    right = taken = there = pages = 0
    slowest = 0.0
    for site, url, markup in captures():
        started = time.process_time()
        chosen = {entry.key for entry in read_page(markup, url, zone=BERLIN).entries}
        slowest = max(slowest, time.process_time() - started)
        truth = articles(site, url, markup)
        assert len(chosen & truth) >= 0.9 * len(truth), url
        right, taken, there, pages = right + len(chosen & truth), taken + len(chosen), there + len(truth), pages + 1
    assert pages == 20
    assert right / taken > 0.94
    assert right / there > 0.98
    assert slowest < 1


def test_a_later_look_by_shapes_finds_what_a_look_without_them_finds() -> None:
    shapes: dict[str, tuple[str, ...]] = {}
    same = lost = 0
    for _, url, markup in captures():
        alone = {entry.key for entry in read_page(markup, url, zone=BERLIN).entries}
        if url not in shapes:
            shapes[url] = shapes_of(read_page(markup, url, zone=BERLIN).entries)
            continue
        steady = {entry.key for entry in read_page(markup, url, zone=BERLIN, shapes=shapes[url]).entries}
        same, lost = same + len(alone & steady), lost + len(alone - steady)
    assert same > 500
    assert lost / same < 0.04


def test_natos_home_page_of_2022_lists_its_news_under_their_headlines() -> None:
    listed = read_page(HERO.read_text(), "https://www.nato.int/", zone=ZoneInfo("Europe/Brussels"))
    numbers = [
        int(found[1]) for entry in listed.entries if (found := re.search(r"/natohq/news_(\d+)\.htm$", entry.url))
    ]
    assert len(numbers) == len(listed.entries) == 6
    first = listed.entries[0]
    assert numbers[0] == 209981
    assert first.published is not None
    assert first.published.at.date().isoformat() == "2022-12-07"
    assert all(len(entry.title.split()) > 5 for entry in listed.entries)


def test_natos_listing_has_one_key_under_its_sessions_and_old_names() -> None:
    listings = [entry["url"] for entry in json.loads(LISTINGS.read_text()) if re.search(r"/SID-", entry["url"])]
    assert len(listings) == 4
    assert {re.sub(r"/cps/..", "", urls.identity(url)) for url in listings} == {"nato.int/natohq/news.htm"}
