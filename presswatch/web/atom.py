"""Feeds as Atom (RFC 4287) with pages (RFC 5005)."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

from presswatch.web.feed import AUTHOR, Entry, Feed, instant

__all__ = ["MEDIA_TYPE", "atom"]

MEDIA_TYPE = "application/atom+xml"
_NAMESPACE = "http://www.w3.org/2005/Atom"


def atom(feed: Feed) -> bytes:
    """The document."""
    root = Element("feed", {"xmlns": _NAMESPACE, "xml:lang": "en"})
    _text(root, "id", feed.id)
    _text(root, "title", feed.title)
    _text(root, "updated", instant(feed.updated))
    _text(SubElement(root, "author"), "name", AUTHOR)
    _text(root, "generator", AUTHOR)
    _link(root, "self", feed.atom, MEDIA_TYPE)
    _link(root, "alternate", feed.page, "text/html")
    _link(root, "alternate", feed.json, "application/feed+json")
    for hub in feed.hubs:
        _link(root, "hub", hub)
    if not feed.first:
        _link(root, "first", feed.atom_first, MEDIA_TYPE)
    if feed.atom_next:
        _link(root, "next", feed.atom_next, MEDIA_TYPE)
    for entry in feed.entries:
        _entry(SubElement(root, "entry"), entry)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _entry(element: Element, entry: Entry) -> None:
    _text(element, "id", entry.id)
    _text(element, "title", entry.title)
    _text(element, "updated", instant(entry.at))
    _text(element, "published", instant(entry.at))
    _link(element, "alternate", entry.link, "text/html")
    if entry.original:
        _link(element, "related", entry.original)
    for tag in entry.tags:
        SubElement(element, "category", {"term": tag})
    _text(element, "summary", entry.summary)
    _text(element, "content", entry.html).set("type", "html")


def _text(parent: Element, name: str, text: str) -> Element:
    element = SubElement(parent, name)
    element.text = text
    return element


def _link(parent: Element, rel: str, target: str, media_type: str | None = None) -> None:
    link = SubElement(parent, "link", {"rel": rel, "href": target})
    if media_type:
        link.set("type", media_type)
