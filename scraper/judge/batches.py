"""The same edit on several releases: a signature of what was done, whatever stands around it.

A template that gains a line, or a minister who is another now, changes many pages at once. Their edits have one
signature, so that the second and all further ones can be told as one batch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import groupby

from scraper.judge.diff import Diff, Op, Segment
from scraper.judge.links import link_key
from scraper.judge.text import fold

__all__ = ["signature"]

_LEAST = 10
"""Letters that an edit must touch. A short word is another on two pages by chance, and figures are what silent edits
are about: they are told one by one."""
_OF_WORDS_WITHOUT_SPACE = 3
"""What a character of a script counts whose words are one or two characters long."""
_FIRST_IDEOGRAPH = "\u2e80"


def signature(diff: Diff) -> str:
    """Equal for two edits that replaced the same words by the same words; empty where an edit is too small to tell.

    How often and where in the text does not matter, nor what was only moved. Of links that lead elsewhere while all
    words stayed, as when a site moves its pages, the folders count and not the pages.
    """
    done = sorted({run for run in _replacements(diff) if any(run)} or set(_moves(diff)))
    if sum(_weight(text) for run in done for text in run) < _LEAST:
        return ""
    return hashlib.sha256("\n".join("\t".join(run) for run in done).encode("utf-8", "backslashreplace")).hexdigest()


def _replacements(diff: Diff) -> Iterator[tuple[str, str]]:
    for segments in (diff.title, *(part.segments for part in diff.parts if part.op is not Op.MOVED)):
        for is_same, run in groupby(segments, key=lambda segment: segment.op is Op.SAME):
            if not is_same:
                both = list(run)
                yield _without_common_ends(_words(both, Op.REMOVED), _words(both, Op.ADDED))


def _moves(diff: Diff) -> Iterator[tuple[str, str]]:
    for link in (link for part in diff.parts for link in part.links):
        if link.before and link.after:
            yield link_key(link.before).rpartition("/")[0], link_key(link.after).rpartition("/")[0]


def _words(run: Sequence[Segment], op: Op) -> list[str]:
    return fold("".join(segment.text for segment in run if segment.op is op)).split()


def _without_common_ends(removed: list[str], added: list[str]) -> tuple[str, str]:
    """What differs of a replacement, also where the alignment took a neighbour along."""
    while removed and added and removed[0] == added[0]:
        removed, added = removed[1:], added[1:]
    while removed and added and removed[-1] == added[-1]:
        removed, added = removed[:-1], added[:-1]
    return " ".join(removed), " ".join(added)


def _weight(text: str) -> int:
    return sum(_OF_WORDS_WITHOUT_SPACE if char >= _FIRST_IDEOGRAPH else 1 for char in text if char.isalpha())
