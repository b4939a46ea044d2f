"""A document tree as a stream of tags and texts, and what the attributes of a tag say.

The tree was made by a parser, so its serialisation is well-formed: every element that is not void is closed, attributes
stand in double quotes, and text holds no ``<`` (HTML Standard, section 13.3). One regular expression reads that at a
third of the cost of walking the nodes.
https://html.spec.whatwg.org/multipage/parsing.html#serialising-html-fragments
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from scraper.html import Node
from scraper.read.words import NO_NAMES, Names, read_names

__all__ = [
    "CHOSEN",
    "MARK",
    "VOID",
    "Event",
    "Facts",
    "events",
    "facts",
    "facts_without_id",
    "hides",
    "href",
    "may_tell_time",
    "serialised",
    "unescaped",
]

VOID = frozenset(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr".split()
)
"""Elements that have no end tag."""
# A serialiser escapes what would end a tag inside an attribute, so the next ">" ends it.
_EVENT = re.compile(r"<(?:(/?[a-z][^\s>]*+)([^>]*+)|!--.*?--|[!?][^>]*+)>([^<]*+)(?:(</\1>)([^<]*+))?+", re.DOTALL)
_TOLD = re.compile(r" (class|id|role|itemprop|datetime|content|aria-hidden|data-presswatch)=\"([^\"]*+)\"")
_NAMES = frozenset(("class", "id"))
_ID = re.compile(r" id=\"([^\"]*)\"")
_HREF = re.compile(r" href=\"([^\"]*)\"")
_STYLE = re.compile(r" style=\"([^\"]*)\"")
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_FURNITURE_ROLES = frozenset(
    "navigation banner contentinfo complementary search dialog alertdialog menu menubar toolbar tablist".split()
)
_NOTE_ROLES = frozenset("doc-endnotes doc-endnote doc-footnote doc-footnotes".split())
MARK = "data-presswatch"
"""Attribute by which a profile's selectors mark elements before the tree is serialised."""
CHOSEN = "body"
"""Its value for the body."""


def serialised(node: Node) -> str:
    """The markup of an element and what is in it."""
    return node.html or ""


Event = tuple[str, str, str, str, str]
"""Tag and attributes; the text that follows; of an element that holds nothing else its end tag and the text behind."""


def events(markup: str) -> list[Event]:
    """What serialised markup holds, in order.

    An end tag begins with "/". Comments have an empty tag. Attributes and texts are still escaped.
    """
    return _EVENT.findall(markup)


def unescaped(text: str) -> str:
    """A text or attribute as its characters: a serialiser escapes only these four and the quote."""
    if "&" not in text:
        return text
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&nbsp;", "\xa0")
    return text.replace("&amp;", "&")


def href(attributes: str) -> str:
    """The target of an anchor."""
    match = _HREF.search(attributes)
    return unescaped(match[1]) if match else ""


class Facts(NamedTuple):
    """What the attributes of a tag say to a reader of its text."""

    names: Names = NO_NAMES
    aside: bool = False
    """Its role is that of something beside the text."""
    note: bool = False
    """Its role is that of footnotes."""
    article: bool = False
    """It is declared to be the text of an article."""
    value: str = ""
    """``datetime`` or ``content``."""
    itemprop: str = ""
    """Lower-cased."""
    mark: str = ""
    """What a profile says of it."""


_NOTHING = Facts()
_MAX_KNOWN = 300
"""Characters of attributes that are worth to be kept in mind."""


def may_tell_time(attributes: str) -> bool:
    """True for an element with a machine time, or a property, of its own."""
    return " datetime=" in attributes or " itemprop=" in attributes


def hides(attributes: str) -> bool:
    """True where a browser shows nothing of an element with an attribute ``hidden`` or ``style``."""
    if ' hidden="' in attributes and ' hidden="until-found"' not in attributes:
        # React streams parts of a page in hidden elements of such ids and moves them into place.
        return ' id="S:' not in attributes
    style = _STYLE.search(attributes)
    return style is not None and _HIDING.search(style[1]) is not None


def facts(attributes: str) -> Facts:
    """The facts of a tag's attributes."""
    if not attributes:
        return _NOTHING
    return _known(attributes) if len(attributes) <= _MAX_KNOWN else _read(attributes)


def facts_without_id(attributes: str) -> Facts:
    """The same for a heading or a paragraph: its id is made of its words, for links to lead to it."""
    return facts(_ID.sub("", attributes, count=1) if ' id="' in attributes else attributes)


def _read(attributes: str) -> Facts:
    # The first of a name counts: a value with a stray quotation mark in it may look like another.
    found = dict(reversed(_TOLD.findall(attributes)))
    if not found:
        return _NOTHING
    names = read_names(f"{found.get('class', '')} {found.get('id', '')}")
    if found.keys() <= _NAMES:
        return Facts(names)
    role = found.get("role", "")
    return Facts(
        names=names,
        aside=role in _FURNITURE_ROLES or found.get("aria-hidden") == "true",
        note=role in _NOTE_ROLES,
        article=found.get("itemprop") == "articleBody",
        value=unescaped(found.get("datetime") or found.get("content") or ""),
        itemprop=found.get("itemprop", "").lower(),
        mark=found.get(MARK, ""),
    )


# The same class names stand on many elements of a page, and on the pages of a site.
_known = lru_cache(maxsize=4096)(_read)
