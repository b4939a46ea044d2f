"""Where in a page the article is: the box that holds its text, found by weighing prose against links.

Every segment has a weight; a box gathers the weights below it, less with distance, and the heaviest box is the core.
From there the choice grows outwards as long as what it gains looks like more of the same.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import accumulate

from scraper.model import BlockKind
from scraper.read.page import Box, Page, Segment, settle

__all__ = ["choose_root", "mark_furniture", "own_article", "weigh"]

_WIDE = re.compile("[\u3040-\u9fff\uac00-\ud7a3]")
_PROSE = 40
"""Characters from which a segment may be prose."""
_CAP = 400
"""A longer segment weighs no more: one huge block must not outweigh an article."""
_DECAY = (1.0, 1.0, 0.7, 0.45, 0.3, 0.2)
_CARD = 300
"""Prose of a card at most: it whets the appetite."""
_MOST_OF_CARD = 8
"""Segments of a card."""
_ENOUGH = 0.45
"""Share of the prose that must be free of hints."""
_STUBBORN_SHARE = 0.15
_BESIDE = 0.2
"""Share of an article's prose that may stand beside it and be none of it."""
_MOST_WITHDRAWN = 12
_MOST_OF_TEASER = 40
_MANY = 2
"""More teasers of one name are a list of other pages."""
_COUNTS = re.compile(
    r"(?:\d[\d.,]*\s?[km]?\s(?:comments?|views?|shares?|likes?|reads?|reactions?|votes?|kommentare?|aufrufe|"
    r"commentaires?|vues|comentarios?|visitas|commenti|reacties)\s?){1,4}",
    re.IGNORECASE,
)


def weigh(segment: Segment) -> float:
    """How much a segment speaks for the box that holds it: prose for, links against."""
    if segment.kind is BlockKind.HEADING:
        return 0.0
    text, linked = segment.text, segment.linked
    size: float = len(text)
    # Where the cap is reached anyhow, wide signs need not be counted.
    if size - linked < _CAP and not text.isascii():
        size = _size(text)
    # What a page counts is another number on each load, and on some loads none.
    if size < _PROSE and text[:1].isdigit() and _COUNTS.fullmatch(text):
        return 0.0
    if linked * 2 > len(text):
        return -min(size, 100) * 0.5
    if size < _PROSE:
        return -5.0
    weight = min(size - linked, _CAP)
    return weight * (0.5 if segment.kind in (BlockKind.LIST_ITEM, BlockKind.CAPTION) else 1.0)


def _size(text: str) -> float:
    """Length, ideographs counted as two letters and a half."""
    return len(text) + 1.5 * len(_WIDE.findall(text))


def mark_furniture(page: Page, weights: list[float]) -> None:
    """Settle which boxes are furniture: cards of other articles are, what holds most of the prose is not.

    A class name is a hint only. Where hints hide more than half of a page's prose, the one that hides most is
    withdrawn with those around it, until enough is free.
    """
    others = [*_cards(page), *_teasers(page)]
    for box in others:
        page.boxes[box].hinted = True
    if others:
        settle(page.boxes)
    for _ in range(_MOST_WITHDRAWN):
        # Most pages pass here, without any look at what hides their prose.
        if _is_free(page, weights):
            break
        free, hidden = _balance(page, weights)
        if free >= _ENOUGH * (free + sum(hidden.values())) or not hidden:
            break
        for box in page.ancestry(max(hidden, key=hidden.__getitem__)):
            page.boxes[box].hinted = False
        settle(page.boxes)


def _is_free(page: Page, weights: list[float]) -> bool:
    """True where enough of the prose is free of hints even if all that they hide counts in full."""
    total = sum(weight for weight in weights if weight > 0)
    boxes = page.boxes
    hidden = sum(
        weight
        for segment, weight in zip(page.segments, weights, strict=True)
        if weight > 0 and boxes[segment.box].furniture
    )
    return total - hidden >= _ENOUGH * total


def _balance(page: Page, weights: list[float]) -> tuple[float, dict[int, float]]:
    """The prose that no hint hides, and for each hinted box the prose that it hides itself."""
    free = 0.0
    hidden: dict[int, float] = {}
    known: dict[int, tuple[int, bool]] = {}
    for segment, weight in zip(page.segments, weights, strict=True):
        if weight <= 0:
            continue
        if not page.boxes[segment.box].furniture:
            free += weight
            continue
        hinted, stubborn = _hint(page, segment.box, known)
        hidden[hinted] = hidden.get(hinted, 0.0) + weight * (_STUBBORN_SHARE if stubborn else 1.0)
    return free, hidden


def _hint(page: Page, box: int, known: dict[int, tuple[int, bool]]) -> tuple[int, bool]:
    """The nearest hinted box around one that is furniture, and whether any around it is stubborn, too."""
    path: list[int] = []
    while box >= 0 and page.boxes[box].furniture and box not in known:
        path.append(box)
        box = page.boxes[box].parent
    nearest, stubborn = known.get(box, (-1, False))
    for inner in reversed(path):
        if page.boxes[inner].hinted:
            nearest, stubborn = inner, stubborn or page.boxes[inner].stubborn
        known[inner] = nearest, stubborn
    return nearest, stubborn


def _cards(page: Page) -> list[int]:
    """Boxes that each show another page: a linked heading with a few words below it, several side by side."""
    found: dict[int, list[int]] = {}
    for segment in page.segments:
        if segment.kind is not BlockKind.HEADING or segment.linked < 0.9 * len(segment.text):
            continue
        box = page.boxes[segment.box].parent
        while box > 0 and page.boxes[box].last - page.boxes[box].first <= 1:
            box = page.boxes[box].parent
        around = page.boxes[box]
        if box <= 0 or around.last - around.first > _MOST_OF_CARD:
            continue
        held = page.segments[around.first : around.last]
        if sum(max(weigh(s), 0) for s in held) <= _CARD:
            found.setdefault(page.boxes[box].parent, []).append(box)
    return [box for boxes in found.values() if len(boxes) > 1 for box in boxes]


def _teasers(page: Page) -> list[int]:
    """Boxes that are named teasers and lead elsewhere, or stand with others of their name; else it is a lede."""
    if "teaser" not in page.mentions:
        return []
    named = [n for n, box in enumerate(page.boxes) if box.last > box.first and not box.furniture and box.teaser]
    counts = Counter(page.boxes[n].names for n in named)
    return [n for n in named if counts[page.boxes[n].names] > _MANY or _leads(page, page.boxes[n])]


def _leads(page: Page, box: Box) -> bool:
    if box.last - box.first > _MOST_OF_TEASER:
        return False
    held = page.segments[box.first : box.last]
    return any(s.linked * 2 > len(s.text) or (s.kind is BlockKind.HEADING and len(held) > 1) for s in held)


def choose_root(page: Page, weights: list[float]) -> int:
    """Index of the box that holds the article; 0, the body, where nothing stands out."""
    scores = _scores(page, weights)
    best = max(range(len(scores)), key=scores.__getitem__, default=0)
    return _grown(page, weights, best)


def own_article(page: Page, weights: list[float], root: int, headline: int) -> int:
    """The ``<article>`` of the headline where what the root holds besides are other articles, comments and the like.

    Where readers wrote more than the newsroom, no weighing tells the two apart; the element does.
    """
    if headline < 0:
        return root
    around = page.ancestry(page.segments[headline].box)
    article = next((box for box in around if page.boxes[box].tag == "article"), -1)
    if article < 0 or root not in page.ancestry(page.boxes[article].parent):
        return root
    inner, outer = page.boxes[article], page.boxes[root]
    others = _others(page, root)
    own = sum(weights[n] for n in range(inner.first, inner.last) if weights[n] > 0)
    rest = sum(
        weights[n]
        for n in (*range(outer.first, inner.first), *range(inner.last, outer.last))
        if weights[n] > 0 and page.segments[n].box not in others
    )
    return article if own >= _CARD and rest <= _BESIDE * own else root


def _others(page: Page, root: int) -> set[int]:
    """Boxes below the root in another article, or in one named as furniture, whatever became of the hint."""
    found: set[int] = set()
    for number, box in enumerate(page.boxes[root + 1 :], start=root + 1):
        if box.parent in found or (
            box.last > box.first and (box.tag == "article" or box.facts.names.furniture)
        ):  # fmt: skip
            found.add(number)
    return found


def _scores(page: Page, weights: list[float]) -> list[float]:
    scores = [0.0] * len(page.boxes)
    for segment, weight in zip(page.segments, weights, strict=True):
        box = segment.box
        if page.boxes[box].furniture:
            continue
        for share in _DECAY:
            scores[box] += weight * share
            box = page.boxes[box].parent
            if box < 0:
                break
    return [score * 1.2 if score > 0 and box.good else score for score, box in zip(scores, page.boxes, strict=True)]


def _grown(page: Page, weights: list[float], root: int) -> int:
    """The outermost box around a core that gains prose and little else."""
    boxes = page.boxes
    free = [0.0 if boxes[s.box].furniture else weight for s, weight in zip(page.segments, weights, strict=True)]
    prose = list(accumulate([weight if weight > 0 else 0.0 for weight in free], initial=0.0))
    ballast = list(accumulate([-weight if weight < 0 else 0.0 for weight in free], initial=0.0))

    def gained(sums: list[float], inner: Box, outer: Box) -> float:
        return (sums[outer.last] - sums[outer.first]) - (sums[inner.last] - sums[inner.first])

    chosen = root
    for box in page.ancestry(root)[1:]:
        inner, outer = page.boxes[chosen], page.boxes[box]
        if outer.tag in ("body", "html"):
            break
        if gained(prose, inner, outer) >= gained(ballast, inner, outer):
            chosen = box
    return chosen
