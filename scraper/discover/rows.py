"""The rows of a list page: for each address that it links, the element that stands for it, and where that is.

A row is the largest element that holds no other row's title.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scraper import urls
from scraper.discover.outline import Element, Outline
from scraper.discover.titles import Target, entitle_from_row, targets
from scraper.discover.words import is_navigation
from scraper.model import Stamp

__all__ = ["Row", "rows"]

_NAVIGATION_TAGS = frozenset({"nav", "footer"})
_NAVIGATION_LABELS = frozenset(
    "nav navi navigation navbar menu mainmenu submenu megamenu footer breadcrumb breadcrumbs pagination pager "
    "paginator social share sharing cookie consent sitemap skip contentinfo tagcloud topnav subnav".split()
)
_ASIDE_LABELS = frozenset({"sidebar", "aside", "related", "promo", "banner", "ads", "advert", "sponsored", "mostread"})
_CARDS = frozenset({"article", "li", "tr", "dd"})
_HOLDERS = frozenset({"article", "main", "section", "li", "td"})
_MAX_CLIMB = 8
_MAX_ROW = 60
_FEW = 3
_MAX_LABELS = 4
_MAX_CARD = 30


@dataclass(slots=True)
class Row:
    """One address and what stands beside it."""

    url: str
    key: str
    shape: str
    title: str
    words: int
    """Words of the title; see ``titles.Target``."""
    heading: bool
    """Its title is a heading."""
    navigation: bool
    collection: bool
    aside: bool
    repeated: bool
    """Navigation links it, too."""
    bounds: tuple[int, int]
    """Its pieces of text."""
    signature: str
    """Where in the page's structure it stands."""
    published: Stamp | None = None
    """What stands beside it as its date."""


def rows(page: Outline) -> list[Row]:
    """Every row of a page, in order, those of navigation too; not dated yet."""
    linked = targets(page)
    limits = _Limits(page, linked)
    inert = _inert_regions(page, linked)
    described: set[int] = set()
    found = [_row(page, target, limits, inert, described) for target in linked.values()]
    found.sort(key=lambda row: row.bounds)
    return found


class _Limits:
    """How far a row may grow: for each anchor, the next one that belongs to another row."""

    def __init__(self, page: Outline, linked: dict[str, Target]) -> None:
        owner: list[Target | None] = [None] * len(page.anchors)
        for target in linked.values():
            for number in target.anchors:
                owner[number] = target
        self._owner = owner
        self._solid = self._next_other(owner, only_solid=True)
        self._any = self._next_other(owner, only_solid=False)

    def holds_few(self, element: Element) -> bool:
        """True where at most two targets with titles of their own are linked within a small element."""
        start, end = element.anchors
        held = {target.key for target in self._owner[start : min(end, start + _MAX_CARD)] if target and target.solid}
        return len(held) <= 2 and end - start <= _MAX_CARD

    def holds_solid(self, element: Element) -> bool:
        """True where a target with a title of its own is linked within an element."""
        return self._solid[0][element.anchors[0]] < element.anchors[1]

    @staticmethod
    def _next_other(owner: list[Target | None], *, only_solid: bool) -> tuple[list[int], list[int]]:
        """For each anchor, the first one from there on that counts, and the next that leads elsewhere than that one."""
        count = len(owner)
        at = [count] * (count + 1)
        after = [count] * (count + 1)
        for number in range(count - 1, -1, -1):
            target, following = owner[number], at[number + 1]
            if target is None or (only_solid and not target.solid):
                at[number] = following
                continue
            at[number] = number
            same = following < count and owner[following] is target
            after[number] = after[following] if same else following
        return at, after

    def holds_one(self, element: Element, *, solid: bool) -> bool:
        """True where all the anchors that count within an element lead to one target."""
        at, after = self._solid if solid else self._any
        first = at[element.anchors[0]]
        return first >= element.anchors[1] or after[first] >= element.anchors[1]


def _row(page: Outline, target: Target, limits: _Limits, inert: list[int], described: set[int]) -> Row:
    """The row of a target. ``described`` are the descriptions that earlier rows took their titles from."""
    place = _place(page, target, inert)
    top = _climb(page, place, target, limits)
    bounds = page.elements[top].pieces
    secondary = not target.words and _is_beside_another(page, place, limits)
    if target.words < 2:
        description = _description(page, place, limits)
        secondary = secondary or description in described
        entitle_from_row(page, target, top if description < 0 else description)
        if description >= 0:
            described.add(description)
            bounds = (bounds[0], page.elements[description].pieces[1])
    return Row(
        url=target.url,
        key=target.key,
        shape=urls.shape(target.url),
        title=target.title,
        words=target.words,
        heading=target.heading,
        navigation=bool(inert[place] & 1) or secondary or is_navigation(target.title),
        collection=target.collection,
        aside=bool(inert[place] & 2),
        repeated=any(inert[page.anchors[number].element] & 1 for number in target.anchors),
        bounds=bounds,
        signature=_signature(page, place),
    )


def _place(page: Outline, target: Target, inert: list[int]) -> int:
    """The element of the anchor that stands for a target: the one that gave the title, but none of navigation.

    Menus and feet of pages repeat what the page lists.
    """
    listed = [number for number in target.anchors if not inert[page.anchors[number].element] & 1] or target.anchors
    number = target.best if target.best in listed else max(listed, key=lambda n: _rank(page, target, n))
    return page.anchors[number].element


def _rank(page: Outline, target: Target, number: int) -> tuple[bool, int]:
    """Prefer the anchor that shows the title, the earliest of them."""
    return page.text(page.elements[page.anchors[number].element].pieces).endswith(target.title or "\0"), -number


def _is_beside_another(page: Outline, place: int, limits: _Limits) -> bool:
    """True for a link without a title of its own in a card whose title leads elsewhere: its transcript, its sound."""
    for above in _above(page, place):
        element = page.elements[above]
        if element.tag in _CARDS and limits.holds_solid(element):
            return limits.holds_few(element)
    return False


def _description(page: Outline, place: int, limits: _Limits) -> int:
    """The ``dd`` that says what a link in a ``dt`` leads to; -1 where there is none."""
    for above in _above(page, place):
        element = page.elements[above]
        if element.tag == "dt" and element.end < len(page.elements):
            found = page.elements[element.end]
            same_list = found.tag == "dd" and found.parent == element.parent
            return element.end if same_list and not limits.holds_solid(found) else -1
    return -1


def _above(page: Outline, place: int) -> Iterator[int]:
    """The elements that hold one, the nearest first."""
    for _ in range(_MAX_CLIMB):
        place = page.elements[place].parent
        if place <= 0:
            return
        yield place


def _climb(page: Outline, place: int, target: Target, limits: _Limits) -> int:
    for _ in range(_MAX_CLIMB):
        parent = page.elements[place].parent
        if parent <= 0:
            return place
        above = page.elements[parent]
        if above.pieces[1] - above.pieces[0] > _MAX_ROW or not limits.holds_one(above, solid=target.solid):
            return place
        place = parent
    return place


def _signature(page: Outline, place: int) -> str:
    parts = []
    for _ in range(4):
        if place < 0:
            break
        element = page.elements[place]
        parts.append(f"{element.tag}.{'.'.join(_kind(element))}")
        place = element.parent
    return " < ".join(parts)


def _kind(element: Element) -> list[str]:
    """The words of an element's label that its siblings share: a card is often labelled with its topics, too."""
    words = sorted(word for word in element.label if word.isalpha())
    return [] if element.tag in _CARDS and len(words) > _MAX_LABELS else words[:_MAX_LABELS]


def _inert_regions(page: Outline, linked: dict[str, Target]) -> list[int]:
    """For each element: 1 within navigation, 2 beside the main matter.

    What holds most titles is neither, nor what links titles for the most part and is only labelled so.
    """
    titles = [0] * (len(page.anchors) + 1)
    for target in linked.values():
        if target.words >= 4:
            titles[target.anchors[0]] = 1
    before = [0]
    for title in titles:
        before.append(before[-1] + title)
    total = before[-1]
    marks: list[int] = []
    for element in page.elements:
        inherited = marks[element.parent] if element.parent >= 0 else 0
        held = before[element.anchors[1]] - before[element.anchors[0]]
        linked_there = element.anchors[1] - element.anchors[0]
        only_called_so = element.tag not in _NAVIGATION_TAGS
        is_list = held >= _FEW and (held * 2 > total or (only_called_so and held * 2 > linked_there))
        marks.append(inherited | (0 if is_list else _mark(page, element)))
    return marks


def _mark(page: Outline, element: Element) -> int:
    if element.tag in ("body", "html", "a"):
        return 0
    if element.tag in _NAVIGATION_TAGS or element.label & _NAVIGATION_LABELS:
        return 0 if element.tag in ("li", "article") else 1
    if element.tag == "header":
        return 0 if _within_card(page, element) else 1
    return 2 if element.tag == "aside" or element.label & _ASIDE_LABELS else 0


def _within_card(page: Outline, element: Element) -> bool:
    while element.parent >= 0:
        element = page.elements[element.parent]
        if element.tag in _HOLDERS:
            return True
    return False
