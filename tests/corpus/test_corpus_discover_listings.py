"""Recorded list pages and feeds: what is taken for a release, against truth told by eye (truth/listings.json).

The truth names addresses by patterns that were checked against every link of the page, and is applied to the page with
a parser of its own: nothing of the product decides what is right.
"""

from __future__ import annotations

import gzip
import json
import lzma
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

import pytest
from corpora import CORPORA
from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper import urls
from scraper.discover.entries import NotAListing
from scraper.discover.listing import read_listing
from scraper.model import Fetched, Listed

pytestmark = pytest.mark.corpus

TRUTH = json.loads((Path(__file__).parent / "truth" / "listings.json").read_text())["listings"]
NOW = datetime(2024, 5, 5, tzinfo=UTC)
BAR = 0.95

if not CORPORA.is_dir():
    pytest.skip(f"no corpus at {CORPORA}", allow_module_level=True)


@dataclass(frozen=True)
class Score:
    name: str
    kind: str
    right: int
    missed: frozenset[str]
    wrong: frozenset[str]

    @property
    def recall(self) -> float:
        return self.right / (self.right + len(self.missed))

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + len(self.wrong))


# --- the recorded answers ---------------------------------------------------------------------------------------------


@cache
def trace(name: str) -> list[str]:
    """The lines of a trace that the truth names, by their number."""
    path, wanted = CORPORA / name, {int(each["file"].partition("#")[2]) for each in TRUTH if each["corpus"] in name}
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        return [line if number in wanted else "" for number, line in enumerate(lines)]


@cache
def front_pages() -> dict[str, str]:
    """The markup of the captures that the truth names, by site, file and number among the site's captures of it."""
    wanted = {each["file"] for each in TRUTH}
    seen: dict[str, int] = {}
    found = {}
    with lzma.open(CORPORA / "traces/german-frontpages/html_sample.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            capture = json.loads(line)
            page = f"{capture['site']}/{capture['file']}"
            name = f"{page}#{seen.get(page, 0)}"
            seen[page] = seen.get(page, 0) + 1
            if name in wanted:
                found[name] = capture["html"]
    return found


def body_of(listing: dict) -> bytes:
    corpus, file = listing["corpus"], listing["file"]
    if corpus == "traces/german-frontpages":
        return front_pages()[file].encode()
    if "#" in file:
        name, _, number = file.partition("#")
        return json.loads(trace(f"{corpus}/{name}")[int(number)])["xml"].encode()
    if not corpus.startswith("extraction/"):
        return (CORPORA / corpus / file).read_bytes()
    packed = CORPORA / corpus / "pages" / f"{file}.html.gz"
    return gzip.decompress(packed.read_bytes()) if packed.exists() else packed.with_suffix("").read_bytes()


# --- the truth --------------------------------------------------------------------------------------------------------


def links_of(body: bytes, url: str) -> Iterator[tuple[str, bool]]:
    """Every address that a page links, and whether this link stands in its navigation or at its foot."""
    document = LexborHTMLParser(body.decode("utf-8", "replace"))
    base = document.css_first("base[href]")
    root = urljoin(url, base.attributes["href"] or "") if base is not None else url
    for node in document.css("a[href]"):
        try:
            yield urljoin(root, (node.attributes["href"] or "").strip()).partition("#")[0], within_navigation(node)
        except ValueError:
            continue


def within_navigation(node: LexborNode | None) -> bool:
    while node is not None:
        if node.tag in ("nav", "footer"):
            return True
        node = node.parent
    return False


def truth_of(listing: dict, body: bytes) -> tuple[frozenset[str], frozenset[str]]:
    """The keys of the releases, and those that count neither way."""
    if listing["kind"] == "feed":
        found = [(address, False) for address in re.findall(r"""https?://[^\s<>"']+""", body.decode())]
    else:
        found = list(links_of(body, listing["url"]))
    releases, either, listed = set(), set(), set()
    for address, navigation in found:
        key = urls.identity(address)
        if any(re.search(pattern, address) for pattern in listing["either"]):
            either.add(key)
        elif any(re.search(pattern, address) for pattern in listing["releases"]):
            releases.add(key)
            listed |= set() if navigation else {key}
    return frozenset(listed - either), frozenset(either | (releases - listed))


def score(listing: dict) -> Score:
    body = body_of(listing)
    releases, either = truth_of(listing, body)
    assert releases, f"the truth of {listing['id']} names nothing on its page"
    if listing["kind"] == "feed":
        assert len(releases) == listing["count"], (listing["id"], len(releases))
    try:
        taken = frozenset(entry.key for entry in read(listing, body).entries)
    except NotAListing:
        taken = frozenset()
    return Score(
        listing["id"],
        listing["kind"],
        right=len(taken & releases),
        missed=releases - taken,
        wrong=taken - releases - either,
    )


def read(listing: dict, body: bytes) -> Listed:
    url = listing["url"]
    answer = Fetched(url=url, final_url=url, status=200, headers=(), body=body, started_at=NOW, finished_at=NOW)
    return read_listing(answer, zone=ZoneInfo("UTC"))


# --- the bars ---------------------------------------------------------------------------------------------------------


@cache
def scores() -> tuple[Score, ...]:
    return tuple(score(listing) for listing in TRUTH)


def test_at_least_forty_listings_are_told_by_eye() -> None:
    assert len(TRUTH) >= 40
    assert len({listing["id"] for listing in TRUTH}) == len(TRUTH)


@pytest.mark.parametrize("kind", ["page", "feed", ""])
def test_nineteen_in_twenty_releases_are_found_and_nineteen_in_twenty_that_are_found_are_releases(kind: str) -> None:
    """Over all of them (micro) and on average for each listing, of pages alone, of feeds alone, of both."""
    chosen = [each for each in scores() if each.kind.startswith(kind)]
    right = sum(each.right for each in chosen)
    figures = {
        "recall": right / (right + sum(len(each.missed) for each in chosen)),
        "precision": right / (right + sum(len(each.wrong) for each in chosen)),
        "mean recall": sum(each.recall for each in chosen) / len(chosen),
        "mean precision": sum(each.precision for each in chosen) / len(chosen),
    }
    sys.stdout.write("\n".join([*report(chosen), f"{len(chosen)} listings: {figures}\n"]))
    assert min(figures.values()) >= BAR


def test_every_list_in_pages_says_where_it_goes_on_and_no_other_does() -> None:
    pages = [listing for listing in TRUTH if listing["kind"] == "page"]
    found = {listing["id"]: read(listing, body_of(listing)).following for listing in pages}
    assert found == {listing["id"]: listing["next"] for listing in pages}
    assert sum(address is not None for address in found.values()) >= 12


def report(chosen: list[Score]) -> Iterator[str]:
    for each in sorted(chosen, key=lambda one: min(one.recall, one.precision)):
        yield f"{each.name:28} {each.right:4} right, recall {each.recall:.3f}, precision {each.precision:.3f}"
        for sign, keys in (("-", each.missed), ("+", each.wrong)):
            yield from (f"    {sign} {key[:150]}" for key in sorted(keys)[:15])
