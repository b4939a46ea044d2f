"""The sources' feeds as OPML 2.0 (opml.org), for a feed reader to import."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, tostring

from presswatch.web.rendering import one_line

__all__ = ["MEDIA_TYPE", "opml"]

MEDIA_TYPE = "text/x-opml"


def opml(feeds: Mapping[str, str]) -> bytes:
    """The document: an outline for each name, with the address of its Atom feed."""
    root = Element("opml", {"version": "2.0"})
    SubElement(SubElement(root, "head"), "title").text = "presswatch: sources"
    body = SubElement(root, "body")
    for name, address in feeds.items():
        # "rss" is what OPML calls every format of a feed.
        SubElement(body, "outline", {"type": "rss", "text": one_line(name) or "(no name)", "xmlUrl": address})
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document
