"""A page as segments of text in boxes, in the order of the document.

Everything that reads a page works on these two lists instead of its tree: a segment is a run of text that a browser
shows as one block, a box is an element that holds segments. :func:`scraper.read.walk.flatten` makes both.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from scraper.model import BlockKind
from scraper.read.markup import MARK, Facts, facts, facts_without_id

__all__ = ["Box", "Page", "Segment", "Time", "settle"]

_TEXTS = frozenset("p h1 h2 h3 h4 h5 h6".split())
_FURNITURE_TAGS = frozenset("nav footer aside menu".split())
_UNHINTED = frozenset("html body main article h1".split())


class Box:
    """An element that holds segments.

    What its attributes say is read when it is asked for: many boxes stand in furniture.
    """

    __slots__ = ("_attributes", "_facts", "_hinted", "first", "furniture", "last", "parent", "tag")

    def __init__(self, tag: str, parent: int, first: int, last: int, attributes: str) -> None:
        self.tag = tag
        self.parent = parent
        """Index of the box around it; -1 for the outermost."""
        self.first = first
        """Index of its first segment."""
        self.last = last
        """Index behind its last segment."""
        self.furniture = False
        """It, or a box around it, looks like no part of an article; settled by ``scraper.read.root``."""
        self._attributes = attributes
        self._facts: Facts | None = None
        self._hinted: bool | None = None if attributes else tag in _FURNITURE_TAGS

    @property
    def facts(self) -> Facts:
        """What its attributes say."""
        told = self._facts
        if told is None:
            read = facts_without_id if self.tag in _TEXTS else facts
            told = self._facts = read(self._attributes)
        return told

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


def settle(boxes: list[Box]) -> None:
    """Hand on to each box that those around it are furniture; what holds nothing is not asked."""
    for box in boxes:
        outer = box.parent >= 0 and boxes[box.parent].furniture
        box.furniture = outer or (box.last > box.first and box.hinted)
