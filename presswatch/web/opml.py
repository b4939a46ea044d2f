"""Lists of feeds and of pages as OPML 2.0 (opml.org/spec2.opml), for another program to import."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, tostring

from presswatch.web.outlines import Outline
from presswatch.web.rendering import one_line

__all__ = ["MEDIA_TYPE", "opml"]

MEDIA_TYPE = "text/x-opml"


def opml(title: str, outlines: Iterable[Outline]) -> bytes:
    """The document: an outline for each feed, and for each site that has none."""
    root = Element("opml", {"version": "2.0"})
    SubElement(SubElement(root, "head"), "title").text = title
    body = SubElement(root, "body")
    for each in outlines:
        SubElement(body, "outline", {"text": one_line(each.title) or "(no name)", **_target(each)})
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _target(outline: Outline) -> dict[str, str]:
    if not outline.feed:
        return {"type": "link", "url": one_line(outline.site)}
    # "rss" is what OPML calls every format of a feed.
    site = {"htmlUrl": one_line(outline.site)} if outline.site else {}
    return {"type": "rss", "xmlUrl": one_line(outline.feed), **site}
