"""A document tree as segments of text in boxes, in the order of the document.

Everything that reads a page works on these two lists instead of the tree: a segment is a run of text that a browser
shows as one block, a box is an element that holds segments. One walk makes both, without recursion, so that the
nesting of a page costs no stack.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from scraper.html import Document
from scraper.model import BlockKind
from scraper.read.markup import MARK, VOID, Facts, events, facts, href, may_hide, may_tell_time, serialised, unescaped

__all__ = ["Box", "Page", "Segment", "Time", "flatten", "settle"]

_DROPPED = ["script", "style", "template", "noscript", "svg", "iframe", "object", "select", "textarea", "button"]
_DROPPED += ["canvas", "audio", "datalist", "dialog", "embed", "input", "progress", "meter"]
_SKIPPED = (
    ", ".join(_DROPPED) + ", "
    "nav:not(:has(p, h1, time)), [role=navigation]:not(:has(p, h1, time)), [role=menu]:not(:has(p, h1, time)), "
    "[role=menubar]:not(:has(p, h1, time)), form:not(:has(p, h1, time))"
)
"""Scripts, controls, and menus: a third of a page's tags stands in them."""
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby s samp small "
    "span strike strong sub sup time tt u var wbr img picture source".split()
)
_MEANT = frozenset("a br img span time".split())
_PLAIN = frozenset({"", *(_INLINE - _MEANT), *(f"/{tag}" for tag in _INLINE - _MEANT)})
"""Tags that neither part a text nor say anything of it."""
_SHOWN = frozenset({"br", "img"})
"""What hides them is of no matter: they hold no text."""
_TEXTS = frozenset("p h1 h2 h3 h4 h5 h6".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_KINDS = {"li": BlockKind.LIST_ITEM, "dd": BlockKind.LIST_ITEM, "dt": BlockKind.LIST_ITEM}
_KINDS |= dict.fromkeys(_HEADINGS, BlockKind.HEADING)
_KINDS |= {"blockquote": BlockKind.QUOTE, "figcaption": BlockKind.CAPTION, "caption": BlockKind.CAPTION}
_KINDS |= {"figure": BlockKind.CAPTION}
_FURNITURE_TAGS = frozenset("nav footer aside menu".split())
_UNHINTED = frozenset("html body main article h1".split())
_RARE_NAMES = ("note", "teaser")
_MUCH_TEXT = 2_000
_MAX_ROW = 600
_MAX_CELLS = 200
_MAX_TIME = 200
_BLOCKS_OF_TEXT = frozenset("p table ul ol blockquote h1 h2 h3".split())
_UNSEEN = "\u00ad\u200b\u2060\ufeff"
_INVISIBLE = dict.fromkeys(map(ord, _UNSEEN))


class Box:
    """An element that holds segments.

    What its attributes say is read when it is asked for: most boxes stand in furniture or hold nothing.
    """

    __slots__ = ("_attributes", "_facts", "_hinted", "first", "furniture", "last", "parent", "tag")

    def __init__(self, tag: str, parent: int, first: int, attributes: str = "") -> None:
        self.tag = tag
        self.parent = parent
        """Index of the box around it; -1 for the outermost."""
        self.first = first
        """Index of its first segment."""
        self.last = first
        """Index behind its last segment."""
        self.furniture = False
        """It, or a box around it, looks like no part of an article; settled by ``scraper.read.root``."""
        self._attributes = attributes
        self._facts: Facts | None = None
        self._hinted: bool | None = None

    @property
    def facts(self) -> Facts:
        """What its attributes say."""
        if self._facts is None:
            # The id of a heading or a paragraph is made of its words, for links to lead to it.
            self._facts = facts(self._attributes, ids=self.tag not in _TEXTS)
        return self._facts

    @property
    def names(self) -> str:
        """Class names and id, folded."""
        return self.facts.names.folded

    @property
    def hinted(self) -> bool:
        """It looks like no part of an article itself."""
        if self._hinted is None:
            told = self.facts
            self._hinted = (
                told.aside or self.tag in _FURNITURE_TAGS or (told.names.furniture and self.tag not in _UNHINTED)
            )
        return self._hinted

    @hinted.setter
    def hinted(self, hinted: bool) -> None:
        self._hinted = hinted

    @property
    def stubborn(self) -> bool:
        """Its furniture often outweighs an article."""
        return self.facts.names.stubborn

    @property
    def teaser(self) -> bool:
        """It is named as a teaser, of this text or of another."""
        return self.facts.names.teaser

    @property
    def mark(self) -> str:
        """What a profile says of it."""
        return self.facts.mark if MARK in self._attributes else ""

    @property
    def note(self) -> bool:
        """It holds footnotes."""
        return self.facts.note or self.facts.names.note

    @property
    def good(self) -> bool:
        """It is named like the text of an article."""
        return self.facts.names.article or self.facts.article


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
    mentions: frozenset[str] = frozenset()
    """Which of a few rare names the markup holds at all: without them no box need be asked for its own."""

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
    for node in document.css(_SKIPPED):
        node.decompose()
    walk = _Walk()
    if document.body is not None:
        markup = serialised(document.body)
        walk.page.mentions = frozenset(name for name in _RARE_NAMES if name in markup or name.title() in markup)
        walk.run(events(markup))
    settle(walk.page.boxes)
    return walk.page


def settle(boxes: list[Box]) -> None:
    """Hand on to each box that those around it are furniture; what holds nothing is not asked."""
    for box in boxes:
        outer = box.parent >= 0 and boxes[box.parent].furniture
        box.furniture = outer or (box.last > box.first and box.hinted)


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
    """One pass over a page's tags; its state is what a browser's block layout would know."""

    def __init__(self) -> None:
        self.page = Page(segments=[], boxes=[], times=[])
        self._box = -1
        self._pieces: list[str] = []
        self._links: list[tuple[int, str]] = []
        """Anchors in the open run: where in the pieces it starts, its target."""
        self._closed: list[tuple[str, str]] = []
        self._tags: list[str] = []
        """Of the open boxes."""
        self._timed: dict[int, Time] = {}
        """Of boxes that have a time of their own."""
        self._times: list[tuple[Time, int, int] | None] = []
        """Open spans; with a time of their own: where in the pieces, and in the segments, their text starts."""
        self._quotes = 0
        """Open quotations."""
        self._image = False
        self._glue = False
        """The last thing seen was the edge of an inline element."""

    def run(self, stream: list[tuple[str, str, str]]) -> None:
        """Take in a page's tags, in order."""
        inline = {
            "a": self._open_link, "/a": self._end_link, "br": self._break, "img": self._picture,
            "span": self._open_span, "/span": self._end_span, "time": self._open_time, "/time": self._end_span,
        }  # fmt: skip
        hidden = 0
        """How many elements of a hidden part are open."""
        pieces = self._pieces
        for tag, attributes, text in stream:
            if hidden:
                hidden += _step(tag)
            elif attributes and may_hide(attributes) and tag not in _SHOWN and facts(attributes).hidden:
                hidden = _step(tag)
            elif tag in _PLAIN:
                pass
            elif (act := inline.get(tag)) is not None:
                act(attributes)
            elif tag[0] == "/":
                self._close(tag)
            else:
                self._open(tag, attributes)
            if text and not hidden and (pieces or not text.isspace()):
                self._text(unescaped(text) if "&" in text else text)
        while self._box >= 0:
            self._close("")

    def _text(self, text: str) -> None:
        if self._glue and self._pieces and _is_parted(self._pieces[-1][-1:], text[0]):
            self._pieces.append(" ")
        self._glue = False
        self._pieces.append(text)

    # --- what stands in a line

    def _open_link(self, attributes: str) -> None:
        self._links.append((len(self._pieces), href(attributes)))

    def _end_link(self, _: str) -> None:
        if self._links:
            self._close_link(*self._links.pop())

    def _break(self, _: str) -> None:
        self._pieces.append(_BREAK)

    def _picture(self, _: str) -> None:
        self._image = self._image or not self._has_text()

    def _open_span(self, attributes: str) -> None:
        self._glue = True
        if attributes and may_tell_time(attributes):
            self._open_time(attributes)
        else:
            self._times.append(None)

    def _open_time(self, attributes: str) -> None:
        self._glue = True
        time = self._note_time(facts(attributes), self._box)
        self._times.append((time, len(self._pieces), len(self.page.segments)))

    def _end_span(self, _: str) -> None:
        """Give an inline time the text that was read since it began."""
        self._glue = True
        begun = self._times.pop() if self._times else None
        if begun is not None:
            time, piece, segment = begun
            ended = self._held(segment)
            time.text = _folded(f"{ended} {self._open_run(0 if ended else piece)}")[:_MAX_TIME]

    def _open_run(self, first: int) -> str:
        """The beginning of the open run from a piece on."""
        run = ""
        for number in range(first, len(self._pieces)):
            if len(run) >= _MAX_TIME:
                break
            run += self._pieces[number][:_MAX_TIME]
        return run

    def _note_time(self, told: Facts, box: int) -> Time:
        time = Time(len(self.page.segments), told.value, "", told.itemprop, told.names.folded, box)
        self.page.times.append(time)
        return time

    def _held(self, first: int) -> str:
        """The beginning of the text from a segment on."""
        held = ""
        for segment in self.page.segments[first : first + _MAX_TIME]:
            held = f"{held} {segment.text}" if held else segment.text
            if len(held) >= _MAX_TIME:
                break
        return held[:_MAX_TIME]

    # --- boxes

    def _open(self, tag: str, attributes: str) -> None:
        if self._pieces:
            self._flush()
        boxes = self.page.boxes
        number = len(boxes)
        boxes.append(Box(tag, self._box, len(self.page.segments), attributes))
        if attributes and may_tell_time(attributes):
            self._timed[number] = self._note_time(facts(attributes), self._box)
        if tag not in VOID:
            self._box = number
            self._tags.append(tag)
            self._quotes += tag == "blockquote"

    def _close(self, _: str) -> None:
        if self._pieces:
            self._flush()
        if self._box < 0:
            return
        box = self.page.boxes[self._box]
        if self._image and box.tag in _BLOCKS_OF_TEXT:
            self._image = False
        if self._timed and self._box in self._timed:
            self._timed[self._box].text = self._held(box.first)
        if box.tag == "tr":
            self._join_row(box)
        box.last = len(self.page.segments)
        self._box = box.parent
        self._quotes -= self._tags.pop() == "blockquote"

    def _join_row(self, row: Box) -> None:
        """Make one segment of the cells of a row of data."""
        if len(self.page.segments) - row.first > _MAX_CELLS:
            return
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

    def _has_text(self) -> bool:
        return any(not (piece.isspace() or piece == _BREAK) for piece in self._pieces)

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
        left = links[::-1]
        for text in parts:
            own = links if len(parts) == 1 else _taken(left, text)
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
                # A table that stands in a <figure> has cells, not captions.
                if tag == "figure" and ("td" in tags[-6:] or "th" in tags[-6:]):
                    break
                return kind, nearest
        return (BlockKind.QUOTE if self._quotes else BlockKind.PARAGRAPH), nearest


def _step(tag: str) -> int:
    """By how much a tag changes the number of open elements."""
    if not tag or tag in VOID:
        return 0
    return -1 if tag[0] == "/" else 1


def _taken(left: list[tuple[str, str]], text: str) -> list[tuple[str, str]]:
    """The links of one of several parts: of those that are left, the next one last, as many as it holds."""
    own = []
    while left and left[-1][0] in text:
        own.append(left.pop())
    return own


_BREAK = "\x00"
"""Stands for ``<br>`` in a run of text; decoded pages hold no NUL."""
_PARAGRAPH_BREAK = re.compile(r"\x00(?:\s*\x00)+")


def _is_parted(before: str, after: str) -> bool:
    """True where a style sheet keeps two elements apart: "20 Nov 2019" and "4:29", "Updated" and "By"."""
    if before.isdigit():
        return after.isdigit() or after.isupper()
    return after.isupper() and (before.islower() or before in '.!?)»”"')


def _seen(text: str) -> str:
    """A text without the characters that nobody sees."""
    if text.isascii() or not any(sign in text for sign in _UNSEEN):
        return text
    return text.translate(_INVISIBLE)


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
