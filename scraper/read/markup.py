"""A document tree as a stream of tags and texts, and what the attributes of a tag say.

The tree was made by a parser, so its serialisation is well-formed: every element that is not void is closed, attributes
stand in double quotes, and text holds no ``<`` (HTML Standard, section 13.3). One regular expression reads that at a
third of the cost of walking the nodes.
https://html.spec.whatwg.org/multipage/parsing.html#serialising-html-fragments
"""

from __future__ import annotations

import re
from typing import NamedTuple

from scraper.html import Node
from scraper.read.words import Names, read_names

__all__ = [
    "CHOSEN",
    "MARK",
    "VOID",
    "Facts",
    "events",
    "facts",
    "href",
    "may_hide",
    "may_tell_time",
    "serialised",
    "unescaped",
]

VOID = frozenset(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr".split()
)
"""Elements that have no end tag."""
# A serialiser escapes what would end a tag inside an attribute, so the next ">" ends it.
_EVENT = re.compile(r"<(?:(/?[a-z][^\s>]*+)([^>]*+)|!--.*?--|[!?][^>]*+)>([^<]*+)", re.DOTALL)
_CLASS = re.compile(r" class=\"([^\"]*)\"")
_ID = re.compile(r" id=\"([^\"]*)\"")
_RARE = re.compile(r" (role|hidden|style|itemprop|datetime|content|aria-hidden|data-presswatch)=\"([^\"]*+)\"")
_HREF = re.compile(r" href=\"([^\"]*)\"")
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


def events(markup: str) -> list[tuple[str, str, str]]:
    """Tag, attributes and the text that follows, for each tag of serialised markup, in order.

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

    names: Names
    hidden: bool
    """A browser shows nothing of it."""
    aside: bool
    """Its role is that of something beside the text."""
    note: bool
    """Its role is that of footnotes."""
    article: bool
    """It is declared to be the text of an article."""
    value: str
    """``datetime`` or ``content``."""
    itemprop: str
    """Lower-cased."""
    mark: str
    """What a profile says of it."""


_NOTHING = Facts(
    Names("", furniture=False, stubborn=False, article=False), hidden=False, aside=False, note=False, article=False,
    value="", itemprop="", mark="",
)  # fmt: skip


def may_hide(attributes: str) -> bool:
    """False where an element is surely shown; cheap, since every element is asked."""
    return " hidden=" in attributes or " style=" in attributes


def may_tell_time(attributes: str) -> bool:
    """True for an element with a machine time, or a property, of its own."""
    return " datetime=" in attributes or " itemprop=" in attributes


def facts(attributes: str, *, ids: bool = True) -> Facts:
    """The facts of a tag's attributes; without ``ids`` what its id is made of tells nothing of it."""
    if not attributes:
        return _NOTHING
    names, name = _CLASS.search(attributes), _ID.search(attributes) if ids else None
    folded = read_names(f"{names[1] if names else ''} {name[1] if name else ''}") if names or name else _NOTHING.names
    if _RARE.search(attributes) is None:
        return Facts(folded, hidden=False, aside=False, note=False, article=False, value="", itemprop="", mark="")
    found = dict(_RARE.findall(attributes))
    role = found.get("role", "")
    return Facts(
        names=folded,
        hidden=_is_hidden(found, attributes),
        aside=role in _FURNITURE_ROLES or found.get("aria-hidden") == "true",
        note=role in _NOTE_ROLES,
        article=found.get("itemprop") == "articleBody",
        value=unescaped(found.get("datetime") or found.get("content") or ""),
        itemprop=found.get("itemprop", "").lower(),
        mark=found.get(MARK, ""),
    )


def _is_hidden(found: dict[str, str], attributes: str) -> bool:
    if "hidden" in found and found["hidden"] != "until-found":
        # React streams parts of a page in hidden elements of such ids and moves them into place.
        return ' id="S:' not in attributes
    style = found.get("style")
    return bool(style) and bool(_HIDING.search(style or ""))
