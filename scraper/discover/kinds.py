"""New kinds of release in a sitemap, of which only the addresses are known.

A listing keeps the shapes that its releases had when it was added, and those that it had not were left out on purpose:
other sections, other languages. Two things are new all the same: an address of a known section that is written in
another form (``/news/{y}/{m}/{d}/{slug}`` became ``/news/{slug}``), and, where several sections with dated addresses
were taken, one more of them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from scraper import urls
from scraper.discover.words import is_collection

__all__ = ["belongs"]

_TITLE = re.compile(r"(?:\{(?:slug|id|date|y|m|d)\}[-_]?)+(?:\.[a-z]{2,5})?")
"""A last segment that is all placeholder; "news_{d}.htm" and "topics_{d}.htm" are two kinds on purpose."""
_LONGEST_CODE = 3
"""Letters of a language's code: it makes no section."""


def belongs(url: str, shapes: tuple[str, ...]) -> bool:
    """True where an address has one of the shapes, or is of a new kind beside them; with no shapes, always."""
    if not shapes or urls.matches(url, shapes):
        return True
    own = urls.shape(url)
    if "?" in own or "{slug}" not in own.rpartition("/")[2] or is_collection(urls.identity(url)):
        return False
    sections, tails = _known(shapes)
    section, tail = _parted(own)
    if section in sections:
        return _TITLE.fullmatch(own.rpartition("/")[2]) is not None
    return tails.get(tail, 0) > 1 and _language(section) in {_language(each) for each in sections}


@lru_cache(maxsize=256)
def _known(shapes: tuple[str, ...]) -> tuple[frozenset[str], dict[str, int]]:
    """The sections whose releases go by their titles, and in how many of them each dated form of address is found."""
    parted = [_parted(shape) for shape in shapes]
    sections = {
        section for section, tail in parted if _is_section(section) and _TITLE.fullmatch(tail.rpartition("/")[2])
    }
    dated = {(section, tail) for section, tail in parted if section in sections and "{y}/{m}" in tail}
    counts: dict[str, int] = {}
    for _, tail in dated:
        counts[tail] = counts.get(tail, 0) + 1
    return frozenset(sections), counts


def _parted(shape: str) -> tuple[str, str]:
    """The literal segments at a shape's beginning, and the rest of it."""
    segments = shape.split("/")
    first = next((number for number, segment in enumerate(segments) if "{" in segment), len(segments))
    return "/".join(segments[:first]), "/".join(segments[first:])


def _is_section(path: str) -> bool:
    return any(len(segment) > _LONGEST_CODE for segment in path.split("/"))


def _language(section: str) -> str:
    return next((part for part in section.split("/") if part and len(part) <= _LONGEST_CODE), "")
