"""The rules of RFC 4287 and of the W3C's feed validator that a feed can break, as a list of what one breaks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from xml.etree import ElementTree as ET

from scraper.html import parse

__all__ = ["ATOM", "content_faults", "faults", "tree"]

ATOM = "{http://www.w3.org/2005/Atom}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ONCE = {"id", "title", "updated"}
_FEED = _ONCE | {"author", "category", "contributor", "generator", "icon", "link", "logo", "rights", "subtitle"}
_ENTRY = _ONCE | {"author", "category", "content", "contributor", "link", "published", "rights", "source", "summary"}
_AT_MOST_ONCE = {"content", "published", "summary", "generator", "subtitle", "rights", "icon", "logo", "source"}
_RELATIONS = {"alternate", "related", "self", "enclosure", "via", "first", "next", "previous", "last", "hub"}
_ATTRIBUTES = {
    "link": {"href", "rel", "type", "hreflang", "title", "length"},
    "category": {"term", "scheme", "label"},
    "generator": {"uri", "version"},
    "content": {"type", "src"},
    "title": {"type"},
    "summary": {"type"},
    "subtitle": {"type"},
}
# RFC 3986, appendix A, as far as a regular expression goes; the validator's own is no stricter.
_URI_CHARACTERS = r"(?:[A-Za-z0-9\-._~:/?#@!$&'()*+,;=]|%[0-9A-Fa-f]{2})"
_URI = re.compile(rf"https?://(?:\[[0-9A-Fa-f:.]+\]|[^/?#\[\]\s]+?){_URI_CHARACTERS}*")
_ID = re.compile(
    rf"(?:urn:uuid:[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}|tag:[^\s]+|https?://{_URI_CHARACTERS}+)"
)
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")
_INLINE = {"p", "div", "strong", "em", "del", "ins", "bdi", "a"}
_INLINE_ATTRIBUTES = {"href", "lang", "dir"}


def tree(document: bytes) -> ET.Element:
    """The document as a parser without mercy reads it."""
    return ET.fromstring(document.decode("utf-8"))  # noqa: S314  # it is the product's own


def faults(document: bytes) -> list[str]:
    """What is wrong with an Atom document; empty where nothing is."""
    root = tree(document)
    if root.tag != f"{ATOM}feed":
        return [f"the root is {root.tag}"]
    return list(_feed(root))


def _feed(root: ET.Element) -> Iterator[str]:
    yield from _children(root, _FEED | {"entry"})
    names = [child.tag for child in root]
    first_entry = names.index(f"{ATOM}entry") if f"{ATOM}entry" in names else len(names)
    if set(names[first_entry:]) - {f"{ATOM}entry"}:
        yield "facts of the feed stand after an entry"
    links = [
        (link.get("rel", "alternate"), link.get("type"), link.get("hreflang")) for link in root.findall(f"{ATOM}link")
    ]
    if [rel for rel, _, _ in links].count("self") != 1:
        yield "there is not one link to the feed itself"
    if len(set(links)) < len(links):
        yield "two links are alike"
    entries = root.findall(f"{ATOM}entry")
    authored = [root] if root.findall(f"{ATOM}author") else entries
    if any(not each.findall(f"{ATOM}author") for each in authored):
        yield "somebody is the author of nothing"
    ids = Counter(entry.findtext(f"{ATOM}id") for entry in entries)
    yield from (f"the id {each} comes twice" for each, count in ids.items() if count > 1)
    for entry in entries:
        yield from _children(entry, _ENTRY)
        relations = [link.get("rel", "alternate") for link in entry.findall(f"{ATOM}link")]
        if relations.count("alternate") > 1 or (not entry.findall(f"{ATOM}content") and "alternate" not in relations):
            yield "an entry leads nowhere, or to two places"


def _children(parent: ET.Element, allowed: set[str]) -> Iterator[str]:
    counts = Counter(child.tag.removeprefix(ATOM) for child in parent)
    yield from (f"{name} in {parent.tag}" for name in set(counts) - allowed)
    yield from (f"{counts[name]} {name}" for name in _ONCE if counts[name] != 1)
    yield from (f"{counts[name]} {name}" for name in _AT_MOST_ONCE if counts[name] > 1)
    for child in parent:
        name = child.tag.removeprefix(ATOM)
        if name != "entry":
            yield from _element(child, name)


def _element(element: ET.Element, name: str) -> Iterator[str]:
    extra = set(element.attrib) - _ATTRIBUTES.get(name, set()) - {_LANG}
    yield from (f"{name} has an attribute {each}" for each in extra)
    text = element.text or ""
    if name != "author" and len(element):
        yield f"{name} has children"
    if name == "id" and not _ID.fullmatch(text):
        yield f"an id is {text!r}"
    if name in ("updated", "published"):
        yield from _date(text)
    if name in ("title", "summary") and not text.strip():
        yield f"{name} is empty"
    if name == "author" and not (element.findtext(f"{ATOM}name") or "").strip():
        yield "an author has no name"
    if name == "category" and not element.get("term", "").strip():
        yield "a category has no term"
    if name == "link":
        yield from _link(element)
    if name == "content":
        yield from content_faults(text) if element.get("type") == "html" else ["the content is no HTML"]


def _date(text: str) -> Iterator[str]:
    if not _DATE.fullmatch(text):
        yield f"a date is {text!r}"
    else:
        datetime.fromisoformat(text)


def _link(element: ET.Element) -> Iterator[str]:
    if not _URI.fullmatch(element.get("href", "")):
        yield f"a link leads to {element.get('href')!r}"
    if element.get("rel", "alternate") not in _RELATIONS:
        yield f"a link is {element.get('rel')!r}"
    if "type" in element.attrib and not _TYPE.fullmatch(element.attrib["type"]):
        yield f"a link has the type {element.get('type')!r}"


def content_faults(html: str) -> Iterator[str]:
    """What an entry's HTML must not hold: anything that runs or asks, and a link that is no absolute one to the web."""
    for node in parse(f"<body>{html}").css("body *"):
        if node.tag not in _INLINE:
            yield f"the content has a {node.tag}"
        yield from (f"{node.tag} has {name}" for name in set(node.attributes) - _INLINE_ATTRIBUTES)
        if "href" in node.attributes and not _URI.fullmatch(node.attributes["href"] or ""):
            yield f"the content leads to {node.attributes['href']!r}"
