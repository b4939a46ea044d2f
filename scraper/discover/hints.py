"""Where a page points for its news: feeds that it declares or links, list pages that it names, sitemaps of its site."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scraper import charset, html, urls
from scraper.discover.embedded import endpoints
from scraper.discover.entries import fold
from scraper.discover.words import is_comments, is_feed, newsroom_rank
from scraper.model import Fetched

__all__ = ["Hints", "hints_of", "sitemaps_of", "usual_feeds", "usual_sitemaps"]

_FEED_TYPES = re.compile(r"application/(?:rss\+xml|atom\+xml|rdf\+xml|feed\+json)\b", re.IGNORECASE)
_JSON_TYPE = re.compile(r"application/json\b", re.IGNORECASE)
"""Of a JSON Feed, and of whatever else a page has as JSON."""
_SITEMAP_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_MAX_ROBOTS = 512_000
_MAX_LINKS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What a page points to, each in order of promise and once."""

    title: str = ""
    language: str | None = None
    feeds: tuple[str, ...] = ()
    """Declared by ``<link rel=alternate>``, then linked by anchors; none of comments where there is another."""
    newsrooms: tuple[tuple[str, int], ...] = ()
    """List pages of press releases or news, with the rank of ``words.newsroom_rank``."""
    data: tuple[str, ...] = ()
    """Where it has, or its system is known to have, JSON."""


def hints_of(fetched: Fetched) -> Hints:
    """The hints in an HTML page; empty where it can't be parsed."""
    markup = charset.decode(fetched.body, fetched.header("content-type"))
    try:
        document = html.parse(markup)
    except html.Unparsable:
        return Hints()
    base = _base(document, fetched.final_url)
    title = document.css_first("title")
    root = document.css_first("html[lang]")
    return Hints(
        title=fold(title.text())[:500] if title is not None else "",
        language=((root.attributes.get("lang") or "").strip().lower()[:35] or None) if root is not None else None,
        feeds=_feeds(document, base),
        newsrooms=_newsrooms(document, base, own=urls.identity(fetched.final_url)),
        data=endpoints(document, markup, base),
    )


def _base(document: html.Document, url: str) -> str:
    node = document.css_first("base[href]")
    return (urls.join(url, node.attributes.get("href") or "") or url) if node is not None else url


def _feeds(document: html.Document, base: str) -> tuple[str, ...]:
    declared = [
        (node.attributes.get("title") or "", node.attributes.get("href") or "")
        for node in document.css("link[rel~=alternate][href]")
        if _is_feed_type(node.attributes.get("type") or "", node.attributes.get("href") or "")
    ]
    for node in document.css("a[href]")[:_MAX_LINKS]:
        href = node.attributes.get("href") or ""
        text = fold(node.text()[:200]) or node.attributes.get("title") or ""
        if is_feed(text, href):
            declared.append((text, href))
    joined = [(name, address) for name, href in declared if (address := urls.join(base, href)) is not None]
    talk = {address for name, address in joined if is_comments(name, address)}
    addresses = list(dict.fromkeys(address for _, address in joined))
    return tuple(address for address in addresses if address not in talk) or tuple(addresses)


def _is_feed_type(kind: str, href: str) -> bool:
    return bool(_FEED_TYPES.search(kind) or (_JSON_TYPE.search(kind) and is_feed("", href)))


def _newsrooms(document: html.Document, base: str, *, own: str) -> tuple[tuple[str, int], ...]:
    ranks: dict[str, tuple[str, int]] = {}
    for node in document.css("a[href]")[:_MAX_LINKS]:
        address = urls.join(base, node.attributes.get("href") or "")
        text = fold(node.text()[:200]) or node.attributes.get("title") or ""
        if address is None or not urls.same_site(address, base) or is_feed(text, address):
            continue
        key, rank = urls.identity(address), newsroom_rank(text, address)
        if rank == 1 and "{" in urls.shape(address):
            continue
        if rank and key != own and rank > ranks.get(key, ("", 0))[1]:
            ranks[key] = (address, rank)
    return tuple(sorted(ranks.values(), key=lambda found: (-found[1], len(found[0]))))


def usual_feeds(page: str) -> tuple[str, ...]:
    """Where a feed usually is: beside a list page, then at the root of its site."""
    beside = page.partition("?")[0].rstrip("/")
    under = [f"{beside}/feed", f"{beside}/rss"] if not re.search(r"\.\w{2,5}$", beside) else []
    root = ["/feed", "/rss.xml", "/feed.xml", "/rss", "/atom.xml", "/feed.json", "/news/feed"]
    found = [urls.join(page, path) for path in (*under, *root)]
    return tuple(dict.fromkeys(filter(None, found)))


def usual_sitemaps(page: str) -> tuple[str, ...]:
    """Where a sitemap usually is (sitemaps.org names the first)."""
    found = [urls.join(page, path) for path in ("/sitemap.xml", "/sitemap_index.xml", "/news-sitemap.xml")]
    return tuple(filter(None, found))


def sitemaps_of(robots: bytes, url: str) -> tuple[str, ...]:
    """The ``Sitemap:`` lines of a robots.txt (RFC 9309 section 2.2.4 allows them), absolute."""
    text = robots[:_MAX_ROBOTS].decode("utf-8", "replace")
    found = (urls.join(url, match[1]) for match in _SITEMAP_LINE.finditer(text))
    return tuple(dict.fromkeys(address for address in found if address is not None))
