"""A page as flat lists, for readers that compare neighbours: elements, pieces of text and anchors in document order.

An element's descendants, its text and its anchors are ranges of those lists, so "what lies within" and "what lies
between" are slices and cost nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from scraper import html, urls
from scraper.discover.entries import fold

__all__ = ["Anchor", "Element", "Outline", "Piece", "outline"]

MAX_ELEMENTS = 300_000
MAX_ANCHORS = 6_000
_UNSEEN = frozenset("script style noscript template svg head select textarea iframe object".split())
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code dfn em font i img ins kbd mark nobr q s samp small span strong sub sup "
    "time tt u var wbr".split()
)
_LABELLED = re.compile(r"[a-z0-9]+")


@dataclass(slots=True)
class Element:
    """A tag. ``end``, ``pieces`` and ``anchors`` bound what lies within it."""

    tag: str
    parent: int
    label: frozenset[str]
    """The words of its class, id and role, lower-cased."""
    moment: str = ""
    """The ``datetime`` attribute."""
    end: int = 0
    pieces: tuple[int, int] = (0, 0)
    anchors: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Piece:
    """A text node, folded, and the number of the line that it is shown on."""

    text: str
    line: int
    joined: bool
    """No white space stands between it and the piece before."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link that leads to a web page."""

    element: int
    url: str
    label: str
    """What it is called beside its text: ``title``, ``aria-label`` or the ``alt`` of its picture."""
    rel: frozenset[str]


@dataclass(slots=True)
class Outline:
    """A page."""

    url: str
    base: str
    title: str = ""
    language: str | None = None
    following: str = ""
    """What the head declares as the next page, as written."""
    elements: list[Element] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)

    def text(self, bounds: tuple[int, int]) -> str:
        """The text of a range of pieces, on one line."""
        return fold(
            "".join(piece.text if piece.joined else f" {piece.text}" for piece in self.pieces[bounds[0] : bounds[1]])
        )

    def lines(self, bounds: tuple[int, int]) -> list[str]:
        """The text of a range of pieces, line by line."""
        found: dict[int, list[str]] = {}
        for piece in self.pieces[bounds[0] : bounds[1]]:
            found.setdefault(piece.line, []).append(piece.text if piece.joined else f" {piece.text}")
        return [line for line in (fold("".join(parts)) for parts in found.values()) if line]


def outline(document: html.Document, url: str) -> Outline:
    """The outline of a parsed page that answered at ``url``; at most 300,000 elements and 6,000 anchors."""
    page = Outline(url=url, base=_base(document, url))
    title = document.css_first("title")
    page.title = fold(title.text())[:500] if title is not None else ""
    page.language = _language(document)
    declared = document.css_first("link[rel~=next][href]")
    page.following = (declared.attributes.get("href") or "") if declared is not None else ""
    if document.body is not None:
        _Walk(page).walk(document.body)
    return page


def _base(document: html.Document, url: str) -> str:
    node = document.css_first("base[href]")
    href = (node.attributes.get("href") or "") if node is not None else ""
    return urls.join(url, href) or url


def _language(document: html.Document) -> str | None:
    node = document.css_first("html[lang]")
    tag = (node.attributes.get("lang") or "") if node is not None else ""
    return tag.strip().lower().replace("_", "-")[:35] or None


class _Walk:
    """One pass over the tree, without recursion: pages nest as deep as they like."""

    def __init__(self, page: Outline) -> None:
        self._page = page
        self._open: list[int] = []
        self._line = 0
        self._space = True

    def walk(self, body: html.Node) -> None:
        top = body.mem_id
        node: html.Node | None = body
        while node is not None and len(self._page.elements) < MAX_ELEMENTS:
            child = self._enter(node)
            if child is not None:
                node = child
                continue
            self._leave(node)
            while node.next is None and node.mem_id != top:
                parent = node.parent
                if parent is None:
                    break
                node = parent
                self._leave(node)
            node = None if node.mem_id == top else node.next
        while self._open:
            self._close()

    def _enter(self, node: html.Node) -> html.Node | None:
        """Note a node; its first child, where that is to be walked."""
        if node.is_text_node:
            self._text(node.text_content or "")
            return None
        tag = node.tag or ""
        if not node.is_element_node or tag in _UNSEEN:
            return None
        self._element(node, tag)
        return node.first_child

    def _element(self, node: html.Node, tag: str) -> None:
        page, attributes = self._page, node.attributes
        if tag not in _INLINE:
            self._line += 1
            self._space = True
        names = " ".join(attributes.get(name) or "" for name in ("class", "id", "role"))[:500]
        element = Element(
            tag=tag,
            parent=self._open[-1] if self._open else -1,
            label=frozenset(_LABELLED.findall(_camel_split(names))),
            moment=(attributes.get("datetime") or "")[:100],
            pieces=(len(page.pieces), 0),
            anchors=(len(page.anchors), 0),
        )
        self._open.append(len(page.elements))
        page.elements.append(element)
        if tag == "a" and len(page.anchors) < MAX_ANCHORS:
            self._anchor(node, attributes)

    def _anchor(self, node: html.Node, attributes: dict[str, str | None]) -> None:
        page = self._page
        url = urls.join(page.base, attributes.get("href") or "")
        if url is None or not attributes.get("href"):
            return
        picture = node.css_first("img[alt]")
        alt = picture.attributes.get("alt") if picture is not None else ""
        label = attributes.get("title") or attributes.get("aria-label") or alt or ""
        rel = frozenset((attributes.get("rel") or "").lower().split())
        page.anchors.append(Anchor(element=self._open[-1], url=url, label=fold(label)[:500], rel=rel))

    def _text(self, text: str) -> None:
        folded = fold(text)
        if folded:
            joined = not (self._space or text[:1].isspace())
            self._page.pieces.append(Piece(folded, self._line, joined))
            self._space = text[-1:].isspace()
        elif text:
            self._space = True

    def _leave(self, node: html.Node) -> None:
        if node.is_element_node and (node.tag or "") not in _UNSEEN:
            self._close()

    def _close(self) -> None:
        page = self._page
        element = page.elements[self._open.pop()]
        element.end = len(page.elements)
        element.pieces = (element.pieces[0], len(page.pieces))
        element.anchors = (element.anchors[0], len(page.anchors))
        if element.tag not in _INLINE:
            self._line += 1
            self._space = True


_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _camel_split(names: str) -> str:
    return _CAMEL.sub(" ", names).lower()
