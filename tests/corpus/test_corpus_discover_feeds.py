"""Real feeds of newsrooms, and feedparser's own suite of odd ones."""

from __future__ import annotations

import json
import lzma
import re
import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from corpora import CORPORA

from scraper.discover.entries import NotAListing
from scraper.discover.feeds import read_feed
from scraper.discover.sitemaps import read_sitemap

pytestmark = pytest.mark.corpus

TRACES = CORPORA / "traces"
SUITE = CORPORA / "conformance" / "feedparser-tests" / "tests"
UTC = ZoneInfo("UTC")
URL = "https://www.example.org/feed.xml"

if not TRACES.is_dir():
    pytest.skip(f"no corpus at {TRACES}", allow_module_level=True)


@pytest.mark.parametrize(
    ("trace", "every", "feeds"), [("company-newsrooms-rss", 100, 8), ("whitehouse-briefings", 50, 1)]
)
def test_every_item_of_a_newsrooms_feed_is_read_with_address_title_and_date(trace: str, every: int, feeds: int) -> None:
    seen = set()
    with lzma.open(TRACES / trace / "raw.jsonl.xz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % every:
                continue
            capture = json.loads(line)
            entries = read_feed(capture["xml"].encode(), URL, content_type=None, zone=UTC).entries
            links = set(re.findall(r"<item>.*?<link>(.*?)</link>", capture["xml"], re.DOTALL))
            # Some captures of the White House's hold its list page as an item.
            links.discard("https://www.whitehouse.gov/briefings-statements/")
            assert len(entries) == len(links), capture["feed"]
            assert all(entry.title and entry.published for entry in entries), capture["feed"]
            seen.add(capture["feed"])
    assert len(seen) >= feeds - 2


def test_feedparsers_own_suite_is_read_or_refused_and_never_raises() -> None:
    """2,107 documents; those that are no feed at all are refused."""
    refused = total = 0
    started = time.process_time()
    for path in sorted(SUITE.rglob("*")):
        if not path.is_file():
            continue
        total += 1
        body = path.read_bytes()
        try:
            read_feed(body, URL, content_type=None, zone=UTC)
        except NotAListing:
            refused += 1
        try:
            read_sitemap(body, URL, zone=UTC)
        except NotAListing:
            continue
        pytest.fail(f"{path.name} was read as a sitemap")
    assert total > 2_000
    assert refused < 12
    assert time.process_time() - started < 30


EXPECTED = re.compile(r"entries\[0\]\['(published|updated|created)_parsed'\] == \((\d+(?:, \d+){5})")


def test_entries_of_the_suite_have_the_dates_that_it_expects() -> None:
    """Those that it expects as a time. Its entries mostly have no address, so each is given one."""
    checked, wrong = 0, []
    for path in sorted(SUITE.rglob("*.xml")):
        text = path.read_bytes().decode("utf-8", "replace")
        expected = EXPECTED.search(text)
        if expected is None or "</" not in text.partition("<entry>")[2] + text.partition("<item>")[2]:
            continue
        at = datetime(*map(int, expected[2].split(", ")), tzinfo=UTC)
        linked = re.sub(r"</(entry|item)>", r"<link href='http://e.org/1'>http://e.org/1</link></\1>", text, count=1)
        entries = read_feed(linked.encode(), URL, content_type=None, zone=UTC).entries
        stamps = {stamp.at for entry in entries for stamp in (entry.published, entry.updated) if stamp is not None}
        checked += 1
        wrong += [] if at in stamps else [path.name]
    assert checked >= 8
    assert wrong == []
