"""How a page is read that is not the first of its site: by what other pages of it have in common.

A text is known by a key, a box by its place: the tags from the nearest box that has a name down to it. Names are taken
without what a style sheet numbers, so that a place is the same on each page and after each deployment.
"""

from __future__ import annotations

import hashlib
import re

from scraper.model import Site
from scraper.read.page import Page

__all__ = ["NOTHING_LEARNED", "key_of", "mark_varying", "place_of", "without_recurring"]

NOTHING_LEARNED = Site()
_MOST = 0.5
"""Share of a text that may recur elsewhere; where it is more, the page has a twin, and nothing was learned for it."""
_SHORT = 15
"""A shorter text says too little to be known again."""
_STABLE = re.compile(r"[a-z-]+")
_MAX_STEPS = 12


def key_of(text: str) -> str:
    """A short key of a text, the same for the same words; empty for one that is too short to be known again."""
    if len(text) < _SHORT:
        return ""
    return hashlib.blake2b(" ".join(text.casefold().split()).encode("utf-8", "replace"), digest_size=8).hexdigest()


def place_of(page: Page, box: int) -> str:
    """The place of a box: "div.article-body/p"."""
    steps: list[str] = []
    while box >= 0 and len(steps) < _MAX_STEPS:
        here = page.boxes[box]
        names = sorted(name for name in here.names.split() if _STABLE.fullmatch(name))
        steps.append(f"{here.tag}.{'.'.join(names)}" if names else here.tag)
        if names:
            break
        box = here.parent
    return "/".join(reversed(steps))


def mark_varying(page: Page, site: Site) -> None:
    """Take boxes for furniture whose text is another on each load of one page, and what is in them."""
    if not site.varying:
        return
    for number, box in enumerate(page.boxes):
        outer = box.parent >= 0 and page.boxes[box.parent].furniture
        box.furniture = box.furniture or outer or (box.last > box.first and place_of(page, number) in site.varying)


def without_recurring(page: Page, kept: list[int], site: Site) -> list[int]:
    """Without texts that other releases of the site have, too, unless that is most of what there is."""
    if not site.recurring:
        return kept
    rest = [n for n in kept if key_of(page.segments[n].text) not in site.recurring]
    total, left = (sum(len(page.segments[n].text) for n in some) for some in (kept, rest))
    return rest if left >= _MOST * total else kept
