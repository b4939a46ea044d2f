"""One walk over a document tree: what a browser's block layout shows as segments, and the boxes around them.

It goes over the tags of the serialised tree without recursion, so that the nesting of a page costs no stack. Half of a
page's elements hold a text and nothing else; they are taken in one step.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from scraper.html import Document
from scraper.model import BlockKind
from scraper.read.markup import VOID, Event, Facts, events, facts, hides, href, may_tell_time, serialised, unescaped
from scraper.read.page import Box, Page, Segment, Time, settle
from scraper.read.rows import join_row

__all__ = ["flatten"]

_SKIPPED = (
    "script, style, template, noscript, svg, iframe, select, "
    "nav:not(:has(p, h1, time)), [role=navigation]:not(:has(p, h1, time)), [role=menu]:not(:has(p, h1, time)), "
    "[role=menubar]:not(:has(p, h1, time)), form:not(:has(p, h1, time))"
)
"""Scripts, and what has many tags and no text: a third of a page's tags stands in them."""
_UNREAD = frozenset("object textarea button canvas audio datalist dialog progress meter".split())
"""Controls and the like, whose text is no part of a page's."""
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby s samp small "
    "span strike strong sub sup time tt u var wbr img picture source".split()
)
_MEANT = frozenset("a br img span time".split())
_PLAIN = frozenset({"", "embed", "input", *(_INLINE - _MEANT), *(f"/{tag}" for tag in _INLINE - _MEANT)})
"""Tags that neither part a text nor say anything of it."""
_SHOWN = frozenset({"br", "img"})
"""What hides them is of no matter: they hold no text."""
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_KINDS = {"li": BlockKind.LIST_ITEM, "dd": BlockKind.LIST_ITEM, "dt": BlockKind.LIST_ITEM}
_KINDS |= dict.fromkeys(_HEADINGS, BlockKind.HEADING)
_KINDS |= {"blockquote": BlockKind.QUOTE, "figcaption": BlockKind.CAPTION, "caption": BlockKind.CAPTION}
_KINDS |= {"figure": BlockKind.CAPTION}
_RARE_NAMES = ("note", "teaser")
_MUCH_TEXT = 2_000
_MAX_TIME = 200
_NEAR = 6
"""An element so many boxes around a text, and no further, says what kind it is."""
_BLOCKS_OF_TEXT = frozenset("p figure table ul ol blockquote h1 h2 h3".split())
_UNSEEN = "\u00ad\u200b\u2060\ufeff"
_INVISIBLE = dict.fromkeys(map(ord, _UNSEEN))


def flatten(document: Document) -> Page:
    """The segments, boxes and times of a document. Takes scripts and controls out of the tree."""
    _free_noscript(document)
    for node in document.css(_SKIPPED):
        node.decompose()
    markup = serialised(document.body) if document.body is not None else ""
    walk = _Walk(unseen=any(sign in markup for sign in _UNSEEN))
    walk.page.mentions = frozenset(name for name in _RARE_NAMES if name in markup or name.title() in markup)
    walk.run(events(markup))
    settle(walk.page.boxes)
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


_Act = Callable[[str, str], None]
_Leaf = Callable[[str, str, str], None]


class _Walk:
    """One pass over a page's tags; its state is what a browser's block layout would know."""

    def __init__(self, *, unseen: bool) -> None:
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
        self._unseen = unseen
        """The text may hold characters that nobody sees."""
        self._glue = False
        """The last thing seen was the edge of an inline element."""

    def run(self, stream: list[Event]) -> None:
        """Take in a page's tags, in order."""
        acts = _Acts(self._open, self._close)
        acts |= {
            "a": self._open_link, "/a": self._end_link, "br": self._break, "img": self._picture,
            "span": self._open_span, "/span": self._end_span, "time": self._open_time, "/time": self._end_span,
        }  # fmt: skip
        leaves: dict[str, _Leaf] = {"a": self._link, "span": self._span, "time": self._time}
        hidden = 0
        """How many elements of a hidden part are open."""
        pieces = self._pieces
        for tag, attributes, text, end, rest in stream:
            if hidden:
                hidden += 0 if end else _step(tag)
                if hidden:
                    continue
                shown = text
            elif tag in _UNREAD or (
                attributes
                and tag not in _SHOWN
                and (" style=" in attributes or " hidden=" in attributes)
                and hides(attributes)
            ):
                hidden = 0 if end else _step(tag)
                if hidden:
                    continue
                shown = rest if end else text
            elif tag in _PLAIN:
                shown = text + rest if rest else text
            elif end:
                leaves.get(tag, self._leaf)(tag, attributes, text)
                shown = rest
            else:
                acts[tag](tag, attributes)
                shown = text
            if shown and (pieces or not shown.isspace()):
                self._text(shown)
        while self._box >= 0:
            self._close("", "")

    def _text(self, text: str) -> None:
        if "&" in text:
            text = unescaped(text)
        if self._glue:
            self._glue = False
            if self._pieces and _is_parted(self._pieces[-1][-1:], text[0]):
                self._pieces.append(" ")
        self._pieces.append(text)

    def _cleaned(self, text: str) -> str:
        """A text without the characters that nobody sees, with single spaces."""
        return " ".join((text.translate(_INVISIBLE) if self._unseen else text).split())

    # --- what stands in a line

    def _link(self, _: str, attributes: str, text: str) -> None:
        """A link that holds a text and nothing else."""
        if not text:
            return
        if self._pieces or not text.isspace():
            self._text(text)
        shown = self._cleaned(unescaped(text))
        if shown:
            self._closed.append((shown, href(attributes)))

    def _open_link(self, _: str, attributes: str) -> None:
        self._links.append((len(self._pieces), href(attributes)))

    def _end_link(self, _: str, __: str) -> None:
        if self._links:
            self._close_link(*self._links.pop())

    def _close_link(self, start: int, target: str) -> None:
        text = self._cleaned("".join(self._pieces[start:]).replace(_BREAK, " "))
        if text:
            self._closed.append((text, target))

    def _break(self, _: str, __: str) -> None:
        self._pieces.append(_BREAK)

    def _picture(self, _: str, __: str) -> None:
        self._image = self._image or not self._has_text()

    def _span(self, tag: str, attributes: str, text: str) -> None:
        """A span that holds a text and nothing else."""
        if attributes and may_tell_time(attributes):
            self._time(tag, attributes, text)
            return
        self._glue = True
        if text and (self._pieces or not text.isspace()):
            self._text(text)
            self._glue = True

    def _time(self, tag: str, attributes: str, text: str) -> None:
        """A time that holds a text and nothing else."""
        self._open_time(tag, attributes)
        if text and (self._pieces or not text.isspace()):
            self._text(text)
        self._end_span(tag, "")

    def _open_span(self, tag: str, attributes: str) -> None:
        self._glue = True
        if attributes and may_tell_time(attributes):
            self._open_time(tag, attributes)
        else:
            self._times.append(None)

    def _open_time(self, _: str, attributes: str) -> None:
        self._glue = True
        time = self._note_time(facts(attributes))
        self._times.append((time, len(self._pieces), len(self.page.segments)))

    def _end_span(self, _: str, __: str) -> None:
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

    def _note_time(self, told: Facts) -> Time:
        time = Time(len(self.page.segments), told.value, "", told.itemprop, told.names.folded)
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

    def _leaf(self, tag: str, attributes: str, text: str) -> None:
        """A box that holds a text and nothing else."""
        if self._links or (attributes and may_tell_time(attributes)):
            self._open(tag, attributes)
            if text and not text.isspace():
                self._text(text)
            self._close(tag, "")
            return
        if self._pieces:
            self._flush()
        shown = self._cleaned(unescaped(text)) if text else ""
        if shown:
            self._glue = False
            page, first = self.page, len(self.page.segments)
            around, self._box = self._box, len(page.boxes)
            page.boxes.append(Box(tag, around, first, first + 1, attributes))
            self._tags.append(tag)
            self._emit(shown, [])
            self._tags.pop()
            self._box = around
        elif tag in _BLOCKS_OF_TEXT:
            self._image = False

    def _open(self, tag: str, attributes: str) -> None:
        if self._pieces:
            self._flush()
        boxes = self.page.boxes
        number = len(boxes)
        first = len(self.page.segments)
        boxes.append(Box(tag, self._box, first, first, attributes))
        if attributes and may_tell_time(attributes):
            self._timed[number] = self._note_time(facts(attributes))
        if tag not in VOID:
            self._box = number
            self._tags.append(tag)
            self._quotes += tag == "blockquote"

    def _close(self, _: str, __: str) -> None:
        if self._pieces:
            self._flush()
        number = self._box
        if number < 0:
            return
        box = self.page.boxes[number]
        tag = self._tags.pop()
        if self._image and tag in _BLOCKS_OF_TEXT:
            self._image = False
        if number in self._timed:
            self._timed[number].text = self._held(box.first)
        if tag == "tr":
            join_row(self.page, number)
        elif tag == "blockquote":
            self._quotes -= 1
        box.last = len(self.page.segments)
        self._box = box.parent

    # --- text

    def _has_text(self) -> bool:
        return any(not (piece.isspace() or piece == _BREAK) for piece in self._pieces)

    def _flush(self) -> None:
        """End the open run of text; two line breaks in a row part it into several segments."""
        if self._links:
            for start, target in self._links:
                self._close_link(start, target)
            self._links = [(0, target) for _, target in self._links]
        raw = "".join(self._pieces)
        self._pieces.clear()
        links, self._closed = self._closed, []
        if self._unseen:
            raw = raw.translate(_INVISIBLE)
        if _BREAK in raw:
            parts = [text for text in map(_folded, _PARAGRAPH_BREAK.split(raw)) if text]
            if len(parts) > 1:
                self._emit_parts(parts, links[::-1])
            elif parts:
                self._emit(parts[0], links)
        else:
            text = " ".join(raw.split())
            if text:
                self._emit(text, links)

    def _emit_parts(self, parts: list[str], left: list[tuple[str, str]]) -> None:
        for text in parts:
            self._emit(text, _taken(left, text))

    def _emit(self, text: str, links: list[tuple[str, str]]) -> None:
        tags = self._tags
        near = tags[: -_NEAR - 1 : -1]
        kind = BlockKind.QUOTE if self._quotes else BlockKind.PARAGRAPH
        told = next(filter(_KINDS.__contains__, near), None)
        # A table that stands in a <figure> has cells, not captions.
        if told is not None and (told != "figure" or not ("td" in near or "th" in near)):
            kind = _KINDS[told]
        linked = min(sum([len(shown) for shown, _ in links]), len(text)) if links else 0
        nearest = tags[-1] if tags else "body"
        self.page.segments.append(Segment(kind, nearest, text, self._box, links, linked, self._image))
        self._image = False


class _Acts(dict[str, _Act]):
    """What to do at a tag; one that is not named begins or ends a box."""

    def __init__(self, begin: _Act, end: _Act) -> None:
        super().__init__()
        self._begin, self._end = begin, end

    def __missing__(self, tag: str) -> _Act:
        act = self[tag] = self._end if tag[0] == "/" else self._begin
        return act


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


def _folded(text: str) -> str:
    return " ".join(text.replace(_BREAK, " ").split())
