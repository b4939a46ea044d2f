"""A look at a listing, whatever it is: the answer's bytes say whether it is a feed, a sitemap, a page or JSON."""

from __future__ import annotations

from dataclasses import replace
from datetime import tzinfo

from scraper import charset, urls
from scraper.discover.entries import NotAListing
from scraper.discover.feeds import looks_like_feed, read_feed
from scraper.discover.pages import read_page
from scraper.discover.records import read_json
from scraper.discover.sitemaps import looks_like_sitemap, read_sitemap
from scraper.model import Fetched, Listed, ListingKind

__all__ = ["kind_of", "read_listing"]

_NAMES = {
    ListingKind.FEED: "a feed",
    ListingKind.SITEMAP: "a sitemap",
    ListingKind.PAGE: "a page",
    ListingKind.JSON: "JSON",
}
_BLANK = b"\xef\xbb\xbf \t\r\n"
_NO_TEXT = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip", "application/octet-stream")


def read_listing(
    fetched: Fetched, *, zone: tzinfo, shapes: tuple[str, ...] = (), kind: ListingKind | None = None
) -> Listed:
    """The releases that an answer names.

    ``zone`` is for times that name none; ``shapes`` are those of the listing, where it has any; ``kind`` is what the
    listing was so far. A feed that answers with a page is refused: what a server shows instead of a feed lists nothing.

    Raises:
        NotAListing: it leads to no releases; the message is a sentence that says why.
    """
    found = kind_of(fetched)
    if kind is not None and found is not kind:
        raise NotAListing(f"It was {_NAMES[kind]} and answered with {_shown(found)}.")
    if found is None:
        raise NotAListing(f"It answered with {_shown(found)} of type {fetched.header('content-type') or 'unknown'}.")
    content_type = fetched.header("content-type")
    if found is ListingKind.SITEMAP:
        return read_sitemap(fetched.body, fetched.final_url, zone=zone, shapes=shapes)
    if found is ListingKind.PAGE:
        markup = charset.decode(fetched.body, content_type)
        return read_page(markup, fetched.final_url, zone=zone, shapes=shapes)
    if found is ListingKind.JSON:
        # RFC 8259 section 8.1: JSON that is sent is UTF-8.
        text = charset.decode(fetched.body, "application/json; charset=utf-8")
        listed = read_json(text, fetched.final_url, zone=zone)
    else:
        listed = read_feed(fetched.body, fetched.final_url, content_type=content_type, zone=zone)
    entries = tuple(entry for entry in listed.entries if urls.matches(entry.url, shapes))
    return replace(listed, entries=entries, items=listed.items - (len(listed.entries) - len(entries)))


def kind_of(fetched: Fetched) -> ListingKind | None:
    """What an answer is by its own bytes, then by its media type; None where it can list nothing."""
    body = fetched.body
    if looks_like_sitemap(body):
        return ListingKind.SITEMAP
    if looks_like_feed(body):
        return ListingKind.FEED
    if _looks_like_json(body):
        return ListingKind.JSON
    start = body.lstrip(_BLANK)[:8].lower()
    if start.startswith((b"http://", b"https://"[:8])):
        return ListingKind.SITEMAP
    media = (fetched.header("content-type") or "").partition(";")[0].strip().lower()
    if not start or media.startswith(_NO_TEXT) or b"\x00" in body[:1000]:
        return None
    return ListingKind.PAGE if b"<" in body else None


def _looks_like_json(body: bytes) -> bool:
    """True where the first and the last sign are those of an object or an array."""
    start, end = body.lstrip(_BLANK)[:1], body[-1_000:].rstrip(_BLANK)[-1:]
    return (start, end) in ((b"{", b"}"), (b"[", b"]"))


def _shown(kind: ListingKind | None) -> str:
    return "nothing that lists anything" if kind is None else _NAMES[kind]
