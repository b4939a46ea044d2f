"""True edits of a page, one of every sort, as markup before and after. Seeded; None where a page has no place."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from typing import Any

from selectolax.lexbor import LexborNode

__all__ = ["SORTS", "edited"]

Made = tuple[bytes, bytes] | None
_WORD = re.compile(r"\b([a-zäöüéèà]{5,})\b")
_DIGIT = re.compile(r"\d(?=\D*$)")
_NAME = re.compile(r"(?<=[a-z,] )([A-Z][a-zäöüéèà]{3,})\b")
_CELL = "41,300"
_TABLE = (
    "<table class='figures'><tr><th>Year</th><th>Ships in the harbour</th><th>Tons</th></tr>"
    "<tr><td>2023</td><td>1,204</td><td>39,870</td></tr><tr><td>2024</td><td>1,311</td><td>41,300</td></tr></table>"
)
_FIGURE = (
    "<figure class='photo'><img src='/media/harbour.jpg' alt=''>"
    "<figcaption>The minister opens the new eastern quay before guests from nine states.</figcaption></figure>"
)


def edited(page: Callable[[], Any], sort: str, seed: int) -> Made:
    """Markup before and after one edit; ``page`` parses the page anew, with the paragraphs known to be text."""
    made = _MAKERS[sort](page, random.Random(f"{sort}:{seed}"))
    return None if made is None or made[0] == made[1] else made


def _in_paragraph(pattern: re.Pattern[str], new: Callable[[str], str]) -> Callable[..., Made]:
    def make(page: Callable[[], Any], draw: random.Random) -> Made:
        before, after = page(), page()
        for paragraph in draw.sample(after.pars, len(after.pars)):
            if _put(paragraph, pattern, new):
                return before.html(), after.html()
        return None

    return make


def _put(node: LexborNode, pattern: re.Pattern[str], new: Callable[[str], str]) -> bool:
    for part in node.traverse(include_text=True):
        text = part.text_content or "" if part.is_text_node else ""
        if match := pattern.search(text):
            part.replace_with(text[: match.start()] + new(match[0]) + text[match.end() :])
            return True
    return False


def _moved(page: Callable[[], Any], draw: random.Random) -> Made:
    before, after = page(), page()
    beside = [(one, two) for one, two in zip(after.pars, after.pars[2:], strict=False) if one.parent == two.parent]
    if not beside:
        return None
    one, two = draw.choice(beside)
    markup = one.html
    one.decompose()
    after.after(two, markup)
    return before.html(), after.html()


def _target(page: Callable[[], Any], draw: random.Random) -> Made:
    before, after = page(), page()
    links = [a for p in after.pars for a in p.css("a[href]") if _is_in_sentence(a, p)]
    links = [a for a in links if (a.attributes.get("href") or "").startswith(("http", "/"))]
    if not links:
        return None
    link = draw.choice(links)
    address = link.attributes["href"] or ""
    path = re.split("[?#]", address, maxsplit=1)[0]
    link.attrs["href"] = f"{path.rstrip('/')}-corrected{address[len(path) :]}"
    return before.html(), after.html()


def _is_in_sentence(link: LexborNode, paragraph: LexborNode) -> bool:
    """Not the link to another story, which is all that its paragraph has."""
    return 0 < 2 * len((link.text() or "").strip()) < len((paragraph.text() or "").strip())


def _caption(page: Callable[[], Any], draw: random.Random) -> Made:
    return _beside(page, _FIGURE, "opens", "closes", draw)


def _cell(page: Callable[[], Any], draw: random.Random) -> Made:
    return _beside(page, _TABLE, _CELL, "43,100", draw)


def _beside(page: Callable[[], Any], markup: str, old: str, new: str, draw: random.Random) -> Made:
    """A page with something more between two of its paragraphs, of which one word changes."""
    before, after = page(), page()
    place = draw.choice(_places(before.pars))
    before.after(before.pars[place], markup)
    after.after(after.pars[place], markup.replace(old, new))
    return before.html(), after.html()


def _places(paragraphs: Sequence[LexborNode]) -> list[int]:
    """The paragraphs that stand where most do: not those of a list of sources, or of a quoted post."""
    parents = [paragraph.parent.mem_id if paragraph.parent else 0 for paragraph in paragraphs]
    most = max(parents, key=parents.count)
    return [place for place, parent in enumerate(parents) if parent == most]


def _headline(page: Callable[[], Any], draw: random.Random) -> Made:  # noqa: ARG001 - as the others
    before, after = page(), page()
    if after.h1 is None or not _put(after.h1, re.compile(r"\w(?=\W*$)"), lambda end: f"{end} at last"):
        return None
    return before.html(), after.html()


def _removed(page: Callable[[], Any], draw: random.Random) -> Made:
    before, after = page(), page()
    draw.choice(after.pars).decompose()
    return before.html(), after.html()


def _noted(page: Callable[[], Any], draw: random.Random) -> Made:  # noqa: ARG001 - as the others
    before, after = page(), page()
    note = "<p><em>Correction: an earlier version of this text misstated the name of the spokesperson.</em></p>"
    after.after(after.pars[-1], note)
    return before.html(), after.html()


_MAKERS: dict[str, Callable[..., Made]] = {
    "word": _in_paragraph(_WORD, lambda word: "replaced" if word != "replaced" else "altered"),
    "digit": _in_paragraph(_DIGIT, lambda digit: str((int(digit) + 1) % 10)),
    "name": _in_paragraph(_NAME, lambda name: "Albertson" if name != "Albertson" else "Robertson"),
    "moved paragraph": _moved,
    "link target": _target,
    "caption": _caption,
    "table cell": _cell,
    "headline": _headline,
    "removed paragraph": _removed,
    "correction note": _noted,
}
SORTS = tuple(_MAKERS)
