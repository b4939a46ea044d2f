"""How a page is read that is not the first of its site: by what other pages of it have in common.

A text is known by a key, a box by its place: the tags from the nearest box that has a name down to it. Names are taken
without what a style sheet numbers, so that a place is the same on each page and after each deployment.
"""

from __future__ import annotations

import hashlib
import re

from scraper.model import Site
from scraper.read.page import Page, settle

__all__ = ["NOTHING_LEARNED", "key_of", "mark_varying", "place_of", "without_recurring"]

NOTHING_LEARNED = Site()
_LITTLE = 0.2
"""Share of a page's text that may vary; where it is more, another part of the page stands at the place."""
_TELLING = re.compile(
    r"correct(?:ion|ed)|updat|amend|revis|clarif|erratum|errata|retract|withdr[ae]w|editor.?s? note|earlier version|"
    r"korrektur|korrigier|berichtig|aktualisier|richtigstell|rectific|corrig|mise? à jour|errat|actualiz|aggiorna|"
    r"rettifica|"
    r"rectificatie|bijgewerkt|исправ|уточн|обновл|виправл|оновл|sprostowan|poprawk|aktualizac|訂正|更新|修正|更正|تصحيح|تحديث",
    re.IGNORECASE,
)
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
    marked = [
        number
        for number, box in enumerate(page.boxes)
        if box.last > box.first and not box.furniture and place_of(page, number) in site.varying
    ]
    free = sum(len(segment.text) for segment in page.segments if not page.boxes[segment.box].furniture)
    held = sum(
        len(s.text) for number in marked for s in page.segments[page.boxes[number].first : page.boxes[number].last]
    )
    if held > _LITTLE * free:
        return
    for number in marked:
        page.boxes[number].hinted = True
    if marked:
        settle(page.boxes)


def without_recurring(page: Page, kept: list[int], site: Site) -> list[int]:
    """Without the texts that a body begins or ends with and that other releases have there, too."""
    if not site.recurring:
        return kept
    first, last = 0, len(kept)
    while first < last and _recurs(page, kept[first], site):
        first += 1
    while last > first and _recurs(page, kept[last - 1], site):
        last -= 1
    return kept[first:last] or kept


def _recurs(page: Page, n: int, site: Site) -> bool:
    text = page.segments[n].text
    return key_of(text) in site.recurring and not is_telling(text)


def is_telling(text: str) -> bool:
    """True for a text that may say something of the release itself, such as a correction: it is never boilerplate."""
    return bool(_TELLING.search(text))
