"""What a recorder noted between two captures of one page, and what of it the page itself can have shown.

The recordings are raw captures by a recorder that keeps a version of its own where its curated text changed. Its
versions are no plain truth: some are changes of link targets or markup, of order, of the recorder itself, or of another
page that it joins into the same document; :class:`Kind` tells them apart by the recorded texts and the captures. Pure.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise
from typing import Any

from selectolax.lexbor import LexborHTMLParser

__all__ = ["Kind", "Pair", "differing", "kind_of", "pairs"]

_TARGET = re.compile(r"\]\([^)]*\)")
_WORD = re.compile(r"\w+")
_DATE = re.compile(
    r"\d+|january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec"
)


class Kind(StrEnum):
    """What the recorder noted between two captures of a page."""

    NOTHING = "nothing"
    WORDS = "words"
    DATES = "dates or numbers only"
    ORDER = "order only"
    MARKUP = "links or markup only"
    ELSEWHERE = "not on this page"
    """Words that stand in neither capture: the recorder joins several pages, or reads what is hidden."""
    LATE = "noted late"
    """Nothing yet, but the words of the next version changed here."""
    RECORDER = "the recorder changed"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two captures of one page, one after the other."""

    before: dict[str, Any]
    after: dict[str, Any]
    kind: Kind
    noted: str
    """The recorded change in one line."""


def kind_of(before: str, after: str) -> Kind:
    """What changed between two recorded texts in Markdown."""
    one, two = _words(before), _words(after)
    if one == two:
        return Kind.MARKUP
    if Counter(one) == Counter(two):
        return Kind.ORDER
    if [word for word in one if not _DATE.fullmatch(word)] == [word for word in two if not _DATE.fullmatch(word)]:
        return Kind.DATES
    return Kind.WORDS


def differing(before: str, after: str, *, width: int = 160) -> str:
    """What differs between two texts in one line: "-gone +come" with three words around, of the first differences."""
    one, two = before.split(), after.split()
    parts = []
    for kind, first, last, start, end in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if kind != "equal":
            gone, come = " ".join(one[first:last]), " ".join(two[start:end])
            around = " ".join(one[max(0, first - 3) : first])
            parts.append(
                f"…{around} " + " ".join(filter(None, [gone and f"[-{gone[:70]}]", come and f"[+{come[:70]}]"]))
            )
    return " ".join(parts)[:width] + (f" ({len(parts)} places)" if len(parts) > 1 else "")


def pairs(
    captures: Sequence[dict[str, Any]], times: Sequence[str], versions: Sequence[dict[str, Any]]
) -> Iterator[Pair]:
    """Neighbours among the kept captures of a page, and what was recorded between them.

    ``times`` are those of all captures of the page, kept or not, in order: a version belongs to the last capture before
    it. ``versions`` are in order and have ``captured_at``, ``kind`` and the texts ``before`` and ``after``.
    """
    belongs = [(times[max(0, bisect_right(times, version["captured_at"]) - 1)], version) for version in versions]
    shown = [_squeezed(capture["html"]) for capture in captures]
    for (before, old), (after, new) in pairwise(zip(captures, shown, strict=True)):
        between = [version for at, version in belongs if before["captured_at"] < at <= after["captured_at"]]
        later = next((version for at, version in belongs if at > after["captured_at"]), None)
        yield Pair(before, after, *_judged(old, new, between, later))


def _judged(old: str, new: str, between: Sequence[dict[str, Any]], later: dict[str, Any] | None) -> tuple[Kind, str]:
    if not between:
        if later is not None and _stands(later["before"], later["after"], old, new):
            return Kind.LATE, _noted(later, later)
        return Kind.NOTHING, ""
    one, two = between[0]["before"], between[-1]["after"]
    noted = _noted(between[0], between[-1])
    if all(version["kind"] == "upgrade" for version in between):
        return Kind.RECORDER, noted
    kind = kind_of(one, two)
    return (kind if kind is Kind.MARKUP or _stands(one, two, old, new) else Kind.ELSEWHERE), noted


def _noted(first: dict[str, Any], last: dict[str, Any]) -> str:
    return differing(_TARGET.sub("]", first["before"]), _TARGET.sub("]", last["after"]))


def _stands(one: str, two: str, old: str, new: str) -> bool:
    """True where a recorded line that went stood in the earlier capture alone, or one that came in the later alone."""
    gone, come = _lines(one) - _lines(two), _lines(two) - _lines(one)
    return any(line in old and line not in new for line in gone) or any(
        line in new and line not in old for line in come
    )


def _words(text: str) -> list[str]:
    return _WORD.findall(_TARGET.sub("]", text).casefold())


def _lines(text: str) -> set[str]:
    return {"".join(_words(line)) for line in text.splitlines() if len(_words(line)) >= 2}


def _squeezed(html: str) -> str:
    """The page's text without white space and marks, so that a line is found however its elements part it."""
    document = LexborHTMLParser(html)
    document.strip_tags(["script", "style", "template"])
    return "".join(_WORD.findall((document.body.text() if document.body else "").casefold()))
