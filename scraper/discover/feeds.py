"""Feeds: RSS, Atom and RDF through feedparser, however malformed, and JSON Feed. The only module that knows feedparser.

feedparser forgives nearly everything and pays for it: 200,000 nested ``<item>`` take it five seconds. So the bytes are
looked over first: cut after 5,000 entries, refused where they nest deeper than any feed.
"""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import tzinfo
from typing import Any
from xml.sax import SAXException

from feedparser.api import parse

from scraper import urls
from scraper.discover.entries import NotAListing, entry, plain, stamp, unique
from scraper.model import Entry, Listed, ListingKind, Stamp

__all__ = ["MAX_BYTES", "MAX_ENTRIES", "looks_like_feed", "read_feed"]

MAX_BYTES = 5_000_000
MAX_ENTRIES = 5_000
_MAX_DEPTH = 200
_MAX_TAGS = 500_000
_MAX_FOLDERS = 12
_FEW = 3
_HEAD = 4_096
_ROOT = re.compile(rb"<(?:\w{1,20}:)?(rss|feed|rdf|channel)[\s>/]", re.IGNORECASE)
_TAG = re.compile(rb"<(/?)((?:\w{1,20}:)?[a-zA-Z][\w.-]{0,40})[^<>]*>")
_UNCLOSED = frozenset(b"area base br col embed hr img input meta param source track wbr p li td th tr dt dd".split())
"""Elements of HTML inside an entry that needn't be closed."""
_CLOSING = {b"rss": b"</channel></rss>", b"feed": b"</feed>", b"rdf": b"</rdf:RDF>", b"channel": b"</channel>"}
_JSON_FEED = re.compile(rb'"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org', re.IGNORECASE)
_DECLARED = re.compile(r"""(<\?xml[^>]{0,100}?)\s+encoding\s*=\s*["'][^"'>]{0,40}["']""")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
_parse: Callable[..., Any] = parse
"""feedparser's entry point, which has no types."""


def looks_like_feed(body: bytes) -> bool:
    """True where the first 4 kB open as a feed does."""
    head = _ascii_head(body)
    if head.lstrip()[:1] == b"{":
        return _JSON_FEED.search(body, 0, 100_000) is not None
    root = _ROOT.search(head)
    return root is not None and b"<html" not in head[: root.start()].lower()


def read_feed(body: bytes, url: str, *, content_type: str | None, zone: tzinfo) -> Listed:
    """The entries of a feed that answered at ``url``, in its order; at most 5,000.

    Times that name no zone are read in ``zone``. An entry without a link is known by its permalink guid, and without
    either it is none.

    Raises:
        NotAListing: it is no feed, or one that no newsroom writes.
    """
    if body[:2] in _UTF_16:
        # The bounds are counted in bytes of ASCII, and feedparser believes a wrong declaration over the byte order.
        body, content_type = _utf_8(body), None
    if body.lstrip()[:1] == b"{":
        return _read_json_feed(body, url, zone=zone)
    if not looks_like_feed(body):
        raise NotAListing("It does not open as RSS, Atom or RDF does.")
    return _read_xml_feed(_bounded(body), url, content_type=content_type, zone=zone)


# --- RSS, Atom, RDF ---------------------------------------------------------------------------------------------------


def _ascii_head(body: bytes) -> bytes:
    head = body[:_HEAD]
    return head.replace(b"\x00", b"") if head[:2] in _UTF_16 or b"\x00\x00" in head[:8] else head


def _utf_8(body: bytes) -> bytes:
    encoding = "utf-16-be" if body[:1] in (b"\xfe", b"\x00") else "utf-16-le"
    text = body[: 2 * MAX_BYTES].decode(encoding, "replace").removeprefix("\ufeff")
    return _DECLARED.sub(r"\1", text, count=1).encode("utf-8", "replace")


def _bounded(body: bytes) -> bytes:
    """The feed up to its last whole entry within the bounds."""
    body = body[:MAX_BYTES]
    if body.count(b"<") > _MAX_TAGS:
        raise NotAListing(f"It has more than {_MAX_TAGS:,} tags.")
    entries = depth = end = 0
    for tag in _TAG.finditer(body):
        name = tag[2].lower().rpartition(b":")[2]
        is_entry = name in (b"item", b"entry")
        if name in _UNCLOSED or tag[0].endswith(b"/>"):
            continue
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > _MAX_DEPTH:
            raise NotAListing(f"Its elements nest deeper than {_MAX_DEPTH}.")
        if is_entry and tag[1]:
            entries, depth, end = entries + 1, 0, tag.end()
            if entries == MAX_ENTRIES:
                break
    if entries < MAX_ENTRIES and len(body) < MAX_BYTES:
        return body
    root = _ROOT.search(body[:_HEAD])
    return body[:end] + (_CLOSING[root[1].lower()] if root else b"")


def _read_xml_feed(body: bytes, url: str, *, content_type: str | None, zone: tzinfo) -> Listed:
    headers = {"content-location": url}
    if content_type:
        headers["content-type"] = content_type
    try:
        parsed = _parse(io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except (SAXException, ValueError, LookupError, AttributeError, TypeError, AssertionError, RecursionError) as error:
        # feedparser promises not to raise and, on some broken input, does.
        raise NotAListing(f"It could not be read as a feed ({type(error).__name__}).") from error
    if not parsed.get("version") and not parsed.get("entries"):
        raise NotAListing("It holds neither a known feed version nor an entry.")
    feed = parsed.get("feed", {})
    language = _language(feed)
    base = urls.join(url, _text(feed, "base")) or url
    items = parsed["entries"][:MAX_ENTRIES]
    found = (_xml_entry(item, base=base, zone=zone, language=language) for item in items)
    entries = _without_home(unique(found), _text(feed, "link"), base=base)
    return Listed(
        kind=ListingKind.FEED, entries=entries, items=len(items), title=plain(_text(feed, "title")), language=language
    )


def _without_home(entries: tuple[Entry, ...], home: str, *, base: str) -> tuple[Entry, ...]:
    """Without an item that leads to the page that the feed is of, or to where most others lie; unless all do."""
    address = urls.join(base, home) if home else None
    above = Counter(folder for each in entries for folder in _folders(each.key))
    places = {folder for folder, count in above.items() if count >= _FEW and count * 2 >= len(entries)}
    if address is not None:
        places.add(urls.identity(address))
    return tuple(each for each in entries if each.key not in places) or entries


def _folders(key: str) -> Iterator[str]:
    """What lies above an address."""
    path = key.partition("?")[0]
    for _ in range(_MAX_FOLDERS):
        path = path.rpartition("/")[0]
        if not path:
            return
        yield path


def _text(item: dict[str, Any], name: str) -> str:
    # dict.get: feedparser's own one answers "updated" with "published".
    value = dict.get(item, name)
    return value if isinstance(value, str) else ""


def _language(feed: dict[str, Any]) -> str | None:
    detail = dict.get(feed, "title_detail") or {}
    tag = _text(feed, "language") or _text(detail, "language")
    return tag.strip().lower().replace("_", "-")[:35] or None


def _xml_entry(item: dict[str, Any], *, base: str, zone: tzinfo, language: str | None) -> Entry | None:
    times = _times(item, zone=zone, language=language)
    for address in _addresses(item):
        found = entry(address, base=base, title=_text(item, "title"), summary=_text(item, "summary"), times=times)
        if found is not None:
            return found
    return None


def _addresses(item: dict[str, Any]) -> Iterator[str]:
    """Where an entry may lead, the most believed first."""
    yield from filter(None, (_text(item, "feedburner_origlink"), _text(item, "link")))
    links = dict.get(item, "links") or []
    for link in links:
        if link.get("rel", "alternate") == "alternate" and link.get("href"):
            yield str(link["href"])
    identifier = _text(item, "id").strip()
    if identifier.startswith(("http://", "https://")):
        yield identifier


def _times(item: dict[str, Any], *, zone: tzinfo, language: str | None) -> tuple[Stamp | None, Stamp | None]:
    published = stamp(_text(item, "published") or _text(item, "created"), zone=zone, language=language)
    updated = stamp(_text(item, "updated"), zone=zone, language=language)
    if published is None:
        # RDF's dc:date arrives as "updated" and is all that such a feed says of publication.
        return updated, None
    return published, updated


# --- JSON Feed --------------------------------------------------------------------------------------------------------


def _read_json_feed(body: bytes, url: str, *, zone: tzinfo) -> Listed:
    """JSON Feed 1 and 1.1 (jsonfeed.org/version/1.1)."""
    try:
        feed = json.loads(body[:MAX_BYTES])
    except (ValueError, RecursionError) as error:
        raise NotAListing("It opens as JSON and cannot be read as such.") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in str(feed.get("version", "")):
        raise NotAListing("It is JSON and no JSON Feed.")
    language = _text(feed, "language").lower() or None
    found = (_json_entry(item, base=url, zone=zone) for item in items[:MAX_ENTRIES] if isinstance(item, dict))
    entries = _without_home(unique(found), _text(feed, "home_page_url"), base=url)
    return Listed(
        kind=ListingKind.FEED, entries=entries, items=min(len(items), MAX_ENTRIES), title=plain(_text(feed, "title")),
        language=language,
    )  # fmt: skip


def _json_entry(item: dict[str, Any], *, base: str, zone: tzinfo) -> Entry | None:
    identifier = _text(item, "id")
    address = _text(item, "url") or (identifier if "://" in identifier else "") or _text(item, "external_url")
    if not address:
        return None
    return entry(
        address,
        base=base,
        title=_text(item, "title"),
        summary=_text(item, "summary") or _text(item, "content_text"),
        times=(stamp(_text(item, "date_published"), zone=zone), stamp(_text(item, "date_modified"), zone=zone)),
    )
