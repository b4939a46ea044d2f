"""The titles of a list page's links: for each address, the anchor whose words name it best."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scraper import urls
from scraper.discover.entries import is_date
from scraper.discover.outline import Element, Outline
from scraper.discover.words import is_call, is_collection

__all__ = ["Target", "entitle_from_row", "is_page", "targets", "words_of"]

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TITLED = frozenset({"title", "headline", "heading", "hed"})
_OTHER_RELATIONS = frozenset({"next", "prev", "tag", "author", "license", "search"})
_MAX_TITLE = 250
_MAX_INNER = 40
_SOLID = 3
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u9fff\uac00-\ud7af]")
_NOT_A_PAGE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|mp3|mp4|m4a|mov|avi|wav|zip|docx?|xlsx?|pptx?|pdf|ics|vcf|rss|xml|atom|epub|csv)"
    r"(?:\?|$)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Target:
    """One address and the anchors that lead to it."""

    url: str
    key: str
    anchors: list[int]
    title: str = ""
    heading: bool = False
    words: int = 0
    """Words of the title; of scripts without spaces, a third of its characters."""
    collection: bool = False
    """It is what is filed under an author or a topic."""
    best: int = 0
    """The anchor that gave the title; the first one where none did."""

    @property
    def solid(self) -> bool:
        """It has a title of its own, so that another title beside it belongs to another row."""
        return (self.heading or self.words >= _SOLID) and not self.collection


def targets(page: Outline) -> dict[str, Target]:
    """Every address that a page links as another page, by its key, with its title."""
    own = urls.identity(page.url)
    found: dict[str, Target] = {}
    for number, anchor in enumerate(page.anchors):
        if not is_page(anchor.url) or anchor.rel & _OTHER_RELATIONS:
            continue
        key = urls.identity(anchor.url)
        if key == own:
            continue
        target = found.get(key)
        if target is None:
            target = Target(
                urls.normalise(anchor.url), key, [], collection=_is_collection(anchor.url, key), best=number
            )
            found[key] = target
        target.anchors.append(number)
        _entitle(page, target, number)
    return found


def is_page(url: str) -> bool:
    """False for the address of a picture, a document or a feed."""
    return _NOT_A_PAGE.search(url) is None


def _is_collection(url: str, key: str) -> bool:
    """An address that goes on to a date is an article that is filed there."""
    return is_collection(key) and "{y}/{m}" not in urls.shape(url)


def _entitle(page: Outline, target: Target, number: int) -> None:
    """Take this anchor's title where it is better than what the target has."""
    title, heading = _anchor_title(page, number)
    words = words_of(title)
    if (heading, min(words, 12)) > (target.heading, min(target.words, 12)):
        target.title, target.heading, target.words, target.best = title, heading, words, number


def _anchor_title(page: Outline, number: int) -> tuple[str, bool]:
    """The text of an anchor that is a title, and whether it is a heading."""
    anchor = page.anchors[number]
    element = page.elements[anchor.element]
    heading = _heading_within(page, anchor.element + 1, element.end)
    if heading:
        return heading, True
    text = page.text(element.pieces)
    if len(text) > _MAX_TITLE:
        text = next((line for line in page.lines(element.pieces) if words_of(line) >= 3), text)
    if not text or is_call(text) or is_date(text):
        return ("", False) if is_call(anchor.label) else (anchor.label, False)
    return text[:_MAX_TITLE], _has_heading_above(page, element)


def _heading_within(page: Outline, start: int, end: int) -> str:
    """The text of the first heading among elements, or of the shortest that its class calls a title; or empty."""
    labelled = []
    for inner in page.elements[start : min(end, start + _MAX_INNER)]:
        if inner.tag in _HEADINGS and (text := page.text(inner.pieces)):
            return text[:_MAX_TITLE]
        if inner.label & _TITLED and words_of(text := page.text(inner.pieces)) >= 2:
            labelled.append(text)
    return min(labelled, key=len, default="")[:_MAX_TITLE]


def _has_heading_above(page: Outline, element: Element) -> bool:
    for _ in range(3):
        if element.parent < 0:
            return False
        element = page.elements[element.parent]
        if element.tag in _HEADINGS or element.label & _TITLED:
            return element.anchors[1] - element.anchors[0] <= 3
    return False


def words_of(title: str) -> int:
    """Words of a title; of scripts without spaces, a third of its characters."""
    words = [word for word in title.split() if any(map(str.isalpha, word))]
    return len(words) + len(_UNSPACED.findall(title)) // 3


def entitle_from_row(page: Outline, target: Target, top: int) -> None:
    """For a row whose only link says "Read more": its heading, or its longest line that could be a title."""
    element = page.elements[top]
    heading = _heading_within(page, top, element.end)
    if words_of(heading) > target.words:
        target.title, target.words, target.heading = heading, words_of(heading), True
        return
    lines = [line for line in page.lines(element.pieces) if words_of(line) >= 3 and len(line) <= _MAX_TITLE]
    if lines and not target.words:
        target.title, target.words = lines[0], words_of(lines[0])
