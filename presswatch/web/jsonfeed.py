"""Feeds as JSON Feed 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json

from presswatch.notify import change_object
from presswatch.web.feed import AUTHOR, Entry, Feed, instant
from presswatch.web.rendering import harmless

__all__ = ["MEDIA_TYPE", "json_feed"]

MEDIA_TYPE = "application/feed+json"


def json_feed(feed: Feed) -> bytes:
    """The document. Each item has, as ``_presswatch``, the change as ``presswatch changes --json`` prints it."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.json,
        "authors": [{"name": AUTHOR}],
        "language": "en",
        "items": [_item(entry) for entry in feed.entries],
    }
    if feed.hubs:
        document["hubs"] = [{"type": "WebSub", "url": hub} for hub in feed.hubs]
    if feed.json_next:
        document["next_url"] = feed.json_next
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _item(entry: Entry) -> dict[str, object]:
    item: dict[str, object] = {
        "id": entry.id,
        "url": entry.link,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": entry.html,
        "date_published": instant(entry.at),
        "tags": list(entry.tags),
        "_presswatch": {name: _clean(value) for name, value in change_object(entry.change).items()},
    }
    if entry.original:
        item["external_url"] = entry.original
    return item


def _clean(value: object) -> object:
    return harmless(value) if isinstance(value, str) else value
