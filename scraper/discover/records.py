"""Releases in any JSON: which of its arrays list objects that have an address, a title and mostly a date.

    tree | arrays of objects | an entry of each object | judge each array as a page's rows are judged | entries

No schema is known: WordPress, GraphQL, Elasticsearch, JSON-LD and what programmers think of themselves name the same
three things by some dozens of names.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Any

from scraper import urls
from scraper.discover.entries import NotAListing, entry, plain, stamp, unique
from scraper.discover.titles import is_page, words_of
from scraper.discover.trees import NotJson, lists, load, named, nodes, within
from scraper.discover.words import is_collection, is_navigation
from scraper.model import Entry, Listed, ListingKind, Stamp

__all__ = ["read_json", "releases_in"]

MAX_ENTRIES = 1_000
_MAX_ARRAYS = 5_000
_MAX_ITEMS = 5_000
_FEW = 3
_ACCEPT_MANY = 2.6
_ACCEPT_FEW = 3.6
_ACCEPT_DATED = 1.5
_TITLE_WORDS = 8
_EPOCH = range(10**8, 10**11)
_EPOCH_MS = range(10**11, 10**14)

_ADDRESSES = tuple(
    "canonicalurl canonical permalink weburl publicurl fullurl url link href uri pageurl articleurl detailurl"
    " detailspageurl newsurl linkurl targeturl absoluteurl relativeurl pagepath fullpath path alias loc to"
    " item id".split()
)
_TITLES = tuple("headline title heading name pagetitle shorttitle articletitle newstitle label teasertitle".split())
_PUBLISHED = tuple(
    "datepublished publishedat publisheddate publishdate publicationdate published pubdate releasedate firstpublished"
    " firstpublishedat displaydate newsdate articledate dategmt date postdate startdate issuedate issued publishedon"
    " publishtime datetime timestamp createdat created datecreated".split()
)
_UPDATED = tuple(
    "datemodified modifiedat modifiedgmt modified updatedat updated lastmodified lastmodifieddate modifydate"
    " lastupdated changed lastmod".split()
)
_SUMMARIES = tuple("summary description excerpt teaser abstract lead intro subtitle standfirst dek".split())
_TEXTS = tuple("rendered text value plain html en de fr es it current raw title name".split())
_NEXT = tuple("next nextpage nextpageurl nexturl nextlink".split())
_MACHINE = ("/wp-json/", "/api/", "/graphql", ".json", "/jsonapi/", "/rest/")


def read_json(text: str, url: str, *, zone: tzinfo) -> Listed:
    """The releases that a JSON document, which answered at ``url``, lists; at most 1,000, in its order.

    Raises:
        NotAListing: it is no JSON, or none of its arrays looks like a list of releases.
    """
    try:
        tree = load(text)
    except NotJson as error:
        raise NotAListing(f"It opens as JSON and {error}.") from error
    entries = releases_in(tree, url, zone=zone)
    if not entries:
        raise NotAListing("It is JSON and none of its arrays looks like a list of releases.")
    return Listed(kind=ListingKind.JSON, entries=entries, following=_following(tree, url))


def releases_in(tree: object, url: str, *, zone: tzinfo, section: str = "") -> tuple[Entry, ...]:
    """The releases in a tree, their addresses relative to ``url``; empty where no array looks like a list of them.

    ``section`` is the address under which an object lies that has a slug and no address; empty: it is none.
    """
    found: list[Entry] = []
    for number, items in enumerate(lists(tree)):
        if number >= _MAX_ARRAYS:
            break
        found += _releases(items[:_MAX_ITEMS], url, zone=zone, section=section)
    return unique(found)[:MAX_ENTRIES]


def _releases(items: list[dict[str, Any]], url: str, *, zone: tzinfo, section: str) -> list[Entry]:
    """The entries of an array, where it lists releases."""
    if not _has_names(items[0]) and not (len(items) > 1 and _has_names(items[1])):
        return []
    read = [found for item in items if (found := _Reader(url, zone, section).entry(item)) is not None]
    if not read or len(read) * 2 < len(items):
        return []
    weights = [_weight(each, url) for each in read]
    dated = sum(each.published is not None for each in read) * 2 > len(read)
    floor = _ACCEPT_MANY if len(read) >= _FEW else _ACCEPT_FEW
    if sum(weights) / len(weights) < floor:
        return []
    lowest = _ACCEPT_DATED if dated else 1.0
    return [each for each, weight in zip(read, weights, strict=True) if weight >= lowest]


def _has_names(item: dict[str, Any]) -> bool:
    return any(next(named(level, _TITLES), None) is not None for level in (item, *within(item)))


def _level(item: dict[str, Any]) -> dict[str, Any]:
    """Where an object's own facts are: in itself, or in the first object within it that has a title (``node``)."""
    levels = (level for level in (item, *within(item)) if next(named(level, _TITLES), None) is not None)
    return next(levels, item)


@dataclass(frozen=True, slots=True)
class _Reader:
    url: str
    zone: tzinfo
    section: str

    def entry(self, item: dict[str, Any]) -> Entry | None:
        outer, item = item, _level(item)
        title = next(filter(None, map(_words, named(item, _TITLES))), "")
        address = self._address(item) or (self._address(outer) if outer is not item else None)
        if not title or address is None:
            return None
        times = self._time(item, _PUBLISHED), self._time(item, _UPDATED)
        summary = next(filter(None, map(_words, named(item, _SUMMARIES))), "")
        found = entry(address, base=self.url, title=title, summary=summary, times=times)
        if found is None or found.key == urls.identity(self.url):
            return None
        return replace(found, published=times[0] or times[1], updated=times[1] if times[0] else None)

    def _address(self, item: dict[str, Any]) -> str | None:
        for value in named(item, _ADDRESSES):
            address = _address_in(value)
            if address and is_page(address) and not any(sign in address for sign in _MACHINE):
                return address
        slug = next((_words(value) for value in named(item, ("slug",))), "")
        if not slug or not self.section or "/" in slug.strip("/") or " " in slug:
            return None
        return f"{self.section.partition('?')[0].rstrip('/')}/{slug.strip('/')}"

    def _time(self, item: dict[str, Any], names: tuple[str, ...]) -> Stamp | None:
        for level in (item, *within(item)):
            for value in named(level, names):
                found = stamp(_moment(value), zone=self.zone)
                if found is not None:
                    return found
        return None


def _words(value: object) -> str:
    """The text of a value, or of what stands in it under a name for texts."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return next((plain(each) for each in named(value, _TEXTS) if isinstance(each, str)), "")
    return ""


def _address_in(value: object) -> str:
    """An address as written: a path, or absolute; also in an object that says where it leads."""
    if isinstance(value, dict):
        return next((each for each in named(value, _ADDRESSES) if isinstance(each, str) and _is_address(each)), "")
    return value if isinstance(value, str) and _is_address(value) else ""


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://", "/", "./", "../")) and " " not in text.strip() and len(text) > 1


def _moment(value: object) -> str:
    """A time as text; a number is seconds or milliseconds since 1970."""
    if isinstance(value, dict):
        value = next((each for each in named(value, (*_TEXTS, "iso", "date")) if isinstance(each, str | int)), "")
    if isinstance(value, str) and value.isdecimal() and len(value) in (10, 13):
        value = int(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        seconds = value if int(value) in _EPOCH else value / 1000 if int(value) in _EPOCH_MS else None
        return "" if seconds is None else datetime.fromtimestamp(int(seconds), UTC).isoformat()
    return value if isinstance(value, str) else ""


def _weight(each: Entry, url: str) -> float:
    """How much an object looks like a release; as ``pages`` weighs rows."""
    shape = urls.shape(each.url)
    if is_collection(each.key) and "{y}" not in shape:
        return -1.0
    weight = 2.0 * min(words_of(each.title), _TITLE_WORDS) / _TITLE_WORDS
    weight += 2.0 if each.published is not None else 0.0
    weight += 1.0 if any(sign in shape for sign in ("{slug}", "{date}", "{id}", "{y}")) else 0.6 * ("{d}" in shape)
    weight -= 0.0 if urls.same_site(each.url, url) else 1.0
    return weight - (2.0 if is_navigation(each.title) else 0.0)


def _following(tree: object, url: str) -> str | None:
    """Where a document says that its next page is."""
    own = urls.identity(url)
    for number, node in enumerate(nodes(tree)):
        if number > _MAX_ARRAYS:
            break
        for value in named(node, _NEXT) if isinstance(node, dict) else ():
            address = _address_in(value) or (value if isinstance(value, str) and value.startswith("?") else "")
            joined = urls.join(url, address) if address else None
            if joined is not None and urls.identity(joined) != own and urls.same_site(joined, url):
                return urls.normalise(joined)
    return None
