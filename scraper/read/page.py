"""A document tree as segments of text in boxes, in the order of the document.

Everything that reads a page works on these two lists instead of the tree: a segment is a run of text that a browser
shows as one block, a box is an element that holds segments. One walk makes both, without recursion, so that the
nesting of a page costs no stack.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from scraper.html import Document, Node
from scraper.model import BlockKind
from scraper.read.words import Names, read_names

__all__ = ["Box", "Page", "Segment", "Time", "flatten"]

_DROPPED = ["script", "style", "template", "noscript", "svg", "iframe", "object", "select", "textarea", "button"]
_DROPPED += ["canvas", "audio", "datalist", "dialog", "embed", "input", "progress", "meter"]
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby s samp small "
    "span strike strong sub sup time tt u var wbr img picture source".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_KINDS = {"li": BlockKind.LIST_ITEM, "dd": BlockKind.LIST_ITEM, "dt": BlockKind.LIST_ITEM}
_KINDS |= dict.fromkeys(_HEADINGS, BlockKind.HEADING)
_KINDS |= {"blockquote": BlockKind.QUOTE, "figcaption": BlockKind.CAPTION, "caption": BlockKind.CAPTION}
_KINDS |= {"figure": BlockKind.CAPTION}
_FURNITURE_TAGS = frozenset("nav footer aside menu".split())
_FURNITURE_ROLES = frozenset(
    "navigation banner contentinfo complementary search dialog alertdialog menu menubar toolbar tablist".split()
)
_UNHINTED = frozenset("html body main article h1".split())
_MUCH_TEXT = 2_000
_MAX_ROW = 600
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_Attributes = dict[str, str | None]
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))


@dataclass(slots=True)
class Box:
    """An element that holds segments."""

    tag: str
    parent: int
    """Index of the box around it; -1 for the outermost."""
    names: str
    """Class names and id, folded."""
    furniture: bool
    """It, or a box around it, looks like no part of an article."""
    hinted: bool
    """It does so itself."""
    stubborn: bool
    """Its furniture often outweighs an article."""
    good: bool
    """It is named like the text of an article."""
    first: int
    """Index of its first segment."""
    last: int = 0
    """Index behind its last segment."""


@dataclass(slots=True)
class Segment:
    """A run of text shown as one block."""

    kind: BlockKind
    tag: str
    """The nearest block element around it."""
    text: str
    box: int
    links: list[tuple[str, str]] = field(default_factory=list)
    """Text and ``href`` of each anchor."""
    linked: int = 0
    """Characters inside anchors."""
    after_image: bool = False
    """An image, and no text, comes right before it."""


@dataclass(slots=True)
class Time:
    """A ``<time>`` element, or one with a machine time of its own (``datetime``, ``itemprop``)."""

    segment: int
    """Index of the segment that its text is in, or would be."""
    value: str
    text: str
    itemprop: str
    names: str
    box: int


@dataclass(slots=True)
class Page:
    """What a walk over a document saw."""

    segments: list[Segment]
    boxes: list[Box]
    times: list[Time]

    def ancestry(self, box: int) -> list[int]:
        """A box and those around it, innermost first."""
        found = []
        while box >= 0:
            found.append(box)
            box = self.boxes[box].parent
        return found


def flatten(document: Document) -> Page:
    """The segments, boxes and times of a document. Takes scripts and controls out of the tree."""
    _free_noscript(document)
    document.strip_tags(_DROPPED)
    walk = _Walk()
    if document.body is not None:
        walk.run(document.body)
    return walk.page


def _free_noscript(document: Document) -> None:
    """Keep the text of a ``<noscript>`` that holds the page: some pages hide everything until a script consents."""
    total = -1
    for node in document.css("noscript"):
        size = len(node.text())
        if size < _MUCH_TEXT:
            continue
        total = total if total >= 0 or document.body is None else len(document.body.text())
        if size * 2 > total:
            node.unwrap()


class _Walk:
    """One pass over a tree; its state is what a browser's block layout would know."""

    def __init__(self) -> None:
        self.page = Page(segments=[], boxes=[], times=[])
        self._box = -1
        self._pieces: list[str] = []
        self._links: list[tuple[int, str]] = []
        """Anchors in the open run: where in the pieces it starts, its target."""
        self._closed: list[tuple[str, str]] = []
        self._tags: list[str] = []
        self._image = False
        self._glue = False
        """The last thing seen was the edge of an inline element."""

    def run(self, body: Node) -> None:
        """Walk a tree without recursion: down by first child, on by next sibling, up by the stack."""
        stack: list[tuple[Node, str, bool]] = []
        self._open(body, "body", body.attributes)
        node = body.first_child
        while True:
            if node is None:
                if not stack:
                    break
                parent, tag, entered = stack.pop()
                self._leave(tag, is_box=entered)
                node = parent.next
                continue
            if node.is_text_node:
                self._text(node.text_content or "")
                node = node.next
                continue
            tag = node.tag or ""
            if not node.is_element_node:
                node = node.next
                continue
            attributes = node.attributes
            if attributes and _is_hidden(tag, attributes):
                node = node.next
                continue
            entered = self._enter(node, tag, attributes)
            stack.append((node, tag, entered))
            node = node.first_child
        self._leave("body", is_box=True)

    # --- entering and leaving elements

    def _enter(self, node: Node, tag: str, attributes: _Attributes) -> bool:
        if tag == "br":
            self._pieces.append(_BREAK)
            return False
        if tag == "img":
            self._image = self._image or not self._has_text()
            return False
        if tag == "a":
            self._links.append((len(self._pieces), attributes.get("href") or ""))
            return False
        if tag in _INLINE:
            if tag in ("time", "span"):
                self._glue = True
                if tag == "time" or "datetime" in attributes or "itemprop" in attributes:
                    self._note_time(node, attributes)
            return False
        if self._pieces:
            self._flush()
        self._open(node, tag, attributes)
        return True

    def _note_time(self, node: Node, attributes: _Attributes) -> None:
        value = attributes.get("datetime") or attributes.get("content") or ""
        itemprop = attributes.get("itemprop") or ""
        names = _names(attributes).folded
        text = " ".join(node.text(separator=" ").split())[:200]
        self.page.times.append(Time(len(self.page.segments), value, text, itemprop.lower(), names, self._box))

    def _leave(self, tag: str, *, is_box: bool) -> None:
        if is_box:
            if self._pieces:
                self._flush()
            if self._image and tag in ("p", "table", "ul", "ol", "blockquote", "h1", "h2", "h3"):
                self._image = False
            self._close()
        elif tag == "a":
            self._end_link()
        elif tag in ("time", "span"):
            self._glue = True

    def _open(self, node: Node, tag: str, attributes: _Attributes) -> None:
        names = _names(attributes) if attributes else _NAMELESS
        outer = self.page.boxes[self._box].furniture if self._box >= 0 else False
        hinted = tag in _FURNITURE_TAGS or (names.furniture and tag not in _UNHINTED)
        hinted = hinted or attributes.get("role") in _FURNITURE_ROLES or attributes.get("aria-hidden") == "true"
        article = names.article or attributes.get("itemprop") == "articleBody"
        if "datetime" in attributes or "itemprop" in attributes:
            self._note_time(node, attributes)
        self.page.boxes.append(
            Box(tag, self._box, names.folded, outer or hinted, hinted, names.stubborn, article, len(self.page.segments))
        )
        self._box = len(self.page.boxes) - 1
        self._tags.append(tag)

    def _close(self) -> None:
        box = self.page.boxes[self._box]
        if box.tag == "tr":
            self._join_row(box)
        box.last = len(self.page.segments)
        self._box = box.parent
        self._tags.pop()

    def _join_row(self, row: Box) -> None:
        """Make one segment of the cells of a row of data."""
        cells = self.page.segments[row.first :]
        if not _is_data_row(cells, self.page.boxes, self._box):
            return
        self.page.segments[row.first :] = [_joined(cells, self._box)]
        for box in self.page.boxes[self._box :]:
            box.first, box.last = row.first, row.first + 1
        for time in reversed(self.page.times):
            if time.segment < row.first:
                break
            time.segment = row.first

    # --- text

    def _text(self, text: str) -> None:
        if not text:
            return
        if self._glue and self._pieces and _is_parted(self._pieces[-1][-1:], text[0]):
            self._pieces.append(" ")
        self._glue = False
        self._pieces.append(text)

    def _has_text(self) -> bool:
        return any(not (piece.isspace() or piece == _BREAK) for piece in self._pieces)

    def _end_link(self) -> None:
        if not self._links:
            return
        self._close_link(*self._links.pop())

    def _close_link(self, start: int, target: str) -> None:
        text = _folded(_seen("".join(self._pieces[start:])))
        if text:
            self._closed.append((text, target))

    def _flush(self) -> None:
        """End the open run of text; two line breaks in a row part it into several segments."""
        open_links = [target for _, target in self._links]
        for start, target in self._links:
            self._close_link(start, target)
        raw = _seen("".join(self._pieces))
        self._pieces.clear()
        links, self._closed = self._closed, []
        self._links = [(0, target) for target in open_links]
        if raw and not raw.isspace():
            self._emit(raw, links)

    def _emit(self, raw: str, links: list[tuple[str, str]]) -> None:
        kind, tag = self._kind()
        parts = [text for text in map(_folded, _PARAGRAPH_BREAK.split(raw) if _BREAK in raw else [raw]) if text]
        for text in parts:
            own = [link for link in links if link[0] in text] if len(parts) > 1 else links
            linked = sum(len(link[0]) for link in own)
            segment = Segment(kind, tag, text, self._box, own, min(linked, len(text)), self._image)
            self.page.segments.append(segment)
            self._image = False

    def _kind(self) -> tuple[BlockKind, str]:
        tags = self._tags
        nearest = tags[-1] if tags else "body"
        for tag in reversed(tags[-6:]):
            kind = _KINDS.get(tag)
            if kind is not None:
                return kind, nearest
        return (BlockKind.QUOTE if "blockquote" in tags else BlockKind.PARAGRAPH), nearest


_BREAK = "\x00"
"""Stands for ``<br>`` in a run of text; decoded pages hold no NUL."""
_PARAGRAPH_BREAK = re.compile(r"\x00(?:\s*\x00)+")


def _is_parted(before: str, after: str) -> bool:
    """True where a style sheet keeps two elements apart: "20 Nov 2019" and "4:29", "Updated" and "By"."""
    if before.isdigit():
        return after.isdigit() or after.isupper()
    return after.isupper() and (before.islower() or before in '.!?)»”"')


def _is_hidden(tag: str, attributes: _Attributes) -> bool:
    if "hidden" in attributes and attributes["hidden"] != "until-found":
        # React streams parts of a page in hidden elements of such ids and moves them into place.
        return not (attributes.get("id") or "").startswith("S:")
    style = attributes.get("style")
    return bool(style) and tag not in ("br", "img") and bool(_HIDING.search(style or ""))


_NAMELESS = Names("", furniture=False, stubborn=False, article=False)


def _seen(text: str) -> str:
    """A text without the characters that nobody sees."""
    return text if text.isascii() else text.translate(_INVISIBLE)


def _names(attributes: _Attributes) -> Names:
    return read_names(f"{attributes.get('class') or ''} {attributes.get('id') or ''}")


def _folded(text: str) -> str:
    return " ".join(text.replace(_BREAK, " ").split())


def _is_data_row(cells: list[Segment], boxes: list[Box], row: int) -> bool:
    """True for a row of a table of data; a table that lays out a page has cells of many segments, or tables in them."""
    if len(cells) < 2 or sum(len(cell.text) for cell in cells) > _MAX_ROW:
        return False
    found = {_cell_of(cell.box, boxes) for cell in cells}
    return len(found) == len(cells) and all(boxes[cell].parent == row for cell in found)


def _cell_of(box: int, boxes: list[Box]) -> int:
    while boxes[box].tag not in ("td", "th", "tr") and boxes[box].parent >= 0:
        box = boxes[box].parent
    return box


def _joined(cells: list[Segment], box: int) -> Segment:
    """A table row of its cells."""
    text = " | ".join(cell.text for cell in cells)
    links = [link for cell in cells for link in cell.links]
    return Segment(BlockKind.TABLE_ROW, "tr", text, box, links, sum(cell.linked for cell in cells))
