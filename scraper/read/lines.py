"""The segments of a page that may hold a date of its own, and what their places are worth.

What costs nothing is asked first: whether there are digits that may be a date, then whether the segment stands where
a date of the article may stand. Only what is left is taken apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scraper.read.claims import Place, is_beside_link, is_row, position
from scraper.read.page import Page, Segment

__all__ = ["DATED", "DIGIT", "HEADER", "MAX_LABEL", "MAX_LINE", "OF_ITSELF", "Line", "best_of", "lines_of"]

_MOST = 300
_MAX_SEGMENT = 400
_MAX_INSIDE = 200
_HEAD = 160
"""Characters of a longer paragraph that are looked at: a label or a dateline begins it or is none."""
MAX_LINE = 120
MAX_LABEL = 60
_OUTSIDE = -0.6
"""Worth of a position where a date counts with the label of a publication only."""
HEADER = 2.0
"""A position that is worth more is beside the headline or the beginning of the text."""
DIGIT = re.compile(r"\d")
# Each alternative goes on from a digit, so that the engine need not try it at every letter.
DATED = re.compile(
    r"\d(?:\d{3}| ?[./|-] ?\d\d? ?[./|-] ?\d\d|(?<=['’]\d)\d|(?<=[^\W\d_]{3}[ /-]\d)\d(?!\d)|"
    r"(?<=[^\W\d_]{3}\.[ /-]\d)\d(?!\d)|(?<=[\u0660-\u0669\u06f0-\u06f9])[\u0660-\u0669\u06f0-\u06f9])"
)
"""A text without it holds no date."""
OF_ITSELF = re.compile(
    r"(?:this (?:article|story|post|page|release|report|document|news)|dieser (?:artikel|beitrag|text)|diese (?:seite|"
    r"meldung|nachricht|pressemitteilung)|cet article|cette page|este artículo|esta (?:página|noticia|nota)|"
    r"questo (?:articolo|post)|este artigo|dit (?:artikel|bericht)|deze pagina|эта (?:статья|страница)|"
    r"этот материал|ця стаття|ten artykuł)\s",
    re.IGNORECASE,
)
"""A text that speaks of the page which it stands on, wherever that is."""
_SENTENCE = re.compile(r"[.!?…。！？؟]['\"”’»)]*\s*$")
_NAMED_DATE = re.compile(
    r"date|time|publi|posted|byline|datum|fecha|metadata|(?:article|post|entry|news|story)-?(?:\w+-)?(?:meta|info|head|foot)"
)


class Line(NamedTuple):
    """A segment that may hold a date, taken apart."""

    page: Page
    place: Place
    n: int
    text: str
    stands: float
    """What its position is worth."""
    inside: bool
    """It is one of the body's."""

    @property
    def segment(self) -> Segment:
        """The segment itself."""
        return self.page.segments[self.n]

    @property
    def where(self) -> str:
        """Its place in words."""
        if self.stands >= HEADER:
            return "beside the headline"
        return "in the text" if self.inside else "behind the text" if self.n > self.place.last else "on the page"

    @property
    def is_prose(self) -> bool:
        """It is a sentence of the text and no line of the header that was taken into it."""
        is_header = self.stands >= HEADER and len(self.text) <= MAX_LINE
        return self.inside and not (is_header and not _SENTENCE.search(self.text))

    @property
    def is_named(self) -> bool:
        """The class names of its box, or of the one around it, name a date or a head of an article."""
        box = self.page.boxes[self.segment.box]
        outer = self.page.boxes[box.parent].names if box.parent >= 0 else ""
        return bool(_NAMED_DATE.search(box.names) or _NAMED_DATE.search(outer))

    @property
    def elsewhere(self) -> float:
        """What speaks for its being of another page: links around it, a place above the headline."""
        above = self.place.title - self.n
        return (
            2.0 * is_row(self.page, self.n)
            + (1.5 if self.n > self.place.last else 1.0) * is_beside_link(self.page, self.n, self.place)
            + (0.05 * above if above > 2 else 0.0)
        )


def lines_of(page: Page, place: Place) -> list[Line]:
    """The segments that may hold a date of the page's own, in order; of very many those that stand best."""
    return best_of(_lines(page, place))


def best_of(lines: Iterable[Line]) -> list[Line]:
    """Lines in order, or the best of more than a page of one article has."""
    found = list(lines)
    if len(found) <= _MOST:
        return found
    return sorted(sorted(found, key=lambda line: -line.stands)[:_MOST], key=lambda line: line.n)


def _lines(page: Page, place: Place) -> Iterator[Line]:
    body = set(place.body)
    for n, segment in enumerate(page.segments):
        text, inside = segment.text, n in body
        if len(text) > _MAX_SEGMENT or (inside and len(text) > _MAX_INSIDE):
            if not inside:
                continue
            text = text[:_HEAD]
        if DATED.search(text):
            stands = position(page, n, place)
            if stands >= 0 or (stands >= _OUTSIDE and len(text) <= MAX_LABEL) or OF_ITSELF.match(text):
                yield Line(page, place, n, text, stands, inside)
